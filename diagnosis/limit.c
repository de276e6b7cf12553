#include "diagnosis/limit.h"

#include <string.h>

#include "util/array.h"

/* clang-format off */
const struct limit limits[] = {
	{ LIMIT_TODAY, "NPU in WSL2",
	  "It can be seen and opened; Windows refuses the messages its driver lives on.",
	  { "microsoft/WSL#40445", "microsoft/WSL#40842" } },
	{ LIMIT_TODAY, "OpenCL on NVIDIA",
	  "NVIDIA's Windows driver brings CUDA to WSL2, and no OpenCL.",
	  { "microsoft/WSL#6951" }, "opencl", "10de" },
	{ LIMIT_TODAY, "A vendor's own Vulkan driver",
	  "No vendor ships one for WSL2; Mesa's dzn stands in, over D3D12.",
	  { "microsoft/WSL#7790" } },
	{ LIMIT_TODAY, "/dev/dri, lspci, nvidia.ko",
	  "They are missing on every machine that works, too: the GPU comes through "
	  "/dev/dxg. Not a fault.",
	  { "microsoft/WSL#13295" } },

	{ LIMIT_MENDED, "Vulkan shows only llvmpipe",
	  "This Mesa was built without dzn, as Ubuntu's and Debian's are. A Mesa with it "
	  "shows the GPU (for Ubuntu the kisak PPA; it can be purged again).",
	  { "microsoft/WSL#41410", "microsoft/wslg#40" } },
	{ LIMIT_MENDED, "zeInit 0x78000001, no Level Zero device",
	  "The packages are missing or older than the GPU. Newer ones: "
	  "intel/compute-runtime, Releases.",
	  { "https://github.com/intel/compute-runtime/releases" } },
	{ LIMIT_MENDED, "ROCm sees no GPU",
	  "Before ROCm 7.13 it looks for DXG only with HSA_ENABLE_DXG_DETECTION=1, and "
	  "only for the GPUs on its list.",
	  { "ROCm/librocdxg#34", "microsoft/WSL#41654" } },
	{ LIMIT_MENDED, "The model runs on the CPU",
	  "Look which server answers: one inside WSL2, or the one on Windows. Each has its "
	  "own GPU support, and the answer looks the same.",
	  { NULL } },
};
/* clang-format on */
const size_t n_limits = ARRAY_SIZE(limits);

const struct limit *limit_find(const char *interface, const char *vendor)
{
	for_each_row(row, limits) {
		if (row->kind != LIMIT_TODAY || !row->interface ||
		    strcmp(row->interface, interface))
			continue;
		if (vendor && !strcmp(row->vendor, vendor))
			return row;
	}
	return NULL;
}
