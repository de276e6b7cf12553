/*
 * store.h: the matrix's SQLite file: opened, checked, migrated.
 *
 * Facts (records, admissions) are append-only, triggers see to it; derived tables (d_*)
 * are made from the facts alone and can be made anew at any time. sql/schema.sql explains
 * every table and column. No SQL outside matrix/.
 */
#pragma once

#include <stdbool.h>

#include "util/error.h"

struct store;

/* "DXGM": PRAGMA application_id of our files. */
#define STORE_APPLICATION_ID 0x4458474d

enum store_mode {
	STORE_WRITE, /* made with its folder where missing; migrated */
	STORE_READ,  /* must be there, its verdicts by this program's rules */
	STORE_FACTS, /* must be there; only its facts are read, to merge them */
};

/*
 * Opens the store at a path.
 * Expected failures: no such file (STORE_READ), not a database, another program's
 * database, made by a newer version of this one.
 * @param path  NULL: the default, $XDG_DATA_HOME/dxgmatrix/matrix.db
 * @param ret   the caller's to store_close
 */
struct error *store_open(const char *path, enum store_mode mode,
			 struct store **ret) must_check;
void store_close(struct store *store);
const char *store_path(const struct store *store);

DEFINE_CLEANUP(cleanup_store_p, struct store *, store_close)
#define cleanup_store cleanup_with(cleanup_store_p)

/* What other files of matrix/ need: the connection, a kept statement (NULL where it
 * cannot be prepared: its error is the connection's), the connection's last error. */
struct sqlite3;
struct sqlite3_stmt;
struct sqlite3 *store_database(struct store *store);
struct sqlite3_stmt *store_statement(struct store *store, int query);
struct error *store_error(struct store *store, const char *doing) must_check;

/* Runs SQL of our own without results: one-liners that need no file. */
struct error *store_execute(struct store *store, const char *sql) must_check;

/* One transaction; the write lock is taken at once. */
struct error *store_begin(struct store *store) must_check;
struct error *store_commit(struct store *store) must_check;
/* Does nothing outside a transaction. */
void store_rollback(struct store *store);
/* SQLite ends a transaction by itself when, for one, the disk is full. */
bool store_in_transaction(struct store *store);
