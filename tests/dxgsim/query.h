/* query.h: how the simulated Windows answers adapter-info types, features and budgets. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "tests/dxgsim/scenario.h"

/*
 * Answers one QUERYADAPTERINFO from what the scenario gives of the adapter.
 * @param data  the caller's buffer of `size` bytes, its question; overwritten on success
 * @param ret   written where the answer is a refusal
 * @return      whether it was answered
 */
bool query_answer(const struct sim_adapter *adapter, uint32_t type, uint8_t *data,
		  size_t size, struct verdict *ret);
