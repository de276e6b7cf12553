#include "probes/dxg.h"

#include <errno.h>

#define ADDRESS_FIRST_MIB 1
/* Real programs reserve gigabytes to a terabyte at once, so that a healthy machine grants
 * this easily; the capped ones known end near 300 MiB. */
#define ADDRESS_GOAL_MIB 8192

/* Reserves so much, and gives it back. @return NULL, or the call that was refused. */
static const char *reserve(const struct dxg *dxg, uint64_t size, bool *ret_empty)
{
	struct d3dddi_reservegpuvirtualaddress reserve = {
		.adapter = dxg->adapter,
		.size = size,
		.reservation_type = D3DDDIGPUVA_RESERVE_NO_ACCESS,
	};
	*ret_empty = false;
	if (!dxg_call(dxg, LX_DXRESERVEGPUVIRTUALADDRESS, &reserve))
		return "reserve_gpu_va";
	*ret_empty = reserve.virtual_address == 0;
	if (*ret_empty)
		return "reserve_gpu_va";
	struct d3dkmt_freegpuvirtualaddress free_ = {
		.adapter = dxg->adapter,
		.base_address = reserve.virtual_address,
		.size = size,
	};
	return dxg_call(dxg, LX_DXFREEGPUVIRTUALADDRESS, &free_) ? NULL : "free_gpu_va";
}

/* Each size is freed before the next: what is measured is the largest piece, and no more
 * than the goal is ever held. */
enum outcome dxg_address(struct probe *p)
{
	const struct dxg *dxg = p->state;
	int64_t largest_mib = 0;
	const char *refused = NULL;
	bool empty = false;
	for (int64_t mib = ADDRESS_FIRST_MIB; mib <= ADDRESS_GOAL_MIB && !refused;
	     mib *= 2) {
		refused = reserve(dxg, (uint64_t)mib << 20, &empty);
		if (!refused)
			largest_mib = mib;
	}
	int number = errno;
	probe_find_number(p, FIND_LARGEST_MIB, largest_mib);
	errno = number;
	if (!refused)
		return dxg_end(p, OUTCOME_PASS);
	return dxg_end(p, empty ? dxg_empty_handed(p, refused) : dxg_refused(p, refused));
}
