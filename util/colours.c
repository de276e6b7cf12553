#include "util/colours.h"

#include <ctype.h>
#include <string.h>

#define ESCAPE '\x1b'

/* @return how many bytes the sequence at `text` has, 0 where there is none */
static size_t sequence(const char *text, size_t left)
{
	if (left < 2 || text[1] != '[')
		return 0;
	size_t n = 2;
	while (n < left && n < COLOURS_SEQUENCE_MAX &&
	       (isdigit((unsigned char)text[n]) || text[n] == ';' || text[n] == '?'))
		n++;
	return n < left && isalpha((unsigned char)text[n]) ? n + 1 : 0;
}

size_t colours_drop(char *text, size_t size)
{
	const char *end = text + size;
	const char *from = text;
	char *to = text;
	for (const char *at = text;
	     (at = memchr(at, ESCAPE, (size_t)(end - at))) != NULL;) {
		size_t n = sequence(at, (size_t)(end - at));
		if (n) {
			memmove(to, from, (size_t)(at - from));
			to += at - from;
			from = at + n;
		}
		at += n ? n : 1;
	}
	if (from == text)
		return size;
	memmove(to, from, (size_t)(end - from));
	return (size_t)(to - text) + (size_t)(end - from);
}
