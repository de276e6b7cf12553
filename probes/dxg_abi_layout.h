/*
 * dxg_abi_layout.h: every size and offset of the kernel interface, asserted where used.
 *
 * The numbers are those that compiling the public headers gives on LP64 (dxg_abi_device.h
 * and dxg_abi_info.h name them). dxg_abi.h ends with this.
 */
#pragma once

#include "dxg_abi.h"

#ifdef __cplusplus
#define DXG_ASSERT(condition, what) static_assert(condition, what)
#else
#define DXG_ASSERT(condition, what) _Static_assert(condition, what)
#endif

#define DXG_SIZE(structure, bytes)                                                       \
	DXG_ASSERT(sizeof(struct structure) == (bytes), #structure)
/* The structure of a call has the size that its number tells. */
#define DXG_ARGUMENT(structure, bytes, constant)                                         \
	DXG_SIZE(structure, bytes);                                                      \
	DXG_ASSERT(_IOC_SIZE(constant) == (bytes), #constant)
#define DXG_MEMBER(structure, member, offset, bytes)                                     \
	DXG_ASSERT(offsetof(struct structure, member) == (offset) &&                     \
			   sizeof(((struct structure *)0)->member) == (bytes),           \
		   #structure "." #member)

/* clang-format off */

DXG_SIZE(d3dkmthandle, 4);
DXG_MEMBER(d3dkmthandle, v, 0, 4);

DXG_SIZE(winluid, 8);
DXG_MEMBER(winluid, a, 0, 4);
DXG_MEMBER(winluid, b, 4, 4);

DXG_SIZE(d3dkmt_adapterinfo, 20);
DXG_MEMBER(d3dkmt_adapterinfo, adapter_handle, 0, 4);
DXG_MEMBER(d3dkmt_adapterinfo, adapter_luid, 4, 8);
DXG_MEMBER(d3dkmt_adapterinfo, num_sources, 12, 4);
DXG_MEMBER(d3dkmt_adapterinfo, present_move_regions_preferred, 16, 4);

DXG_ARGUMENT(d3dkmt_enumadapters2, 16, LX_DXENUMADAPTERS2);
DXG_MEMBER(d3dkmt_enumadapters2, num_adapters, 0, 4);
DXG_MEMBER(d3dkmt_enumadapters2, reserved, 4, 4);
DXG_MEMBER(d3dkmt_enumadapters2, adapters, 8, 8);

DXG_ASSERT(sizeof(union d3dkmt_enumadapters_filter) == 8, "filter");

DXG_ARGUMENT(d3dkmt_enumadapters3, 24, LX_DXENUMADAPTERS3);
DXG_MEMBER(d3dkmt_enumadapters3, filter, 0, 8);
DXG_MEMBER(d3dkmt_enumadapters3, adapter_count, 8, 4);
DXG_MEMBER(d3dkmt_enumadapters3, reserved, 12, 4);
DXG_MEMBER(d3dkmt_enumadapters3, adapters, 16, 8);

DXG_ARGUMENT(d3dkmt_openadapterfromluid, 12, LX_DXOPENADAPTERFROMLUID);
DXG_MEMBER(d3dkmt_openadapterfromluid, adapter_luid, 0, 8);
DXG_MEMBER(d3dkmt_openadapterfromluid, adapter_handle, 8, 4);

DXG_ARGUMENT(d3dkmt_closeadapter, 4, LX_DXCLOSEADAPTER);
DXG_MEMBER(d3dkmt_closeadapter, adapter_handle, 0, 4);

DXG_ARGUMENT(d3dkmt_queryadapterinfo, 24, LX_DXQUERYADAPTERINFO);
DXG_MEMBER(d3dkmt_queryadapterinfo, adapter, 0, 4);
DXG_MEMBER(d3dkmt_queryadapterinfo, type, 4, 4);
DXG_MEMBER(d3dkmt_queryadapterinfo, private_data, 8, 8);
DXG_MEMBER(d3dkmt_queryadapterinfo, private_data_size, 16, 4);

DXG_ARGUMENT(d3dkmt_queryvideomemoryinfo, 56, LX_DXQUERYVIDEOMEMORYINFO);
DXG_MEMBER(d3dkmt_queryvideomemoryinfo, process, 0, 8);
DXG_MEMBER(d3dkmt_queryvideomemoryinfo, adapter, 8, 4);
DXG_MEMBER(d3dkmt_queryvideomemoryinfo, memory_segment_group, 12, 4);
DXG_MEMBER(d3dkmt_queryvideomemoryinfo, budget, 16, 8);
DXG_MEMBER(d3dkmt_queryvideomemoryinfo, current_usage, 24, 8);
DXG_MEMBER(d3dkmt_queryvideomemoryinfo, current_reservation, 32, 8);
DXG_MEMBER(d3dkmt_queryvideomemoryinfo, available_for_reservation, 40, 8);
DXG_MEMBER(d3dkmt_queryvideomemoryinfo, physical_adapter_index, 48, 4);

DXG_ARGUMENT(d3dkmt_changevideomemoryreservation, 32, LX_DXCHANGEVIDEOMEMORYRESERVATION);
DXG_MEMBER(d3dkmt_changevideomemoryreservation, process, 0, 8);
DXG_MEMBER(d3dkmt_changevideomemoryreservation, adapter, 8, 4);
DXG_MEMBER(d3dkmt_changevideomemoryreservation, memory_segment_group, 12, 4);
DXG_MEMBER(d3dkmt_changevideomemoryreservation, reservation, 16, 8);
DXG_MEMBER(d3dkmt_changevideomemoryreservation, physical_adapter_index, 24, 4);

DXG_SIZE(d3dkmt_querystatistics_result, 776);
DXG_MEMBER(d3dkmt_querystatistics_result, size, 0, 776);

DXG_SIZE(d3dkmt_querystatistics_adapter_information, 20);
DXG_MEMBER(d3dkmt_querystatistics_adapter_information, nb_segments, 0, 4);
DXG_MEMBER(d3dkmt_querystatistics_adapter_information, node_count, 4, 4);
DXG_MEMBER(d3dkmt_querystatistics_adapter_information, vidpn_source_count, 8, 4);
DXG_MEMBER(d3dkmt_querystatistics_adapter_information, vsync_enabled, 12, 4);
DXG_MEMBER(d3dkmt_querystatistics_adapter_information, tdr_detected_count, 16, 4);

DXG_ARGUMENT(d3dkmt_querystatistics, 808, LX_DXQUERYSTATISTICS);
DXG_MEMBER(d3dkmt_querystatistics, type, 0, 4);
DXG_MEMBER(d3dkmt_querystatistics, size, 0, 808);
DXG_MEMBER(d3dkmt_querystatistics, adapter_luid, 4, 8);
DXG_MEMBER(d3dkmt_querystatistics, process, 16, 8);
DXG_MEMBER(d3dkmt_querystatistics, result, 24, 776);

DXG_SIZE(dxgk_gpuclockdata_flags, 4);
DXG_MEMBER(dxgk_gpuclockdata_flags, value, 0, 4);

DXG_SIZE(dxgk_gpuclockdata, 28);
DXG_MEMBER(dxgk_gpuclockdata, gpu_frequency, 0, 8);
DXG_MEMBER(dxgk_gpuclockdata, gpu_clock_counter, 8, 8);
DXG_MEMBER(dxgk_gpuclockdata, cpu_clock_counter, 16, 8);
DXG_MEMBER(dxgk_gpuclockdata, flags, 24, 4);

DXG_ARGUMENT(d3dkmt_queryclockcalibration, 40, LX_DXQUERYCLOCKCALIBRATION);
DXG_MEMBER(d3dkmt_queryclockcalibration, adapter, 0, 4);
DXG_MEMBER(d3dkmt_queryclockcalibration, node_ordinal, 4, 4);
DXG_MEMBER(d3dkmt_queryclockcalibration, physical_adapter_index, 8, 4);
DXG_MEMBER(d3dkmt_queryclockcalibration, clock_data, 12, 28);
DXG_MEMBER(d3dkmt_queryclockcalibration, clock_data.gpu_frequency, 12, 8);
DXG_MEMBER(d3dkmt_queryclockcalibration, clock_data.gpu_clock_counter, 20, 8);
DXG_MEMBER(d3dkmt_queryclockcalibration, clock_data.cpu_clock_counter, 28, 8);
DXG_MEMBER(d3dkmt_queryclockcalibration, clock_data.flags, 36, 4);

DXG_ARGUMENT(d3dkmt_enumprocesses, 24, LX_DXENUMPROCESSES);
DXG_MEMBER(d3dkmt_enumprocesses, adapter_luid, 0, 8);
DXG_MEMBER(d3dkmt_enumprocesses, buffer, 8, 8);
DXG_MEMBER(d3dkmt_enumprocesses, buffer_count, 16, 8);

DXG_SIZE(dxgk_isfeatureenabled_result, 4);
DXG_MEMBER(dxgk_isfeatureenabled_result, version, 0, 2);
DXG_MEMBER(dxgk_isfeatureenabled_result, value, 2, 2);

DXG_ARGUMENT(d3dkmt_isfeatureenabled, 12, LX_ISFEATUREENABLED);
DXG_MEMBER(d3dkmt_isfeatureenabled, adapter, 0, 4);
DXG_MEMBER(d3dkmt_isfeatureenabled, feature_id, 4, 4);
DXG_MEMBER(d3dkmt_isfeatureenabled, result, 8, 4);
DXG_MEMBER(d3dkmt_isfeatureenabled, result.version, 8, 2);
DXG_MEMBER(d3dkmt_isfeatureenabled, result.value, 10, 2);

DXG_ARGUMENT(d3dkmt_flushheaptransitions, 4, LX_DXFLUSHHEAPTRANSITIONS);
DXG_MEMBER(d3dkmt_flushheaptransitions, adapter, 0, 4);

DXG_SIZE(d3dddi_translate_allocation_handle, 8);
DXG_MEMBER(d3dddi_translate_allocation_handle, escape_type, 0, 4);
DXG_MEMBER(d3dddi_translate_allocation_handle, allocation, 4, 4);

DXG_SIZE(d3dddi_testcommand, 72);
DXG_MEMBER(d3dddi_testcommand, buffer, 0, 72);

DXG_SIZE(d3dddi_buildtestcommandbuffer, 112);
DXG_MEMBER(d3dddi_buildtestcommandbuffer, escape_type, 0, 4);
DXG_MEMBER(d3dddi_buildtestcommandbuffer, device, 4, 4);
DXG_MEMBER(d3dddi_buildtestcommandbuffer, context, 8, 4);
DXG_MEMBER(d3dddi_buildtestcommandbuffer, flags, 12, 4);
DXG_MEMBER(d3dddi_buildtestcommandbuffer, command, 16, 72);
DXG_MEMBER(d3dddi_buildtestcommandbuffer, dma_buffer, 88, 8);
DXG_MEMBER(d3dddi_buildtestcommandbuffer, dma_buffer_priv_data, 96, 8);
DXG_MEMBER(d3dddi_buildtestcommandbuffer, dma_buffer_size, 104, 4);
DXG_MEMBER(d3dddi_buildtestcommandbuffer, dma_buffer_priv_data_size, 108, 4);

DXG_SIZE(d3dddi_escapeflags, 4);
DXG_MEMBER(d3dddi_escapeflags, value, 0, 4);

DXG_ARGUMENT(d3dkmt_escape, 32, LX_DXESCAPE);
DXG_MEMBER(d3dkmt_escape, adapter, 0, 4);
DXG_MEMBER(d3dkmt_escape, device, 4, 4);
DXG_MEMBER(d3dkmt_escape, type, 8, 4);
DXG_MEMBER(d3dkmt_escape, flags, 12, 4);
DXG_MEMBER(d3dkmt_escape, priv_drv_data, 16, 8);
DXG_MEMBER(d3dkmt_escape, priv_drv_data_size, 24, 4);
DXG_MEMBER(d3dkmt_escape, context, 28, 4);

DXG_SIZE(d3dkmt_createdeviceflags, 4);
DXG_MEMBER(d3dkmt_createdeviceflags, value, 0, 4);

DXG_ARGUMENT(d3dkmt_createdevice, 64, LX_DXCREATEDEVICE);
DXG_MEMBER(d3dkmt_createdevice, adapter, 0, 4);
DXG_MEMBER(d3dkmt_createdevice, reserved3, 4, 4);
DXG_MEMBER(d3dkmt_createdevice, flags, 8, 4);
DXG_MEMBER(d3dkmt_createdevice, device, 12, 4);
DXG_MEMBER(d3dkmt_createdevice, command_buffer, 16, 8);
DXG_MEMBER(d3dkmt_createdevice, command_buffer_size, 24, 4);
DXG_MEMBER(d3dkmt_createdevice, reserved, 28, 4);
DXG_MEMBER(d3dkmt_createdevice, allocation_list, 32, 8);
DXG_MEMBER(d3dkmt_createdevice, allocation_list_size, 40, 4);
DXG_MEMBER(d3dkmt_createdevice, reserved1, 44, 4);
DXG_MEMBER(d3dkmt_createdevice, patch_location_list, 48, 8);
DXG_MEMBER(d3dkmt_createdevice, patch_location_list_size, 56, 4);
DXG_MEMBER(d3dkmt_createdevice, reserved2, 60, 4);

DXG_ARGUMENT(d3dkmt_destroydevice, 4, LX_DXDESTROYDEVICE);
DXG_MEMBER(d3dkmt_destroydevice, device, 0, 4);

DXG_ARGUMENT(d3dkmt_markdeviceaserror, 8, LX_DXMARKDEVICEASERROR);
DXG_MEMBER(d3dkmt_markdeviceaserror, device, 0, 4);
DXG_MEMBER(d3dkmt_markdeviceaserror, reason, 4, 4);

DXG_SIZE(d3dkmt_devicereset_state, 4);
DXG_MEMBER(d3dkmt_devicereset_state, value, 0, 4);

DXG_SIZE(d3dkmt_present_stats, 32);
DXG_MEMBER(d3dkmt_present_stats, present_count, 0, 4);
DXG_MEMBER(d3dkmt_present_stats, present_refresh_count, 4, 4);
DXG_MEMBER(d3dkmt_present_stats, sync_refresh_count, 8, 4);
DXG_MEMBER(d3dkmt_present_stats, reserved, 12, 4);
DXG_MEMBER(d3dkmt_present_stats, sync_qpc_time, 16, 8);
DXG_MEMBER(d3dkmt_present_stats, sync_gpu_time, 24, 8);

DXG_SIZE(d3dkmt_devicepresent_state, 40);
DXG_MEMBER(d3dkmt_devicepresent_state, vidpn_source_id, 0, 4);
DXG_MEMBER(d3dkmt_devicepresent_state, reserved, 4, 4);
DXG_MEMBER(d3dkmt_devicepresent_state, present_stats, 8, 32);

DXG_SIZE(d3dkmt_present_stats_dwm, 40);
DXG_MEMBER(d3dkmt_present_stats_dwm, present_count, 0, 4);
DXG_MEMBER(d3dkmt_present_stats_dwm, present_refresh_count, 4, 4);
DXG_MEMBER(d3dkmt_present_stats_dwm, present_qpc_time, 8, 8);
DXG_MEMBER(d3dkmt_present_stats_dwm, sync_refresh_count, 16, 4);
DXG_MEMBER(d3dkmt_present_stats_dwm, reserved, 20, 4);
DXG_MEMBER(d3dkmt_present_stats_dwm, sync_qpc_time, 24, 8);
DXG_MEMBER(d3dkmt_present_stats_dwm, custom_present_duration, 32, 4);
DXG_MEMBER(d3dkmt_present_stats_dwm, reserved1, 36, 4);

DXG_SIZE(d3dkmt_devicepresent_state_dwm, 48);
DXG_MEMBER(d3dkmt_devicepresent_state_dwm, vidpn_source_id, 0, 4);
DXG_MEMBER(d3dkmt_devicepresent_state_dwm, reserved, 4, 4);
DXG_MEMBER(d3dkmt_devicepresent_state_dwm, present_stats, 8, 40);

DXG_SIZE(dxgk_fault_error_code, 4);

DXG_SIZE(d3dkmt_devicepagefault_state, 32);
DXG_MEMBER(d3dkmt_devicepagefault_state, faulted_primitive_api_sequence_number, 0, 8);
DXG_MEMBER(d3dkmt_devicepagefault_state, faulted_pipeline_stage, 8, 4);
DXG_MEMBER(d3dkmt_devicepagefault_state, faulted_bind_table_entry, 12, 4);
DXG_MEMBER(d3dkmt_devicepagefault_state, page_fault_flags, 16, 4);
DXG_MEMBER(d3dkmt_devicepagefault_state, fault_error_code, 20, 4);
DXG_MEMBER(d3dkmt_devicepagefault_state, faulted_virtual_address, 24, 8);

DXG_SIZE(d3dkmt_devicepresent_queue_state, 8);
DXG_MEMBER(d3dkmt_devicepresent_queue_state, vidpn_source_id, 0, 4);
DXG_MEMBER(d3dkmt_devicepresent_queue_state, bQueuedPresentLimitReached, 4, 1);

DXG_ARGUMENT(d3dkmt_getdevicestate, 56, LX_DXGETDEVICESTATE);
DXG_MEMBER(d3dkmt_getdevicestate, device, 0, 4);
DXG_MEMBER(d3dkmt_getdevicestate, state_type, 4, 4);
DXG_MEMBER(d3dkmt_getdevicestate, execution_state, 8, 4);
DXG_MEMBER(d3dkmt_getdevicestate, present_state, 8, 40);
DXG_MEMBER(d3dkmt_getdevicestate, reset_state, 8, 4);
DXG_MEMBER(d3dkmt_getdevicestate, present_state_dwm, 8, 48);
DXG_MEMBER(d3dkmt_getdevicestate, page_fault_state, 8, 32);
DXG_MEMBER(d3dkmt_getdevicestate, present_queue_state, 8, 8);
DXG_MEMBER(d3dkmt_getdevicestate, alignment, 8, 48);
DXG_MEMBER(d3dkmt_getdevicestate,
	   page_fault_state.faulted_primitive_api_sequence_number, 8, 8);
DXG_MEMBER(d3dkmt_getdevicestate, page_fault_state.faulted_pipeline_stage, 16, 4);
DXG_MEMBER(d3dkmt_getdevicestate, page_fault_state.faulted_bind_table_entry, 20, 4);
DXG_MEMBER(d3dkmt_getdevicestate, page_fault_state.page_fault_flags, 24, 4);
DXG_MEMBER(d3dkmt_getdevicestate, page_fault_state.fault_error_code, 28, 4);
DXG_MEMBER(d3dkmt_getdevicestate, page_fault_state.faulted_virtual_address, 32, 8);

DXG_SIZE(d3dddi_createcontextflags, 4);
DXG_MEMBER(d3dddi_createcontextflags, value, 0, 4);

DXG_ARGUMENT(d3dkmt_createcontextvirtual, 40, LX_DXCREATECONTEXTVIRTUAL);
DXG_MEMBER(d3dkmt_createcontextvirtual, device, 0, 4);
DXG_MEMBER(d3dkmt_createcontextvirtual, node_ordinal, 4, 4);
DXG_MEMBER(d3dkmt_createcontextvirtual, engine_affinity, 8, 4);
DXG_MEMBER(d3dkmt_createcontextvirtual, flags, 12, 4);
DXG_MEMBER(d3dkmt_createcontextvirtual, priv_drv_data, 16, 8);
DXG_MEMBER(d3dkmt_createcontextvirtual, priv_drv_data_size, 24, 4);
DXG_MEMBER(d3dkmt_createcontextvirtual, client_hint, 28, 4);
DXG_MEMBER(d3dkmt_createcontextvirtual, context, 32, 4);

DXG_ARGUMENT(d3dkmt_destroycontext, 4, LX_DXDESTROYCONTEXT);
DXG_MEMBER(d3dkmt_destroycontext, context, 0, 4);

DXG_SIZE(d3dddi_createhwqueueflags, 4);
DXG_MEMBER(d3dddi_createhwqueueflags, value, 0, 4);

DXG_ARGUMENT(d3dkmt_createhwqueue, 48, LX_DXCREATEHWQUEUE);
DXG_MEMBER(d3dkmt_createhwqueue, context, 0, 4);
DXG_MEMBER(d3dkmt_createhwqueue, flags, 4, 4);
DXG_MEMBER(d3dkmt_createhwqueue, priv_drv_data_size, 8, 4);
DXG_MEMBER(d3dkmt_createhwqueue, reserved, 12, 4);
DXG_MEMBER(d3dkmt_createhwqueue, priv_drv_data, 16, 8);
DXG_MEMBER(d3dkmt_createhwqueue, queue, 24, 4);
DXG_MEMBER(d3dkmt_createhwqueue, queue_progress_fence, 28, 4);
DXG_MEMBER(d3dkmt_createhwqueue, queue_progress_fence_cpu_va, 32, 8);
DXG_MEMBER(d3dkmt_createhwqueue, queue_progress_fence_gpu_va, 40, 8);

DXG_ARGUMENT(d3dkmt_destroyhwqueue, 4, LX_DXDESTROYHWQUEUE);
DXG_MEMBER(d3dkmt_destroyhwqueue, queue, 0, 4);

DXG_ARGUMENT(d3dkmt_setcontextschedulingpriority, 8, LX_DXSETCONTEXTSCHEDULINGPRIORITY);
DXG_MEMBER(d3dkmt_setcontextschedulingpriority, context, 0, 4);
DXG_MEMBER(d3dkmt_setcontextschedulingpriority, priority, 4, 4);

DXG_ARGUMENT(d3dkmt_setcontextinprocessschedulingpriority,
	     8, LX_DXSETCONTEXTINPROCESSSCHEDULINGPRIORITY);
DXG_MEMBER(d3dkmt_setcontextinprocessschedulingpriority, context, 0, 4);
DXG_MEMBER(d3dkmt_setcontextinprocessschedulingpriority, priority, 4, 4);

DXG_ARGUMENT(d3dkmt_getcontextschedulingpriority, 8, LX_DXGETCONTEXTSCHEDULINGPRIORITY);
DXG_MEMBER(d3dkmt_getcontextschedulingpriority, context, 0, 4);
DXG_MEMBER(d3dkmt_getcontextschedulingpriority, priority, 4, 4);

DXG_ARGUMENT(d3dkmt_getcontextinprocessschedulingpriority,
	     8, LX_DXGETCONTEXTINPROCESSSCHEDULINGPRIORITY);
DXG_MEMBER(d3dkmt_getcontextinprocessschedulingpriority, context, 0, 4);
DXG_MEMBER(d3dkmt_getcontextinprocessschedulingpriority, priority, 4, 4);

DXG_ARGUMENT(d3dkmt_createpagingqueue, 32, LX_DXCREATEPAGINGQUEUE);
DXG_MEMBER(d3dkmt_createpagingqueue, device, 0, 4);
DXG_MEMBER(d3dkmt_createpagingqueue, priority, 4, 4);
DXG_MEMBER(d3dkmt_createpagingqueue, paging_queue, 8, 4);
DXG_MEMBER(d3dkmt_createpagingqueue, sync_object, 12, 4);
DXG_MEMBER(d3dkmt_createpagingqueue, fence_cpu_virtual_address, 16, 8);
DXG_MEMBER(d3dkmt_createpagingqueue, physical_adapter_index, 24, 4);

DXG_ARGUMENT(d3dddi_destroypagingqueue, 4, LX_DXDESTROYPAGINGQUEUE);
DXG_MEMBER(d3dddi_destroypagingqueue, paging_queue, 0, 4);

DXG_SIZE(d3dkmt_standardallocation_existingheap, 8);
DXG_MEMBER(d3dkmt_standardallocation_existingheap, size, 0, 8);

DXG_SIZE(d3dkmt_createstandardallocationflags, 4);
DXG_MEMBER(d3dkmt_createstandardallocationflags, value, 0, 4);

DXG_SIZE(d3dkmt_createstandardallocation, 24);
DXG_MEMBER(d3dkmt_createstandardallocation, type, 0, 4);
DXG_MEMBER(d3dkmt_createstandardallocation, reserved, 4, 4);
DXG_MEMBER(d3dkmt_createstandardallocation, existing_heap_data, 8, 8);
DXG_MEMBER(d3dkmt_createstandardallocation, existing_heap_data.size, 8, 8);
DXG_MEMBER(d3dkmt_createstandardallocation, flags, 16, 4);
DXG_MEMBER(d3dkmt_createstandardallocation, reserved1, 20, 4);

DXG_SIZE(d3dddi_allocationinfo2, 96);
DXG_MEMBER(d3dddi_allocationinfo2, allocation, 0, 4);
DXG_MEMBER(d3dddi_allocationinfo2, sysmem, 8, 8);
DXG_MEMBER(d3dddi_allocationinfo2, priv_drv_data, 16, 8);
DXG_MEMBER(d3dddi_allocationinfo2, priv_drv_data_size, 24, 4);
DXG_MEMBER(d3dddi_allocationinfo2, vidpn_source_id, 28, 4);
DXG_MEMBER(d3dddi_allocationinfo2, flags, 32, 4);
DXG_MEMBER(d3dddi_allocationinfo2, flags.value, 32, 4);
DXG_MEMBER(d3dddi_allocationinfo2, gpu_virtual_address, 40, 8);
DXG_MEMBER(d3dddi_allocationinfo2, priority, 48, 4);
DXG_MEMBER(d3dddi_allocationinfo2, unused, 48, 8);
DXG_MEMBER(d3dddi_allocationinfo2, reserved, 56, 40);

DXG_SIZE(d3dkmt_createallocationflags, 4);
DXG_MEMBER(d3dkmt_createallocationflags, value, 0, 4);

DXG_ARGUMENT(d3dkmt_createallocation, 72, LX_DXCREATEALLOCATION);
DXG_MEMBER(d3dkmt_createallocation, device, 0, 4);
DXG_MEMBER(d3dkmt_createallocation, resource, 4, 4);
DXG_MEMBER(d3dkmt_createallocation, global_share, 8, 4);
DXG_MEMBER(d3dkmt_createallocation, reserved, 12, 4);
DXG_MEMBER(d3dkmt_createallocation, private_runtime_data, 16, 8);
DXG_MEMBER(d3dkmt_createallocation, private_runtime_data_size, 24, 4);
DXG_MEMBER(d3dkmt_createallocation, reserved1, 28, 4);
DXG_MEMBER(d3dkmt_createallocation, standard_allocation, 32, 8);
DXG_MEMBER(d3dkmt_createallocation, priv_drv_data, 32, 8);
DXG_MEMBER(d3dkmt_createallocation, priv_drv_data_size, 40, 4);
DXG_MEMBER(d3dkmt_createallocation, alloc_count, 44, 4);
DXG_MEMBER(d3dkmt_createallocation, allocation_info, 48, 8);
DXG_MEMBER(d3dkmt_createallocation, flags, 56, 4);
DXG_MEMBER(d3dkmt_createallocation, reserved2, 60, 4);
DXG_MEMBER(d3dkmt_createallocation, private_runtime_resource_handle, 64, 8);

DXG_SIZE(d3dddicb_destroyallocation2flags, 4);
DXG_MEMBER(d3dddicb_destroyallocation2flags, value, 0, 4);

DXG_ARGUMENT(d3dkmt_destroyallocation2, 24, LX_DXDESTROYALLOCATION2);
DXG_MEMBER(d3dkmt_destroyallocation2, device, 0, 4);
DXG_MEMBER(d3dkmt_destroyallocation2, resource, 4, 4);
DXG_MEMBER(d3dkmt_destroyallocation2, allocations, 8, 8);
DXG_MEMBER(d3dkmt_destroyallocation2, alloc_count, 16, 4);
DXG_MEMBER(d3dkmt_destroyallocation2, flags, 20, 4);

DXG_SIZE(d3dddi_makeresident_flags, 4);
DXG_MEMBER(d3dddi_makeresident_flags, value, 0, 4);

DXG_ARGUMENT(d3dddi_makeresident, 48, LX_DXMAKERESIDENT);
DXG_MEMBER(d3dddi_makeresident, paging_queue, 0, 4);
DXG_MEMBER(d3dddi_makeresident, alloc_count, 4, 4);
DXG_MEMBER(d3dddi_makeresident, allocation_list, 8, 8);
DXG_MEMBER(d3dddi_makeresident, priority_list, 16, 8);
DXG_MEMBER(d3dddi_makeresident, flags, 24, 4);
DXG_MEMBER(d3dddi_makeresident, paging_fence_value, 32, 8);
DXG_MEMBER(d3dddi_makeresident, num_bytes_to_trim, 40, 8);

DXG_SIZE(d3dddi_evict_flags, 4);
DXG_MEMBER(d3dddi_evict_flags, value, 0, 4);

DXG_ARGUMENT(d3dkmt_evict, 32, LX_DXEVICT);
DXG_MEMBER(d3dkmt_evict, device, 0, 4);
DXG_MEMBER(d3dkmt_evict, alloc_count, 4, 4);
DXG_MEMBER(d3dkmt_evict, allocations, 8, 8);
DXG_MEMBER(d3dkmt_evict, flags, 16, 4);
DXG_MEMBER(d3dkmt_evict, reserved, 20, 4);
DXG_MEMBER(d3dkmt_evict, num_bytes_to_trim, 24, 8);

DXG_ARGUMENT(d3dkmt_queryallocationresidency, 32, LX_DXQUERYALLOCATIONRESIDENCY);
DXG_MEMBER(d3dkmt_queryallocationresidency, device, 0, 4);
DXG_MEMBER(d3dkmt_queryallocationresidency, resource, 4, 4);
DXG_MEMBER(d3dkmt_queryallocationresidency, allocations, 8, 8);
DXG_MEMBER(d3dkmt_queryallocationresidency, allocation_count, 16, 4);
DXG_MEMBER(d3dkmt_queryallocationresidency, reserved, 20, 4);
DXG_MEMBER(d3dkmt_queryallocationresidency, residency_status, 24, 8);

DXG_SIZE(d3dddicb_lock2flags, 4);
DXG_MEMBER(d3dddicb_lock2flags, value, 0, 4);

DXG_ARGUMENT(d3dkmt_lock2, 24, LX_DXLOCK2);
DXG_MEMBER(d3dkmt_lock2, device, 0, 4);
DXG_MEMBER(d3dkmt_lock2, allocation, 4, 4);
DXG_MEMBER(d3dkmt_lock2, flags, 8, 4);
DXG_MEMBER(d3dkmt_lock2, reserved, 12, 4);
DXG_MEMBER(d3dkmt_lock2, data, 16, 8);

DXG_ARGUMENT(d3dkmt_unlock2, 8, LX_DXUNLOCK2);
DXG_MEMBER(d3dkmt_unlock2, device, 0, 4);
DXG_MEMBER(d3dkmt_unlock2, allocation, 4, 4);

DXG_ARGUMENT(d3dkmt_invalidatecache, 24, LX_DXINVALIDATECACHE);
DXG_MEMBER(d3dkmt_invalidatecache, device, 0, 4);
DXG_MEMBER(d3dkmt_invalidatecache, allocation, 4, 4);
DXG_MEMBER(d3dkmt_invalidatecache, offset, 8, 8);
DXG_MEMBER(d3dkmt_invalidatecache, length, 16, 8);

DXG_ARGUMENT(d3dkmt_setallocationpriority, 32, LX_DXSETALLOCATIONPRIORITY);
DXG_MEMBER(d3dkmt_setallocationpriority, device, 0, 4);
DXG_MEMBER(d3dkmt_setallocationpriority, resource, 4, 4);
DXG_MEMBER(d3dkmt_setallocationpriority, allocation_list, 8, 8);
DXG_MEMBER(d3dkmt_setallocationpriority, allocation_count, 16, 4);
DXG_MEMBER(d3dkmt_setallocationpriority, reserved, 20, 4);
DXG_MEMBER(d3dkmt_setallocationpriority, priorities, 24, 8);

DXG_ARGUMENT(d3dkmt_getallocationpriority, 32, LX_DXGETALLOCATIONPRIORITY);
DXG_MEMBER(d3dkmt_getallocationpriority, device, 0, 4);
DXG_MEMBER(d3dkmt_getallocationpriority, resource, 4, 4);
DXG_MEMBER(d3dkmt_getallocationpriority, allocation_list, 8, 8);
DXG_MEMBER(d3dkmt_getallocationpriority, allocation_count, 16, 4);
DXG_MEMBER(d3dkmt_getallocationpriority, reserved, 20, 4);
DXG_MEMBER(d3dkmt_getallocationpriority, priorities, 24, 8);

DXG_SIZE(d3dkmt_offer_flags, 4);
DXG_MEMBER(d3dkmt_offer_flags, value, 0, 4);

DXG_ARGUMENT(d3dkmt_offerallocations, 40, LX_DXOFFERALLOCATIONS);
DXG_MEMBER(d3dkmt_offerallocations, device, 0, 4);
DXG_MEMBER(d3dkmt_offerallocations, reserved, 4, 4);
DXG_MEMBER(d3dkmt_offerallocations, resources, 8, 8);
DXG_MEMBER(d3dkmt_offerallocations, allocations, 16, 8);
DXG_MEMBER(d3dkmt_offerallocations, allocation_count, 24, 4);
DXG_MEMBER(d3dkmt_offerallocations, priority, 28, 4);
DXG_MEMBER(d3dkmt_offerallocations, flags, 32, 4);
DXG_MEMBER(d3dkmt_offerallocations, reserved1, 36, 4);

DXG_ARGUMENT(d3dkmt_reclaimallocations2, 40, LX_DXRECLAIMALLOCATIONS2);
DXG_MEMBER(d3dkmt_reclaimallocations2, paging_queue, 0, 4);
DXG_MEMBER(d3dkmt_reclaimallocations2, allocation_count, 4, 4);
DXG_MEMBER(d3dkmt_reclaimallocations2, resources, 8, 8);
DXG_MEMBER(d3dkmt_reclaimallocations2, allocations, 16, 8);
DXG_MEMBER(d3dkmt_reclaimallocations2, discarded, 24, 8);
DXG_MEMBER(d3dkmt_reclaimallocations2, results, 24, 8);
DXG_MEMBER(d3dkmt_reclaimallocations2, paging_fence_value, 32, 8);

DXG_SIZE(d3dddi_updateallocproperty_flags, 4);
DXG_MEMBER(d3dddi_updateallocproperty_flags, value, 0, 4);

DXG_SIZE(d3dddi_segmentpreference, 4);
DXG_MEMBER(d3dddi_segmentpreference, value, 0, 4);

DXG_ARGUMENT(d3dddi_updateallocproperty, 40, LX_DXUPDATEALLOCPROPERTY);
DXG_MEMBER(d3dddi_updateallocproperty, paging_queue, 0, 4);
DXG_MEMBER(d3dddi_updateallocproperty, allocation, 4, 4);
DXG_MEMBER(d3dddi_updateallocproperty, supported_segment_set, 8, 4);
DXG_MEMBER(d3dddi_updateallocproperty, preferred_segment, 12, 4);
DXG_MEMBER(d3dddi_updateallocproperty, flags, 16, 4);
DXG_MEMBER(d3dddi_updateallocproperty, paging_fence_value, 24, 8);
DXG_MEMBER(d3dddi_updateallocproperty, property_mask_value, 32, 4);

DXG_ARGUMENT(d3dddi_reservegpuvirtualaddress, 72, LX_DXRESERVEGPUVIRTUALADDRESS);
DXG_MEMBER(d3dddi_reservegpuvirtualaddress, adapter, 0, 4);
DXG_MEMBER(d3dddi_reservegpuvirtualaddress, base_address, 8, 8);
DXG_MEMBER(d3dddi_reservegpuvirtualaddress, minimum_address, 16, 8);
DXG_MEMBER(d3dddi_reservegpuvirtualaddress, maximum_address, 24, 8);
DXG_MEMBER(d3dddi_reservegpuvirtualaddress, size, 32, 8);
DXG_MEMBER(d3dddi_reservegpuvirtualaddress, reservation_type, 40, 4);
DXG_MEMBER(d3dddi_reservegpuvirtualaddress, driver_protection, 48, 8);
DXG_MEMBER(d3dddi_reservegpuvirtualaddress, virtual_address, 56, 8);
DXG_MEMBER(d3dddi_reservegpuvirtualaddress, paging_fence_value, 64, 8);

DXG_ARGUMENT(d3dkmt_freegpuvirtualaddress, 24, LX_DXFREEGPUVIRTUALADDRESS);
DXG_MEMBER(d3dkmt_freegpuvirtualaddress, adapter, 0, 4);
DXG_MEMBER(d3dkmt_freegpuvirtualaddress, reserved, 4, 4);
DXG_MEMBER(d3dkmt_freegpuvirtualaddress, base_address, 8, 8);
DXG_MEMBER(d3dkmt_freegpuvirtualaddress, size, 16, 8);

DXG_SIZE(d3dddigpuva_protection_type, 8);
DXG_MEMBER(d3dddigpuva_protection_type, value, 0, 8);

DXG_ARGUMENT(d3dddi_mapgpuvirtualaddress, 104, LX_DXMAPGPUVIRTUALADDRESS);
DXG_MEMBER(d3dddi_mapgpuvirtualaddress, paging_queue, 0, 4);
DXG_MEMBER(d3dddi_mapgpuvirtualaddress, base_address, 8, 8);
DXG_MEMBER(d3dddi_mapgpuvirtualaddress, minimum_address, 16, 8);
DXG_MEMBER(d3dddi_mapgpuvirtualaddress, maximum_address, 24, 8);
DXG_MEMBER(d3dddi_mapgpuvirtualaddress, allocation, 32, 4);
DXG_MEMBER(d3dddi_mapgpuvirtualaddress, offset_in_pages, 40, 8);
DXG_MEMBER(d3dddi_mapgpuvirtualaddress, size_in_pages, 48, 8);
DXG_MEMBER(d3dddi_mapgpuvirtualaddress, protection, 56, 8);
DXG_MEMBER(d3dddi_mapgpuvirtualaddress, driver_protection, 64, 8);
DXG_MEMBER(d3dddi_mapgpuvirtualaddress, reserved0, 72, 4);
DXG_MEMBER(d3dddi_mapgpuvirtualaddress, reserved1, 80, 8);
DXG_MEMBER(d3dddi_mapgpuvirtualaddress, virtual_address, 88, 8);
DXG_MEMBER(d3dddi_mapgpuvirtualaddress, paging_fence_value, 96, 8);

DXG_SIZE(d3dddi_updategpuvirtualaddress_operation, 64);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, operation, 0, 4);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, map, 8, 40);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, map.base_address, 8, 8);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, map_protect, 8, 56);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, map_protect.base_address, 8, 8);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, unmap, 8, 24);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, unmap.base_address, 8, 8);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, copy, 8, 24);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, copy.source_address, 8, 8);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, map.size, 16, 8);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, map_protect.size, 16, 8);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, unmap.size, 16, 8);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, copy.size, 16, 8);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, map.allocation, 24, 4);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, map_protect.allocation, 24, 4);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, unmap.protection, 24, 8);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, copy.dest_address, 24, 8);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, map.allocation_offset, 32, 8);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation,
	   map_protect.allocation_offset, 32, 8);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, map.allocation_size, 40, 8);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, map_protect.allocation_size, 40, 8);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation, map_protect.protection, 48, 8);
DXG_MEMBER(d3dddi_updategpuvirtualaddress_operation,
	   map_protect.driver_protection, 56, 8);

DXG_ARGUMENT(d3dkmt_updategpuvirtualaddress, 56, LX_DXUPDATEGPUVIRTUALADDRESS);
DXG_MEMBER(d3dkmt_updategpuvirtualaddress, device, 0, 4);
DXG_MEMBER(d3dkmt_updategpuvirtualaddress, context, 4, 4);
DXG_MEMBER(d3dkmt_updategpuvirtualaddress, fence_object, 8, 4);
DXG_MEMBER(d3dkmt_updategpuvirtualaddress, num_operations, 12, 4);
DXG_MEMBER(d3dkmt_updategpuvirtualaddress, operations, 16, 8);
DXG_MEMBER(d3dkmt_updategpuvirtualaddress, reserved0, 24, 4);
DXG_MEMBER(d3dkmt_updategpuvirtualaddress, reserved1, 28, 4);
DXG_MEMBER(d3dkmt_updategpuvirtualaddress, reserved2, 32, 8);
DXG_MEMBER(d3dkmt_updategpuvirtualaddress, fence_value, 40, 8);
DXG_MEMBER(d3dkmt_updategpuvirtualaddress, flags, 48, 4);
DXG_MEMBER(d3dkmt_updategpuvirtualaddress, flags.value, 48, 4);
DXG_MEMBER(d3dkmt_updategpuvirtualaddress, reserved3, 52, 4);

DXG_SIZE(d3dddi_synchronizationobject_flags, 4);
DXG_MEMBER(d3dddi_synchronizationobject_flags, value, 0, 4);

DXG_SIZE(d3dddi_synchronizationobjectinfo2, 80);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, type, 0, 4);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, flags, 4, 4);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, synchronization_mutex, 8, 4);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, synchronization_mutex.initial_state, 8, 4);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, semaphore, 8, 8);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, semaphore.max_count, 8, 4);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, fence, 8, 8);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, fence.fence_value, 8, 8);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, cpu_notification, 8, 8);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, cpu_notification.event, 8, 8);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, monitored_fence, 8, 32);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, monitored_fence.initial_fence_value, 8, 8);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, periodic_monitored_fence, 8, 40);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, periodic_monitored_fence.adapter, 8, 4);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, reserved, 8, 64);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, reserved.reserved, 8, 64);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, semaphore.initial_count, 12, 4);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2,
	   periodic_monitored_fence.vidpn_target_id, 12, 4);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2,
	   monitored_fence.fence_cpu_virtual_address, 16, 8);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, periodic_monitored_fence.time, 16, 8);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2,
	   monitored_fence.fence_gpu_virtual_address, 24, 8);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2,
	   periodic_monitored_fence.fence_cpu_virtual_address, 24, 8);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, monitored_fence.engine_affinity, 32, 4);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2,
	   periodic_monitored_fence.fence_gpu_virtual_address, 32, 8);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2,
	   periodic_monitored_fence.engine_affinity, 40, 4);
DXG_MEMBER(d3dddi_synchronizationobjectinfo2, shared_handle, 72, 4);

DXG_ARGUMENT(d3dkmt_createsynchronizationobject2, 96, LX_DXCREATESYNCHRONIZATIONOBJECT);
DXG_MEMBER(d3dkmt_createsynchronizationobject2, device, 0, 4);
DXG_MEMBER(d3dkmt_createsynchronizationobject2, reserved, 4, 4);
DXG_MEMBER(d3dkmt_createsynchronizationobject2, info, 8, 80);
DXG_MEMBER(d3dkmt_createsynchronizationobject2, info.type, 8, 4);
DXG_MEMBER(d3dkmt_createsynchronizationobject2, info.flags, 12, 4);
DXG_MEMBER(d3dkmt_createsynchronizationobject2,
	   info.monitored_fence.initial_fence_value, 16, 8);
DXG_MEMBER(d3dkmt_createsynchronizationobject2,
	   info.monitored_fence.fence_cpu_virtual_address, 24, 8);
DXG_MEMBER(d3dkmt_createsynchronizationobject2,
	   info.monitored_fence.fence_gpu_virtual_address, 32, 8);
DXG_MEMBER(d3dkmt_createsynchronizationobject2,
	   info.monitored_fence.engine_affinity, 40, 4);
DXG_MEMBER(d3dkmt_createsynchronizationobject2, info.shared_handle, 80, 4);
DXG_MEMBER(d3dkmt_createsynchronizationobject2, sync_object, 88, 4);
DXG_MEMBER(d3dkmt_createsynchronizationobject2, reserved1, 92, 4);

DXG_ARGUMENT(d3dkmt_destroysynchronizationobject, 4, LX_DXDESTROYSYNCHRONIZATIONOBJECT);
DXG_MEMBER(d3dkmt_destroysynchronizationobject, sync_object, 0, 4);

DXG_SIZE(d3dddicb_signalflags, 4);
DXG_MEMBER(d3dddicb_signalflags, value, 0, 4);

DXG_ARGUMENT(d3dkmt_signalsynchronizationobject2, 464, LX_DXSIGNALSYNCHRONIZATIONOBJECT);
DXG_MEMBER(d3dkmt_signalsynchronizationobject2, context, 0, 4);
DXG_MEMBER(d3dkmt_signalsynchronizationobject2, object_count, 4, 4);
DXG_MEMBER(d3dkmt_signalsynchronizationobject2, object_array, 8, 128);
DXG_MEMBER(d3dkmt_signalsynchronizationobject2, flags, 136, 4);
DXG_MEMBER(d3dkmt_signalsynchronizationobject2, context_count, 140, 4);
DXG_MEMBER(d3dkmt_signalsynchronizationobject2, contexts, 144, 256);
DXG_MEMBER(d3dkmt_signalsynchronizationobject2, fence, 400, 8);
DXG_MEMBER(d3dkmt_signalsynchronizationobject2, fence.fence_value, 400, 8);
DXG_MEMBER(d3dkmt_signalsynchronizationobject2, cpu_event_handle, 400, 8);
DXG_MEMBER(d3dkmt_signalsynchronizationobject2, reserved, 400, 64);

DXG_ARGUMENT(d3dkmt_waitforsynchronizationobject2,
	     200, LX_DXWAITFORSYNCHRONIZATIONOBJECT);
DXG_MEMBER(d3dkmt_waitforsynchronizationobject2, context, 0, 4);
DXG_MEMBER(d3dkmt_waitforsynchronizationobject2, object_count, 4, 4);
DXG_MEMBER(d3dkmt_waitforsynchronizationobject2, object_array, 8, 128);
DXG_MEMBER(d3dkmt_waitforsynchronizationobject2, fence, 136, 8);
DXG_MEMBER(d3dkmt_waitforsynchronizationobject2, fence.fence_value, 136, 8);
DXG_MEMBER(d3dkmt_waitforsynchronizationobject2, reserved, 136, 64);

DXG_ARGUMENT(d3dkmt_signalsynchronizationobjectfromcpu,
	     32, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromcpu, device, 0, 4);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromcpu, object_count, 4, 4);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromcpu, objects, 8, 8);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromcpu, fence_values, 16, 8);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromcpu, flags, 24, 4);

DXG_SIZE(d3dddi_waitforsynchronizationobjectfromcpu_flags, 4);
DXG_MEMBER(d3dddi_waitforsynchronizationobjectfromcpu_flags, value, 0, 4);

DXG_ARGUMENT(d3dkmt_waitforsynchronizationobjectfromcpu,
	     40, LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU);
DXG_MEMBER(d3dkmt_waitforsynchronizationobjectfromcpu, device, 0, 4);
DXG_MEMBER(d3dkmt_waitforsynchronizationobjectfromcpu, object_count, 4, 4);
DXG_MEMBER(d3dkmt_waitforsynchronizationobjectfromcpu, objects, 8, 8);
DXG_MEMBER(d3dkmt_waitforsynchronizationobjectfromcpu, fence_values, 16, 8);
DXG_MEMBER(d3dkmt_waitforsynchronizationobjectfromcpu, async_event, 24, 8);
DXG_MEMBER(d3dkmt_waitforsynchronizationobjectfromcpu, flags, 32, 4);

DXG_ARGUMENT(d3dkmt_signalsynchronizationobjectfromgpu,
	     80, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromgpu, context, 0, 4);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromgpu, object_count, 4, 4);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromgpu, objects, 8, 8);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromgpu, monitored_fence_values, 16, 8);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromgpu, reserved, 16, 64);

DXG_ARGUMENT(d3dkmt_signalsynchronizationobjectfromgpu2,
	     96, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromgpu2, object_count, 0, 4);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromgpu2, reserved1, 4, 4);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromgpu2, objects, 8, 8);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromgpu2, flags, 16, 4);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromgpu2, context_count, 20, 4);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromgpu2, contexts, 24, 8);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromgpu2, fence_value, 32, 8);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromgpu2, cpu_event_handle, 32, 8);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromgpu2, monitored_fence_values, 32, 8);
DXG_MEMBER(d3dkmt_signalsynchronizationobjectfromgpu2, reserved, 32, 64);

DXG_ARGUMENT(d3dkmt_waitforsynchronizationobjectfromgpu,
	     80, LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU);
DXG_MEMBER(d3dkmt_waitforsynchronizationobjectfromgpu, context, 0, 4);
DXG_MEMBER(d3dkmt_waitforsynchronizationobjectfromgpu, object_count, 4, 4);
DXG_MEMBER(d3dkmt_waitforsynchronizationobjectfromgpu, objects, 8, 8);
DXG_MEMBER(d3dkmt_waitforsynchronizationobjectfromgpu, monitored_fence_values, 16, 8);
DXG_MEMBER(d3dkmt_waitforsynchronizationobjectfromgpu, fence_value, 16, 8);
DXG_MEMBER(d3dkmt_waitforsynchronizationobjectfromgpu, reserved, 16, 64);

DXG_SIZE(d3dkmt_submitcommandflags, 4);
DXG_MEMBER(d3dkmt_submitcommandflags, value, 0, 4);

DXG_ARGUMENT(d3dkmt_submitcommand, 384, LX_DXSUBMITCOMMAND);
DXG_MEMBER(d3dkmt_submitcommand, command_buffer, 0, 8);
DXG_MEMBER(d3dkmt_submitcommand, command_length, 8, 4);
DXG_MEMBER(d3dkmt_submitcommand, flags, 12, 4);
DXG_MEMBER(d3dkmt_submitcommand, present_history_token, 16, 8);
DXG_MEMBER(d3dkmt_submitcommand, broadcast_context_count, 24, 4);
DXG_MEMBER(d3dkmt_submitcommand, broadcast_context, 28, 256);
DXG_MEMBER(d3dkmt_submitcommand, reserved, 284, 4);
DXG_MEMBER(d3dkmt_submitcommand, priv_drv_data, 288, 8);
DXG_MEMBER(d3dkmt_submitcommand, priv_drv_data_size, 296, 4);
DXG_MEMBER(d3dkmt_submitcommand, num_primaries, 300, 4);
DXG_MEMBER(d3dkmt_submitcommand, written_primaries, 304, 64);
DXG_MEMBER(d3dkmt_submitcommand, num_history_buffers, 368, 4);
DXG_MEMBER(d3dkmt_submitcommand, reserved1, 372, 4);
DXG_MEMBER(d3dkmt_submitcommand, history_buffer_array, 376, 8);

DXG_ARGUMENT(d3dkmt_submitcommandtohwqueue, 56, LX_DXSUBMITCOMMANDTOHWQUEUE);
DXG_MEMBER(d3dkmt_submitcommandtohwqueue, hwqueue, 0, 4);
DXG_MEMBER(d3dkmt_submitcommandtohwqueue, reserved, 4, 4);
DXG_MEMBER(d3dkmt_submitcommandtohwqueue, hwqueue_progress_fence_id, 8, 8);
DXG_MEMBER(d3dkmt_submitcommandtohwqueue, command_buffer, 16, 8);
DXG_MEMBER(d3dkmt_submitcommandtohwqueue, command_length, 24, 4);
DXG_MEMBER(d3dkmt_submitcommandtohwqueue, priv_drv_data_size, 28, 4);
DXG_MEMBER(d3dkmt_submitcommandtohwqueue, priv_drv_data, 32, 8);
DXG_MEMBER(d3dkmt_submitcommandtohwqueue, num_primaries, 40, 4);
DXG_MEMBER(d3dkmt_submitcommandtohwqueue, reserved1, 44, 4);
DXG_MEMBER(d3dkmt_submitcommandtohwqueue, written_primaries, 48, 8);

DXG_ARGUMENT(d3dkmt_submitsignalsyncobjectstohwqueue,
	     40, LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE);
DXG_MEMBER(d3dkmt_submitsignalsyncobjectstohwqueue, flags, 0, 4);
DXG_MEMBER(d3dkmt_submitsignalsyncobjectstohwqueue, hwqueue_count, 4, 4);
DXG_MEMBER(d3dkmt_submitsignalsyncobjectstohwqueue, hwqueues, 8, 8);
DXG_MEMBER(d3dkmt_submitsignalsyncobjectstohwqueue, object_count, 16, 4);
DXG_MEMBER(d3dkmt_submitsignalsyncobjectstohwqueue, reserved, 20, 4);
DXG_MEMBER(d3dkmt_submitsignalsyncobjectstohwqueue, objects, 24, 8);
DXG_MEMBER(d3dkmt_submitsignalsyncobjectstohwqueue, fence_values, 32, 8);

DXG_ARGUMENT(d3dkmt_submitwaitforsyncobjectstohwqueue,
	     24, LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE);
DXG_MEMBER(d3dkmt_submitwaitforsyncobjectstohwqueue, hwqueue, 0, 4);
DXG_MEMBER(d3dkmt_submitwaitforsyncobjectstohwqueue, object_count, 4, 4);
DXG_MEMBER(d3dkmt_submitwaitforsyncobjectstohwqueue, objects, 8, 8);
DXG_MEMBER(d3dkmt_submitwaitforsyncobjectstohwqueue, fence_values, 16, 8);

DXG_ARGUMENT(d3dkmt_shareobjects, 40, LX_DXSHAREOBJECTS);
DXG_MEMBER(d3dkmt_shareobjects, object_count, 0, 4);
DXG_MEMBER(d3dkmt_shareobjects, reserved, 4, 4);
DXG_MEMBER(d3dkmt_shareobjects, objects, 8, 8);
DXG_MEMBER(d3dkmt_shareobjects, object_attr, 16, 8);
DXG_MEMBER(d3dkmt_shareobjects, desired_access, 24, 4);
DXG_MEMBER(d3dkmt_shareobjects, reserved1, 28, 4);
DXG_MEMBER(d3dkmt_shareobjects, shared_handle, 32, 8);

DXG_ARGUMENT(d3dkmt_opensyncobjectfromnthandle2, 88, LX_DXOPENSYNCOBJECTFROMNTHANDLE2);
DXG_MEMBER(d3dkmt_opensyncobjectfromnthandle2, nt_handle, 0, 8);
DXG_MEMBER(d3dkmt_opensyncobjectfromnthandle2, device, 8, 4);
DXG_MEMBER(d3dkmt_opensyncobjectfromnthandle2, flags, 12, 4);
DXG_MEMBER(d3dkmt_opensyncobjectfromnthandle2, sync_object, 16, 4);
DXG_MEMBER(d3dkmt_opensyncobjectfromnthandle2, reserved1, 20, 4);
DXG_MEMBER(d3dkmt_opensyncobjectfromnthandle2, monitored_fence, 24, 24);
DXG_MEMBER(d3dkmt_opensyncobjectfromnthandle2, monitored_fence.fence_value_cpu_va, 24, 8);
DXG_MEMBER(d3dkmt_opensyncobjectfromnthandle2, reserved, 24, 64);
DXG_MEMBER(d3dkmt_opensyncobjectfromnthandle2, monitored_fence.fence_value_gpu_va, 32, 8);
DXG_MEMBER(d3dkmt_opensyncobjectfromnthandle2, monitored_fence.engine_affinity, 40, 4);

DXG_ARGUMENT(d3dkmt_queryresourceinfofromnthandle,
	     40, LX_DXQUERYRESOURCEINFOFROMNTHANDLE);
DXG_MEMBER(d3dkmt_queryresourceinfofromnthandle, device, 0, 4);
DXG_MEMBER(d3dkmt_queryresourceinfofromnthandle, reserved, 4, 4);
DXG_MEMBER(d3dkmt_queryresourceinfofromnthandle, nt_handle, 8, 8);
DXG_MEMBER(d3dkmt_queryresourceinfofromnthandle, private_runtime_data, 16, 8);
DXG_MEMBER(d3dkmt_queryresourceinfofromnthandle, private_runtime_data_size, 24, 4);
DXG_MEMBER(d3dkmt_queryresourceinfofromnthandle, total_priv_drv_data_size, 28, 4);
DXG_MEMBER(d3dkmt_queryresourceinfofromnthandle, resource_priv_drv_data_size, 32, 4);
DXG_MEMBER(d3dkmt_queryresourceinfofromnthandle, allocation_count, 36, 4);

DXG_SIZE(d3dddi_openallocationinfo2, 80);
DXG_MEMBER(d3dddi_openallocationinfo2, allocation, 0, 4);
DXG_MEMBER(d3dddi_openallocationinfo2, priv_drv_data, 8, 8);
DXG_MEMBER(d3dddi_openallocationinfo2, priv_drv_data_size, 16, 4);
DXG_MEMBER(d3dddi_openallocationinfo2, gpu_va, 24, 8);
DXG_MEMBER(d3dddi_openallocationinfo2, reserved, 32, 48);

DXG_ARGUMENT(d3dkmt_openresourcefromnthandle, 104, LX_DXOPENRESOURCEFROMNTHANDLE);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, device, 0, 4);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, reserved, 4, 4);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, nt_handle, 8, 8);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, allocation_count, 16, 4);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, reserved1, 20, 4);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, open_alloc_info, 24, 8);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, private_runtime_data_size, 32, 4);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, reserved2, 36, 4);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, private_runtime_data, 40, 8);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, resource_priv_drv_data_size, 48, 4);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, reserved3, 52, 4);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, resource_priv_drv_data, 56, 8);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, total_priv_drv_data_size, 64, 4);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, total_priv_drv_data, 72, 8);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, resource, 80, 4);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, keyed_mutex, 84, 4);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, keyed_mutex_private_data, 88, 8);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, keyed_mutex_private_data_size, 96, 4);
DXG_MEMBER(d3dkmt_openresourcefromnthandle, sync_object, 100, 4);

DXG_ARGUMENT(d3dkmt_shareobjectwithhost, 24, LX_DXSHAREOBJECTWITHHOST);
DXG_MEMBER(d3dkmt_shareobjectwithhost, device_handle, 0, 4);
DXG_MEMBER(d3dkmt_shareobjectwithhost, object_handle, 4, 4);
DXG_MEMBER(d3dkmt_shareobjectwithhost, reserved, 8, 8);
DXG_MEMBER(d3dkmt_shareobjectwithhost, object_vail_nt_handle, 16, 8);

DXG_ARGUMENT(d3dkmt_createsyncfile, 24, LX_DXCREATESYNCFILE);
DXG_MEMBER(d3dkmt_createsyncfile, device, 0, 4);
DXG_MEMBER(d3dkmt_createsyncfile, monitored_fence, 4, 4);
DXG_MEMBER(d3dkmt_createsyncfile, fence_value, 8, 8);
DXG_MEMBER(d3dkmt_createsyncfile, sync_file_handle, 16, 8);

DXG_ARGUMENT(d3dkmt_waitsyncfile, 16, LX_DXWAITSYNCFILE);
DXG_MEMBER(d3dkmt_waitsyncfile, sync_file_handle, 0, 8);
DXG_MEMBER(d3dkmt_waitsyncfile, context, 8, 4);
DXG_MEMBER(d3dkmt_waitsyncfile, reserved, 12, 4);

DXG_ARGUMENT(d3dkmt_opensyncobjectfromsyncfile, 40, LX_DXOPENSYNCOBJECTFROMSYNCFILE);
DXG_MEMBER(d3dkmt_opensyncobjectfromsyncfile, sync_file_handle, 0, 8);
DXG_MEMBER(d3dkmt_opensyncobjectfromsyncfile, device, 8, 4);
DXG_MEMBER(d3dkmt_opensyncobjectfromsyncfile, syncobj, 12, 4);
DXG_MEMBER(d3dkmt_opensyncobjectfromsyncfile, fence_value, 16, 8);
DXG_MEMBER(d3dkmt_opensyncobjectfromsyncfile, fence_value_cpu_va, 24, 8);
DXG_MEMBER(d3dkmt_opensyncobjectfromsyncfile, fence_value_gpu_va, 32, 8);

DXG_SIZE(d3dkmt_umdfilenameinfo, 524);
DXG_MEMBER(d3dkmt_umdfilenameinfo, version, 0, 4);
DXG_MEMBER(d3dkmt_umdfilenameinfo, umd_file_name, 4, 520);

DXG_SIZE(d3dkmt_openglinfo, 528);
DXG_MEMBER(d3dkmt_openglinfo, umd_opengl_icd_file_name, 0, 520);
DXG_MEMBER(d3dkmt_openglinfo, version, 520, 4);
DXG_MEMBER(d3dkmt_openglinfo, flags, 524, 4);

DXG_SIZE(d3dkmt_segmentsizeinfo, 24);
DXG_MEMBER(d3dkmt_segmentsizeinfo, dedicated_video_memory_size, 0, 8);
DXG_MEMBER(d3dkmt_segmentsizeinfo, dedicated_system_memory_size, 8, 8);
DXG_MEMBER(d3dkmt_segmentsizeinfo, shared_system_memory_size, 16, 8);

DXG_SIZE(d3dkmt_adapteraddress, 12);
DXG_MEMBER(d3dkmt_adapteraddress, bus_number, 0, 4);
DXG_MEMBER(d3dkmt_adapteraddress, device_number, 4, 4);
DXG_MEMBER(d3dkmt_adapteraddress, function_number, 8, 4);

DXG_SIZE(d3dkmt_adapterregistryinfo, 2080);
DXG_MEMBER(d3dkmt_adapterregistryinfo, adapter_string, 0, 520);
DXG_MEMBER(d3dkmt_adapterregistryinfo, bios_string, 520, 520);
DXG_MEMBER(d3dkmt_adapterregistryinfo, dac_type, 1040, 520);
DXG_MEMBER(d3dkmt_adapterregistryinfo, chip_type, 1560, 520);

DXG_SIZE(d3dkmt_driverversion, 4);
DXG_MEMBER(d3dkmt_driverversion, version, 0, 4);

DXG_SIZE(d3dkmt_adaptertype, 4);
DXG_MEMBER(d3dkmt_adaptertype, value, 0, 4);

DXG_SIZE(d3dkmt_wddm_1_2_caps, 12);
DXG_MEMBER(d3dkmt_wddm_1_2_caps, graphics_preemption_granularity, 0, 4);
DXG_MEMBER(d3dkmt_wddm_1_2_caps, compute_preemption_granularity, 4, 4);
DXG_MEMBER(d3dkmt_wddm_1_2_caps, value, 8, 4);

DXG_SIZE(d3dkmt_driver_version_number, 8);
DXG_MEMBER(d3dkmt_driver_version_number, driver_version, 0, 8);

DXG_SIZE(d3dkmt_wddm_1_3_caps, 4);
DXG_MEMBER(d3dkmt_wddm_1_3_caps, value, 0, 4);

DXG_SIZE(d3dkmt_wddm_2_0_caps, 4);
DXG_MEMBER(d3dkmt_wddm_2_0_caps, value, 0, 4);

DXG_SIZE(d3dkmt_nodemetadata, 78);
DXG_MEMBER(d3dkmt_nodemetadata, node_ordinal_and_adapter_index, 0, 4);
DXG_MEMBER(d3dkmt_nodemetadata, engine_type, 4, 4);
DXG_MEMBER(d3dkmt_nodemetadata, friendly_name, 8, 64);
DXG_MEMBER(d3dkmt_nodemetadata, flags, 72, 4);
DXG_MEMBER(d3dkmt_nodemetadata, flags.value, 72, 4);
DXG_MEMBER(d3dkmt_nodemetadata, gpu_mmu_supported, 76, 1);
DXG_MEMBER(d3dkmt_nodemetadata, io_mmu_supported, 77, 1);

DXG_SIZE(d3dkmt_physical_adapter_count, 4);
DXG_MEMBER(d3dkmt_physical_adapter_count, count, 0, 4);

DXG_SIZE(d3dkmt_query_device_ids, 28);
DXG_MEMBER(d3dkmt_query_device_ids, physical_adapter_index, 0, 4);
DXG_MEMBER(d3dkmt_query_device_ids, vendor_id, 4, 4);
DXG_MEMBER(d3dkmt_query_device_ids, device_id, 8, 4);
DXG_MEMBER(d3dkmt_query_device_ids, sub_vendor_id, 12, 4);
DXG_MEMBER(d3dkmt_query_device_ids, sub_system_id, 16, 4);
DXG_MEMBER(d3dkmt_query_device_ids, revision_id, 20, 4);
DXG_MEMBER(d3dkmt_query_device_ids, bus_type, 24, 4);

DXG_SIZE(d3dkmt_query_gpummu_caps, 12);
DXG_MEMBER(d3dkmt_query_gpummu_caps, physical_adapter_index, 0, 4);
DXG_MEMBER(d3dkmt_query_gpummu_caps, flags, 4, 4);
DXG_MEMBER(d3dkmt_query_gpummu_caps, flags.value, 4, 4);
DXG_MEMBER(d3dkmt_query_gpummu_caps, virtual_address_bit_count, 8, 4);

DXG_SIZE(d3dkmt_segmentgroupsizeinfo, 56);
DXG_MEMBER(d3dkmt_segmentgroupsizeinfo, physical_adapter_index, 0, 4);
DXG_MEMBER(d3dkmt_segmentgroupsizeinfo, legacy_info, 8, 24);
DXG_MEMBER(d3dkmt_segmentgroupsizeinfo, local_memory, 32, 8);
DXG_MEMBER(d3dkmt_segmentgroupsizeinfo, non_local_memory, 40, 8);
DXG_MEMBER(d3dkmt_segmentgroupsizeinfo, non_budget_memory, 48, 8);

DXG_SIZE(d3dddi_queryregistry_info, 552);
DXG_MEMBER(d3dddi_queryregistry_info, query_type, 0, 4);
DXG_MEMBER(d3dddi_queryregistry_info, query_flags, 4, 4);
DXG_MEMBER(d3dddi_queryregistry_info, value_name, 8, 520);
DXG_MEMBER(d3dddi_queryregistry_info, value_type, 528, 4);
DXG_MEMBER(d3dddi_queryregistry_info, physical_adapter_index, 532, 4);
DXG_MEMBER(d3dddi_queryregistry_info, output_value_size, 536, 4);
DXG_MEMBER(d3dddi_queryregistry_info, status, 540, 4);
DXG_MEMBER(d3dddi_queryregistry_info, output, 544, 8);

DXG_SIZE(d3dkmt_query_adapter_unique_guid, 80);
DXG_MEMBER(d3dkmt_query_adapter_unique_guid, adapter_unique_guid, 0, 80);

DXG_SIZE(d3dkmt_node_perfdata, 56);
DXG_MEMBER(d3dkmt_node_perfdata, node_ordinal, 0, 4);
DXG_MEMBER(d3dkmt_node_perfdata, physical_adapter_index, 4, 4);
DXG_MEMBER(d3dkmt_node_perfdata, frequency, 8, 8);
DXG_MEMBER(d3dkmt_node_perfdata, max_frequency, 16, 8);
DXG_MEMBER(d3dkmt_node_perfdata, max_frequency_oc, 24, 8);
DXG_MEMBER(d3dkmt_node_perfdata, voltage, 32, 4);
DXG_MEMBER(d3dkmt_node_perfdata, voltage_max, 36, 4);
DXG_MEMBER(d3dkmt_node_perfdata, voltage_max_oc, 40, 4);
DXG_MEMBER(d3dkmt_node_perfdata, max_transition_latency, 48, 8);

DXG_SIZE(d3dkmt_adapter_perfdata, 64);
DXG_MEMBER(d3dkmt_adapter_perfdata, physical_adapter_index, 0, 4);
DXG_MEMBER(d3dkmt_adapter_perfdata, memory_frequency, 8, 8);
DXG_MEMBER(d3dkmt_adapter_perfdata, max_memory_frequency, 16, 8);
DXG_MEMBER(d3dkmt_adapter_perfdata, max_memory_frequency_oc, 24, 8);
DXG_MEMBER(d3dkmt_adapter_perfdata, memory_bandwidth, 32, 8);
DXG_MEMBER(d3dkmt_adapter_perfdata, pcie_bandwidth, 40, 8);
DXG_MEMBER(d3dkmt_adapter_perfdata, fan_rpm, 48, 4);
DXG_MEMBER(d3dkmt_adapter_perfdata, power, 52, 4);
DXG_MEMBER(d3dkmt_adapter_perfdata, temperature, 56, 4);
DXG_MEMBER(d3dkmt_adapter_perfdata, power_state_override, 60, 1);

DXG_SIZE(d3dkmt_adapter_perfdatacaps, 40);
DXG_MEMBER(d3dkmt_adapter_perfdatacaps, physical_adapter_index, 0, 4);
DXG_MEMBER(d3dkmt_adapter_perfdatacaps, max_memory_bandwidth, 8, 8);
DXG_MEMBER(d3dkmt_adapter_perfdatacaps, max_pcie_bandwidth, 16, 8);
DXG_MEMBER(d3dkmt_adapter_perfdatacaps, max_fan_rpm, 24, 4);
DXG_MEMBER(d3dkmt_adapter_perfdatacaps, temperature_max, 28, 4);
DXG_MEMBER(d3dkmt_adapter_perfdatacaps, temperature_warning, 32, 4);

DXG_SIZE(d3dkmt_gpuversion, 132);
DXG_MEMBER(d3dkmt_gpuversion, physical_adapter_index, 0, 4);
DXG_MEMBER(d3dkmt_gpuversion, bios_version, 4, 64);
DXG_MEMBER(d3dkmt_gpuversion, gpu_architecture, 68, 64);

DXG_SIZE(d3dkmt_driver_description, 8192);
DXG_MEMBER(d3dkmt_driver_description, driver_description, 0, 8192);

DXG_SIZE(d3dkmt_paravirtualization, 1);
DXG_MEMBER(d3dkmt_paravirtualization, secure_container, 0, 1);

DXG_SIZE(d3dkmt_wddm_2_7_caps, 4);
DXG_MEMBER(d3dkmt_wddm_2_7_caps, value, 0, 4);

DXG_SIZE(d3dkmt_trackedworkload_support, 12);
DXG_MEMBER(d3dkmt_trackedworkload_support, physical_adapter_index, 0, 4);
DXG_MEMBER(d3dkmt_trackedworkload_support, engine_type, 4, 4);
DXG_MEMBER(d3dkmt_trackedworkload_support, support, 8, 4);

DXG_SIZE(d3dkmt_wddm_2_9_caps, 4);
DXG_MEMBER(d3dkmt_wddm_2_9_caps, value, 0, 4);

DXG_SIZE(d3dkmt_crossadapterresource_support, 4);
DXG_MEMBER(d3dkmt_crossadapterresource_support, support_tier, 0, 4);

DXG_SIZE(d3dkmt_wddm_3_0_caps, 4);
DXG_MEMBER(d3dkmt_wddm_3_0_caps, value, 0, 4);
/* clang-format on */

#undef DXG_ASSERT
#undef DXG_SIZE
#undef DXG_ARGUMENT
#undef DXG_MEMBER
