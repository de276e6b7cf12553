/*
 * paste_sieve.h: of a text that comes in pieces, the lines that can tell of a machine.
 *
 * A text up to PASTE_WHOLE_MAX is kept whole. A larger one is a log, of which most lines
 * say nothing of the machine: those that begin with a stamp are kept only where they hold
 * a word of those by which a version, a device or a tool is known. Of what is kept, and of
 * what is noted of gaps in it, there is room for the beginning, and for the end.
 */
#pragma once

#include "runner/paste_text.h"
#include "util/strbuf.h"

#define PASTE_WHOLE_MAX ((size_t)1024 * 1024)
#define PASTE_KEPT_MAX  ((size_t)4 * 1024 * 1024)
#define PASTE_TAIL_MAX  ((size_t)1024 * 1024)

/* Lines that stand behind one another, or would but for gaps. */
struct paste_part {
	struct strbuf text;
	struct paste_gap *gap;
	size_t n_gaps;
	int64_t lines, next; /* how many; the number of the one behind the last */
};

/* Which two letters one of the words begins with: a bit for each pair. */
struct paste_pairs {
	uint8_t bit[65536 / 8];
};

struct paste_sieve {
	struct paste_pairs pairs;
	struct paste_part head, tail;
	bool is_full;               /* the head: all that follows is the tail's */
	struct strbuf rest;         /* a line that has not ended yet */
	bool too_long;              /* of which nothing is kept any more */
	bool log;                   /* the text is larger than PASTE_WHOLE_MAX */
	int64_t lines;              /* that have ended */
	int64_t lost_from, lost_to; /* lines for which there was no room; -1: none */
};

void paste_sieve_init(struct paste_sieve *sieve);
void paste_sieve_deinit(struct paste_sieve *sieve);
#define cleanup_paste_sieve cleanup_with(paste_sieve_deinit)
/* @param piece  UTF-8, without a terminal's colours */
void paste_sieve_add(struct paste_sieve *sieve, const char *piece, size_t size);
/*
 * The text has ended.
 * @param ret  what was kept, with its plain copy; the caller's to deinit
 */
void paste_sieve_end(struct paste_sieve *sieve, struct paste_text *ret);
