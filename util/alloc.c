#include "util/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *there(void *pointer)
{
	if (!pointer) {
		fputs("dxgmatrix: out of memory\n", stderr);
		abort();
	}
	return pointer;
}

void *xmalloc(size_t size)
{
	return there(malloc(size ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
	return there(calloc(count ? count : 1, size ? size : 1));
}

void *xreallocarray(void *pointer, size_t count, size_t size)
{
	return there(reallocarray(pointer, count ? count : 1, size ? size : 1));
}

char *xstrdup(const char *string)
{
	return string ? there(strdup(string)) : NULL;
}

char *xstrndup(const char *string, size_t length)
{
	return there(strndup(string, length));
}

char *xasprintf(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *string = xvasprintf(format, args);
	va_end(args);
	return string;
}

char *xvasprintf(const char *format, va_list args)
{
	char *string;
	if (vasprintf(&string, format, args) < 0)
		string = NULL;
	return there(string);
}
