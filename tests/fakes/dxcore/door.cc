#include "tests/fakes/dxcore/door.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace
{

int node = -1;

/* libdxcore's way back from an errno (microsoft/libdxg:src/d3dkmt-wsl.cpp). */
int32_t status_of(int number)
{
	switch (number) {
	case EEXIST:
		return (int32_t)STATUS_OBJECT_NAME_COLLISION;
	case ENOMEM:
		return (int32_t)STATUS_NO_MEMORY;
	case EINVAL:
		return (int32_t)STATUS_INVALID_PARAMETER;
	case ENOENT:
		return (int32_t)STATUS_OBJECT_NAME_INVALID;
	case EAGAIN:
		return 0x102; /* STATUS_TIMEOUT */
	case EOVERFLOW:
		return (int32_t)STATUS_BUFFER_TOO_SMALL;
	case ENODEV:
		return (int32_t)STATUS_DEVICE_REMOVED;
	case EACCES:
		return (int32_t)STATUS_ACCESS_DENIED;
	case ENOSYS:
	case EPERM:
		return (int32_t)STATUS_NOT_SUPPORTED;
	case EOPNOTSUPP:
		return (int32_t)STATUS_ILLEGAL_INSTRUCTION;
	case EBADF:
		return (int32_t)STATUS_INVALID_HANDLE;
	case EINPROGRESS:
		return (int32_t)STATUS_GRAPHICS_ALLOCATION_BUSY;
	case EPROTOTYPE:
		return (int32_t)STATUS_OBJECT_TYPE_MISMATCH;
	default:
		return (int32_t)STATUS_UNSUCCESSFUL;
	}
}

} // namespace

int32_t door_ask(unsigned long request, void *argument)
{
	if (node < 0)
		node = open(DXG_NODE, O_RDONLY | O_CLOEXEC);
	int result = node < 0 ? -1 : ioctl(node, request, argument);
	return result < 0 ? status_of(errno) : result;
}

int32_t door_ask_first(unsigned long request, void *argument)
{
	int32_t status = door_ask(request, argument);
	if (status >= 0 || (errno != ENOTTY && errno != EBADF))
		return status;
	if (node >= 0)
		close(node);
	node = -1;
	return door_ask(request, argument);
}

namespace
{

/* Text: two bytes a unit at the door, four a character in libdxcore. */

std::u32string widen(const uint16_t *units, size_t count)
{
	std::u32string wide;
	for (size_t i = 0; i < count && units[i]; i++) {
		char32_t c = units[i];
		if (c >= 0xd800 && c < 0xdc00 && i + 1 < count)
			c = 0x10000 + ((c - 0xd800) << 10) + (units[++i] - 0xdc00U);
		wide += c;
	}
	return wide;
}

/* A path of Windows' driver store as the guest has it mounted. */
std::u32string rewrite(std::u32string path)
{
	static const std::u32string repository = U"\\FileRepository\\";
	size_t at = path.find(repository);
	if (at == path.npos)
		return path;
	path.replace(0, at + repository.size(), U"/usr/lib/wsl/drivers/");
	for (char32_t &c : path)
		if (c == '\\')
			c = '/';
	return path;
}

/* Adapter-info types with text: bytes, then units, then bytes. */
const struct text_type {
	uint32_t type;
	size_t head, units, tail;
} text_types[] = {
	{ 1, 4, 260, 0 },   /* D3DKMT_UMDFILENAMEINFO */
	{ 2, 0, 260, 8 },   /* D3DKMT_OPENGLINFO */
	{ 8, 0, 1040, 0 },  /* D3DKMT_ADAPTERREGISTRYINFO: four of 260 */
	{ 54, 0, 1040, 0 }, /* the same of the render part */
	{ 25, 8, 32, 6 },   /* D3DKMT_NODEMETADATA */
	{ 60, 0, 40, 0 },   /* D3DKMT_QUERY_ADAPTER_UNIQUE_GUID */
	{ 64, 4, 64, 0 },   /* D3DKMT_GPUVERSION: two of 32 */
	{ 65, 0, 4096, 0 }, /* D3DKMT_DRIVER_DESCRIPTION */
	{ 66, 0, 4096, 0 }, /* the same of the render part */
};

int32_t ask_text(d3dkmt_queryadapterinfo query, const text_type &type)
{
	uint8_t *wide = (uint8_t *)(uintptr_t)query.private_data;
	size_t raw_size = type.head + 2 * type.units + type.tail;
	if (query.private_data_size < type.head + 4 * type.units + type.tail)
		return (int32_t)STATUS_BUFFER_TOO_SMALL;
	std::vector<uint8_t> raw(raw_size);
	memcpy(raw.data(), wide, type.head);
	query.private_data = (uintptr_t)raw.data();
	query.private_data_size = (uint32_t)raw_size;
	int32_t status = door_ask(LX_DXQUERYADAPTERINFO, &query);
	if (status < 0)
		return status;
	std::vector<uint16_t> units(type.units);
	memcpy(units.data(), raw.data() + type.head, 2 * type.units);
	memcpy(wide, raw.data(), type.head);
	memcpy(wide + type.head + 4 * type.units, raw.data() + raw_size - type.tail,
	       type.tail);
	memset(wide + type.head, 0, 4 * type.units);
	/* Strings beside each other keep their places. */
	size_t step = type.units == 1040 ? 260 : type.units == 64 ? 32 : type.units;
	for (size_t i = 0; i < type.units; i += step) {
		std::u32string text = rewrite(widen(units.data() + i, step));
		memcpy(wide + type.head + 4 * i, text.data(), 4 * text.size());
	}
	return status;
}

/* Type 48 in libdxcore's width. */
struct wide_registry {
	uint32_t query_type;
	uint32_t query_flags;
	char32_t value_name[260];
	uint32_t value_type;
	uint32_t physical_adapter_index;
	uint32_t output_value_size;
	uint32_t status;
	uint8_t output[8];
};
static_assert(sizeof(wide_registry) == 1072, "D3DDDI_QUERYREGISTRY_INFO");

void answer_registry(const d3dddi_queryregistry_info *raw, size_t raw_room,
		     wide_registry *wide, size_t room)
{
	size_t size = raw->output_value_size;
	wide->value_type = raw->value_type;
	wide->status = raw->status;
	wide->output_value_size = (uint32_t)size;
	if (raw->value_type != 1) {
		if (!raw->status && size <= raw_room && size <= room)
			memcpy(wide->output, raw->output, size);
		return;
	}
	wide->output_value_size = (uint32_t)(2 * size);
	if (raw->status || size > raw_room)
		return;
	std::vector<uint16_t> units(size / 2);
	memcpy(units.data(), raw->output, 2 * units.size());
	std::u32string text = rewrite(widen(units.data(), units.size()));
	wide->output_value_size = (uint32_t)(4 * (text.size() + 1));
	if (wide->output_value_size > room)
		wide->status = D3DDDI_QUERYREGISTRY_STATUS_BUFFER_OVERFLOW;
	else
		memcpy(wide->output, text.c_str(), wide->output_value_size);
}

int32_t ask_registry(d3dkmt_queryadapterinfo query)
{
	auto *wide = (wide_registry *)(uintptr_t)query.private_data;
	if (query.private_data_size < sizeof(*wide))
		return (int32_t)STATUS_BUFFER_TOO_SMALL;
	size_t more = query.private_data_size - sizeof(*wide);
	std::vector<uint8_t> bytes(sizeof(d3dddi_queryregistry_info) + more / 2);
	auto *raw = (d3dddi_queryregistry_info *)bytes.data();
	raw->query_type = wide->query_type;
	raw->query_flags = wide->query_flags;
	raw->physical_adapter_index = wide->physical_adapter_index;
	for (size_t i = 0; i < 259; i++)
		raw->value_name[i] = (uint16_t)wide->value_name[i];
	query.private_data = (uintptr_t)raw;
	query.private_data_size = (uint32_t)bytes.size();
	int32_t status = door_ask(LX_DXQUERYADAPTERINFO, &query);
	if (status >= 0)
		answer_registry(raw, sizeof(raw->output) + more / 2, wide,
				sizeof(wide->output) + more);
	return status;
}

} // namespace

int32_t door_query(const d3dkmt_queryadapterinfo *asked)
{
	d3dkmt_queryadapterinfo copy = *asked;
	for (const text_type &type : text_types)
		if (type.type == copy.type)
			return ask_text(copy, type);
	return copy.type == KMTQAITYPE_QUERYREGISTRY
		       ? ask_registry(copy)
		       : door_ask(LX_DXQUERYADAPTERINFO, &copy);
}

#ifndef FAKE_WITHOUT_DOOR
EXPORT int32_t D3DKMTQueryAdapterInfo(const d3dkmt_queryadapterinfo *asked)
{
	return door_query(asked);
}

#define FIRST(name, request)                                                             \
	EXPORT int32_t name(void *argument)                                              \
	{                                                                                \
		return door_ask_first(request, argument);                                \
	}
FIRST(D3DKMTOpenAdapterFromLuid, LX_DXOPENADAPTERFROMLUID)
FIRST(D3DKMTEnumAdapters2, LX_DXENUMADAPTERS2)
FIRST(D3DKMTEnumAdapters3, LX_DXENUMADAPTERS3)

/* X(name, request): where Windows' structure and the kernel's are the same. */
#define PLAIN(X)                                                                         \
	X(D3DKMTChangeVideoMemoryReservation, LX_DXCHANGEVIDEOMEMORYRESERVATION)         \
	X(D3DKMTCloseAdapter, LX_DXCLOSEADAPTER)                                         \
	X(D3DKMTCreateAllocation2, LX_DXCREATEALLOCATION)                                \
	X(D3DKMTCreateContextVirtual, LX_DXCREATECONTEXTVIRTUAL)                         \
	X(D3DKMTCreateDevice, LX_DXCREATEDEVICE)                                         \
	X(D3DKMTCreateHwQueue, LX_DXCREATEHWQUEUE)                                       \
	X(D3DKMTCreatePagingQueue, LX_DXCREATEPAGINGQUEUE)                               \
	X(D3DKMTCreateSynchronizationObject2, LX_DXCREATESYNCHRONIZATIONOBJECT)          \
	X(D3DKMTDestroyAllocation2, LX_DXDESTROYALLOCATION2)                             \
	X(D3DKMTDestroyContext, LX_DXDESTROYCONTEXT)                                     \
	X(D3DKMTDestroyDevice, LX_DXDESTROYDEVICE)                                       \
	X(D3DKMTDestroyHwQueue, LX_DXDESTROYHWQUEUE)                                     \
	X(D3DKMTDestroyPagingQueue, LX_DXDESTROYPAGINGQUEUE)                             \
	X(D3DKMTDestroySynchronizationObject, LX_DXDESTROYSYNCHRONIZATIONOBJECT)         \
	X(D3DKMTEscape, LX_DXESCAPE)                                                     \
	X(D3DKMTEvict, LX_DXEVICT)                                                       \
	X(D3DKMTFreeGpuVirtualAddress, LX_DXFREEGPUVIRTUALADDRESS)                       \
	X(D3DKMTGetDeviceState, LX_DXGETDEVICESTATE)                                     \
	X(D3DKMTLock2, LX_DXLOCK2)                                                       \
	X(D3DKMTMakeResident, LX_DXMAKERESIDENT)                                         \
	X(D3DKMTMapGpuVirtualAddress, LX_DXMAPGPUVIRTUALADDRESS)                         \
	X(D3DKMTOpenResourceFromNtHandle, LX_DXOPENRESOURCEFROMNTHANDLE)                 \
	X(D3DKMTQueryClockCalibration, LX_DXQUERYCLOCKCALIBRATION)                       \
	X(D3DKMTQueryResourceInfoFromNtHandle, LX_DXQUERYRESOURCEINFOFROMNTHANDLE)       \
	X(D3DKMTQueryStatistics, LX_DXQUERYSTATISTICS)                                   \
	X(D3DKMTQueryVideoMemoryInfo, LX_DXQUERYVIDEOMEMORYINFO)                         \
	X(D3DKMTReserveGpuVirtualAddress, LX_DXRESERVEGPUVIRTUALADDRESS)                 \
	X(D3DKMTSetAllocationPriority, LX_DXSETALLOCATIONPRIORITY)                       \
	X(D3DKMTSetContextSchedulingPriority, LX_DXSETCONTEXTSCHEDULINGPRIORITY)         \
	X(D3DKMTSignalSynchronizationObjectFromCpu,                                      \
	  LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU)                                       \
	X(D3DKMTSignalSynchronizationObjectFromGpu,                                      \
	  LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU)                                       \
	X(D3DKMTSubmitCommand, LX_DXSUBMITCOMMAND)                                       \
	X(D3DKMTSubmitCommandToHwQueue, LX_DXSUBMITCOMMANDTOHWQUEUE)                     \
	X(D3DKMTUnlock2, LX_DXUNLOCK2)                                                   \
	X(D3DKMTUpdateGpuVirtualAddress, LX_DXUPDATEGPUVIRTUALADDRESS)                   \
	X(D3DKMTWaitForSynchronizationObjectFromCpu,                                     \
	  LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU)                                      \
	X(D3DKMTWaitForSynchronizationObjectFromGpu,                                     \
	  LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU)

#define X(name, request)                                                                 \
	EXPORT int32_t name(void *argument)                                              \
	{                                                                                \
		return door_ask(request, argument);                                      \
	}
PLAIN(X)
#undef X

/* X(name, status): what a driver looks up and cannot have: older forms of calls above,
 * which the genuine library turns into those and nobody here needs; calls whose slot in the
 * kernel is empty. */
#define REFUSED(X)                                                                       \
	X(D3DKMTCreateSynchronizationObject, STATUS_NOT_SUPPORTED)                       \
	X(D3DKMTDestroyAllocation, STATUS_NOT_SUPPORTED)                                 \
	X(D3DKMTShareObjects, STATUS_NOT_SUPPORTED)                                      \
	X(D3DKMTSignalSynchronizationObject, STATUS_NOT_SUPPORTED)                       \
	X(D3DKMTWaitForSynchronizationObject, STATUS_NOT_SUPPORTED)                      \
	X(D3DKMTCreateContext, STATUS_UNSUCCESSFUL)                                      \
	X(D3DKMTCreateHwContext, STATUS_UNSUCCESSFUL)                                    \
	X(D3DKMTDestroyHwContext, STATUS_UNSUCCESSFUL)                                   \
	X(D3DKMTOpenResource, STATUS_UNSUCCESSFUL)                                       \
	X(D3DKMTQueryResourceInfo, STATUS_UNSUCCESSFUL)

#define X(name, status)                                                                  \
	EXPORT int32_t name(void *)                                                      \
	{                                                                                \
		return (int32_t)status;                                                  \
	}
REFUSED(X)
#undef X
#endif
