#include "runner/kernel_line.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

#define FAILED "Ioctl failed"
/* More than any log holds: a larger count beside a line is no count. */
#define TIMES_MAX 1000000000

/* A part of the text. */
struct span {
	const char *start, *end;
};

static size_t span_size(struct span span)
{
	return (size_t)(span.end - span.start);
}

static const char *span_find(struct span span, const char *what)
{
	return span.start < span.end
		       ? memmem(span.start, span_size(span), what, strlen(what))
		       : NULL;
}

static bool span_ends(struct span span, const char *what)
{
	size_t length = strlen(what);
	return span_size(span) >= length && !memcmp(span.end - length, what, length);
}

static bool span_begins(struct span span, const char *what)
{
	size_t length = strlen(what);
	return span_size(span) >= length && !memcmp(span.start, what, length);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct span trim_end(struct span span)
{
	for (;;) {
		if (span_size(span) && is_blank(span.end[-1]))
			span.end--;
		else if (span_ends(span, "\xc2\xa0"))
			span.end -= 2;
		else
			return span;
	}
}

static struct span trim_start(struct span span)
{
	for (;;) {
		if (span_size(span) && is_blank(*span.start))
			span.start++;
		else if (span_begins(span, "\xc2\xa0"))
			span.start += 2;
		else
			return span;
	}
}

/* Drops what from the end, and blanks before it. */
static bool cut_end(struct span *span, const char *what)
{
	if (!span_ends(*span, what))
		return false;
	span->end -= strlen(what);
	*span = trim_end(*span);
	return true;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Takes the decimal number at the start. @return -1 where there is none or too large */
static int64_t take_number(struct span *span)
{
	int64_t value = 0;
	const char *at = span->start;
	while (at < span->end && isdigit((unsigned char)*at) && value <= TIMES_MAX)
		value = value * 10 + (*at++ - '0');
	if (at == span->start || value > TIMES_MAX)
		return -1;
	span->start = at;
	return value;
}

/* The number that ends the span, which is cut from it. @return -1 where there is none */
static int64_t cut_number(struct span *span)
{
	struct span number = { span->end, span->end };
	while (number.start > span->start && isdigit((unsigned char)number.start[-1]))
		number.start--;
	const char *start = number.start;
	int64_t value = take_number(&number);
	if (value >= 0)
		*span = trim_end((struct span){ span->start, start });
	return value;
}

/* Quotes and emphasis around a quoted line. */
static struct span cut_marks(struct span span)
{
	for (;;) {
		size_t before = span_size(span);
		if (before && strchr("`\"'*_~([{", span.end[-1]))
			span.end--;
		/* typographic quotes: U+201C, U+2018 */
		if (span_ends(span, "\xe2\x80\x9c") || span_ends(span, "\xe2\x80\x98"))
			span.end -= 3;
		span = trim_end(span);
		if (span_size(span) == before)
			return span;
	}
}

static bool cut_times_sign(struct span *span)
{
	return cut_end(span, "x") || cut_end(span, "X") || cut_end(span, "\xc3\x97");
}

/* "5x ", "134 " as of uniq -c, "| 134 |": how often, before the line. */
static int64_t times_before(struct span *span)
{
	struct span rest = *span;
	bool sign = cut_times_sign(&rest);
	bool cell = !sign && cut_end(&rest, "|");
	int64_t times = cut_number(&rest);
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

/* Reads "[  5.459659]" at the end of a span. @return -1 where it is no such stamp */
static double stamp_seconds(struct span span)
{
	if (!span_ends(span, "]"))
		return -1;
	const char *open = memrchr(span.start, '[', span_size(span));
	if (!open || span.end - open > 32)
		return -1;
	struct span inside = trim_start((struct span){ open + 1, span.end - 1 });
	char text[32];
	size_t size = span_size(inside);
	if (!size || size >= sizeof(text))
		return -1;
	memcpy(text, inside.start, size);
	text[size] = '\0';
	if (strspn(text, "0123456789.") != size)
		return -1;
	return strtod(text, NULL);
}

/* rsyslog: "message repeated 3 times: [ <the message>]" stands for three more. */
static int64_t cut_repeated(struct span *span)
{
	struct span rest = *span;
	if (!cut_end(&rest, "[") || !cut_end(&rest, "times:"))
		return 0;
	int64_t times = cut_number(&rest);
	if (times < 1 || !cut_end(&rest, "repeated"))
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
		found |= cut_end(span, *tag);
	return found;
}

/*
 * What stands before a message: its stamp, its count, and whether it begins a line at all
 * or is named in the middle of a sentence.
 */
static void read_before(struct span before, struct kernel_message *message)
{
	before = trim_end(before);
	bool tagged = cut_tags(&before);
	int64_t times = cut_repeated(&before);
	if (!times)
		times = times_before(&before);
	if (times)
		message->times = times;
	struct span stamp = before;
	cut_end(&stamp, "kernel:");
	message->seconds = stamp_seconds(stamp);
	before = cut_marks(before);
	message->mention = !tagged && !times && span_size(before) &&
			   !strchr("]:|-+>#", before.end[-1]) &&
			   !span_ends(before, "\xe2\x80\xa2"); /* U+2022 */
}

/* "(EINVAL)", closing quotes: what may stand between a number and its count. */
static struct span skip_name(struct span span)
{
	for (;;) {
		size_t before = span_size(span);
		span = trim_start(span);
		while (span_size(span) && strchr("`\"'*_]", *span.start))
			span.start++;
		const char *close = span_begins(span, "(E") ? span_find(span, ")") : NULL;
		if (close)
			span.start = close + 1;
		if (span_size(span) == before)
			return span;
	}
}

/* "x3", "× 3", "(3 times)", "| 134 |": how often, behind the line. 0 where not said */
static int64_t times_after(struct span span)
{
	span = skip_name(span);
	bool cell = span_begins(span, "|");
	if (cell || span_begins(span, "("))
		span = trim_start((struct span){ span.start + 1, span.end });
	while (cell && span_begins(span, "*"))
		span.start++;
	bool sign = span_begins(span, "x") || span_begins(span, "X");
	if (sign)
		span.start++;
	else if ((sign = span_begins(span, "\xc3\x97")))
		span.start += 2;
	span = trim_start(span);
	int64_t times = take_number(&span);
	span = trim_start(span);
	while (cell && span_begins(span, "*"))
		span.start++;
	if (cell)
		return times > 0 && (!span_size(trim_start(span)) ||
				     span_begins(trim_start(span), "|"))
			       ? times
			       : 0;
	if (sign || span_begins(span, "times") || span_begins(span, "x ") ||
	    span_begins(span, "\xc3\x97"))
		return times > 0 ? times : 0;
	return 0;
}

static bool take_minus(struct span *span)
{
	/* '-', and what text programs make of it: U+2212, U+2013 */
	static const char *const signs[] = { "-", "\xe2\x88\x92", "\xe2\x80\x93" };
	for_each_row(sign, signs) {
		if (!span_begins(*span, *sign))
			continue;
		span->start += strlen(*sign);
		return true;
	}
	return false;
}

/* Eight hexadecimal digits of a negative number: ffffffea is -22. */
static bool take_hex(struct span *span, int64_t *ret)
{
	int64_t value = 0;
	const char *at = span->start;
	if (span_begins(*span, "0x"))
		at += 2;
	const char *first = at;
	while (at < span->end && isxdigit((unsigned char)*at) && at - first < 9) {
		int digit = isdigit((unsigned char)*at)
				    ? *at - '0'
				    : tolower((unsigned char)*at) - 'a' + 10;
		value = value * 16 + digit;
		at++;
	}
	if (at - first != 8 || value <= INT32_MAX)
		return false;
	span->start = at;
	*ret = value - INT64_C(0x100000000);
	return true;
}

/* The errno at the start of a span. Two of them ("-22/-2") or a positive one are none. */
static bool take_errno(struct span *span, int *ret)
{
	struct span rest = *span;
	int64_t value;
	if (take_minus(&rest)) {
		/* NTSTATUS values pass the limit of a count: take_number is too small. */
		value = 0;
		const char *first = rest.start;
		while (rest.start < rest.end && isdigit((unsigned char)*rest.start) &&
		       rest.start - first < 10)
			value = value * 10 - (*rest.start++ - '0');
		if (rest.start == first || value < INT_MIN || value == 0)
			return false;
	} else if (!take_hex(&rest, &value)) {
		return false;
	}
	if (span_size(rest) && (is_word(*rest.start) || *rest.start == '/'))
		return false;
	*span = rest;
	*ret = (int)value;
	return true;
}

/* No message is nearly as long; a text without line ends costs no more than one with. */
#define LINE_MAX_LENGTH 4096

static struct span line_at(const char *start, const char *end)
{
	if (end - start > LINE_MAX_LENGTH)
		end = start + LINE_MAX_LENGTH;
	const char *feed =
		start < end ? memchr(start, '\n', (size_t)(end - start)) : NULL;
	return (struct span){ start, feed ? feed : end };
}

/* The handler's name before ": Ioctl failed". */
static struct span handler_before(struct span before)
{
	before = trim_end(before);
	if (!cut_end(&before, ":"))
		return (struct span){ before.end, before.end };
	struct span name = { before.end, before.end };
	while (name.start > before.start && is_word(name.start[-1]))
		name.start--;
	if (!span_begins(name, "dxgk") || span_size(name) >= KERNEL_NAME_MAX)
		name.start = name.end;
	return name;
}

/*
 * Reads the failure whose words "Ioctl failed" stand at `words`.
 * @param begin  where this message may begin: the line's start, or behind an earlier one
 * @param ret_end  behind what was read
 */
static bool read_failure(const char *begin, const char *words, const char *end,
			 struct kernel_message *ret, const char **ret_end)
{
	struct span line = line_at(words, end);
	*ret_end = words + strlen(FAILED);
	struct span name = handler_before((struct span){ begin, words });
	if (!span_size(name))
		return false;
	struct span rest = trim_start((struct span){ *ret_end, line.end });
	if (!span_begins(rest, ":"))
		return false;
	rest = trim_start((struct span){ rest.start + 1, line.end });
	if (!span_size(rest) && line.end < end)
		/* broken before the number */
		rest = trim_start(line_at(line.end + 1, end));
	if (!take_errno(&rest, &ret->error))
		return false;
	ret->kind = KERNEL_FAILURE;
	memcpy(ret->handler, name.start, span_size(name));
	ret->handler[span_size(name)] = '\0';
	read_before((struct span){ begin, name.start }, ret);
	int64_t times = times_after(rest);
	if (times)
		ret->times = times;
	*ret_end = rest.start;
	return true;
}

static void copy_text(struct kernel_message *message, struct span span)
{
	const char *remark = span_find(span, "  #");
	if (remark)
		span.end = remark;
	span = trim_end(span);
	if (span_ends(span, "]") && !memchr(span.start, '[', span_size(span)))
		span.end--; /* of "message repeated" */
	size_t size = span_size(span);
	if (size >= KERNEL_TEXT_MAX)
		size = KERNEL_TEXT_MAX - 1;
	/* no half of a character at the end */
	while (size && size < span_size(span) &&
	       ((unsigned char)span.start[size] & 0xc0) == 0x80)
		size--;
	memcpy(message->text, span.start, size);
	message->text[size] = '\0';
}

/* "function: text" behind one of the driver's tags. */
static bool read_tagged(struct span line, struct kernel_message *ret)
{
	static const char *const tags[] = { "dxgk:err: ", "dxgk: ", "misc dxg: " };
	for_each_row(tag, tags) {
		const char *at = span_find(line, *tag);
		if (!at)
			continue;
		bool old = tag == tags;
		struct span text =
			trim_start((struct span){ at + strlen(*tag), line.end });
		struct span name = { text.start, text.start };
		while (name.end < text.end && is_word(*name.end))
			name.end++;
		/* Without a name and a text behind it the line is cut. */
		if (!span_size(name) ||
		    (!old && !span_begins((struct span){ name.end, text.end }, ": ")) ||
		    span_find(text, "Ioctl"))
			return false;
		read_before((struct span){ line.start, text.start }, ret);
		copy_text(ret, old ? (struct span){ at, line.end } : text);
		return *ret->text;
	}
	return false;
}

/* What other parts of the kernel say about the driver. */
static bool read_warning(struct span line, struct kernel_message *ret)
{
	static const char *const beginnings[] = { "memcpy: detected field-spanning write",
						  "WARNING:", "BUG:", "Oops" };
	for_each_row(beginning, beginnings) {
		const char *at = span_find(line, *beginning);
		if (!at || (!span_find(line, "dxgkrnl") && !span_find(line, "dxgvmb_")))
			continue;
		struct kernel_message before = { 0 };
		read_before((struct span){ line.start, at }, &before);
		if (before.mention)
			continue;
		ret->seconds = before.seconds;
		copy_text(ret, (struct span){ at, line.end });
		return true;
	}
	return false;
}

static bool read_other(struct span line, struct kernel_message *ret)
{
	ret->kind = KERNEL_OTHER;
	return read_tagged(line, ret) || read_warning(line, ret);
}

void kernel_lines_start(struct kernel_lines *lines, const char *text, size_t size)
{
	*lines = (struct kernel_lines){ text, text + size, text, text, 1 };
}

/* Moves line_start to the line that holds `at`, counting lines on the way. */
static void move_to(struct kernel_lines *lines, const char *at)
{
	while (lines->counted < at) {
		const char *feed =
			memchr(lines->counted, '\n', (size_t)(at - lines->counted));
		lines->counted = feed ? feed + 1 : at;
		if (!feed)
			return;
		lines->line_start = feed + 1;
		lines->line++;
	}
}

bool kernel_lines_next(struct kernel_lines *lines, struct kernel_message *ret)
{
	while (lines->at < lines->end) {
		const char *hit =
			memmem(lines->at, (size_t)(lines->end - lines->at), "dxg", 3);
		if (!hit)
			break;
		move_to(lines, hit);
		/* A line may hold several messages, as when a page lost its line ends. */
		bool first = lines->at <= lines->line_start;
		const char *begin = first ? lines->line_start : lines->at;
		struct span line = line_at(hit, lines->end);
		const char *words = span_find((struct span){ hit, line.end }, FAILED);
		*ret = (struct kernel_message){ .times = 1,
						.seconds = -1,
						.line = lines->line };
		if (words) {
			if (read_failure(begin, words, lines->end, ret, &lines->at))
				return true;
			continue;
		}
		lines->at = line.end;
		if (first && read_other((struct span){ begin, line.end }, ret))
			return true;
	}
	lines->at = lines->end;
	return false;
}
