/*
 * adapters.h: which adapters DXG lists, without climbing any further.
 *
 * The questions are those that every program asks whose libdxcore wakes up. A process of
 * its own asks them all the same, since /dev/dxg may hang.
 */
#pragma once

#include "runner/climb.h"

struct adapters {
	struct climb_adapter *row; /* GPUs and NPUs; Windows' software renderer is none */
	size_t n;
};

/*
 * None where there is no /dev/dxg.
 * @param root   of a recorded machine, absolute, with a recording there; NULL: this one
 * @param arena  owns what ret points to
 * @return an error where there is no probe program or it could not be started
 */
struct error *adapters_ask(const char *root, struct arena *arena,
			   struct adapters *ret) must_check;
