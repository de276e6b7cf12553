/*
 * mark.h: the signs of the matrix: works, fails, machines disagree, CPU only, not known.
 *
 * A mark is a letter, a shape (the border and fill of its class in style.css) and words,
 * so that nothing hangs on colour. Public reports have a dotted look of their own: they
 * are somebody's word.
 */
#pragma once

#include "record/outcome.h"
#include "web/html.h"

/* X(CONSTANT, css class, letter, words) */
#define MARKS(X)                                                                         \
	X(WORKS, "works", "W", "works")                                                  \
	X(ANSWERS, "answers", "f", "answers, work not proved")                           \
	X(FAILS, "fails", "F", "fails")                                                  \
	X(SPLIT, "split", "X", "machines disagree")                                      \
	X(CPU, "cpu", "C", "CPU only")                                                   \
	X(UNKNOWN, "unknown", "?", "not known")                                          \
	X(ABSENT, "absent", "\xE2\x80\x93", "not reached")

enum mark {
#define X(constant, css, letter, words) MARK_##constant,
	MARKS(X)
#undef X
		MARK_COUNT
};

struct mark_row {
	const char *css;
	const char *letter;
	const char *words;
};

extern const struct mark_row mark_rows[MARK_COUNT];

enum mark mark_of_outcome(enum outcome outcome);

/*
 * The sign and words beside it.
 * @param reported  the look of reports
 * @param words     NULL: the mark's own
 */
void mark_write(struct html *h, enum mark mark, bool reported, const char *words);
/* The sign alone, its words for those who cannot see it. */
void mark_write_sign(struct html *h, enum mark mark, bool reported);
/* The list of all signs and what they say: the key under a matrix. */
void mark_write_key(struct html *h);
