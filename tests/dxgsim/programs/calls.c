/*
 * calls: makes calls on /dev/dxg, right and wrong ones, and says which came out otherwise
 * than the driver would let them.
 *
 *     calls table | node | fork | threads | blocking | descriptors | crowd | stuck
 *         0 where all came out right; else 1 and a line for each that did not
 *
 * Knows the scenario nvidia-clean. Built against libc alone, dynamic and static.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/dxgsim/programs/caller.h"

int failures;

#define THREADS 4
#define ROUNDS  50

static struct d3dkmt_createsynchronizationobject2 create_fence(int fd,
							       struct d3dkmthandle device)
{
	struct d3dkmt_createsynchronizationobject2 create = {
		.device = device,
		.info = { .type = _D3DDDI_MONITORED_FENCE,
			  .monitored_fence = { .initial_fence_value = 7,
					       .engine_affinity = 1 } },
	};
	expect("create fence", call(fd, LX_DXCREATESYNCHRONIZATIONOBJECT, &create), 0);
	return create;
}

static int signal_fence(int fd, struct d3dkmthandle device, struct d3dkmthandle fence,
			uint64_t value)
{
	struct d3dkmt_signalsynchronizationobjectfromcpu signal = {
		.device = device,
		.object_count = 1,
		.objects = (uintptr_t)&fence,
		.fence_values = (uintptr_t)&value,
	};
	return call(fd, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, &signal);
}

static int wait_fence(int fd, struct d3dkmthandle device, struct d3dkmthandle fence,
		      uint64_t value, uint64_t event)
{
	struct d3dkmt_waitforsynchronizationobjectfromcpu wait = {
		.device = device,
		.object_count = 1,
		.objects = (uintptr_t)&fence,
		.fence_values = (uintptr_t)&value,
		.async_event = event,
	};
	return call(fd, LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, &wait);
}

static uint64_t read_fence(uint64_t address)
{
	return *(const volatile uint64_t *)(uintptr_t)address;
}

static void round_trip(int fd, struct d3dkmthandle device)
{
	struct d3dkmt_createsynchronizationobject2 fence = create_fence(fd, device);
	uint64_t address = fence.info.monitored_fence.fence_cpu_virtual_address;
	int event = eventfd(0, EFD_CLOEXEC);
	struct pollfd poll_fd = { .fd = event, .events = POLLIN };
	expect("initial value", read_fence(address), 7);
	expect("wait", wait_fence(fd, device, fence.sync_object, 8, (uint64_t)event), 0);
	expect("not yet", poll(&poll_fd, 1, 0), 0);
	expect("signal", signal_fence(fd, device, fence.sync_object, 8), 0);
	expect("then", poll(&poll_fd, 1, 5000), 1);
	expect("value", read_fence(address), 8);
	struct d3dkmt_destroysynchronizationobject destroy = { fence.sync_object };
	expect("destroy fence", call(fd, LX_DXDESTROYSYNCHRONIZATIONOBJECT, &destroy), 0);
	close(event);
}

/* Fences lie in a variable; those that are gone must not cut it for a program we start. */
static void expect_whole_environment(void)
{
	const char *pages = getenv("DXGSIM_PAGES");
	expect("bytes of the variable", pages ? strlen(pages) : 0, 12288);
}

/* Numbers, sizes, descriptors. */
static void make_strange_calls(int fd)
{
	uint8_t bytes[512] = { 0 };
	static const struct {
		const char *what;
		unsigned long request;
	} rows[] = {
		{ "number 0", DXG_IOCTL(0, 4) },
		{ "a number without a handler", DXG_IOCTL(0x03, 96) },
		{ "a number above the table", DXG_IOCTL(0x4a, 4) },
		{ "a structure too short", DXG_IOCTL(0x09, 20) },
		{ "a structure too long", DXG_IOCTL(0x09, 32) },
		{ "no structure", _IO(DXG_IOCTL_TYPE, 0x09) },
		{ "only one direction", _IOC(_IOC_WRITE, DXG_IOCTL_TYPE, 0x09, 24) },
		{ "another driver's type", _IOC(_IOC_READ, 'V', 0x09, 24) },
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		expect(rows[i].what, call(fd, rows[i].request, bytes), -ENOTTY);
	expect("no descriptor", call(999, LX_DXQUERYADAPTERINFO, bytes), -EBADF);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	expect("another file", call(null, LX_DXQUERYADAPTERINFO, bytes), -ENOTTY);
	int fake = memfd_create("dxg", MFD_CLOEXEC);
	expect("a file of the same name", call(fake, LX_DXQUERYADAPTERINFO, bytes),
	       -ENOTTY);
	close(fake);
	close(null);
}

static void make_wrong_pointers(int fd)
{
	/* A call that only reads takes constant memory; one that answers cannot. */
	void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	expect("no argument", call(fd, LX_DXENUMADAPTERS2, NULL), -EFAULT);
	expect("argument nowhere", call(fd, LX_DXENUMADAPTERS2, (void *)NOWHERE),
	       -EFAULT);
	expect("answer to constant memory", call(fd, LX_DXENUMADAPTERS2, page), -EFAULT);
	expect("question from constant memory", call(fd, LX_DXCLOSEADAPTER, page), 0);
	munmap(page, 4096);
}

static void enumerate_wrongly(int fd)
{
	struct d3dkmt_adapterinfo adapters[D3DKMT_ADAPTERS_MAX + 1] = { 0 };
	uintptr_t to = (uintptr_t)adapters;
	struct d3dkmt_enumadapters2 two = { 0 };
	expect("count by 2", call(fd, LX_DXENUMADAPTERS2, &two), 0);
	expect("count of 2", two.num_adapters, 1);
	two = (struct d3dkmt_enumadapters2){ .num_adapters = 65, .adapters = to };
	expect("too much room in 2", call(fd, LX_DXENUMADAPTERS2, &two), -EINVAL);
	two = (struct d3dkmt_enumadapters2){ .num_adapters = 0, .adapters = to };
	expect("no room in 2", call(fd, LX_DXENUMADAPTERS2, &two), -EOVERFLOW);
	two = (struct d3dkmt_enumadapters2){ .num_adapters = 1, .adapters = NOWHERE };
	expect("2 to nowhere", call(fd, LX_DXENUMADAPTERS2, &two), -EFAULT);
	struct d3dkmt_enumadapters3 three = { 0 };
	expect("count by 3", call(fd, LX_DXENUMADAPTERS3, &three), 0);
	expect("count of 3", three.adapter_count, 1);
	three = (struct d3dkmt_enumadapters3){ .adapter_count = 65536, .adapters = to };
	expect("too much room in 3", call(fd, LX_DXENUMADAPTERS3, &three), -EINVAL);
	three = (struct d3dkmt_enumadapters3){ .adapter_count = 0, .adapters = to };
	expect("no room in 3", call(fd, LX_DXENUMADAPTERS3, &three), 0);
	expect("nothing copied by 3", adapters[0].adapter_handle.v, 0);
}

static void open_wrongly(int fd, const struct d3dkmt_adapterinfo *adapter)
{
	struct d3dkmt_openadapterfromluid open = { .adapter_luid = { 1, 2 } };
	expect("unknown LUID", call(fd, LX_DXOPENADAPTERFROMLUID, &open), -EINVAL);
	open.adapter_handle.v = 5;
	expect("unknown LUID, stale handle", call(fd, LX_DXOPENADAPTERFROMLUID, &open),
	       0);
	open = (struct d3dkmt_openadapterfromluid){ .adapter_luid =
							    adapter->adapter_luid };
	expect("known LUID", call(fd, LX_DXOPENADAPTERFROMLUID, &open), 0);
	expect("another handle", open.adapter_handle.v != adapter->adapter_handle.v,
	       true);
	struct d3dkmt_closeadapter close_ = { open.adapter_handle };
	expect("close", call(fd, LX_DXCLOSEADAPTER, &close_), 0);
	expect("close again", call(fd, LX_DXCLOSEADAPTER, &close_), -EINVAL);
}

static int query(int fd, struct d3dkmthandle adapter, uint32_t type, uint64_t data,
		 uint32_t size)
{
	struct d3dkmt_queryadapterinfo query = {
		.adapter = adapter,
		.type = type,
		.private_data = data,
		.private_data_size = size,
	};
	return call(fd, LX_DXQUERYADAPTERINFO, &query);
}

static void query_wrongly(int fd, struct d3dkmthandle adapter, struct d3dkmthandle device)
{
	static uint8_t bytes[DXG_PRIVATE_DATA_MAX + 1];
	uint64_t to = (uintptr_t)bytes;
	struct d3dkmthandle stale = { .index = 9, .unique = 1 };
	expect("ids", query(fd, adapter, 31, to, 28), 0);
	expect("vendor", ((struct d3dkmt_query_device_ids *)bytes)->vendor_id, 0x10de);
	memset(bytes, 0, 28);
	expect("too short", query(fd, adapter, 31, to, 27), -EOVERFLOW);
	expect("untouched", ((struct d3dkmt_query_device_ids *)bytes)->vendor_id, 0);
	expect("too long", query(fd, adapter, 31, to, 29), -EINVAL);
	expect("no size", query(fd, adapter, 31, to, 0), -EINVAL);
	expect("over the limit", query(fd, adapter, 31, to, sizeof(bytes)), -EINVAL);
	expect("data nowhere", query(fd, adapter, 31, NOWHERE, 28), -EFAULT);
	expect("no handle", query(fd, (struct d3dkmthandle){ 0 }, 31, to, 28), -EINVAL);
	expect("stale handle", query(fd, stale, 31, to, 28), -EINVAL);
	expect("a type the host does not know", query(fd, adapter, 60, to, 80), -EINVAL);
	expect("a name it has not", query(fd, adapter, 1, to, 524), -ENOENT);
	/* Adapters and the rest have tables of their own: equal numbers, other things. */
	expect("equal handles", adapter.v, device.v);

	struct d3dkmt_queryvideomemoryinfo info = { .adapter = adapter, .process = 1 };
	expect("another process's memory", call(fd, LX_DXQUERYVIDEOMEMORYINFO, &info),
	       -EINVAL);
	info = (struct d3dkmt_queryvideomemoryinfo){ .adapter = adapter,
						     .memory_segment_group = 2 };
	expect("a third group", call(fd, LX_DXQUERYVIDEOMEMORYINFO, &info), 0);
	expect("has no budget", info.budget, 0);
	struct d3dkmt_isfeatureenabled feature = { .adapter = adapter, .feature_id = 34 };
	expect("no such feature", call(fd, LX_ISFEATUREENABLED, &feature), -EINVAL);
	feature.adapter = stale;
	feature.feature_id = 0;
	expect("feature of no adapter", call(fd, LX_ISFEATUREENABLED, &feature), -EINVAL);
}

static void wait_wrongly(int fd, struct d3dkmthandle device)
{
	struct d3dkmt_createsynchronizationobject2 fence = create_fence(fd, device);
	struct d3dkmthandle object = fence.sync_object;
	uint64_t value = 9;
	struct d3dkmt_signalsynchronizationobjectfromcpu signal = {
		.device = device,
		.objects = (uintptr_t)&object,
		.fence_values = (uintptr_t)&value,
	};
	const unsigned long request = LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU;
	expect("signal nothing", call(fd, request, &signal), -EINVAL);
	signal.object_count = D3DDDI_MAX_OBJECT_SIGNALED + 1;
	expect("signal too much", call(fd, request, &signal), -EINVAL);
	signal.object_count = 1;
	signal.fence_values = NOWHERE;
	expect("values nowhere", call(fd, request, &signal), -EFAULT);
	/* Windows says nothing of a signal, for nobody waits for its answer. */
	expect("signal a device", signal_fence(fd, device, device, 9), 0);
	expect("signal on a fence", signal_fence(fd, object, object, 9), -EINVAL);
	expect("signal backwards", signal_fence(fd, device, object, 6), 0);
	expect("which it is not",
	       read_fence(fence.info.monitored_fence.fence_cpu_virtual_address), 7);
	expect("wait for a device", wait_fence(fd, device, device, 9, 0), -EINVAL);
	expect("wait on no eventfd", wait_fence(fd, device, object, 9, (uint64_t)fd),
	       -EINVAL);
	expect("wait on no descriptor", wait_fence(fd, device, object, 9, 999), -EINVAL);
	expect("wait for what has been", wait_fence(fd, device, object, 7, 0), 0);

	struct d3dkmt_createsynchronizationobject2 create = {
		.device = device,
		.info.type = _D3DDDI_SEMAPHORE,
	};
	expect("a semaphore", call(fd, LX_DXCREATESYNCHRONIZATIONOBJECT, &create),
	       -EPERM);
	create.info.type = _D3DDDI_MONITORED_FENCE;
	create.info.flags.shared = 1;
	expect("shared the old way", call(fd, LX_DXCREATESYNCHRONIZATIONOBJECT, &create),
	       -EINVAL);
	struct d3dkmt_destroysynchronizationobject destroy = { object };
	expect("destroy", call(fd, LX_DXDESTROYSYNCHRONIZATIONOBJECT, &destroy), 0);
	expect("destroy again", call(fd, LX_DXDESTROYSYNCHRONIZATIONOBJECT, &destroy),
	       -EINVAL);
	struct d3dkmt_createsynchronizationobject2 second = create_fence(fd, device);
	expect("its handle is not the old one", second.sync_object.v != object.v, true);
}

static void destroy_wrongly(int fd, const struct d3dkmt_adapterinfo *adapter,
			    struct d3dkmthandle device)
{
	struct d3dkmt_createpagingqueue queue = { .device = device };
	expect("paging queue", call(fd, LX_DXCREATEPAGINGQUEUE, &queue), 0);
	expect("its fence", read_fence(queue.fence_cpu_virtual_address), 0);
	struct d3dkmt_destroysynchronizationobject part = { queue.sync_object };
	expect("its fence alone", call(fd, LX_DXDESTROYSYNCHRONIZATIONOBJECT, &part),
	       -EINVAL);
	struct d3dkmt_createpagingqueue wrong = { .device = device, .priority = 2 };
	expect("priority", call(fd, LX_DXCREATEPAGINGQUEUE, &wrong), -ENOMEM);
	struct d3dkmt_getdevicestate state = { .device = device, .state_type = 1 };
	expect("state", call(fd, LX_DXGETDEVICESTATE, &state), 0);
	expect("active", state.execution_state, _D3DKMT_DEVICEEXECUTION_ACTIVE);
	/* With its last adapter handle a device goes, and its queue with it. */
	struct d3dkmt_closeadapter close_ = { adapter->adapter_handle };
	expect("close the last", call(fd, LX_DXCLOSEADAPTER, &close_), 0);
	expect("state of no device", call(fd, LX_DXGETDEVICESTATE, &state), -EINVAL);
	struct d3dddi_destroypagingqueue destroy = { queue.paging_queue };
	expect("no queue", call(fd, LX_DXDESTROYPAGINGQUEUE, &destroy), -EINVAL);
	struct d3dkmt_createdevice create = { .adapter = adapter->adapter_handle };
	expect("device of no adapter", call(fd, LX_DXCREATEDEVICE, &create), -EINVAL);
}

static void test_table(void)
{
	int fd = open_node();
	struct d3dkmt_adapterinfo adapter = first_adapter(fd);
	struct d3dkmthandle device = create_device(fd, adapter.adapter_handle);
	make_strange_calls(fd);
	make_wrong_pointers(fd);
	open_wrongly(fd, &adapter);
	query_wrongly(fd, adapter.adapter_handle, device);
	wait_wrongly(fd, device);
	round_trip(fd, device);
	close(fd);
	/* The last close forgot everything. */
	fd = open_node();
	struct d3dkmt_getdevicestate state = { .device = device, .state_type = 1 };
	expect("after close", call(fd, LX_DXGETDEVICESTATE, &state), -EINVAL);
	enumerate_wrongly(fd);
	close(fd);
	fd = open_node();
	adapter = first_adapter(fd);
	destroy_wrongly(fd, &adapter, create_device(fd, adapter.adapter_handle));
	expect_whole_environment();
}

static void test_node(void)
{
	static const char *const spellings[] = { "/dev/dxg", "//dev//dxg", "/dev/./dxg",
						 "/dev/../dev/dxg", "dxg" };
	struct stat st;
	expect("chdir", chdir("/dev"), 0);
	for (size_t i = 0; i < ARRAY_SIZE(spellings); i++) {
		memset(&st, 0, sizeof(st));
		expect(spellings[i], stat(spellings[i], &st), 0);
		expect("type and mode", st.st_mode, S_IFCHR | 0666);
		expect("major", major(st.st_rdev), 10);
		int fd = open(spellings[i], O_RDONLY | O_CLOEXEC);
		expect("open", fd >= 0, true);
		memset(&st, 0, sizeof(st));
		expect("lstat", lstat(spellings[i], &st), 0);
		expect("of the same type", S_ISCHR(st.st_mode), true);
		close(fd);
	}
	int folder = open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC);
	expect("below a folder", faccessat(folder, "dxg", R_OK | W_OK, 0), 0);
	expect("not to be executed", faccessat(folder, "dxg", X_OK, 0) ? -errno : 0,
	       -EACCES);
	expect("no folder", open("/dev/dxg", O_RDONLY | O_DIRECTORY) < 0 ? -errno : 0,
	       -ENOTDIR);
	expect("there already",
	       open("/dev/dxg", O_RDWR | O_CREAT | O_EXCL, 0600) < 0 ? -errno : 0,
	       -EEXIST);
	expect("another name", open("/dev/dxg2", O_RDONLY) < 0 ? -errno : 0, -ENOENT);
	int fd = open_node();
	expect("close on exec", fcntl(fd, F_GETFD), FD_CLOEXEC);
}

/* @return what the child says it counted. */
static int in_child(void (*run)(int fd), int fd)
{
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		failures = 0;
		run(fd);
		fflush(stdout);
		_exit(failures > 100 ? 100 : failures);
	}
	int status = -1;
	waitpid(pid, &status, 0);
	return status;
}

static void use_inherited(int fd)
{
	struct d3dkmt_enumadapters2 two = { 0 };
	expect("the parent's descriptor", call(fd, LX_DXENUMADAPTERS2, &two), -ENOTTY);
	int own = open_node();
	expect("beside an own one", call(fd, LX_DXENUMADAPTERS2, &two), -ENOTTY);
	expect("the own one", call(own, LX_DXENUMADAPTERS2, &two), 0);
	round_trip(own, create_device(own, first_adapter(own).adapter_handle));
}

static void test_fork(void)
{
	int fd = open_node();
	struct d3dkmthandle device = create_device(fd, first_adapter(fd).adapter_handle);
	expect("child", in_child(use_inherited, fd), 0);
	round_trip(fd, device);
}

struct shared {
	int fd;
	struct d3dkmthandle device;
	struct d3dkmthandle fence;
};

static void *run_rounds(void *argument)
{
	const struct shared *shared = argument;
	for (int i = 0; i < ROUNDS; i++)
		round_trip(shared->fd, shared->device);
	return NULL;
}

static void test_threads(void)
{
	struct shared shared = { .fd = open_node() };
	shared.device = create_device(shared.fd, first_adapter(shared.fd).adapter_handle);
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run_rounds, &shared);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static void *signal_later(void *argument)
{
	const struct shared *shared = argument;
	usleep(50000);
	expect("signal", signal_fence(shared->fd, shared->device, shared->fence, 8), 0);
	return NULL;
}

static void test_blocking(void)
{
	struct shared shared = { .fd = open_node() };
	shared.device = create_device(shared.fd, first_adapter(shared.fd).adapter_handle);
	struct d3dkmt_createsynchronizationobject2 fence =
		create_fence(shared.fd, shared.device);
	uint64_t address = fence.info.monitored_fence.fence_cpu_virtual_address;
	shared.fence = fence.sync_object;
	pthread_t thread;
	pthread_create(&thread, NULL, signal_later, &shared);
	expect("blocking wait", wait_fence(shared.fd, shared.device, shared.fence, 8, 0),
	       0);
	expect("value", read_fence(address), 8);
	pthread_join(thread, NULL);
}

static void expect_state(const char *what, int fd, struct d3dkmthandle device, int result)
{
	struct d3dkmt_getdevicestate state = { .device = device, .state_type = 1 };
	expect(what, call(fd, LX_DXGETDEVICESTATE, &state), result);
}

static void send_descriptor(int socket, int fd)
{
	char byte = 0, control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec body = { &byte, 1 };
	struct msghdr message = { .msg_iov = &body,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	expect("sent", sendmsg(socket, &message, 0), 1);
}

static int receive_descriptor(int socket)
{
	char byte, control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec body = { &byte, 1 };
	struct msghdr message = { .msg_iov = &body,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	int fd = -1;
	expect("received", recvmsg(socket, &message, MSG_CMSG_CLOEXEC), 1);
	if (CMSG_FIRSTHDR(&message))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

static void use_received(int socket)
{
	struct d3dkmt_enumadapters2 two = { 0 };
	int fd = receive_descriptor(socket);
	expect("another's descriptor", call(fd, LX_DXENUMADAPTERS2, &two), -ENOTTY);
}

/* Copies share what they were copied from; the last one takes it along. Another process has
 * nothing of it, however it came by its copy. */
static void test_descriptors(void)
{
	int pair[2], first = open_node();
	struct d3dkmthandle device =
		create_device(first, first_adapter(first).adapter_handle);
	int second = dup(first), own = open_node();
	close(first);
	expect_state("by a copy", second, device, 0);
	expect_state("by another opening", own, device, 0);
	expect("sockets", socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	send_descriptor(pair[0], second);
	close(second);
	expect("receiver", in_child(use_received, pair[1]), 0);
	expect_state("while one is open", own, device, 0);
	close(own);
	/* One in flight is open still; the kernel keeps it until it is received or lost. */
	close(pair[0]);
	close(pair[1]);
	int fd = open_node();
	expect_state("after the last", fd, device, -EINVAL);
}

#define CROWD 8

static void stay(int fd)
{
	close(fd);
	int own = open_node();
	struct shared shared = { .fd = own };
	shared.device = create_device(own, first_adapter(own).adapter_handle);
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run_rounds, &shared);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static uint64_t count_processes(int fd, struct winluid luid)
{
	uint32_t pids[2 * CROWD];
	struct d3dkmt_enumprocesses list = { luid, (uintptr_t)pids, ARRAY_SIZE(pids) };
	expect("processes", call(fd, LX_DXENUMPROCESSES, &list), 0);
	return list.buffer_count;
}

/* Processes of several threads each, every other one killed wherever it is. */
static void test_crowd(void)
{
	pid_t pids[CROWD];
	int fd = open_node();
	struct d3dkmt_adapterinfo adapter = first_adapter(fd);
	fflush(stdout);
	for (int i = 0; i < CROWD; i++) {
		pids[i] = fork();
		if (pids[i])
			continue;
		failures = 0;
		stay(fd);
		fflush(stdout);
		_exit(failures != 0);
	}
	for (int i = 0; i < CROWD; i += 2) {
		usleep(5000);
		kill(pids[i], SIGKILL);
	}
	for (int i = 0; i < CROWD; i++) {
		int status = -1;
		waitpid(pids[i], &status, 0);
		/* A killed one may have been through. */
		if (i % 2 || !WIFSIGNALED(status))
			expect("one of them", status, 0);
	}
	for (int i = 0; i < 100 && count_processes(fd, adapter.adapter_luid) > 1; i++)
		usleep(10000);
	expect("alone again", count_processes(fd, adapter.adapter_luid), 1);
	round_trip(fd, create_device(fd, adapter.adapter_handle));
}

/* Waits for what never comes, until somebody kills it. */
static void test_stuck(void)
{
	int fd = open_node();
	struct d3dkmthandle device = create_device(fd, first_adapter(fd).adapter_handle);
	struct d3dkmt_createsynchronizationobject2 fence = create_fence(fd, device);
	printf("stuck\n");
	fflush(stdout);
	expect("never", wait_fence(fd, device, fence.sync_object, 99, 0), 0);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} modes[] = {
		{ "table", test_table },       { "node", test_node },
		{ "fork", test_fork },         { "threads", test_threads },
		{ "blocking", test_blocking }, { "descriptors", test_descriptors },
		{ "crowd", test_crowd },       { "stuck", test_stuck },
	};
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		if (argc != 2 || strcmp(modes[i].name, argv[1]))
			continue;
		modes[i].run();
		return failures ? 1 : 0;
	}
	fprintf(stderr, "usage: calls table|node|fork|threads|blocking|descriptors|crowd|"
			"stuck\n");
	return 2;
}
