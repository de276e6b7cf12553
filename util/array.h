/* array.h: the length of a table, and its end. */
#pragma once

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* for_each_row(row, table): row points at each member of a table in turn. */
#define for_each_row(row, table)                                                         \
	for (typeof(&(table)[0]) row = (table); row < (table) + ARRAY_SIZE(table); row++)
