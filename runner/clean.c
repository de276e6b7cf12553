#include "runner/clean.h"

#include <stdint.h>
#include <string.h>

#include "util/strbuf.h"
#include "util/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"

static void add_character(struct strbuf *buf, const char *at, size_t size, uint32_t code)
{
	if (code > 0x10ffff)
		strbuf_add_string(buf, REPLACEMENT);
	else if (!utf8_is_control(code))
		strbuf_add(buf, at, size);
	else if (buf->length && buf->string[buf->length - 1] != ' ')
		strbuf_add_char(buf, ' ');
}

char *clean_text(struct arena *arena, const char *bytes, size_t size, size_t limit)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	for (size_t i = 0; i < size;) {
		uint32_t code;
		size_t taken = utf8_decode(bytes + i, size - i, &code);
		size_t before = buf.length;
		add_character(&buf, bytes + i, taken, code);
		if (buf.length > limit) {
			strbuf_truncate(&buf, before);
			break;
		}
		i += taken;
	}
	while (buf.length && buf.string[buf.length - 1] == ' ')
		strbuf_truncate(&buf, buf.length - 1);
	size_t blanks = strspn(buf.string, " ");
	return blanks < buf.length ? arena_strdup(arena, buf.string + blanks) : NULL;
}

char *clean_last_line(struct arena *arena, const char *bytes, size_t size, size_t limit)
{
	while (size) {
		const char *newline = memrchr(bytes, '\n', size);
		const char *line = newline ? newline + 1 : bytes;
		char *text =
			clean_text(arena, line, size - (size_t)(line - bytes), limit);
		if (text || !newline)
			return text;
		size = (size_t)(newline - bytes);
	}
	return NULL;
}
