#include "diagnosis/overview.h"

#include <string.h>

bool overview_is_api(const struct result *result)
{
	return result->role == ROLE_ADAPTER && !result->reported &&
	       road_kind(result->interface) == ROAD_API;
}

bool overview_control_failed(const struct record *record, const char *interface)
{
	const struct result *control = record_result(record, interface, ROLE_CONTROL);
	return control && road_lowest_bad(control);
}

static int height_of(const struct result *result)
{
	enum rung height = result_height(result);
	return height == RUNG_COUNT ? -1 : (int)height;
}

/* A road that could run a kernel says more of the machine than one that ends below. */
static bool is_better(const struct result *result, const struct result *best)
{
	if (!best ||
	    (result_rung(result, RUNG_LAUNCH) && !result_rung(best, RUNG_LAUNCH)))
		return true;
	if (result_rung(best, RUNG_LAUNCH) && !result_rung(result, RUNG_LAUNCH))
		return false;
	return height_of(result) > height_of(best);
}

static void add_api(struct overview *o, const struct result *result)
{
	const struct rung_result *end = road_end(result);
	if (road_is_elsewhere(result, &o->record->combination.adapter)) {
		o->any_missing = true;
		return;
	}
	bool missing = end && end->reason == REASON_NOT_INSTALLED;
	o->any_missing = o->any_missing || missing;
	o->any_unfinished =
		o->any_unfinished || (end && (end->outcome == OUTCOME_INTERRUPTED ||
					      end->outcome == OUTCOME_ERROR));
	if (!road_was_tried(result))
		return;
	o->any_installed = o->any_installed || !missing;
	const struct rung_result *copy = result_rung(result, RUNG_COPY);
	if (!o->submitted && copy && copy->outcome == OUTCOME_PASS &&
	    road_trace_submits(&copy->trace))
		o->submitted = result;
	if (overview_control_failed(o->record, result->interface))
		return;
	if (is_better(result, o->best))
		o->best = result;
	if (height_of(result) >= RUNG_LAUNCH &&
	    (!o->carrier || height_of(result) > height_of(o->carrier)))
		o->carrier = result;
}

static void add_door(struct overview *o, const struct result *result)
{
	for (size_t i = 0; i < result->n_rungs; i++) {
		enum outcome outcome = result->rungs[i].outcome;
		o->door_passed += outcome == OUTCOME_PASS;
		o->door_tried += outcome == OUTCOME_PASS || outcome_is_bad(outcome);
	}
	/* DXCore stands on the door: had that failed, it is the one to name. */
	if (road_lowest_bad(result) &&
	    (!o->door_broken || !strcmp(result->interface, "dxg")))
		o->door_broken = result;
}

static bool is_other_machine(enum environment environment)
{
	switch (environment) {
	case ENVIRONMENT_WSL1:
	case ENVIRONMENT_CONTAINER:
	case ENVIRONMENT_HYPER_V:
	case ENVIRONMENT_LINUX:
		return true;
	case ENVIRONMENT_UNKNOWN:
	case ENVIRONMENT_WSL2:
	case ENVIRONMENT_COUNT:
		break;
	}
	return false;
}

/* @return whether some API found the GPU, and then failed on it. */
static bool failed_on_gpu(const struct record *record)
{
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *result = &record->results[i];
		const struct rung_result *bad =
			overview_is_api(result) ? road_lowest_bad(result) : NULL;
		if (bad && (bad->rung > RUNG_ENUMERATE || bad->outcome > OUTCOME_FAIL) &&
		    !road_is_elsewhere(result, &record->combination.adapter))
			return true;
	}
	return false;
}

static const char *untried_road(const struct overview *o)
{
	const char *own = road_own(o->record->combination.adapter.vendor);
	bool door_works = o->door_tried && !o->door_broken;
	bool tried = own && record_result(o->record, own, ROLE_ADAPTER);
	return door_works && !o->carrier && !tried && !failed_on_gpu(o->record) ? own
										: NULL;
}

void overview_make(const struct record *record, struct overview *ret)
{
	*ret = (struct overview){ .record = record };
	bool blamed = false;
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *result = &record->results[i];
		if (overview_is_api(result))
			add_api(ret, result);
		else if (result->role == ROLE_ADAPTER && !result->reported &&
			 road_kind(result->interface) == ROAD_DOOR)
			add_door(ret, result);
		if (result->role == ROLE_CONTROL && road_lowest_bad(result))
			blamed = true;
	}
	ret->ordinary = record->source.kind == SOURCE_MEASURED &&
			is_other_machine(record->environment.kind) && !ret->door_tried;
	/* A broken door needs no control; a road that carried needs none of another's. */
	ret->control_failed = blamed && !ret->carrier && !ret->door_broken;
	ret->untried = untried_road(ret);
	const char *class = record->combination.adapter.class;
	ret->npu = class && !strcmp(class, "npu");
	for (size_t i = 0; i < record->n_diagnoses && !ret->suspect; i++)
		if (record->diagnoses[i].layer != LAYER_UNKNOWN)
			ret->suspect = &record->diagnoses[i];
}
