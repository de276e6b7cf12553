/* Contexts and hardware queues, and their priorities. */
#include <errno.h>

#include "tests/dxgsim/call.h"
#include "tests/dxgsim/memory.h"
#include "util/cleanup.h"

/* Of the commands that carry a driver's data, what stands before it (dxgvmbus.h). */
#define CONTEXT_COMMAND 55
#define HWQUEUE_COMMAND 71

/* What a vendor's driver would be told; nothing here understands it, so nothing minds it. */
static int read_private_data(struct call *call, uint64_t address, size_t size)
{
	if (!size)
		return 0;
	cleanup_free void *data = call_read_array(call, address, size, 1);
	return data ? 0 : -EFAULT;
}

/* The handler does not hand on why there is no handle from the host. */
static int lacks_handle(struct call *call)
{
	return call_refuse(call, -EINVAL, "invalid host handle");
}

int call_create_context_virtual(struct call *call, void *argument)
{
	static const char function[] = "dxgvmb_send_create_context";
	struct d3dkmt_createcontextvirtual *create = argument;
	const struct object *device =
		call_expect_object(call, create->device, OBJECT_DEVICE);
	if (!device)
		return -EINVAL;
	size_t size = create->priv_drv_data_size;
	if (size > DXG_PRIVATE_DATA_MAX) {
		call_print_in(call, function, "PrivateDriverDataSize is invalid");
		return lacks_handle(call);
	}
	if (read_private_data(call, create->priv_drv_data, size)) {
		call_print_in(call, function, "Faled to copy private data");
		return lacks_handle(call);
	}
	const struct sim_adapter *adapter = device->adapter;
	if (call_check_packet(call, CONTEXT_COMMAND + size) ||
	    (adapter->node_count && create->node_ordinal >= adapter->node_count))
		return lacks_handle(call);
	struct object *context;
	create->context = table_add(&call->guest->objects, OBJECT_CONTEXT, &context);
	context->parent = create->device;
	context->queues = create->flags.hw_queue_supported;
	return 0;
}

int call_destroy_context(struct call *call, void *argument)
{
	struct d3dkmthandle context = ((struct d3dkmt_destroycontext *)argument)->context;
	int result = call_destroy(call, context, OBJECT_CONTEXT);
	if (result)
		call_print(call, "invalid context handle: %x", context.v);
	return result;
}

static const char create_hwqueue[] = "dxgvmb_send_create_hwqueue";

static int refuse_hwqueue(struct call *call, int result)
{
	call_print_in(call, create_hwqueue, "failed %x", (unsigned int)result);
	return result;
}

int call_create_hwqueue(struct call *call, void *argument)
{
	struct d3dkmt_createhwqueue *create = argument;
	const struct object *context =
		call_expect_object(call, create->context, OBJECT_CONTEXT);
	if (!context)
		return -EINVAL;
	size_t size = create->priv_drv_data_size;
	if (size > DXG_PRIVATE_DATA_MAX) {
		call_print_in(call, create_hwqueue,
			      "invalid private driver data size: %d", (int)size);
		return refuse_hwqueue(call, -EINVAL);
	}
	if (read_private_data(call, create->priv_drv_data, size)) {
		call_print_in(call, create_hwqueue, "failed to copy private data");
		return refuse_hwqueue(call, -EFAULT);
	}
	if (call_check_packet(call, HWQUEUE_COMMAND + size))
		return refuse_hwqueue(call, -EINVAL);
	if (!context->queues) {
		call_print_in(call, create_hwqueue, "dxgvmb_send_sync_msg failed: %x",
			      STATUS_INVALID_PARAMETER);
		return refuse_hwqueue(call, -EINVAL);
	}
	struct object *queue;
	create->queue = table_add(&call->guest->objects, OBJECT_HWQUEUE, &queue);
	queue->parent = create->context;
	struct object *fence =
		call_create_fence(call, create->queue, 0, &create->queue_progress_fence);
	if (!fence) {
		call_destroy(call, create->queue, OBJECT_HWQUEUE);
		return refuse_hwqueue(call, -ENOMEM);
	}
	/* The table may have moved. */
	call_find_object(call, create->queue, OBJECT_HWQUEUE)->fence =
		create->queue_progress_fence;
	create->queue_progress_fence_cpu_va = fence->address;
	create->queue_progress_fence_gpu_va =
		call_fence_gpu_address(create->queue_progress_fence);
	return 0;
}

int call_destroy_hwqueue(struct call *call, void *argument)
{
	struct d3dkmthandle queue = ((struct d3dkmt_destroyhwqueue *)argument)->queue;
	int result = call_destroy(call, queue, OBJECT_HWQUEUE);
	if (result)
		call_print(call, "invalid hwqueue handle: %x", queue.v);
	return result;
}

/* Both structures of a kind are a context and a number. */
static int set_priority(struct call *call, const void *argument, bool in_process)
{
	const struct d3dkmt_setcontextschedulingpriority *set = argument;
	struct object *context = call_expect_object(call, set->context, OBJECT_CONTEXT);
	if (!context)
		return -EINVAL;
	context->priority[in_process] = set->priority;
	return 0;
}

static int get_priority(struct call *call, void *argument, bool in_process)
{
	struct d3dkmt_getcontextschedulingpriority *get = argument;
	const struct object *context =
		call_expect_object(call, get->context, OBJECT_CONTEXT);
	if (!context)
		return -EINVAL;
	get->priority = context->priority[in_process];
	return 0;
}

int call_set_context_priority(struct call *call, void *argument)
{
	return set_priority(call, argument, false);
}

int call_set_context_process_priority(struct call *call, void *argument)
{
	return set_priority(call, argument, true);
}

int call_get_context_priority(struct call *call, void *argument)
{
	return get_priority(call, argument, false);
}

int call_get_context_process_priority(struct call *call, void *argument)
{
	return get_priority(call, argument, true);
}
