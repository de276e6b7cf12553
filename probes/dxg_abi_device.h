/*
 * dxg_abi_device.h: what calls about adapters, devices, contexts and paging queues take.
 *
 * Names, order and width of the members are those of the driver's public header,
 * microsoft/WSL2-Linux-Kernel:include/uapi/misc/d3dkmthk.h (branch
 * linux-msft-wsl-6.6.y), so that a compiler can compare the two; flags are bit-fields in
 * a union with `value`, also where that header has the bits alone. The constants have
 * its names too, the underscore before them included; members that hold one are plain
 * integers here, since what comes back may be any number. Left out is what no call
 * takes: lists of an older kind, and the data of standard allocations, which driver and
 * host tell each other. Pointers are 64 bits wide for every caller; what they point to
 * stands beside them. What the driver does with a member is from
 * drivers/hv/dxgkrnl/ioctl.c and dxgvmbus.c there. "out" is written by the driver, all
 * else by the caller; reserved members are 0.
 *
 * Offsets and sizes are asserted in dxg_abi_layout.h. Include dxg_abi.h: it has all.
 */
#pragma once
#ifdef __cplusplus
/* Structures without a name are C, and in C++ an extension of each compiler. */
#pragma GCC system_header
#endif

#include <stdint.h>

#define D3DKMT_ADAPTERS_MAX 64 /* ENUMADAPTERS2 refuses more room */

/* A handle of this process; 0 is none. Adapters have a table of their own. The driver
 * compares index and unique alone (hmgr.c). */
struct d3dkmthandle {
	union {
		struct {
			uint32_t instance : 6;
			uint32_t index : 24;
			uint32_t unique : 2;
		};
		uint32_t v;
	};
};

/* Of an adapter in this boot of the VM; never to be kept. */
struct winluid {
	uint32_t a; /* low */
	uint32_t b; /* high */
};

/* Adapters. */

struct d3dkmt_adapterinfo {
	struct d3dkmthandle adapter_handle;
	struct winluid adapter_luid;
	uint32_t num_sources;                    /* always 0 in WSL */
	uint32_t present_move_regions_preferred; /* always 0 in WSL */
};

struct d3dkmt_enumadapters2 {
	uint32_t num_adapters; /* room; out: how many */
	uint32_t reserved;
	uint64_t adapters; /* struct d3dkmt_adapterinfo *; 0 asks for the number alone */
};

union d3dkmt_enumadapters_filter {
	struct {
		uint64_t include_compute_only : 1;
		uint64_t include_display_only : 1;
		uint64_t reserved : 62;
	};
	uint64_t value;
};

/* With too little room the driver returns 0, copies nothing, leaves open what it had opened
 * and overruns a buffer of its own: always pass D3DKMT_ADAPTERS_MAX. Without room, and with
 * too little, the number is that of all adapters, whatever the filter. */
struct d3dkmt_enumadapters3 {
	union d3dkmt_enumadapters_filter filter;
	uint32_t adapter_count; /* room; out: how many */
	uint32_t reserved;
	uint64_t adapters; /* as in d3dkmt_enumadapters2 */
};

/* An unknown LUID is refused only where adapter_handle was 0. */
struct d3dkmt_openadapterfromluid {
	struct winluid adapter_luid;
	struct d3dkmthandle adapter_handle; /* out */
};

/* The last one of a process on an adapter takes its devices there along. */
struct d3dkmt_closeadapter {
	struct d3dkmthandle adapter_handle;
};

/* The size must be the exact one of the type (dxg_abi_info.h); a refusal leaves the buffer
 * as it was. */
struct d3dkmt_queryadapterinfo {
	struct d3dkmthandle adapter;
	uint32_t type; /* enum kmtqueryadapterinfotype */
	uint64_t private_data;
	uint32_t private_data_size;
};

enum d3dkmt_memory_segment_group {
	_D3DKMT_MEMORY_SEGMENT_GROUP_LOCAL = 0,
	_D3DKMT_MEMORY_SEGMENT_GROUP_NON_LOCAL = 1,
};

struct d3dkmt_queryvideomemoryinfo {
	uint64_t process; /* 0: the caller; anything else is refused */
	struct d3dkmthandle adapter;
	uint32_t memory_segment_group; /* enum d3dkmt_memory_segment_group */
	uint64_t budget;               /* out, bytes, as the next three */
	uint64_t current_usage;
	uint64_t current_reservation;
	uint64_t available_for_reservation;
	uint32_t physical_adapter_index;
};

struct d3dkmt_changevideomemoryreservation {
	uint64_t process;
	struct d3dkmthandle adapter;
	uint32_t memory_segment_group; /* enum d3dkmt_memory_segment_group */
	uint64_t reservation;          /* bytes */
	uint32_t physical_adapter_index;
};

enum d3dkmt_querystatistics_type {
	_D3DKMT_QUERYSTATISTICS_ADAPTER = 0,
	_D3DKMT_QUERYSTATISTICS_PROCESS = 1,
	_D3DKMT_QUERYSTATISTICS_PROCESS_ADAPTER = 2,
	_D3DKMT_QUERYSTATISTICS_SEGMENT = 3,
	_D3DKMT_QUERYSTATISTICS_PROCESS_SEGMENT = 4,
	_D3DKMT_QUERYSTATISTICS_NODE = 5,
	_D3DKMT_QUERYSTATISTICS_PROCESS_NODE = 6,
	_D3DKMT_QUERYSTATISTICS_VIDPNSOURCE = 7,
	_D3DKMT_QUERYSTATISTICS_PROCESS_VIDPNSOURCE = 8,
	_D3DKMT_QUERYSTATISTICS_PROCESS_SEGMENT_GROUP = 9,
	_D3DKMT_QUERYSTATISTICS_PHYSICAL_ADAPTER = 10,
};

struct d3dkmt_querystatistics_result {
	char size[776];
};

/* How the result of type ADAPTER begins (microsoft/libdxg:include/d3dkmthk.h). */
struct d3dkmt_querystatistics_adapter_information {
	uint32_t nb_segments;
	uint32_t node_count;
	uint32_t vidpn_source_count;
	uint32_t vsync_enabled;
	uint32_t tdr_detected_count;
};

/* Which segment or node is asked for stands in the tail, at byte 800. An unknown LUID is
 * answered with success and nothing written. */
struct d3dkmt_querystatistics {
	union {
		struct {
			uint32_t type; /* enum d3dkmt_querystatistics_type */
			struct winluid adapter_luid;
			uint64_t process; /* pid, or 0 for the caller */
			struct d3dkmt_querystatistics_result result; /* out */
		};
		char size[808];
	};
};

#pragma pack(push, 1)

struct dxgk_gpuclockdata_flags {
	union {
		struct {
			uint32_t context_management_processor : 1;
			uint32_t reserved : 31;
		};
		uint32_t value;
	};
};

struct dxgk_gpuclockdata {
	uint64_t gpu_frequency; /* Hz */
	uint64_t gpu_clock_counter;
	uint64_t cpu_clock_counter;
	struct dxgk_gpuclockdata_flags flags;
};

/* Copied out before the host's status is looked at. */
struct d3dkmt_queryclockcalibration {
	struct d3dkmthandle adapter;
	uint32_t node_ordinal;
	uint32_t physical_adapter_index;
	struct dxgk_gpuclockdata clock_data; /* out, not aligned */
};

#pragma pack(pop)

struct d3dkmt_enumprocesses {
	struct winluid adapter_luid;
	uint64_t buffer;       /* uint32_t *, out: pids */
	uint64_t buffer_count; /* room; out, failed or not: how many, low half alone */
};

/* X(id, name, NAME): WDDM features a guest may ask for. */
#define DXG_FEATURES(X)                                                                  \
	X(0, "hardware_scheduling", _DXGK_FEATURE_HWSCH)                                 \
	X(32, "page_based_memory_manager", _DXGK_FEATURE_PAGE_BASED_MEMORY_MANAGER)      \
	X(33, "kernel_mode_testing", _DXGK_FEATURE_KERNEL_MODE_TESTING)

enum dxgk_feature_id {
	_DXGK_FEATURE_MAX = 34, /* no bound: any number is passed on */
#define X(id, name, constant) constant = id,
	DXG_FEATURES(X)
#undef X
};

struct dxgk_isfeatureenabled_result {
	uint16_t version;
	union {
		struct {
			uint16_t enabled : 1;
			uint16_t known_feature : 1;
			uint16_t supported_by_driver : 1;
			uint16_t supported_on_config : 1;
			uint16_t reserved : 12;
		};
		uint16_t value;
	};
};

struct d3dkmt_isfeatureenabled {
	struct d3dkmthandle adapter;
	uint32_t feature_id;                        /* enum dxgk_feature_id */
	struct dxgk_isfeatureenabled_result result; /* out */
};

struct d3dkmt_flushheaptransitions {
	struct d3dkmthandle adapter;
};

enum d3dkmt_escapetype {
	_D3DKMT_ESCAPE_DRIVERPRIVATE = 0,
	_D3DKMT_ESCAPE_VIDMM = 1,
	_D3DKMT_ESCAPE_VIDSCH = 3,
	_D3DKMT_ESCAPE_DEVICE = 4,
	_D3DKMT_ESCAPE_DRT_TEST = 8,
};

struct d3dddi_escapeflags {
	union {
		struct {
			uint32_t hardware_access : 1;
			uint32_t device_status_query : 1;
			uint32_t change_frame_latency : 1;
			uint32_t no_adapter_synchronization : 1;
			uint32_t reserved : 1;
			uint32_t virtual_machine_data : 1;
			uint32_t driver_known_escape : 1;
			uint32_t driver_common_escape : 1;
			uint32_t reserved2 : 24;
		};
		uint32_t value;
	};
};

/* No status comes back: a refusal is a reply that is too short, EOVERFLOW, which that to an
 * escape without content never is. EINVAL is the driver's own. The content is the vendor's
 * and can reprogram hardware. */
struct d3dkmt_escape {
	struct d3dkmthandle adapter;
	struct d3dkmthandle device; /* or 0 */
	uint32_t type;              /* enum d3dkmt_escapetype */
	struct d3dddi_escapeflags flags;
	uint64_t priv_drv_data;      /* in and out */
	uint32_t priv_drv_data_size; /* bytes */
	struct d3dkmthandle context; /* or 0 */
};

/* How the content begins where flags have driver_known_escape. */
enum d3dddi_knownescapetype {
	_D3DDDI_DRIVERESCAPETYPE_TRANSLATEALLOCATIONHANDLE = 0,
	_D3DDDI_DRIVERESCAPETYPE_TRANSLATERESOURCEHANDLE = 1,
	_D3DDDI_DRIVERESCAPETYPE_CPUEVENTUSAGE = 2,
	_D3DDDI_DRIVERESCAPETYPE_BUILDTESTCOMMANDBUFFER = 3,
};

/* Answered in the guest: the handles are the same ones in the host. */
struct d3dddi_translate_allocation_handle {
	uint32_t escape_type; /* enum d3dddi_knownescapetype */
	struct d3dkmthandle allocation;
};

struct d3dddi_testcommand {
	char buffer[72];
};

#define D3DDDI_MAXTESTBUFFERSIZE                  4096
#define D3DDDI_MAXTESTBUFFERPRIVATEDRIVERDATASIZE 1024

/* Needs the feature _DXGK_FEATURE_KERNEL_MODE_TESTING. */
struct d3dddi_buildtestcommandbuffer {
	uint32_t escape_type; /* enum d3dddi_knownescapetype */
	struct d3dkmthandle device;
	struct d3dkmthandle context;
	uint32_t flags;
	struct d3dddi_testcommand command;
	uint64_t dma_buffer;                /* void *, out */
	uint64_t dma_buffer_priv_data;      /* void *, out */
	uint32_t dma_buffer_size;           /* bytes: room; out: how many */
	uint32_t dma_buffer_priv_data_size; /* the same */
};

/* Devices and contexts. */

struct d3dkmt_createdeviceflags {
	union {
		struct {
			uint32_t legacy_mode : 1;
			uint32_t request_vSync : 1;
			uint32_t disable_gpu_timeout : 1;
			/* so in microsoft/libdxg:include/d3dkmthk.h */
			uint32_t gdi_device : 1;
			uint32_t reserved : 28;
		};
		uint32_t value;
	};
};

/* Returns 0 and leaves device as it was where the host refuses. */
struct d3dkmt_createdevice {
	struct d3dkmthandle adapter;
	uint32_t reserved3;
	struct d3dkmt_createdeviceflags flags;
	struct d3dkmthandle device; /* out */
	uint64_t command_buffer;    /* this and the rest: unused in WSL, 0 */
	uint32_t command_buffer_size;
	uint32_t reserved;
	uint64_t allocation_list;
	uint32_t allocation_list_size;
	uint32_t reserved1;
	uint64_t patch_location_list;
	uint32_t patch_location_list_size;
	uint32_t reserved2;
};

struct d3dkmt_destroydevice {
	struct d3dkmthandle device;
};

__extension__ enum d3dkmt_device_error_reason {
	_D3DKMT_DEVICE_ERROR_REASON_GENERIC = 0x80000000,
	_D3DKMT_DEVICE_ERROR_REASON_DRIVER_ERROR = 0x80000006,
};

/* Breaks the device. */
struct d3dkmt_markdeviceaserror {
	struct d3dkmthandle device;
	uint32_t reason; /* enum d3dkmt_device_error_reason */
};

enum d3dkmt_devicestate_type {
	_D3DKMT_DEVICESTATE_EXECUTION = 1,
	_D3DKMT_DEVICESTATE_PRESENT = 2,
	_D3DKMT_DEVICESTATE_RESET = 3,
	_D3DKMT_DEVICESTATE_PRESENT_DWM = 4,
	_D3DKMT_DEVICESTATE_PAGE_FAULT = 5,
	_D3DKMT_DEVICESTATE_PRESENT_QUEUE = 6,
};

/* X(number, name, NAME) */
#define DXG_EXECUTION_STATES(X)                                                          \
	X(1, "active", _D3DKMT_DEVICEEXECUTION_ACTIVE)                                   \
	X(2, "reset", _D3DKMT_DEVICEEXECUTION_RESET)                                     \
	X(3, "hung", _D3DKMT_DEVICEEXECUTION_HUNG)                                       \
	X(4, "stopped", _D3DKMT_DEVICEEXECUTION_STOPPED)                                 \
	X(5, "out-of-memory", _D3DKMT_DEVICEEXECUTION_ERROR_OUTOFMEMORY)                 \
	X(6, "dma-fault", _D3DKMT_DEVICEEXECUTION_ERROR_DMAFAULT)                        \
	X(7, "page-fault", _D3DKMT_DEVICEEXECUTION_ERROR_DMAPAGEFAULT)

enum d3dkmt_deviceexecution_state {
#define X(number, name, constant) constant = number,
	DXG_EXECUTION_STATES(X)
#undef X
};

struct d3dkmt_devicereset_state {
	union {
		struct {
			uint32_t desktop_switched : 1;
			uint32_t reserved : 31;
		};
		uint32_t value;
	};
};

struct d3dkmt_present_stats {
	uint32_t present_count;
	uint32_t present_refresh_count;
	uint32_t sync_refresh_count;
	uint32_t reserved;
	uint64_t sync_qpc_time;
	uint64_t sync_gpu_time;
};

struct d3dkmt_devicepresent_state {
	uint32_t vidpn_source_id;
	uint32_t reserved;
	struct d3dkmt_present_stats present_stats;
};

struct d3dkmt_present_stats_dwm {
	uint32_t present_count;
	uint32_t present_refresh_count;
	uint64_t present_qpc_time;
	uint32_t sync_refresh_count;
	uint32_t reserved;
	uint64_t sync_qpc_time;
	uint32_t custom_present_duration;
	uint32_t reserved1;
};

struct d3dkmt_devicepresent_state_dwm {
	uint32_t vidpn_source_id;
	uint32_t reserved;
	struct d3dkmt_present_stats_dwm present_stats;
};

/* X(bit, name, NAME) */
#define DXG_PAGE_FAULT_FLAGS(X)                                                          \
	X(0x01, "write", _DXGK_PAGE_FAULT_WRITE)                                         \
	X(0x02, "fence-invalid", _DXGK_PAGE_FAULT_FENCE_INVALID)                         \
	X(0x04, "adapter-reset-required", _DXGK_PAGE_FAULT_ADAPTER_RESET_REQUIRED)       \
	X(0x08, "engine-reset-required", _DXGK_PAGE_FAULT_ENGINE_RESET_REQUIRED)         \
	X(0x10, "fatal-hardware-error", _DXGK_PAGE_FAULT_FATAL_HARDWARE_ERROR)           \
	X(0x20, "iommu", _DXGK_PAGE_FAULT_IOMMU)                                         \
	X(0x40, "hw-context-valid", _DXGK_PAGE_FAULT_HW_CONTEXT_VALID)                   \
	X(0x80, "process-handle-valid", _DXGK_PAGE_FAULT_PROCESS_HANDLE_VALID)

enum dxgk_page_fault_flags {
#define X(bit, name, constant) constant = bit,
	DXG_PAGE_FAULT_FLAGS(X)
#undef X
};

enum dxgk_render_pipeline_stage {
	_DXGK_RENDER_PIPELINE_STAGE_UNKNOWN = 0,
	_DXGK_RENDER_PIPELINE_STAGE_INPUT_ASSEMBLER = 1,
	_DXGK_RENDER_PIPELINE_STAGE_VERTEX_SHADER = 2,
	_DXGK_RENDER_PIPELINE_STAGE_GEOMETRY_SHADER = 3,
	_DXGK_RENDER_PIPELINE_STAGE_STREAM_OUTPUT = 4,
	_DXGK_RENDER_PIPELINE_STAGE_RASTERIZER = 5,
	_DXGK_RENDER_PIPELINE_STAGE_PIXEL_SHADER = 6,
	_DXGK_RENDER_PIPELINE_STAGE_OUTPUT_MERGER = 7,
};

enum dxgk_general_error_code {
	_DXGK_GENERAL_ERROR_PAGE_FAULT = 0,
	_DXGK_GENERAL_ERROR_INVALID_INSTRUCTION = 1,
};

struct dxgk_fault_error_code {
	union {
		struct {
			uint32_t is_device_specific_code : 1;
			/* enum dxgk_general_error_code */
			uint32_t general_error_code : 31;
		};
		struct {
			uint32_t is_device_specific_code_reserved_bit : 1;
			uint32_t device_specific_code : 31;
		};
	};
};

struct d3dkmt_devicepagefault_state {
	uint64_t faulted_primitive_api_sequence_number;
	uint32_t faulted_pipeline_stage; /* enum dxgk_render_pipeline_stage */
	uint32_t faulted_bind_table_entry;
	uint32_t page_fault_flags; /* enum dxgk_page_fault_flags */
	struct dxgk_fault_error_code fault_error_code;
	uint64_t faulted_virtual_address;
};

struct d3dkmt_devicepresent_queue_state {
	uint32_t vidpn_source_id;
	uint8_t bQueuedPresentLimitReached;
};

/* The guest answers the execution state from memory: no proof of a living host. */
struct d3dkmt_getdevicestate {
	struct d3dkmthandle device;
	uint32_t state_type;              /* enum d3dkmt_devicestate_type */
	union {                           /* out */
		uint32_t execution_state; /* enum d3dkmt_deviceexecution_state */
		struct d3dkmt_devicepresent_state present_state;
		struct d3dkmt_devicereset_state reset_state;
		struct d3dkmt_devicepresent_state_dwm present_state_dwm;
		struct d3dkmt_devicepagefault_state page_fault_state;
		struct d3dkmt_devicepresent_queue_state present_queue_state;
		uint64_t alignment[6];
	};
};

struct d3dddi_createcontextflags {
	union {
		struct {
			uint32_t null_rendering : 1;
			uint32_t initial_data : 1;
			uint32_t disable_gpu_timeout : 1;
			uint32_t synchronization_only : 1;
			uint32_t hw_queue_supported : 1;
			uint32_t reserved : 27;
		};
		uint32_t value;
	};
};

/* In whose name; Windows knows more of them (microsoft/libdxg:include/d3dkmthk.h). The
 * first one's spelling is the driver's. */
enum d3dkmt_clienthint {
	_D3DKMT_CLIENTHNT_UNKNOWN = 0,
	_D3DKMT_CLIENTHINT_OPENGL = 1,
	_D3DKMT_CLIENTHINT_CDD = 2,
	_D3DKMT_CLIENTHINT_DX7 = 7,
	_D3DKMT_CLIENTHINT_DX8 = 8,
	_D3DKMT_CLIENTHINT_DX9 = 9,
	_D3DKMT_CLIENTHINT_DX10 = 10,
};

/* EINVAL for all that goes wrong, also for private data that cannot be read. */
struct d3dkmt_createcontextvirtual {
	struct d3dkmthandle device;
	uint32_t node_ordinal;
	uint32_t engine_affinity; /* bit per physical adapter */
	struct d3dddi_createcontextflags flags;
	uint64_t priv_drv_data; /* in and out */
	uint32_t priv_drv_data_size;
	uint32_t client_hint;        /* enum d3dkmt_clienthint, passed on unread */
	struct d3dkmthandle context; /* out */
};

struct d3dkmt_destroycontext {
	struct d3dkmthandle context;
};

struct d3dddi_createhwqueueflags {
	union {
		struct {
			uint32_t disable_gpu_timeout : 1;
			uint32_t reserved : 31;
		};
		uint32_t value;
	};
};

struct d3dkmt_createhwqueue {
	struct d3dkmthandle context;
	struct d3dddi_createhwqueueflags flags;
	uint32_t priv_drv_data_size;
	uint32_t reserved;
	uint64_t priv_drv_data;    /* in and out */
	struct d3dkmthandle queue; /* out, as the rest */
	struct d3dkmthandle queue_progress_fence;
	uint64_t queue_progress_fence_cpu_va; /* const uint64_t * in the caller */
	uint64_t queue_progress_fence_gpu_va;
};

struct d3dkmt_destroyhwqueue {
	struct d3dkmthandle queue;
};

struct d3dkmt_setcontextschedulingpriority {
	struct d3dkmthandle context;
	int32_t priority;
};

struct d3dkmt_setcontextinprocessschedulingpriority {
	struct d3dkmthandle context;
	int32_t priority;
};

struct d3dkmt_getcontextschedulingpriority {
	struct d3dkmthandle context;
	int32_t priority; /* out */
};

struct d3dkmt_getcontextinprocessschedulingpriority {
	struct d3dkmthandle context;
	int32_t priority; /* out */
};

/* Paging queues. */

enum d3dddi_pagingqueue_priority {
	_D3DDDI_PAGINGQUEUE_PRIORITY_BELOW_NORMAL = -1,
	_D3DDDI_PAGINGQUEUE_PRIORITY_NORMAL = 0,
	_D3DDDI_PAGINGQUEUE_PRIORITY_ABOVE_NORMAL = 1,
};

/* The result is a page of the host's memory mapped into the caller, until the destroy. */
struct d3dkmt_createpagingqueue {
	struct d3dkmthandle device;
	int32_t priority;                   /* enum d3dddi_pagingqueue_priority */
	struct d3dkmthandle paging_queue;   /* out */
	struct d3dkmthandle sync_object;    /* out; belongs to the queue */
	uint64_t fence_cpu_virtual_address; /* out: uint64_t * in the caller */
	uint32_t physical_adapter_index;
};

struct d3dddi_destroypagingqueue {
	struct d3dkmthandle paging_queue;
};
