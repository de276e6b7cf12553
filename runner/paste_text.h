/*
 * paste_text.h: a pasted text made ready to be read: lines, and a plain copy beside them.
 *
 * The plain copy has the same length, so a place in one is the place in the other: ASCII
 * letters are lower case, signs are blanks, blanks of other scripts too. Two signs keep a
 * meaning: PLAIN_STOP where a sentence ends, PLAIN_ARROW where one thing becomes another.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/cleanup.h"

#define PLAIN_STOP  '\x01'
#define PLAIN_ARROW '\x02'

/* From here on lines have other numbers in the text that was pasted. */
struct paste_gap {
	size_t at;      /* where that line begins */
	int64_t line;   /* its number among those that stand */
	int64_t number; /* and that in the pasted text */
};

struct paste_text {
	char *text;  /* valid UTF-8, without the colours of a terminal */
	char *plain; /* of the same length */
	size_t size;
	struct paste_gap *gap;
	size_t n_gaps;
	/* Lines for which there was no room; -1: none. */
	int64_t skimmed_from, skimmed_to;
};

/* Longer lines come in parts of the same number, cut at a blank: no reader has to look
 * further, and a text without line ends costs no more than one with them. */
#define PASTE_LINE_MAX 4096

/* A line without its end; size is the same in both spellings. */
struct paste_line {
	const char *text, *plain;
	size_t size;
	int64_t number; /* 1-based */
	bool goes_on;   /* the next part has the same number */
	size_t gap;     /* how many gaps lie before it */
};

/* Makes the plain copy. @param text  all but that */
void paste_text_make_plain(struct paste_text *text);
void paste_text_deinit(struct paste_text *text);
#define cleanup_paste_text cleanup_with(paste_text_deinit)

/* @return the number in the original text of the line that is now the n-th */
int64_t paste_text_number(const struct paste_text *text, int64_t n);

/* The line behind `line`; start with a line that is all zero. @return false at the end */
bool paste_line_next(const struct paste_text *text, struct paste_line *line);

/* @return where `what` first stands in the line from byte `from` on, in either case of its
 * letters, or NULL. */
const char *paste_line_find(const struct paste_line *line, size_t from, const char *what);
/* @return the first byte from `at` on that is no blank in the plain copy, or the size. */
size_t paste_line_skip(const struct paste_line *line, size_t at);
