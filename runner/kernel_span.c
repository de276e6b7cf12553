#include "runner/kernel_span.h"

#include <ctype.h>
#include <string.h>

#include "runner/kernel_scan.h"

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

bool span_cut_end(struct span *span, const char *what)
{
	if (!span_ends(*span, what))
		return false;
	span->end -= strlen(what);
	*span = span_trim_end(*span);
	return true;
}

int64_t span_take_number(struct span *span)
{
	int64_t value = 0;
	const char *at = span->start;
	while (at < span->end && isdigit((unsigned char)*at) && value <= SPAN_NUMBER_MAX)
		value = value * 10 + (*at++ - '0');
	if (at == span->start || value > SPAN_NUMBER_MAX)
		return -1;
	span->start = at;
	return value;
}

int64_t span_cut_number(struct span *span)
{
	struct span number = { span->end, span->end };
	while (number.start > span->start && isdigit((unsigned char)number.start[-1]))
		number.start--;
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
