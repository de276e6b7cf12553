/*
 * Allocations: made of the caller's own memory, which needs no driver, lent to the GPU and
 * taken back. What a vendor's driver would have to understand is refused.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "tests/dxgsim/call.h"
#include "tests/dxgsim/memory.h"
#include "util/alloc.h"
#include "util/cleanup.h"

#define PAGE 4096
/* Pages looked at in one go. */
#define PAGES_AT_ONCE 512
/* Larger than any test lends; a wrong size must not cost minutes. */
#define LENT_MAX (UINT64_C(4) << 30)

/* The driver hands this on as it is: no errno, but a result of -1073741811. */
#define RAW_INVALID_PARAMETER ((int)STATUS_INVALID_PARAMETER)

/* @return how many of the pages, from the first, the process has. */
static uint64_t count_pages(pid_t thread, uint64_t address, uint64_t pages)
{
	uint64_t counted = 0;
	while (counted < pages) {
		struct iovec remote[PAGES_AT_ONCE];
		char bytes[PAGES_AT_ONCE];
		size_t n = 0;
		for (; n < PAGES_AT_ONCE && counted + n < pages; n++)
			remote[n] = (struct iovec){
				(void *)(uintptr_t)(address + (counted + n) * PAGE), 1
			};
		struct iovec local = { bytes, n };
		ssize_t got = process_vm_readv(thread, &local, 1, remote, n, 0);
		if (got <= 0)
			break;
		counted += (uint64_t)got;
		if ((size_t)got < n)
			break;
	}
	return counted;
}

static uint64_t sum_sizes(const struct call *call, const struct sim_adapter *adapter,
			  bool resident)
{
	uint64_t sum = 0;
	const struct table *objects = &call->guest->objects;
	for (size_t i = 0; i < objects->count; i++) {
		const struct object *object = &objects->objects[i];
		if (object->type == OBJECT_ALLOCATION &&
		    (resident ? object->resident != 0 : object->address != 0) &&
		    call_adapter_of(call, object) == adapter)
			sum += object->size;
	}
	return sum;
}

static bool exceeds(uint64_t limit, uint64_t used, uint64_t more)
{
	return limit && (more > limit || used > limit - more);
}

/* The driver pins what is lent to it. @return 0 or -ENOMEM. */
static int pin(struct call *call, const struct sim_adapter *adapter, uint64_t address,
	       uint64_t size)
{
	uint64_t used = sum_sizes(call, adapter, false);
	uint64_t pages = 0;
	if (exceeds(adapter->pin_limit, used, size))
		pages = (adapter->pin_limit - used) / PAGE;
	else if (size <= LENT_MAX)
		pages = count_pages(call->thread, address, size / PAGE);
	if (pages == size / PAGE)
		return 0;
	log_print(&call->sim->log, "create_existing_sysmem",
		  "get_user_pages_fast failed: %d", (int)pages);
	return -ENOMEM;
}

/* What the standard path allows of one allocation. @return 0, -errno or the raw status. */
static int check_standard(struct call *call, const struct d3dkmt_createallocation *create,
			  const struct d3dddi_allocationinfo2 *info,
			  const struct d3dkmt_createstandardallocation *standard)
{
	const char *wrong = NULL;
	bool lent = create->flags.existing_sysmem;
	if (standard->type == _D3DKMT_STANDARDALLOCATIONTYPE_EXISTINGHEAP) {
		if (!info->sysmem || info->sysmem % PAGE)
			wrong = "invalid sysmem pointer";
		else if (!lent)
			wrong = "expect existing_sysmem flag";
	} else if (standard->type == _D3DKMT_STANDARDALLOCATIONTYPE_CROSSADAPTER) {
		if (lent)
			wrong = "existing_sysmem flag invalid";
		else if (info->sysmem)
			wrong = "sysmem should be NULL";
	} else {
		wrong = "invalid standard allocation type";
	}
	if (wrong) {
		call_print(call, "%s", wrong);
		return RAW_INVALID_PARAMETER;
	}
	uint64_t size = standard->existing_heap_data.size;
	if (create->priv_drv_data_size || create->alloc_count != 1 || !size ||
	    size % PAGE) {
		call_print(call, "invalid standard allocation");
		return -EINVAL;
	}
	return 0;
}

static int refuse(struct call *call, int result, const char *why)
{
	call_print(call, "%s", why);
	return result;
}

/* Flags and private data, in the driver's order (ioctl.c, dxgkio_create_allocation). */
static int check_create(struct call *call, const struct d3dkmt_createallocation *create,
			const struct d3dddi_allocationinfo2 *infos)
{
	for (uint32_t i = 0; i < create->alloc_count; i++) {
		uint32_t size = infos[i].priv_drv_data_size;
		if (create->flags.standard_allocation && size)
			return refuse(call, -EINVAL, "private data size not zero");
		if (size >= DXG_PRIVATE_DATA_MAX) {
			call_print(call, "private data size too big: %d %d %ld", size, i,
				   (long)sizeof(infos[0]));
			return -EINVAL;
		}
	}
	if (create->flags.existing_section || create->flags.create_protected)
		return refuse(call, -EINVAL, "invalid allocation flags");
	return 0;
}

static int check_sharing(struct call *call, const struct d3dkmt_createallocation *create)
{
	if (!create->flags.create_shared)
		return 0;
	if (!create->flags.create_resource)
		return refuse(call, -EINVAL,
			      "create_resource must be set for create_shared");
	if (!create->flags.nt_security_sharing)
		return refuse(call, -EINVAL, "nt_security_sharing must be set");
	return -EPERM; /* sharing is not simulated */
}

static struct d3dkmthandle add_object(struct call *call, enum object_type type,
				      struct d3dkmthandle parent, struct object **ret)
{
	struct d3dkmthandle handle = table_add(&call->guest->objects, type, ret);
	(*ret)->parent = parent;
	return handle;
}

static int create_standard(struct call *call, struct d3dkmt_createallocation *create,
			   struct d3dddi_allocationinfo2 *info)
{
	struct d3dkmt_createstandardallocation standard;
	if (!create->standard_allocation)
		return refuse(call, -EINVAL, "invalid standard allocation");
	if (!memory_read(call->thread, create->standard_allocation, &standard,
			 sizeof(standard)))
		return refuse(call, -EFAULT, "failed to copy std alloc data");
	int result = check_standard(call, create, info, &standard);
	if (!result)
		result = check_sharing(call, create);
	if (result)
		return result;
	uint64_t size = standard.existing_heap_data.size;
	const struct sim_adapter *adapter =
		call_find_object(call, create->device, OBJECT_DEVICE)->adapter;
	struct d3dkmthandle parent = create->device;
	if (!create->flags.create_resource && create->resource.v &&
	    !call_find_object(call, create->resource, OBJECT_RESOURCE)) {
		call_print(call, "invalid resource handle %x", create->resource.v);
		return -EINVAL;
	}
	if (info->sysmem && (result = pin(call, adapter, info->sysmem, size)))
		return result;
	struct object *object;
	if (create->flags.create_resource)
		create->resource = add_object(call, OBJECT_RESOURCE, parent, &object);
	if (create->resource.v)
		parent = create->resource;
	info->allocation = add_object(call, OBJECT_ALLOCATION, parent, &object);
	object->address = info->sysmem;
	object->size = size;
	return 0;
}

int call_create_allocation(struct call *call, void *argument)
{
	struct d3dkmt_createallocation *create = argument;
	if (!create->alloc_count || create->alloc_count > D3DKMT_CREATEALLOCATION_MAX)
		return refuse(call, -EINVAL, "invalid number of allocations to create");
	cleanup_free struct d3dddi_allocationinfo2 *infos = call_read_array(
		call, create->allocation_info, create->alloc_count, sizeof(*infos));
	if (!infos)
		return refuse(call, -EFAULT, "failed to copy alloc info");
	int result = check_create(call, create, infos);
	if (result)
		return result;
	if (!call_expect_object(call, create->device, OBJECT_DEVICE))
		return -EINVAL;
	if (!create->flags.standard_allocation) {
		log_print(&call->sim->log, "dxgvmb_send_create_allocation",
			  "send_create_allocation failed %x", -EINVAL);
		return -EINVAL;
	}
	result = create_standard(call, create, infos);
	if (result)
		return result;
	if (memory_write(call->thread, create->allocation_info, infos, sizeof(*infos)))
		return 0;
	call_destroy(call, infos->allocation, OBJECT_ALLOCATION);
	log_print(&call->sim->log, "create_local_allocations",
		  "failed to copy alloc handle");
	return -EFAULT;
}

/* Reads handles that must all be allocations of a device. @return NULL with *ret_result.
 * The driver leaves it to Windows to know them, save where it destroys. */
static struct d3dkmthandle *read_allocations(struct call *call, uint64_t address,
					     uint32_t count, int *ret_result)
{
	cleanup_free struct d3dkmthandle *handles =
		call_read_array(call, address, count, sizeof(*handles));
	*ret_result = handles ? 0 : -EFAULT;
	for (uint32_t i = 0; handles && i < count; i++)
		if (!call_find_object(call, handles[i], OBJECT_ALLOCATION))
			*ret_result = -EINVAL;
	return *ret_result ? NULL : take_ptr(handles);
}

static int destroy_resource(struct call *call,
			    const struct d3dkmt_destroyallocation2 *destroy)
{
	int result = call_destroy(call, destroy->resource, OBJECT_RESOURCE);
	if (result)
		call_print(call, "Invalid resource handle: %x", destroy->resource.v);
	return result;
}

int call_destroy_allocation(struct call *call, void *argument)
{
	const struct d3dkmt_destroyallocation2 *destroy = argument;
	uint32_t count = destroy->alloc_count;
	if (count > D3DKMT_CREATEALLOCATION_MAX ||
	    (count != 0) == (destroy->resource.v != 0))
		return refuse(call, -EINVAL, "invalid number of allocations");
	if (!call_expect_object(call, destroy->device, OBJECT_DEVICE))
		return -EINVAL;
	if (!count)
		return destroy_resource(call, destroy);
	cleanup_free struct d3dkmthandle *handles =
		call_read_array(call, destroy->allocations, count, sizeof(*handles));
	if (!handles)
		return refuse(call, -EFAULT, "failed to copy alloc handles");
	for (uint32_t i = 0; i < count; i++) {
		if (call_find_object(call, handles[i], OBJECT_ALLOCATION))
			continue;
		log_print(&call->sim->log, "validate_alloc",
			  "Alloc validation failed: reason: %d %x", 1, handles[i].v);
		return -EINVAL;
	}
	for (uint32_t i = 0; i < count; i++)
		call_destroy(call, handles[i], OBJECT_ALLOCATION);
	return 0;
}

int call_make_resident(struct call *call, void *argument)
{
	struct d3dddi_makeresident *resident = argument;
	uint32_t count = resident->alloc_count;
	if (!count || count > D3DKMT_MAKERESIDENT_ALLOC_MAX)
		return refuse(call, -EINVAL, "invalid number of allocations");
	if (!resident->paging_queue.v)
		return refuse(call, -EINVAL, "paging queue is missing");
	const struct object *queue =
		call_expect_object(call, resident->paging_queue, OBJECT_PAGING_QUEUE);
	if (!queue)
		return -EINVAL;
	int result;
	cleanup_free struct d3dkmthandle *handles =
		read_allocations(call, resident->allocation_list, count, &result);
	if (!handles)
		return result;
	const struct sim_adapter *adapter = call_adapter_of(call, queue);
	uint64_t more = 0;
	for (uint32_t i = 0; i < count; i++) {
		const struct object *allocation =
			call_find_object(call, handles[i], OBJECT_ALLOCATION);
		more += allocation->resident ? 0 : allocation->size;
	}
	if (exceeds(adapter->resident_limit, sum_sizes(call, adapter, true), more))
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++)
		call_find_object(call, handles[i], OBJECT_ALLOCATION)->resident++;
	resident->num_bytes_to_trim = 0;
	resident->paging_fence_value = call_advance_queue(call, resident->paging_queue);
	return STATUS_PENDING;
}

int call_evict(struct call *call, void *argument)
{
	struct d3dkmt_evict *evict = argument;
	uint32_t count = evict->alloc_count;
	if (!count || count > D3DKMT_MAKERESIDENT_ALLOC_MAX)
		return refuse(call, -EINVAL, "invalid number of allocations");
	if (!call_expect_object(call, evict->device, OBJECT_DEVICE))
		return -EINVAL;
	int result;
	cleanup_free struct d3dkmthandle *handles =
		read_allocations(call, evict->allocations, count, &result);
	if (!handles)
		return result;
	for (uint32_t i = 0; i < count; i++) {
		struct object *allocation =
			call_find_object(call, handles[i], OBJECT_ALLOCATION);
		if (allocation->resident)
			allocation->resident--;
	}
	evict->num_bytes_to_trim = 0;
	return 0;
}

int call_query_alloc_residency(struct call *call, void *argument)
{
	const struct d3dkmt_queryallocationresidency *query = argument;
	uint32_t count = query->allocation_count;
	if ((count != 0) == (query->resource.v != 0) ||
	    count > D3DKMT_MAKERESIDENT_ALLOC_MAX ||
	    !call_expect_object(call, query->device, OBJECT_DEVICE))
		return -EINVAL;
	if (!count)
		return -EPERM; /* asking by resource is not simulated */
	int result;
	cleanup_free struct d3dkmthandle *handles =
		read_allocations(call, query->allocations, count, &result);
	if (!handles)
		return result;
	cleanup_free uint32_t *states = xcalloc(count, sizeof(*states));
	/* 2: in shared memory, as what is lent always is; 3: not resident. */
	for (uint32_t i = 0; i < count; i++)
		states[i] =
			call_find_object(call, handles[i], OBJECT_ALLOCATION)->resident
				? 2
				: 3;
	if (memory_write(call->thread, query->residency_status, states,
			 count * sizeof(*states)))
		return 0;
	log_print(&call->sim->log, "dxgvmb_send_query_alloc_residency",
		  "failed to copy residency status");
	return -EFAULT;
}

int call_lock2(struct call *call, void *argument)
{
	struct d3dkmt_lock2 *lock = argument;
	if (!call_expect_object(call, lock->device, OBJECT_DEVICE))
		return -EINVAL;
	struct object *allocation =
		call_find_object(call, lock->allocation, OBJECT_ALLOCATION);
	if (!allocation)
		return -EINVAL;
	/* Other memory would have to be mapped into the caller. */
	if (!allocation->address)
		return call_lacks_page(call);
	allocation->locks++;
	lock->data = allocation->address;
	return 0;
}

int call_unlock2(struct call *call, void *argument)
{
	const struct d3dkmt_unlock2 *unlock = argument;
	if (!call_expect_object(call, unlock->device, OBJECT_DEVICE))
		return -EINVAL;
	struct object *allocation =
		call_find_object(call, unlock->allocation, OBJECT_ALLOCATION);
	if (!allocation)
		return -EINVAL;
	if (!allocation->locks) {
		call_print(call, "Allocation is not locked: %p", (void *)NULL);
		return -EINVAL;
	}
	allocation->locks--;
	return 0;
}
