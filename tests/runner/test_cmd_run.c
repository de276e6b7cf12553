/* The program itself: run and show, with probes that behave as told, and the real one. */
#include "tests/testing.h"

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/record.h"
#include "tests/runner/shell.h"
#include "util/cleanup.h"
#include "util/file.h"

static char *folder;

static void set_path(const char *variable, const char *path)
{
	cleanup_free char *whole = binary_path(path);
	setenv(variable, whole, 1);
}

static int set_up(void **state)
{
	(void)state;
	assert_ok(file_temporary_folder("test-cmd-run", &folder));
	setenv("XDG_STATE_HOME", folder, 1);
	setenv("XDG_DATA_HOME", folder, 1);
	setenv("F", folder, 1);
	set_path("P", "dxgmatrix");
	set_path("FAKE", "tests/fakes/dxgmatrix-probe-misbehaves");
	set_path("WRONG", "tests/fakes/dxgmatrix-probe-wrong");
	set_path("SIM", "tests/dxgsim/dxgsim");
	set_path("DXGMATRIX_PROBE", "tests/fakes/dxgmatrix-probe-misbehaves");
	cleanup_free char *scenarios = source_path("tests/dxgsim/scenarios");
	setenv("SCENARIOS", scenarios, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_ok(file_remove_tree(folder));
	free(folder);
	return 0;
}

static int shell(const char *line, char **ret)
{
	return shell_run(line, 120000, 1 << 22, ret);
}

static void read_line(const char *line, struct record *ret)
{
	char today[DATE_SIZE];
	record_today(today);
	assert_ok(record_read(line, strcspn(line, "\n"), today, ret));
}

static void test_json_is_a_signed_record_per_line(void **state)
{
	(void)state;
	char *key = NULL;
	for (int i = 1; i <= 2; i++) {
		cleanup_free char *out = NULL;
		assert_int_equal(shell("$P run --json", &out), 0);
		assert_ptr_equal(strchr(out, '\n') + 1, out + strlen(out));
		cleanup_record struct record record;
		read_line(out, &record);
		assert_int_equal(record.run_n, i);
		assert_int_equal(record.run_boot, 1);
		assert_non_null(record.key);
		if (key)
			assert_string_equal(record.key, key); /* the machine is its key */
		free(key);
		key = xstrdup(record.key);
		assert_string_equal(record.source.trigger, "manual");
		assert_int_equal(record.n_results, 5);
	}
	free(key);
}

static void test_what_was_run_can_be_shown(void **state)
{
	(void)state;
	cleanup_free char *run = NULL, *last = NULL, *prefix = NULL, *file = NULL;
	cleanup_free char *chat = NULL, *words = NULL;
	assert_int_equal(shell("$P run --json | tee $F/record.json", &run), 0);
	assert_int_equal(shell("$P show last --json", &last), 0);
	assert_string_equal(run, last);
	assert_int_equal(
		shell("$P show --json $(sed 's/.*\"id\":\"sha256:\\(.\\{10\\}\\).*/"
		      "\\1/' $F/record.json)",
		      &prefix),
		0);
	assert_string_equal(run, prefix);
	assert_int_equal(shell("$P show --json $F/record.json", &file), 0);
	assert_string_equal(run, file);
	assert_int_equal(shell("$P show last --line | wc -l", &chat), 0);
	assert_int_equal(atoi(chat), 3);
	assert_int_equal(shell("$P show", &words), 0);
	assert_non_null(strstr(words, "Fake GPU"));
	assert_int_equal(shell("$P show ffffffffffff", NULL), 1);
	assert_int_equal(shell("$P show a b", NULL), 2);
	assert_int_equal(shell("echo '{' > $F/bad; $P show $F/bad", NULL), 1);
}

static void test_nothing_kept_is_told(void **state)
{
	(void)state;
	assert_int_equal(shell("$P show last", NULL), 1);
	assert_int_equal(shell("ls $F", NULL), 0);
	cleanup_free char *left = NULL;
	shell("find $F -type f", &left);
	assert_string_equal(left, ""); /* looking makes no key and no store */
}

static void test_exit_status_tells_the_end(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		int status;
	} rows[] = {
		{ "$P run", 0 },
		{ "$P run opencl --require opencl:launch", 0 },
		{ "$P run opencl --require vulkan:launch", 3 },
		{ "DXGMATRIX_FAKE=SIGSEGV DXGMATRIX_FAKE_AT=opencl/adapter/launch "
		  "$P run opencl --require opencl:launch",
		  3 },
		{ "DXGMATRIX_FAKE=fallback DXGMATRIX_FAKE_AT=opencl/adapter/enumerate "
		  "$P run opencl --require opencl:launch",
		  3 },
		{ "DXGMATRIX_FAKE=wrong-result DXGMATRIX_FAKE_AT=opencl/control/launch "
		  "$P run opencl",
		  1 },
		{ "DXGMATRIX_FAKE=SIGABRT DXGMATRIX_FAKE_AT=vulkan/control/compile "
		  "$P run vulkan --require vulkan:launch",
		  1 },
		{ "DXGMATRIX_PROBE=/nowhere $P run", 1 },
		{ "DXGMATRIX_PROBE=/bin/true $P run", 1 },
		{ "DXGMATRIX_PROBE=/bin/false $P run", 1 },
		{ "XDG_STATE_HOME=/proc/nowhere $P run", 1 },
		{ "$P run --db /proc/nowhere/x.db", 1 },
		{ "$P run mystery", 2 },
		{ "$P run --risk extreme", 2 },
		{ "$P run --require opencl", 2 },
		{ "$P run --require mystery:launch", 2 },
		{ "$P run --require opencl:memory", 2 },
		{ "$P run --require dxg:launch", 2 },
		{ "$P run >/dev/full", 1 },
		{ "$P run --json >/dev/full", 1 },
		{ "$P run --dry-run >/dev/full", 1 },
		{ "$P --help >/dev/full", 1 },
		{ "$P --version >/dev/full", 1 },
		{ "$P show >&-", 1 },
		{ "$P run <&-", 0 },
		{ "mkdir $F/x $F/x/dxgmatrix; mkfifo $F/x/dxgmatrix/journal; "
		  "XDG_STATE_HOME=$F/x $P run",
		  1 },
		{ "$P run --mystery", 2 },
		{ "$P run --db", 2 },
		{ "$P run --help", 0 },
		{ "$P show --help", 0 },
	};
	for_each_row(row, rows) {
		int status = shell(row->line, NULL);
		if (status != row->status)
			fail_msg("%s: %d, not %d", row->line, status, row->status);
	}
}

static void test_unmet_requirement_is_said(void **state)
{
	(void)state;
	cleanup_free char *err = NULL;
	assert_int_equal(
		shell("DXGMATRIX_FAKE=fail DXGMATRIX_FAKE_AT=opencl/adapter/copy "
		      "$P run opencl --require opencl:launch 2>&1 >/dev/null",
		      &err),
		3);
	assert_string_equal(err,
			    "opencl:launch is required, and was not seen to work.\n");
}

/* What is printed would else go to the first file that is opened. */
static void test_closed_descriptors_take_no_file(void **state)
{
	(void)state;
	static const char *const closed[] = { ">&-", "<&- >&-", "<&- >&- 2>&-" };
	for_each_row(which, closed) {
		cleanup_free char *line = xasprintf("$P run --json %s", *which);
		cleanup_free char *found = NULL;
		assert_int_equal(shell(line, NULL), 1);
		assert_int_equal(shell("$P show --json >/dev/null", NULL), 0);
		shell("cd $F/dxgmatrix; grep -lE 'combination|dxgmatrix run' journal* "
		      "key",
		      &found);
		assert_string_equal(found, "");
		shell("rm -r $F/dxgmatrix", NULL);
	}
}

static void test_early_signal_leaves_no_folder(void **state)
{
	(void)state;
	cleanup_free char *out = NULL;
	const char *const line =
		"mkdir $F/tmp; export TMPDIR=$F/tmp DXGMATRIX_PROBE=$F/probe\n"
		"printf '#!/bin/sh\\nexec sleep 600\\n' >$F/probe; chmod +x $F/probe\n"
		"$P run 2>&1 & p=$!\n"
		"until ls $F/tmp | grep -q .; do sleep 0.02; done\n"
		"kill -TERM $p; wait $p; s=$?; ls $F/tmp; exit $s";
	assert_int_equal(shell(line, &out), 1);
	assert_non_null(strstr(out, "stopped before it answered\n"));
	assert_null(strstr(out, "dxgmatrix-"));
}

static void test_screen_is_printed_though_it_could_not_be_kept(void **state)
{
	(void)state;
	cleanup_free char *out = NULL;
	assert_int_equal(shell("$P run opencl --db /proc/nowhere/x.db 2>&1", &out), 1);
	assert_non_null(strstr(out, "Nothing was sent."));
	assert_null(strstr(out, "show last"));
	assert_non_null(strstr(out, "the results could not be kept"));
}

static void test_dry_run_starts_nothing(void **state)
{
	(void)state;
	cleanup_free char *out = NULL, *left = NULL;
	assert_int_equal(
		shell("DXGMATRIX_FAKE=SIGSEGV $P run --dry-run --risk low vulkan", &out),
		0);
	assert_non_null(strstr(out, "nothing was started"));
	assert_non_null(
		strstr(out, "vulkan     load enumerate open copy compile launch\n"));
	assert_non_null(strstr(out, "lavapipe"));
	assert_null(strstr(out, "opencl"));
	shell("find $F -type f", &left);
	assert_string_equal(left, "");
}

static void test_only_a_timer_is_gentler_unasked(void **state)
{
	(void)state;
	cleanup_free char *pipe = NULL, *timer = NULL;
	assert_int_equal(shell("env -u INVOCATION_ID setsid -w $P run --dry-run", &pipe),
			 0);
	assert_non_null(strstr(pipe, "at risk medium"));
	assert_int_equal(shell("INVOCATION_ID=1 setsid -w $P run --dry-run", &timer), 0);
	assert_non_null(strstr(timer, "at risk low"));
}

static void test_a_pipe_gets_words_alone(void **state)
{
	(void)state;
	cleanup_free char *out = NULL, *err = NULL;
	assert_int_equal(shell("$P run 2>&1 >/dev/null", &err), 0);
	assert_string_equal(err, "");
	assert_int_equal(shell("$P run", &out), 0);
	assert_null(strchr(out, '\033'));
	assert_null(strchr(out, '\r'));
	assert_non_null(
		strstr(out, "In detail: dxgmatrix show last. Nothing was sent.\n"));
}

/* What a terminal gets. @return the caller's to free */
static char *on_terminal(const char *line, unsigned short width)
{
	struct winsize size = { .ws_row = 40, .ws_col = width };
	int fd;
	pid_t pid = forkpty(&fd, NULL, NULL, &size);
	if (pid == 0) {
		setenv("TERM", "xterm", 1);
		execl("/bin/sh", "sh", "-c", line, (char *)NULL);
		_exit(127);
	}
	assert_true(pid > 0);
	size_t length = 0, room = 1 << 20;
	char *text = xcalloc(1, room);
	ssize_t n;
	while ((n = read(fd, text + length, room - length - 1)) > 0)
		length += (size_t)n;
	close(fd);
	waitpid(pid, NULL, 0);
	return text;
}

static void test_a_terminal_gets_progress_that_goes_away(void **state)
{
	(void)state;
	cleanup_free char *text = on_terminal("$P run opencl", 80);
	assert_non_null(
		strstr(text, "opencl    load enumerate open copy compile launch"));
	assert_non_null(strstr(text, "PoCL      load..."));
	assert_non_null(strstr(text, "\033[3F\033[J")); /* three lines, all below */
	assert_non_null(strstr(text, "\033[1m"));
	cleanup_free char *plain =
		on_terminal("NO_COLOR=1 $P run opencl 2>/dev/null", 80);
	assert_null(strchr(plain, '\033'));
	cleanup_free char *dumb_show = on_terminal("TERM=dumb $P show", 80);
	assert_null(strchr(dumb_show, '\033'));
	cleanup_free char *dumb_run = on_terminal("TERM=dumb $P run", 80);
	assert_null(strchr(dumb_run, '\033'));
}

/* Columns of the longest line; an escape sequence takes none. */
static int widest(const char *text)
{
	int column = 0, most = 0;
	for (; *text; text++) {
		if (*text == '\033') {
			text += 1 + strspn(text + 1, "[0123456789;");
			continue;
		}
		bool starts_line = *text == '\r' || *text == '\n';
		column = starts_line ? 0
				     : column + (((unsigned char)*text & 0xc0) != 0x80);
		most = column > most ? column : most;
	}
	return most;
}

static void test_no_line_is_wider_than_the_terminal(void **state)
{
	(void)state;
	static const unsigned short widths[] = { 60, 72, 80, 100, 200 };
	for_each_row(width, widths) {
		cleanup_free char *run = on_terminal("$P run", *width);
		assert_non_null(strstr(run, "\033[5F\033[J"));
		assert_in_range(widest(run), 55, *width < 100 ? *width : 100);
		cleanup_free char *show = on_terminal("$P show", *width);
		assert_in_range(widest(show), 55, *width < 100 ? *width : 100);
	}
}

static void test_stopped_run_keeps_what_it_saw(void **state)
{
	(void)state;
	static const char *const signals[] = { "INT", "TERM", "HUP" };
	for_each_row(name, signals) {
		/* A shell has its background jobs ignore INT: setsid(1) would not help,
		 * but the program takes the signals by itself. */
		cleanup_free char *line = xasprintf(
			"export DXGMATRIX_FAKE=hang "
			"DXGMATRIX_FAKE_AT=opencl/adapter/compile\n"
			"$P run opencl >/dev/null 2>&1 & p=$!\n"
			"until grep -qs compile $F/dxgmatrix/journal; do sleep 0.05; "
			"done\n"
			"kill -%s $p; wait $p; s=$?\n"
			"tail -1 $F/dxgmatrix/journal; rm $F/dxgmatrix/journal; exit $s",
			*name);
		cleanup_free char *out = NULL, *json = NULL;
		assert_int_equal(shell(line, &out), 1);
		assert_string_equal(out, "close interrupted\n");
		assert_int_equal(shell("$P show last --json", &json), 0);
		cleanup_record struct record record;
		read_line(json, &record);
		const struct rung_result *compile = result_rung(
			record_result(&record, "opencl", ROLE_ADAPTER), RUNG_COMPILE);
		assert_int_equal(compile->outcome, OUTCOME_INTERRUPTED);
		shell("rm -r $F/dxgmatrix", NULL);
	}
}

static void test_second_run_beside_the_first_is_refused(void **state)
{
	(void)state;
	cleanup_free char *out = NULL;
	assert_int_equal(
		shell("DXGMATRIX_FAKE=hang DXGMATRIX_FAKE_AT=opencl/adapter/compile "
		      "$P run opencl >/dev/null 2>&1 & p=$!\n"
		      "until grep -qs compile $F/dxgmatrix/journal; do sleep 0.05; done\n"
		      "$P run opencl 2>&1; s=$?; kill $p; wait $p; exit $s",
		      &out),
		1);
	assert_non_null(strstr(out, "another run is in progress"));
}

static void test_what_took_the_machine_down_is_told_and_left_out(void **state)
{
	(void)state;
	cleanup_free char *out = NULL, *again = NULL;
	const char *const line =
		"$P run opencl >/dev/null; j=$F/dxgmatrix/journal\n"
		"a=$(sed -n 's/^begin opencl adapter compile - //p' $j.seen)\n"
		"b=00000000-1111-2222-3333-444444444444\n"
		"sed -i \"s/^boots .*/boots 1 $b/\" $j\n"
		"printf 'run %s 1 1\\nbegin opencl adapter compile - %s\\n' $b $a >> $j\n"
		"$P run opencl 2>&1";
	/* The journal of a run that is over names no step: one is looked at meanwhile. */
	shell("DXGMATRIX_FAKE=slow DXGMATRIX_FAKE_AT=opencl/control/load $P run opencl "
	      ">/dev/null 2>&1 & p=$!; j=$F/dxgmatrix/journal\n"
	      "until grep -qs control $j; do sleep 0.02; done; cp $j $j.seen; wait $p",
	      NULL);
	assert_int_equal(shell(line, &out), 0);
	assert_non_null(strstr(out, "The last run was stopped in \"opencl compile\""));
	assert_non_null(strstr(out, "Left out  OpenCL compile"));
	assert_int_equal(shell("$P run opencl --again 2>&1", &again), 0);
	assert_null(strstr(again, "Left out"));
}

static void test_checker_with_a_wrong_expectation_turns_the_run_red(void **state)
{
	(void)state;
	cleanup_free char *out = NULL;
	assert_int_equal(shell("DXGMATRIX_PROBE=$WRONG $P run", &out), 1);
	assert_non_null(strstr(out, "NOT KNOWN: our own check on the CPU failed too"));
}

static void test_real_controls_climb_to_launch_here(void **state)
{
	(void)state;
	cleanup_free char *out = NULL, *json = NULL;
	unsetenv("DXGMATRIX_PROBE");
	assert_int_equal(shell("$P run", &out), 0);
	assert_int_equal(shell("$P show --json", &json), 0);
	cleanup_record struct record record;
	read_line(json, &record);
	if (record.environment.kind == ENVIRONMENT_WSL2)
		skip();
	assert_ptr_equal(strstr(out, "NOT WSL2"), out);
	static const char *const interfaces[] = { "opencl", "vulkan" };
	for_each_row(interface, interfaces) {
		const struct result *control =
			record_result(&record, *interface, ROLE_CONTROL);
		assert_non_null(control);
		assert_int_equal(result_height(control), RUNG_LAUNCH);
	}
	const struct result *dxg = record_result(&record, "dxg", ROLE_ADAPTER);
	assert_int_equal(dxg->rungs[0].outcome, OUTCOME_SKIP);
	assert_int_equal(dxg->rungs[0].reason, REASON_NOT_WSL2);
}

static void test_simulated_wsl2_with_a_gpu(void **state)
{
	(void)state;
	if (shell("$SIM --check", NULL) == 77)
		skip();
	cleanup_free char *first = NULL, *second = NULL, *json = NULL;
	unsetenv("DXGMATRIX_PROBE");
	static const char line[] =
		"$SIM $SCENARIOS/nvidia-clean.scenario -- $P run 2>&1 >/dev/null";
	/* The door works, no vendor library stands on it. */
	assert_int_equal(shell(line, &first), 3);
	assert_non_null(strstr(first, "Programs of this kind have crashed Windows"));
	assert_int_equal(shell(line, &second), 3);
	assert_string_equal(second, "");
	assert_int_equal(shell("$P show --json", &json), 0);
	cleanup_record struct record record;
	read_line(json, &record);
	assert_string_equal(record.combination.adapter.pci, "10de:1bb1");
	assert_non_null(record.combination.driver);
	assert_int_equal(result_height(record_result(&record, "dxg", ROLE_ADAPTER)),
			 RUNG_ADDRESS);
}

static void test_simulated_wsl2_without_a_gpu(void **state)
{
	(void)state;
	if (shell("$SIM --check", NULL) == 77)
		skip();
	cleanup_free char *out = NULL;
	unsetenv("DXGMATRIX_PROBE");
	assert_int_equal(
		shell("$SIM $SCENARIOS/no-adapter.scenario -- $P run dxg 2>&1", &out), 3);
	assert_non_null(strstr(out, "Broken inside: the Windows driver"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_json_is_a_signed_record_per_line),
		TEST(test_what_was_run_can_be_shown),
		TEST(test_nothing_kept_is_told),
		TEST(test_exit_status_tells_the_end),
		TEST(test_unmet_requirement_is_said),
		TEST(test_closed_descriptors_take_no_file),
		TEST(test_early_signal_leaves_no_folder),
		TEST(test_screen_is_printed_though_it_could_not_be_kept),
		TEST(test_dry_run_starts_nothing),
		TEST(test_only_a_timer_is_gentler_unasked),
		TEST(test_a_pipe_gets_words_alone),
		TEST(test_a_terminal_gets_progress_that_goes_away),
		TEST(test_no_line_is_wider_than_the_terminal),
		TEST(test_stopped_run_keeps_what_it_saw),
		TEST(test_second_run_beside_the_first_is_refused),
		TEST(test_what_took_the_machine_down_is_told_and_left_out),
		TEST(test_checker_with_a_wrong_expectation_turns_the_run_red),
		TEST(test_real_controls_climb_to_launch_here),
		TEST(test_simulated_wsl2_with_a_gpu),
		TEST(test_simulated_wsl2_without_a_gpu),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
