/* The whole tool on simulated machines with a stand-in libdxcore: which adapter it is asked
 * for, and what a fault of it means. */
#include "tests/dxgsim/simulate.h"

#include "record/record.h"

#define MACHINE                                                                          \
	"machine = wsl2\nkernel = 6.6.87.2-microsoft-standard-WSL2\n"                    \
	"inject /usr/lib/wsl/lib/libdxcore.so = tests/fakes/dxcore/libdxcore.so\n"
#define BARE "machine = wsl2\nkernel = 6.6.87.2-microsoft-standard-WSL2\n"
#define GPU                                                                              \
	"[adapter]\nluid = 00000000:0000000a\npci = 8086:7d51\n"                         \
	"type = render_supported hybrid_integrated\ndescription = first\n"               \
	"umd = 32.0.101.6554\nkmd = 32.0.101.6554\nwddm = 3200\nshared_mib = 16280\n"
/* The same model again. */
#define TWIN                                                                             \
	"[adapter]\nluid = 00000000:0000000d\npci = 8086:7d51\n"                         \
	"type = render_supported\ndescription = second\numd = 32.0.101.6554\n"           \
	"kmd = 32.0.101.6554\nwddm = 3200\n"
#define NPU                                                                              \
	"[adapter]\nluid = 00000000:0000000b\npci = 8086:643e\ntype = compute_only\n"    \
	"description = third\nwddm = 3200\n"
#define WARP                                                                             \
	"[adapter]\nluid = 00000000:0000000c\npci = 1414:008c\n"                         \
	"type = render_supported software_device\n"                                      \
	"description = Microsoft Basic Render Driver\nwddm = 3200\n"

/* @return the output of `run --json`, a record a line, the caller's. */
static char *run(const char *machine, const char *mode)
{
	cleanup_free char *program = binary_path("dxgmatrix");
	cleanup_free char *scenario = scenario_write(machine);
	const char *const argv[] = { program,  "run",    "dxg", "dxcore",
				     "--json", "--risk", "low", NULL };
	setenv("FAKE_DXCORE", mode, 1);
	struct simulated result = simulate(scenario, argv);
	unsetenv("FAKE_DXCORE");
	unlink(scenario);
	return result.output;
}

/* Reads the record of the next line. @return where the one after it starts, or NULL. */
static const char *next_record(const char *lines, struct record *ret)
{
	char today[DATE_SIZE];
	size_t length = strcspn(lines, "\n");
	record_today(today);
	assert_ok(record_read(lines, length, today, ret));
	return lines[length] && lines[length + 1] ? lines + length + 1 : NULL;
}

static const struct rung_result *dxcore_rung(const struct record *record, enum rung rung)
{
	const struct result *result = record_result(record, "dxcore", ROLE_ADAPTER);
	assert_non_null(result);
	assert_non_null(result_rung(result, rung));
	return result_rung(result, rung);
}

static void test_each_adapter_is_asked_for_by_its_own_number(void **state)
{
	(void)state;
	static const char *const modes[] = { "", "reversed" };
	for_each_row(mode, modes) {
		cleanup_free char *out = run(MACHINE WARP GPU TWIN NPU, *mode);
		int n = 0;
		for (const char *line = out; line; n++) {
			cleanup_record struct record record;
			line = next_record(line, &record);
			const struct rung_result *query =
				dxcore_rung(&record, RUNG_QUERY);
			assert_int_equal(query->outcome, OUTCOME_PASS);
			assert_string_equal(
				findings_string(&query->findings, FIND_DESCRIPTION),
				record.combination.adapter.name);
			assert_null(findings_string(&query->findings, FIND_DISAGREES));
		}
		assert_int_equal(n, 3);
	}
}

static void test_dxcore_is_climbed_after_the_door(void **state)
{
	(void)state;
	cleanup_free char *program = binary_path("dxgmatrix-probe");
	cleanup_free char *scenario = scenario_write(MACHINE GPU);
	const char *const argv[] = { program, "--list", NULL };
	struct simulated result = simulate(scenario, argv);
	unlink(scenario);
	assert_int_equal(strncmp(result.output, "dxg\t", 4), 0);
	assert_non_null(strstr(result.output, "\ndxcore\t1\tDXCore\t-\t"
					      "load,enumerate,query\n"));
	free(result.output);
}

static void test_a_fault_of_dxcore_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *machine, *mode, *rule;
		enum rung rung;
		enum outcome outcome;
	} rows[] = {
		{ MACHINE GPU, "factory-refused", "dxcore-broken", RUNG_ENUMERATE,
		  OUTCOME_FAIL },
		{ MACHINE GPU, "adapter-crash", "dxcore-broken", RUNG_ENUMERATE,
		  OUTCOME_CRASH },
		{ MACHINE GPU, "list-empty", "dxcore-blind", RUNG_ENUMERATE,
		  OUTCOME_FAIL },
		{ MACHINE GPU, "other", "dxcore-blind", RUNG_QUERY, OUTCOME_FAIL },
		{ BARE GPU, "", "dxcore-missing", RUNG_LOAD, OUTCOME_SKIP },
	};
	for_each_row(row, rows) {
		cleanup_free char *out = run(row->machine, row->mode);
		cleanup_record struct record record;
		next_record(out, &record);
		assert_int_equal(dxcore_rung(&record, row->rung)->outcome, row->outcome);
		if (!record.n_diagnoses || strcmp(record.diagnoses[0].rule, row->rule))
			fail_msg("%s: not %s: %s", row->mode, row->rule, out);
		/* the door below is whole, and is left alone */
		const struct result *dxg = record_result(&record, "dxg", ROLE_ADAPTER);
		assert_int_equal(result_rung(dxg, RUNG_FENCE)->outcome, OUTCOME_PASS);
	}
}

static void test_a_disagreement_in_one_thing_is_a_remark(void **state)
{
	(void)state;
	cleanup_free char *out = run(MACHINE GPU, "other-ids");
	cleanup_record struct record record;
	next_record(out, &record);
	const struct rung_result *query = dxcore_rung(&record, RUNG_QUERY);
	assert_int_equal(query->outcome, OUTCOME_PASS);
	assert_non_null(findings_string(&query->findings, FIND_DISAGREES));
	/* the adapter is who the door says it is */
	assert_string_equal(record.combination.adapter.pci, "8086:7d51");
}

int main(void)
{
	simulate_require();
	cleanup_free char *folder = NULL;
	assert_ok(file_temporary_folder("test-cmd-run-dxcore", &folder));
	setenv("XDG_DATA_HOME", folder, 1);
	setenv("XDG_STATE_HOME", folder, 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_adapter_is_asked_for_by_its_own_number),
		cmocka_unit_test(test_dxcore_is_climbed_after_the_door),
		cmocka_unit_test(test_a_fault_of_dxcore_is_named),
		cmocka_unit_test(test_a_disagreement_in_one_thing_is_a_remark),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	assert_ok(file_remove_tree(folder));
	return failed;
}
