/* A child whose calls and whose end a tracer of its own sees. */
#include "runner/trace_process.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/child.h"
#include "runner/climb.h"
#include "tests/testing.h"

static struct child_limits limits;
static struct trace_seen seen;
static struct arena arena;

/* @return the child's status; what was seen is in `seen`. */
static int run_caught(const char *mode, const char *handler)
{
	cleanup_free char *path = binary_path("tests/runner/traced.dir/traced");
	const char *const argv[] = { path, mode, handler, "stack", NULL };
	cleanup_child struct child child;
	enum child_event event;
	assert_ok(child_start(argv, &limits, -1, &child));
	child_set_deadline(&child, child_clock() + 20000);
	do
		event = child_next(&child);
	while (event == CHILD_CLOSED || event == CHILD_READABLE);
	assert_int_equal(event, CHILD_ENDED);
	trace_process_read(&child.trace, &seen);
	return child.status;
}

static int run_child(const char *mode)
{
	return run_caught(mode, NULL);
}

static void assert_place(int signal, const char *symbol)
{
	const struct crash *place = trace_seen_place(&seen, signal);
	assert_non_null(place);
	assert_string_equal(place->in, "libtraced_b.so");
	assert_string_equal(place->symbol, symbol);
	assert_string_equal(place->called_from, "libtraced_a.so");
}

static int64_t count_calls(void)
{
	int64_t n = 0;
	for_each_row(call, seen.tally.calls)
		n += call->calls;
	return n;
}

static void test_calls_are_counted(void **state)
{
	(void)state;
	assert_int_equal(run_child("plain"), 0);
	assert_int_equal(seen.how, TRACE_FILTER);
	assert_int_equal(seen.why, TRACE_WHY_NONE);
	assert_int_equal(count_calls(), 7);
	assert_int_equal(run_child("fork"), 0);
	assert_true(count_calls() >= 14); /* the orphan is not waited for */
	assert_int_equal(run_child("threads"), 0);
	assert_int_equal(count_calls(), 100);
}

static void test_untraced_it_runs_the_same(void **state)
{
	(void)state;
	limits.traced = false;
	assert_int_equal(WEXITSTATUS(run_child("nothing")), 7);
	assert_int_equal(seen.how, TRACE_NONE);
	assert_int_equal(seen.why, TRACE_WHY_OFF);
	limits.traced = true;
}

/* From here on ptrace(2) is refused, as in a container that forbids it. */
static void forbid_ptrace(void)
{
	static struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog filter = { ARRAY_SIZE(code), code };
	assert_int_equal(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	assert_int_equal(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0);
}

static void test_where_ptrace_is_forbidden_it_is_told_so(void **state)
{
	(void)state;
	enum trace_why expected = trace_why_refused(NULL, getpid(), EPERM);
	pid_t pid = fork();
	if (pid == 0) {
		forbid_ptrace();
		int status = run_child("nothing");
		_exit(WEXITSTATUS(status) == 7 && seen.how == TRACE_NONE &&
				      seen.why == expected
			      ? 0
			      : 1);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_a_death_has_its_place(void **state)
{
	(void)state;
	assert_int_equal(WTERMSIG(run_child("crash")), SIGSEGV);
	assert_place(SIGSEGV, "b_crash");
	assert_int_equal(count_calls(), 7);
	assert_int_equal(WTERMSIG(run_child("abort")), SIGABRT);
	assert_place(SIGABRT, "b_abort");
	assert_null(trace_seen_place(&seen, SIGSEGV));
}

static void test_an_exit_in_a_library_has_its_place(void **state)
{
	(void)state;
	assert_int_equal(WEXITSTATUS(run_child("exit")), 3);
	assert_place(0, "b_exit");
}

static void test_an_exit_in_a_handler_is_blamed_on_the_fault(void **state)
{
	(void)state;
	assert_int_equal(WEXITSTATUS(run_caught("overflow", "exit")), SIGSEGV);
	assert_int_equal(seen.caught.signal, SIGSEGV);
	assert_place(0, "b_deeper");
}

static void test_a_fault_that_was_survived_is_kept_but_not_blamed(void **state)
{
	(void)state;
	assert_int_equal(run_caught("crash", "jump"), 0);
	assert_int_equal(seen.caught.signal, SIGSEGV);
	assert_string_equal(seen.caught.in, "libtraced_b.so");
	assert_null(trace_seen_place(&seen, SIGSEGV));
}

static void test_a_program_that_is_not_there_is_told(void **state)
{
	(void)state;
	const char *const argv[] = { "/no/such/program", NULL };
	cleanup_child struct child child;
	assert_ok(child_start(argv, &limits, -1, &child));
	while (child_next(&child) != CHILD_ENDED)
		;
	assert_error(child_start_error(&child), "No such file");
}

static const char *string_of(const struct rung_result *rung, enum finding finding)
{
	const char *string = findings_string(&rung->findings, finding);
	return string ? string : "(absent)";
}

static struct rung_result climb_load(const char *mode)
{
	cleanup_free char *program =
		binary_path("tests/fakes/dxgmatrix-probe-misbehaves");
	const struct climb_order order = { .program = program,
					   .interface = "opencl",
					   .adapter = -1,
					   .rungs = rung_bit(RUNG_LOAD) };
	const struct climb_watch watch = { .stop = -1 };
	struct climb climbed;
	setenv("DXGMATRIX_FAKE", mode, true);
	assert_ok(climb(&order, &limits, &watch, &arena, &climbed));
	assert_int_equal(climbed.n_rungs, 1);
	return climbed.rungs[0];
}

static void test_a_rung_tells_its_trace_and_its_crash(void **state)
{
	(void)state;
	const char *const program = "dxgmatrix-probe-misbehaves";
	struct rung_result rung = climb_load("pass");
	assert_int_equal(rung.outcome, OUTCOME_PASS);
	assert_string_equal(rung.trace.how, "ptrace+seccomp");
	assert_null(rung.trace.why);
	assert_int_equal(rung.trace.n, 0);
	assert_int_equal(rung.trace.n_last, 0);
	rung = climb_load("SIGABRT");
	assert_int_equal(rung.outcome, OUTCOME_CRASH);
	assert_string_equal(string_of(&rung, FIND_SIGNAL), "SIGABRT");
	assert_string_equal(string_of(&rung, FIND_IN), program);
	rung = climb_load("call-and-abort");
	assert_int_equal(rung.trace.n, 1);
	assert_string_equal(rung.trace.call[0].ioctl, "close_adapter");
	assert_int_equal(rung.trace.call[0].failed.failure[0].error, -25);
	assert_int_equal(rung.trace.n_last, 1);
	assert_string_equal(rung.trace.last[0].ioctl, "close_adapter");
	assert_int_equal(rung.trace.last[0].result, -25);
	assert_in_range(rung.trace.last[0].us, 0, 5000000);
	/* to the crash, not to when its process was buried */
	assert_in_range(rung.trace.last[0].before_us, 0, (rung.ms + 1) * 1000);
	assert_string_equal(string_of(&rung, FIND_SYMBOL), "act_call_and_abort");
	rung = climb_load("exit-7");
	assert_string_equal(string_of(&rung, FIND_IN), program);
	assert_string_equal(string_of(&rung, FIND_SYMBOL), "act_exit_7");
	limits.traced = false;
	rung = climb_load("SIGABRT");
	assert_null(rung.trace.how);
	assert_string_equal(rung.trace.why, trace_why_words[TRACE_WHY_OFF]);
	assert_string_equal(string_of(&rung, FIND_IN), "(absent)");
	limits.traced = true;
}

static void test_whoever_ignores_us_is_killed_all_the_same(void **state)
{
	(void)state;
	limits.deadline_percent = 1;
	limits.term_ms = 50;
	struct rung_result rung = climb_load("ignore-term");
	assert_int_equal(rung.outcome, OUTCOME_TIMEOUT);
	limits.deadline_percent = 100;
	rung = climb_load("leave-child");
	assert_int_equal(rung.outcome, OUTCOME_PASS);
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
		cmocka_unit_test(test_calls_are_counted),
		cmocka_unit_test(test_untraced_it_runs_the_same),
		cmocka_unit_test(test_where_ptrace_is_forbidden_it_is_told_so),
		cmocka_unit_test(test_a_death_has_its_place),
		cmocka_unit_test(test_an_exit_in_a_library_has_its_place),
		cmocka_unit_test(test_an_exit_in_a_handler_is_blamed_on_the_fault),
		cmocka_unit_test(test_a_fault_that_was_survived_is_kept_but_not_blamed),
		cmocka_unit_test(test_a_program_that_is_not_there_is_told),
		cmocka_unit_test_teardown(test_a_rung_tells_its_trace_and_its_crash,
					  clear),
		cmocka_unit_test_teardown(test_whoever_ignores_us_is_killed_all_the_same,
					  clear),
	};
	limits = child_limits_default();
	limits.traced = true;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
