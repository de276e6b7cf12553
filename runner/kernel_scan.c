#include "runner/kernel_scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define WIDTH 16

/* GNU C vectors: two compares and an OR in one instruction each, on any target. */
typedef uint8_t bytes16 __attribute__((vector_size(WIDTH)));
typedef uint64_t words2 __attribute__((vector_size(WIDTH)));

static bytes16 load(const char *at)
{
	bytes16 bytes;
	memcpy(&bytes, at, WIDTH);
	return bytes;
}

static bool any(bytes16 bytes)
{
	words2 words = (words2)bytes;
	return (words[0] | words[1]) != 0;
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first byte is the lowest");

/* Which of the bytes is the first that is not 0; one must be. */
static int first(bytes16 bytes)
{
	words2 words = (words2)bytes;
	return words[0] ? __builtin_ctzll(words[0]) / 8
			: 8 + __builtin_ctzll(words[1]) / 8;
}

static bytes16 splat(char c)
{
	return (bytes16){ 0 } + (uint8_t)c;
}

/* Where the three letters begin among the 16 bytes at `at`. */
static bytes16 match_dxg(const char *at)
{
	return (bytes16)(load(at) == splat('d')) & (bytes16)(load(at + 1) == splat('x')) &
	       (bytes16)(load(at + 2) == splat('g'));
}

static const char *find_slowly(const char *at, const char *end)
{
	for (; end - at >= 3; at++)
		if (at[0] == 'd' && at[1] == 'x' && at[2] == 'g')
			return at;
	return NULL;
}

const char *kernel_scan_dxg(const char *at, const char *end)
{
	enum { STRIDE = 4 * WIDTH };
	for (; end - at >= STRIDE + 2; at += STRIDE)
		if (any(match_dxg(at) | match_dxg(at + WIDTH) |
			match_dxg(at + 2 * WIDTH) | match_dxg(at + 3 * WIDTH)))
			break;
	for (; end - at >= WIDTH + 2; at += WIDTH) {
		bytes16 match = match_dxg(at);
		if (any(match))
			return at + first(match);
	}
	return find_slowly(at, end);
}

size_t kernel_scan_feeds(const char *at, const char *end)
{
	size_t feeds = 0;
	while (end - at >= WIDTH) {
		/* A lane counts to 255 before it would overflow. */
		size_t blocks = (size_t)(end - at) / WIDTH;
		if (blocks > UINT8_MAX)
			blocks = UINT8_MAX;
		bytes16 lanes = { 0 };
		for (size_t i = 0; i < blocks; i++, at += WIDTH)
			lanes -= (bytes16)(load(at) == splat('\n'));
		for (int i = 0; i < WIDTH; i++)
			feeds += lanes[i];
	}
	for (; at < end; at++)
		feeds += *at == '\n';
	return feeds;
}
