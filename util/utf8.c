#include "util/utf8.h"

#include <string.h>

#include "util/array.h"
#include "util/strbuf.h"

size_t utf8_decode(const char *text, size_t size, uint32_t *ret)
{
	static const struct {
		unsigned char lead_first, lead_last; /* of the first byte */
		unsigned char first, last;           /* of the second */
		unsigned char length;
	} rows[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	const unsigned char *s = (const unsigned char *)text;
	*ret = s[0];
	if (s[0] < 0x80)
		return 1;
	*ret = UINT32_MAX;
	for_each_row(row, rows) {
		if (s[0] < row->lead_first || s[0] > row->lead_last)
			continue;
		uint32_t c = s[0] & (0x7fu >> row->length);
		for (size_t i = 1; i < row->length; i++) {
			if (i == size || s[i] < (i == 1 ? row->first : 0x80) ||
			    s[i] > (i == 1 ? row->last : 0xbf))
				return i;
			c = c << 6 | (s[i] & 0x3f);
		}
		*ret = c;
		return row->length;
	}
	return 1;
}

bool utf8_is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e ||
	       c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

size_t utf8_cut(const char *text, size_t most)
{
	size_t length = strnlen(text, most);
	if (length < most || !text[length])
		return length;
	/* At most three bytes of a character can stand before the cut; where more do, this
	 * is no UTF-8 and any place is as good. */
	size_t back = 0;
	while (back < 3 && back < length && (text[length - back] & 0xc0) == 0x80)
		back++;
	return (text[length - back] & 0xc0) == 0x80 ? length : length - back;
}

char *utf8_clean(const char *text, size_t size)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	for (size_t at = 0; at < size;) {
		uint32_t c;
		size_t n = utf8_decode(text + at, size - at, &c);
		if (c > 0x10ffff)
			strbuf_add_string(&buf, "\xef\xbf\xbd");
		else
			strbuf_add(&buf, text + at, n);
		at += n;
	}
	return strbuf_take(&buf);
}

char *utf8_printable(const char *text)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	for (size_t left = strlen(text); left;) {
		uint32_t c;
		size_t n = utf8_decode(text, left, &c);
		if (c > 0x10ffff || utf8_is_control(c))
			strbuf_add_char(&buf, '?');
		else
			strbuf_add(&buf, text, n);
		text += n;
		left -= n;
	}
	return strbuf_take(&buf);
}
