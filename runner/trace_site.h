/*
 * trace_site.h: whether a word is a return address: the call instruction before it, and what
 * that called, where the code tells.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct call_site {
	bool across;     /* through a stub or a pointer, as calls between libraries go */
	uint64_t target; /* 0: not known */
};

/* @return false where no call stands before the address */
bool find_call(pid_t tid, uint64_t address, struct call_site *ret);
