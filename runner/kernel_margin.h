/*
 * kernel_margin.h: what stands before a message in its line, and behind it: stamps, tags,
 * counts, a sentence.
 *
 * Stamps since boot are those of dmesg "[  5.459659]", with a printk caller "[  T12]"
 * behind it, of journalctl -o short-monotonic "[ 5.459659] host kernel:", of /dev/kmsg
 * "3,339,5459659,-;" and of journalctl -o json (Linux:Documentation/ABI/testing/dev-kmsg,
 * journalctl(1)). Other stamps tell no time since boot.
 */
#pragma once

#include "runner/kernel_span.h"

/* Whose words a message is. */
enum kernel_voice {
	KERNEL_LINE, /* a line of a log, of a list, of a table */
	KERNEL_QUOTE, /* a line that stands in somebody's sentence or heading, as a whole */
	KERNEL_NAMED,  /* somebody's sentence about it */
	KERNEL_DENIED, /* "no …", or what somebody searches for: it was not printed */
};

struct kernel_margin {
	enum kernel_voice voice;
	bool tagged;    /* by the driver's own tag */
	int64_t times;  /* what a count before it says; 0 without */
	double seconds; /* since boot; -1 without a stamp that tells */
	bool dated;     /* by a time of day */
	/* Of a stamp in microseconds, which no other line of a kind has; 0 without. The lowest
	 * bit is set where a daemon made it, which may read two lines in one. */
	uint64_t moment;
	/* Nothing but stamps, or nothing at all: with other digits it would only tell
	 * another time, that of `stamp`. */
	bool stamps_only;
	struct span stamp; /* the stamp that tells, without its brackets; else empty */
};

/*
 * @param before  from the start of the line to the message's own first word
 * @param text    what may be looked at around it
 */
void kernel_margin_before(struct span before, struct span text,
			  struct kernel_margin *ret);
/* Whether a sentence goes on behind a message that began its line: "… failed: -75 at night".
 * @param after  from behind the errno to the end of the line */
bool kernel_margin_goes_on(struct span after);
/* @param seconds  since boot, in microseconds, or -1
 * @param line     where the date stands in that case
 * @return what tells this moment from any other, 0 where it does not say */
uint64_t kernel_margin_moment(double seconds, struct span line);
/* @param line  all of it, as journalctl -o json printed it. @return -1 where it is not */
double kernel_margin_json_seconds(struct span line);
/* @return a text without the stamp of the next line, which lost its line end, behind it */
struct span kernel_margin_cut_stamp(struct span text);
