/*
 * dxg.h: what the rungs of the dxg interface share: the open node, its adapters, one device.
 *
 * dxg.c climbs from load to open and closes in order; dxg_query.c asks, dxg_fence.c has the
 * paging queue and the fence, dxg_address.c the GPU's addresses, dxg_escape.c the message to
 * an NPU's driver, dxg_state.c what became of the device. What the kernel's driver does with
 * each call is described in dxg_abi.h.
 */
#pragma once

#include "probes/dxg_abi.h"
#include "probes/dxg_replay.h"
#include "probes/probe.h"
#include "util/strbuf.h"

/* Half of the fence rung's deadline: past it we still destroy in order and say so ourselves. */
#define DXG_FENCE_TIMEOUT_MS 5000

/* p->state of the interface. */
struct dxg {
	int fd;                /* of the node, read-only; -1 below a root */
	struct replay *replay; /* what answers below a root, else NULL */
	uint32_t adapter_count;
	struct d3dkmt_adapterinfo adapters[D3DKMT_ADAPTERS_MAX];
	/* What Windows says each is; paravirtualized is set in every answer. */
	struct d3dkmt_adaptertype types[D3DKMT_ADAPTERS_MAX];
	uint32_t chosen;             /* index in adapters */
	struct d3dkmthandle adapter; /* the chosen one's, as opened by its LUID; or 0 */
	struct d3dkmthandle device;  /* or 0 */
};

/*
 * A call of ours.
 * @param request   LX_DX…
 * @param argument  its structure, zeroed where it is not filled
 * @return          whether the driver and Windows granted it, at once or in the end
 *                  (STATUS_PENDING); else errno says why, REPLAY_UNTOLD among them
 */
bool dxg_call(const struct dxg *dxg, uint32_t request, void *argument);
/* The same where a refusal is an answer too: it is announced as expected. */
bool dxg_try(struct probe *p, uint32_t request, void *argument);
/*
 * The same, and a refusal is noted for the finding refused_calls.
 * @param what      the call and which of its questions: "get_device_state/3"
 * @param refusals  grows by "WHAT:-ERRNO", one after the other
 * @return          as dxg_call(), with errno
 */
bool dxg_try_noting(struct probe *p, uint32_t request, void *argument, const char *what,
		    struct strbuf *refusals);

/* fail(refused) by errno, with the findings errno, call and code. */
enum outcome dxg_refused(struct probe *p, const char *call);
/* Granted, and yet what should have come back is missing. */
enum outcome dxg_empty_handed(struct probe *p, const char *call);

/* Sends what is known of the adapter at this index and remembers its type. @return whether
 * it is one that computes in software. */
bool dxg_describe(struct probe *p, uint32_t index);
/*
 * To be returned from a rung that worked on the device: finds its state, and turns a pass
 * into fail(device-lost) where the device does not work any more.
 */
enum outcome dxg_end(struct probe *p, enum outcome outcome);

/* The rungs. */
enum outcome dxg_query(struct probe *p);
enum outcome dxg_paging(struct probe *p);
enum outcome dxg_fence(struct probe *p);
enum outcome dxg_address(struct probe *p);
enum outcome dxg_escape(struct probe *p);
