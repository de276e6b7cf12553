/* trace_table.h: the DXG calls of a record's own steps: what was refused, the last before an
 * end, and where none were seen, why. */
#pragma once

#include "record/record.h"
#include "web/html.h"

/* Nothing where no step has a trace that tells something. */
void trace_tables_write(struct html *h, const struct record *record);
