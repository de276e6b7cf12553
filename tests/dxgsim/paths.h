/* paths.h: the files a simulated machine has, answered for at open, stat and access. */
#pragma once

#include "tests/dxgsim/sim.h"

/* @return whether nr is a call that names a path. */
bool paths_know(int nr);
/* Continues for every path that is not the scenario's. */
struct reply paths_answer(struct sim *sim, const struct question *question);
/* uname(2), with the scenario's kernel. */
struct reply paths_answer_uname(const struct sim *sim, const struct question *question);
