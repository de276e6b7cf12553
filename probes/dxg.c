/*
 * dxg.c: the door itself, without any library and without vendor data: adapters and a device.
 *
 * No call of this interface blocks without an end: its only wait is asynchronous, on an
 * eventfd. Nothing is submitted.
 */
#include "probes/dxg.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "probes/dxg_name.h"
#include "probes/packet.h"
#include "util/alloc.h"

/* As ioctl(2), with the recording in the kernel's place. */
static int replayed(const struct dxg *dxg, uint32_t request, void *argument)
{
	int64_t result = replay_call(dxg->replay, request, argument);
	while (result == DXG_CALL_UNFINISHED)
		pause();
	if (result >= 0 || result < -REPLAY_UNTOLD)
		return (int)result;
	errno = (int)-result;
	return -1;
}

bool dxg_call(const struct dxg *dxg, uint32_t request, void *argument)
{
	int result = dxg->replay ? replayed(dxg, request, argument)
				 : ioctl(dxg->fd, request, argument);
	/* Some refusals come back as the raw status, with errno unchanged (ioctl.c,
	 * dxgkio_create_allocation). */
	if (result < -1)
		errno = EINVAL;
	return result >= 0;
}

bool dxg_try(struct probe *p, uint32_t request, void *argument)
{
	int32_t type = PACKET_ANY_TYPE;
	if (request == LX_DXQUERYADAPTERINFO)
		type = (int32_t)((const struct d3dkmt_queryadapterinfo *)argument)->type;
	probe_expect(p, request, type, 1);
	return dxg_call(p->state, request, argument);
}

bool dxg_try_noting(struct probe *p, uint32_t request, void *argument, const char *what,
		    struct strbuf *refusals)
{
	if (dxg_try(p, request, argument))
		return true;
	int number = errno;
	if (number != REPLAY_UNTOLD)
		strbuf_printf(refusals, "%s%s:-%d", refusals->length ? " " : "", what,
			      number);
	errno = number;
	return false;
}

enum outcome dxg_refused(struct probe *p, const char *call)
{
	int number = errno;
	if (number == REPLAY_UNTOLD) {
		probe_find(p, FIND_CALL, call);
		return probe_error(p, REASON_NOT_RECORDED);
	}
	const char *name = strerrorname_np(number);
	probe_find_number(p, FIND_ERRNO, -number);
	if (name)
		return probe_refused(p, call, "%s", name);
	return probe_refused(p, call, "errno %d", number);
}

enum outcome dxg_empty_handed(struct probe *p, const char *call)
{
	return probe_refused(p, call, "success without a result");
}

/* @return 0 or an errno: of opening the node, or as the recording in its place has it. */
static int open_node(struct dxg *dxg, const struct probe *p)
{
	dxg->fd = -1;
	if (p->replay) {
		dxg->replay = p->replay;
		return replay_open(p->replay);
	}
	/* Read-only suffices for every call (microsoft/libdxg:src/d3dkmt-wsl.cpp). */
	dxg->fd = open(DXG_NODE, O_RDONLY | O_CLOEXEC);
	return dxg->fd < 0 ? errno : 0;
}

static enum outcome dxg_load(struct probe *p)
{
	struct dxg *dxg = p->state = xcalloc(1, sizeof(*dxg));
	errno = open_node(dxg, p);
	switch (errno) {
	case 0:
		return OUTCOME_PASS;
	case ENOENT:
		return probe_skip(p, REASON_NO_DEVICE_NODE);
	case EBADF:
		/* The driver's open hides every error behind this one
		 * (drivers/hv/dxgkrnl/dxgmodule.c, dxgk_open): no channel to the host, or
		 * the host refused this process (microsoft/WSL#41062). */
		probe_find_number(p, FIND_ERRNO, -EBADF);
		return probe_fail(p, REASON_NO_HOST_CHANNEL);
	default:
		return dxg_refused(p, "open");
	}
}

/* Writes all that DXG lists to dxg. @return false with errno and *ret_call. */
static bool list_adapters(struct probe *p, const char **ret_call)
{
	struct dxg *dxg = p->state;
	*ret_call = "enum_adapters3";
	struct d3dkmt_enumadapters3 three = {
		.filter.include_compute_only = 1,
		.adapter_count = D3DKMT_ADAPTERS_MAX,
		.adapters = (uintptr_t)dxg->adapters,
	};
	bool granted = dxg_call(dxg, LX_DXENUMADAPTERS3, &three);
	if (!granted && errno != ENOTTY && errno != REPLAY_UNTOLD)
		return false;
	if (granted && three.adapter_count) {
		dxg->adapter_count = three.adapter_count;
		return true;
	}
	/* Missing in the oldest driver; and where it lists nothing the older call may still
	 * list something (reported of an Adreno on 6.6.87.2). */
	*ret_call = "enum_adapters";
	struct d3dkmt_enumadapters2 two = {
		.num_adapters = D3DKMT_ADAPTERS_MAX,
		.adapters = (uintptr_t)dxg->adapters,
	};
	if (!(granted ? dxg_try(p, LX_DXENUMADAPTERS2, &two)
		      : dxg_call(dxg, LX_DXENUMADAPTERS2, &two)))
		return granted;
	dxg->adapter_count = two.num_adapters;
	return true;
}

static enum outcome dxg_enumerate(struct probe *p)
{
	struct dxg *dxg = p->state;
	const char *call;
	if (!list_adapters(p, &call))
		return dxg_refused(p, call);
	if (dxg->adapter_count > D3DKMT_ADAPTERS_MAX) {
		/* Nothing was copied then; see d3dkmt_enumadapters3. */
		dxg->adapter_count = 0;
		return probe_refused(p, call, "more adapters than room");
	}
	probe_find_number(p, FIND_ADAPTERS, dxg->adapter_count);
	if (p->adapter >= 0) {
		if ((uint32_t)p->adapter >= dxg->adapter_count)
			return probe_fail(p, REASON_NO_ADAPTER);
		dxg->chosen = (uint32_t)p->adapter;
		return dxg_describe(p, dxg->chosen) ? probe_fallback(p, REASON_CPU_ONLY)
						    : OUTCOME_PASS;
	}
	if (!dxg->adapter_count)
		return probe_fail(p, REASON_NO_ADAPTER);
	bool hardware = false;
	for (uint32_t i = 0; i < dxg->adapter_count; i++) {
		bool software = dxg_describe(p, i);
		if (software || hardware)
			continue;
		hardware = true;
		dxg->chosen = i;
	}
	return hardware ? OUTCOME_PASS : probe_fallback(p, REASON_CPU_ONLY);
}

static enum outcome dxg_open(struct probe *p)
{
	struct dxg *dxg = p->state;
	struct d3dkmt_openadapterfromluid open = {
		.adapter_luid = dxg->adapters[dxg->chosen].adapter_luid,
	};
	if (!dxg_call(dxg, LX_DXOPENADAPTERFROMLUID, &open))
		return dxg_refused(p, "open_adapter_from_luid");
	if (!open.adapter_handle.v)
		return dxg_empty_handed(p, "open_adapter_from_luid");
	dxg->adapter = open.adapter_handle;
	struct d3dkmt_createdevice create = { .adapter = dxg->adapter };
	if (!dxg_call(dxg, LX_DXCREATEDEVICE, &create))
		return dxg_refused(p, "create_device");
	if (!create.device.v)
		return dxg_empty_handed(p, "create_device");
	dxg->device = create.device;
	return OUTCOME_PASS;
}

/* Devices before their adapter, as Windows wants it, and both before the node. */
static void dxg_close(struct probe *p)
{
	struct dxg *dxg = p->state;
	if (!dxg || (dxg->fd < 0 && !dxg->replay))
		return;
	if (dxg->device.v)
		dxg_call(dxg, LX_DXDESTROYDEVICE,
			 &(struct d3dkmt_destroydevice){ dxg->device });
	if (dxg->adapter.v)
		dxg_call(dxg, LX_DXCLOSEADAPTER,
			 &(struct d3dkmt_closeadapter){ dxg->adapter });
	for (uint32_t i = 0; i < dxg->adapter_count; i++)
		dxg_call(
			dxg, LX_DXCLOSEADAPTER,
			&(struct d3dkmt_closeadapter){ dxg->adapters[i].adapter_handle });
	if (dxg->fd >= 0)
		close(dxg->fd);
}

INTERFACE(dxg) = {
	.name = "dxg",
	.title = "DXG",
	.layer = LAYER_DXG,
	.rungs = { [RUNG_LOAD] = dxg_load,
		   [RUNG_ENUMERATE] = dxg_enumerate,
		   [RUNG_OPEN] = dxg_open,
		   [RUNG_QUERY] = dxg_query,
		   [RUNG_PAGING] = dxg_paging,
		   [RUNG_FENCE] = dxg_fence,
		   [RUNG_ADDRESS] = dxg_address,
		   [RUNG_ESCAPE] = dxg_escape },
	.close = dxg_close,
	.replays = true,
};
