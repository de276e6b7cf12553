#include "matrix/stmt.h"

#include <ctype.h>

#include "matrix/extract.h"
#include "tests/matrix/scene.h"

static void test_every_query_fits_the_schema(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	assert_ok(extract_begin(scene.store));
	for (int i = 0; i < QUERY_COUNT; i++) {
		struct stmt stmt;
		stmt_open(&stmt, scene.store, (enum query)i);
		if (!stmt.handle)
			fail_msg("%s: %s", queries[i].name,
				 sqlite3_errmsg(store_database(scene.store)));
		stmt_close(&stmt);
	}
}

static bool is_word_end(char c)
{
	return !isalnum((unsigned char)c) && c != '_';
}

/* @return whether text up to end holds the word. */
static bool names(const char *text, const char *end, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = text; (at = strstr(at, word)) && at < end; at++)
		if ((at == text || is_word_end(at[-1])) && is_word_end(at[length]))
			return true;
	return false;
}

static void test_every_query_is_headed_by_its_parameters(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	assert_ok(extract_begin(scene.store));
	for (int i = 0; i < QUERY_COUNT; i++) {
		const char *sql = queries[i].bytes;
		assert_int_equal(strncmp(sql, "-- ", 3), 0);
		const char *end = sql;
		while (!strncmp(end, "--", 2))
			end = strchr(end, '\n') + 1;
		/* Rows of tables are explained in schema.sql. */
		if (names(sql, end, "schema"))
			continue;
		struct stmt stmt;
		stmt_open(&stmt, scene.store, (enum query)i);
		for (int p = 1; p <= sqlite3_bind_parameter_count(stmt.handle); p++) {
			const char *name = sqlite3_bind_parameter_name(stmt.handle, p);
			if (!names(sql, end, name + 1))
				fail_msg("%s: %s is not explained", queries[i].name,
					 name);
		}
		stmt_close(&stmt);
	}
}

/* A store holds a million records, and one hostile record names thousands of interfaces:
 * what is asked once per interface must not walk all records of the GPU. */
static void test_results_lead_to_their_records_by_key(void **state)
{
	(void)state;
	static const enum query rows[] = { QUERY_VOTES_ON_INTERFACE,
					   QUERY_CLAIMS_ON_INTERFACE, QUERY_VIEW_CLAIMS };
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	for_each_row(row, rows) {
		cleanup_free char *sql =
			xasprintf("EXPLAIN QUERY PLAN %s", queries[*row].bytes);
		cleanup_free char *plan = scene_sql(scene.store, sql);
		const char *record = strstr(plan, "SEARCH r USING ");
		if (!record || !strstr(record, "id=?") || strstr(plan, "SCAN"))
			fail_msg("%s: %s", queries[*row].name, plan);
	}
}

static void test_values_are_bound_and_fetched_by_name(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct stmt stmt;
	bool row = false;
	stmt_open(&stmt, scene.store, QUERY_ADD_RECORD);
	stmt_bind_text(&stmt, "id", "sha256:'; DROP TABLE record; --");
	stmt_bind_blob(&stmt, "bytes", "a\0b", 3);
	assert_ok(stmt_run(&stmt));
	stmt_close(&stmt);

	size_t size = 0;
	stmt_open(&stmt, scene.store, QUERY_EACH_RECORD);
	assert_ok(stmt_step(&stmt, &row));
	assert_true(row);
	assert_int_equal(stmt_int(&stmt, "n", -1), 1);
	assert_string_equal(stmt_text(&stmt, "id"), "sha256:'; DROP TABLE record; --");
	assert_memory_equal(stmt_blob(&stmt, "bytes", &size), "a\0b", 3);
	assert_int_equal(size, 3);
	assert_ok(stmt_step(&stmt, &row));
	assert_false(row);
	stmt_close(&stmt);

	stmt_open(&stmt, scene.store, QUERY_VIEW_COUNTS);
	assert_ok(stmt_step(&stmt, &row));
	assert_null(stmt_text(&stmt, "today"));
	assert_int_equal(stmt_int(&stmt, "today", -7), -7);
	stmt_close(&stmt);
}

static void test_a_failure_names_the_file_of_the_statement(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct stmt stmt;
	stmt_open(&stmt, scene.store, QUERY_ADD_RECORD);
	stmt_bind_text(&stmt, "id", NULL);
	stmt_bind_blob(&stmt, "bytes", "", 0);
	assert_error(stmt_run(&stmt), "add_record.sql");
	stmt_close(&stmt);
	/* A statement that cannot be prepared: its table is temporary and not there. */
	stmt_open(&stmt, scene.store, QUERY_TOUCHED);
	assert_error(stmt_run(&stmt), "touched.sql");
	stmt_close(&stmt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_query_fits_the_schema),
		cmocka_unit_test(test_every_query_is_headed_by_its_parameters),
		cmocka_unit_test(test_results_lead_to_their_records_by_key),
		cmocka_unit_test(test_values_are_bound_and_fetched_by_name),
		cmocka_unit_test(test_a_failure_names_the_file_of_the_statement),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
