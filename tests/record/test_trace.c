#include "record/trace.h"

#include "tests/testing.h"

static struct arena arena;

static struct trace_type *add_type(struct trace_call *call, uint32_t number)
{
	struct trace_type *type = arena_push(&arena, call->types, call->n_types);
	*type = (struct trace_type){ .type = number, .calls = 1 };
	return type;
}

static void fail_with(struct failures *failures, int error, int64_t count)
{
	failures_add(&arena, failures, "query_adapter_info", error, count);
}

/* Two types, and what is of neither. */
static struct trace_call query(void)
{
	struct trace_call call = { .ioctl = "query_adapter_info", .calls = 20 };
	fail_with(&call.failed, -2, 5);
	fail_with(&call.failed, -22, 3);
	fail_with(&call.failed, -75, 1);
	fail_with(&call.expected, -22, 2);
	fail_with(&add_type(&call, 31)->failed, -2, 1);
	struct trace_type *type = add_type(&call, 57);
	fail_with(&type->failed, -2, 4);
	fail_with(&type->failed, -22, 1);
	fail_with(&type->expected, -22, 2);
	return call;
}

static void test_a_failure_is_of_its_type_where_that_is_known(void **state)
{
	(void)state;
	struct trace trace = { .how = "ptrace" };
	struct trace_call escape = { .ioctl = "escape", .calls = 1 };
	failures_add(&arena, &escape.failed, "escape", -75, 1);
	*arena_push(&arena, trace.call, trace.n) = query();
	*arena_push(&arena, trace.call, trace.n) = escape;
	static const struct trace_failure expected[] = {
		{ "query_adapter_info", true, 31, -2, 1 },
		{ "query_adapter_info", true, 57, -22, 1 },
		{ "query_adapter_info", true, 57, -2, 4 },
		{ "query_adapter_info", false, 0, -75, 1 },
		{ "query_adapter_info", false, 0, -22, 2 },
		{ "escape", false, 0, -75, 1 },
	};
	const struct trace_failures all = trace_failures(&trace, &arena);
	assert_int_equal(all.n, ARRAY_SIZE(expected));
	for (size_t i = 0; i < all.n; i++) {
		assert_string_equal(all.failure[i].ioctl, expected[i].ioctl);
		assert_int_equal(all.failure[i].has_type, expected[i].has_type);
		assert_int_equal(all.failure[i].type, expected[i].type);
		assert_int_equal(all.failure[i].error, expected[i].error);
		assert_int_equal(all.failure[i].count, expected[i].count);
	}
	assert_int_equal(trace_failures(&(struct trace){ 0 }, &arena).n, 0);
}

static void test_types_hold_no_more_than_their_call(void **state)
{
	(void)state;
	struct failures rest;
	struct trace_call call = query();
	assert_true(trace_call_untyped(&call, false, &arena, &rest));
	assert_int_equal(failures_total(&rest), 3);
	assert_true(trace_call_untyped(&call, true, &arena, &rest));
	assert_int_equal(rest.n, 0);
	/* one more than there are, in two types together */
	fail_with(&call.types[0].failed, -22, 3);
	assert_false(trace_call_untyped(&call, false, &arena, &rest));
	call = query();
	fail_with(&call.types[0].failed, -1, 1); /* one that the call does not have */
	assert_false(trace_call_untyped(&call, false, &arena, &rest));
	call = query();
	fail_with(&call.types[0].failed, -999, 1);
	assert_false(trace_call_untyped(&call, false, &arena, &rest));
	call = query();
	fail_with(&call.types[0].expected, -22, INT64_MAX);
	assert_false(trace_call_untyped(&call, true, &arena, &rest));
}

static int clear(void **state)
{
	(void)state;
	arena_deinit(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_failure_is_of_its_type_where_that_is_known),
		cmocka_unit_test(test_types_hold_no_more_than_their_call),
	};
	return cmocka_run_group_tests(tests, NULL, clear);
}
