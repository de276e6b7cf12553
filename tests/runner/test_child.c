/* The child of these tests is this program again: `test_child BEHAVIOUR`. */
#include "tests/testing.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "runner/child.h"
#include "util/cleanup.h"
#include "util/file.h"

static void die_by(int number)
{
	signal(number, SIG_DFL);
	raise(number);
}

static void ignore_term_and_wait(void)
{
	signal(SIGTERM, SIG_IGN);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}

static void flood(int fd)
{
	char line[4096];
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	while (write(fd, line, sizeof(line)) > 0)
		;
}

static void eat_memory(void)
{
	for (;;) {
		char *block = malloc(1 << 20);
		memset(block, 1, 1 << 20);
		usleep(500);
	}
}

static void write_files(void)
{
	static char block[1 << 20];
	signal(SIGXFSZ, SIG_DFL);
	int fd = open("big", O_WRONLY | O_CREAT, 0600);
	while (write(fd, block, sizeof(block)) > 0)
		;
}

/* A grandchild in a session of its own, whose parent is gone. */
static void leave_somebody(void)
{
	if (fork() == 0) {
		setsid();
		if (fork() == 0) {
			signal(SIGTERM, SIG_IGN);
			for (;;)
				pause();
		}
		_exit(0);
	}
	wait(NULL);
}

static void say_where(void)
{
	char folder[4096];
	printf("%s\n%s\n%s\n%s\n", getenv("HOME"), getenv("XDG_CACHE_HOME"),
	       getenv("TMPDIR"), getcwd(folder, sizeof(folder)));
	printf("%s %s\n", getenv("DISPLAY") ? "display" : "none",
	       getenv("OCL_ICD_VENDORS"));
}

static void say_hello(void)
{
	if (send(CHILD_PACKETS_FD, "hello", 5, 0) != 5)
		exit(3);
}

static void close_packets(void)
{
	close(CHILD_PACKETS_FD);
	pause();
}

/* Waits until the test holds us by ptrace, so that SIGKILL cannot finish us. */
static void be_held(void)
{
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	say_hello();
	for (;;)
		pause();
}

static int behave(const char *how)
{
	int number;
	if (sscanf(how, "signal-%d", &number) == 1)
		die_by(number);
	else if (sscanf(how, "exit-%d", &number) == 1)
		_exit(number);
	else if (!strcmp(how, "ignore-term"))
		ignore_term_and_wait();
	else if (!strcmp(how, "flood-stdout"))
		flood(STDOUT_FILENO);
	else if (!strcmp(how, "flood-stderr"))
		flood(STDERR_FILENO);
	else if (!strcmp(how, "memory"))
		eat_memory();
	else if (!strcmp(how, "files"))
		write_files();
	else if (!strcmp(how, "leave"))
		leave_somebody();
	else if (!strcmp(how, "where"))
		say_where();
	else if (!strcmp(how, "hello"))
		say_hello();
	else if (!strcmp(how, "close"))
		close_packets();
	else if (!strcmp(how, "held"))
		be_held();
	else
		return 99;
	return 0;
}

static struct child_limits limits;
static char self[4096];

static void start(struct child *child, const char *how, int stop)
{
	const char *const argv[] = { self, how, NULL };
	assert_ok(child_start(argv, &limits, stop, child));
	child_set_deadline(child, child_clock() + 20000);
}

/* Runs to the end; what should end it by `reason`, if anything must. */
static enum child_event run_to_end(struct child *child)
{
	for (;;) {
		char bytes[64];
		enum child_event event = child_next(child);
		if (event == CHILD_FLOODS)
			child_condemn(child, REASON_OUTPUT_LIMIT, false);
		if (event == CHILD_HOGS)
			child_condemn(child, REASON_MEMORY_LIMIT, false);
		if (event == CHILD_LATE)
			child_condemn(child, REASON_DEADLINE, true);
		if (event == CHILD_STOPPED)
			child_condemn(child, REASON_STOPPED, true);
		if (event == CHILD_READABLE)
			assert_true(read(child->packets, bytes, sizeof(bytes)) > 0);
		if (event == CHILD_ENDED || event == CHILD_HUNG)
			return event;
	}
}

/* Nobody may be left: neither children of ours nor zombies. */
static void assert_alone(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static int set_up(void **state)
{
	(void)state;
	limits = child_limits_default();
	limits.resident_mib = 300;
	limits.term_ms = limits.kill_ms = 300;
	limits.file_bytes = 8 << 20;
	return 0;
}

static void test_step_is_due_only_after_its_time(void **state)
{
	(void)state;
	static const struct {
		enum child_phase phase;
		int64_t age_ms;
		enum child_step step;
	} rows[] = {
		{ CHILD_RUNS, 1000000, CHILD_STEP_WAIT },
		{ CHILD_TERMED, 299, CHILD_STEP_WAIT },
		{ CHILD_TERMED, 300, CHILD_STEP_TERM_TO_KILL },
		{ CHILD_KILLED, 299, CHILD_STEP_WAIT },
		{ CHILD_KILLED, 300, CHILD_STEP_GIVE_UP },
		{ CHILD_GONE, 1000000, CHILD_STEP_WAIT },
	};
	for_each_row(row, rows)
		assert_int_equal(child_due(row->phase, 5, 5 + row->age_ms, &limits),
				 row->step);
}

static void test_signal_and_exit_status_are_told(void **state)
{
	(void)state;
	static const int signals[] = { SIGSEGV, SIGBUS, SIGILL,  SIGFPE,  SIGABRT,
				       SIGTRAP, SIGSYS, SIGKILL, SIGTERM, SIGPIPE };
	for_each_row(number, signals) {
		cleanup_child struct child child;
		cleanup_free char *how = xasprintf("signal-%d", *number);
		start(&child, how, -1);
		assert_int_equal(run_to_end(&child), CHILD_ENDED);
		assert_true(WIFSIGNALED(child.status));
		assert_int_equal(WTERMSIG(child.status), *number);
	}
	cleanup_child struct child child;
	start(&child, "exit-42", -1);
	assert_int_equal(run_to_end(&child), CHILD_ENDED);
	assert_int_equal(WEXITSTATUS(child.status), 42);
	assert_alone();
}

static void test_who_ignores_term_is_killed(void **state)
{
	(void)state;
	cleanup_child struct child child;
	start(&child, "ignore-term", -1);
	while (!child.tail_length) {
		child_set_deadline(&child, child_clock() + 20);
		assert_int_equal(child_next(&child), CHILD_LATE);
	}
	int64_t begin = child_clock();
	child_condemn(&child, REASON_DEADLINE, true);
	assert_int_equal(run_to_end(&child), CHILD_ENDED);
	assert_int_equal(WTERMSIG(child.status), SIGKILL);
	assert_true(child_clock() - begin >= limits.term_ms);
	assert_alone();
}

static void test_late_is_told_once_per_deadline(void **state)
{
	(void)state;
	cleanup_child struct child child;
	start(&child, "ignore-term", -1);
	for (int i = 0; i < 2; i++) {
		child_set_deadline(&child, child_clock() + 30);
		assert_int_equal(child_next(&child), CHILD_LATE);
	}
}

static void test_flood_is_cut_and_its_end_kept(void **state)
{
	(void)state;
	static const char *const hows[] = { "flood-stdout", "flood-stderr" };
	for_each_row(how, hows) {
		cleanup_child struct child child;
		start(&child, *how, -1);
		assert_int_equal(run_to_end(&child), CHILD_ENDED);
		assert_int_equal(child.condemned, REASON_OUTPUT_LIMIT);
		assert_true(child.output_total < 3 * limits.output_bytes);
		assert_int_equal(child.tail_length, CHILD_TAIL_SIZE);
	}
}

static void test_memory_is_bounded(void **state)
{
	(void)state;
	cleanup_child struct child child;
	start(&child, "memory", -1);
	assert_int_equal(run_to_end(&child), CHILD_ENDED);
	assert_int_equal(child.condemned, REASON_MEMORY_LIMIT);
	assert_in_range(child.resident_mib, limits.resident_mib, 4 * limits.resident_mib);
}

static void test_files_are_bounded(void **state)
{
	(void)state;
	cleanup_child struct child child;
	start(&child, "files", -1);
	assert_int_equal(run_to_end(&child), CHILD_ENDED);
	assert_int_equal(WTERMSIG(child.status), SIGXFSZ);
}

static void test_nobody_gets_away_by_leaving_session_and_parent(void **state)
{
	(void)state;
	cleanup_child struct child child;
	start(&child, "leave", -1);
	assert_int_equal(run_to_end(&child), CHILD_ENDED);
	assert_true(WIFEXITED(child.status));
	assert_alone();
}

static void test_folders_are_its_own_and_removed(void **state)
{
	(void)state;
	setenv("DISPLAY", ":0", 1);
	setenv("OCL_ICD_VENDORS", "kept", 1);
	cleanup_child struct child child;
	start(&child, "where", -1);
	assert_int_equal(run_to_end(&child), CHILD_ENDED);
	cleanup_free char *expected = xasprintf(
		"%1$s/home\n%1$s/cache\n%1$s/tmp\n%1$s/work\nnone kept\n", child.folder);
	cleanup_free char *said = xstrndup(child.tail, child.tail_length);
	assert_string_equal(said, expected);
	cleanup_free char *folder = xstrdup(child.folder);
	assert_int_equal(access(folder, F_OK), 0);
	child_deinit(&child);
	assert_int_not_equal(access(folder, F_OK), 0);
}

static void test_all_it_said_comes_before_its_end(void **state)
{
	(void)state;
	cleanup_child struct child child;
	char bytes[64];
	start(&child, "hello", -1);
	enum child_event event = child_next(&child);
	assert_int_equal(event, CHILD_READABLE);
	assert_int_equal(read(child.packets, bytes, sizeof(bytes)), 5);
	assert_int_equal(run_to_end(&child), CHILD_ENDED);
}

static void test_closed_socket_is_told_once(void **state)
{
	(void)state;
	cleanup_child struct child child;
	start(&child, "close", -1);
	assert_int_equal(child_next(&child), CHILD_CLOSED);
	child_set_deadline(&child, child_clock() + 30);
	assert_int_equal(child_next(&child), CHILD_LATE);
}

static void test_stop_is_told_once(void **state)
{
	(void)state;
	int stop[2];
	assert_int_equal(pipe(stop), 0);
	cleanup_child struct child child;
	start(&child, "ignore-term", stop[0]);
	assert_int_equal(write(stop[1], "x", 1), 1);
	assert_int_equal(child_next(&child), CHILD_STOPPED);
	child_set_deadline(&child, child_clock() + 30);
	assert_int_equal(child_next(&child), CHILD_LATE);
	close(stop[0]);
	close(stop[1]);
}

static void test_what_cannot_be_executed_is_an_error(void **state)
{
	(void)state;
	cleanup_child struct child child;
	const char *const argv[] = { "/nowhere/probe", NULL };
	assert_ok(child_start(argv, &limits, -1, &child));
	assert_int_equal(run_to_end(&child), CHILD_ENDED);
	assert_error(child_start_error(&child), "No such file");
}

/*
 * A process that truly outlives SIGKILL, without privileges: the kernel stops a traced
 * process with PTRACE_O_TRACEEXIT on its way out (ptrace(2)), and there it stays until its
 * tracer lets go. The tracer is none of the child's family.
 */
static pid_t hold(int order)
{
	pid_t tracer = fork();
	if (tracer)
		return tracer;
	pid_t pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (read(order, &pid, sizeof(pid)) != sizeof(pid) ||
	    ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACEEXIT) < 0)
		_exit(1);
	kill(pid, SIGCONT);
	for (;;)
		pause();
}

static void test_who_outlives_kill_is_hung(void **state)
{
	(void)state;
	int order[2];
	assert_int_equal(pipe(order), 0);
	pid_t tracer = hold(order[0]);

	cleanup_child struct child child;
	start(&child, "held", -1);
	assert_int_equal(child_next(&child), CHILD_READABLE);
	char bytes[8];
	assert_int_equal(read(child.packets, bytes, sizeof(bytes)), 5);
	assert_int_equal(write(order[1], &child.pid, sizeof(child.pid)),
			 sizeof(child.pid));
	usleep(100000);
	if (waitpid(tracer, NULL, WNOHANG) == tracer)
		skip(); /* ptrace is not permitted here */

	int64_t begin = child_clock();
	child_condemn(&child, REASON_DEADLINE, true);
	assert_int_equal(run_to_end(&child), CHILD_HUNG);
	assert_in_range(child_clock() - begin, limits.kill_ms, 20 * limits.kill_ms);
	assert_int_equal(kill(child.pid, 0), 0);
	assert_true(*child.hung_in);

	kill(tracer, SIGKILL);
	assert_int_equal(waitpid(tracer, NULL, 0), tracer);
	int looks = 0;
	while (run_to_end(&child) == CHILD_HUNG && looks++ < 100)
		usleep(10000);
	assert_true(WIFSIGNALED(child.status));
	close(order[0]);
	close(order[1]);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return behave(argv[1]);
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	self[n > 0 ? n : 0] = '\0';
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_step_is_due_only_after_its_time),
		cmocka_unit_test(test_signal_and_exit_status_are_told),
		cmocka_unit_test(test_who_ignores_term_is_killed),
		cmocka_unit_test(test_late_is_told_once_per_deadline),
		cmocka_unit_test(test_flood_is_cut_and_its_end_kept),
		cmocka_unit_test(test_memory_is_bounded),
		cmocka_unit_test(test_files_are_bounded),
		cmocka_unit_test(test_nobody_gets_away_by_leaving_session_and_parent),
		cmocka_unit_test(test_folders_are_its_own_and_removed),
		cmocka_unit_test(test_all_it_said_comes_before_its_end),
		cmocka_unit_test(test_closed_socket_is_told_once),
		cmocka_unit_test(test_stop_is_told_once),
		cmocka_unit_test(test_what_cannot_be_executed_is_an_error),
		cmocka_unit_test(test_who_outlives_kill_is_hung),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
