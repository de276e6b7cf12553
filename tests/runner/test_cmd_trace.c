/* dxgmatrix trace of programs that make known calls: exactly those are told. */
#include <signal.h>

#include "probes/recording.h"
#include "tests/runner/told.h"

static void assert_calls(const struct told *told, const char *name, int calls, int failed,
			 const char *error)
{
	json_t *all = json_object_get(told->report, "calls");
	json_t *call = json_object_get(all, name);
	json_t *errors = json_object_get(call, "failed");
	assert_int_equal(json_integer_value(json_object_get(call, "calls")), calls);
	assert_int_equal(json_object_size(errors), failed ? 1 : 0);
	if (failed)
		assert_int_equal(json_integer_value(json_object_get(errors, error)),
				 failed);
}

static size_t count_calls(const struct told *told)
{
	return json_object_size(json_object_get(told->report, "calls"));
}

/* The program's list of calls, so many times. Where there is no device, all are refused. */
static void assert_rounds(const struct told *told, bool simulated, int rounds)
{
	assert_int_equal(count_calls(told), 3);
	if (simulated) {
		assert_calls(told, "enum_adapters3", rounds, 0, NULL);
		assert_calls(told, "query_adapter_info", 5 * rounds, 2 * rounds, "-22");
	} else {
		assert_calls(told, "enum_adapters3", rounds, rounds, "-25");
		assert_calls(told, "query_adapter_info", 5 * rounds, 5 * rounds, "-25");
	}
	assert_calls(told, "0x4b", rounds, rounds, "-25");
	json_t *types =
		json_object_get(json_object_get(json_object_get(told->report, "calls"),
						"query_adapter_info"),
				"types");
	assert_int_equal(json_object_size(types), 2);
	json_t *type = json_object_get(types, "60");
	assert_int_equal(json_integer_value(json_object_get(type, "calls")), 2 * rounds);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(type, "failed"),
						   simulated ? "-22" : "-25")),
		2 * rounds);
}

static void check_rounds(const char *program, const char *mode, int rounds)
{
	for (int simulated = 0; simulated < 2; simulated++) {
		struct told told = trace(simulated, program, mode);
		assert_int_equal(told.status, 0);
		assert_how(&told, simulated);
		assert_rounds(&told, simulated, rounds);
		json_decref(told.report);
	}
}

static void test_exactly_the_calls_of_a_program_are_told(void **state)
{
	(void)state;
	check_rounds("traced", "plain", 1);
}

static void test_a_static_program_is_seen(void **state)
{
	(void)state;
#ifdef HAVE_STATIC_LIBC
	check_rounds("traced_static", "plain", 1);
#else
	skip();
#endif
}

static void test_children_and_their_orphans_are_seen(void **state)
{
	(void)state;
	check_rounds("traced", "fork", 3);
}

static void test_a_thread_that_executes_another_program_is_seen(void **state)
{
	(void)state;
	check_rounds("traced", "exec", 2);
}

static void check_enumerations(const char *mode)
{
	for (int simulated = 0; simulated < 2; simulated++) {
		struct told told = trace(simulated, "traced", mode);
		assert_int_equal(told.status, 0);
		assert_int_equal(count_calls(&told), 1);
		assert_calls(&told, "enum_adapters3", 100, simulated ? 0 : 100, "-25");
		json_decref(told.report);
	}
}

static void test_threads_are_seen(void **state)
{
	(void)state;
	check_enumerations("threads");
}

static void test_signals_neither_hide_nor_double_a_call(void **state)
{
	(void)state;
	check_enumerations("signals");
}

static void test_a_deeply_bound_library_is_seen(void **state)
{
	(void)state;
	for (int simulated = 0; simulated < 2; simulated++) {
		struct told told = trace(simulated, "traced", "deepbind");
		assert_int_equal(count_calls(&told), 1);
		assert_calls(&told, "close_adapter", 5, simulated ? 0 : 5, "-25");
		json_decref(told.report);
	}
}

static void test_a_program_that_makes_no_call_ends_as_it_does(void **state)
{
	(void)state;
	struct told told = trace(false, "traced", "nothing");
	assert_int_equal(WEXITSTATUS(told.status), 7);
	assert_int_equal(count_calls(&told), 0);
	assert_int_equal(json_integer_value(json_object_get(told.report, "status")), 7);
	json_decref(told.report);
}

static void test_follow_decodes_each_call(void **state)
{
	(void)state;
	cleanup_free char *path = traced_path("traced"), *text = NULL;
	const char *const argv[] = { dxgmatrix, "trace", "--follow", "-o", report_path,
				     "--",      path,    "plain",    NULL };
	assert_int_equal(run_it(true, argv), 0);
	assert_ok(file_read(report_path, 1 << 20, &text, NULL));
	static const char *const lines[] = {
		"enum_adapters3(filter=0x0, adapter_count=64, adapters=0x",
		" -> adapter_count=1) = 0 <",
		"type=31 PHYSICALADAPTERDEVICEIDS, private_data_size=28) = 0",
		"type=60 QUERY_ADAPTER_UNIQUE_GUID, private_data_size=64) = -22 EINVAL",
		"0x4b(00 00 00 40) = -25 ENOTTY",
		"Seen by ptrace, every call: the tracer's filter is not heard: ",
	};
	for_each_row(line, lines)
		if (!strstr(text, *line))
			fail_msg("'%s' lacks '%s'", text, *line);
}

static void test_a_recording_holds_what_went_in_and_out(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct recording recording;
	cleanup_free char *path = traced_path("traced");
	cleanup_free char *file = xasprintf("%s.calls", report_path);
	const char *const argv[] = { dxgmatrix, "trace", "-o", report_path, "--record",
				     file,      "--",    path, "plain",     NULL };
	assert_int_equal(run_it(true, argv), 0);
	assert_ok(recording_read(file, &arena, &recording));
	unlink(file);
	assert_int_equal(recording.n, 7);
	/* nvidia-clean's one adapter, and its ids of type 31 */
	assert_int_equal(recording.calls[0].out.bytes[8], 1);
	const struct recording_call *query = &recording.calls[1];
	assert_int_equal(query->result, 0);
	assert_int_equal(query->n_data, 1);
	assert_int_equal(query->data[0].out.size, 28);
	assert_int_equal(query->data[0].out.bytes[4], 0xde);
	assert_int_equal(query->data[0].out.bytes[5], 0x10);
	assert_int_equal(recording.calls[4].result, -22);
	assert_int_equal(recording.calls[6].result, -25);
}

static void test_input_and_output_are_the_commands_own(void **state)
{
	(void)state;
	cleanup_free char *command = xasprintf("echo through | '%s' trace -o '%s' -- cat",
					       dxgmatrix, report_path);
	FILE *pipe = popen(command, "r");
	char line[64] = "";
	assert_non_null(pipe);
	assert_non_null(fgets(line, sizeof(line), pipe));
	assert_string_equal(line, "through\n");
	assert_null(fgets(line, sizeof(line), pipe));
	assert_int_equal(pclose(pipe), 0);
}

static json_t *find_rung(json_t *record, const char *name)
{
	size_t i;
	json_t *rung, *result = json_array_get(json_object_get(record, "results"), 0);
	json_array_foreach(json_object_get(result, "rungs"), i, rung)
		if (!strcmp(json_string_value(json_object_get(rung, "rung")), name))
			return rung;
	fail_msg("no rung '%s'", name);
	return NULL;
}

/* Nobody can be traced twice: as where ptrace is not permitted. */
static void test_what_may_not_be_traced_is_not_run(void **state)
{
	(void)state;
	cleanup_free char *path = traced_path("traced"), *said = NULL;
	cleanup_free char *command = xasprintf(
		"exec '%s' trace -o /dev/null -- '%s' trace -- '%s' nothing 2>'%s'",
		dxgmatrix, dxgmatrix, path, report_path);
	setenv("ASAN_OPTIONS", "detect_leaks=0", true); /* it cannot below a tracer */
	int status =
		run_it(false, (const char *const[]){ "/bin/sh", "-c", command, NULL });
	unsetenv("ASAN_OPTIONS");
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_ok(file_read(report_path, 1 << 16, &said, NULL));
	if (!strstr(said, "cannot be traced: ptrace is not permitted: another program"))
		fail_msg("it says '%s'", said);
}

static void test_where_nothing_may_be_traced_a_run_goes_on_without(void **state)
{
	(void)state;
	cleanup_free char *folder = NULL;
	assert_ok(file_temporary_folder("trace-test-", &folder));
	setenv("XDG_STATE_HOME", folder, true);
	setenv("XDG_DATA_HOME", folder, true);
	setenv("ASAN_OPTIONS", "detect_leaks=0", true);
	struct simulated run =
		simulate(scenario, (const char *const[]){ dxgmatrix, "trace", "-o",
							  report_path, "--", dxgmatrix,
							  "run", "dxg", "--json", NULL });
	unsetenv("ASAN_OPTIONS");
	json_t *record = json_loads(run.output, 0, NULL);
	assert_non_null(record);
	json_t *fence = find_rung(record, "fence");
	assert_string_equal(json_string_value(json_object_get(fence, "outcome")), "pass");
	json_t *trace = json_object_get(fence, "trace");
	assert_int_equal(json_object_size(trace), 1);
	assert_string_equal(json_string_value(json_object_get(trace, "why")),
			    trace_why_words[TRACE_WHY_TRACED]);
	json_decref(record);
	free(run.output);
	assert_ok(file_remove_tree(folder));
}

static void test_what_cannot_be_executed_ends_as_in_a_shell(void **state)
{
	(void)state;
	const char *const absent[] = { dxgmatrix,   "trace", "-o",
				       report_path, "--",    "/no/such/program",
				       NULL };
	const char *const folder[] = { dxgmatrix, "trace", "-o", report_path,
				       "--",      "/",     NULL };
	const char *const nothing[] = { dxgmatrix, "trace", NULL };
	assert_int_equal(WEXITSTATUS(run_it(false, absent)), 127);
	cleanup_free char *text = NULL;
	assert_ok(file_read(report_path, 4096, &text, NULL));
	assert_non_null(strstr(text, "No call could be seen: the command did not start"));
	assert_int_equal(WEXITSTATUS(run_it(false, folder)), 126);
	assert_int_equal(WEXITSTATUS(run_it(false, nothing)), 2);
}

/* What a run keeps of each rung. */
static void test_a_run_holds_the_calls_of_each_rung(void **state)
{
	(void)state;
	cleanup_free char *folder = NULL;
	assert_ok(file_temporary_folder("trace-test-", &folder));
	setenv("XDG_STATE_HOME", folder, true);
	setenv("XDG_DATA_HOME", folder, true);
	struct simulated run =
		simulate(scenario, (const char *const[]){ dxgmatrix, "run", "dxg",
							  "--json", NULL });
	json_t *record = json_loads(run.output, 0, NULL);
	assert_non_null(record);
	json_t *trace = json_object_get(find_rung(record, "open"), "trace");
	assert_string_equal(json_string_value(json_object_get(trace, "how")),
			    "ptrace, every call");
	json_t *calls = json_object_get(trace, "calls");
	json_t *create = json_object_get(calls, "create_device");
	assert_int_equal(json_integer_value(json_object_get(create, "calls")), 1);
	assert_null(json_object_get(calls, "create_sync_object"));
	trace = json_object_get(find_rung(record, "fence"), "trace");
	calls = json_object_get(trace, "calls");
	assert_non_null(json_object_get(calls, "create_sync_object"));
	assert_null(json_object_get(calls, "enum_adapters3"));
	assert_null(json_object_get(calls, "destroy_device")); /* after the climb */
	json_decref(record);
	free(run.output);
	setenv("DXGMATRIX_TRACE", "off", true);
	run = simulate(scenario,
		       (const char *const[]){ dxgmatrix, "run", "dxg", "--json", NULL });
	unsetenv("DXGMATRIX_TRACE");
	record = json_loads(run.output, 0, NULL);
	trace = json_object_get(find_rung(record, "fence"), "trace");
	assert_int_equal(json_object_size(trace), 1);
	assert_string_equal(json_string_value(json_object_get(trace, "why")),
			    trace_why_words[TRACE_WHY_OFF]);
	json_decref(record);
	free(run.output);
	assert_ok(file_remove_tree(folder));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exactly_the_calls_of_a_program_are_told),
		cmocka_unit_test(test_a_static_program_is_seen),
		cmocka_unit_test(test_children_and_their_orphans_are_seen),
		cmocka_unit_test(test_a_thread_that_executes_another_program_is_seen),
		cmocka_unit_test(test_threads_are_seen),
		cmocka_unit_test(test_signals_neither_hide_nor_double_a_call),
		cmocka_unit_test(test_a_deeply_bound_library_is_seen),
		cmocka_unit_test(test_a_program_that_makes_no_call_ends_as_it_does),
		cmocka_unit_test(test_follow_decodes_each_call),
		cmocka_unit_test(test_a_recording_holds_what_went_in_and_out),
		cmocka_unit_test(test_input_and_output_are_the_commands_own),
		cmocka_unit_test(test_a_run_holds_the_calls_of_each_rung),
		cmocka_unit_test(test_what_may_not_be_traced_is_not_run),
		cmocka_unit_test(test_where_nothing_may_be_traced_a_run_goes_on_without),
		cmocka_unit_test(test_what_cannot_be_executed_ends_as_in_a_shell),
	};
	return run_traces(tests);
}
