/*
 * memory_calls: right calls about memory, addresses, contexts and statistics, and the limits
 * they meet, and which came out otherwise than the driver would let them; as calls.c.
 *
 *     memory_calls table | limits | gone | room | slow
 *
 * Knows the scenarios of test_dxgsim.
 */
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/dxgsim/programs/caller.h"

int failures;

#define PAGE 4096
#define MIB  (UINT64_C(1) << 20)

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
	struct lent lent;
	lend(b, &lent, memory, MIB);
	expect("lend", call(b->fd, LX_DXCREATEALLOCATION, &lent.create), 0);
	struct d3dkmthandle *handle = &lent.info.allocation;
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

/* What is said of an allocation, a context and a device is kept. */
static void test_properties(const struct bench *b)
{
	char *memory = mmap(NULL, MIB, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	struct lent lent;
	lend(b, &lent, memory, MIB);
	expect("lend", call(b->fd, LX_DXCREATEALLOCATION, &lent.create), 0);
	struct d3dkmthandle *handle = &lent.info.allocation;
	uint32_t priority = 7, results = 9;
	struct d3dkmt_setallocationpriority set = { .device = b->device,
						    .allocation_list = (uintptr_t)handle,
						    .allocation_count = 1,
						    .priorities = (uintptr_t)&priority };
	expect("set", call(b->fd, LX_DXSETALLOCATIONPRIORITY, &set), 0);
	priority = 0;
	expect("get", call(b->fd, LX_DXGETALLOCATIONPRIORITY, &set), 0);
	expect("as it was set", priority, 7);
	struct d3dkmt_offerallocations offer = { .device = b->device,
						 .allocations = (uintptr_t)handle,
						 .allocation_count = 1 };
	expect("offer", call(b->fd, LX_DXOFFERALLOCATIONS, &offer), 0);
	struct d3dkmt_reclaimallocations2 reclaim = { .paging_queue = b->queue,
						      .allocation_count = 1,
						      .allocations = (uintptr_t)handle,
						      .results = (uintptr_t)&results };
	expect("reclaim", call(b->fd, LX_DXRECLAIMALLOCATIONS2, &reclaim), 0);
	expect("all of it", results, _D3DDDI_RECLAIM_RESULT_OK);
	expect("its fence", *(volatile uint64_t *)(uintptr_t)b->fence,
	       reclaim.paging_fence_value);
	reclaim.results = 0;
	expect("without results", call(b->fd, LX_DXRECLAIMALLOCATIONS2, &reclaim),
	       STATUS_PENDING);
	struct d3dkmt_invalidatecache cache = { .device = b->device,
						.allocation = *handle,
						.length = MIB };
	expect("cache", call(b->fd, LX_DXINVALIDATECACHE, &cache), 0);
	struct d3dkmt_createcontextvirtual create = { .device = b->device };
	expect("context", call(b->fd, LX_DXCREATECONTEXTVIRTUAL, &create), 0);
	struct d3dkmt_setcontextschedulingpriority context = { create.context, -3 };
	expect("context's", call(b->fd, LX_DXSETCONTEXTSCHEDULINGPRIORITY, &context), 0);
	context.priority = 0;
	expect("in its process",
	       call(b->fd, LX_DXGETCONTEXTINPROCESSSCHEDULINGPRIORITY, &context), 0);
	expect("is another", context.priority, 0);
	expect("context's", call(b->fd, LX_DXGETCONTEXTSCHEDULINGPRIORITY, &context), 0);
	expect("as it was set", context.priority, -3);
	struct d3dkmt_destroycontext destroy = { create.context };
	expect("its end", call(b->fd, LX_DXDESTROYCONTEXT, &destroy), 0);
	expect("its end again", call(b->fd, LX_DXDESTROYCONTEXT, &destroy), -EINVAL);
}

static struct d3dkmthandle create_fence(const struct bench *b, uint64_t *ret_address)
{
	struct d3dkmt_createsynchronizationobject2 create = {
		.device = b->device, .info.type = _D3DDDI_MONITORED_FENCE
	};
	expect("fence", call(b->fd, LX_DXCREATESYNCHRONIZATIONOBJECT, &create), 0);
	*ret_address = create.info.monitored_fence.fence_cpu_virtual_address;
	return create.sync_object;
}

static uint64_t value_at(uint64_t address)
{
	return *(volatile uint64_t *)(uintptr_t)address;
}

/* A signal behind a wait of the same queue is not seen before the wait is over; one of
 * another queue is. */
static void test_work(const struct bench *b)
{
	uint64_t before_at, after_at, one = 1, five = 5;
	struct d3dkmthandle before = create_fence(b, &before_at);
	struct d3dkmthandle after = create_fence(b, &after_at);
	struct d3dkmt_createcontextvirtual context = { .device = b->device,
						       .flags.hw_queue_supported = 1 };
	expect("context", call(b->fd, LX_DXCREATECONTEXTVIRTUAL, &context), 0);
	struct d3dkmt_createhwqueue queue = { .context = context.context };
	expect("queue", call(b->fd, LX_DXCREATEHWQUEUE, &queue), 0);
	expect("its fence", value_at(queue.queue_progress_fence_cpu_va), 0);
	struct d3dkmt_waitforsynchronizationobjectfromgpu wait = {
		context.context, 1, (uintptr_t)&before, { (uintptr_t)&one }
	};
	expect("wait", call(b->fd, LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU, &wait), 0);
	struct d3dkmt_signalsynchronizationobjectfromgpu signal = {
		context.context, 1, (uintptr_t)&after, { (uintptr_t)&five }
	};
	expect("signal", call(b->fd, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU, &signal),
	       0);
	int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	struct d3dkmt_signalsynchronizationobjectfromgpu2 tell = {
		.flags.enqueue_cpu_event = 1,
		.context_count = 1,
		.contexts = (uintptr_t)&context.context,
		.cpu_event_handle = (uint64_t)event,
	};
	expect("event", call(b->fd, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2, &tell), 0);
	eventfd_t told;
	expect("not yet", value_at(after_at), 0);
	expect("nor told", eventfd_read(event, &told), -1);
	struct d3dkmt_submitsignalsyncobjectstohwqueue other = {
		.hwqueue_count = 1,
		.hwqueues = (uintptr_t)&queue.queue,
		.object_count = 1,
		.objects = (uintptr_t)&before,
		.fence_values = (uintptr_t)&one,
	};
	expect("another queue's",
	       call(b->fd, LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE, &other), 0);
	expect("is seen", value_at(before_at), 1);
	expect("and what waited for it", value_at(after_at), 5);
	expect("and told", eventfd_read(event, &told), 0);
	close(event);
	struct d3dkmt_destroyhwqueue end = { queue.queue };
	expect("its end", call(b->fd, LX_DXDESTROYHWQUEUE, &end), 0);
	expect("its end again", call(b->fd, LX_DXDESTROYHWQUEUE, &end), -EINVAL);
	struct d3dkmt_getdevicestate state = { .device = b->device, .state_type = 1 };
	struct d3dkmt_markdeviceaserror mark = { .device = b->device };
	expect("mark", call(b->fd, LX_DXMARKDEVICEASERROR, &mark), 0);
	expect("state", call(b->fd, LX_DXGETDEVICESTATE, &state), 0);
	expect("reset", state.execution_state, _D3DKMT_DEVICEEXECUTION_RESET);
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
	statistics.process = (uint64_t)getpid();
	expect("our own", call(b->fd, LX_DXQUERYSTATISTICS, &statistics), 0);
	expect("whose they are is not told", statistics.process, 0);
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
	test_properties(&b);
	test_numbers(&b);
	test_work(&b);
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
	struct d3dddi_mapgpuvirtualaddress map = { .paging_queue = b.queue,
						   .size_in_pages = 1,
						   .protection.no_access = 1 };
	expect("nor mapped", call(b.fd, LX_DXMAPGPUVIRTUALADDRESS, &map), -ENOMEM);
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

/* The second device is the last that Windows makes. */
static void test_gone(void)
{
	int fd = open_node();
	struct d3dkmthandle adapter = first_adapter(fd).adapter_handle;
	create_device(fd, adapter);
	struct d3dkmt_createdevice create = { .adapter = adapter };
	expect("the second", call(fd, LX_DXCREATEDEVICE, &create), -ENODEV);
	struct d3dkmt_enumadapters2 list = { .num_adapters = 9 };
	expect("listing", call(fd, LX_DXENUMADAPTERS2, &list), 0);
	expect("listed", list.num_adapters, 0);
	/* Windows is asked by the first open of a process alone. */
	expect("opening again", open(DXG_NODE, O_RDONLY | O_CLOEXEC) >= 0, true);
	pid_t pid = fork();
	if (pid == 0)
		_exit(open(DXG_NODE, O_RDONLY | O_CLOEXEC) < 0 ? errno : 0);
	int status = -1;
	waitpid(pid, &status, 0);
	expect("opening", WEXITSTATUS(status), EBADF);
}

/* Two adapters, one of them for computing alone. With room for one the driver opens both,
 * tells none, and leaves them open: a device outlives the only handle that was told. */
static void test_room(void)
{
	int fd = open_node();
	struct d3dkmt_adapterinfo infos[2] = { 0 };
	struct d3dkmt_enumadapters3 list = { 0 };
	expect("how many", call(fd, LX_DXENUMADAPTERS3, &list), 0);
	expect("whatever the filter", list.adapter_count, 2);
	list.adapters = (uintptr_t)infos;
	expect("list", call(fd, LX_DXENUMADAPTERS3, &list), 0);
	expect("by the filter", list.adapter_count, 1);
	struct d3dkmthandle adapter = infos[0].adapter_handle;
	struct d3dkmt_getdevicestate state = { .device = create_device(fd, adapter),
					       .state_type = 1 };
	infos[0].adapter_handle.v = 0;
	list.filter.include_compute_only = 1;
	list.adapter_count = 1;
	expect("too little room", call(fd, LX_DXENUMADAPTERS3, &list), 0);
	expect("how much it takes", list.adapter_count, 2);
	expect("nothing told", infos[0].adapter_handle.v, 0);
	expect("close", call(fd, LX_DXCLOSEADAPTER, &adapter), 0);
	expect("still there", call(fd, LX_DXGETDEVICESTATE, &state), 0);
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
		{ "table", test_table }, { "limits", test_limits }, { "gone", test_gone },
		{ "room", test_room },   { "slow", test_slow },
	};
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		if (argc != 2 || strcmp(modes[i].name, argv[1]))
			continue;
		modes[i].run();
		return failures ? 1 : 0;
	}
	fprintf(stderr, "usage: memory_calls table|limits|gone|room|slow\n");
	return 2;
}
