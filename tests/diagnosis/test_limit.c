#include "diagnosis/limit.h"

#include "tests/testing.h"

/* "owner/name#12" or an address. */
static bool is_source(const char *source)
{
	const char *number = strchr(source, '#');
	if (!strncmp(source, "https://", 8))
		return true;
	return number && strchr(source, '/') < number && number[1] &&
	       number[1 + strspn(number + 1, "0123456789")] == '\0';
}

static void test_each_kind_has_rows_and_each_row_its_words(void **state)
{
	size_t of_kind[LIMIT_KIND_COUNT] = { 0 };
	(void)state;
	for (size_t i = 0; i < n_limits; i++) {
		const struct limit *limit = &limits[i];
		of_kind[limit->kind]++;
		assert_true(*limit->what && strlen(limit->what) < 48);
		assert_true(limit->why[strlen(limit->why) - 1] == '.');
		for (size_t k = 0; k < ARRAY_SIZE(limit->sources) && limit->sources[k];
		     k++)
			assert_true(is_source(limit->sources[k]));
	}
	for (int kind = 0; kind < LIMIT_KIND_COUNT; kind++)
		assert_true(of_kind[kind] >= 3);
}

static void test_what_cannot_work_names_its_thread(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_limits; i++)
		if (limits[i].kind == LIMIT_TODAY)
			assert_non_null(limits[i].sources[0]);
}

static void test_a_limit_explains_its_vendors_interface_alone(void **state)
{
	(void)state;
	assert_string_equal(limit_find("opencl", "10de")->sources[0],
			    "microsoft/WSL#6951");
	assert_null(limit_find("opencl", "8086"));
	assert_null(limit_find("opencl", NULL));
	assert_null(limit_find("vulkan", "10de")); /* mended by a Mesa with dzn */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_kind_has_rows_and_each_row_its_words),
		cmocka_unit_test(test_what_cannot_work_names_its_thread),
		cmocka_unit_test(test_a_limit_explains_its_vendors_interface_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
