/*
 * trace_cursor.h: numbers out of bytes that came from a traced program, little-endian. What
 * asks for more than there is gets zeros, and the cursor is bad from then on.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
	const uint8_t *at, *end;
	bool bad;
	const uint8_t *first;
	uint64_t address; /* of `first`, in the program */
};

uint64_t cursor_fixed(struct cursor *c, size_t size, bool is_signed);
uint8_t cursor_byte(struct cursor *c);
/* LEB128, of at most 64 bits. */
uint64_t cursor_leb(struct cursor *c, bool is_signed);
void cursor_skip(struct cursor *c, uint64_t size);
/* @return where in the program it is */
uint64_t cursor_address(const struct cursor *c);
