#include "matrix/store.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/matrix/scene.h"

static void execute(const char *path, const char *sql)
{
	sqlite3 *database = NULL;
	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(database);
}

static void test_store_is_made_with_its_folder(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	cleanup_free char *path = xasprintf("%s/a/b/c.db", scene.folder);
	for (int i = 0; i < 2; i++) {
		cleanup_store struct store *store = NULL;
		assert_ok(store_open(path, STORE_WRITE, &store));
		assert_string_equal(store_path(store), path);
		assert_rows(store, "PRAGMA journal_mode", "wal\n");
		assert_rows(store, "PRAGMA application_id", "1146636109\n");
		assert_rows(store, "PRAGMA foreign_keys", "1\n");
		assert_rows(store, "PRAGMA trusted_schema", "0\n");
	}
}

static void test_default_store_lies_in_the_data_folder(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	setenv("XDG_DATA_HOME", scene.folder, 1);
	cleanup_store struct store *store = NULL;
	assert_ok(store_open(NULL, STORE_WRITE, &store));
	cleanup_free char *path = xasprintf("%s/dxgmatrix/matrix.db", scene.folder);
	assert_string_equal(store_path(store), path);
}

static void test_what_is_not_ours_is_refused_and_left_alone(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct store *store = NULL;
	cleanup_free char *text = xasprintf("%s/text", scene.folder);
	assert_ok(file_write(text, "not a database, not at all\n", 27, 0600, false));
	assert_error(store_open(text, STORE_WRITE, &store), "not a database");
	cleanup_free char *after = NULL;
	assert_ok(file_read(text, 100, &after, NULL));
	assert_string_equal(after, "not a database, not at all\n");

	cleanup_free char *other = xasprintf("%s/other.db", scene.folder);
	execute(other, "CREATE TABLE cookies (a)");
	assert_error(store_open(other, STORE_WRITE, &store), "another program");
	execute(other, "PRAGMA application_id = 7; DROP TABLE cookies");
	assert_error(store_open(other, STORE_WRITE, &store), "another program");

	assert_error(store_open(scene.folder, STORE_WRITE, &store), "not a file");
	execute(scene.path, "PRAGMA user_version = 99");
	assert_error(store_open(scene.path, STORE_WRITE, &store), "newer dxgmatrix");
	assert_error(store_open(scene.path, STORE_READ, &store), "newer dxgmatrix");
}

static void test_reading_makes_no_store(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct store *store = NULL;
	cleanup_free char *path = xasprintf("%s/none.db", scene.folder);
	assert_error(store_open(path, STORE_READ, &store), "No such file");
	assert_int_equal(access(path, F_OK), -1);
	assert_ok(file_write(path, "", 0, 0600, false));
	assert_error(store_open(path, STORE_READ, &store), "empty");
}

/* Opens it as somebody who may not write where it lies. */
static int read_as_nobody(const char *path)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
			_exit(2);
		struct store *store = NULL;
		cleanup_error struct error *err = store_open(path, STORE_READ, &store);
		if (err)
			fprintf(stderr, "%s\n", err->message);
		else
			store_close(store);
		exit(err ? 1 : 0); /* not _exit: what it leaks is told */
	}
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_a_store_is_read_where_nothing_can_be_written(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	/* with what would end the path of an URI */
	cleanup_free char *folder = xasprintf("%s/a?b#c%%20", scene.folder);
	cleanup_free char *path = xasprintf("%s/m.db", folder);
	struct store *store = NULL;
	assert_ok(store_open(path, STORE_WRITE, &store));
	assert_ok(ingest_rebuild(store));
	store_close(store);
	assert_int_equal(chmod(scene.folder, 0755), 0);
	assert_int_equal(chmod(path, 0444), 0);
	assert_int_equal(chmod(folder, 0555), 0);
	assert_int_equal(read_as_nobody(path), 0);
	assert_int_equal(chmod(folder, 0755), 0);
}

static void test_verdicts_of_other_rules_are_not_shown(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	assert_ok(ingest_rebuild(scene.store));
	struct store *store = NULL;
	assert_ok(store_open(scene.path, STORE_READ, &store));
	store_close(store);
	execute(scene.path, "UPDATE d_rules SET stamp = '0-old'");
	assert_error(store_open(scene.path, STORE_READ, &store), "other rules");
	assert_ok(ingest_rebuild(scene.store));
	assert_ok(store_open(scene.path, STORE_READ, &store));
	store_close(store);
}

static void test_facts_are_never_changed(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct record record;
	scene_record(&record);
	scene_add(&scene, &record, 1);
	static const char *const attempts[] = {
		"UPDATE record SET bytes = x'00'",
		"DELETE FROM record",
		"UPDATE admission SET submitter = 'me'",
		"DELETE FROM admission",
	};
	for_each_row(attempt, attempts)
		assert_error(store_execute(scene.store, *attempt), "facts are not");
	assert_rows(scene.store, "SELECT count(*) FROM record", "1\n");
}

static void test_every_table_and_column_is_explained(void **state)
{
	(void)state;
	cleanup_free char *path = source_path("matrix/sql/schema.sql");
	cleanup_free char *sql = NULL;
	assert_ok(file_read(path, 1 << 20, &sql, NULL));
	int tables = 0;
	for (char *at = sql; (at = strstr(at, "\nCREATE TABLE ")); at++) {
		/* The line before each begins with a comment. */
		char *line = at;
		while (line > sql && line[-1] != '\n')
			line--;
		assert_int_equal(strncmp(line, "--", 2), 0);
		tables++;
	}
	assert_true(tables > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_store_is_made_with_its_folder),
		cmocka_unit_test(test_default_store_lies_in_the_data_folder),
		cmocka_unit_test(test_what_is_not_ours_is_refused_and_left_alone),
		cmocka_unit_test(test_reading_makes_no_store),
		cmocka_unit_test(test_a_store_is_read_where_nothing_can_be_written),
		cmocka_unit_test(test_verdicts_of_other_rules_are_not_shown),
		cmocka_unit_test(test_facts_are_never_changed),
		cmocka_unit_test(test_every_table_and_column_is_explained),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
