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

/* Of a wait's command what stands before the fences and their values (dxgvmbus.h). */
#define WAIT_COMMAND 56

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

/* Of the kinds there are, monitored fences are simulated. */
static int check_kind(struct call *call, uint32_t type, uint64_t event)
{
	switch (type) {
	case _D3DDDI_MONITORED_FENCE:
		return 0;
	case _D3DDDI_PERIODIC_MONITORED_FENCE:
		return call_lacks_page(call);
	case _D3DDDI_CPU_NOTIFICATION: {
		int fd = call_take_event(call, event);
		if (fd < 0)
			return -EINVAL;
		close(fd);
		return -EPERM;
	}
	default:
		return -EPERM;
	}
}

int call_create_sync_object(struct call *call, void *argument)
{
	struct d3dkmt_createsynchronizationobject2 *create = argument;
	struct d3dddi_synchronizationobjectinfo2 *info = &create->info;
	if (!call_expect_object(call, create->device, OBJECT_DEVICE))
		return -EINVAL;
	if (info->flags.shared && !info->flags.nt_security_sharing) {
		call_print_in(call, "dxgsyncobject_create",
			      "nt_security_sharing must be set");
		return -EINVAL;
	}
	int result = check_kind(call, info->type, info->cpu_notification.event);
	if (result)
		return result;
	if (info->flags.shared)
		return -EPERM; /* sharing is not simulated */
	struct object *fence = call_create_fence(
		call, create->device, info->monitored_fence.initial_fence_value,
		&create->sync_object);
	if (!fence)
		return -ENOMEM;
	info->monitored_fence.fence_cpu_virtual_address = fence->address;
	info->monitored_fence.fence_gpu_virtual_address =
		call_fence_gpu_address(create->sync_object);
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

bool call_set_fence(struct call *call, struct object *fence, uint64_t value)
{
	fence->value = value;
	return call->sim->scenario->frozen || guest_show_fence(call->guest, fence);
}

void call_settle(struct call *call)
{
	call_run_work(call);
	end_waits(call);
}

uint64_t call_advance_queue(struct call *call, struct d3dkmthandle queue)
{
	struct d3dkmthandle handle =
		call_find_object(call, queue, OBJECT_PAGING_QUEUE)->fence;
	struct object *fence = call_find_object(call, handle, OBJECT_FENCE);
	uint64_t value = fence->value + 1;
	call_set_fence(call, fence, value);
	call_settle(call);
	return value;
}

/* What Windows does with a signal of the CPU's: nothing where one of them is wrong, and
 * nobody hears of it, for the message goes out without waiting. */
static void signal_fences(struct call *call, const struct wait *signal, bool rewind)
{
	for (uint32_t i = 0; i < signal->count; i++) {
		const struct object *fence =
			call_find_object(call, signal->objects[i], OBJECT_FENCE);
		if (!fence || (fence->value > signal->values[i] && !rewind))
			return;
	}
	for (uint32_t i = 0; i < signal->count; i++)
		call_set_fence(call,
			       call_find_object(call, signal->objects[i], OBJECT_FENCE),
			       signal->values[i]);
}

/* Reads what a signal names, printing as the driver does. @return NULL: -EFAULT. */
struct wait *call_read_signal(struct call *call, uint32_t count, uint64_t objects,
			      uint64_t values)
{
	static const char function[] = "dxgvmb_send_signal_sync_object";
	struct wait *set = xcalloc(1, sizeof(*set));
	set->event = -1;
	set->count = count;
	set->objects = call_read_array(call, objects, count, sizeof(*set->objects));
	if (!set->objects)
		call_print_in(call, function,
			      "Failed to read objects " CALL_POINTER " %d",
			      call_pointer(objects), (int)(count * 4));
	else if (values) {
		set->values = call_read_array(call, values, count, sizeof(*set->values));
		if (!set->values)
			call_print_in(call, function,
				      "Failed to read fences " CALL_POINTER " %d",
				      call_pointer(values), (int)(count * 8));
	} else {
		set->values = xcalloc(count, sizeof(*set->values));
	}
	if (set->objects && set->values)
		return set;
	wait_destroy(set);
	return NULL;
}

int call_signal_sync_object_cpu(struct call *call, void *argument)
{
	struct d3dkmt_signalsynchronizationobjectfromcpu *signal = argument;
	if (!signal->object_count || signal->object_count > D3DDDI_MAX_OBJECT_SIGNALED ||
	    !call_expect_object(call, signal->device, OBJECT_DEVICE))
		return -EINVAL;
	struct wait *set = call_read_signal(call, signal->object_count, signal->objects,
					    signal->fence_values);
	if (!set)
		return -EFAULT;
	signal_fences(call, set, signal->flags.allow_fence_rewind);
	wait_destroy(set);
	call_settle(call);
	return 0;
}

int call_take_event(struct call *call, uint64_t number)
{
	char path[64], kind[64];
	int fd = -1;
	/* The driver takes the lower half, as an int. */
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", call->guest->pid, (int)number);
	ssize_t length = readlink(path, kind, sizeof(kind) - 1);
	kind[length > 0 ? length : 0] = '\0';
	if (!strcmp(kind, "anon_inode:[eventfd]"))
		fd = (int)syscall(SYS_pidfd_getfd, call->guest->pidfd, (int)number, 0);
	if (fd < 0)
		call_print(call, "failed to reference the event");
	return fd;
}

/* The fences and values of a wait. @return 0, or -EFAULT or -EINVAL as the driver. */
static int read_wait(struct call *call,
		     const struct d3dkmt_waitforsynchronizationobjectfromcpu *request,
		     struct wait *wait)
{
	static const char function[] = "dxgvmb_send_wait_sync_object_cpu";
	uint32_t count = request->object_count;
	wait->objects =
		call_read_array(call, request->objects, count, sizeof(*wait->objects));
	if (!wait->objects) {
		call_print_in(call, function, "failed to copy objects");
		return -EFAULT;
	}
	wait->values = call_read_array(call, request->fence_values, count,
				       sizeof(*wait->values));
	if (!wait->values) {
		call_print_in(call, function, "failed to copy fences");
		return -EFAULT;
	}
	wait->count = count;
	int result = call_check_packet(call, WAIT_COMMAND + (size_t)count * 12);
	/* The rest is for Windows to know. */
	for (uint32_t i = 0; !result && i < count; i++)
		if (!call_find_object(call, wait->objects[i], OBJECT_FENCE))
			result = -EINVAL;
	return result;
}

static int begin_wait(struct call *call,
		      const struct d3dkmt_waitforsynchronizationobjectfromcpu *request,
		      struct wait *wait)
{
	if (request->async_event) {
		wait->event = call_take_event(call, request->async_event);
		if (wait->event < 0)
			return -EINVAL;
	}
	if (!call_expect_object(call, request->device, OBJECT_DEVICE))
		return -EINVAL;
	int result = read_wait(call, request, wait);
	if (result)
		return result;
	wait->any = request->flags.wait_any;
	wait->notification = call->notification;
	if (!guest_wait_is_over(call->guest, wait))
		return CALL_LATER;
	if (wait->event >= 0)
		eventfd_write(wait->event, 1);
	return 0;
}

int call_wait_sync_object_cpu(struct call *call, void *argument)
{
	struct d3dkmt_waitforsynchronizationobjectfromcpu *request = argument;
	if (!request->object_count || request->object_count > DXG_PRIVATE_DATA_MAX)
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
