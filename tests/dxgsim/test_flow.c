/* The unmodified dxgmatrix on the shipped machines: what each of them comes to. */
#include "tests/dxgsim/simulate.h"

#include "record/record.h"

static char *folder;
static char *program;

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

static const struct row {
	const char *scenario;
	int adapter; /* which of the records */
	const char *pci;
	struct end ends[9];
	/* Of the first diagnosis; LAYER_UNKNOWN: none broken, LAYER_COUNT: as the packages of
	 * this machine have it. */
	enum layer lowest;
	const char *rule;  /* that is among them; NULL: any */
	const char *first; /* how the screen begins; NULL: it is another adapter's */
	const char *says;  /* stands on the screen; NULL: no matter */
	/* What other programs left in the log: ours are not counted. */
	int64_t features, invalid, nameless;
} rows[] = {
	{ .scenario = "nvidia-clean",
	  .pci = "10de:1bb1",
	  .ends = { CLEAN_ALL },
	  .lowest = LAYER_UNKNOWN,
	  .first = "NOT KNOWN: the door to Windows is clean to ",
	  .features = 1,
	  .invalid = 3,
	  .nameless = 17 },
	{ .scenario = "arc-140t",
	  .pci = "8086:7d51",
	  .ends = { CLEAN_ALL },
	  .lowest = LAYER_COUNT,
	  .first = "NOT KNOWN: ",
	  .invalid = 3,
	  .nameless = 1 },
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
	  .first = "NOT KNOWN: the door to Windows is clean to ",
	  .features = 1 },
	{ .scenario = "no-adapter",
	  .ends = { { true, RUNG_LOAD, OUTCOME_FAIL, REASON_NO_HOST_CHANNEL } },
	  .lowest = LAYER_WINDOWS_DRIVER,
	  .rule = "no-host-channel",
	  .first = "NO: /dev/dxg is there, but Windows offers this VM no GPU.\n"
		   "Broken inside: the Windows driver" },
	{ .scenario = "old-kernel",
	  .pci = "10de:1bb1",
	  .ends = { CLEAN_ALL },
	  .lowest = LAYER_UNKNOWN,
	  .first = "NOT KNOWN: the door to Windows is clean to ",
	  .invalid = 3,
	  .nameless = 1 },
	{ .scenario = "two-adapters",
	  .pci = "10de:1bb1",
	  .ends = { CLEAN_ALL },
	  .lowest = LAYER_UNKNOWN,
	  .first = NULL,
	  .features = 1,
	  .invalid = 6,
	  .nameless = 2 },
	{ .scenario = "two-adapters",
	  .adapter = 1,
	  .pci = "8086:7d51",
	  .ends = { PASSED(RUNG_OPEN), PASSED(RUNG_QUERY), REFUSED(RUNG_PAGING),
		    REFUSED(RUNG_FENCE) },
	  .lowest = LAYER_DXG,
	  .rule = "door-broken",
	  .first = "NO inside WSL2.\nBroken inside: DXG (layer 1)",
	  .features = 1,
	  .invalid = 6,
	  .nameless = 2 },
	{ .scenario = "adapter-removed",
	  .pci = "10de:1bb1",
	  .ends = { PASSED(RUNG_LOAD),
		    { true, RUNG_ENUMERATE, OUTCOME_FAIL, REASON_NO_ADAPTER },
		    REFUSED(RUNG_PAGING) },
	  .lowest = LAYER_WINDOWS_DRIVER,
	  .rule = "no-adapter",
	  .first = "NO inside WSL2.\nBroken inside: the Windows driver" },
};

/* @return the records of the run, a line each, the caller's. */
static char *run(const char *name)
{
	cleanup_free char *scenario = scenario_path(name);
	const char *const argv[] = { program, "run",    "dxg", "--risk",
				     "high",  "--json", NULL };
	struct simulated result = simulate(scenario, argv);
	assert_true(WIFEXITED(result.status));
	return result.output;
}

/* @return what the last run looks like on a screen, the caller's. */
static char *show(void)
{
	cleanup_free char *command = xasprintf("'%s' show", program);
	FILE *stream = popen(command, "r");
	assert_non_null(stream);
	char *text;
	assert_ok(file_read_fd(fileno(stream), "show", 1 << 20, &text, NULL));
	pclose(stream);
	return text;
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
	assert_int_equal(count(failed, "dxgkio_query_adapter_info", -22), row->invalid);
	assert_int_equal(count(failed, "dxgkio_query_adapter_info", -2), row->nameless);
}

static void test_each_machine_comes_to_its_end(void **state)
{
	(void)state;
	for_each_row(row, rows) {
		cleanup_free char *lines = run(row->scenario);
		cleanup_record struct record record;
		read_record(lines, row->adapter, &record);
		if (row->pci)
			assert_string_equal(record.combination.adapter.pci, row->pci);
		check_ends(row, &record);
		check_diagnosis(row, &record);
		check_log(row, &record);
		cleanup_free char *screen = show();
		const char *begin = screen + strspn(screen, "\n");
		if ((row->first && strncmp(begin, row->first, strlen(row->first))) ||
		    (row->says && !strstr(screen, row->says)))
			fail_msg("%s:\n%s", row->scenario, screen);
	}
}

/* Lines from before and from elsewhere stand in the log, and on the screen as not it. */
static void test_memory_that_ran_out_stands_in_the_log(void **state)
{
	(void)state;
	cleanup_free char *lines = run("shared-memory-exhausted");
	cleanup_record struct record record;
	read_record(lines, 0, &record);
	const struct failures *failed = &record.kernel_log.failed;
	assert_int_equal(count(failed, "dxgkio_make_resident", -12), 2);
	assert_int_equal(count(failed, "dxgkio_create_allocation", -12), 1);
}

static void test_benign_block_is_told_as_not_it(void **state)
{
	(void)state;
	free(run("nvidia-clean"));
	cleanup_free char *screen = show();
	assert_non_null(strstr(screen, "Not it   21 kernel lines"));
}

static void test_silent_windows_ends_by_the_deadline(void **state)
{
	(void)state;
	cleanup_free char *lines = run("host-silent");
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
	assert_int_equal(record.diagnoses[0].layer, LAYER_DXG);
	/* What the driver says of a process that had to be killed. */
	assert_int_equal(count(&enumerate->kernel_log, "dxgkio_query_adapter_info", -512),
			 1);
	cleanup_free char *screen = show();
	assert_memory_equal(screen + strspn(screen, "\n"), "NO inside WSL2.", 15);
}

/* What others print while we climb is theirs. */
static void test_lines_of_other_programs_change_no_rung(void **state)
{
	(void)state;
	cleanup_free char *scenario = scenario_path("nvidia-clean");
	cleanup_free char *command = xasprintf(
		"(for i in 1 2 3 4 5 6; do"
		" \"$DXGMATRIX_BINARY_DIR/tests/dxgsim/calls\" table >/dev/null; done) &"
		" '%s' run dxg --json; wait",
		program);
	const char *const argv[] = { "sh", "-c", command, NULL };
	cleanup_free char *lines = simulate(scenario, argv).output;
	cleanup_record struct record record;
	read_record(lines, 0, &record);
	const struct result *dxg = record_result(&record, "dxg", ROLE_ADAPTER);
	for (enum rung rung = RUNG_LOAD; rung <= RUNG_COUNT - 1; rung++) {
		const struct rung_result *result = result_rung(dxg, rung);
		if (result && result->outcome != OUTCOME_SKIP)
			assert_int_equal(result->outcome, OUTCOME_PASS);
	}
	/* They are in the log all the same. */
	assert_true(count(&record.kernel_log.failed, "dxgkio_create_sync_object", -1) >
		    0);
	assert_int_equal(record.diagnoses[0].layer, LAYER_UNKNOWN);
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
		cmocka_unit_test(test_silent_windows_ends_by_the_deadline),
		cmocka_unit_test(test_lines_of_other_programs_change_no_rung),
		cmocka_unit_test(test_recording_is_the_machine_again),
		cmocka_unit_test(test_log_that_is_kept_changes_nothing_else),
	};
	int failures = cmocka_run_group_tests(tests, NULL, NULL);
	cleanup_error struct error *err = file_remove_tree(folder);
	free(folder);
	free(program);
	return failures || err;
}
