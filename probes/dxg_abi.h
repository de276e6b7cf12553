/*
 * dxg_abi.h: the kernel interface of /dev/dxg, as far as the probe and its simulator use it.
 *
 * Names, numbers and layouts are those of the driver's public header,
 * microsoft/WSL2-Linux-Kernel:include/uapi/misc/d3dkmthk.h; limits and behaviour are from
 * drivers/hv/dxgkrnl/ there (ioctl.c, dxgvmbus.c, dxgprocess.c, hmgr.c). Adapter-info types
 * beyond the three that header names, and their structures, are Windows' own:
 * microsoft/DirectX-Headers and the Windows SDK's d3dkmthk.h. All asserted for LP64, where
 * no number has changed since the driver of 2022.
 *
 * Three habits of the driver that every caller must know:
 *  - several calls return 0 without writing their result when the host refuses, so every
 *    structure is zeroed first and a result that is still zero means refused;
 *  - a positive return value is a Windows success status (STATUS_PENDING), not an error;
 *  - everything belongs to the process that opened the node: after fork the child opens
 *    its own descriptor, the inherited one answers ENOTTY (ioctl.c, "wrong process").
 *
 * Stands alone: no project header, so that tests and other programs can use it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

#define DXG_NODE       "/dev/dxg"
#define DXG_IOCTL_TYPE 0x47 /* 'G' */

/* Every call is declared read and write, even where nothing comes back. */
#define DXG_IOCTL(nr, size) _IOC(_IOC_READ | _IOC_WRITE, DXG_IOCTL_TYPE, nr, size)

/*
 * X(nr, CONSTANT, bytes of its structure, name): the calls of the 6.6 and 6.18 kernels.
 * `name` is the handler's in ioctl.c without its "dxgkio_", as in kernel log lines
 * ("dxgkio_query_adapter_info: Ioctl failed: -22"), and what records call a call.
 */
/* clang-format off */
#define DXG_IOCTLS(X)                                                                      \
	X(0x01, LX_DXOPENADAPTERFROMLUID, 12, open_adapter_from_luid)                      \
	X(0x02, LX_DXCREATEDEVICE, 64, create_device)                                      \
	X(0x04, LX_DXCREATECONTEXTVIRTUAL, 40, create_context_virtual)                     \
	X(0x05, LX_DXDESTROYCONTEXT, 4, destroy_context)                                   \
	X(0x06, LX_DXCREATEALLOCATION, 72, create_allocation)                              \
	X(0x07, LX_DXCREATEPAGINGQUEUE, 32, create_paging_queue)                           \
	X(0x08, LX_DXRESERVEGPUVIRTUALADDRESS, 72, reserve_gpu_va)                         \
	X(0x09, LX_DXQUERYADAPTERINFO, 24, query_adapter_info)                             \
	X(0x0a, LX_DXQUERYVIDEOMEMORYINFO, 56, query_vidmem_info)                          \
	X(0x0b, LX_DXMAKERESIDENT, 48, make_resident)                                      \
	X(0x0c, LX_DXMAPGPUVIRTUALADDRESS, 104, map_gpu_va)                                \
	X(0x0d, LX_DXESCAPE, 32, escape)                                                   \
	X(0x0e, LX_DXGETDEVICESTATE, 56, get_device_state)                                 \
	X(0x0f, LX_DXSUBMITCOMMAND, 384, submit_command)                                   \
	X(0x10, LX_DXCREATESYNCHRONIZATIONOBJECT, 96, create_sync_object)                  \
	X(0x11, LX_DXSIGNALSYNCHRONIZATIONOBJECT, 464, signal_sync_object)                 \
	X(0x12, LX_DXWAITFORSYNCHRONIZATIONOBJECT, 200, wait_sync_object)                  \
	X(0x13, LX_DXDESTROYALLOCATION2, 24, destroy_allocation)                           \
	X(0x14, LX_DXENUMADAPTERS2, 16, enum_adapters)                                     \
	X(0x15, LX_DXCLOSEADAPTER, 4, close_adapter)                                       \
	X(0x16, LX_DXCHANGEVIDEOMEMORYRESERVATION, 32, change_vidmem_reservation)          \
	X(0x18, LX_DXCREATEHWQUEUE, 48, create_hwqueue)                                    \
	X(0x19, LX_DXDESTROYDEVICE, 4, destroy_device)                                     \
	X(0x1b, LX_DXDESTROYHWQUEUE, 4, destroy_hwqueue)                                   \
	X(0x1c, LX_DXDESTROYPAGINGQUEUE, 4, destroy_paging_queue)                          \
	X(0x1d, LX_DXDESTROYSYNCHRONIZATIONOBJECT, 4, destroy_sync_object)                 \
	X(0x1e, LX_DXEVICT, 32, evict)                                                     \
	X(0x1f, LX_DXFLUSHHEAPTRANSITIONS, 4, flush_heap_transitions)                      \
	X(0x20, LX_DXFREEGPUVIRTUALADDRESS, 24, free_gpu_va)                               \
	X(0x21, LX_DXGETCONTEXTINPROCESSSCHEDULINGPRIORITY, 8,                             \
	  get_context_process_scheduling_priority)                                         \
	X(0x22, LX_DXGETCONTEXTSCHEDULINGPRIORITY, 8, get_context_scheduling_priority)     \
	X(0x24, LX_DXINVALIDATECACHE, 24, invalidate_cache)                                \
	X(0x25, LX_DXLOCK2, 24, lock2)                                                     \
	X(0x26, LX_DXMARKDEVICEASERROR, 8, mark_device_as_error)                           \
	X(0x27, LX_DXOFFERALLOCATIONS, 40, offer_allocations)                              \
	X(0x2a, LX_DXQUERYALLOCATIONRESIDENCY, 32, query_alloc_residency)                  \
	X(0x2c, LX_DXRECLAIMALLOCATIONS2, 40, reclaim_allocations)                         \
	X(0x2e, LX_DXSETALLOCATIONPRIORITY, 32, set_allocation_priority)                   \
	X(0x2f, LX_DXSETCONTEXTINPROCESSSCHEDULINGPRIORITY, 8,                             \
	  set_context_process_scheduling_priority)                                         \
	X(0x30, LX_DXSETCONTEXTSCHEDULINGPRIORITY, 8, set_context_scheduling_priority)     \
	X(0x31, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, 32, signal_sync_object_cpu)       \
	X(0x32, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU, 80, signal_sync_object_gpu)       \
	X(0x33, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2, 96, signal_sync_object_gpu2)     \
	X(0x34, LX_DXSUBMITCOMMANDTOHWQUEUE, 56, submit_command_to_hwqueue)                \
	X(0x35, LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE, 40, submit_signal_to_hwqueue)       \
	X(0x36, LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE, 24, submit_wait_to_hwqueue)        \
	X(0x37, LX_DXUNLOCK2, 8, unlock2)                                                  \
	X(0x38, LX_DXUPDATEALLOCPROPERTY, 40, update_alloc_property)                       \
	X(0x39, LX_DXUPDATEGPUVIRTUALADDRESS, 56, update_gpu_va)                           \
	X(0x3a, LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, 40, wait_sync_object_cpu)        \
	X(0x3b, LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU, 80, wait_sync_object_gpu)        \
	X(0x3c, LX_DXGETALLOCATIONPRIORITY, 32, get_allocation_priority)                   \
	X(0x3d, LX_DXQUERYCLOCKCALIBRATION, 40, query_clock_calibration)                   \
	X(0x3e, LX_DXENUMADAPTERS3, 24, enum_adapters3)                                    \
	X(0x3f, LX_DXSHAREOBJECTS, 40, share_objects)                                      \
	X(0x40, LX_DXOPENSYNCOBJECTFROMNTHANDLE2, 88, open_sync_object_nt)                 \
	X(0x41, LX_DXQUERYRESOURCEINFOFROMNTHANDLE, 40, query_resource_info_nt)            \
	X(0x42, LX_DXOPENRESOURCEFROMNTHANDLE, 104, open_resource_nt)                      \
	X(0x43, LX_DXQUERYSTATISTICS, 808, query_statistics)                               \
	X(0x44, LX_DXSHAREOBJECTWITHHOST, 24, share_object_with_host)                      \
	X(0x45, LX_DXCREATESYNCFILE, 24, create_sync_file)                                 \
	X(0x46, LX_DXWAITSYNCFILE, 16, wait_sync_file)                                     \
	X(0x47, LX_DXOPENSYNCOBJECTFROMSYNCFILE, 40, open_syncobj_from_syncfile)           \
	X(0x48, LX_DXENUMPROCESSES, 24, enum_processes)                                    \
	X(0x49, LX_ISFEATUREENABLED, 12, is_feature_enabled)
/* clang-format on */

enum dxg_ioctl {
#define X(nr, constant, size, name) constant = DXG_IOCTL(nr, size),
	DXG_IOCTLS(X)
#undef X
};

/* Limits (d3dkmthk.h; the last two from ioctl.c). */
#define D3DKMT_ADAPTERS_MAX        64 /* ENUMADAPTERS2 refuses more room */
#define D3DDDI_MAX_OBJECT_SIGNALED 32
#define DXG_ENUMADAPTERS3_MAX      65535
#define DXG_PRIVATE_DATA_MAX       131072 /* of a QUERYADAPTERINFO */

/*
 * X(VALUE, NAME, errno): how the driver turns a negative status of the host into an errno
 * (drivers/hv/dxgkrnl/misc.c, ntstatus2int); what has no row becomes EINVAL, which is
 * therefore the errno that says least. Statuses below 0x80000000 are successes and come
 * back as they are.
 */
/* clang-format off */
#define DXG_STATUSES(X)                                                                    \
	X(0x00000000, STATUS_SUCCESS, 0)                                                   \
	X(0x00000103, STATUS_PENDING, 0)                                                   \
	X(0xc0000001, STATUS_UNSUCCESSFUL, EINVAL)                                         \
	X(0xc0000002, STATUS_NOT_IMPLEMENTED, EPERM)                                       \
	X(0xc0000008, STATUS_INVALID_HANDLE, EBADF)                                        \
	X(0xc000000d, STATUS_INVALID_PARAMETER, EINVAL)                                    \
	X(0xc0000017, STATUS_NO_MEMORY, ENOMEM)                                            \
	X(0xc000001d, STATUS_ILLEGAL_INSTRUCTION, EOPNOTSUPP)                              \
	X(0xc0000022, STATUS_ACCESS_DENIED, EACCES)                                        \
	X(0xc0000023, STATUS_BUFFER_TOO_SMALL, EOVERFLOW)                                  \
	X(0xc0000024, STATUS_OBJECT_TYPE_MISMATCH, EPROTOTYPE)                             \
	X(0xc0000033, STATUS_OBJECT_NAME_INVALID, ENOENT)                                  \
	X(0xc0000034, STATUS_OBJECT_NAME_NOT_FOUND, ENOENT)                                \
	X(0xc0000035, STATUS_OBJECT_NAME_COLLISION, EEXIST)                                \
	X(0xc000009a, STATUS_INSUFFICIENT_RESOURCES, EINVAL)                               \
	X(0xc00000bb, STATUS_NOT_SUPPORTED, EPERM)                                         \
	X(0xc00002b6, STATUS_DEVICE_REMOVED, ENODEV)                                       \
	X(0xc01e0100, STATUS_GRAPHICS_NO_VIDEO_MEMORY, EINVAL)                             \
	X(0xc01e0102, STATUS_GRAPHICS_ALLOCATION_BUSY, EINPROGRESS)
/* clang-format on */

enum dxg_status {
#define X(value, constant, number) constant = value,
	DXG_STATUSES(X)
#undef X
};

/* A handle of this process; 0 is none. Adapters have a table of their own. */
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

struct d3dkmt_adapterinfo {
	struct d3dkmthandle adapter_handle;
	struct winluid adapter_luid;
	uint32_t num_sources;                    /* always 0 in WSL */
	uint32_t present_move_regions_preferred; /* always 0 in WSL */
};

struct d3dkmt_enumadapters2 {
	uint32_t num_adapters; /* in: room, out: how many */
	uint32_t reserved;
	uint64_t adapters; /* struct d3dkmt_adapterinfo *; 0 asks for the number alone */
};

struct d3dkmt_enumadapters3_filter {
	union {
		struct {
			uint64_t include_compute_only : 1;
			uint64_t include_display_only : 1;
			uint64_t reserved : 62;
		};
		uint64_t value;
	};
};

/* With too little room the driver returns 0, copies nothing and overruns a buffer of its
 * own: always pass D3DKMT_ADAPTERS_MAX. */
struct d3dkmt_enumadapters3 {
	struct d3dkmt_enumadapters3_filter filter;
	uint32_t adapter_count; /* in: room, out: how many */
	uint32_t reserved;
	uint64_t adapters; /* as in d3dkmt_enumadapters2 */
};

struct d3dkmt_closeadapter {
	struct d3dkmthandle adapter_handle;
};

/* An unknown LUID is refused only where adapter_handle was 0. */
struct d3dkmt_openadapterfromluid {
	struct winluid adapter_luid;
	struct d3dkmthandle adapter_handle; /* out */
};

struct d3dkmt_createdeviceflags {
	union {
		struct {
			uint32_t legacy_mode : 1;
			uint32_t request_vSync : 1;
			uint32_t disable_gpu_timeout : 1;
			uint32_t reserved : 29;
		};
		uint32_t value;
	};
};

/* Returns 0 and leaves device as it was where the host refuses. */
struct d3dkmt_createdevice {
	union {
		struct d3dkmthandle adapter;
		uint64_t adapter_pointer;
	};
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

enum d3dkmt_devicestate_type {
	D3DKMT_DEVICESTATE_EXECUTION = 1,
	D3DKMT_DEVICESTATE_RESET = 3,
};

enum d3dkmt_deviceexecution_state {
	D3DKMT_DEVICEEXECUTION_ACTIVE = 1,
	D3DKMT_DEVICEEXECUTION_RESET = 2,
	D3DKMT_DEVICEEXECUTION_HUNG = 3,
	D3DKMT_DEVICEEXECUTION_STOPPED = 4,
};

/* The guest answers the execution state from its own memory: no proof of a living host. */
struct d3dkmt_getdevicestate {
	struct d3dkmthandle device;
	uint32_t state_type; /* enum d3dkmt_devicestate_type */
	union {
		uint32_t execution_state; /* out: enum d3dkmt_deviceexecution_state */
		uint32_t reset_state;
		uint64_t alignment[6];
	};
};

/* The result is a page of the host's memory mapped into the caller, until the destroy. */
struct d3dkmt_createpagingqueue {
	struct d3dkmthandle device;
	int32_t priority;                   /* -1, 0, 1 */
	struct d3dkmthandle paging_queue;   /* out */
	struct d3dkmthandle sync_object;    /* out; belongs to the queue */
	uint64_t fence_cpu_virtual_address; /* out: uint64_t * in the caller */
	uint32_t physical_adapter_index;
};

struct d3dddi_destroypagingqueue {
	struct d3dkmthandle paging_queue;
};

enum d3dddi_synchronizationobject_type {
	D3DDDI_SYNCHRONIZATION_MUTEX = 1,
	D3DDDI_SEMAPHORE = 2,
	D3DDDI_FENCE = 3,
	D3DDDI_CPU_NOTIFICATION = 4,
	D3DDDI_MONITORED_FENCE = 5,
	D3DDDI_PERIODIC_MONITORED_FENCE = 6,
};

struct d3dddi_synchronizationobject_flags {
	union {
		struct {
			uint32_t shared : 1;
			uint32_t nt_security_sharing : 1;
			uint32_t cross_adapter : 1;
			uint32_t top_of_pipeline : 1;
			uint32_t no_signal : 1;
			uint32_t no_wait : 1;
			uint32_t no_signal_max_value_on_tdr : 1;
			uint32_t no_gpu_access : 1;
			uint32_t reserved : 24;
		};
		uint32_t value;
	};
};

struct d3dddi_synchronizationobjectinfo2 {
	uint32_t type; /* enum d3dddi_synchronizationobject_type */
	struct d3dddi_synchronizationobject_flags flags;
	union {
		struct {
			uint64_t initial_fence_value;
			uint64_t fence_cpu_virtual_address; /* out: const uint64_t * */
			uint64_t fence_gpu_virtual_address; /* out */
			uint32_t engine_affinity;           /* bit per physical adapter */
		} monitored_fence;
		struct {
			uint64_t event;
		} cpu_notification;
		uint64_t reserved[8];
	};
	struct d3dkmthandle shared_handle; /* out, only when shared */
};

struct d3dkmt_createsynchronizationobject2 {
	struct d3dkmthandle device;
	uint32_t reserved;
	struct d3dddi_synchronizationobjectinfo2 info;
	struct d3dkmthandle sync_object; /* out */
	uint32_t reserved1;
};

struct d3dkmt_destroysynchronizationobject {
	struct d3dkmthandle sync_object;
};

struct d3dddicb_signalflags {
	union {
		struct {
			uint32_t signal_at_submission : 1;
			uint32_t enqueue_cpu_event : 1;
			uint32_t allow_fence_rewind : 1;
			uint32_t reserved : 28;
			uint32_t DXGK_SIGNAL_FLAG_INTERNAL0 : 1;
		};
		uint32_t value;
	};
};

/* May return before the host has seen it: only the wait proves a signal. */
struct d3dkmt_signalsynchronizationobjectfromcpu {
	struct d3dkmthandle device;
	uint32_t object_count; /* 1 to D3DDDI_MAX_OBJECT_SIGNALED */
	uint64_t objects;      /* const struct d3dkmthandle * */
	uint64_t fence_values; /* const uint64_t *, one per object */
	struct d3dddicb_signalflags flags;
};

struct d3dddi_waitforsynchronizationobjectfromcpu_flags {
	union {
		struct {
			uint32_t wait_any : 1;
			uint32_t reserved : 31;
		};
		uint32_t value;
	};
};

struct d3dkmt_waitforsynchronizationobjectfromcpu {
	struct d3dkmthandle device;
	uint32_t object_count;
	uint64_t objects;      /* const struct d3dkmthandle * */
	uint64_t fence_values; /* const uint64_t *, one per object */
	uint64_t async_event;  /* an eventfd's number; 0 blocks, without any timeout */
	struct d3dddi_waitforsynchronizationobjectfromcpu_flags flags;
};

enum d3dkmt_memory_segment_group {
	D3DKMT_MEMORY_SEGMENT_GROUP_LOCAL = 0,
	D3DKMT_MEMORY_SEGMENT_GROUP_NON_LOCAL = 1,
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

/* X(number, NAME): the types in use here. The header of the driver names 15 and 57; it
 * passes every number on to the host, so Windows' list applies. */
#define DXG_ADAPTER_INFO_TYPES(X)                                                        \
	X(3, KMTQAITYPE_GETSEGMENTSIZE)                                                  \
	X(13, KMTQAITYPE_DRIVERVERSION)                                                  \
	X(15, KMTQAITYPE_ADAPTERTYPE)                                                    \
	X(18, KMTQAITYPE_UMD_DRIVER_VERSION)                                             \
	X(31, KMTQAITYPE_PHYSICALADAPTERDEVICEIDS)                                       \
	X(48, KMTQAITYPE_QUERYREGISTRY)                                                  \
	X(49, KMTQAITYPE_KMD_DRIVER_VERSION)                                             \
	X(56, KMTQAITYPE_DRIVERVERSION_RENDER)                                           \
	X(57, KMTQAITYPE_ADAPTERTYPE_RENDER)                                             \
	X(65, KMTQAITYPE_DRIVER_DESCRIPTION)                                             \
	X(66, KMTQAITYPE_DRIVER_DESCRIPTION_RENDER)

enum kmtqueryadapterinfotype {
#define X(number, constant) constant = number,
	DXG_ADAPTER_INFO_TYPES(X)
#undef X
};

/* The size must be the exact one of the type; a refusal leaves the buffer as it was. */
struct d3dkmt_queryadapterinfo {
	struct d3dkmthandle adapter;
	uint32_t type; /* enum kmtqueryadapterinfotype */
	uint64_t private_data;
	uint32_t private_data_size;
};

/* Types 15 and 57. The guest forces paravirtualized on, what belongs to displays off, and
 * compute_only by the id of the virtual PCI function (dxgvmbus.c). */
struct d3dkmt_adaptertype {
	union {
		struct {
			uint32_t render_supported : 1;
			uint32_t display_supported : 1;
			uint32_t software_device : 1;
			uint32_t post_device : 1;
			uint32_t hybrid_discrete : 1;
			uint32_t hybrid_integrated : 1;
			uint32_t indirect_display_device : 1;
			uint32_t paravirtualized : 1;
			uint32_t acg_supported : 1;
			uint32_t support_set_timings_from_vidpn : 1;
			uint32_t detachable : 1;
			uint32_t compute_only : 1;
			uint32_t prototype : 1;
			uint32_t reserved : 19;
		};
		uint32_t value;
	};
};

/* Type 3: bytes. */
struct d3dkmt_segmentsizeinfo {
	uint64_t dedicated_video_memory_size;
	uint64_t dedicated_system_memory_size;
	uint64_t shared_system_memory_size;
};

/* Type 31. */
struct d3dkmt_query_device_ids {
	uint32_t physical_adapter_index; /* in */
	uint32_t vendor_id;
	uint32_t device_id;
	uint32_t sub_vendor_id;
	uint32_t sub_system_id;
	uint32_t revision_id;
	uint32_t bus_type;
};

/* Types 65 and 66: UTF-16LE. */
#define D3DKMT_DRIVER_DESCRIPTION_LENGTH 4096
struct d3dkmt_driver_description {
	uint16_t driver_description[D3DKMT_DRIVER_DESCRIPTION_LENGTH];
};

enum d3dddi_queryregistry_type {
	D3DDDI_QUERYREGISTRY_DRIVERSTOREPATH = 2,
};

enum d3dddi_queryregistry_status {
	D3DDDI_QUERYREGISTRY_STATUS_SUCCESS = 0,
	D3DDDI_QUERYREGISTRY_STATUS_BUFFER_OVERFLOW = 1,
	D3DDDI_QUERYREGISTRY_STATUS_FAIL = 2,
};

/* Type 48; the value follows as output, of which the first 8 bytes are in the size. */
struct d3dddi_queryregistry_info {
	uint32_t query_type; /* in: enum d3dddi_queryregistry_type */
	uint32_t query_flags;
	uint16_t value_name[260];
	uint32_t value_type; /* 1 for a string */
	uint32_t physical_adapter_index;
	uint32_t output_value_size; /* out: bytes, or bytes needed */
	uint32_t status;            /* out: enum d3dddi_queryregistry_status */
	uint8_t output[8];
};

/* X(id, name, NAME): WDDM features a guest may ask for (LX_ISFEATUREENABLED). */
#define DXG_FEATURES(X)                                                                  \
	X(0, "hardware_scheduling", DXGK_FEATURE_HWSCH)                                  \
	X(32, "page_based_memory_manager", DXGK_FEATURE_PAGE_BASED_MEMORY_MANAGER)       \
	X(33, "kernel_mode_testing", DXGK_FEATURE_KERNEL_MODE_TESTING)

enum dxgk_feature_id {
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
	uint32_t feature_id; /* enum dxgk_feature_id */
	struct dxgk_isfeatureenabled_result result;
};

/* The layouts, member by member. */
#define DXG_SIZE(structure, bytes)                                                       \
	_Static_assert(sizeof(struct structure) == (bytes), #structure)
#define DXG_ARGUMENT(structure, constant)                                                \
	_Static_assert(sizeof(struct structure) == _IOC_SIZE(constant), #structure)
#define DXG_AT(structure, member, offset)                                                \
	_Static_assert(offsetof(struct structure, member) == (offset),                   \
		       #structure "." #member)

DXG_SIZE(d3dkmthandle, 4);
DXG_SIZE(winluid, 8);
DXG_AT(winluid, b, 4);

DXG_SIZE(d3dkmt_adapterinfo, 20);
DXG_AT(d3dkmt_adapterinfo, adapter_luid, 4);
DXG_AT(d3dkmt_adapterinfo, num_sources, 12);
DXG_AT(d3dkmt_adapterinfo, present_move_regions_preferred, 16);

DXG_ARGUMENT(d3dkmt_enumadapters2, LX_DXENUMADAPTERS2);
DXG_AT(d3dkmt_enumadapters2, adapters, 8);

DXG_ARGUMENT(d3dkmt_enumadapters3, LX_DXENUMADAPTERS3);
DXG_AT(d3dkmt_enumadapters3, adapter_count, 8);
DXG_AT(d3dkmt_enumadapters3, adapters, 16);

DXG_ARGUMENT(d3dkmt_closeadapter, LX_DXCLOSEADAPTER);

DXG_ARGUMENT(d3dkmt_openadapterfromluid, LX_DXOPENADAPTERFROMLUID);
DXG_AT(d3dkmt_openadapterfromluid, adapter_handle, 8);

DXG_SIZE(d3dkmt_createdeviceflags, 4);
DXG_ARGUMENT(d3dkmt_createdevice, LX_DXCREATEDEVICE);
DXG_AT(d3dkmt_createdevice, flags, 8);
DXG_AT(d3dkmt_createdevice, device, 12);
DXG_AT(d3dkmt_createdevice, command_buffer, 16);
DXG_AT(d3dkmt_createdevice, command_buffer_size, 24);
DXG_AT(d3dkmt_createdevice, allocation_list, 32);
DXG_AT(d3dkmt_createdevice, allocation_list_size, 40);
DXG_AT(d3dkmt_createdevice, patch_location_list, 48);
DXG_AT(d3dkmt_createdevice, patch_location_list_size, 56);

DXG_ARGUMENT(d3dkmt_destroydevice, LX_DXDESTROYDEVICE);

DXG_ARGUMENT(d3dkmt_getdevicestate, LX_DXGETDEVICESTATE);
DXG_AT(d3dkmt_getdevicestate, state_type, 4);
DXG_AT(d3dkmt_getdevicestate, execution_state, 8);
DXG_AT(d3dkmt_getdevicestate, reset_state, 8);

DXG_ARGUMENT(d3dkmt_createpagingqueue, LX_DXCREATEPAGINGQUEUE);
DXG_AT(d3dkmt_createpagingqueue, priority, 4);
DXG_AT(d3dkmt_createpagingqueue, paging_queue, 8);
DXG_AT(d3dkmt_createpagingqueue, sync_object, 12);
DXG_AT(d3dkmt_createpagingqueue, fence_cpu_virtual_address, 16);
DXG_AT(d3dkmt_createpagingqueue, physical_adapter_index, 24);

DXG_ARGUMENT(d3dddi_destroypagingqueue, LX_DXDESTROYPAGINGQUEUE);

DXG_SIZE(d3dddi_synchronizationobject_flags, 4);
DXG_SIZE(d3dddi_synchronizationobjectinfo2, 80);
DXG_ARGUMENT(d3dkmt_createsynchronizationobject2, LX_DXCREATESYNCHRONIZATIONOBJECT);
DXG_AT(d3dkmt_createsynchronizationobject2, info, 8);
DXG_AT(d3dkmt_createsynchronizationobject2, info.type, 8);
DXG_AT(d3dkmt_createsynchronizationobject2, info.flags, 12);
DXG_AT(d3dkmt_createsynchronizationobject2, info.monitored_fence.initial_fence_value, 16);
DXG_AT(d3dkmt_createsynchronizationobject2,
       info.monitored_fence.fence_cpu_virtual_address, 24);
DXG_AT(d3dkmt_createsynchronizationobject2,
       info.monitored_fence.fence_gpu_virtual_address, 32);
DXG_AT(d3dkmt_createsynchronizationobject2, info.monitored_fence.engine_affinity, 40);
DXG_AT(d3dkmt_createsynchronizationobject2, info.cpu_notification.event, 16);
DXG_AT(d3dkmt_createsynchronizationobject2, info.shared_handle, 80);
DXG_AT(d3dkmt_createsynchronizationobject2, sync_object, 88);
DXG_AT(d3dkmt_createsynchronizationobject2, reserved1, 92);

DXG_ARGUMENT(d3dkmt_destroysynchronizationobject, LX_DXDESTROYSYNCHRONIZATIONOBJECT);

DXG_ARGUMENT(d3dkmt_signalsynchronizationobjectfromcpu,
	     LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU);
DXG_AT(d3dkmt_signalsynchronizationobjectfromcpu, object_count, 4);
DXG_AT(d3dkmt_signalsynchronizationobjectfromcpu, objects, 8);
DXG_AT(d3dkmt_signalsynchronizationobjectfromcpu, fence_values, 16);
DXG_AT(d3dkmt_signalsynchronizationobjectfromcpu, flags, 24);

DXG_ARGUMENT(d3dkmt_waitforsynchronizationobjectfromcpu,
	     LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU);
DXG_AT(d3dkmt_waitforsynchronizationobjectfromcpu, object_count, 4);
DXG_AT(d3dkmt_waitforsynchronizationobjectfromcpu, objects, 8);
DXG_AT(d3dkmt_waitforsynchronizationobjectfromcpu, fence_values, 16);
DXG_AT(d3dkmt_waitforsynchronizationobjectfromcpu, async_event, 24);
DXG_AT(d3dkmt_waitforsynchronizationobjectfromcpu, flags, 32);

DXG_ARGUMENT(d3dkmt_queryvideomemoryinfo, LX_DXQUERYVIDEOMEMORYINFO);
DXG_AT(d3dkmt_queryvideomemoryinfo, adapter, 8);
DXG_AT(d3dkmt_queryvideomemoryinfo, memory_segment_group, 12);
DXG_AT(d3dkmt_queryvideomemoryinfo, budget, 16);
DXG_AT(d3dkmt_queryvideomemoryinfo, current_usage, 24);
DXG_AT(d3dkmt_queryvideomemoryinfo, current_reservation, 32);
DXG_AT(d3dkmt_queryvideomemoryinfo, available_for_reservation, 40);
DXG_AT(d3dkmt_queryvideomemoryinfo, physical_adapter_index, 48);

DXG_ARGUMENT(d3dkmt_queryadapterinfo, LX_DXQUERYADAPTERINFO);
DXG_AT(d3dkmt_queryadapterinfo, type, 4);
DXG_AT(d3dkmt_queryadapterinfo, private_data, 8);
DXG_AT(d3dkmt_queryadapterinfo, private_data_size, 16);

DXG_SIZE(d3dkmt_adaptertype, 4);
DXG_SIZE(d3dkmt_segmentsizeinfo, 24);
DXG_AT(d3dkmt_segmentsizeinfo, shared_system_memory_size, 16);
DXG_SIZE(d3dkmt_query_device_ids, 28);
DXG_AT(d3dkmt_query_device_ids, vendor_id, 4);
DXG_AT(d3dkmt_query_device_ids, revision_id, 20);
DXG_AT(d3dkmt_query_device_ids, bus_type, 24);
DXG_SIZE(d3dkmt_driver_description, 8192);
DXG_SIZE(d3dddi_queryregistry_info, 552);
DXG_AT(d3dddi_queryregistry_info, value_name, 8);
DXG_AT(d3dddi_queryregistry_info, value_type, 528);
DXG_AT(d3dddi_queryregistry_info, physical_adapter_index, 532);
DXG_AT(d3dddi_queryregistry_info, output_value_size, 536);
DXG_AT(d3dddi_queryregistry_info, status, 540);
DXG_AT(d3dddi_queryregistry_info, output, 544);

DXG_ARGUMENT(d3dkmt_isfeatureenabled, LX_ISFEATUREENABLED);
DXG_AT(d3dkmt_isfeatureenabled, feature_id, 4);
DXG_AT(d3dkmt_isfeatureenabled, result.version, 8);
DXG_AT(d3dkmt_isfeatureenabled, result.value, 10);

/* The numbers as the kernel's own table has them, one of each kind of size. */
_Static_assert(LX_DXOPENADAPTERFROMLUID == 0xc00c4701, "encoding");
_Static_assert(LX_DXQUERYADAPTERINFO == 0xc0184709, "encoding");
_Static_assert(LX_DXQUERYSTATISTICS == 0xc3284743, "encoding");
_Static_assert(LX_ISFEATUREENABLED == 0xc00c4749, "encoding");

#undef DXG_SIZE
#undef DXG_ARGUMENT
#undef DXG_AT
