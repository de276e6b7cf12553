/*
 * dxg_abi_memory.h: what calls about allocations and GPU addresses take; the words of
 * dxg_abi_device.h on names and sources hold here too.
 */
#pragma once
#ifdef __cplusplus
/* Structures without a name are C, and in C++ an extension of each compiler. */
#pragma GCC system_header
#endif

#include <stdint.h>

#include "dxg_abi_device.h"

#define D3DKMT_CREATEALLOCATION_MAX   1024
#define D3DKMT_MAKERESIDENT_ALLOC_MAX 10240 /* evict, offer and reclaim too */

/* Allocations. */

enum d3dkmt_standardallocationtype {
	_D3DKMT_STANDARDALLOCATIONTYPE_EXISTINGHEAP = 1,
	_D3DKMT_STANDARDALLOCATIONTYPE_CROSSADAPTER = 2,
};

struct d3dkmt_standardallocation_existingheap {
	uint64_t size; /* bytes, whole pages */
};

struct d3dkmt_createstandardallocationflags {
	union {
		struct {
			uint32_t reserved : 32;
		};
		uint32_t value;
	};
};

struct d3dkmt_createstandardallocation {
	uint32_t type; /* enum d3dkmt_standardallocationtype */
	uint32_t reserved;
	struct d3dkmt_standardallocation_existingheap existing_heap_data;
	struct d3dkmt_createstandardallocationflags flags;
	uint32_t reserved1;
};

struct d3dddi_allocationinfo2 {
	struct d3dkmthandle allocation; /* out */
	uint64_t sysmem;                /* const void *, of a page's start; or 0 */
	uint64_t priv_drv_data;         /* in and out */
	uint32_t priv_drv_data_size;
	uint32_t vidpn_source_id;
	union {
		struct {
			uint32_t primary : 1;
			uint32_t stereo : 1;
			uint32_t override_priority : 1;
			uint32_t reserved : 29;
		};
		uint32_t value;
	} flags;
	uint64_t gpu_virtual_address; /* out, by some drivers */
	union {
		uint32_t priority;
		uint64_t unused;
	};
	uint64_t reserved[5];
};

struct d3dkmt_createallocationflags {
	union {
		struct {
			uint32_t create_resource : 1;
			uint32_t create_shared : 1;
			uint32_t non_secure : 1;
			uint32_t create_protected : 1;
			uint32_t restrict_shared_access : 1;
			uint32_t existing_sysmem : 1;
			uint32_t nt_security_sharing : 1;
			uint32_t read_only : 1;
			uint32_t create_write_combined : 1;
			uint32_t create_cached : 1;
			uint32_t swap_chain_back_buffer : 1;
			uint32_t cross_adapter : 1;
			uint32_t open_cross_adapter : 1;
			uint32_t partial_shared_creation : 1;
			uint32_t zeroed : 1;
			uint32_t write_watch : 1;
			uint32_t standard_allocation : 1;
			uint32_t existing_section : 1;
			uint32_t reserved : 14;
		};
		uint32_t value;
	};
};

/* Some refusals are the raw status, returned as it is with errno unchanged. */
struct d3dkmt_createallocation {
	struct d3dkmthandle device;
	struct d3dkmthandle resource;     /* in and out */
	struct d3dkmthandle global_share; /* out */
	uint32_t reserved;
	uint64_t private_runtime_data;
	uint32_t private_runtime_data_size;
	uint32_t reserved1;
	union {
		/* struct d3dkmt_createstandardallocation * */
		uint64_t standard_allocation;
		uint64_t priv_drv_data;
	};
	uint32_t priv_drv_data_size;
	uint32_t alloc_count;     /* 1 to D3DKMT_CREATEALLOCATION_MAX */
	uint64_t allocation_info; /* struct d3dddi_allocationinfo2 *, in and out */
	struct d3dkmt_createallocationflags flags;
	uint32_t reserved2;
	uint64_t private_runtime_resource_handle;
};

struct d3dddicb_destroyallocation2flags {
	union {
		struct {
			uint32_t assume_not_in_use : 1;
			uint32_t synchronous_destroy : 1;
			uint32_t reserved : 29;
			uint32_t system_use_only : 1;
		};
		uint32_t value;
	};
};

/* Either a resource or some allocations. */
struct d3dkmt_destroyallocation2 {
	struct d3dkmthandle device;
	struct d3dkmthandle resource;
	uint64_t allocations; /* const struct d3dkmthandle * */
	uint32_t alloc_count;
	struct d3dddicb_destroyallocation2flags flags;
};

struct d3dddi_makeresident_flags {
	union {
		struct {
			uint32_t cant_trim_further : 1;
			uint32_t must_succeed : 1;
			uint32_t reserved : 30;
		};
		uint32_t value;
	};
};

/* STATUS_PENDING: resident once the queue's fence has paging_fence_value. */
struct d3dddi_makeresident {
	struct d3dkmthandle paging_queue;
	uint32_t alloc_count;     /* 1 to D3DKMT_MAKERESIDENT_ALLOC_MAX */
	uint64_t allocation_list; /* const struct d3dkmthandle * */
	uint64_t priority_list;   /* const uint32_t *, unread */
	struct d3dddi_makeresident_flags flags;
	uint64_t paging_fence_value; /* out */
	uint64_t num_bytes_to_trim;  /* out */
};

struct d3dddi_evict_flags {
	union {
		struct {
			uint32_t evict_only_if_necessary : 1;
			uint32_t not_written_to : 1;
			uint32_t reserved : 30;
		};
		uint32_t value;
	};
};

struct d3dkmt_evict {
	struct d3dkmthandle device;
	uint32_t alloc_count;
	uint64_t allocations; /* const struct d3dkmthandle * */
	struct d3dddi_evict_flags flags;
	uint32_t reserved;
	uint64_t num_bytes_to_trim; /* out */
};

enum d3dkmt_allocationresidencystatus {
	_D3DKMT_ALLOCATIONRESIDENCYSTATUS_RESIDENTINGPUMEMORY = 1,
	_D3DKMT_ALLOCATIONRESIDENCYSTATUS_RESIDENTINSHAREDMEMORY = 2,
	_D3DKMT_ALLOCATIONRESIDENCYSTATUS_NOTRESIDENT = 3,
};

struct d3dkmt_queryallocationresidency {
	struct d3dkmthandle device;
	struct d3dkmthandle resource;
	uint64_t allocations;      /* const struct d3dkmthandle * */
	uint32_t allocation_count; /* 0 for a resource */
	uint32_t reserved;
	uint64_t residency_status; /* uint32_t *, out */
};

struct d3dddicb_lock2flags {
	union {
		struct {
			uint32_t reserved : 32;
		};
		uint32_t value;
	};
};

struct d3dkmt_lock2 {
	struct d3dkmthandle device;
	struct d3dkmthandle allocation;
	struct d3dddicb_lock2flags flags;
	uint32_t reserved;
	uint64_t data; /* out: void * in the caller */
};

struct d3dkmt_unlock2 {
	struct d3dkmthandle device;
	struct d3dkmthandle allocation;
};

struct d3dkmt_invalidatecache {
	struct d3dkmthandle device;
	struct d3dkmthandle allocation;
	uint64_t offset;
	uint64_t length;
};

struct d3dkmt_setallocationpriority {
	struct d3dkmthandle device;
	struct d3dkmthandle resource;
	uint64_t allocation_list; /* const struct d3dkmthandle * */
	uint32_t allocation_count;
	uint32_t reserved;
	uint64_t priorities; /* const uint32_t * */
};

struct d3dkmt_getallocationpriority {
	struct d3dkmthandle device;
	struct d3dkmthandle resource;
	uint64_t allocation_list; /* const struct d3dkmthandle * */
	uint32_t allocation_count;
	uint32_t reserved;
	uint64_t priorities; /* uint32_t *, out */
};

enum d3dkmt_offer_priority {
	_D3DKMT_OFFER_PRIORITY_LOW = 1,
	_D3DKMT_OFFER_PRIORITY_NORMAL = 2,
	_D3DKMT_OFFER_PRIORITY_HIGH = 3,
	_D3DKMT_OFFER_PRIORITY_AUTO = 4,
};

struct d3dkmt_offer_flags {
	union {
		struct {
			uint32_t offer_immediately : 1;
			uint32_t allow_decommit : 1;
			uint32_t reserved : 30;
		};
		uint32_t value;
	};
};

/* Either resources or allocations. */
struct d3dkmt_offerallocations {
	struct d3dkmthandle device;
	uint32_t reserved;
	uint64_t resources;   /* const struct d3dkmthandle * */
	uint64_t allocations; /* const struct d3dkmthandle * */
	uint32_t allocation_count;
	uint32_t priority; /* enum d3dkmt_offer_priority */
	struct d3dkmt_offer_flags flags;
	uint32_t reserved1;
};

enum d3dddi_reclaim_result {
	_D3DDDI_RECLAIM_RESULT_OK = 0,
	_D3DDDI_RECLAIM_RESULT_DISCARDED = 1,
	_D3DDDI_RECLAIM_RESULT_NOT_COMMITTED = 2,
};

/* With results it returns 0 where without them it would return STATUS_PENDING; there all the
 * same once the queue's fence has paging_fence_value. */
struct d3dkmt_reclaimallocations2 {
	struct d3dkmthandle paging_queue;
	uint32_t allocation_count;
	uint64_t resources;   /* const struct d3dkmthandle * */
	uint64_t allocations; /* const struct d3dkmthandle * */
	union {
		uint64_t discarded; /* uint32_t *, out */
		uint64_t results;   /* enum d3dddi_reclaim_result *, out */
	};
	uint64_t paging_fence_value; /* out */
};

struct d3dddi_updateallocproperty_flags {
	union {
		struct {
			uint32_t accessed_physically : 1;
			uint32_t reserved : 31;
		};
		uint32_t value;
	};
};

struct d3dddi_segmentpreference {
	union {
		struct {
			uint32_t segment_id0 : 5;
			uint32_t direction0 : 1;
			uint32_t segment_id1 : 5;
			uint32_t direction1 : 1;
			uint32_t segment_id2 : 5;
			uint32_t direction2 : 1;
			uint32_t segment_id3 : 5;
			uint32_t direction3 : 1;
			uint32_t segment_id4 : 5;
			uint32_t direction4 : 1;
			uint32_t reserved : 2;
		};
		uint32_t value;
	};
};

struct d3dddi_updateallocproperty {
	struct d3dkmthandle paging_queue;
	struct d3dkmthandle allocation;
	uint32_t supported_segment_set;
	struct d3dddi_segmentpreference preferred_segment;
	struct d3dddi_updateallocproperty_flags flags;
	uint64_t paging_fence_value; /* out */
	union {
		struct {
			uint32_t set_accessed_physically : 1;
			uint32_t set_supported_segmentSet : 1;
			uint32_t set_preferred_segment : 1;
			uint32_t reserved : 29;
		};
		uint32_t property_mask_value;
	};
};

/* GPU addresses. */

enum d3dddigpuva_reservation_type {
	_D3DDDIGPUVA_RESERVE_NO_ACCESS = 0,
	_D3DDDIGPUVA_RESERVE_ZERO = 1,
	_D3DDDIGPUVA_RESERVE_NO_COMMIT = 2,
};

/* No status comes back: a refusal is a reply that is too short, EOVERFLOW. */
struct d3dddi_reservegpuvirtualaddress {
	struct d3dkmthandle adapter; /* or a paging queue */
	uint64_t base_address;       /* 0: wherever */
	uint64_t minimum_address;
	uint64_t maximum_address;    /* 0: anywhere */
	uint64_t size;               /* bytes, whole pages */
	uint32_t reservation_type;   /* enum d3dddigpuva_reservation_type */
	uint64_t driver_protection;  /* the vendor's */
	uint64_t virtual_address;    /* out */
	uint64_t paging_fence_value; /* never written */
};

struct d3dkmt_freegpuvirtualaddress {
	struct d3dkmthandle adapter; /* never a paging queue */
	uint32_t reserved;
	uint64_t base_address;
	uint64_t size; /* bytes */
};

struct d3dddigpuva_protection_type {
	union {
		struct {
			uint64_t write : 1;
			uint64_t execute : 1;
			uint64_t zero : 1;
			uint64_t no_access : 1;
			uint64_t system_use_only : 1;
			uint64_t reserved : 59;
		};
		uint64_t value;
	};
};

/* STATUS_PENDING: mapped once the queue's fence has paging_fence_value. */
struct d3dddi_mapgpuvirtualaddress {
	struct d3dkmthandle paging_queue;
	uint64_t base_address; /* in a reservation, or 0 */
	uint64_t minimum_address;
	uint64_t maximum_address;
	struct d3dkmthandle allocation;
	uint64_t offset_in_pages; /* of 4 KiB */
	uint64_t size_in_pages;
	struct d3dddigpuva_protection_type protection;
	uint64_t driver_protection;
	uint32_t reserved0;
	uint64_t reserved1;
	uint64_t virtual_address;    /* out */
	uint64_t paging_fence_value; /* out */
};

enum d3dddi_updategpuvirtualaddress_operation_type {
	_D3DDDI_UPDATEGPUVIRTUALADDRESS_MAP = 0,
	_D3DDDI_UPDATEGPUVIRTUALADDRESS_UNMAP = 1,
	_D3DDDI_UPDATEGPUVIRTUALADDRESS_COPY = 2,
	_D3DDDI_UPDATEGPUVIRTUALADDRESS_MAP_PROTECT = 3,
};

struct d3dddi_updategpuvirtualaddress_operation {
	uint32_t operation; /* enum d3dddi_updategpuvirtualaddress_operation_type */
	union {
		struct {
			uint64_t base_address;
			uint64_t size;
			struct d3dkmthandle allocation;
			uint64_t allocation_offset;
			uint64_t allocation_size;
		} map;
		struct {
			uint64_t base_address;
			uint64_t size;
			struct d3dkmthandle allocation;
			uint64_t allocation_offset;
			uint64_t allocation_size;
			struct d3dddigpuva_protection_type protection;
			uint64_t driver_protection;
		} map_protect;
		struct {
			uint64_t base_address;
			uint64_t size;
			struct d3dddigpuva_protection_type protection;
		} unmap;
		struct {
			uint64_t source_address;
			uint64_t size;
			uint64_t dest_address;
		} copy;
	};
};

struct d3dkmt_updategpuvirtualaddress {
	struct d3dkmthandle device;
	struct d3dkmthandle context;
	struct d3dkmthandle fence_object;
	uint32_t num_operations;
	uint64_t operations; /* struct d3dddi_updategpuvirtualaddress_operation * */
	uint32_t reserved0;
	uint32_t reserved1;
	uint64_t reserved2;
	uint64_t fence_value;
	union {
		struct {
			uint32_t do_not_wait : 1;
			uint32_t reserved : 31;
		};
		uint32_t value;
	} flags;
	uint32_t reserved3;
};
