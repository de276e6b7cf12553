/*
 * calls.h: the ioctls of /dev/dxg as the driver and the host behind it answer them.
 *
 * A row per call: its handler, and how a refusal of the host reaches the caller, which
 * differs from call to call because not every message carries a status
 * (drivers/hv/dxgkrnl/dxgvmbus.c). A further call is a row and a handler.
 */
#pragma once

#include "tests/dxgsim/sim.h"

/* @param opening  what the descriptor refers to; another process's is ENOTTY. */
struct reply calls_answer(struct sim *sim, const struct question *question,
			  const struct opening *opening);
/* What the driver prints as a process ends that Windows had not answered. */
void calls_print_killed(struct sim *sim, const struct guest *guest);
