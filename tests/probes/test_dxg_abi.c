/* The kernel interface against the numbers in the kernel and the names in its log; that
 * the layouts hold is asserted by compiling it. */
#include "probes/dxg_abi.h"

#include <errno.h>

#include "tests/testing.h"

/* The whole number of each call, compared as one by the kernel. */
static const struct {
	uint32_t request;
	uint32_t number;
	size_t size;
	const char *name;
} calls[] = {
	/* clang-format off */
	{ LX_DXOPENADAPTERFROMLUID, 0xc00c4701,
	  sizeof(struct d3dkmt_openadapterfromluid),
	  "open_adapter_from_luid" },
	{ LX_DXCREATEDEVICE, 0xc0404702,
	  sizeof(struct d3dkmt_createdevice),
	  "create_device" },
	{ LX_DXCREATECONTEXTVIRTUAL, 0xc0284704,
	  sizeof(struct d3dkmt_createcontextvirtual),
	  "create_context_virtual" },
	{ LX_DXDESTROYCONTEXT, 0xc0044705,
	  sizeof(struct d3dkmt_destroycontext),
	  "destroy_context" },
	{ LX_DXCREATEALLOCATION, 0xc0484706,
	  sizeof(struct d3dkmt_createallocation),
	  "create_allocation" },
	{ LX_DXCREATEPAGINGQUEUE, 0xc0204707,
	  sizeof(struct d3dkmt_createpagingqueue),
	  "create_paging_queue" },
	{ LX_DXRESERVEGPUVIRTUALADDRESS, 0xc0484708,
	  sizeof(struct d3dddi_reservegpuvirtualaddress),
	  "reserve_gpu_va" },
	{ LX_DXQUERYADAPTERINFO, 0xc0184709,
	  sizeof(struct d3dkmt_queryadapterinfo),
	  "query_adapter_info" },
	{ LX_DXQUERYVIDEOMEMORYINFO, 0xc038470a,
	  sizeof(struct d3dkmt_queryvideomemoryinfo),
	  "query_vidmem_info" },
	{ LX_DXMAKERESIDENT, 0xc030470b,
	  sizeof(struct d3dddi_makeresident),
	  "make_resident" },
	{ LX_DXMAPGPUVIRTUALADDRESS, 0xc068470c,
	  sizeof(struct d3dddi_mapgpuvirtualaddress),
	  "map_gpu_va" },
	{ LX_DXESCAPE, 0xc020470d, sizeof(struct d3dkmt_escape), "escape" },
	{ LX_DXGETDEVICESTATE, 0xc038470e,
	  sizeof(struct d3dkmt_getdevicestate),
	  "get_device_state" },
	{ LX_DXSUBMITCOMMAND, 0xc180470f,
	  sizeof(struct d3dkmt_submitcommand),
	  "submit_command" },
	{ LX_DXCREATESYNCHRONIZATIONOBJECT, 0xc0604710,
	  sizeof(struct d3dkmt_createsynchronizationobject2),
	  "create_sync_object" },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECT, 0xc1d04711,
	  sizeof(struct d3dkmt_signalsynchronizationobject2),
	  "signal_sync_object" },
	{ LX_DXWAITFORSYNCHRONIZATIONOBJECT, 0xc0c84712,
	  sizeof(struct d3dkmt_waitforsynchronizationobject2),
	  "wait_sync_object" },
	{ LX_DXDESTROYALLOCATION2, 0xc0184713,
	  sizeof(struct d3dkmt_destroyallocation2),
	  "destroy_allocation" },
	{ LX_DXENUMADAPTERS2, 0xc0104714,
	  sizeof(struct d3dkmt_enumadapters2),
	  "enum_adapters" },
	{ LX_DXCLOSEADAPTER, 0xc0044715,
	  sizeof(struct d3dkmt_closeadapter),
	  "close_adapter" },
	{ LX_DXCHANGEVIDEOMEMORYRESERVATION, 0xc0204716,
	  sizeof(struct d3dkmt_changevideomemoryreservation),
	  "change_vidmem_reservation" },
	{ LX_DXCREATEHWQUEUE, 0xc0304718,
	  sizeof(struct d3dkmt_createhwqueue),
	  "create_hwqueue" },
	{ LX_DXDESTROYDEVICE, 0xc0044719,
	  sizeof(struct d3dkmt_destroydevice),
	  "destroy_device" },
	{ LX_DXDESTROYHWQUEUE, 0xc004471b,
	  sizeof(struct d3dkmt_destroyhwqueue),
	  "destroy_hwqueue" },
	{ LX_DXDESTROYPAGINGQUEUE, 0xc004471c,
	  sizeof(struct d3dddi_destroypagingqueue),
	  "destroy_paging_queue" },
	{ LX_DXDESTROYSYNCHRONIZATIONOBJECT, 0xc004471d,
	  sizeof(struct d3dkmt_destroysynchronizationobject),
	  "destroy_sync_object" },
	{ LX_DXEVICT, 0xc020471e, sizeof(struct d3dkmt_evict), "evict" },
	{ LX_DXFLUSHHEAPTRANSITIONS, 0xc004471f,
	  sizeof(struct d3dkmt_flushheaptransitions),
	  "flush_heap_transitions" },
	{ LX_DXFREEGPUVIRTUALADDRESS, 0xc0184720,
	  sizeof(struct d3dkmt_freegpuvirtualaddress),
	  "free_gpu_va" },
	{ LX_DXGETCONTEXTINPROCESSSCHEDULINGPRIORITY, 0xc0084721,
	  sizeof(struct d3dkmt_getcontextinprocessschedulingpriority),
	  "get_context_process_scheduling_priority" },
	{ LX_DXGETCONTEXTSCHEDULINGPRIORITY, 0xc0084722,
	  sizeof(struct d3dkmt_getcontextschedulingpriority),
	  "get_context_scheduling_priority" },
	{ LX_DXINVALIDATECACHE, 0xc0184724,
	  sizeof(struct d3dkmt_invalidatecache),
	  "invalidate_cache" },
	{ LX_DXLOCK2, 0xc0184725, sizeof(struct d3dkmt_lock2), "lock2" },
	{ LX_DXMARKDEVICEASERROR, 0xc0084726,
	  sizeof(struct d3dkmt_markdeviceaserror),
	  "mark_device_as_error" },
	{ LX_DXOFFERALLOCATIONS, 0xc0284727,
	  sizeof(struct d3dkmt_offerallocations),
	  "offer_allocations" },
	{ LX_DXQUERYALLOCATIONRESIDENCY, 0xc020472a,
	  sizeof(struct d3dkmt_queryallocationresidency),
	  "query_alloc_residency" },
	{ LX_DXRECLAIMALLOCATIONS2, 0xc028472c,
	  sizeof(struct d3dkmt_reclaimallocations2),
	  "reclaim_allocations" },
	{ LX_DXSETALLOCATIONPRIORITY, 0xc020472e,
	  sizeof(struct d3dkmt_setallocationpriority),
	  "set_allocation_priority" },
	{ LX_DXSETCONTEXTINPROCESSSCHEDULINGPRIORITY, 0xc008472f,
	  sizeof(struct d3dkmt_setcontextinprocessschedulingpriority),
	  "set_context_process_scheduling_priority" },
	{ LX_DXSETCONTEXTSCHEDULINGPRIORITY, 0xc0084730,
	  sizeof(struct d3dkmt_setcontextschedulingpriority),
	  "set_context_scheduling_priority" },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, 0xc0204731,
	  sizeof(struct d3dkmt_signalsynchronizationobjectfromcpu),
	  "signal_sync_object_cpu" },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU, 0xc0504732,
	  sizeof(struct d3dkmt_signalsynchronizationobjectfromgpu),
	  "signal_sync_object_gpu" },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2, 0xc0604733,
	  sizeof(struct d3dkmt_signalsynchronizationobjectfromgpu2),
	  "signal_sync_object_gpu2" },
	{ LX_DXSUBMITCOMMANDTOHWQUEUE, 0xc0384734,
	  sizeof(struct d3dkmt_submitcommandtohwqueue),
	  "submit_command_to_hwqueue" },
	{ LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE, 0xc0284735,
	  sizeof(struct d3dkmt_submitsignalsyncobjectstohwqueue),
	  "submit_signal_to_hwqueue" },
	{ LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE, 0xc0184736,
	  sizeof(struct d3dkmt_submitwaitforsyncobjectstohwqueue),
	  "submit_wait_to_hwqueue" },
	{ LX_DXUNLOCK2, 0xc0084737, sizeof(struct d3dkmt_unlock2), "unlock2" },
	{ LX_DXUPDATEALLOCPROPERTY, 0xc0284738,
	  sizeof(struct d3dddi_updateallocproperty),
	  "update_alloc_property" },
	{ LX_DXUPDATEGPUVIRTUALADDRESS, 0xc0384739,
	  sizeof(struct d3dkmt_updategpuvirtualaddress),
	  "update_gpu_va" },
	{ LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, 0xc028473a,
	  sizeof(struct d3dkmt_waitforsynchronizationobjectfromcpu),
	  "wait_sync_object_cpu" },
	{ LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU, 0xc050473b,
	  sizeof(struct d3dkmt_waitforsynchronizationobjectfromgpu),
	  "wait_sync_object_gpu" },
	{ LX_DXGETALLOCATIONPRIORITY, 0xc020473c,
	  sizeof(struct d3dkmt_getallocationpriority),
	  "get_allocation_priority" },
	{ LX_DXQUERYCLOCKCALIBRATION, 0xc028473d,
	  sizeof(struct d3dkmt_queryclockcalibration),
	  "query_clock_calibration" },
	{ LX_DXENUMADAPTERS3, 0xc018473e,
	  sizeof(struct d3dkmt_enumadapters3),
	  "enum_adapters3" },
	{ LX_DXSHAREOBJECTS, 0xc028473f,
	  sizeof(struct d3dkmt_shareobjects),
	  "share_objects" },
	{ LX_DXOPENSYNCOBJECTFROMNTHANDLE2, 0xc0584740,
	  sizeof(struct d3dkmt_opensyncobjectfromnthandle2),
	  "open_sync_object_nt" },
	{ LX_DXQUERYRESOURCEINFOFROMNTHANDLE, 0xc0284741,
	  sizeof(struct d3dkmt_queryresourceinfofromnthandle),
	  "query_resource_info_nt" },
	{ LX_DXOPENRESOURCEFROMNTHANDLE, 0xc0684742,
	  sizeof(struct d3dkmt_openresourcefromnthandle),
	  "open_resource_nt" },
	{ LX_DXQUERYSTATISTICS, 0xc3284743,
	  sizeof(struct d3dkmt_querystatistics),
	  "query_statistics" },
	{ LX_DXSHAREOBJECTWITHHOST, 0xc0184744,
	  sizeof(struct d3dkmt_shareobjectwithhost),
	  "share_object_with_host" },
	{ LX_DXCREATESYNCFILE, 0xc0184745,
	  sizeof(struct d3dkmt_createsyncfile),
	  "create_sync_file" },
	{ LX_DXWAITSYNCFILE, 0xc0104746,
	  sizeof(struct d3dkmt_waitsyncfile),
	  "wait_sync_file" },
	{ LX_DXOPENSYNCOBJECTFROMSYNCFILE, 0xc0284747,
	  sizeof(struct d3dkmt_opensyncobjectfromsyncfile),
	  "open_syncobj_from_syncfile" },
	{ LX_DXENUMPROCESSES, 0xc0184748,
	  sizeof(struct d3dkmt_enumprocesses),
	  "enum_processes" },
	{ LX_ISFEATUREENABLED, 0xc00c4749,
	  sizeof(struct d3dkmt_isfeatureenabled),
	  "is_feature_enabled" },
	/* clang-format on */
};

static void test_abi_numbers_are_the_kernels(void **state)
{
	(void)state;
	static const struct {
		uint32_t request;
		uint32_t nr;
		const char *name;
	} rows[] = {
#define X(nr, constant, size, name) { constant, nr, #name },
		DXG_IOCTLS(X)
#undef X
	};
	assert_int_equal(ARRAY_SIZE(rows), 65);
	assert_int_equal(ARRAY_SIZE(calls), 65);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(rows[i].request, calls[i].request);
		assert_int_equal(calls[i].request, calls[i].number);
		assert_int_equal(_IOC_NR(calls[i].number), rows[i].nr);
		assert_int_equal(_IOC_SIZE(calls[i].number), calls[i].size);
		assert_string_equal(rows[i].name, calls[i].name);
		assert_true(i == 0 || rows[i].nr > rows[i - 1].nr);
	}
}

/* What Windows takes; another size is refused. */
static void test_abi_questions_have_their_size(void **state)
{
	(void)state;
	static const struct {
		uint32_t type;
		uint32_t number;
		size_t is;
		size_t bytes;
	} questions[] = {
		/* clang-format off */
		{ KMTQAITYPE_UMDRIVERNAME, 1, sizeof(struct d3dkmt_umdfilenameinfo), 524 },
		{ KMTQAITYPE_UMOPENGLINFO, 2, sizeof(struct d3dkmt_openglinfo), 528 },
		{ KMTQAITYPE_GETSEGMENTSIZE, 3, sizeof(struct d3dkmt_segmentsizeinfo), 24 },
		{ KMTQAITYPE_ADAPTERADDRESS, 6, sizeof(struct d3dkmt_adapteraddress), 12 },
		{ KMTQAITYPE_ADAPTERREGISTRYINFO, 8,
	  sizeof(struct d3dkmt_adapterregistryinfo), 2080 },
		{ KMTQAITYPE_ADAPTERREGISTRYINFO_RENDER, 54,
	  sizeof(struct d3dkmt_adapterregistryinfo), 2080 },
		{ KMTQAITYPE_DRIVERVERSION, 13, sizeof(struct d3dkmt_driverversion), 4 },
		{ KMTQAITYPE_DRIVERVERSION_RENDER, 56, sizeof(struct d3dkmt_driverversion), 4 },
		{ KMTQAITYPE_ADAPTERTYPE, 15, sizeof(struct d3dkmt_adaptertype), 4 },
		{ KMTQAITYPE_ADAPTERTYPE_RENDER, 57, sizeof(struct d3dkmt_adaptertype), 4 },
		{ KMTQAITYPE_WDDM_1_2_CAPS, 17, sizeof(struct d3dkmt_wddm_1_2_caps), 12 },
		{ KMTQAITYPE_WDDM_1_2_CAPS_RENDER, 58, sizeof(struct d3dkmt_wddm_1_2_caps), 12 },
		{ KMTQAITYPE_UMD_DRIVER_VERSION, 18,
	  sizeof(struct d3dkmt_driver_version_number), 8 },
		{ KMTQAITYPE_KMD_DRIVER_VERSION, 49,
	  sizeof(struct d3dkmt_driver_version_number), 8 },
		{ KMTQAITYPE_WDDM_1_3_CAPS, 22, sizeof(struct d3dkmt_wddm_1_3_caps), 4 },
		{ KMTQAITYPE_WDDM_1_3_CAPS_RENDER, 59, sizeof(struct d3dkmt_wddm_1_3_caps), 4 },
		{ KMTQAITYPE_WDDM_2_0_CAPS, 24, sizeof(struct d3dkmt_wddm_2_0_caps), 4 },
		{ KMTQAITYPE_NODEMETADATA, 25, sizeof(struct d3dkmt_nodemetadata), 78 },
		{ KMTQAITYPE_PHYSICALADAPTERCOUNT, 30,
	  sizeof(struct d3dkmt_physical_adapter_count), 4 },
		{ KMTQAITYPE_PHYSICALADAPTERDEVICEIDS, 31,
	  sizeof(struct d3dkmt_query_device_ids), 28 },
		{ KMTQAITYPE_QUERY_GPUMMU_CAPS, 34,
	  sizeof(struct d3dkmt_query_gpummu_caps), 12 },
		{ KMTQAITYPE_GETSEGMENTGROUPSIZE, 42,
	  sizeof(struct d3dkmt_segmentgroupsizeinfo), 56 },
		{ KMTQAITYPE_QUERYREGISTRY, 48, sizeof(struct d3dddi_queryregistry_info), 552 },
		{ KMTQAITYPE_QUERY_ADAPTER_UNIQUE_GUID, 60,
	  sizeof(struct d3dkmt_query_adapter_unique_guid), 80 },
		{ KMTQAITYPE_NODEPERFDATA, 61, sizeof(struct d3dkmt_node_perfdata), 56 },
		{ KMTQAITYPE_ADAPTERPERFDATA, 62, sizeof(struct d3dkmt_adapter_perfdata), 64 },
		{ KMTQAITYPE_ADAPTERPERFDATA_CAPS, 63,
	  sizeof(struct d3dkmt_adapter_perfdatacaps), 40 },
		{ KMTQAITYPE_GPUVERSION, 64, sizeof(struct d3dkmt_gpuversion), 132 },
		{ KMTQAITYPE_DRIVER_DESCRIPTION, 65,
	  sizeof(struct d3dkmt_driver_description), 8192 },
		{ KMTQAITYPE_DRIVER_DESCRIPTION_RENDER, 66,
	  sizeof(struct d3dkmt_driver_description), 8192 },
		{ KMTQAITYPE_PARAVIRTUALIZATION_RENDER, 68,
	  sizeof(struct d3dkmt_paravirtualization), 1 },
		{ KMTQAITYPE_WDDM_2_7_CAPS, 70, sizeof(struct d3dkmt_wddm_2_7_caps), 4 },
		{ KMTQAITYPE_TRACKEDWORKLOAD_SUPPORT, 72,
	  sizeof(struct d3dkmt_trackedworkload_support), 12 },
		{ KMTQAITYPE_WDDM_2_9_CAPS, 75, sizeof(struct d3dkmt_wddm_2_9_caps), 4 },
		{ KMTQAITYPE_CROSSADAPTERRESOURCE_SUPPORT, 76,
	  sizeof(struct d3dkmt_crossadapterresource_support), 4 },
		{ KMTQAITYPE_WDDM_3_0_CAPS, 77, sizeof(struct d3dkmt_wddm_3_0_caps), 4 },
		/* clang-format on */
	};
	for_each_row(row, questions) {
		assert_int_equal(row->type, row->number);
		if (row->is != row->bytes)
			fail_msg("type %u has %zu bytes", row->number, row->is);
	}
}

/* The named bit alone, seen as a number: the flags' union is where path ends. */
#define BIT(structure, path, member, number)                                             \
	do {                                                                             \
		struct structure s = { 0 };                                              \
		s.path member = 1;                                                       \
		if (s.path value != (number))                                            \
			fail_msg(#structure "." #path #member " is %#llx",               \
				 (unsigned long long)s.path value);                      \
	} while (0)

static void test_abi_flags_are_the_kernels_bits(void **state)
{
	(void)state;
	/* clang-format off */
	BIT(d3dkmt_enumadapters3, filter., include_compute_only, 0x1);
	BIT(d3dkmt_enumadapters3, filter., include_display_only, 0x2);
	BIT(d3dkmt_createdevice, flags., legacy_mode, 0x1);
	BIT(d3dkmt_createdevice, flags., request_vSync, 0x2);
	BIT(d3dkmt_createdevice, flags., disable_gpu_timeout, 0x4);
	BIT(d3dkmt_createdevice, flags., gdi_device, 0x8);
	BIT(d3dkmt_createsynchronizationobject2, info.flags., shared, 0x1);
	BIT(d3dkmt_createsynchronizationobject2, info.flags., nt_security_sharing, 0x2);
	BIT(d3dkmt_createsynchronizationobject2, info.flags., cross_adapter, 0x4);
	BIT(d3dkmt_createsynchronizationobject2, info.flags., top_of_pipeline, 0x8);
	BIT(d3dkmt_createsynchronizationobject2, info.flags., no_signal, 0x10);
	BIT(d3dkmt_createsynchronizationobject2, info.flags., no_wait, 0x20);
	BIT(d3dkmt_createsynchronizationobject2,
	    info.flags., no_signal_max_value_on_tdr, 0x40);
	BIT(d3dkmt_createsynchronizationobject2, info.flags., no_gpu_access, 0x80);
	BIT(d3dkmt_signalsynchronizationobjectfromcpu, flags., signal_at_submission, 0x1);
	BIT(d3dkmt_signalsynchronizationobjectfromcpu, flags., enqueue_cpu_event, 0x2);
	BIT(d3dkmt_signalsynchronizationobjectfromcpu, flags., allow_fence_rewind, 0x4);
	BIT(d3dkmt_signalsynchronizationobjectfromcpu,
	    flags., DXGK_SIGNAL_FLAG_INTERNAL0, 0x80000000);
	BIT(d3dkmt_waitforsynchronizationobjectfromcpu, flags., wait_any, 0x1);
	BIT(d3dkmt_createallocation, flags., create_resource, 0x1);
	BIT(d3dkmt_createallocation, flags., create_shared, 0x2);
	BIT(d3dkmt_createallocation, flags., non_secure, 0x4);
	BIT(d3dkmt_createallocation, flags., create_protected, 0x8);
	BIT(d3dkmt_createallocation, flags., restrict_shared_access, 0x10);
	BIT(d3dkmt_createallocation, flags., existing_sysmem, 0x20);
	BIT(d3dkmt_createallocation, flags., nt_security_sharing, 0x40);
	BIT(d3dkmt_createallocation, flags., read_only, 0x80);
	BIT(d3dkmt_createallocation, flags., create_write_combined, 0x100);
	BIT(d3dkmt_createallocation, flags., create_cached, 0x200);
	BIT(d3dkmt_createallocation, flags., swap_chain_back_buffer, 0x400);
	BIT(d3dkmt_createallocation, flags., cross_adapter, 0x800);
	BIT(d3dkmt_createallocation, flags., open_cross_adapter, 0x1000);
	BIT(d3dkmt_createallocation, flags., partial_shared_creation, 0x2000);
	BIT(d3dkmt_createallocation, flags., zeroed, 0x4000);
	BIT(d3dkmt_createallocation, flags., write_watch, 0x8000);
	BIT(d3dkmt_createallocation, flags., standard_allocation, 0x10000);
	BIT(d3dkmt_createallocation, flags., existing_section, 0x20000);
	BIT(d3dddi_allocationinfo2, flags., primary, 0x1);
	BIT(d3dddi_allocationinfo2, flags., stereo, 0x2);
	BIT(d3dddi_allocationinfo2, flags., override_priority, 0x4);
	BIT(d3dkmt_destroyallocation2, flags., assume_not_in_use, 0x1);
	BIT(d3dkmt_destroyallocation2, flags., synchronous_destroy, 0x2);
	BIT(d3dkmt_destroyallocation2, flags., system_use_only, 0x80000000);
	BIT(d3dddi_makeresident, flags., cant_trim_further, 0x1);
	BIT(d3dddi_makeresident, flags., must_succeed, 0x2);
	BIT(d3dkmt_evict, flags., evict_only_if_necessary, 0x1);
	BIT(d3dkmt_evict, flags., not_written_to, 0x2);
	BIT(d3dddi_mapgpuvirtualaddress, protection., write, 0x1);
	BIT(d3dddi_mapgpuvirtualaddress, protection., execute, 0x2);
	BIT(d3dddi_mapgpuvirtualaddress, protection., zero, 0x4);
	BIT(d3dddi_mapgpuvirtualaddress, protection., no_access, 0x8);
	BIT(d3dddi_mapgpuvirtualaddress, protection., system_use_only, 0x10);
	BIT(d3dkmt_createcontextvirtual, flags., null_rendering, 0x1);
	BIT(d3dkmt_createcontextvirtual, flags., initial_data, 0x2);
	BIT(d3dkmt_createcontextvirtual, flags., disable_gpu_timeout, 0x4);
	BIT(d3dkmt_createcontextvirtual, flags., synchronization_only, 0x8);
	BIT(d3dkmt_createcontextvirtual, flags., hw_queue_supported, 0x10);
	BIT(d3dkmt_createhwqueue, flags., disable_gpu_timeout, 0x1);
	BIT(d3dkmt_escape, flags., hardware_access, 0x1);
	BIT(d3dkmt_escape, flags., device_status_query, 0x2);
	BIT(d3dkmt_escape, flags., change_frame_latency, 0x4);
	BIT(d3dkmt_escape, flags., no_adapter_synchronization, 0x8);
	BIT(d3dkmt_escape, flags., virtual_machine_data, 0x20);
	BIT(d3dkmt_escape, flags., driver_known_escape, 0x40);
	BIT(d3dkmt_escape, flags., driver_common_escape, 0x80);
	BIT(d3dkmt_adaptertype, , render_supported, 0x1);
	BIT(d3dkmt_adaptertype, , display_supported, 0x2);
	BIT(d3dkmt_adaptertype, , software_device, 0x4);
	BIT(d3dkmt_adaptertype, , post_device, 0x8);
	BIT(d3dkmt_adaptertype, , hybrid_discrete, 0x10);
	BIT(d3dkmt_adaptertype, , hybrid_integrated, 0x20);
	BIT(d3dkmt_adaptertype, , indirect_display_device, 0x40);
	BIT(d3dkmt_adaptertype, , paravirtualized, 0x80);
	BIT(d3dkmt_adaptertype, , acg_supported, 0x100);
	BIT(d3dkmt_adaptertype, , support_set_timings_from_vidpn, 0x200);
	BIT(d3dkmt_adaptertype, , detachable, 0x400);
	BIT(d3dkmt_adaptertype, , compute_only, 0x800);
	BIT(d3dkmt_adaptertype, , prototype, 0x1000);
	BIT(dxgk_isfeatureenabled_result, , enabled, 1);
	BIT(dxgk_isfeatureenabled_result, , known_feature, 2);
	BIT(dxgk_isfeatureenabled_result, , supported_by_driver, 4);
	BIT(dxgk_isfeatureenabled_result, , supported_on_config, 8);
	BIT(d3dkmt_wddm_1_2_caps, , support_per_engine_tdr, 4);
	BIT(d3dkmt_wddm_2_0_caps, , support_surprise_removal, 0x20);
	BIT(d3dkmt_wddm_2_7_caps, , hw_sch_supported, 1);
	BIT(d3dkmt_wddm_2_7_caps, , hw_sch_enabled, 2);
	BIT(d3dkmt_wddm_2_9_caps, , hw_sch_enabled, 4);
	BIT(d3dkmt_wddm_3_0_caps, , displayable_supported, 8);
	/* clang-format on */
	struct d3dkmthandle handle = { .index = 1, .unique = 1 };
	assert_int_equal(handle.v, 0x40000040);
}

/* Every status of a row goes out as its errno; where the way back is another one, the
 * status was one of two that share it. */
static void test_abi_statuses_and_errnos_agree(void **state)
{
	(void)state;
	static const struct {
		uint32_t status;
		int number;
	} out[] = {
#define X(value, name, number) { name, number },
		DXG_STATUSES(X)
#undef X
	};
	static const struct {
		int number;
		uint32_t status;
	} back[] = {
#define X(number, name) { number, name },
		DXG_ERRNOS(X)
#undef X
	};
	assert_int_equal(STATUS_BUFFER_TOO_SMALL, 0xc0000023);
	assert_int_equal(STATUS_DEVICE_REMOVED, 0xc00002b6);
	for_each_row(row, out)
		assert_int_equal(row->number == 0, row->status < 0x80000000);
	for_each_row(row, back) {
		int number = -1;
		for_each_row(other, out)
			if (other->status == row->status)
				number = other->number;
		/* A timeout is no refusal, an unknown call one not supported. */
		if (row->number == EAGAIN)
			assert_int_equal(number, 0);
		else if (row->number == ENOSYS)
			assert_int_equal(number, EPERM);
		else
			assert_int_equal(number, row->number);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_abi_numbers_are_the_kernels),
		cmocka_unit_test(test_abi_questions_have_their_size),
		cmocka_unit_test(test_abi_flags_are_the_kernels_bits),
		cmocka_unit_test(test_abi_statuses_and_errnos_agree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
