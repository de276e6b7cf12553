/* The tracer: every call of every kind of process and thread, once. */
#include <signal.h>
#include <sys/prctl.h>

#include "probes/dxg_abi.h"
#include "tests/runner/told.h"

static json_t *close_adapter(const struct told *told)
{
	return json_object_get(json_object_get(told->report, "calls"), "close_adapter");
}

static int64_t count_of(const struct told *told, const char *name)
{
	return json_integer_value(json_object_get(close_adapter(told), name));
}

static int64_t count_failed(const struct told *told, const char *error)
{
	json_t *failed = json_object_get(close_adapter(told), "failed");
	return json_integer_value(json_object_get(failed, error));
}

/* The modes of programs/traced_odd.c. */
static const struct {
	const char *mode;
	int calls;
	int refused; /* by a filter of the program's own, EACCES */
	int unfinished;
	int signal;
} odd_rows[] = {
	{ "at-once", 1600 },
	{ "vfork", 4 },
	{ "spawn", 5 },
	{ "share-memory", 5 },
	{ "clone3", 3 },
	{ "stop", 3 },
	{ "hide", 3 },
	{ "be-traced", 2 },
	{ "refuse", 7, .refused = 5 },
	{ "refuse-together", 7, .refused = 5 },
	{ "trap", 5, .unfinished = 3 },
	{ "kill", 3, .unfinished = 1, .signal = SIGSYS },
	{ "supervise", 5 },
#if defined(__x86_64__)
	{ "call-32", 3 },
#endif
};

static void test_each_kind_of_process_and_thread_is_seen(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_SIZE(odd_rows); i++) {
		const typeof(odd_rows[0]) *row = &odd_rows[i % ARRAY_SIZE(odd_rows)];
		bool simulated = i >= ARRAY_SIZE(odd_rows);
		struct told told = trace(simulated, "traced_odd", row->mode);
		print_message("%s\n", row->mode);
		if (WIFEXITED(told.status) && WEXITSTATUS(told.status) == 77) {
			json_decref(told.report);
			continue;
		}
		assert_int_equal(count_of(&told, "calls"), row->calls);
		assert_int_equal(count_of(&told, "unfinished"), row->unfinished);
		assert_int_equal(count_failed(&told, "-13"), row->refused);
		assert_how(&told, simulated);
		if (row->signal)
			assert_int_equal(WTERMSIG(told.status), row->signal);
		else
			assert_int_equal(told.status, 0);
		json_decref(told.report);
	}
}

static void check_raw(const char *program)
{
	char *path = traced_path(program);
	bool built = access(path, X_OK) == 0;
	free(path);
	if (!built) {
		print_message("the compiler makes no %s\n", program);
		skip();
	}
	for (int simulated = 0; simulated < 2; simulated++) {
		struct told told = trace(simulated, program, NULL);
		assert_int_equal(WEXITSTATUS(told.status), 9);
		assert_int_equal(count_of(&told, "calls"), 4);
		assert_how(&told, simulated);
		json_decref(told.report);
	}
}

static void test_a_program_without_libraries_is_seen(void **state)
{
	(void)state;
	check_raw("traced_raw");
}

static void test_a_program_of_32_bits_is_seen(void **state)
{
	(void)state;
	check_raw("traced_raw_32");
}

/* Some of its calls end, some do not return: their threads are gone. */
static void test_threads_that_vanish_as_another_executes_lose_no_call(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		cleanup_free char *counts = xasprintf("%s.counts", report_path);
		struct told told = trace_with(i % 2, "traced_odd", "exec-storm", counts);
		int32_t began_ended[2];
		FILE *file = fopen(counts, "re");
		assert_non_null(file);
		assert_int_equal(fread(began_ended, sizeof(began_ended), 1, file), 1);
		fclose(file);
		unlink(counts);
		assert_int_equal(told.status, 0);
		int64_t calls = count_of(&told, "calls");
		/* the program that was executed adds one */
		assert_in_range(calls, began_ended[1] + 1, began_ended[0] + 1);
		assert_true(calls - count_of(&told, "unfinished") >= began_ended[1] + 1);
		json_decref(told.report);
	}
}

/* Each of the threads that call all the time gets its turn. */
static void test_no_thread_starves_another(void **state)
{
	(void)state;
	struct told told = trace(false, "traced_odd", "compete");
	assert_int_equal(told.status, 0); /* the program compares their progress */
	json_decref(told.report);
}

/* ---- how it ends ---- */

/* Starts a command. @return its process, the caller's to wait for; and what it writes to the
 * descriptor `as`, the caller's to close */
static pid_t start(const char *const *argv, int as, int *ret_fd)
{
	int pipe_fds[2];
	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(pipe_fds[1], as);
		execv(argv[0], (char *const *)argv);
		_exit(125);
	}
	close(pipe_fds[1]);
	*ret_fd = pipe_fds[0];
	return pid;
}

/* It is ours to bury: main() made us the parent of orphans. */
static void assert_died_with_tracer(pid_t pid)
{
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
}

static void test_after_the_command_a_key_ends_the_wait(void **state)
{
	(void)state;
	cleanup_free char *path = traced_path("traced_odd");
	const char *const argv[] = { dxgmatrix, "trace", "--json", "-o", report_path,
				     "--",      path,    "daemon", NULL };
	int fd;
	char line[256] = "";
	pid_t pid = start(argv, STDERR_FILENO, &fd);
	/* It says for whom it waits; the daemon would for ever. */
	assert_true(read(fd, line, sizeof(line) - 1) > 0);
	assert_non_null(strstr(line, "waiting for 'traced_odd' ("));
	int daemon = atoi(strchr(line, '(') + 1), status;
	assert_int_equal(kill(pid, SIGINT), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(fd);
	assert_int_equal(status, 0);
	json_t *report = json_load_file(report_path, 0, NULL);
	const struct told told = { .report = report };
	assert_int_equal(count_of(&told, "calls"), 4);
	json_decref(report);
	assert_died_with_tracer(daemon);
}

/* As of `exec` in a shell, or of its `> >(tee FILE)`. */
static void test_children_that_we_inherit_are_not_waited_for(void **state)
{
	(void)state;
	const char *const argv[] = {
		"/bin/sh", "-c",
		"sleep 600 & echo $!; exec \"$0\" trace -o /dev/null -- true", dxgmatrix,
		NULL
	};
	int fd, status;
	char line[32] = "";
	pid_t pid = start(argv, STDOUT_FILENO, &fd);
	assert_true(read(fd, line, sizeof(line) - 1) > 0);
	close(fd);
	pid_t sleeper = atoi(line);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	/* It lives, and is ours now: see main(). */
	assert_int_equal(waitpid(sleeper, &status, WNOHANG), 0);
	assert_int_equal(kill(sleeper, SIGKILL), 0);
	assert_int_equal(waitpid(sleeper, &status, 0), sleeper);
}

static void test_a_tracer_that_is_killed_takes_the_command_along(void **state)
{
	(void)state;
	const char *const argv[] = { dxgmatrix, "trace",   "-o", "/dev/null",
				     "--",      "/bin/sh", "-c", "echo $$; exec sleep 60",
				     NULL };
	int fd, status;
	char line[32] = "";
	pid_t pid = start(argv, STDOUT_FILENO, &fd);
	assert_true(read(fd, line, sizeof(line) - 1) > 0);
	close(fd);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_died_with_tracer(atoi(line));
}

static void test_a_signal_sent_to_us_is_for_the_command(void **state)
{
	(void)state;
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };
	for_each_row(number, numbers) {
		const char *const argv[] = {
			dxgmatrix, "trace",     "--json",
			"-o",      report_path, "--",
			"/bin/sh", "-c",        "echo; exec sleep 60",
			NULL
		};
		int fd, status;
		char byte;
		pid_t pid = start(argv, STDOUT_FILENO, &fd);
		assert_int_equal(read(fd, &byte, 1), 1);
		close(fd);
		assert_int_equal(kill(pid, *number), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), *number);
		json_t *report = json_load_file(report_path, 0, NULL);
		assert_non_null(json_object_get(report, "signal"));
		json_decref(report);
	}
}

static char *read_command(const char *command)
{
	FILE *pipe = popen(command, "r");
	char *text;
	assert_non_null(pipe);
	assert_ok(file_read_fd(fileno(pipe), "pipe", 1 << 20, &text, NULL));
	assert_int_equal(pclose(pipe), 0);
	return text;
}

/* Descriptors, signals, limits: the command starts with what we got. */
static void test_the_command_inherits_what_it_would_without_us(void **state)
{
	(void)state;
	static const char look[] = "ls /proc/self/fd; "
				   "grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status; "
				   "ulimit -a; umask; pwd";
	cleanup_free char *bare = xasprintf("trap '' HUP; sh -c \"%s\"", look);
	cleanup_free char *below = xasprintf(
		"trap '' HUP; '%s' trace -o /dev/null -- sh -c \"%s\"", dxgmatrix, look);
	cleanup_free char *expected = read_command(bare), *got = read_command(below);
	assert_string_equal(got, expected);
}

static void test_a_reader_that_goes_away_ends_nothing(void **state)
{
	(void)state;
	cleanup_free char *path = traced_path("traced_odd");
	cleanup_free char *command = xasprintf(
		"{ '%s' trace --follow -- sh -c \"'%s' count 5000; echo whole >&3\" "
		"2>&1 >/dev/null 3>&4 | head -n 1 >/dev/null; } 4>&1",
		dxgmatrix, path);
	cleanup_free char *got = read_command(command);
	assert_string_equal(got, "whole\n");
}

/* ---- where something is refused ---- */

static struct told trace_without(const char *what, const char *option)
{
	cleanup_free char *without = traced_path("without"),
			  *path = traced_path("traced_odd");
	const char *const argv[] = {
		without,     what, dxgmatrix, "trace", option, "-o",
		report_path, "--", path,      "count", "4",    NULL
	};
	struct told told = { 0 };
	setenv("ASAN_OPTIONS", "detect_leaks=0", true); /* it traces, too */
	told.status = run_it(false, argv);
	unsetenv("ASAN_OPTIONS");
	if (!strcmp(option, "--json"))
		told.report = json_load_file(report_path, 0, NULL);
	return told;
}

static char *read_report(void)
{
	char *text;
	assert_ok(file_read(report_path, 1 << 20, &text, NULL));
	return text;
}

static void test_without_ptrace_nothing_runs_and_it_is_told(void **state)
{
	(void)state;
	struct told told = trace_without("ptrace", "--json");
	assert_int_equal(WEXITSTATUS(told.status), 1);
	assert_null(told.report);
}

static void test_without_the_filter_every_call_stops(void **state)
{
	(void)state;
	struct told told = trace_without("seccomp", "--json");
	assert_int_equal(told.status, 0);
	assert_how(&told, true); /* as below a supervisor */
	assert_int_equal(count_of(&told, "calls"), 4);
	json_decref(told.report);
}

static void test_a_kernel_that_tells_no_calls_is_said_to(void **state)
{
	(void)state;
	struct told told = trace_without("syscall-info", "--json");
	assert_int_equal(told.status, 0); /* the command is none the wiser */
	assert_string_equal(told_how(&told), "(absent)");
	assert_string_equal(json_string_value(json_object_get(told.report, "why")),
			    trace_why_words[TRACE_WHY_OLD_KERNEL]);
	json_decref(told.report);
	told = trace_without("syscall-info", "--follow");
	cleanup_free char *text = read_report();
	assert_non_null(strstr(text, trace_why_words[TRACE_WHY_OLD_KERNEL]));
}

static void test_without_memory_calls_are_counted_all_the_same(void **state)
{
	(void)state;
	struct told told = trace_without("memory", "--json");
	assert_int_equal(count_of(&told, "calls"), 4);
	json_decref(told.report);
	told = trace_without("memory", "--follow");
	cleanup_free char *text = read_report();
	assert_non_null(strstr(text, "close_adapter(adapter_handle=?) = "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_kind_of_process_and_thread_is_seen),
		cmocka_unit_test(test_a_program_without_libraries_is_seen),
		cmocka_unit_test(test_a_program_of_32_bits_is_seen),
		cmocka_unit_test(
			test_threads_that_vanish_as_another_executes_lose_no_call),
		cmocka_unit_test(test_no_thread_starves_another),
		cmocka_unit_test(test_after_the_command_a_key_ends_the_wait),
		cmocka_unit_test(test_children_that_we_inherit_are_not_waited_for),
		cmocka_unit_test(test_a_tracer_that_is_killed_takes_the_command_along),
		cmocka_unit_test(test_a_signal_sent_to_us_is_for_the_command),
		cmocka_unit_test(test_the_command_inherits_what_it_would_without_us),
		cmocka_unit_test(test_a_reader_that_goes_away_ends_nothing),
		cmocka_unit_test(test_without_ptrace_nothing_runs_and_it_is_told),
		cmocka_unit_test(test_without_the_filter_every_call_stops),
		cmocka_unit_test(test_a_kernel_that_tells_no_calls_is_said_to),
		cmocka_unit_test(test_without_memory_calls_are_counted_all_the_same),
	};
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	return run_traces(tests);
}
