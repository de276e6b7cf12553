#include "runner/paste_text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "util/alloc.h"
#include "util/array.h"

/* Characters of several bytes that are blanks, colons or arrows to a reader. */
static const struct {
	const char *bytes;
	char plain;
} wide[] = {
	{ "\xc2\xa0", ' ' },             /* no-break space */
	{ "\xc2\xae", ' ' },             /* (R) */
	{ "\xe2\x84\xa2", ' ' },         /* (TM) */
	{ "\xe3\x80\x80", ' ' },         /* ideographic space */
	{ "\xef\xbc\x9a", ' ' },         /* full-width colon */
	{ "\xef\xbc\x88", ' ' },         /* full-width brackets */
	{ "\xef\xbc\x89", ' ' },         /* */
	{ "\xe2\x80\x93", ' ' },         /* dashes */
	{ "\xe2\x80\x94", ' ' },         /* */
	{ "\xe2\x80\xa2", ' ' },         /* bullet */
	{ "\xe2\x80\x9c", ' ' },         /* quotes */
	{ "\xe2\x80\x9d", ' ' },         /* */
	{ "\xe2\x80\xaf", ' ' },         /* narrow no-break space */
	{ "\xe2\x86\x92", PLAIN_ARROW }, /* arrow */
	{ "\xe2\x89\xa5", PLAIN_ARROW }, /* at least */
	{ "\xe2\x89\xa4", PLAIN_ARROW }, /* at most */
	{ "\xe3\x80\x82", PLAIN_STOP },  /* ideographic full stop */
};

static size_t make_wide_plain(char *plain, size_t left)
{
	for_each_row(row, wide) {
		size_t length = strlen(row->bytes);
		if (length > left || memcmp(plain, row->bytes, length))
			continue;
		memset(plain, ' ', length);
		plain[0] = row->plain;
		return length;
	}
	return 1;
}

static char plain_sign(char c, char next)
{
	switch (c) {
	case '.':
		return isalnum((unsigned char)next) ? '.' : PLAIN_STOP;
	case ';':
	case '!':
	case '?':
		return PLAIN_STOP;
	case '>':
	case '<':
		return PLAIN_ARROW;
	default:
		return ' ';
	}
}

static void make_plain(char *plain, size_t size)
{
	for (size_t i = 0; i < size;) {
		unsigned char c = (unsigned char)plain[i];
		if (c >= 0x80) {
			i += make_wide_plain(plain + i, size - i);
			continue;
		}
		if (isalnum(c))
			plain[i] = (char)tolower(c);
		else if (c != '\n')
			plain[i] = plain_sign((char)c, i + 1 < size ? plain[i + 1] : ' ');
		i++;
	}
}

void paste_text_make_plain(struct paste_text *text)
{
	text->plain = xmalloc(text->size + 1);
	memcpy(text->plain, text->text, text->size + 1);
	make_plain(text->plain, text->size);
}

int64_t paste_text_number(const struct paste_text *text, int64_t n)
{
	int64_t number = n;
	for (size_t i = 0; i < text->n_gaps && text->gap[i].line <= n; i++)
		number = text->gap[i].number + n - text->gap[i].line;
	return number;
}

void paste_text_deinit(struct paste_text *text)
{
	free(text->text);
	free(text->plain);
	free(text->gap);
}

/* Where a line that is too long is cut: behind its last blank, else between characters. */
static size_t cut_at(const char *start)
{
	size_t size = PASTE_LINE_MAX;
	while (size > PASTE_LINE_MAX / 2 && start[size - 1] != ' ')
		size--;
	if (start[size - 1] == ' ')
		return size;
	size = PASTE_LINE_MAX;
	while (((unsigned char)start[size] & 0xc0) == 0x80)
		size--;
	return size;
}

bool paste_line_next(const struct paste_text *text, struct paste_line *line)
{
	const char *start =
		line->text ? line->text + line->size + !line->goes_on : text->text;
	const char *end = text->text + text->size;
	if (start >= end)
		return false;
	size_t left = (size_t)(end - start);
	const char *feed =
		memchr(start, '\n', left < PASTE_LINE_MAX ? left : PASTE_LINE_MAX);
	line->number += !line->goes_on;
	for (; line->gap < text->n_gaps &&
	       text->gap[line->gap].at <= (size_t)(start - text->text);
	     line->gap++)
		line->number = text->gap[line->gap].number;
	line->goes_on = !feed && left > PASTE_LINE_MAX;
	line->text = start;
	line->plain = text->plain + (start - text->text);
	line->size = line->goes_on ? cut_at(start) : feed ? (size_t)(feed - start) : left;
	return true;
}

const char *paste_line_find(const struct paste_line *line, size_t from, const char *what)
{
	size_t length = strlen(what);
	/* Of both cases of a letter the bits but one are equal. */
	enum { CASE = 'a' ^ 'A' };
	char first = (char)(*what | CASE);
	for (size_t i = from; i + length <= line->size; i++)
		if ((line->text[i] | CASE) == first &&
		    !strncasecmp(line->text + i, what, length))
			return line->text + i;
	return NULL;
}

size_t paste_line_skip(const struct paste_line *line, size_t at)
{
	while (at < line->size && line->plain[at] == ' ')
		at++;
	return at;
}
