/*
 * Sharing between processes, by descriptor. Nothing that could be shared is made here
 * (calls_fence.c, calls_allocation.c), so that what is left is the driver's own checks, up
 * to where a shared object would have to be.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "tests/dxgsim/call.h"
#include "tests/dxgsim/memory.h"

/* The driver's own numbers of types (hmgr.h). */
static const int type_numbers[] = {
	[OBJECT_DEVICE] = 3,        [OBJECT_ALLOCATION] = 5, [OBJECT_CONTEXT] = 7,
	[OBJECT_PAGING_QUEUE] = 10, [OBJECT_HWQUEUE] = 15,
};

/* Behind the handle of a queue's own fence the driver has no object. */
static bool is_queues(const struct call *call, const struct object *object)
{
	return object->type == OBJECT_FENCE &&
	       !call_find_object(call, object->parent, OBJECT_DEVICE);
}

/* Prints why this handle cannot be shared: it is not one, or was not made for it. */
static void print_unshared(struct call *call, struct d3dkmthandle handle)
{
	const struct table *objects = &call->guest->objects;
	const struct object *object =
		handle.index < objects->count ? &objects->objects[handle.index] : NULL;
	if (!object || object->type == OBJECT_NONE || object->unique != handle.unique ||
	    is_queues(call, object))
		call_print(call, "invalid object handle %x", handle.v);
	else if (object->type == OBJECT_FENCE)
		call_print(call, "sync object is not shared");
	else if (object->type == OBJECT_RESOURCE)
		call_print(call, "resource object shared");
	else
		call_print(call, "invalid object type %d", type_numbers[object->type]);
}

int call_share_objects(struct call *call, void *argument)
{
	const struct d3dkmt_shareobjects *share = argument;
	struct d3dkmthandle handle;
	if (share->object_count != 1) {
		call_print(call, "invalid object count %d", (int)share->object_count);
		return -EINVAL;
	}
	if (!memory_read(call->thread, share->objects, &handle, sizeof(handle)))
		return call_refuse(call, -EFAULT, "failed to copy object handles");
	print_unshared(call, handle);
	return -EINVAL;
}

/* Prints that a descriptor is none, or not of the driver's. @return -EINVAL */
static int refuse_descriptor(struct call *call, const char *function, uint64_t number,
			     const char *foreign)
{
	char path[64];
	struct stat st;
	snprintf(path, sizeof(path), "/proc/%d/fd/%u", call->guest->pid,
		 (unsigned int)number);
	call_print_in(call, function, "%s: %llx",
		      stat(path, &st) ? "failed to get file from handle" : foreign,
		      (unsigned long long)number);
	return -EINVAL;
}

int call_open_sync_object_nt(struct call *call, void *argument)
{
	const struct d3dkmt_opensyncobjectfromnthandle2 *open = argument;
	if (!open->device.v)
		return call_refuse(call, -EINVAL, "device handle is missing");
	/* The handler leaves here without its last line. */
	if (!call_expect_object(call, open->device, OBJECT_DEVICE))
		return CALL_QUIETLY;
	return refuse_descriptor(call, call->name, open->nt_handle, "invalid fd");
}

int call_query_resource_info_nt(struct call *call, void *argument)
{
	const struct d3dkmt_queryresourceinfofromnthandle *query = argument;
	return refuse_descriptor(call, call->name, query->nt_handle, "invalid fd");
}

int call_open_resource_nt(struct call *call, void *argument)
{
	const struct d3dkmt_openresourcefromnthandle *open = argument;
	return refuse_descriptor(call, "open_resource", open->nt_handle,
				 "invalid fd type");
}

/* Windows has nobody to share with. */
int call_share_object_with_host(struct call *call, void *argument)
{
	static const char function[] = "dxgvmb_send_share_object_with_host";
	(void)argument;
	call_print_in(call, function, "Host failed to share object with host: %d %x",
		      -EPERM, STATUS_NOT_SUPPORTED);
	call_print_in(call, function, "err: %d", -EPERM);
	return call_refuse(call, -EPERM, "dxgvmb_send_share_object_with_host dailed");
}

int call_create_sync_file(struct call *call, void *argument)
{
	const struct d3dkmt_createsyncfile *create = argument;
	if (!call_expect_object(call, create->device, OBJECT_DEVICE))
		return call_refuse(call, -EINVAL, "dxgprocess_device_by_handle failed");
	const struct object *fence =
		call_find_object(call, create->monitored_fence, OBJECT_FENCE);
	if (!fence || is_queues(call, fence)) {
		call_print(call, "invalid syncobj handle %x", create->monitored_fence.v);
		return -EINVAL;
	}
	/* A sync_file is the kernel's; here there is none to hand out. */
	return call_refuse(call, -ENOMEM, "sync_file_create failed");
}

static int refuse_sync_file(struct call *call, uint64_t number)
{
	call_print(call, "failed to get dmafence from handle: %llx",
		   (unsigned long long)number);
	return -EINVAL;
}

int call_wait_sync_file(struct call *call, void *argument)
{
	const struct d3dkmt_waitsyncfile *wait = argument;
	return refuse_sync_file(call, wait->sync_file_handle);
}

int call_open_syncobj_from_syncfile(struct call *call, void *argument)
{
	const struct d3dkmt_opensyncobjectfromsyncfile *open = argument;
	return refuse_sync_file(call, open->sync_file_handle);
}
