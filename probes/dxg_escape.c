#include "probes/dxg.h"

#include "util/array.h"

#define ESCAPE_BYTES 64

/* A message of zeros, which no driver has a command for. */
static bool escape(const struct dxg *dxg, uint32_t size)
{
	uint8_t message[ESCAPE_BYTES] = { 0 };
	struct d3dkmt_escape escape = {
		.adapter = dxg->adapter,
		.type = _D3DKMT_ESCAPE_DRIVERPRIVATE,
		.priv_drv_data = size ? (uintptr_t)message : 0,
		.priv_drv_data_size = size,
	};
	return dxg_call(dxg, LX_DXESCAPE, &escape);
}

/*
 * Whether Windows lets a message through to an NPU's driver, without which nothing can be
 * computed there. The empty one says only that Windows answers: no reply is too short for
 * it (dxgvmbus.c, dxgvmb_send_escape). One with any content is refused on the NPUs known,
 * whatever it is (microsoft/WSL#40445). Never to a GPU, whose driver may understand it; nor
 * to what Windows did not call an NPU.
 */
enum outcome dxg_escape(struct probe *p)
{
	const struct dxg *dxg = p->state;
	if (!dxg->types[dxg->chosen].compute_only)
		return probe_skip(p, REASON_NOT_APPLICABLE);
	static const uint32_t sizes[] = { 0, ESCAPE_BYTES };
	for_each_row(size, sizes) {
		if (escape(dxg, *size))
			continue;
		enum outcome outcome = dxg_refused(p, "escape");
		probe_find_number(p, FIND_ESCAPE_BYTES, *size);
		return dxg_end(p, outcome);
	}
	return dxg_end(p, OUTCOME_PASS);
}
