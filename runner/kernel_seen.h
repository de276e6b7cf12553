/*
 * kernel_seen.h: which stamped lines a text has held, so that a log pasted twice counts once.
 *
 * The kernel stamps a line in microseconds, and the driver needs more than one for a call: two
 * failures of one kind with one stamp are one line in two places. The stamp of a daemon is of
 * when it read the line: two that follow each other may share it.
 */
#pragma once

#include "runner/kernel_line.h"

struct kernel_seen {
	uint64_t *slot; /* hashes of lines; 0: free */
	size_t slots;   /* a power of two, or 0 */
	size_t n;
	uint64_t last;
};

/* Remembers a failure with an exact stamp. @return whether it was there already */
bool kernel_seen_before(struct kernel_seen *seen, const struct kernel_message *message);
void kernel_seen_deinit(struct kernel_seen *seen);
