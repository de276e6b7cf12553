/* vulkan_code.h: the names of Vulkan's result codes. */
#pragma once

#include <vulkan/vulkan_core.h>

/* @return "VK_ERROR_DEVICE_LOST", or NULL for a code that no compute call returns. */
const char *vulkan_code_name(VkResult code);
