/* clean.h: what a stranger's bytes say, fit for a record and a terminal. */
#pragma once

#include <stddef.h>

#include "util/arena.h"

/*
 * Valid UTF-8 of at most `limit` bytes: control characters (also C1, and the marks that
 * turn the direction of writing) become single spaces, invalid bytes U+FFFD, and no
 * character is cut in two; blanks at both ends are dropped.
 * @return in the arena; NULL where nothing is left
 */
char *clean_text(struct arena *arena, const char *bytes, size_t size, size_t limit);

/*
 * The same of the last line that says something.
 * @return in the arena; NULL where none does
 */
char *clean_last_line(struct arena *arena, const char *bytes, size_t size, size_t limit);
