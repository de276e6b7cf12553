/* run_log.h: the kernel log beside the battery: a window per rung, and all of it at the end. */
#pragma once

#include "runner/battery.h"
#include "runner/kmsg.h"

struct run_log {
	struct kmsg kmsg;
	struct kernel_log_counts *counts;
	struct kernel_log_counts *before; /* what the kernel held when the run began */
	struct battery_log hooks;
};

/* That the log cannot be read is no error. */
void run_log_init(struct run_log *log);
/* Accepts an all-zero log. */
void run_log_deinit(struct run_log *log);

/* @return NULL where the log cannot be read. */
const struct battery_log *run_log_hooks(const struct run_log *log);

/*
 * Writes all that the kernel still holds (runner/kernel_live.h) into record->kernel_log,
 * less `expected`; of it, as of an idle machine, what was there before the run began and was
 * printed after booting; or why nothing can be read.
 */
void run_log_record(const struct run_log *log, const struct failures *expected,
		    struct record *record);
