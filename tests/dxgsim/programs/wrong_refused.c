/* What a refusal of Windows comes to, call by call, and the end of an adapter. */
#include "tests/dxgsim/programs/wrong.h"

/* Rows give what matters of a structure; the rest is 0. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define STATE(kind) ARG(d3dkmt_getdevicestate, b->device, kind)

/* The handles that there are, each destroyed twice: what the second time finds says whether
 * the guest has forgotten it. */
#define TWICE(request, handle, first, lines)                                             \
	{ "the end", request, &(handle), first, "" },                                    \
	{                                                                                \
		"its end again", request, &(handle), -EINVAL, lines                      \
	}

void wrong_refused(const struct bench *b)
{
	uint32_t data = 9;
	struct d3dkmt_createstandardallocation standard = {
		.type = _D3DKMT_STANDARDALLOCATIONTYPE_EXISTINGHEAP,
		.existing_heap_data.size = PAGE,
	};
	struct d3dddi_allocationinfo2 info = { .sysmem = PTR(b->memory) };
	check_rows(b->fd,
		   { "no message goes out", LX_DXOPENADAPTERFROMLUID,
		     ARG(d3dkmt_openadapterfromluid, b->info.adapter_luid), 0, "" },
		   { "no message goes out", LX_DXENUMADAPTERS2,
		     ARG(d3dkmt_enumadapters2, 0), 0, "" },
		   { "no status", LX_DXCREATEALLOCATION,
		     ARG(d3dkmt_createallocation, .device = b->device, .alloc_count = 1,
			 .allocation_info = PTR(&info),
			 .standard_allocation = PTR(&standard),
			 .flags = { .standard_allocation = 1, .existing_sysmem = 1 }),
		     -EOVERFLOW,
		     "dxgvmb_send_create_allocation: send_create_allocation failed "
		     "ffffffb5" },
		   { "no status", LX_DXESCAPE,
		     ARG(d3dkmt_escape, .adapter = b->adapter,
			 .priv_drv_data = PTR(&data), .priv_drv_data_size = 4),
		     -EOVERFLOW, "" },
		   { "nothing to be too short", LX_DXESCAPE,
		     ARG(d3dkmt_escape, .adapter = b->adapter), 0, "" },
		   { "known to the guest", LX_DXGETDEVICESTATE,
		     STATE(_D3DKMT_DEVICESTATE_EXECUTION), 0, "" },
		   { "not known", LX_DXGETDEVICESTATE, STATE(_D3DKMT_DEVICESTATE_RESET),
		     -EPERM, "" },
		   { "granted, answered", LX_DXGETCONTEXTSCHEDULINGPRIORITY,
		     ARG(d3dkmt_getcontextschedulingpriority, b->context), 0, "" },
		   { "granted, no answer", LX_DXSETCONTEXTSCHEDULINGPRIORITY,
		     ARG(d3dkmt_setcontextschedulingpriority, b->context), STATUS_PENDING,
		     "" },
		   TWICE(LX_DXDESTROYHWQUEUE, b->hwqueue, -EBADF,
			 "invalid hwqueue handle: *"),
		   TWICE(LX_DXDESTROYCONTEXT, b->context, -ENOMEM,
			 "invalid context handle: *"),
		   TWICE(LX_DXDESTROYSYNCHRONIZATIONOBJECT, b->fence, -EACCES, ""),
		   TWICE(LX_DXDESTROYPAGINGQUEUE, b->queue, 0, ""),
		   TWICE(LX_DXDESTROYDEVICE, b->device, 0, "invalid device handle: *"),
		   { "no message goes out", LX_DXCLOSEADAPTER, &b->adapter, 0, "" });
}

void wrong_gone(const struct bench *b)
{
	const struct winluid luid = b->info.adapter_luid;
	struct d3dkmt_enumadapters2 list = { 0 };
	uint8_t bytes[28];
	check_rows(
		b->fd,
		{ "from here on", LX_DXFLUSHHEAPTRANSITIONS, &b->adapter, -ENODEV, "" },
		{ "a question", LX_DXQUERYADAPTERINFO,
		  ARG(d3dkmt_queryadapterinfo, b->adapter, 31, PTR(bytes), 28), -ENODEV,
		  "" },
		{ "its state", LX_DXGETDEVICESTATE, STATE(_D3DKMT_DEVICESTATE_EXECUTION),
		  -ENODEV, "" },
		{ "a device", LX_DXCREATEDEVICE, ARG(d3dkmt_createdevice, b->adapter),
		  -ENODEV, "" },
		{ "by its LUID", LX_DXOPENADAPTERFROMLUID,
		  ARG(d3dkmt_openadapterfromluid, luid), -EINVAL, "" },
		{ "who has it", LX_DXENUMPROCESSES, ARG(d3dkmt_enumprocesses, luid),
		  -EINVAL, "Failed to find dxgadapter" },
		{ "statistics", LX_DXQUERYSTATISTICS,
		  ARG(d3dkmt_querystatistics, { { .adapter_luid = luid } }), 0, "" },
		{ "listing", LX_DXENUMADAPTERS2, &list, 0, "" },
		TWICE(LX_DXDESTROYHWQUEUE, b->hwqueue, -ENODEV,
		      "invalid hwqueue handle: *"),
		TWICE(LX_DXDESTROYCONTEXT, b->context, -ENODEV,
		      "invalid context handle: *"),
		TWICE(LX_DXDESTROYPAGINGQUEUE, b->queue, -ENODEV, ""),
		TWICE(LX_DXDESTROYSYNCHRONIZATIONOBJECT, b->fence, 0, ""),
		TWICE(LX_DXDESTROYDEVICE, b->device, 0, "invalid device handle: *"),
		{ "closing", LX_DXCLOSEADAPTER, &b->adapter, 0, "" });
	expect("listed", list.num_adapters, 0);
}
