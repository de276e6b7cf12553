/* Shipped machines, recorded and played back: `run --root` ends as `run` did there. */
#include "tests/dxgsim/simulate.h"

#include "record/record.h"

#define PROBE                                                                            \
	"\"$PROBE\" dxg --rungs load,enumerate,open,query,paging,fence,address,escape"

static char *folder;

/* Not adapter-removed, which answers the second process otherwise than the first. */
static const struct row {
	const char *scenario;
	const char *recorded; /* what was run there while it was recorded */
} rows[] = {
	{ "nvidia-clean", PROBE },
	{ "arc-140t", PROBE },
	{ "npu-core-ultra", PROBE },
	{ "b70-capped", PROBE },
	{ "shared-memory-exhausted", PROBE },
	{ "no-adapter", PROBE },
	{ "old-kernel", PROBE },
	{ "two-adapters", PROBE " --adapter 0; " PROBE " --adapter 1" },
};

/* Runs a line of the shell there. @return its output, the caller's */
static char *simulated(const char *scenario, const char *line)
{
	const char *const argv[] = { "sh", "-c", line, NULL };
	cleanup_free char *path = scenario_path(scenario);
	return simulate(path, argv).output;
}

/* The machine as a root tree: its kernel, its log, packages, and a recording in the node's
 * place. */
static void record_machine(const struct row *row)
{
	cleanup_free char *line = xasprintf(
		"rm -rf \"$R\"; mkdir -p \"$R\"/dev \"$R\"/proc/sys/kernel "
		"\"$R\"/.commands;"
		" uname -r >\"$R\"/proc/sys/kernel/osrelease;"
		" dmesg >\"$R\"/.commands/dmesg.out;"
		" mkdir -p \"$R\"/var/lib/dpkg; cp /var/lib/dpkg/status "
		"\"$R\"/var/lib/dpkg;"
		" \"$P\" trace --record \"$R\"/dev/dxg -o /dev/null -- sh -c '%s'",
		row->recorded);
	free(simulated(row->scenario, line));
}

static char *play(void)
{
	FILE *stream = popen("\"$P\" run --root \"$R\" --risk high --json", "r");
	assert_non_null(stream);
	char *text;
	assert_ok(file_read_fd(fileno(stream), "run", 1 << 20, &text, NULL));
	pclose(stream);
	return text;
}

static void read_line(const char *line, struct record *ret)
{
	char today[DATE_SIZE];
	record_today(today);
	assert_ok(record_read(line, strcspn(line, "\n"), today, ret));
}

static const char *after_line(const char *line)
{
	return line + strcspn(line, "\n") + 1;
}

static void check_rungs(const char *scenario, const struct record *live,
			const struct record *played)
{
	const struct result *a = record_result(live, "dxg", ROLE_ADAPTER);
	const struct result *b = record_result(played, "dxg", ROLE_ADAPTER);
	assert_non_null(a);
	assert_non_null(b);
	assert_int_equal(a->n_rungs, b->n_rungs);
	for (size_t i = 0; i < a->n_rungs; i++)
		if (a->rungs[i].rung != b->rungs[i].rung ||
		    a->rungs[i].outcome != b->rungs[i].outcome ||
		    a->rungs[i].reason != b->rungs[i].reason || b->rungs[i].ms >= 0)
			fail_msg("%s: %s: %s %s there, %s %s played", scenario,
				 rung_rows[a->rungs[i].rung].name,
				 outcome_rows[a->rungs[i].outcome].name,
				 reason_rows[a->rungs[i].reason].name,
				 outcome_rows[b->rungs[i].outcome].name,
				 reason_rows[b->rungs[i].reason].name);
}

static void check_same(const char *a, const char *b)
{
	if (a || b) {
		assert_non_null(a);
		assert_non_null(b);
		assert_string_equal(a, b);
	}
}

static void check_record(const char *scenario, const char *live_line,
			 const char *played_line)
{
	cleanup_record struct record live, played;
	read_line(live_line, &live);
	read_line(played_line, &played);
	check_rungs(scenario, &live, &played);
	check_same(live.combination.adapter.pci, played.combination.adapter.pci);
	check_same(live.combination.adapter.name, played.combination.adapter.name);
	check_same(live.combination.driver, played.combination.driver);
	assert_int_equal(live.n_diagnoses > 0, played.n_diagnoses > 0);
	if (live.n_diagnoses) {
		check_same(live.diagnoses[0].rule, played.diagnoses[0].rule);
		assert_int_equal(live.diagnoses[0].layer, played.diagnoses[0].layer);
	}
	assert_int_equal(played.source.kind, SOURCE_HARVESTED);
	assert_non_null(played.source.text);
	assert_null(played.key);
}

static void test_a_recorded_machine_ends_as_the_machine_did(void **state)
{
	(void)state;
	for_each_row(row, rows) {
		cleanup_free char *live =
			simulated(row->scenario, "\"$P\" run dxg --risk high --json");
		record_machine(row);
		cleanup_free char *played = play();
		const char *a = live, *b = played;
		while (*a && *b) {
			check_record(row->scenario, a, b);
			a = after_line(a);
			b = after_line(b);
		}
		assert_true(a > live && !*a && !*b);
	}
}

/* As it ends there (test_flow.c), in a quarter of the time and tried once. */
static void test_a_call_that_never_returned_does_not_return(void **state)
{
	(void)state;
	/* There only SIGKILL ends it. */
	static const struct row row = { "host-silent", "timeout -s KILL 2 " PROBE };
	record_machine(&row);
	cleanup_free char *played = play();
	cleanup_record struct record record;
	read_line(played, &record);
	const struct result *dxg = record_result(&record, "dxg", ROLE_ADAPTER);
	const struct rung_result *enumerate = result_rung(dxg, RUNG_ENUMERATE);
	assert_int_equal(enumerate->outcome, OUTCOME_TIMEOUT);
	assert_int_equal(enumerate->n_tries, 0);
	assert_int_equal(result_rung(dxg, RUNG_LOAD)->outcome, OUTCOME_PASS);
}

int main(void)
{
	simulate_require();
	assert_ok(file_temporary_folder("test-played", &folder));
	cleanup_free char *program = binary_path("dxgmatrix");
	cleanup_free char *probe = binary_path("dxgmatrix-probe");
	cleanup_free char *root = xasprintf("%s/machine", folder);
	setenv("XDG_STATE_HOME", folder, 1);
	setenv("XDG_DATA_HOME", folder, 1);
	setenv("P", program, 1);
	setenv("PROBE", probe, 1);
	setenv("R", root, 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_recorded_machine_ends_as_the_machine_did),
		cmocka_unit_test(test_a_call_that_never_returned_does_not_return),
	};
	int failures = cmocka_run_group_tests(tests, NULL, NULL);
	cleanup_error struct error *err = file_remove_tree(folder);
	free(folder);
	return failures || err;
}
