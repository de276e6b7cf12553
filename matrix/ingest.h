/*
 * ingest.h: documents into the store, each whole or not at all.
 *
 * What is refused leaves no trace; what is already there changes nothing. Between begin
 * and end lies one transaction: a process that dies in it leaves the store as it was.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "matrix/store.h"
#include "record/record.h"
#include "util/error.h"

struct ingest;

#define SUBMITTER_MAX 256

/* How a document came here. */
struct admission {
	const char *road; /* a word: "file", "merge", "run" … */
	/* Who submitted it, where the road knows: a git account, or a keyed hash of network
	 * and month. All keys of one submitter are one witness. NULL: the key speaks for
	 * itself. Printable, at most SUBMITTER_MAX bytes. */
	const char *submitter;
};

enum ingested { INGESTED_NEW, INGESTED_KNOWN };

/* @param ret  the caller's to end or destroy; the store must outlive it */
struct error *ingest_begin(struct store *store, struct ingest **ret) must_check;
/*
 * Takes one document. An error begins with the JSON pointer of its first fault; the
 * ingest goes on as if the document had not been.
 * @param ret_id  the record's address "sha256:…", the caller's to free; may be NULL
 */
struct error *ingest_document(struct ingest *ingest, const char *bytes, size_t size,
			      const struct admission *admission, enum ingested *ret,
			      char **ret_id) must_check;
/* The same for a document that was read, or that record_sign or record_write made. */
struct error *ingest_record(struct ingest *ingest, const struct record *record,
			    const struct admission *admission,
			    enum ingested *ret) must_check;
/* Derives what the new records touch and commits. Destroys the ingest in any case. */
struct error *ingest_end(struct ingest *ingest) must_check;
/* Gives up: the store is as it was before ingest_begin. */
void ingest_destroy(struct ingest *ingest);

DEFINE_CLEANUP(cleanup_ingest_p, struct ingest *, ingest_destroy)
#define cleanup_ingest cleanup_with(cleanup_ingest_p)

/* One document in a transaction of its own: what `run` does with its record. */
struct error *ingest_one(struct store *store, const char *bytes, size_t size,
			 const struct admission *admission) must_check;

/*
 * Opens a store to read its verdicts. Where another version of this program made them, they
 * are made anew first: an update must not cost the reader a command. Where that cannot be
 * done (no right to write), the error names the command that does it.
 * @param path  NULL: the default, as in store_open
 */
struct error *ingest_open(const char *path, struct store **ret) must_check;

/* Makes all derived tables anew from the facts. */
struct error *ingest_rebuild(struct store *store) must_check;
