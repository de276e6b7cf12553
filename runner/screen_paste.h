/* screen_paste.h: what a pasted text comes to, on a terminal or in a pipe. */
#pragma once

#include "runner/screen.h"

void screen_paste(const struct screen *screen, const struct answer *answer);
