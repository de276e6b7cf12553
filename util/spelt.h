/* spelt.h: characters that a page or a program spelt out, as pastes carry them. */
#pragma once

#include <stddef.h>

/*
 * Makes characters of HTML's references ("&gt;", "&nbsp;", "&#8722;"; HTML Living Standard,
 * 13.5) in place; a reference that is not known, or lacks its ';', stays.
 * @return the new size, never more
 */
size_t spelt_references(char *text, size_t size);
/*
 * Drops a terminal's colours of which the escape character is spelt out ("^[[0m", "\\033[0m",
 * U+241B) or was lost on the way ("[01;31m[Kdxg[m[K"), in place.
 * @return the new size
 */
size_t spelt_colours(char *text, size_t size);
