/* The battery with a probe program that misbehaves as told. */
#include "tests/testing.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/battery.h"
#include "util/file.h"

static char *folder, *probe;
static struct child_limits limits;
static struct arena arena;
static struct interfaces interfaces;

static int set_up(void **state)
{
	(void)state;
	limits = child_limits_default();
	limits.resident_mib = 200;
	limits.term_ms = limits.kill_ms = limits.exit_ms = 300;
	limits.deadline_percent = 2;
	assert_ok(file_temporary_folder("test-battery", &folder));
	setenv("XDG_STATE_HOME", folder, 1);
	probe = binary_path("tests/fakes/dxgmatrix-probe-misbehaves");
	assert_ok(interfaces_ask(probe, &limits, -1, &arena, &interfaces));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unsetenv("DXGMATRIX_FAKE");
	unsetenv("DXGMATRIX_FAKE_AT");
	unsetenv("DXGMATRIX_FAKE_ONCE");
	arena_deinit(&arena);
	assert_ok(file_remove_tree(folder));
	free(folder);
	free(probe);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left */
	return 0;
}

struct asked {
	bool patient;          /* deadlines are out of the way */
	const char *mode, *at; /* of the probe program; NULL: it passes everywhere */
	const char *once;      /* name of a file: it misbehaves only the first time */
	const char *const *names;
	size_t n_names;
	enum risk risk;
	int64_t budget_ms; /* 0: enough */
	bool again;
	int stop; /* 0: none */
	struct battery_watch watch;
	const struct battery_log *log;
	bool has_door;
	const char *program; /* NULL: the probe that misbehaves */
};

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void run(const struct asked *asked, struct battery *ret)
{
	cleanup_record struct record base;
	cleanup_journal struct journal *journal = NULL;
	cleanup_free char *once = NULL;
	if (asked->once)
		once = xasprintf("%s/%s", folder, asked->once);
	set("DXGMATRIX_FAKE", asked->mode);
	set("DXGMATRIX_FAKE_AT", asked->at);
	set("DXGMATRIX_FAKE_ONCE", once);
	record_init(&base);
	base.source.kind = SOURCE_MEASURED;
	base.source.tool = "test";
	base.source.trigger = "manual";
	base.time = "2026-11-20";
	base.environment.kind = ENVIRONMENT_LINUX;
	assert_ok(journal_open(asked->again, &journal));
	struct child_limits patient = limits;
	patient.deadline_percent = 50;
	const struct battery_order order = {
		.program = asked->program ? asked->program : probe,
		.interfaces = &interfaces,
		.names = asked->names,
		.n_names = asked->n_names,
		.risk = asked->risk,
		.has_door = asked->has_door,
		.limits = asked->patient ? patient : limits,
		.budget_ms = asked->budget_ms ? asked->budget_ms : 600000,
		.journal = journal,
		.watch = asked->watch,
		.log = asked->log,
		.stop = asked->stop ? asked->stop : -1,
	};
	assert_ok(battery_run(&order, &base, ret));
	assert_ok(journal_close(journal, ret->stopped));
}

static const struct rung_result *rung_of(const struct battery *battery,
					 const char *interface, enum role role,
					 enum rung rung)
{
	assert_int_equal(battery->n_records, 1);
	const struct result *result =
		record_result(&battery->records[0], interface, role);
	const struct rung_result *found = result ? result_rung(result, rung) : NULL;
	if (!found)
		fail_msg("no %s %s %s", role_names[role], interface,
			 rung_rows[rung].name);
	return found;
}

static void assert_rung(const struct battery *battery, const char *interface,
			enum role role, enum rung rung, enum outcome outcome,
			enum reason reason)
{
	const struct rung_result *found = rung_of(battery, interface, role, rung);
	if (found->outcome != outcome || found->reason != reason)
		fail_msg("%s %s %s is %s(%s), not %s(%s)", role_names[role], interface,
			 rung_rows[rung].name, outcome_rows[found->outcome].name,
			 reason_rows[found->reason].name, outcome_rows[outcome].name,
			 reason_rows[reason].name);
}

static void test_all_pass_and_say_what_they_are(void **state)
{
	(void)state;
	const struct asked asked = { 0 };
	cleanup_battery struct battery b;
	run(&asked, &b);
	assert_false(b.stopped || b.late || b.control_failed);
	assert_int_equal(b.records[0].n_results, 5);
	for (size_t i = 0; i < b.records[0].n_results; i++)
		for (size_t j = 0; j < b.records[0].results[i].n_rungs; j++) {
			const struct rung_result *rung =
				&b.records[0].results[i].rungs[j];
			assert_int_equal(rung->outcome, OUTCOME_PASS);
			assert_int_equal(rung->n_tries, 0);
			assert_true(rung->ms >= 0);
		}
	const struct result *gpu = record_result(&b.records[0], "opencl", ROLE_ADAPTER);
	assert_string_equal(findings_string(&gpu->device, FIND_DEVICE), "Fake GPU");
	assert_null(findings_string(&result_rung(gpu, RUNG_ENUMERATE)->findings,
				    FIND_DEVICE));
}

static void test_every_misbehaviour_is_contained_and_named(void **state)
{
	(void)state;
	static const struct {
		const char *mode;
		enum outcome outcome;
		enum reason reason;
		size_t n_tries;
	} rows[] = {
		{ "fail", OUTCOME_FAIL, REASON_REFUSED, 3 },
		{ "wrong-result", OUTCOME_FAIL, REASON_WRONG_RESULT, 3 },
		{ "SIGSEGV", OUTCOME_CRASH, REASON_SIGNAL, 3 },
		{ "SIGKILL", OUTCOME_CRASH, REASON_SIGNAL, 3 },
		{ "hang", OUTCOME_TIMEOUT, REASON_DEADLINE, 3 },
		{ "ignore-term", OUTCOME_TIMEOUT, REASON_DEADLINE, 3 },
		{ "leave-child", OUTCOME_PASS, REASON_NONE, 0 },
		{ "flood-stdout", OUTCOME_CRASH, REASON_OUTPUT_LIMIT, 3 },
		{ "flood-stderr", OUTCOME_CRASH, REASON_OUTPUT_LIMIT, 3 },
		{ "flood-packets", OUTCOME_CRASH, REASON_OUTPUT_LIMIT, 3 },
		{ "close", OUTCOME_CRASH, REASON_EXIT, 3 },
		{ "close-and-hang", OUTCOME_CRASH, REASON_PROTOCOL, 3 },
		{ "garbage", OUTCOME_CRASH, REASON_PROTOCOL, 3 },
		{ "half-packet", OUTCOME_CRASH, REASON_PROTOCOL, 3 },
		{ "oversize", OUTCOME_CRASH, REASON_PROTOCOL, 3 },
		{ "exit-0", OUTCOME_CRASH, REASON_EXIT, 3 },
		{ "exit-7", OUTCOME_CRASH, REASON_EXIT, 3 },
		{ "exhaust-memory", OUTCOME_CRASH, REASON_MEMORY_LIMIT, 3 },
		{ "wrong-rung", OUTCOME_CRASH, REASON_PROTOCOL, 3 },
		{ "begin-twice", OUTCOME_CRASH, REASON_PROTOCOL, 3 },
		{ "end-in-rung", OUTCOME_CRASH, REASON_PROTOCOL, 3 },
		{ "long-string", OUTCOME_PASS, REASON_NONE, 0 },
		{ "invalid-utf8", OUTCOME_PASS, REASON_NONE, 0 },
		{ "hostile-string", OUTCOME_PASS, REASON_NONE, 0 },
		{ "unknown-finding", OUTCOME_PASS, REASON_NONE, 0 },
		{ "fallback", OUTCOME_FALLBACK, REASON_CPU_ONLY, 0 },
		{ "skip", OUTCOME_SKIP, REASON_NOT_INSTALLED, 0 },
		{ "error", OUTCOME_ERROR, REASON_CONTROL_FAILED, 0 },
	};
	static const char *const names[] = { "vulkan" };
	for_each_row(row, rows) {
		const struct asked asked = { .mode = row->mode,
					     .at = "vulkan/adapter/copy",
					     .names = names,
					     .n_names = 1,
					     .patient = row->reason != REASON_DEADLINE };
		cleanup_battery struct battery b;
		run(&asked, &b);
		const struct rung_result *copy =
			rung_of(&b, "vulkan", ROLE_ADAPTER, RUNG_COPY);
		if (copy->outcome != row->outcome || copy->reason != row->reason ||
		    copy->n_tries != row->n_tries)
			fail_msg("%s: %s(%s), %zu tries", row->mode,
				 outcome_rows[copy->outcome].name,
				 reason_rows[copy->reason].name, copy->n_tries);
		/* Its neighbour does not need it, what is above does. */
		assert_rung(&b, "vulkan", ROLE_ADAPTER, RUNG_COMPILE, OUTCOME_PASS,
			    REASON_NONE);
		const struct rung_result *launch =
			rung_of(&b, "vulkan", ROLE_ADAPTER, RUNG_LAUNCH);
		bool blocked = row->outcome != OUTCOME_PASS;
		assert_int_equal(launch->blocked, blocked);
		assert_int_equal(launch->outcome,
				 blocked ? OUTCOME_BLOCKED : OUTCOME_PASS);
		if (blocked)
			assert_int_equal(launch->by, RUNG_COPY);
		assert_rung(&b, "vulkan", ROLE_CONTROL, RUNG_LAUNCH, OUTCOME_PASS,
			    REASON_NONE);
	}
}

static void test_after_the_last_word_nothing_changes_but_a_remark(void **state)
{
	(void)state;
	static const char *const modes[] = { "end-and-crash", "end-and-hang" };
	static const char *const names[] = { "vulkan" };
	for_each_row(mode, modes) {
		const struct asked asked = { .mode = *mode,
					     .at = "vulkan/adapter/launch",
					     .names = names,
					     .n_names = 1 };
		cleanup_battery struct battery b;
		run(&asked, &b);
		assert_rung(&b, "vulkan", ROLE_ADAPTER, RUNG_LAUNCH, OUTCOME_PASS,
			    REASON_NONE);
		const char *signal = findings_string(
			&rung_of(&b, "vulkan", ROLE_ADAPTER, RUNG_LAUNCH)->findings,
			FIND_SIGNAL);
		assert_int_equal(signal != NULL, !strcmp(*mode, "end-and-crash"));
	}
}

/* What a record holds afterwards is a document that its own reader takes. */
static void test_hostile_words_make_a_good_document(void **state)
{
	(void)state;
	static const char *const modes[] = { "invalid-utf8", "hostile-string",
					     "long-string", "build-failed",
					     "flood-stderr" };
	static const char *const names[] = { "opencl" };
	for_each_row(mode, modes) {
		const struct asked asked = { .mode = *mode,
					     .at = "opencl/adapter/compile",
					     .names = names,
					     .n_names = 1 };
		cleanup_battery struct battery b;
		run(&asked, &b);
		record_write(&b.records[0]);
		cleanup_record struct record copy;
		assert_ok(record_read(b.records[0].bytes, b.records[0].size, "2026-11-20",
				      &copy));
	}
}

static void test_flaky_rung_keeps_all_tries_and_the_worst(void **state)
{
	(void)state;
	static const char *const names[] = { "opencl" };
	const struct asked asked = { .mode = "SIGSEGV",
				     .at = "opencl/adapter/launch",
				     .once = "once",
				     .names = names,
				     .n_names = 1 };
	cleanup_battery struct battery b;
	run(&asked, &b);
	const struct rung_result *launch =
		rung_of(&b, "opencl", ROLE_ADAPTER, RUNG_LAUNCH);
	assert_int_equal(launch->outcome, OUTCOME_CRASH);
	assert_int_equal(launch->n_tries, 3);
	assert_int_equal(launch->tries[0], OUTCOME_CRASH);
	assert_int_equal(launch->tries[1], OUTCOME_PASS);
	assert_int_equal(launch->tries[2], OUTCOME_PASS);
}

static void test_missing_library_blocks_all_above(void **state)
{
	(void)state;
	static const char *const names[] = { "opencl" };
	const struct asked asked = {
		.mode = "skip", .at = "opencl/adapter/load", .names = names, .n_names = 1
	};
	cleanup_battery struct battery b;
	run(&asked, &b);
	assert_rung(&b, "opencl", ROLE_ADAPTER, RUNG_LOAD, OUTCOME_SKIP,
		    REASON_NOT_INSTALLED);
	for (int rung = RUNG_ENUMERATE; rung <= RUNG_LAUNCH; rung++) {
		if (!(interfaces.row[1].rungs & rung_bit((enum rung)rung)))
			continue;
		const struct rung_result *above =
			rung_of(&b, "opencl", ROLE_ADAPTER, (enum rung)rung);
		assert_true(above->blocked);
		assert_int_equal(above->by, RUNG_LOAD);
	}
	assert_null(b.control_failed);
}

static void test_only_what_is_asked_for_is_there(void **state)
{
	(void)state;
	static const char *const names[] = { "vulkan" };
	const struct asked asked = { .names = names, .n_names = 1 };
	cleanup_battery struct battery b;
	run(&asked, &b);
	assert_int_equal(b.records[0].n_results, 2);
	assert_string_equal(b.records[0].results[0].interface, "vulkan");
	assert_int_equal(b.records[0].results[0].role, ROLE_ADAPTER);
	assert_int_equal(b.records[0].results[1].role, ROLE_CONTROL);
}

static void test_control_that_fails_is_told(void **state)
{
	(void)state;
	static const char *const modes[] = { "wrong-result", "SIGABRT", "error" };
	for_each_row(mode, modes) {
		const struct asked asked = { .mode = *mode,
					     .at = "opencl/control/launch" };
		cleanup_battery struct battery b;
		run(&asked, &b);
		assert_string_equal(b.control_failed, "opencl");
		assert_rung(&b, "opencl", ROLE_ADAPTER, RUNG_LAUNCH, OUTCOME_PASS,
			    REASON_NONE);
	}
	const struct asked absent = { .mode = "skip", .at = "opencl/control/load" };
	cleanup_battery struct battery b;
	run(&absent, &b);
	assert_null(b.control_failed);
}

/* A probe program by a script: $FAKE is the one that misbehaves. @return the caller's */
static char *write_script(const char *lines)
{
	char *path = xasprintf("%s/probe", folder);
	cleanup_free char *text =
		xasprintf("#!/bin/sh\nF=%s\n%s\nexec %s \"$@\"\n", folder, lines, probe);
	assert_ok(file_write(path, text, strlen(text), 0700, false));
	return path;
}

/* OpenCL crashes on the GPU, and with it the door may stop to work. */
#define CRASHES                                                                          \
	"case \"$*\" in opencl*--control*) ;; opencl*) touch $F/crashed\n"               \
	"export DXGMATRIX_FAKE=SIGSEGV DXGMATRIX_FAKE_AT=copy ;; esac\n"

static void test_door_is_tried_again_after_a_crash(void **state)
{
	(void)state;
	cleanup_free char *script = write_script(
		CRASHES "case \"$*\" in dxg*) test -f $F/crashed && date >> $F/again "
			";; esac");
	const struct asked asked = { .program = script, .has_door = true };
	cleanup_battery struct battery b;
	run(&asked, &b);
	assert_false(b.wedged);
	assert_rung(&b, "vulkan", ROLE_ADAPTER, RUNG_LAUNCH, OUTCOME_PASS, REASON_NONE);
	cleanup_free char *path = xasprintf("%s/again", folder);
	cleanup_free char *again = NULL;
	assert_ok(file_read(path, 4096, &again, NULL));
	size_t times = 0;
	for (const char *c = again; (c = strchr(c, '\n')); c++)
		times++;
	assert_int_equal(times, 3); /* after each of three crashes */
}

static void test_wedged_door_ends_all_tries_on_the_gpu(void **state)
{
	(void)state;
	cleanup_free char *script = write_script(
		CRASHES "case \"$*\" in dxg*) test -f $F/crashed && export "
			"DXGMATRIX_FAKE=hang DXGMATRIX_FAKE_AT=fence ;; esac");
	const struct asked asked = { .program = script, .has_door = true };
	cleanup_battery struct battery b;
	run(&asked, &b);
	assert_true(b.wedged);
	const struct rung_result *copy = rung_of(&b, "opencl", ROLE_ADAPTER, RUNG_COPY);
	assert_int_equal(copy->outcome, OUTCOME_CRASH);
	assert_int_equal(copy->n_tries, 0); /* not repeated into a closed door */
	const struct rung_result *fence = rung_of(&b, "dxg", ROLE_ADAPTER, RUNG_FENCE);
	assert_int_equal(fence->outcome, OUTCOME_TIMEOUT);
	assert_int_equal(fence->n_tries, 2);
	assert_int_equal(fence->tries[0], OUTCOME_PASS);
	assert_int_equal(fence->tries[1], OUTCOME_TIMEOUT);
	const struct rung_result *load = rung_of(&b, "vulkan", ROLE_ADAPTER, RUNG_LOAD);
	assert_true(load->blocked);
	assert_int_equal(load->by, RUNG_FENCE);
	assert_int_equal(load->reason, REASON_EARLIER_HUNG);
	assert_rung(&b, "opencl", ROLE_CONTROL, RUNG_LAUNCH, OUTCOME_PASS, REASON_NONE);
}

static void test_door_that_never_answers_is_not_waited_for_again(void **state)
{
	(void)state;
	const struct asked asked = { .mode = "hang", .at = "dxg/adapter/enumerate" };
	cleanup_battery struct battery b;
	run(&asked, &b);
	assert_true(b.wedged);
	const struct rung_result *enumerate =
		rung_of(&b, "dxg", ROLE_ADAPTER, RUNG_ENUMERATE);
	assert_int_equal(enumerate->outcome, OUTCOME_TIMEOUT);
	assert_int_equal(enumerate->n_tries, TRIES_MAX);
	static const char *const names[] = { "opencl", "vulkan" };
	for_each_row(name, names) {
		const struct rung_result *load =
			rung_of(&b, *name, ROLE_ADAPTER, RUNG_LOAD);
		assert_true(load->blocked);
		assert_int_equal(load->by, RUNG_ENUMERATE);
		assert_int_equal(load->reason, REASON_DEADLINE);
		assert_rung(&b, *name, ROLE_CONTROL, RUNG_LAUNCH, OUTCOME_PASS,
			    REASON_NONE);
	}
}

/* The door killed a process above its fence: does the fence still stand? */
static void test_door_that_kills_a_process_is_asked_once_more(void **state)
{
	(void)state;
	static const struct {
		bool hangs;
		const char *then;
	} rows[] = {
		{ false, "touch $F/fenced" },
		{ true, "test -f $F/fenced-once && "
			"export DXGMATRIX_FAKE=hang DXGMATRIX_FAKE_AT=fence; "
			"touch $F/fenced-once" },
	};
	for_each_row(row, rows) {
		cleanup_free char *lines =
			xasprintf("case \"$*\" in dxg*paging*) export DXGMATRIX_FAKE=hang"
				  " DXGMATRIX_FAKE_AT=paging ;; dxg*fence*) %s ;; esac",
				  row->then);
		cleanup_free char *script = write_script(lines);
		const struct asked asked = { .program = script, .has_door = true };
		cleanup_battery struct battery b;
		run(&asked, &b);
		const struct rung_result *fence =
			rung_of(&b, "dxg", ROLE_ADAPTER, RUNG_FENCE);
		const struct rung_result *load =
			rung_of(&b, "vulkan", ROLE_ADAPTER, RUNG_LOAD);
		assert_int_equal(b.wedged, row->hangs);
		assert_int_equal(load->blocked, b.wedged);
		assert_int_equal(fence->outcome,
				 b.wedged ? OUTCOME_TIMEOUT : OUTCOME_PASS);
	}
}

#define FREEZER "/sys/fs/cgroup/freezer"

/* A cgroup-v1 freezer holds its processes so that SIGKILL waits for the thaw. */
static void test_after_hung_no_probe_touches_the_gpu(void **state)
{
	(void)state;
	cleanup_free char *cage = xasprintf(FREEZER "/dxgmatrix-%d", (int)getpid());
	cleanup_free char *thaw = xasprintf("%s/freezer.state", cage);
	if (mkdir(cage, 0700) < 0)
		skip();
	setenv("DXGMATRIX_FAKE_FILE", cage, 1);
	const struct asked asked = { .mode = "freeze", .at = "opencl/adapter/copy" };
	cleanup_battery struct battery b;
	run(&asked, &b);
	int fd = open(thaw, O_WRONLY);
	assert_int_equal(write(fd, "THAWED", 6), 6);
	close(fd);
	while (waitpid(-1, NULL, 0) > 0)
		;
	rmdir(cage);

	const struct rung_result *copy = rung_of(&b, "opencl", ROLE_ADAPTER, RUNG_COPY);
	assert_int_equal(copy->outcome, OUTCOME_HUNG);
	assert_int_equal(copy->n_tries, 0); /* never again */
	assert_rung(&b, "opencl", ROLE_ADAPTER, RUNG_COMPILE, OUTCOME_BLOCKED,
		    REASON_EARLIER_HUNG);
	const struct rung_result *load = rung_of(&b, "vulkan", ROLE_ADAPTER, RUNG_LOAD);
	assert_true(load->blocked);
	assert_int_equal(load->by, RUNG_COPY);
	assert_int_equal(load->reason, REASON_EARLIER_HUNG);
	assert_rung(&b, "vulkan", ROLE_CONTROL, RUNG_LAUNCH, OUTCOME_PASS, REASON_NONE);
}

static void test_budget_ends_the_run(void **state)
{
	(void)state;
	const struct asked asked = { .mode = "slow", .at = "load", .budget_ms = 600 };
	cleanup_battery struct battery b;
	run(&asked, &b);
	assert_true(b.late);
	assert_rung(&b, "vulkan", ROLE_CONTROL, RUNG_LOAD, OUTCOME_ERROR,
		    REASON_DEADLINE);
}

static void test_stop_leaves_what_was_seen(void **state)
{
	(void)state;
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	const struct asked asked = { .mode = "hang",
				     .at = "dxg/adapter/load",
				     .stop = ends[0] };
	cleanup_battery struct battery b;
	run(&asked, &b);
	assert_true(b.stopped);
	assert_rung(&b, "dxg", ROLE_ADAPTER, RUNG_LOAD, OUTCOME_INTERRUPTED,
		    REASON_STOPPED);
	assert_int_equal(b.records[0].n_results, 1);
	close(ends[0]);
	close(ends[1]);
}

/* As if the machine had gone down at a step: its entry, of another boot. */
static void go_down(const char *spot)
{
	cleanup_free char *path = xasprintf("%s/dxgmatrix/journal", folder);
	cleanup_free char *text = NULL;
	assert_ok(file_read(path, 1 << 20, &text, NULL));
	char *boots = strstr(text, "boots 1 ") + 8;
	boots[0] = boots[0] == '0' ? '1' : '0';
	cleanup_free char *down =
		xasprintf("%srun %.36s 1 1\nbegin %s\n", text, boots, spot);
	assert_ok(file_write(path, down, strlen(down), 0600, false));
}

static void test_step_that_took_the_machine_down_waits_to_be_asked_for(void **state)
{
	(void)state;
	static const char *const names[] = { "opencl" };
	const struct asked asked = { .names = names, .n_names = 1 };
	const struct asked again = { .names = names, .n_names = 1, .again = true };
	cleanup_battery struct battery first = { 0 }, second = { 0 }, third = { 0 };
	run(&asked, &first);
	char address[COMBINATION_ADDRESS_SIZE];
	combination_address(&first.records[0].combination, address);
	cleanup_free char *spot = xasprintf("opencl adapter compile - %s", address);
	go_down(spot);
	run(&asked, &second);
	assert_rung(&second, "opencl", ROLE_ADAPTER, RUNG_COMPILE, OUTCOME_INTERRUPTED,
		    REASON_STOPPED);
	assert_int_equal(rung_of(&second, "opencl", ROLE_ADAPTER, RUNG_COMPILE)->ms, -1);
	assert_rung(&second, "opencl", ROLE_ADAPTER, RUNG_COPY, OUTCOME_PASS,
		    REASON_NONE);
	assert_true(rung_of(&second, "opencl", ROLE_ADAPTER, RUNG_LAUNCH)->blocked);
	assert_rung(&second, "opencl", ROLE_CONTROL, RUNG_COMPILE, OUTCOME_PASS,
		    REASON_NONE);
	run(&again, &third);
	assert_rung(&third, "opencl", ROLE_ADAPTER, RUNG_LAUNCH, OUTCOME_PASS,
		    REASON_NONE);
}

struct watched {
	int begun, ended, done, marks;
};

static void on_begun(void *context, const struct battery_step *step)
{
	(void)step;
	((struct watched *)context)->begun++;
}

static void on_ended(void *context, const struct battery_step *step,
		     const struct rung_result *result)
{
	(void)step;
	(void)result;
	((struct watched *)context)->ended++;
}

static void on_done(void *context, const struct battery_step *step)
{
	(void)step;
	((struct watched *)context)->done++;
}

static void mark(void *context)
{
	((struct watched *)context)->marks++;
}

static bool take(void *context, struct arena *memory, struct failures *ret)
{
	struct watched *watched = context;
	failures_add(memory, ret, "dxgkio_query_adapter_info", -22, 2);
	return watched->marks % 2; /* every other window can be told */
}

static void test_watcher_and_kernel_log_see_every_step(void **state)
{
	(void)state;
	static const char *const names[] = { "opencl" };
	struct watched watched = { 0 };
	const struct battery_log log = { &watched, mark, take };
	const struct asked asked = {
		.names = names,
		.n_names = 1,
		.watch = { &watched, on_begun, NULL, on_ended, on_done },
		.log = &log,
	};
	cleanup_battery struct battery b;
	run(&asked, &b);
	assert_int_equal(watched.begun, watched.ended);
	assert_int_equal(watched.begun, watched.marks);
	assert_int_equal(watched.begun, 2 + 6 + 6); /* the door is asked, then twice */
	assert_int_equal(watched.done, 3);
	const struct rung_result *load = rung_of(&b, "opencl", ROLE_ADAPTER, RUNG_LOAD);
	const struct rung_result *next =
		rung_of(&b, "opencl", ROLE_ADAPTER, RUNG_ENUMERATE);
	assert_int_not_equal(load->has_kernel_log, next->has_kernel_log);
	assert_int_equal(failures_total(&load->kernel_log), 2);
}

static void test_missing_door_is_a_fault_only_where_it_belongs(void **state)
{
	(void)state;
	static const struct {
		struct rung_result rung;
		bool is_inside;
		enum outcome outcome;
		enum reason reason;
	} rows[] = {
		{ { .outcome = OUTCOME_SKIP, .reason = REASON_NO_DEVICE_NODE },
		  false,
		  OUTCOME_SKIP,
		  REASON_NOT_WSL2 },
		{ { .outcome = OUTCOME_SKIP, .reason = REASON_NO_DEVICE_NODE },
		  true,
		  OUTCOME_FAIL,
		  REASON_NO_DEVICE_NODE },
		{ { .outcome = OUTCOME_FAIL, .reason = REASON_NO_HOST_CHANNEL },
		  false,
		  OUTCOME_FAIL,
		  REASON_NO_HOST_CHANNEL },
		{ { .outcome = OUTCOME_PASS }, true, OUTCOME_PASS, REASON_NONE },
	};
	for_each_row(row, rows) {
		struct rung_result rung = row->rung;
		battery_judge_door(row->is_inside, &rung);
		assert_int_equal(rung.outcome, row->outcome);
		assert_int_equal(rung.reason, row->reason);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_all_pass_and_say_what_they_are),
		TEST(test_every_misbehaviour_is_contained_and_named),
		TEST(test_after_the_last_word_nothing_changes_but_a_remark),
		TEST(test_hostile_words_make_a_good_document),
		TEST(test_flaky_rung_keeps_all_tries_and_the_worst),
		TEST(test_missing_library_blocks_all_above),
		TEST(test_only_what_is_asked_for_is_there),
		TEST(test_control_that_fails_is_told),
		TEST(test_door_is_tried_again_after_a_crash),
		TEST(test_wedged_door_ends_all_tries_on_the_gpu),
		TEST(test_door_that_never_answers_is_not_waited_for_again),
		TEST(test_door_that_kills_a_process_is_asked_once_more),
		TEST(test_after_hung_no_probe_touches_the_gpu),
		TEST(test_budget_ends_the_run),
		TEST(test_stop_leaves_what_was_seen),
		TEST(test_step_that_took_the_machine_down_waits_to_be_asked_for),
		TEST(test_watcher_and_kernel_log_see_every_step),
		TEST(test_missing_door_is_a_fault_only_where_it_belongs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
