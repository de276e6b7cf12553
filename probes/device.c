#include "probes/device.h"

#define VENDOR_MICROSOFT 0x1414

const char *const device_kind_names[] = {
	[DEVICE_GPU] = "gpu",
	[DEVICE_ACCELERATOR] = "accelerator",
	[DEVICE_CPU] = "cpu",
	[DEVICE_OTHER] = "other",
};

enum device_kind device_kind_of(enum device_kind claimed, uint16_t vendor)
{
	return vendor == VENDOR_MICROSOFT ? DEVICE_CPU : claimed;
}

static bool is_hardware(const struct device *device)
{
	return device->kind == DEVICE_GPU || device->kind == DEVICE_ACCELERATOR;
}

/* 0: another one. 1: may be it, the id is not known. 2: it is. */
static int match(const struct probe *p, const struct device *device)
{
	if (p->control)
		return device->kind == DEVICE_CPU ? 2 : 0;
	if (!is_hardware(device))
		return 0;
	if (!p->vendor)
		return 2;
	if (device->vendor != p->vendor)
		return 0;
	if (device->device && p->device)
		return device->device == p->device ? 2 : 0;
	return 1;
}

int device_choose(const struct probe *p, const struct device *devices, int count)
{
	int best = -1, best_match = 0;
	for (int i = 0; i < count; i++) {
		int m = match(p, &devices[i]);
		if (m <= best_match)
			continue;
		best = i;
		best_match = m;
	}
	return best;
}

enum outcome device_missing(struct probe *p, const struct device *devices, int count,
			    int *ret_cpu)
{
	*ret_cpu = -1;
	for (int i = count - 1; i >= 0; i--)
		if (devices[i].kind == DEVICE_CPU)
			*ret_cpu = i;
	for (int i = 0; i < count; i++)
		if (is_hardware(&devices[i]))
			return probe_fail(p, REASON_NO_ADAPTER);
	if (*ret_cpu >= 0)
		return probe_fallback(p, REASON_CPU_ONLY);
	return probe_fail(p, REASON_NO_ADAPTER);
}

static void find_id(struct probe *p, enum finding finding, uint16_t id)
{
	if (id)
		probe_find_format(p, finding, "%04x", id);
}

void device_find(struct probe *p, const struct device *device)
{
	probe_find(p, FIND_DEVICE_TYPE, device_kind_names[device->kind]);
	if (!is_hardware(device)) /* PoCL gives its CPU's maker, lavapipe a made-up id */
		return;
	find_id(p, FIND_VENDOR_ID, device->vendor);
	find_id(p, FIND_DEVICE_ID, device->device);
}
