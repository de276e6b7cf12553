/*
 * memory_calls: calls about memory, addresses, contexts and statistics, right and wrong
 * ones, and which came out otherwise than the driver would let them; as calls.c.
 *
 *     memory_calls table | limits | lines | gone | slow
 *
 * Knows the scenarios of test_dxgsim.
 */
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "tests/dxgsim/programs/caller.h"

#define PAGE 4096
#define MIB  (UINT64_C(1) << 20)

/* d3dkmt_createallocation's own errors come back raw, not as an errno. */
#define RAW ((int)STATUS_INVALID_PARAMETER)

struct bench {
	int fd;
	struct d3dkmthandle adapter, device, queue;
	uint64_t fence; /* address of the queue's */
};

static struct bench start(void)
{
	struct bench b = { .fd = open_node() };
	b.adapter = first_adapter(b.fd).adapter_handle;
	b.device = create_device(b.fd, b.adapter);
	struct d3dkmt_createpagingqueue queue = { .device = b.device };
	expect("paging queue", call(b.fd, LX_DXCREATEPAGINGQUEUE, &queue), 0);
	b.queue = queue.paging_queue;
	b.fence = queue.fence_cpu_virtual_address;
	return b;
}

static int reserve(const struct bench *b, uint64_t size, uint64_t *ret)
{
	struct d3dddi_reservegpuvirtualaddress reserve = { .adapter = b->adapter,
							   .size = size };
	int result = call(b->fd, LX_DXRESERVEGPUVIRTUALADDRESS, &reserve);
	*ret = reserve.virtual_address;
	return result;
}

static int release(const struct bench *b, uint64_t address, uint64_t size)
{
	struct d3dkmt_freegpuvirtualaddress release = { .adapter = b->adapter,
							.base_address = address,
							.size = size };
	return call(b->fd, LX_DXFREEGPUVIRTUALADDRESS, &release);
}

static void test_addresses(const struct bench *b)
{
	uint64_t first, second;
	expect("reserve", reserve(b, MIB, &first), 0);
	expect("an address", first != 0, true);
	expect("another", reserve(b, MIB, &second), 0);
	expect("beside it", second >= first + MIB || first >= second + MIB, true);
	expect("no bytes", reserve(b, 0, &second), -EOVERFLOW);
	expect("half a page", reserve(b, PAGE / 2, &second), -EOVERFLOW);
	expect("all there are", reserve(b, UINT64_C(1) << 48, &second), -EOVERFLOW);
	expect("free half", release(b, first, MIB / 2), -EINVAL);
	expect("free", release(b, first, MIB), 0);
	expect("free again", release(b, first, MIB), -EINVAL);

	struct d3dddi_reservegpuvirtualaddress wish = { .adapter = b->queue,
							.base_address = first,
							.size = MIB };
	expect("by queue", call(b->fd, LX_DXRESERVEGPUVIRTUALADDRESS, &wish), 0);
	expect("where it should be", wish.virtual_address, first);
	expect("taken", call(b->fd, LX_DXRESERVEGPUVIRTUALADDRESS, &wish), -EOVERFLOW);
	wish.adapter.v = 0x3fc0;
	expect("by nothing", call(b->fd, LX_DXRESERVEGPUVIRTUALADDRESS, &wish), -EINVAL);
	struct d3dkmt_freegpuvirtualaddress queue = { .adapter = b->queue };
	expect("free by queue", call(b->fd, LX_DXFREEGPUVIRTUALADDRESS, &queue), -EINVAL);
	expect("free what was wished", release(b, first, MIB), 0);
}

struct lent {
	struct d3dkmt_createstandardallocation standard;
	struct d3dddi_allocationinfo2 info;
	struct d3dkmt_createallocation create;
};

static struct lent *lend(const struct bench *b, struct lent *lent, void *memory,
			 uint64_t size)
{
	*lent = (struct lent){
		.standard = { .type = _D3DKMT_STANDARDALLOCATIONTYPE_EXISTINGHEAP,
			      .existing_heap_data.size = size },
		.info.sysmem = (uintptr_t)memory,
		.create = { .device = b->device,
			    .alloc_count = 1,
			    .allocation_info = (uintptr_t)&lent->info,
			    .standard_allocation = (uintptr_t)&lent->standard,
			    .flags = { .standard_allocation = 1, .existing_sysmem = 1 } },
	};
	return lent;
}

static void lend_wrongly(const struct bench *b, char *memory)
{
	struct lent lent;
	const unsigned long request = LX_DXCREATEALLOCATION;
#define WRONG(what, change, result)                                                      \
	do {                                                                             \
		lend(b, &lent, memory, MIB);                                             \
		change;                                                                  \
		expect(what, call(b->fd, request, &lent.create), result);                \
	} while (0)
	WRONG("no allocation", lent.create.alloc_count = 0, -EINVAL);
	WRONG("1025 of them", lent.create.alloc_count = 1025, -EINVAL);
	WRONG("two standard ones",
	      (lent.create.alloc_count = 2, lent.create.allocation_info = NOWHERE),
	      -EFAULT);
	WRONG("info nowhere", lent.create.allocation_info = NOWHERE, -EFAULT);
	WRONG("no standard", lent.create.standard_allocation = 0, -EINVAL);
	WRONG("standard nowhere", lent.create.standard_allocation = NOWHERE, -EFAULT);
	WRONG("a section", lent.create.flags.existing_section = 1, -EINVAL);
	WRONG("protected", lent.create.flags.create_protected = 1, -EINVAL);
	WRONG("private data", lent.info.priv_drv_data_size = 1, -EINVAL);
	WRONG("no device", lent.create.device.v = 0, -EINVAL);
	WRONG("no memory", lent.info.sysmem = 0, RAW);
	WRONG("memory off its page", lent.info.sysmem += 8, RAW);
	WRONG("flag missing", lent.create.flags.existing_sysmem = 0, RAW);
	WRONG("flag too many", lent.standard.type = 2, RAW);
	WRONG("a third type", lent.standard.type = 3, RAW);
	WRONG("no size", lent.standard.existing_heap_data.size = 0, -EINVAL);
	WRONG("half a page", lent.standard.existing_heap_data.size = 2048, -EINVAL);
	WRONG("more than there is", lent.standard.existing_heap_data.size = 3 * MIB,
	      -ENOMEM);
	WRONG("shared, no resource", lent.create.flags.create_shared = 1, -EINVAL);
	WRONG("a vendor's", lent.create.flags.standard_allocation = 0, -EINVAL);
#undef WRONG
}

static int make_resident(const struct bench *b, struct d3dkmthandle *handle,
			 uint64_t *ret_value)
{
	struct d3dddi_makeresident resident = {
		.paging_queue = b->queue,
		.alloc_count = 1,
		.allocation_list = (uintptr_t)handle,
	};
	int result = call(b->fd, LX_DXMAKERESIDENT, &resident);
	*ret_value = resident.paging_fence_value;
	return result;
}

static uint32_t residency(const struct bench *b, struct d3dkmthandle *handle)
{
	uint32_t status = 0;
	struct d3dkmt_queryallocationresidency query = {
		.device = b->device,
		.allocations = (uintptr_t)handle,
		.allocation_count = 1,
		.residency_status = (uintptr_t)&status,
	};
	expect("residency", call(b->fd, LX_DXQUERYALLOCATIONRESIDENCY, &query), 0);
	return status;
}

static int destroy_allocation(const struct bench *b, struct d3dkmthandle *handle)
{
	struct d3dkmt_destroyallocation2 destroy = {
		.device = b->device,
		.allocations = (uintptr_t)handle,
		.alloc_count = 1,
	};
	return call(b->fd, LX_DXDESTROYALLOCATION2, &destroy);
}

static void reside_wrongly(const struct bench *b, struct d3dkmthandle *handle)
{
	struct d3dkmthandle stale = { .index = 77, .unique = 1 };
	uint64_t value;
	struct d3dddi_makeresident resident = { .paging_queue = b->queue };
	expect("nothing resident", call(b->fd, LX_DXMAKERESIDENT, &resident), -EINVAL);
	resident.alloc_count = D3DKMT_MAKERESIDENT_ALLOC_MAX + 1;
	expect("too many", call(b->fd, LX_DXMAKERESIDENT, &resident), -EINVAL);
	resident.alloc_count = 1;
	resident.allocation_list = NOWHERE;
	expect("list nowhere", call(b->fd, LX_DXMAKERESIDENT, &resident), -EFAULT);
	resident.paging_queue.v = 0;
	expect("no queue", call(b->fd, LX_DXMAKERESIDENT, &resident), -EINVAL);
	resident.paging_queue = b->device;
	expect("a device for a queue", call(b->fd, LX_DXMAKERESIDENT, &resident),
	       -EINVAL);
	expect("stale allocation", make_resident(b, &stale, &value), -EINVAL);
	expect("destroy a stale one", destroy_allocation(b, &stale), -EINVAL);
	struct d3dkmt_destroyallocation2 both = { .device = b->device,
						  .resource = *handle,
						  .allocations = (uintptr_t)handle,
						  .alloc_count = 1 };
	expect("both", call(b->fd, LX_DXDESTROYALLOCATION2, &both), -EINVAL);
	both.alloc_count = 0;
	expect("no such resource", call(b->fd, LX_DXDESTROYALLOCATION2, &both), -EINVAL);
	struct d3dkmt_evict evict = { .device = b->device };
	expect("evict nothing", call(b->fd, LX_DXEVICT, &evict), -EINVAL);
	struct d3dkmt_unlock2 unlock = { .device = b->device, .allocation = *handle };
	expect("not locked", call(b->fd, LX_DXUNLOCK2, &unlock), -EINVAL);
	struct d3dkmt_lock2 lock = { .device = b->device, .allocation = b->queue };
	expect("lock a queue", call(b->fd, LX_DXLOCK2, &lock), -EINVAL);
}

static void map(const struct bench *b, struct d3dkmthandle handle)
{
	struct d3dddi_mapgpuvirtualaddress map = { .paging_queue = b->queue,
						   .allocation = handle,
						   .size_in_pages = MIB / PAGE };
	uint64_t before = *(volatile uint64_t *)(uintptr_t)b->fence;
	expect("map", call(b->fd, LX_DXMAPGPUVIRTUALADDRESS, &map), STATUS_PENDING);
	expect("mapped", map.virtual_address != 0, true);
	expect("its fence", *(volatile uint64_t *)(uintptr_t)b->fence, before + 1);
	expect("its value", map.paging_fence_value, before + 1);
	map.base_address = 0;
	map.size_in_pages++;
	expect("map more", call(b->fd, LX_DXMAPGPUVIRTUALADDRESS, &map), -EINVAL);
	map.allocation.v = 0;
	expect("map nothing", call(b->fd, LX_DXMAPGPUVIRTUALADDRESS, &map), -EINVAL);
	map.protection.no_access = 1;
	expect("map no access", call(b->fd, LX_DXMAPGPUVIRTUALADDRESS, &map),
	       STATUS_PENDING);
}

static void test_allocations(const struct bench *b)
{
	char *memory = mmap(NULL, 2 * MIB, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	/* What lies behind it must not be memory too. */
	munmap(memory + MIB, MIB);
	lend_wrongly(b, memory);
	struct lent lent;
	lend(b, &lent, memory, MIB);
	expect("lend", call(b->fd, LX_DXCREATEALLOCATION, &lent.create), 0);
	struct d3dkmthandle *handle = &lent.info.allocation;
	reside_wrongly(b, handle);
	uint64_t value;
	expect("not yet", residency(b, handle), 3);
	expect("make resident", make_resident(b, handle, &value), STATUS_PENDING);
	expect("its fence", *(volatile uint64_t *)(uintptr_t)b->fence, value);
	expect("shared memory", residency(b, handle), 2);
	struct d3dkmt_evict evict = { .device = b->device,
				      .allocations = (uintptr_t)handle,
				      .alloc_count = 1 };
	expect("evict", call(b->fd, LX_DXEVICT, &evict), 0);
	expect("no more", residency(b, handle), 3);
	struct d3dkmt_lock2 lock = { .device = b->device, .allocation = *handle };
	expect("lock", call(b->fd, LX_DXLOCK2, &lock), 0);
	expect("our own memory", lock.data, (uintptr_t)memory);
	struct d3dkmt_unlock2 unlock = { .device = b->device, .allocation = *handle };
	expect("unlock", call(b->fd, LX_DXUNLOCK2, &unlock), 0);
	map(b, *handle);
	expect("destroy", destroy_allocation(b, handle), 0);
	expect("destroy again", destroy_allocation(b, handle), -EINVAL);
}

static void test_contexts(const struct bench *b)
{
	struct d3dkmt_createcontextvirtual create = { .device = b->device,
						      .engine_affinity = 1 };
	expect("context", call(b->fd, LX_DXCREATECONTEXTVIRTUAL, &create), 0);
	struct d3dkmt_destroycontext destroy = { create.context };
	expect("its end", call(b->fd, LX_DXDESTROYCONTEXT, &destroy), 0);
	expect("its end again", call(b->fd, LX_DXDESTROYCONTEXT, &destroy), -EINVAL);
	create.node_ordinal = 2;
	expect("a third engine", call(b->fd, LX_DXCREATECONTEXTVIRTUAL, &create),
	       -EINVAL);
	create.node_ordinal = 0;
	create.priv_drv_data_size = 8;
	create.priv_drv_data = NOWHERE;
	expect("data nowhere", call(b->fd, LX_DXCREATECONTEXTVIRTUAL, &create), -EFAULT);
	create.priv_drv_data_size = DXG_PRIVATE_DATA_MAX + 1;
	expect("data too big", call(b->fd, LX_DXCREATECONTEXTVIRTUAL, &create), -EINVAL);
}

static void test_escapes(const struct bench *b)
{
	char data[16] = "";
	struct d3dkmt_escape escape = { .adapter = b->adapter };
	expect("empty", call(b->fd, LX_DXESCAPE, &escape), 0);
	escape.priv_drv_data = NOWHERE;
	escape.priv_drv_data_size = sizeof(data);
	expect("nowhere", call(b->fd, LX_DXESCAPE, &escape), -EFAULT);
	escape.priv_drv_data = (uintptr_t)data;
	expect("something", call(b->fd, LX_DXESCAPE, &escape), -EOVERFLOW);
	escape.priv_drv_data_size = DXG_PRIVATE_DATA_MAX + 1;
	expect("too much", call(b->fd, LX_DXESCAPE, &escape), -EINVAL);
	escape.adapter.v = 0;
	expect("to nobody", call(b->fd, LX_DXESCAPE, &escape), -EINVAL);
}

static void test_numbers(const struct bench *b)
{
	const struct winluid luid = { .a = 1 };
	struct d3dkmt_querystatistics statistics = { .adapter_luid = luid };
	expect("statistics", call(b->fd, LX_DXQUERYSTATISTICS, &statistics), 0);
	uint32_t counts[5];
	memcpy(counts, &statistics.result, sizeof(counts));
	expect("engines", counts[1], 2);
	expect("recoveries", counts[4], 3);
	statistics.type = _D3DKMT_QUERYSTATISTICS_NODE;
	((uint8_t *)&statistics)[800] = 2;
	expect("a third engine", call(b->fd, LX_DXQUERYSTATISTICS, &statistics), -EINVAL);
	statistics.process = 1;
	expect("not a user", call(b->fd, LX_DXQUERYSTATISTICS, &statistics), -EINVAL);
	memset(&statistics, 0, sizeof(statistics));
	statistics.adapter_luid.a = 99;
	expect("no such LUID", call(b->fd, LX_DXQUERYSTATISTICS, &statistics), 0);

	struct d3dkmt_queryclockcalibration clock_ = { .adapter = b->adapter };
	expect("clock", call(b->fd, LX_DXQUERYCLOCKCALIBRATION, &clock_), 0);
	expect("its speed", clock_.clock_data.gpu_frequency, 19200000);
	clock_.node_ordinal = 2;
	expect("no such clock", call(b->fd, LX_DXQUERYCLOCKCALIBRATION, &clock_),
	       -EINVAL);

	uint32_t pids[4] = { 0 };
	struct d3dkmt_enumprocesses list = { .adapter_luid = luid };
	expect("no room", call(b->fd, LX_DXENUMPROCESSES, &list), -EOVERFLOW);
	expect("as many", list.buffer_count, 1);
	list.buffer = (uintptr_t)pids;
	expect("processes", call(b->fd, LX_DXENUMPROCESSES, &list), 0);
	expect("we", pids[0], getpid());
	list.buffer = NOWHERE;
	expect("to nowhere", call(b->fd, LX_DXENUMPROCESSES, &list), -EFAULT);
	list.adapter_luid.a = 99;
	expect("of nobody", call(b->fd, LX_DXENUMPROCESSES, &list), -EINVAL);

	struct d3dkmt_getdevicestate state = { .device = b->device, .state_type = 1 };
	expect("state", call(b->fd, LX_DXGETDEVICESTATE, &state), 0);
	expect("hung", state.execution_state, _D3DKMT_DEVICEEXECUTION_HUNG);
	state.state_type = _D3DKMT_DEVICESTATE_PAGE_FAULT;
	expect("page fault", call(b->fd, LX_DXGETDEVICESTATE, &state), 0);
	expect("where", state.page_fault_state.faulted_virtual_address, 0xb00);
	state.state_type = 2;
	expect("presents", call(b->fd, LX_DXGETDEVICESTATE, &state), -EINVAL);
}

static void test_table(void)
{
	struct bench b = start();
	test_addresses(&b);
	test_allocations(&b);
	test_contexts(&b);
	test_escapes(&b);
	test_numbers(&b);
}

/* Of addresses 300 MiB, resident 1 MiB, lent 2 MiB. */
static void test_limits(void)
{
	struct bench b = start();
	uint64_t address;
	expect("256 MiB", reserve(&b, 256 * MIB, &address), 0);
	expect("too much beside", reserve(&b, 64 * MIB, &address), -EOVERFLOW);
	expect("the rest", reserve(&b, 44 * MIB, &address), 0);
	expect("no more", reserve(&b, PAGE, &address), -EOVERFLOW);
	char *memory = mmap(NULL, 3 * MIB, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	struct lent lents[3];
	static const int lent[] = { 0, 0, -ENOMEM };
	for (size_t i = 0; i < ARRAY_SIZE(lents); i++) {
		lend(&b, &lents[i], memory + i * MIB, MIB);
		expect("lend", call(b.fd, LX_DXCREATEALLOCATION, &lents[i].create),
		       lent[i]);
	}
	uint64_t value;
	expect("the first", make_resident(&b, &lents[0].info.allocation, &value),
	       STATUS_PENDING);
	expect("the second", make_resident(&b, &lents[1].info.allocation, &value),
	       -ENOMEM);
	expect("the first again", make_resident(&b, &lents[0].info.allocation, &value),
	       STATUS_PENDING);
}

/* A wrong call of each kind that prints otherwise; what is printed test_dxgsim knows. */
static void test_lines(void)
{
	struct bench b = start();
	struct d3dkmt_enumadapters3 three = { .adapter_count = 65536, .adapters = 1 };
	struct d3dkmt_closeadapter close_ = { { .v = 0x99 } };
	struct d3dkmt_queryvideomemoryinfo memory = { .process = 1 };
	struct d3dkmt_getdevicestate state = { .device.v = 0x99 };
	struct d3dkmt_freegpuvirtualaddress release = { .adapter.v = 0x99 };
	struct d3dddi_reservegpuvirtualaddress reserve = { .adapter.v = 0x99 };
	struct d3dddi_makeresident resident = { .alloc_count = 1 };
	struct d3dkmt_destroydevice destroy = { { .v = 0x99 } };
	const struct {
		unsigned long request;
		void *argument;
		int result;
	} rows[] = {
		{ DXG_IOCTL(0x4a, 4), &destroy, -ENOTTY },
		{ DXG_IOCTL(0x03, 96), &destroy, -ENOTTY },
		{ DXG_IOCTL(0x19, 8), &destroy, -ENOTTY },
		{ LX_DXOPENADAPTERFROMLUID, NULL, -EFAULT },
		{ LX_DXENUMADAPTERS3, &three, -EINVAL },
		{ LX_DXCLOSEADAPTER, &close_, -EINVAL },
		{ LX_DXQUERYVIDEOMEMORYINFO, &memory, -EINVAL },
		{ LX_DXGETDEVICESTATE, &state, -EINVAL },
		{ LX_DXFREEGPUVIRTUALADDRESS, &release, -EINVAL },
		{ LX_DXRESERVEGPUVIRTUALADDRESS, &reserve, -EINVAL },
		{ LX_DXMAKERESIDENT, &resident, -EINVAL },
		{ LX_DXDESTROYDEVICE, &destroy, -EINVAL },
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		expect("a wrong call", call(b.fd, rows[i].request, rows[i].argument),
		       rows[i].result);
	struct lent lent;
	lend(&b, &lent, NULL, MIB);
	expect("no memory", call(b.fd, LX_DXCREATEALLOCATION, &lent.create), RAW);
}

/* The second device is the last that Windows makes. */
static void test_gone(void)
{
	int fd = open_node();
	struct d3dkmthandle adapter = first_adapter(fd).adapter_handle;
	create_device(fd, adapter);
	struct d3dkmt_createdevice create = { .adapter = adapter };
	expect("the second", call(fd, LX_DXCREATEDEVICE, &create), -ENODEV);
	struct d3dkmt_enumadapters2 list = { 0 };
	expect("listing", call(fd, LX_DXENUMADAPTERS2, &list), -ENODEV);
	expect("opening", open(DXG_NODE, O_RDONLY | O_CLOEXEC) < 0 ? -errno : 0, -EBADF);
}

/* Making a device takes 200 ms. */
static void test_slow(void)
{
	int fd = open_node();
	struct d3dkmthandle adapter = first_adapter(fd).adapter_handle;
	struct timespec before, after;
	clock_gettime(CLOCK_MONOTONIC, &before);
	create_device(fd, adapter);
	clock_gettime(CLOCK_MONOTONIC, &after);
	long ms = (after.tv_sec - before.tv_sec) * 1000 +
		  (after.tv_nsec - before.tv_nsec) / 1000000;
	expect("it takes its time", ms >= 200, true);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} modes[] = {
		{ "table", test_table }, { "limits", test_limits },
		{ "lines", test_lines }, { "gone", test_gone },
		{ "slow", test_slow },
	};
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		if (argc != 2 || strcmp(modes[i].name, argv[1]))
			continue;
		modes[i].run();
		return failures ? 1 : 0;
	}
	fprintf(stderr, "usage: memory_calls table|limits|lines|gone|slow\n");
	return 2;
}
