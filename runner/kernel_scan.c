#include "runner/kernel_scan.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first byte is the lowest");

/* Which of the bytes is the first that is not 0; one must be. */
static int first(scan_bytes bytes)
{
	scan_words words = (scan_words)bytes;
	return words[0] ? __builtin_ctzll(words[0]) / 8
			: 8 + __builtin_ctzll(words[1]) / 8;
}

static scan_bytes splat(char c)
{
	return (scan_bytes){ 0 } + (uint8_t)c;
}

/* Where the three letters begin among the 16 bytes at `at`. */
static scan_bytes match_dxg(const char *at)
{
	return (scan_bytes)(scan_load(at) == splat('d')) &
	       (scan_bytes)(scan_load(at + 1) == splat('x')) &
	       (scan_bytes)(scan_load(at + 2) == splat('g'));
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
	enum { STRIDE = 4 * SCAN_WIDTH };
	for (; end - at >= STRIDE + 2; at += STRIDE)
		if (scan_any(match_dxg(at) | match_dxg(at + SCAN_WIDTH) |
			     match_dxg(at + 2 * SCAN_WIDTH) |
			     match_dxg(at + 3 * SCAN_WIDTH)))
			break;
	for (; end - at >= SCAN_WIDTH + 2; at += SCAN_WIDTH) {
		scan_bytes match = match_dxg(at);
		if (scan_any(match))
			return at + first(match);
	}
	return find_slowly(at, end);
}

static const char *find_among(const char *at, size_t places, const char *what,
			      size_t size)
{
	for (const char *last = at + places; at < last; at++)
		if (*at == *what && !memcmp(at, what, size))
			return at;
	return NULL;
}

const char *kernel_scan_text(const char *at, const char *end, const char *what,
			     size_t size)
{
	const scan_bytes first = splat(what[0]), last = splat(what[size - 1]);
	if (end - at < (ptrdiff_t)size)
		return NULL;
	for (; end - at >= SCAN_WIDTH + (ptrdiff_t)size; at += SCAN_WIDTH) {
		scan_bytes match = (scan_bytes)(scan_load(at) == first) &
				   (scan_bytes)(scan_load(at + size - 1) == last);
		const char *found =
			scan_any(match) ? find_among(at, SCAN_WIDTH, what, size) : NULL;
		if (found)
			return found;
	}
	return find_among(at, (size_t)(end - at) - size + 1, what, size);
}

/* The sum of the bytes. */
static size_t sum(scan_bytes bytes)
{
	const scan_words low = (scan_words){ 0 } + 0x00ff00ff00ff00ff;
	scan_words words = (scan_words)bytes;
	words = (words & low) + (words >> 8 & low);
	return (words[0] + words[1]) * 0x0001000100010001 >> 48;
}

size_t kernel_scan_feeds(const char *at, const char *end)
{
	size_t feeds = 0;
	while (end - at >= SCAN_WIDTH) {
		/* A lane counts to 255 before it would overflow. */
		size_t blocks = (size_t)(end - at) / SCAN_WIDTH;
		if (blocks > UINT8_MAX)
			blocks = UINT8_MAX;
		scan_bytes lanes = { 0 };
		for (size_t i = 0; i < blocks; i++, at += SCAN_WIDTH)
			lanes -= (scan_bytes)(scan_load(at) == splat('\n'));
		feeds += sum(lanes);
	}
	for (; at < end; at++)
		feeds += *at == '\n';
	return feeds;
}
