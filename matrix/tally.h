/*
 * tally.h: the scopes of one GPU, and the counting of voters in them.
 *
 * A vote is a string of readings of one run, a letter a slot: the rungs of an interface,
 * the two of the door, or what a report claims. Runs of one machine under equal
 * conditions fold into one; a voter counts at most once on each side of a slot.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "matrix/stmt.h"
#include "matrix/verdict.h"
#include "record/record.h"
#include "util/arena.h"
#include "util/error.h"

/* X(CONSTANT, name): from wide to narrow; each knows the parts of those before it. */
#define LEVELS(X)                                                                        \
	X(GPU, "gpu")                                                                    \
	X(DRIVER, "driver")                                                              \
	X(CELL, "cell")                                                                  \
	X(EXACT, "exact")

enum level {
#define X(constant, name) LEVEL_##constant,
	LEVELS(X)
#undef X
		LEVEL_COUNT
};

extern const char *const level_names[LEVEL_COUNT];

struct scope {
	enum level level;
	const char *driver, *wsl, *kernel, *windows; /* "" outside the level */
};

/* Slots are rungs; the door and claims use the first few. */
#define TALLY_SLOTS ((size_t)RUNG_COUNT)

struct tally {
	struct votes votes[RUNG_COUNT];
	uint32_t has; /* slots that some run holds */
	int64_t machines, voters;
	char first[DATE_SIZE], newest[DATE_SIZE]; /* "" where no date is known */
};

struct scopes {
	struct arena arena;
	struct scope *scope;
	size_t n;
	struct place *places; /* combination -> its scopes, by address */
	size_t n_places;
};

/* The scopes that the combinations of a GPU have. */
struct error *scopes_load(struct store *store, const char *gpu,
			  struct scopes *ret) must_check;
void scopes_deinit(struct scopes *scopes);

/*
 * Counts the rows of a statement that is bound and yields voter, machine, combination,
 * conditions, date and readings, ordered by these and oldest first.
 * @param ret  one tally per scope, overwritten
 */
struct error *tally_votes(const struct scopes *scopes, struct stmt *votes,
			  struct tally *ret) must_check;
