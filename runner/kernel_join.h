/*
 * kernel_join.h: a line that a terminal or an editor broke, put together again.
 *
 * A terminal breaks anywhere, also in a word or a number, and adds nothing; an editor and
 * a mail program break at a blank, and may indent or quote what follows.
 */
#pragma once

#include "runner/kernel_failure.h"

/* So many lines may hold one message. */
#define KERNEL_JOIN_LINES 3

/*
 * Finds a failure that begins in the first line of a text, and ends in a later one.
 * @param text  from the start of what may be read of the first line
 * @param ret   its places lie in the text
 */
bool kernel_join_find(struct span text, struct kernel_failure *ret);
/*
 * A number that the end of its line cut in two: -2 and, alone in the next line, 2.
 * @param begin  where the text begins, to look at how long lines are
 * @param error  what was read; changed where it goes on
 * @return the end of the number
 */
const char *kernel_join_number(struct span text, const char *begin,
			       const char *number_end, int *error);
/* Whether a line holds nothing but what may be the rest of such a number. */
bool kernel_join_is_number(const char *start, const char *end);
/* Whether a name that begins a line is the rest of one that the line before begins. */
bool kernel_join_has_start(struct span name, const char *begin);
/* Whether the line at `next` begins as a line of at least three bytes does, or holds nothing:
 * then it is not the rest of it. */
bool kernel_join_begins_alike(const char *line, const char *next, const char *end);
/*
 * A line of a log that a terminal broke, with what it put into the next line. That it did is
 * told by the lines around: several are as wide as this one, none is wider, and what follows
 * them begins otherwise than they do.
 * @return the size of what is put into ret, 0 where the line is whole
 */
size_t kernel_join_other(struct span unit, const char *begin, const char *end, char ret[],
			 size_t ret_size);
/* What stands before a place, which begins a line or continues the margin of one before:
 * puts both together. @return its size, 0 where the line before is another one's */
size_t kernel_join_margin(struct span before, const char *begin, char ret[],
			  size_t ret_size);
