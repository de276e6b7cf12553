/* Wrong questions about adapters, and messages to their drivers. */
#include <sys/mman.h>

#include "tests/dxgsim/programs/wrong.h"

/* Rows give what matters of a structure; the rest is 0. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

static void test_adapters(const struct bench *b)
{
	struct d3dkmt_adapterinfo infos[65];
	uint8_t bytes[64] = { 0 };
	uint32_t pids[4];
	const struct winluid luid = b->info.adapter_luid;
	check_rows(b->fd,
		   { "room for 65", LX_DXENUMADAPTERS2,
		     ARG(d3dkmt_enumadapters2, 65, 0, PTR(infos)), -EINVAL, "" },
		   { "room for none", LX_DXENUMADAPTERS2,
		     ARG(d3dkmt_enumadapters2, 0, 0, PTR(infos)), -EOVERFLOW, "" },
		   { "to nowhere", LX_DXENUMADAPTERS2,
		     ARG(d3dkmt_enumadapters2, 64, 0, NOWHERE), -EFAULT,
		     "failed to copy adapter info to user" },
		   { "answer to constant memory", LX_DXENUMADAPTERS2, b->constant,
		     -EFAULT, "failed to copy args to user" },
		   { "room for 65536", LX_DXENUMADAPTERS3,
		     ARG(d3dkmt_enumadapters3, .adapter_count = 65536,
			 .adapters = PTR(infos)),
		     -EINVAL, "dxgkp_enum_adapters: too many adapters" },
		   { "to nowhere", LX_DXENUMADAPTERS3,
		     ARG(d3dkmt_enumadapters3, .adapter_count = 64, .adapters = NOWHERE),
		     -EFAULT, "dxgkp_enum_adapters: failed to copy adapter info" },
		   { "no such LUID, stale handle", LX_DXOPENADAPTERFROMLUID,
		     ARG(d3dkmt_openadapterfromluid, { 9, 9 }, { .v = 5 }), 0, "" },
		   { "no such adapter", LX_DXCLOSEADAPTER, ARG(d3dkmt_closeadapter, BAD),
		     -EINVAL,
		     "dxgprocess_get_adapter: Adapter not found 99; "
		     "dxgprocess_close_adapter: Adapter not found 99; failed to close "
		     "adapter: -22" },
		   { "too much data", LX_DXQUERYADAPTERINFO,
		     ARG(d3dkmt_queryadapterinfo, b->adapter, 31, PTR(bytes), 131073),
		     -EINVAL, "invalid private data size" },
		   { "data nowhere", LX_DXQUERYADAPTERINFO,
		     ARG(d3dkmt_queryadapterinfo, b->adapter, 31, NOWHERE, 28), -EFAULT,
		     "dxgvmb_send_query_adapter_info: Faled to copy private data" },
		   { "no such adapter", LX_DXQUERYADAPTERINFO,
		     ARG(d3dkmt_queryadapterinfo, BAD, 31, PTR(bytes), 28), -EINVAL, "" },
		   { "a device for an adapter", LX_DXQUERYADAPTERINFO,
		     ARG(d3dkmt_queryadapterinfo, b->hwqueue, 31, PTR(bytes), 28),
		     -EINVAL, "" },
		   { "a type unknown", LX_DXQUERYADAPTERINFO,
		     ARG(d3dkmt_queryadapterinfo, b->adapter, 99, PTR(bytes), 4), -EINVAL,
		     "" },
		   { "another process's memory", LX_DXQUERYVIDEOMEMORYINFO,
		     ARG(d3dkmt_queryvideomemoryinfo, 1, b->adapter), -EINVAL,
		     "query vidmem info from another process" },
		   { "another process's reservation", LX_DXCHANGEVIDEOMEMORYRESERVATION,
		     ARG(d3dkmt_changevideomemoryreservation, 1, b->adapter), -EINVAL,
		     "setting memory reservation for other process" },
		   { "a reservation", LX_DXCHANGEVIDEOMEMORYRESERVATION,
		     ARG(d3dkmt_changevideomemoryreservation, 0, b->adapter, 0, PAGE),
		     -EPERM, "" },
		   { "no such process", LX_DXQUERYSTATISTICS,
		     ARG(d3dkmt_querystatistics,
			 { { .adapter_luid = luid, .process = 99999999 } }),
		     -EINVAL, "Invalid process ID is specified: 99999999" },
		   { "an engine too many", LX_DXQUERYCLOCKCALIBRATION,
		     ARG(d3dkmt_queryclockcalibration, b->adapter, 2), -EINVAL, "" },
		   { "processes to nowhere", LX_DXENUMPROCESSES,
		     ARG(d3dkmt_enumprocesses, luid, NOWHERE, 4), -EFAULT,
		     "failed to copy data to user" },
		   { "room for no process", LX_DXENUMPROCESSES,
		     ARG(d3dkmt_enumprocesses, luid, PTR(pids), 0), -EOVERFLOW, "" },
		   { "no list of processes", LX_DXENUMPROCESSES,
		     ARG(d3dkmt_enumprocesses, luid, 0, 4), -EOVERFLOW, "" },
		   { "no such feature", LX_ISFEATUREENABLED,
		     ARG(d3dkmt_isfeatureenabled, b->adapter, 1000), -EINVAL, "" });
	struct d3dkmt_queryadapterinfo *longest =
		ARG(d3dkmt_queryadapterinfo, b->adapter, 31, 0, 131072);
	char *data = mmap(NULL, 131072, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	longest->private_data = PTR(data);
	check_rows(b->fd, { "more than a message holds", LX_DXQUERYADAPTERINFO, longest,
			    -EINVAL, TOO_LONG });
	munmap(data, 131072);
}

static void test_escapes(const struct bench *b)
{
	uint32_t kind[28] = { _D3DDDI_DRIVERESCAPETYPE_TRANSLATERESOURCEHANDLE };
	uint32_t build[28] = { _D3DDDI_DRIVERESCAPETYPE_BUILDTESTCOMMANDBUFFER };
	uint32_t good[28] = { _D3DDDI_DRIVERESCAPETYPE_BUILDTESTCOMMANDBUFFER };
	good[26] = 64; /* dma_buffer_size */
#define ESCAPE(known, data, size)                                                        \
	ARG(d3dkmt_escape, .adapter = b->adapter, .flags.driver_known_escape = known,    \
	    .priv_drv_data = data, .priv_drv_data_size = size)
	check_rows(
		b->fd, { "empty", LX_DXESCAPE, ESCAPE(0, 0, 0), 0, "" },
		{ "something", LX_DXESCAPE, ESCAPE(0, PTR(kind), 64), -EOVERFLOW, "" },
		{ "from nowhere", LX_DXESCAPE, ESCAPE(0, NOWHERE, 64), -EFAULT,
		  "dxgvmb_send_escape: failed to copy priv data" },
		{ "too much", LX_DXESCAPE, ESCAPE(0, PTR(kind), 131073), -EINVAL, "" },
		{ "known, but what", LX_DXESCAPE, ESCAPE(1, PTR(kind), 3), -EINVAL,
		  "driver_known_escape: Invalid private data size" },
		{ "known, nowhere", LX_DXESCAPE, ESCAPE(1, NOWHERE, 8), -EFAULT,
		  "driver_known_escape: Failed to read escape type" },
		{ "a handle", LX_DXESCAPE, ESCAPE(1, PTR(kind), 8), 0, "" },
		{ "test command, short", LX_DXESCAPE, ESCAPE(1, PTR(build), 8), -EINVAL,
		  "build_test_command_buffer: Invalid private data size" },
		{ "test command, no room", LX_DXESCAPE, ESCAPE(1, PTR(build), 112),
		  -EINVAL,
		  "build_test_command_buffer: Invalid DMA buffer or private data size" },
		{ "test command", LX_DXESCAPE, ESCAPE(1, PTR(good), 112), -EOVERFLOW,
		  "build_test_command_buffer: Host failed escape" });
}

/* A LUID that is none leaves the handle as it came, and what cannot be told is closed: it
 * need be none of ours. */
static void test_stale_handle(const struct bench *b)
{
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	*(struct d3dkmt_openadapterfromluid *)page =
		(struct d3dkmt_openadapterfromluid){ { 9, 9 }, BAD };
	mprotect(page, PAGE, PROT_READ);
	check_rows(b->fd, { "stale handle in constant memory", LX_DXOPENADAPTERFROMLUID,
			    page, -EFAULT,
			    "dxgprocess_get_adapter: Adapter not found 99; "
			    "dxgprocess_close_adapter: Adapter not found 99" });
	munmap(page, PAGE);
}

void wrong_adapters(const struct bench *b)
{
	test_adapters(b);
	test_stale_handle(b);
	test_escapes(b);
}
