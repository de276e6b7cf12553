#include <wsl/winadapter.h>

#include <directx/dxcore.h>
#include <dxguids/dxguids.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/probes/dxcore_genuine.h"

namespace
{

char called[256];

__attribute__((format(printf, 1, 2))) void note(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(called, sizeof(called), format, args);
	va_end(args);
}

/* The first byte of an identity tells which one arrived. */
unsigned int first(REFIID id)
{
	return id.Data1;
}

/* Each result has bits beyond those of a narrower type. */
const HRESULT RESULT = (HRESULT)0x80004123;

template <class Interface> class Object : public Interface
{
      public:
	HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void **ret) override
	{
		note("QueryInterface %08x", first(riid));
		*ret = this;
		return RESULT;
	}
	ULONG STDMETHODCALLTYPE AddRef() override
	{
		note("AddRef");
		return 0xfffffff1;
	}
	ULONG STDMETHODCALLTYPE Release() override
	{
		note("Release");
		return 0xfffffff2;
	}
};

using Property = DXCoreAdapterProperty;
using State = DXCoreAdapterState;

class Adapter final : public Object<IDXCoreAdapter>
{
	bool STDMETHODCALLTYPE IsValid() override
	{
		note("IsValid");
		return true;
	}
	bool STDMETHODCALLTYPE IsAttributeSupported(REFGUID attribute) override
	{
		note("IsAttributeSupported %08x", first(attribute));
		return true;
	}
	bool STDMETHODCALLTYPE IsPropertySupported(Property property) override
	{
		note("IsPropertySupported %u", (unsigned)property);
		return true;
	}
	HRESULT STDMETHODCALLTYPE GetProperty(Property property, size_t size,
					      void *data) override
	{
		note("GetProperty %u %zu %p", (unsigned)property, size, data);
		return RESULT;
	}
	HRESULT STDMETHODCALLTYPE GetPropertySize(Property property, size_t *ret) override
	{
		note("GetPropertySize %u", (unsigned)property);
		*ret = 0x123456789;
		return RESULT;
	}
	bool STDMETHODCALLTYPE IsQueryStateSupported(State state) override
	{
		note("IsQueryStateSupported %u", (unsigned)state);
		return true;
	}
	HRESULT STDMETHODCALLTYPE QueryState(State state, size_t in_size, const void *in,
					     size_t out_size, void *out) override
	{
		note("QueryState %u %zu %p %zu %p", (unsigned)state, in_size, in,
		     out_size, out);
		return RESULT;
	}
	bool STDMETHODCALLTYPE IsSetStateSupported(State state) override
	{
		note("IsSetStateSupported %u", (unsigned)state);
		return true;
	}
	HRESULT STDMETHODCALLTYPE SetState(State state, size_t details_size,
					   const void *details, size_t size,
					   const void *data) override
	{
		note("SetState %u %zu %p %zu %p", (unsigned)state, details_size, details,
		     size, data);
		return RESULT;
	}
	HRESULT STDMETHODCALLTYPE GetFactory(REFIID riid, void **ret) override
	{
		note("adapter GetFactory %08x", first(riid));
		*ret = this;
		return RESULT;
	}
};

class List final : public Object<IDXCoreAdapterList>
{
	HRESULT STDMETHODCALLTYPE GetAdapter(uint32_t index, REFIID riid,
					     void **ret) override
	{
		note("GetAdapter %u %08x", index, first(riid));
		*ret = this;
		return RESULT;
	}
	uint32_t STDMETHODCALLTYPE GetAdapterCount() override
	{
		note("GetAdapterCount");
		return 0xfffffff3;
	}
	bool STDMETHODCALLTYPE IsStale() override
	{
		note("IsStale");
		return true;
	}
	HRESULT STDMETHODCALLTYPE GetFactory(REFIID riid, void **ret) override
	{
		note("list GetFactory %08x", first(riid));
		*ret = this;
		return RESULT;
	}
	HRESULT STDMETHODCALLTYPE
	Sort(uint32_t count, const DXCoreAdapterPreference *preferences) override
	{
		note("Sort %u %u", count, (unsigned)preferences[0]);
		return RESULT;
	}
	bool STDMETHODCALLTYPE
	IsAdapterPreferenceSupported(DXCoreAdapterPreference preference) override
	{
		note("IsAdapterPreferenceSupported %u", (unsigned)preference);
		return true;
	}
};

class Factory final : public Object<IDXCoreAdapterFactory>
{
	HRESULT STDMETHODCALLTYPE CreateAdapterList(uint32_t count,
						    const GUID *attributes, REFIID riid,
						    void **ret) override
	{
		note("CreateAdapterList %u %08x %08x", count, first(attributes[0]),
		     first(riid));
		*ret = this;
		return RESULT;
	}
	HRESULT STDMETHODCALLTYPE GetAdapterByLuid(const LUID &luid, REFIID riid,
						   void **ret) override
	{
		note("GetAdapterByLuid %d:%u %08x", luid.HighPart, luid.LowPart,
		     first(riid));
		*ret = this;
		return RESULT;
	}
	bool STDMETHODCALLTYPE
	IsNotificationTypeSupported(DXCoreNotificationType type) override
	{
		note("IsNotificationTypeSupported %u", (unsigned)type);
		return true;
	}
	HRESULT STDMETHODCALLTYPE
	RegisterEventNotification(IUnknown *object, DXCoreNotificationType type,
				  PFN_DXCORE_NOTIFICATION_CALLBACK callback,
				  void *context, uint32_t *ret) override
	{
		note("RegisterEventNotification %d %u", object != nullptr,
		     (unsigned)type);
		callback(type, object, context);
		*ret = 0xfffffff4;
		return RESULT;
	}
	HRESULT STDMETHODCALLTYPE UnregisterEventNotification(uint32_t cookie) override
	{
		note("UnregisterEventNotification %u", cookie);
		return RESULT;
	}
};

} // namespace

void *genuine_factory(void)
{
	static Factory factory;
	return static_cast<IDXCoreAdapterFactory *>(&factory);
}

void *genuine_list(void)
{
	static List list;
	return static_cast<IDXCoreAdapterList *>(&list);
}

void *genuine_adapter(void)
{
	static Adapter adapter;
	return static_cast<IDXCoreAdapter *>(&adapter);
}

const char *genuine_called(void)
{
	return called;
}

const void *genuine_guid(const char *name)
{
	static const struct {
		const char *name;
		const GUID *guid;
	} guids[] = {
		{ "IDXCoreAdapterFactory", &IID_IDXCoreAdapterFactory },
		{ "IDXCoreAdapterList", &IID_IDXCoreAdapterList },
		{ "IDXCoreAdapter", &IID_IDXCoreAdapter },
		{ "D3D12_CORE_COMPUTE", &DXCORE_ADAPTER_ATTRIBUTE_D3D12_CORE_COMPUTE },
		{ "D3D12_GRAPHICS", &DXCORE_ADAPTER_ATTRIBUTE_D3D12_GRAPHICS },
		{ "D3D11_GRAPHICS", &DXCORE_ADAPTER_ATTRIBUTE_D3D11_GRAPHICS },
	};
	static_assert(sizeof(GUID) == 16, "as sixteen bytes");
	for (const auto &row : guids)
		if (!strcmp(row.name, name))
			return row.guid;
	return nullptr;
}

int64_t genuine_property(const char *name)
{
	static const struct {
		const char *name;
		Property property;
	} properties[] = {
		{ "InstanceLuid", Property::InstanceLuid },
		{ "DriverVersion", Property::DriverVersion },
		{ "DriverDescription", Property::DriverDescription },
		{ "HardwareID", Property::HardwareID },
		{ "DedicatedAdapterMemory", Property::DedicatedAdapterMemory },
		{ "DedicatedSystemMemory", Property::DedicatedSystemMemory },
		{ "SharedSystemMemory", Property::SharedSystemMemory },
		{ "IsHardware", Property::IsHardware },
		{ "IsIntegrated", Property::IsIntegrated },
		{ "HardwareIDParts", Property::HardwareIDParts },
	};
	for (const auto &row : properties)
		if (!strcmp(row.name, name))
			return (int64_t)row.property;
	return -1;
}

unsigned int genuine_size(const char *name)
{
	if (!strcmp(name, "DXCoreHardwareID"))
		return sizeof(DXCoreHardwareID);
	return strcmp(name, "DXCoreHardwareIDParts") ? 0 : sizeof(DXCoreHardwareIDParts);
}
