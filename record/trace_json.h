/*
 * trace_json.h: the DXG calls of a step in a document, both ways. `dxgmatrix trace --json`
 * writes the same members.
 */
#pragma once

#include "record/reader.h"
#include "record/trace.h"

/* The member "trace" of a rung; see reader.h. */
void read_trace(struct reader *r, const json_t *rung, struct trace *ret);

/* Adds how, why, calls and last, as far as they are known. */
void write_trace(json_t *object, const struct trace *trace);
