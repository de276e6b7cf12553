/* What is said of allocations and adapters beside their use: offers, priorities, caches. */
#include <errno.h>

#include "tests/dxgsim/call.h"
#include "tests/dxgsim/memory.h"
#include "util/alloc.h"
#include "util/cleanup.h"

/* Of commands, what stands before their arrays (dxgvmbus.h). */
#define OFFER_COMMAND    44
#define PRIORITY_COMMAND 40

/* Offers and reclaims name either resources or allocations, by pointer. */
struct named {
	uint64_t resources, allocations;
	uint32_t count;
};

static int check_named(struct call *call, const struct named *named)
{
	if (!named->count || named->count > D3DKMT_MAKERESIDENT_ALLOC_MAX)
		return call_refuse(call, -EINVAL, "invalid number of allocations");
	if ((named->resources != 0) == (named->allocations != 0))
		return call_refuse(call, -EINVAL,
				   "invalid pointer to resources/allocations");
	return 0;
}

/* @return 0 where all of them are what they should be */
static int read_named(struct call *call, const char *function, const struct named *named)
{
	uint64_t address = named->resources ? named->resources : named->allocations;
	enum object_type type = named->resources ? OBJECT_RESOURCE : OBJECT_ALLOCATION;
	cleanup_free struct d3dkmthandle *handles =
		call_read_array(call, address, named->count, sizeof(*handles));
	if (!handles) {
		call_print_in(call, function, "failed to copy input handles");
		return -EFAULT;
	}
	int result = call_check_packet(call, OFFER_COMMAND + (size_t)named->count * 4);
	for (uint32_t i = 0; !result && i < named->count; i++)
		if (!call_find_object(call, handles[i], type))
			result = -EINVAL;
	return result;
}

/* Nothing is ever discarded here. */
int call_offer_allocations(struct call *call, void *argument)
{
	const struct d3dkmt_offerallocations *offer = argument;
	const struct named named = { offer->resources, offer->allocations,
				     offer->allocation_count };
	int result = check_named(call, &named);
	if (result)
		return result;
	if (!call_expect_object(call, offer->device, OBJECT_DEVICE))
		return -EINVAL;
	return read_named(call, "dxgvmb_send_offer_allocations", &named);
}

int call_reclaim_allocations(struct call *call, void *argument)
{
	static const char function[] = "dxgvmb_send_reclaim_allocations";
	struct d3dkmt_reclaimallocations2 *reclaim = argument;
	const struct named named = { reclaim->resources, reclaim->allocations,
				     reclaim->allocation_count };
	int result = check_named(call, &named);
	if (result)
		return result;
	if (!call_expect_object(call, reclaim->paging_queue, OBJECT_PAGING_QUEUE))
		return -EINVAL;
	result = read_named(call, function, &named);
	if (result)
		return result;
	cleanup_free uint32_t *kept = xcalloc(named.count, sizeof(*kept));
	if (reclaim->results && !memory_write(call->thread, reclaim->results, kept,
					      named.count * sizeof(*kept))) {
		call_print_in(call, function, "failed to copy results");
		return -EFAULT;
	}
	reclaim->paging_fence_value = call_advance_queue(call, reclaim->paging_queue);
	/* The copy of the results comes after the status, and is what is returned. */
	return reclaim->results ? 0 : STATUS_PENDING;
}

/* Both structures are alike: a resource, or some allocations, and their numbers. */
static int walk_priorities(struct call *call,
			   const struct d3dkmt_setallocationpriority *args,
			   const char *function, const char *nowhere, bool set)
{
	uint32_t count = args->allocation_count;
	bool whole = args->resource.v;
	if (!call_expect_object(call, args->device, OBJECT_DEVICE) ||
	    count > DXG_PRIVATE_DATA_MAX || (count != 0) == whole)
		return -EINVAL;
	cleanup_free struct d3dkmthandle *handles =
		call_read_array(call, args->allocation_list, count, sizeof(*handles));
	if (!handles) {
		call_print_in(call, function, "failed to copy alloc handle%s",
			      set ? "" : "s");
		return -EFAULT;
	}
	size_t numbers = whole ? 1 : count;
	cleanup_free int32_t *priorities = xcalloc(numbers, sizeof(*priorities));
	if (set && !memory_read(call->thread, args->priorities, priorities,
				numbers * sizeof(*priorities))) {
		call_print_in(call, function, "%s", nowhere);
		return -EFAULT;
	}
	if (call_check_packet(call, PRIORITY_COMMAND + (count + numbers) * 4))
		return -EINVAL;
	for (size_t i = 0; i < numbers; i++) {
		struct object *object =
			whole ? call_find_object(call, args->resource, OBJECT_RESOURCE)
			      : call_find_object(call, handles[i], OBJECT_ALLOCATION);
		if (!object)
			return -EINVAL;
		if (set)
			object->priority[0] = priorities[i];
		else
			priorities[i] = object->priority[0];
	}
	if (set || memory_write(call->thread, args->priorities, priorities,
				numbers * sizeof(*priorities)))
		return 0;
	call_print_in(call, function, "%s", nowhere);
	return -EFAULT;
}

int call_set_allocation_priority(struct call *call, void *argument)
{
	return walk_priorities(call, argument, "dxgvmb_send_set_allocation_priority",
			       "failed to copy alloc priority", true);
}

int call_get_allocation_priority(struct call *call, void *argument)
{
	return walk_priorities(call, argument, "dxgvmb_send_get_allocation_priority",
			       "failed to copy priorities", false);
}

int call_update_alloc_property(struct call *call, void *argument)
{
	struct d3dddi_updateallocproperty *update = argument;
	if (!call_expect_object(call, update->paging_queue, OBJECT_PAGING_QUEUE) ||
	    !call_find_object(call, update->allocation, OBJECT_ALLOCATION))
		return -EINVAL;
	update->paging_fence_value = call_advance_queue(call, update->paging_queue);
	return STATUS_PENDING;
}

int call_invalidate_cache(struct call *call, void *argument)
{
	const struct d3dkmt_invalidatecache *invalidate = argument;
	if (!call_expect_object(call, invalidate->device, OBJECT_DEVICE))
		return -EINVAL;
	const struct object *allocation =
		call_find_object(call, invalidate->allocation, OBJECT_ALLOCATION);
	return allocation && invalidate->offset <= allocation->size &&
			       invalidate->length <= allocation->size - invalidate->offset
		       ? 0
		       : -EINVAL;
}

/* Windows keeps what it has for others. */
int call_change_vidmem_reservation(struct call *call, void *argument)
{
	const struct d3dkmt_changevideomemoryreservation *change = argument;
	if (change->process)
		return call_refuse(call, -EINVAL,
				   "setting memory reservation for other process");
	if (!call_find_adapter(call, change->adapter))
		return -EINVAL;
	return change->reservation ? -EPERM : 0;
}

int call_flush_heap_transitions(struct call *call, void *argument)
{
	struct d3dkmthandle adapter =
		((struct d3dkmt_flushheaptransitions *)argument)->adapter;
	return call_find_adapter(call, adapter) ? 0 : -EINVAL;
}
