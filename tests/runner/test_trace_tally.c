#include "runner/trace_tally.h"

#include "probes/dxg_abi.h"
#include "probes/packet.h"
#include "tests/testing.h"

static struct tally tally;

static void count(uint32_t request, int64_t type, int64_t result, int64_t ns)
{
	struct dxg_call call = {
		.tid = 1,
		.request = request,
		.has_query_type = type >= 0,
		.query_type = (uint32_t)type,
		.result = result,
		.ns = ns,
	};
	tally_begin(&tally, &call);
	tally_end(&tally, &call);
}

static int clear(void **state)
{
	(void)state;
	memset(&tally, 0, sizeof(tally));
	return 0;
}

static const struct trace_call *find(const struct trace *trace, const char *name)
{
	for (size_t i = 0; i < trace->n; i++)
		if (!strcmp(trace->call[i].ioctl, name))
			return &trace->call[i];
	fail_msg("no %s", name);
	return NULL;
}

static int64_t count_of(const struct failures *failures, int error)
{
	for (size_t i = 0; i < failures->n; i++)
		if (failures->failure[i].error == error)
			return failures->failure[i].count;
	return 0;
}

static void test_expected_refusals_are_apart(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct trace trace;
	for (int i = 0; i < 3; i++)
		count(LX_DXQUERYADAPTERINFO, 60, -22, 1000);
	count(LX_DXQUERYADAPTERINFO, 31, -22, 2000);
	count(LX_DXQUERYADAPTERINFO, 31, 0, 2000);
	count(LX_ISFEATUREENABLED, -1, -22, 3000);
	count(LX_ISFEATUREENABLED, -1, -1, 3000);
	const struct tally_expected expected[] = {
		{ _IOC_NR(LX_DXQUERYADAPTERINFO), 60, 1 },
		{ _IOC_NR(LX_DXQUERYADAPTERINFO), 60, 1 },
		{ _IOC_NR(LX_ISFEATUREENABLED), PACKET_ANY_TYPE, 9 },
		{ _IOC_NR(LX_DXCREATEDEVICE), PACKET_ANY_TYPE, 1 },
	};
	tally_to_trace(&tally, "ptrace", expected, ARRAY_SIZE(expected), &arena, &trace);
	assert_string_equal(trace.how, "ptrace");
	assert_int_equal(trace.n, 2);
	const struct trace_call *query = find(&trace, "query_adapter_info");
	assert_int_equal(query->calls, 5);
	assert_int_equal(query->max_us, 2);
	assert_int_equal(count_of(&query->expected, -22), 2);
	assert_int_equal(count_of(&query->failed, -22), 2);
	const struct trace_call *feature = find(&trace, "is_feature_enabled");
	assert_int_equal(feature->failed.n, 0);
	assert_int_equal(count_of(&feature->expected, -22), 1);
	assert_int_equal(count_of(&feature->expected, -1), 1);
}

static void test_a_positive_status_is_a_success(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct trace trace;
	count(LX_DXMAKERESIDENT, -1, STATUS_PENDING, 1000);
	tally_to_trace(&tally, "ptrace", NULL, 0, &arena, &trace);
	assert_int_equal(trace.call[0].calls, 1);
	assert_int_equal(trace.call[0].failed.n, 0);
	assert_int_equal(tally.calls[_IOC_NR(LX_DXMAKERESIDENT)].failed, 0);
}

static void test_what_did_not_return_has_no_time(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct trace trace;
	struct tally_last last[TALLY_LAST];
	count(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, -1, DXG_CALL_UNFINISHED, -1);
	tally_to_trace(&tally, "ptrace", NULL, 0, &arena, &trace);
	assert_int_equal(trace.call[0].calls, 1);
	assert_int_equal(trace.call[0].max_us, -1);
	assert_int_equal(tally_get_last(&tally, last), 1);
	assert_false(last[0].returned);
}

static void test_the_last_calls_are_kept_in_order(void **state)
{
	(void)state;
	struct tally_last last[TALLY_LAST];
	for (int i = 0; i < 3 * TALLY_LAST; i++)
		count(LX_DXQUERYADAPTERINFO, i, i, 1000);
	assert_int_equal(tally_get_last(&tally, last), TALLY_LAST);
	for (int i = 0; i < TALLY_LAST; i++) {
		assert_int_equal(last[i].type, 2 * TALLY_LAST + i);
		assert_int_equal(last[i].result, 2 * TALLY_LAST + i);
	}
}

static void test_times_fall_into_powers_of_two(void **state)
{
	(void)state;
	static const struct {
		int64_t ns;
		int bucket;
	} rows[] = { { 0, 0 },        { 999, 0 },
		     { 1999, 0 },     { 2000, 1 },
		     { 3999, 1 },     { 4000, 2 },
		     { 1024000, 10 }, { INT64_MAX, TALLY_BUCKETS - 1 } };
	for_each_row(row, rows) {
		clear(NULL);
		count(LX_DXLOCK2, -1, 0, row->ns);
		assert_int_equal(tally.calls[_IOC_NR(LX_DXLOCK2)].histogram[row->bucket],
				 1);
	}
}

static void test_more_ends_than_rows_are_counted(void **state)
{
	(void)state;
	for (int i = 0; i < TALLY_ROWS + 5; i++)
		count(LX_DXQUERYADAPTERINFO, i, 0, 1000);
	assert_int_equal(tally.unlisted, 5);
	assert_int_equal(tally.calls[_IOC_NR(LX_DXQUERYADAPTERINFO)].calls,
			 TALLY_ROWS + 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_expected_refusals_are_apart, clear),
		cmocka_unit_test_setup(test_a_positive_status_is_a_success, clear),
		cmocka_unit_test_setup(test_what_did_not_return_has_no_time, clear),
		cmocka_unit_test_setup(test_the_last_calls_are_kept_in_order, clear),
		cmocka_unit_test_setup(test_times_fall_into_powers_of_two, clear),
		cmocka_unit_test_setup(test_more_ends_than_rows_are_counted, clear),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
