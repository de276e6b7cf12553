/*
 * A libOpenCL.so.1 for LD_LIBRARY_PATH that asks the real one and answers as told.
 *
 *     DXGMATRIX_FAKE_OPENCL=CALL=DEED[,CALL=DEED…]
 *         CALL is a function, or `load` for the library's constructor; DEED is SIGSEGV,
 *         SIGABRT, hang, exit (status 1, silently), wrong (one bit of what is read back is
 *         flipped), blank (nothing is read back), or a code to return: -5
 *     DXGMATRIX_FAKE_OPENCL_GPU=VVVV:DDDD
 *         every device says it is a GPU with this identity: with PoCL behind it, a healthy
 *         GPU that climbs to the top
 *
 * In a process with --control on its command line it changes nothing, so that a control
 * stays one. Built once more for each fault that no variable can bring about:
 * FAKE_WITHOUT_SYMBOL, FAKE_UNDEFINED_SYMBOL, and linked to a library that is then not
 * there.
 */
#include <CL/cl.h>
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void die(int number)
{
	signal(number, SIG_DFL);
	raise(number);
}

static int is_control(void)
{
	char line[4096];
	FILE *file = fopen("/proc/self/cmdline", "r");
	size_t size = file ? fread(line, 1, sizeof(line), file) : 0;
	if (file)
		fclose(file);
	return memmem(line, size, "\0--control", sizeof("\0--control")) != NULL;
}

/* @return whether there is a deed for the call, then copied to word. */
static int find_deed(const char *call, char *word, size_t size)
{
	const char *at = is_control() ? NULL : getenv("DXGMATRIX_FAKE_OPENCL");
	size_t length = strlen(call);
	for (; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
		if (strncmp(at, call, length) || at[length] != '=')
			continue;
		snprintf(word, size, "%.*s", (int)strcspn(at + length + 1, ","),
			 at + length + 1);
		return 1;
	}
	return 0;
}

/* Does what is told; @return the code to return instead, or 0. */
static cl_int act(const char *call)
{
	char deed[32];
	if (!find_deed(call, deed, sizeof(deed)))
		return 0;
	if (!strcmp(deed, "SIGSEGV"))
		die(SIGSEGV);
	if (!strcmp(deed, "SIGABRT"))
		die(SIGABRT);
	if (!strcmp(deed, "exit"))
		exit(1);
	while (!strcmp(deed, "hang"))
		pause();
	return (cl_int)strtol(deed, NULL, 10);
}

__attribute__((constructor)) static void load(void)
{
	act("load");
}

static void *real(const char *call)
{
	static void *library;
	if (!library)
		library = dlopen(REAL_OPENCL, RTLD_NOW | RTLD_LOCAL);
	void *function = library ? dlsym(library, call) : NULL;
	if (!function)
		abort();
	return function;
}

#define REAL(call) ((typeof(&call))real(#call))

/* A function that returns a code. */
#define FORWARD(call, parameters, arguments)                                             \
	cl_int call parameters                                                           \
	{                                                                                \
		cl_int code = act(#call);                                                \
		return code ? code : REAL(call) arguments;                               \
	}

/* A function that returns an object, and a code in ret. */
#define FORWARD_MAKE(type, call, parameters, arguments)                                  \
	type call parameters                                                             \
	{                                                                                \
		cl_int code = act(#call);                                                \
		if (!code)                                                               \
			return REAL(call) arguments;                                     \
		*ret = code;                                                             \
		return NULL;                                                             \
	}

FORWARD(clGetPlatformIDs, (cl_uint n, cl_platform_id *platforms, cl_uint *count),
	(n, platforms, count))
FORWARD(clGetPlatformInfo,
	(cl_platform_id platform, cl_platform_info info, size_t size, void *value,
	 size_t *length),
	(platform, info, size, value, length))
FORWARD(clGetDeviceIDs,
	(cl_platform_id platform, cl_device_type type, cl_uint n, cl_device_id *devices,
	 cl_uint *count),
	(platform, type, n, devices, count))
FORWARD_MAKE(cl_context, clCreateContext,
	     (const cl_context_properties *properties, cl_uint n,
	      const cl_device_id *devices,
	      void(CL_CALLBACK *notify)(const char *, const void *, size_t, void *),
	      void *data, cl_int *ret),
	     (properties, n, devices, notify, data, ret))
FORWARD_MAKE(cl_command_queue, clCreateCommandQueue,
	     (cl_context context, cl_device_id device,
	      cl_command_queue_properties properties, cl_int *ret),
	     (context, device, properties, ret))
FORWARD_MAKE(cl_mem, clCreateBuffer,
	     (cl_context context, cl_mem_flags flags, size_t size, void *host,
	      cl_int *ret),
	     (context, flags, size, host, ret))
FORWARD(clEnqueueWriteBuffer,
	(cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset,
	 size_t size, const void *host, cl_uint n, const cl_event *wait, cl_event *event),
	(queue, buffer, blocking, offset, size, host, n, wait, event))
FORWARD(clEnqueueCopyBuffer,
	(cl_command_queue queue, cl_mem from, cl_mem to, size_t from_offset,
	 size_t to_offset, size_t size, cl_uint n, const cl_event *wait, cl_event *event),
	(queue, from, to, from_offset, to_offset, size, n, wait, event))
FORWARD(clEnqueueNDRangeKernel,
	(cl_command_queue queue, cl_kernel kernel, cl_uint dimensions,
	 const size_t *offset, const size_t *global, const size_t *local, cl_uint n,
	 const cl_event *wait, cl_event *event),
	(queue, kernel, dimensions, offset, global, local, n, wait, event))
FORWARD(clFinish, (cl_command_queue queue), (queue))
FORWARD_MAKE(cl_program, clCreateProgramWithSource,
	     (cl_context context, cl_uint n, const char **source, const size_t *lengths,
	      cl_int *ret),
	     (context, n, source, lengths, ret))
FORWARD(clBuildProgram,
	(cl_program program, cl_uint n, const cl_device_id *devices, const char *options,
	 void(CL_CALLBACK *notify)(cl_program, void *), void *data),
	(program, n, devices, options, notify, data))
FORWARD_MAKE(cl_kernel, clCreateKernel,
	     (cl_program program, const char *name, cl_int *ret), (program, name, ret))
#ifndef FAKE_WITHOUT_SYMBOL
FORWARD(clSetKernelArg, (cl_kernel kernel, cl_uint index, size_t size, const void *value),
	(kernel, index, size, value))
#endif

#ifdef FAKE_UNDEFINED_SYMBOL
int dxgmatrix_defined_nowhere(void);
int fake_undefined(void);
int fake_undefined(void)
{
	return dxgmatrix_defined_nowhere();
}
#endif

/* A build that is told to fail has a log, as real ones have. */
cl_int clGetProgramBuildInfo(cl_program program, cl_device_id device,
			     cl_program_build_info info, size_t size, void *value,
			     size_t *length)
{
	static const char log[] = "1:1: error: the stand-in was told to refuse this";
	char deed[32];
	if (!find_deed("clBuildProgram", deed, sizeof(deed)) ||
	    info != CL_PROGRAM_BUILD_LOG)
		return REAL(clGetProgramBuildInfo)(program, device, info, size, value,
						   length);
	if (value && size >= sizeof(log))
		memcpy(value, log, sizeof(log));
	if (length)
		*length = sizeof(log);
	return CL_SUCCESS;
}

cl_int clEnqueueReadBuffer(cl_command_queue queue, cl_mem buffer, cl_bool blocking,
			   size_t offset, size_t size, void *host, cl_uint n,
			   const cl_event *wait, cl_event *event)
{
	char deed[32] = "";
	cl_int code = act("clEnqueueReadBuffer");
	if (code)
		return code;
	find_deed("clEnqueueReadBuffer", deed, sizeof(deed));
	if (!strcmp(deed, "blank"))
		return CL_SUCCESS;
	code = REAL(clEnqueueReadBuffer)(queue, buffer, blocking, offset, size, host, n,
					 wait, event);
	if (!strcmp(deed, "wrong"))
		((unsigned char *)host)[size / 2] ^= 1;
	return code;
}

static int gpu_identity(unsigned int *vendor, unsigned int *device)
{
	const char *pci = getenv("DXGMATRIX_FAKE_OPENCL_GPU");
	return pci && !is_control() && sscanf(pci, "%4x:%4x", vendor, device) == 2;
}

static cl_int answer(const void *bytes, size_t bytes_size, size_t size, void *value,
		     size_t *length)
{
	if (length)
		*length = bytes_size;
	if (value && size < bytes_size)
		return CL_INVALID_VALUE;
	if (value)
		memcpy(value, bytes, bytes_size);
	return CL_SUCCESS;
}

cl_int clGetDeviceInfo(cl_device_id handle, cl_device_info info, size_t size, void *value,
		       size_t *length)
{
	const cl_device_type type = CL_DEVICE_TYPE_GPU;
	unsigned int vendor, device;
	char name[64];
	cl_int code = act("clGetDeviceInfo");
	if (code)
		return code;
	if (!gpu_identity(&vendor, &device))
		return REAL(clGetDeviceInfo)(handle, info, size, value, length);
	snprintf(name, sizeof(name), "Stand-in Graphics [0x%04x]", device);
	switch (info) {
	case CL_DEVICE_TYPE:
		return answer(&type, sizeof(type), size, value, length);
	case CL_DEVICE_VENDOR_ID:
		return answer(&vendor, sizeof(vendor), size, value, length);
	case CL_DEVICE_NAME:
		return answer(name, strlen(name) + 1, size, value, length);
	}
	return REAL(clGetDeviceInfo)(handle, info, size, value, length);
}
