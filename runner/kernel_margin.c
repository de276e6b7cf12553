#include "runner/kernel_margin.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "runner/kernel_count.h"
#include "util/array.h"

#define STAMP_MAX 48
/* A date and a time begin this near to the start of a line. */
#define DATE_MAX 64

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
	/* Markdown's \[ and \] */
	while (span_ends(inside, "\\"))
		inside.end--;
	while (span_ends(*span, "\\"))
		span->end--;
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
	bool blank = span_begins(rest, " ");
	while (span_begins(rest, " "))
		rest.start++;
	return blank ? span_begins(rest, "<") : !span_size(rest);
}

/* "5.459659", and "5.459659 <    0.000100 >" of dmesg -d; "[5]" is a footnote. The quotient of
 * two whole numbers that a double holds is what strtod(3) would give. */
static double seconds_of(struct span stamp, size_t *ret_places)
{
	/* clang-format off */
	static const double scale[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
		1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18 };
	/* clang-format on */
	uint64_t number = 0;
	const char *at = append_digits(stamp.start, stamp.end, &number);
	const char *places = at + 1;
	if (at == stamp.start || at >= stamp.end || *at != '.')
		return -1;
	at = append_digits(places, stamp.end, &number);
	if (at == places || (size_t)(at - stamp.start) > ARRAY_SIZE(scale) ||
	    !is_rest((struct span){ at, stamp.end }))
		return -1;
	*ret_places = (size_t)(at - places);
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

/* "3,339,5459659,-;" of /dev/kmsg: level, sequence number, microseconds, flags, and
 * "caller=T12" on some kernels. */
static double kmsg_seconds(struct span before)
{
	char text[STAMP_MAX];
	int64_t us;
	if (!span_ends(before, ";"))
		return -1;
	size_t near =
		span_size(before) < STAMP_MAX - 1 ? span_size(before) : STAMP_MAX - 1;
	struct span last = { before.end - near, before.end };
	for (const char *at = last.end; at > last.start; at--)
		if (!isalnum((unsigned char)at[-1]) && !strchr(",;-=", at[-1])) {
			last.start = at;
			break;
		}
	memcpy(text, last.start, span_size(last));
	text[span_size(last)] = '\0';
	if (strspn(text, "0123456789,") < 5 ||
	    sscanf(text, "%*9[0-9],%*20[0-9],%15" SCNd64, &us) != 1)
		return -1;
	return (double)us / 1000000;
}

/* "host kernel:", "kernel[0]:", "kern.err kernel:" */
static struct span cut_host(struct span before)
{
	struct span rest = before;
	if (!span_cut_end(&rest, "kernel:"))
		return before;
	while (!span_ends(rest, "]")) {
		struct span word = rest;
		while (span_size(word) && !isspace((unsigned char)word.end[-1]) &&
		       !span_ends(word, "\xc2\xa0"))
			word.end--;
		if (span_size(word) == span_size(rest))
			break;
		rest = span_trim_end(word);
	}
	return rest;
}

/* The last stamp in brackets; else empty. */
static struct span find_stamp(struct span before)
{
	before = cut_host(before);
	struct span stamp = cut_brackets(&before);
	return is_caller(stamp) ? cut_brackets(&before) : stamp;
}

static bool cut_tag(struct span *span, const char *tag)
{
	struct span rest = span_skip_marks_end(*span);
	if (!span_cut_end(&rest, tag))
		return false;
	*span = rest;
	return true;
}

/* The tags by which the driver's own lines begin, innermost first. */
static bool cut_tags(struct span *span)
{
	static const char *const tags[] = { "dxgk:err:", "dxgk:", "dxgk\xef\xbc\x9a",
					    "(NULL device *):" };
	static const char *const device[] = { "dxg:", "dxg\xef\xbc\x9a" };
	bool any = false, found;
	/* as the kernel prints them, which is most of them */
	if (span_cut_end(span, "misc dxg: dxgk:"))
		return true;
	do {
		found = false;
		for_each_row(tag, tags)
			found |= cut_tag(span, *tag);
		for_each_row(tag, device) {
			if (!cut_tag(span, *tag))
				continue;
			found = true;
			if (!cut_tag(span, "misc"))
				cut_tag(span, "Misc");
		}
		any |= found;
	} while (found);
	return any;
}

/* The last character of a text, 0 where there is none. */
static uint32_t last_character(struct span span)
{
	const char *at = span.end;
	while (at > span.start && span.end - at < 4) {
		at--;
		if (((unsigned char)*at & 0xc0) != 0x80)
			break;
	}
	if (at == span.end)
		return 0;
	uint32_t c = (unsigned char)*at;
	if (c < 0x80)
		return c;
	c &= c >= 0xf0 ? 0x07 : c >= 0xe0 ? 0x0f : 0x1f;
	while (++at < span.end)
		c = c << 6 | ((unsigned char)*at & 0x3f);
	return c;
}

/* A letter of any script: what is none of punctuation, symbols and pictures. */
static bool is_letter(uint32_t c)
{
	if (c < 0x80)
		return isalpha((int)c);
	return c >= 0xc0 && (c < 0x2000 || c >= 0x2c00) && (c < 0x3000 || c > 0x303f) &&
	       (c < 0xfe00 || c > 0xfe6f) && (c < 0xff00 || c > 0xff20) && c < 0x1f000;
}

/* Whether a word of a language stands in it, and not only "b)", "12." */
static bool has_word(struct span span)
{
	size_t letters = 0;
	for (const char *at = span.start; at < span.end; at++) {
		unsigned char c = (unsigned char)*at;
		letters = isalpha(c) || c >= 0x80 ? letters + 1 : 0;
		if (letters > 1)
			return true;
	}
	return false;
}

/* A time of day near the start, which lines of logs have. */
static bool has_time(struct span span)
{
	const char *limit = span.start + DATE_MAX;
	for (const char *at = span.start; span.end - at >= 5 && at < limit; at++)
		if (isdigit((unsigned char)at[0]) && isdigit((unsigned char)at[1]) &&
		    at[2] == ':' && isdigit((unsigned char)at[3]) &&
		    isdigit((unsigned char)at[4]))
			return true;
	return false;
}

/* Takes the last word of a span, without marks around it. @return false where none is */
static bool cut_word(struct span *span, struct span *ret)
{
	*span = span_skip_marks_end(*span);
	ret->end = span->end;
	while (span_size(*span) && !isspace((unsigned char)span->end[-1]))
		span->end--;
	ret->start = span->end;
	return span_size(*ret);
}

static bool is_denial(struct span word)
{
	static const char *const words[] = { "no",   "not",   "without", "never", "zero",
					     "kein", "keine", "ohne",    "sans",  "sin" };
	for_each_row(denial, words)
		if (span_size(word) == strlen(*denial) &&
		    !strncasecmp(word.start, *denial, span_size(word)))
			return true;
	return span_ends(word, "n't") ||
	       span_find(word, "\xe6\xb2\xa1\xe6\x9c\x89") != NULL;
}

/* Whether a message is what somebody searches for: "grep -c 'misc dxg: …". */
static bool is_sought(struct span before)
{
	static const char *const tools[] = { "grep",    "egrep",         "zgrep",
					     "rg",      "awk",           "sed",
					     "findstr", "Select-String", "ack" };
	struct span word;
	while (span_size(before) && strchr("/^'\"`\\ ", before.end[-1]))
		before.end--;
	while (cut_word(&before, &word)) {
		for_each_row(tool, tools)
			if (span_size(word) == strlen(*tool) &&
			    !strncasecmp(word.start, *tool, span_size(word)))
				return true;
		if (*word.start != '-')
			return false;
	}
	return false;
}

/* Whether the words before say that it is not there. */
static bool is_denied(struct span before)
{
	struct span word;
	for (int i = 0; i < 3 && cut_word(&before, &word); i++) {
		if (is_denial(word))
			return true;
		if (strchr(".!?;", word.end[-1]))
			break;
	}
	return false;
}

/* "2025-02-03T04:05:06.123456" of a daemon, with microseconds. */
static uint64_t date_moment(struct span line)
{
	const char *limit = line.start + DATE_MAX;
	for (const char *at = line.start; line.end - at >= 26 && at < limit; at++) {
		const char *digit = at, *end = at + 26;
		uint64_t moment = 0;
		size_t n = 0;
		for (; digit < end; digit++) {
			if (is_digit(*digit)) {
				moment = moment * 10 + (uint64_t)(*digit - '0');
				n++;
			} else if (!strchr("-T :.,", *digit)) {
				break;
			}
		}
		if (n == 20 && at[4] == '-' && at[13] == ':')
			return moment << 1 | 1;
	}
	return 0;
}

/* Two numbers per microsecond since boot, so that the lowest bit is free. */
uint64_t kernel_margin_moment(double seconds, struct span line)
{
	if (seconds < 0)
		return date_moment(line);
	return seconds < 1e12 ? ((uint64_t)(seconds * 1e6 + 0.5) + 1) * 2 : 0;
}

static enum kernel_voice voice_before(struct span before, bool tagged)
{
	if (span_ends(before, "kernel:"))
		return KERNEL_LINE;
	struct span said = span_skip_marks_end(before);
	uint32_t c = last_character(said);
	bool open = is_letter(c) || c == '.' || c == ',' || c == ')' ||
		    (c < 0x80 && isdigit((int)c));
	if (!c || has_time(before))
		return KERNEL_LINE;
	if (is_sought(before))
		return KERNEL_DENIED;
	if (!open || !has_word(said))
		return KERNEL_LINE;
	if (is_denied(said))
		return KERNEL_DENIED;
	return tagged ? KERNEL_QUOTE : KERNEL_NAMED;
}

static bool is_stamps_only(struct span before)
{
	/* "message repeated 0 times: [ [    1.234567]" has no count, but might have. */
	return !span_size(before) ||
	       (strchr("]:", before.end[-1]) && *before.start != ' ' &&
		!span_find(before, "repeated "));
}

void kernel_margin_before(struct span before, struct span text, struct kernel_margin *ret)
{
	size_t places = 6;
	before = span_trim_end(before);
	ret->tagged = cut_tags(&before);
	ret->times = kernel_count_before(&before, text);
	ret->dated = has_time(before);
	ret->seconds = kmsg_seconds(before);
	ret->stamp = find_stamp(before);
	if (ret->seconds < 0)
		ret->seconds = seconds_of(ret->stamp, &places);
	bool exact = ret->seconds >= 0 ? places >= 6 : ret->dated;
	ret->moment = exact ? kernel_margin_moment(ret->seconds, before) : 0;
	ret->stamps_only = !ret->times && is_stamps_only(before);
	ret->voice = ret->times || ret->seconds >= 0 ? KERNEL_LINE
						     : voice_before(before, ret->tagged);
}

bool kernel_margin_goes_on(struct span after)
{
	while (span_size(after) && strchr("`\"'*", *after.start))
		after.start++;
	if (span_size(after) < 3 || *after.start != ' ')
		return false;
	after = span_trim_start(after);
	/* the next one, in a text that lost its line ends */
	if (span_begins(after, "misc dxg") || span_begins(after, "dxgk"))
		return false;
	/* of a page's title */
	if (span_begins(after, "\xc2\xb7 "))
		return true;
	/* an issue's number; a comment has a blank there */
	if (span_begins(after, "#"))
		return span_size(after) > 1 && isdigit((unsigned char)after.start[1]);
	size_t n = 0;
	while (n < span_size(after) && islower((unsigned char)after.start[n]))
		n++;
	if (n > 1)
		return n == span_size(after) || strchr(" ,.", after.start[n]);
	struct span first = { after.start, after.start };
	while (first.end < after.end && first.end - first.start < 4 &&
	       (first.end == first.start || ((unsigned char)*first.end & 0xc0) == 0x80))
		first.end++;
	uint32_t c = last_character(first);
	return c >= 0x80 && is_letter(c);
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

struct span kernel_margin_cut_stamp(struct span text)
{
	struct span rest = span_trim_end(text);
	struct span stamp = cut_brackets(&rest);
	size_t places;
	if (is_caller(stamp))
		stamp = cut_brackets(&rest);
	return seconds_of(stamp, &places) >= 0 ? rest : text;
}
