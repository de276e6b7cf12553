#include "runner/requirement.h"

#include <string.h>

#include "runner/environment.h"

struct error *requirement_parse(const char *text, struct requirement *ret)
{
	if (!text)
		return NULL;
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : 0;
	if (!length || length >= sizeof(ret->interface) ||
	    !rung_parse(colon + 1, &ret->rung))
		return error_usage("--require %s: INTERFACE:RUNG is needed, such as "
				   "opencl:launch",
				   text);
	memcpy(ret->interface, text, length);
	ret->interface[length] = '\0';
	return NULL;
}

/* @return whether a rung passed together with all it needs. */
static bool reaches(const struct result *result, enum rung rung)
{
	uint32_t passed = 0, has = 0;
	for (size_t i = 0; i < result->n_rungs; i++) {
		has |= rung_bit(result->rungs[i].rung);
		if (result->rungs[i].outcome == OUTCOME_PASS)
			passed |= rung_bit(result->rungs[i].rung);
	}
	uint32_t needed = rung_closure(rung_bit(rung), has);
	return (needed & passed) == needed;
}

static bool is_step_met(const struct requirement *requirement,
			const struct record *record)
{
	const struct result *result =
		record_result(record, requirement->interface, ROLE_ADAPTER);
	return result && reaches(result, requirement->rung);
}

struct sight {
	bool could_launch; /* an interface that was climbed has that rung */
	bool launches, broken;
};

static void look_at(const struct result *result, struct sight *sight)
{
	if (result->role != ROLE_ADAPTER)
		return;
	sight->could_launch = sight->could_launch || result_rung(result, RUNG_LAUNCH);
	sight->launches = sight->launches || reaches(result, RUNG_LAUNCH);
	for (size_t i = 0; i < result->n_rungs; i++)
		if (outcome_is_bad(result->rungs[i].outcome))
			sight->broken = true;
}

bool requirement_is_met(const struct requirement *requirement,
			const struct record *records, size_t n)
{
	struct sight sight = { 0 };
	bool judged = false;
	for (size_t i = 0; i < n; i++) {
		if (requirement && is_step_met(requirement, &records[i]))
			return true;
		judged = judged || environment_is_inside(&records[i]);
		for (size_t j = 0; j < records[i].n_results; j++)
			look_at(&records[i].results[j], &sight);
	}
	if (requirement)
		return false;
	return !judged || sight.launches || (!sight.could_launch && !sight.broken);
}
