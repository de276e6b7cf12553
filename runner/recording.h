/*
 * recording.h: the DXG calls of a program as a text file that can be played again: what went
 * into each and what came out, with the memory that its structure points to.
 *
 *     dxgmatrix-recording 1
 *     # a comment
 *     call query_adapter_info c0184709 1 0 74
 *     in 000000401f0000003075b1e9ff7f00001c00000000000000
 *     at 8 in 00000000000000000000000000000000000000000000000000000000
 *     at 8 out 00000000de10000004270000431000005114000000a1000000000000
 *
 * The first line is as above. `call` has the call's name, its number in eight hexadecimal
 * digits, a number for its thread (1, 2, … as they first call), the result as the kernel
 * has it (negative errno, else a status; `-` where it did not return) and its microseconds
 * (`-` unknown). Its lines follow, bytes in pairs of lower-case hexadecimal digits: `in`,
 * the structure before; `out`, after, where it differs; `at N`, what the pointer at offset N
 * of the structure leads to, before and, where it differs, after. What could not be read is
 * left out. Pointers below such memory are not followed.
 *
 * A recording holds addresses of the program and all that the driver answered, names of
 * folders too; nothing in it is cleaned.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "runner/trace_call.h"
#include "util/arena.h"
#include "util/error.h"

#define RECORDING_SIZE_MAX (64 * 1024 * 1024)
/* Of the memory behind one pointer no more is kept: the most the driver takes as private
 * data (dxg_abi.h). */
#define RECORDING_DATA_MAX 131072

struct recording_bytes {
	const uint8_t *bytes; /* NULL: not there */
	size_t size;
};

/* What a pointer of the structure leads to. */
struct recording_data {
	uint32_t offset; /* of the pointer */
	struct recording_bytes in, out;
};

struct recording_call {
	int64_t line;
	uint32_t request;
	uint32_t thread;
	int64_t result;                 /* or DXG_CALL_UNFINISHED */
	int64_t us;                     /* -1 unknown */
	struct recording_bytes in, out; /* the structure; out equals in where not given */
	struct recording_data *data;
	size_t n_data;
};

struct recording {
	struct recording_call *calls;
	size_t n;
};

/*
 * Reads strictly: errors name file and line.
 * @param arena  owns what ret points to
 */
struct error *recording_read(const char *path, struct arena *arena,
			     struct recording *ret) must_check;
/* The same from memory. @param name  for messages */
struct error *recording_parse(const char *name, const char *bytes, size_t size,
			      struct arena *arena, struct recording *ret) must_check;

/* Writes one while a program runs; its functions are called as those of struct trace_watch,
 * which must want bytes. */
struct recorder;

/* @param file  stays the caller's */
struct recorder *recorder_create(FILE *file);
void recorder_destroy(struct recorder *recorder);
DEFINE_CLEANUP(cleanup_recorder_p, struct recorder *, recorder_destroy)
#define cleanup_recorder cleanup_with(cleanup_recorder_p)

void recorder_begun(struct recorder *recorder, const struct dxg_call *call);
void recorder_ended(struct recorder *recorder, const struct dxg_call *call);
