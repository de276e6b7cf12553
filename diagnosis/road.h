/*
 * road.h: the interfaces as a diagnosis sees them: their titles, and which floor of the
 * stack each of their rungs proves.
 *
 * A record may hold an interface this version has no row for: it is an API whose title is
 * its name.
 */
#pragma once

#include <stdbool.h>

#include "record/record.h"

enum road_kind {
	ROAD_DOOR,     /* dxg, dxcore: no vendor library takes part */
	ROAD_API,      /* a loader, a vendor's driver, a compiler */
	ROAD_COMPILER, /* a compiler alone, no device */
	ROAD_SERVER,   /* an inference server on the Windows side */
};

struct road_row {
	const char *interface; /* as in documents */
	const char *title;     /* as on screens */
	enum road_kind kind;
};

extern const struct road_row road_rows[];
extern const size_t n_road_rows;

/* @return the title of an interface; its name where it has no row. */
const char *road_title(const char *interface);
enum road_kind road_kind(const char *interface);
/*
 * The road that a vendor's Windows driver itself brings into WSL2, whatever else works.
 * NVIDIA: CUDA (docs.nvidia.com, CUDA on WSL User Guide). AMD: HIP (ROCm/librocdxg).
 * @param vendor  four hexadecimal digits, or NULL
 * @return its interface, or NULL
 */
const char *road_own(const char *vendor);
/* @return the floor that a rung of an interface proves. */
enum layer road_layer(const char *interface, enum rung rung);

/* @return the lowest rung of a result that is bad (fallback to died), or NULL. */
const struct rung_result *road_lowest_bad(const struct result *result);
/* @return the lowest rung that did not pass, whatever the reason but "blocked". */
const struct rung_result *road_lowest_open(const struct result *result);
/* @return the rung that ended the climb without being bad: what it needs was not there, or
 * it could not be told; NULL where nothing did, or nobody asked for more. */
const struct rung_result *road_end(const struct result *result);
/* @return whether the result has rungs and none of them is there because the library is
 * (skip with not-installed and the like). */
bool road_was_tried(const struct result *result);
/* @return the largest size of GPU addresses that DXG's address rung was granted, where more
 * was refused; NULL where it did not come so far, or something else went wrong in it. */
const struct finding_value *road_address_cap(const struct rung_result *rung);
/*
 * @return whether what a road came to says nothing of this adapter: it can't lead to one of
 * its kind, or another maker's driver crashed while it looked for a GPU of its own.
 */
bool road_is_elsewhere(const struct result *result, const struct adapter *adapter);
/*
 * @return the step of DXG at which an adapter that had answered was gone, stopped by Windows
 * in the middle; NULL: it is there, or never was.
 */
const struct rung_result *road_gone(const struct result *dxg);
/* @return whether a trace shows that work went to the GPU. */
bool road_trace_submits(const struct trace *trace);
/* @return how many calls of the trace failed against expectation, all errnos. */
int64_t road_trace_failed(const struct trace *trace);
