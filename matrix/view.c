/* The store as a whole, and its records: the rest of view.h. */
#include "matrix/view.h"

#include <string.h>

#include "matrix/extract.h"
#include "matrix/stmt.h"
#include "matrix/view_scope.h"
#include "util/alloc.h"

struct error *view_counts(struct store *store, struct view_counts *ret)
{
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_VIEW_COUNTS);
	struct error *err = stmt_step(&stmt, &row);
	if (err)
		return err;
	*ret = (struct view_counts){
		.records = stmt_int(&stmt, "records", 0),
		.machines = stmt_int(&stmt, "machines", 0),
		.witnesses = stmt_int(&stmt, "witnesses", 0),
		.reports = stmt_int(&stmt, "reports", 0),
		.gpus = stmt_int(&stmt, "gpus", 0),
		.combinations = stmt_int(&stmt, "combinations", 0),
	};
	const char *today = stmt_text(&stmt, "today");
	if (today)
		strncat(ret->today, today, sizeof(ret->today) - 1);
	return NULL;
}

/* ---- addresses ---- */

static struct error *load_strings(struct store *store, enum query query,
				  const char *column, int64_t limit, struct arena *arena,
				  struct strings *ret)
{
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, query);
	if (limit)
		stmt_bind_int(&stmt, "limit", limit);
	struct error *err;
	while (!(err = stmt_step(&stmt, &row)) && row)
		strings_add(arena, ret, stmt_text(&stmt, column));
	return err;
}

struct error *view_addresses(struct store *store, struct view_addresses *ret)
{
	struct view_addresses all = { 0 };
	struct error *err = load_strings(store, QUERY_VIEW_GPU_ADDRESSES, "gpu", 0,
					 &all.arena, &all.gpus);
	if (!err)
		err = load_strings(store, QUERY_VIEW_COMBINATION_ADDRESSES, "combination",
				   0, &all.arena, &all.combinations);
	if (!err)
		err = load_strings(store, QUERY_VIEW_RECORD_ADDRESSES, "id",
				   VIEW_RECORDS_PER_COMBINATION, &all.arena,
				   &all.records);
	if (err)
		view_addresses_deinit(&all);
	else
		*ret = all;
	return err;
}

void view_addresses_deinit(struct view_addresses *addresses)
{
	arena_deinit(&addresses->arena);
	*addresses = (struct view_addresses){ 0 };
}

/* ---- records ---- */

#define ID_PREFIX     "sha256:"
#define ID_DIGITS_MIN 6

static bool is_beginning(const char *digits)
{
	size_t length = strlen(digits);
	return length >= ID_DIGITS_MIN && length <= 64 &&
	       strspn(digits, "0123456789abcdef") == length;
}

struct error *view_record_bytes(struct store *store, const char *id, char **ret,
				size_t *ret_size)
{
	const char *digits =
		strncmp(id, ID_PREFIX, strlen(ID_PREFIX)) ? id : id + strlen(ID_PREFIX);
	if (!is_beginning(digits))
		return error_create("'%.80s' is not the beginning of a record's id: at "
				    "least %d hexadecimal digits",
				    id, ID_DIGITS_MIN);
	cleanup_free char *low = xasprintf(ID_PREFIX "%s", digits);
	cleanup_free char *high = xasprintf(ID_PREFIX "%sg", digits);
	cleanup_free char *bytes = NULL;
	size_t size = 0;
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_VIEW_RECORD);
	stmt_bind_text(&stmt, "low", low);
	stmt_bind_text(&stmt, "high", high);
	struct error *err = stmt_step(&stmt, &row);
	if (!err && !row)
		err = error_create("no record '%s'", id);
	if (err)
		return err;
	const char *stored = stmt_blob(&stmt, "bytes", &size);
	bytes = xstrndup(stored, size);
	err = stmt_step(&stmt, &row);
	if (!err && row)
		err = error_create("more than one record begins with '%s'", id);
	if (err)
		return err;
	*ret = take_ptr(bytes);
	if (ret_size)
		*ret_size = size;
	return NULL;
}

struct error *view_record(struct store *store, const char *id, struct record *ret)
{
	cleanup_free char *bytes = NULL;
	size_t size = 0;
	struct error *err = view_record_bytes(store, id, &bytes, &size);
	/* Its date was judged when it came in. */
	return err ? err : record_read(bytes, size, "9999-12-31", ret);
}

char *view_gpu_address(const struct record *record)
{
	return extract_is_in_table(record)
		       ? extract_gpu_address(&record->combination.adapter)
		       : NULL;
}

struct error *view_last(struct store *store, const char *key, struct arena *arena,
			struct strings *ret)
{
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, key ? QUERY_VIEW_LAST : QUERY_VIEW_LAST_ARRIVED);
	if (key)
		stmt_bind_text(&stmt, "machine", key);
	struct strings ids = { 0 };
	struct error *err;
	while (!(err = stmt_step(&stmt, &row)) && row)
		strings_add(arena, &ids, stmt_text(&stmt, "id"));
	if (!err)
		*ret = ids;
	return err;
}

struct error *view_each_record(struct store *store,
			       struct error *(*each)(void *context, const char *id,
						     const char *bytes, size_t size),
			       void *context)
{
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_EACH_RECORD);
	struct error *err;
	while (!(err = stmt_step(&stmt, &row)) && row) {
		size_t size;
		const char *bytes = stmt_blob(&stmt, "bytes", &size);
		err = each(context, stmt_text(&stmt, "id"), bytes, size);
		if (err)
			return err;
	}
	return err;
}
