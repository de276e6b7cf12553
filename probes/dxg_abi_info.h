/*
 * dxg_abi_info.h: what may be asked of an adapter through LX_DXQUERYADAPTERINFO.
 *
 * The driver's own header names types 0, 15 and 57 and passes every number on to Windows,
 * so the numbers, members and sizes are Windows': microsoft/libdxg:include/d3dkmthk.h,
 * d3dkmdt.h and d3dukmdt.h. Names of members are Windows' in lower case with underscores.
 * Text is UTF-16LE in units of 2 bytes (libdxcore's functions of the same name have units
 * of 4 and other sizes). Members are answers but for those called "in". Without a structure
 * are type 4, a GUID of 16 bytes, and 11, 27 and 55, each a number of 4 that is 0 or not.
 *
 * Sizes and offsets are asserted in dxg_abi_layout.h. Include dxg_abi.h: it has all.
 */
#pragma once
#ifdef __cplusplus
/* Structures without a name are C, and in C++ an extension of each compiler. */
#pragma GCC system_header
#endif

#include <stdint.h>

/* X(number, NAME). Windows takes the size of the type's structure alone, but for type 0,
 * whose content is the vendor's, and type 48. */
#define DXG_ADAPTER_INFO_TYPES(X)                                                        \
	X(0, KMTQAITYPE_UMDRIVERPRIVATE)                                                 \
	X(1, KMTQAITYPE_UMDRIVERNAME)                                                    \
	X(2, KMTQAITYPE_UMOPENGLINFO)                                                    \
	X(3, KMTQAITYPE_GETSEGMENTSIZE)                                                  \
	X(4, KMTQAITYPE_ADAPTERGUID)                                                     \
	X(6, KMTQAITYPE_ADAPTERADDRESS)                                                  \
	X(8, KMTQAITYPE_ADAPTERREGISTRYINFO)                                             \
	X(11, KMTQAITYPE_CHECKDRIVERUPDATESTATUS)                                        \
	X(13, KMTQAITYPE_DRIVERVERSION)                                                  \
	X(15, KMTQAITYPE_ADAPTERTYPE)                                                    \
	X(17, KMTQAITYPE_WDDM_1_2_CAPS)                                                  \
	X(18, KMTQAITYPE_UMD_DRIVER_VERSION)                                             \
	X(22, KMTQAITYPE_WDDM_1_3_CAPS)                                                  \
	X(24, KMTQAITYPE_WDDM_2_0_CAPS)                                                  \
	X(25, KMTQAITYPE_NODEMETADATA)                                                   \
	X(27, KMTQAITYPE_XBOX)                                                           \
	X(30, KMTQAITYPE_PHYSICALADAPTERCOUNT)                                           \
	X(31, KMTQAITYPE_PHYSICALADAPTERDEVICEIDS)                                       \
	X(34, KMTQAITYPE_QUERY_GPUMMU_CAPS)                                              \
	X(42, KMTQAITYPE_GETSEGMENTGROUPSIZE)                                            \
	X(48, KMTQAITYPE_QUERYREGISTRY)                                                  \
	X(49, KMTQAITYPE_KMD_DRIVER_VERSION)                                             \
	X(54, KMTQAITYPE_ADAPTERREGISTRYINFO_RENDER)                                     \
	X(55, KMTQAITYPE_CHECKDRIVERUPDATESTATUS_RENDER)                                 \
	X(56, KMTQAITYPE_DRIVERVERSION_RENDER)                                           \
	X(57, KMTQAITYPE_ADAPTERTYPE_RENDER)                                             \
	X(58, KMTQAITYPE_WDDM_1_2_CAPS_RENDER)                                           \
	X(59, KMTQAITYPE_WDDM_1_3_CAPS_RENDER)                                           \
	X(60, KMTQAITYPE_QUERY_ADAPTER_UNIQUE_GUID)                                      \
	X(61, KMTQAITYPE_NODEPERFDATA)                                                   \
	X(62, KMTQAITYPE_ADAPTERPERFDATA)                                                \
	X(63, KMTQAITYPE_ADAPTERPERFDATA_CAPS)                                           \
	X(64, KMTQAITYPE_GPUVERSION)                                                     \
	X(65, KMTQAITYPE_DRIVER_DESCRIPTION)                                             \
	X(66, KMTQAITYPE_DRIVER_DESCRIPTION_RENDER)                                      \
	X(68, KMTQAITYPE_PARAVIRTUALIZATION_RENDER)                                      \
	X(70, KMTQAITYPE_WDDM_2_7_CAPS)                                                  \
	X(72, KMTQAITYPE_TRACKEDWORKLOAD_SUPPORT)                                        \
	X(75, KMTQAITYPE_WDDM_2_9_CAPS)                                                  \
	X(76, KMTQAITYPE_CROSSADAPTERRESOURCE_SUPPORT)                                   \
	X(77, KMTQAITYPE_WDDM_3_0_CAPS)

enum kmtqueryadapterinfotype {
	/* The three that the driver's own header names, and how it spells them. */
	_KMTQAITYPE_UMDRIVERPRIVATE = 0,
	_KMTQAITYPE_ADAPTERTYPE = 15,
	_KMTQAITYPE_ADAPTERTYPE_RENDER = 57,
#define X(number, constant) constant = number,
	DXG_ADAPTER_INFO_TYPES(X)
#undef X
};

#define DXG_PATH_LENGTH 260 /* Windows' MAX_PATH, in units */

/* Type 1. */
struct d3dkmt_umdfilenameinfo {
	uint32_t version; /* in: 0 DX9, 1 DX10, 2 DX11, 3 DX12 */
	uint16_t umd_file_name[DXG_PATH_LENGTH];
};

/* Type 2. */
struct d3dkmt_openglinfo {
	uint16_t umd_opengl_icd_file_name[DXG_PATH_LENGTH];
	uint32_t version;
	uint32_t flags;
};

/* Type 3: bytes. */
struct d3dkmt_segmentsizeinfo {
	uint64_t dedicated_video_memory_size;
	uint64_t dedicated_system_memory_size;
	uint64_t shared_system_memory_size;
};

/* Type 6: on the host. */
struct d3dkmt_adapteraddress {
	uint32_t bus_number;
	uint32_t device_number;
	uint32_t function_number;
};

/* Types 8 and 54. */
struct d3dkmt_adapterregistryinfo {
	uint16_t adapter_string[DXG_PATH_LENGTH];
	uint16_t bios_string[DXG_PATH_LENGTH];
	uint16_t dac_type[DXG_PATH_LENGTH];
	uint16_t chip_type[DXG_PATH_LENGTH];
};

/* Types 13 and 56: 3100 is WDDM 3.1. */
struct d3dkmt_driverversion {
	uint32_t version;
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

/* Types 17 and 58. */
struct d3dkmt_wddm_1_2_caps {
	uint32_t graphics_preemption_granularity;
	uint32_t compute_preemption_granularity;
	union {
		struct {
			uint32_t support_non_vga : 1;
			uint32_t support_smooth_rotation : 1;
			uint32_t support_per_engine_tdr : 1;
			uint32_t support_kernel_mode_command_buffer : 1;
			uint32_t support_ccd : 1;
			uint32_t support_software_device_bitmaps : 1;
			uint32_t support_gamma_ramp : 1;
			uint32_t support_hw_cursor : 1;
			uint32_t support_hw_vsync : 1;
			uint32_t support_surprise_removal_in_hibernation : 1;
			uint32_t reserved : 22;
		};
		uint32_t value;
	};
};

/* Types 18 and 49: four parts of 16 bits, the first one highest. */
struct d3dkmt_driver_version_number {
	uint64_t driver_version;
};

/* Types 22 and 59. */
struct d3dkmt_wddm_1_3_caps {
	union {
		struct {
			uint32_t support_miracast : 1;
			uint32_t is_hybrid_integrated_gpu : 1;
			uint32_t is_hybrid_discrete_gpu : 1;
			uint32_t support_power_management_pstates : 1;
			uint32_t support_virtual_modes : 1;
			uint32_t support_cross_adapter_resource : 1;
			uint32_t reserved : 26;
		};
		uint32_t value;
	};
};

/* Type 24. */
struct d3dkmt_wddm_2_0_caps {
	union {
		struct {
			uint32_t support_64bit_atomics : 1;
			uint32_t gpu_mmu_supported : 1;
			uint32_t io_mmu_supported : 1;
			uint32_t flip_overwrite_supported : 1;
			uint32_t support_contextless_present : 1;
			uint32_t support_surprise_removal : 1;
			uint32_t reserved : 26;
		};
		uint32_t value;
	};
};

#pragma pack(push, 1)

/* Type 25: an engine. A number too high is refused, which is how they are counted. */
struct d3dkmt_nodemetadata {
	uint32_t node_ordinal_and_adapter_index; /* in: ordinal low, index high 16 bits */
	uint32_t engine_type; /* 0 other, 1 3D, 2 decode, 3 encode, 4 video, 5 scene
			       * assembly, 6 copy, 7 overlay, 8 crypto */
	uint16_t friendly_name[32];
	union {
		struct {
			uint32_t context_scheduling_supported : 1;
			uint32_t ring_buffer_fence_release : 1;
			uint32_t support_tracked_workload : 1;
			uint32_t reserved : 13;
			uint32_t max_in_flight_hw_queue_buffers : 16;
		};
		uint32_t value;
	} flags;
	uint8_t gpu_mmu_supported;
	uint8_t io_mmu_supported;
};

#pragma pack(pop)

/* Type 30. */
struct d3dkmt_physical_adapter_count {
	uint32_t count;
};

/* Type 31: PCI, of the real device. */
struct d3dkmt_query_device_ids {
	uint32_t physical_adapter_index; /* in */
	uint32_t vendor_id;
	uint32_t device_id;
	uint32_t sub_vendor_id;
	uint32_t sub_system_id;
	uint32_t revision_id;
	uint32_t bus_type;
};

/* Type 34. */
struct d3dkmt_query_gpummu_caps {
	uint32_t physical_adapter_index; /* in */
	union {
		struct {
			uint32_t read_only_memory_supported : 1;
			uint32_t no_execute_memory_supported : 1;
			uint32_t cache_coherent_memory_supported : 1;
			uint32_t reserved : 29;
		};
		uint32_t value;
	} flags;
	uint32_t virtual_address_bit_count;
};

/* Type 42: bytes. */
struct d3dkmt_segmentgroupsizeinfo {
	uint32_t physical_adapter_index; /* in */
	struct d3dkmt_segmentsizeinfo legacy_info;
	uint64_t local_memory;
	uint64_t non_local_memory;
	uint64_t non_budget_memory;
};

enum d3dddi_queryregistry_type {
	D3DDDI_QUERYREGISTRY_SERVICEKEY = 0,
	D3DDDI_QUERYREGISTRY_ADAPTERKEY = 1,
	D3DDDI_QUERYREGISTRY_DRIVERSTOREPATH = 2,
	D3DDDI_QUERYREGISTRY_DRIVERIMAGEPATH = 3,
};

enum d3dddi_queryregistry_status {
	D3DDDI_QUERYREGISTRY_STATUS_SUCCESS = 0,
	D3DDDI_QUERYREGISTRY_STATUS_BUFFER_OVERFLOW = 1,
	D3DDDI_QUERYREGISTRY_STATUS_FAIL = 2,
};

/* Type 48; the value follows as output, of which the first 8 bytes are in the size. */
struct d3dddi_queryregistry_info {
	uint32_t query_type;  /* in: enum d3dddi_queryregistry_type */
	uint32_t query_flags; /* in: bit 0 translate the path, bit 1 mutable value */
	uint16_t value_name[DXG_PATH_LENGTH]; /* in; empty for a path */
	uint32_t value_type;                  /* in: 1 text, 4 a number of 32 bits */
	uint32_t physical_adapter_index;      /* in */
	uint32_t output_value_size;           /* bytes, or bytes needed */
	uint32_t status;                      /* enum d3dddi_queryregistry_status */
	uint8_t output[8];
};

/* Type 60. */
struct d3dkmt_query_adapter_unique_guid {
	uint16_t adapter_unique_guid[40];
};

/* Type 61. */
struct d3dkmt_node_perfdata {
	uint32_t node_ordinal;           /* in */
	uint32_t physical_adapter_index; /* in */
	uint64_t frequency;              /* Hz, as the next two */
	uint64_t max_frequency;
	uint64_t max_frequency_oc;
	uint32_t voltage; /* mV, as the next two */
	uint32_t voltage_max;
	uint32_t voltage_max_oc;
	uint64_t max_transition_latency; /* 100 ns */
};

/* Type 62. */
struct d3dkmt_adapter_perfdata {
	uint32_t physical_adapter_index; /* in */
	uint64_t memory_frequency;       /* Hz, as the next two */
	uint64_t max_memory_frequency;
	uint64_t max_memory_frequency_oc;
	uint64_t memory_bandwidth; /* bytes, as the next */
	uint64_t pcie_bandwidth;
	uint32_t fan_rpm;
	uint32_t power;       /* tenths of a per cent */
	uint32_t temperature; /* tenths of a degree Celsius */
	uint8_t power_state_override;
};

/* Type 63. */
struct d3dkmt_adapter_perfdatacaps {
	uint32_t physical_adapter_index; /* in */
	uint64_t max_memory_bandwidth;   /* bytes per second, as the next */
	uint64_t max_pcie_bandwidth;
	uint32_t max_fan_rpm;
	uint32_t temperature_max; /* tenths of a degree Celsius, as the next */
	uint32_t temperature_warning;
};

/* Type 64. */
struct d3dkmt_gpuversion {
	uint32_t physical_adapter_index; /* in */
	uint16_t bios_version[32];
	uint16_t gpu_architecture[32];
};

/* Types 65 and 66. */
#define D3DKMT_DRIVER_DESCRIPTION_LENGTH 4096
struct d3dkmt_driver_description {
	uint16_t driver_description[D3DKMT_DRIVER_DESCRIPTION_LENGTH];
};

/* Type 68. */
struct d3dkmt_paravirtualization {
	uint8_t secure_container;
};

/* Type 70. */
struct d3dkmt_wddm_2_7_caps {
	union {
		struct {
			uint32_t hw_sch_supported : 1;
			uint32_t hw_sch_enabled : 1;
			uint32_t hw_sch_enabled_by_default : 1;
			uint32_t independent_vidpn_vsync_control : 1;
			uint32_t reserved : 28;
		};
		uint32_t value;
	};
};

/* Type 72. */
struct d3dkmt_trackedworkload_support {
	uint32_t physical_adapter_index; /* in */
	uint32_t engine_type;            /* in */
	uint32_t support;
};

/* Type 75. */
struct d3dkmt_wddm_2_9_caps {
	union {
		struct {
			uint32_t hw_sch_support_state : 2;
			uint32_t hw_sch_enabled : 1;
			uint32_t self_refresh_memory_supported : 1;
			uint32_t reserved : 28;
		};
		uint32_t value;
	};
};

/* Type 76. */
struct d3dkmt_crossadapterresource_support {
	uint32_t support_tier;
};

/* Type 77. */
struct d3dkmt_wddm_3_0_caps {
	union {
		struct {
			uint32_t hw_flip_queue_support_state : 2;
			uint32_t hw_flip_queue_enabled : 1;
			uint32_t displayable_supported : 1;
			uint32_t reserved : 28;
		};
		uint32_t value;
	};
};
