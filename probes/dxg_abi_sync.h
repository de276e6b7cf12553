/*
 * dxg_abi_sync.h: what calls about fences, submissions and sharing take; the words of
 * dxg_abi_device.h on names and sources hold here too.
 */
#pragma once
#ifdef __cplusplus
/* Structures without a name are C, and in C++ an extension of each compiler. */
#pragma GCC system_header
#endif

#include <stdint.h>

#include "dxg_abi_device.h"

#define D3DDDI_MAX_BROADCAST_CONTEXT 64
#define D3DDDI_MAX_OBJECT_SIGNALED   32
#define D3DDDI_MAX_OBJECT_WAITED_ON  32
#define D3DDDI_MAX_WRITTEN_PRIMARIES 16

/* Fences and their like. */

enum d3dddi_synchronizationobject_type {
	_D3DDDI_SYNCHRONIZATION_MUTEX = 1,
	_D3DDDI_SEMAPHORE = 2,
	_D3DDDI_FENCE = 3,
	_D3DDDI_CPU_NOTIFICATION = 4,
	_D3DDDI_MONITORED_FENCE = 5,
	_D3DDDI_PERIODIC_MONITORED_FENCE = 6,
	_D3DDDI_SYNCHRONIZATION_TYPE_LIMIT
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
			uint32_t reserved : 23;
		};
		uint32_t value;
	};
};

struct d3dddi_synchronizationobjectinfo2 {
	uint32_t type; /* enum d3dddi_synchronizationobject_type */
	struct d3dddi_synchronizationobject_flags flags;
	union {
		struct {
			uint32_t initial_state;
		} synchronization_mutex;
		struct {
			uint32_t max_count;
			uint32_t initial_count;
		} semaphore;
		struct {
			uint64_t fence_value;
		} fence;
		struct {
			uint64_t event; /* an eventfd's number */
		} cpu_notification;
		struct {
			uint64_t initial_fence_value;
			uint64_t fence_cpu_virtual_address; /* out: const uint64_t * */
			uint64_t fence_gpu_virtual_address; /* out */
			uint32_t engine_affinity;           /* bit per physical adapter */
		} monitored_fence;
		struct {
			struct d3dkmthandle adapter;
			uint32_t vidpn_target_id;
			uint64_t time;
			uint64_t fence_cpu_virtual_address; /* out: const uint64_t * */
			uint64_t fence_gpu_virtual_address; /* out */
			uint32_t engine_affinity;
		} periodic_monitored_fence;
		struct {
			uint64_t reserved[8];
		} reserved;
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

struct d3dkmt_signalsynchronizationobject2 {
	struct d3dkmthandle context;
	uint32_t object_count; /* up to D3DDDI_MAX_OBJECT_SIGNALED */
	struct d3dkmthandle object_array[D3DDDI_MAX_OBJECT_SIGNALED];
	struct d3dddicb_signalflags flags;
	uint32_t context_count; /* below D3DDDI_MAX_BROADCAST_CONTEXT */
	struct d3dkmthandle contexts[D3DDDI_MAX_BROADCAST_CONTEXT];
	union {
		struct {
			uint64_t fence_value;
		} fence;
		uint64_t cpu_event_handle; /* an eventfd's number */
		uint64_t reserved[8];
	};
};

struct d3dkmt_waitforsynchronizationobject2 {
	struct d3dkmthandle context;
	uint32_t object_count; /* 1 to D3DDDI_MAX_OBJECT_WAITED_ON */
	struct d3dkmthandle object_array[D3DDDI_MAX_OBJECT_WAITED_ON];
	union {
		struct {
			uint64_t fence_value;
		} fence;
		uint64_t reserved[8];
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

struct d3dkmt_signalsynchronizationobjectfromgpu {
	struct d3dkmthandle context;
	uint32_t object_count;
	uint64_t objects; /* const struct d3dkmthandle * */
	union {
		uint64_t monitored_fence_values; /* const uint64_t * */
		uint64_t reserved[8];
	};
};

struct d3dkmt_signalsynchronizationobjectfromgpu2 {
	uint32_t object_count;
	uint32_t reserved1;
	uint64_t objects; /* const struct d3dkmthandle * */
	struct d3dddicb_signalflags flags;
	uint32_t context_count;
	uint64_t contexts; /* const struct d3dkmthandle * */
	union {
		uint64_t fence_value;
		uint64_t cpu_event_handle;       /* an eventfd's number */
		uint64_t monitored_fence_values; /* const uint64_t * */
		uint64_t reserved[8];
	};
};

struct d3dkmt_waitforsynchronizationobjectfromgpu {
	struct d3dkmthandle context;
	uint32_t object_count;
	uint64_t objects; /* const struct d3dkmthandle * */
	union {
		uint64_t monitored_fence_values; /* const uint64_t * */
		uint64_t fence_value;            /* of fences of the older kind */
		uint64_t reserved[8];
	};
};

/* Submissions. */

struct d3dkmt_submitcommandflags {
	union {
		struct {
			uint32_t null_rendering : 1;
			uint32_t present_redirected : 1;
			uint32_t reserved : 30;
		};
		uint32_t value;
	};
};

struct d3dkmt_submitcommand {
	uint64_t command_buffer; /* a GPU address */
	uint32_t command_length;
	struct d3dkmt_submitcommandflags flags;
	uint64_t present_history_token;
	uint32_t broadcast_context_count;
	struct d3dkmthandle broadcast_context[D3DDDI_MAX_BROADCAST_CONTEXT];
	uint32_t reserved;
	uint64_t priv_drv_data;
	uint32_t priv_drv_data_size;
	uint32_t num_primaries;
	struct d3dkmthandle written_primaries[D3DDDI_MAX_WRITTEN_PRIMARIES];
	uint32_t num_history_buffers;
	uint32_t reserved1;
	uint64_t history_buffer_array; /* const struct d3dkmthandle * */
};

struct d3dkmt_submitcommandtohwqueue {
	struct d3dkmthandle hwqueue;
	uint32_t reserved;
	uint64_t hwqueue_progress_fence_id;
	uint64_t command_buffer; /* a GPU address */
	uint32_t command_length;
	uint32_t priv_drv_data_size;
	uint64_t priv_drv_data;
	uint32_t num_primaries;
	uint32_t reserved1;
	uint64_t written_primaries; /* const struct d3dkmthandle * */
};

struct d3dkmt_submitsignalsyncobjectstohwqueue {
	struct d3dddicb_signalflags flags;
	uint32_t hwqueue_count;
	uint64_t hwqueues; /* const struct d3dkmthandle * */
	uint32_t object_count;
	uint32_t reserved;
	uint64_t objects;      /* const struct d3dkmthandle * */
	uint64_t fence_values; /* const uint64_t * */
};

struct d3dkmt_submitwaitforsyncobjectstohwqueue {
	struct d3dkmthandle hwqueue;
	uint32_t object_count;
	uint64_t objects;      /* const struct d3dkmthandle * */
	uint64_t fence_values; /* const uint64_t * */
};

/* Sharing between processes, by descriptor. */

struct d3dkmt_shareobjects {
	uint32_t object_count; /* 1 */
	uint32_t reserved;
	uint64_t objects;     /* const struct d3dkmthandle * */
	uint64_t object_attr; /* unread */
	uint32_t desired_access;
	uint32_t reserved1;
	uint64_t shared_handle; /* uint64_t *, out: a descriptor */
};

struct d3dkmt_opensyncobjectfromnthandle2 {
	uint64_t nt_handle; /* a descriptor */
	struct d3dkmthandle device;
	struct d3dddi_synchronizationobject_flags flags;
	struct d3dkmthandle sync_object; /* out */
	uint32_t reserved1;
	union {
		struct {
			uint64_t fence_value_cpu_va; /* out: const uint64_t * */
			uint64_t fence_value_gpu_va; /* out */
			uint32_t engine_affinity;
		} monitored_fence;
		uint64_t reserved[8];
	};
};

struct d3dkmt_queryresourceinfofromnthandle {
	struct d3dkmthandle device;
	uint32_t reserved;
	uint64_t nt_handle; /* a descriptor */
	uint64_t private_runtime_data;
	uint32_t private_runtime_data_size; /* in and out, as the next two */
	uint32_t total_priv_drv_data_size;
	uint32_t resource_priv_drv_data_size;
	uint32_t allocation_count; /* out */
};

struct d3dddi_openallocationinfo2 {
	struct d3dkmthandle allocation; /* out */
	uint64_t priv_drv_data;
	uint32_t priv_drv_data_size;
	uint64_t gpu_va; /* out */
	uint64_t reserved[6];
};

struct d3dkmt_openresourcefromnthandle {
	struct d3dkmthandle device;
	uint32_t reserved;
	uint64_t nt_handle; /* a descriptor */
	uint32_t allocation_count;
	uint32_t reserved1;
	uint64_t open_alloc_info; /* struct d3dddi_openallocationinfo2 *, out */
	int32_t private_runtime_data_size;
	uint32_t reserved2;
	uint64_t private_runtime_data; /* out */
	uint32_t resource_priv_drv_data_size;
	uint32_t reserved3;
	uint64_t resource_priv_drv_data; /* out */
	uint32_t total_priv_drv_data_size;
	uint64_t total_priv_drv_data; /* out */
	struct d3dkmthandle resource; /* out, as the next */
	struct d3dkmthandle keyed_mutex;
	uint64_t keyed_mutex_private_data;
	uint32_t keyed_mutex_private_data_size;
	struct d3dkmthandle sync_object; /* out */
};

struct d3dkmt_shareobjectwithhost {
	struct d3dkmthandle device_handle;
	struct d3dkmthandle object_handle;
	uint64_t reserved;
	uint64_t object_vail_nt_handle; /* out */
};

struct d3dkmt_createsyncfile {
	struct d3dkmthandle device;
	struct d3dkmthandle monitored_fence;
	uint64_t fence_value;
	uint64_t sync_file_handle; /* out: a descriptor */
};

struct d3dkmt_waitsyncfile {
	uint64_t sync_file_handle; /* a descriptor */
	struct d3dkmthandle context;
	uint32_t reserved;
};

struct d3dkmt_opensyncobjectfromsyncfile {
	uint64_t sync_file_handle; /* a descriptor */
	struct d3dkmthandle device;
	struct d3dkmthandle syncobj; /* out, as the rest */
	uint64_t fence_value;
	uint64_t fence_value_cpu_va; /* const uint64_t * in the caller */
	uint64_t fence_value_gpu_va;
};
