/* colours.h: what terminals and `dmesg --color`, `grep --color` leave in a text. */
#pragma once

#include <stddef.h>

/* A longer sequence is none. */
#define COLOURS_SEQUENCE_MAX 32

/*
 * Drops ESC [ … letter (ECMA-48, 5.4: control sequences) from a text in place.
 * @return the new size
 */
size_t colours_drop(char *text, size_t size);
