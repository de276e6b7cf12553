/* The probe of these tests is this program again: the interface names its behaviour. */
#include "tests/testing.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "probes/packet.h"
#include "runner/climb.h"

#define FD CHILD_PACKETS_FD

static void begin(enum rung rung)
{
	packet_write_begun(FD, rung);
}

static void pass(enum rung rung)
{
	packet_write_ended(FD, rung, OUTCOME_PASS, REASON_NONE, 7);
}

static void begin_open(void)
{
	begin(RUNG_LOAD);
	packet_write_string(FD, RUNG_LOAD, PACKET_NO_ADAPTER, "library", "libx.so.1");
	pass(RUNG_LOAD);
	begin(RUNG_OPEN);
}

static void send_bytes(const void *bytes, size_t size)
{
	if (send(FD, bytes, size, 0) < 0)
		_exit(9);
}

static void all_is_well(void)
{
	begin_open();
	pass(RUNG_OPEN);
	packet_write_end(FD);
}

static void take_time(void)
{
	begin(RUNG_LOAD);
	usleep(1300000);
	pass(RUNG_LOAD);
	packet_write_end(FD);
}

static void describe_adapters(void)
{
	begin(RUNG_LOAD);
	packet_write_string(FD, RUNG_LOAD, 0, "pci", "8086:7d51");
	packet_write_string(FD, RUNG_LOAD, 1, "pci", "10de:2684");
	packet_write_string(FD, RUNG_LOAD, 0, "description", "Arc\033[2J\xff");
	packet_write_integer(FD, RUNG_LOAD, PACKET_NO_ADAPTER, "adapters",
			     FINDING_INTEGER, 2);
	/* none of these is a finding of ours */
	packet_write_string(FD, RUNG_LOAD, PACKET_NO_ADAPTER, "unheard_of", "x");
	packet_write_string(FD, RUNG_LOAD, PACKET_NO_ADAPTER, "adapters", "two");
	packet_write_integer(FD, RUNG_LOAD, PACKET_NO_ADAPTER, "devices", FINDING_INTEGER,
			     INT64_MAX);
	packet_write_string(FD, RUNG_LOAD, PACKET_NO_ADAPTER, "platform", "\n");
	pass(RUNG_LOAD);
	packet_write_end(FD);
}

static void fail_with_words(void)
{
	puts("of the rung before");
	fflush(stdout);
	begin(RUNG_LOAD);
	usleep(20000);
	puts("the driver says no\n");
	fflush(stdout);
	usleep(20000);
	packet_write_ended(FD, RUNG_LOAD, OUTCOME_FAIL, REASON_REFUSED, 3);
	packet_write_end(FD);
}

static void die(int number)
{
	signal(number, SIG_DFL);
	raise(number);
}

static void abort_with_words(void)
{
	begin_open();
	fputs("Abort was called at 27 line in file: adapter.cpp\n", stderr);
	die(SIGABRT);
}

static void ignore_term_and_hang(void)
{
	signal(SIGTERM, SIG_IGN);
	begin_open();
	for (;;)
		pause();
}

static void be_held(void)
{
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	begin_open();
	for (;;)
		pause();
}

static void eat_memory(void)
{
	begin_open();
	for (;;) {
		memset(malloc(1 << 20), 1, 1 << 20);
		usleep(300);
	}
}

static void flood(void)
{
	static const char line[] = "the same line again and again\n";
	begin_open();
	while (write(STDOUT_FILENO, line, sizeof(line) - 1) > 0)
		;
}

static void send_garbage(void)
{
	begin_open();
	send_bytes("All your base", 13);
	pause();
}

static void send_half(void)
{
	static const struct packet_header header = { PACKET_MAGIC, 40, PACKET_FINDING,
						     RUNG_OPEN, 0 };
	begin_open();
	send_bytes(&header, sizeof(header));
}

static void close_descriptor(void)
{
	begin_open();
	close(FD);
	pause();
}

static void end_unasked(void)
{
	begin(RUNG_LOAD);
	packet_write_ended(FD, RUNG_OPEN, OUTCOME_PASS, REASON_NONE, 0);
	pause();
}

static void begin_unasked(void)
{
	begin(RUNG_LAUNCH);
	pause();
}

static void begin_twice(void)
{
	begin(RUNG_LOAD);
	pass(RUNG_LOAD);
	begin(RUNG_LOAD);
	pause();
}

static void end_in_mid_rung(void)
{
	begin_open();
	packet_write_end(FD);
	pause();
}

static void linger_after_the_end(void)
{
	signal(SIGTERM, SIG_IGN);
	all_is_well();
	for (;;)
		pause();
}

static void crash_after_the_end(void)
{
	all_is_well();
	die(SIGSEGV);
}

static void leave_between_rungs(void)
{
	begin(RUNG_LOAD);
	pass(RUNG_LOAD);
	_exit(0);
}

static void leave_after_all(void)
{
	begin_open();
	pass(RUNG_OPEN);
	_exit(5);
}

static void flood_packets(void)
{
	begin(RUNG_LOAD);
	for (int i = 0; i < 10000; i++)
		packet_write_integer(FD, RUNG_LOAD, (uint8_t)(i % 200), "devices",
				     FINDING_INTEGER, i);
	pass(RUNG_LOAD);
	packet_write_end(FD);
}

static const struct {
	const char *name;
	void (*behave)(void);
} behaviours[] = {
	{ "well", all_is_well },
	{ "slow", take_time },
	{ "adapters", describe_adapters },
	{ "fail", fail_with_words },
	{ "abort", abort_with_words },
	{ "hang", ignore_term_and_hang },
	{ "held", be_held },
	{ "memory", eat_memory },
	{ "flood", flood },
	{ "garbage", send_garbage },
	{ "half", send_half },
	{ "close", close_descriptor },
	{ "end-unasked", end_unasked },
	{ "begin-unasked", begin_unasked },
	{ "begin-twice", begin_twice },
	{ "end-in-mid-rung", end_in_mid_rung },
	{ "linger", linger_after_the_end },
	{ "crash-after-end", crash_after_the_end },
	{ "leave-between", leave_between_rungs },
	{ "leave-after-all", leave_after_all },
	{ "flood-packets", flood_packets },
};

static int behave(const char *how)
{
	int number;
	if (sscanf(how, "signal-%d", &number) == 1) {
		begin_open();
		die(number);
	}
	if (sscanf(how, "exit-%d", &number) == 1) {
		begin_open();
		_exit(number);
	}
	if (!strcmp(how, "nothing"))
		return 0;
	for_each_row(row, behaviours)
		if (!strcmp(row->name, how)) {
			row->behave();
			return 0;
		}
	return 99;
}

static struct child_limits limits;
static char self[4096];
static struct arena arena;
static int n_begun, n_ended, n_waits;

static struct error *count_begun(void *context, enum rung rung)
{
	(void)context;
	(void)rung;
	n_begun++;
	return NULL;
}

static void count_ended(void *context, struct rung_result *rung)
{
	(void)context;
	(void)rung;
	n_ended++;
}

static void count_waits(void *context, enum rung rung, int64_t limit_ms)
{
	(void)context;
	assert_int_equal(rung, RUNG_LOAD);
	assert_int_equal(limit_ms, rung_rows[rung].deadline_ms / 2);
	n_waits++;
}

static struct climb_watch watch = {
	.begun = count_begun, .waits = count_waits, .ended = count_ended, .stop = -1
};

static int set_up(void **state)
{
	(void)state;
	limits = child_limits_default();
	limits.resident_mib = 300;
	limits.term_ms = limits.exit_ms = 300;
	n_begun = n_ended = n_waits = 0;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_deinit(&arena);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	return 0;
}

static struct climb do_climb(const char *how)
{
	const struct climb_order order = { .program = self,
					   .interface = how,
					   .adapter = -1,
					   .rungs = rung_bit(RUNG_LOAD) |
						    rung_bit(RUNG_OPEN) };
	struct climb ret;
	assert_ok(climb(&order, &limits, &watch, &arena, &ret));
	return ret;
}

static const struct rung_result *last(const struct climb *climb)
{
	assert_true(climb->n_rungs > 0);
	return &climb->rungs[climb->n_rungs - 1];
}

static const char *string_of(const struct rung_result *rung, enum finding finding)
{
	const char *string = findings_string(&rung->findings, finding);
	return string ? string : "(absent)";
}

static int64_t number_of(const struct rung_result *rung, enum finding finding)
{
	const struct finding_value *value = findings_get(&rung->findings, finding);
	return value ? value->integer : -1;
}

static void test_passed_rungs_and_findings_are_kept(void **state)
{
	(void)state;
	struct climb climb = do_climb("well");
	assert_int_equal(climb.n_rungs, 2);
	assert_false(climb.broke || climb.hung || climb.stopped);
	assert_int_equal(climb.rungs[0].rung, RUNG_LOAD);
	assert_int_equal(climb.rungs[0].outcome, OUTCOME_PASS);
	assert_int_equal(climb.rungs[0].ms, 7);
	assert_string_equal(string_of(&climb.rungs[0], FIND_LIBRARY), "libx.so.1");
	assert_int_equal(climb.rungs[1].outcome, OUTCOME_PASS);
	assert_int_equal(n_begun, 2);
	assert_int_equal(n_ended, 2);
}

static void test_who_watches_is_told_that_it_lasts(void **state)
{
	(void)state;
	do_climb("well");
	assert_int_equal(n_waits, 0);
	limits.deadline_percent = 50; /* 10 s */
	struct climb climb = do_climb("slow");
	assert_int_equal(climb.rungs[0].outcome, OUTCOME_PASS);
	assert_in_range(n_waits, 1, 9);
}

static void test_adapters_are_told_apart_and_words_cleaned(void **state)
{
	(void)state;
	struct climb climb = do_climb("adapters");
	assert_int_equal(climb.n_adapters, 2);
	assert_string_equal(findings_string(&climb.adapters[0].findings, FIND_PCI),
			    "8086:7d51");
	assert_string_equal(findings_string(&climb.adapters[1].findings, FIND_PCI),
			    "10de:2684");
	assert_string_equal(
		findings_string(&climb.adapters[0].findings, FIND_DESCRIPTION),
		"Arc [2J\xef\xbf\xbd");
	assert_int_equal(last(&climb)->findings.n, 1);
	assert_int_equal(number_of(last(&climb), FIND_ADAPTERS), 2);
}

static void test_failure_brings_the_words_of_its_own_rung(void **state)
{
	(void)state;
	struct climb climb = do_climb("fail");
	assert_int_equal(last(&climb)->outcome, OUTCOME_FAIL);
	assert_int_equal(last(&climb)->reason, REASON_REFUSED);
	assert_string_equal(string_of(last(&climb), FIND_LAST_WORDS),
			    "the driver says no");
}

static void test_every_signal_is_a_crash_of_that_rung(void **state)
{
	(void)state;
	static const struct {
		int number;
		const char *name;
	} rows[] = {
		{ SIGSEGV, "SIGSEGV" }, { SIGBUS, "SIGBUS" },   { SIGILL, "SIGILL" },
		{ SIGFPE, "SIGFPE" },   { SIGABRT, "SIGABRT" }, { SIGTRAP, "SIGTRAP" },
		{ SIGSYS, "SIGSYS" },   { SIGKILL, "SIGKILL" }, { SIGTERM, "SIGTERM" },
		{ SIGPIPE, "SIGPIPE" }, { SIGALRM, "SIGALRM" }, { SIGXCPU, "SIGXCPU" },
	};
	for_each_row(row, rows) {
		cleanup_free char *how = xasprintf("signal-%d", row->number);
		struct climb climb = do_climb(how);
		assert_int_equal(last(&climb)->rung, RUNG_OPEN);
		assert_int_equal(last(&climb)->outcome, OUTCOME_CRASH);
		assert_int_equal(last(&climb)->reason, REASON_SIGNAL);
		assert_string_equal(string_of(last(&climb), FIND_SIGNAL), row->name);
		assert_true(climb.broke);
	}
}

static void test_abort_keeps_its_last_words(void **state)
{
	(void)state;
	struct climb climb = do_climb("abort");
	assert_string_equal(string_of(last(&climb), FIND_SIGNAL), "SIGABRT");
	assert_string_equal(string_of(last(&climb), FIND_LAST_WORDS),
			    "Abort was called at 27 line in file: adapter.cpp");
}

static void test_exit_without_end_marker_is_a_crash(void **state)
{
	(void)state;
	static const int statuses[] = { 0, 1, 255 };
	for_each_row(status, statuses) {
		cleanup_free char *how = xasprintf("exit-%d", *status);
		struct climb climb = do_climb(how);
		assert_int_equal(last(&climb)->outcome, OUTCOME_CRASH);
		assert_int_equal(last(&climb)->reason, REASON_EXIT);
		assert_int_equal(number_of(last(&climb), FIND_EXIT_STATUS), *status);
	}
}

static void test_death_outside_a_rung_strikes_the_next_or_the_last(void **state)
{
	(void)state;
	static const struct {
		const char *how;
		enum rung rung;
		size_t n;
	} rows[] = {
		{ "nothing", RUNG_LOAD, 1 },
		{ "leave-between", RUNG_OPEN, 2 },
		{ "leave-after-all", RUNG_OPEN, 2 },
	};
	for_each_row(row, rows) {
		struct climb climb = do_climb(row->how);
		assert_int_equal(climb.n_rungs, row->n);
		assert_int_equal(last(&climb)->rung, row->rung);
		assert_int_equal(last(&climb)->outcome, OUTCOME_CRASH);
		assert_int_equal(last(&climb)->reason, REASON_EXIT);
	}
}

static void test_what_makes_no_sense_is_a_crash_by_protocol(void **state)
{
	(void)state;
	static const char *const hows[] = { "garbage",        "half",
					    "close",          "end-unasked",
					    "begin-unasked",  "begin-twice",
					    "end-in-mid-rung" };
	for_each_row(how, hows) {
		struct climb climb = do_climb(*how);
		if (last(&climb)->outcome != OUTCOME_CRASH ||
		    last(&climb)->reason != REASON_PROTOCOL)
			fail_msg("%s: %s(%s)", *how,
				 outcome_rows[last(&climb)->outcome].name,
				 reason_rows[last(&climb)->reason].name);
		assert_true(climb.broke);
	}
}

static void test_limits_are_crashes_by_their_name(void **state)
{
	(void)state;
	struct climb climb = do_climb("flood");
	assert_int_equal(last(&climb)->outcome, OUTCOME_CRASH);
	assert_int_equal(last(&climb)->reason, REASON_OUTPUT_LIMIT);
	assert_string_equal(string_of(last(&climb), FIND_LAST_WORDS),
			    "the same line again and again");
	climb = do_climb("memory");
	assert_int_equal(last(&climb)->outcome, OUTCOME_CRASH);
	assert_int_equal(last(&climb)->reason, REASON_MEMORY_LIMIT);
	assert_in_range(number_of(last(&climb), FIND_RESIDENT_MIB), 300, 2000);
}

static void test_no_answer_in_time_is_a_timeout(void **state)
{
	(void)state;
	int64_t begin_ms = child_clock();
	limits.deadline_percent = 5; /* 1 s for load and open */
	struct climb climb = do_climb("hang");
	assert_int_equal(last(&climb)->rung, RUNG_OPEN);
	assert_int_equal(last(&climb)->outcome, OUTCOME_TIMEOUT);
	assert_int_equal(last(&climb)->reason, REASON_DEADLINE);
	assert_in_range(last(&climb)->ms, 1000, 10000);
	assert_in_range(child_clock() - begin_ms, 1300, 15000);
	assert_true(climb.broke);
}

/* See test_child.c: a tracer keeps it from ending. Forked before the climb, so that it is
 * none of the family; told by a byte when the probe is there. */
static bool is_held_probe(pid_t pid)
{
	char path[64], line[8192];
	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	FILE *file = fopen(path, "r");
	size_t n = file ? fread(line, 1, sizeof(line), file) : 0;
	if (file)
		fclose(file);
	return n && memmem(line, n, "held\0--packets", 14);
}

static _Noreturn void hold(int fd)
{
	char go, held = 'n';
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (read(fd, &go, 1) != 1)
		_exit(1);
	for (pid_t pid = getpid() + 1; pid < getpid() + 500 && held == 'n'; pid++)
		if (is_held_probe(pid) &&
		    ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACEEXIT) == 0)
			held = 'y';
	if (write(fd, &held, 1) != 1 || held == 'n')
		_exit(1);
	for (;;)
		pause();
}

static struct error *have_it_held(void *context, enum rung rung)
{
	int *fd = context;
	char held = 'n';
	if (rung != RUNG_OPEN)
		return NULL;
	assert_int_equal(write(*fd, "g", 1), 1);
	assert_int_equal(read(*fd, &held, 1), 1);
	return held == 'y' ? NULL : error_create("ptrace is not permitted");
}

static void test_who_outlives_kill_is_hung_with_its_place(void **state)
{
	(void)state;
	int ends[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	pid_t tracer = fork();
	if (tracer == 0)
		hold(ends[1]);
	const struct climb_watch holder = { .context = &ends[0],
					    .begun = have_it_held,
					    .stop = -1 };
	limits.deadline_percent = 5;
	limits.kill_ms = 300;
	const struct climb_order order = { .program = self,
					   .interface = "held",
					   .adapter = -1,
					   .rungs = rung_bit(RUNG_LOAD) |
						    rung_bit(RUNG_OPEN) };
	struct climb climb_;
	cleanup_error struct error *err =
		climb(&order, &limits, &holder, &arena, &climb_);
	kill(tracer, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0) /* the probe, too: nothing holds it now */
		;
	close(ends[0]);
	close(ends[1]);
	if (err)
		skip();
	assert_true(climb_.hung);
	assert_int_equal(last(&climb_)->rung, RUNG_OPEN);
	assert_int_equal(last(&climb_)->outcome, OUTCOME_HUNG);
	assert_string_not_equal(string_of(last(&climb_), FIND_WCHAN), "(absent)");
}

static void test_after_the_end_marker_only_a_remark_is_left(void **state)
{
	(void)state;
	struct climb climb = do_climb("linger");
	assert_int_equal(climb.n_rungs, 2);
	assert_int_equal(last(&climb)->outcome, OUTCOME_PASS);
	assert_true(climb.broke);
	climb = do_climb("crash-after-end");
	assert_int_equal(last(&climb)->outcome, OUTCOME_PASS);
	assert_string_equal(string_of(last(&climb), FIND_SIGNAL), "SIGSEGV");
}

static void test_flood_of_findings_is_bounded(void **state)
{
	(void)state;
	struct climb climb = do_climb("flood-packets");
	assert_int_equal(last(&climb)->outcome, OUTCOME_PASS);
	assert_int_equal(climb.n_adapters, 64);
}

static struct error *refuse(void *context, enum rung rung)
{
	(void)context;
	return rung == RUNG_OPEN ? error_create("the journal is full") : NULL;
}

static void test_rung_that_is_not_in_the_journal_is_not_climbed(void **state)
{
	(void)state;
	const struct climb_watch refuser = { .begun = refuse, .stop = -1 };
	const struct climb_order order = { .program = self,
					   .interface = "well",
					   .adapter = -1,
					   .rungs = rung_bit(RUNG_LOAD) |
						    rung_bit(RUNG_OPEN) };
	struct climb climb_;
	assert_error(climb(&order, &limits, &refuser, &arena, &climb_),
		     "the journal is full");
}

static void test_stop_interrupts_the_rung(void **state)
{
	(void)state;
	int stop[2];
	assert_int_equal(pipe(stop), 0);
	assert_int_equal(write(stop[1], "x", 1), 1);
	struct climb_watch stopped = watch;
	stopped.stop = stop[0];
	const struct climb_order order = { .program = self,
					   .interface = "hang",
					   .adapter = -1,
					   .rungs = rung_bit(RUNG_LOAD) |
						    rung_bit(RUNG_OPEN) };
	struct climb climb_;
	assert_ok(climb(&order, &limits, &stopped, &arena, &climb_));
	assert_true(climb_.stopped);
	assert_int_equal(last(&climb_)->outcome, OUTCOME_INTERRUPTED);
	assert_int_equal(last(&climb_)->reason, REASON_STOPPED);
	close(stop[0]);
	close(stop[1]);
}

static void test_missing_program_is_an_error(void **state)
{
	(void)state;
	const struct climb_order order = { .program = "/nowhere/probe",
					   .interface = "x",
					   .adapter = -1,
					   .rungs = rung_bit(RUNG_LOAD) };
	struct climb climb_;
	assert_error(climb(&order, &limits, &watch, &arena, &climb_), "/nowhere/probe");
}

static void test_end_is_told_by_what_weighs_most(void **state)
{
	(void)state;
	const int killed = SIGKILL, exited = 3 << 8;
	const struct {
		struct climb_end end;
		enum outcome outcome;
		enum reason reason;
	} rows[] = {
		{ { REASON_NONE, false, false, killed }, OUTCOME_CRASH, REASON_SIGNAL },
		{ { REASON_NONE, false, true, killed }, OUTCOME_CRASH, REASON_SIGNAL },
		{ { REASON_NONE, false, false, exited }, OUTCOME_CRASH, REASON_EXIT },
		{ { REASON_NONE, false, true, exited }, OUTCOME_CRASH, REASON_PROTOCOL },
		{ { REASON_DEADLINE, false, false, killed },
		  OUTCOME_TIMEOUT,
		  REASON_DEADLINE },
		{ { REASON_DEADLINE, true, false, 0 }, OUTCOME_HUNG, REASON_DEADLINE },
		{ { REASON_PROTOCOL, true, false, 0 }, OUTCOME_HUNG, REASON_PROTOCOL },
		{ { REASON_MEMORY_LIMIT, false, false, killed },
		  OUTCOME_CRASH,
		  REASON_MEMORY_LIMIT },
		{ { REASON_STOPPED, false, false, killed },
		  OUTCOME_INTERRUPTED,
		  REASON_STOPPED },
		{ { REASON_STOPPED, true, false, 0 },
		  OUTCOME_INTERRUPTED,
		  REASON_STOPPED },
	};
	for_each_row(row, rows) {
		enum reason reason;
		assert_int_equal(climb_outcome(&row->end, &reason), row->outcome);
		assert_int_equal(reason, row->reason);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
	if (argc > 1)
		return behave(argv[1]);
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	self[n > 0 ? n : 0] = '\0';
	const struct CMUnitTest tests[] = {
		TEST(test_passed_rungs_and_findings_are_kept),
		TEST(test_who_watches_is_told_that_it_lasts),
		TEST(test_adapters_are_told_apart_and_words_cleaned),
		TEST(test_failure_brings_the_words_of_its_own_rung),
		TEST(test_every_signal_is_a_crash_of_that_rung),
		TEST(test_abort_keeps_its_last_words),
		TEST(test_exit_without_end_marker_is_a_crash),
		TEST(test_death_outside_a_rung_strikes_the_next_or_the_last),
		TEST(test_what_makes_no_sense_is_a_crash_by_protocol),
		TEST(test_limits_are_crashes_by_their_name),
		TEST(test_no_answer_in_time_is_a_timeout),
		TEST(test_who_outlives_kill_is_hung_with_its_place),
		TEST(test_after_the_end_marker_only_a_remark_is_left),
		TEST(test_flood_of_findings_is_bounded),
		TEST(test_rung_that_is_not_in_the_journal_is_not_climbed),
		TEST(test_stop_interrupts_the_rung),
		TEST(test_missing_program_is_an_error),
		TEST(test_end_is_told_by_what_weighs_most),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
