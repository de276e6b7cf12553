/*
 * verdict.h: from the records of a scope to one word.
 *
 * Three steps, each a pure function: a rung of one record has a reading; the runs of one
 * machine under equal key and guest packages fold into one reading; the witnesses of a
 * scope, each counted at most once on each side, have a verdict.
 *
 * Reports (harvested records, unsigned ones) take no part.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/record.h"

/*
 * X(CONSTANT, letter, what it says)
 * A row of readings is kept as a string, one letter a rung in the order of record/rung.h.
 */
#define READINGS(X)                                                                      \
	X(ABSENT, '.', "the interface has no such rung, or it is not in the record")     \
	X(UNCOUNTED, '-', "blocked, skip, interrupted, error, or the control failed")    \
	X(CPU_ONLY, 'c', "fallback for want of a driver: not counted, but shown")        \
	X(ONCE, 'o', "bad, should have been repeated and was not: shown, not counted")   \
	X(GOOD, 'g', "pass")                                                             \
	X(NOISY, 'n', "pass, with unfamiliar failures in its own trace")                 \
	X(BAD, 'b', "fail, crash, timeout, hung, died, fallback beside a driver")        \
	X(FLAKY, 'f', "now good, now bad")

enum reading {
#define X(constant, letter, what) READING_##constant,
	READINGS(X)
#undef X
		READING_COUNT
};

extern const char reading_letters[READING_COUNT];

/* @return READING_ABSENT for a letter that is none. */
enum reading reading_of_letter(char letter);
/* good, noisy, bad and flaky count; the others leave a machine unmeasured. */
bool reading_is_counted(enum reading reading);
bool reading_is_good(enum reading reading);

/* The reading of one rung of one record.
 * @param control  the same interface on the CPU, or NULL where it was not run */
enum reading reading_of_rung(const struct rung_result *rung,
			     const struct result *control);

/*
 * The door: what a record says of DXG itself.
 * `fence` is good when the rungs of dxg and dxcore are, bad when one of them is, or when
 * a copy is bad whose own trace holds a DXG failure not known to be harmless; `copy` is
 * good when besides a copy passed whose trace holds a submission.
 */
struct door_reading {
	enum reading fence, copy;
};
struct door_reading reading_of_door(const struct record *record);

/*
 * The runs of one machine under equal conditions: the newest counted run decides; two
 * changes of mind are flaky. All-zero before the first run; runs are added oldest first.
 */
struct reading_fold {
	enum reading newest; /* the newest counted one, else the newest of all */
	int changes;
};
void reading_fold_add(struct reading_fold *fold, enum reading reading);
enum reading reading_fold_end(const struct reading_fold *fold);

/* X(CONSTANT, name, words, css, sign): documents hold the name, people read the words. */
#define VERDICTS(X)                                                                      \
	X(UNKNOWN, "unknown", "not known", "none", '.')                                  \
	X(CLEAN, "clean", "works", "good", 'W')                                          \
	X(NOISY, "noisy", "works, unfamiliar log lines", "good", 'W')                    \
	X(BROKEN, "broken", "fails", "bad", 'F')                                         \
	X(CONFLICT, "conflict", "machines disagree", "conflict", 'X')

enum verdict_word {
#define X(constant, name, words, css, sign) VERDICT_##constant,
	VERDICTS(X)
#undef X
		VERDICT_COUNT
};

struct verdict_row {
	const char *name;
	const char *words;
	const char *css; /* good, bad, conflict, none */
	char sign;       /* letter of heat maps */
};

extern const struct verdict_row verdict_rows[VERDICT_COUNT];

bool verdict_parse(const char *name, enum verdict_word *ret);

/* What the witnesses of a scope say, counted. */
struct votes {
	int64_t good, bad; /* witnesses with a good, a bad reading: one may have both */
	int64_t noisy;     /* of the good: with unfamiliar failures in every good one */
	int64_t flaky;     /* of the bad: with nothing but flaky ones */
	int64_t once, cpu; /* shown, not counted */
};

struct verdict {
	enum verdict_word word;
	struct votes votes;
	int64_t exceptions; /* the few on the other side of a clean or broken scope */
};

struct verdict verdict_of(const struct votes *votes);

/* Wilson's interval of x in n, cut to 0…1. Needs n > 0 and 0 <= x <= n. */
double wilson_lo(int64_t x, int64_t n);
double wilson_hi(int64_t x, int64_t n);

/* "", "one machine", "a few", "several", "many": of n witnesses. */
const char *verdict_strength(int64_t n);

/*
 * The height of an interface: the highest rung that is clean or noisy together with all
 * it needs.
 * @param rungs  one verdict per rung; a rung nobody tried is VERDICT_UNKNOWN
 * @param has    the set of rungs that some record holds
 * @return RUNG_COUNT where none is
 */
enum rung verdict_height(const struct verdict rungs[RUNG_COUNT], uint32_t has);
