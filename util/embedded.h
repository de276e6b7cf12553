/* embedded.h: a file that travels inside the program (cmake/Embed.cmake). */
#pragma once

#include <stddef.h>

struct embedded {
	const char *name;  /* file name without its folder */
	const char *bytes; /* followed by a NUL that size does not count */
	size_t size;
};
