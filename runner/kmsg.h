/*
 * kmsg.h: the live kernel log by sequence number, as a window around an experiment.
 *
 * /dev/kmsg gives a record per read(), with sequence number and time; reading takes
 * nothing away and needs no more than CAP_SYSLOG, or nothing where
 * kernel.dmesg_restrict is 0 (Linux:Documentation/ABI/testing/dev-kmsg). The log belongs
 * to the whole VM: what a window holds was printed then, by whomever.
 */
#pragma once

#include "runner/kernel_log.h"

struct kmsg {
	int fd;        /* -1: not readable */
	int64_t lost;  /* records the ring had overwritten before we read them */
	int64_t first; /* sequence number of the first record read; -1: none was */
	int64_t next;  /* of the one that must follow; -1: not known yet */
	char why[320]; /* reason and cure where fd is -1 */
};

/* Opens the log; what is printed from now on belongs to the first window. Not being
 * allowed to is no error: kmsg_why() tells people. */
void kmsg_open(struct kmsg *kmsg);
/* The same, but all that the ring still holds belongs to the first window. */
void kmsg_open_all(struct kmsg *kmsg);
void kmsg_close(struct kmsg *kmsg);
#define cleanup_kmsg cleanup_with(kmsg_close)

/* @return reason and cure in a sentence, or NULL where the log can be read. */
const char *kmsg_why(const struct kmsg *kmsg);

/*
 * Counts what was printed since kmsg_open() or the last call. Never waits. Where
 * kmsg->lost grew, there was more of it.
 * @param ret  emptied first; empty too where the log can't be read
 */
void kmsg_window(struct kmsg *kmsg, struct kernel_log_counts *ret);
