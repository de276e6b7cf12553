/* OpenCL 1.2 through the ICD loader: what every GPU compute runtime of WSL2 offers. */
#include <CL/cl.h>
#include <CL/cl_ext.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "embed/kernels_kernel.h"
#include "probes/check.h"
#include "probes/device.h"
#include "probes/dl.h"
#include "probes/drivers.h"
#include "probes/opencl_code.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"

#define SYMBOLS(X)                                                                       \
	X(clGetPlatformIDs)                                                              \
	X(clGetPlatformInfo)                                                             \
	X(clGetDeviceIDs)                                                                \
	X(clGetDeviceInfo)                                                               \
	X(clCreateContext)                                                               \
	X(clCreateCommandQueue)                                                          \
	X(clCreateBuffer)                                                                \
	X(clEnqueueWriteBuffer)                                                          \
	X(clEnqueueCopyBuffer)                                                           \
	X(clEnqueueReadBuffer)                                                           \
	X(clEnqueueNDRangeKernel)                                                        \
	X(clFinish)                                                                      \
	X(clCreateProgramWithSource)                                                     \
	X(clBuildProgram)                                                                \
	X(clGetProgramBuildInfo)                                                         \
	X(clCreateKernel)                                                                \
	X(clSetKernelArg)

SYMBOLS(DL_DECLARE)

#define VENDORS_FOLDER "/etc/OpenCL/vendors"
#define POCL_ICD       VENDORS_FOLDER "/pocl.icd"
#define DEVICES_MAX    64
/* No honest string of a device is longer. */
#define INFO_MAX 65536

/* Ends the rung as refused where the call returns an error. */
#define TRY(p, function, ...)                                                            \
	do {                                                                             \
		cl_int code_ = dl_##function(__VA_ARGS__);                               \
		if (code_ != CL_SUCCESS)                                                 \
			return refused((p), #function, code_);                           \
	} while (0)

/* The same for the calls that return an object, and the code to their last parameter. */
#define TRY_MAKE(p, object, function, ...)                                               \
	do {                                                                             \
		cl_int code_ = CL_SUCCESS;                                               \
		(object) = dl_##function(__VA_ARGS__, &code_);                           \
		if (code_ != CL_SUCCESS || !(object))                                    \
			return refused((p), #function, code_);                           \
	} while (0)

/* Nothing is released: the process ends after the climb. */
struct opencl {
	cl_platform_id platform;
	cl_device_id device;
	cl_context context;
	cl_command_queue queue;
	cl_kernel kernel;
	uint32_t nonce; /* in the kernel's source */
};

/* What is listed: parallel arrays, since device_choose() knows no OpenCL. */
struct list {
	int count;
	cl_platform_id platforms[DEVICES_MAX];
	cl_device_id handles[DEVICES_MAX];
	struct device devices[DEVICES_MAX];
};

static enum outcome refused(struct probe *p, const char *call, cl_int code)
{
	const char *name = opencl_code_name(code);
	if (name)
		return probe_refused(p, call, "%s", name);
	return probe_refused(p, call, "code %d", code);
}

static bool opencl_prepare_control(struct probe *p)
{
	/* A folder with this driver alone: ocl-icd would read the file itself, the Khronos
	 * loader (in Intel's oneAPI) reads folders only. */
	cleanup_free char *folder = xasprintf("%s/icd", p->folder);
	cleanup_free char *link = xasprintf("%s/pocl.icd", folder);
	/* of the loaders and their layers, of PoCL (portablecl.org/docs/html/env_variables) */
	static const char *const settings[] = { "OCL_ICD_", "OPENCL_LAYER", "POCL_",
						NULL };
	if (access(POCL_ICD, R_OK) != 0)
		return false;
	drivers_forget_settings(settings);
	if (mkdir(folder, 0700) == 0 && symlink(POCL_ICD, link) == 0)
		setenv("OCL_ICD_VENDORS", folder, 1);
	else
		setenv("OCL_ICD_VENDORS", POCL_ICD, 1);
	setenv("POCL_CACHE_DIR", p->folder, 1);
	return true;
}

static enum outcome opencl_load(struct probe *p)
{
	p->state = xcalloc(1, sizeof(struct opencl));
	return dl_open(p, "libOpenCL.so.1", SYMBOLS(DL_BIND) NULL);
}

/* How many drivers are registered, where the loaders look (ocl-icd(5); Khronos
 * OpenCL-ICD-Loader README, "Registering ICDs"). */
static int count_icds(void)
{
	const char *where = getenv("OCL_ICD_VENDORS");
	const char *const folders[] = { where && *where ? where : VENDORS_FOLDER, NULL };
	struct stat status;
	if (stat(folders[0], &status) == 0 && !S_ISDIR(status.st_mode))
		return 1; /* a file stands for itself */
	return drivers_count(folders, ".icd");
}

/* @return a string property, the caller's to free, or NULL. */
static char *device_string(cl_device_id device, cl_device_info info)
{
	size_t size = 0;
	if (dl_clGetDeviceInfo(device, info, 0, NULL, &size) || size == 0 ||
	    size > INFO_MAX)
		return NULL;
	cleanup_free char *string = xcalloc(size + 1, 1);
	if (dl_clGetDeviceInfo(device, info, size, string, NULL))
		return NULL;
	return take_ptr(string);
}

static enum device_kind read_kind(cl_device_id device)
{
	cl_device_type type = 0;
	if (dl_clGetDeviceInfo(device, CL_DEVICE_TYPE, sizeof(type), &type, NULL))
		return DEVICE_OTHER;
	if (type & CL_DEVICE_TYPE_GPU)
		return DEVICE_GPU;
	if (type & CL_DEVICE_TYPE_ACCELERATOR)
		return DEVICE_ACCELERATOR;
	return type & CL_DEVICE_TYPE_CPU ? DEVICE_CPU : DEVICE_OTHER;
}

/* Where a driver tells the PCI device id: OpenCL itself has no question for it. */
static const struct {
	const char *extension;
	cl_device_info info;
} id_questions[] = {
	{ "cl_intel_device_attribute_query", CL_DEVICE_ID_INTEL },
	{ "cl_amd_device_attribute_query", CL_DEVICE_PCIE_ID_AMD },
};

static uint16_t read_device_id(cl_device_id device)
{
	cleanup_free char *extensions = device_string(device, CL_DEVICE_EXTENSIONS);
	for_each_row(row, id_questions) {
		cl_uint id = 0;
		if (extensions && strstr(extensions, row->extension) &&
		    !dl_clGetDeviceInfo(device, row->info, sizeof(id), &id, NULL) &&
		    id <= UINT16_MAX)
			return (uint16_t)id;
	}
	/* Intel names a device it has no marketing name for "Intel(R) Graphics [0x7d51]". */
	cleanup_free char *name = device_string(device, CL_DEVICE_NAME);
	const char *bracket = name ? strstr(name, "[0x") : NULL;
	unsigned int id;
	return bracket && sscanf(bracket, "[0x%4x]", &id) == 1 ? (uint16_t)id : 0;
}

static struct device read_device(cl_device_id handle)
{
	cl_uint vendor = 0;
	if (dl_clGetDeviceInfo(handle, CL_DEVICE_VENDOR_ID, sizeof(vendor), &vendor,
			       NULL) ||
	    vendor > UINT16_MAX) /* some drivers put more than a PCI id there */
		vendor = 0;
	struct device device = { .vendor = (uint16_t)vendor };
	device.kind = device_kind_of(read_kind(handle), device.vendor);
	if (device.kind != DEVICE_CPU)
		device.device = read_device_id(handle);
	return device;
}

static cl_int list_platform(cl_platform_id platform, struct list *list)
{
	cl_uint count = 0;
	cl_uint room = (cl_uint)(DEVICES_MAX - list->count);
	cl_device_id *handles = list->handles + list->count;
	if (room == 0)
		return CL_SUCCESS;
	cl_int code =
		dl_clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, room, handles, &count);
	if (code)
		return code == CL_DEVICE_NOT_FOUND ? CL_SUCCESS : code;
	for (cl_uint i = 0; i < count && i < room; i++) {
		list->platforms[list->count] = platform;
		list->devices[list->count] = read_device(handles[i]);
		list->count++;
	}
	return CL_SUCCESS;
}

/* One platform that refuses does not hide the others: *ret_refusal holds its code. */
static enum outcome list_devices(struct probe *p, struct list *list, cl_int *ret_refusal)
{
	cl_platform_id platforms[DEVICES_MAX];
	cl_uint count = 0;
	cl_int code = dl_clGetPlatformIDs(DEVICES_MAX, platforms, &count);
	if (code == CL_PLATFORM_NOT_FOUND_KHR || (!code && count == 0)) {
		int drivers = count_icds();
		probe_find_number(p, FIND_DRIVERS, drivers);
		return drivers == 0 ? probe_skip(p, REASON_NOT_INSTALLED)
				    : probe_fail(p, REASON_NO_ADAPTER);
	}
	if (code)
		return refused(p, "clGetPlatformIDs", code);
	for (cl_uint i = 0; i < count && i < DEVICES_MAX; i++) {
		code = list_platform(platforms[i], list);
		if (code)
			*ret_refusal = code;
	}
	return OUTCOME_PASS;
}

static void find_device(struct probe *p, const struct list *list, int index)
{
	static const struct {
		enum finding finding;
		cl_device_info info;
	} strings[] = {
		{ FIND_DEVICE, CL_DEVICE_NAME },
		{ FIND_DRIVER_VERSION, CL_DRIVER_VERSION },
		{ FIND_API_VERSION, CL_DEVICE_VERSION },
	};
	char platform[256] = "";
	dl_clGetPlatformInfo(list->platforms[index], CL_PLATFORM_NAME,
			     sizeof(platform) - 1, platform, NULL);
	probe_find(p, FIND_PLATFORM, platform);
	for_each_row(row, strings) {
		cleanup_free char *string =
			device_string(list->handles[index], row->info);
		probe_find(p, row->finding, string);
	}
	device_find(p, &list->devices[index]);
}

static enum outcome opencl_enumerate(struct probe *p)
{
	struct opencl *cl = p->state;
	cleanup_free struct list *list = xcalloc(1, sizeof(*list));
	cl_int refusal = CL_SUCCESS;
	enum outcome outcome = list_devices(p, list, &refusal);
	if (outcome != OUTCOME_PASS)
		return outcome;
	probe_find_number(p, FIND_DEVICES, list->count);
	int index = device_choose(p, list->devices, list->count);
	if (index < 0) {
		outcome = device_missing(p, list->devices, list->count, &index);
		if (index >= 0)
			find_device(p, list, index);
		/* A platform that could not even list outweighs that none was found. */
		return outcome == OUTCOME_FAIL && refusal
			       ? refused(p, "clGetDeviceIDs", refusal)
			       : outcome;
	}
	find_device(p, list, index);
	cl->platform = list->platforms[index];
	cl->device = list->handles[index];
	return OUTCOME_PASS;
}

static enum outcome opencl_open(struct probe *p)
{
	struct opencl *cl = p->state;
	const cl_context_properties properties[] = { CL_CONTEXT_PLATFORM,
						     (cl_context_properties)cl->platform,
						     0 };
	TRY_MAKE(p, cl->context, clCreateContext, properties, 1, &cl->device, NULL, NULL);
	TRY_MAKE(p, cl->queue, clCreateCommandQueue, cl->context, cl->device, 0);
	return OUTCOME_PASS;
}

/* Through two buffers, because some drivers copy between host and one buffer with the CPU
 * (intel/compute-runtime on integrated GPUs) and say nothing of the device. */
static enum outcome opencl_copy(struct probe *p)
{
	struct opencl *cl = p->state;
	const size_t size = CHECK_COPY_WORDS * sizeof(uint32_t);
	const uint32_t seed = check_nonce();
	cleanup_free uint32_t *words = xcalloc(1, size);
	cl_mem a, b;

	check_fill(words, CHECK_COPY_WORDS, seed);
	TRY_MAKE(p, a, clCreateBuffer, cl->context, CL_MEM_READ_WRITE, size, NULL);
	TRY_MAKE(p, b, clCreateBuffer, cl->context, CL_MEM_READ_WRITE, size, NULL);
	TRY(p, clEnqueueWriteBuffer, cl->queue, a, CL_TRUE, 0, size, words, 0, NULL,
	    NULL);
	TRY(p, clEnqueueCopyBuffer, cl->queue, a, b, 0, 0, size, 0, NULL, NULL);
	TRY(p, clFinish, cl->queue);
	memset(words, 0, size);
	TRY(p, clEnqueueReadBuffer, cl->queue, b, CL_TRUE, 0, size, words, 0, NULL, NULL);
	return check_copy(p, words, CHECK_COPY_WORDS, seed);
}

static enum outcome build_failed(struct probe *p, cl_program program)
{
	struct opencl *cl = p->state;
	size_t size = 0;
	if (!dl_clGetProgramBuildInfo(program, cl->device, CL_PROGRAM_BUILD_LOG, 0, NULL,
				      &size) &&
	    size > 0 && size < INT_MAX) {
		cleanup_free char *log = xcalloc(size + 1, 1);
		if (!dl_clGetProgramBuildInfo(program, cl->device, CL_PROGRAM_BUILD_LOG,
					      size, log, NULL))
			probe_find(p, FIND_LOG, log);
	}
	return probe_fail(p, REASON_BUILD_FAILED);
}

static enum outcome opencl_compile(struct probe *p)
{
	struct opencl *cl = p->state;
	cl_program program;
	cl->nonce = check_nonce();
	cleanup_free char *nonce = xasprintf("#define NONCE %" PRIu32 "u\n", cl->nonce);
	const char *source[] = { nonce, kernel_launch_cl.bytes };

	TRY_MAKE(p, program, clCreateProgramWithSource, cl->context, ARRAY_SIZE(source),
		 source, NULL);
	cl_int code = dl_clBuildProgram(program, 1, &cl->device, "", NULL, NULL);
	if (code == CL_BUILD_PROGRAM_FAILURE)
		return build_failed(p, program);
	if (code)
		return refused(p, "clBuildProgram", code);
	TRY_MAKE(p, cl->kernel, clCreateKernel, program, "launch");
	return OUTCOME_PASS;
}

static enum outcome opencl_launch(struct probe *p)
{
	struct opencl *cl = p->state;
	cleanup_free struct check_launch *launch = xcalloc(1, sizeof(*launch));
	const struct {
		cl_mem_flags flags;
		size_t size;
		void *host;
	} rows[] = {
		{ CL_MEM_READ_ONLY, sizeof(launch->input), launch->input },
		{ CL_MEM_READ_WRITE, sizeof(launch->integers), launch->integers },
		{ CL_MEM_READ_WRITE, sizeof(launch->floats), launch->floats },
	};
	cl_mem buffers[ARRAY_SIZE(rows)];
	const size_t elements = CHECK_ELEMENTS;

	check_launch_init(launch, cl->nonce);
	for (cl_uint i = 0; i < ARRAY_SIZE(rows); i++) {
		TRY_MAKE(p, buffers[i], clCreateBuffer, cl->context,
			 rows[i].flags | CL_MEM_COPY_HOST_PTR, rows[i].size,
			 rows[i].host);
		TRY(p, clSetKernelArg, cl->kernel, i, sizeof(cl_mem), &buffers[i]);
	}
	TRY(p, clEnqueueNDRangeKernel, cl->queue, cl->kernel, 1, NULL, &elements, NULL, 0,
	    NULL, NULL);
	TRY(p, clFinish, cl->queue);
	for (size_t i = 1; i < ARRAY_SIZE(rows); i++)
		TRY(p, clEnqueueReadBuffer, cl->queue, buffers[i], CL_TRUE, 0,
		    rows[i].size, rows[i].host, 0, NULL, NULL);
	return check_launch(p, launch);
}

INTERFACE(opencl) = {
	.name = "opencl",
	.title = "OpenCL",
	.layer = LAYER_LOADER,
	.control = "PoCL",
	.prepare_control = opencl_prepare_control,
	.rungs = {
		[RUNG_LOAD] = opencl_load,
		[RUNG_ENUMERATE] = opencl_enumerate,
		[RUNG_OPEN] = opencl_open,
		[RUNG_COPY] = opencl_copy,
		[RUNG_COMPILE] = opencl_compile,
		[RUNG_LAUNCH] = opencl_launch,
	},
};
