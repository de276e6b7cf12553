/*
 * dxg_part.h: what the members of a call's structure are: question, answer, handle, pointer.
 *
 * For the calls of the dxg interface; what is not listed is neither asked nor answered
 * (reserved members, those that WSL does not use).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum dxg_part_kind {
	PART_ASKED,         /* bytes that go in */
	PART_LUID,          /* that name the adapter */
	PART_HANDLE,        /* a handle that goes in, of one of `objects` */
	PART_HANDLE_IF_ANY, /* the same, or 0 */
	PART_ANSWERED,      /* bytes that come out */
	PART_NEW,           /* a handle that comes out */
	PART_FENCE,  /* address of a fence value that comes out, of the NEW before it */
	PART_MEMORY, /* a pointer: bytes that go in, and may come out changed */
	PART_MEMORY_ASKED, /* a pointer: bytes that go in */
	PART_HANDLES,      /* a pointer: handles that go in */
	PART_ADAPTERS,     /* a pointer: struct d3dkmt_adapterinfo that come out */
};

/* What a handle stands for. A set: a call may take more than one. */
enum dxg_object {
	OBJECT_ADAPTER = 1,
	OBJECT_DEVICE = 2,
	OBJECT_QUEUE = 4,
	OBJECT_FENCE = 8,
};

struct dxg_part {
	uint32_t request;
	enum dxg_part_kind kind;
	uint16_t offset, size;
	uint8_t objects; /* of enum dxg_object, for handles */
};

/* In the order of the structure.
 * @param after  NULL: the first. @return the call's next one, or NULL */
const struct dxg_part *dxg_part_next(uint32_t request, const struct dxg_part *after);
