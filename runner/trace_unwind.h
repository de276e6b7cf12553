/*
 * trace_unwind.h: up the stack of a stopped thread, frame by frame, by what compilers left in
 * each library for exceptions (trace_cfi.h). It is read from the thread's memory: what is
 * deleted, replaced or of no file at all (the vdso) is unwound like the rest.
 *
 * Where a frame has no such tables, as in generated code, it ends: nothing is guessed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "runner/trace_arch.h"
#include "runner/trace_cfi.h"
#include "runner/trace_maps.h"

struct unwind_frame {
	uint64_t pc;
	/* It stands at pc, as a signal found it; not behind a call. */
	bool exact;
	uint64_t registers[CFI_REGISTERS];
};

struct unwinder;

/* It has two seconds from here on: later nothing more is found.
 * @param maps  of the process; must live as long */
struct unwinder *unwinder_create(const struct trace_maps *maps);
void unwinder_destroy(struct unwinder *unwinder);

/* The innermost frame. */
struct unwind_frame unwind_begin(const trace_registers *registers);
/*
 * From a frame to the one that called it.
 * @return false at the end, or where that is not known
 */
bool unwind_up(struct unwinder *unwinder, struct unwind_frame *frame);

/* @return an address within the instruction the frame stands at */
uint64_t unwind_place(const struct unwind_frame *frame);
