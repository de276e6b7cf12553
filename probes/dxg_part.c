#include "probes/dxg_part.h"

#include "probes/dxg_abi.h"
#include "util/array.h"

/* clang-format off */
#define PART_OF(request, kind, objects, type, member)                                      \
	{ request, kind, offsetof(struct type, member),                                    \
	  sizeof(((struct type *)0)->member), objects }
#define PART(request, kind, type, member) PART_OF(request, kind, 0, type, member)
static const struct dxg_part parts[] = {
	PART(LX_DXENUMADAPTERS2, PART_ANSWERED, d3dkmt_enumadapters2, num_adapters),
	PART(LX_DXENUMADAPTERS2, PART_ADAPTERS, d3dkmt_enumadapters2, adapters),
	PART(LX_DXENUMADAPTERS3, PART_ASKED, d3dkmt_enumadapters3, filter),
	PART(LX_DXENUMADAPTERS3, PART_ANSWERED, d3dkmt_enumadapters3, adapter_count),
	PART(LX_DXENUMADAPTERS3, PART_ADAPTERS, d3dkmt_enumadapters3, adapters),
	PART(LX_DXOPENADAPTERFROMLUID, PART_LUID, d3dkmt_openadapterfromluid, adapter_luid),
	PART_OF(LX_DXOPENADAPTERFROMLUID, PART_NEW, OBJECT_ADAPTER, d3dkmt_openadapterfromluid, adapter_handle),
	PART_OF(LX_DXCLOSEADAPTER, PART_HANDLE, OBJECT_ADAPTER, d3dkmt_closeadapter, adapter_handle),
	PART_OF(LX_DXQUERYADAPTERINFO, PART_HANDLE, OBJECT_ADAPTER, d3dkmt_queryadapterinfo, adapter),
	PART(LX_DXQUERYADAPTERINFO, PART_ASKED, d3dkmt_queryadapterinfo, type),
	PART(LX_DXQUERYADAPTERINFO, PART_MEMORY, d3dkmt_queryadapterinfo, private_data),
	PART(LX_DXQUERYADAPTERINFO, PART_ASKED, d3dkmt_queryadapterinfo, private_data_size),
	PART(LX_DXQUERYVIDEOMEMORYINFO, PART_ASKED, d3dkmt_queryvideomemoryinfo, process),
	PART_OF(LX_DXQUERYVIDEOMEMORYINFO, PART_HANDLE, OBJECT_ADAPTER, d3dkmt_queryvideomemoryinfo, adapter),
	PART(LX_DXQUERYVIDEOMEMORYINFO, PART_ASKED, d3dkmt_queryvideomemoryinfo, memory_segment_group),
	PART(LX_DXQUERYVIDEOMEMORYINFO, PART_ANSWERED, d3dkmt_queryvideomemoryinfo, budget),
	PART(LX_DXQUERYVIDEOMEMORYINFO, PART_ANSWERED, d3dkmt_queryvideomemoryinfo, current_usage),
	PART(LX_DXQUERYVIDEOMEMORYINFO, PART_ANSWERED, d3dkmt_queryvideomemoryinfo, current_reservation),
	PART(LX_DXQUERYVIDEOMEMORYINFO, PART_ANSWERED, d3dkmt_queryvideomemoryinfo, available_for_reservation),
	PART(LX_DXQUERYVIDEOMEMORYINFO, PART_ASKED, d3dkmt_queryvideomemoryinfo, physical_adapter_index),
	PART_OF(LX_ISFEATUREENABLED, PART_HANDLE, OBJECT_ADAPTER, d3dkmt_isfeatureenabled, adapter),
	PART(LX_ISFEATUREENABLED, PART_ASKED, d3dkmt_isfeatureenabled, feature_id),
	PART(LX_ISFEATUREENABLED, PART_ANSWERED, d3dkmt_isfeatureenabled, result),
	PART(LX_DXQUERYSTATISTICS, PART_ASKED, d3dkmt_querystatistics, type),
	PART(LX_DXQUERYSTATISTICS, PART_LUID, d3dkmt_querystatistics, adapter_luid),
	PART(LX_DXQUERYSTATISTICS, PART_ANSWERED, d3dkmt_querystatistics, result),
	PART_OF(LX_DXCREATEDEVICE, PART_HANDLE, OBJECT_ADAPTER, d3dkmt_createdevice, adapter),
	PART(LX_DXCREATEDEVICE, PART_ASKED, d3dkmt_createdevice, flags),
	PART_OF(LX_DXCREATEDEVICE, PART_NEW, OBJECT_DEVICE, d3dkmt_createdevice, device),
	PART_OF(LX_DXDESTROYDEVICE, PART_HANDLE, OBJECT_DEVICE, d3dkmt_destroydevice, device),
	PART_OF(LX_DXGETDEVICESTATE, PART_HANDLE, OBJECT_DEVICE, d3dkmt_getdevicestate, device),
	PART(LX_DXGETDEVICESTATE, PART_ASKED, d3dkmt_getdevicestate, state_type),
	PART(LX_DXGETDEVICESTATE, PART_ANSWERED, d3dkmt_getdevicestate, alignment),
	PART_OF(LX_DXCREATEPAGINGQUEUE, PART_HANDLE, OBJECT_DEVICE, d3dkmt_createpagingqueue, device),
	PART(LX_DXCREATEPAGINGQUEUE, PART_ASKED, d3dkmt_createpagingqueue, priority),
	PART_OF(LX_DXCREATEPAGINGQUEUE, PART_NEW, OBJECT_QUEUE, d3dkmt_createpagingqueue, paging_queue),
	PART_OF(LX_DXCREATEPAGINGQUEUE, PART_NEW, OBJECT_FENCE, d3dkmt_createpagingqueue, sync_object),
	PART(LX_DXCREATEPAGINGQUEUE, PART_FENCE, d3dkmt_createpagingqueue, fence_cpu_virtual_address),
	PART(LX_DXCREATEPAGINGQUEUE, PART_ASKED, d3dkmt_createpagingqueue, physical_adapter_index),
	PART_OF(LX_DXDESTROYPAGINGQUEUE, PART_HANDLE, OBJECT_QUEUE, d3dddi_destroypagingqueue, paging_queue),
	PART_OF(LX_DXCREATESYNCHRONIZATIONOBJECT, PART_HANDLE, OBJECT_DEVICE, d3dkmt_createsynchronizationobject2, device),
	PART(LX_DXCREATESYNCHRONIZATIONOBJECT, PART_ASKED, d3dkmt_createsynchronizationobject2, info.type),
	PART(LX_DXCREATESYNCHRONIZATIONOBJECT, PART_ASKED, d3dkmt_createsynchronizationobject2, info.flags),
	PART(LX_DXCREATESYNCHRONIZATIONOBJECT, PART_ASKED, d3dkmt_createsynchronizationobject2, info.monitored_fence.initial_fence_value),
	PART(LX_DXCREATESYNCHRONIZATIONOBJECT, PART_ASKED, d3dkmt_createsynchronizationobject2, info.monitored_fence.engine_affinity),
	PART_OF(LX_DXCREATESYNCHRONIZATIONOBJECT, PART_NEW, OBJECT_FENCE, d3dkmt_createsynchronizationobject2, sync_object),
	PART(LX_DXCREATESYNCHRONIZATIONOBJECT, PART_FENCE, d3dkmt_createsynchronizationobject2, info.monitored_fence.fence_cpu_virtual_address),
	PART_OF(LX_DXDESTROYSYNCHRONIZATIONOBJECT, PART_HANDLE, OBJECT_FENCE, d3dkmt_destroysynchronizationobject, sync_object),
	PART_OF(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, PART_HANDLE, OBJECT_DEVICE, d3dkmt_waitforsynchronizationobjectfromcpu, device),
	PART(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, PART_ASKED, d3dkmt_waitforsynchronizationobjectfromcpu, object_count),
	PART_OF(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, PART_HANDLES, OBJECT_FENCE, d3dkmt_waitforsynchronizationobjectfromcpu, objects),
	PART(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, PART_MEMORY_ASKED, d3dkmt_waitforsynchronizationobjectfromcpu, fence_values),
	PART(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, PART_ASKED, d3dkmt_waitforsynchronizationobjectfromcpu, flags),
	PART_OF(LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, PART_HANDLE, OBJECT_DEVICE, d3dkmt_signalsynchronizationobjectfromcpu, device),
	PART(LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, PART_ASKED, d3dkmt_signalsynchronizationobjectfromcpu, object_count),
	PART_OF(LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, PART_HANDLES, OBJECT_FENCE, d3dkmt_signalsynchronizationobjectfromcpu, objects),
	PART(LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, PART_MEMORY_ASKED, d3dkmt_signalsynchronizationobjectfromcpu, fence_values),
	PART(LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, PART_ASKED, d3dkmt_signalsynchronizationobjectfromcpu, flags),
	PART_OF(LX_DXRESERVEGPUVIRTUALADDRESS, PART_HANDLE, OBJECT_ADAPTER | OBJECT_QUEUE, d3dddi_reservegpuvirtualaddress, adapter),
	PART(LX_DXRESERVEGPUVIRTUALADDRESS, PART_ASKED, d3dddi_reservegpuvirtualaddress, base_address),
	PART(LX_DXRESERVEGPUVIRTUALADDRESS, PART_ASKED, d3dddi_reservegpuvirtualaddress, minimum_address),
	PART(LX_DXRESERVEGPUVIRTUALADDRESS, PART_ASKED, d3dddi_reservegpuvirtualaddress, maximum_address),
	PART(LX_DXRESERVEGPUVIRTUALADDRESS, PART_ASKED, d3dddi_reservegpuvirtualaddress, size),
	PART(LX_DXRESERVEGPUVIRTUALADDRESS, PART_ASKED, d3dddi_reservegpuvirtualaddress, reservation_type),
	PART(LX_DXRESERVEGPUVIRTUALADDRESS, PART_ASKED, d3dddi_reservegpuvirtualaddress, driver_protection),
	PART(LX_DXRESERVEGPUVIRTUALADDRESS, PART_ANSWERED, d3dddi_reservegpuvirtualaddress, virtual_address),
	PART_OF(LX_DXFREEGPUVIRTUALADDRESS, PART_HANDLE, OBJECT_ADAPTER, d3dkmt_freegpuvirtualaddress, adapter),
	PART(LX_DXFREEGPUVIRTUALADDRESS, PART_ASKED, d3dkmt_freegpuvirtualaddress, base_address),
	PART(LX_DXFREEGPUVIRTUALADDRESS, PART_ASKED, d3dkmt_freegpuvirtualaddress, size),
	PART_OF(LX_DXESCAPE, PART_HANDLE, OBJECT_ADAPTER, d3dkmt_escape, adapter),
	PART_OF(LX_DXESCAPE, PART_HANDLE_IF_ANY, OBJECT_DEVICE, d3dkmt_escape, device),
	PART(LX_DXESCAPE, PART_ASKED, d3dkmt_escape, type),
	PART(LX_DXESCAPE, PART_ASKED, d3dkmt_escape, flags),
	PART(LX_DXESCAPE, PART_MEMORY, d3dkmt_escape, priv_drv_data),
	PART(LX_DXESCAPE, PART_ASKED, d3dkmt_escape, priv_drv_data_size),
};
/* clang-format on */
#undef PART
#undef PART_OF

const struct dxg_part *dxg_part_next(uint32_t request, const struct dxg_part *after)
{
	const struct dxg_part *end = parts + ARRAY_SIZE(parts);
	for (const struct dxg_part *part = after ? after + 1 : parts; part < end; part++)
		if (part->request == request)
			return part;
	return NULL;
}
