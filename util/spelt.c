#include "util/spelt.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "util/array.h"

/* Longer than any reference below. */
#define REFERENCE_MAX 10

static const struct {
	const char *name, *utf8;
} references[] = {
	{ "amp", "&" },
	{ "lt", "<" },
	{ "gt", ">" },
	{ "quot", "\"" },
	{ "apos", "'" },
	{ "nbsp", "\xc2\xa0" },
	{ "minus", "\xe2\x88\x92" },
	{ "ndash", "\xe2\x80\x93" },
	{ "mdash", "\xe2\x80\x94" },
	{ "times", "\xc3\x97" },
	{ "rarr", "\xe2\x86\x92" },
	{ "bull", "\xe2\x80\xa2" },
	{ "middot", "\xc2\xb7" },
	{ "hellip", "\xe2\x80\xa6" },
	{ "reg", "\xc2\xae" },
	{ "trade", "\xe2\x84\xa2" },
	{ "lowbar", "_" },
	{ "colon", ":" },
};

/* @return how many bytes were written; a surrogate or more than Unicode has is none */
static size_t encode(uint32_t c, char ret[4])
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0xd800 && c < 0xe000) ||
	    c > 0x10ffff)
		return 0;
	if (c < 0x80) {
		ret[0] = (char)c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n; i-- > 1; c >>= 6)
		ret[i] = (char)(0x80 | (c & 0x3f));
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	ret[0] = (char)(lead[n] | c);
	return n;
}

/* "#8722", "#x2212" */
static size_t decode_number(const char *name, size_t length, char ret[4])
{
	bool hex = length > 1 && (name[1] == 'x' || name[1] == 'X');
	size_t first = hex ? 2 : 1;
	uint32_t c = 0;
	if (length <= first || length > first + 6)
		return 0;
	for (size_t i = first; i < length; i++) {
		unsigned char digit = (unsigned char)name[i];
		if (!(hex ? isxdigit(digit) : isdigit(digit)))
			return 0;
		c = c * (hex ? 16 : 10) +
		    (uint32_t)(isdigit(digit) ? digit - '0' : tolower(digit) - 'a' + 10);
	}
	return encode(c, ret);
}

static size_t decode(const char *name, size_t length, char ret[4])
{
	if (length && *name == '#')
		return decode_number(name, length, ret);
	for_each_row(row, references) {
		if (strlen(row->name) != length || memcmp(row->name, name, length))
			continue;
		memcpy(ret, row->utf8, strlen(row->utf8));
		return strlen(row->utf8);
	}
	return 0;
}

size_t spelt_references(char *text, size_t size)
{
	size_t to = 0;
	for (size_t from = 0; from < size;) {
		char *mark = memchr(text + from, '&', size - from);
		size_t plain = mark ? (size_t)(mark - text) - from : size - from;
		memmove(text + to, text + from, plain);
		to += plain;
		from += plain;
		if (!mark)
			break;
		size_t left = size - from - 1;
		const char *name = text + from + 1;
		const char *end =
			memchr(name, ';', left < REFERENCE_MAX ? left : REFERENCE_MAX);
		char bytes[4];
		size_t n = end ? decode(name, (size_t)(end - name), bytes) : 0;
		if (!n) {
			text[to++] = text[from++];
			continue;
		}
		memcpy(text + to, bytes, n);
		to += n;
		from = (size_t)(end - text) + 1;
	}
	return to;
}

/* A sequence without its escape: "[01;31m", "[m", "[K". @return its size or 0 */
static size_t sequence_at(const char *text, size_t left)
{
	size_t n = 1, digits = 0;
	if (!left || *text != '[')
		return 0;
	for (; n < left && n < 16; n++) {
		if (isdigit((unsigned char)text[n]))
			digits++;
		else if (text[n] != ';')
			break;
	}
	if (n == left || (text[n] != 'm' && text[n] != 'K') || (n > 1 && !digits))
		return 0;
	return n + 1;
}

/* How many bytes at the end of a text spell an escape. */
static size_t escape_before(const char *text, size_t size)
{
	static const char *const spellings[] = {
		"^[",  "\\x1b",   "\\x1B",   "\\033",
		"\\e", "\\u001b", "\\u001B", "\xe2\x90\x9b",
	};
	for_each_row(spelling, spellings) {
		size_t n = strlen(*spelling);
		if (size >= n && !memcmp(text + size - n, *spelling, n))
			return n;
	}
	return 0;
}

/* Whether a sequence that lost its escape is one: "[5m]" and "[misc" are none. */
static bool is_bare(const char *text, size_t left, size_t n, bool follows)
{
	bool next = left > n && sequence_at(text + n, left - n);
	if (text[n - 1] == 'K')
		return follows;
	return n > 2 ? left == n || text[n] != ']' : next || follows;
}

size_t spelt_colours(char *text, size_t size)
{
	size_t to = 0, from = 0;
	bool any = false;
	for (size_t at = 0; at < size;) {
		const char *mark = memchr(text + at, '[', size - at);
		if (!mark)
			break;
		at = (size_t)(mark - text);
		size_t n = sequence_at(mark, size - at);
		size_t escape = n ? escape_before(text + from, at - from) : 0;
		bool follows = any && at - escape == from;
		if (!n || (!escape && !is_bare(mark, size - at, n, follows))) {
			at++;
			continue;
		}
		memmove(text + to, text + from, at - escape - from);
		to += at - escape - from;
		at = from = at + n;
		any = true;
	}
	memmove(text + to, text + from, size - from);
	return to + size - from;
}
