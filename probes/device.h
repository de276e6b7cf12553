/*
 * device.h: which of the devices an API lists is the one to climb.
 *
 * A device counts as hardware by its kind, never because it exists: lavapipe and PoCL are
 * devices too.
 */
#pragma once

#include <stdint.h>

#include "probes/probe.h"

enum device_kind { DEVICE_GPU, DEVICE_ACCELERATOR, DEVICE_CPU, DEVICE_OTHER };

extern const char *const device_kind_names[];

struct device {
	enum device_kind kind;
	uint16_t vendor; /* PCI ids, 0 where the API does not tell */
	uint16_t device;
};

/* WARP, the software renderer of Windows, comes through DXG as "Microsoft Basic Render
 * Driver", 1414:008c (learn.microsoft.com, "DXGI overview", new info about enumerating
 * adapters). @return its kind as it should be. */
enum device_kind device_kind_of(enum device_kind claimed, uint16_t vendor);

/*
 * Chooses the device to climb: as a control the first CPU; else the first hardware one that
 * is p->vendor:p->device. An API that does not tell the device's id is believed if the
 * vendor fits and no other device is known to be the one.
 * @return its index, or -1
 */
int device_choose(const struct probe *p, const struct device *devices, int count);
/*
 * What enumerate returns where none was chosen: fallback(cpu-only) if a CPU device is all
 * that answers, else fail(no-adapter).
 * @param ret_cpu  index of the CPU device that answers, or -1
 */
enum outcome device_missing(struct probe *p, const struct device *devices, int count,
			    int *ret_cpu);
/* The findings device_type and, of hardware, vendor_id and device_id. */
void device_find(struct probe *p, const struct device *device);
