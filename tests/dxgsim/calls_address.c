/* GPU virtual addresses of a process: reserved, mapped, freed. */
#include <errno.h>

#include "tests/dxgsim/call.h"
#include "util/alloc.h"
#include "util/cleanup.h"

#define PAGE 4096
/* Where the first range without a wish of its own lies, and how far addresses go where the
 * scenario gives no limit: 47 bits, as on many GPUs. */
#define ADDRESS_FIRST (UINT64_C(1) << 32)
#define ADDRESS_END   (UINT64_C(1) << 47)

static uint64_t used_bytes(const struct guest *guest, const struct sim_adapter *adapter)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < guest->range_count; i++)
		if (guest->ranges[i].adapter == adapter)
			sum += guest->ranges[i].size;
	return sum;
}

/* @return the range that has an address in [start, start + size), or NULL. */
static struct range *find_range(const struct guest *guest,
				const struct sim_adapter *adapter, uint64_t start,
				uint64_t size)
{
	for (size_t i = 0; i < guest->range_count; i++) {
		struct range *range = &guest->ranges[i];
		if (range->adapter == adapter && range->start < start + size &&
		    start < range->start + range->size)
			return range;
	}
	return NULL;
}

/* Bounds of a wish; a bound of 0 is none. */
struct wish {
	uint64_t base, minimum, maximum, size;
};

/* @return where a range of that size is free, 0 for nowhere. */
static uint64_t find_room(const struct guest *guest, const struct sim_adapter *adapter,
			  const struct wish *wish)
{
	uint64_t end = wish->maximum && wish->maximum < ADDRESS_END ? wish->maximum
								    : ADDRESS_END;
	uint64_t start = wish->base      ? wish->base
			 : wish->minimum ? wish->minimum
					 : ADDRESS_FIRST;
	if (wish->size > end || start > end - wish->size)
		return 0;
	const struct range *other;
	while ((other = find_range(guest, adapter, start, wish->size))) {
		start = other->start + other->size;
		if (wish->base || start > end - wish->size)
			return 0;
	}
	return start;
}

/* @return the address, or 0: Windows has none to give, or the scenario's limit is met. */
static uint64_t take_range(struct guest *guest, const struct sim_adapter *adapter,
			   const struct wish *wish)
{
	if (!wish->size || wish->size % PAGE || wish->base % PAGE)
		return 0;
	if (adapter->address_limit &&
	    (wish->size > adapter->address_limit ||
	     used_bytes(guest, adapter) > adapter->address_limit - wish->size))
		return 0;
	uint64_t start = find_room(guest, adapter, wish);
	if (!start)
		return 0;
	guest->ranges = xreallocarray(guest->ranges, guest->range_count + 1,
				      sizeof(*guest->ranges));
	guest->ranges[guest->range_count++] =
		(struct range){ adapter, start, wish->size };
	return start;
}

/* The handle is an adapter's or a paging queue's. */
int call_reserve_gpu_va(struct call *call, void *argument)
{
	struct d3dddi_reservegpuvirtualaddress *reserve = argument;
	const struct sim_adapter *adapter = call_find_adapter(call, reserve->adapter);
	if (!adapter)
		adapter = call_adapter_of(call, call_expect_object(call, reserve->adapter,
								   OBJECT_PAGING_QUEUE));
	if (!adapter) {
		call_print(call, "invalid adapter or paging queue: 0x%x",
			   reserve->adapter.v);
		return -EINVAL;
	}
	const struct wish wish = { reserve->base_address, reserve->minimum_address,
				   reserve->maximum_address, reserve->size };
	reserve->virtual_address = take_range(call->guest, adapter, &wish);
	/* No status comes with the reply; that of a refusal is too short. */
	return reserve->virtual_address ? 0 : -EOVERFLOW;
}

int call_free_gpu_va(struct call *call, void *argument)
{
	const struct d3dkmt_freegpuvirtualaddress *release = argument;
	const struct sim_adapter *adapter = call_find_adapter(call, release->adapter);
	struct guest *guest = call->guest;
	if (!adapter)
		return -EINVAL;
	struct range *range = find_range(guest, adapter, release->base_address, 1);
	if (!range || range->start != release->base_address ||
	    range->size != release->size)
		return -EINVAL;
	*range = guest->ranges[--guest->range_count];
	return 0;
}

int call_map_gpu_va(struct call *call, void *argument)
{
	struct d3dddi_mapgpuvirtualaddress *map = argument;
	const struct object *queue =
		call_expect_object(call, map->paging_queue, OBJECT_PAGING_QUEUE);
	if (!queue || map->size_in_pages > ADDRESS_END / PAGE)
		return -EINVAL;
	const struct sim_adapter *adapter = call_adapter_of(call, queue);
	const struct object *allocation =
		map->allocation.v
			? call_find_object(call, map->allocation, OBJECT_ALLOCATION)
			: NULL;
	bool empty = map->protection.zero || map->protection.no_access;
	uint64_t size = map->size_in_pages * PAGE;
	if ((!allocation && (map->allocation.v || !empty)) ||
	    (allocation && (map->offset_in_pages > allocation->size / PAGE ||
			    size > allocation->size - map->offset_in_pages * PAGE)))
		return -EINVAL;
	/* Inside what is reserved it takes nothing new. */
	const struct range *range =
		map->base_address ? find_range(call->guest, adapter, map->base_address, 1)
				  : NULL;
	if (range && size <= range->start + range->size - map->base_address) {
		map->virtual_address = map->base_address;
	} else {
		const struct wish wish = { map->base_address, map->minimum_address,
					   map->maximum_address, size };
		map->virtual_address = take_range(call->guest, adapter, &wish);
		/* A status comes with this reply. */
		if (!map->virtual_address)
			return -ENOMEM;
	}
	map->paging_fence_value = call_advance_queue(call, map->paging_queue);
	return STATUS_PENDING;
}

/* Pages of a queue of its own, which only a vendor's driver fills: refused by Windows. */
int call_update_gpu_va(struct call *call, void *argument)
{
	static const char function[] = "dxgvmb_send_update_gpu_va";
	const size_t each = sizeof(struct d3dddi_updategpuvirtualaddress_operation);
	const struct d3dkmt_updategpuvirtualaddress *update = argument;
	uint32_t count = update->num_operations;
	if (!call_expect_object(call, update->device, OBJECT_DEVICE))
		return -EINVAL;
	if (!count || count > DXG_PRIVATE_DATA_MAX / each) {
		call_print_in(call, function, "Invalid number of operations: %d",
			      (int)count);
		return -EINVAL;
	}
	cleanup_free void *operations =
		call_read_array(call, update->operations, count, each);
	if (!operations) {
		call_print_in(call, function, "failed to copy operations");
		return -EFAULT;
	}
	/* What stands before them in the command (dxgvmbus.h). */
	return call_check_packet(call, 56 + count * each) ? -EINVAL : -EPERM;
}
