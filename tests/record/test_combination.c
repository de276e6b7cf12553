#include "record/combination.h"

#include "tests/testing.h"

static void test_gpu_address_is_a_folder_of_its_own(void **state)
{
	static const struct {
		struct adapter adapter;
		const char *address;
	} rows[] = {
		{ { true, "8086", "8086:7d51", "03", "Arc 140T", "gpu", 0 },
		  "8086-7d51" },
		{ { true, "10de", NULL, NULL, "GeForce RTX\xE2\x84\xA2 4090", "gpu", -1 },
		  "10de-geforce-rtx-4090" },
		{ { true, NULL, NULL, NULL, "../../<b>", "gpu", -1 }, "unknown-b" },
		{ { true, "1002", NULL, NULL, "../..", "gpu", -1 }, "1002-0cfd1c96" },
	};
	(void)state;
	for_each_row(row, rows) {
		cleanup_free char *address = combination_gpu_address(&row->adapter);
		assert_string_equal(address, row->address);
	}
	const struct adapter none = { 0 };
	assert_null(combination_gpu_address(&none));
	const struct adapter unnamed = { .present = true, .vendor = "8086" };
	assert_null(combination_gpu_address(&unnamed));
}

static void test_long_names_differ_by_their_hash(void **state)
{
	char a[5000], b[5000];
	(void)state;
	memset(a, 'a', sizeof(a));
	memset(b, 'a', sizeof(b));
	a[sizeof(a) - 1] = b[sizeof(b) - 1] = '\0';
	b[sizeof(b) - 2] = 'b';
	const struct adapter first = { .present = true, .name = a };
	const struct adapter second = { .present = true, .name = b };
	cleanup_free char *x = combination_gpu_address(&first);
	cleanup_free char *y = combination_gpu_address(&second);
	assert_true(strlen(x) < 128);
	assert_string_not_equal(x, y);
}

static void test_two_gpus_known_by_name_are_two_combinations(void **state)
{
	const struct combination a = { .adapter = { .present = true, .name = "RTX 4090" },
				       .driver = "32.0.15.6094" };
	struct combination b = a;
	char of_a[COMBINATION_ADDRESS_SIZE], of_b[COMBINATION_ADDRESS_SIZE];
	(void)state;
	combination_address(&a, of_a);
	combination_address(&b, of_b);
	assert_string_equal(of_a, of_b);
	b.adapter.name = "RTX 4080";
	combination_address(&b, of_b);
	assert_string_not_equal(of_a, of_b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gpu_address_is_a_folder_of_its_own),
		cmocka_unit_test(test_long_names_differ_by_their_hash),
		cmocka_unit_test(test_two_gpus_known_by_name_are_two_combinations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
