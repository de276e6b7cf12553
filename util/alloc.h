/* alloc.h: memory that is there or the process ends; all results belong to the caller. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

void *xmalloc(size_t size) __attribute__((malloc, returns_nonnull));
void *xcalloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void *xreallocarray(void *pointer, size_t count, size_t size)
	__attribute__((returns_nonnull));

/* @return a copy of string, or NULL for NULL. */
char *xstrdup(const char *string);
/* @return the first length bytes (fewer if it ends before), NUL-terminated. */
char *xstrndup(const char *string, size_t length);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *xvasprintf(const char *format, va_list args) __attribute__((format(printf, 1, 0)));
