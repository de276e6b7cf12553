/* trace_report.h: a tally as people and programs read it. */
#pragma once

#include <jansson.h>

#include "runner/trace.h"
#include "runner/trace_tally.h"

/* Faults of one place that followed one another. */
struct crash_row {
	struct crash crash; /* the first of them */
	int64_t times;
};

/* The first of a trace are kept, and the last one. */
#define CRASH_ROWS 16

struct crash_list {
	struct crash_row rows[CRASH_ROWS];
	size_t n;
	int64_t more; /* that are in no row */
};

void crash_list_add(struct crash_list *list, const struct crash *crash);

struct trace_report {
	bool started; /* the command was executed */
	enum trace_how how;
	enum trace_why why;
	const struct tally *tally;
	const struct crash_list *crashes;
	int status;     /* of the command, as of waitpid */
	int64_t end_ns; /* when it ended or crashed, by trace_clock_ns() */
};

/* Adds a table of calls; after a death by a signal also its place and the last calls. */
void trace_report_text(const struct trace_report *report, struct strbuf *buf);
/* One object: what a record says of its trace, then crashes, status or signal
 * (dxgmatrix-trace(1)). */
json_t *trace_report_json(const struct trace_report *report);

/* A call as it ends: a line, or an object. */
void trace_call_text(const struct dxg_call *call, struct strbuf *buf);
json_t *trace_call_json(const struct dxg_call *call);
