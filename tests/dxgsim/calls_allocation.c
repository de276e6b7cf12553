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
/* What stands before the handles in the command (dxgvmbus.h). */
#define RESIDENCY_COMMAND 56
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

uint64_t call_sum_sizes(const struct call *call, const struct sim_adapter *adapter,
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
	uint64_t used = call_sum_sizes(call, adapter, false);
	uint64_t pages = 0;
	if (exceeds(adapter->pin_limit, used, size))
		pages = (adapter->pin_limit - used) / PAGE;
	else if (size <= LENT_MAX)
		pages = count_pages(call->thread, address, size / PAGE);
	if (pages == size / PAGE)
		return 0;
	call_print_in(call, "create_existing_sysmem", "get_user_pages_fast failed: %d",
		      pages ? (int)pages : -EFAULT);
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

/* Flags and private data, in the driver's order (ioctl.c, dxgkio_create_allocation). */
static int check_create(struct call *call, const struct d3dkmt_createallocation *create,
			const struct d3dddi_allocationinfo2 *infos)
{
	for (uint32_t i = 0; i < create->alloc_count; i++) {
		uint32_t size = infos[i].priv_drv_data_size;
		if (create->flags.standard_allocation && size)
			return call_refuse(call, -EINVAL, "private data size not zero");
		if (size >= DXG_PRIVATE_DATA_MAX) {
			call_print(call, "private data size too big: %d %d %ld", (int)i,
				   (int)size, (long)sizeof(infos[0]));
			return -EINVAL;
		}
	}
	if (create->flags.existing_section || create->flags.create_protected)
		return call_refuse(call, -EINVAL, "invalid allocation flags");
	return 0;
}

static struct d3dkmthandle add_object(struct call *call, enum object_type type,
				      struct d3dkmthandle parent, struct object **ret)
{
	struct d3dkmthandle handle = table_add(&call->guest->objects, type, ret);
	(*ret)->parent = parent;
	return handle;
}

/* What is asked of resources, once the device is known. */
static int check_resource(struct call *call, const struct d3dkmt_createallocation *create)
{
	if (create->flags.create_resource) {
		if (!create->flags.create_shared)
			return 0;
		if (!create->flags.nt_security_sharing)
			return call_refuse(call, -EINVAL,
					   "nt_security_sharing must be set");
		return -EPERM; /* sharing is not simulated */
	}
	if (!create->resource.v)
		return 0;
	const struct object *resource =
		call_find_object(call, create->resource, OBJECT_RESOURCE);
	if (resource && handle_equals(resource->parent, create->device))
		return 0;
	call_print(call, "invalid resource handle %x", create->resource.v);
	return -EINVAL;
}

/* Memory of several, and what a vendor's driver would be told: that far the guest checks
 * it, and then there is no such driver, whose refusal is too short a reply. */
static int refuse_vendors(struct call *call, const struct d3dkmt_createallocation *create,
			  const struct d3dddi_allocationinfo2 *infos)
{
	for (uint32_t i = 0; i < create->alloc_count; i++) {
		if (infos[i].sysmem % PAGE) {
			call_print(call, "invalid sysmem alloc %d, " CALL_POINTER, (int)i,
				   call_pointer(infos[i].sysmem));
			return -EINVAL;
		}
		if (!infos[0].sysmem != !infos[i].sysmem)
			return call_refuse(call, -EINVAL,
					   "All allocs must have sysmem pointer");
	}
	if (create->private_runtime_data_size >= DXG_PRIVATE_DATA_MAX ||
	    create->priv_drv_data_size >= DXG_PRIVATE_DATA_MAX)
		return -EOVERFLOW;
	call_print_in(call, "dxgvmb_send_create_allocation",
		      "send_create_allocation failed %x", -EOVERFLOW);
	return -EOVERFLOW;
}

static int lend(struct call *call, struct d3dkmt_createallocation *create,
		struct d3dddi_allocationinfo2 *info, uint64_t size)
{
	const struct sim_adapter *adapter =
		call_find_object(call, create->device, OBJECT_DEVICE)->adapter;
	int result = info->sysmem ? pin(call, adapter, info->sysmem, size) : 0;
	if (result)
		return result;
	struct d3dkmthandle parent = create->device;
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

/* @return 0, or -EFAULT and nothing has been made. */
static int tell_handles(struct call *call, const struct d3dkmt_createallocation *create,
			const struct d3dddi_allocationinfo2 *info)
{
	const char *lost = NULL;
	if (create->flags.create_resource &&
	    !memory_write(call->thread,
			  call->argument +
				  offsetof(struct d3dkmt_createallocation, resource),
			  &create->resource, sizeof(create->resource)))
		lost = "failed to copy resource handle";
	else if (!memory_write(call->thread, create->allocation_info, info,
			       sizeof(*info)))
		lost = "failed to copy alloc handle";
	if (!lost)
		return 0;
	call_destroy(call, info->allocation, OBJECT_ALLOCATION);
	if (create->flags.create_resource)
		call_destroy(call, create->resource, OBJECT_RESOURCE);
	call_print_in(call, "create_local_allocations", "%s", lost);
	return -EFAULT;
}

/* @return 0 with *ret where it is the standard kind; it stays zeroed where it is not. */
static int read_standard(struct call *call, const struct d3dkmt_createallocation *create,
			 const struct d3dddi_allocationinfo2 *infos,
			 struct d3dkmt_createstandardallocation *ret)
{
	if (!create->flags.standard_allocation)
		return 0;
	if (!create->standard_allocation)
		return call_refuse(call, -EINVAL, "invalid standard allocation");
	if (!memory_read(call->thread, create->standard_allocation, ret, sizeof(*ret)))
		return call_refuse(call, -EFAULT, "failed to copy std alloc data");
	return check_standard(call, create, infos, ret);
}

int call_create_allocation(struct call *call, void *argument)
{
	struct d3dkmt_createallocation *create = argument;
	struct d3dkmt_createstandardallocation standard = { 0 };
	if (!create->alloc_count || create->alloc_count > D3DKMT_CREATEALLOCATION_MAX)
		return call_refuse(call, -EINVAL,
				   "invalid number of allocations to create");
	cleanup_free struct d3dddi_allocationinfo2 *infos = call_read_array(
		call, create->allocation_info, create->alloc_count, sizeof(*infos));
	if (!infos)
		return call_refuse(call, -EFAULT, "failed to copy alloc info");
	int result = check_create(call, create, infos);
	if (!result)
		result = read_standard(call, create, infos, &standard);
	if (result)
		return result;
	if (create->flags.create_shared && !create->flags.create_resource)
		return call_refuse(call, -EINVAL,
				   "create_resource must be set for create_shared");
	if (!call_expect_object(call, create->device, OBJECT_DEVICE))
		return -EINVAL;
	result = check_resource(call, create);
	if (result)
		return result;
	if (!create->flags.standard_allocation)
		return refuse_vendors(call, create, infos);
	result = lend(call, create, infos, standard.existing_heap_data.size);
	return result ? result : tell_handles(call, create, infos);
}

/* Reads handles; that they are allocations only Windows knows, save where they are
 * destroyed. @return NULL, -EFAULT, with the line of that function. */
static struct d3dkmthandle *read_handles(struct call *call, uint64_t address,
					 uint32_t count, const char *function)
{
	struct d3dkmthandle *handles =
		call_read_array(call, address, count, sizeof(*handles));
	if (!handles)
		call_print_in(call, function, "failed to copy alloc handles");
	return handles;
}

static bool are_allocations(const struct call *call, const struct d3dkmthandle *handles,
			    uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (!call_find_object(call, handles[i], OBJECT_ALLOCATION))
			return false;
	return true;
}

/* @return 0, or why an allocation cannot be destroyed with the first one (ioctl.c,
 * validate_alloc). */
static int find_fault(const struct call *call, const struct object *first,
		      const struct object *allocation, struct d3dkmthandle device)
{
	if (!allocation)
		return 1;
	const struct object *owner =
		call_find_object(call, allocation->parent, OBJECT_RESOURCE);
	if (!owner != !call_find_object(call, first->parent, OBJECT_RESOURCE))
		return 2;
	if (!owner)
		return handle_equals(allocation->parent, device) ? 0 : 6;
	if (!handle_equals(allocation->parent, first->parent))
		return 3;
	return handle_equals(owner->parent, device) ? 0 : 4;
}

static int destroy_resource(struct call *call,
			    const struct d3dkmt_destroyallocation2 *destroy)
{
	const struct object *resource =
		call_find_object(call, destroy->resource, OBJECT_RESOURCE);
	if (resource && handle_equals(resource->parent, destroy->device))
		return call_destroy(call, destroy->resource, OBJECT_RESOURCE);
	call_print(call, "%s: %x",
		   resource ? "Resource belongs to wrong device"
			    : "Invalid resource handle",
		   destroy->resource.v);
	return -EINVAL;
}

int call_destroy_allocation(struct call *call, void *argument)
{
	const struct d3dkmt_destroyallocation2 *destroy = argument;
	uint32_t count = destroy->alloc_count;
	if (count > D3DKMT_CREATEALLOCATION_MAX ||
	    (count != 0) == (destroy->resource.v != 0))
		return call_refuse(call, -EINVAL, "invalid number of allocations");
	cleanup_free struct d3dkmthandle *handles =
		read_handles(call, destroy->allocations, count, call->name);
	if (!handles)
		return -EFAULT;
	if (!call_expect_object(call, destroy->device, OBJECT_DEVICE))
		return -EINVAL;
	if (!count)
		return destroy_resource(call, destroy);
	const struct object *first =
		call_find_object(call, handles[0], OBJECT_ALLOCATION);
	for (uint32_t i = 0; i < count; i++) {
		int fault =
			find_fault(call, first,
				   call_find_object(call, handles[i], OBJECT_ALLOCATION),
				   destroy->device);
		if (!fault)
			continue;
		call_print_in(call, "validate_alloc",
			      "Alloc validation failed: reason: %d %x", fault,
			      handles[i].v);
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
		return call_refuse(call, -EINVAL, "invalid number of allocations");
	if (!resident->paging_queue.v)
		return call_refuse(call, -EINVAL, "paging queue is missing");
	const struct object *queue =
		call_expect_object(call, resident->paging_queue, OBJECT_PAGING_QUEUE);
	if (!queue)
		return -EINVAL;
	cleanup_free struct d3dkmthandle *handles = read_handles(
		call, resident->allocation_list, count, "dxgvmb_send_make_resident");
	if (!handles)
		return -EFAULT;
	if (!are_allocations(call, handles, count))
		return -EINVAL;
	const struct sim_adapter *adapter = call_adapter_of(call, queue);
	uint64_t more = 0;
	for (uint32_t i = 0; i < count; i++) {
		const struct object *allocation =
			call_find_object(call, handles[i], OBJECT_ALLOCATION);
		more += allocation->resident ? 0 : allocation->size;
	}
	if (exceeds(adapter->resident_limit, call_sum_sizes(call, adapter, true), more))
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
		return call_refuse(call, -EINVAL, "invalid number of allocations");
	if (!call_expect_object(call, evict->device, OBJECT_DEVICE))
		return -EINVAL;
	cleanup_free struct d3dkmthandle *handles =
		read_handles(call, evict->allocations, count, "dxgvmb_send_evict");
	if (!handles)
		return -EFAULT;
	/* No status comes back: what is none is not evicted, and nobody says so. */
	for (uint32_t i = 0; i < count; i++) {
		struct object *allocation =
			call_find_object(call, handles[i], OBJECT_ALLOCATION);
		if (allocation && allocation->resident)
			allocation->resident--;
	}
	evict->num_bytes_to_trim = 0;
	return 0;
}

static uint32_t residency(const struct object *allocation)
{
	/* What is lent is shared memory always. */
	return allocation->resident
		       ? _D3DKMT_ALLOCATIONRESIDENCYSTATUS_RESIDENTINSHAREDMEMORY
		       : _D3DKMT_ALLOCATIONRESIDENCYSTATUS_NOTRESIDENT;
}

/* A resource is resident where all of it is. */
static uint32_t residency_of_all(const struct call *call, struct d3dkmthandle resource)
{
	const struct table *objects = &call->guest->objects;
	uint32_t worst = _D3DKMT_ALLOCATIONRESIDENCYSTATUS_RESIDENTINSHAREDMEMORY;
	for (size_t i = 0; i < objects->count; i++) {
		const struct object *object = &objects->objects[i];
		if (object->type == OBJECT_ALLOCATION &&
		    handle_equals(object->parent, resource) && residency(object) > worst)
			worst = residency(object);
	}
	return worst;
}

int call_query_alloc_residency(struct call *call, void *argument)
{
	static const char function[] = "dxgvmb_send_query_alloc_residency";
	const struct d3dkmt_queryallocationresidency *query = argument;
	uint32_t count = query->allocation_count;
	bool whole = query->resource.v;
	if ((count != 0) == whole ||
	    !call_expect_object(call, query->device, OBJECT_DEVICE) ||
	    count > DXG_PRIVATE_DATA_MAX)
		return -EINVAL;
	cleanup_free struct d3dkmthandle *handles =
		read_handles(call, query->allocations, count, function);
	if (!handles)
		return -EFAULT;
	if (call_check_packet(call, RESIDENCY_COMMAND + (size_t)count * 4) ||
	    !are_allocations(call, handles, count) ||
	    (whole && !call_find_object(call, query->resource, OBJECT_RESOURCE)))
		return -EINVAL;
	size_t numbers = whole ? 1 : count;
	cleanup_free uint32_t *states = xcalloc(numbers, sizeof(*states));
	for (size_t i = 0; i < numbers; i++)
		states[i] = whole ? residency_of_all(call, query->resource)
				  : residency(call_find_object(call, handles[i],
							       OBJECT_ALLOCATION));
	if (memory_write(call->thread, query->residency_status, states,
			 numbers * sizeof(*states)))
		return 0;
	call_print_in(call, function, "failed to copy residency status");
	return -EFAULT;
}

int call_lock2(struct call *call, void *argument)
{
	struct d3dkmt_lock2 *lock = argument;
	struct object *allocation =
		call_find_object(call, lock->allocation, OBJECT_ALLOCATION);
	if (!allocation)
		return -EINVAL;
	/* Where the address is known already, the device is not looked at. Other memory
	 * would have to be mapped into the caller. */
	if (!allocation->address)
		return call_expect_object(call, lock->device, OBJECT_DEVICE)
			       ? call_lacks_page(call)
			       : -EINVAL;
	allocation->locks++;
	lock->data = allocation->address;
	return 0;
}

int call_unlock2(struct call *call, void *argument)
{
	const struct d3dkmt_unlock2 *unlock = argument;
	struct object *allocation =
		call_find_object(call, unlock->allocation, OBJECT_ALLOCATION);
	if (!allocation)
		return -EINVAL;
	if (!allocation->address) {
		call_print(call, "Allocation is not locked: " CALL_POINTER,
			   call_pointer(unlock->allocation.v));
		return -EINVAL;
	}
	if (!call_expect_object(call, unlock->device, OBJECT_DEVICE) ||
	    !allocation->locks)
		return -EINVAL;
	allocation->locks--;
	return 0;
}
