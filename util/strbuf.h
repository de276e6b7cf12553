/* strbuf.h: a string that grows; always NUL-terminated, may hold any byte. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "util/cleanup.h"

struct strbuf {
	char *string; /* never NULL after strbuf_init */
	size_t length;
	size_t capacity;
};

void strbuf_init(struct strbuf *buf);
void strbuf_deinit(struct strbuf *buf);
void strbuf_add(struct strbuf *buf, const void *bytes, size_t length);
void strbuf_add_string(struct strbuf *buf, const char *string);
void strbuf_add_char(struct strbuf *buf, char c);
void strbuf_add_repeated(struct strbuf *buf, char c, size_t count);
void strbuf_printf(struct strbuf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void strbuf_vprintf(struct strbuf *buf, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
/* Cuts to length, which must not be larger than the present one. */
void strbuf_truncate(struct strbuf *buf, size_t length);
/* @return the string, the caller's to free; buf is empty and usable again. */
char *strbuf_take(struct strbuf *buf);

#define cleanup_strbuf cleanup_with(strbuf_deinit)
