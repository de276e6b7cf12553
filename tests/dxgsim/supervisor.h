/* supervisor.h: answers a program's questions until it ends, and leaves nobody behind. */
#pragma once

#include <sys/types.h>

#include "tests/dxgsim/scenario.h"
#include "util/error.h"

/*
 * Serves the child and all that descends from it; SIGTERM and SIGHUP are handed on to the
 * child. When the child has ended, what is left of its descendants is killed.
 * @param listener    as sandbox_start gave it
 * @param ret_status  the child's, as of waitpid
 */
struct error *supervise(struct scenario *scenario, pid_t child, int listener,
			int *ret_status) must_check;
