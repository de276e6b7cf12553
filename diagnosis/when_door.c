/* Conditions about the rungs below every API. */
#include "diagnosis/rule.h"

#include <inttypes.h>
#include <string.h>

#include "diagnosis/stack.h"

static const struct rung_result *door_bad(const struct view *view)
{
	const struct result *result = view->overview.door_broken;
	return result ? road_lowest_bad(result) : NULL;
}

/* Whether /dev/dxg itself is what broke, and not DXCore on it. */
static bool is_dxg(const struct view *view)
{
	const struct result *broken = view->overview.door_broken;
	return broken && !strcmp(broken->interface, "dxg");
}

static bool is_reason(const struct view *view, enum reason reason)
{
	const struct rung_result *bad = door_bad(view);
	return bad && is_dxg(view) && bad->reason == reason;
}

bool when_no_device_node(struct view *view)
{
	return is_reason(view, REASON_NO_DEVICE_NODE);
}

bool when_no_device_in_container(struct view *view)
{
	return view->record->environment.kind == ENVIRONMENT_CONTAINER &&
	       is_reason(view, REASON_NO_DEVICE_NODE);
}

bool when_no_host_channel(struct view *view)
{
	return is_reason(view, REASON_NO_HOST_CHANNEL);
}

bool when_no_adapter(struct view *view)
{
	return is_reason(view, REASON_NO_ADAPTER);
}

/* The last step that it answered, and what it was then asked in vain. */
bool when_adapter_gone(struct view *view)
{
	const struct result *dxg = view->overview.door_broken;
	const struct rung_result *gone = dxg && is_dxg(view) ? road_gone(dxg) : NULL;
	if (!gone)
		return false;
	view_set(view, "step", stack_answered(dxg, gone));
	view_set(view, "how", stack_detail(&view->record->arena, gone));
	return true;
}

bool when_software_only(struct view *view)
{
	const struct rung_result *bad = door_bad(view);
	return bad && is_dxg(view) && bad->outcome == OUTCOME_FALLBACK;
}

static void set_step(struct view *view, const struct result *result,
		     const struct rung_result *rung)
{
	const char *detail = stack_detail(&view->record->arena, rung);
	view_set(view, "road", road_title(result->interface));
	view_set(view, "step", rung_rows[rung->rung].name);
	view_set(view, "how", detail ? detail : outcome_rows[rung->outcome].words);
}

bool when_door_hung(struct view *view)
{
	const struct rung_result *bad = door_bad(view);
	if (!bad || (bad->outcome != OUTCOME_HUNG && bad->outcome != OUTCOME_TIMEOUT))
		return false;
	set_step(view, view->overview.door_broken, bad);
	return true;
}

static const struct rung_result *dxg_rung(const struct view *view, enum rung rung)
{
	const struct result *dxg = record_result(view->record, "dxg", ROLE_ADAPTER);
	return dxg ? result_rung(dxg, rung) : NULL;
}

/* Only where it is the lowest: what fails below takes addresses along. */
bool when_address_capped(struct view *view)
{
	const struct rung_result *bad = door_bad(view);
	const struct finding_value *largest =
		bad && is_dxg(view) ? road_address_cap(bad) : NULL;
	if (!largest)
		return false;
	view_set_format(view, "largest", "%" PRId64, largest->integer);
	return true;
}

bool when_npu_escape_tested(struct view *view)
{
	const struct rung_result *escape = dxg_rung(view, RUNG_ESCAPE);
	const char *class = view->record->combination.adapter.class;
	return escape && outcome_is_bad(escape->outcome) && class &&
	       !strcmp(class, "npu");
}

/* It answers, and not of this adapter as the door does. */
static bool is_blind(const struct rung_result *bad)
{
	return bad->outcome == OUTCOME_FALLBACK || bad->reason == REASON_NO_ADAPTER ||
	       bad->reason == REASON_WRONG_RESULT;
}

bool when_dxcore_broken(struct view *view)
{
	const struct rung_result *bad = door_bad(view);
	if (!bad || is_dxg(view) || is_blind(bad))
		return false;
	set_step(view, view->overview.door_broken, bad);
	return true;
}

bool when_dxcore_blind(struct view *view)
{
	const struct rung_result *bad = door_bad(view);
	if (!bad || is_dxg(view) || !is_blind(bad))
		return false;
	const char *disagrees = findings_string(&bad->findings, FIND_DISAGREES);
	set_step(view, view->overview.door_broken, bad);
	if (disagrees)
		view_set(view, "how", disagrees);
	return true;
}

bool when_dxcore_missing(struct view *view)
{
	const struct result *dxcore = record_result(view->record, "dxcore", ROLE_ADAPTER);
	const struct rung_result *load = dxcore ? result_rung(dxcore, RUNG_LOAD) : NULL;
	const struct rung_result *dxg = dxg_rung(view, RUNG_LOAD);
	return load && load->reason == REASON_NOT_INSTALLED && dxg &&
	       dxg->outcome == OUTCOME_PASS && !view->overview.carrier;
}

bool when_door_broken(struct view *view)
{
	const struct rung_result *bad = door_bad(view);
	if (!bad || !is_dxg(view) || bad->outcome == OUTCOME_FALLBACK)
		return false;
	if (bad->reason == REASON_NO_DEVICE_NODE ||
	    bad->reason == REASON_NO_HOST_CHANNEL || bad->reason == REASON_NO_ADAPTER)
		return false;
	set_step(view, view->overview.door_broken, bad);
	return true;
}
