#include "probes/dxg_pointer.h"

#include <string.h>

#include "probes/dxg_abi.h"
#include "util/array.h"

/* clang-format off */
#define POINTER(request, type, member, count, element)                                     \
	{ request, offsetof(struct type, member), offsetof(struct type, count), element }
#define HANDLE sizeof(struct d3dkmthandle)
static const struct dxg_pointer pointers[] = {
	POINTER(LX_DXENUMADAPTERS2, d3dkmt_enumadapters2, adapters, num_adapters, sizeof(struct d3dkmt_adapterinfo)),
	POINTER(LX_DXENUMADAPTERS3, d3dkmt_enumadapters3, adapters, adapter_count, sizeof(struct d3dkmt_adapterinfo)),
	POINTER(LX_DXQUERYADAPTERINFO, d3dkmt_queryadapterinfo, private_data, private_data_size, 1),
	POINTER(LX_DXESCAPE, d3dkmt_escape, priv_drv_data, priv_drv_data_size, 1),
	POINTER(LX_DXCREATECONTEXTVIRTUAL, d3dkmt_createcontextvirtual, priv_drv_data, priv_drv_data_size, 1),
	POINTER(LX_DXCREATEHWQUEUE, d3dkmt_createhwqueue, priv_drv_data, priv_drv_data_size, 1),
	POINTER(LX_DXCREATEALLOCATION, d3dkmt_createallocation, private_runtime_data, private_runtime_data_size, 1),
	POINTER(LX_DXCREATEALLOCATION, d3dkmt_createallocation, priv_drv_data, priv_drv_data_size, 1),
	POINTER(LX_DXCREATEALLOCATION, d3dkmt_createallocation, allocation_info, alloc_count, sizeof(struct d3dddi_allocationinfo2)),
	POINTER(LX_DXDESTROYALLOCATION2, d3dkmt_destroyallocation2, allocations, alloc_count, HANDLE),
	POINTER(LX_DXMAKERESIDENT, d3dddi_makeresident, allocation_list, alloc_count, HANDLE),
	POINTER(LX_DXEVICT, d3dkmt_evict, allocations, alloc_count, HANDLE),
	POINTER(LX_DXSUBMITCOMMAND, d3dkmt_submitcommand, priv_drv_data, priv_drv_data_size, 1),
	POINTER(LX_DXSUBMITCOMMANDTOHWQUEUE, d3dkmt_submitcommandtohwqueue, priv_drv_data, priv_drv_data_size, 1),
	POINTER(LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, d3dkmt_signalsynchronizationobjectfromcpu, objects, object_count, HANDLE),
	POINTER(LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, d3dkmt_signalsynchronizationobjectfromcpu, fence_values, object_count, 8),
	POINTER(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, d3dkmt_waitforsynchronizationobjectfromcpu, objects, object_count, HANDLE),
	POINTER(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, d3dkmt_waitforsynchronizationobjectfromcpu, fence_values, object_count, 8),
	POINTER(LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE, d3dkmt_submitwaitforsyncobjectstohwqueue, objects, object_count, HANDLE),
	POINTER(LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE, d3dkmt_submitwaitforsyncobjectstohwqueue, fence_values, object_count, 8),
	POINTER(LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE, d3dkmt_submitsignalsyncobjectstohwqueue, hwqueues, hwqueue_count, HANDLE),
	POINTER(LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE, d3dkmt_submitsignalsyncobjectstohwqueue, objects, object_count, HANDLE),
	POINTER(LX_DXUPDATEGPUVIRTUALADDRESS, d3dkmt_updategpuvirtualaddress, operations, num_operations, sizeof(struct d3dddi_updategpuvirtualaddress_operation)),
	POINTER(LX_DXQUERYALLOCATIONRESIDENCY, d3dkmt_queryallocationresidency, allocations, allocation_count, HANDLE),
	POINTER(LX_DXQUERYALLOCATIONRESIDENCY, d3dkmt_queryallocationresidency, residency_status, allocation_count, 4),
	POINTER(LX_DXGETALLOCATIONPRIORITY, d3dkmt_getallocationpriority, priorities, allocation_count, 4),
};
/* clang-format on */
#undef POINTER
#undef HANDLE

const struct dxg_pointer *dxg_pointer_next(uint32_t request,
					   const struct dxg_pointer *after)
{
	const struct dxg_pointer *end = pointers + ARRAY_SIZE(pointers);
	for (const struct dxg_pointer *row = after ? after + 1 : pointers; row < end;
	     row++)
		if (row->request == request)
			return row;
	return NULL;
}

const struct dxg_pointer *dxg_pointer_at(uint32_t request, size_t offset)
{
	const struct dxg_pointer *pointer = NULL;
	while ((pointer = dxg_pointer_next(request, pointer)))
		if (pointer->offset == offset)
			break;
	return pointer;
}

bool dxg_pointer_read(const struct dxg_pointer *pointer, const void *structure,
		      size_t size, uint64_t *ret_address, uint64_t *ret_size)
{
	const uint8_t *bytes = structure;
	uint32_t count;
	if (pointer->offset + sizeof(*ret_address) > size ||
	    pointer->count + sizeof(count) > size)
		return false;
	memcpy(ret_address, bytes + pointer->offset, sizeof(*ret_address));
	memcpy(&count, bytes + pointer->count, sizeof(count));
	*ret_size = *ret_address ? (uint64_t)count * pointer->element : 0;
	return true;
}
