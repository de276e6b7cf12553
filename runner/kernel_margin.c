#include "runner/kernel_margin.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "util/array.h"

#define BULLET      "\xe2\x80\xa2"
#define TIMES_SIGN  "\xc3\x97"
#define OPEN_DOUBLE "\xe2\x80\x9c" /* typographic quotes */
#define OPEN_SINGLE "\xe2\x80\x98"
#define STAMP_MAX   48

/* Quotes and emphasis around a quoted line. */
static struct span cut_marks(struct span span)
{
	for (;;) {
		size_t before = span_size(span);
		if (before && strchr("`\"'*_~([{", span.end[-1]))
			span.end--;
		if (span_ends(span, OPEN_DOUBLE) || span_ends(span, OPEN_SINGLE))
			span.end -= strlen(OPEN_DOUBLE);
		span = span_trim_end(span);
		if (span_size(span) == before)
			return span;
	}
}

static bool cut_times_sign(struct span *span)
{
	return span_cut_end(span, "x") || span_cut_end(span, "X") ||
	       span_cut_end(span, TIMES_SIGN);
}

/* "5x ", "(5x) ", "134 " as of uniq -c, "| 134 |": how often, before the line. */
static int64_t times_before(struct span *span)
{
	struct span rest = *span;
	bool closed = span_cut_end(&rest, ")");
	bool sign = cut_times_sign(&rest);
	bool cell = !sign && !closed && span_cut_end(&rest, "|");
	if (closed && !sign)
		return 0;
	int64_t times = span_cut_number(&rest);
	if (times < 1)
		return 0;
	/* What is left must be the start of a line, a list or a table: 12 alone may end a
	 * sentence. */
	struct span left = cut_marks(rest);
	if (span_size(left) && !strchr("|-*+>\xa2", left.end[-1]))
		return 0;
	if (cell && !span_size(left))
		return 0;
	*span = left;
	return times;
}

/* Cuts the last brackets of a span. @return what they hold; empty where it ends in none */
static struct span cut_brackets(struct span *span)
{
	struct span none = { span->end, span->end };
	if (!span_ends(*span, "]"))
		return none;
	size_t near = span_size(*span) < STAMP_MAX ? span_size(*span) : STAMP_MAX;
	const char *open = memrchr(span->end - near, '[', near);
	if (!open)
		return none;
	struct span inside = span_trim_start((struct span){ open + 1, span->end - 1 });
	*span = span_trim_end((struct span){ span->start, open });
	return inside;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Appends the digits at `at` to a number. @return behind them */
static const char *append_digits(const char *at, const char *end, uint64_t *number)
{
	for (; at < end && is_digit(*at); at++)
		*number = *number * 10 + (uint64_t)(*at - '0');
	return at;
}

/* What follows a number in a stamp: nothing, or the time since the last line. */
static bool is_rest(struct span rest)
{
	while (span_size(rest) && (is_digit(*rest.start) || *rest.start == '.'))
		rest.start++;
	bool blank = span_begins(rest, " ");
	while (span_begins(rest, " "))
		rest.start++;
	return blank ? span_begins(rest, "<") : !span_size(rest);
}

/* "5.459659", and "5.459659 <    0.000100 >" of dmesg -d. The quotient of two whole numbers
 * that a double holds is what strtod(3) would give. */
static double seconds_of(struct span stamp)
{
	/* clang-format off */
	static const double scale[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
		1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18 };
	/* clang-format on */
	uint64_t number = 0;
	const char *at = append_digits(stamp.start, stamp.end, &number);
	const char *places = at;
	if (at < stamp.end && *at == '.')
		at = append_digits(++places, stamp.end, &number);
	if (at == stamp.start || (size_t)(at - stamp.start) > ARRAY_SIZE(scale) ||
	    (at < stamp.end && !is_rest((struct span){ at, stamp.end })))
		return -1;
	return (double)number / scale[at - places];
}

/* CONFIG_PRINTK_CALLER: the task or the processor that printed. */
static bool is_caller(struct span text)
{
	if (!span_cut_start(&text, "T") && !span_cut_start(&text, "C"))
		return false;
	bool found = span_size(text);
	for (; span_size(text); text.start++)
		found &= is_digit(*text.start);
	return found;
}

/* "3,339,5459659,-;" of /dev/kmsg: level, sequence number, microseconds, flags. */
static double kmsg_seconds(struct span before)
{
	char text[STAMP_MAX];
	int64_t us;
	if (!span_ends(before, ";") || span_size(before) >= STAMP_MAX)
		return -1;
	memcpy(text, before.start, span_size(before));
	text[span_size(before)] = '\0';
	if (strspn(text, "0123456789,") < 5 ||
	    sscanf(text, "%*9[0-9],%*20[0-9],%15" SCNd64, &us) != 1)
		return -1;
	return (double)us / 1000000;
}

/* The last stamp in brackets; else empty. */
static struct span find_stamp(struct span before)
{
	if (span_cut_end(&before, "kernel:") && !span_ends(before, "]")) {
		/* the host's name */
		while (span_size(before) && !isspace((unsigned char)before.end[-1]))
			before.end--;
		before = span_trim_end(before);
	}
	struct span stamp = cut_brackets(&before);
	return is_caller(stamp) ? cut_brackets(&before) : stamp;
}

/* rsyslog: "message repeated 3 times: [ <the message>]" stands for three more. */
static int64_t cut_repeated(struct span *span)
{
	struct span rest = *span;
	if (!span_cut_end(&rest, "[") || !span_cut_end(&rest, "times:"))
		return 0;
	int64_t times = span_cut_number(&rest);
	if (times < 1 || !span_cut_end(&rest, "repeated"))
		return 0;
	*span = rest;
	return times;
}

/* The tags by which the driver's own lines begin, innermost first. */
static bool cut_tags(struct span *span)
{
	static const char *const tags[] = { "dxgk:err:", "dxgk:", "misc dxg:",
					    "(NULL device *):" };
	bool found = false;
	for_each_row(tag, tags)
		found |= span_cut_end(span, *tag);
	return found;
}

void kernel_margin_before(struct span before, struct kernel_margin *ret)
{
	before = span_trim_end(before);
	bool tagged = cut_tags(&before);
	int64_t times = cut_repeated(&before);
	if (!times)
		times = times_before(&before);
	ret->times = times ? times : 1;
	ret->seconds = kmsg_seconds(before);
	ret->stamp = find_stamp(before);
	if (ret->seconds < 0)
		ret->seconds = seconds_of(ret->stamp);
	ret->stamps_only = !times && (!span_size(before) || strchr("]:", before.end[-1]));
	before = cut_marks(before);
	ret->mention = !tagged && !times && span_size(before) &&
		       !strchr("]:|-+>#", before.end[-1]) && !span_ends(before, BULLET);
}

/* "(EINVAL)", closing quotes: what may stand between a number and its count. */
static struct span skip_name(struct span span)
{
	for (;;) {
		size_t before = span_size(span);
		span = span_trim_start(span);
		while (span_size(span) && strchr("`\"'*_]", *span.start))
			span.start++;
		const char *close = span_begins(span, "(E") ? span_find(span, ")") : NULL;
		if (close)
			span.start = close + 1;
		if (span_size(span) == before)
			return span;
	}
}

/* A count in a table's cell, which holds nothing else. */
static int64_t times_of_cell(struct span span)
{
	span = span_trim_start(span);
	while (span_cut_start(&span, "*"))
		continue;
	int64_t times = span_take_number(&span);
	span = span_trim_start(span);
	while (span_cut_start(&span, "*"))
		continue;
	span = span_trim_start(span);
	return times > 0 && (!span_size(span) || *span.start == '|') ? times : 0;
}

static bool begins_word(struct span span, const char *word)
{
	return span_cut_start(&span, word) &&
	       (!span_size(span) || !span_is_word(*span.start));
}

int64_t kernel_margin_times_after(struct span after)
{
	struct span span = skip_name(after);
	if (span_cut_start(&span, "|"))
		return times_of_cell(span);
	if (span_cut_start(&span, "(") || span_cut_start(&span, ","))
		span = span_trim_start(span);
	bool word = span_cut_start(&span, "repeated ");
	bool sign = !word && (span_cut_start(&span, "x") || span_cut_start(&span, "X") ||
			      span_cut_start(&span, TIMES_SIGN));
	span = span_trim_start(span);
	int64_t times = span_take_number(&span);
	span = span_trim_start(span);
	bool behind = begins_word(span, "times") || begins_word(span, "x") ||
		      span_begins(span, TIMES_SIGN);
	return times > 0 && (sign || behind) ? times : 0;
}

double kernel_margin_json_seconds(struct span line)
{
	static const char name[] = "_MONOTONIC_TIMESTAMP\"";
	line = span_trim_start(line);
	const char *at = span_begins(line, "{") ? span_find(line, name) : NULL;
	if (!at)
		return -1;
	struct span value = { at + strlen(name), line.end };
	while (span_size(value) && strchr(" :\"", *value.start))
		value.start++;
	/* Microseconds pass the limit of a count after a quarter of an hour. */
	double us = 0;
	size_t digits = 0;
	for (; span_size(value) && isdigit((unsigned char)*value.start) && digits < 15;
	     value.start++, digits++)
		us = us * 10 + (*value.start - '0');
	return digits ? us / 1000000 : -1;
}
