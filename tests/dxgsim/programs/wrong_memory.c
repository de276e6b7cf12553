/* Wrong allocations and addresses. */
#include <string.h>

#include "tests/dxgsim/programs/wrong.h"

/* Rows give what matters of a structure; the rest is 0. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

static void create_wrongly(const struct bench *b)
{
	static const int raw = (int)STATUS_INVALID_PARAMETER;
	struct d3dkmt_createstandardallocation standard;
	struct d3dddi_allocationinfo2 infos[2];
	struct d3dkmt_createallocation create;
#define WRONG(what, change, result, lines)                                               \
	do {                                                                             \
		standard = (struct d3dkmt_createstandardallocation){                     \
			.type = _D3DKMT_STANDARDALLOCATIONTYPE_EXISTINGHEAP,             \
			.existing_heap_data.size = PAGE,                                 \
		};                                                                       \
		memset(infos, 0, sizeof(infos));                                         \
		infos[0].sysmem = infos[1].sysmem = PTR(b->memory);                      \
		create = (struct d3dkmt_createallocation){                               \
			.device = b->device,                                             \
			.alloc_count = 1,                                                \
			.allocation_info = PTR(infos),                                   \
			.standard_allocation = PTR(&standard),                           \
			.flags = { .standard_allocation = 1, .existing_sysmem = 1 },     \
		};                                                                       \
		change;                                                                  \
		check_rows(b->fd,                                                        \
			   { what, LX_DXCREATEALLOCATION, &create, result, lines });     \
	} while (0)
	WRONG("1025 of them", create.alloc_count = 1025, -EINVAL,
	      "invalid number of allocations to create");
	WRONG("info nowhere", create.allocation_info = NOWHERE, -EFAULT,
	      "failed to copy alloc info");
	WRONG("private data", infos[0].priv_drv_data_size = 1, -EINVAL,
	      "private data size not zero");
	WRONG("too much private data",
	      (create.flags.standard_allocation = 0,
	       infos[0].priv_drv_data_size = 131072),
	      -EINVAL, "private data size too big: 0 131072 96");
	WRONG("a section", create.flags.existing_section = 1, -EINVAL,
	      "invalid allocation flags");
	WRONG("protected", create.flags.create_protected = 1, -EINVAL,
	      "invalid allocation flags");
	WRONG("no standard", create.standard_allocation = 0, -EINVAL,
	      "invalid standard allocation");
	WRONG("standard nowhere", create.standard_allocation = NOWHERE, -EFAULT,
	      "failed to copy std alloc data");
	WRONG("no memory", infos[0].sysmem = 0, raw, "invalid sysmem pointer");
	WRONG("off its page", infos[0].sysmem += 8, raw, "invalid sysmem pointer");
	WRONG("flag missing", create.flags.existing_sysmem = 0, raw,
	      "expect existing_sysmem flag");
	WRONG("flag too many", standard.type = 2, raw, "existing_sysmem flag invalid");
	WRONG("memory too many", (standard.type = 2, create.flags.existing_sysmem = 0),
	      raw, "sysmem should be NULL");
	WRONG("a third type", standard.type = 3, raw, "invalid standard allocation type");
	WRONG("no size", standard.existing_heap_data.size = 0, -EINVAL,
	      "invalid standard allocation");
	WRONG("half a page", standard.existing_heap_data.size = 2048, -EINVAL,
	      "invalid standard allocation");
	WRONG("two of them", create.alloc_count = 2, -EINVAL,
	      "invalid standard allocation");
	WRONG("shared, no resource", create.flags.create_shared = 1, -EINVAL,
	      "create_resource must be set for create_shared");
	WRONG("no device", create.device.v = 0x99, -EINVAL, NO_DEVICE);
	WRONG("shared the old way",
	      (create.flags.create_shared = 1, create.flags.create_resource = 1), -EINVAL,
	      "nt_security_sharing must be set");
	WRONG("no such resource", create.resource.v = 0x99, -EINVAL,
	      "invalid resource handle 99");
	WRONG("another's resource",
	      (create.resource = b->resource, create.device = b->other_device), -EINVAL,
	      "invalid resource handle *");
	WRONG("more than there is", standard.existing_heap_data.size = 2 * PAGE, -ENOMEM,
	      "create_existing_sysmem: get_user_pages_fast failed: 1");
	WRONG("not there", infos[0].sysmem += PAGE, -ENOMEM,
	      "create_existing_sysmem: get_user_pages_fast failed: -14");
	WRONG("a vendor's", create.flags.standard_allocation = 0, -EOVERFLOW,
	      "dxgvmb_send_create_allocation: send_create_allocation failed ffffffb5");
	WRONG("a vendor's off its page",
	      (create.flags.standard_allocation = 0, infos[0].sysmem += 8), -EINVAL,
	      "invalid sysmem alloc 0, ????????????????");
	WRONG("one of two without",
	      (create.flags.standard_allocation = 0, create.alloc_count = 2,
	       infos[1].sysmem = 0),
	      -EINVAL, "All allocs must have sysmem pointer");
#undef WRONG
}

static void test_allocations(const struct bench *b)
{
	const struct d3dkmthandle bad = BAD;
	struct d3dkmthandle mixed[2] = { b->allocation, b->in_resource };
	uint32_t numbers[2];
#define DESTROY(of, whole, list, count)                                                  \
	ARG(d3dkmt_destroyallocation2, of, whole, list, count)
	const struct d3dkmthandle none = { 0 };
	check_rows(
		b->fd,
		{ "both", LX_DXDESTROYALLOCATION2,
		  DESTROY(b->device, b->resource, PTR(mixed), 1), -EINVAL,
		  "invalid number of allocations" },
		{ "1025 of them", LX_DXDESTROYALLOCATION2,
		  DESTROY(b->device, none, PTR(mixed), 1025), -EINVAL,
		  "invalid number of allocations" },
		{ "list nowhere", LX_DXDESTROYALLOCATION2,
		  DESTROY(b->device, none, NOWHERE, 1), -EFAULT,
		  "failed to copy alloc handles" },
		{ "of no device", LX_DXDESTROYALLOCATION2,
		  DESTROY(bad, none, PTR(mixed), 1), -EINVAL, NO_DEVICE },
		{ "none", LX_DXDESTROYALLOCATION2, DESTROY(b->device, none, PTR(&bad), 1),
		  -EINVAL, "validate_alloc: Alloc validation failed: reason: 1 99" },
		{ "of mixed owners", LX_DXDESTROYALLOCATION2,
		  DESTROY(b->device, none, PTR(mixed), 2), -EINVAL,
		  "validate_alloc: Alloc validation failed: reason: 2 *" },
		{ "another's in a resource", LX_DXDESTROYALLOCATION2,
		  DESTROY(b->other_device, none, PTR(mixed + 1), 1), -EINVAL,
		  "validate_alloc: Alloc validation failed: reason: 4 *" },
		{ "another's", LX_DXDESTROYALLOCATION2,
		  DESTROY(b->other_device, none, PTR(mixed), 1), -EINVAL,
		  "validate_alloc: Alloc validation failed: reason: 6 *" },
		{ "no resource", LX_DXDESTROYALLOCATION2, DESTROY(b->device, bad, 0, 0),
		  -EINVAL, "Invalid resource handle: 99" },
		{ "another's resource", LX_DXDESTROYALLOCATION2,
		  DESTROY(b->other_device, b->resource, 0, 0), -EINVAL,
		  "Resource belongs to wrong device: *" },
		{ "resident by nothing", LX_DXMAKERESIDENT,
		  ARG(d3dddi_makeresident, .alloc_count = 1), -EINVAL,
		  "paging queue is missing" },
		{ "10241 resident", LX_DXMAKERESIDENT,
		  ARG(d3dddi_makeresident, b->queue, 10241), -EINVAL,
		  "invalid number of allocations" },
		{ "resident by no queue", LX_DXMAKERESIDENT,
		  ARG(d3dddi_makeresident, BAD, 1, PTR(mixed)), -EINVAL, NO_QUEUE },
		{ "resident from nowhere", LX_DXMAKERESIDENT,
		  ARG(d3dddi_makeresident, b->queue, 1, NOWHERE), -EFAULT,
		  "dxgvmb_send_make_resident: failed to copy alloc handles" },
		{ "resident that is none", LX_DXMAKERESIDENT,
		  ARG(d3dddi_makeresident, b->queue, 1, PTR(&bad)), -EINVAL, "" },
		{ "evicted from nowhere", LX_DXEVICT,
		  ARG(d3dkmt_evict, b->device, 1, NOWHERE), -EFAULT,
		  "dxgvmb_send_evict: failed to copy alloc handles" },
		{ "evicted that is none", LX_DXEVICT,
		  ARG(d3dkmt_evict, b->device, 1, PTR(&bad)), 0, "" },
		{ "offer of both", LX_DXOFFERALLOCATIONS,
		  ARG(d3dkmt_offerallocations, b->device, 0, PTR(mixed), PTR(mixed), 1),
		  -EINVAL, "invalid pointer to resources/allocations" },
		{ "offer from nowhere", LX_DXOFFERALLOCATIONS,
		  ARG(d3dkmt_offerallocations, b->device, 0, 0, NOWHERE, 1), -EFAULT,
		  "dxgvmb_send_offer_allocations: failed to copy input handles" },
		{ "offer of what is none", LX_DXOFFERALLOCATIONS,
		  ARG(d3dkmt_offerallocations, b->device, 0, 0, PTR(&bad), 1), -EINVAL,
		  "" },
		{ "reclaim of neither", LX_DXRECLAIMALLOCATIONS2,
		  ARG(d3dkmt_reclaimallocations2, b->queue, 1), -EINVAL,
		  "invalid pointer to resources/allocations" },
		{ "reclaim by no queue", LX_DXRECLAIMALLOCATIONS2,
		  ARG(d3dkmt_reclaimallocations2, BAD, 1, 0, PTR(mixed)), -EINVAL,
		  NO_QUEUE },
		{ "reclaim to nowhere", LX_DXRECLAIMALLOCATIONS2,
		  ARG(d3dkmt_reclaimallocations2, b->queue, 1, 0, PTR(mixed),
		      { NOWHERE }),
		  -EFAULT, "dxgvmb_send_reclaim_allocations: failed to copy results" },
		{ "residency of both", LX_DXQUERYALLOCATIONRESIDENCY,
		  ARG(d3dkmt_queryallocationresidency, b->device, b->resource, PTR(mixed),
		      1),
		  -EINVAL, "" },
		{ "residency from nowhere", LX_DXQUERYALLOCATIONRESIDENCY,
		  ARG(d3dkmt_queryallocationresidency, b->device, none, NOWHERE, 1, 0,
		      PTR(numbers)),
		  -EFAULT,
		  "dxgvmb_send_query_alloc_residency: failed to copy alloc handles" },
		{ "residency to nowhere", LX_DXQUERYALLOCATIONRESIDENCY,
		  ARG(d3dkmt_queryallocationresidency, b->device, none, PTR(mixed), 1, 0,
		      NOWHERE),
		  -EFAULT,
		  "dxgvmb_send_query_alloc_residency: failed to copy residency status" },
		{ "priorities of both", LX_DXSETALLOCATIONPRIORITY,
		  ARG(d3dkmt_setallocationpriority, b->device, b->resource, PTR(mixed),
		      1),
		  -EINVAL, "" },
		{ "priorities from nowhere", LX_DXSETALLOCATIONPRIORITY,
		  ARG(d3dkmt_setallocationpriority, b->device, none, PTR(mixed), 1, 0,
		      NOWHERE),
		  -EFAULT,
		  "dxgvmb_send_set_allocation_priority: failed to copy alloc priority" },
		{ "priorities of nowhere", LX_DXGETALLOCATIONPRIORITY,
		  ARG(d3dkmt_getallocationpriority, b->device, none, NOWHERE, 1), -EFAULT,
		  "dxgvmb_send_get_allocation_priority: failed to copy alloc handles" },
		{ "priorities to nowhere", LX_DXGETALLOCATIONPRIORITY,
		  ARG(d3dkmt_getallocationpriority, b->device, none, PTR(mixed), 1, 0,
		      NOWHERE),
		  -EFAULT,
		  "dxgvmb_send_get_allocation_priority: failed to copy priorities" },
		{ "lock of a queue", LX_DXLOCK2, ARG(d3dkmt_lock2, b->device, b->queue),
		  -EINVAL, "" },
		{ "not locked", LX_DXUNLOCK2,
		  ARG(d3dkmt_unlock2, b->device, b->allocation), -EINVAL, "" },
		{ "more than the cache", LX_DXINVALIDATECACHE,
		  ARG(d3dkmt_invalidatecache, b->device, b->allocation, PAGE, 1), -EINVAL,
		  "" },
		{ "no operations", LX_DXUPDATEGPUVIRTUALADDRESS,
		  ARG(d3dkmt_updategpuvirtualaddress, b->device), -EINVAL,
		  "dxgvmb_send_update_gpu_va: Invalid number of operations: 0" },
		{ "operations nowhere", LX_DXUPDATEGPUVIRTUALADDRESS,
		  ARG(d3dkmt_updategpuvirtualaddress, b->device, .num_operations = 1,
		      .operations = NOWHERE),
		  -EFAULT, "dxgvmb_send_update_gpu_va: failed to copy operations" },
		{ "no room for an address", LX_DXRESERVEGPUVIRTUALADDRESS,
		  ARG(d3dddi_reservegpuvirtualaddress, .adapter = b->adapter,
		      .size = UINT64_C(1) << 48),
		  -EOVERFLOW, "" },
		{ "not reserved", LX_DXFREEGPUVIRTUALADDRESS,
		  ARG(d3dkmt_freegpuvirtualaddress, b->adapter, 0, PAGE, PAGE), -EINVAL,
		  "" });
}

void wrong_memory(const struct bench *b)
{
	create_wrongly(b);
	test_allocations(b);
}
