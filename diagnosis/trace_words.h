/*
 * trace_words.h: the DXG calls of a trace in words, for screens and pages alike.
 */
#pragma once

#include "record/outcome.h"
#include "record/trace.h"
#include "util/strbuf.h"

/* Adds "reserve_gpu_va", "query_adapter_info type 57". */
void trace_add_call(struct strbuf *buf, const char *ioctl, bool has_type, uint32_t type);
/* Adds "41 us", "17 ms", "30 s": to the precision that is worth reading. */
void trace_add_time(struct strbuf *buf, int64_t us);
/* Adds "refused (-75)", "granted", "had not returned". */
void trace_add_end(struct strbuf *buf, const struct trace_last *last);

/* @return what the last calls came before: "the crash", "the deadline", … */
const char *trace_end_words(enum outcome outcome);

/* @return the last of these calls that ended with this failure, or NULL. */
const struct trace_last *trace_find_last(const struct trace *trace,
					 const struct trace_failure *failure);
