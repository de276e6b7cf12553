#include "probes/dxg.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "util/array.h"
#include "util/cleanup.h"
#include "util/strbuf.h"

/* All three may be refused by a host that does not know the question. */
static bool ask(struct probe *p, uint32_t type, struct d3dkmt_getdevicestate *ret,
		struct strbuf *refusals)
{
	char what[32];
	snprintf(what, sizeof(what), "get_device_state/%" PRIu32, type);
	const struct dxg *dxg = p->state;
	*ret = (struct d3dkmt_getdevicestate){ .device = dxg->device,
					       .state_type = type };
	return dxg_try_noting(p, LX_DXGETDEVICESTATE, ret, what, refusals);
}

static const char *state_name(uint32_t state)
{
	switch (state) {
#define X(number, name, constant)                                                        \
	case number:                                                                     \
		return name;
		DXG_EXECUTION_STATES(X)
#undef X
	default:
		return NULL;
	}
}

static void find_page_fault(struct probe *p, struct strbuf *refusals)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} flags[] = {
#define X(bit, name, constant) { bit, name },
		DXG_PAGE_FAULT_FLAGS(X)
#undef X
	};
	struct d3dkmt_getdevicestate state;
	if (!ask(p, _D3DKMT_DEVICESTATE_PAGE_FAULT, &state, refusals))
		return;
	const struct d3dkmt_devicepagefault_state *fault = &state.page_fault_state;
	if (!fault->page_fault_flags && !fault->faulted_virtual_address)
		return;
	cleanup_strbuf struct strbuf names;
	strbuf_init(&names);
	if (!(fault->page_fault_flags & _DXGK_PAGE_FAULT_WRITE))
		strbuf_add_string(&names, "read");
	for_each_row(flag, flags)
		if (fault->page_fault_flags & flag->bit)
			strbuf_printf(&names, "%s%s", names.length ? " " : "",
				      flag->name);
	probe_find(p, FIND_PAGE_FAULT, names.string);
}

enum outcome dxg_end(struct probe *p, enum outcome outcome)
{
	struct d3dkmt_getdevicestate state;
	bool lost = false, stopped = false;
	cleanup_strbuf struct strbuf refusals;
	strbuf_init(&refusals);
	if (ask(p, _D3DKMT_DEVICESTATE_EXECUTION, &state, &refusals)) {
		probe_find(p, FIND_DEVICE_STATE, state_name(state.execution_state));
		lost = state_name(state.execution_state) &&
		       state.execution_state != _D3DKMT_DEVICEEXECUTION_ACTIVE;
	} else {
		/* So a stopped adapter answers everything (drivers/hv/dxgkrnl/
		 * dxgadapter.c, dxgadapter_acquire_lock_shared). */
		stopped = errno == ENODEV;
	}
	if (ask(p, _D3DKMT_DEVICESTATE_RESET, &state, &refusals))
		probe_find_flag(p, FIND_DESKTOP_SWITCHED,
				state.reset_state.desktop_switched);
	find_page_fault(p, &refusals);
	probe_find(p, FIND_REFUSED_CALLS, refusals.string);
	if ((outcome == OUTCOME_PASS && lost) || (outcome == OUTCOME_FAIL && stopped))
		return probe_fail(p, REASON_DEVICE_LOST);
	return outcome;
}
