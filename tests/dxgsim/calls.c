#include "tests/dxgsim/calls.h"

#include <errno.h>
#include <string.h>

#include "tests/dxgsim/call.h"
#include "tests/dxgsim/memory.h"
#include "tests/dxgsim/query.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"

/* The largest structure of the driver's table. */
#define ARGUMENT_MAX 808

/* How the caller learns that the host refused. */
enum host_refusal {
	HOST_STATUS, /* as the errno of the status */
	/* Not: 0, and nothing happens. Of a signal because its message goes out without
	 * waiting for an answer. */
	HOST_SILENT,
	HOST_NO_PAGE, /* as ENOMEM: there is no page to map */
	HOST_SHORT,   /* as EOVERFLOW: the reply is too short */
	HOST_HANDLE,  /* as EINVAL: its handle is 0 */
};

/* What the first handle of a structure says the call is about. */
enum subject { ABOUT_NOTHING, ABOUT_ADAPTER, ABOUT_OBJECT, ABOUT_EITHER };

static const struct row {
	uint32_t request;
	bool writes; /* the structure itself is an answer */
	enum host_refusal refusal;
	enum subject subject;
	size_t subject_at;
	call_handler *handle;
} rows[] = {
	/* clang-format off */
	{ LX_DXOPENADAPTERFROMLUID, true, HOST_STATUS, ABOUT_NOTHING, 0,
	  call_open_adapter_from_luid },
	{ LX_DXCREATEDEVICE, true, HOST_SILENT, ABOUT_ADAPTER, 0, call_create_device },
	{ LX_DXCREATECONTEXTVIRTUAL, true, HOST_HANDLE, ABOUT_OBJECT, 0,
	  call_create_context_virtual },
	{ LX_DXDESTROYCONTEXT, false, HOST_STATUS, ABOUT_OBJECT, 0, call_destroy_context },
	{ LX_DXCREATEALLOCATION, true, HOST_STATUS, ABOUT_OBJECT, 0,
	  call_create_allocation },
	{ LX_DXCREATEPAGINGQUEUE, true, HOST_NO_PAGE, ABOUT_OBJECT, 0,
	  call_create_paging_queue },
	{ LX_DXRESERVEGPUVIRTUALADDRESS, true, HOST_SHORT, ABOUT_EITHER, 0,
	  call_reserve_gpu_va },
	{ LX_DXQUERYADAPTERINFO, false, HOST_STATUS, ABOUT_ADAPTER, 0,
	  call_query_adapter_info },
	{ LX_DXQUERYVIDEOMEMORYINFO, true, HOST_SILENT, ABOUT_ADAPTER, 8,
	  call_query_vidmem_info },
	{ LX_DXMAKERESIDENT, true, HOST_STATUS, ABOUT_OBJECT, 0, call_make_resident },
	{ LX_DXMAPGPUVIRTUALADDRESS, true, HOST_STATUS, ABOUT_OBJECT, 0, call_map_gpu_va },
	{ LX_DXESCAPE, false, HOST_SHORT, ABOUT_ADAPTER, 0, call_escape },
	{ LX_DXGETDEVICESTATE, true, HOST_STATUS, ABOUT_OBJECT, 0, call_get_device_state },
	{ LX_DXCREATESYNCHRONIZATIONOBJECT, true, HOST_NO_PAGE, ABOUT_OBJECT, 0,
	  call_create_sync_object },
	{ LX_DXDESTROYALLOCATION2, false, HOST_STATUS, ABOUT_OBJECT, 0,
	  call_destroy_allocation },
	{ LX_DXENUMADAPTERS2, true, HOST_STATUS, ABOUT_NOTHING, 0, call_enum_adapters },
	{ LX_DXCLOSEADAPTER, false, HOST_STATUS, ABOUT_NOTHING, 0, call_close_adapter },
	{ LX_DXDESTROYDEVICE, false, HOST_STATUS, ABOUT_OBJECT, 0, call_destroy_device },
	{ LX_DXDESTROYPAGINGQUEUE, false, HOST_STATUS, ABOUT_OBJECT, 0,
	  call_destroy_paging_queue },
	{ LX_DXDESTROYSYNCHRONIZATIONOBJECT, false, HOST_STATUS, ABOUT_OBJECT, 0,
	  call_destroy_sync_object },
	{ LX_DXEVICT, true, HOST_SILENT, ABOUT_OBJECT, 0, call_evict },
	{ LX_DXFREEGPUVIRTUALADDRESS, false, HOST_STATUS, ABOUT_ADAPTER, 0,
	  call_free_gpu_va },
	{ LX_DXLOCK2, true, HOST_STATUS, ABOUT_OBJECT, 0, call_lock2 },
	{ LX_DXQUERYALLOCATIONRESIDENCY, false, HOST_STATUS, ABOUT_OBJECT, 0,
	  call_query_alloc_residency },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, false, HOST_SILENT, ABOUT_OBJECT, 0,
	  call_signal_sync_object_cpu },
	{ LX_DXUNLOCK2, false, HOST_STATUS, ABOUT_OBJECT, 0, call_unlock2 },
	{ LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, false, HOST_STATUS, ABOUT_OBJECT, 0,
	  call_wait_sync_object_cpu },
	{ LX_DXQUERYCLOCKCALIBRATION, true, HOST_STATUS, ABOUT_ADAPTER, 0,
	  call_query_clock_calibration },
	{ LX_DXENUMADAPTERS3, true, HOST_STATUS, ABOUT_NOTHING, 0, call_enum_adapters3 },
	{ LX_DXQUERYSTATISTICS, true, HOST_STATUS, ABOUT_NOTHING, 0,
	  call_query_statistics },
	{ LX_DXENUMPROCESSES, true, HOST_STATUS, ABOUT_NOTHING, 0, call_enum_processes },
	{ LX_ISFEATUREENABLED, true, HOST_STATUS, ABOUT_ADAPTER, 0,
	  call_is_feature_enabled },
	/* clang-format on */
};

/* The driver's own table: whole numbers, and the names of its handlers. */
static const struct known {
	uint32_t request;
	const char *name;
} known_calls[] = {
#define X(nr, constant, size, name) { constant, "dxgkio_" #name },
	DXG_IOCTLS(X)
#undef X
};

int status_errno(uint32_t status)
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

static const struct known *find_known(uint32_t nr)
{
	for_each_row(known, known_calls)
		if (_IOC_NR(known->request) == nr)
			return known;
	return NULL;
}

static const struct row *find_row(uint32_t request)
{
	for_each_row(row, rows)
		if (row->request == request)
			return row;
	return NULL;
}

static int refuse(struct call *call, const struct row *row, const struct verdict *verdict)
{
	if (!verdict->by_host)
		return -verdict->number;
	switch (row ? row->refusal : HOST_STATUS) {
	case HOST_STATUS:
		return -status_errno(verdict->status);
	case HOST_SILENT:
		return 0;
	case HOST_NO_PAGE:
		return call_lacks_page(call);
	case HOST_SHORT:
		return -EOVERFLOW;
	case HOST_HANDLE:
		call_print(call, "invalid host handle");
		return -EINVAL;
	}
	return -EINVAL;
}

/* The last line of a call that failed; most handlers share one, not all have it. */
static void print_failure(struct call *call, uint32_t request, int result)
{
	switch (request) {
	case LX_DXQUERYVIDEOMEMORYINFO:
		call_print(call, "failed: %x", (unsigned int)result);
		return;
	case LX_DXGETDEVICESTATE:
		call_print(call, "Failed to get device state %x", (unsigned int)result);
		return;
	case LX_DXFREEGPUVIRTUALADDRESS:
	case LX_DXUPDATEGPUVIRTUALADDRESS:
		return;
	case LX_DXENUMADAPTERS3:
		log_print(&call->sim->log, "dxgkp_enum_adapters", "Ioctl failed: %d",
			  result);
		break;
	}
	call_print(call, "Ioctl failed: %d", result);
}

static const struct sim_adapter *
find_subject(const struct call *call, const struct row *row, const uint8_t *argument)
{
	if (!row || row->subject == ABOUT_NOTHING)
		return NULL;
	struct d3dkmthandle handle;
	memcpy(&handle, argument + row->subject_at, sizeof(handle));
	const struct sim_adapter *adapter = NULL;
	if (row->subject != ABOUT_OBJECT)
		adapter = call_find_adapter(call, handle);
	const struct table *objects = &call->guest->objects;
	if (adapter || row->subject == ABOUT_ADAPTER || handle.index >= objects->count)
		return adapter;
	const struct object *object = &objects->objects[handle.index];
	return object->type != OBJECT_NONE && object->unique == handle.unique
		       ? call_adapter_of(call, object)
		       : NULL;
}

static void befall_adapter(struct sim *sim, const struct sim_adapter *adapter,
			   const struct event *event)
{
	for (size_t i = 0; i < sim->scenario->adapter_count; i++) {
		if (adapter && adapter != &sim->scenario->adapters[i])
			continue;
		if (event->kind == EVENT_REMOVED)
			sim->adapters[i].removed = true;
		else
			sim->adapters[i].state = event->value;
	}
}

/* @return whether the call is put off. */
static bool befall(struct call *call, const struct question *question,
		   const struct sim_adapter *adapter, const struct event *event)
{
	struct guest *guest = call->guest;
	switch (event->kind) {
	case EVENT_SILENT:
		guest->hung = xreallocarray(guest->hung, guest->hung_count + 1, 1);
		guest->hung[guest->hung_count++] = (uint8_t)_IOC_NR(question->args[1]);
		return true;
	case EVENT_DELAY:
		sim_delay(call->sim, question, event->value);
		return true;
	case EVENT_DIES:
		call->sim->dead = true;
		return false;
	case EVENT_REMOVED:
	case EVENT_STATE:
		befall_adapter(call->sim, adapter, event);
		return false;
	}
	return false;
}

static int handle(struct call *call, const struct row *row, uint8_t *argument,
		  uint64_t address)
{
	size_t size = _IOC_SIZE(row->request);
	/* Where the answer could not be written, nothing may have happened. */
	if (row->writes && !memory_write(call->thread, address, argument, size))
		return -EFAULT;
	int result = row->handle(call, argument);
	/* The number of processes comes back also where there was too little room. */
	bool answers = result >= 0 ||
		       (row->request == LX_DXENUMPROCESSES && result == -EOVERFLOW);
	if (result != CALL_LATER && answers && row->writes &&
	    !memory_write(call->thread, address, argument, size))
		return -EFAULT;
	return result;
}

static int perform(struct call *call, const struct question *question)
{
	uint32_t request = (uint32_t)question->args[1];
	const struct row *row = find_row(request);
	uint8_t argument[ARGUMENT_MAX] __attribute__((aligned(8)));
	if (!memory_read(call->thread, question->args[2], argument, _IOC_SIZE(request))) {
		call_print(call, "%s to copy input args",
			   request == LX_DXOPENADAPTERFROMLUID ? "Faled" : "failed");
		return -EFAULT;
	}
	const struct sim_adapter *adapter = find_subject(call, row, argument);
	struct occasion occasion = {
		.nr = (uint8_t)_IOC_NR(request),
		.adapter = adapter ? adapter - call->sim->scenario->adapters : -1,
	};
	if (request == LX_DXQUERYADAPTERINFO)
		occasion.type = ((struct d3dkmt_queryadapterinfo *)argument)->type;
	const struct event *event =
		question->delayed ? NULL : scenario_event(call->sim->scenario, &occasion);
	if (event && befall(call, question, adapter, event))
		return CALL_LATER;
	if (call->sim->dead || (adapter && sim_adapter_now(call->sim, adapter)->removed))
		return -ENODEV;
	const struct verdict *verdict = scenario_refusal(call->sim->scenario, &occasion);
	if (verdict && !(verdict->by_host && succeeds(verdict->status)))
		return refuse(call, row, verdict);
	/* In the driver's table, not in ours: an answer that a host may give. */
	if (!row)
		return -EPERM;
	int result = handle(call, row, argument, question->args[2]);
	return verdict && result >= 0 && result != CALL_LATER ? (int)verdict->status
							      : result;
}

/* The checks before any handler (ioctl.c, dxgk_ioctl). @return the call's name, or NULL. */
static const char *enter(struct sim *sim, const struct question *question,
			 const struct opening *opening, pid_t pid)
{
	static const char function[] = "dxgk_ioctl";
	uint32_t request = (uint32_t)question->args[1];
	uint32_t nr = _IOC_NR(request);
	uint32_t newest = sim->scenario->newest_call ? sim->scenario->newest_call
						     : _IOC_NR(LX_ISFEATUREENABLED);
	const struct known *known = find_known(nr);
	if (!nr || nr > newest)
		log_print(&sim->log, function, "bad ioctl %x %x %x %x", nr,
			  _IOC_TYPE(request), _IOC_SIZE(request), _IOC_DIR(request));
	else if (!known)
		log_print(&sim->log, function, "ioctl callback is NULL %x", nr);
	else if (known->request != request)
		log_print(&sim->log, function,
			  "ioctl mismatch. Code: %x User: %x Kernel: %x", nr, request,
			  known->request);
	else if (pid != opening->pid || !sim_find_guest(sim, pid))
		log_print(&sim->log, function, "Call from a wrong process: %d %d",
			  opening->pid, pid);
	else
		return known->name;
	return NULL;
}

struct reply calls_answer(struct sim *sim, const struct question *question,
			  const struct opening *opening)
{
	pid_t pid = process_of(question->thread);
	struct call call = {
		.sim = sim,
		.guest = sim_find_guest(sim, pid),
		.thread = question->thread,
		.notification = question->id,
		.name = enter(sim, question, opening, pid),
	};
	if (!call.name)
		return reply_result(-ENOTTY);
	int result = perform(&call, question);
	if (result == CALL_LATER)
		return (struct reply){ .kind = ANSWER_LATER };
	if (result < 0)
		print_failure(&call, (uint32_t)question->args[1], result);
	return reply_result(result);
}

void calls_print_killed(struct sim *sim, const struct guest *guest)
{
	/* -ERESTARTSYS; nobody but the log sees it. */
	static const int killed = -512;
	for (size_t i = 0; i < guest->hung_count; i++) {
		const struct known *known = find_known(guest->hung[i]);
		struct call call = { .sim = sim, .name = known->name };
		log_print(&sim->log, "dxgvmb_send_sync_msg",
			  "wait_for_completion failed: %x", (unsigned int)killed);
		print_failure(&call, known->request, killed);
	}
}
