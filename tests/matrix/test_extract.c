#include "matrix/extract.h"

#include "matrix/rules.h"
#include "tests/matrix/scene.h"

static void test_only_a_signed_measurement_is_measured(void **state)
{
	(void)state;
	struct record record;
	scene_record(&record);
	assert_false(extract_is_measured(&record));
	record.key = "ed25519:…";
	assert_true(extract_is_measured(&record));
	record.source.kind = SOURCE_HARVESTED;
	assert_false(extract_is_measured(&record));
}

static void test_the_table_is_of_gpus_inside_wsl2(void **state)
{
	(void)state;
	static const struct {
		enum environment environment;
		bool in_table;
	} rows[] = {
		{ ENVIRONMENT_UNKNOWN, true },   { ENVIRONMENT_WSL2, true },
		{ ENVIRONMENT_CONTAINER, true }, { ENVIRONMENT_WSL1, false },
		{ ENVIRONMENT_HYPER_V, false },  { ENVIRONMENT_LINUX, false },
	};
	for_each_row(row, rows) {
		struct record record;
		scene_record(&record);
		record.environment.kind = row->environment;
		assert_int_equal(extract_is_in_table(&record), row->in_table);
		record.combination.adapter.class = "software";
		assert_false(extract_is_in_table(&record));
		record.combination.adapter =
			(struct adapter){ .present = true, .vendor = "8086" };
		assert_false(extract_is_in_table(&record));
	}
}

static void test_a_container_counts_on_the_kernel_of_wsl2_alone(void **state)
{
	(void)state;
	static const char *const others[] = { NULL, "6.1.0-18-amd64",
					      "6.8.0-1021-azure" };
	struct record record;
	scene_record(&record);
	record.environment.kind = ENVIRONMENT_CONTAINER;
	assert_true(extract_is_in_table(&record));
	for_each_row(kernel, others) {
		record.combination.kernel = *kernel;
		assert_false(extract_is_in_table(&record));
	}
}

static void test_address_of_a_gpu(void **state)
{
	(void)state;
	static const struct {
		const char *pci, *name, *address;
	} rows[] = {
		{ "8086:7d51", "anything", "8086-7d51" },
		{ NULL, "Arc 140T", "8086-7d51" },
		{ NULL, "Intel(R) Arc(TM) 140T Graphics", "8086-7d51" },
		{ NULL, "Some Card", "unknown-some-card" },
		{ NULL, NULL, NULL },
	};
	for_each_row(row, rows) {
		const struct adapter adapter = { .present = true,
						 .pci = row->pci,
						 .name = row->name };
		cleanup_free char *address = extract_gpu_address(&adapter);
		if (row->address)
			assert_string_equal(address, row->address);
		else
			assert_null(address);
	}
}

/* What one record leaves in d_result, as lines. */
static void check_results(struct record *record, const char *expected)
{
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	record_write(record);
	assert_ok(store_begin(scene.store));
	assert_ok(extract_begin(scene.store));
	assert_ok(extract_record(scene.store, record));
	assert_rows(
		scene.store,
		"SELECT interface, rtrim(readings, '.'), working, failing, cpu, outcome "
		"FROM d_result ORDER BY interface",
		expected);
	store_rollback(scene.store);
	record_deinit(record);
}

static void test_what_a_record_says_of_each_interface(void **state)
{
	(void)state;
	struct record record;
	scene_record(&record);
	scene_climb(&record, "dxg", ROLE_ADAPTER, SCENE_DOOR);
	scene_climb(&record, "opencl", ROLE_ADAPTER,
		    "load pass, enumerate pass, open pass, copy pass, "
		    "compile crash/crash/crash, launch blocked");
	scene_climb(&record, "opencl", ROLE_CONTROL, SCENE_LAUNCH);
	scene_climb(&record, "vulkan", ROLE_ADAPTER,
		    "load pass, enumerate fallback:cpu-only, open blocked");
	scene_climb(&record, "vulkan", ROLE_CONTROL, SCENE_LAUNCH);
	/* a control alone is nothing of the GPU's */
	scene_climb(&record, "cuda", ROLE_CONTROL, SCENE_LAUNCH);
	check_results(&record, "dxg|gggggg|1|0|0|pass\n"
			       "opencl|ggg.....gb-|0|1|0|crash\n"
			       "vulkan|gc-|0|0|1|fallback\n");
}

static void test_a_failed_control_takes_the_readings_away(void **state)
{
	(void)state;
	struct record record;
	scene_record(&record);
	scene_climb(&record, "opencl", ROLE_ADAPTER, SCENE_LAUNCH);
	scene_climb(&record, "opencl", ROLE_CONTROL,
		    "load pass, enumerate pass, open pass, copy error, compile pass");
	check_results(&record, "opencl|ggg.....-g-|1|0|0|pass\n");
}

static void test_claims_of_one_report(void **state)
{
	(void)state;
	struct record record;
	scene_report(&record, "a");
	/* two programs on one road: what works outweighs */
	scene_claim(&record, "vulkan", OUTCOME_HUNG);
	scene_claim(&record, "vulkan", OUTCOME_PASS);
	scene_claim(&record, "opencl", OUTCOME_FAIL);
	scene_claim(&record, "opencl", OUTCOME_CRASH);
	scene_claim(&record, "cuda", OUTCOME_FALLBACK);
	scene_claim(&record, "hip", OUTCOME_SKIP);
	check_results(&record, "cuda||0|0|1|fallback\n"
			       "hip||0|0|0|skip\n"
			       "opencl||0|1|0|crash\n"
			       "vulkan||1|0|0|pass\n");
}

static void test_versions_of_the_tool_order_extractions(void **state)
{
	(void)state;
	static const struct {
		const char *tool, *row;
	} rows[] = {
		{ "dxgmatrix 0.1.0", "1000\n" },    { "dxgmatrix 0.10.2", "10002\n" },
		{ "dxgmatrix 2.3.4", "2003004\n" }, { "dxgmatrix", "0\n" },
		{ "dxgmatrix dev", "0\n" },         { "x 99999.0.0", "999000000\n" },
	};
	for_each_row(row, rows) {
		cleanup_scene struct scene scene = { 0 };
		scene_open(&scene);
		struct record record;
		scene_record(&record);
		record.source.tool = row->tool;
		scene_add(&scene, &record, 1);
		assert_rows(scene.store, "SELECT extraction FROM d_record", row->row);
	}
}

static void test_thousands_of_interfaces_in_one_record_end_in_time(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct record record;
	scene_record(&record);
	for (int i = 0; i < 5000; i++)
		scene_claim(&record, arena_printf(&record.arena, "i%d", i % 4000),
			    OUTCOME_PASS);
	scene_add(&scene, &record, 0);
	assert_rows(scene.store, "SELECT count(*), sum(working) FROM d_result",
		    "4000|4000\n");
}

static void test_stamp_is_of_rules_and_tables(void **state)
{
	(void)state;
	cleanup_free char *start = xasprintf("%d-", RULES_VERSION);
	assert_int_equal(strncmp(rules_stamp(), start, strlen(start)), 0);
	assert_int_equal(strlen(rules_stamp()), strlen(start) + 12);
	assert_ptr_equal(rules_stamp(), rules_stamp());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_a_signed_measurement_is_measured),
		cmocka_unit_test(test_the_table_is_of_gpus_inside_wsl2),
		cmocka_unit_test(test_a_container_counts_on_the_kernel_of_wsl2_alone),
		cmocka_unit_test(test_address_of_a_gpu),
		cmocka_unit_test(test_what_a_record_says_of_each_interface),
		cmocka_unit_test(test_a_failed_control_takes_the_readings_away),
		cmocka_unit_test(test_claims_of_one_report),
		cmocka_unit_test(test_versions_of_the_tool_order_extractions),
		cmocka_unit_test(test_thousands_of_interfaces_in_one_record_end_in_time),
		cmocka_unit_test(test_stamp_is_of_rules_and_tables),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
