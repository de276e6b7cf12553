#include "tests/testing.h"

#include <fcntl.h>
#include <unistd.h>

#include "probes/drivers.h"
#include "util/file.h"

static void touch(const char *folder, const char *name)
{
	cleanup_free char *path = xasprintf("%s/%s", folder, name);
	assert_ok(file_write(path, "", 0, 0600, false));
}

static void test_drivers_counts_and_finds_by_name(void **state)
{
	(void)state;
	cleanup_free char *folder = NULL;
	assert_ok(file_temporary_folder("dxgmatrix-drivers", &folder));
	const char *const folders[] = { "/nowhere", folder, NULL };
	assert_int_equal(drivers_count(folders, ".json"), 0);
	assert_null(drivers_find(folders, "lvp", ".json"));

	const char *const names[] = { "lvp_icd.x86_64.json",
				      "lvp_icd.aarch64.json",
				      "lvp_icd.json.bak",
				      "radeon.json",
				      ".json",
				      "a.icd" };
	for_each_row(name, names)
		touch(folder, *name);
	assert_int_equal(drivers_count(folders, ".json"), 3);
	assert_int_equal(drivers_count(folders, ".icd"), 1);
	cleanup_free char *found = drivers_find(folders, "lvp_icd", ".json");
	cleanup_free char *expected = xasprintf("%s/lvp_icd.aarch64.json", folder);
	assert_string_equal(found, expected);
	assert_null(drivers_find(folders, "dzn", ".json"));
	assert_ok(file_remove_tree(folder));
}

static void test_settings_are_forgotten_by_prefix(void **state)
{
	(void)state;
	static const char *const prefixes[] = { "TEST_A_", "TEST_B", NULL };
	setenv("TEST_A_1", "x", 1);
	setenv("TEST_A_2", "", 1);
	setenv("TEST_A", "stays", 1);
	setenv("TEST_B", "=", 1);
	setenv("MY_TEST_A_1", "stays", 1);
	drivers_forget_settings(prefixes);
	assert_null(getenv("TEST_A_1"));
	assert_null(getenv("TEST_A_2"));
	assert_null(getenv("TEST_B"));
	assert_string_equal(getenv("TEST_A"), "stays");
	assert_string_equal(getenv("MY_TEST_A_1"), "stays");
	assert_non_null(getenv("PATH"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings_are_forgotten_by_prefix),
		cmocka_unit_test(test_drivers_counts_and_finds_by_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
