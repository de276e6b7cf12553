/*
 * trace.h: the DXG calls and the crash of a program and of all that descends from it, seen
 * from outside.
 *
 * By ptrace(2) with a seccomp filter that stops a thread at its DXG calls alone; all else
 * runs at full speed, nothing is put into the program, and static programs, raw system
 * calls, those of 32-bit programs, threads, forks and RTLD_DEEPBIND are seen like any other.
 * Whether the filter works is tried with one call before the program is executed; where it
 * does not (below a supervisor of seccomp user notification, which outranks it), threads are
 * stopped at every system call: slower, and as complete. So is a thread from the moment it
 * installs a filter of its own. Needs Linux 5.3 (PTRACE_GET_SYSCALL_INFO).
 *
 * Not seen is a child made with CLONE_UNTRACED; its DXG calls fail with ENOSYS, as there is
 * nobody whom the filter could tell. For that reason the traced can't outlive their tracer
 * either: they die with it (PTRACE_O_EXITKILL).
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "runner/trace_call.h"
#include "runner/trace_crash.h"
#include "runner/trace_why.h"
#include "util/error.h"

enum trace_how { TRACE_NONE, TRACE_FILTER, TRACE_EVERY_CALL };

/* "ptrace+seccomp", "ptrace, every call", as in records; NULL for TRACE_NONE. */
extern const char *const trace_how_names[];

/* The clock of calls and crashes: CLOCK_MONOTONIC. */
int64_t trace_clock_ns(void);

/* Who wants to know. Functions may be NULL; the thread in question stands still meanwhile. */
#define TRACE_CAUGHT_MAX 64

struct trace_watch {
	void *context;
	bool bytes; /* the structures are wanted, not only the type of a query */
	/* The program begins, and its calls are seen so. @param why  not at all, or not by
	 * the filter alone */
	void (*seen_by)(void *context, enum trace_how how, enum trace_why why);
	/* Before the call; call->result means nothing yet. */
	void (*begun)(void *context, const struct dxg_call *call);
	/* After it, or with DXG_CALL_UNFINISHED when its thread ended in it. A call that a
	 * signal interrupts and the kernel repeats is one call. */
	void (*ended)(void *context, const struct dxg_call *call);
	/* It made the call that marks the end of a rung (packet.h), which is not counted. */
	void (*marked)(void *context);
	/* A signal of its own making is about to reach the thread. @param caught  a handler
	 * is installed: it may live on. Of those, which some programs take all the time,
	 * the first TRACE_CAUGHT_MAX have a place. */
	void (*struck)(void *context, const struct crash *crash);
	/* The first process has ended, this one of its family lives; asked again after
	 * whatever happens, a signal to the tracer too. @return whether to wait for it; if
	 * not, it dies as the tracer's process ends. NULL: true */
	bool (*left)(void *context, pid_t tid);
	/* The first process is about to end by exit(2). Its place costs a look. */
	void (*exits)(void *context, const struct crash *place);
};

/*
 * Follows the process that waits at the gate until the last of its family has ended, or
 * until the watch has waited enough.
 * @param gate        the tracer's end; the child's end must be closed here
 * @param ret_status  of the first process, as of waitpid
 * @return an error where it may not be traced: then it was told so, and the watch why
 */
struct error *trace_follow(int gate, const struct trace_watch *watch,
			   int *ret_status) must_check;
