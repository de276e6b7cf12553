/* kernel_scan.h: the bytes of a large log, sixteen at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SCAN_WIDTH 16

/* GNU C vectors: what is done to sixteen bytes is one instruction, on any target. */
typedef uint8_t scan_bytes __attribute__((vector_size(SCAN_WIDTH)));
typedef uint64_t scan_words __attribute__((vector_size(SCAN_WIDTH)));

static inline scan_bytes scan_load(const void *at)
{
	scan_bytes bytes;
	memcpy(&bytes, at, SCAN_WIDTH);
	return bytes;
}

/* @return whether one of the bytes is not 0 */
static inline bool scan_any(scan_bytes bytes)
{
	scan_words words = (scan_words)bytes;
	return (words[0] | words[1]) != 0;
}

/* @return where "dxg" first stands, or NULL. Eight times as fast as memmem(3) on a log that
 * seldom holds it, and no slower on one that often does. */
const char *kernel_scan_dxg(const char *at, const char *end);
/* @return where `what`, of `size` bytes, first stands, or NULL. Unlike memmem(3), which makes
 * a table first, at its best in a line. */
const char *kernel_scan_text(const char *at, const char *end, const char *what,
			     size_t size);
/* @return how many line feeds there are */
size_t kernel_scan_feeds(const char *at, const char *end);
#define SCAN_DIGITS_MAX 8
/* @param digits  how many there are, 1 to SCAN_DIGITS_MAX; but that many bytes are read
 * @return the number they are */
static inline uint32_t kernel_scan_number(const char *at, size_t digits)
{
	uint64_t word;
	memcpy(&word, at, sizeof(word));
	/* What stands behind them goes, zeroes come before them: eight digits. */
	word = (word - 0x3030303030303030) << 8 * (sizeof(word) - digits);
	/* Each with its neighbour: tens and ones, then hundreds, then ten thousands. */
	word = word * (1 + (10 << 8)) >> 8 & 0x00ff00ff00ff00ff;
	word = word * (1 + (100 << 16)) >> 16 & 0x0000ffff0000ffff;
	return (uint32_t)(word * (1 + (UINT64_C(10000) << 32)) >> 32);
}
