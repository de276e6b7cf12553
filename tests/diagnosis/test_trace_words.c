#include "diagnosis/trace_words.h"

#include "tests/testing.h"

static struct strbuf buf;

static void assert_added(const char *expected)
{
	assert_string_equal(buf.string, expected);
	strbuf_truncate(&buf, 0);
}

static void test_a_call_names_what_it_asked(void **state)
{
	(void)state;
	trace_add_call(&buf, "reserve_gpu_va", false, 0);
	assert_added("reserve_gpu_va");
	trace_add_call(&buf, "query_adapter_info", true, 0);
	assert_added("query_adapter_info type 0");
}

static void test_times_have_the_unit_that_suits_them(void **state)
{
	(void)state;
	static const struct {
		int64_t us;
		const char *words;
	} rows[] = {
		{ 0, "0 us" },
		{ 999, "999 us" },
		{ 1000, "1 ms" },
		{ 17999, "17 ms" },
		{ 9999999, "9999 ms" },
		{ 10000000, "10 s" },
		{ INT64_MAX, "9223372036854 s" },
	};
	for_each_row(row, rows) {
		trace_add_time(&buf, row->us);
		assert_added(row->words);
	}
}

static void test_an_end_is_an_answer_or_none(void **state)
{
	(void)state;
	trace_add_end(&buf, &(struct trace_last){ .returned = true, .result = -75 });
	assert_added("refused (-75)");
	trace_add_end(&buf, &(struct trace_last){ .returned = true, .result = 259 });
	assert_added("granted");
	trace_add_end(&buf, &(struct trace_last){ .returned = false, .result = -75 });
	assert_added("had not returned");
	for (int i = 0; i < OUTCOME_COUNT; i++)
		assert_non_null(strstr(trace_end_words((enum outcome)i), "the "));
	assert_string_equal(trace_end_words(OUTCOME_CRASH), "the crash");
	assert_string_equal(trace_end_words(OUTCOME_TIMEOUT), "the deadline");
}

static void test_the_last_of_a_failure_is_found(void **state)
{
	(void)state;
	struct trace_last last[] = {
		{ "q", true, true, 57, -2, 1, 900, 0 },
		{ "q", true, true, 57, -2, 1, 800, 0 },
		{ "q", true, true, 31, -2, 1, 700, 0 },
		{ "q", true, false, 57, -2, -1, 600, 0 }, /* it had not returned */
		{ "r", false, true, 0, -2, 1, 500, 0 },
	};
	const struct trace trace = { .last = last, .n_last = ARRAY_SIZE(last) };
	struct trace_failure failure = { "q", true, 57, -2, 2 };
	assert_ptr_equal(trace_find_last(&trace, &failure), &last[1]);
	failure.type = 31;
	assert_ptr_equal(trace_find_last(&trace, &failure), &last[2]);
	failure.error = -22;
	assert_null(trace_find_last(&trace, &failure));
	failure = (struct trace_failure){ "r", false, 0, -2, 1 };
	assert_ptr_equal(trace_find_last(&trace, &failure), &last[4]);
	failure.ioctl = "q";
	assert_null(trace_find_last(&trace, &failure));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_call_names_what_it_asked),
		cmocka_unit_test(test_times_have_the_unit_that_suits_them),
		cmocka_unit_test(test_an_end_is_an_answer_or_none),
		cmocka_unit_test(test_the_last_of_a_failure_is_found),
	};
	strbuf_init(&buf);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	strbuf_deinit(&buf);
	return failed;
}
