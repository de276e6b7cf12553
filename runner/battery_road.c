#include "runner/battery_road.h"

#include <string.h>

#include "util/array.h"

static void block(struct rung_result *rung, enum rung by, enum reason reason)
{
	rung->outcome = OUTCOME_BLOCKED;
	rung->blocked = true;
	rung->by = by;
	rung->reason = reason;
}

/* The outcome of a rung that no process came to. @return whether it has one */
static bool judge_unclimbed(const struct road *road, struct rung_result *rung)
{
	const struct battery *b = road->battery;
	enum rung blocker = plan_blocker(&road->plan, rung->rung);
	if (!(road->plan.wanted & rung_bit(rung->rung))) {
		rung->outcome = OUTCOME_SKIP;
		rung->reason = REASON_NOT_ASKED;
	} else if (blocker < RUNG_COUNT) {
		block(rung, blocker, REASON_NONE);
	} else if (b->wedged && road->role == ROLE_ADAPTER) {
		block(rung, b->wedged_by, b->wedged_reason);
	} else if (b->stopped) {
		return false;
	} else {
		rung->outcome = OUTCOME_ERROR;
		rung->reason = b->late ? REASON_DEADLINE : REASON_PROTOCOL;
	}
	return true;
}

static bool finish_rung(const struct road *road, enum rung rung, struct rung_result *ret)
{
	const struct plan_rung *state = &road->plan.rungs[rung];
	*ret = road->rungs[rung];
	ret->rung = rung;
	ret->risk = rung_rows[rung].risk;
	if (!state->n_tries)
		ret->ms = -1;
	if (!plan_is_settled(&road->plan, rung))
		return judge_unclimbed(road, ret);
	ret->n_tries = state->n_tries > 1 ? state->n_tries : 0;
	memcpy(ret->tries, state->tries, sizeof(ret->tries));
	return true;
}

static bool is_of_device(const char *name)
{
	static const enum finding of_device[] = {
		FIND_PLATFORM,  FIND_DEVICE,         FIND_DEVICE_TYPE, FIND_VENDOR_ID,
		FIND_DEVICE_ID, FIND_DRIVER_VERSION, FIND_API_VERSION,
	};
	for_each_row(finding, of_device)
		if (!strcmp(finding_rows[*finding].name, name))
			return true;
	return false;
}

/* What a rung that passed says of the device is the result's; of a CPU that answered in
 * place of the GPU it stays with the rung. */
static void move_device(struct arena *arena, struct result *result,
			struct rung_result *rung)
{
	struct findings rest = { 0 };
	if (rung->outcome != OUTCOME_PASS)
		return;
	for (size_t i = 0; i < rung->findings.n; i++) {
		const struct finding_value *value = &rung->findings.finding[i];
		struct findings *to = is_of_device(value->name) ? &result->device : &rest;
		*arena_push(arena, to->finding, to->n) = *value;
	}
	rung->findings = rest;
}

void road_finish(struct road *road, struct result *ret)
{
	struct arena *arena = &road->battery->arena;
	*ret = (struct result){ .interface = road->interface->name, .role = road->role };
	for (int rung = 0; rung < RUNG_COUNT; rung++) {
		struct rung_result result;
		if (!(road->plan.has & rung_bit((enum rung)rung)) ||
		    !finish_rung(road, (enum rung)rung, &result))
			continue;
		move_device(arena, ret, &result);
		*arena_push(arena, ret->rungs, ret->n_rungs) = result;
	}
}
