#include "probes/dxg.h"

#include <errno.h>

#define FIRST_MIB 1
/* Real programs reserve gigabytes to a terabyte at once, so that a healthy machine grants
 * this easily; the capped ones known end near 300 MiB. */
#define GOAL_MIB 8192

/* 0 is no bound; programs that give one give no less. */
#define OTHER_BOUND (UINT64_C(1) << 40)

/* Reserves so much, and gives it back. @return NULL, or the call that was refused: by errno,
 * or, where that is 0, by a success without a result. */
static const char *reserve(const struct dxg *dxg, uint64_t size, uint64_t bound)
{
	struct d3dddi_reservegpuvirtualaddress reserve = {
		.adapter = dxg->adapter,
		.maximum_address = bound,
		.size = size,
		.reservation_type = _D3DDDIGPUVA_RESERVE_NO_ACCESS,
	};
	if (!dxg_call(dxg, LX_DXRESERVEGPUVIRTUALADDRESS, &reserve))
		return "reserve_gpu_va";
	if (!reserve.virtual_address) {
		errno = 0;
		return "reserve_gpu_va";
	}
	struct d3dkmt_freegpuvirtualaddress free_ = {
		.adapter = dxg->adapter,
		.base_address = reserve.virtual_address,
		.size = size,
	};
	return dxg_call(dxg, LX_DXFREEGPUVIRTUALADDRESS, &free_) ? NULL : "free_gpu_va";
}

/* Doubles what is asked for until a refusal or the goal; each piece is freed before the
 * next, so no more than the goal is ever held. @return as reserve(). */
static const char *climb_sizes(const struct dxg *dxg, uint64_t bound,
			       int64_t *ret_largest_mib)
{
	*ret_largest_mib = 0;
	for (int64_t mib = FIRST_MIB; mib <= GOAL_MIB; mib *= 2) {
		const char *refused = reserve(dxg, (uint64_t)mib << 20, bound);
		if (refused)
			return refused;
		*ret_largest_mib = mib;
	}
	return NULL;
}

enum outcome dxg_address(struct probe *p)
{
	int64_t largest_mib;
	const char *refused = climb_sizes(p->state, 0, &largest_mib);
	/* Not even the first: perhaps a host that wants the bound, and no cap. */
	if (refused && !largest_mib)
		refused = climb_sizes(p->state, OTHER_BOUND, &largest_mib);
	int number = errno;
	/* A recording that ends early is no refusal. */
	if (!refused || number != REPLAY_UNTOLD)
		probe_find_number(p, FIND_LARGEST_MIB, largest_mib);
	if (!refused)
		return dxg_end(p, OUTCOME_PASS);
	errno = number;
	return dxg_end(p,
		       number ? dxg_refused(p, refused) : dxg_empty_handed(p, refused));
}
