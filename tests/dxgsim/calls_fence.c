/* Monitored fences: made, signalled, waited for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/dxgsim/call.h"
#include "tests/dxgsim/memory.h"
#include "util/alloc.h"

/* More than any program waits for; the driver's own bound is its packet. */
#define WAIT_OBJECTS_MAX 4096

/* @return a fence below `parent`, or NULL where there is no page for it. */
struct object *call_create_fence(struct call *call, struct d3dkmthandle parent,
				 uint64_t value, struct d3dkmthandle *ret)
{
	struct object *fence;
	*ret = table_add(&call->guest->objects, OBJECT_FENCE, &fence);
	fence->parent = parent;
	if (guest_map_fence(call->guest, fence, value))
		return fence;
	fprintf(stderr,
		"dxgsim: process %d has no room for a fence in $" PAGES_VARIABLE "\n",
		call->guest->pid);
	fence->type = OBJECT_NONE;
	return NULL;
}

int call_create_sync_object(struct call *call, void *argument)
{
	struct d3dkmt_createsynchronizationobject2 *create = argument;
	struct d3dddi_synchronizationobjectinfo2 *info = &create->info;
	if (!call_expect_object(call, create->device, OBJECT_DEVICE) ||
	    info->type != _D3DDDI_MONITORED_FENCE)
		return -EINVAL;
	if (info->flags.shared && !info->flags.nt_security_sharing) {
		log_print(&call->sim->log, "dxgsyncobject_create",
			  "nt_security_sharing must be set");
		return -EINVAL;
	}
	if (info->flags.shared)
		return -EPERM; /* sharing is not simulated */
	struct object *fence = call_create_fence(
		call, create->device, info->monitored_fence.initial_fence_value,
		&create->sync_object);
	if (!fence)
		return -ENOMEM;
	info->monitored_fence.fence_cpu_virtual_address = fence->address;
	info->monitored_fence.fence_gpu_virtual_address =
		UINT64_C(0x100000000) + (uint64_t)create->sync_object.index * 4096;
	return 0;
}

int call_destroy_sync_object(struct call *call, void *argument)
{
	struct d3dkmt_destroysynchronizationobject *destroy_ = argument;
	const struct object *fence =
		call_find_object(call, destroy_->sync_object, OBJECT_FENCE);
	/* A queue's own fence goes with the queue. */
	if (!fence || !call_find_object(call, fence->parent, OBJECT_DEVICE))
		return -EINVAL;
	return call_destroy(call, destroy_->sync_object, OBJECT_FENCE);
}

/* The handles and values a wait or signal names; all must be fences of this process. */
static int read_fences(const struct call *call, struct d3dkmthandle device,
		       uint32_t count, uint64_t objects, uint64_t values,
		       struct wait *ret)
{
	if (!call_expect_object(call, device, OBJECT_DEVICE))
		return -EINVAL;
	ret->count = count;
	ret->objects = xcalloc(count, sizeof(*ret->objects));
	ret->values = xcalloc(count, sizeof(*ret->values));
	if (!memory_read(call->thread, objects, ret->objects,
			 count * sizeof(*ret->objects)) ||
	    !memory_read(call->thread, values, ret->values, count * sizeof(*ret->values)))
		return -EFAULT;
	for (uint32_t i = 0; i < count; i++)
		if (!call_find_object(call, ret->objects[i], OBJECT_FENCE))
			return -EINVAL;
	return 0;
}

static void end_wait(const struct sim *sim, const struct wait *wait)
{
	if (wait->event < 0)
		sim_answer_late(sim, wait->notification, 0);
	else
		eventfd_write(wait->event, 1);
}

static void end_waits(struct call *call)
{
	for (struct wait **at = &call->guest->waits; *at;) {
		struct wait *wait = *at;
		if (!guest_wait_is_over(call->guest, wait)) {
			at = &wait->next;
			continue;
		}
		*at = wait->next;
		end_wait(call->sim, wait);
		wait_destroy(wait);
	}
}

static bool show(struct call *call, const struct object *fence)
{
	return call->sim->scenario->frozen || guest_show_fence(call->guest, fence);
}

uint64_t call_advance_queue(struct call *call, struct d3dkmthandle queue)
{
	struct d3dkmthandle handle =
		call_find_object(call, queue, OBJECT_PAGING_QUEUE)->fence;
	struct object *fence = call_find_object(call, handle, OBJECT_FENCE);
	fence->value++;
	show(call, fence);
	end_waits(call);
	return fence->value;
}

static int signal_fences(struct call *call, const struct wait *signal, bool rewind)
{
	/* Nothing is written where one of them is wrong. */
	for (uint32_t i = 0; i < signal->count; i++)
		if (call_find_object(call, signal->objects[i], OBJECT_FENCE)->value >
			    signal->values[i] &&
		    !rewind)
			return -EINVAL;
	for (uint32_t i = 0; i < signal->count; i++) {
		struct object *fence =
			call_find_object(call, signal->objects[i], OBJECT_FENCE);
		fence->value = signal->values[i];
		if (!show(call, fence))
			return -EFAULT;
	}
	return 0;
}

int call_signal_sync_object_cpu(struct call *call, void *argument)
{
	struct d3dkmt_signalsynchronizationobjectfromcpu *signal = argument;
	if (!signal->object_count || signal->object_count > D3DDDI_MAX_OBJECT_SIGNALED)
		return -EINVAL;
	struct wait *fences = xcalloc(1, sizeof(*fences));
	fences->event = -1;
	int result = read_fences(call, signal->device, signal->object_count,
				 signal->objects, signal->fence_values, fences);
	if (!result)
		result = signal_fences(call, fences, signal->flags.allow_fence_rewind);
	wait_destroy(fences);
	end_waits(call);
	return result;
}

/* @return our own descriptor of the process's eventfd, or -1. */
static int take_event(const struct call *call, uint64_t number)
{
	if (number > INT_MAX)
		return -1;
	char path[64], kind[64];
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", call->guest->pid, (int)number);
	ssize_t length = readlink(path, kind, sizeof(kind) - 1);
	if (length < 0)
		return -1;
	kind[length] = '\0';
	if (strcmp(kind, "anon_inode:[eventfd]"))
		return -1;
	return (int)syscall(SYS_pidfd_getfd, call->guest->pidfd, (int)number, 0);
}

static int begin_wait(struct call *call,
		      const struct d3dkmt_waitforsynchronizationobjectfromcpu *request,
		      struct wait *wait)
{
	int result = read_fences(call, request->device, request->object_count,
				 request->objects, request->fence_values, wait);
	if (result)
		return result;
	wait->any = request->flags.wait_any;
	wait->notification = call->notification;
	if (request->async_event) {
		wait->event = take_event(call, request->async_event);
		if (wait->event < 0) {
			call_print(call, "failed to reference the event");
			return -EINVAL;
		}
	}
	if (!guest_wait_is_over(call->guest, wait))
		return CALL_LATER;
	if (wait->event >= 0)
		eventfd_write(wait->event, 1);
	return 0;
}

int call_wait_sync_object_cpu(struct call *call, void *argument)
{
	struct d3dkmt_waitforsynchronizationobjectfromcpu *request = argument;
	if (!request->object_count || request->object_count > WAIT_OBJECTS_MAX)
		return -EINVAL;
	struct wait *wait = xcalloc(1, sizeof(*wait));
	wait->event = -1;
	int result = begin_wait(call, request, wait);
	if (result != CALL_LATER) {
		wait_destroy(wait);
		return result;
	}
	wait->next = call->guest->waits;
	call->guest->waits = wait;
	return wait->event < 0 ? CALL_LATER : 0;
}
