/*
 * record.h: one run on one adapter as plain data, and its JSON document
 * "dxgmatrix-record/1", of which this module is the only reader and writer.
 *
 * A record holds what was seen, not what is concluded: what it was measured with, on
 * what, and how each rung ended. The document is the only thing that passes between
 * machine, repository, matrix and page. record/dxgmatrix-record.5 describes it member by
 * member.
 *
 * Strings and arrays lie in the record's arena. NULL, an empty array or -1 (where it says
 * so) is unknown: absent in the document, never 0 or "".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/combination.h"
#include "record/failure.h"
#include "record/finding.h"
#include "record/outcome.h"
#include "record/rung.h"
#include "record/trace.h"
#include "util/arena.h"
#include "util/error.h"

enum source_kind { SOURCE_MEASURED, SOURCE_HARVESTED };
enum environment {
	ENVIRONMENT_UNKNOWN,
	ENVIRONMENT_WSL2,
	ENVIRONMENT_WSL1,
	ENVIRONMENT_CONTAINER,
	ENVIRONMENT_HYPER_V,
	ENVIRONMENT_LINUX,
	ENVIRONMENT_COUNT
};
enum role { ROLE_ADAPTER, ROLE_CONTROL, ROLE_COUNT };
enum certainty { CERTAINTY_TESTED, CERTAINTY_LIKELY, CERTAINTY_UNKNOWN, CERTAINTY_COUNT };

/* The words of documents: "wsl2", "control", "tested", … environment_names[0] is NULL. */
extern const char *const environment_names[ENVIRONMENT_COUNT];
extern const char *const role_names[ROLE_COUNT];
extern const char *const certainty_names[CERTAINTY_COUNT];

struct strings {
	const char **string;
	size_t n;
};

struct finding_value {
	const char *name; /* a row of FINDINGS, or one this version does not know */
	enum finding_kind kind;
	const char *string;
	int64_t integer; /* also the boolean */
};

struct findings {
	struct finding_value *finding;
	size_t n;
};

#define TRIES_MAX 3

struct rung_result {
	enum rung rung;
	enum outcome outcome;
	enum reason reason;
	bool blocked; /* then by holds the unmet need */
	enum rung by;
	int64_t ms; /* -1 unknown */
	enum outcome tries[TRIES_MAX];
	size_t n_tries; /* 0: tried once or not at all */
	enum risk risk;
	struct findings findings;
	struct trace trace;
	bool has_kernel_log; /* the window around this rung could be read */
	struct failures kernel_log;
};

struct result {
	const char *interface; /* "opencl" */
	enum role role;
	bool reported;        /* what a paste only claims: outcome, no rungs */
	enum outcome outcome; /* of a reported result */
	struct findings device;
	struct rung_result *rungs;
	size_t n_rungs;
};

struct diagnosis {
	enum layer layer; /* LAYER_UNKNOWN where none is suspected */
	const char *rule;
	enum certainty certainty;
	const char *says;
	struct strings todo; /* "do": at most two */
};

struct evidence {
	const char *pointer; /* JSON pointer of the member it supports */
	int64_t line;        /* 1-based line of the text that was read; -1 unknown */
	const char *text;
};

struct contradiction {
	const char *pointer;
	struct strings values;
};

struct kernel_log {
	bool present;               /* false: nothing was read; unread says why */
	const char *unread;         /* reason and cure in words, or NULL */
	struct failures failed;     /* all phases */
	struct failures boot, idle; /* only where time tells */
	struct strings other;       /* dxg lines that are not "Ioctl failed" */
	int64_t lost;               /* records the ring had overwritten; -1 unknown */
	int64_t left_out; /* messages of kinds for which there was no room; 0 unknown */
};

struct record {
	struct arena arena;

	const char *id; /* "sha256:…"; set by record_read, record_write and record_sign */

	struct {
		enum source_kind kind;
		const char *tool;    /* "dxgmatrix 0.1.0" */
		const char *trigger; /* measured: "manual", "scheduled", "repeat" */
		const char *url;     /* harvested */
		const char *text;    /* harvested: sha256 of what was read */
		const char *author;  /* harvested: sha256, never a name */
		/* harvested: lines of a text too large, of which the kernel's alone were
		 * read; -1: none */
		struct {
			int64_t from, to;
		} skimmed;
	} source;
	const char *time;        /* YYYY-MM-DD; harvested also YYYY-MM, or NULL */
	int64_t run_n, run_boot; /* counters of this machine; -1 unknown */
	struct {
		enum environment kind;
		struct strings seen; /* what it was recognised by */
		const char *power;   /* "ac", "battery" */
	} environment;
	struct combination combination;
	struct kernel_log kernel_log;
	struct result *results;
	size_t n_results;
	struct diagnosis *diagnoses;
	size_t n_diagnoses;
	struct evidence *evidence;
	size_t n_evidence;
	struct contradiction *contradictions;
	size_t n_contradictions;

	const char *key; /* "ed25519:…": the machine that signed it; NULL: a report */

	char *bytes; /* canonical form with id and sig, as the store keeps it; NULL until
		      * read, written or signed */
	size_t size;
};

#define RECORD_SCHEMA     "dxgmatrix-record/1"
#define RECORD_SIZE_MAX   (1024 * 1024)
#define RECORD_DEPTH_MAX  32
#define RECORD_STRING_MAX (64 * 1024)

/* All unknown. */
void record_init(struct record *record);
void record_deinit(struct record *record);
#define cleanup_record cleanup_with(record_deinit)

/*
 * Reads one document, strictly: what is refused, and the sentence that says so, is listed
 * in dxgmatrix-record.5. The error begins with the JSON pointer of the first fault ("/"
 * is written as "(document)").
 * @param today  YYYY-MM-DD; a date more than a day later is refused
 * @param ret    initialised by this function; on success the caller's to deinit
 */
struct error *record_read(const char *bytes, size_t size, const char *today,
			  struct record *ret) must_check;

/*
 * Makes the document of a record: sets id, bytes and size; no key, no signature.
 * The result reads back as the same record, but for text the reader would refuse: "" is
 * left out, what is no UTF-8 becomes U+FFFD, what is longer than RECORD_STRING_MAX is cut.
 */
void record_write(struct record *record);

struct machine_key; /* record/key.h */

/* The same, with key and sig of this machine. */
void record_sign(struct record *record, const struct machine_key *key);

/* @return the finding of this name, or NULL. */
const struct finding_value *findings_get(const struct findings *findings,
					 enum finding what);
/* @return its string, or NULL. */
const char *findings_string(const struct findings *findings, enum finding what);
void strings_add(struct arena *arena, struct strings *strings, const char *string);

/* @return the result of an interface in a role, or NULL. */
const struct result *record_result(const struct record *record, const char *interface,
				   enum role role);
/* @return the rung of a result, or NULL where it is absent. */
const struct rung_result *result_rung(const struct result *result, enum rung rung);
/*
 * The height of a result: the highest rung that passed together with all it needs.
 * @return RUNG_COUNT where none did
 */
enum rung result_height(const struct result *result);

/* The date of today in UTC, YYYY-MM-DD; $DXGMATRIX_TODAY in its place where set (tests
 * and reproducible sites). */
#define DATE_SIZE 11
void record_today(char ret[DATE_SIZE]);
