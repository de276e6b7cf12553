/* call.h: one ioctl while it is answered; what its handlers share. */
#pragma once

#include <inttypes.h>
#include <limits.h>

#include "tests/dxgsim/sim.h"

struct call {
	struct sim *sim;
	struct guest *guest;
	pid_t thread;
	uint64_t notification;
	uint64_t argument; /* where the caller has its structure */
	const char *name;  /* of the handler in the driver: "dxgkio_evict" */
	bool has_argument; /* the caller's structure could be read */
};

/* What the calls of one noun are: each takes its structure, and returns 0, a positive
 * status, -errno, or CALL_LATER. */
typedef int call_handler(struct call *call, void *argument);

/* The call stays blocked; somebody holds its notification. */
#define CALL_LATER INT_MIN
/* -EINVAL, but the handler left without its last line. */
#define CALL_QUIETLY (INT_MIN + 1)

/* How the caller learns that the host refused. */
enum host_refusal {
	HOST_STATUS, /* as the errno of the status; a success comes back as it is */
	HOST_ANSWER, /* the same, but every success is 0: the answer is copied after it */
	HOST_LATE,   /* as with HOST_STATUS, when the guest has forgotten its object */
	/* Not, and the call happens: no message goes out, or its answer is not looked at. */
	HOST_UNHEARD,
	/* Not: 0, and nothing happens. Of a signal because its message goes out without
	 * waiting for an answer. */
	HOST_SILENT,
	HOST_NO_PAGE, /* as ENOMEM: there is no page to map */
	HOST_SHORT,   /* as EOVERFLOW: the reply is too short */
	HOST_HANDLE,  /* as EINVAL: its handle is 0 */
	HOST_QUEUE,   /* as the errno of the status, with two lines more */
};

/* What the first handle of a structure says the call is about. */
enum subject { ABOUT_NOTHING, ABOUT_ADAPTER, ABOUT_OBJECT, ABOUT_EITHER };

struct call_row {
	uint32_t request;
	call_handler *handle;
	enum host_refusal refusal;
	enum subject subject;
	uint8_t subject_at;
	/*
	 * The structure is an answer too: what is printed where it can't be written, after
	 * "FUNCTION: " where that is not the handler; "" for nothing. Else NULL.
	 */
	const char *unwritable;
	/* What was made then, and is undone: its handle in the structure. */
	enum object_type made;
	uint8_t made_at;
};

/* calls_table.c. @return the row of a call that the driver has. */
const struct call_row *call_find_row(uint32_t request);

/* calls_adapter.c */
/* Closes a handle, printing as the driver does where it is none; 0 is nothing to close.
 * @return 0 or -EINVAL */
int call_drop_adapter(struct call *call, struct d3dkmthandle handle);
call_handler call_enum_adapters, call_enum_adapters3, call_open_adapter_from_luid,
	call_close_adapter;
/* calls_query.c */
call_handler call_query_adapter_info, call_query_vidmem_info, call_query_statistics,
	call_query_clock_calibration, call_enum_processes, call_is_feature_enabled,
	call_escape;
/* calls_device.c */
call_handler call_create_device, call_destroy_device, call_get_device_state,
	call_create_paging_queue, call_destroy_paging_queue, call_mark_device_as_error;
/* calls_context.c */
call_handler call_create_context_virtual, call_destroy_context, call_create_hwqueue,
	call_destroy_hwqueue, call_set_context_priority,
	call_set_context_process_priority, call_get_context_priority,
	call_get_context_process_priority;
/* calls_work.c */
call_handler call_signal_sync_object, call_signal_sync_object_gpu,
	call_signal_sync_object_gpu2, call_wait_sync_object, call_wait_sync_object_gpu,
	call_submit_signal_to_hwqueue, call_submit_wait_to_hwqueue, call_submit_command,
	call_submit_command_to_hwqueue;
/* calls_fence.c */
call_handler call_create_sync_object, call_destroy_sync_object,
	call_signal_sync_object_cpu, call_wait_sync_object_cpu;
/* calls_allocation.c */
call_handler call_create_allocation, call_destroy_allocation, call_make_resident,
	call_evict, call_query_alloc_residency, call_lock2, call_unlock2;
/* calls_address.c */
call_handler call_reserve_gpu_va, call_free_gpu_va, call_map_gpu_va, call_update_gpu_va;
/* calls_property.c */
call_handler call_offer_allocations, call_reclaim_allocations,
	call_set_allocation_priority, call_get_allocation_priority,
	call_update_alloc_property, call_invalidate_cache, call_change_vidmem_reservation,
	call_flush_heap_transitions;
/* calls_share.c */
call_handler call_share_objects, call_open_sync_object_nt, call_query_resource_info_nt,
	call_open_resource_nt, call_share_object_with_host, call_create_sync_file,
	call_wait_sync_file, call_open_syncobj_from_syncfile;

/* A line of the handler's own in the kernel log, and one of what it calls. */
#define call_print(call, ...) log_print(&(call)->sim->log, (call)->name, __VA_ARGS__)
#define call_print_in(call, function, ...)                                               \
	log_print(&(call)->sim->log, function, __VA_ARGS__)
/* "%p" of the kernel: no address, but a number that stands for it. */
#define CALL_POINTER "%016" PRIx64
uint64_t call_pointer(uint64_t address);

/* Prints why, if there is something to print. @return result */
int call_refuse(struct call *call, int result, const char *why);
/*
 * Whether a message to the host is too long for its channel.
 * @param size  bytes of the command and what follows it
 * @return      0, or -EINVAL with the driver's line
 */
int call_check_packet(struct call *call, size_t size);

/* @return the scenario's adapter behind a handle, or NULL. */
const struct sim_adapter *call_find_adapter(const struct call *call,
					    struct d3dkmthandle handle);
/* @return the scenario's adapter of a LUID that is still there, or NULL. */
const struct sim_adapter *call_find_luid(const struct call *call, struct winluid luid);
/* @return NULL for a handle that is not one of this type. */
struct object *call_find_object(const struct call *call, struct d3dkmthandle handle,
				enum object_type type);
/* The same for devices and what is made on them, whose absence the driver prints. */
struct object *call_expect_object(const struct call *call, struct d3dkmthandle handle,
				  enum object_type type);
/* @return the adapter an object belongs to. */
const struct sim_adapter *call_adapter_of(const struct call *call,
					  const struct object *object);
/* @return bytes of the allocations on an adapter that are resident, or lent. */
uint64_t call_sum_sizes(const struct call *call, const struct sim_adapter *adapter,
			bool resident);
/* Destroys an object of this type. @return 0 or -EINVAL. */
int call_destroy(struct call *call, struct d3dkmthandle handle, enum object_type type);
/* What the driver prints where Windows gives no page to map. @return -ENOMEM. */
int call_lacks_page(struct call *call);

/* @return a fence below `parent`, or NULL where there is no room for it. */
struct object *call_create_fence(struct call *call, struct d3dkmthandle parent,
				 uint64_t value, struct d3dkmthandle *ret);
/* Where the GPU would see it. */
static inline uint64_t call_fence_gpu_address(struct d3dkmthandle fence)
{
	return UINT64_C(0x100000000) + (uint64_t)fence.index * 4096;
}

/* Counts a paging operation as done. @return the value that its fence has then. */
uint64_t call_advance_queue(struct call *call, struct d3dkmthandle queue);
/* A fence of the process gets a value. @return false: the process cannot be written to. */
bool call_set_fence(struct call *call, struct object *fence, uint64_t value);
/*
 * The fences that a signal names, with their values where `values` is not 0.
 * @return the caller's; NULL with the driver's line: -EFAULT
 */
struct wait *call_read_signal(struct call *call, uint32_t count, uint64_t objects,
			      uint64_t values);
/* After a fence has changed, or work was queued: does what was waiting for that. */
void call_settle(struct call *call);
/* What contexts and hardware queues have before them; all that they can do now. */
void call_run_work(struct call *call);
/* @return our own descriptor of an eventfd of the process; -1, with the driver's line. */
int call_take_event(struct call *call, uint64_t number);

/* Reads an array of the caller's. @return it, to be freed; NULL: -EFAULT. */
void *call_read_array(const struct call *call, uint64_t address, size_t count,
		      size_t size);

/* @return the errno, positive, that the driver makes of a status; 0 for a success. */
int status_errno(uint32_t status);
