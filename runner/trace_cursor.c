#include "runner/trace_cursor.h"

#include <string.h>

uint64_t cursor_fixed(struct cursor *c, size_t size, bool is_signed)
{
	uint64_t value = 0;
	if (c->bad || (size_t)(c->end - c->at) < size) {
		c->bad = true;
		return 0;
	}
	memcpy(&value, c->at, size);
	c->at += size;
	unsigned int unused = 64 - 8 * (unsigned int)size;
	return is_signed ? (uint64_t)((int64_t)(value << unused) >> unused) : value;
}

uint8_t cursor_byte(struct cursor *c)
{
	return (uint8_t)cursor_fixed(c, 1, false);
}

uint64_t cursor_leb(struct cursor *c, bool is_signed)
{
	uint64_t value = 0;
	for (unsigned int shift = 0; shift < 64; shift += 7) {
		uint8_t byte = cursor_byte(c);
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte & 0x80)
			continue;
		if (is_signed && byte & 0x40 && shift + 7 < 64)
			value |= ~UINT64_C(0) << (shift + 7);
		return value;
	}
	c->bad = true;
	return 0;
}

uint64_t cursor_address(const struct cursor *c)
{
	return c->address + (uint64_t)(c->at - c->first);
}

void cursor_skip(struct cursor *c, uint64_t size)
{
	if (c->bad || size > (uint64_t)(c->end - c->at))
		c->bad = true;
	else
		c->at += size;
}
