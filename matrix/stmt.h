/*
 * stmt.h: one use of an SQL statement: bind by name, step, fetch columns by name.
 *
 * Statements are the files of sql/, prepared once per store and kept. A failure to
 * prepare or bind is kept too and comes out of the next step, so that a use reads as
 *
 *	cleanup_stmt struct stmt stmt;
 *	stmt_open(&stmt, store, QUERY_GPU);
 *	stmt_bind_text(&stmt, "gpu", address);
 *	while (!(err = stmt_step(&stmt, &row)) && row)
 *		… stmt_text(&stmt, "name") …
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "embed/matrix_query.h"
#include "matrix/store.h"
#include "util/error.h"

struct stmt {
	struct store *store;
	enum query query;
	struct sqlite3_stmt *handle;
	bool done; /* ran to its end since the last bind */
};

/* A statement that is open must not be opened a second time. */
void stmt_open(struct stmt *stmt, struct store *store, enum query query);
/* Makes it ready for the next use. */
void stmt_close(struct stmt *stmt);
#define cleanup_stmt cleanup_with(stmt_close)

/* Name without its colon; must stand in the statement. NULL is SQL's NULL. The text or
 * bytes must live until the next step or bind after a step. */
void stmt_bind_text(struct stmt *stmt, const char *name, const char *text);
void stmt_bind_int(struct stmt *stmt, const char *name, int64_t value);
void stmt_bind_blob(struct stmt *stmt, const char *name, const void *bytes, size_t size);

/* @param ret_row  whether there is a row; false at the end */
struct error *stmt_step(struct stmt *stmt, bool *ret_row) must_check;
/* Runs it to the end, then it can be bound anew. */
struct error *stmt_run(struct stmt *stmt) must_check;

/* The column must be one of the statement's. Text and bytes are valid until the next
 * step. */
const char *stmt_text(struct stmt *stmt, const char *column);
/* @return the integer, or `unknown` for NULL. */
int64_t stmt_int(struct stmt *stmt, const char *column, int64_t unknown);
const void *stmt_blob(struct stmt *stmt, const char *column, size_t *ret_size);
