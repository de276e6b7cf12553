#include "runner/environment.h"

#include "tests/runner/root_tree.h"

#define WSL_KERNEL "6.6.87.2-microsoft-standard-WSL2"

enum { FILES = 6 };

static const struct {
	const char *why, *kernel;
	const char *files[FILES][2]; /* path, text */
	const char *wslinfo;
	enum environment kind;
} rows[] = {
	{ "nothing is known", NULL, { { NULL } }, NULL, ENVIRONMENT_UNKNOWN },
	{ "a kernel", "6.1.0-39-amd64", { { NULL } }, NULL, ENVIRONMENT_LINUX },
	{ "WSL's kernel", WSL_KERNEL, { { NULL } }, NULL, ENVIRONMENT_WSL2 },
	{ "an early one",
	  "4.19.59-microsoft-standard",
	  { { NULL } },
	  NULL,
	  ENVIRONMENT_WSL2 },
	{ "one's own, wslinfo",
	  "7.0.0-mine",
	  { { NULL } },
	  "bridged\n",
	  ENVIRONMENT_WSL2 },
	{ "one's own, sockets",
	  "7.0.0-mine",
	  { { "/run/WSL/1_interop", "" } },
	  NULL,
	  ENVIRONMENT_WSL2 },
	{ "one's own, command line",
	  "7.0.0-mine",
	  { { "/proc/cmdline", "a WSL_ROOT_INIT=1 b" } },
	  NULL,
	  ENVIRONMENT_WSL2 },
	{ "some wslinfo", "6.1.0", { { NULL } }, "usage: natural\n", ENVIRONMENT_LINUX },
	{ "WSL1 by its kernel",
	  "4.4.0-19041-Microsoft",
	  { { NULL } },
	  NULL,
	  ENVIRONMENT_WSL1 },
	{ "WSL1 by wslinfo", "4.4.0-x", { { NULL } }, "wsl1\n", ENVIRONMENT_WSL1 },
	{ "4.4 of somebody else",
	  "4.4.0-210-generic",
	  { { NULL } },
	  NULL,
	  ENVIRONMENT_LINUX },
	{ "Docker", "6.1.0", { { "/.dockerenv", "" } }, NULL, ENVIRONMENT_CONTAINER },
	{ "Docker in WSL2",
	  WSL_KERNEL,
	  { { "/.dockerenv", "" }, { "/dev/dxg", "" } },
	  NULL,
	  ENVIRONMENT_CONTAINER },
	{ "podman in WSL2",
	  WSL_KERNEL,
	  { { "/run/.containerenv", "" } },
	  NULL,
	  ENVIRONMENT_CONTAINER },
	{ "by cgroup",
	  WSL_KERNEL,
	  { { "/proc/1/cgroup", "1:cpu:/docker/0123" } },
	  NULL,
	  ENVIRONMENT_CONTAINER },
	{ "of Kubernetes",
	  "6.1.0",
	  { { "/proc/1/cgroup", "1:cpu:/kubepods/x" } },
	  NULL,
	  ENVIRONMENT_CONTAINER },
	{ "a container of WSL",
	  WSL_KERNEL,
	  { { "/proc/cmdline", "WSLC_ROOT_INIT=1" } },
	  NULL,
	  ENVIRONMENT_CONTAINER },
	{ "a distribution from docker export",
	  WSL_KERNEL,
	  { { "/.dockerenv", "" } },
	  "nat\n",
	  ENVIRONMENT_WSL2 },
	{ "Hyper-V",
	  "6.1.0",
	  { { "/sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n" },
	    { "/sys/class/dmi/id/product_name", "Virtual Machine\n" } },
	  NULL,
	  ENVIRONMENT_HYPER_V },
	{ "Hyper-V with WSL's kernel",
	  WSL_KERNEL,
	  { { "/sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n" },
	    { "/sys/class/dmi/id/product_name", "Virtual Machine\n" } },
	  NULL,
	  ENVIRONMENT_HYPER_V },
	{ "Hyper-V with dxg",
	  "6.1.0",
	  { { "/sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n" },
	    { "/sys/class/dmi/id/product_name", "Virtual Machine\n" },
	    { "/dev/dxg", "" },
	    { "/usr/lib/wsl/lib/libdxcore.so", "" } },
	  NULL,
	  ENVIRONMENT_HYPER_V },
	{ "WSL2 with firmware tables",
	  WSL_KERNEL,
	  { { "/sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n" },
	    { "/sys/class/dmi/id/product_name", "Virtual Machine\n" } },
	  "nat\n",
	  ENVIRONMENT_WSL2 },
	{ "Hyper-V by its log",
	  "6.1.0",
	  { { ".commands/dmesg.out", "Hypervisor detected: Microsoft Hyper-V" } },
	  NULL,
	  ENVIRONMENT_HYPER_V },
	{ "KVM that calls itself so",
	  "6.1.0",
	  { { ".commands/dmesg.out", "Hypervisor detected: Microsoft Hyper-V" },
	    { "/sys/class/dmi/id/sys_vendor", "QEMU\n" } },
	  NULL,
	  ENVIRONMENT_LINUX },
	{ "a laptop of Microsoft's",
	  "6.1.0",
	  { { "/sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n" },
	    { "/sys/class/dmi/id/product_name", "Surface Pro\n" } },
	  NULL,
	  ENVIRONMENT_LINUX },
	{ "only dxg and its libraries",
	  "6.1.0",
	  { { "/dev/dxg", "" }, { "/usr/lib/wsl/lib/libdxcore.so", "" } },
	  NULL,
	  ENVIRONMENT_LINUX },
};

static void check(size_t i)
{
	cleanup_record struct record record;
	record_init(&record);
	record.combination.kernel = rows[i].kernel;
	for (size_t j = 0; j < FILES && rows[i].files[j][0]; j++) {
		cleanup_free char *path =
			xasprintf("%s%s", rows[i].files[j][0][0] == '/' ? "" : "/",
				  rows[i].files[j][0]);
		tree_put(path, rows[i].files[j][1]);
	}
	if (rows[i].wslinfo)
		tree_put_command("wslinfo", "wslinfo\n--networking-mode", rows[i].wslinfo,
				 "0");
	environment_read(tree, &record);
	if (record.environment.kind != rows[i].kind)
		fail_msg("%s: %s", rows[i].why,
			 environment_title(record.environment.kind));
	if (rows[i].kind != ENVIRONMENT_UNKNOWN && !record.environment.seen.n)
		fail_msg("%s: by what?", rows[i].why);
}

static void test_kind(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		tree_teardown(state);
		tree_setup(state);
		check(i);
	}
}

static void test_power(void **state)
{
	static const struct {
		const char *files[FILES][2];
		const char *power;
	} supplies[] = {
		{ { { NULL } }, NULL },
		{ { { "AC/type", "Mains\n" },
		    { "AC/online", "1\n" },
		    { "B/type", "Battery\n" },
		    { "B/status", "Discharging\n" } },
		  "ac" },
		{ { { "AC/type", "Mains\n" },
		    { "AC/online", "0\n" },
		    { "B/type", "Battery\n" },
		    { "B/status", "Discharging\n" } },
		  "battery" },
		{ { { "B/type", "Battery\n" },
		    { "B/online", "1\n" },
		    { "B/status", "Full\n" } },
		  NULL },
		{ { { "M/type", "Battery\n" },
		    { "M/scope", "Device\n" },
		    { "M/status", "Discharging\n" } },
		  NULL },
	};
	for_each_row(row, supplies) {
		tree_teardown(state);
		tree_setup(state);
		for (size_t i = 0; i < FILES && row->files[i][0]; i++) {
			cleanup_free char *path =
				xasprintf("/sys/class/power_supply/%s", row->files[i][0]);
			tree_put(path, row->files[i][1]);
		}
		cleanup_record struct record record;
		record_init(&record);
		environment_read(tree, &record);
		if (row->power)
			assert_string_equal(record.environment.power, row->power);
		else
			assert_null(record.environment.power);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		tree_test(test_kind),
		tree_test(test_power),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
