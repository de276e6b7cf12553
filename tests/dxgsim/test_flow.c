/* The unmodified dxgmatrix on the shipped machines: what each of them comes to. */
#include "tests/dxgsim/simulate.h"

#include <time.h>

#include "record/record.h"

static char *folder;
static char *program;

/* The run that ends by its deadlines: it waits below a folder of its own while the others
 * are looked at. */
static struct {
	char *folder, *output; /* output: the record's line, and when it ended */
	time_t begun;
	pid_t pid;
} silent;

/* The end of a rung that is worth looking at. */
struct end {
	bool there; /* else the list ends */
	enum rung rung;
	enum outcome outcome;
	enum reason reason;
};

#define PASSED(rung)                                                                     \
	{                                                                                \
		true, rung, OUTCOME_PASS, REASON_NONE                                    \
	}
#define CLEAN                                                                            \
	PASSED(RUNG_LOAD), PASSED(RUNG_ENUMERATE), PASSED(RUNG_OPEN),                    \
		PASSED(RUNG_QUERY), PASSED(RUNG_PAGING), PASSED(RUNG_FENCE)
#define CLEAN_ALL CLEAN, PASSED(RUNG_ADDRESS)
#define REFUSED(rung)                                                                    \
	{                                                                                \
		true, rung, OUTCOME_FAIL, REASON_REFUSED                                 \
	}

#define ANY       (-1)
#define INTEL_ICD "/etc/OpenCL/vendors/intel.icd"

static const struct row {
	const char *scenario;
	const char *risk;      /* NULL: high */
	bool all;              /* all interfaces, else one alone: */
	const char *interface; /* NULL: DXG */
	bool intel; /* needs Intel's OpenCL driver as Debian 12 and Ubuntu 24.04 have it */
	int adapter; /* which of the records */
	const char *pci;
	struct end ends[9];
	/* Of the first diagnosis; LAYER_UNKNOWN: none broken, LAYER_COUNT: as the packages of
	 * this machine have it. */
	enum layer lowest;
	const char *rule;  /* that is among them; NULL: any */
	const char *first; /* how its screen begins */
	const char *says;  /* stands on the screen; NULL: no matter */
	/* What other programs left in the log, ours apart; ANY: libraries on the other roads
	 * ask as well. */
	int64_t features, invalid, nameless;
} rows[] = {
	{ .scenario = "nvidia-clean",
	  .pci = "10de:1bb1",
	  .ends = { CLEAN_ALL },
	  .lowest = LAYER_UNKNOWN,
	  .first = "NOT KNOWN: the door to Windows is clean to fence; ",
	  .features = 1,
	  .invalid = 3,
	  .nameless = 17 },
	{ .scenario = "nvidia-clean",
	  .all = true,
	  .pci = "10de:1bb1",
	  .ends = { CLEAN_ALL },
	  .lowest = LAYER_UNKNOWN,
	  .rule = "own-road-untried",
	  .first = "NOT KNOWN: the door to Windows is clean to fence; ",
	  .says = "Not it ",
	  .features = 1,
	  .invalid = ANY,
	  .nameless = ANY },
	{ .scenario = "arc-140t",
	  .pci = "8086:7d51",
	  .ends = { CLEAN_ALL },
	  .lowest = LAYER_COUNT,
	  .first = "NOT KNOWN: the door to Windows is clean to fence; ",
	  .invalid = 3,
	  .nameless = 1 },
	{ .scenario = "arc-140t",
	  .all = true,
	  .intel = true,
	  .pci = "8086:7d51",
	  .ends = { CLEAN_ALL },
	  .lowest = LAYER_WINDOWS_DRIVER,
	  .rule = "intel-helper-missing",
	  .first = "NO inside WSL2.\nMost likely broken inside: the Windows driver",
	  .says = "CRASH    SIGABRT in libigdrcl.so",
	  .invalid = ANY,
	  .nameless = ANY },
	{ .scenario = "npu-core-ultra",
	  .risk = "medium",
	  .all = true,
	  .pci = "8086:7d1d",
	  .ends = { CLEAN_ALL },
	  .lowest = LAYER_UNKNOWN,
	  .rule = "npu-escape-refused",
	  .first = "NOT KNOWN: this NPU can be seen and opened; the step that decides, a",
	  .says = "refuses escapes (-75, 10 lines before this run)",
	  .features = 1,
	  .invalid = ANY },
	{ .scenario = "npu-core-ultra",
	  .pci = "8086:7d1d",
	  .ends = { CLEAN_ALL, REFUSED(RUNG_ESCAPE) },
	  .lowest = LAYER_DXG,
	  .rule = "npu-escape-tested",
	  .first = "NO, as far as is known: this NPU can be seen and opened; Windows ",
	  .says = "This NPU can be seen and opened",
	  .features = 1,
	  .invalid = 1 },
	{ .scenario = "b70-capped",
	  .pci = "8086:e223",
	  .ends = { CLEAN, REFUSED(RUNG_ADDRESS) },
	  .lowest = LAYER_DXG,
	  .rule = "address-capped",
	  .first = "NO inside WSL2.\nBroken inside: DXG (layer 1)",
	  .says = "GPU addresses end at 256 MiB",
	  .features = 1,
	  .invalid = 3,
	  .nameless = 1 },
	{ .scenario = "shared-memory-exhausted",
	  .pci = "10de:1bb1",
	  .ends = { CLEAN_ALL },
	  .lowest = LAYER_UNKNOWN,
	  .rule = "gpu-memory-out",
	  .first = "NOT KNOWN: the door to Windows is clean to fence; ",
	  .says = "GPU memory ran out (make_resident -12, 2 lines before this run)",
	  .features = 1 },
	{ .scenario = "no-adapter",
	  .ends = { { true, RUNG_LOAD, OUTCOME_FAIL, REASON_NO_HOST_CHANNEL } },
	  .lowest = LAYER_WINDOWS_DRIVER,
	  .rule = "no-host-channel",
	  .first = "NO: /dev/dxg is there, but Windows offers this VM no GPU.\n"
		   "Broken inside: the Windows driver" },
	/* Who asks for one road is told what lies below it. */
	{ .scenario = "no-adapter",
	  .interface = "opencl",
	  .ends = { { true, RUNG_LOAD, OUTCOME_FAIL, REASON_NO_HOST_CHANNEL } },
	  .lowest = LAYER_WINDOWS_DRIVER,
	  .rule = "no-host-channel",
	  .first = "NO: /dev/dxg is there, but Windows offers this VM no GPU.\n"
		   "Broken inside: the Windows driver" },
	{ .scenario = "old-kernel",
	  .pci = "10de:1bb1",
	  .ends = { CLEAN_ALL },
	  .lowest = LAYER_UNKNOWN,
	  .first = "NOT KNOWN: the door to Windows is clean to fence; ",
	  .invalid = 3,
	  .nameless = 1 },
	{ .scenario = "two-adapters",
	  .all = true,
	  .pci = "10de:1bb1",
	  .ends = { CLEAN_ALL },
	  .lowest = LAYER_UNKNOWN,
	  .first = "NOT KNOWN: the door to Windows is clean to fence; ",
	  .features = 1,
	  .invalid = ANY,
	  .nameless = ANY },
	{ .scenario = "two-adapters",
	  .all = true,
	  .adapter = 1,
	  .pci = "8086:7d51",
	  .ends = { PASSED(RUNG_OPEN), PASSED(RUNG_QUERY), REFUSED(RUNG_PAGING),
		    REFUSED(RUNG_FENCE) },
	  .lowest = LAYER_DXG,
	  .rule = "door-broken",
	  .first = "NO inside WSL2.\nBroken inside: DXG (layer 1)",
	  .says = "our call create_paging_queue was refused (-12, no memory",
	  .features = 1,
	  .invalid = ANY,
	  .nameless = ANY },
	{ .scenario = "adapter-removed",
	  .pci = "10de:1bb1",
	  .ends = { PASSED(RUNG_LOAD),
		    { true, RUNG_ENUMERATE, OUTCOME_FAIL, REASON_NO_ADAPTER },
		    { true, RUNG_PAGING, OUTCOME_FAIL, REASON_DEVICE_LOST } },
	  .lowest = LAYER_WINDOWS_DRIVER,
	  .rule = "adapter-gone",
	  .first = "NO, not any more: the GPU answered up to query, and then was gone.\n"
		   "Broken inside: the Windows driver",
	  .says = "create_paging_queue was refused (-19" },
};

/* @param interface  NULL: all. @return the records of the run, a line each, the caller's. */
static char *run(const char *name, const char *interface, const char *risk)
{
	cleanup_free char *scenario = scenario_path(name);
	const char *const argv[] = { program,  "run",     "--risk", risk,
				     "--json", interface, NULL };
	struct simulated result = simulate(scenario, argv);
	assert_true(WIFEXITED(result.status));
	return result.output;
}

/* @return what the last run below that folder looks like on a screen, the caller's. */
static char *show_of(const char *state)
{
	cleanup_free char *command =
		xasprintf("XDG_STATE_HOME='%s' '%s' show", state, program);
	FILE *stream = popen(command, "r");
	assert_non_null(stream);
	char *text;
	assert_ok(file_read_fd(fileno(stream), "show", 1 << 20, &text, NULL));
	pclose(stream);
	return text;
}

static char *show(void)
{
	return show_of(folder);
}

static void read_record(const char *lines, int index, struct record *ret)
{
	for (; index && lines; index--) {
		lines = strchr(lines, '\n');
		lines += lines != NULL;
	}
	assert_non_null(lines);
	char today[DATE_SIZE];
	record_today(today);
	assert_ok(record_read(lines, strcspn(lines, "\n"), today, ret));
}

static int64_t count(const struct failures *failures, const char *ioctl, int error)
{
	for (size_t i = 0; i < failures->n; i++)
		if (!strcmp(failures->failure[i].ioctl, ioctl) &&
		    failures->failure[i].error == error)
			return failures->failure[i].count;
	return 0;
}

static void check_ends(const struct row *row, const struct record *record)
{
	const struct result *dxg = record_result(record, "dxg", ROLE_ADAPTER);
	assert_non_null(dxg);
	for_each_row(end, row->ends) {
		if (!end->there)
			break;
		const struct rung_result *rung = result_rung(dxg, end->rung);
		if (!rung || rung->blocked || rung->outcome != end->outcome ||
		    rung->reason != end->reason)
			fail_msg("%s: %s: %s %s", row->scenario,
				 rung_rows[end->rung].name,
				 rung ? outcome_rows[rung->outcome].name : "absent",
				 rung ? reason_rows[rung->reason].name : "");
		assert_true(rung->has_kernel_log);
	}
}

static void check_diagnosis(const struct row *row, const struct record *record)
{
	enum layer lowest =
		record->n_diagnoses ? record->diagnoses[0].layer : LAYER_UNKNOWN;
	bool found = !row->rule;
	for (size_t i = 0; i < record->n_diagnoses; i++)
		found |= row->rule && !strcmp(record->diagnoses[i].rule, row->rule);
	if ((lowest != row->lowest && row->lowest != LAYER_COUNT) || !found)
		fail_msg("%s: layer %d, rule %s", row->scenario, (int)lowest,
			 record->n_diagnoses ? record->diagnoses[0].rule : "none");
}

static void check_log(const struct row *row, const struct record *record)
{
	const struct failures *failed = &record->kernel_log.failed;
	assert_null(record->kernel_log.unread);
	assert_int_equal(count(failed, "dxgkio_is_feature_enabled", -22), row->features);
	if (row->invalid != ANY)
		assert_int_equal(count(failed, "dxgkio_query_adapter_info", -22),
				 row->invalid);
	if (row->nameless != ANY)
		assert_int_equal(count(failed, "dxgkio_query_adapter_info", -2),
				 row->nameless);
}

/* The screen of the nth adapter is that many further on. */
static void check_screen(const struct row *row, const char *screen)
{
	const char *begin = screen + strspn(screen, "\n");
	bool first = row->adapter ? strstr(begin, row->first) != NULL
				  : !strncmp(begin, row->first, strlen(row->first));
	if (!first || (row->says && !strstr(screen, row->says)))
		fail_msg("%s:\n%s", row->scenario, screen);
	/* nobody else is there */
	if (strstr(screen, "machine-wide"))
		fail_msg("%s: lines of ours are taken for others':\n%s", row->scenario,
			 screen);
}

static bool has_intel(void)
{
	return access(INTEL_ICD, R_OK) == 0 && access("/dev/dri", F_OK) != 0;
}

static void test_each_machine_comes_to_its_end(void **state)
{
	(void)state;
	char *lines = NULL;
	for_each_row(row, rows) {
		if (row->intel && !has_intel())
			continue;
		if (!row->adapter) {
			free(lines);
			lines = run(row->scenario,
				    row->all	     ? NULL
				    : row->interface ? row->interface
						     : "dxg",
				    row->risk ? row->risk : "high");
		}
		cleanup_record struct record record;
		read_record(lines, row->adapter, &record);
		if (row->pci)
			assert_string_equal(record.combination.adapter.pci, row->pci);
		check_ends(row, &record);
		check_diagnosis(row, &record);
		check_log(row, &record);
		cleanup_free char *screen = show();
		check_screen(row, screen);
	}
	free(lines);
}

/* Lines from before and from elsewhere stand in the log, and on the screen as not it. */
static void test_memory_that_ran_out_stands_in_the_log(void **state)
{
	(void)state;
	cleanup_free char *lines = run("shared-memory-exhausted", "dxg", "low");
	cleanup_record struct record record;
	read_record(lines, 0, &record);
	const struct failures *failed = &record.kernel_log.failed;
	assert_int_equal(count(failed, "dxgkio_make_resident", -12), 2);
	assert_int_equal(count(failed, "dxgkio_create_allocation", -12), 1);
}

static void test_benign_block_is_told_as_not_it(void **state)
{
	(void)state;
	free(run("nvidia-clean", "dxg", "low"));
	cleanup_free char *screen = show();
	assert_non_null(strstr(screen, "Not it   21 kernel lines"));
}

static void begin_silent(void)
{
	cleanup_free char *scenario = scenario_path("host-silent");
	const char *const argv[] = { "sh", "-c",
				     "\"$0\" run --risk high --json; date +%s", program,
				     NULL };
	silent.folder = xasprintf("%s/silent", folder);
	silent.output = xasprintf("%s/silent.out", folder);
	cleanup_close int fd = open(silent.output, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	setenv("XDG_STATE_HOME", silent.folder, 1);
	silent.begun = time(NULL);
	silent.pid = simulate_start(scenario, argv, fd);
	setenv("XDG_STATE_HOME", folder, 1);
}

static char *end_silent(void)
{
	int status;
	char *lines;
	assert_int_equal(waitpid(silent.pid, &status, 0), silent.pid);
	assert_ok(file_read(silent.output, 1 << 20, &lines, NULL));
	return lines;
}

/* Three tries of one step, as of any that fails, and no road after it waits again. */
static void test_silent_windows_ends_by_the_deadline(void **state)
{
	(void)state;
	cleanup_free char *lines = end_silent();
	const char *ended = strchr(lines, '\n');
	assert_non_null(ended);
	assert_in_range(strtoll(ended, NULL, 10) - silent.begun, 60, 100);
	cleanup_record struct record record;
	read_record(lines, 0, &record);
	const struct result *dxg = record_result(&record, "dxg", ROLE_ADAPTER);
	const struct rung_result *enumerate = result_rung(dxg, RUNG_ENUMERATE);
	assert_int_equal(enumerate->outcome, OUTCOME_TIMEOUT);
	/* The call in which it hung, not interrupted by the kill. */
	const struct trace *trace = &enumerate->trace;
	assert_int_equal(trace->n_last, 2);
	assert_string_equal(trace->last[0].ioctl, "enum_adapters3");
	assert_true(trace->last[0].returned);
	assert_string_equal(trace->last[1].ioctl, "query_adapter_info");
	assert_true(trace->last[1].has_type);
	assert_false(trace->last[1].returned);
	assert_in_range(trace->last[1].before_us, 1000000, enumerate->ms * 1000);
	assert_int_equal(enumerate->n_tries, TRIES_MAX);
	assert_int_equal(record.diagnoses[0].layer, LAYER_DXG);
	/* What the driver says of a process that had to be killed. */
	assert_int_equal(count(&enumerate->kernel_log, "dxgkio_query_adapter_info", -512),
			 1);
	for (size_t i = 0; i < record.n_results; i++) {
		const struct result *result = &record.results[i];
		if (result == dxg || result->role != ROLE_ADAPTER)
			continue;
		assert_true(result->rungs[0].blocked);
		assert_int_equal(result->rungs[0].by, RUNG_ENUMERATE);
		assert_int_equal(result->rungs[0].reason, REASON_DEADLINE);
	}
	cleanup_free char *screen = show_of(silent.folder);
	assert_non_null(strstr(screen, "NO inside WSL2: Windows does not answer at the "
				       "door to the GPU.\n"));
	assert_non_null(strstr(screen, "Do       1  in Windows: wsl --shutdown"));
	assert_null(strstr(screen, "machine-wide"));
}

/* Runs on a machine on which, if so told, others use the door all the while.
 * @return the record's line, the caller's */
static char *run_beside(const char *name, bool others, int *ret_status)
{
	cleanup_free char *scenario = scenario_path(name);
	cleanup_free char *command = xasprintf(
		"%s '%s' run dxg dxcore --risk high --json; status=$?;"
		" test -z \"$!\" || kill $!; wait; exit $status",
		others ? "(while :; do"
			 " \"$DXGMATRIX_BINARY_DIR/tests/dxgsim/calls\" table >/dev/null;"
			 " done) &"
		       : "",
		program);
	const char *const argv[] = { "sh", "-c", command, NULL };
	struct simulated result = simulate(scenario, argv);
	assert_true(WIFEXITED(result.status));
	*ret_status = WEXITSTATUS(result.status);
	return result.output;
}

static void assert_same_rungs(const struct result *a, const struct result *b)
{
	assert_string_equal(a->interface, b->interface);
	assert_int_equal(a->role, b->role);
	assert_int_equal(a->n_rungs, b->n_rungs);
	for (size_t i = 0; i < a->n_rungs; i++) {
		assert_int_equal(a->rungs[i].outcome, b->rungs[i].outcome);
		assert_int_equal(a->rungs[i].reason, b->rungs[i].reason);
		assert_int_equal(a->rungs[i].n_tries, b->rungs[i].n_tries);
		assert_memory_equal(a->rungs[i].tries, b->rungs[i].tries,
				    sizeof(a->rungs[i].tries));
	}
}

static void assert_same_end(const struct record *a, const struct record *b)
{
	assert_int_equal(a->n_results, b->n_results);
	for (size_t i = 0; i < a->n_results; i++)
		assert_same_rungs(&a->results[i], &b->results[i]);
	assert_int_equal(a->n_diagnoses, b->n_diagnoses);
	for (size_t i = 0; i < a->n_diagnoses; i++) {
		assert_string_equal(a->diagnoses[i].rule, b->diagnoses[i].rule);
		assert_string_equal(a->diagnoses[i].says, b->diagnoses[i].says);
		assert_int_equal(a->diagnoses[i].layer, b->diagnoses[i].layer);
		assert_int_equal(a->diagnoses[i].certainty, b->diagnoses[i].certainty);
	}
}

/* The first line of a screen, and what else may differ only in remarks. */
static void assert_same_first_line(const char *a, const char *b)
{
	a += strspn(a, "\n");
	b += strspn(b, "\n");
	assert_int_equal(strcspn(a, "\n"), strcspn(b, "\n"));
	assert_memory_equal(a, b, strcspn(a, "\n"));
}

/* What others print while we climb is theirs. */
static void test_lines_of_other_programs_change_nothing_but_a_remark(void **state)
{
	(void)state;
	static const char *const names[] = { "nvidia-clean", "b70-capped" };
	for_each_row(name, names) {
		int status[2];
		cleanup_record struct record alone, beside;
		cleanup_free char *alone_line = run_beside(*name, false, &status[0]);
		cleanup_free char *alone_screen = show();
		cleanup_free char *beside_line = run_beside(*name, true, &status[1]);
		cleanup_free char *beside_screen = show();
		read_record(alone_line, 0, &alone);
		read_record(beside_line, 0, &beside);
		assert_int_equal(status[0], status[1]);
		assert_same_end(&alone, &beside);
		assert_same_first_line(alone_screen, beside_screen);
		/* They are in the log all the same, and told as what they are. */
		assert_int_equal(
			count(&alone.kernel_log.failed, "dxgkio_create_sync_object", -1),
			0);
		assert_true(count(&beside.kernel_log.failed, "dxgkio_create_sync_object",
				  -1) > 0);
		assert_null(strstr(alone_screen, "machine-wide"));
		if (!strstr(beside_screen,
			    "came meanwhile from other programs (machine-wide"))
			fail_msg("%s:\n%s", *name, beside_screen);
	}
}

/* Runs the probe, on adapter 1. @return what it says, less its times; the caller's. */
static char *probe(const char *scenario, const char *before)
{
	cleanup_free char *command = xasprintf(
		"%s \"$DXGMATRIX_BINARY_DIR/dxgmatrix-probe\" dxg --adapter 1 2>&1 |"
		" sed 's/, [0-9]* ms//; /fence_us/d;'",
		before);
	const char *const argv[] = { "sh", "-c", command, NULL };
	return simulate(scenario, argv).output;
}

static void test_recording_is_the_machine_again(void **state)
{
	(void)state;
	cleanup_free char *machine = scenario_path("two-adapters");
	cleanup_free char *record = xasprintf(
		"'%s' trace --record '%s/calls' -o /dev/null --", program, folder);
	cleanup_free char *text = xasprintf(
		"machine = wsl2\nkernel = 6.6.87.2\nrecording = %s/calls\n", folder);
	cleanup_free char *recorded = probe(machine, record);
	cleanup_free char *replay = scenario_write(text);
	cleanup_free char *replayed = probe(replay, "");
	unlink(replay);
	assert_non_null(strstr(replayed, "8086:7d51"));
	assert_non_null(strstr(replayed, "create_paging_queue"));
	assert_string_equal(replayed, recorded);
}

static void test_log_that_is_kept_changes_nothing_else(void **state)
{
	(void)state;
	cleanup_free char *scenario = scenario_write(
		"machine = wsl2\nkernel = 6.6.87.2-microsoft-standard-WSL2\n"
		"kernel_log = kept\n[adapter]\nluid = 00000000:00000001\n"
		"pci = 10de:1bb1\ntype = render_supported\nwddm = 3100\n"
		"description = NVIDIA Quadro P4000\n");
	struct simulated result = simulate(
		scenario, (const char *const[]){ program, "run", "dxg", "--json", NULL });
	unlink(scenario);
	cleanup_free char *lines = result.output;
	cleanup_record struct record record;
	read_record(lines, 0, &record);
	assert_non_null(record.kernel_log.unread);
	assert_non_null(strstr(record.kernel_log.unread, "kernel.dmesg_restrict"));
	const struct result *dxg = record_result(&record, "dxg", ROLE_ADAPTER);
	assert_int_equal(result_rung(dxg, RUNG_FENCE)->outcome, OUTCOME_PASS);
	assert_false(result_rung(dxg, RUNG_FENCE)->has_kernel_log);
}

int main(void)
{
	simulate_require();
	assert_ok(file_temporary_folder("test-flow", &folder));
	setenv("XDG_STATE_HOME", folder, 1);
	setenv("XDG_DATA_HOME", folder, 1);
	program = binary_path("dxgmatrix");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_machine_comes_to_its_end),
		cmocka_unit_test(test_memory_that_ran_out_stands_in_the_log),
		cmocka_unit_test(test_benign_block_is_told_as_not_it),
		cmocka_unit_test(
			test_lines_of_other_programs_change_nothing_but_a_remark),
		cmocka_unit_test(test_recording_is_the_machine_again),
		cmocka_unit_test(test_log_that_is_kept_changes_nothing_else),
		cmocka_unit_test(test_silent_windows_ends_by_the_deadline),
	};
	begin_silent();
	int failures = cmocka_run_group_tests(tests, NULL, NULL);
	cleanup_error struct error *err = file_remove_tree(folder);
	free(silent.folder);
	free(silent.output);
	free(folder);
	free(program);
	return failures || err;
}
