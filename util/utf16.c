#include "util/utf16.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "util/alloc.h"
#include "util/cleanup.h"

static bool is_surrogate(uint32_t unit)
{
	return unit >= 0xd800 && unit <= 0xdfff;
}

static char *put_utf8(char *at, uint32_t c)
{
	if (c < 0x80) {
		*at++ = (char)c;
		return at;
	}
	if (c < 0x800) {
		*at++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*at++ = (char)(0xe0 | c >> 12);
		} else {
			*at++ = (char)(0xf0 | c >> 18);
			*at++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*at++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*at++ = (char)(0x80 | (c & 0x3f));
	return at;
}

/* @return the character at *at, which moves on; UINT32_MAX where it is malformed. */
static uint32_t take_character(const uint8_t *bytes, size_t size, size_t *at)
{
	uint32_t high = bytes[*at] | (uint32_t)bytes[*at + 1] << 8;
	*at += 2;
	if (!is_surrogate(high))
		return high;
	if (high >= 0xdc00 || size - *at < 2)
		return UINT32_MAX;
	uint32_t low = bytes[*at] | (uint32_t)bytes[*at + 1] << 8;
	*at += 2;
	if (low < 0xdc00 || low > 0xdfff)
		return UINT32_MAX;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

char *utf16le_decode(const void *bytes, size_t size)
{
	/* A unit makes three bytes at most; a pair of units makes four. */
	cleanup_free char *text = xmalloc(size / 2 * 3 + 1);
	char *end = text;
	size_t at = 0;
	while (size - at >= 2) {
		uint32_t c = take_character(bytes, size, &at);
		if (c == UINT32_MAX)
			return NULL;
		if (c == 0) {
			*end = '\0';
			return take_ptr(text);
		}
		end = put_utf8(end, c);
	}
	if (at != size)
		return NULL;
	*end = '\0';
	return take_ptr(text);
}
