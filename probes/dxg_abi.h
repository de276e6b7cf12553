/*
 * dxg_abi.h: the kernel interface of /dev/dxg.
 *
 * Here its numbers and how a status of Windows becomes an errno. The structures of the
 * calls are in dxg_abi_device.h, dxg_abi_memory.h and dxg_abi_sync.h, those of questions
 * about an adapter in dxg_abi_info.h; dxg_abi_layout.h asserts all of it. Names, numbers
 * and layouts are those of the driver's public header,
 * microsoft/WSL2-Linux-Kernel:include/uapi/misc/d3dkmthk.h; limits and behaviour are from
 * drivers/hv/dxgkrnl/ there (ioctl.c, dxgvmbus.c, dxgprocess.c, hmgr.c, misc.h). All for
 * LP64; no number has changed since the driver of 2022, the last two were added in 2023.
 *
 * Three habits of the driver that every caller must know:
 *  - several calls return 0 without writing their result when the host refuses, so every
 *    structure is zeroed first and a result that is still zero means refused;
 *  - a positive return value is a Windows success status (STATUS_PENDING), not an error;
 *  - everything belongs to the process that opened the node: after fork the child opens
 *    its own descriptor, the inherited one answers ENOTTY (ioctl.c, "wrong process").
 *
 * These headers stand alone: no other of the project, C11 or C++11, and they find each other
 * beside them, so that a program elsewhere can use them without a word about our folders.
 */
#pragma once
#ifdef __cplusplus
/* Structures without a name are C, and in C++ an extension of each compiler. */
#pragma GCC system_header
#endif

#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "dxg_abi_device.h"
#include "dxg_abi_info.h"
#include "dxg_abi_memory.h"
#include "dxg_abi_sync.h"

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

/* Larger than an int is an extension of C too. */
__extension__ enum dxg_ioctl {
#define X(nr, constant, size, name) constant = DXG_IOCTL(nr, size),
	DXG_IOCTLS(X)
#undef X
};

/* Limits that no structure shows (ioctl.c). */
#define DXG_ENUMADAPTERS3_MAX 65535
/* Of a QUERYADAPTERINFO, an escape, a context; and of the message to the host in which the
 * data goes, so that about 70 bytes less fit. */
#define DXG_PRIVATE_DATA_MAX 131072

/*
 * X(VALUE, NAME, errno): how the driver turns a negative status of the host into an errno
 * (drivers/hv/dxgkrnl/dxgvmbus.c, ntstatus2int); what has no row becomes EINVAL, which is
 * therefore the errno that says least. Statuses below 0x80000000 are successes and come
 * back as they are.
 */
/* clang-format off */
#define DXG_STATUSES(X)                                                                    \
	X(0x00000000, STATUS_SUCCESS, 0)                                                   \
	X(0x00000102, STATUS_TIMEOUT, 0)                                                   \
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

__extension__ enum dxg_status {
#define X(value, constant, number) constant = value,
	DXG_STATUSES(X)
#undef X
};

/*
 * X(errno, NAME): the way back, as libdxcore tells its callers (microsoft/libdxg:
 * src/d3dkmt-wsl.cpp); every other errno becomes STATUS_UNSUCCESSFUL.
 */
#define DXG_ERRNOS(X)                                                                    \
	X(EEXIST, STATUS_OBJECT_NAME_COLLISION)                                          \
	X(ENOMEM, STATUS_NO_MEMORY)                                                      \
	X(EINVAL, STATUS_INVALID_PARAMETER)                                              \
	X(ENOENT, STATUS_OBJECT_NAME_INVALID)                                            \
	X(EAGAIN, STATUS_TIMEOUT)                                                        \
	X(EOVERFLOW, STATUS_BUFFER_TOO_SMALL)                                            \
	X(ENODEV, STATUS_DEVICE_REMOVED)                                                 \
	X(EACCES, STATUS_ACCESS_DENIED)                                                  \
	X(ENOSYS, STATUS_NOT_SUPPORTED)                                                  \
	X(EPERM, STATUS_NOT_SUPPORTED)                                                   \
	X(EOPNOTSUPP, STATUS_ILLEGAL_INSTRUCTION)                                        \
	X(EBADF, STATUS_INVALID_HANDLE)                                                  \
	X(EINPROGRESS, STATUS_GRAPHICS_ALLOCATION_BUSY)                                  \
	X(EPROTOTYPE, STATUS_OBJECT_TYPE_MISMATCH)

#include "dxg_abi_layout.h"
