#include "matrix/ingest.h"

#include <string.h>

#include "matrix/derive.h"
#include "matrix/extract.h"
#include "matrix/rules.h"
#include "matrix/stmt.h"
#include "record/record.h"
#include "record/shape.h"
#include "util/alloc.h"
#include "util/utf8.h"

struct ingest {
	struct store *store;
	char today[DATE_SIZE];
};

/* ---- facts ---- */

/* @param ret_n  its place of arrival, new or not */
static struct error *add_record(struct store *store, const struct record *record,
				bool *ret_new, int64_t *ret_n)
{
	bool row = false;
	cleanup_stmt struct stmt add, find;
	stmt_open(&add, store, QUERY_ADD_RECORD);
	stmt_open(&find, store, QUERY_FIND_RECORD);
	stmt_bind_text(&add, "id", record->id);
	stmt_bind_blob(&add, "bytes", record->bytes, record->size);
	struct error *err = stmt_step(&add, &row);
	*ret_new = row;
	if (err || row) {
		*ret_n = err ? 0 : stmt_int(&add, "n", 0);
		return err ? err : stmt_run(&add);
	}
	stmt_bind_text(&find, "id", record->id);
	err = stmt_step(&find, &row);
	if (!err)
		*ret_n = stmt_int(&find, "n", 0);
	return err;
}

static struct error *add_admission(struct store *store, int64_t n,
				   const struct admission *admission)
{
	const char *submitter = admission->submitter ? admission->submitter : "";
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_ADD_ADMISSION);
	stmt_bind_int(&stmt, "record", n);
	stmt_bind_text(&stmt, "road", admission->road);
	stmt_bind_text(&stmt, "submitter", submitter);
	return stmt_run(&stmt);
}

/* It may come from another store, which may hold anything. */
static struct error *check_admission(const struct admission *admission)
{
	if (!shape_word.matches(admission->road))
		return error_create("its road '%.80s' is not %s", admission->road,
				    shape_word.words);
	const char *submitter = admission->submitter ? admission->submitter : "";
	cleanup_free char *printable = utf8_printable(submitter);
	if (strlen(submitter) > SUBMITTER_MAX || strcmp(submitter, printable))
		return error_create(
			"its submitter '%.80s' is not printable text of at most "
			"%d bytes",
			submitter, SUBMITTER_MAX);
	return NULL;
}

/* What follows from an admission alone, without other facts. */
static struct error *derive_admission(struct store *store, const struct record *record,
				      const struct admission *admission)
{
	if (!admission->submitter || !*admission->submitter ||
	    !extract_is_measured(record))
		return NULL;
	return extract_submitter(store, record->key, admission->submitter);
}

static struct error *take(struct store *store, const struct record *record,
			  const struct admission *admission, bool *ret_new)
{
	int64_t n = 0;
	struct error *err = add_record(store, record, ret_new, &n);
	if (!err)
		err = add_admission(store, n, admission);
	if (!err && *ret_new)
		err = extract_record(store, record);
	if (!err)
		err = derive_admission(store, record, admission);
	return err;
}

/* ---- one document after another ---- */

static struct error *forget_derived(struct store *store)
{
	return store_execute(store, "DELETE FROM d_record; DELETE FROM d_result; "
				    "DELETE FROM d_machine; DELETE FROM d_witness; "
				    "DELETE FROM d_scope; DELETE FROM d_interface; "
				    "DELETE FROM d_rung; DELETE FROM d_rules");
}

static struct error *derive_stored(struct store *store, const char *bytes, size_t size,
				   int64_t n)
{
	cleanup_record struct record record;
	/* No document is refused twice: its date was judged when it came. */
	struct error *err = record_read(bytes, size, "9999-12-31", &record);
	if (!err)
		err = extract_record(store, &record);
	if (err)
		return err;
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_EACH_ADMISSION);
	stmt_bind_int(&stmt, "n", n);
	while (!(err = stmt_step(&stmt, &row)) && row) {
		struct admission admission = { stmt_text(&stmt, "road"),
					       stmt_text(&stmt, "submitter") };
		err = derive_admission(store, &record, &admission);
		if (err)
			return err;
	}
	return err;
}

static struct error *set_rules(struct store *store)
{
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_SET_RULES);
	stmt_bind_text(&stmt, "stamp", rules_stamp());
	return stmt_run(&stmt);
}

static struct error *derive_all(struct store *store)
{
	struct error *err = forget_derived(store);
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_EACH_RECORD);
	while (!err && !(err = stmt_step(&stmt, &row)) && row) {
		size_t size;
		const char *bytes = stmt_blob(&stmt, "bytes", &size);
		err = error_wrap(
			derive_stored(store, bytes, size, stmt_int(&stmt, "n", 0)),
			"%s: %s", store_path(store), stmt_text(&stmt, "id"));
	}
	if (!err)
		err = set_rules(store);
	return err;
}

/* Rows made by other rules than these are worth nothing. */
static struct error *derive_all_if_old(struct store *store)
{
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_RULES);
	struct error *err = stmt_step(&stmt, &row);
	bool current = !err && row && !strcmp(stmt_text(&stmt, "stamp"), rules_stamp());
	stmt_close(&stmt);
	return err || current ? err : derive_all(store);
}

struct error *ingest_begin(struct store *store, struct ingest **ret)
{
	struct error *err = store_begin(store);
	if (!err)
		err = extract_begin(store);
	if (!err)
		err = derive_all_if_old(store);
	if (err) {
		store_rollback(store);
		return err;
	}
	struct ingest *ingest = xcalloc(1, sizeof(*ingest));
	ingest->store = store;
	record_today(ingest->today);
	*ret = ingest;
	return NULL;
}

/* A savepoint outside a transaction would commit on its own. */
static struct error *still_open(struct ingest *ingest)
{
	if (store_in_transaction(ingest->store))
		return NULL;
	return error_create("%s: an earlier failure undid the whole ingest",
			    store_path(ingest->store));
}

static struct error *run_query(struct store *store, enum query query)
{
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, query);
	return stmt_run(&stmt);
}

struct error *ingest_record(struct ingest *ingest, const struct record *record,
			    const struct admission *admission, enum ingested *ret)
{
	struct store *store = ingest->store;
	bool new = false;
	struct error *err = check_admission(admission);
	if (!err)
		err = still_open(ingest);
	if (!err)
		err = run_query(store, QUERY_SAVEPOINT);
	if (err)
		return err;
	err = take(store, record, admission, &new);
	if (err) {
		cleanup_error struct error *undo = run_query(store, QUERY_SAVEPOINT_UNDO);
	}
	cleanup_error struct error *end = run_query(store, QUERY_SAVEPOINT_RELEASE);
	if (!err)
		err = take_ptr(end);
	if (!err)
		*ret = new ? INGESTED_NEW : INGESTED_KNOWN;
	return err;
}

struct error *ingest_document(struct ingest *ingest, const char *bytes, size_t size,
			      const struct admission *admission, enum ingested *ret,
			      char **ret_id)
{
	cleanup_record struct record record;
	struct error *err = record_read(bytes, size, ingest->today, &record);
	if (!err)
		err = ingest_record(ingest, &record, admission, ret);
	if (!err && ret_id)
		*ret_id = xstrdup(record.id);
	return err;
}

struct error *ingest_end(struct ingest *ingest)
{
	struct error *err = still_open(ingest);
	if (!err)
		err = derive_touched(ingest->store);
	if (!err)
		err = store_commit(ingest->store);
	ingest_destroy(ingest);
	return err;
}

void ingest_destroy(struct ingest *ingest)
{
	if (!ingest)
		return;
	store_rollback(ingest->store);
	free(ingest);
}

struct error *ingest_one(struct store *store, const char *bytes, size_t size,
			 const struct admission *admission)
{
	cleanup_ingest struct ingest *ingest = NULL;
	enum ingested ingested;
	struct error *err = ingest_begin(store, &ingest);
	if (!err)
		err = ingest_document(ingest, bytes, size, admission, &ingested, NULL);
	return err ? err : ingest_end(take_ptr(ingest));
}

/* @return whether the file is a store of ours whose verdicts alone are out of date. */
static bool has_sound_facts(const char *path)
{
	cleanup_store struct store *store = NULL;
	cleanup_error struct error *err = store_open(path, STORE_FACTS, &store);
	return !err;
}

static struct error *refresh(const char *path)
{
	cleanup_store struct store *store = NULL;
	cleanup_ingest struct ingest *ingest = NULL;
	struct error *err = store_open(path, STORE_WRITE, &store);
	if (!err)
		err = ingest_begin(store, &ingest);
	return err ? err : ingest_end(take_ptr(ingest));
}

struct error *ingest_open(const char *path, struct store **ret)
{
	struct error *err = store_open(path, STORE_READ, ret);
	if (!err || !has_sound_facts(path))
		return err;
	cleanup_error struct error *unable = refresh(path);
	if (unable)
		return err;
	error_destroy(err);
	return store_open(path, STORE_READ, ret);
}

struct error *ingest_rebuild(struct store *store)
{
	struct error *err = store_begin(store);
	if (!err)
		err = extract_begin(store);
	if (!err)
		err = derive_all(store);
	if (!err)
		err = derive_touched(store);
	if (!err)
		err = store_commit(store);
	if (err)
		store_rollback(store);
	return err;
}
