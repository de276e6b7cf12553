#include "runner/plan.h"

uint32_t plan_wanted(uint32_t has, enum risk risk)
{
	uint32_t wanted = 0;
	for (int rung = 0; rung < RUNG_COUNT; rung++)
		if (rung_rows[rung].risk <= risk)
			wanted |= has & rung_bit((enum rung)rung);
	return wanted;
}

void plan_settle(struct plan *plan, enum rung rung, enum outcome outcome)
{
	plan->rungs[rung].settled = true;
	plan->rungs[rung].outcome = outcome;
}

static bool has_ended(const struct plan_rung *rung)
{
	return rung->settled || rung->n_tries > 0;
}

bool plan_is_settled(const struct plan *plan, enum rung rung)
{
	return has_ended(&plan->rungs[rung]);
}

static bool is_to_be_tried_again(const struct plan *plan, const struct plan_rung *rung)
{
	return !plan->once && !rung->settled && rung->n_tries &&
	       outcome_is_retried(rung->outcome) &&
	       rung->n_tries + (size_t)rung->misses < TRIES_MAX;
}

enum rung plan_blocker(const struct plan *plan, enum rung rung)
{
	uint32_t needs = rung_closure(rung_bit(rung), plan->has);
	for (int need = 0; need < (int)rung; need++)
		if (needs & rung_bit((enum rung)need) && has_ended(&plan->rungs[need]) &&
		    plan->rungs[need].outcome != OUTCOME_PASS)
			return (enum rung)need;
	return RUNG_COUNT;
}

static uint32_t to_be_tried_again(const struct plan *plan)
{
	for (int rung = 0; rung < RUNG_COUNT; rung++)
		if (is_to_be_tried_again(plan, &plan->rungs[rung]))
			return rung_bit((enum rung)rung);
	return 0;
}

static uint32_t never_tried(const struct plan *plan)
{
	uint32_t rungs = 0;
	for (int rung = 0; rung < RUNG_COUNT; rung++)
		if (plan->wanted & rung_bit((enum rung)rung) &&
		    !has_ended(&plan->rungs[rung]) &&
		    plan->rungs[rung].misses < TRIES_MAX &&
		    plan_blocker(plan, (enum rung)rung) == RUNG_COUNT)
			rungs |= rung_bit((enum rung)rung);
	return rungs;
}

/* One at a time is tried again: a process that dies at it says nothing of what follows. */
uint32_t plan_next(const struct plan *plan, uint32_t *ret_target)
{
	uint32_t target = plan->hung ? 0 : to_be_tried_again(plan);
	if (!plan->hung && !target)
		target = never_tried(plan);
	*ret_target = target;
	return rung_closure(target, plan->has);
}

bool plan_take(struct plan *plan, enum rung rung, enum outcome outcome)
{
	struct plan_rung *state = &plan->rungs[rung];
	/* Climbed once more only because another one needs it: no news. */
	bool known = state->n_tries && outcome == OUTCOME_PASS &&
		     !outcome_is_retried(state->outcome);
	if (state->settled || known)
		return false;
	bool first = state->n_tries == 0;
	enum outcome worst = first ? outcome : outcome_worse(state->outcome, outcome);
	bool worse = first || worst != state->outcome;
	/* Of more tries than there is room for, the worst takes the place of the last. */
	if (state->n_tries < TRIES_MAX)
		state->tries[state->n_tries++] = outcome;
	else if (worse)
		state->tries[TRIES_MAX - 1] = outcome;
	state->outcome = worst;
	plan->hung = plan->hung || outcome == OUTCOME_HUNG;
	return worse;
}

void plan_miss(struct plan *plan, uint32_t rungs)
{
	for (int rung = 0; rung < RUNG_COUNT; rung++)
		if (rungs & rung_bit((enum rung)rung))
			plan->rungs[rung].misses++;
}
