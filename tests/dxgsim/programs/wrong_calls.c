/*
 * wrong_calls: makes each wrong call there is and compares what it returns, and what the
 * kernel prints of it, with what the driver does (microsoft/WSL2-Linux-Kernel:
 * drivers/hv/dxgkrnl/ioctl.c, dxgvmbus.c).
 *
 *     wrong_calls [refused | gone]
 *         0 where all came out so; else 1 and a line for each that did not
 *
 * Knows the scenario of test_dxgsim: one adapter of two engines.
 */
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/dxgsim/programs/wrong.h"

/* Rows give what matters of a structure; the rest is 0. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

int failures;

/* Numbers and sizes, of all that the driver could be asked. */
static void test_numbers(int fd)
{
	uint8_t zeros[1024] = { 0 };
	char lines[128];
	for (uint32_t nr = 0; nr <= 0xff; nr++) {
		const char *known = NULL;
		uint32_t size = 4, wrong;
		for (size_t i = 0; i < wrong_name_count; i++) {
			if (_IOC_NR(wrong_names[i].request) != nr)
				continue;
			known = wrong_names[i].name;
			size = _IOC_SIZE(wrong_names[i].request);
		}
		wrong = DXG_IOCTL(nr, known ? size + 4 : size);
		if (known)
			snprintf(lines, sizeof(lines),
				 "ioctl mismatch. Code: %x User: %x Kernel: %x", nr,
				 wrong, (uint32_t)DXG_IOCTL(nr, size));
		else if (!nr || nr > 0x49)
			snprintf(lines, sizeof(lines), "bad ioctl %x 47 4 3", nr);
		else
			snprintf(lines, sizeof(lines), "ioctl callback is NULL %x", nr);
		check(fd,
		      &(struct row){ known ? known : "no such call", wrong, zeros,
				     -ENOTTY, lines },
		      false);
	}
}

/* Nowhere to read from; escape alone does not say so. */
static void test_pointers(int fd)
{
	for (size_t i = 0; i < wrong_name_count; i++) {
		uint32_t request = wrong_names[i].request;
		const char *lines = request == LX_DXESCAPE ? ""
				    : request == LX_DXOPENADAPTERFROMLUID
					    ? "Faled to copy input args"
					    : "failed to copy input args";
		check(fd, &(struct row){ "no argument", request, NULL, -EFAULT, lines },
		      true);
		check(fd,
		      &(struct row){ "argument nowhere", request, (void *)NOWHERE,
				     -EFAULT, lines },
		      true);
	}
}

#define NONE(type) LACKS(type, "0")

/* Structures of zeros: no handle, no count, no pointer. */
static void test_zeros(int fd)
{
	uint8_t zeros[1024] = { 0 };
	static const struct {
		uint32_t request;
		int result;
		const char *lines;
	} rows[] = {
		{ LX_DXOPENADAPTERFROMLUID, -EINVAL, "" },
		{ LX_DXCREATEDEVICE, -EINVAL, "" },
		{ LX_DXCREATECONTEXTVIRTUAL, -EINVAL, NONE("3") },
		{ LX_DXDESTROYCONTEXT, -EINVAL, "invalid context handle: 0" },
		{ LX_DXCREATEALLOCATION, -EINVAL,
		  "invalid number of allocations to create" },
		{ LX_DXCREATEPAGINGQUEUE, -EINVAL, NONE("3") },
		{ LX_DXRESERVEGPUVIRTUALADDRESS, -EINVAL,
		  NONE("10") "; invalid adapter or paging queue: 0x0" },
		{ LX_DXQUERYADAPTERINFO, -EINVAL, "invalid private data size" },
		{ LX_DXQUERYVIDEOMEMORYINFO, -EINVAL, "" },
		{ LX_DXMAKERESIDENT, -EINVAL, "invalid number of allocations" },
		{ LX_DXMAPGPUVIRTUALADDRESS, -EINVAL, NONE("10") },
		{ LX_DXESCAPE, -EINVAL, "" },
		{ LX_DXGETDEVICESTATE, -EINVAL, NONE("3") },
		{ LX_DXSUBMITCOMMAND, -EINVAL, "invalid number of contexts" },
		{ LX_DXCREATESYNCHRONIZATIONOBJECT, -EINVAL, NONE("3") },
		{ LX_DXSIGNALSYNCHRONIZATIONOBJECT, -EINVAL, NONE("7") },
		{ LX_DXWAITFORSYNCHRONIZATIONOBJECT, -EINVAL, "" },
		{ LX_DXDESTROYALLOCATION2, -EINVAL, "invalid number of allocations" },
		{ LX_DXENUMADAPTERS2, 0, "" },
		{ LX_DXCLOSEADAPTER, 0, "" },
		{ LX_DXCHANGEVIDEOMEMORYRESERVATION, -EINVAL, "" },
		{ LX_DXCREATEHWQUEUE, -EINVAL, NONE("7") },
		{ LX_DXDESTROYDEVICE, -EINVAL, "invalid device handle: 0" },
		{ LX_DXDESTROYHWQUEUE, -EINVAL, "invalid hwqueue handle: 0" },
		{ LX_DXDESTROYPAGINGQUEUE, -EINVAL, "" },
		{ LX_DXDESTROYSYNCHRONIZATIONOBJECT, -EINVAL, "" },
		{ LX_DXEVICT, -EINVAL, "invalid number of allocations" },
		{ LX_DXFLUSHHEAPTRANSITIONS, -EINVAL, "" },
		{ LX_DXFREEGPUVIRTUALADDRESS, -EINVAL, "" },
		{ LX_DXGETCONTEXTINPROCESSSCHEDULINGPRIORITY, -EINVAL, NONE("7") },
		{ LX_DXGETCONTEXTSCHEDULINGPRIORITY, -EINVAL, NONE("7") },
		{ LX_DXINVALIDATECACHE, -EINVAL, NONE("3") },
		{ LX_DXLOCK2, -EINVAL, "" },
		{ LX_DXMARKDEVICEASERROR, -EINVAL, NONE("3") },
		{ LX_DXOFFERALLOCATIONS, -EINVAL, "invalid number of allocations" },
		{ LX_DXQUERYALLOCATIONRESIDENCY, -EINVAL, "" },
		{ LX_DXRECLAIMALLOCATIONS2, -EINVAL, "invalid number of allocations" },
		{ LX_DXSETALLOCATIONPRIORITY, -EINVAL, NONE("3") },
		{ LX_DXSETCONTEXTINPROCESSSCHEDULINGPRIORITY, -EINVAL, NONE("7") },
		{ LX_DXSETCONTEXTSCHEDULINGPRIORITY, -EINVAL, NONE("7") },
		{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, -EINVAL, "" },
		{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU, -EINVAL, "" },
		{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2, -EINVAL,
		  "Invalid input: 0 0" },
		{ LX_DXSUBMITCOMMANDTOHWQUEUE, -EINVAL, NONE("15") },
		{ LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE, -EINVAL,
		  "invalid hwqueue count: 0" },
		{ LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE, -EINVAL, "" },
		{ LX_DXUNLOCK2, -EINVAL, "" },
		{ LX_DXUPDATEALLOCPROPERTY, -EINVAL, NONE("10") },
		{ LX_DXUPDATEGPUVIRTUALADDRESS, -EINVAL, NONE("3") },
		{ LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, -EINVAL, "" },
		{ LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU, -EINVAL,
		  "Invalid object count: 0" },
		{ LX_DXGETALLOCATIONPRIORITY, -EINVAL, NONE("3") },
		{ LX_DXQUERYCLOCKCALIBRATION, -EINVAL, "" },
		{ LX_DXENUMADAPTERS3, 0, "" },
		{ LX_DXSHAREOBJECTS, -EINVAL, "invalid object count 0" },
		{ LX_DXOPENSYNCOBJECTFROMNTHANDLE2, -EINVAL, "device handle is missing" },
		{ LX_DXQUERYRESOURCEINFOFROMNTHANDLE, -EINVAL, "invalid fd: 0" },
		{ LX_DXOPENRESOURCEFROMNTHANDLE, -EINVAL,
		  "open_resource: invalid fd type: 0" },
		{ LX_DXQUERYSTATISTICS, 0, "" },
		{ LX_DXSHAREOBJECTWITHHOST, -EPERM,
		  "dxgvmb_send_share_object_with_host: Host failed to share object with "
		  "host: -1 c00000bb; dxgvmb_send_share_object_with_host: err: -1; "
		  "dxgvmb_send_share_object_with_host dailed" },
		{ LX_DXCREATESYNCFILE, -EINVAL,
		  NONE("3") "; dxgprocess_device_by_handle failed" },
		{ LX_DXWAITSYNCFILE, -EINVAL, "failed to get dmafence from handle: 0" },
		{ LX_DXOPENSYNCOBJECTFROMSYNCFILE, -EINVAL,
		  "failed to get dmafence from handle: 0" },
		{ LX_DXENUMPROCESSES, -EINVAL, "Failed to find dxgadapter" },
		{ LX_ISFEATUREENABLED, -EINVAL, "" },
	};
	expect("rows of zeros", ARRAY_SIZE(rows), wrong_name_count);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		memset(zeros, 0, sizeof(zeros));
		check(fd,
		      &(struct row){ "zeros", rows[i].request, zeros, rows[i].result,
				     rows[i].lines },
		      true);
	}
}

static struct d3dkmthandle create_allocation(const struct bench *b, bool in_resource,
					     struct d3dkmthandle *ret_resource)
{
	struct d3dkmt_createstandardallocation standard = {
		.type = _D3DKMT_STANDARDALLOCATIONTYPE_EXISTINGHEAP,
		.existing_heap_data.size = PAGE,
	};
	struct d3dddi_allocationinfo2 info = { .sysmem = (uintptr_t)b->memory };
	struct d3dkmt_createallocation create = {
		.device = b->device,
		.alloc_count = 1,
		.allocation_info = (uintptr_t)&info,
		.standard_allocation = (uintptr_t)&standard,
		.flags = { .standard_allocation = 1,
			   .existing_sysmem = 1,
			   .create_resource = in_resource },
	};
	expect("allocation", call(b->fd, LX_DXCREATEALLOCATION, &create), 0);
	if (in_resource)
		*ret_resource = create.resource;
	return info.allocation;
}

static struct bench start(void)
{
	struct bench b = { .fd = open_node(), .event = eventfd(0, EFD_CLOEXEC) };
	b.info = first_adapter(b.fd);
	b.adapter = b.info.adapter_handle;
	b.device = create_device(b.fd, b.adapter);
	b.other_device = create_device(b.fd, b.adapter);
	struct d3dkmt_createpagingqueue queue = { .device = b.device };
	expect("paging queue", call(b.fd, LX_DXCREATEPAGINGQUEUE, &queue), 0);
	b.queue = queue.paging_queue;
	b.queue_fence = queue.sync_object;
	struct d3dkmt_createsynchronizationobject2 fence = {
		.device = b.device, .info.type = _D3DDDI_MONITORED_FENCE
	};
	expect("fence", call(b.fd, LX_DXCREATESYNCHRONIZATIONOBJECT, &fence), 0);
	b.fence = fence.sync_object;
	struct d3dkmt_createcontextvirtual context = { .device = b.device,
						       .flags.hw_queue_supported = 1 };
	expect("context", call(b.fd, LX_DXCREATECONTEXTVIRTUAL, &context), 0);
	b.context = context.context;
	struct d3dkmt_createhwqueue hwqueue = { .context = b.context };
	expect("hardware queue", call(b.fd, LX_DXCREATEHWQUEUE, &hwqueue), 0);
	b.hwqueue = hwqueue.queue;
	b.memory = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	/* The second one is none to lend. */
	mprotect(b.memory + PAGE, PAGE, PROT_NONE);
	b.constant = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	b.allocation = create_allocation(&b, false, NULL);
	b.in_resource = create_allocation(&b, true, &b.resource);
	return b;
}

/* No device, context or queue: of another number, and of another type. */
static void test_handles(const struct bench *b)
{
	static const struct {
		uint32_t request;
		size_t at;
		const char *lines;
	} rows[] = {
		{ LX_DXCREATECONTEXTVIRTUAL, 0, NO_DEVICE },
		{ LX_DXCREATEPAGINGQUEUE, 0, NO_DEVICE },
		{ LX_DXGETDEVICESTATE, 0, NO_DEVICE },
		{ LX_DXCREATESYNCHRONIZATIONOBJECT, 0, NO_DEVICE },
		{ LX_DXINVALIDATECACHE, 0, NO_DEVICE },
		{ LX_DXMARKDEVICEASERROR, 0, NO_DEVICE },
		{ LX_DXSETALLOCATIONPRIORITY, 0, NO_DEVICE },
		{ LX_DXGETALLOCATIONPRIORITY, 0, NO_DEVICE },
		{ LX_DXUPDATEGPUVIRTUALADDRESS, 0, NO_DEVICE },
		{ LX_DXDESTROYDEVICE, 0, "invalid device handle: 99" },
		{ LX_DXDESTROYCONTEXT, 0, "invalid context handle: 99" },
		{ LX_DXDESTROYHWQUEUE, 0, "invalid hwqueue handle: 99" },
		{ LX_DXDESTROYPAGINGQUEUE, 0, "" },
		{ LX_DXDESTROYSYNCHRONIZATIONOBJECT, 0, "" },
		{ LX_DXCREATEHWQUEUE, 0, NO_CONTEXT },
		{ LX_DXSIGNALSYNCHRONIZATIONOBJECT, 0, NO_CONTEXT },
		{ LX_DXGETCONTEXTSCHEDULINGPRIORITY, 0, NO_CONTEXT },
		{ LX_DXSETCONTEXTINPROCESSSCHEDULINGPRIORITY, 0, NO_CONTEXT },
		{ LX_DXMAPGPUVIRTUALADDRESS, 0, NO_QUEUE },
		{ LX_DXUPDATEALLOCPROPERTY, 0, NO_QUEUE },
		{ LX_DXRESERVEGPUVIRTUALADDRESS, 0,
		  NO_QUEUE "; invalid adapter or paging queue: 0x99" },
		{ LX_DXSUBMITCOMMANDTOHWQUEUE, 0, NO_HWQUEUE },
		{ LX_DXFREEGPUVIRTUALADDRESS, 0, "" },
		{ LX_DXESCAPE, 0, "" },
		{ LX_DXFLUSHHEAPTRANSITIONS, 0, "" },
		{ LX_DXQUERYCLOCKCALIBRATION, 0, "" },
		{ LX_ISFEATUREENABLED, 0, "" },
		{ LX_DXQUERYVIDEOMEMORYINFO, 8, "" },
	};
	uint8_t argument[1024];
	const struct d3dkmthandle bad = BAD;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		memset(argument, 0, sizeof(argument));
		memcpy(argument + rows[i].at, &bad, sizeof(bad));
		check(b->fd,
		      &(struct row){ "no such handle", rows[i].request, argument, -EINVAL,
				     rows[i].lines },
		      true);
	}
	char lines[128];
	snprintf(lines, sizeof(lines), LACKS("3", "%x"), b->queue.v);
	check_rows(b->fd,
		   { "a queue for a device", LX_DXGETDEVICESTATE,
		     ARG(d3dkmt_getdevicestate, b->queue, 1), -EINVAL, lines },
		   { "an instance, which nobody compares", LX_DXGETDEVICESTATE,
		     ARG(d3dkmt_getdevicestate, { .v = b->device.v | 5 }, 1), 0, "" },
		   { "of a kind unknown", LX_DXGETDEVICESTATE,
		     ARG(d3dkmt_getdevicestate, b->device, 9), -EINVAL, "" });
}

/* What is made by a handle with an instance is below the same object. */
static void test_instances(const struct bench *b)
{
	struct d3dkmthandle device = create_device(b->fd, b->adapter);
	struct d3dkmt_createcontextvirtual context = { .device.v = device.v | 5 };
	expect("context", call(b->fd, LX_DXCREATECONTEXTVIRTUAL, &context), 0);
	expect("its device's end",
	       call(b->fd, LX_DXDESTROYDEVICE,
		    ARG(d3dkmt_destroydevice, { .v = device.v | 9 })),
	       0);
	check_rows(b->fd, { "a context without its device", LX_DXDESTROYCONTEXT,
			    &context.context, -EINVAL, "invalid context handle: *" });
}

/* Answers that have nowhere to go; what was made for them is gone again. */
static void test_constant_answers(const struct bench *b)
{
	static const struct {
		uint32_t request;
		char which; /* of the bench's handles is the first */
		const char *lines;
	} rows[] = {
		{ LX_DXCREATEDEVICE, 'a', "failed to copy device handle" },
		{ LX_DXCREATECONTEXTVIRTUAL, 'd', "failed to copy context handle" },
		{ LX_DXCREATEPAGINGQUEUE, 'd', "failed to copy input args" },
		{ LX_DXCREATEHWQUEUE, 'c',
		  "dxgvmb_send_create_hwqueue: failed to copy hwqueue handle; "
		  "dxgvmb_send_create_hwqueue: failed fffffff2" },
		{ LX_DXGETCONTEXTSCHEDULINGPRIORITY, 'c',
		  "get_context_scheduling_priority: failed to copy priority to user" },
		{ LX_DXFLUSHHEAPTRANSITIONS, 'a', "failed to copy output args" },
		{ LX_DXQUERYCLOCKCALIBRATION, 'a',
		  "dxgvmb_send_query_clock_calibration: failed to copy clock data" },
	};
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct d3dkmthandle handle = rows[i].which == 'a'   ? b->adapter
						   : rows[i].which == 'd' ? b->device
									  : b->context;
		mprotect(page, PAGE, PROT_READ | PROT_WRITE);
		memset(page, 0, PAGE);
		memcpy(page, &handle, sizeof(handle));
		mprotect(page, PAGE, PROT_READ);
		check(b->fd,
		      &(struct row){ "answer to constant memory", rows[i].request, page,
				     -EFAULT, rows[i].lines },
		      true);
	}
	munmap(page, PAGE);
}

/* All of them by a descriptor of the parent's. */
static void test_process(int fd)
{
	uint8_t zeros[1024] = { 0 };
	char lines[128];
	snprintf(lines, sizeof(lines), "Call from a wrong process: %d %d", getppid(),
		 getpid());
	for (size_t i = 0; i < wrong_name_count; i++) {
		char got[256], expected[256];
		expect("the parent's descriptor", call(fd, wrong_names[i].request, zeros),
		       -ENOTTY);
		wrong_read_lines(got, sizeof(got));
		snprintf(expected, sizeof(expected), "dxgk_ioctl: %s", lines);
		expect(got, strcmp(got, expected), 0);
	}
}

static void test_child(int fd)
{
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		failures = 0;
		test_process(fd);
		fflush(stdout);
		_exit(failures != 0);
	}
	int status = -1;
	waitpid(pid, &status, 0);
	expect("child", status, 0);
}

static void test_all(const struct bench *b)
{
	test_numbers(b->fd);
	test_pointers(b->fd);
	test_zeros(b->fd);
	test_handles(b);
	test_instances(b);
	wrong_adapters(b);
	wrong_work(b);
	wrong_memory(b);
	wrong_sharing(b);
	test_constant_answers(b);
	test_child(b->fd);
}

int main(int argc, char **argv)
{
	const char *mode = argc == 2 ? argv[1] : "";
	struct bench b = start();
	wrong_open_log();
	if (!strcmp(mode, "refused"))
		wrong_refused(&b);
	else if (!strcmp(mode, "gone"))
		wrong_gone(&b);
	else
		test_all(&b);
	return failures ? 1 : 0;
}
