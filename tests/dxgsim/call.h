/* call.h: one ioctl while it is answered; what its handlers share. */
#pragma once

#include <limits.h>

#include "tests/dxgsim/sim.h"

struct call {
	struct sim *sim;
	struct guest *guest;
	pid_t thread;
	uint64_t notification;
	const char *name; /* of the handler in the driver: "dxgkio_evict" */
};

/* What the calls of one noun are: each takes its structure, and returns 0, a positive
 * status, -errno, or CALL_LATER. */
typedef int call_handler(struct call *call, void *argument);

/* The call stays blocked; somebody holds its notification. */
#define CALL_LATER INT_MIN

/* calls_adapter.c */
call_handler call_enum_adapters, call_enum_adapters3, call_open_adapter_from_luid,
	call_close_adapter;
/* calls_query.c */
call_handler call_query_adapter_info, call_query_vidmem_info, call_query_statistics,
	call_query_clock_calibration, call_enum_processes, call_is_feature_enabled,
	call_escape;
/* calls_device.c */
call_handler call_create_device, call_destroy_device, call_get_device_state,
	call_create_context_virtual, call_destroy_context, call_create_paging_queue,
	call_destroy_paging_queue;
/* calls_fence.c */
call_handler call_create_sync_object, call_destroy_sync_object,
	call_signal_sync_object_cpu, call_wait_sync_object_cpu;
/* calls_allocation.c */
call_handler call_create_allocation, call_destroy_allocation, call_make_resident,
	call_evict, call_query_alloc_residency, call_lock2, call_unlock2;
/* calls_address.c */
call_handler call_reserve_gpu_va, call_free_gpu_va, call_map_gpu_va;

/* A line of the handler's own in the kernel log. */
#define call_print(call, ...) log_print(&(call)->sim->log, (call)->name, __VA_ARGS__)

/* @return the scenario's adapter behind a handle, or NULL. */
const struct sim_adapter *call_find_adapter(const struct call *call,
					    struct d3dkmthandle handle);
/* @return the scenario's adapter of a LUID that is still there, or NULL. */
const struct sim_adapter *call_find_luid(const struct call *call, struct winluid luid);
/* @return NULL for a handle that is not one of this type. */
struct object *call_find_object(const struct call *call, struct d3dkmthandle handle,
				enum object_type type);
/* The same for devices, contexts and paging queues, whose absence the driver prints. */
struct object *call_expect_object(const struct call *call, struct d3dkmthandle handle,
				  enum object_type type);
/* @return the adapter an object belongs to. */
const struct sim_adapter *call_adapter_of(const struct call *call,
					  const struct object *object);
/* Destroys an object of this type. @return 0 or -EINVAL. */
int call_destroy(struct call *call, struct d3dkmthandle handle, enum object_type type);
/* What the driver prints where Windows gives no page to map. @return -ENOMEM. */
int call_lacks_page(struct call *call);

/* @return a fence below `parent`, or NULL where there is no room for it. */
struct object *call_create_fence(struct call *call, struct d3dkmthandle parent,
				 uint64_t value, struct d3dkmthandle *ret);
/* Counts a paging operation as done. @return the value that its fence has then. */
uint64_t call_advance_queue(struct call *call, struct d3dkmthandle queue);

/* Reads an array of the caller's. @return it, to be freed; NULL: -EFAULT. */
void *call_read_array(const struct call *call, uint64_t address, size_t count,
		      size_t size);

/* @return the errno, positive, that the driver makes of a status; 0 for a success. */
int status_errno(uint32_t status);
