#include "runner/trace_tally.h"

#include <errno.h>

#include "probes/dxg_abi.h"
#include "probes/packet.h"
#include "tests/testing.h"

static struct tally tally;

static struct dxg_call begin(pid_t tid, uint32_t request, int64_t begun_ns)
{
	const struct dxg_call call = {
		.tid = tid, .request = request, .begun_ns = begun_ns, .ns = -1
	};
	tally_begin(&tally, &call);
	return call;
}

static void end(struct dxg_call call, int64_t result, int64_t ns)
{
	call.result = result;
	call.ns = ns;
	tally_end(&tally, &call);
}

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
	/* … also by what was asked, in its order */
	assert_int_equal(query->n_types, 2);
	assert_int_equal(query->types[0].type, 31);
	assert_int_equal(query->types[0].calls, 2);
	assert_int_equal(count_of(&query->types[0].failed, -22), 1);
	assert_int_equal(query->types[0].expected.n, 0);
	assert_int_equal(query->types[1].type, 60);
	assert_int_equal(query->types[1].calls, 3);
	assert_int_equal(count_of(&query->types[1].failed, -22), 1);
	assert_int_equal(count_of(&query->types[1].expected, -22), 2);
	const struct trace_call *feature = find(&trace, "is_feature_enabled");
	assert_int_equal(feature->failed.n, 0);
	assert_int_equal(feature->n_types, 0);
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
	count(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, -1, DXG_CALL_UNFINISHED, -1);
	tally_to_trace(&tally, "ptrace", NULL, 0, &arena, &trace);
	assert_int_equal(trace.call[0].calls, 1);
	assert_int_equal(trace.call[0].unfinished, 1);
	assert_int_equal(trace.call[0].sum_us, -1);
	assert_int_equal(trace.call[0].max_us, -1);
	assert_int_equal(trace.call[0].n_buckets, 0);
	tally_add_last(&tally, 5000, &arena, &trace);
	assert_int_equal(trace.n_last, 1);
	assert_false(trace.last[0].returned);
	assert_int_equal(trace.last[0].us, -1);
	assert_int_equal(trace.last[0].before_us, 5);
}

static void test_times_are_summed(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct trace trace;
	count(LX_DXLOCK2, -1, 0, 1500);
	tally_to_trace(&tally, "ptrace", NULL, 0, &arena, &trace);
	assert_int_equal(trace.call[0].sum_us, 1);
	assert_int_equal(trace.call[0].max_us, 1);
	assert_int_equal(trace.call[0].n_buckets, 0); /* one alone: its time says all */
	count(LX_DXLOCK2, -1, 0, 70500);
	count(LX_DXLOCK2, -1, -22, 71000);
	tally_to_trace(&tally, "ptrace", NULL, 0, &arena, &trace);
	assert_int_equal(trace.call[0].sum_us, 143);
	assert_int_equal(trace.call[0].max_us, 71);
	assert_int_equal(trace.call[0].n_buckets, 2);
	assert_int_equal(trace.call[0].buckets[0].from_us, 0);
	assert_int_equal(trace.call[0].buckets[0].count, 1);
	assert_int_equal(trace.call[0].buckets[1].from_us, 64);
	assert_int_equal(trace.call[0].buckets[1].count, 2);
}

static void test_the_last_calls_are_kept_in_order(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct trace trace = { 0 };
	for (int i = 0; i < 3 * TALLY_LAST; i++)
		count(LX_DXQUERYADAPTERINFO, i, i, 1000);
	tally_add_last(&tally, 1000, &arena, &trace);
	tally_number_threads(&trace);
	assert_int_equal(trace.n_last, TALLY_LAST);
	for (int i = 0; i < TALLY_LAST; i++) {
		assert_string_equal(trace.last[i].ioctl, "query_adapter_info");
		assert_true(trace.last[i].has_type);
		assert_int_equal(trace.last[i].type, 2 * TALLY_LAST + i);
		assert_int_equal(trace.last[i].result, 2 * TALLY_LAST + i);
		assert_int_equal(trace.last[i].us, 1);
		assert_int_equal(trace.last[i].before_us, 0);
		assert_int_equal(trace.last[i].thread, 0); /* there is one alone */
	}
}

/* One thread waits for ever while another asks and asks. */
static void test_a_call_that_does_not_return_is_not_forgotten(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct trace trace = { 0 };
	end(begin(7, LX_DXLOCK2, 10), 0, 5);
	begin(7, LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, 20);
	for (int i = 0; i < 2 * TALLY_LAST; i++)
		end(begin(9, LX_DXGETDEVICESTATE, 100 + i), 0, 1);
	tally_add_last(&tally, 20000, &arena, &trace);
	assert_int_equal(trace.last[0].thread, 7);
	tally_number_threads(&trace);
	assert_int_equal(trace.n_last, TALLY_LAST);
	assert_string_equal(trace.last[0].ioctl, "wait_sync_object_cpu");
	assert_false(trace.last[0].returned);
	assert_int_equal(trace.last[0].thread, 1);
	assert_string_equal(trace.last[1].ioctl, "get_device_state");
	assert_true(trace.last[1].returned);
	assert_int_equal(trace.last[1].thread, 2);
	/* but where all wait, the oldest goes */
	clear(NULL);
	for (int i = 0; i <= TALLY_LAST; i++)
		begin(i, LX_DXLOCK2, i);
	assert_int_equal(tally.n_last, TALLY_LAST);
	assert_int_equal(tally.last[0].tid, 1);
}

static void test_the_last_calls_are_told_as_of_the_end(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct trace trace = { 0 };
	end(begin(1, LX_DXRESERVEGPUVIRTUALADDRESS, 1000000), -75, 41000);
	end(begin(1, LX_DXLOCK2, 2000000), -EINTR, -1);        /* its time is not known */
	end(begin(2, LX_DXESCAPE, 17000000), -EINTR, 5000000); /* the kill ended it */
	end(begin(1, LX_DXCLOSEADAPTER, 19000000), 0, 1000);   /* its clean-up */
	tally_add_last(&tally, 18041000, &arena, &trace);
	assert_int_equal(trace.n_last, 3);
	assert_int_equal(trace.last[0].result, -75);
	assert_int_equal(trace.last[0].us, 41);
	assert_int_equal(trace.last[0].before_us, 17000);
	assert_true(trace.last[1].returned);
	assert_int_equal(trace.last[1].us, -1);
	assert_int_equal(trace.last[1].before_us, 16041);
	assert_string_equal(trace.last[2].ioctl, "escape");
	assert_false(trace.last[2].returned);
	assert_int_equal(trace.last[2].us, -1);
	assert_int_equal(trace.last[2].before_us, 1041);
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
		cmocka_unit_test_setup(test_times_are_summed, clear),
		cmocka_unit_test_setup(test_the_last_calls_are_kept_in_order, clear),
		cmocka_unit_test_setup(test_a_call_that_does_not_return_is_not_forgotten,
				       clear),
		cmocka_unit_test_setup(test_the_last_calls_are_told_as_of_the_end, clear),
		cmocka_unit_test_setup(test_times_fall_into_powers_of_two, clear),
		cmocka_unit_test_setup(test_more_ends_than_rows_are_counted, clear),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
