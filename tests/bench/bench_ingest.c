/*
 * bench_ingest [RECORDS]: what ingest costs, beside bare prepared inserts of the same rows
 * into the same tables in the same order, in one transaction.
 *
 * Reading a document (parsing, canonical form, hash, signature) is measured apart, and so
 * is deriving the verdicts. Budget: rows enter at least half as fast as bare.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <sodium.h>
#include <sqlite3.h>

#include "matrix/ingest.h"
#include "matrix/store.h"
#include "record/key.h"
#include "record/record.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/file.h"
#include "util/strbuf.h"

struct document {
	char *bytes;
	size_t size;
};

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void check(struct error *err)
{
	if (!err)
		return;
	fprintf(stderr, "bench_ingest: %s\n", err->message);
	exit(1);
}

/* ---- documents ---- */

static void add_climb(struct record *record, const char *interface, enum role role,
		      enum rung last)
{
	struct result *result =
		arena_push(&record->arena, record->results, record->n_results);
	*result = (struct result){ .interface = interface, .role = role };
	for (int rung = 0; rung <= (int)last; rung++)
		*arena_push(&record->arena, result->rungs, result->n_rungs) =
			(struct rung_result){ .rung = (enum rung)rung, .ms = 10 + rung };
}

/* Record i of machine i / 4, on one of 40 GPUs, with one of 60 drivers. */
static struct document make_document(int i)
{
	unsigned char seed[crypto_sign_SEEDBYTES] = { 0 };
	int machine = i / 4;
	struct machine_key key;
	memcpy(seed, &machine, sizeof(machine));
	crypto_sign_seed_keypair(key.public_key, key.secret_key, seed);
	struct record record;
	record_init(&record);
	record.source.tool = "dxgmatrix 0.1.0";
	record.source.trigger = "manual";
	record.time =
		arena_printf(&record.arena, "2026-%02d-%02d", 1 + i % 10, 1 + i % 28);
	record.run_n = 1 + i % 4;
	record.environment.kind = ENVIRONMENT_WSL2;
	record.combination = (struct combination){
		.adapter = { .present = true,
			     .pci = arena_printf(&record.arena, "8086:%04x",
						 0x7d00 + machine % 40),
			     .name = "Intel Graphics",
			     .class = "gpu",
			     .index = 0 },
		.driver = arena_printf(&record.arena, "32.0.101.%d", 6000 + machine % 60),
		.wsl = i % 2 ? "2.7.9.0" : "2.7.14.0",
		.kernel = "6.18.33.2-microsoft-standard-WSL2",
		.windows = "10.0.26100.9168",
	};
	add_climb(&record, "dxg", ROLE_ADAPTER, RUNG_FENCE);
	add_climb(&record, "opencl", ROLE_ADAPTER, RUNG_LAUNCH);
	add_climb(&record, "opencl", ROLE_CONTROL, RUNG_LAUNCH);
	add_climb(&record, "vulkan", ROLE_ADAPTER, RUNG_LAUNCH);
	add_climb(&record, "vulkan", ROLE_CONTROL, RUNG_LAUNCH);
	record_sign(&record, &key);
	struct document document = { take_ptr(record.bytes), record.size };
	record_deinit(&record);
	return document;
}

static double time_reading(const struct document *documents, struct record *records,
			   int n)
{
	double start = now();
	for (int i = 0; i < n; i++)
		check(record_read(documents[i].bytes, documents[i].size, "2026-11-20",
				  &records[i]));
	return now() - start;
}

/* @param ret_derive  the part spent at the end, on verdicts */
static double time_ingest(const struct record *records, int n, const char *path,
			  double *ret_derive)
{
	static const struct admission by_file = { .road = "file" };
	struct store *store = NULL;
	struct ingest *ingest = NULL;
	enum ingested ingested;
	check(store_open(path, STORE_WRITE, &store));
	double start = now();
	check(ingest_begin(store, &ingest));
	for (int i = 0; i < n; i++)
		check(ingest_record(ingest, &records[i], &by_file, &ingested));
	double taken = now();
	check(ingest_end(ingest));
	double end = now();
	*ret_derive = end - taken;
	store_close(store);
	return end - start;
}

/* ---- the same rows, bare ---- */

/* Facts and what each record says, in the order of arrival; verdicts as they were
 * written, GPU by GPU. */
static const struct {
	const char *table, *select;
} tables[] = {
	{ "record", "SELECT * FROM record ORDER BY n" },
	{ "admission", "SELECT * FROM admission ORDER BY record" },
	{ "d_record", "SELECT d.* FROM record f JOIN d_record d ON d.id = f.id "
		      "ORDER BY f.n" },
	{ "d_result", "SELECT d.* FROM record f JOIN d_result d ON d.record = f.id "
		      "ORDER BY f.n" },
	{ "d_machine", "SELECT * FROM d_machine" },
	{ "d_scope", "SELECT * FROM d_scope" },
	{ "d_interface", "SELECT * FROM d_interface" },
	{ "d_rung", "SELECT * FROM d_rung" },
};

struct rows {
	int columns;
	size_t n;
	sqlite3_value **values; /* columns × n */
};

static struct rows load_rows(sqlite3 *database, const char *select)
{
	sqlite3_stmt *stmt = NULL;
	struct rows rows = { 0 };
	size_t capacity = 0;
	sqlite3_prepare_v2(database, select, -1, &stmt, NULL);
	rows.columns = sqlite3_column_count(stmt);
	size_t columns = (size_t)rows.columns;
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		if (rows.n == capacity) {
			capacity = capacity ? 2 * capacity : 1024;
			rows.values = xreallocarray(rows.values, capacity * columns,
						    sizeof(*rows.values));
		}
		for (size_t i = 0; i < columns; i++)
			rows.values[rows.n * columns + i] =
				sqlite3_value_dup(sqlite3_column_value(stmt, (int)i));
		rows.n++;
	}
	sqlite3_finalize(stmt);
	return rows;
}

static sqlite3_stmt *prepare_insert(sqlite3 *database, const char *table, int columns)
{
	cleanup_strbuf struct strbuf sql;
	strbuf_init(&sql);
	strbuf_printf(&sql, "INSERT INTO %s VALUES (?", table);
	for (int i = 1; i < columns; i++)
		strbuf_add_string(&sql, ", ?");
	strbuf_add_char(&sql, ')');
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(database, sql.string, -1, &stmt, NULL) != SQLITE_OK)
		check(error_create("%s", sqlite3_errmsg(database)));
	return stmt;
}

static void insert_rows(sqlite3 *database, const char *table, const struct rows *rows)
{
	sqlite3_stmt *stmt = prepare_insert(database, table, rows->columns);
	size_t columns = (size_t)rows->columns;
	for (size_t i = 0; i < rows->n; i++) {
		for (size_t j = 0; j < columns; j++)
			sqlite3_bind_value(stmt, (int)j + 1,
					   rows->values[i * columns + j]);
		if (sqlite3_step(stmt) != SQLITE_DONE)
			check(error_create("%s", sqlite3_errmsg(database)));
		sqlite3_reset(stmt);
	}
	sqlite3_finalize(stmt);
}

static double time_bare(const char *from, const char *path, size_t *ret_rows)
{
	struct store *source = NULL, *target = NULL;
	struct rows rows[ARRAY_SIZE(tables)];
	check(store_open(from, STORE_READ, &source));
	check(store_open(path, STORE_WRITE, &target));
	*ret_rows = 0;
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		rows[i] = load_rows(store_database(source), tables[i].select);
		*ret_rows += rows[i].n;
	}
	double start = now();
	check(store_begin(target));
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		insert_rows(store_database(target), tables[i].table, &rows[i]);
	check(store_commit(target));
	double end = now();
	store_close(source);
	store_close(target);
	return end - start; /* the rows end with the process */
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 20000;
	cleanup_free char *folder = NULL;
	check(file_temporary_folder("dxgmatrix-bench", &folder));
	cleanup_free char *path = xasprintf("%s/matrix.db", folder);
	cleanup_free char *bare_path = xasprintf("%s/bare.db", folder);
	if (n < 1 || sodium_init() < 0)
		return 2;
	struct document *documents = xcalloc((size_t)n, sizeof(*documents));
	struct record *records = xcalloc((size_t)n, sizeof(*records));
	double bytes = 0;
	for (int i = 0; i < n; i++) {
		documents[i] = make_document(i);
		bytes += (double)documents[i].size;
	}
	double derive = 0;
	size_t rows = 0;
	double reading = time_reading(documents, records, n);
	double ingest = time_ingest(records, n, path, &derive);
	double bare = time_bare(path, bare_path, &rows);
	double storing = ingest - derive;
	printf("%d records, %.1f MB, %zu rows\n", n, bytes / 1e6, rows);
	printf("reading      %7.2f s   %.0f records/s\n", reading, n / reading);
	printf("storing      %7.2f s   %.0f records/s\n", storing, n / storing);
	printf("deriving     %7.2f s   of these records' verdicts\n", derive);
	printf("bare inserts %7.2f s\n", bare);
	printf("ratio        %7.2f     bare / storing; with deriving %.2f; budget 0.50\n",
	       bare / storing, bare / (storing + derive));
	for (int i = 0; i < n; i++) {
		free(documents[i].bytes);
		record_deinit(&records[i]);
	}
	free(documents);
	free(records);
	check(file_remove_tree(folder));
	return 0;
}
