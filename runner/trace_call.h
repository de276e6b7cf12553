/*
 * trace_call.h: one call of /dev/dxg as it is seen from outside, its name and its arguments
 * in words.
 *
 * Calls are known by the type of their number alone (probes/dxg_abi.h), whatever the
 * descriptor is: a call on a wrong one is part of what a program does.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/strbuf.h"

/* More of a structure is not looked at; the largest of the interface has 808 bytes. */
#define DXG_CALL_BYTES 1024

/* What a call brought that did not return: its process ended in it. */
#define DXG_CALL_UNFINISHED INT64_MIN

struct dxg_call {
	pid_t tid;
	int fd;
	uint32_t request;
	uint64_t argument;   /* address of the structure, in the caller */
	uint32_t query_type; /* of query_adapter_info, where it could be read */
	bool has_query_type;
	int64_t result; /* as the kernel has it: negative errno, else a success status;
			 * DXG_CALL_UNFINISHED */
	int64_t ns;     /* entry to exit, the tracer's own stops included; -1 unknown */
	/* The structure at entry and at exit, as far as it could be read. Only where the
	 * watch asked for it. */
	size_t before_size, after_size;
	uint8_t before[DXG_CALL_BYTES], after[DXG_CALL_BYTES];
};

/* @return whether an ioctl's number is one of /dev/dxg */
bool dxg_call_is(uint64_t request);
/* @return the name records use, "query_adapter_info"; "0x4b" and the like for one that the
 * interface lacks, in `room` */
#define DXG_NAME_SIZE 8
const char *dxg_call_name(uint32_t request, char room[DXG_NAME_SIZE]);
/* The reverse. @return false for a name that is neither */
bool dxg_call_parse(const char *name, uint8_t *ret_nr);
/* @return "ADAPTERTYPE" and the like, or NULL */
const char *dxg_query_type_name(uint32_t type);
/* @return bytes a call's number says its structure has, at most DXG_CALL_BYTES */
size_t dxg_call_size(uint32_t request);

/*
 * Adds the arguments as `member=value, …`, what went in and, after `->`, what came out.
 * A call without a row in the table shows its bytes, up to 32.
 */
void dxg_call_describe(const struct dxg_call *call, struct strbuf *buf);
/* Adds the result: "0", "259 (STATUS_PENDING)", "-22 EINVAL", "did not return". */
void dxg_call_describe_result(const struct dxg_call *call, struct strbuf *buf);
