/* utf16.h: text as Windows writes it. */
#pragma once

#include <stddef.h>

/*
 * @param bytes  little-endian UTF-16, any alignment, from outside
 * @param size   in bytes; the text ends there or at the first NUL before it
 * @return       the text as UTF-8, the caller's to free; NULL where a surrogate lacks its
 *               other half or a byte is left over: such text is not guessed at
 */
char *utf16le_decode(const void *bytes, size_t size);
