/*
 * told.h: runs programs below `dxgmatrix trace`, for tests, and reads what it told. Header
 * only; a test program gives its tests to run_traces().
 */
#pragma once

#include <jansson.h>

#include "runner/trace_why.h"
#include "tests/dxgsim/simulate.h"

static char *dxgmatrix, *report_path, *scenario;

struct told {
	json_t *report;
	int status; /* as of waitpid */
};

/* @return a program that is built to be traced, the caller's to free */
static inline char *traced_path(const char *program)
{
	cleanup_free char *below = xasprintf("tests/runner/traced.dir/%s", program);
	return binary_path(below);
}

/* Without the simulator the filter is what sees; below it, each call is a stop. */
static inline int run_it(bool simulated, const char *const *argv)
{
	if (simulated) {
		struct simulated result = simulate(scenario, argv);
		free(result.output);
		return result.status;
	}
	int status;
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		execv(argv[0], (char *const *)argv);
		_exit(125);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* @param argument  may be NULL */
static inline struct told trace_with(bool simulated, const char *program,
				     const char *mode, const char *argument)
{
	cleanup_free char *path = traced_path(program);
	struct told told;
	json_error_t error;
	told.status =
		run_it(simulated, (const char *const[]){ dxgmatrix, "trace", "--json",
							 "-o", report_path, "--", path,
							 mode, argument, NULL });
	told.report = json_load_file(report_path, JSON_REJECT_DUPLICATES, &error);
	if (!told.report)
		fail_msg("%s %s: status %d, %s", program, mode, told.status, error.text);
	return told;
}

static inline struct told trace(bool simulated, const char *program, const char *mode)
{
	return trace_with(simulated, program, mode, NULL);
}

static inline const char *told_how(const struct told *told)
{
	const char *how = json_string_value(json_object_get(told->report, "how"));
	return how ? how : "(absent)";
}

static inline void assert_how(const struct told *told, bool simulated)
{
	assert_string_equal(told_how(told),
			    simulated ? "ptrace, every call" : "ptrace+seccomp");
	const char *why = json_string_value(json_object_get(told->report, "why"));
	if (simulated)
		assert_string_equal(why, trace_why_words[TRACE_WHY_UNHEARD]);
	else
		assert_null(why);
}

/* @return a member of what was told of the first crash but `skip`, or "(absent)" */
static inline const char *told_crash(const struct told *told, size_t skip,
				     const char *name)
{
	json_t *crashes = json_object_get(told->report, "crashes");
	const char *text =
		json_string_value(json_object_get(json_array_get(crashes, skip), name));
	return text ? text : "(absent)";
}

#define run_traces(tests) run_traces_(tests, ARRAY_SIZE(tests))

static inline int run_traces_(const struct CMUnitTest *tests, size_t n)
{
	simulate_require();
	dxgmatrix = binary_path("dxgmatrix");
	scenario = scenario_path("nvidia-clean");
	report_path = xstrdup("/tmp/dxgmatrix-trace-XXXXXX");
	close(mkstemp(report_path));
	int failed = _cmocka_run_group_tests("trace", tests, n, NULL, NULL);
	unlink(report_path);
	free(report_path);
	return failed;
}
