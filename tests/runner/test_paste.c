#include "runner/paste.h"

#include "runner/paste_sieve.h"
#include "tests/testing.h"
#include "util/strbuf.h"

/* A text, the field that is looked at, and its value; NULL: must be absent. */
struct row {
	const char *text;
	const char *field;
	const char *value;
};

static const struct row rows[] = {
	/* the Windows driver and what is not it */
	{ "Windows driver (31.0.101.4502)", "driver", "31.0.101.4502" },
	{ "The Windows-side GPU driver version is 31.0.101.4502.", "driver",
	  "31.0.101.4502" },
	{ "| Graphics driver | 31.0.101.4502 |", "driver", "31.0.101.4502" },
	{ "| GPU | Driver | WSL |\n|---|---|---|\n| Arc A750 | 31.0.101.4502 | 2.4.13 "
	  "|\n",
	  "driver", "31.0.101.4502" },
	{ "| GPU | Driver | WSL |\n|---|---|---|\n| Arc A750 | 31.0.101.4502 | 2.4.13 "
	  "|\n",
	  "wsl", "2.4.13.0" },
	{ "Driver Version: 27.21.0014.1111", "driver", "27.21.14.1111" },
	{ "    Driver Version: 552.12     CUDA Version: 12.4", "public", "552.12" },
	{ "NVIDIA-SMI 550.76   Driver Version: 552.12", "public", "552.12" },
	{ "DXCore version: 10.0.26100.1-240331-1435.ge-release", "driver", NULL },
	{ "DXCore version: 10.0.26100.1-240331-1435.ge-release", "windows", NULL },
	{ "  Driver Version         23.17.26241.33", "driver", NULL },
	{ "  Driver Version         23.17.26241.33", "intel-opencl-icd",
	  "23.17.26241.33" },
	{ "driver 31.0.101.4502, soon newer than 31.0.101.5590", "driver",
	  "31.0.101.4502" },
	{ "driver: 31.0.101.4502 -> 31.0.101.5590", "driver", "31.0.101.4502" },
	{ "32.0.101.5768", "driver", "32.0.101.5768" },
	{ "address 32.0.101.5768 of nothing", "driver", NULL },
	{ "Windows driver 31.0.101.4502, dated 2023-06-20", "date", "2023-06-20" },
	{ "Windows driver 31.0.101.4502 (2023-02-31)", "date", NULL },
	{ "Intel(R) Graphics 31.0.101.4502 PCI\\VEN_8086&DEV_46A8&REV_0C", "driver",
	  "31.0.101.4502" },
	/* WSL, kernel, Windows */
	{ "### WSL Version\n\n2.4.13.0\n", "wsl", "2.4.13.0" },
	{ "### Kernel Version\n\n5.15.167.4-1\n", "kernel", "5.15.167.4-1" },
	{ "### Windows Version\n\n10.0.22631.4037\n", "windows", "10.0.22631.4037" },
	{ "WSL version: 2.4.13.0", "wsl", "2.4.13.0" },
	{ "WSL \xe7\x89\x88\xe6\x9c\xac\xef\xbc\x9a 2.4.13.0", "wsl", "2.4.13.0" },
	{ "WSL\xc2\xa0: 2.4.13", "wsl", "2.4.13.0" },
	{ "Default version: 2", "wsl", NULL },
	{ "on WSL 2 with WSLg 1.0.66", "wsl", NULL },
	{ "on WSL 2 with WSLg 1.0.66", "wslg", "1.0.66" },
	{ "kernel 5.15.167.4", "kernel", "5.15.167.4" },
	{ "Linux host 5.15.167.4-microsoft-standard-WSL2 #1 SMP", "kernel",
	  "5.15.167.4-microsoft-standard-WSL2" },
	{ "kernel \xe2\x89\xa5 6.11.0 is needed", "kernel", NULL },
	{ "kernel 5.15.167.4; others need a newer kernel than 6.11.0", "kernel",
	  "5.15.167.4" },
	{ "OS build: 22631.4037", "windows", "10.0.22631.4037" },
	{ "Microsoft Windows [Version 10.0.22631.4037]", "windows", "10.0.22631.4037" },
	{ "Windows 11 Pro 23H2, build 22631.4037", "windows", "10.0.22631.4037" },
	{ "Windows 11 (build 22631)", "windows", "10.0.22631" },
	/* adapters */
	{ "PCI\\VEN_8086&DEV_56A5&SUBSYS_00000000", "pci", "8086:56a5" },
	{ "03:00.0 VGA [0300]: Intel [8086:56a5] (rev 05)", "pci", "8086:56a5" },
	{ "Device Name    Intel(R) Graphics [0x46a8]", "pci", "8086:46a8" },
	{ "vendorID = 0x8086\ndeviceID = 0x46a8\n", "pci", "8086:46a8" },
	{ "vendorID = 0x10005\ndeviceID = 0x0000\n", "pci", NULL },
	{ "GPU: AMD Radeon (0x744c)\nChip type: AMD Radeon (0x744c)", "pci",
	  "1002:744c" },
	{ "3D controller: Microsoft [1414:008e]", "pci", NULL },
	{ "modalias pci:v00008086d000056A5sv", "pci", "8086:56a5" },
	{ "at 10:25:8086:1234:99", "pci", NULL },
	{ "OpenGL renderer string: D3D12 (Intel(R) Iris(R) Xe Graphics)", "name",
	  "Intel(R) Iris(R) Xe Graphics" },
	{ "|   0  NVIDIA RTX A2000  On  | 00000000:01:00.0 |", "name",
	  "NVIDIA RTX A2000" },
	{ "|   0  NVIDIA RTX A200... WDDM  | 00000000:01:00.0 |", "name",
	  "NVIDIA RTX A200..." },
	{ "a GeForce RTX 3070 in a laptop", "name", "NVIDIA GeForce RTX 3070" },
	{ "Intel card, PCI ID 8086:56a5", "pci", "8086:56a5" },
	{ "| GPU | AMD Radeon 880M, device ID `0x150e` |", "pci", "1002:150e" },
	{ "> GPU: Intel(R) Arc(TM) A310 Graphics", "name",
	  "Intel(R) Arc(TM) A310 Graphics" },
	{ "npu_driver.sys says no", "name", NULL },
	{ "deviceName = llvmpipe (LLVM 15)", "name", NULL },
	{ "OpenGL renderer string: llvmpipe", "name", NULL },
	{ "My laptop has an Arc A730M in it", "name", "Intel Arc A730M" },
	{ "My laptop has an Arc A730M in it", "pci", "8086:5691" },
	{ "CPU: Intel(R) Core(TM) Ultra 5 125H", "name", NULL },
	{ "NPU: Intel(R) AI Boost", "class", "npu" },
	/* packages and distro */
	{ "ii  intel-opencl-icd  23.17.26241.33-1  amd64  Intel graphics",
	  "intel-opencl-icd", "23.17.26241.33-1" },
	{ "intel-opencl-icd/jammy,now 23.17.26241.33-1 amd64 [installed]",
	  "intel-opencl-icd", "23.17.26241.33-1" },
	{ "intel-opencl-icd_24.39.31294.20-0_amd64.deb", "intel-opencl-icd",
	  "24.39.31294.20-0" },
	{ "OpenCL ICD 23.17.26241.33 is installed", "intel-opencl-icd",
	  "23.17.26241.33" },
	{ "compute-runtime 24.x", "intel-compute-runtime", "24.x" },
	{ "IGC (1.0.14062.11)", "intel-graphics-compiler", "1.0.14062.11" },
	{ "Mesa 24.2.8-1ubuntu1", "mesa", "24.2.8-1ubuntu1" },
	{ "Description:\tUbuntu 22.04.5 LTS", "distro", "ubuntu-22.04" },
	{ "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"", "distro", "debian-12" },
	{ "Mesa 24.0.5-1ubuntu1", "distro", NULL },
	/* other languages, other orders */
	{ "Version du noyau : 5.15.153.1-2", "kernel", "5.15.153.1-2" },
	{ "\xe5\x86\x85\xe6\xa0\xb8\xe7\x89\x88\xe6\x9c\xac\xef\xbc\x9a 5.15.153.1-2",
	  "kernel", "5.15.153.1-2" },
	{ "WSL-versie: 2.3.24.0", "wsl", "2.3.24.0" },
	{ "WSL s\xc3\xbcr\xc3\xbcm\xc3\xbc: 2.3.24.0", "wsl", "2.3.24.0" },
	{ "Windows Subsystem for Linux version 2.3.24", "wsl", "2.3.24.0" },
	{ "Microsoft Windows [Versione 10.0.22631.4037]", "windows", "10.0.22631.4037" },
	{ "OS-Name\nBetriebssystembuild\t22631.4037", "windows", "10.0.22631.4037" },
	{ "OsVersion : 10.0.22631", "windows", "10.0.22631" },
	{ "Windows 11 (build 22631.4037)\nOsVersion : 10.0.22631", "windows",
	  "10.0.22631.4037" },
	{ "Treiberversion: 31.0.101.4502", "driver", "31.0.101.4502" },
	{ "GPU\xe9\xa9\xb1\xe5\x8a\xa8\xe7\x89\x88\xe6\x9c\xac: 31.0.101.4502", "driver",
	  "31.0.101.4502" },
	{ "Driver Version: 04/12/2023 31.0.101.4502", "driver", "31.0.101.4502" },
	{ "Driver: igdkmdn64.sys, 31.00.0101.4502 (English)", "driver", "31.0.101.4502" },
	{ "Driver: 552.12 (31.0.15.5212)", "driver", "31.0.15.5212" },
	{ "Name             DriverVersion\n----             -------------\n"
	  "Intel Arc A750   31.0.101.4502\n",
	  "driver", "31.0.101.4502" },
	{ "name, driver_version\nNVIDIA RTX A2000, 552.12\n", "public", "552.12" },
	{ "NVIDIA-SMI 580.1.1   KMD Version: 552.12   CUDA Version: 13.0", "public",
	  "552.12" },
	/* another machine's, another time's, somebody else's */
	{ "needs driver 552.12 or newer", "public", NULL },
	{ "driver 552.12 or newer", "public", NULL },
	{ "tried drivers 552.12, 546.01 and 537.13", "public", NULL },
	{ "updated from 546.01 to 552.12, a driver", "public", NULL },
	{ "upgraded from WSL 2.3.24 to WSL 2.4.13", "wsl", "2.4.13.0" },
	{ "| WSL | 2.3.24.0 | 2.4.13.0 |", "wsl", NULL },
	{ "### WSL Version\n\n2.4.13.0\n\nIt worked with WSL 2.3.24.\n", "wsl",
	  "2.4.13.0" },
	{ "driverVersion = 24.2.8 (100671496)", "public", NULL },
	{ "vainfo: Driver version: Mesa Gallium driver 22.3.0", "public", NULL },
	{ "vainfo: Driver version: Mesa Gallium driver 22.3.0", "mesa", "22.3.0" },
	{ "gcc (Ubuntu 11.4.0-1ubuntu1~22.04) 11.4.0", "distro", NULL },
	{ "docker run ubuntu:22.04 true", "distro", NULL },
	{ "ID=fedora\nVERSION_ID=41\n", "distro", "fedora-41" },
	{ "PRETTY_NAME=\"Alpine Linux v3.19\"", "distro", "alpine-3.19" },
	{ "Linux-5.15.153.1-microsoft-standard-WSL2-x86_64-with-glibc2.35", "kernel",
	  "5.15.153.1-microsoft-standard-WSL2" },
	{ "vendor=0x8086 device=0x56a5", "pci", "8086:56a5" },
};

static const char *field_of(const struct record *record, const char *name)
{
	const struct combination *c = &record->combination;
	const struct {
		const char *name, *value;
	} fields[] = {
		{ "driver", c->driver },     { "public", c->driver_public },
		{ "date", c->driver_date },  { "wsl", c->wsl },
		{ "wslg", c->wslg },         { "kernel", c->kernel },
		{ "windows", c->windows },   { "pci", c->adapter.pci },
		{ "name", c->adapter.name }, { "class", c->adapter.class },
		{ "distro", c->distro },
	};
	for_each_row(field, fields)
		if (!strcmp(field->name, name))
			return field->value;
	for (size_t i = 0; i < c->n_packages; i++)
		if (!strcmp(c->packages[i].name, name))
			return c->packages[i].version;
	return NULL;
}

/* What is read is a document that reads back, with evidence that points somewhere. */
static void check_document(struct record *record)
{
	char today[DATE_SIZE];
	record_today(today);
	record_write(record);
	cleanup_record struct record back;
	record_init(&back);
	assert_ok(record_read(record->bytes, record->size, today, &back));
	assert_string_equal(back.id, record->id);
	for (size_t i = 0; i < record->n_evidence; i++) {
		assert_true(record->evidence[i].line > 0);
		assert_true(*record->evidence[i].text);
	}
}

static void test_a_value_beside_its_name(void **state)
{
	(void)state;
	for_each_row(row, rows) {
		cleanup_record struct record record;
		assert_ok(paste_read(row->text, strlen(row->text), -1, &record));
		const char *value = field_of(&record, row->field);
		if (!value != !row->value || (value && strcmp(value, row->value)))
			fail_msg("'%s': %s is %s, not %s", row->text, row->field,
				 value ? value : "absent",
				 row->value ? row->value : "absent");
		check_document(&record);
	}
}

/* A name is cut between characters, not in one. */
static void test_a_name_has_no_half_of_a_character(void **state)
{
	(void)state;
	char text[256] = "GPU: NVIDIA x";
	for (int i = 0; i < 40; i++)
		strcat(text, "\xf0\x9f\x98\x80");
	cleanup_record struct record record;
	assert_ok(paste_read(text, strlen(text), -1, &record));
	const char *name = record.combination.adapter.name;
	assert_int_equal(strlen(name), strlen("NVIDIA x") + 21 * 4);
	check_document(&record);
}

struct reported_row {
	const char *text, *interface;
	enum outcome outcome; /* OUTCOME_COUNT: nothing is reported */
};

static void test_only_what_a_tool_shows_is_reported(void **state)
{
	(void)state;
	static const struct reported_row reported[] = {
		{ "IGC: Internal Compiler Error: Floating point exception", "opencl",
		  OUTCOME_CRASH },
		{ "| OpenCL | enumerates, then a crash |", "opencl", OUTCOME_CRASH },
		{ "OpenCL no longer shows the crash", "opencl", OUTCOME_COUNT },
		{ "deviceName = llvmpipe (LLVM 15)", "vulkan", OUTCOME_FALLBACK },
		{ "deviceName = llvmpipe\ndeviceName = Microsoft Direct3D12 (Arc)",
		  "vulkan", OUTCOME_COUNT },
		{ "OpenGL renderer string: llvmpipe (LLVM 15)", "d3d12",
		  OUTCOME_FALLBACK },
		{ "OpenGL renderer string: D3D12 (AMD Radeon)", "d3d12", OUTCOME_PASS },
		{ "Failed to initialize NVML: Unknown Error", "cuda", OUTCOME_FAIL },
		{ "available_devices == [\"CPU\"]", "openvino", OUTCOME_FALLBACK },
		{ "available_devices == [\"CPU\", \"GPU\"]", "openvino", OUTCOME_COUNT },
		{ "Number of platforms                               0", "opencl",
		  OUTCOME_FAIL },
		{ "zeInit returned 0x78000001", "level-zero", OUTCOME_FAIL },
		{ "Abort was called at 11 line in file:\n"
		  "./shared/source/os_interface/windows/wddm/"
		  "create_um_km_data_translator.cpp",
		  "opencl", OUTCOME_CRASH },
		{ "Abort was called at 17 line in file:\n"
		  "./shared/source/gmm_helper/client_context/gmm_client_context.cpp",
		  "opencl", OUTCOME_CRASH },
		{ "vkCreateInstance: Found no drivers!", "vulkan", OUTCOME_FAIL },
		{ "CUDA is great", "cuda", OUTCOME_COUNT },
	};
	for_each_row(row, reported) {
		cleanup_record struct record record;
		assert_ok(paste_read(row->text, strlen(row->text), -1, &record));
		const struct result *result =
			record_result(&record, row->interface, ROLE_ADAPTER);
		if (!result != (row->outcome == OUTCOME_COUNT) ||
		    (result && result->outcome != row->outcome))
			fail_msg("'%s': %s", row->text,
				 result ? outcome_rows[result->outcome].name : "nothing");
		if (result)
			assert_true(result->reported && !result->n_rungs);
		check_document(&record);
	}
}

static void test_utf16_reads_like_utf8(void **state)
{
	(void)state;
	static const char plain[] =
		"WSL-Version: 2.4.13.0\r\nKernelversion: 5.15.167.4-1\r\n"
		"WSLg-Version: 1.0.65\r\nMSRDC-Version: 1.2.5716\r\n"
		"Direct3D-Version: 1.611.1-81528511\r\n"
		"DXCore-Version: 10.0.26100.1-240331-1435.ge-release\r\n"
		"Windows-Version: 10.0.22631.4037\r\n";
	char wide[2 * sizeof(plain)];
	for (int big = 0; big < 2; big++) {
		for (size_t i = 0; i < sizeof(plain) - 1; i++) {
			wide[2 * i + (size_t)big] = plain[i];
			wide[2 * i + (size_t)!big] = '\0';
		}
		cleanup_record struct record record;
		assert_ok(paste_read(wide, 2 * (sizeof(plain) - 1), -1, &record));
		assert_string_equal(record.combination.wsl, "2.4.13.0");
		assert_string_equal(record.combination.kernel, "5.15.167.4-1");
		assert_string_equal(record.combination.windows, "10.0.22631.4037");
		assert_int_equal(record.environment.kind, ENVIRONMENT_WSL2);
		check_document(&record);
	}
}

static void test_json_in_which_utf16_was_caught(void **state)
{
	(void)state;
	static const char text[] =
		"{\"a\": \"\\u0000W\\u0000S\\u0000L\\u0000:\\u0000 "
		"\\u00002\\u0000.\\u00004\\u0000.\\u00001\\u00003\\n\"}";
	cleanup_record struct record record;
	assert_ok(paste_read(text, strlen(text), -1, &record));
	assert_string_equal(record.combination.wsl, "2.4.13.0");
}

static void test_source_is_the_hash_of_the_bytes(void **state)
{
	(void)state;
	cleanup_record struct record record;
	assert_ok(paste_read("abc", 3, -1, &record));
	assert_int_equal(record.source.kind, SOURCE_HARVESTED);
	assert_string_equal(
		record.source.text,
		"sha256:"
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_null(record.time);
	assert_false(record.kernel_log.present);
	assert_false(record.combination.adapter.present);
	check_document(&record);
}

static void test_a_host_name_is_no_evidence(void **state)
{
	(void)state;
	static const char text[] = "Apr 01 02:03:04 secrethost kernel: misc dxg: dxgk: "
				   "dxgkio_escape: Ioctl failed: -75\n";
	cleanup_record struct record record;
	assert_ok(paste_read(text, strlen(text), -1, &record));
	record_write(&record);
	assert_non_null(strstr(record.bytes, "dxgkio_escape"));
	assert_null(strstr(record.bytes, "secrethost"));
}

static int64_t line_of(const struct record *record, const char *pointer)
{
	for (size_t i = 0; i < record->n_evidence; i++)
		if (!strcmp(record->evidence[i].pointer, pointer))
			return record->evidence[i].line;
	return -1;
}

/* Of a log that is too large to be read by all, what stands between its lines still is. */
static void test_a_large_log_hides_nothing(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	int64_t lines = 0, wsl = 0, kernel = 0, failure = 0;
	while (text.length < 3 * PASTE_WHOLE_MAX) {
		if (text.length > PASTE_WHOLE_MAX && !wsl) {
			strbuf_add_string(&text, "WSL version: 2.4.13.0\nKernel version: "
						 "5.15.167.4-1\n");
			wsl = lines + 1;
			lines += 2;
		}
		if (text.length > 2 * PASTE_WHOLE_MAX && !kernel) {
			strbuf_add_string(&text,
					  "[   77.000000] Windows driver version "
					  "31.0.101.4502\n[   78.000000] misc dxg: "
					  "dxgk: dxgkio_lock2: Ioctl failed: -22\n");
			kernel = lines + 1;
			failure = lines + 2;
			lines += 2;
		}
		strbuf_add_string(&text,
				  lines % 2 ? "[   12.345678] eth0: link is up\n"
					    : "Feb  3 04:05:06 h systemd: started\n");
		lines++;
	}
	cleanup_record struct record record;
	assert_ok(paste_read(text.string, text.length, -1, &record));
	assert_string_equal(record.combination.wsl, "2.4.13.0");
	assert_string_equal(record.combination.driver, "31.0.101.4502");
	assert_int_equal(line_of(&record, "/combination/wsl"), wsl);
	assert_int_equal(line_of(&record, "/combination/driver/version"), kernel);
	assert_int_equal(line_of(&record, "/kernel_log/failed/dxgkio_lock2/-22"),
			 failure);
}

static void test_any_bytes_make_a_document(void **state)
{
	(void)state;
	unsigned seed = 20261120;
	for (int round = 0; round < 300; round++) {
		char bytes[600];
		static const char *const words[] = { "driver ",
						     "32.0.101.1 ",
						     "8086:56a5 ",
						     "WSL ",
						     "2.4.13 ",
						     "\n",
						     "|",
						     "misc dxg: dxgk: ",
						     "dxgkio_x: ",
						     "Ioctl failed: -22 ",
						     "kernel ",
						     "6.6.87.2 ",
						     "\xff\xfe",
						     "Ubuntu 24.04 ",
						     "OpenCL crash " };
		size_t size = 0;
		while (size < sizeof(bytes) - 32) {
			seed = seed * 1103515245u + 12345u;
			if (seed >> 28 < 3) {
				bytes[size++] = (char)(seed >> 16);
				continue;
			}
			const char *word = words[(seed >> 16) % ARRAY_SIZE(words)];
			memcpy(bytes + size, word, strlen(word));
			size += strlen(word);
		}
		cleanup_record struct record record;
		assert_ok(paste_read(bytes, size, -1, &record));
		check_document(&record);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_value_beside_its_name),
		cmocka_unit_test(test_a_name_has_no_half_of_a_character),
		cmocka_unit_test(test_only_what_a_tool_shows_is_reported),
		cmocka_unit_test(test_utf16_reads_like_utf8),
		cmocka_unit_test(test_json_in_which_utf16_was_caught),
		cmocka_unit_test(test_source_is_the_hash_of_the_bytes),
		cmocka_unit_test(test_a_host_name_is_no_evidence),
		cmocka_unit_test(test_a_large_log_hides_nothing),
		cmocka_unit_test(test_any_bytes_make_a_document),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
