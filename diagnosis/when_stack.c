/* Conditions about versions that don't fit each other. */
#include "diagnosis/rule.h"

#include <stdlib.h>
#include <string.h>

#include "diagnosis/gpu.h"
#include "record/version.h"
#include "util/array.h"

/* The GPU of the record in the shipped table, by its id or a name that means one. */
static const struct gpu *gpu_of(const struct view *view)
{
	const struct adapter *adapter = &view->record->combination.adapter;
	if (!adapter->present)
		return NULL;
	return adapter->pci ? gpu_find(adapter->pci) : gpu_find_name(adapter->name);
}

static bool is_intel_gpu(const struct gpu *gpu)
{
	return gpu && gpu->class == GPU_CLASS_GPU && !strncmp(gpu->pci, "8086", 4);
}

/* Packages whose version is that of Intel's compute runtime, in any distro. */
static const struct package *find_runtime(const struct record *record)
{
	static const char *const names[] = { "intel-opencl-icd", "libze-intel-gpu1",
					     "intel-level-zero-gpu",
					     "intel-compute-runtime", "intel-opencl" };
	const struct combination *c = &record->combination;
	for_each_row(name, names)
		for (size_t i = 0; i < c->n_packages; i++)
			if (!strcmp(c->packages[i].name, *name))
				return &c->packages[i];
	return NULL;
}

/* The runtime's own word, as its OpenCL driver gives it: "23.43.27642.40". */
static const char *runtime_finding(const struct record *record)
{
	const struct result *opencl = record_result(record, "opencl", ROLE_ADAPTER);
	if (!opencl)
		return NULL;
	const char *version = findings_string(&opencl->device, FIND_DRIVER_VERSION);
	for (size_t i = 0; i < opencl->n_rungs && !version; i++)
		version =
			findings_string(&opencl->rungs[i].findings, FIND_DRIVER_VERSION);
	return version;
}

static bool is_open_year(const char *text)
{
	return strspn(text, "0123456789") == 2 && !strcmp(text + 2, ".x");
}

/*
 * When a compute runtime was released: its versions begin with year and week,
 * "23.43.27642.40" is week 43 of 2023 (intel/compute-runtime, Releases).
 * @return year * 100 + month, 0 where the spelling is not theirs
 */
static int runtime_date(const char *text)
{
	struct version version;
	if (is_open_year(text)) /* "24.x": the last of its year at best */
		return (2000 + atoi(text)) * 100 + 12;
	if (!version_prefix(text, &version) || version.count < 3)
		return 0;
	uint32_t year = version.part[0], week = version.part[1];
	if (year < 18 || year > 60 || week < 1 || week > 53)
		return 0;
	uint32_t month = (week * 12 + 51) / 53;
	return (int)((2000 + year) * 100 + (month < 1 ? 1 : month > 12 ? 12 : month));
}

/* Support comes before the hardware: what is only a little older may know it. */
#define MARGIN_MONTHS 3

static bool is_older(int date, int launched)
{
	int months = date / 100 * 12 + date % 100;
	return months + MARGIN_MONTHS < launched / 100 * 12 + launched % 100;
}

static void set_gpu(struct view *view, const struct gpu *gpu)
{
	view_set(view, "gpu", gpu->family);
	view_set_format(view, "gpu_year", "%d", gpu->launched / 100);
}

/* A program of the record reached the GPU through Intel's runtime: then it knows it. */
static bool runtime_works(const struct view *view)
{
	static const char *const roads[] = { "opencl", "level-zero", "sycl" };
	for_each_row(road, roads) {
		const struct result *result =
			record_result(view->record, *road, ROLE_ADAPTER);
		if (!result)
			continue;
		if (result->reported ? result->outcome == OUTCOME_PASS
				     : result_height(result) != RUNG_COUNT &&
					       result_height(result) >= RUNG_LAUNCH)
			return true;
	}
	return false;
}

bool when_runtime_older(struct view *view)
{
	const struct gpu *gpu = gpu_of(view);
	if (!is_intel_gpu(gpu) || !gpu->launched || runtime_works(view))
		return false;
	const struct package *package = find_runtime(view->record);
	const char *version = package ? package->version : runtime_finding(view->record);
	int date = version ? runtime_date(version) : 0;
	if (!date || !is_older(date, gpu->launched))
		return false;
	set_gpu(view, gpu);
	view_set(view, "package", package ? package->name : "Intel's OpenCL runtime");
	view_set(view, "version", version);
	view_set_format(view, "year", "%d", date / 100);
	return true;
}

/* Distros that ship a runtime of this year or older are in wide use. Source: the package
 * intel-opencl-icd 23.43.27642.40 of Ubuntu 24.04. */
#define COMMON_RUNTIME 202310

bool when_runtime_unknown(struct view *view)
{
	const struct gpu *gpu = gpu_of(view);
	const struct result *opencl = record_result(view->record, "opencl", ROLE_ADAPTER);
	const struct package *package = find_runtime(view->record);
	bool open = package && is_open_year(package->version) &&
		    is_older((2000 + atoi(package->version)) * 100 + 1,
			     gpu ? gpu->launched : 0);
	if (!is_intel_gpu(gpu) || !is_older(COMMON_RUNTIME, gpu->launched) || !opencl ||
	    (package && !open) || runtime_finding(view->record))
		return false;
	bool crashed = opencl->reported ? outcome_is_bad(opencl->outcome)
					: road_lowest_bad(opencl) != NULL;
	if (!crashed || opencl->outcome == OUTCOME_FALLBACK)
		return false;
	set_gpu(view, gpu);
	return true;
}

bool when_driver_before_gpu(struct view *view)
{
	const struct combination *c = &view->record->combination;
	const struct gpu *gpu = gpu_of(view);
	if (!gpu || !gpu->launched || !c->driver_date || view->overview.carrier)
		return false;
	int year = atoi(c->driver_date);
	int month = strlen(c->driver_date) >= 7 ? atoi(c->driver_date + 5) : 12;
	if (year < 2000 || !is_older(year * 100 + month, gpu->launched))
		return false;
	set_gpu(view, gpu);
	view_set(view, "driver", c->driver ? c->driver : "version not said");
	view_set(view, "date", c->driver_date);
	return true;
}
