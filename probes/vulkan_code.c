#include "probes/vulkan_code.h"

/* clang-format off */
#define CODES(X) \
	X(VK_NOT_READY) \
	X(VK_TIMEOUT) \
	X(VK_EVENT_SET) \
	X(VK_EVENT_RESET) \
	X(VK_INCOMPLETE) \
	X(VK_ERROR_OUT_OF_HOST_MEMORY) \
	X(VK_ERROR_OUT_OF_DEVICE_MEMORY) \
	X(VK_ERROR_INITIALIZATION_FAILED) \
	X(VK_ERROR_DEVICE_LOST) \
	X(VK_ERROR_MEMORY_MAP_FAILED) \
	X(VK_ERROR_LAYER_NOT_PRESENT) \
	X(VK_ERROR_EXTENSION_NOT_PRESENT) \
	X(VK_ERROR_FEATURE_NOT_PRESENT) \
	X(VK_ERROR_INCOMPATIBLE_DRIVER) \
	X(VK_ERROR_TOO_MANY_OBJECTS) \
	X(VK_ERROR_FORMAT_NOT_SUPPORTED) \
	X(VK_ERROR_FRAGMENTED_POOL) \
	X(VK_ERROR_UNKNOWN) \
	X(VK_ERROR_OUT_OF_POOL_MEMORY) \
	X(VK_ERROR_INVALID_EXTERNAL_HANDLE) \
	X(VK_ERROR_FRAGMENTATION) \
	X(VK_ERROR_INVALID_OPAQUE_CAPTURE_ADDRESS) \
	X(VK_PIPELINE_COMPILE_REQUIRED) \
	X(VK_ERROR_VALIDATION_FAILED_EXT) \
	X(VK_ERROR_INVALID_SHADER_NV) \
	X(VK_ERROR_NOT_PERMITTED_KHR)
/* clang-format on */

const char *vulkan_code_name(VkResult code)
{
	/* An int, since the enum has more values than stand in the table. */
	switch ((int)code) {
#define X(name)                                                                          \
	case name:                                                                       \
		return #name;
		CODES(X)
#undef X
	}
	return NULL;
}
