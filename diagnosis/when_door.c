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

static bool is_reason(const struct view *view, enum reason reason)
{
	const struct rung_result *bad = door_bad(view);
	return bad && bad->reason == reason;
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

bool when_software_only(struct view *view)
{
	const struct rung_result *bad = door_bad(view);
	return bad && bad->outcome == OUTCOME_FALLBACK;
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

bool when_address_capped(struct view *view)
{
	const struct rung_result *address = dxg_rung(view, RUNG_ADDRESS);
	if (!address || address->outcome != OUTCOME_FAIL)
		return false;
	const struct finding_value *largest =
		findings_get(&address->findings, FIND_LARGEST_MIB);
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

bool when_dxcore_broken(struct view *view)
{
	const struct result *broken = view->overview.door_broken;
	const struct rung_result *bad = door_bad(view);
	/* dxg stands before dxcore: had it failed, it would be the one named. */
	if (!broken || strcmp(broken->interface, "dxcore"))
		return false;
	set_step(view, broken, bad);
	return true;
}

bool when_door_broken(struct view *view)
{
	const struct rung_result *bad = door_bad(view);
	if (!bad || bad->outcome == OUTCOME_FALLBACK || when_dxcore_broken(view))
		return false;
	if (bad->reason == REASON_NO_DEVICE_NODE ||
	    bad->reason == REASON_NO_HOST_CHANNEL || bad->reason == REASON_NO_ADAPTER)
		return false;
	set_step(view, view->overview.door_broken, bad);
	return true;
}
