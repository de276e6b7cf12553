/*
 * gpu.h: PCI ids, the names GPUs and NPUs are sold under, and when they came out: the
 * shipped table, for the adapters of public reports. It grows from records.
 *
 * A name is no id: one is taken for the other only where no second id is sold under it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum gpu_class { GPU_CLASS_GPU, GPU_CLASS_NPU };

struct gpu {
	const char *pci;    /* "8086:7d51" */
	const char *name;   /* as sold, without (R) and (TM): "Intel Arc 140T" */
	const char *family; /* "Arrow Lake" */
	int launched;       /* year * 100 + month of the family's launch; 0 not known */
	enum gpu_class class;
	bool names_id; /* its names mean this id and no other */
	const char *aliases[4];
};

extern const struct gpu gpus[];
extern const size_t n_gpus;

/* @return the row of an id, any case, or NULL. */
const struct gpu *gpu_find(const char *pci);
/*
 * @return the row that a name means, where exactly one has it and names_id; else NULL.
 * (R), (TM), case, "Graphics", "GPU", memory in brackets and the maker don't matter.
 */
const struct gpu *gpu_find_name(const char *name);
/* @return the PCI vendor that a name tells ("8086", "1002", "10de"), or NULL. */
const char *gpu_vendor_of_name(const char *name);
/* @return whether a name is that of an NPU ("AI Boost", "Hexagon", "NPU"). */
bool gpu_name_is_npu(const char *name);
/* @return whether both names mean the same thing when (R) and the like are gone. */
bool gpu_names_equal(const char *a, const char *b);
/* @return "Intel", "AMD", "NVIDIA", "Microsoft", or NULL. */
const char *gpu_vendor_title(const char *vendor);
