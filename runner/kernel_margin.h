/*
 * kernel_margin.h: what stands before and behind a message in its line: stamps, tags,
 * counts, a sentence.
 *
 * Stamps since boot are those of dmesg "[  5.459659]", with a printk caller "[  T12]"
 * behind it, of journalctl -o short-monotonic "[ 5.459659] host kernel:", of /dev/kmsg
 * "3,339,5459659,-;" and of journalctl -o json (Linux:Documentation/ABI/testing/dev-kmsg,
 * journalctl(1)). Other stamps tell no time since boot.
 */
#pragma once

#include "runner/kernel_span.h"

struct kernel_margin {
	bool mention;   /* what stands before is a sentence: somebody's word, no line */
	int64_t times;  /* what a count before it says; 1 without */
	double seconds; /* since boot; -1 without a stamp that tells */
	/* Nothing but stamps, or nothing at all: with other digits it would only tell
	 * another time, that of `stamp`. */
	bool stamps_only;
	struct span stamp; /* the stamp that tells, without its brackets; else empty */
};

/* @param before  from the start of the line to the message's own first word */
void kernel_margin_before(struct span before, struct kernel_margin *ret);
/* "x3", "× 3", "3x", "(3 times)", "repeated 3 times", "| 134 |".
 * @param after  from behind the errno to the end of the line
 * @return how often, 0 where it does not say */
int64_t kernel_margin_times_after(struct span after);
/* @param line  all of it, as journalctl -o json printed it. @return -1 where it is not */
double kernel_margin_json_seconds(struct span line);
