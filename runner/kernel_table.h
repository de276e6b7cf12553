/*
 * kernel_table.h: the count of a message that stands in a table, by Markdown or with lines.
 *
 * It is the first number behind the message, else before it, that is no index, no time, no
 * errno as the heading says, and not one more than in the row above.
 */
#pragma once

#include "runner/kernel_span.h"

bool kernel_table_is_row(struct span line);
/*
 * @param row      its whole line
 * @param message  lies in it
 * @param text     what may be looked at around it
 * @return -1 where the line is no row, or none of its cells holds a count; 0 where the
 * count is that: a message that never came
 */
int64_t kernel_table_count(struct span row, struct span message, struct span text);
