/*
 * dxcore_abi.h: DXCore as a C program sees it: identities, tables of functions,
 * properties.
 *
 * Microsoft's header is for C++ alone (microsoft/DirectX-Headers:include/directx/
 * dxcore_interface.h, MIT); names and order are from there. Its interfaces have no
 * virtual destructor, so a table holds its methods in the order of their declaration,
 * after the three of IUnknown; on Linux they have the C calling convention and the object
 * comes first. A reference (REFIID, REFGUID, LUID const &) is a pointer.
 *
 * Sizes and results: HRESULT is 32 bits, negative where the call failed; ULONG is 32
 * bits; bool is one byte. That all of it is Microsoft's is tested against the genuine
 * header.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probes/dxg_abi.h"

struct dxcore_guid {
	uint32_t a;
	uint16_t b, c;
	uint8_t d[8];
};

/* X(CONSTANT, its value): interfaces */
/* clang-format off */
#define DXCORE_INTERFACES(X)                                                               \
	X(IDXCoreAdapterFactory,                                                           \
	  { 0x78ee5945, 0xc36e, 0x4b13, { 0xa6, 0x69, 0x00, 0x5d, 0xd1, 0x1c, 0x0f, 0x06 } }) \
	X(IDXCoreAdapterList,                                                              \
	  { 0x526c7776, 0x40e9, 0x459b, { 0xb7, 0x11, 0xf3, 0x2a, 0xd7, 0x6d, 0xfc, 0x28 } }) \
	X(IDXCoreAdapter,                                                                  \
	  { 0xf0db4c7f, 0xfe5a, 0x42a2, { 0xbd, 0x62, 0xf2, 0xa6, 0xcf, 0x6f, 0xc8, 0x3e } })

/* X(CONSTANT, name, its value): what an adapter is good for, and lists are made by. A GPU
 * has all three; one that computes alone has only the first. */
#define DXCORE_ATTRIBUTES(X)                                                               \
	X(D3D12_CORE_COMPUTE, "core_compute",                                              \
	  { 0x248e2800, 0xa793, 0x4724, { 0xab, 0xaa, 0x23, 0xa6, 0xde, 0x1b, 0xe0, 0x90 } }) \
	X(D3D12_GRAPHICS, "graphics",                                                      \
	  { 0x0c9ece4d, 0x2f6e, 0x4f01, { 0x8c, 0x96, 0xe8, 0x9e, 0x33, 0x1b, 0x47, 0xb1 } }) \
	X(D3D11_GRAPHICS, "d3d11_graphics",                                                \
	  { 0x8c47866b, 0x7583, 0x450d, { 0xf0, 0xf0, 0x6b, 0xad, 0xa8, 0x95, 0xaf, 0x4b } })
/* clang-format on */

/* The size is the caller's buffer, in bytes: exact, except for the text. */
enum dxcore_property {
	DXCORE_INSTANCE_LUID = 0,      /* struct winluid, as the kernel has it */
	DXCORE_DRIVER_VERSION = 1,     /* uint64_t, four parts, the first one on top */
	DXCORE_DRIVER_DESCRIPTION = 2, /* UTF-8 and its NUL */
	DXCORE_HARDWARE_ID = 3,        /* struct dxcore_hardware_id */
	DXCORE_DEDICATED_ADAPTER_MEMORY = 7, /* uint64_t, bytes; so the next two */
	DXCORE_DEDICATED_SYSTEM_MEMORY = 8,
	DXCORE_SHARED_SYSTEM_MEMORY = 9,
	DXCORE_IS_HARDWARE = 11,       /* bool; so the next one */
	DXCORE_IS_INTEGRATED = 12,
	DXCORE_HARDWARE_ID_PARTS = 14, /* struct dxcore_hardware_id_parts; not in the oldest */
};

struct dxcore_hardware_id {
	uint32_t vendor_id;
	uint32_t device_id;
	uint32_t sub_sys_id; /* subsystem in the upper half, its vendor in the lower */
	uint32_t revision;
};

struct dxcore_hardware_id_parts {
	uint32_t vendor_id;
	uint32_t device_id;
	uint32_t sub_system_id;
	uint32_t sub_vendor_id;
	uint32_t revision_id;
};

/* The first three of every table. */
#define DXCORE_UNKNOWN(type)                                                             \
	int32_t (*query_interface)(struct type *, const struct dxcore_guid *iid,         \
				   void **ret);                                          \
	uint32_t (*add_ref)(struct type *);                                              \
	uint32_t (*release)(struct type *)

struct dxcore_adapter {
	const struct dxcore_adapter_table {
		DXCORE_UNKNOWN(dxcore_adapter);
		bool (*is_valid)(struct dxcore_adapter *);
		bool (*is_attribute_supported)(struct dxcore_adapter *,
					       const struct dxcore_guid *attribute);
		bool (*is_property_supported)(struct dxcore_adapter *, uint32_t property);
		int32_t (*get_property)(struct dxcore_adapter *, uint32_t property,
					size_t size, void *data);
		int32_t (*get_property_size)(struct dxcore_adapter *, uint32_t property,
					     size_t *ret);
		bool (*is_query_state_supported)(struct dxcore_adapter *, uint32_t state);
		int32_t (*query_state)(struct dxcore_adapter *, uint32_t state,
				       size_t in_size, const void *in, size_t out_size,
				       void *out);
		bool (*is_set_state_supported)(struct dxcore_adapter *, uint32_t state);
		int32_t (*set_state)(struct dxcore_adapter *, uint32_t state,
				     size_t details_size, const void *details,
				     size_t size, const void *data);
		int32_t (*get_factory)(struct dxcore_adapter *,
				       const struct dxcore_guid *iid, void **ret);
	} *table;
};

/* The adapter before the count: who calls the fourth function for the count crashes. */
struct dxcore_list {
	const struct dxcore_list_table {
		DXCORE_UNKNOWN(dxcore_list);
		int32_t (*get_adapter)(struct dxcore_list *, uint32_t index,
				       const struct dxcore_guid *iid, void **ret);
		uint32_t (*get_adapter_count)(struct dxcore_list *);
		bool (*is_stale)(struct dxcore_list *);
		int32_t (*get_factory)(struct dxcore_list *,
				       const struct dxcore_guid *iid, void **ret);
		int32_t (*sort)(struct dxcore_list *, uint32_t count,
				const uint32_t *preferences);
		bool (*is_adapter_preference_supported)(struct dxcore_list *,
							uint32_t preference);
	} *table;
};

struct dxcore_factory {
	const struct dxcore_factory_table {
		DXCORE_UNKNOWN(dxcore_factory);
		int32_t (*create_adapter_list)(struct dxcore_factory *, uint32_t count,
					       const struct dxcore_guid *attributes,
					       const struct dxcore_guid *iid, void **ret);
		int32_t (*get_adapter_by_luid)(struct dxcore_factory *,
					       const struct winluid *luid,
					       const struct dxcore_guid *iid, void **ret);
		bool (*is_notification_type_supported)(struct dxcore_factory *,
						       uint32_t type);
		int32_t (*register_event_notification)(
			struct dxcore_factory *, void *object, uint32_t type,
			void (*callback)(uint32_t type, void *object, void *context),
			void *context, uint32_t *ret_cookie);
		int32_t (*unregister_event_notification)(struct dxcore_factory *,
							 uint32_t cookie);
	} *table;
};

#undef DXCORE_UNKNOWN

#ifdef __cplusplus
extern "C" {
#endif

/* What libdxcore.so exports. @return HRESULT */
int32_t DXCoreCreateAdapterFactory(const struct dxcore_guid *iid, void **ret);

/*
 * And beside it the door in the words of Windows: each turns into the ioctl of the same
 * meaning, and the structures used here are the kernel's own (microsoft/libdxg:src/
 * d3dkmt-wsl.cpp, its open twin); only text within the data of an adapter-info type is
 * wider, four bytes a character. @return NTSTATUS, negative where the call failed
 */
int32_t D3DKMTEnumAdapters2(struct d3dkmt_enumadapters2 *);
int32_t D3DKMTEnumAdapters3(struct d3dkmt_enumadapters3 *);
int32_t D3DKMTOpenAdapterFromLuid(struct d3dkmt_openadapterfromluid *);
int32_t D3DKMTCloseAdapter(const struct d3dkmt_closeadapter *);
int32_t D3DKMTQueryAdapterInfo(const struct d3dkmt_queryadapterinfo *);

#ifdef __cplusplus
}
#endif
