/*
 * trace_process.h: a tracer in a process of its own, for a child whose parent stays its
 * parent: who waits for it, signals and buries it is as without a tracer.
 *
 * What it sees lies in shared memory. A stopped thread goes on only after that was written:
 * what a child tells after a call is never ahead of the tally.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "runner/trace.h"
#include "runner/trace_tally.h"

struct trace_share;

struct trace_process {
	bool wanted;               /* it was to be started */
	pid_t pid;                 /* 0: there is none */
	int gate;                  /* the child's end (trace_gate.h), or -1 */
	struct trace_share *share; /* or NULL */
};

/* What was seen since the last trace_process_begin(). */
struct trace_seen {
	enum trace_how how; /* TRACE_NONE: it was not traced */
	enum trace_why why; /* that, or why not by the filter */
	struct tally tally;
	/* Absent where signal, and for exits in, is empty. */
	struct crash caught; /* the first fault that a handler got */
	struct crash fatal;  /* the last that none got */
	struct crash exits;  /* where the child's first process called exit */
};

/* Call before the child is forked. Where it cannot be, there is none, and a look says why. */
void trace_process_start(struct trace_process *ret);
/* Call after the fork, in the parent. */
void trace_process_forked(struct trace_process *process);
/* Ends the tracer, and with it what it still holds. */
void trace_process_deinit(struct trace_process *process);

/* From here on is counted anew, up to the child's next mark (packet.h). */
void trace_process_begin(struct trace_process *process);
void trace_process_read(const struct trace_process *process, struct trace_seen *ret);

/*
 * The place to blame for a death by this signal (0: by exit): that of the fault whose
 * handler ended it, else its own. @return NULL where none is known
 */
const struct crash *trace_seen_place(const struct trace_seen *seen, int signal);
