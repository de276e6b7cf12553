/* The misbehaving probe does what its table says: else the runner's tests prove nothing. */
#include "tests/testing.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/probes/heard.h"
#include "util/cleanup.h"
#include "util/file.h"

#define PROGRAM "tests/fakes/dxgmatrix-probe-misbehaves"

static struct heard *run(const char *mode, const char *at, const char *more,
			 int deadline_ms)
{
	const char *const arguments[] = { "opencl", "--pci", "8086:7d51", NULL };
	cleanup_free char *mode_is = xasprintf("DXGMATRIX_FAKE=%s", mode);
	cleanup_free char *at_is = xasprintf("DXGMATRIX_FAKE_AT=%s", at);
	const char *const environment[] = { mode_is, at_is, more, NULL };
	return heard_run(PROGRAM, arguments, environment, deadline_ms);
}

static void test_misbehaves_in_outcomes(void **state)
{
	(void)state;
	const struct {
		const char *mode;
		enum outcome outcome;
		enum reason reason;
	} rows[] = {
		{ "pass", OUTCOME_PASS, REASON_NONE },
		{ "fail", OUTCOME_FAIL, REASON_REFUSED },
		{ "wrong-result", OUTCOME_FAIL, REASON_WRONG_RESULT },
		{ "build-failed", OUTCOME_FAIL, REASON_BUILD_FAILED },
		{ "fallback", OUTCOME_FALLBACK, REASON_CPU_ONLY },
		{ "skip", OUTCOME_SKIP, REASON_NOT_INSTALLED },
		{ "error", OUTCOME_ERROR, REASON_CONTROL_FAILED },
		{ "slow", OUTCOME_PASS, REASON_NONE },
		{ "long-string", OUTCOME_PASS, REASON_NONE },
		{ "invalid-utf8", OUTCOME_PASS, REASON_NONE },
		{ "hostile-string", OUTCOME_PASS, REASON_NONE },
		{ "unknown-finding", OUTCOME_PASS, REASON_NONE },
	};
	for_each_row(row, rows) {
		struct heard *h = run(row->mode, "opencl/adapter/compile", NULL, 20000);
		assert_heard(h, RUNG_COPY, OUTCOME_PASS, REASON_NONE);
		assert_heard(h, RUNG_COMPILE, row->outcome, row->reason);
		assert_int_equal(h->rungs[RUNG_LAUNCH].begun,
				 row->outcome == OUTCOME_PASS);
		assert_true(h->end);
		assert_int_equal(h->status, 0);
		heard_destroy(h);
	}
}

static void test_misbehaves_without_ending_the_rung(void **state)
{
	(void)state;
	const struct {
		const char *mode;
		int signal;      /* or 0: */
		int exit_status; /* where not late */
		bool late, bad;
	} rows[] = {
		{ "SIGSEGV", SIGSEGV },
		{ "SIGBUS", SIGBUS },
		{ "SIGILL", SIGILL },
		{ "SIGFPE", SIGFPE },
		{ "SIGABRT", SIGABRT },
		{ "SIGTRAP", SIGTRAP },
		{ "SIGSYS", SIGSYS },
		{ "SIGPIPE", SIGPIPE },
		{ "SIGKILL", SIGKILL },
		{ "exit-0", 0, 0 },
		{ "exit-7", 0, 7 },
		{ "close", 0, 0 },
		{ "half-packet", 0, 0 },
		{ "hang", SIGKILL, 0, true },
		{ "ignore-term", SIGKILL, 0, true },
		{ "close-and-hang", SIGKILL, 0, true },
		{ "garbage", SIGKILL, 0, true, true },
		{ "oversize", SIGKILL, 0, true, true },
	};
	for_each_row(row, rows) {
		struct heard *h = run(row->mode, "copy", NULL, row->late ? 300 : 20000);
		if (!h->rungs[RUNG_COPY].begun || h->rungs[RUNG_COPY].ended || h->end ||
		    h->late != row->late || h->bad != row->bad ||
		    (row->signal ? !WIFSIGNALED(h->status) ||
					   WTERMSIG(h->status) != row->signal
				 : !WIFEXITED(h->status) ||
					   WEXITSTATUS(h->status) != row->exit_status))
			fail_msg("%s: status %#x", row->mode, (unsigned int)h->status);
		heard_destroy(h);
	}
}

static void test_misbehaves_around_the_end(void **state)
{
	(void)state;
	struct heard *h = run("end-in-rung", "copy", NULL, 20000);
	assert_true(h->end);
	assert_false(h->rungs[RUNG_COPY].ended);
	heard_destroy(h);

	h = run("end-and-crash", "copy", NULL, 20000);
	assert_true(h->end);
	assert_true(WIFSIGNALED(h->status));
	heard_destroy(h);

	h = run("wrong-rung", "copy", NULL, 300);
	assert_true(h->rungs[RUNG_LAUNCH].ended);
	assert_false(h->rungs[RUNG_LAUNCH].begun);
	heard_destroy(h);
}

static void test_misbehaves_once_and_elsewhere_not(void **state)
{
	(void)state;
	cleanup_free char *folder = NULL;
	assert_ok(file_temporary_folder("dxgmatrix-once", &folder));
	cleanup_free char *once = xasprintf("DXGMATRIX_FAKE_ONCE=%s/once", folder);
	struct heard *h = run("SIGSEGV", "opencl/copy", once, 20000);
	assert_true(WIFSIGNALED(h->status));
	heard_destroy(h);
	h = run("SIGSEGV", "opencl/copy", once, 20000);
	assert_heard_all(h);
	heard_destroy(h);

	const char *const elsewhere[] = { "vulkan/copy", "opencl/control/copy",
					  "paging" };
	for_each_row(at, elsewhere) {
		h = run("SIGSEGV", *at, NULL, 20000);
		assert_heard_all(h);
		assert_heard_string(h, RUNG_ENUMERATE, FIND_DEVICE_ID, "7d51");
		heard_destroy(h);
	}
	assert_ok(file_remove_tree(folder));
}

static void write_text(const char *folder, const char *name, const char *text)
{
	cleanup_free char *path = xasprintf("%s/%s", folder, name);
	cleanup_fclose FILE *file = fopen(path, "w");
	if (file)
		fputs(text, file);
}

/* heard_run() waits for its child, so this one is watched by hand. */
static void test_misbehaves_survives_sigkill_when_frozen(void **state)
{
	(void)state;
	cleanup_free char *folder =
		xasprintf("/sys/fs/cgroup/freezer/dxgmatrix-%d", (int)getpid());
	if (mkdir(folder, 0755) != 0)
		skip();
	cleanup_free char *path = binary_path(PROGRAM);
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		setenv("DXGMATRIX_FAKE", "freeze", 1);
		setenv("DXGMATRIX_FAKE_FILE", folder, 1);
		if (!freopen("/dev/null", "w", stdout))
			_exit(126);
		execl(path, path, "opencl", (char *)NULL);
		_exit(127);
	}
	usleep(200000);
	kill(pid, SIGKILL);
	usleep(200000);
	pid_t gone = waitpid(pid, &status, WNOHANG);
	write_text(folder, "freezer.state", "THAWED");
	if (gone == 0)
		assert_int_equal(waitpid(pid, &status, 0), pid);
	for (int i = 0; i < 100 && rmdir(folder) != 0; i++)
		usleep(10000);
	assert_int_equal(gone, 0);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_misbehaves_in_outcomes),
		cmocka_unit_test(test_misbehaves_without_ending_the_rung),
		cmocka_unit_test(test_misbehaves_around_the_end),
		cmocka_unit_test(test_misbehaves_once_and_elsewhere_not),
		cmocka_unit_test(test_misbehaves_survives_sigkill_when_frozen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
