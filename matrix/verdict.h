/*
 * verdict.h: from the witnesses of a scope to one word.
 *
 * A witness, one submitter with all their machines, counts at most once on each side.
 * Reports (harvested records, unsigned ones) take no part.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "record/rung.h"

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
/* A conflict without a good machine: machines disagree with themselves. */
bool verdict_is_self(const struct verdict *verdict);

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

/* @return the lowest rung with this verdict, RUNG_COUNT where none has it. */
enum rung verdict_lowest(const struct verdict rungs[RUNG_COUNT], enum verdict_word word);
