/*
 * guest.h: what the simulated driver keeps of one process that opened /dev/dxg: its
 * handles, its fences and who waits for them.
 *
 * As in the driver (drivers/hv/dxgkrnl/dxgprocess.c, hmgr.c): one state for all descriptors
 * of a process, adapters in a handle table of their own, a handle that was closed stays
 * unknown when its slot is used again, and what is destroyed takes what is below it along.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "probes/dxg_abi.h"
#include "tests/dxgsim/scenario.h"

enum object_type {
	OBJECT_NONE, /* a free slot */
	OBJECT_ADAPTER,
	OBJECT_DEVICE,
	OBJECT_PAGING_QUEUE,
	OBJECT_FENCE,
	OBJECT_CONTEXT,
	OBJECT_HWQUEUE,
	OBJECT_RESOURCE,
	OBJECT_ALLOCATION,
};

struct object {
	enum object_type type;
	uint32_t unique;            /* of the handle, 1 to 3, another one at each use */
	struct d3dkmthandle parent; /* what takes it along; 0 for adapters and devices */
	const struct sim_adapter *adapter; /* of adapters and devices */
	/* In the process: of a fence's value, of the memory lent to an allocation. */
	uint64_t address;
	uint64_t value;            /* of a fence */
	struct d3dkmthandle fence; /* of a paging queue or a hardware queue */
	uint64_t size;             /* of an allocation, bytes */
	uint32_t resident, locks;  /* of an allocation: how often */
	uint32_t state; /* of a device: its own instead of its adapter's, or 0 */
	/* Of an allocation the first, of a context both: [1] is in its process. */
	int32_t priority[2];
	bool queues; /* of a context: it may have hardware queues */
};

/* GPU addresses that are taken. */
struct range {
	const struct sim_adapter *adapter;
	uint64_t start, size;
};

struct table {
	struct object *objects;
	size_t count;
};

/* A wait that is not over. */
struct wait {
	struct wait *next;
	int event;             /* eventfd to be written, or -1 */
	uint64_t notification; /* the blocked call to be answered, where event is -1 */
	bool any;
	uint32_t count;
	struct d3dkmthandle *objects;
	uint64_t *values;
};

/* Signals and waits that a context or a hardware queue has before it, in order. */
struct work {
	struct work *next;
	struct d3dkmthandle queue;
	bool waits;       /* for the fences; else it signals them */
	int event;        /* eventfd to be written, or -1 */
	struct wait *set; /* which fences, and their values */
};

struct guest {
	struct guest *next;
	pid_t pid;
	int pidfd;
	struct table adapters;
	struct table objects;
	struct range *ranges;
	size_t range_count;
	struct wait *waits;
	struct work *work;
	uint8_t *hung; /* numbers of calls that Windows does not answer */
	size_t hung_count;
};

struct guest *guest_create(pid_t pid, int pidfd);
void guest_destroy(struct guest *guest);
/* A call of it is not answered. */
void guest_hang(struct guest *guest, uint32_t request);
/* Forgets every handle and wait, as the close of the last descriptor does. */
void guest_reset(struct guest *guest);

/* Whether two handles name the same: the driver does not compare the instance (hmgr.c). */
static inline bool handle_equals(struct d3dkmthandle a, struct d3dkmthandle b)
{
	return a.index == b.index && a.unique == b.unique;
}

/* @return a handle for a new, zeroed object; *ret is valid until the next call. */
struct d3dkmthandle table_add(struct table *table, enum object_type type,
			      struct object **ret);
/* @return NULL for a handle that is not one of this type. */
struct object *table_find(const struct table *table, struct d3dkmthandle handle,
			  enum object_type type);
/* @return the handle of an object of this table. */
struct d3dkmthandle table_handle(const struct table *table, const struct object *object);

/* Destroys an object of guest->objects and all below it. */
void guest_destroy_object(struct guest *guest, struct object *object);
/* Closing the last handle to an adapter destroys the devices made on it. */
void guest_close_adapter(struct guest *guest, struct object *adapter);

/* Gives a fence its place in the process's memory. @return false: no room there. */
bool guest_map_fence(struct guest *guest, struct object *fence, uint64_t value);
/* Writes its value where the process sees it. @return false: the process is gone. */
bool guest_show_fence(const struct guest *guest, const struct object *fence);

/* @return whether all, or any, of what is waited for has been reached. */
bool guest_wait_is_over(const struct guest *guest, const struct wait *wait);
void wait_destroy(struct wait *wait);
void work_destroy(struct work *work);
