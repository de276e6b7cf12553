#include "web/verdict_mark.h"

#include "tests/testing.h"

static void test_verdicts_have_signs_and_counts(void **state)
{
	static const struct {
		struct verdict verdict;
		enum mark mark;
		const char *count, *sentence;
	} rows[] = {
		{ { VERDICT_UNKNOWN, { 0 }, 0 }, MARK_UNKNOWN, "", NULL },
		{ { VERDICT_UNKNOWN, { .cpu = 2 }, 0 },
		  MARK_CPU,
		  "2",
		  "CPU only on 2 machines" },
		{ { VERDICT_UNKNOWN, { .once = 2 }, 0 }, MARK_UNKNOWN, "", NULL },
		{ { VERDICT_CLEAN, { .good = 1 }, 0 },
		  MARK_WORKS,
		  "1",
		  "works on 1 machine" },
		{ { VERDICT_NOISY, { .good = 3, .noisy = 3 }, 0 },
		  MARK_WORKS,
		  "3",
		  "works on 3 machines" },
		{ { VERDICT_BROKEN, { .bad = 2 }, 0 },
		  MARK_FAILS,
		  "2",
		  "fails on 2 machines" },
		{ { VERDICT_CONFLICT, { .good = 2, .bad = 3 }, 0 },
		  MARK_SPLIT,
		  "2:3",
		  "works on 2, fails on 3" },
		{ { VERDICT_CLEAN, { .good = 54, .bad = 1 }, 1 },
		  MARK_WORKS,
		  "54:1",
		  "works on 54, fails on 1" },
	};
	(void)state;
	for_each_row(row, rows) {
		cleanup_free char *count = verdict_count(&row->verdict);
		cleanup_free char *sentence = verdict_sentence(&row->verdict);
		assert_int_equal(mark_of_verdict(&row->verdict), row->mark);
		assert_string_equal(count, row->count);
		if (row->sentence)
			assert_string_equal(sentence, row->sentence);
		else
			assert_null(sentence);
	}
}

static void test_door_to_fence_is_not_proved(void **state)
{
	const struct verdict clean = { VERDICT_CLEAN, { .good = 1 }, 0 };
	const struct verdict broken = { VERDICT_BROKEN, { .bad = 1 }, 0 };
	(void)state;
	assert_int_equal(mark_of_door(&clean, false), MARK_WORKS);
	assert_int_equal(mark_of_door(&clean, true), MARK_ANSWERS);
	assert_int_equal(mark_of_door(&broken, true), MARK_FAILS);
}

static struct view_interface interface_of(enum rung height, enum rung conflict,
					  enum rung broken)
{
	return (struct view_interface){ .interface = "opencl",
					.height = height,
					.conflict = conflict,
					.broken = broken };
}

static void test_interface_is_what_its_launch_is(void **state)
{
	const struct {
		struct view_interface interface;
		enum mark mark;
		enum rung decides;
	} rows[] = {
		{ interface_of(RUNG_COUNT, RUNG_COUNT, RUNG_COUNT), MARK_UNKNOWN,
		  RUNG_LAUNCH },
		{ interface_of(RUNG_COMPILE, RUNG_COUNT, RUNG_COUNT), MARK_UNKNOWN,
		  RUNG_LAUNCH },
		{ interface_of(RUNG_LAUNCH, RUNG_COUNT, RUNG_COUNT), MARK_WORKS,
		  RUNG_LAUNCH },
		/* what fails above a launch that works leaves it working */
		{ interface_of(RUNG_LAUNCH, RUNG_COUNT, RUNG_INFER), MARK_WORKS,
		  RUNG_LAUNCH },
		{ interface_of(RUNG_OPEN, RUNG_COUNT, RUNG_COMPILE), MARK_FAILS,
		  RUNG_COMPILE },
		{ interface_of(RUNG_OPEN, RUNG_COPY, RUNG_LAUNCH), MARK_SPLIT,
		  RUNG_COPY },
	};
	(void)state;
	for_each_row(row, rows) {
		assert_int_equal(mark_of_interface(&row->interface), row->mark);
		assert_ptr_equal(verdict_of_interface(&row->interface),
				 &row->interface.rungs[row->decides]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts_have_signs_and_counts),
		cmocka_unit_test(test_door_to_fence_is_not_proved),
		cmocka_unit_test(test_interface_is_what_its_launch_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
