#include "matrix/view.h"

#include "tests/matrix/scene.h"

static void add(struct scene *scene, int machine, int64_t run, const char *driver,
		const char *wsl, const char *climb)
{
	struct record record;
	scene_record(&record);
	record.run_n = run;
	record.combination.driver = driver;
	record.combination.wsl = wsl;
	struct result *opencl = NULL;
	scene_climb(&record, "dxg", ROLE_ADAPTER, SCENE_DOOR);
	opencl = scene_climb(&record, "opencl", ROLE_ADAPTER, climb);
	if (result_rung(opencl, RUNG_COPY))
		scene_call(&record, scene_rung(opencl, RUNG_COPY), "submit_command", 0);
	scene_add(scene, &record, machine);
}

#define CRASH                                                                            \
	"load pass, enumerate pass, open pass, copy pass, compile crash/crash/crash, "   \
	"launch blocked"
#define NO_DRIVER "load skip:not-installed"

/* Three machines on an Arc 140T, two authors who report of it, one of another GPU. */
static void fill(struct scene *scene)
{
	add(scene, 1, 1, "32.0.101.8801", "2.7.9.0", SCENE_LAUNCH);
	add(scene, 2, 1, "32.0.101.8801", "2.7.14.0", CRASH);
	add(scene, 3, 1, "32.0.101.6554", "2.7.9.0", NO_DRIVER);
	struct record record;
	scene_report(&record, "a");
	record.source.url = "https://example.org/a1";
	record.time = "2026-03";
	record.combination.driver = NULL;
	record.combination.driver_public = "101.7000";
	record.combination.adapter.name = "Arc 140T GPU";
	scene_claim(&record, "vulkan", OUTCOME_FALLBACK);
	scene_add(scene, &record, 0);
	scene_report(&record, "a");
	record.source.url = "https://example.org/a2";
	record.time = "2026-05-02";
	record.combination.driver = NULL;
	record.combination.wsl = NULL;
	scene_claim(&record, "vulkan", OUTCOME_PASS);
	scene_claim(&record, "opencl", OUTCOME_HUNG);
	scene_add(scene, &record, 0);
	scene_report(&record, "b");
	record.time = NULL;
	scene_claim(&record, "opencl", OUTCOME_CRASH);
	scene_add(scene, &record, 0);
	scene_report(&record, "c");
	record.time = "2026-06";
	record.combination.adapter.pci = "1002:7480";
	record.combination.adapter.vendor = "1002";
	record.combination.adapter.name = "RX 7600";
	scene_add(scene, &record, 0);
}

static void test_counts(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	struct view_counts counts;
	scene_open(&scene);
	assert_ok(view_counts(scene.store, &counts));
	assert_string_equal(counts.today, "");
	assert_int_equal(counts.records, 0);
	fill(&scene);
	assert_ok(view_counts(scene.store, &counts));
	assert_int_equal(counts.records, 7);
	assert_int_equal(counts.machines, 3);
	assert_int_equal(counts.witnesses, 3);
	assert_int_equal(counts.reports, 3);
	assert_int_equal(counts.gpus, 2);
	assert_int_equal(counts.combinations, 6);
	assert_string_equal(counts.today, "2026-11-20");
}

static void test_gpus_most_measured_first(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	fill(&scene);
	struct view_gpus gpus;
	assert_ok(view_gpus(scene.store, &gpus));
	assert_int_equal(gpus.n, 2);
	const struct view_gpu *arc = &gpus.gpu[0];
	assert_string_equal(arc->address, "8086-7d51");
	assert_string_equal(arc->pci, "8086:7d51");
	assert_string_equal(arc->name, "Intel Arc 140T");
	assert_int_equal(arc->names.n, 1);
	assert_string_equal(arc->names.string[0], "Arc 140T GPU");
	assert_int_equal(arc->scope.machines, 3);
	assert_int_equal(arc->scope.reports, 2);
	assert_int_equal(arc->scope.reports_working, 1);
	assert_int_equal(arc->scope.reports_failing, 2);
	assert_int_equal(arc->scope.reports_cpu_only, 1);
	assert_int_equal(arc->scope.door.word, VERDICT_CLEAN);
	assert_int_equal(arc->scope.door.votes.good, 3);
	assert_false(arc->scope.door_to_fence);
	assert_string_equal(arc->scope.newest, "2026-11-20");
	assert_string_equal(arc->scope.newest_report, "2026-05-02");

	assert_int_equal(arc->scope.n_interfaces, 3);
	const struct view_interface *opencl = &arc->scope.interfaces[1];
	assert_string_equal(opencl->interface, "opencl");
	assert_int_equal(opencl->height, RUNG_COPY);
	assert_int_equal(opencl->conflict, RUNG_COMPILE);
	assert_int_equal(opencl->broken, RUNG_COUNT);
	assert_int_equal(opencl->machines, 2); /* the third has no driver */
	assert_int_equal(opencl->failing, 2);
	assert_int_equal(opencl->rungs[RUNG_COMPILE].word, VERDICT_CONFLICT);
	assert_int_equal(opencl->rungs[RUNG_LAUNCH].word, VERDICT_CLEAN);
	assert_true(opencl->has & rung_bit(RUNG_LAUNCH));
	assert_false(opencl->has & rung_bit(RUNG_INFER));
	const struct view_interface *vulkan = &arc->scope.interfaces[2];
	assert_int_equal(vulkan->height, RUNG_COUNT);
	assert_int_equal(vulkan->working, 1);
	assert_int_equal(vulkan->cpu_only, 1);
	assert_int_equal(vulkan->machines, 0);
	assert_string_equal(gpus.gpu[1].name, "RX 7600");
	assert_int_equal(gpus.gpu[1].scope.reports, 1);
	view_gpus_deinit(&gpus);
}

static void test_reports_of_a_gpu_author_by_author(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	fill(&scene);
	struct view_gpu_page page;
	assert_ok(view_gpu_page(scene.store, "8086-7d51", &page));
	assert_int_equal(page.n_reports, 2);
	const struct view_report *a = &page.reports[0], *b = &page.reports[1];
	assert_string_equal(a->date, "2026-05-02");
	assert_int_equal(a->n_posts, 2);
	assert_string_equal(a->posts[0].url, "https://example.org/a2");
	assert_string_equal(a->posts[1].date, "2026-03");
	/* what the newer post does not state, the older one does */
	assert_string_equal(a->driver_public, "101.7000");
	assert_string_equal(a->wsl, "2.7.9.0");
	assert_null(a->driver);
	assert_false(a->measured);
	assert_int_equal(a->n_claims, 2);
	assert_string_equal(a->claims[0].interface, "opencl");
	assert_true(a->claims[0].failing);
	assert_int_equal(a->claims[0].outcome, OUTCOME_HUNG);
	assert_true(a->claims[1].working);
	assert_false(a->claims[1].failing);
	assert_int_equal(a->claims[1].outcome, OUTCOME_PASS);
	assert_null(b->date);
	assert_null(b->posts[0].url);
	view_gpu_page_deinit(&page);
	assert_error(view_gpu_page(scene.store, "8086-ffff", &page), "no record");
	assert_error(view_gpu_page(scene.store, "'; --", &page), "no record");
}

static void test_grid_is_driver_by_wsl(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	fill(&scene);
	struct view_gpu_page page;
	assert_ok(view_gpu_page(scene.store, "8086-7d51", &page));
	assert_int_equal(page.drivers.n, 2);
	assert_string_equal(page.drivers.string[0], "32.0.101.8801");
	assert_string_equal(page.drivers.string[1], "32.0.101.6554");
	/* as numbers, not as text */
	assert_int_equal(page.wsls.n, 2);
	assert_string_equal(page.wsls.string[0], "2.7.9.0");
	assert_string_equal(page.wsls.string[1], "2.7.14.0");
	static const struct {
		bool present, to_fence;
		int machines, reports;
	} expected[] = {
		{ true, false, 1, 1 },
		{ true, false, 1, 0 },
		{ true, true, 1, 0 },
		{ false, false, 0, 0 },
	};
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(page.cells[i].present, expected[i].present);
		assert_int_equal(page.cells[i].machines, expected[i].machines);
		assert_int_equal(page.cells[i].reports, expected[i].reports);
		assert_int_equal(page.cells[i].door_to_fence, expected[i].to_fence);
	}
	assert_int_equal(page.driver_cells[0].machines, 2);
	assert_int_equal(page.driver_cells[0].door.word, VERDICT_CLEAN);
	assert_int_equal(page.driver_cells[0].reports, 1);
	assert_int_equal(page.n_combinations, 5);
	assert_string_equal(page.combinations[0].wsl, "2.7.14.0");
	assert_true(page.combinations[0].full);
	assert_int_equal(page.combinations[0].door.word, VERDICT_CLEAN);
	assert_null(page.combinations[4].driver);
	assert_false(page.combinations[4].full);
	view_gpu_page_deinit(&page);
}

static void test_records_of_a_combination(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	fill(&scene);
	add(&scene, 1, 2, "32.0.101.8801", "2.7.9.0", CRASH);
	struct combination combination;
	struct record record;
	scene_record(&record);
	combination = record.combination;
	char address[COMBINATION_ADDRESS_SIZE];
	combination_address(&combination, address);
	struct view_combination_page page;
	assert_ok(view_combination_page(scene.store, address, &page));
	assert_string_equal(page.combination.address, address);
	assert_string_equal(page.combination.kernel, "6.18.33.2");
	assert_string_equal(page.gpu.address, "8086-7d51");
	assert_true(page.combination.full);
	assert_int_equal(page.combination.machines, 1);
	assert_int_equal(page.combination.records, 3);
	assert_int_equal(page.combination.reports, 1);
	assert_int_equal(page.scope.interfaces[1].broken, RUNG_COMPILE);
	assert_int_equal(page.n_records, 3);
	assert_int_equal(page.records[0].machine, 1);
	assert_int_equal(page.records[0].run_n, 2);
	assert_string_equal(page.records[0].summary, "DXG fence · OpenCL compile CRASH");
	assert_string_equal(page.records[1].summary, "DXG fence · OpenCL launch");
	assert_int_equal(page.records[1].machine, 1);
	assert_false(page.records[2].measured);
	assert_int_equal(page.records[2].machine, 0);
	assert_string_equal(page.records[2].summary, "OpenCL reported CRASH");
	assert_int_equal(strlen(page.records[0].address), 12);
	assert_non_null(strstr(page.records[0].id, page.records[0].address));
	view_combination_page_deinit(&page);
	assert_error(view_combination_page(scene.store, "000000000000", &page),
		     "no record");
}

static void test_addresses_are_of_pages_that_can_be_made(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	fill(&scene);
	for (int run = 2; run < 12; run++)
		add(&scene, 1, run, "32.0.101.8801", "2.7.9.0", SCENE_LAUNCH);
	struct view_addresses all;
	assert_ok(view_addresses(scene.store, &all));
	assert_int_equal(all.gpus.n, 2);
	assert_int_equal(all.combinations.n, 6);
	for (size_t i = 0; i < all.gpus.n; i++) {
		struct view_gpu_page page;
		assert_ok(view_gpu_page(scene.store, all.gpus.string[i], &page));
		view_gpu_page_deinit(&page);
	}
	for (size_t i = 0; i < all.combinations.n; i++) {
		struct view_combination_page page;
		assert_ok(view_combination_page(scene.store, all.combinations.string[i],
						&page));
		view_combination_page_deinit(&page);
	}
	/* of the twelve of one combination the newest five */
	assert_int_equal(all.records.n, 5 + VIEW_RECORDS_PER_COMBINATION);
	for (size_t i = 0; i < all.records.n; i++) {
		struct record record;
		assert_ok(view_record(scene.store, all.records.string[i], &record));
		assert_string_equal(record.id, all.records.string[i]);
		record_deinit(&record);
	}
	view_addresses_deinit(&all);
}

static void test_a_record_is_found_by_the_beginning_of_its_id(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct record record;
	scene_record(&record);
	record_write(&record);
	scene_take(&scene, &record);
	const char *digits = record.id + strlen("sha256:");
	cleanup_free char *short_id = xstrndup(digits, 12);
	cleanup_free char *shorter = xstrndup(digits, 5);
	const char *const ids[] = { record.id, digits, short_id };
	for_each_row(id, ids) {
		cleanup_free char *bytes = NULL;
		size_t size = 0;
		assert_ok(view_record_bytes(scene.store, *id, &bytes, &size));
		assert_int_equal(size, record.size);
		assert_memory_equal(bytes, record.bytes, size);
	}
	char *bytes = NULL;
	assert_error(view_record_bytes(scene.store, shorter, &bytes, NULL), "at least 6");
	assert_error(view_record_bytes(scene.store, "%%%%%%%", &bytes, NULL), "at least");
	assert_error(view_record_bytes(scene.store, "000000000000", &bytes, NULL),
		     "no record");
	record_deinit(&record);
}

static void test_two_records_of_one_beginning_are_not_confused(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	assert_ok(store_execute(scene.store, "INSERT INTO record (id, bytes) VALUES "
					     "('sha256:abcdef01', x'7b7d'), "
					     "('sha256:abcdef02', x'7b7d')"));
	char *bytes = NULL;
	assert_error(view_record_bytes(scene.store, "abcdef", &bytes, NULL),
		     "more than one");
	assert_error(view_record_bytes(scene.store, "sha256:abcdef0", &bytes, NULL),
		     "more than one");
	assert_ok(view_record_bytes(scene.store, "abcdef02", &bytes, NULL));
	free(bytes);
}

static void test_last_is_the_newest_run_of_this_machine(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	char key[2][KEY_TEXT_SIZE];
	for (int i = 0; i < 2; i++) {
		struct machine_key machine = scene_key(i + 1);
		key_text(&machine, key[i]);
	}
	cleanup_arena struct arena arena = { 0 };
	struct strings last = { 0 };
	assert_ok(view_last(scene.store, key[0], &arena, &last));
	assert_int_equal(last.n, 0);
	assert_ok(view_last(scene.store, NULL, &arena, &last));
	assert_int_equal(last.n, 0);

	/* run 8 arrives before run 7; its second record has no adapter */
	static const int64_t runs[] = { 8, 7, 8 };
	char *ids[3];
	for (int i = 0; i < 3; i++) {
		struct record record;
		scene_record(&record);
		record.run_n = runs[i];
		if (i == 2) {
			record.environment.kind = ENVIRONMENT_LINUX;
			record.combination.adapter = (struct adapter){ .index = -1 };
		}
		struct machine_key machine = scene_key(1);
		record_sign(&record, &machine);
		ids[i] = xstrdup(record.id);
		scene_take(&scene, &record);
		record_deinit(&record);
	}
	struct record report;
	scene_report(&report, "a");
	scene_add(&scene, &report, 0);
	assert_ok(view_last(scene.store, key[0], &arena, &last));
	assert_int_equal(last.n, 2);
	assert_string_equal(last.string[0], ids[0]);
	assert_string_equal(last.string[1], ids[2]);
	assert_ok(view_last(scene.store, NULL, &arena, &last));
	assert_int_equal(last.n, 1);
	assert_string_equal(last.string[0], ids[2]);
	assert_ok(view_last(scene.store, key[1], &arena, &last));
	assert_int_equal(last.n, 0);
	for (int i = 0; i < 3; i++)
		free(ids[i]);
}

static struct error *count_one(void *context, const char *id, const char *bytes,
			       size_t size)
{
	int *n = context;
	assert_int_equal(strncmp(id, "sha256:", 7), 0);
	assert_int_equal(bytes[0], '{');
	assert_int_equal(bytes[size - 1], '}');
	return ++*n == 3 ? error_create("enough") : NULL;
}

static void test_each_record_until_an_error(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	int n = 0;
	assert_ok(view_each_record(scene.store, count_one, &n));
	assert_int_equal(n, 0);
	fill(&scene);
	assert_error(view_each_record(scene.store, count_one, &n), "enough");
	assert_int_equal(n, 3);
}

static void test_page_of_a_record(void **state)
{
	(void)state;
	cleanup_record struct record record;
	scene_record(&record);
	cleanup_free char *by_id = view_gpu_address(&record);
	assert_string_equal(by_id, "8086-7d51");
	record.combination.adapter.pci = NULL;
	record.combination.adapter.name = "Intel Arc 140T";
	cleanup_free char *by_name = view_gpu_address(&record);
	assert_string_equal(by_name, "8086-7d51");
	record.environment.kind = ENVIRONMENT_LINUX;
	assert_null(view_gpu_address(&record));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_gpus_most_measured_first),
		cmocka_unit_test(test_reports_of_a_gpu_author_by_author),
		cmocka_unit_test(test_grid_is_driver_by_wsl),
		cmocka_unit_test(test_records_of_a_combination),
		cmocka_unit_test(test_addresses_are_of_pages_that_can_be_made),
		cmocka_unit_test(test_a_record_is_found_by_the_beginning_of_its_id),
		cmocka_unit_test(test_two_records_of_one_beginning_are_not_confused),
		cmocka_unit_test(test_last_is_the_newest_run_of_this_machine),
		cmocka_unit_test(test_each_record_until_an_error),
		cmocka_unit_test(test_page_of_a_record),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
