/* opencl_code.h: the names of OpenCL's error codes. */
#pragma once

#include <CL/cl.h>

/* @return "CL_OUT_OF_RESOURCES", or NULL for a code that neither OpenCL 1.2 nor its loader
 * defines. */
const char *opencl_code_name(cl_int code);
