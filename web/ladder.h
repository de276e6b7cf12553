/* ladder.h: interfaces down, steps across: how far each climbed, on how many machines. */
#pragma once

#include "matrix/view.h"
#include "web/html.h"

/* Nothing where no interface was measured. */
void ladder_write(struct html *h, const struct view_scope *scope, const char *caption);
