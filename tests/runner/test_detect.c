#include "runner/detect.h"

#include <jansson.h>
#include <sys/stat.h>

#include "record/record.h"
#include "runner/driver_store.h"
#include "tests/runner/root_tree.h"
#include "util/strbuf.h"

static void make_document(const char *root, struct record *record)
{
	record_init(record);
	assert_ok(detect(root, record));
	record->source.kind = SOURCE_MEASURED;
	record->source.tool = "dxgmatrix 0";
	record->source.trigger = "manual";
	record->time = "2026-11-20";
	record_write(record);
}

/* The document is one that our own reader takes. */
static json_t *document_of(const char *root)
{
	cleanup_record struct record record, read;
	make_document(root, &record);
	assert_ok(record_read(record.bytes, record.size, "2026-11-20", &read));
	json_t *document = json_loadb(record.bytes, record.size, 0, NULL);
	assert_non_null(document);
	json_object_del(document, "id");
	return document;
}

static void test_recorded_machines(void **state)
{
	(void)state;
	cleanup_free char *machines = source_path("tests/machines");
	cleanup_names char **names = NULL;
	size_t n = 0;
	assert_true(root_list(machines, "/", 1000, &names));
	for (char **name = names; *name; name++) {
		cleanup_free char *root = xasprintf("%s/%s", machines, *name);
		struct stat st;
		if (stat(root, &st) < 0 || !S_ISDIR(st.st_mode))
			continue;
		cleanup_free char *relative =
			xasprintf("tests/golden/detect/%s.json", *name);
		cleanup_free char *path = source_path(relative);
		json_t *expected = json_load_file(path, 0, NULL);
		json_t *document = document_of(root);
		if (!json_equal(expected, document))
			fail_msg("%s: not as in %s:\n%s", *name, relative,
				 json_dumps(document, JSON_INDENT(2) | JSON_SORT_KEYS));
		json_decref(expected);
		json_decref(document);
		n++;
	}
	assert_true(n >= 10);
}

static void test_root_must_be_a_folder(void **state)
{
	(void)state;
	cleanup_record struct record record;
	record_init(&record);
	tree_put("/file", "");
	cleanup_free char *file = xasprintf("%s/file", tree);
	cleanup_free char *absent = xasprintf("%s/absent", tree);
	assert_error(detect(file, &record), "Not a directory");
	assert_error(detect(absent, &record), "No such file");
}

static void expect_empty(void)
{
	json_t *document = document_of(tree);
	json_t *combination = json_object_get(document, "combination");
	json_t *environment = json_object_get(document, "environment");
	assert_int_equal(json_object_size(combination), 1);
	assert_true(json_is_null(json_object_get(combination, "adapter")));
	assert_int_equal(json_object_size(environment), 0);
	json_decref(document);
}

/* Every path that is read, in every state that it should not be in. */
static const char *const paths[] = {
	"/etc/os-release",
	"/usr/lib/os-release",
	"/proc/sys/kernel/osrelease",
	"/var/lib/dpkg/status",
	"/lib/apk/db/installed",
	"/.commands/uname.out",
	"/.commands/wslinfo.out",
	"/.commands/wsl.out",
	"/.commands/dmesg.out",
	"/.commands/rpm.out",
	"/sys/class/dmi/id/sys_vendor",
	"/sys/class/power_supply/AC/online",
};

static void put_everywhere(const void *bytes, size_t size)
{
	for_each_row(path, paths)
		tree_put_bytes(*path, bytes, size);
}

static void link_everywhere(const char *target)
{
	for_each_row(path, paths)
		tree_link(*path, target);
}

static void test_an_empty_root_is_unknown(void **state)
{
	(void)state;
	expect_empty();
}

static void test_links_lead_nowhere(void **state)
{
	static const char *const targets[] = {
		"/etc/passwd",
		"../../../../../../../../etc/passwd",
		"/proc/self/environ",
		"/dev/zero",
		"loop",
	};
	for_each_row(target, targets) {
		tree_teardown(state);
		tree_setup(state);
		link_everywhere(*target);
		tree_link("/loop", "loop");
		json_t *document = document_of(tree);
		json_t *combination = json_object_get(document, "combination");
		assert_int_equal(json_object_size(combination), 1);
		json_decref(document);
	}
}

static void test_pipes_and_folders_are_no_files(void **state)
{
	for (int pipe = 0; pipe < 2; pipe++) {
		tree_teardown(state);
		tree_setup(state);
		for_each_row(path, paths) {
			cleanup_free char *whole = xasprintf("%s%s", tree, *path);
			assert_ok(file_make_parent(whole));
			assert_int_equal(pipe ? mkfifo(whole, 0644) : mkdir(whole, 0755),
					 0);
		}
		json_t *document = document_of(tree);
		json_t *combination = json_object_get(document, "combination");
		assert_int_equal(json_object_size(combination), 1);
		json_decref(document);
	}
}

static void test_garbage_is_unknown(void **state)
{
	size_t size = 1 << 20;
	cleanup_free char *bytes = xmalloc(size);
	for (int kind = 0; kind < 4; kind++) {
		for (size_t i = 0; i < size; i++)
			bytes[i] = (char)(kind == 0   ? '\0'
					  : kind == 1 ? '\xff'
					  : kind == 2 ? 'A'
						      : (int)(i * 2654435761u >> 13));
		tree_teardown(state);
		tree_setup(state);
		put_everywhere(bytes, size);
		expect_empty();
		put_everywhere(bytes, 40);
		json_t *document = document_of(tree);
		json_decref(document);
	}
}

/* What stands beside the versions on a real machine, and must not come along. */
static void test_nothing_private(void **state)
{
	(void)state;
	static const char secret[] = "private-thing";
	tree_put("/etc/hostname", secret);
	tree_put("/etc/machine-id", secret);
	tree_put("/proc/sys/kernel/random/boot_id", secret);
	tree_put("/proc/sys/kernel/hostname", secret);
	tree_put("/proc/sys/kernel/osrelease",
		 "6.6.87.2-microsoft-standard-WSL2 private-thing\n");
	tree_put("/proc/cmdline", "WSL_ROOT_INIT=1 root=private-thing");
	tree_put("/proc/1/environ", "WSL_DISTRO_NAME=private-thing");
	tree_put("/proc/1/cgroup", "1:cpu:/docker/private-thing");
	tree_put("/sys/class/dmi/id/product_name", "Virtual Machine private-thing");
	tree_put("/sys/class/dmi/id/product_uuid", secret);
	tree_put("/sys/class/power_supply/BAT0/serial_number", secret);
	tree_put("/run/WSL/private-thing_interop", "");
	tree_put("/etc/os-release",
		 "ID=debian\nVERSION_ID=12\nPRETTY_NAME=private-thing\n"
		 "HOME_URL=https://private-thing\n");
	tree_put("/var/lib/dpkg/status",
		 "Package: libze1\nStatus: install ok installed\nVersion: 1.0\n"
		 "Maintainer: private-thing\n\n"
		 "Package: private-thing\nStatus: install ok installed\nVersion: 1\n");
	tree_put_command("wslinfo", "wslinfo\n--vm-id\n", secret, "0");
	tree_put_command("mode", "wslinfo\n--networking-mode\n", secret, "0");
	tree_put_command("version", "wslinfo\n--version\n", secret, "0");
	tree_put_command("uname", "uname\n-a\n", secret, "0");
	tree_put_command("dmesg", "dmesg\n",
			 "private-thing Hyper-V: Host Build 10.0.26100.1-private-thing\n",
			 "0");
	tree_put_command("wsl", "wsl.exe\n--version\n",
			 "private-thing: 2.6.3.0 private-thing\nk: 6.6.87.2-1\n"
			 "g: 1.0.71\nm: 1.2.6353\nd: 1.611.1\nx: 10.0.26100.1\n"
			 "private-thing: 10.0.26100.8246 private-thing\n",
			 "0");
	tree_put(DRIVER_STORE_PATH "/iigd_dch.inf_amd64_0123456789abcdef/iigd_dch.inf",
		 "; private-thing\n[Version]\nProvider=private-thing\n"
		 "ClassGuid={4d36e968-e325-11ce-bfc1-08002be10318}\n"
		 "DriverVer=01/15/2025,32.0.101.6554 ; private-thing\n");
	cleanup_record struct record record;
	make_document(tree, &record);
	if (strstr(record.bytes, "private"))
		fail_msg("%s", record.bytes);
	assert_string_equal(record.combination.driver, "32.0.101.6554");
	assert_string_equal(record.combination.windows, "10.0.26100.8246");
	assert_string_equal(record.combination.distro, "debian-12");
	assert_null(record.combination.kernel);
	assert_int_equal(record.combination.n_packages, 1);
}

static struct findings identity;
static struct finding_value values[8];

static void know(enum finding what, const char *string)
{
	identity.finding = values;
	values[identity.n++] = (struct finding_value){ finding_rows[what].name,
						       FINDING_STRING, string, 0 };
}

#define FOLDER "iigd_dch.inf_amd64_0123456789abcdef"

/* A machine with two drivers in its store, so that only the adapter can tell. */
static void begin_adapter(struct record *record)
{
	static const char inf[] =
		"[Version]\nClassGuid={4d36e968-e325-11ce-bfc1-08002be10318}\n"
		"DriverVer=01/15/2025,32.0.101.6554\n";
	identity.n = 0;
	tree_put("/proc/sys/kernel/osrelease", "6.6.87.2-microsoft-standard-WSL2\n");
	tree_put(DRIVER_STORE_PATH "/" FOLDER "/iigd_dch.inf", inf);
	record_init(record);
	assert_ok(detect(tree, record));
	assert_string_equal(record->combination.driver, "32.0.101.6554");
	assert_int_equal(record->n_evidence, 1);
}

static void test_adapter_whose_driver_agrees(void **state)
{
	(void)state;
	cleanup_record struct record record;
	begin_adapter(&record);
	know(FIND_PCI, "8086:7d51");
	know(FIND_REVISION, "03");
	know(FIND_DESCRIPTION, "Intel(R) Arc(TM) 140T GPU\t(16GB)\xff");
	know(FIND_ADAPTER_CLASS, "gpu");
	know(FIND_KMD_VERSION, "32.0.101.6554");
	know(FIND_DRIVER_STORE, FOLDER);
	detect_adapter(&record, &identity, tree);
	const struct combination *combination = &record.combination;
	assert_true(combination->adapter.present);
	assert_string_equal(combination->adapter.vendor, "8086");
	assert_string_equal(combination->adapter.pci, "8086:7d51");
	assert_string_equal(combination->adapter.revision, "03");
	assert_string_equal(combination->adapter.name,
			    "Intel(R) Arc(TM) 140T GPU (16GB)\xef\xbf\xbd");
	assert_string_equal(combination->adapter.class, "gpu");
	assert_int_equal(combination->adapter.index, -1);
	assert_string_equal(combination->driver, "32.0.101.6554");
	assert_string_equal(combination->driver_date, "2025-01-15");
	assert_string_equal(combination->driver_inf, "iigd_dch.inf");
	assert_int_equal(record.n_evidence, 0);
	assert_int_equal(record.n_contradictions, 0);
}

static void test_adapter_whose_driver_contradicts_its_folder(void **state)
{
	(void)state;
	cleanup_record struct record record;
	begin_adapter(&record);
	know(FIND_KMD_VERSION, "32.0.101.6647");
	know(FIND_UMD_VERSION, "32.0.101.6554");
	know(FIND_DRIVER_STORE, FOLDER);
	detect_adapter(&record, &identity, tree);
	assert_null(record.combination.driver);
	assert_int_equal(record.n_contradictions, 1);
	const struct contradiction *both = &record.contradictions[0];
	assert_string_equal(both->pointer, "/combination/driver/version");
	assert_int_equal(both->values.n, 2);
	assert_string_equal(both->values.string[0], "32.0.101.6647");
	assert_string_equal(both->values.string[1], "32.0.101.6554");
	record_write(&record);
	assert_non_null(strstr(record.bytes, "32.0.101.6647"));
}

static void test_adapter_of_which_little_is_known(void **state)
{
	(void)state;
	static const struct {
		enum finding what;
		const char *string, *driver, *inf;
	} rows[] = {
		/* The store's only driver may belong to a GPU that is gone. */
		{ FIND_PCI, "10de:2684", NULL, NULL },
		{ FIND_KMD_VERSION, "32.0.15.6094", "32.0.15.6094", NULL },
		{ FIND_UMD_VERSION, "32.0.15.6094", "32.0.15.6094", NULL },
		{ FIND_UMD_VERSION, "560.94", NULL, NULL },
		{ FIND_DRIVER_STORE, FOLDER, "32.0.101.6554", "iigd_dch.inf" },
		{ FIND_DRIVER_STORE, "../drivers/" FOLDER, NULL, NULL },
		{ FIND_DRIVER_STORE, "gone.inf_amd64_0123456789abcdef", NULL, NULL },
	};
	for_each_row(row, rows) {
		cleanup_record struct record record;
		begin_adapter(&record);
		know(row->what, row->string);
		detect_adapter(&record, &identity, tree);
		const char *driver = record.combination.driver;
		const char *inf = record.combination.driver_inf;
		if (!driver != !row->driver || (driver && strcmp(driver, row->driver)) ||
		    !inf != !row->inf)
			fail_msg("%s: driver %s, INF %s", row->string,
				 driver ? driver : "unknown", inf ? inf : "unknown");
		assert_int_equal(record.n_contradictions, 0);
	}
}

static void test_what_an_adapter_cannot_be(void **state)
{
	(void)state;
	static const struct {
		enum finding what;
		const char *string;
	} rows[] = {
		{ FIND_PCI, "8086" },          { FIND_PCI, "8086:7D51" },
		{ FIND_PCI, "8086:7d51:0" },   { FIND_REVISION, "3" },
		{ FIND_REVISION, "zz" },       { FIND_ADAPTER_CLASS, "gpu " },
		{ FIND_ADAPTER_CLASS, "tpu" }, { FIND_DESCRIPTION, "" },
		{ FIND_DESCRIPTION, "\n\t" },
	};
	for_each_row(row, rows) {
		cleanup_record struct record record;
		begin_adapter(&record);
		know(row->what, row->string);
		detect_adapter(&record, &identity, tree);
		const struct adapter *adapter = &record.combination.adapter;
		if (adapter->pci || adapter->vendor || adapter->revision ||
		    adapter->class || adapter->name)
			fail_msg("'%s' was taken", row->string);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded_machines),
		tree_test(test_root_must_be_a_folder),
		tree_test(test_an_empty_root_is_unknown),
		tree_test(test_links_lead_nowhere),
		tree_test(test_pipes_and_folders_are_no_files),
		tree_test(test_garbage_is_unknown),
		tree_test(test_nothing_private),
		tree_test(test_adapter_whose_driver_agrees),
		tree_test(test_adapter_whose_driver_contradicts_its_folder),
		tree_test(test_adapter_of_which_little_is_known),
		tree_test(test_what_an_adapter_cannot_be),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
