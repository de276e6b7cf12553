#include "runner/clean.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "util/strbuf.h"

#define REPLACEMENT "\xef\xbf\xbd"

struct character {
	uint32_t code;
	size_t size; /* bytes taken; 1 where invalid */
	bool valid;
};

/* RFC 3629 §4: no overlong forms, no surrogates, nothing above U+10FFFF. */
static struct character decode(const unsigned char *at, size_t left)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const struct character invalid = { .size = 1 };
	size_t size = at[0] < 0x80             ? 1
		      : (at[0] & 0xe0) == 0xc0 ? 2
		      : (at[0] & 0xf0) == 0xe0 ? 3
		      : (at[0] & 0xf8) == 0xf0 ? 4
					       : 0;
	if (size == 1)
		return (struct character){ at[0], 1, true };
	if (size == 0 || size > left)
		return invalid;
	uint32_t code = at[0] & (0x7fu >> size);
	for (size_t i = 1; i < size; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return invalid;
		code = code << 6 | (at[i] & 0x3fu);
	}
	if (code < smallest[size] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return invalid;
	return (struct character){ code, size, true };
}

static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) ||
	       (code >= 0x200e && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

static void add_character(struct strbuf *buf, const char *at,
			  const struct character *character)
{
	if (!character->valid)
		strbuf_add_string(buf, REPLACEMENT);
	else if (!is_control(character->code))
		strbuf_add(buf, at, character->size);
	else if (buf->length && buf->string[buf->length - 1] != ' ')
		strbuf_add_char(buf, ' ');
}

char *clean_text(struct arena *arena, const char *bytes, size_t size, size_t limit)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	for (size_t i = 0; i < size;) {
		struct character character =
			decode((const unsigned char *)bytes + i, size - i);
		size_t before = buf.length;
		add_character(&buf, bytes + i, &character);
		if (buf.length > limit) {
			strbuf_truncate(&buf, before);
			break;
		}
		i += character.size;
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
