/*
 * dxcore.c: DXCore, the library of WSL through which Direct3D, and the user-mode drivers
 * of Intel, AMD and NVIDIA, find an adapter and reach /dev/dxg. No vendor's library takes
 * part.
 *
 * What it lists is held against what the door itself says, by the functions that the same
 * library exports (dxcore_abi.h). Listing makes the library ask questions of every
 * adapter that Windows refuses on healthy machines too (microsoft/WSL#40715).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "probes/device.h"
#include "probes/dl.h"
#include "probes/dxcore_abi.h"
#include "probes/packet.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/strbuf.h"
#include "util/utf8.h"

/* The factory is enough; what follows is asked where it is there. */
#define MUST(X) X(DXCoreCreateAdapterFactory)
#define MAY(X)                                                                           \
	X(D3DKMTEnumAdapters3)                                                           \
	X(D3DKMTEnumAdapters2)                                                           \
	X(D3DKMTQueryAdapterInfo)                                                        \
	X(D3DKMTCloseAdapter)

MUST(DL_DECLARE)
MAY(DL_DECLARE)

/* Where WSL puts it; the dynamic linker finds it there by /etc/ld.so.conf.d/ld.wsl.conf,
 * which a container lacks. */
#define WSL_LIBRARY "/usr/lib/wsl/lib/libdxcore.so"

/* No honest description is longer: 4096 characters (dxg_abi.h) of at most four bytes. */
#define DESCRIPTION_MAX 16384

#define X(name, ...) static const struct dxcore_guid iid_##name = __VA_ARGS__;
DXCORE_INTERFACES(X)
#undef X

static const struct attribute {
	const char *name;
	struct dxcore_guid guid;
} attributes[] = {
#define X(constant, name, ...) { name, __VA_ARGS__ },
	DXCORE_ATTRIBUTES(X)
#undef X
};

enum {
#define X(constant, name, ...) ATTRIBUTE_##constant,
	DXCORE_ATTRIBUTES(X)
#undef X
};

/* What DXCore says of an adapter. */
struct entry {
	struct dxcore_adapter *adapter;
	int number; /* as DXG lists it; of one it does not list, behind all those */
	bool has_luid;
	struct winluid luid;
	struct dxcore_hardware_id_parts ids; /* vendor_id 0: not told */
	uint32_t attributes;                 /* a bit for each it has */
};

struct dxcore {
	struct dxcore_factory *factory;
	struct dxcore_list *lists[2]; /* by attribute; their adapters stand below */
	uint32_t list_count;
	uint32_t raw_count; /* what DXG itself lists */
	struct d3dkmt_adapterinfo raw[D3DKMT_ADAPTERS_MAX];
	uint32_t count; /* what DXCore lists; parallel arrays, as device_choose() wants */
	struct entry entries[D3DKMT_ADAPTERS_MAX];
	struct device devices[D3DKMT_ADAPTERS_MAX];
	const struct entry *chosen;
};

static enum outcome refused(struct probe *p, const char *call, int32_t result)
{
	static const struct {
		uint32_t result;
		const char *name;
	} names[] = {
		{ 0x80004001, "E_NOTIMPL" },
		{ 0x80004002, "E_NOINTERFACE" },
		{ 0x80004003, "E_POINTER" },
		{ 0x80004005, "E_FAIL" },
		{ 0x80070005, "E_ACCESSDENIED" },
		{ 0x8007000e, "E_OUTOFMEMORY" },
		{ 0x80070057, "E_INVALIDARG" },
		{ 0x887a0004, "DXGI_ERROR_UNSUPPORTED" },
	};
	for_each_row(row, names)
		if (row->result == (uint32_t)result)
			return probe_refused(p, call, "%s", row->name);
	return probe_refused(p, call, "0x%08" PRIx32, (uint32_t)result);
}

static enum outcome empty_handed(struct probe *p, const char *call)
{
	return probe_refused(p, call, "success without a result");
}

static enum outcome dxcore_load(struct probe *p)
{
	static const char *const names[] = { "libdxcore.so", WSL_LIBRARY };
	enum outcome outcome = OUTCOME_SKIP;
	p->state = xcalloc(1, sizeof(struct dxcore));
	for (size_t i = 0; i < ARRAY_SIZE(names) && outcome == OUTCOME_SKIP; i++)
		outcome = dl_open(p, names[i], MUST(DL_BIND) MAY(DL_MAY_BIND) NULL);
	if (outcome != OUTCOME_PASS)
		return outcome;
	/* Images for containers bring the library to machines without a door. */
	if (access(DXG_NODE, F_OK) != 0)
		return probe_skip(p, REASON_NO_DEVICE_NODE);
	p->reason = REASON_NONE; /* of the first name */
	return OUTCOME_PASS;
}

/*
 * The questions that libdxcore was seen to ask of every adapter it lists, less those that a
 * usable GPU always answers (dxg.c); every one of these is refused on some machine that
 * works. It asks for each list anew, and once which features Windows knows.
 */
static void expect_questions(struct probe *p, uint32_t adapters)
{
	static const int32_t types[] = { 1, 3, 17, 18, 27, 30, 48, 60, 61, 62 };
	for_each_row(type, types)
		probe_expect(p, LX_DXQUERYADAPTERINFO, *type, 2 * adapters);
	probe_expect(p, LX_ISFEATUREENABLED, PACKET_ANY_TYPE, 2 * adapters);
}

/* What the door lists, to tell which adapter is which: best effort. */
static void list_raw(struct dxcore *dxcore)
{
	struct d3dkmt_enumadapters3 three = {
		.filter.include_compute_only = 1,
		.adapter_count = D3DKMT_ADAPTERS_MAX,
		.adapters = (uintptr_t)dxcore->raw,
	};
	struct d3dkmt_enumadapters2 two = {
		.num_adapters = D3DKMT_ADAPTERS_MAX,
		.adapters = (uintptr_t)dxcore->raw,
	};
	uint32_t count = 0;
	if (dl_D3DKMTEnumAdapters3 && dl_D3DKMTEnumAdapters3(&three) >= 0)
		count = three.adapter_count;
	if (!count && dl_D3DKMTEnumAdapters2 && dl_D3DKMTEnumAdapters2(&two) >= 0)
		count = two.num_adapters;
	/* More than there is room for: nothing was written. */
	dxcore->raw_count = count <= D3DKMT_ADAPTERS_MAX ? count : 0;
}

static const struct d3dkmt_adapterinfo *find_raw(const struct dxcore *dxcore,
						 const struct entry *entry)
{
	for (uint32_t i = 0; i < dxcore->raw_count; i++)
		if (entry->has_luid && dxcore->raw[i].adapter_luid.a == entry->luid.a &&
		    dxcore->raw[i].adapter_luid.b == entry->luid.b)
			return &dxcore->raw[i];
	return NULL;
}

/* @return whether DXCore has the property and gave it, in full. */
static bool get(struct dxcore_adapter *adapter, enum dxcore_property property, void *data,
		size_t size)
{
	return adapter->table->is_property_supported(adapter, property) &&
	       adapter->table->get_property(adapter, property, size, data) >= 0;
}

/* A byte, of which anything but 0 is yes. */
static bool get_flag(struct dxcore_adapter *adapter, enum dxcore_property property,
		     bool otherwise)
{
	uint8_t flag = 0;
	return get(adapter, property, &flag, sizeof(flag)) ? flag != 0 : otherwise;
}

/* Both forms there are; the older one is what the oldest libraries know. */
static struct dxcore_hardware_id_parts get_ids(struct dxcore_adapter *adapter)
{
	struct dxcore_hardware_id_parts ids = { 0 };
	struct dxcore_hardware_id old = { 0 };
	if (get(adapter, DXCORE_HARDWARE_ID_PARTS, &ids, sizeof(ids)) && ids.vendor_id)
		return ids;
	if (!get(adapter, DXCORE_HARDWARE_ID, &old, sizeof(old)))
		return (struct dxcore_hardware_id_parts){ 0 };
	return (struct dxcore_hardware_id_parts){
		.vendor_id = old.vendor_id,
		.device_id = old.device_id,
		.sub_system_id = old.sub_sys_id >> 16,
		.sub_vendor_id = old.sub_sys_id & 0xffff,
		.revision_id = old.revision,
	};
}

/* @return the name in Windows, on one line, the caller's to free; NULL for none */
static char *get_description(struct dxcore_adapter *adapter)
{
	size_t size = 0;
	if (!adapter->table->is_property_supported(adapter, DXCORE_DRIVER_DESCRIPTION) ||
	    adapter->table->get_property_size(adapter, DXCORE_DRIVER_DESCRIPTION, &size) <
		    0 ||
	    size == 0 || size > DESCRIPTION_MAX)
		return NULL;
	cleanup_free char *text = xcalloc(size + 1, 1);
	if (!get(adapter, DXCORE_DRIVER_DESCRIPTION, text, size))
		return NULL;
	return utf8_printable(text);
}

static bool has_pci(const struct dxcore_hardware_id_parts *ids)
{
	return ids->vendor_id && ids->vendor_id <= 0xffff && ids->device_id <= 0xffff;
}

static struct device device_of(const struct entry *entry)
{
	bool known = has_pci(&entry->ids);
	bool hardware = get_flag(entry->adapter, DXCORE_IS_HARDWARE, true);
	uint16_t vendor = known ? (uint16_t)entry->ids.vendor_id : 0;
	bool graphics = entry->attributes &
			(1U << ATTRIBUTE_D3D12_GRAPHICS | 1U << ATTRIBUTE_D3D11_GRAPHICS);
	enum device_kind kind = !hardware  ? DEVICE_CPU
				: graphics ? DEVICE_GPU
					   : DEVICE_ACCELERATOR;
	return (struct device){
		.kind = device_kind_of(kind, vendor),
		.vendor = vendor,
		.device = known ? (uint16_t)entry->ids.device_id : 0,
	};
}

static bool is_listed(const struct dxcore *dxcore, const struct entry *entry)
{
	for (uint32_t i = 0; i < dxcore->count; i++) {
		const struct entry *other = &dxcore->entries[i];
		if (entry->has_luid && other->has_luid &&
		    other->luid.a == entry->luid.a && other->luid.b == entry->luid.b)
			return true;
	}
	return false;
}

/* Takes the adapter. */
static void add(struct dxcore *dxcore, struct dxcore_adapter *adapter, bool first)
{
	struct entry entry = { .adapter = adapter };
	entry.has_luid =
		get(adapter, DXCORE_INSTANCE_LUID, &entry.luid, sizeof(entry.luid));
	/* Without a LUID nothing tells the entries of two lists apart: the first stands. */
	if (dxcore->count == D3DKMT_ADAPTERS_MAX || is_listed(dxcore, &entry) ||
	    (!entry.has_luid && !first)) {
		adapter->table->release(adapter);
		return;
	}
	entry.ids = get_ids(adapter);
	for_each_row(attribute, attributes)
		if (adapter->table->is_attribute_supported(adapter, &attribute->guid))
			entry.attributes |= 1U << (attribute - attributes);
	const struct d3dkmt_adapterinfo *raw = find_raw(dxcore, &entry);
	entry.number =
		raw ? (int)(raw - dxcore->raw) : (int)(dxcore->raw_count + dxcore->count);
	dxcore->devices[dxcore->count] = device_of(&entry);
	dxcore->entries[dxcore->count++] = entry;
}

/* Adds what has the attribute and is not there yet. */
static enum outcome list(struct probe *p, const struct attribute *attribute)
{
	struct dxcore *dxcore = p->state;
	bool first = dxcore->count == 0;
	struct dxcore_list *list = NULL;
	int32_t result = dxcore->factory->table->create_adapter_list(
		dxcore->factory, 1, &attribute->guid, &iid_IDXCoreAdapterList,
		(void **)&list);
	if (result < 0)
		return refused(p, "CreateAdapterList", result);
	if (!list)
		return empty_handed(p, "CreateAdapterList");
	dxcore->lists[dxcore->list_count++] = list;
	uint32_t count = list->table->get_adapter_count(list);
	if (count > D3DKMT_ADAPTERS_MAX)
		return probe_refused(p, "GetAdapterCount", "more adapters than DXG can");
	for (uint32_t i = 0; i < count; i++) {
		struct dxcore_adapter *adapter = NULL;
		result = list->table->get_adapter(list, i, &iid_IDXCoreAdapter,
						  (void **)&adapter);
		if (result < 0)
			return refused(p, "GetAdapter", result);
		if (!adapter)
			return empty_handed(p, "GetAdapter");
		add(dxcore, adapter, first);
	}
	return OUTCOME_PASS;
}

static char *pci_text(const struct dxcore_hardware_id_parts *ids)
{
	return has_pci(ids) ? xasprintf("%04" PRIx32 ":%04" PRIx32, ids->vendor_id,
					ids->device_id)
			    : NULL;
}

/* One of several; a number that no packet has room for is DXCore's invention. */
static void describe(struct probe *p, const struct entry *entry,
		     const struct device *device)
{
	static const char *const classes[] = {
		[DEVICE_GPU] = "gpu",
		[DEVICE_ACCELERATOR] = "npu",
		[DEVICE_CPU] = "software",
		[DEVICE_OTHER] = NULL,
	};
	cleanup_free char *pci = pci_text(&entry->ids);
	cleanup_free char *description = get_description(entry->adapter);
	probe_find_of(p, entry->number, FIND_ADAPTER_CLASS, classes[device->kind]);
	probe_find_of(p, entry->number, FIND_PCI, pci);
	probe_find_of(p, entry->number, FIND_DESCRIPTION, description);
}

/* The one that DXG lists under this number, by its LUID; by its identity where DXG is not
 * heard. @return index, or -1 */
static int choose(const struct probe *p, const struct dxcore *dxcore)
{
	if (p->adapter < 0)
		return device_choose(p, dxcore->devices, (int)dxcore->count);
	for (uint32_t i = 0; i < dxcore->count; i++)
		if (dxcore->entries[i].number == p->adapter)
			return (int)i;
	return p->vendor ? device_choose(p, dxcore->devices, (int)dxcore->count) : -1;
}

static enum outcome dxcore_enumerate(struct probe *p)
{
	struct dxcore *dxcore = p->state;
	int32_t result = dl_DXCoreCreateAdapterFactory(&iid_IDXCoreAdapterFactory,
						       (void **)&dxcore->factory);
	if (result < 0)
		return refused(p, "DXCoreCreateAdapterFactory", result);
	if (!dxcore->factory)
		return empty_handed(p, "DXCoreCreateAdapterFactory");
	list_raw(dxcore);
	expect_questions(p, dxcore->raw_count ? dxcore->raw_count : 1);
	/* What has graphics computes too, so the second list adds something only where a
	 * driver contradicts itself. */
	enum outcome outcome = list(p, &attributes[ATTRIBUTE_D3D12_CORE_COMPUTE]);
	if (outcome == OUTCOME_PASS)
		outcome = list(p, &attributes[ATTRIBUTE_D3D12_GRAPHICS]);
	if (outcome != OUTCOME_PASS)
		return outcome;
	probe_find_number(p, FIND_ADAPTERS, dxcore->count);
	int chosen = choose(p, dxcore);
	for (uint32_t i = 0; i < dxcore->count; i++)
		if (p->adapter < 0 || (int)i == chosen)
			describe(p, &dxcore->entries[i], &dxcore->devices[i]);
	if (chosen < 0)
		return device_missing(p, dxcore->devices, (int)dxcore->count, &chosen);
	dxcore->chosen = &dxcore->entries[chosen];
	return dxcore->devices[chosen].kind == DEVICE_CPU
		       ? probe_fallback(p, REASON_CPU_ONLY)
		       : OUTCOME_PASS;
}

/* What DXCore and the door say of the same thing. */
struct comparison {
	size_t agree;
	struct strbuf differ; /* "pci 8086:7d51, not 10de:1bb1; …": DXCore's first */
};

/* Takes both; a fact that one of them does not give cannot differ. */
static void compare(struct comparison *c, const char *name, char *ours, char *doors)
{
	cleanup_free char *a = ours;
	cleanup_free char *b = doors;
	if (!a || !b)
		return;
	if (!strcmp(a, b))
		c->agree++;
	else
		strbuf_printf(&c->differ, "%s%s %s, not %s", c->differ.length ? "; " : "",
			      name, a, b);
}

static char *version_text(uint64_t version)
{
	return version ? xasprintf("%u.%u.%u.%u", (unsigned)(version >> 48 & 0xffff),
				   (unsigned)(version >> 32 & 0xffff),
				   (unsigned)(version >> 16 & 0xffff),
				   (unsigned)(version & 0xffff))
		       : NULL;
}

static char *mib_text(uint64_t bytes)
{
	return bytes >> 20 ? xasprintf("%" PRIu64 " MiB", bytes >> 20) : NULL;
}

static uint64_t get_number(struct dxcore_adapter *adapter, enum dxcore_property property)
{
	uint64_t number = 0;
	return get(adapter, property, &number, sizeof(number)) ? number : 0;
}

static bool ask_door(const struct d3dkmt_adapterinfo *raw, uint32_t type, void *data,
		     size_t size)
{
	const struct d3dkmt_queryadapterinfo query = {
		.adapter = raw->adapter_handle,
		.type = type,
		.private_data = (uintptr_t)data,
		.private_data_size = (uint32_t)size,
	};
	return dl_D3DKMTQueryAdapterInfo && dl_D3DKMTQueryAdapterInfo(&query) >= 0;
}

static void compare_with_door(struct probe *p, struct comparison *c,
			      const struct entry *entry,
			      const struct d3dkmt_adapterinfo *raw)
{
	struct d3dkmt_query_device_ids ids = { 0 };
	struct d3dkmt_segmentsizeinfo sizes = { 0 };
	uint64_t version = 0;
	probe_expect(p, LX_DXQUERYADAPTERINFO, KMTQAITYPE_UMD_DRIVER_VERSION, 1);
	probe_expect(p, LX_DXQUERYADAPTERINFO, KMTQAITYPE_GETSEGMENTSIZE, 1);
	if (ask_door(raw, KMTQAITYPE_PHYSICALADAPTERDEVICEIDS, &ids, sizeof(ids))) {
		const struct dxcore_hardware_id_parts parts = {
			.vendor_id = ids.vendor_id,
			.device_id = ids.device_id,
		};
		compare(c, "pci", pci_text(&entry->ids), pci_text(&parts));
	}
	if (ask_door(raw, KMTQAITYPE_UMD_DRIVER_VERSION, &version, sizeof(version)))
		compare(c, "driver",
			version_text(get_number(entry->adapter, DXCORE_DRIVER_VERSION)),
			version_text(version));
	if (!ask_door(raw, KMTQAITYPE_GETSEGMENTSIZE, &sizes, sizeof(sizes)))
		return;
	compare(c, "dedicated memory",
		mib_text(get_number(entry->adapter, DXCORE_DEDICATED_ADAPTER_MEMORY)),
		mib_text(sizes.dedicated_video_memory_size));
	compare(c, "shared memory",
		mib_text(get_number(entry->adapter, DXCORE_SHARED_SYSTEM_MEMORY)),
		mib_text(sizes.shared_system_memory_size));
}

static enum outcome judge_agreement(struct probe *p)
{
	const struct dxcore *dxcore = p->state;
	const struct entry *entry = dxcore->chosen;
	const struct d3dkmt_adapterinfo *raw = find_raw(dxcore, entry);
	struct comparison c = { 0 };
	strbuf_init(&c.differ);
	if (raw)
		compare_with_door(p, &c, entry, raw);
	else if (entry->has_luid && dxcore->raw_count)
		strbuf_add_string(&c.differ, "an adapter that DXG does not list");
	if (p->vendor)
		compare(&c, "pci", pci_text(&entry->ids),
			xasprintf("%04x:%04x", p->vendor, p->device));
	probe_find(p, FIND_DISAGREES, c.differ.string);
	bool nothing = c.differ.length && !c.agree;
	strbuf_deinit(&c.differ);
	return nothing ? probe_fail(p, REASON_WRONG_RESULT) : OUTCOME_PASS;
}

static void find_attributes(struct probe *p, const struct entry *entry)
{
	cleanup_strbuf struct strbuf names;
	strbuf_init(&names);
	for_each_row(attribute, attributes)
		if (entry->attributes & 1U << (attribute - attributes))
			strbuf_printf(&names, "%s%s", names.length ? " " : "",
				      attribute->name);
	probe_find(p, FIND_ATTRIBUTES, names.string);
}

static void find_ids(struct probe *p, const struct dxcore_hardware_id_parts *ids)
{
	cleanup_free char *pci = pci_text(ids);
	probe_find(p, FIND_PCI, pci);
	if (pci && ids->revision_id <= 0xff)
		probe_find_format(p, FIND_REVISION, "%02" PRIx32, ids->revision_id);
	if (pci && ids->sub_vendor_id && ids->sub_vendor_id <= 0xffff &&
	    ids->sub_system_id <= 0xffff)
		probe_find_format(p, FIND_SUBSYSTEM, "%04" PRIx32 ":%04" PRIx32,
				  ids->sub_vendor_id, ids->sub_system_id);
}

static void find_mib(struct probe *p, enum finding finding, uint64_t bytes)
{
	if (bytes >> 20)
		probe_find_number(p, finding, (int64_t)(bytes >> 20));
}

static enum outcome dxcore_query(struct probe *p)
{
	const struct dxcore *dxcore = p->state;
	const struct entry *entry = dxcore->chosen;
	struct dxcore_adapter *adapter = entry->adapter;
	if (!adapter->table->is_valid(adapter))
		return probe_refused(p, "IsValid", "the adapter is gone");
	cleanup_free char *description = get_description(adapter);
	cleanup_free char *version =
		version_text(get_number(adapter, DXCORE_DRIVER_VERSION));
	find_ids(p, &entry->ids);
	probe_find(p, FIND_DESCRIPTION, description);
	probe_find(p, FIND_DRIVER_VERSION, version);
	find_attributes(p, entry);
	if (adapter->table->is_property_supported(adapter, DXCORE_IS_INTEGRATED))
		probe_find_flag(p, FIND_INTEGRATED,
				get_flag(adapter, DXCORE_IS_INTEGRATED, false));
	find_mib(p, FIND_DEDICATED_MIB,
		 get_number(adapter, DXCORE_DEDICATED_ADAPTER_MEMORY));
	find_mib(p, FIND_SHARED_MIB, get_number(adapter, DXCORE_SHARED_SYSTEM_MEMORY));
	return judge_agreement(p);
}

/* What was made last first: adapters, their lists, the door's handles, the factory. */
static void dxcore_close(struct probe *p)
{
	struct dxcore *dxcore = p->state;
	if (!dxcore)
		return;
	while (dxcore->count) {
		struct dxcore_adapter *adapter = dxcore->entries[--dxcore->count].adapter;
		adapter->table->release(adapter);
	}
	while (dxcore->list_count) {
		struct dxcore_list *list = dxcore->lists[--dxcore->list_count];
		list->table->release(list);
	}
	while (dl_D3DKMTCloseAdapter && dxcore->raw_count) {
		const struct d3dkmt_closeadapter close = {
			dxcore->raw[--dxcore->raw_count].adapter_handle
		};
		dl_D3DKMTCloseAdapter(&close);
	}
	if (dxcore->factory)
		dxcore->factory->table->release(dxcore->factory);
}

INTERFACE(dxcore) = {
	.name = "dxcore",
	.title = "DXCore",
	.layer = LAYER_DXG,
	.order = 1, /* after the door, on which it stands */
	.rungs = { [RUNG_LOAD] = dxcore_load,
		   [RUNG_ENUMERATE] = dxcore_enumerate,
		   [RUNG_QUERY] = dxcore_query },
	.close = dxcore_close,
};
