/*
 * The whole tool on Intel's real OpenCL driver, on the road that it takes in WSL2:
 * libdxcore, a stand-in, on the simulated door. There it gives up as it does on real
 * machines, before any kernel line tells of a fault (intel/compute-runtime#688). So do the
 * packages of Debian 12 (22.43) and Ubuntu 24.04 (23.43); its commit c454e0d of late 2023
 * no longer aborts there.
 */
#include "tests/dxgsim/simulate.h"

#include <signal.h>

#include "record/record.h"

#define ICD "/etc/OpenCL/vendors/intel.icd"

/* A machine whose driver folder, like every folder here, lacks the helper library of
 * Intel's driver; with more lines behind it. @return its path, the caller's */
static char *machine_with(const char *more)
{
	cleanup_free char *path = scenario_path("arc-140t");
	cleanup_free char *shipped = NULL;
	assert_ok(file_read(path, 1 << 16, &shipped, NULL));
	cleanup_free char *text = xasprintf("%s%s", shipped, more);
	return scenario_write(text);
}

/* The record of a run on the machine with these lines. */
static void run(const char *more, struct record *ret)
{
	cleanup_free char *program = binary_path("dxgmatrix");
	cleanup_free char *scenario = machine_with(more);
	const char *const argv[] = { program,  "run",    "dxg", "dxcore", "opencl",
				     "--json", "--risk", "low", NULL };
	struct simulated result = simulate(scenario, argv);
	unlink(scenario);
	char today[DATE_SIZE];
	record_today(today);
	assert_ok(record_read(result.output, strcspn(result.output, "\n"), today, ret));
	free(result.output);
}

static const struct rung_result *rung_of(const struct record *record,
					 const char *interface, enum rung rung)
{
	const struct result *result = record_result(record, interface, ROLE_ADAPTER);
	assert_non_null(result);
	assert_non_null(result_rung(result, rung));
	return result_rung(result, rung);
}

static bool has_rule(const struct record *record, const char *rule)
{
	for (size_t i = 0; i < record->n_diagnoses; i++)
		if (!strcmp(record->diagnoses[i].rule, rule))
			return true;
	return false;
}

static void assert_abort(const struct record *record, const char *file)
{
	const struct rung_result *enumerate = rung_of(record, "opencl", RUNG_ENUMERATE);
	assert_int_equal(enumerate->outcome, OUTCOME_CRASH);
	assert_int_equal(enumerate->reason, REASON_SIGNAL);
	assert_string_equal(findings_string(&enumerate->findings, FIND_SIGNAL),
			    "SIGABRT");
	const char *words = findings_string(&enumerate->findings, FIND_LAST_WORDS);
	assert_non_null(words);
	assert_non_null(strstr(words, file));
	assert_int_equal(rung_of(record, "opencl", RUNG_OPEN)->outcome, OUTCOME_BLOCKED);
}

static void test_intel_gives_up_without_its_helper_library(void **state)
{
	(void)state;
	cleanup_record struct record record;
	run("", &record);
	assert_int_equal(rung_of(&record, "dxg", RUNG_FENCE)->outcome, OUTCOME_PASS);
	const struct rung_result *query = rung_of(&record, "dxcore", RUNG_QUERY);
	assert_int_equal(query->outcome, OUTCOME_PASS);
	assert_string_equal(findings_string(&query->findings, FIND_PCI), "8086:7d51");
	assert_abort(&record, "create_um_km_data_translator.cpp");
	assert_true(has_rule(&record, "intel-helper-missing"));
	/* nothing failed in the door, and nobody says it did */
	assert_false(has_rule(&record, "door-broken"));
	assert_false(has_rule(&record, "dxcore-broken"));
}

static void test_intel_gives_up_when_windows_does_not_describe_the_gpu(void **state)
{
	(void)state;
	cleanup_record struct record record;
	run("query 48 = STATUS_INVALID_PARAMETER\n", &record);
	assert_abort(&record, "adapter_info.cpp");
	assert_true(has_rule(&record, "intel-query-refused"));
}

static void test_intel_lists_nothing_where_the_adapter_does_not_open(void **state)
{
	(void)state;
	cleanup_record struct record record;
	run("[refuse]\nopen_adapter_from_luid = EINVAL\n", &record);
	const struct rung_result *open = rung_of(&record, "dxg", RUNG_OPEN);
	assert_int_equal(open->outcome, OUTCOME_FAIL);
	const struct rung_result *enumerate = rung_of(&record, "opencl", RUNG_ENUMERATE);
	assert_int_equal(enumerate->outcome, OUTCOME_FAIL);
	assert_int_equal(enumerate->reason, REASON_NO_ADAPTER);
	assert_int_equal(record.diagnoses[0].layer, LAYER_DXG);
}

static void test_the_calls_that_led_to_the_abort_are_shown(void **state)
{
	(void)state;
	cleanup_free char *program = binary_path("dxgmatrix");
	cleanup_free char *probe = binary_path("dxgmatrix-probe");
	cleanup_free char *scenario = machine_with("");
	cleanup_free char *report = xasprintf("%s.trace", scenario), *text = NULL;
	const char *const argv[] = { program, "trace", "-o",     report,
				     "--",    probe,   "opencl", NULL };
	struct simulated result = simulate(scenario, argv);
	assert_ok(file_read(report, 1 << 20, &text, NULL));
	unlink(report);
	unlink(scenario);
	free(result.output);
	/* its answer comes as the command's own end */
	assert_true(WIFSIGNALED(result.status));
	assert_int_equal(WTERMSIG(result.status), SIGABRT);
	static const char *const lines[] = {
		"type 57 ADAPTERTYPE_RENDER: granted x 1\n", /* libdxcore's */
		"type 48 QUERYREGISTRY: granted x 2\n",      /* the driver's */
		"open_adapter_from_luid",
		"SIGABRT in libigdrcl.so",
	};
	for_each_row(line, lines)
		if (!strstr(text, *line))
			fail_msg("no '%s' in:\n%s", *line, text);
}

int main(void)
{
	if (access(ICD, R_OK) != 0) {
		puts("Intel's OpenCL driver is not installed");
		return 77;
	}
	if (access("/dev/dri", F_OK) == 0) {
		puts("the driver takes its other road here: /dev/dri");
		return 77;
	}
	simulate_require();
	cleanup_free char *folder = NULL;
	assert_ok(file_temporary_folder("test-cmd-run-intel", &folder));
	setenv("XDG_DATA_HOME", folder, 1);
	setenv("XDG_STATE_HOME", folder, 1);
	setenv("OCL_ICD_VENDORS", ICD,
	       1); /* of the adapter's climb; the control has its own */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_intel_gives_up_without_its_helper_library),
		cmocka_unit_test(
			test_intel_gives_up_when_windows_does_not_describe_the_gpu),
		cmocka_unit_test(
			test_intel_lists_nothing_where_the_adapter_does_not_open),
		cmocka_unit_test(test_the_calls_that_led_to_the_abort_are_shown),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	assert_ok(file_remove_tree(folder));
	return failed;
}
