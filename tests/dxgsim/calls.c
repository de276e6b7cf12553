#include "tests/dxgsim/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/dxgsim/memory.h"
#include "tests/dxgsim/query.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"

/* A handler's result beside values and errnos: the call stays blocked. */
#define LATER INT_MIN

/* The largest structure a handled call has. */
#define ARGUMENT_MAX 96

/* More than any program waits for; the driver's own bound is its packet. */
#define WAIT_OBJECTS_MAX 4096

struct call {
	struct sim *sim;
	struct guest *guest;
	pid_t thread;
	uint64_t notification;
};

/* How the caller learns that the host refused. */
enum host_refusal {
	HOST_STATUS, /* as the errno of the status */
	/* Not: 0, and nothing happens. Of a signal because its message goes out without
	 * waiting for an answer. */
	HOST_SILENT,
	HOST_NO_PAGE, /* as ENOMEM: there is no fence page to map */
};

static int errno_of(uint32_t status)
{
	switch (status) {
#define X(value, constant, number)                                                       \
	case value:                                                                      \
		return number;
		DXG_STATUSES(X)
#undef X
	default:
		return EINVAL;
	}
}

static bool succeeds(uint32_t status)
{
	return status < 0x80000000;
}

static bool is_listed(const struct sim_adapter *adapter, bool compute_only)
{
	return compute_only || !adapter->type.compute_only;
}

static struct d3dkmthandle open_adapter(struct guest *guest,
					const struct sim_adapter *adapter)
{
	struct object *object;
	struct d3dkmthandle handle = table_add(&guest->adapters, OBJECT_ADAPTER, &object);
	object->adapter = adapter;
	return handle;
}

/* Opens and writes all that are listed. @return 0 or -EFAULT. */
static int write_adapters(struct call *call, uint64_t to, bool compute_only)
{
	const struct scenario *scenario = call->sim->scenario;
	for (size_t i = 0; i < scenario->adapter_count; i++) {
		const struct sim_adapter *adapter = &scenario->adapters[i];
		if (!is_listed(adapter, compute_only))
			continue;
		struct d3dkmt_adapterinfo info = {
			.adapter_handle = open_adapter(call->guest, adapter),
			.adapter_luid = adapter->luid,
		};
		if (!memory_write(call->thread, to, &info, sizeof(info)))
			return -EFAULT;
		to += sizeof(info);
	}
	return 0;
}

static uint32_t count_adapters(const struct call *call, bool compute_only)
{
	const struct scenario *scenario = call->sim->scenario;
	uint32_t count = 0;
	for (size_t i = 0; i < scenario->adapter_count; i++)
		count += is_listed(&scenario->adapters[i], compute_only);
	return count;
}

static int enum_adapters(struct call *call, void *argument)
{
	struct d3dkmt_enumadapters2 *enumerate = argument;
	uint32_t all = count_adapters(call, true);
	if (!enumerate->adapters) {
		enumerate->num_adapters = all;
		return 0;
	}
	if (enumerate->num_adapters > D3DKMT_ADAPTERS_MAX)
		return -EINVAL;
	if (enumerate->num_adapters < all)
		return -EOVERFLOW;
	enumerate->num_adapters = count_adapters(call, false);
	return write_adapters(call, enumerate->adapters, false);
}

static int enum_adapters3(struct call *call, void *argument)
{
	struct d3dkmt_enumadapters3 *enumerate = argument;
	bool compute_only = enumerate->filter.include_compute_only;
	uint32_t room = enumerate->adapter_count;
	if (enumerate->adapters && room > DXG_ENUMADAPTERS3_MAX)
		return -EINVAL;
	enumerate->adapter_count = count_adapters(call, compute_only);
	if (!enumerate->adapters || room < enumerate->adapter_count)
		return 0;
	return write_adapters(call, enumerate->adapters, compute_only);
}

static int open_adapter_from_luid(struct call *call, void *argument)
{
	struct d3dkmt_openadapterfromluid *open = argument;
	const struct scenario *scenario = call->sim->scenario;
	for (size_t i = 0; i < scenario->adapter_count; i++) {
		const struct sim_adapter *adapter = &scenario->adapters[i];
		if (adapter->luid.a != open->adapter_luid.a ||
		    adapter->luid.b != open->adapter_luid.b)
			continue;
		open->adapter_handle = open_adapter(call->guest, adapter);
		return 0;
	}
	return open->adapter_handle.v ? 0 : -EINVAL;
}

static const struct sim_adapter *find_adapter(const struct call *call,
					      struct d3dkmthandle handle)
{
	const struct object *object =
		table_find(&call->guest->adapters, handle, OBJECT_ADAPTER);
	return object ? object->adapter : NULL;
}

static int close_adapter(struct call *call, void *argument)
{
	struct d3dkmt_closeadapter *close_ = argument;
	if (!close_->adapter_handle.v)
		return 0;
	struct object *object = table_find(&call->guest->adapters, close_->adapter_handle,
					   OBJECT_ADAPTER);
	if (!object)
		return -EINVAL;
	guest_close_adapter(call->guest, object);
	return 0;
}

static int query_adapter_info(struct call *call, void *argument)
{
	struct d3dkmt_queryadapterinfo *query = argument;
	size_t size = query->private_data_size;
	if (!size || size > DXG_PRIVATE_DATA_MAX)
		return -EINVAL;
	const struct sim_adapter *adapter = find_adapter(call, query->adapter);
	if (!adapter)
		return -EINVAL;
	cleanup_free uint8_t *data = xmalloc(size);
	if (!memory_read(call->thread, query->private_data, data, size))
		return -EFAULT;
	struct verdict verdict;
	if (!query_answer(adapter, query->type, data, size, &verdict))
		return verdict.by_host ? -errno_of(verdict.status) : -verdict.number;
	return memory_write(call->thread, query->private_data, data, size) ? 0 : -EFAULT;
}

static int query_vidmem_info(struct call *call, void *argument)
{
	struct d3dkmt_queryvideomemoryinfo *info = argument;
	const struct sim_adapter *adapter = find_adapter(call, info->adapter);
	if (info->process || !adapter ||
	    info->memory_segment_group > D3DKMT_MEMORY_SEGMENT_GROUP_NON_LOCAL)
		return -EINVAL;
	bool local = info->memory_segment_group == D3DKMT_MEMORY_SEGMENT_GROUP_LOCAL;
	info->budget = local ? adapter->local_budget : adapter->nonlocal_budget;
	info->current_usage = 0;
	info->current_reservation = 0;
	info->available_for_reservation = info->budget / 2;
	return 0;
}

static int is_feature_enabled(struct call *call, void *argument)
{
	struct d3dkmt_isfeatureenabled *query = argument;
	const struct sim_adapter *adapter = find_adapter(call, query->adapter);
	for (size_t i = 0; adapter && i < adapter->feature_count; i++) {
		if (adapter->features[i].id != query->feature_id)
			continue;
		query->result.version = adapter->features[i].version;
		query->result.value = adapter->features[i].value;
		return 0;
	}
	return -EINVAL;
}

static int create_device(struct call *call, void *argument)
{
	struct d3dkmt_createdevice *create = argument;
	const struct sim_adapter *adapter = find_adapter(call, create->adapter);
	if (!adapter)
		return -EINVAL;
	struct object *object;
	create->device = table_add(&call->guest->objects, OBJECT_DEVICE, &object);
	object->adapter = adapter;
	return 0;
}

static struct object *find_object(const struct call *call, struct d3dkmthandle handle,
				  enum object_type type)
{
	return table_find(&call->guest->objects, handle, type);
}

static int destroy(struct call *call, struct d3dkmthandle handle, enum object_type type)
{
	struct object *object = find_object(call, handle, type);
	if (!object)
		return -EINVAL;
	guest_destroy_object(call->guest, object);
	return 0;
}

static int destroy_device(struct call *call, void *argument)
{
	return destroy(call, ((struct d3dkmt_destroydevice *)argument)->device,
		       OBJECT_DEVICE);
}

static int get_device_state(struct call *call, void *argument)
{
	struct d3dkmt_getdevicestate *state = argument;
	if (!find_object(call, state->device, OBJECT_DEVICE))
		return -EINVAL;
	switch (state->state_type) {
	case D3DKMT_DEVICESTATE_EXECUTION:
		state->execution_state = D3DKMT_DEVICEEXECUTION_ACTIVE;
		return 0;
	case D3DKMT_DEVICESTATE_RESET:
		state->reset_state.value = 0;
		return 0;
	default:
		return -EINVAL;
	}
}

/* @return a fence below `parent`, or NULL where there is no page for it. */
static struct object *create_fence(struct call *call, struct d3dkmthandle parent,
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

static int create_paging_queue(struct call *call, void *argument)
{
	struct d3dkmt_createpagingqueue *create = argument;
	if (!find_object(call, create->device, OBJECT_DEVICE) || create->priority < -1 ||
	    create->priority > 1 || create->physical_adapter_index)
		return -EINVAL;
	struct object *queue;
	struct d3dkmthandle handle =
		table_add(&call->guest->objects, OBJECT_PAGING_QUEUE, &queue);
	queue->parent = create->device;
	struct object *fence = create_fence(call, handle, 0, &create->sync_object);
	if (!fence) {
		destroy(call, handle, OBJECT_PAGING_QUEUE);
		return -ENOMEM;
	}
	create->paging_queue = handle;
	create->fence_cpu_virtual_address = fence->address;
	return 0;
}

static int destroy_paging_queue(struct call *call, void *argument)
{
	return destroy(call, ((struct d3dddi_destroypagingqueue *)argument)->paging_queue,
		       OBJECT_PAGING_QUEUE);
}

static int create_sync_object(struct call *call, void *argument)
{
	struct d3dkmt_createsynchronizationobject2 *create = argument;
	struct d3dddi_synchronizationobjectinfo2 *info = &create->info;
	if (!find_object(call, create->device, OBJECT_DEVICE) ||
	    info->type != D3DDDI_MONITORED_FENCE ||
	    (info->flags.shared && !info->flags.nt_security_sharing))
		return -EINVAL;
	if (info->flags.shared)
		return -EPERM; /* sharing is not simulated */
	struct object *fence = create_fence(call, create->device,
					    info->monitored_fence.initial_fence_value,
					    &create->sync_object);
	if (!fence)
		return -ENOMEM;
	info->monitored_fence.fence_cpu_virtual_address = fence->address;
	info->monitored_fence.fence_gpu_virtual_address =
		UINT64_C(0x100000000) + (uint64_t)create->sync_object.index * 4096;
	return 0;
}

static int destroy_sync_object(struct call *call, void *argument)
{
	struct d3dkmt_destroysynchronizationobject *destroy_ = argument;
	const struct object *fence =
		find_object(call, destroy_->sync_object, OBJECT_FENCE);
	/* A queue's own fence goes with the queue. */
	if (!fence || !find_object(call, fence->parent, OBJECT_DEVICE))
		return -EINVAL;
	return destroy(call, destroy_->sync_object, OBJECT_FENCE);
}

/* The handles and values a wait or signal names; all must be fences of this process. */
static int read_fences(const struct call *call, struct d3dkmthandle device,
		       uint32_t count, uint64_t objects, uint64_t values,
		       struct wait *ret)
{
	if (!find_object(call, device, OBJECT_DEVICE))
		return -EINVAL;
	ret->count = count;
	ret->objects = xcalloc(count, sizeof(*ret->objects));
	ret->values = xcalloc(count, sizeof(*ret->values));
	if (!memory_read(call->thread, objects, ret->objects,
			 count * sizeof(*ret->objects)) ||
	    !memory_read(call->thread, values, ret->values, count * sizeof(*ret->values)))
		return -EFAULT;
	for (uint32_t i = 0; i < count; i++)
		if (!find_object(call, ret->objects[i], OBJECT_FENCE))
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

static int signal_fences(struct call *call, const struct wait *signal, bool rewind)
{
	/* Nothing is written where one of them is wrong. */
	for (uint32_t i = 0; i < signal->count; i++)
		if (find_object(call, signal->objects[i], OBJECT_FENCE)->value >
			    signal->values[i] &&
		    !rewind)
			return -EINVAL;
	for (uint32_t i = 0; i < signal->count; i++) {
		struct object *fence =
			find_object(call, signal->objects[i], OBJECT_FENCE);
		fence->value = signal->values[i];
		if (!call->sim->scenario->frozen && !guest_show_fence(call->guest, fence))
			return -EFAULT;
	}
	return 0;
}

static int signal_sync_object_cpu(struct call *call, void *argument)
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
		if (wait->event < 0)
			return -EINVAL;
	}
	if (!guest_wait_is_over(call->guest, wait))
		return LATER;
	if (wait->event >= 0)
		eventfd_write(wait->event, 1);
	return 0;
}

static int wait_sync_object_cpu(struct call *call, void *argument)
{
	struct d3dkmt_waitforsynchronizationobjectfromcpu *request = argument;
	if (!request->object_count || request->object_count > WAIT_OBJECTS_MAX)
		return -EINVAL;
	struct wait *wait = xcalloc(1, sizeof(*wait));
	wait->event = -1;
	int result = begin_wait(call, request, wait);
	if (result != LATER) {
		wait_destroy(wait);
		return result;
	}
	wait->next = call->guest->waits;
	call->guest->waits = wait;
	return wait->event < 0 ? LATER : 0;
}

static const struct row {
	uint32_t request;
	bool writes; /* the structure itself is an answer */
	enum host_refusal refusal;
	int (*handle)(struct call *call, void *argument);
} rows[] = {
	{ LX_DXOPENADAPTERFROMLUID, true, HOST_STATUS, open_adapter_from_luid },
	{ LX_DXCREATEDEVICE, true, HOST_SILENT, create_device },
	{ LX_DXCREATEPAGINGQUEUE, true, HOST_NO_PAGE, create_paging_queue },
	{ LX_DXQUERYADAPTERINFO, false, HOST_STATUS, query_adapter_info },
	{ LX_DXQUERYVIDEOMEMORYINFO, true, HOST_SILENT, query_vidmem_info },
	{ LX_DXGETDEVICESTATE, true, HOST_STATUS, get_device_state },
	{ LX_DXCREATESYNCHRONIZATIONOBJECT, true, HOST_NO_PAGE, create_sync_object },
	{ LX_DXENUMADAPTERS2, true, HOST_STATUS, enum_adapters },
	{ LX_DXCLOSEADAPTER, false, HOST_STATUS, close_adapter },
	{ LX_DXDESTROYDEVICE, false, HOST_STATUS, destroy_device },
	{ LX_DXDESTROYPAGINGQUEUE, false, HOST_STATUS, destroy_paging_queue },
	{ LX_DXDESTROYSYNCHRONIZATIONOBJECT, false, HOST_STATUS, destroy_sync_object },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, false, HOST_SILENT,
	  signal_sync_object_cpu },
	{ LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, false, HOST_STATUS,
	  wait_sync_object_cpu },
	{ LX_DXENUMADAPTERS3, true, HOST_STATUS, enum_adapters3 },
	{ LX_ISFEATUREENABLED, true, HOST_STATUS, is_feature_enabled },
};

/* Numbers that the driver has; a wrong size is another number. */
static bool is_known(uint32_t request)
{
	static const uint32_t requests[] = {
#define X(nr, constant, size, name) constant,
		DXG_IOCTLS(X)
#undef X
	};
	for_each_row(known, requests)
		if (*known == request)
			return true;
	return false;
}

static const struct row *find_row(uint32_t request)
{
	for_each_row(row, rows)
		if (row->request == request)
			return row;
	return NULL;
}

static int refuse(const struct row *row, const struct verdict *verdict)
{
	if (!verdict->by_host)
		return -verdict->number;
	switch (row->refusal) {
	case HOST_STATUS:
		return -errno_of(verdict->status);
	case HOST_SILENT:
		return 0;
	case HOST_NO_PAGE:
		return -ENOMEM;
	}
	return -EINVAL;
}

static int perform(struct call *call, const struct row *row, uint64_t address)
{
	uint8_t argument[ARGUMENT_MAX] __attribute__((aligned(8)));
	size_t size = _IOC_SIZE(row->request);
	if (!memory_read(call->thread, address, argument, size))
		return -EFAULT;
	uint32_t type = row->request == LX_DXQUERYADAPTERINFO
				? ((struct d3dkmt_queryadapterinfo *)argument)->type
				: 0;
	const struct verdict *verdict =
		scenario_refusal(call->sim->scenario, _IOC_NR(row->request), type);
	if (verdict && !(verdict->by_host && succeeds(verdict->status)))
		return refuse(row, verdict);
	/* Where the answer could not be written, nothing may have happened. */
	if (row->writes && !memory_write(call->thread, address, argument, size))
		return -EFAULT;
	int result = row->handle(call, argument);
	if (result < 0)
		return result;
	if (row->writes && !memory_write(call->thread, address, argument, size))
		return -EFAULT;
	return verdict ? (int)verdict->status : result;
}

struct reply calls_answer(struct sim *sim, const struct question *question,
			  const struct opening *opening)
{
	uint32_t request = (uint32_t)question->args[1];
	const struct row *row = find_row(request);
	struct call call = {
		.sim = sim,
		.guest = sim_find_guest(sim, process_of(question->thread)),
		.thread = question->thread,
		.notification = question->id,
	};
	if (!call.guest || call.guest->pid != opening->pid || !is_known(request))
		return reply_result(-ENOTTY);
	/* In the driver's table, not in ours: an answer that a host may give. */
	if (!row)
		return reply_result(-EPERM);
	int result = perform(&call, row, question->args[2]);
	if (result == LATER)
		return (struct reply){ .kind = ANSWER_LATER };
	return reply_result(result);
}
