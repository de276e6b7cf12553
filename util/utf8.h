/* utf8.h: the characters of text that may be none (Unicode, table 3-7). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The character at the start of text.
 * @param size  bytes that are there, at least 1
 * @return      its bytes; where they are none, how many to replace, with *ret above
 *              U+10FFFF
 */
size_t utf8_decode(const char *text, size_t size, uint32_t *ret);

/* @return whether a terminal would obey the character or be deceived by it: controls, line
 * and paragraph separators, marks that turn the direction of writing (Unicode UAX #9). */
bool utf8_is_control(uint32_t c);

/* @return the length of the longest start of text that has at most `most` bytes and ends
 * between two characters. */
size_t utf8_cut(const char *text, size_t most);

/* @return a copy in which what is no character became U+FFFD; the caller's to free. */
char *utf8_clean(const char *text, size_t size);

/* @return a copy on one line that no terminal obeys: '?' for what is no character and for
 * every utf8_is_control(); the caller's to free. */
char *utf8_printable(const char *text);
