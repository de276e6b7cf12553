/*
 * replay.h: a machine as a recording of `dxgmatrix trace --record` saw it.
 *
 * Not the calls are played one by one but what they tell of Windows: the adapters, what it
 * answered to which question about them, which call of a kind it refused or never answered.
 * The rest is simulated as ever, so that pages, eventfds and handles are live ones.
 */
#pragma once

#include "tests/dxgsim/scenario.h"

/*
 * Adds what the recording tells to the scenario. Adapters that the scenario already has, by
 * their LUIDs, keep what it says of them.
 * @param arena  that of the scenario
 */
struct error *replay_learn(const char *path, struct arena *arena,
			   struct scenario *scenario) must_check;
