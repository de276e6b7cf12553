#include "record/failure.h"

#include "tests/testing.h"

static void test_failures_are_added_in_order_and_summed(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct failures failures = { 0 };
	assert_int_equal(failures_total(&failures), 0);
	static const struct failure added[] = {
		{ "b", -2, 1 },  { "a", -22, 2 }, { "b", -22, 3 },  { "a", -2, 4 },
		{ "b", -2, 10 }, { "ab", 5, 5 },  { "a", -22, 20 },
	};
	for_each_row(row, added) {
		/* the name may go away */
		char ioctl[8];
		strcpy(ioctl, row->ioctl);
		failures_add(&arena, &failures, ioctl, row->error, row->count);
		strcpy(ioctl, "gone");
	}
	static const struct failure expected[] = {
		{ "a", -22, 22 }, { "a", -2, 4 },  { "ab", 5, 5 },
		{ "b", -22, 3 },  { "b", -2, 11 },
	};
	assert_int_equal(failures.n, ARRAY_SIZE(expected));
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		assert_string_equal(failures.failure[i].ioctl, expected[i].ioctl);
		assert_int_equal(failures.failure[i].error, expected[i].error);
		assert_int_equal(failures.failure[i].count, expected[i].count);
	}
	assert_int_equal(failures_total(&failures), 45);
}

static void test_sums_of_hostile_counts_end_at_the_largest_integer(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct failures failures = { 0 };
	for (int i = 1; i <= 1025; i++)
		failures_add(&arena, &failures, "a", -i, INT64_C(9007199254740991));
	assert_int_equal(failures_total(&failures), INT64_MAX);
	for (int i = 1; i <= 1025; i++)
		failures_add(&arena, &failures, "a", -1, INT64_C(9007199254740991));
	assert_int_equal(failures.failure[failures.n - 1].count, INT64_MAX);
}

static void test_any_order_of_adding_gives_one_table(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct failures up = { 0 }, down = { 0 }, sorted = { 0 };
	for (int i = 0; i < 500; i++) {
		failures_add(&arena, &up, i % 2 ? "a" : "b", i, 1);
		failures_add(&arena, &down, i % 2 ? "b" : "a", 499 - i, 1);
		*arena_push(&arena, sorted.failure, sorted.n) =
			(struct failure){ i % 2 ? "b" : "a", 499 - i, 1 };
	}
	failures_sort(&sorted);
	assert_int_equal(up.n, 500);
	assert_int_equal(down.n, 500);
	for (size_t i = 0; i < 500; i++) {
		const struct failure *a = &up.failure[i], *b = &down.failure[i],
				     *c = &sorted.failure[i];
		assert_string_equal(a->ioctl, b->ioctl);
		assert_int_equal(a->error, b->error);
		assert_string_equal(a->ioctl, c->ioctl);
		assert_int_equal(a->error, c->error);
	}
	struct failures none = { 0 };
	failures_sort(&none);
	assert_int_equal(none.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_failures_are_added_in_order_and_summed),
		cmocka_unit_test(test_sums_of_hostile_counts_end_at_the_largest_integer),
		cmocka_unit_test(test_any_order_of_adding_gives_one_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
