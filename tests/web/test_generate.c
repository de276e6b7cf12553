#include "web/generate.h"

#include <jansson.h>
#include <unistd.h>

#include "tests/matrix/scene.h"
#include "tests/web/fixtures.h"

#define MAX (1024 * 1024)

static void add(struct scene *scene, struct record *record, int machine)
{
	static const struct admission admission = { .road = "file" };
	if (machine) {
		const struct machine_key key = scene_key(machine);
		record_sign(record, &key);
	}
	assert_ok(ingest_one(scene->store, record->bytes, record->size, &admission));
}

static void add_fixtures(struct scene *scene)
{
	struct record record;
	struct answer answer;
	fixture_record_harvested(&record, &answer);
	add(scene, &record, 0);
	arena_deinit(&answer.arena);
	record_deinit(&record);
	for (int machine = 1; machine <= 2; machine++) {
		fixture_record_measured(&record, &answer);
		add(scene, &record, machine);
		arena_deinit(&answer.arena);
		record_deinit(&record);
	}
}

static struct folder_counts write_site(struct scene *scene, const char *name)
{
	cleanup_free char *path = xasprintf("%s/%s", scene->folder, name);
	struct folder_counts counts;
	assert_ok(generate(scene->store, path, &counts));
	return counts;
}

static char *read_page(struct scene *scene, const char *path)
{
	cleanup_free char *full = xasprintf("%s/%s", scene->folder, path);
	char *bytes = NULL;
	assert_ok(file_read(full, MAX, &bytes, NULL));
	return bytes;
}

static void test_empty_store_has_a_site(void **state)
{
	(void)state;
	cleanup_scene struct scene scene;
	scene_open(&scene);
	write_site(&scene, "site");
	cleanup_free char *front = read_page(&scene, "site/index.html");
	assert_non_null(strstr(front, "0 machines measured so far."));
}

static void test_same_facts_write_nothing(void **state)
{
	(void)state;
	cleanup_scene struct scene scene;
	scene_open(&scene);
	add_fixtures(&scene);
	struct folder_counts first = write_site(&scene, "site");
	struct folder_counts second = write_site(&scene, "site");
	assert_int_equal(first.written, first.files);
	assert_int_equal(second.files, first.files);
	assert_int_equal(second.written + second.deleted, 0);
}

static void test_new_fact_leaves_other_pages(void **state)
{
	(void)state;
	cleanup_scene struct scene scene;
	scene_open(&scene);
	add_fixtures(&scene);
	write_site(&scene, "site");
	struct record record;
	scene_record(&record);
	record.combination.adapter.pci = "8086:46b3";
	add(&scene, &record, 3);
	record_deinit(&record);
	struct folder_counts counts = write_site(&scene, "site");
	/* front, list and its JSON, data; GPU and its JSON, set-up, record and its JSON */
	assert_int_equal(counts.written, 9);
	assert_int_equal(counts.deleted, 0);
}

static void test_fewer_facts_delete_pages(void **state)
{
	(void)state;
	cleanup_scene struct scene full, empty;
	scene_open(&full);
	scene_open(&empty);
	add_fixtures(&full);
	write_site(&full, "site");
	cleanup_free char *path = xasprintf("%s/site", full.folder);
	struct folder_counts counts;
	assert_ok(generate(empty.store, path, &counts));
	assert_true(counts.deleted > 0);
	cleanup_free char *gpu = xasprintf("%s/gpu/8086-7d51", path);
	assert_int_not_equal(access(gpu, F_OK), 0);
}

static void test_measured_facts_reach_the_pages(void **state)
{
	(void)state;
	cleanup_scene struct scene scene;
	scene_open(&scene);
	add_fixtures(&scene);
	write_site(&scene, "site");
	cleanup_free char *front = read_page(&scene, "site/index.html");
	assert_non_null(strstr(front, "2 machines measured. 1 public report read."));
	assert_non_null(strstr(front, "gpu/8086-7d51/index.html"));
	cleanup_free char *gpu = read_page(&scene, "site/gpu/8086-7d51/index.html");
	assert_non_null(strstr(gpu, "NO: fails through OpenCL."));
	assert_non_null(strstr(gpu, "2.6.3.0"));
}

static void test_record_lies_beside_its_page_byte_for_byte(void **state)
{
	(void)state;
	cleanup_scene struct scene scene;
	scene_open(&scene);
	struct record record;
	scene_record(&record);
	add(&scene, &record, 1);
	write_site(&scene, "site");
	cleanup_free char *path =
		xasprintf("site/record/%.12s/record.json", record.id + strlen("sha256:"));
	cleanup_free char *bytes = read_page(&scene, path);
	assert_string_equal(bytes, record.bytes);
	record_deinit(&record);
}

static void test_json_is_json(void **state)
{
	static const char *const paths[] = { "site/gpu/index.json",
					     "site/gpu/8086-7d51/data.json" };
	(void)state;
	cleanup_scene struct scene scene;
	scene_open(&scene);
	add_fixtures(&scene);
	write_site(&scene, "site");
	for_each_row(path, paths) {
		cleanup_free char *bytes = read_page(&scene, *path);
		json_t *value = json_loads(bytes, JSON_REJECT_DUPLICATES, NULL);
		assert_non_null(value);
		assert_non_null(json_object_get(value, "schema"));
		json_decref(value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_store_has_a_site),
		cmocka_unit_test(test_same_facts_write_nothing),
		cmocka_unit_test(test_new_fact_leaves_other_pages),
		cmocka_unit_test(test_fewer_facts_delete_pages),
		cmocka_unit_test(test_measured_facts_reach_the_pages),
		cmocka_unit_test(test_record_lies_beside_its_page_byte_for_byte),
		cmocka_unit_test(test_json_is_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
