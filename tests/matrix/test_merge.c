#include "matrix/merge.h"

#include <unistd.h>

#include "tests/matrix/scene.h"

struct heard {
	int n;
	char *last; /* id, road, submitter of the last one */
};

static void hear(void *context, const char *id, const char *bytes, size_t size,
		 const struct admission *admission)
{
	struct heard *heard = context;
	(void)bytes;
	assert_true(size > 0);
	heard->n++;
	free(heard->last);
	heard->last = xasprintf("%.13s %s %s", id, admission->road,
				admission->submitter ? admission->submitter : "-");
}

static void test_every_admission_of_every_record_is_heard(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct record record;
	scene_record(&record);
	struct machine_key key = scene_key(1);
	record_sign(&record, &key);
	scene_take(&scene, &record);
	const struct admission by_git = { "git", "somebody" };
	assert_ok(ingest_one(scene.store, record.bytes, record.size, &by_git));
	struct heard heard = { 0 };
	assert_true(merge_is_store(scene.path));
	assert_ok(merge_each(scene.path, hear, &heard));
	assert_int_equal(heard.n, 2);
	cleanup_free char *expected = xasprintf("%.13s git somebody", record.id);
	assert_string_equal(heard.last, expected);
	free(heard.last);
	record_deinit(&record);
}

static void test_a_record_without_an_admission_is_heard_too(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct record record;
	scene_record(&record);
	scene_add(&scene, &record, 1);
	assert_ok(store_execute(scene.store, "DROP TRIGGER admission_remains; "
					     "DELETE FROM admission"));
	struct heard heard = { 0 };
	assert_ok(merge_each(scene.path, hear, &heard));
	assert_int_equal(heard.n, 1);
	assert_non_null(strstr(heard.last, " merge "));
	free(heard.last);
}

static void check_refused(const char *folder, const char *sql, const char *sentence)
{
	cleanup_free char *path = xasprintf("%s/other.db", folder);
	unlink(path);
	sqlite3 *database = NULL;
	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(database);
	struct heard heard = { 0 };
	assert_error(merge_each(path, hear, &heard), sentence);
	assert_int_equal(heard.n, 0);
}

#define OURS "PRAGMA application_id = 1146636109; PRAGMA user_version = 1;"

static void test_a_file_that_only_looks_like_a_store_is_refused(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	check_refused(scene.folder, "CREATE TABLE t (a)", "another program");
	check_refused(scene.folder, OURS "CREATE TABLE t (a)", "no such table");
	/* nothing in its schema is run */
	check_refused(scene.folder,
		      OURS
		      "CREATE VIEW record AS SELECT 1 AS n, 'x' AS id, x'00' AS bytes;"
		      "CREATE VIEW admission AS SELECT 1 AS record, 'r' AS road, "
		      "'' AS submitter",
		      "each_record.sql");
	/* a row that no record could be */
	check_refused(scene.folder,
		      OURS "CREATE TABLE record (n, id, bytes);"
			   "CREATE TABLE admission (record, road, submitter);"
			   "INSERT INTO record VALUES (1, 'x', zeroblob(50000000))",
		      "each_record.sql");
}

static void test_a_store_cut_short_is_an_error_not_a_crash(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	for (int machine = 1; machine < 40; machine++) {
		struct record record;
		scene_record(&record);
		scene_climb(&record, "dxg", ROLE_ADAPTER, SCENE_DOOR);
		scene_add(&scene, &record, machine);
	}
	assert_ok(store_execute(scene.store, "PRAGMA wal_checkpoint(TRUNCATE)"));
	cleanup_free char *bytes = NULL;
	size_t size = 0;
	assert_ok(file_read(scene.path, 1 << 24, &bytes, &size));
	cleanup_free char *path = xasprintf("%s/cut.db", scene.folder);
	for (size_t cut = size / 8; cut < size; cut += size / 8) {
		struct heard heard = { 0 };
		assert_ok(file_write(path, bytes, cut, 0600, false));
		cleanup_error struct error *err = merge_each(path, hear, &heard);
		assert_true(err || heard.n <= 39);
		free(heard.last);
	}
	assert_false(merge_is_store("/nonexistent"));
	assert_ok(file_write(path, "SQLite format", 13, 0600, false));
	assert_false(merge_is_store(path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_admission_of_every_record_is_heard),
		cmocka_unit_test(test_a_record_without_an_admission_is_heard_too),
		cmocka_unit_test(test_a_file_that_only_looks_like_a_store_is_refused),
		cmocka_unit_test(test_a_store_cut_short_is_an_error_not_a_crash),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
