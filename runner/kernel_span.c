#include "runner/kernel_span.h"

#include <ctype.h>
#include <string.h>

#include "runner/kernel_scan.h"
#include "util/array.h"

#define NO_BREAK_SPACE "\xc2\xa0"

const char *span_find(struct span span, const char *what)
{
	return kernel_scan_text(span.start, span.end, what, strlen(what));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct span span_trim_end(struct span span)
{
	for (;;) {
		if (span_size(span) && is_blank(span.end[-1]))
			span.end--;
		else if (span_ends(span, NO_BREAK_SPACE))
			span.end -= strlen(NO_BREAK_SPACE);
		else
			return span;
	}
}

struct span span_trim_start(struct span span)
{
	for (;;) {
		if (span_size(span) && is_blank(*span.start))
			span.start++;
		else if (span_begins(span, NO_BREAK_SPACE))
			span.start += strlen(NO_BREAK_SPACE);
		else
			return span;
	}
}

/* Emphasis and quotes of ASCII are one byte. The backslash is Markdown's and JSON's. */
#define MARKS "`\"'*\\"

/* Typographic quotes and brackets, as they open and close. */
static const char *const opening[] = { "\xe2\x80\x9c", "\xe2\x80\x98", "\xe2\x80\x9e",
				       "\xc2\xab",     "\xe3\x80\x8c", "\xe3\x80\x8e" };
static const char *const closing[] = { "\xe2\x80\x9d", "\xe2\x80\x99", "\xe2\x80\x9c",
				       "\xc2\xbb",     "\xe3\x80\x8d", "\xe3\x80\x8f" };

/* "<b>", "</code>"; no number in angle brackets, which is a priority or a delta. */
#define ELEMENT_MAX 64

static size_t element_at(struct span span)
{
	if (span_size(span) < 3 || *span.start != '<' ||
	    (!isalpha((unsigned char)span.start[1]) && span.start[1] != '/'))
		return 0;
	size_t near = span_size(span) < ELEMENT_MAX ? span_size(span) : ELEMENT_MAX;
	const char *close = memchr(span.start, '>', near);
	return close ? (size_t)(close - span.start) + 1 : 0;
}

static bool skip_mark(struct span *span)
{
	/* most of what is asked about is none: a letter, a digit, a colon */
	unsigned char c = span_size(*span) ? (unsigned char)*span->start : ' ';
	if (c < 0x80 && c != '<' && !strchr(MARKS, c))
		return false;
	if (span_size(*span) && strchr(MARKS, *span->start)) {
		span->start++;
		return true;
	}
	size_t n = element_at(*span);
	span->start += n;
	for_each_row(quote, closing)
		if (!n && span_cut_start(span, *quote))
			return true;
	for_each_row(quote, opening)
		if (!n && span_cut_start(span, *quote))
			return true;
	return n != 0;
}

struct span span_skip_marks(struct span span)
{
	do
		span = span_trim_start(span);
	while (skip_mark(&span));
	return span;
}

static bool skip_mark_end(struct span *span)
{
	unsigned char c = span_size(*span) ? (unsigned char)span->end[-1] : ' ';
	if (c < 0x80 && c != '>' && !strchr(MARKS "([{_", c))
		return false;
	if (span_size(*span) && strchr(MARKS "([{_", span->end[-1])) {
		span->end--;
		return true;
	}
	for_each_row(quote, opening)
		if (span_ends(*span, *quote)) {
			span->end -= strlen(*quote);
			return true;
		}
	if (!span_ends(*span, ">"))
		return false;
	size_t near = span_size(*span) < ELEMENT_MAX ? span_size(*span) : ELEMENT_MAX;
	const char *open = memrchr(span->end - near, '<', near);
	if (!open ||
	    element_at((struct span){ open, span->end }) != (size_t)(span->end - open))
		return false;
	span->end = open;
	return true;
}

struct span span_skip_marks_end(struct span span)
{
	do
		span = span_trim_end(span);
	while (skip_mark_end(&span));
	return span;
}

bool span_cut_end(struct span *span, const char *what)
{
	if (!span_ends(*span, what))
		return false;
	span->end -= strlen(what);
	*span = span_trim_end(*span);
	return true;
}

static bool is_digits(const char *at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isdigit((unsigned char)at[i]))
			return false;
	return true;
}

size_t span_digits(struct span span)
{
	size_t n = 0;
	while (n < span_size(span) && isdigit((unsigned char)span.start[n]))
		n++;
	return n;
}

/* @return how many bytes the number at the start has, "1,234" or "1234" */
static size_t number_size(struct span span)
{
	size_t n = span_digits(span);
	if (n < 1 || n > 3)
		return n;
	while (span_size(span) >= n + 4 && span.start[n] == ',' &&
	       is_digits(span.start + n + 1, 3)) {
		if (span_size(span) > n + 4 && isdigit((unsigned char)span.start[n + 4]))
			break;
		n += 4;
	}
	return n;
}

int64_t span_take_number(struct span *span)
{
	int64_t value = 0;
	size_t n = number_size(*span);
	for (size_t i = 0; i < n && value <= SPAN_NUMBER_MAX; i++)
		if (span->start[i] != ',')
			value = value * 10 + (span->start[i] - '0');
	if (!n || value > SPAN_NUMBER_MAX)
		return -1;
	span->start += n;
	return value;
}

int64_t span_cut_number(struct span *span)
{
	struct span number = { span->end, span->end };
	while (number.start > span->start && isdigit((unsigned char)number.start[-1]))
		number.start--;
	while (number.start - span->start >= 2 && span_size(number) >= 3 &&
	       number_size(number) == span_size(number) && number.start[-1] == ',' &&
	       isdigit((unsigned char)number.start[-2])) {
		struct span wider = { number.start - 2, number.end };
		while (wider.start > span->start &&
		       isdigit((unsigned char)wider.start[-1]))
			wider.start--;
		if (number_size(wider) != span_size(wider))
			break;
		number = wider;
	}
	const char *start = number.start;
	int64_t value = span_take_number(&number);
	if (value >= 0)
		*span = span_trim_end((struct span){ span->start, start });
	return value;
}

struct span span_line(const char *start, const char *end)
{
	if (end - start > SPAN_LINE_MAX)
		end = start + SPAN_LINE_MAX;
	const char *feed =
		start < end ? memchr(start, '\n', (size_t)(end - start)) : NULL;
	return (struct span){ start, feed ? feed : end };
}

struct span span_line_before(const char *at, struct span text)
{
	if (at <= text.start || at[-1] != '\n')
		return (struct span){ text.start, text.start };
	const char *end = at - 1;
	const char *limit =
		end - text.start > SPAN_LINE_MAX ? end - SPAN_LINE_MAX : text.start;
	const char *feed =
		end > limit ? memrchr(limit, '\n', (size_t)(end - limit)) : NULL;
	return (struct span){ feed ? feed + 1 : limit, end };
}
