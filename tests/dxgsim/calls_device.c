/* Devices and paging queues; what all handlers do with objects. */
#include <errno.h>
#include <string.h>

#include "tests/dxgsim/call.h"
#include "tests/dxgsim/memory.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"

struct object *call_find_object(const struct call *call, struct d3dkmthandle handle,
				enum object_type type)
{
	return table_find(&call->guest->objects, handle, type);
}

struct object *call_expect_object(const struct call *call, struct d3dkmthandle handle,
				  enum object_type type)
{
	/* The driver's own numbers of these types (hmgr.h, HMGRENTRY_TYPE_…). */
	static const struct {
		enum object_type type;
		int number;
	} numbers[] = {
		{ OBJECT_DEVICE, 3 },
		{ OBJECT_CONTEXT, 7 },
		{ OBJECT_PAGING_QUEUE, 10 },
		{ OBJECT_HWQUEUE, 15 },
	};
	struct object *object = call_find_object(call, handle, type);
	if (object)
		return object;
	for_each_row(row, numbers)
		if (row->type == type)
			call_print_in(call, "dxgprocess_device_by_object_handle",
				      "device_by_handle failed: %d %x", row->number,
				      handle.v);
	return NULL;
}

const struct sim_adapter *call_adapter_of(const struct call *call,
					  const struct object *object)
{
	const struct table *objects = &call->guest->objects;
	while (object && !object->adapter)
		object = object->parent.index < objects->count
				 ? &objects->objects[object->parent.index]
				 : NULL;
	return object ? object->adapter : NULL;
}

int call_destroy(struct call *call, struct d3dkmthandle handle, enum object_type type)
{
	struct object *object = call_find_object(call, handle, type);
	if (!object)
		return -EINVAL;
	guest_destroy_object(call->guest, object);
	return 0;
}

int call_lacks_page(struct call *call)
{
	call_print_in(call, "check_iospace_address", "invalid iospace address %lx", 0UL);
	call_print_in(call, "dxg_map_iospace", "invalid address to map");
	return -ENOMEM;
}

void *call_read_array(const struct call *call, uint64_t address, size_t count,
		      size_t size)
{
	cleanup_free void *array = xcalloc(count, size);
	if (!memory_read(call->thread, address, array, count * size))
		return NULL;
	return take_ptr(array);
}

int call_create_device(struct call *call, void *argument)
{
	struct d3dkmt_createdevice *create = argument;
	const struct sim_adapter *adapter = call_find_adapter(call, create->adapter);
	if (!adapter)
		return -EINVAL;
	struct object *object;
	create->device = table_add(&call->guest->objects, OBJECT_DEVICE, &object);
	object->adapter = adapter;
	return 0;
}

int call_destroy_device(struct call *call, void *argument)
{
	struct d3dkmthandle device = ((struct d3dkmt_destroydevice *)argument)->device;
	int result = call_destroy(call, device, OBJECT_DEVICE);
	if (result)
		call_print(call, "invalid device handle: %x", device.v);
	return result;
}

int call_get_device_state(struct call *call, void *argument)
{
	struct d3dkmt_getdevicestate *state = argument;
	const struct object *device =
		call_expect_object(call, state->device, OBJECT_DEVICE);
	if (!device)
		return -EINVAL;
	const struct adapter_now *now = sim_adapter_now(call->sim, device->adapter);
	switch (state->state_type) {
	case _D3DKMT_DEVICESTATE_EXECUTION:
		state->execution_state = device->state ? device->state : now->state;
		return 0;
	case _D3DKMT_DEVICESTATE_RESET:
		memset(state->alignment, 0, sizeof(state->alignment[0]));
		return 0;
	case _D3DKMT_DEVICESTATE_PAGE_FAULT:
		/* The address is the last of five members, 24 bytes on. */
		memset(state->alignment, 0, 4 * sizeof(state->alignment[0]));
		state->alignment[3] = device->adapter->page_fault;
		return 0;
	default:
		return -EINVAL;
	}
}

int call_create_paging_queue(struct call *call, void *argument)
{
	struct d3dkmt_createpagingqueue *create = argument;
	if (!call_expect_object(call, create->device, OBJECT_DEVICE))
		return -EINVAL;
	/* What only the host checks it refuses without a status. */
	if (create->priority < _D3DDDI_PAGINGQUEUE_PRIORITY_BELOW_NORMAL ||
	    create->priority > _D3DDDI_PAGINGQUEUE_PRIORITY_ABOVE_NORMAL ||
	    create->physical_adapter_index)
		return call_lacks_page(call);
	struct object *queue;
	struct d3dkmthandle handle =
		table_add(&call->guest->objects, OBJECT_PAGING_QUEUE, &queue);
	queue->parent = create->device;
	struct object *fence = call_create_fence(call, handle, 0, &create->sync_object);
	if (!fence) {
		call_destroy(call, handle, OBJECT_PAGING_QUEUE);
		return -ENOMEM;
	}
	/* The table may have moved. */
	call_find_object(call, handle, OBJECT_PAGING_QUEUE)->fence = create->sync_object;
	create->paging_queue = handle;
	create->fence_cpu_virtual_address = fence->address;
	return 0;
}

int call_destroy_paging_queue(struct call *call, void *argument)
{
	return call_destroy(call,
			    ((struct d3dddi_destroypagingqueue *)argument)->paging_queue,
			    OBJECT_PAGING_QUEUE);
}

int call_mark_device_as_error(struct call *call, void *argument)
{
	struct object *device = call_expect_object(
		call, ((struct d3dkmt_markdeviceaserror *)argument)->device,
		OBJECT_DEVICE);
	if (!device)
		return -EINVAL;
	device->state = _D3DKMT_DEVICEEXECUTION_RESET;
	return 0;
}
