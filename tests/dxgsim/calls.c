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

/* What the driver's senders of messages print where no reply came, or one too short; most
 * print nothing (dxgvmbus.c). */
static void print_unanswered(struct call *call, uint32_t request, int result)
{
	static const struct {
		uint32_t request;
		bool decimal;
		const char *function, *text;
	} senders[] = {
		{ LX_DXCREATEALLOCATION, false, "dxgvmb_send_create_allocation",
		  "send_create_allocation failed" },
		{ LX_DXCREATEPAGINGQUEUE, false, "dxgvmb_send_create_paging_queue",
		  "send_create_paging_queue failed" },
		{ LX_DXMAKERESIDENT, false, "dxgvmb_send_make_resident",
		  "send_make_resident failed" },
		{ LX_DXEVICT, false, "dxgvmb_send_evict", "send_evict failed" },
		{ LX_DXCREATESYNCHRONIZATIONOBJECT, true,
		  "dxgvmb_send_create_sync_object", "failed" },
		{ LX_DXCREATEHWQUEUE, false, "dxgvmb_send_create_hwqueue", "failed" },
	};
	for_each_row(row, senders)
		if (row->request == request)
			call_print_in(call, row->function,
				      row->decimal ? "%s %d" : "%s %x", row->text,
				      result);
}

static int refuse(struct call *call, const struct call_row *row,
		  const struct verdict *verdict)
{
	static const char queue[] = "dxgvmb_send_create_hwqueue";
	if (!verdict->by_host)
		return -verdict->number;
	switch (row->refusal) {
	case HOST_STATUS:
	case HOST_ANSWER:
	case HOST_LATE:
		return -status_errno(verdict->status);
	case HOST_UNHEARD:
	case HOST_SILENT:
		return 0;
	case HOST_NO_PAGE:
		return call_lacks_page(call);
	case HOST_SHORT:
		print_unanswered(call, row->request, -EOVERFLOW);
		return -EOVERFLOW;
	case HOST_HANDLE:
		call_print(call, "invalid host handle");
		return -EINVAL;
	case HOST_QUEUE:
		call_print_in(call, queue, "dxgvmb_send_sync_msg failed: %x",
			      verdict->status);
		call_print_in(call, queue, "failed %x", -status_errno(verdict->status));
		return -status_errno(verdict->status);
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
		if (call->has_argument)
			call_print_in(call, "dxgkp_enum_adapters", "Ioctl failed: %d",
				      result);
		break;
	}
	call_print(call, "Ioctl failed: %d", result);
}

static const struct sim_adapter *
find_subject(const struct call *call, const struct call_row *row, const uint8_t *argument)
{
	if (row->subject == ABOUT_NOTHING)
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
		if (event->kind == EVENT_STATE)
			sim->adapters[i].state = event->value;
		else
			sim->adapters[i].removed = true;
	}
}

/* @return whether the call is put off: not where it asks Windows nothing. */
static bool befall(struct call *call, const struct question *question,
		   const struct sim_adapter *adapter, const struct event *event,
		   bool known)
{
	switch (event->kind) {
	case EVENT_SILENT:
		if (!known)
			guest_hang(call->guest, (uint32_t)question->args[1]);
		return !known;
	case EVENT_DELAY:
		if (!known)
			sim_delay(call->sim, question, call->guest->pid, event->value);
		return !known;
	case EVENT_DIES:
		call->sim->dead = true;
		befall_adapter(call->sim, NULL, event);
		return false;
	case EVENT_REMOVED:
	case EVENT_STATE:
		befall_adapter(call->sim, adapter, event);
		return false;
	}
	return false;
}

uint64_t call_pointer(uint64_t address)
{
	/* Any number that is the same for the same pointer, of 32 bits as the kernel's. */
	return (address * UINT64_C(0x9e3779b97f4a7c15)) >> 32;
}

int call_refuse(struct call *call, int result, const char *why)
{
	if (*why)
		call_print(call, "%s", why);
	return result;
}

int call_check_packet(struct call *call, size_t size)
{
	static const char function[] = "dxgvmb_send_sync_msg";
	/* Before the command goes where in it that is, and for which adapter. */
	if (size <= DXG_PRIVATE_DATA_MAX - 16)
		return 0;
	call_print_in(call, function, "%s invalid data size", function);
	return -EINVAL;
}

/* The answer has nowhere to go: the driver destroys what it has made, and says so. */
static int take_back(struct call *call, const struct call_row *row,
		     const uint8_t *argument)
{
	struct d3dkmthandle made;
	memcpy(&made, argument + row->made_at, sizeof(made));
	if (row->made == OBJECT_ADAPTER)
		call_drop_adapter(call, made);
	else if (row->made != OBJECT_NONE)
		call_destroy(call, made, row->made);
	const char *text = strstr(row->unwritable, ": ");
	if (text) {
		cleanup_free char *function =
			xstrndup(row->unwritable, (size_t)(text - row->unwritable));
		call_print_in(call, function, "%s", text + 2);
		if (row->refusal == HOST_QUEUE)
			print_unanswered(call, row->request, -EFAULT);
		return -EFAULT;
	}
	return call_refuse(call, -EFAULT, row->unwritable);
}

static int handle(struct call *call, const struct call_row *row, uint8_t *argument)
{
	size_t size = _IOC_SIZE(row->request);
	int result = row->handle(call, argument);
	if (!row->unwritable || result < 0 ||
	    memory_write(call->thread, call->argument, argument, size))
		return result;
	/* The driver gives the number of bytes back that it could not copy. */
	if (row->request == LX_ISFEATUREENABLED)
		return sizeof(struct dxgk_isfeatureenabled_result);
	return take_back(call, row, argument);
}

/* The guest knows the state of a device until Windows says that it has changed. */
static bool is_known(const struct call_row *row, const void *argument)
{
	const struct d3dkmt_getdevicestate *state = argument;
	return row->request == LX_DXGETDEVICESTATE &&
	       state->state_type == _D3DKMT_DEVICESTATE_EXECUTION;
}

/* Whether what Windows says to a call makes no difference to it. */
static bool is_unheard(const struct call_row *row, const void *argument)
{
	const struct d3dkmt_escape *escape = argument;
	/* No reply is too short for a message without content. */
	return row->refusal == HOST_UNHEARD || is_known(row, argument) ||
	       (row->request == LX_DXESCAPE && !escape->priv_drv_data_size);
}

/* A call about an adapter that is gone: ENODEV, save what the guest alone forgets. */
static int perform_gone(struct call *call, const struct call_row *row, uint8_t *argument)
{
	int result = -ENODEV;
	switch (row->request) {
	case LX_DXDESTROYDEVICE:
	case LX_DXDESTROYSYNCHRONIZATIONOBJECT:
		return handle(call, row, argument);
	case LX_DXDESTROYCONTEXT:
	case LX_DXDESTROYHWQUEUE:
	case LX_DXDESTROYPAGINGQUEUE:
		result = handle(call, row, argument);
		break;
	}
	return result < 0 ? result : -ENODEV;
}

/* The handler, and what the host says to it. */
static int perform_verdict(struct call *call, const struct call_row *row,
			   uint8_t *argument, const struct verdict *verdict)
{
	bool heard = verdict && verdict->by_host && !is_unheard(row, argument);
	bool refused =
		verdict && (heard ? !succeeds(verdict->status) : !verdict->by_host);
	if (refused && !(heard && row->refusal == HOST_LATE))
		return refuse(call, row, verdict);
	int result = handle(call, row, argument);
	if (!verdict || result < 0)
		return result;
	if (refused)
		return refuse(call, row, verdict);
	bool handed_on = row->refusal == HOST_STATUS || row->refusal == HOST_LATE;
	return heard && handed_on ? (int)verdict->status : result;
}

static int perform(struct call *call, const struct question *question)
{
	uint32_t request = (uint32_t)question->args[1];
	const struct call_row *row = call_find_row(request);
	uint8_t argument[ARGUMENT_MAX] __attribute__((aligned(8)));
	call->has_argument =
		memory_read(call->thread, call->argument, argument, _IOC_SIZE(request));
	if (!call->has_argument)
		return call_refuse(call, -EFAULT,
				   request == LX_DXESCAPE ? ""
				   : request == LX_DXOPENADAPTERFROMLUID
					   ? "Faled to copy input args"
					   : "failed to copy input args");
	const struct sim_adapter *adapter = find_subject(call, row, argument);
	struct occasion occasion = {
		.nr = (uint8_t)_IOC_NR(request),
		.adapter = adapter ? adapter - call->sim->scenario->adapters : -1,
	};
	if (request == LX_DXQUERYADAPTERINFO)
		occasion.type = ((struct d3dkmt_queryadapterinfo *)argument)->type;
	const struct event *event =
		question->delayed ? NULL : scenario_event(call->sim->scenario, &occasion);
	if (event && befall(call, question, adapter, event, is_known(row, argument)))
		return CALL_LATER;
	if (adapter && sim_adapter_now(call->sim, adapter)->removed)
		return perform_gone(call, row, argument);
	return perform_verdict(call, row, argument,
			       scenario_refusal(call->sim->scenario, &occasion));
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
		.argument = question->args[2],
		.name = enter(sim, question, opening, pid),
	};
	if (!call.name)
		return reply_result(-ENOTTY);
	int result = perform(&call, question);
	if (result == CALL_LATER)
		return (struct reply){ .kind = ANSWER_LATER };
	if (result == CALL_QUIETLY)
		return reply_result(-EINVAL);
	if (result < 0)
		print_failure(&call, (uint32_t)question->args[1], result);
	return reply_result(result);
}

/* The end of a call that waited in vain; not every handler hears of it. */
static void fail_unanswered(struct call *call, uint32_t request, int result)
{
	switch (request) {
	case LX_DXCREATEDEVICE:
	case LX_DXDESTROYDEVICE:
		return;
	case LX_DXCREATECONTEXTVIRTUAL:
		call_print(call, "invalid host handle");
		result = -EINVAL;
		break;
	}
	print_unanswered(call, request, result);
	print_failure(call, request, result);
}

void calls_print_killed(struct sim *sim, const struct guest *guest)
{
	/* -ERESTARTSYS; nobody but the log sees it. */
	static const int killed = -512;
	for (size_t i = 0; i < guest->hung_count; i++) {
		const struct known *known = find_known(guest->hung[i]);
		struct call call = { .sim = sim, .name = known->name };
		call_print_in(&call, "dxgvmb_send_sync_msg",
			      "wait_for_completion failed: %x", (unsigned int)killed);
		fail_unanswered(&call, known->request, killed);
	}
	/* Those that wait for a fence are not waiting for Windows. */
	for (const struct wait *wait = guest->waits; wait; wait = wait->next) {
		struct call call = { .sim = sim, .name = "dxgkio_wait_sync_object_cpu" };
		if (wait->event >= 0)
			continue;
		call_print(&call, "wait_completion_interruptible: %d", killed);
		call_print(&call, "Ioctl failed: %d", killed);
	}
}
