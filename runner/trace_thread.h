/*
 * trace_thread.h: the threads that are followed, by their number, and the DXG call each of
 * them is in.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "runner/trace.h"

struct trace_thread {
	pid_t tid;
	struct trace_thread *next;
	/* Filters of its own, or of who made it, may answer before ours: what it calls is
	 * seen as it enters the kernel. */
	bool has_filters;
	bool adopted;     /* its maker has told of it: has_filters is known */
	bool in_call;     /* of /dev/dxg */
	bool interrupted; /* between a signal and the repetition of that call */
	int64_t begun_ns; /* of the call, our own look at it left out */
	struct dxg_call call;
};

#define TRACE_BUCKETS 256

struct trace_threads {
	struct trace_thread *buckets[TRACE_BUCKETS];
	size_t n;
};

/* @return the thread, or NULL */
struct trace_thread *threads_find(const struct trace_threads *threads, pid_t tid);
/* @return the thread, a new one where it was not known */
struct trace_thread *threads_get(struct trace_threads *threads, pid_t tid);
/* @return the one after this, in no order; the first for NULL. */
struct trace_thread *threads_next(const struct trace_threads *threads,
				  const struct trace_thread *thread);
/*
 * It is gone, and with it the call it was in.
 * @param went_on  not killed: a call that a signal interrupted did end, by its handler
 */
void threads_forget(struct trace_threads *threads, const struct trace_watch *watch,
		    struct trace_thread *thread, bool went_on);

/* It stands before an ioctl of /dev/dxg: told again, or repeated, is the same call. */
void thread_begin_call(struct trace_thread *thread, const struct trace_watch *watch,
		       const uint64_t args[6]);
/* It stands behind a call, of whatever kind. @param now_ns  when it stopped */
void thread_leave_call(struct trace_thread *thread, const struct trace_watch *watch,
		       int64_t now_ns, int64_t result);
