/*
 * trace_call.h: one call of /dev/dxg as it is seen from outside, its name and its arguments
 * in words.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "probes/dxg_name.h"
#include "util/strbuf.h"

struct dxg_call {
	pid_t tid;
	int fd;
	uint32_t request;
	uint64_t argument;   /* address of the structure, in the caller */
	uint32_t query_type; /* of query_adapter_info, where it could be read */
	bool has_query_type;
	int64_t result;   /* as the kernel has it: negative errno, else a success status;
			 * DXG_CALL_UNFINISHED */
	int64_t begun_ns; /* by trace_clock_ns() */
	int64_t ns;       /* entry to exit, the tracer's own stops included; -1 unknown */
	/* The structure at entry and at exit, as far as it could be read. Only where the
	 * watch asked for it. */
	size_t before_size, after_size;
	uint8_t before[DXG_CALL_BYTES], after[DXG_CALL_BYTES];
};

/*
 * Adds the arguments as `member=value, …`, what went in and, after `->`, what came out.
 * A call without a row in the table shows its bytes, up to 32.
 */
void dxg_call_describe(const struct dxg_call *call, struct strbuf *buf);
/* Adds the result: "0", "259 (STATUS_PENDING)", "-22 EINVAL", "did not return". */
void dxg_call_describe_result(const struct dxg_call *call, struct strbuf *buf);
