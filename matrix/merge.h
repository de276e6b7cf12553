/*
 * merge.h: another store's facts, to be ingested as any document is.
 *
 * The other file may come from anywhere: nothing of it is trusted but that it is SQLite;
 * its records are read and checked one by one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "matrix/ingest.h"
#include "util/error.h"

/* @return whether the file begins as SQLite files do. */
bool merge_is_store(const char *path);

/* Calls each with every record of the store, once per admission, or once with the road
 * "merge" where it has none. id, bytes and admission
 * are valid during the call. */
typedef void merge_function(void *context, const char *id, const char *bytes, size_t size,
			    const struct admission *admission);
struct error *merge_each(const char *path, merge_function *each,
			 void *context) must_check;
