/* Whose the kernel lines are that came while a rung was climbed. */
#include "diagnosis/window.h"

#include "tests/diagnosis/builder.h"

static struct arena arena;

static int tear_down(void **state)
{
	(void)state;
	arena_deinit(&arena);
	return 0;
}

/* A rung with a call that failed and was expected to so often, and lines in its window. */
struct row {
	const char *what, *call;
	int error; /* of the call */
	int64_t unfinished, failed, expected;
	const char *handler;
	int printed; /* errno in the lines */
	int64_t lines;
	struct window is;
};

/* clang-format off */
static const struct row rows[] = {
	{ "as many as failed are ours",
	  "escape", -75, .failed = 2, .handler = "dxgkio_escape", .printed = -75, .lines = 2,
	  .is = { .ours = 2 } },
	{ "more are others'",
	  "escape", -75, .failed = 2, .handler = "dxgkio_escape", .printed = -75, .lines = 5,
	  .is = { .ours = 2, .foreign = 3 } },
	{ "expected ones are ours too",
	  "query_adapter_info", -22, .failed = 1, .expected = 3,
	  .handler = "dxgkio_query_adapter_info", .printed = -22, .lines = 5,
	  .is = { .ours = 4, .foreign = 1 } },
	{ "fewer than failed: not every handler prints",
	  "free_gpu_va", -22, .failed = 4, .handler = "dxgkio_free_gpu_va", .printed = -22,
	  .lines = 1, .is = { .ours = 1 } },
	{ "another errno is another's",
	  "escape", -75, .failed = 2, .handler = "dxgkio_escape", .printed = -22, .lines = 1,
	  .is = { .foreign = 1 } },
	{ "another handler is another's",
	  "escape", -75, .failed = 2, .handler = "dxgkio_escapes", .printed = -75,
	  .lines = 1, .is = { .foreign = 1 } },
	{ "one handler prints twice",
	  "enum_adapters3", -22, .failed = 1, .handler = "dxgkp_enum_adapters",
	  .printed = -22, .lines = 1, .is = { .ours = 1 } },
	{ "a call that was killed",
	  "create_device", 0, .unfinished = 1, .handler = "dxgkio_create_device",
	  .printed = -512, .lines = 1, .is = { .ours = 1 } },
	{ "a kill that was not ours",
	  "create_device", 0, .handler = "dxgkio_create_device", .printed = -512,
	  .lines = 1, .is = { .foreign = 1 } },
	{ "no trace tells nothing",
	  NULL, 0, .handler = "dxgkio_escape", .printed = -75, .lines = 4,
	  .is = { .unknown = 4 } },
};
/* clang-format on */

static struct rung_result make(const struct row *row)
{
	struct rung_result rung = { .has_kernel_log = true };
	failures_add(&arena, &rung.kernel_log, row->handler, row->printed, row->lines);
	if (!row->call)
		return rung;
	rung.trace.how = "ptrace";
	struct trace_call *call = arena_push(&arena, rung.trace.call, rung.trace.n);
	*call = (struct trace_call){ .ioctl = row->call,
				     .calls = 9,
				     .unfinished = row->unfinished };
	if (row->failed)
		failures_add(&arena, &call->failed, row->call, row->error, row->failed);
	if (row->expected)
		failures_add(&arena, &call->expected, row->call, row->error,
			     row->expected);
	return rung;
}

static void test_lines_are_ours_as_far_as_calls_account_for_them(void **state)
{
	(void)state;
	for_each_row(row, rows) {
		const struct rung_result rung = make(row);
		struct window window = { 0 };
		window_add(&window, &rung);
		if (window.ours != row->is.ours || window.foreign != row->is.foreign ||
		    window.unknown != row->is.unknown)
			fail_msg("%s: %d ours, %d foreign, %d unknown", row->what,
				 (int)window.ours, (int)window.foreign,
				 (int)window.unknown);
	}
}

static void test_only_what_was_announced_is_expected(void **state)
{
	(void)state;
	const struct rung_result rung = make(&rows[2]);
	const struct failure *lines = &rung.kernel_log.failure[0];
	assert_int_equal(window_ours(&rung, lines), 4);
	assert_int_equal(window_expected(&rung, lines), 3);
	const struct failure one = { lines->ioctl, lines->error, 1 };
	assert_int_equal(window_expected(&rung, &one), 1);
}

static void test_a_record_adds_up_its_rungs(void **state)
{
	(void)state;
	cleanup_record struct record record;
	build_record(&record);
	for (size_t i = 0; i < 2; i++) {
		build_rung(&record,
			   &(struct built_rung){ "dxg", A, RUNG_LOAD, OUTCOME_PASS });
		record.results[0].rungs[i] = make(&rows[i + 1]);
	}
	const struct window window = window_of_record(&record);
	assert_int_equal(window.ours, 2 + 4);
	assert_int_equal(window.foreign, 3 + 1);
	assert_int_equal(window.unknown, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_are_ours_as_far_as_calls_account_for_them),
		cmocka_unit_test(test_only_what_was_announced_is_expected),
		cmocka_unit_test(test_a_record_adds_up_its_rungs),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
