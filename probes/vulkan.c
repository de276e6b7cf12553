/* Vulkan 1.0 compute: on WSL2 through Mesa's Dozen, the driver on top of D3D12. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vulkan/vulkan_core.h>

#include "embed/kernels_kernel.h"
#include "probes/check.h"
#include "probes/device.h"
#include "probes/dl.h"
#include "probes/drivers.h"
#include "probes/vulkan_code.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"

/* The loader exports every core function (Vulkan-Loader, LoaderApplicationInterface.md,
 * "Directly Linking to the Loader"). */
#define SYMBOLS(X)                                                                       \
	X(vkEnumerateInstanceExtensionProperties)                                        \
	X(vkCreateInstance)                                                              \
	X(vkEnumeratePhysicalDevices)                                                    \
	X(vkGetPhysicalDeviceProperties)                                                 \
	X(vkGetPhysicalDeviceProperties2)                                                \
	X(vkGetPhysicalDeviceQueueFamilyProperties)                                      \
	X(vkGetPhysicalDeviceMemoryProperties)                                           \
	X(vkCreateDevice)                                                                \
	X(vkGetDeviceQueue)                                                              \
	X(vkCreateCommandPool)                                                           \
	X(vkAllocateCommandBuffers)                                                      \
	X(vkBeginCommandBuffer)                                                          \
	X(vkEndCommandBuffer)                                                            \
	X(vkQueueSubmit)                                                                 \
	X(vkQueueWaitIdle)                                                               \
	X(vkCreateBuffer)                                                                \
	X(vkGetBufferMemoryRequirements)                                                 \
	X(vkAllocateMemory)                                                              \
	X(vkBindBufferMemory)                                                            \
	X(vkMapMemory)                                                                   \
	X(vkCmdCopyBuffer)                                                               \
	X(vkCmdPipelineBarrier)                                                          \
	X(vkCreateShaderModule)                                                          \
	X(vkCreateDescriptorSetLayout)                                                   \
	X(vkCreatePipelineLayout)                                                        \
	X(vkCreateComputePipelines)                                                      \
	X(vkCreateDescriptorPool)                                                        \
	X(vkAllocateDescriptorSets)                                                      \
	X(vkUpdateDescriptorSets)                                                        \
	X(vkCmdBindPipeline)                                                             \
	X(vkCmdBindDescriptorSets)                                                       \
	X(vkCmdDispatch)

SYMBOLS(DL_DECLARE)

#define DEVICES_MAX  64
#define FAMILIES_MAX 64
/* As in launch.comp. */
#define BINDINGS   3
#define GROUP_SIZE 64

static const char *const driver_folders[] = {
	/* Vulkan-Loader, LoaderDriverInterface.md, "Driver Discovery on Linux" */
	"/etc/vulkan/icd.d",
	"/usr/local/share/vulkan/icd.d",
	"/usr/share/vulkan/icd.d",
	NULL,
};

/* Ends the rung as refused where the call returns an error. */
#define TRY(p, function, ...)                                                            \
	do {                                                                             \
		VkResult code_ = dl_##function(__VA_ARGS__);                             \
		if (code_ < 0)                                                           \
			return refused((p), #function, code_);                           \
	} while (0)

/* Ends the rung where a step of ours did. */
#define TRY_STEP(call)                                                                   \
	do {                                                                             \
		enum outcome outcome_ = (call);                                          \
		if (outcome_ != OUTCOME_PASS)                                            \
			return outcome_;                                                 \
	} while (0)

/* Nothing is destroyed: the process ends after the climb. */
struct vulkan {
	VkInstance instance;
	VkPhysicalDevice adapter;
	VkPhysicalDeviceMemoryProperties memory;
	VkDevice device;
	VkQueue queue;
	VkCommandPool pool;
	VkDescriptorSetLayout set_layout;
	VkPipelineLayout pipeline_layout;
	VkPipeline pipeline;
	uint32_t nonce; /* in the pipeline */
};

struct buffer {
	VkBuffer handle;
	VkDeviceSize size;
	void *mapped; /* NULL for one in device memory */
};

static enum outcome refused(struct probe *p, const char *call, VkResult code)
{
	const char *name = vulkan_code_name(code);
	if (name)
		return probe_refused(p, call, "%s", name);
	return probe_refused(p, call, "code %d", (int)code);
}

static bool vulkan_prepare_control(struct probe *p)
{
	(void)p;
	/* of the loader, of Mesa, of its software rasterizer (docs.mesa3d.org/envvars) */
	static const char *const settings[] = { "VK_",      "MESA_",    "LP_", "LVP_",
						"GALLIUM_", "GALLIVM_", NULL };
	cleanup_free char *driver = drivers_find(driver_folders, "lvp_icd", ".json");
	if (!driver)
		return false;
	drivers_forget_settings(settings);
	/* The older name for loaders before 1.3.207. */
	setenv("VK_DRIVER_FILES", driver, 1);
	setenv("VK_ICD_FILENAMES", driver, 1);
	return true;
}

static enum outcome vulkan_load(struct probe *p)
{
	p->state = xcalloc(1, sizeof(struct vulkan));
	return dl_open(p, "libvulkan.so.1", SYMBOLS(DL_BIND) NULL);
}

/* Without it loaders since 1.3.207 hide drivers that are not fully conformant. */
static bool has_portability(void)
{
	VkExtensionProperties extensions[256];
	uint32_t count = ARRAY_SIZE(extensions);
	if (dl_vkEnumerateInstanceExtensionProperties(NULL, &count, extensions) < 0)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (!strcmp(extensions[i].extensionName,
			    VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME))
			return true;
	return false;
}

static VkResult create_instance(VkInstance *ret)
{
	static const char *const portability[] = {
		VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME
	};
	const VkApplicationInfo application = {
		.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
		.pApplicationName = "dxgmatrix-probe",
		.apiVersion = VK_API_VERSION_1_1,
	};
	VkInstanceCreateInfo info = {
		.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
		.pApplicationInfo = &application,
	};
	if (has_portability()) {
		info.flags = VK_INSTANCE_CREATE_ENUMERATE_PORTABILITY_BIT_KHR;
		info.enabledExtensionCount = ARRAY_SIZE(portability);
		info.ppEnabledExtensionNames = portability;
	}
	return dl_vkCreateInstance(&info, NULL, ret);
}

/* VK_DRIVER_FILES and its older name replace the folders. */
static int count_drivers(void)
{
	const char *files = getenv("VK_DRIVER_FILES");
	if (!files)
		files = getenv("VK_ICD_FILENAMES");
	if (!files)
		return drivers_count(driver_folders, ".json");
	int count = *files != '\0';
	for (; *files; files++)
		count += *files == ':';
	return count;
}

static enum device_kind kind_of(VkPhysicalDeviceType type)
{
	switch ((int)type) {
	case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
	case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
	case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
		return DEVICE_GPU;
	case VK_PHYSICAL_DEVICE_TYPE_CPU:
		return DEVICE_CPU;
	}
	return DEVICE_OTHER;
}

static struct device read_device(VkPhysicalDevice handle)
{
	VkPhysicalDeviceProperties properties;
	dl_vkGetPhysicalDeviceProperties(handle, &properties);
	struct device device = { .kind = DEVICE_OTHER };
	if (properties.vendorID <= UINT16_MAX) { /* above are Khronos' own numbers */
		device.vendor = (uint16_t)properties.vendorID;
		device.device = (uint16_t)properties.deviceID;
	}
	device.kind = device_kind_of(kind_of(properties.deviceType), device.vendor);
	return device;
}

/* A driver that does not know the structure leaves it as it is. */
static void find_driver(struct probe *p, VkPhysicalDevice handle)
{
	VkPhysicalDeviceDriverProperties driver = {
		.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES,
	};
	VkPhysicalDeviceProperties2 properties = {
		.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2,
		.pNext = &driver,
	};
	dl_vkGetPhysicalDeviceProperties2(handle, &properties);
	probe_find_format(p, FIND_PLATFORM, "%.*s", VK_MAX_DRIVER_NAME_SIZE,
			  driver.driverName);
	probe_find_format(p, FIND_DRIVER_VERSION, "%.*s", VK_MAX_DRIVER_INFO_SIZE,
			  driver.driverInfo);
}

static void find_device(struct probe *p, VkPhysicalDevice handle,
			const struct device *device)
{
	VkPhysicalDeviceProperties properties;
	dl_vkGetPhysicalDeviceProperties(handle, &properties);
	if (properties.apiVersion >= VK_API_VERSION_1_1)
		find_driver(p, handle);
	probe_find_format(p, FIND_DEVICE, "%.*s", VK_MAX_PHYSICAL_DEVICE_NAME_SIZE,
			  properties.deviceName);
	probe_find_format(p, FIND_API_VERSION, "%u.%u.%u",
			  VK_API_VERSION_MAJOR(properties.apiVersion),
			  VK_API_VERSION_MINOR(properties.apiVersion),
			  VK_API_VERSION_PATCH(properties.apiVersion));
	device_find(p, device);
}

static enum outcome open_instance(struct probe *p, struct vulkan *vk)
{
	VkResult code = create_instance(&vk->instance);
	if (code == VK_ERROR_INCOMPATIBLE_DRIVER) {
		int drivers = count_drivers();
		probe_find_number(p, FIND_DRIVERS, drivers);
		return drivers == 0 ? probe_skip(p, REASON_NOT_INSTALLED)
				    : probe_fail(p, REASON_NO_ADAPTER);
	}
	return code < 0 ? refused(p, "vkCreateInstance", code) : OUTCOME_PASS;
}

static enum outcome list_adapters(struct probe *p, const struct vulkan *vk,
				  uint32_t *count, VkPhysicalDevice *handles)
{
	VkResult code = dl_vkEnumeratePhysicalDevices(vk->instance, count, handles);
	/* So some loaders say that no driver has a device ("Failed to detect any valid
	 * GPUs", Vulkan-Loader 1.3.239 loader.c). */
	if (code == VK_ERROR_INITIALIZATION_FAILED) {
		refused(p, "vkEnumeratePhysicalDevices", code);
		return probe_fail(p, REASON_NO_ADAPTER);
	}
	if (code < 0)
		return refused(p, "vkEnumeratePhysicalDevices", code);
	if (*count > DEVICES_MAX)
		*count = DEVICES_MAX;
	probe_find_number(p, FIND_DEVICES, *count);
	return OUTCOME_PASS;
}

static enum outcome vulkan_enumerate(struct probe *p)
{
	struct vulkan *vk = p->state;
	VkPhysicalDevice handles[DEVICES_MAX];
	struct device devices[DEVICES_MAX];
	uint32_t count = DEVICES_MAX;

	TRY_STEP(open_instance(p, vk));
	TRY_STEP(list_adapters(p, vk, &count, handles));
	for (uint32_t i = 0; i < count; i++)
		devices[i] = read_device(handles[i]);
	int index = device_choose(p, devices, (int)count);
	if (index < 0) {
		enum outcome outcome = device_missing(p, devices, (int)count, &index);
		if (index >= 0)
			find_device(p, handles[index], &devices[index]);
		return outcome;
	}
	find_device(p, handles[index], &devices[index]);
	vk->adapter = handles[index];
	return OUTCOME_PASS;
}

/* @return the first family that computes, or -1 */
static int find_family(VkPhysicalDevice adapter)
{
	VkQueueFamilyProperties families[FAMILIES_MAX];
	uint32_t count = FAMILIES_MAX;
	dl_vkGetPhysicalDeviceQueueFamilyProperties(adapter, &count, families);
	for (uint32_t i = 0; i < count; i++)
		if (families[i].queueCount &&
		    families[i].queueFlags & VK_QUEUE_COMPUTE_BIT)
			return (int)i;
	return -1;
}

static enum outcome vulkan_open(struct probe *p)
{
	struct vulkan *vk = p->state;
	const float priority = 1;
	int family = find_family(vk->adapter);
	if (family < 0)
		return probe_refused(p, "vkGetPhysicalDeviceQueueFamilyProperties",
				     "no compute queue");
	const VkDeviceQueueCreateInfo queue = {
		.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
		.queueFamilyIndex = (uint32_t)family,
		.queueCount = 1,
		.pQueuePriorities = &priority,
	};
	const VkDeviceCreateInfo device = {
		.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
		.queueCreateInfoCount = 1,
		.pQueueCreateInfos = &queue,
	};
	const VkCommandPoolCreateInfo pool = {
		.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
		.queueFamilyIndex = (uint32_t)family,
	};
	TRY(p, vkCreateDevice, vk->adapter, &device, NULL, &vk->device);
	dl_vkGetDeviceQueue(vk->device, (uint32_t)family, 0, &vk->queue);
	TRY(p, vkCreateCommandPool, vk->device, &pool, NULL, &vk->pool);
	dl_vkGetPhysicalDeviceMemoryProperties(vk->adapter, &vk->memory);
	return OUTCOME_PASS;
}

/* @return the first type among `bits` with all of `flags`, or -1 */
static int find_memory(const struct vulkan *vk, uint32_t bits,
		       VkMemoryPropertyFlags flags)
{
	for (uint32_t i = 0; i < vk->memory.memoryTypeCount; i++)
		if (bits & UINT32_C(1) << i &&
		    (vk->memory.memoryTypes[i].propertyFlags & flags) == flags)
			return (int)i;
	return -1;
}

static enum outcome make_buffer(struct probe *p, VkDeviceSize size, bool host,
				struct buffer *ret)
{
	struct vulkan *vk = p->state;
	struct buffer buffer = { .size = size };
	VkMemoryRequirements needs;
	VkDeviceMemory memory;
	const VkBufferCreateInfo info = {
		.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
		.size = size,
		.usage = VK_BUFFER_USAGE_TRANSFER_SRC_BIT |
			 VK_BUFFER_USAGE_TRANSFER_DST_BIT |
			 VK_BUFFER_USAGE_STORAGE_BUFFER_BIT,
	};
	TRY(p, vkCreateBuffer, vk->device, &info, NULL, &buffer.handle);
	dl_vkGetBufferMemoryRequirements(vk->device, buffer.handle, &needs);
	int type = find_memory(vk, needs.memoryTypeBits,
			       host ? VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT |
					       VK_MEMORY_PROPERTY_HOST_COHERENT_BIT
				    : VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT);
	if (type < 0)
		return probe_refused(p, "vkGetBufferMemoryRequirements",
				     "no %s memory for a buffer",
				     host ? "host" : "device");
	const VkMemoryAllocateInfo allocate = {
		.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
		.allocationSize = needs.size,
		.memoryTypeIndex = (uint32_t)type,
	};
	TRY(p, vkAllocateMemory, vk->device, &allocate, NULL, &memory);
	TRY(p, vkBindBufferMemory, vk->device, buffer.handle, memory, 0);
	if (host)
		TRY(p, vkMapMemory, vk->device, memory, 0, size, 0, &buffer.mapped);
	*ret = buffer;
	return OUTCOME_PASS;
}

static enum outcome begin_commands(struct probe *p, VkCommandBuffer *ret)
{
	struct vulkan *vk = p->state;
	const VkCommandBufferAllocateInfo allocate = {
		.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
		.commandPool = vk->pool,
		.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
		.commandBufferCount = 1,
	};
	const VkCommandBufferBeginInfo begin = {
		.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
		.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT,
	};
	TRY(p, vkAllocateCommandBuffers, vk->device, &allocate, ret);
	TRY(p, vkBeginCommandBuffer, *ret, &begin);
	return OUTCOME_PASS;
}

/* Ends, submits and waits; a device that is lost says so here. */
static enum outcome run_commands(struct probe *p, VkCommandBuffer commands)
{
	struct vulkan *vk = p->state;
	const VkSubmitInfo submit = {
		.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
		.commandBufferCount = 1,
		.pCommandBuffers = &commands,
	};
	TRY(p, vkEndCommandBuffer, commands);
	TRY(p, vkQueueSubmit, vk->queue, 1, &submit, VK_NULL_HANDLE);
	TRY(p, vkQueueWaitIdle, vk->queue);
	return OUTCOME_PASS;
}

/* What was written before is seen by transfers and by the host after. */
static void add_barrier(VkCommandBuffer commands)
{
	const VkMemoryBarrier barrier = {
		.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
		.srcAccessMask = VK_ACCESS_MEMORY_WRITE_BIT,
		.dstAccessMask = VK_ACCESS_TRANSFER_READ_BIT | VK_ACCESS_HOST_READ_BIT,
	};
	dl_vkCmdPipelineBarrier(commands, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT,
				VK_PIPELINE_STAGE_TRANSFER_BIT |
					VK_PIPELINE_STAGE_HOST_BIT,
				0, 1, &barrier, 0, NULL, 0, NULL);
}

static enum outcome vulkan_copy(struct probe *p)
{
	const VkDeviceSize size = CHECK_COPY_WORDS * sizeof(uint32_t);
	const VkBufferCopy region = { .size = size };
	const uint32_t seed = check_nonce();
	struct buffer road[4]; /* host, A, B, host */
	VkCommandBuffer commands;

	for (size_t i = 0; i < ARRAY_SIZE(road); i++)
		TRY_STEP(make_buffer(p, size, i == 0 || i == 3, &road[i]));
	check_fill(road[0].mapped, CHECK_COPY_WORDS, seed);
	memset(road[3].mapped, 0, size);
	TRY_STEP(begin_commands(p, &commands));
	for (size_t i = 0; i + 1 < ARRAY_SIZE(road); i++) {
		dl_vkCmdCopyBuffer(commands, road[i].handle, road[i + 1].handle, 1,
				   &region);
		add_barrier(commands);
	}
	TRY_STEP(run_commands(p, commands));
	return check_copy(p, road[3].mapped, CHECK_COPY_WORDS, seed);
}

static enum outcome make_layouts(struct probe *p, struct vulkan *vk)
{
	VkDescriptorSetLayoutBinding bindings[BINDINGS];
	for (uint32_t i = 0; i < BINDINGS; i++)
		bindings[i] = (VkDescriptorSetLayoutBinding){
			.binding = i,
			.descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
			.descriptorCount = 1,
			.stageFlags = VK_SHADER_STAGE_COMPUTE_BIT,
		};
	const VkDescriptorSetLayoutCreateInfo set = {
		.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO,
		.bindingCount = BINDINGS,
		.pBindings = bindings,
	};
	const VkPipelineLayoutCreateInfo pipeline = {
		.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
		.setLayoutCount = 1,
		.pSetLayouts = &vk->set_layout,
	};
	TRY(p, vkCreateDescriptorSetLayout, vk->device, &set, NULL, &vk->set_layout);
	TRY(p, vkCreatePipelineLayout, vk->device, &pipeline, NULL, &vk->pipeline_layout);
	return OUTCOME_PASS;
}

static enum outcome make_shader(struct probe *p, VkShaderModule *ret)
{
	struct vulkan *vk = p->state;
	/* The embedded bytes lie anywhere, SPIR-V is words. */
	cleanup_free uint32_t *words = xmalloc(kernel_launch_spv.size);
	memcpy(words, kernel_launch_spv.bytes, kernel_launch_spv.size);
	const VkShaderModuleCreateInfo info = {
		.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO,
		.codeSize = kernel_launch_spv.size,
		.pCode = words,
	};
	TRY(p, vkCreateShaderModule, vk->device, &info, NULL, ret);
	return OUTCOME_PASS;
}

static enum outcome vulkan_compile(struct probe *p)
{
	struct vulkan *vk = p->state;
	VkShaderModule module;
	vk->nonce = check_nonce();
	const VkSpecializationMapEntry entry = { .size = sizeof(vk->nonce) };
	const VkSpecializationInfo nonce = {
		.mapEntryCount = 1,
		.pMapEntries = &entry,
		.dataSize = sizeof(vk->nonce),
		.pData = &vk->nonce,
	};
	TRY_STEP(make_layouts(p, vk));
	TRY_STEP(make_shader(p, &module));
	const VkComputePipelineCreateInfo info = {
		.sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
		.stage = {
			.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
			.stage = VK_SHADER_STAGE_COMPUTE_BIT,
			.module = module,
			.pName = "main",
			.pSpecializationInfo = &nonce,
		},
		.layout = vk->pipeline_layout,
	};
	TRY(p, vkCreateComputePipelines, vk->device, VK_NULL_HANDLE, 1, &info, NULL,
	    &vk->pipeline);
	return OUTCOME_PASS;
}

static enum outcome make_set(struct probe *p, const struct buffer *buffers,
			     VkDescriptorSet *ret)
{
	struct vulkan *vk = p->state;
	VkDescriptorPool pool;
	const VkDescriptorPoolSize size = { VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, BINDINGS };
	const VkDescriptorPoolCreateInfo info = {
		.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO,
		.maxSets = 1,
		.poolSizeCount = 1,
		.pPoolSizes = &size,
	};
	TRY(p, vkCreateDescriptorPool, vk->device, &info, NULL, &pool);
	const VkDescriptorSetAllocateInfo allocate = {
		.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
		.descriptorPool = pool,
		.descriptorSetCount = 1,
		.pSetLayouts = &vk->set_layout,
	};
	TRY(p, vkAllocateDescriptorSets, vk->device, &allocate, ret);
	for (uint32_t i = 0; i < BINDINGS; i++) {
		const VkDescriptorBufferInfo buffer = { buffers[i].handle, 0,
							buffers[i].size };
		const VkWriteDescriptorSet write = {
			.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
			.dstSet = *ret,
			.dstBinding = i,
			.descriptorCount = 1,
			.descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
			.pBufferInfo = &buffer,
		};
		dl_vkUpdateDescriptorSets(vk->device, 1, &write, 0, NULL);
	}
	return OUTCOME_PASS;
}

static enum outcome dispatch(struct probe *p, VkDescriptorSet set)
{
	struct vulkan *vk = p->state;
	VkCommandBuffer commands;
	TRY_STEP(begin_commands(p, &commands));
	dl_vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, vk->pipeline);
	dl_vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_COMPUTE,
				   vk->pipeline_layout, 0, 1, &set, 0, NULL);
	dl_vkCmdDispatch(commands, CHECK_ELEMENTS / GROUP_SIZE, 1, 1);
	add_barrier(commands);
	return run_commands(p, commands);
}

static enum outcome vulkan_launch(struct probe *p)
{
	struct vulkan *vk = p->state;
	cleanup_free struct check_launch *launch = xcalloc(1, sizeof(*launch));
	const struct {
		void *host;
		size_t size;
	} rows[BINDINGS] = {
		{ launch->input, sizeof(launch->input) },
		{ launch->integers, sizeof(launch->integers) },
		{ launch->floats, sizeof(launch->floats) },
	};
	struct buffer buffers[BINDINGS];
	VkDescriptorSet set;

	check_launch_init(launch, vk->nonce);
	for (size_t i = 0; i < BINDINGS; i++) {
		TRY_STEP(make_buffer(p, rows[i].size, true, &buffers[i]));
		memcpy(buffers[i].mapped, rows[i].host, rows[i].size);
	}
	TRY_STEP(make_set(p, buffers, &set));
	TRY_STEP(dispatch(p, set));
	for (size_t i = 1; i < BINDINGS; i++)
		memcpy(rows[i].host, buffers[i].mapped, rows[i].size);
	return check_launch(p, launch);
}

INTERFACE(vulkan) = {
	.name = "vulkan",
	.title = "Vulkan",
	.layer = LAYER_LOADER,
	.control = "lavapipe",
	.prepare_control = vulkan_prepare_control,
	.rungs = {
		[RUNG_LOAD] = vulkan_load,
		[RUNG_ENUMERATE] = vulkan_enumerate,
		[RUNG_OPEN] = vulkan_open,
		[RUNG_COPY] = vulkan_copy,
		[RUNG_COMPILE] = vulkan_compile,
		[RUNG_LAUNCH] = vulkan_launch,
	},
};
