/* Listing, opening and closing adapters. */
#include <errno.h>

#include "tests/dxgsim/call.h"
#include "tests/dxgsim/memory.h"
#include "util/alloc.h"
#include "util/cleanup.h"

static bool is_listed(const struct call *call, const struct sim_adapter *adapter,
		      bool compute_only)
{
	return !sim_adapter_now(call->sim, adapter)->removed &&
	       (compute_only || !adapter->type.compute_only);
}

const struct sim_adapter *call_find_adapter(const struct call *call,
					    struct d3dkmthandle handle)
{
	const struct object *object =
		table_find(&call->guest->adapters, handle, OBJECT_ADAPTER);
	return object ? object->adapter : NULL;
}

const struct sim_adapter *call_find_luid(const struct call *call, struct winluid luid)
{
	const struct scenario *scenario = call->sim->scenario;
	for (size_t i = 0; i < scenario->adapter_count; i++) {
		const struct sim_adapter *adapter = &scenario->adapters[i];
		if (adapter->luid.a == luid.a && adapter->luid.b == luid.b &&
		    !sim_adapter_now(call->sim, adapter)->removed)
			return adapter;
	}
	return NULL;
}

static struct d3dkmthandle open_adapter(struct guest *guest,
					const struct sim_adapter *adapter)
{
	struct object *object;
	struct d3dkmthandle handle = table_add(&guest->adapters, OBJECT_ADAPTER, &object);
	object->adapter = adapter;
	return handle;
}

static uint32_t count_adapters(const struct call *call, bool compute_only)
{
	const struct scenario *scenario = call->sim->scenario;
	uint32_t count = 0;
	for (size_t i = 0; i < scenario->adapter_count; i++)
		count += is_listed(call, &scenario->adapters[i], compute_only);
	return count;
}

/* Opens all that are listed. @return how many, into an array with room for all. */
static size_t open_listed(struct call *call, bool compute_only,
			  struct d3dkmt_adapterinfo *infos)
{
	const struct scenario *scenario = call->sim->scenario;
	size_t count = 0;
	for (size_t i = 0; i < scenario->adapter_count; i++) {
		const struct sim_adapter *adapter = &scenario->adapters[i];
		if (!is_listed(call, adapter, compute_only))
			continue;
		infos[count].adapter_handle = open_adapter(call->guest, adapter);
		infos[count++].adapter_luid = adapter->luid;
	}
	return count;
}

/*
 * Opens and writes all that are listed.
 * @param room  of how many. Of fewer nothing is written, but all stay open
 * @return      0, or -EFAULT and none stays open
 */
static int write_adapters(struct call *call, uint64_t to, size_t room, bool compute_only)
{
	cleanup_free struct d3dkmt_adapterinfo *infos =
		xcalloc(call->sim->scenario->adapter_count + 1, sizeof(*infos));
	size_t count = open_listed(call, compute_only, infos);
	if (count > room || memory_write(call->thread, to, infos, count * sizeof(*infos)))
		return 0;
	for (size_t i = 0; i < count; i++)
		guest_close_adapter(call->guest,
				    table_find(&call->guest->adapters,
					       infos[i].adapter_handle, OBJECT_ADAPTER));
	return -EFAULT;
}

int call_enum_adapters(struct call *call, void *argument)
{
	struct d3dkmt_enumadapters2 *enumerate = argument;
	uint32_t all = count_adapters(call, true);
	if (!enumerate->adapters) {
		enumerate->num_adapters = all;
		return 0;
	}
	if (enumerate->num_adapters < all)
		return -EOVERFLOW;
	if (enumerate->num_adapters > D3DKMT_ADAPTERS_MAX)
		return -EINVAL;
	uint32_t listed = count_adapters(call, false);
	int result = write_adapters(call, enumerate->adapters, listed, false);
	enumerate->num_adapters = listed;
	return result ? call_refuse(call, result, "failed to copy adapter info to user")
		      : 0;
}

int call_enum_adapters3(struct call *call, void *argument)
{
	static const char function[] = "dxgkp_enum_adapters";
	struct d3dkmt_enumadapters3 *enumerate = argument;
	bool compute_only = enumerate->filter.include_compute_only;
	uint32_t room = enumerate->adapter_count;
	/* How many there are at all, whatever the filter. */
	enumerate->adapter_count = count_adapters(call, true);
	if (!enumerate->adapters || !room)
		return 0;
	if (room > DXG_ENUMADAPTERS3_MAX) {
		call_print_in(call, function, "too many adapters");
		return -EINVAL;
	}
	uint32_t listed = count_adapters(call, compute_only);
	if (room >= listed)
		enumerate->adapter_count = listed;
	int result = write_adapters(call, enumerate->adapters, room, compute_only);
	if (result)
		call_print_in(call, function, "failed to copy adapter info");
	return result;
}

int call_open_adapter_from_luid(struct call *call, void *argument)
{
	struct d3dkmt_openadapterfromluid *open = argument;
	const struct sim_adapter *adapter = call_find_luid(call, open->adapter_luid);
	if (!adapter)
		return open->adapter_handle.v ? 0 : -EINVAL;
	open->adapter_handle = open_adapter(call->guest, adapter);
	return 0;
}

int call_drop_adapter(struct call *call, struct d3dkmthandle handle)
{
	struct object *object =
		table_find(&call->guest->adapters, handle, OBJECT_ADAPTER);
	if (!handle.v)
		return 0;
	if (object) {
		guest_close_adapter(call->guest, object);
		return 0;
	}
	call_print_in(call, "dxgprocess_get_adapter", "Adapter not found %x", handle.v);
	call_print_in(call, "dxgprocess_close_adapter", "Adapter not found %x", handle.v);
	return -EINVAL;
}

int call_close_adapter(struct call *call, void *argument)
{
	int result = call_drop_adapter(
		call, ((struct d3dkmt_closeadapter *)argument)->adapter_handle);
	if (result)
		call_print(call, "failed to close adapter: %d", result);
	return result;
}
