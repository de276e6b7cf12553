/*
 * recording.h: the DXG calls of a program as a text file that can be played again: what went
 * into each and what came out, with the memory that its structure points to.
 *
 *     dxgmatrix-recording 1
 *     # a comment
 *     call query_adapter_info c0184709 1 0 74 1200
 *     in 000000401f0000003075b1e9ff7f00001c00000000000000
 *     at 8 in 00000000000000000000000000000000000000000000000000000000
 *     at 8 out 00000000de10000004270000431000005114000000a1000000000000
 *
 * The first line is as above. `call` has the call's name, its number in eight hexadecimal
 * digits, a number for its thread (1, 2, … as they first call), the result as the kernel
 * has it (negative errno, else a status, which may be negative too; `-` where it did not
 * return), its microseconds, and the microseconds from the beginning of the first call to
 * its own (`-` unknown). Its lines follow, bytes in pairs of lower-case hexadecimal digits:
 * `in`, the structure before; `out`, after, where it differs; `at N`, what the pointer at
 * offset N of the structure leads to, before and, where it differs, after. What could not be
 * read is left out. Pointers below such memory are not followed.
 *
 * A program that made no call leaves one line in their place: `open -9`, what opening
 * /dev/dxg brought to who recorded, a negative errno or 0.
 *
 * A recording holds addresses of the program and all that the driver answered, names of
 * folders too; nothing in it is cleaned.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probes/dxg_name.h"
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
	int64_t us;                     /* -1 unknown, as the next */
	int64_t begun_us;               /* since the first call began */
	struct recording_bytes in, out; /* the structure; out equals in where not given */
	struct recording_data *data;
	size_t n_data;
};

struct recording {
	struct recording_call *calls;
	size_t n;
	bool has_open;
	int open_errno; /* 0: the node could be opened */
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
