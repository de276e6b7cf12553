/* stack.h: the floors of the stack, the other roads and the controls as lines. */
#pragma once

#include "diagnosis/answer.h"
#include "diagnosis/overview.h"

/* Fills answer->stack, roads and controls from a measured record. */
void stack_make(const struct overview *overview, struct answer *answer);

/* @return "SIGSEGV in libigc.so.1, 3 tries of 3", or NULL; in the arena. */
const char *stack_detail(struct arena *arena, const struct rung_result *rung);
/* @return the last step that an adapter answered before it was gone (road_gone). */
const char *stack_answered(const struct result *dxg, const struct rung_result *gone);
