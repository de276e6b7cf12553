/*
 * trace_tally.h: DXG calls, counted. Of fixed size and without pointers, so that it may lie
 * in memory that two processes share.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/record.h"
#include "runner/trace_call.h"

#define TALLY_ROWS 1024
/* Bucket i counts calls of 2^i microseconds and more; the first also shorter ones, the last
 * all that took longer. */
#define TALLY_BUCKETS 24
#define TALLY_LAST    TRACE_LAST_MAX

struct tally_call {
	int64_t calls;  /* begun */
	int64_t failed; /* with an errno */
	int64_t unfinished;
	int64_t timed, sum_ns, max_ns;
	uint32_t histogram[TALLY_BUCKETS];
};

/* How often a call, of a query type where that is known, ended so. */
struct tally_row {
	uint8_t nr;
	bool has_type;
	uint32_t type;
	int32_t error; /* negative errno; 0 for a success */
	int64_t count;
};

struct tally_last {
	int32_t tid;
	uint32_t request;
	bool has_type, returned;
	uint32_t type;
	int64_t begun_ns, ns; /* as in struct dxg_call */
	int64_t result;
};

struct tally {
	struct tally_call calls[256]; /* by the number of the ioctl */
	struct tally_row rows[TALLY_ROWS];
	uint32_t n_rows;
	int64_t unlisted; /* calls for which no row was left */
	/* The last calls, the oldest first. One that has not returned stays while another can
	 * go: where a program hangs, that is the one to know. */
	struct tally_last last[TALLY_LAST];
	uint32_t n_last;
};

void tally_begin(struct tally *tally, const struct dxg_call *call);
void tally_end(struct tally *tally, const struct dxg_call *call);

/* Refusals that are answers too (packet.h, PACKET_EXPECTED). */
struct tally_expected {
	uint8_t nr;
	int32_t query_type; /* or PACKET_ANY_TYPE */
	int64_t count;
};

/*
 * The tally as a record holds it, expected refusals apart; without the last calls.
 * @param how    as records say it
 * @param arena  owns what ret points to
 */
void tally_to_trace(const struct tally *tally, const char *how,
		    const struct tally_expected *expected, size_t n_expected,
		    struct arena *arena, struct trace *ret);

/*
 * Adds the last calls, as they were when all was over: what began later is left out, what
 * returned later had not returned. Threads have the system's numbers.
 * @param end_ns  by trace_clock_ns()
 */
void tally_add_last(const struct tally *tally, int64_t end_ns, struct arena *arena,
		    struct trace *trace);

/* Numbers threads from 1 as they come, which names nothing of this session; none where there
 * is one alone. */
void tally_number_threads(struct trace *trace);
