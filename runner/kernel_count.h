/*
 * kernel_count.h: how often a message stands for itself: what its line says beside it.
 *
 * Read are "5x", "x5", "5 times", "repeated 5 times", "(5 occurrences)", the numbers of
 * uniq -c; "message repeated 5 times: [" of rsyslog and "last
 * message repeated 5 times" of other daemons stand for so many more. Not read is what no
 * count is: a line's number, however it is written. For tables see runner/kernel_table.h.
 */
#pragma once

#include "runner/kernel_span.h"

#define TIMES_SIGN "\xc3\x97"

/*
 * "5x ", "(5x) ", "134 " of uniq -c, "5 times: ", "message repeated 5 times: [": cut from the
 * end of what stands before a message, marks included.
 * @param text  what may be looked at around it
 * @return how often, 0 where it does not say
 */
int64_t kernel_count_before(struct span *before, struct span text);
/* @param after  from behind the errno to the end of the line; what was read is cut from it
 * @return how often, 0 where it does not say */
int64_t kernel_count_after(struct span *after);
/* Takes "times", "x", "occurrences" or the word for it in another language. */
bool kernel_count_take_word(struct span *span);
/* Whether a line may be one that repeats the last message, whatever its digits are. */
bool kernel_count_is_of_last(struct span line);
/* "last message repeated 5 times" of a whole line. @return 0 where it says no such thing */
int64_t kernel_count_of_last(struct span line);
