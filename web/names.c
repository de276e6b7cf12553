#include "web/names.h"

#include "diagnosis/gpu.h"

const char *gpu_name(const struct view_gpu *gpu)
{
	if (gpu->name)
		return gpu->name;
	const struct gpu *known = gpu->pci ? gpu_find(gpu->pci) : NULL;
	if (known)
		return known->name;
	if (gpu->pci)
		return gpu->pci;
	return gpu->address ? gpu->address : "unnamed";
}

const char *adapter_name(const struct adapter *adapter)
{
	if (!adapter->present)
		return "No GPU of WSL2";
	if (adapter->name)
		return adapter->name;
	return adapter->pci ? adapter->pci : "unnamed adapter";
}

const char *or_dash(const char *text)
{
	return text ? text : "\xE2\x80\x93";
}
