/*
 * trace_gate.h: the side of the traced program, between fork and exec.
 *
 * The child waits at the gate until its tracer holds it, then lets the kernel stop it at
 * each ioctl of /dev/dxg alone (seccomp(2), SECCOMP_RET_TRACE) and makes the call that marks
 * ends of rungs (packet.h), by which the tracer learns whether it is told. System calls alone: the
 * child may come from a program with threads.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* Where the child waits, a socket pair; both ends close on exec. */
struct trace_gate {
	int child, tracer;
};

/* @return false where there is no descriptor left */
bool trace_gate_open(struct trace_gate *ret);
void trace_gate_close(struct trace_gate *gate);

/*
 * Waits at the gate. @param tracer  who will hold us
 * @return whether it does; with nobody at the other end it is false at once
 */
bool trace_gate_pass(int gate, pid_t tracer);

/* What it is told by the tracer: go on traced, or untraced. */
bool trace_gate_answer(int gate, bool traced);
/* @return the process that waits, or 0 where nobody came */
pid_t trace_gate_await(int gate);
