/*
 * overview.h: what the results of a record come to: which road carries the answer, which
 * can't be judged, and how far the door was climbed.
 */
#pragma once

#include "diagnosis/road.h"

struct overview {
	const struct record *record;
	const struct result *best; /* API road that went highest; NULL: none was tried */
	const struct result *carrier;   /* road that reached `launch`; NULL: none did */
	size_t door_passed, door_tried; /* rungs of dxg and dxcore */
	const struct result
		*door_broken; /* dxg or dxcore result with a bad rung, or NULL */
	/* An ordinary machine without the door: there is nothing to judge, and nothing to
	 * mend if no GPU answers. */
	bool ordinary;
	bool control_failed; /* a road's own check on the CPU is bad, and no other road says
			      * more: nothing may be said of the GPU */
	bool any_installed;  /* some API has a loader and a driver */
	bool any_missing;    /* some API was looked for and is not installed */
	bool any_unfinished; /* some API was stopped, or could not be told */
	/* The vendor's own road, where no step climbed it, the door works and no other road
	 * met the GPU: then nothing is known to be broken. */
	const char *untried;
	bool npu;
	const struct result *submitted;  /* road whose copy passed with a submission */
	const struct diagnosis *suspect; /* first diagnosis with a layer, or NULL */
};

void overview_make(const struct record *record, struct overview *ret);

/* @return whether the control of this interface is there and bad: then a bad rung of the
 * interface is our fault or the guest's, never the GPU's. */
bool overview_control_failed(const struct record *record, const char *interface);
/* @return whether a result is an API's on the adapter, climbed by us. */
bool overview_is_api(const struct result *result);
