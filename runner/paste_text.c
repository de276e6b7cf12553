#include "runner/paste_text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "util/alloc.h"
#include "util/array.h"
#include "util/colours.h"
#include "util/encoding.h"
#include "util/spelt.h"

/* UTF-16 in JSON's spelling: the NULs go, the words "\n" and "\r" become line ends. */
static void drop_escaped_nuls(char *text, size_t *size)
{
	static const char nul[] = "\\u0000";
	if (!memmem(text, *size, nul, 6))
		return;
	size_t to = 0;
	for (size_t from = 0; from < *size;) {
		if (*size - from >= 6 && !memcmp(text + from, nul, 6)) {
			from += 6;
		} else if (*size - from >= 2 && text[from] == '\\' &&
			   (text[from + 1] == 'n' || text[from + 1] == 'r')) {
			text[to++] = '\n';
			from += 2;
		} else {
			text[to++] = text[from++];
		}
	}
	text[to] = '\0';
	*size = to;
}

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

struct error *paste_text_make(const char *bytes, size_t size, struct paste_text *ret)
{
	struct text text;
	struct error *err = text_to_utf8(bytes, size, &text);
	if (err)
		return err;
	drop_escaped_nuls(text.utf8, &text.size);
	text.size = spelt_references(text.utf8, text.size);
	text.size = colours_drop(text.utf8, text.size);
	text.size = spelt_colours(text.utf8, text.size);
	text.utf8[text.size] = '\0';
	*ret = (struct paste_text){ .text = text.utf8, .size = text.size };
	return NULL;
}

/* What a stamp looks like: 9 a digit, A a letter, a blank a blank or a digit. */
static bool has_form(const char *text, size_t size, const char *form)
{
	for (size_t i = 0; form[i]; i++) {
		unsigned char c = i < size ? (unsigned char)text[i] : 0;
		bool right = form[i] == '9'   ? isdigit(c)
			     : form[i] == 'A' ? isalpha(c)
			     : form[i] == ' ' ? c == ' ' || isdigit(c)
					      : c == (unsigned char)form[i];
		if (!right)
			return false;
	}
	return true;
}

static bool is_stamped(const char *line, size_t size)
{
	static const char *const forms[] = { "[     .",          "[      .",
					     "[       .",        "[AAA AAA  9 ",
					     "AAA  9 99:99:99",  "9999-99-99T99:99",
					     "9999-99-99 99:99", "{\"" };
	for_each_row(form, forms)
		if (has_form(line, size, *form))
			return true;
	return false;
}

/* Words of the lines that the readers know. */
static const char *const telling[] = {
	"ersion", "GPU",   "VIDIA",    "Intel",   "AMD",      "VEN_",
	"buntu",  "river", "icrosoft", "ompiler", "OpenCL",   "OpenGL",
	"ulkan",  "adeon", "GeForce",  "NVML",    "llvmpipe", "deviceName",
};

/* Which two letters one of the words begins with: a bit for each pair. */
struct pairs {
	uint8_t bit[65536 / 8];
};

static size_t pair_of(const char *text)
{
	return (size_t)(unsigned char)text[0] << 8 | (unsigned char)text[1];
}

static void pairs_init(struct pairs *pairs)
{
	*pairs = (struct pairs){ 0 };
	for_each_row(word, telling)
		pairs->bit[pair_of(*word) / 8] |= (uint8_t)(1 << pair_of(*word) % 8);
}

static bool says_something(const struct pairs *pairs, const char *line, size_t size)
{
	for (size_t i = 0; i + 1 < size; i++) {
		size_t pair = pair_of(line + i);
		if (!(pairs->bit[pair / 8] >> pair % 8 & 1))
			continue;
		for_each_row(word, telling)
			if (size - i >= strlen(*word) &&
			    !memcmp(line + i, *word, strlen(*word)))
				return true;
	}
	return false;
}

static void leave_out(struct paste_text *text)
{
	struct pairs pairs;
	size_t kept = 0;
	int64_t out = 0, standing = 1;
	pairs_init(&pairs);
	for (size_t at = 0, next; at < text->size; at = next) {
		const char *line = text->text + at;
		const char *feed = memchr(line, '\n', text->size - at);
		next = feed ? (size_t)(feed - text->text) + 1 : text->size;
		size_t size = next - at;
		if (kept + size > PASTE_KEPT_MAX ||
		    (is_stamped(line, size) && !says_something(&pairs, line, size))) {
			out++;
			continue;
		}
		if (out) {
			text->gap = xreallocarray(text->gap, text->n_gaps + 1,
						  sizeof(*text->gap));
			text->gap[text->n_gaps++] =
				(struct paste_gap){ kept, standing, out };
			out = 0;
		}
		memmove(text->text + kept, line, size);
		kept += size;
		standing++;
	}
	text->size = kept;
	text->text[kept] = '\0';
}

void paste_text_make_plain(struct paste_text *text)
{
	if (text->size > PASTE_WHOLE_MAX)
		leave_out(text);
	text->plain = xmalloc(text->size + 1);
	memcpy(text->plain, text->text, text->size + 1);
	make_plain(text->plain, text->size);
}

int64_t paste_text_number(const struct paste_text *text, int64_t n)
{
	int64_t number = n;
	for (size_t i = 0; i < text->n_gaps && text->gap[i].line <= n; i++)
		number += text->gap[i].lines;
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
		line->number += text->gap[line->gap].lines;
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
