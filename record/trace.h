/*
 * trace.h: the DXG calls of a step, seen from outside, as a record holds them.
 *
 * Strings and arrays lie in an arena. NULL, an empty array or -1 (where it says so) is
 * unknown.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/failure.h"
#include "util/arena.h"

/* So many took from_us and more, and less than twice that (of 0: less than 2). */
struct trace_bucket {
	int64_t from_us, count;
};

/* Calls of query_adapter_info that asked for one type (enum kmtqueryadapterinfotype). */
struct trace_type {
	uint32_t type;
	int64_t calls;                    /* that returned */
	struct failures failed, expected; /* part of the call's */
};

struct trace_call {
	const char *ioctl;
	int64_t calls;
	int64_t unfinished;     /* of them, in which their thread ended; 0: none known */
	int64_t sum_us, max_us; /* of those that were timed; -1 unknown */
	struct trace_bucket *buckets;     /* by time */
	struct failures failed, expected; /* ioctl is the call's own */
	struct trace_type *types;         /* by number */
	size_t n_buckets, n_types;
};

#define TRACE_LAST_MAX 16

/* One of the last calls before a bad end. */
struct trace_last {
	const char *ioctl;
	bool has_type, returned;
	uint32_t type;
	int64_t result;    /* where it returned: negative errno, else a success status */
	int64_t us;        /* how long it took; -1 unknown */
	int64_t before_us; /* from its return (where it did not: its begin) to the end of the
			    * step, at a crash to that; -1 unknown */
	int64_t thread;    /* from 1; 0: there is one alone */
};

struct trace {
	const char *how; /* "ptrace+seccomp", …; NULL: there is no trace */
	const char
		*why; /* there is none, or not by the filter: reason and cure in words */
	struct trace_call *call;
	size_t n;
	struct trace_last *last; /* the oldest first, at most TRACE_LAST_MAX */
	size_t n_last;
};

/* A failure as signatures count it: ioctl, query type where known, errno. */
struct trace_failure {
	const char *ioctl;
	bool has_type;
	uint32_t type;
	int error;
	int64_t count;
};

struct trace_failures {
	struct trace_failure *failure;
	size_t n;
};

/* @return what failed against expectation: calls in the order of the trace, of each first
 * by type. Names are the trace's. */
struct trace_failures trace_failures(const struct trace *trace, struct arena *arena);

/*
 * Failures of a call that are of no known type.
 * @param expected  of the expected ones
 * @return false where its types hold more than the call itself
 */
bool trace_call_untyped(const struct trace_call *call, bool expected, struct arena *arena,
			struct failures *ret);
