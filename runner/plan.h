/*
 * plan.h: which rungs of one interface to climb next, from how the others ended.
 *
 * Pure decisions, no process and no clock. A fresh process climbs what plan_next() says
 * until nothing is left: first all at once; what fails, crashes or times out twice more;
 * then what does not need it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/record.h"

struct plan_rung {
	enum outcome tries[TRIES_MAX];
	size_t n_tries;
	int misses;   /* processes that should have climbed it and did not come to it */
	bool settled; /* decided without climbing: left out, blocked from outside */
	enum outcome outcome; /* worst of the tries, or as settled */
};

struct plan {
	uint32_t has;    /* rungs of the interface */
	uint32_t wanted; /* those that may be climbed */
	bool hung;       /* nothing more is started */
	bool once;       /* nothing is tried again: it would end as it did */
	struct plan_rung rungs[RUNG_COUNT];
};

/* Rungs of an interface that a run at this risk climbs. */
uint32_t plan_wanted(uint32_t has, enum risk risk);

/* Decides a rung that will not be climbed. */
void plan_settle(struct plan *plan, enum rung rung, enum outcome outcome);

/*
 * @return the rungs for the next process, with all they need; 0: nothing is left to do.
 * @param ret_target  those the process is started for: what it does not come to counts
 * as missed
 */
uint32_t plan_next(const struct plan *plan, uint32_t *ret_target);

/*
 * Takes how a rung ended in a process.
 * @return whether this try is the worst so far, so that its findings are to be kept
 */
bool plan_take(struct plan *plan, enum rung rung, enum outcome outcome);
/* Takes that a process came to none of these. */
void plan_miss(struct plan *plan, uint32_t rungs);

/* @return whether it is known how the rung ended. */
bool plan_is_settled(const struct plan *plan, enum rung rung);
/* @return the lowest rung that did not pass and that this one needs, directly or not;
 * RUNG_COUNT where nothing blocks it. */
enum rung plan_blocker(const struct plan *plan, enum rung rung);
