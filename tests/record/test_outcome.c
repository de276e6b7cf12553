#include "record/outcome.h"

#include "tests/testing.h"

static void test_names_are_read_back(void **state)
{
	(void)state;
	for (int i = 0; i < OUTCOME_COUNT; i++) {
		enum outcome outcome = OUTCOME_COUNT;
		assert_true(outcome_parse(outcome_rows[i].name, &outcome));
		assert_int_equal(outcome, i);
	}
	for (int i = REASON_NONE + 1; i < REASON_COUNT; i++) {
		enum reason reason = REASON_COUNT;
		assert_true(reason_parse(reason_rows[i].name, &reason));
		assert_int_equal(reason, i);
	}
}

static void test_other_words_are_none(void **state)
{
	(void)state;
	static const char *const words[] = { "", "Pass", "passed", "pas", "ok", "noisy" };
	for_each_row(word, words) {
		enum outcome outcome = OUTCOME_COUNT;
		assert_false(outcome_parse(*word, &outcome));
		assert_int_equal(outcome, OUTCOME_COUNT); /* untouched */
		enum reason reason = REASON_COUNT;
		assert_false(reason_parse(*word, &reason));
		assert_int_equal(reason, REASON_COUNT);
	}
}

static void test_every_row_can_be_shown(void **state)
{
	(void)state;
	for_each_row(row, outcome_rows)
		assert_true(*row->words && *row->css && row->sign);
	for (int i = REASON_NONE + 1; i < REASON_COUNT; i++)
		assert_true(*reason_rows[i].words);
	for_each_row(title, layer_titles)
		assert_true(**title);
}

static void test_what_is_bad_and_what_is_tried_again(void **state)
{
	(void)state;
	static const struct {
		enum outcome outcome;
		bool bad, retried;
	} rows[] = {
		{ OUTCOME_PASS, false, false },  { OUTCOME_FALLBACK, true, false },
		{ OUTCOME_FAIL, true, true },    { OUTCOME_CRASH, true, true },
		{ OUTCOME_TIMEOUT, true, true }, { OUTCOME_HUNG, true, false },
		{ OUTCOME_DIED, true, false },   { OUTCOME_BLOCKED, false, false },
		{ OUTCOME_SKIP, false, false },  { OUTCOME_INTERRUPTED, false, false },
		{ OUTCOME_ERROR, false, false },
	};
	assert_int_equal(ARRAY_SIZE(rows), OUTCOME_COUNT);
	for_each_row(row, rows) {
		assert_int_equal(outcome_is_bad(row->outcome), row->bad);
		assert_int_equal(outcome_is_retried(row->outcome), row->retried);
	}
}

static void test_the_worse_of_two(void **state)
{
	(void)state;
	static const struct {
		enum outcome a, b, worse;
	} rows[] = {
		{ OUTCOME_PASS, OUTCOME_PASS, OUTCOME_PASS },
		{ OUTCOME_PASS, OUTCOME_FALLBACK, OUTCOME_FALLBACK },
		{ OUTCOME_FALLBACK, OUTCOME_FAIL, OUTCOME_FAIL },
		{ OUTCOME_FAIL, OUTCOME_CRASH, OUTCOME_CRASH },
		{ OUTCOME_CRASH, OUTCOME_TIMEOUT, OUTCOME_TIMEOUT },
		{ OUTCOME_TIMEOUT, OUTCOME_HUNG, OUTCOME_HUNG },
		{ OUTCOME_HUNG, OUTCOME_DIED, OUTCOME_DIED },
		{ OUTCOME_DIED, OUTCOME_PASS, OUTCOME_DIED },
		/* what is not counted loses to what is */
		{ OUTCOME_PASS, OUTCOME_BLOCKED, OUTCOME_PASS },
		{ OUTCOME_PASS, OUTCOME_SKIP, OUTCOME_PASS },
		{ OUTCOME_FAIL, OUTCOME_INTERRUPTED, OUTCOME_FAIL },
		{ OUTCOME_PASS, OUTCOME_ERROR, OUTCOME_PASS },
	};
	for_each_row(row, rows) {
		assert_int_equal(outcome_worse(row->a, row->b), row->worse);
		assert_int_equal(outcome_worse(row->b, row->a), row->worse);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_read_back),
		cmocka_unit_test(test_other_words_are_none),
		cmocka_unit_test(test_every_row_can_be_shown),
		cmocka_unit_test(test_what_is_bad_and_what_is_tried_again),
		cmocka_unit_test(test_the_worse_of_two),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
