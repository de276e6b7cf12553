#include "matrix/verdict.h"

#include <math.h>

#include "tests/testing.h"

static void test_verdicts_follow_the_counts(void **state)
{
	(void)state;
	static const struct {
		struct votes votes;
		enum verdict_word word;
		int64_t exceptions;
	} rows[] = {
		{ { 0 }, VERDICT_UNKNOWN, 0 },
		{ { .once = 3, .cpu = 2 }, VERDICT_UNKNOWN, 0 },
		{ { .good = 1 }, VERDICT_CLEAN, 0 },
		{ { .good = 3 }, VERDICT_CLEAN, 0 },
		{ { .good = 3, .bad = 1 }, VERDICT_CONFLICT, 0 },
		{ { .good = 53, .bad = 1 }, VERDICT_CONFLICT, 0 },
		{ { .good = 54, .bad = 1 }, VERDICT_CLEAN, 1 },
		{ { .good = 68, .bad = 2 }, VERDICT_CONFLICT, 0 },
		{ { .good = 69, .bad = 2 }, VERDICT_CLEAN, 2 },
		{ { .bad = 1 }, VERDICT_BROKEN, 0 },
		{ { .good = 1, .bad = 54 }, VERDICT_BROKEN, 1 },
		{ { .good = 1, .bad = 53 }, VERDICT_CONFLICT, 0 },
		{ { .bad = 2, .flaky = 1 }, VERDICT_BROKEN, 0 },
		{ { .bad = 2, .flaky = 2 }, VERDICT_CONFLICT, 0 },
		{ { .good = 4, .noisy = 2 }, VERDICT_CLEAN, 0 },
		{ { .good = 4, .noisy = 3 }, VERDICT_NOISY, 0 },
		{ { .good = 54, .noisy = 28, .bad = 1 }, VERDICT_NOISY, 1 },
	};
	for_each_row(row, rows) {
		struct verdict verdict = verdict_of(&row->votes);
		if (verdict.word != row->word || verdict.exceptions != row->exceptions)
			fail_msg("%d good, %d bad: %s, %d exceptions",
				 (int)row->votes.good, (int)row->votes.bad,
				 verdict_rows[verdict.word].name,
				 (int)verdict.exceptions);
	}
}

static void test_machines_that_only_disagree_with_themselves_are_told_apart(void **state)
{
	(void)state;
	struct verdict self = verdict_of(&(struct votes){ .bad = 1, .flaky = 1 });
	struct verdict two = verdict_of(&(struct votes){ .good = 1, .bad = 1 });
	struct verdict none = verdict_of(&(struct votes){ 0 });
	assert_true(verdict_is_self(&self));
	assert_false(verdict_is_self(&two));
	assert_false(verdict_is_self(&none));
}

/* The figures of the rules' worked examples, to their four digits. */
static void test_wilson_gives_the_published_figures(void **state)
{
	(void)state;
	static const struct {
		int x, n;
		double lo, hi;
	} rows[] = {
		{ 9, 12, 0.462, -1 },  { 2, 5, 0.115, 0.774 }, { 3, 3, 0.429, 1 },
		{ 0, 5, 0, 0.444 },    { 0, 6, 0, 0.400 },     { 4, 4, 0.500, 1 },
		{ 1, 12, -1, 0.361 },  { 2, 2, 0.333, 1 },     { 2, 6, 0.094, -1 },
		{ 9, 50, 0.097, -1 },  { 10, 50, 0.111, -1 },  { 1, 54, -1, 0.1003 },
		{ 1, 55, -1, 0.0986 }, { 0, 36, 0, 0.1 },
	};
	for_each_row(row, rows) {
		double margin = row->n > 50 ? 0.00006 : 0.0006;
		if (row->lo >= 0 && fabs(wilson_lo(row->x, row->n) - row->lo) > margin)
			fail_msg("lo(%d, %d) = %.4f", row->x, row->n,
				 wilson_lo(row->x, row->n));
		if (row->hi >= 0 && fabs(wilson_hi(row->x, row->n) - row->hi) > margin)
			fail_msg("hi(%d, %d) = %.4f", row->x, row->n,
				 wilson_hi(row->x, row->n));
	}
	assert_true(wilson_hi(0, 36) <= 0.10);
	assert_true(wilson_hi(0, 35) > 0.10);
	assert_true(wilson_lo(0, 1) == 0);
	assert_true(wilson_hi(7, 7) == 1);
}

static void test_harmless_line_of_the_corpus_is_not_suspicious(void **state)
{
	(void)state;
	/* 9 of 12 failing, 2 of 5 working: the intervals overlap. */
	assert_false(wilson_lo(9, 12) > wilson_hi(2, 5));
	assert_false(wilson_lo(3, 3) > wilson_hi(0, 5));
	assert_true(wilson_lo(3, 3) > wilson_hi(0, 6));
	assert_true(wilson_lo(4, 4) > wilson_hi(1, 12));
}

static void test_strength_is_a_word(void **state)
{
	(void)state;
	static const struct {
		int n;
		const char *words;
	} rows[] = {
		{ 0, "" },        { 1, "one machine" }, { 2, "a few" }, { 4, "a few" },
		{ 5, "several" }, { 35, "several" },    { 36, "many" }, { 4000, "many" },
	};
	for_each_row(row, rows)
		assert_string_equal(verdict_strength(row->n), row->words);
}

#define GOOD                                                                             \
	{                                                                                \
		.word = VERDICT_CLEAN                                                    \
	}
#define LOUD                                                                             \
	{                                                                                \
		.word = VERDICT_NOISY                                                    \
	}
#define BAD                                                                              \
	{                                                                                \
		.word = VERDICT_BROKEN                                                   \
	}
#define ODD                                                                              \
	{                                                                                \
		.word = VERDICT_CONFLICT                                                 \
	}

static void test_height_needs_all_below(void **state)
{
	(void)state;
	const uint32_t api = rung_bit(RUNG_LOAD) | rung_bit(RUNG_ENUMERATE) |
			     rung_bit(RUNG_OPEN) | rung_bit(RUNG_COPY) |
			     rung_bit(RUNG_COMPILE) | rung_bit(RUNG_LAUNCH);
	const struct {
		struct verdict rungs[RUNG_COUNT];
		uint32_t has;
		enum rung height, conflict, broken;
	} rows[] = {
		{ { { 0 } }, 0, RUNG_COUNT, RUNG_COUNT, RUNG_COUNT },
		{ { [RUNG_LOAD] = GOOD,
		    [RUNG_ENUMERATE] = GOOD,
		    [RUNG_OPEN] = LOUD,
		    [RUNG_COPY] = GOOD,
		    [RUNG_COMPILE] = GOOD,
		    [RUNG_LAUNCH] = GOOD },
		  api,
		  RUNG_LAUNCH,
		  RUNG_COUNT,
		  RUNG_COUNT },
		/* a copy that fails leaves the compiler's rung standing */
		{ { [RUNG_LOAD] = GOOD,
		    [RUNG_ENUMERATE] = GOOD,
		    [RUNG_OPEN] = GOOD,
		    [RUNG_COPY] = BAD,
		    [RUNG_COMPILE] = GOOD },
		  api,
		  RUNG_COMPILE,
		  RUNG_COUNT,
		  RUNG_COPY },
		/* good on top of a conflict does not lift */
		{ { [RUNG_LOAD] = GOOD,
		    [RUNG_ENUMERATE] = ODD,
		    [RUNG_OPEN] = GOOD,
		    [RUNG_LAUNCH] = GOOD },
		  api,
		  RUNG_LOAD,
		  RUNG_ENUMERATE,
		  RUNG_COUNT },
		/* a rung the interface does not have is nobody's need */
		{ { [RUNG_LOAD] = GOOD, [RUNG_ENUMERATE] = GOOD, [RUNG_FENCE] = GOOD },
		  rung_bit(RUNG_LOAD) | rung_bit(RUNG_ENUMERATE) | rung_bit(RUNG_FENCE),
		  RUNG_FENCE,
		  RUNG_COUNT,
		  RUNG_COUNT },
	};
	for_each_row(row, rows) {
		assert_int_equal(verdict_height(row->rungs, row->has), row->height);
		assert_int_equal(verdict_lowest(row->rungs, VERDICT_CONFLICT),
				 row->conflict);
		assert_int_equal(verdict_lowest(row->rungs, VERDICT_BROKEN), row->broken);
	}
}

static void test_words_parse_as_they_are_written(void **state)
{
	(void)state;
	for (int i = 0; i < VERDICT_COUNT; i++) {
		enum verdict_word word = VERDICT_COUNT;
		assert_true(verdict_parse(verdict_rows[i].name, &word));
		assert_int_equal(word, i);
	}
	enum verdict_word word = VERDICT_COUNT;
	assert_false(verdict_parse("fine", &word));
	assert_int_equal(word, VERDICT_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts_follow_the_counts),
		cmocka_unit_test(
			test_machines_that_only_disagree_with_themselves_are_told_apart),
		cmocka_unit_test(test_wilson_gives_the_published_figures),
		cmocka_unit_test(test_harmless_line_of_the_corpus_is_not_suspicious),
		cmocka_unit_test(test_strength_is_a_word),
		cmocka_unit_test(test_height_needs_all_below),
		cmocka_unit_test(test_words_parse_as_they_are_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
