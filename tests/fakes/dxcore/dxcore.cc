/*
 * A stand-in for libdxcore.so, made from Microsoft's own header so that its tables of
 * functions are the genuine ones, for programs on the simulated /dev/dxg: the real driver
 * of Intel as well as our probe.
 *
 * Every D3DKMT function is an ioctl, as in microsoft/libdxg:src/d3dkmt-wsl.cpp; adapters
 * and their properties are what the door answers. FAKE_DXCORE in the environment makes
 * it misbehave, see MODES.
 */
#include <wsl/winadapter.h>

#include <directx/dxcore.h>
#include <dxguids/dxguids.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/fakes/dxcore/door.h"

namespace
{

/* X(CONSTANT, name): how it misbehaves. */
#define MODES(X)                                                                         \
	X(FACTORY_REFUSED, "factory-refused") /* an interface it does not know */        \
	X(FACTORY_MISSING, "factory-missing") /* success without a result */             \
	X(LIST_REFUSED, "list-refused")                                                  \
	X(LIST_MISSING, "list-missing")                                                  \
	X(LIST_EMPTY, "list-empty")                                                      \
	X(LIST_FLOOD, "list-flood") /* four billion adapters */                          \
	X(ADAPTER_REFUSED, "adapter-refused")                                            \
	X(ADAPTER_MISSING, "adapter-missing")                                            \
	X(ADAPTER_GONE, "adapter-gone") /* IsValid says no */                            \
	X(ADAPTER_CRASH, "adapter-crash")                                                \
	X(OLD, "old")           /* without HardwareIDParts */                            \
	X(REVERSED, "reversed") /* not in the door's order */                            \
	X(NO_LUID, "no-luid")                                                            \
	X(OTHER_LUID, "other-luid")                                                      \
	X(OTHER_IDS, "other-ids")         /* than the door's */                          \
	X(OTHER, "other")                 /* in all there is */                          \
	X(HOSTILE_TEXT, "hostile-text")   /* without an end, moving the cursor */        \
	X(FLOOD_TEXT, "flood-text")       /* four billion bytes */                       \
	X(GROWING_TEXT, "growing-text")   /* longer whenever it is asked */              \
	X(EMPTY_TEXT, "empty-text")       /* of no bytes, and then some */               \
	X(STRANGE_FLAGS, "strange-flags") /* yes is 255 */                               \
	X(COUNT_OBJECTS, "count-objects") /* exits with 77 where none is left */

enum mode {
#define X(constant, name) constant,
	MODES(X)
#undef X
};

const char *const mode_names[] = {
#define X(constant, name) name,
	MODES(X)
#undef X
};

bool is_mode(enum mode mode)
{
	const char *asked = getenv("FAKE_DXCORE");
	return asked && !strcmp(asked, mode_names[mode]);
}

std::string to_utf8(const std::u32string &text)
{
	std::string bytes;
	for (char32_t c : text) {
		if (c < 0x80) {
			bytes += (char)c;
		} else if (c < 0x800) {
			bytes += (char)(0xc0 | c >> 6);
			bytes += (char)(0x80 | (c & 0x3f));
		} else {
			if (c < 0x10000) {
				bytes += (char)(0xe0 | c >> 12);
			} else {
				bytes += (char)(0xf0 | c >> 18);
				bytes += (char)(0x80 | (c >> 12 & 0x3f));
			}
			bytes += (char)(0x80 | (c >> 6 & 0x3f));
			bytes += (char)(0x80 | (c & 0x3f));
		}
	}
	return bytes;
}

/* What the door says of one adapter; what it refuses stays zero. */
struct facts {
	winluid luid;
	d3dkmt_adaptertype type;
	d3dkmt_query_device_ids ids;
	d3dkmt_segmentsizeinfo sizes;
	uint64_t version;
	uint32_t wddm;
	std::string description;
};

template <class T> bool read(d3dkmthandle adapter, uint32_t type, T *ret)
{
	d3dkmt_queryadapterinfo asked = {};
	asked.adapter = adapter;
	asked.type = type;
	asked.private_data = (uintptr_t)ret;
	asked.private_data_size = sizeof(*ret);
	return door_query(&asked) >= 0;
}

/* In the order in which DXCore was seen to ask, with those questions whose answers it only
 * keeps: healthy machines refuse some of them. */
facts gather(const d3dkmt_adapterinfo &info)
{
	facts f = {};
	f.luid = info.adapter_luid;
	d3dkmthandle adapter = info.adapter_handle;
	std::vector<char32_t> text(4096);
	struct {
		char32_t text[4096];
	} * description;
	uint32_t caps[3], count;
	uint8_t guid[160], umd[1044], node_perf[56] = {}, perf[64] = {};
	memset(umd, 0, sizeof(umd));
	memset(guid, 0, sizeof(guid));
	read(adapter, 17, &caps);
	read(adapter, KMTQAITYPE_GETSEGMENTSIZE, &f.sizes);
	read(adapter, KMTQAITYPE_DRIVERVERSION_RENDER, &f.wddm);
	description = (decltype(description))text.data();
	if (read(adapter, KMTQAITYPE_DRIVER_DESCRIPTION_RENDER, description))
		f.description = to_utf8(text.data());
	read(adapter, 60, &guid);
	read(adapter, 1, &umd);
	read(adapter, 30, &count);
	read(adapter, KMTQAITYPE_PHYSICALADAPTERDEVICEIDS, &f.ids);
	read(adapter, 61, &node_perf);
	read(adapter, 62, &perf);
	read(adapter, KMTQAITYPE_UMD_DRIVER_VERSION, &f.version);
	if (!read(adapter, KMTQAITYPE_ADAPTERTYPE_RENDER, &f.type))
		read(adapter, KMTQAITYPE_ADAPTERTYPE, &f.type);
	return f;
}

std::vector<facts> gather_all()
{
	d3dkmt_adapterinfo infos[D3DKMT_ADAPTERS_MAX];
	d3dkmt_enumadapters3 asked = {};
	std::vector<facts> all;
	asked.filter.include_compute_only = 1;
	asked.adapter_count = D3DKMT_ADAPTERS_MAX;
	asked.adapters = (uintptr_t)infos;
	if (door_ask_first(LX_DXENUMADAPTERS3, &asked) < 0)
		return all;
	for (uint32_t i = 0; i < asked.adapter_count; i++) {
		all.insert(is_mode(REVERSED) ? all.begin() : all.end(), gather(infos[i]));
		door_ask(LX_DXCLOSEADAPTER, &infos[i].adapter_handle);
	}
	return all;
}

/* Whether this process, alone on its machine, holds an adapter open. */
bool has_open_adapter()
{
	for (const facts &f : gather_all()) {
		d3dkmt_enumprocesses asked = {};
		asked.adapter_luid = f.luid;
		/* Without room only their number comes back. */
		door_ask(LX_DXENUMPROCESSES, &asked);
		if (asked.buffer_count)
			return true;
	}
	return false;
}

int alive; /* objects of any kind */

/* In its mode, the end of a program that gives back too much, or in no order. */
void expect_gone(bool gone)
{
	if (!gone && is_mode(COUNT_OBJECTS))
		abort();
}

/* IUnknown of an object that lives from 1 to 0. */
template <class Interface> class Object : public Interface
{
      public:
	Object()
	{
		alive++;
	}
	HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void **ret) override
	{
		if (!ret)
			return E_POINTER;
		*ret = nullptr;
		if (riid != IID_IUnknown && riid != uuidof<Interface>())
			return E_NOINTERFACE;
		AddRef();
		*ret = this;
		return S_OK;
	}
	ULONG STDMETHODCALLTYPE AddRef() override
	{
		return ++references;
	}
	ULONG STDMETHODCALLTYPE Release() override
	{
		ULONG left = --references;
		if (!left)
			delete this;
		return left;
	}
	virtual ~Object()
	{
		alive--;
	}

      private:
	ULONG references = 1;
};

/* Gives the caller the only reference. */
template <class T> HRESULT hand_over(T *object, REFIID riid, void **ret)
{
	HRESULT result = object->QueryInterface(riid, ret);
	object->Release();
	return result;
}

HRESULT put(const void *value, size_t size, size_t room, void *ret)
{
	if (!ret)
		return E_POINTER;
	if (room < size)
		return E_INVALIDARG;
	memcpy(ret, value, size);
	return S_OK;
}

class Adapter final : public Object<IDXCoreAdapter>
{
      public:
	explicit Adapter(const facts &gathered) : f(gathered)
	{
		if (is_mode(OTHER_LUID))
			f.luid.a ^= 0x5a5a5a5a;
		if (is_mode(OTHER_IDS) || is_mode(OTHER)) {
			f.ids.vendor_id = 0x1002;
			f.ids.device_id = 0x73bf;
		}
		if (is_mode(OTHER)) {
			f.version++;
			f.sizes.dedicated_video_memory_size += 1 << 20;
			f.sizes.shared_system_memory_size += 1 << 20;
		}
		if (is_mode(HOSTILE_TEXT))
			f.description = "\x1b[2J\xff\xe2\x80\xae GPU";
	}

	bool STDMETHODCALLTYPE IsValid() override
	{
		return !is_mode(ADAPTER_GONE);
	}

	bool STDMETHODCALLTYPE IsAttributeSupported(REFGUID attribute) override
	{
		if (!f.type.render_supported && !f.type.compute_only)
			return false;
		if (attribute == DXCORE_ADAPTER_ATTRIBUTE_D3D12_CORE_COMPUTE)
			return true;
		return !f.type.compute_only &&
		       (attribute == DXCORE_ADAPTER_ATTRIBUTE_D3D12_GRAPHICS ||
			attribute == DXCORE_ADAPTER_ATTRIBUTE_D3D11_GRAPHICS);
	}

	bool STDMETHODCALLTYPE
	IsPropertySupported(DXCoreAdapterProperty property) override
	{
		size_t size;
		return SUCCEEDED(GetPropertySize(property, &size));
	}

	HRESULT STDMETHODCALLTYPE GetProperty(DXCoreAdapterProperty property, size_t room,
					      void *ret) override
	{
		const d3dkmt_query_device_ids &ids = f.ids;
		const DXCoreHardwareID id = { ids.vendor_id, ids.device_id,
					      ids.sub_system_id << 16 |
						      (ids.sub_vendor_id & 0xffff),
					      ids.revision_id };
		const DXCoreHardwareIDParts parts = { ids.vendor_id, ids.device_id,
						      ids.sub_system_id,
						      ids.sub_vendor_id,
						      ids.revision_id };
		const uint8_t yes = is_mode(STRANGE_FLAGS) ? 255 : 1;
		const uint8_t integrated = f.type.hybrid_integrated ? yes : 0;
		const uint8_t hardware = f.type.software_device ? 0 : yes;
		if (!IsPropertySupported(property))
			return E_INVALIDARG;
		switch (property) {
		case DXCoreAdapterProperty::InstanceLuid:
			return put(&f.luid, sizeof(f.luid), room, ret);
		case DXCoreAdapterProperty::DriverVersion:
			return put(&f.version, sizeof(f.version), room, ret);
		case DXCoreAdapterProperty::DriverDescription:
			if (is_mode(HOSTILE_TEXT))
				return put(f.description.data(), f.description.size(),
					   room, ret);
			return put(f.description.c_str(), f.description.size() + 1, room,
				   ret);
		case DXCoreAdapterProperty::HardwareID:
			return put(&id, sizeof(id), room, ret);
		case DXCoreAdapterProperty::KmdModelVersion:
			return put(&f.wddm, sizeof(f.wddm), room, ret);
		case DXCoreAdapterProperty::DedicatedAdapterMemory:
			return put(&f.sizes.dedicated_video_memory_size, 8, room, ret);
		case DXCoreAdapterProperty::DedicatedSystemMemory:
			return put(&f.sizes.dedicated_system_memory_size, 8, room, ret);
		case DXCoreAdapterProperty::SharedSystemMemory:
			return put(&f.sizes.shared_system_memory_size, 8, room, ret);
		case DXCoreAdapterProperty::AcgCompatible:
			return put(&yes, sizeof(yes), room, ret);
		case DXCoreAdapterProperty::IsHardware:
			return put(&hardware, sizeof(hardware), room, ret);
		case DXCoreAdapterProperty::IsIntegrated:
			return put(&integrated, sizeof(integrated), room, ret);
		case DXCoreAdapterProperty::HardwareIDParts:
			return put(&parts, sizeof(parts), room, ret);
		default:
			return E_INVALIDARG;
		}
	}

	HRESULT STDMETHODCALLTYPE GetPropertySize(DXCoreAdapterProperty property,
						  size_t *ret) override
	{
		static const struct {
			DXCoreAdapterProperty property;
			size_t size;
		} sizes[] = {
			{ DXCoreAdapterProperty::InstanceLuid, 8 },
			{ DXCoreAdapterProperty::DriverVersion, 8 },
			{ DXCoreAdapterProperty::HardwareID, 16 },
			{ DXCoreAdapterProperty::KmdModelVersion, 4 },
			{ DXCoreAdapterProperty::DedicatedAdapterMemory, 8 },
			{ DXCoreAdapterProperty::DedicatedSystemMemory, 8 },
			{ DXCoreAdapterProperty::SharedSystemMemory, 8 },
			{ DXCoreAdapterProperty::AcgCompatible, 1 },
			{ DXCoreAdapterProperty::IsHardware, 1 },
			{ DXCoreAdapterProperty::IsIntegrated, 1 },
			{ DXCoreAdapterProperty::HardwareIDParts, 20 },
		};
		if (is_mode(OLD) && property == DXCoreAdapterProperty::HardwareIDParts)
			return E_INVALIDARG;
		if (is_mode(NO_LUID) && property == DXCoreAdapterProperty::InstanceLuid)
			return E_INVALIDARG;
		if (property == DXCoreAdapterProperty::DriverDescription) {
			*ret = is_mode(FLOOD_TEXT) ? UINT32_MAX
			       : is_mode(EMPTY_TEXT)
				       ? 0
				       : f.description.size() + !is_mode(HOSTILE_TEXT);
			if (is_mode(GROWING_TEXT))
				f.description += " and more";
			return S_OK;
		}
		for (const auto &row : sizes)
			if (row.property == property) {
				*ret = row.size;
				return S_OK;
			}
		return E_INVALIDARG;
	}

	bool STDMETHODCALLTYPE IsQueryStateSupported(DXCoreAdapterState) override
	{
		return false;
	}
	HRESULT STDMETHODCALLTYPE QueryState(DXCoreAdapterState, size_t, const void *,
					     size_t, void *) override
	{
		return E_INVALIDARG;
	}
	bool STDMETHODCALLTYPE IsSetStateSupported(DXCoreAdapterState) override
	{
		return false;
	}
	HRESULT STDMETHODCALLTYPE SetState(DXCoreAdapterState, size_t, const void *,
					   size_t, const void *) override
	{
		return E_INVALIDARG;
	}
	HRESULT STDMETHODCALLTYPE GetFactory(REFIID riid, void **ret) override
	{
		return DXCoreCreateAdapterFactory(riid, ret);
	}

      private:
	facts f;
};

class List final : public Object<IDXCoreAdapterList>
{
      public:
	List(uint32_t count, const GUID *attributes)
	{
		if (is_mode(LIST_EMPTY))
			return;
		for (const facts &f : gather_all()) {
			auto *adapter = new Adapter(f);
			bool fits = true;
			for (uint32_t i = 0; i < count; i++)
				fits = fits &&
				       adapter->IsAttributeSupported(attributes[i]);
			if (fits)
				adapters.push_back(adapter);
			else
				adapter->Release();
		}
	}
	~List() override
	{
		for (Adapter *adapter : adapters)
			expect_gone(adapter->Release() == 0);
	}

	HRESULT STDMETHODCALLTYPE GetAdapter(uint32_t index, REFIID riid,
					     void **ret) override
	{
		*ret = nullptr;
		if (is_mode(ADAPTER_CRASH))
			abort();
		if (is_mode(ADAPTER_MISSING))
			return S_OK;
		if (is_mode(ADAPTER_REFUSED) || index >= adapters.size())
			return E_INVALIDARG;
		return adapters[index]->QueryInterface(riid, ret);
	}
	uint32_t STDMETHODCALLTYPE GetAdapterCount() override
	{
		return is_mode(LIST_FLOOD) ? UINT32_MAX : (uint32_t)adapters.size();
	}
	bool STDMETHODCALLTYPE IsStale() override
	{
		return false;
	}
	HRESULT STDMETHODCALLTYPE GetFactory(REFIID riid, void **ret) override
	{
		return DXCoreCreateAdapterFactory(riid, ret);
	}
	HRESULT STDMETHODCALLTYPE Sort(uint32_t, const DXCoreAdapterPreference *) override
	{
		return S_OK;
	}
	bool STDMETHODCALLTYPE
	IsAdapterPreferenceSupported(DXCoreAdapterPreference) override
	{
		return true;
	}

      private:
	std::vector<Adapter *> adapters;
};

class Factory final : public Object<IDXCoreAdapterFactory>
{
      public:
	~Factory() override
	{
		if (!is_mode(COUNT_OBJECTS))
			return;
		expect_gone(alive == 1 && !has_open_adapter());
		_exit(77);
	}
	HRESULT STDMETHODCALLTYPE CreateAdapterList(uint32_t count,
						    const GUID *attributes, REFIID riid,
						    void **ret) override
	{
		*ret = nullptr;
		if (is_mode(LIST_REFUSED) || !count)
			return (HRESULT)0x80004005;
		if (is_mode(LIST_MISSING))
			return S_OK;
		return hand_over(new List(count, attributes), riid, ret);
	}
	HRESULT STDMETHODCALLTYPE GetAdapterByLuid(const LUID &luid, REFIID riid,
						   void **ret) override
	{
		for (const facts &f : gather_all())
			if (!memcmp(&f.luid, &luid, sizeof(luid)))
				return hand_over(new Adapter(f), riid, ret);
		return E_INVALIDARG;
	}
	bool STDMETHODCALLTYPE
	IsNotificationTypeSupported(DXCoreNotificationType) override
	{
		return false;
	}
	HRESULT STDMETHODCALLTYPE RegisterEventNotification(
		IUnknown *, DXCoreNotificationType, PFN_DXCORE_NOTIFICATION_CALLBACK,
		void *, uint32_t *) override
	{
		return E_INVALIDARG;
	}
	HRESULT STDMETHODCALLTYPE UnregisterEventNotification(uint32_t) override
	{
		return E_INVALIDARG;
	}
};

} // namespace

EXPORT HRESULT DXCoreCreateAdapterFactory(REFIID riid, void **ret)
{
	*ret = nullptr;
	if (is_mode(FACTORY_REFUSED))
		return E_NOINTERFACE;
	if (is_mode(FACTORY_MISSING))
		return S_OK;
	return hand_over(new Factory, riid, ret);
}
