#include "diagnosis/road.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "util/array.h"

const struct road_row road_rows[] = {
	{ "dxg", "DXG", ROAD_DOOR },
	{ "dxcore", "DXCore", ROAD_DOOR },
	{ "d3d12", "D3D12", ROAD_API },
	{ "opencl", "OpenCL", ROAD_API },
	{ "level-zero", "Level Zero", ROAD_API },
	{ "vulkan", "Vulkan", ROAD_API },
	{ "cuda", "CUDA", ROAD_API },
	{ "hip", "HIP", ROAD_API },
	{ "sycl", "SYCL", ROAD_API },
	{ "openvino", "OpenVINO", ROAD_API },
	{ "directml", "DirectML", ROAD_API },
	{ "compiler", "compiler alone", ROAD_COMPILER },
	{ "offline", "compiler alone", ROAD_COMPILER },
	{ "ollama", "Ollama on Windows", ROAD_SERVER },
	{ "openai", "server on Windows", ROAD_SERVER },
};
const size_t n_road_rows = ARRAY_SIZE(road_rows);

static const struct road_row *row_of(const char *interface)
{
	for_each_row(row, road_rows)
		if (!strcmp(row->interface, interface))
			return row;
	return NULL;
}

const char *road_title(const char *interface)
{
	const struct road_row *row = row_of(interface);
	return row ? row->title : interface;
}

enum road_kind road_kind(const char *interface)
{
	const struct road_row *row = row_of(interface);
	return row ? row->kind : ROAD_API;
}

const char *road_own(const char *vendor)
{
	static const struct {
		const char *vendor, *interface;
	} rows[] = { { "10de", "cuda" }, { "1002", "hip" } };
	for_each_row(row, rows)
		if (vendor && !strcmp(row->vendor, vendor))
			return row->interface;
	return NULL;
}

enum layer road_layer(const char *interface, enum rung rung)
{
	switch (road_kind(interface)) {
	case ROAD_DOOR:
		return LAYER_DXG;
	case ROAD_COMPILER:
		return LAYER_COMPILER;
	case ROAD_SERVER:
		return LAYER_INFERENCE;
	case ROAD_API:
		break;
	}
	if (rung == RUNG_COMPILE)
		return LAYER_COMPILER;
	return rung_rows[rung].needs & rung_bit(RUNG_LAUNCH) || rung == RUNG_LAUNCH
		       ? LAYER_INFERENCE
		       : LAYER_LOADER;
}

const struct rung_result *road_lowest_bad(const struct result *result)
{
	for (size_t i = 0; i < result->n_rungs; i++)
		if (outcome_is_bad(result->rungs[i].outcome))
			return &result->rungs[i];
	return NULL;
}

const struct rung_result *road_lowest_open(const struct result *result)
{
	for (size_t i = 0; i < result->n_rungs; i++)
		if (result->rungs[i].outcome != OUTCOME_PASS &&
		    result->rungs[i].outcome != OUTCOME_BLOCKED)
			return &result->rungs[i];
	return NULL;
}

const struct rung_result *road_end(const struct result *result)
{
	const struct rung_result *open = road_lowest_open(result);
	bool ended = open && !outcome_is_bad(open->outcome) &&
		     open->reason != REASON_NOT_ASKED;
	return ended ? open : NULL;
}

bool road_was_tried(const struct result *result)
{
	for (size_t i = 0; i < result->n_rungs; i++)
		if (result->rungs[i].outcome == OUTCOME_PASS ||
		    outcome_is_bad(result->rungs[i].outcome))
			return true;
	return false;
}

const struct finding_value *road_address_cap(const struct rung_result *rung)
{
	const struct finding_value *largest =
		findings_get(&rung->findings, FIND_LARGEST_MIB);
	const char *call = findings_string(&rung->findings, FIND_CALL);
	bool capped = rung->rung == RUNG_ADDRESS && rung->outcome == OUTCOME_FAIL &&
		      rung->reason == REASON_REFUSED && call &&
		      !strcmp(call, "reserve_gpu_va");
	return capped && largest && largest->integer > 0 ? largest : NULL;
}

/* @return who made the library of a crash, as PCI has it, or NULL. */
static const char *maker_of(const char *library)
{
	static const struct {
		const char *library, *vendor;
	} rows[] = {
		{ "libigdrcl", "8086" }, { "libigc", "8086" },
		{ "libigdgmm", "8086" }, { "libze_intel", "8086" },
		{ "libamdocl", "1002" }, { "libhsa-runtime", "1002" },
		{ "libamdhip", "1002" }, { "libcuda", "10de" },
		{ "libnvidia", "10de" },
	};
	const char *base = library ? strrchr(library, '/') : NULL;
	base = base ? base + 1 : library;
	for_each_row(row, rows)
		if (base && !strncmp(base, row->library, strlen(row->library)))
			return row->vendor;
	return NULL;
}

/* An NPU computes no graphics, and no such driver of its maker's knows it
 * (intel/linux-npu-driver has Level Zero alone). */
static bool leads_to_npus(const char *interface)
{
	static const char *const roads[] = { "opencl", "vulkan", "cuda", "hip", "sycl" };
	for_each_row(road, roads)
		if (!strcmp(*road, interface))
			return false;
	return true;
}

bool road_is_elsewhere(const struct result *result, const struct adapter *adapter)
{
	const struct rung_result *bad = road_lowest_bad(result);
	if (adapter->class && !strcmp(adapter->class, "npu") &&
	    !leads_to_npus(result->interface))
		return true;
	if (!bad || bad->outcome != OUTCOME_CRASH || bad->rung > RUNG_ENUMERATE)
		return false;
	const char *maker = maker_of(findings_string(&bad->findings, FIND_IN));
	return maker && adapter->vendor && strcmp(maker, adapter->vendor);
}

static bool has_passed_once(const struct rung_result *rung)
{
	if (rung->outcome == OUTCOME_PASS)
		return true;
	for (size_t i = 0; i < rung->n_tries; i++)
		if (rung->tries[i] == OUTCOME_PASS)
			return true;
	return false;
}

const struct rung_result *road_gone(const struct result *dxg)
{
	const struct rung_result *enumerate = result_rung(dxg, RUNG_ENUMERATE);
	if (!enumerate || !has_passed_once(enumerate))
		return NULL;
	for (size_t i = 0; i < dxg->n_rungs; i++) {
		const struct finding_value *error =
			findings_get(&dxg->rungs[i].findings, FIND_ERRNO);
		if (dxg->rungs[i].reason == REASON_DEVICE_LOST && error &&
		    error->integer == -ENODEV)
			return &dxg->rungs[i];
	}
	return enumerate->reason == REASON_NO_ADAPTER ? enumerate : NULL;
}

/* The calls by which work reaches a GPU through DXG: d3dkmthk.h, LX_DXSUBMITCOMMAND and
 * LX_DXSUBMITCOMMANDTOHWQUEUE (microsoft/WSL2-Linux-Kernel:include/uapi/misc). */
bool road_trace_submits(const struct trace *trace)
{
	for (size_t i = 0; i < trace->n; i++) {
		const char *ioctl = trace->call[i].ioctl;
		if (trace->call[i].calls > 0 &&
		    (!strncasecmp(ioctl, "submit_command", 14) ||
		     !strncasecmp(ioctl, "submitcommand", 13)))
			return true;
	}
	return false;
}

int64_t road_trace_failed(const struct trace *trace)
{
	int64_t total = 0;
	for (size_t i = 0; i < trace->n; i++)
		total += failures_total(&trace->call[i].failed);
	return total;
}
