#include "matrix/stmt.h"

#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

void stmt_open(struct stmt *stmt, struct store *store, enum query query)
{
	*stmt = (struct stmt){ .store = store, .query = query };
	stmt->handle = store_statement(store, query);
	if (stmt->handle && sqlite3_stmt_busy(stmt->handle))
		abort(); /* opened twice: the first use would lose its place */
}

void stmt_close(struct stmt *stmt)
{
	if (!stmt->handle)
		return;
	sqlite3_reset(stmt->handle);
	sqlite3_clear_bindings(stmt->handle);
	stmt->handle = NULL;
}

/* @return the place of a parameter, ready to be bound; 0 where it could not be prepared. */
static int parameter(struct stmt *stmt, const char *name)
{
	char full[64] = ":";
	strncat(full, name, sizeof(full) - 2);
	if (!stmt->handle)
		return 0;
	if (stmt->done)
		sqlite3_reset(stmt->handle);
	stmt->done = false;
	int place = sqlite3_bind_parameter_index(stmt->handle, full);
	if (!place)
		abort(); /* no such name in the file: a fault of ours */
	return place;
}

void stmt_bind_text(struct stmt *stmt, const char *name, const char *text)
{
	int place = parameter(stmt, name);
	if (place)
		sqlite3_bind_text(stmt->handle, place, text, -1, SQLITE_STATIC);
}

void stmt_bind_int(struct stmt *stmt, const char *name, int64_t value)
{
	int place = parameter(stmt, name);
	if (place)
		sqlite3_bind_int64(stmt->handle, place, value);
}

void stmt_bind_blob(struct stmt *stmt, const char *name, const void *bytes, size_t size)
{
	int place = parameter(stmt, name);
	if (place)
		sqlite3_bind_blob64(stmt->handle, place, bytes, size, SQLITE_STATIC);
}

struct error *stmt_step(struct stmt *stmt, bool *ret_row)
{
	int rc = stmt->handle ? sqlite3_step(stmt->handle) : SQLITE_ERROR;
	if (rc == SQLITE_ROW || rc == SQLITE_DONE) {
		stmt->done = rc == SQLITE_DONE;
		*ret_row = rc == SQLITE_ROW;
		return NULL;
	}
	struct error *err = store_error(stmt->store, queries[stmt->query].name);
	if (stmt->handle)
		sqlite3_reset(stmt->handle);
	return err;
}

struct error *stmt_run(struct stmt *stmt)
{
	bool row = true;
	struct error *err = NULL;
	while (!err && row)
		err = stmt_step(stmt, &row);
	if (!err)
		sqlite3_reset(stmt->handle);
	return err;
}

static int column_of(const struct stmt *stmt, const char *column)
{
	int n = sqlite3_column_count(stmt->handle);
	for (int i = 0; i < n; i++)
		if (!strcmp(sqlite3_column_name(stmt->handle, i), column))
			return i;
	abort(); /* no such name in the file: a fault of ours */
}

const char *stmt_text(struct stmt *stmt, const char *column)
{
	return (const char *)sqlite3_column_text(stmt->handle, column_of(stmt, column));
}

int64_t stmt_int(struct stmt *stmt, const char *column, int64_t unknown)
{
	int place = column_of(stmt, column);
	if (sqlite3_column_type(stmt->handle, place) == SQLITE_NULL)
		return unknown;
	return sqlite3_column_int64(stmt->handle, place);
}

const void *stmt_blob(struct stmt *stmt, const char *column, size_t *ret_size)
{
	int place = column_of(stmt, column);
	const void *bytes = sqlite3_column_blob(stmt->handle, place);
	*ret_size = (size_t)sqlite3_column_bytes(stmt->handle, place);
	return bytes;
}
