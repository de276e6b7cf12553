#include "tests/testing.h"

#include "runner/plan.h"

#define L   rung_bit(RUNG_LOAD)
#define E   rung_bit(RUNG_ENUMERATE)
#define O   rung_bit(RUNG_OPEN)
#define CP  rung_bit(RUNG_COPY)
#define CM  rung_bit(RUNG_COMPILE)
#define LA  rung_bit(RUNG_LAUNCH)
#define API (L | E | O | CP | CM | LA)

static struct plan api_plan(void)
{
	return (struct plan){ .has = API, .wanted = API };
}

static void take(struct plan *plan, uint32_t passed)
{
	for (int rung = 0; rung < RUNG_COUNT; rung++)
		if (passed & rung_bit((enum rung)rung))
			plan_take(plan, (enum rung)rung, OUTCOME_PASS);
}

/* The next process is started for `target` and climbs `rungs`. */
static void assert_next(const struct plan *plan, uint32_t target, uint32_t rungs)
{
	uint32_t found;
	assert_int_equal(plan_next(plan, &found), rungs);
	assert_int_equal(found, target);
}

static void test_all_at_once_then_nothing(void **state)
{
	(void)state;
	struct plan plan = api_plan();
	assert_next(&plan, API, API);
	take(&plan, API);
	assert_next(&plan, 0, 0);
}

static void test_risk_decides_what_is_wanted(void **state)
{
	(void)state;
	uint32_t has = API | rung_bit(RUNG_ADDRESS) | rung_bit(RUNG_ESCAPE) |
		       rung_bit(RUNG_INFER);
	assert_int_equal(plan_wanted(has, RISK_LOW), API);
	assert_int_equal(plan_wanted(has, RISK_MEDIUM),
			 API | rung_bit(RUNG_ADDRESS) | rung_bit(RUNG_INFER));
	assert_int_equal(plan_wanted(has, RISK_HIGH), has);
}

static void test_bad_rung_is_tried_twice_more_before_the_rest(void **state)
{
	(void)state;
	struct plan plan = api_plan();
	take(&plan, L | E | O);
	plan_take(&plan, RUNG_COPY, OUTCOME_CRASH); /* and the process is gone */
	plan_miss(&plan, CM | LA);
	for (int i = 0; i < 2; i++) {
		assert_next(&plan, CP, L | E | O | CP);
		take(&plan, L | E | O);
		plan_take(&plan, RUNG_COPY, OUTCOME_CRASH);
	}
	assert_int_equal(plan.rungs[RUNG_COPY].n_tries, 3);
	/* compile needs no copy; launch does */
	assert_next(&plan, CM, L | E | O | CM);
	assert_int_equal(plan_blocker(&plan, RUNG_LAUNCH), RUNG_COPY);
	take(&plan, CM);
	assert_next(&plan, 0, 0);
}

static void test_outcome_is_the_worst_of_all_tries(void **state)
{
	(void)state;
	static const struct {
		enum outcome tries[TRIES_MAX], outcome;
		bool news[TRIES_MAX];
	} rows[] = {
		{ { OUTCOME_FAIL, OUTCOME_PASS, OUTCOME_PASS },
		  OUTCOME_FAIL,
		  { true, false, false } },
		{ { OUTCOME_FAIL, OUTCOME_TIMEOUT, OUTCOME_CRASH },
		  OUTCOME_TIMEOUT,
		  { true, true, false } },
		{ { OUTCOME_CRASH, OUTCOME_CRASH, OUTCOME_FAIL },
		  OUTCOME_CRASH,
		  { true, false, false } },
	};
	for_each_row(row, rows) {
		struct plan plan = api_plan();
		for (int i = 0; i < TRIES_MAX; i++)
			assert_int_equal(plan_take(&plan, RUNG_LOAD, row->tries[i]),
					 row->news[i]);
		assert_int_equal(plan.rungs[RUNG_LOAD].n_tries, 3);
		assert_int_equal(plan.rungs[RUNG_LOAD].outcome, row->outcome);
	}
}

static void test_ends_that_are_answers_are_not_tried_again(void **state)
{
	(void)state;
	static const enum outcome ends[] = { OUTCOME_FALLBACK, OUTCOME_SKIP,
					     OUTCOME_ERROR };
	for_each_row(end, ends) {
		struct plan plan = api_plan();
		take(&plan, L);
		plan_take(&plan, RUNG_ENUMERATE, *end);
		assert_next(&plan, 0, 0);
		assert_int_equal(plan_blocker(&plan, RUNG_LAUNCH), RUNG_ENUMERATE);
		assert_int_equal(plan.rungs[RUNG_ENUMERATE].n_tries, 1);
	}
}

static void test_nothing_is_started_after_hung(void **state)
{
	(void)state;
	struct plan plan = api_plan();
	take(&plan, L | E | O);
	plan_take(&plan, RUNG_COPY, OUTCOME_HUNG);
	assert_next(&plan, 0, 0);
	assert_false(plan_is_settled(&plan, RUNG_COMPILE));
}

static void test_need_that_breaks_later_is_a_try_of_its_own(void **state)
{
	(void)state;
	struct plan plan = api_plan();
	take(&plan, L | E | O | CP);
	plan_take(&plan, RUNG_COMPILE, OUTCOME_CRASH);
	plan_miss(&plan, LA);
	/* the second process does not even come to compile */
	take(&plan, L | E);
	assert_true(plan_take(&plan, RUNG_OPEN, OUTCOME_FAIL));
	plan_miss(&plan, CM);
	assert_int_equal(plan.rungs[RUNG_OPEN].n_tries, 2);
	assert_int_equal(plan.rungs[RUNG_OPEN].outcome, OUTCOME_FAIL);
	assert_next(&plan, O, L | E | O);
}

static void test_rung_nobody_comes_to_is_given_up(void **state)
{
	(void)state;
	struct plan plan = api_plan();
	for (int i = 0; i < TRIES_MAX; i++) {
		uint32_t target;
		assert_int_not_equal(plan_next(&plan, &target), 0);
		plan_miss(&plan, target);
	}
	assert_next(&plan, 0, 0);
}

static void test_settled_rung_is_neither_climbed_nor_passed(void **state)
{
	(void)state;
	struct plan plan = api_plan();
	plan_settle(&plan, RUNG_COMPILE, OUTCOME_INTERRUPTED);
	assert_next(&plan, L | E | O | CP, L | E | O | CP);
	take(&plan, L | E | O | CP);
	assert_next(&plan, 0, 0);
	assert_int_equal(plan_blocker(&plan, RUNG_LAUNCH), RUNG_COMPILE);
}

static void test_need_that_is_absent_blocks_nobody(void **state)
{
	(void)state;
	struct plan plan = { .has = L | CM, .wanted = L | CM };
	assert_next(&plan, L | CM, L | CM);
	assert_int_equal(plan_blocker(&plan, RUNG_COMPILE), RUNG_COUNT);
}

static void test_blocker_is_the_lowest_cause(void **state)
{
	(void)state;
	struct plan plan = api_plan();
	plan_take(&plan, RUNG_LOAD, OUTCOME_SKIP);
	assert_int_equal(plan_blocker(&plan, RUNG_LOAD), RUNG_COUNT);
	assert_int_equal(plan_blocker(&plan, RUNG_ENUMERATE), RUNG_LOAD);
	assert_int_equal(plan_blocker(&plan, RUNG_LAUNCH), RUNG_LOAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_at_once_then_nothing),
		cmocka_unit_test(test_risk_decides_what_is_wanted),
		cmocka_unit_test(test_bad_rung_is_tried_twice_more_before_the_rest),
		cmocka_unit_test(test_outcome_is_the_worst_of_all_tries),
		cmocka_unit_test(test_ends_that_are_answers_are_not_tried_again),
		cmocka_unit_test(test_nothing_is_started_after_hung),
		cmocka_unit_test(test_need_that_breaks_later_is_a_try_of_its_own),
		cmocka_unit_test(test_rung_nobody_comes_to_is_given_up),
		cmocka_unit_test(test_settled_rung_is_neither_climbed_nor_passed),
		cmocka_unit_test(test_need_that_is_absent_blocks_nobody),
		cmocka_unit_test(test_blocker_is_the_lowest_cause),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
