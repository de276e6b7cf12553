#include "runner/hypervisor.h"

#include "tests/testing.h"

static void test_build_of_log(void **state)
{
	(void)state;
	static const struct {
		const char *log, *build;
	} rows[] = {
		{ "[    0.000000] Hyper-V: Host Build 10.0.22000.708-0-0\n",
		  "10.0.22000.708" },
		{ "a\nHyper-V Host Build:20348-10.0-1-0.1138\nb\n", "10.0.20348.1138" },
		{ "Hyper-V: Host Build 10.0.22000\n", NULL },
		{ "Hyper-V: Host Build unknown\n", NULL },
		{ "Hyper-V Host Build:20348-10.0-1\n", NULL },
		{ "Hyper-V Host Build:", NULL },
		{ "Hypervisor detected: Microsoft Hyper-V\n", NULL },
		{ "", NULL },
	};
	for_each_row(row, rows) {
		char build[VERSION_MAX] = "untouched";
		bool found = hypervisor_build_of_log(row->log, strlen(row->log), build);
		assert_int_equal(found, row->build != NULL);
		assert_string_equal(build, row->build ? row->build : "untouched");
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(test_build_of_log) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
