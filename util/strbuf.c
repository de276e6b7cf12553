#include "util/strbuf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

void strbuf_init(struct strbuf *buf)
{
	buf->capacity = 64;
	buf->length = 0;
	buf->string = xmalloc(buf->capacity);
	buf->string[0] = '\0';
}

void strbuf_deinit(struct strbuf *buf)
{
	free(buf->string);
	buf->string = NULL;
}

static void strbuf_reserve(struct strbuf *buf, size_t more)
{
	size_t need = buf->length + more + 1;
	if (need <= buf->capacity)
		return;
	while (buf->capacity < need)
		buf->capacity *= 2;
	buf->string = xreallocarray(buf->string, buf->capacity, 1);
}

void strbuf_add(struct strbuf *buf, const void *bytes, size_t length)
{
	strbuf_reserve(buf, length);
	if (length)
		memcpy(buf->string + buf->length, bytes, length);
	buf->length += length;
	buf->string[buf->length] = '\0';
}

void strbuf_add_string(struct strbuf *buf, const char *string)
{
	strbuf_add(buf, string, strlen(string));
}

void strbuf_add_char(struct strbuf *buf, char c)
{
	strbuf_add(buf, &c, 1);
}

void strbuf_add_repeated(struct strbuf *buf, char c, size_t count)
{
	strbuf_reserve(buf, count);
	memset(buf->string + buf->length, c, count);
	buf->length += count;
	buf->string[buf->length] = '\0';
}

void strbuf_printf(struct strbuf *buf, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	strbuf_vprintf(buf, format, args);
	va_end(args);
}

void strbuf_vprintf(struct strbuf *buf, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	assert(length >= 0);
	strbuf_reserve(buf, (size_t)length);
	vsnprintf(buf->string + buf->length, (size_t)length + 1, format, args);
	buf->length += (size_t)length;
}

void strbuf_truncate(struct strbuf *buf, size_t length)
{
	assert(length <= buf->length);
	buf->length = length;
	buf->string[length] = '\0';
}

char *strbuf_take(struct strbuf *buf)
{
	char *string = buf->string;
	strbuf_init(buf);
	return string;
}
