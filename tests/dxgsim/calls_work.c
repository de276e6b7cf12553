/*
 * What the GPU is told to do in a context or a hardware queue. Signals and waits are done,
 * in the order of each queue; commands are not, as nothing here computes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tests/dxgsim/call.h"
#include "tests/dxgsim/memory.h"
#include "util/alloc.h"
#include "util/cleanup.h"

/* Of commands, what stands before their arrays (dxgvmbus.h). */
#define SIGNAL_COMMAND  56
#define SUBMIT_COMMAND  408
#define HWQUEUE_COMMAND 80
#define HISTORY_MAX     1024

static bool is_blocked(const struct guest *guest, const struct work *work)
{
	for (const struct work *other = guest->work; other != work; other = other->next)
		if (handle_equals(other->queue, work->queue))
			return true;
	return work->waits && !guest_wait_is_over(guest, work->set);
}

static void do_work(struct call *call, const struct work *work)
{
	if (work->event >= 0)
		eventfd_write(work->event, 1);
	for (uint32_t i = 0; !work->waits && i < work->set->count; i++) {
		struct object *fence =
			call_find_object(call, work->set->objects[i], OBJECT_FENCE);
		if (fence)
			call_set_fence(call, fence, work->set->values[i]);
	}
}

void call_run_work(struct call *call)
{
	struct work **at = &call->guest->work;
	while (*at) {
		struct work *work = *at;
		if (is_blocked(call->guest, work)) {
			at = &work->next;
			continue;
		}
		*at = work->next;
		do_work(call, work);
		work_destroy(work);
		/* It may have been what those before it were waiting for. */
		at = &call->guest->work;
	}
}

/* Takes the set and the event. @return 0: the host has nothing against it. */
static int enqueue(struct call *call, struct d3dkmthandle queue, bool waits,
		   struct wait *set, int event)
{
	struct work *work = xcalloc(1, sizeof(*work));
	*work = (struct work){
		.queue = queue, .waits = waits, .event = event, .set = set
	};
	struct work **at = &call->guest->work;
	while (*at)
		at = &(*at)->next;
	*at = work;
	call_settle(call);
	return 0;
}

static struct wait *create_set(uint32_t count)
{
	struct wait *set = xcalloc(1, sizeof(*set));
	set->event = -1;
	set->count = count;
	set->objects = xcalloc(count, sizeof(*set->objects));
	set->values = xcalloc(count, sizeof(*set->values));
	return set;
}

/* Where one of them is no fence Windows does not do it, and says nothing: the message went
 * out without waiting. Takes the set. */
static int enqueue_known(struct call *call, struct d3dkmthandle queue, bool waits,
			 struct wait *set)
{
	for (uint32_t i = 0; i < set->count; i++) {
		if (call_find_object(call, set->objects[i], OBJECT_FENCE))
			continue;
		wait_destroy(set);
		return 0;
	}
	return enqueue(call, queue, waits, set, -1);
}

static int signal_event(struct call *call, struct d3dkmthandle context, uint64_t event)
{
	int fd = call_take_event(call, event);
	if (fd < 0)
		return -EINVAL;
	if (call_expect_object(call, context, OBJECT_CONTEXT))
		return enqueue(call, context, false, create_set(0), fd);
	close(fd);
	return -EINVAL;
}

/* The older form: fences and contexts stand in the structure itself. */
int call_signal_sync_object(struct call *call, void *argument)
{
	const struct d3dkmt_signalsynchronizationobject2 *signal = argument;
	if (signal->context_count >= D3DDDI_MAX_BROADCAST_CONTEXT ||
	    signal->object_count > D3DDDI_MAX_OBJECT_SIGNALED)
		return -EINVAL;
	if (signal->flags.enqueue_cpu_event)
		return signal_event(call, signal->context, signal->cpu_event_handle);
	if (!call_expect_object(call, signal->context, OBJECT_CONTEXT))
		return -EINVAL;
	struct wait *set = create_set(signal->object_count);
	memcpy(set->objects, signal->object_array,
	       signal->object_count * sizeof(*set->objects));
	for (uint32_t i = 0; i < set->count; i++)
		set->values[i] = signal->fence.fence_value;
	return enqueue_known(call, signal->context, false, set);
}

int call_signal_sync_object_gpu(struct call *call, void *argument)
{
	const struct d3dkmt_signalsynchronizationobjectfromgpu *signal = argument;
	uint32_t count = signal->object_count;
	if (!count || count > DXG_PRIVATE_DATA_MAX ||
	    !call_expect_object(call, signal->context, OBJECT_CONTEXT))
		return -EINVAL;
	struct wait *set = call_read_signal(call, count, signal->objects,
					    signal->monitored_fence_values);
	if (!set)
		return -EFAULT;
	if (!call_check_packet(call, SIGNAL_COMMAND + 4 + (size_t)count * 12))
		return enqueue_known(call, signal->context, false, set);
	wait_destroy(set);
	return -EINVAL;
}

int call_signal_sync_object_gpu2(struct call *call, void *argument)
{
	const struct d3dkmt_signalsynchronizationobjectfromgpu2 *signal = argument;
	uint32_t count = signal->object_count, contexts = signal->context_count;
	bool event = signal->flags.enqueue_cpu_event;
	if (event && (count || !signal->cpu_event_handle)) {
		call_print(call, "Bad input in EnqueueCpuEvent: %d %lld", (int)count,
			   (long long)signal->cpu_event_handle);
		return -EINVAL;
	}
	if (!event && (!count || count > DXG_PRIVATE_DATA_MAX || !contexts ||
		       contexts > DXG_PRIVATE_DATA_MAX)) {
		call_print(call, "Invalid input: %d %d", (int)count, (int)contexts);
		return -EINVAL;
	}
	struct d3dkmthandle context;
	if (!memory_read(call->thread, signal->contexts, &context, sizeof(context)))
		return call_refuse(call, -EFAULT, "failed to copy context handle");
	if (event)
		return signal_event(call, context, signal->cpu_event_handle);
	if (!call_expect_object(call, context, OBJECT_CONTEXT))
		return -EINVAL;
	struct wait *set = call_read_signal(call, count, signal->objects,
					    signal->monitored_fence_values);
	if (!set)
		return -EFAULT;
	if (!call_check_packet(call, SIGNAL_COMMAND + (size_t)contexts * 4 +
					     (size_t)count * 12))
		return enqueue_known(call, context, false, set);
	wait_destroy(set);
	return -EINVAL;
}

/* The older form again: one value for all, and more of it in the reserved rest. */
int call_wait_sync_object(struct call *call, void *argument)
{
	const struct d3dkmt_waitforsynchronizationobject2 *request = argument;
	uint32_t count = request->object_count;
	if (!count || count > D3DDDI_MAX_OBJECT_WAITED_ON ||
	    !call_expect_object(call, request->context, OBJECT_CONTEXT))
		return -EINVAL;
	struct wait *set = create_set(count);
	memcpy(set->objects, request->object_array, count * sizeof(*set->objects));
	for (uint32_t i = 0; i < count && i < 8; i++)
		set->values[i] = request->reserved[i];
	return enqueue_known(call, request->context, true, set);
}

int call_wait_sync_object_gpu(struct call *call, void *argument)
{
	const struct d3dkmt_waitforsynchronizationobjectfromgpu *request = argument;
	uint32_t count = request->object_count;
	if (!count || count > DXG_PRIVATE_DATA_MAX) {
		call_print(call, "Invalid object count: %d", (int)count);
		return -EINVAL;
	}
	cleanup_free struct d3dkmthandle *objects =
		call_read_array(call, request->objects, count, sizeof(*objects));
	if (!objects)
		return call_refuse(call, -EFAULT, "failed to copy objects");
	if (!call_find_object(call, request->context, OBJECT_CONTEXT)) {
		call_print(call, "Invalid context handle: %x", request->context.v);
		return -EINVAL;
	}
	if (!call_find_object(call, objects[0], OBJECT_FENCE)) {
		call_print(call, "Invalid syncobj type: %x", objects[0].v);
		return -EINVAL;
	}
	cleanup_free uint64_t *values = call_read_array(
		call, request->monitored_fence_values, count, sizeof(*values));
	if (!values)
		return call_refuse(call, -EFAULT, "failed to copy fences");
	if (count > D3DDDI_MAX_OBJECT_WAITED_ON)
		return -EINVAL;
	struct wait *set = create_set(count);
	memcpy(set->objects, objects, count * sizeof(*objects));
	memcpy(set->values, values, count * sizeof(*values));
	return enqueue_known(call, request->context, true, set);
}

int call_submit_signal_to_hwqueue(struct call *call, void *argument)
{
	const struct d3dkmt_submitsignalsyncobjectstohwqueue *signal = argument;
	if (!signal->hwqueue_count ||
	    signal->hwqueue_count > D3DDDI_MAX_BROADCAST_CONTEXT) {
		call_print(call, "invalid hwqueue count: %d", (int)signal->hwqueue_count);
		return -EINVAL;
	}
	if (!signal->object_count || signal->object_count > D3DDDI_MAX_OBJECT_SIGNALED) {
		call_print(call, "invalid number of syncobjects: %d",
			   (int)signal->object_count);
		return -EINVAL;
	}
	struct d3dkmthandle queue;
	if (!memory_read(call->thread, signal->hwqueues, &queue, sizeof(queue)))
		return call_refuse(call, -EFAULT, "failed to copy hwqueue handle");
	if (!call_expect_object(call, queue, OBJECT_HWQUEUE))
		return -EINVAL;
	struct wait *set = call_read_signal(call, signal->object_count, signal->objects,
					    signal->fence_values);
	return set ? enqueue_known(call, queue, false, set) : -EFAULT;
}

int call_submit_wait_to_hwqueue(struct call *call, void *argument)
{
	const struct d3dkmt_submitwaitforsyncobjectstohwqueue *request = argument;
	uint32_t count = request->object_count;
	if (!count || count > D3DDDI_MAX_OBJECT_WAITED_ON)
		return -EINVAL;
	struct wait *set = create_set(count);
	int result = 0;
	if (!memory_read(call->thread, request->objects, set->objects,
			 count * sizeof(*set->objects)))
		result = call_refuse(call, -EFAULT, "failed to copy objects");
	else if (!memory_read(call->thread, request->fence_values, set->values,
			      count * sizeof(*set->values)))
		result = call_refuse(call, -EFAULT, "failed to copy fence values");
	else if (!call_expect_object(call, request->hwqueue, OBJECT_HWQUEUE))
		result = -EINVAL;
	else
		return enqueue_known(call, request->hwqueue, true, set);
	wait_destroy(set);
	return result;
}

static bool is_readable(const struct call *call, uint64_t address, size_t size)
{
	cleanup_free void *bytes = size ? call_read_array(call, address, size, 1) : NULL;
	return !size || bytes;
}

int call_submit_command(struct call *call, void *argument)
{
	static const char function[] = "dxgvmb_send_submit_command";
	const struct d3dkmt_submitcommand *submit = argument;
	const char *wrong =
		!submit->broadcast_context_count || submit->broadcast_context_count >
							    D3DDDI_MAX_BROADCAST_CONTEXT
			? "invalid number of contexts"
		: submit->priv_drv_data_size > DXG_PRIVATE_DATA_MAX
			? "invalid private data size"
		: submit->num_history_buffers > HISTORY_MAX
			? "invalid number of history buffers"
		: submit->num_primaries > DXG_PRIVATE_DATA_MAX
			? "invalid number of primaries"
			: NULL;
	if (wrong)
		return call_refuse(call, -EINVAL, wrong);
	if (!call_expect_object(call, submit->broadcast_context[0], OBJECT_CONTEXT))
		return -EINVAL;
	size_t history = submit->num_history_buffers * sizeof(struct d3dkmthandle);
	if (!is_readable(call, submit->history_buffer_array, history)) {
		call_print_in(call, function, " failed to copy history buffer");
		return -EFAULT;
	}
	if (!is_readable(call, submit->priv_drv_data, submit->priv_drv_data_size)) {
		call_print_in(call, function, "failed to copy history priv data");
		return -EFAULT;
	}
	if (call_check_packet(call,
			      SUBMIT_COMMAND + history + submit->priv_drv_data_size))
		return -EINVAL;
	return -EPERM;
}

int call_submit_command_to_hwqueue(struct call *call, void *argument)
{
	static const char function[] = "dxgvmb_send_submit_command_hwqueue";
	const struct d3dkmt_submitcommandtohwqueue *submit = argument;
	size_t size = submit->priv_drv_data_size;
	if (size > DXG_PRIVATE_DATA_MAX)
		return call_refuse(call, -EINVAL, "invalid private data size");
	if (submit->num_primaries > DXG_PRIVATE_DATA_MAX)
		return call_refuse(call, -EINVAL, "invalid number of primaries");
	if (!call_expect_object(call, submit->hwqueue, OBJECT_HWQUEUE))
		return -EINVAL;
	size_t primaries = submit->num_primaries * sizeof(struct d3dkmthandle);
	if (!is_readable(call, submit->written_primaries, primaries)) {
		call_print_in(call, function, "failed to copy primaries handles");
		return -EFAULT;
	}
	if (!is_readable(call, submit->priv_drv_data, size)) {
		call_print_in(call, function, "failed to copy primaries data");
		return -EFAULT;
	}
	if (call_check_packet(call, HWQUEUE_COMMAND + primaries + size))
		return -EINVAL;
	return -EPERM;
}
