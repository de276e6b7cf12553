#include "matrix/derive.h"

#include "matrix/verdict.h"
#include "tests/matrix/scene.h"

#define GPU_SCOPE "SELECT verdict, good, bad, flaky FROM d_scope WHERE level = 'gpu'"

static void add_run(struct scene *scene, int machine, int64_t n, const char *climb)
{
	struct record record;
	scene_record(&record);
	record.run_n = n;
	scene_climb(&record, "dxg", ROLE_ADAPTER, climb);
	scene_add(scene, &record, machine);
}

#define BAD_DOOR "load fail/fail/fail"

static void test_a_record_counts_in_every_scope_whose_parts_it_knows(void **state)
{
	(void)state;
	static const struct {
		const char *driver, *wsl, *kernel, *windows;
		const char *levels;
	} rows[] = {
		{ "1.2.3.4", "2.6.3.0", "6.6.87.2-x", "10.0.26100.1",
		  "cell\ndriver\nexact\ngpu\n" },
		{ "1.2.3.4", "2.6.3.0", "6.6.87.2-x", NULL, "cell\ndriver\ngpu\n" },
		{ "1.2.3.4", NULL, "6.6.87.2-x", "10.0.26100.1", "driver\ngpu\n" },
		{ NULL, "2.6.3.0", "6.6.87.2-x", "10.0.26100.1", "gpu\n" },
	};
	for_each_row(row, rows) {
		cleanup_scene struct scene scene = { 0 };
		scene_open(&scene);
		struct record record;
		scene_record(&record);
		record.combination.driver = row->driver;
		record.combination.wsl = row->wsl;
		record.combination.kernel = row->kernel;
		record.combination.windows = row->windows;
		scene_climb(&record, "dxg", ROLE_ADAPTER, SCENE_DOOR);
		scene_add(&scene, &record, 1);
		assert_rows(scene.store, "SELECT level FROM d_scope ORDER BY level",
			    row->levels);
	}
}

static void test_partial_combinations_are_not_merged_into_full_ones(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	add_run(&scene, 1, 1, SCENE_DOOR);
	struct record record;
	scene_record(&record);
	record.combination.windows = NULL;
	scene_climb(&record, "dxg", ROLE_ADAPTER, BAD_DOOR);
	scene_add(&scene, &record, 2);
	assert_rows(scene.store,
		    "SELECT level, verdict, good, bad FROM d_scope ORDER BY level",
		    "cell|conflict|1|1\ndriver|conflict|1|1\nexact|clean|1|0\n"
		    "gpu|conflict|1|1\n");
	assert_rows(scene.store, "SELECT count(DISTINCT combination) FROM d_record",
		    "2\n");
}

static void test_a_witness_counts_once_on_each_side(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	/* one machine, ten runs, always good */
	for (int n = 1; n <= 10; n++)
		add_run(&scene, 1, n, SCENE_DOOR);
	assert_rows(scene.store, GPU_SCOPE, "clean|1|0|0\n");
	/* it breaks: the newest run decides */
	add_run(&scene, 1, 11, BAD_DOOR);
	assert_rows(scene.store, GPU_SCOPE, "broken|0|1|0\n");
	/* it changes its mind again: flaky, and nobody else: it disagrees with itself */
	add_run(&scene, 1, 12, SCENE_DOOR);
	assert_rows(scene.store, GPU_SCOPE, "conflict|0|1|1\n");
	/* under another driver it is another machine to the GPU's scope, not to theirs */
	struct record record;
	scene_record(&record);
	record.combination.driver = "32.0.101.8826";
	scene_climb(&record, "dxg", ROLE_ADAPTER, SCENE_DOOR);
	scene_add(&scene, &record, 1);
	assert_rows(scene.store, GPU_SCOPE, "conflict|1|1|1\n");
	assert_rows(
		scene.store,
		"SELECT driver, verdict, machines FROM d_scope WHERE level = 'driver'",
		"32.0.101.8801|conflict|1\n32.0.101.8826|clean|1\n");
}

static void test_order_of_runs_is_their_number_not_their_arrival(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	add_run(&scene, 1, 9, BAD_DOOR);
	add_run(&scene, 1, 2, SCENE_DOOR);
	assert_rows(scene.store, GPU_SCOPE, "broken|0|1|0\n");
}

static void test_an_earlier_copy_does_not_prove_a_door_that_is_bad_now(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct record record;
	scene_record(&record);
	scene_climb(&record, "dxg", ROLE_ADAPTER, SCENE_DOOR);
	struct result *opencl = scene_climb(&record, "opencl", ROLE_ADAPTER, "copy pass");
	scene_call(&record, scene_rung(opencl, RUNG_COPY), "submit_command", 0);
	scene_add(&scene, &record, 1);
	assert_rows(scene.store, "SELECT good, copy FROM d_scope WHERE level = 'gpu'",
		    "1|1\n");
	/* a run without a copy takes nothing away */
	add_run(&scene, 1, 2, SCENE_DOOR);
	assert_rows(scene.store, "SELECT good, copy FROM d_scope WHERE level = 'gpu'",
		    "1|1\n");
	add_run(&scene, 1, 3, BAD_DOOR);
	assert_rows(scene.store, "SELECT good, copy FROM d_scope WHERE level = 'gpu'",
		    "0|0\n");
}

/* One machine, one key: Vulkan on the CPU; a package is installed; Vulkan passes. */
static void test_installing_a_package_is_neither_flaky_nor_a_conflict(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	static struct package dzn[] = { { "mesa-vulkan-drivers", "26.0.1" } };
	static const char *const climbs[] = {
		"load pass, enumerate fallback:cpu-only, open blocked",
		SCENE_LAUNCH,
	};
	for (int i = 0; i < 2; i++) {
		struct record record;
		scene_record(&record);
		record.run_n = i + 1;
		record.combination.packages = dzn;
		record.combination.n_packages = (size_t)i;
		scene_climb(&record, "dxg", ROLE_ADAPTER, SCENE_DOOR);
		scene_climb(&record, "vulkan", ROLE_ADAPTER, climbs[i]);
		scene_add(&scene, &record, 1);
	}
	assert_rows(
		scene.store,
		"SELECT rung, verdict, good, bad, flaky, cpu FROM d_rung "
		"WHERE interface = 'vulkan' AND level = 'exact' AND rung = 'enumerate'",
		"enumerate|clean|1|0|0|0\n");
	assert_rows(scene.store,
		    "SELECT height, conflict, broken, machines FROM d_interface "
		    "WHERE interface = 'vulkan' AND level = 'exact'",
		    "launch|-|-|1\n");
	assert_rows(scene.store, GPU_SCOPE, "clean|1|0|0\n");
}

static void test_equal_packages_in_another_order_are_equal_conditions(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	static struct package orders[3][2] = {
		{ { "a", "1" }, { "b", "2" } },
		{ { "b", "2" }, { "a", "1" } },
		{ { "a", "1" }, { "b", "2" } },
	};
	for (int i = 0; i < 3; i++) {
		struct record record;
		scene_record(&record);
		record.run_n = i + 1;
		record.combination.packages = orders[i];
		record.combination.n_packages = 2;
		scene_climb(&record, "dxg", ROLE_ADAPTER, i == 1 ? BAD_DOOR : SCENE_DOOR);
		scene_add(&scene, &record, 1);
	}
	assert_rows(scene.store, GPU_SCOPE, "conflict|0|1|1\n");
}

static void test_a_laboratory_of_equal_machines_is_one_witness(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	const struct admission one_network = { "http", "network-and-month" };
	struct ingest *ingest = NULL;
	assert_ok(ingest_begin(scene.store, &ingest));
	for (int machine = 1; machine <= 1000; machine++) {
		cleanup_record struct record record;
		scene_record(&record);
		scene_climb(&record, "dxg", ROLE_ADAPTER, SCENE_DOOR);
		struct machine_key key = scene_key(machine);
		record_sign(&record, &key);
		enum ingested ingested;
		assert_ok(ingest_document(ingest, record.bytes, record.size, &one_network,
					  &ingested, NULL));
	}
	assert_ok(ingest_end(ingest));
	assert_rows(scene.store,
		    "SELECT verdict, good, bad, machines, witnesses FROM d_scope "
		    "WHERE level = 'gpu'",
		    "clean|1|0|1000|1\n");
	assert_string_equal(verdict_strength(1), "one machine");
}

static void test_a_submitter_joins_what_came_before(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct record records[2];
	for (int i = 0; i < 2; i++) {
		scene_record(&records[i]);
		scene_climb(&records[i], "dxg", ROLE_ADAPTER, SCENE_DOOR);
		struct machine_key key = scene_key(i + 1);
		record_sign(&records[i], &key);
		scene_take(&scene, &records[i]);
	}
	assert_rows(scene.store, GPU_SCOPE, "clean|2|0|0\n");
	/* the same records again, now known to come from one account */
	const struct admission account = { "git", "somebody" };
	for (int i = 0; i < 2; i++)
		assert_ok(ingest_one(scene.store, records[i].bytes, records[i].size,
				     &account));
	assert_rows(scene.store, GPU_SCOPE, "clean|1|0|0\n");
	for (int i = 0; i < 2; i++)
		record_deinit(&records[i]);
}

static void test_what_stays_out_of_the_table(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	static const enum environment outside[] = { ENVIRONMENT_LINUX, ENVIRONMENT_WSL1,
						    ENVIRONMENT_HYPER_V };
	int machine = 1;
	for_each_row(environment, outside) {
		struct record record;
		scene_record(&record);
		record.environment.kind = *environment;
		scene_climb(&record, "opencl", ROLE_CONTROL, SCENE_LAUNCH);
		scene_add(&scene, &record, machine++);
	}
	struct record software;
	scene_record(&software);
	software.combination.adapter.class = "software";
	scene_climb(&software, "dxg", ROLE_ADAPTER, SCENE_DOOR);
	scene_add(&scene, &software, machine++);
	struct record none;
	scene_record(&none);
	none.combination.adapter = (struct adapter){ .index = -1 };
	scene_climb(&none, "opencl", ROLE_CONTROL, SCENE_LAUNCH);
	scene_add(&scene, &none, machine++);
	assert_rows(scene.store, "SELECT count(*), sum(in_table) FROM d_record", "5|0\n");
	assert_rows(scene.store, "SELECT count(*) FROM d_scope", "0\n");
	assert_rows(scene.store, "SELECT count(*) FROM d_rung", "0\n");
}

/* ---- reports ---- */

#define GPU_REPORTS                                                                      \
	"SELECT verdict, good, bad, machines, reports, working, failing, cpu_only "      \
	"FROM d_scope WHERE level = 'gpu'"

static void test_reports_are_in_no_formula(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct record record;
	scene_report(&record, "a");
	scene_claim(&record, "opencl", OUTCOME_CRASH);
	scene_add(&scene, &record, 0);
	/* signing a harvested record does not make it a measurement */
	scene_report(&record, "b");
	scene_claim(&record, "opencl", OUTCOME_PASS);
	scene_add(&scene, &record, 1);
	/* an unsigned record is a report */
	scene_record(&record);
	scene_climb(&record, "dxg", ROLE_ADAPTER, BAD_DOOR);
	scene_climb(&record, "opencl", ROLE_ADAPTER, SCENE_LAUNCH);
	scene_add(&scene, &record, 0);
	assert_rows(scene.store, GPU_REPORTS, "unknown|0|0|0|3|2|2|0\n");
	assert_rows(scene.store, "SELECT count(*) FROM d_rung", "0\n");
	assert_rows(scene.store,
		    "SELECT interface, working, failing FROM d_interface "
		    "WHERE level = 'gpu'",
		    "dxg|0|1\nopencl|2|1\n");
}

static void test_posts_of_one_author_are_one_report(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	static const char *const drivers[] = { "1.0.0.1", "1.0.0.2", "1.0.0.3" };
	for_each_row(driver, drivers) {
		struct record record;
		scene_report(&record, "a");
		record.combination.driver = *driver;
		scene_claim(&record, "opencl", OUTCOME_CRASH);
		scene_add(&scene, &record, 0);
	}
	assert_rows(scene.store, GPU_REPORTS, "unknown|0|0|0|1|0|1|0\n");
	assert_rows(scene.store,
		    "SELECT driver, reports, failing FROM d_scope WHERE level = 'driver'",
		    "1.0.0.1|1|1\n1.0.0.2|1|1\n1.0.0.3|1|1\n");
	/* mended: one author, both sides */
	struct record record;
	scene_report(&record, "a");
	scene_claim(&record, "opencl", OUTCOME_PASS);
	scene_add(&scene, &record, 0);
	assert_rows(scene.store, GPU_REPORTS, "unknown|0|0|0|1|1|1|0\n");
	/* of another GPU it is another report */
	scene_report(&record, "a");
	record.combination.adapter.vendor = "1002";
	record.combination.adapter.pci = "1002:7480";
	scene_claim(&record, "hip", OUTCOME_FAIL);
	scene_add(&scene, &record, 0);
	assert_rows(scene.store, "SELECT sum(reports) FROM d_scope WHERE level = 'gpu'",
		    "2\n");
}

static void test_an_address_stands_for_an_unknown_author(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	static const enum outcome outcomes[] = { OUTCOME_FALLBACK, OUTCOME_PASS };
	for_each_row(outcome, outcomes) {
		struct record record;
		scene_report(&record, NULL);
		record.source.url = "https://example.org/issues/1";
		scene_claim(&record, "vulkan", *outcome);
		scene_add(&scene, &record, 0);
	}
	assert_rows(scene.store, GPU_REPORTS, "unknown|0|0|0|1|1|0|1\n");
}

static void test_one_source_text_counts_once_by_its_newest_extraction(void **state)
{
	(void)state;
	static const char text[] =
		"sha256:00000000000000000000000000000000000000000000000000000000000000aa";
	static const struct {
		const char *tool, *time, *pci;
		enum outcome outcome;
		const char *expected; /* gpu, working, failing after it was added */
	} rows[] = {
		{ "dxgmatrix 0.1.0", "2026-10", "8086:7d51", OUTCOME_FAIL,
		  "8086-7d51|0|1\n" },
		/* a newer date */
		{ "dxgmatrix 0.1.0", "2026-11", "8086:7d51", OUTCOME_PASS,
		  "8086-7d51|1|0\n" },
		/* an older one changes nothing */
		{ "dxgmatrix 0.1.0", "2026-09", "8086:7d51", OUTCOME_FAIL,
		  "8086-7d51|1|0\n" },
		/* a newer tool reads it again, and finds another GPU */
		{ "dxgmatrix 0.2.0", NULL, "8086:64a0", OUTCOME_FAIL, "8086-64a0|0|1\n" },
		{ "dxgmatrix 0.10.0", NULL, "8086:7d51", OUTCOME_PASS,
		  "8086-7d51|1|0\n" },
		/* two GPUs of one machine in one text */
		{ "dxgmatrix 0.10.0", NULL, "8086:64a0", OUTCOME_FAIL,
		  "8086-64a0|0|1\n8086-7d51|1|0\n" },
	};
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	for_each_row(row, rows) {
		struct record record;
		scene_report(&record, NULL);
		record.source.text = text;
		record.source.tool = row->tool;
		record.time = row->time;
		record.combination.adapter.pci = row->pci;
		scene_claim(&record, "opencl", row->outcome);
		scene_add(&scene, &record, 0);
		assert_rows(scene.store,
			    "SELECT gpu, working, failing FROM d_scope "
			    "WHERE level = 'gpu' AND reports ORDER BY gpu",
			    row->expected);
	}
}

static void test_a_measurement_supersedes_no_post(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	static const char text[] =
		"sha256:00000000000000000000000000000000000000000000000000000000000000aa";
	struct record record;
	scene_report(&record, NULL);
	record.source.text = text;
	scene_claim(&record, "opencl", OUTCOME_FAIL);
	scene_add(&scene, &record, 0);
	for (int machine = 0; machine < 2; machine++) {
		scene_record(&record);
		record.source.text = text;
		record.source.url = "https://example.org/";
		record.source.tool = "dxgmatrix 999.0.0";
		record.combination.adapter.pci = "8086:64a0";
		scene_add(&scene, &record, machine);
	}
	assert_rows(
		scene.store,
		"SELECT failing FROM d_scope WHERE level = 'gpu' AND gpu = '8086-7d51'",
		"1\n");
	assert_rows(scene.store, "SELECT count(text), count(url) FROM d_record", "1|0\n");
}

static void test_a_report_by_name_stands_with_its_id(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct record record;
	scene_report(&record, "a");
	record.combination.adapter.pci = NULL;
	record.combination.adapter.name = "Intel(R) Arc(TM) 140T GPU (16GB)";
	scene_add(&scene, &record, 0);
	/* a name that means several ids stays a name */
	scene_report(&record, "b");
	record.combination.adapter.pci = NULL;
	record.combination.adapter.name = "Intel(R) UHD Graphics 770";
	scene_add(&scene, &record, 0);
	assert_rows(scene.store, "SELECT gpu FROM d_scope WHERE level = 'gpu'",
		    "8086-7d51\n8086-intel-r-uhd-graphics-770\n");
	/* what it does not state moves no row: no exact scope without an id */
	assert_rows(scene.store, "SELECT DISTINCT gpu FROM d_scope WHERE level = 'exact'",
		    "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_a_record_counts_in_every_scope_whose_parts_it_knows),
		cmocka_unit_test(test_partial_combinations_are_not_merged_into_full_ones),
		cmocka_unit_test(test_a_witness_counts_once_on_each_side),
		cmocka_unit_test(test_order_of_runs_is_their_number_not_their_arrival),
		cmocka_unit_test(
			test_an_earlier_copy_does_not_prove_a_door_that_is_bad_now),
		cmocka_unit_test(
			test_installing_a_package_is_neither_flaky_nor_a_conflict),
		cmocka_unit_test(
			test_equal_packages_in_another_order_are_equal_conditions),
		cmocka_unit_test(test_a_laboratory_of_equal_machines_is_one_witness),
		cmocka_unit_test(test_a_submitter_joins_what_came_before),
		cmocka_unit_test(test_what_stays_out_of_the_table),
		cmocka_unit_test(test_reports_are_in_no_formula),
		cmocka_unit_test(test_posts_of_one_author_are_one_report),
		cmocka_unit_test(test_an_address_stands_for_an_unknown_author),
		cmocka_unit_test(
			test_one_source_text_counts_once_by_its_newest_extraction),
		cmocka_unit_test(test_a_measurement_supersedes_no_post),
		cmocka_unit_test(test_a_report_by_name_stands_with_its_id),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
