/*
 * value.h: how scenarios spell numbers, ids, versions, errnos and statuses.
 *
 * Every function takes the whole text; false: it is spelt otherwise, *ret is untouched.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"

bool value_number(const char *text, int base, uint64_t max, uint64_t *ret);
/* "1.531209" seconds, at most a million of them. @param ret  microseconds */
bool value_seconds(const char *text, uint64_t *ret);
/* "10de:1bb1": two hexadecimal numbers of so many digits. */
bool value_pair(const char *text, size_t digits, uint32_t *ret_a, uint32_t *ret_b);
/* "31.0.15.5286": four parts of 16 bits, the first one on top. */
bool value_version(const char *text, uint64_t *ret);
/* "EINVAL". @param ret  positive */
bool value_errno(const char *text, int *ret);
/* "STATUS_PENDING": a status of dxg_abi.h. */
bool value_status(const char *text, uint32_t *ret);
/* "hex 01 0aff": one byte or more, in the arena. */
bool value_bytes(struct arena *arena, const char *text, const uint8_t **ret,
		 size_t *ret_size);
/* A call by its name in kernel lines, without "dxgkio_". @param ret  its number */
bool value_call(const char *text, uint8_t *ret);
/* @return where text stands in a table of words, or -1. */
int value_word(const char *text, const char *const *words, size_t count);
