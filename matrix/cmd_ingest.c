/* dxgmatrix ingest: records, folders of records and other stores into the matrix. */
#include <errno.h>
#include <fts.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "matrix/ingest.h"
#include "matrix/merge.h"
#include "record/record.h"
#include "record/writer.h"
#include "util/alloc.h"
#include "util/command.h"
#include "util/file.h"

struct intake {
	struct store *store;
	struct ingest *ingest;
	struct error *failure; /* undid all that was taken: nothing more is tried */
	bool json;
	int64_t new, known, refused;
};

static void print_json(const char *path, const char *id, const char *result,
		       const char *sentence)
{
	json_t *object = json_object();
	write_string(object, "file", path);
	write_string(object, "id", id);
	write_string(object, "result", result);
	write_string(object, "error", sentence);
	write_line(stdout, object);
}

/* Takes the error: a refusal is told and the rest goes on. */
static void refuse(struct intake *intake, const char *path, struct error *err)
{
	intake->refused++;
	fprintf(stderr, "dxgmatrix ingest: %s\n", err->message);
	if (intake->json)
		print_json(path, NULL, "refused", err->message);
	error_destroy(err);
}

static void take_bytes(struct intake *intake, const char *path, const char *name,
		       const char *bytes, size_t size, const struct admission *admission)
{
	if (intake->failure)
		return;
	enum ingested ingested;
	cleanup_free char *id = NULL;
	struct error *err =
		ingest_document(intake->ingest, bytes, size, admission, &ingested, &id);
	if (err) {
		err = error_wrap(err, "%s", name);
		if (store_in_transaction(intake->store))
			refuse(intake, path, err);
		else
			intake->failure = err;
		return;
	}
	bool new = ingested == INGESTED_NEW;
	intake->new += new;
	intake->known += !new;
	if (intake->json)
		print_json(path, id, new ? "new" : "known", NULL);
}

static void take_document(struct intake *intake, const char *path)
{
	static const struct admission by_file = { .road = "file" };
	cleanup_free char *bytes = NULL;
	size_t size;
	/* More than a record may have, so that the refusal can tell the size. */
	struct error *err = file_read(path, 64 * RECORD_SIZE_MAX, &bytes, &size);
	if (err)
		refuse(intake, path, err);
	else
		take_bytes(intake, path, path, bytes, size, &by_file);
}

/* ---- another store ---- */

struct merged {
	struct intake *intake;
	const char *path;
};

static void take_merged(void *context, const char *id, const char *bytes, size_t size,
			const struct admission *admission)
{
	const struct merged *merged = context;
	cleanup_free char *name = xasprintf("%s: %.80s", merged->path, id);
	take_bytes(merged->intake, merged->path, name, bytes, size, admission);
}

static void take_store(struct intake *intake, const char *path)
{
	struct merged merged = { intake, path };
	struct error *err = merge_each(path, take_merged, &merged);
	if (err)
		refuse(intake, path, err);
}

/* ---- files and folders ---- */

static void take_file(struct intake *intake, const char *path)
{
	if (merge_is_store(path))
		take_store(intake, path);
	else
		take_document(intake, path);
}

static bool is_json(const char *name)
{
	size_t length = strlen(name);
	return length > 5 && !strcmp(name + length - 5, ".json");
}

static int compare_entries(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static void take_entry(struct intake *intake, const FTSENT *entry)
{
	switch (entry->fts_info) {
	case FTS_F:
		if (is_json(entry->fts_name))
			take_document(intake, entry->fts_path);
		break;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		refuse(intake, entry->fts_path,
		       error_create("%s: %s", entry->fts_path,
				    strerror(entry->fts_errno)));
		break;
	default: /* folders on the way, links, devices */
		break;
	}
}

static void take_folder(struct intake *intake, const char *path)
{
	cleanup_free char *copy = xstrdup(path);
	char *paths[] = { copy, NULL };
	/* The folder that was named may be a link; those in it are not followed. */
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR,
			     compare_entries);
	if (!walk) {
		refuse(intake, path, error_errno("%s", path));
		return;
	}
	FTSENT *entry;
	while (!intake->failure && (entry = fts_read(walk)))
		take_entry(intake, entry);
	if (!intake->failure && errno)
		refuse(intake, path, error_errno("%s", path));
	fts_close(walk);
}

static void take_path(struct intake *intake, const char *path)
{
	struct stat st;
	if (stat(path, &st) < 0)
		refuse(intake, path, error_errno("%s", path));
	else if (S_ISDIR(st.st_mode))
		take_folder(intake, path);
	else if (S_ISREG(st.st_mode))
		take_file(intake, path);
	else
		refuse(intake, path,
		       error_create("%s: neither a file nor a folder", path));
}

/* ---- the command ---- */

static void print_counts(const struct intake *intake)
{
	int64_t all = intake->new + intake->known + intake->refused;
	printf("%" PRId64 " record%s read: %" PRId64 " new, %" PRId64
	       " already there, %" PRId64 " refused.\n",
	       all, all == 1 ? "" : "s", intake->new, intake->known, intake->refused);
}

static struct error *take_all(struct store *store, struct intake *intake, char **paths)
{
	struct error *err = ingest_begin(store, &intake->ingest);
	if (err)
		return err;
	for (; *paths && !intake->failure; paths++)
		take_path(intake, *paths);
	if (intake->failure) {
		ingest_destroy(intake->ingest);
		return error_wrap(take_ptr(intake->failure), "nothing was taken");
	}
	err = ingest_end(intake->ingest);
	if (!err && !intake->json)
		print_counts(intake);
	return err;
}

static struct error *run(const struct command *command, int argc, char **argv,
			 int *ret_status)
{
	struct intake intake = { 0 };
	bool rebuild = false;
	const char *path = NULL;
	const struct command_option options[] = {
		{ "db", "FILE", &path,
		  "the store; default $XDG_DATA_HOME/dxgmatrix/matrix.db" },
		{ "json", NULL, &intake.json, "one object per document, on a line" },
		{ "rebuild", NULL, &rebuild,
		  "make all verdicts anew from the stored records" },
		{ NULL },
	};
	int first;
	struct error *err = command_parse(command, options, argc, argv, &first);
	if (err)
		return err;
	if (first == argc && !rebuild)
		return error_usage("name at least one file or folder; see dxgmatrix "
				   "ingest --help");
	cleanup_store struct store *store = NULL;
	err = store_open(path, STORE_WRITE, &store);
	intake.store = store;
	if (!err && first < argc)
		err = take_all(store, &intake, argv + first);
	if (!err && rebuild)
		err = ingest_rebuild(store);
	if (!err && intake.refused)
		*ret_status = 1;
	return err;
}

const struct command command_ingest = {
	.name = "ingest",
	.arguments = "PATH…",
	.summary = "Take records into the matrix: files, folders, other stores",
	.help = "A PATH is a record, a folder whose *.json are records (links are not "
		"followed),\n"
		"or another store, which is merged. Each document is taken whole or not "
		"at all:\n"
		"the good ones enter, each bad one gets a sentence on standard error "
		"with the JSON\n"
		"pointer of its first fault. What is already there changes nothing.\n"
		"Exit status: 0 all taken, 1 at least one was refused or it could not be "
		"done,\n"
		"2 usage.",
	.run = run,
};
