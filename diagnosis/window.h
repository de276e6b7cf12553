/*
 * window.h: the kernel lines that came while a rung was climbed, and whose they are.
 *
 * The kernel log is shared by all distros and containers of the VM. Of the lines of one kind
 * as many are ours as calls of ours ended so, by the rung's own trace; the rest was printed
 * for other programs. Without a trace nobody can tell them apart.
 */
#pragma once

#include "record/record.h"

struct window {
	int64_t ours, foreign;
	int64_t unknown; /* of rungs that were not traced */
};

/* @return how many of these lines the rung's calls account for; 0 without a trace */
int64_t window_ours(const struct rung_result *rung, const struct failure *lines);
/* @return how many of them a probe announced: refusals that are answers */
int64_t window_expected(const struct rung_result *rung, const struct failure *lines);

/* Adds the lines of a rung's window. */
void window_add(struct window *window, const struct rung_result *rung);
/* Those of all rungs of a record. */
struct window window_of_record(const struct record *record);
