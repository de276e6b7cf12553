#include "runner/kernel_line.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "runner/kernel_block.h"
#include "runner/kernel_margin.h"
#include "runner/kernel_scan.h"
#include "util/array.h"

#define FAILED "Ioctl failed"
/* of a second, in a stamp of printk (Linux:kernel/printk/printk.c, print_time) */
#define STAMP_PLACES 6

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
	if (span_size(rest) && (span_is_word(*rest.start) || *rest.start == '/'))
		return false;
	*span = rest;
	*ret = (int)value;
	return true;
}

/* The name that ends a span, as of a handler. Empty where it is none. */
static struct span name_at_end(struct span before)
{
	struct span name = { before.end, before.end };
	while (name.start > before.start && span_is_word(name.start[-1]))
		name.start--;
	if (!span_begins(name, "dxgk") || span_size(name) >= KERNEL_NAME_MAX)
		name.start = name.end;
	return name;
}

/* The handler's name before ": Ioctl failed". */
static struct span handler_before(struct span before)
{
	before = span_trim_end(before);
	if (!span_cut_end(&before, ":"))
		return (struct span){ before.end, before.end };
	return name_at_end(before);
}

static void set_margin(struct span before, struct span line, struct kernel_message *ret)
{
	struct kernel_margin margin;
	kernel_margin_before(before, &margin);
	ret->mention = margin.mention;
	ret->times = margin.times;
	ret->seconds = margin.seconds;
	if (margin.seconds < 0)
		ret->seconds = kernel_margin_json_seconds(line);
	ret->stamp = margin.stamp;
	ret->own =
		margin.stamps_only && ret->seconds == margin.seconds ? before.end : NULL;
}

static void copy_text(struct kernel_message *message, struct span span)
{
	const char *remark = span_find(span, "  #");
	if (remark)
		span.end = remark;
	/* of journalctl -o json */
	const char *quote = span_find(span, "\",\"");
	if (quote)
		span.end = quote;
	span = span_trim_end(span);
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

/* "<handler>: Ioctl failed: -22/-2" is of no single kind. @return whether it is that */
static bool read_several(struct span name, struct span rest, struct kernel_message *ret)
{
	struct span value = rest;
	if (!take_minus(&value) || span_take_number(&value) < 0 ||
	    !span_begins(value, "/"))
		return false;
	while (value.start < rest.end &&
	       (span_is_word(*value.start) || strchr("/-", *value.start)))
		value.start++;
	ret->kind = KERNEL_OTHER;
	ret->own = NULL; /* the walk goes on before the numbers, in a line before theirs */
	copy_text(ret, (struct span){ name.start, value.start });
	return true;
}

/*
 * Reads the failure of which the words "Ioctl failed" are known.
 * @param begin  where this message may begin: the line's start, or behind an earlier one
 * @param ret_end  behind what was read
 */
static bool read_failure(const char *begin, struct span words, const char *end,
			 struct kernel_message *ret, const char **ret_end)
{
	struct span line = span_line(words.end, end);
	*ret_end = words.end;
	struct span name = handler_before((struct span){ begin, words.start });
	if (!span_size(name))
		return false;
	struct span rest = span_trim_start(line);
	if (!span_cut_start(&rest, ":"))
		return false;
	rest = span_trim_start(rest);
	if (!span_size(rest) && line.end < end)
		/* broken before the number */
		rest = span_trim_start(span_line(line.end + 1, end));
	set_margin((struct span){ begin, name.start }, (struct span){ begin, line.end },
		   ret);
	if (!take_errno(&rest, &ret->error))
		return read_several(name, rest, ret);
	ret->kind = KERNEL_FAILURE;
	memcpy(ret->handler, name.start, span_size(name));
	ret->handler[span_size(name)] = '\0';
	int64_t times = kernel_margin_times_after(rest);
	if (times)
		ret->times = times;
	*ret_end = rest.start;
	return true;
}

/* "Ioctl failed" in a line, or broken over its end; empty where it is not there. */
static struct span find_words(struct span line, const char *end)
{
	const char *at = span_find(line, FAILED);
	if (at)
		return (struct span){ at, at + strlen(FAILED) };
	struct span before = span_trim_end(line);
	if (line.end < end && span_ends(before, "Ioctl")) {
		struct span next = span_trim_start(span_line(line.end + 1, end));
		if (span_cut_start(&next, "failed"))
			return (struct span){ before.end - strlen("Ioctl"), next.start };
	}
	return (struct span){ line.end, line.end };
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
			span_trim_start((struct span){ at + strlen(*tag), line.end });
		struct span name = { text.start, text.start };
		while (name.end < text.end && span_is_word(*name.end))
			name.end++;
		/* Without a name and a text behind it the line is cut. */
		if (!span_size(name) ||
		    (!old && !span_begins((struct span){ name.end, text.end }, ": ")) ||
		    span_find(text, "Ioctl"))
			return false;
		set_margin((struct span){ line.start, text.start }, line, ret);
		copy_text(ret, old ? (struct span){ at, line.end } : text);
		return *ret->text;
	}
	return false;
}

/* "<handler>: -75", as people shorten it. */
static bool read_shortened(struct span line, struct kernel_message *ret)
{
	const char *at = span_find(line, "dxgkio_");
	if (!at)
		return false;
	struct span rest = { at, line.end };
	while (span_size(rest) && span_is_word(*rest.start))
		rest.start++;
	int error;
	if (!span_cut_start(&rest, ": ") || !span_begins(rest, "-") ||
	    !take_errno(&rest, &error))
		return false;
	set_margin((struct span){ line.start, at }, line, ret);
	copy_text(ret, (struct span){ at, rest.start });
	return true;
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
		struct kernel_margin before;
		kernel_margin_before((struct span){ line.start, at }, &before);
		if (before.mention)
			continue;
		ret->seconds = before.seconds;
		copy_text(ret, (struct span){ at, line.end });
		return true;
	}
	return false;
}

/* A line that the driver itself did not print may belong to a trace that names it. */
static bool read_block(struct kernel_lines *lines, struct span line,
		       struct kernel_message *ret)
{
	const char *from = lines->line_start - lines->begin > KERNEL_BLOCK_SPAN
				   ? lines->line_start - KERNEL_BLOCK_SPAN
				   : lines->begin;
	/* What was looked at once for nothing is not looked at again. */
	if (from < lines->looked)
		from = lines->looked;
	lines->looked = line.end;
	if (!kernel_block_around(from, line.start, lines->end, &ret->block))
		return false;
	struct span first = span_line(ret->block.start, ret->block.end);
	struct span bare = kernel_block_bare(first);
	set_margin((struct span){ first.start, bare.start }, first, ret);
	ret->mention = false;
	copy_text(ret, bare);
	lines->block_end = ret->block.end;
	return *ret->text;
}

static bool read_other(struct kernel_lines *lines, struct span line,
		       struct kernel_message *ret)
{
	ret->kind = KERNEL_OTHER;
	if (read_tagged(line, ret) || read_shortened(line, ret))
		return true;
	if (line.start < lines->block_end)
		return false; /* a block that was given as a whole */
	return read_block(lines, line, ret) || read_warning(line, ret);
}

void kernel_lines_start(struct kernel_lines *lines, const char *text, size_t size)
{
	*lines = (struct kernel_lines){ .begin = text,
					.at = text,
					.stop = text + size,
					.end = text + size,
					.line_start = text,
					.counted = text,
					.looked = text,
					.block_end = text,
					.line = 1 };
}

/* Moves line_start to the line that holds `at`, counting lines on the way. */
static void move_to(struct kernel_lines *lines, const char *at)
{
	const char *feed = at > lines->counted ? memrchr(lines->counted, '\n',
							 (size_t)(at - lines->counted))
					       : NULL;
	if (!feed)
		return;
	lines->line += kernel_scan_feeds(lines->counted, feed + 1);
	lines->line_start = lines->counted = feed + 1;
}

static const char last_repeated[] = "last message repeated ";

/* syslogd's "last message repeated 3 times": how often, 0 where a line says no such thing. */
static int64_t repeated(struct span line)
{
	const char *at = span_find(line, last_repeated);
	if (!at)
		return 0;
	struct span rest = { at + strlen(last_repeated), line.end };
	int64_t times = span_take_number(&rest);
	return times > 0 && span_begins(rest, " time") ? times : 0;
}

/* A failure that ends its line may be repeated in the next. dmesg, of which each line
 * begins with a stamp in brackets, knows no such thing. */
static struct kernel_message *repeat(struct kernel_lines *lines)
{
	const char *line = lines->behind;
	lines->behind = NULL;
	if (!line || line >= lines->end || *line == '[')
		return NULL;
	int64_t times = repeated(span_line(line, lines->end));
	if (!times)
		return NULL;
	lines->message = *lines->given;
	lines->message.times = times;
	lines->message.line++;
	return &lines->message;
}

static double seconds_of(const struct kernel_known *known, const char *at)
{
	if (!known->digits)
		return -1;
	uint64_t s = kernel_scan_number(at + known->stamp, known->digits);
	uint64_t us =
		kernel_scan_number(at + known->stamp + known->digits + 1, STAMP_PLACES);
	return (double)(s * 1000000 + us) / 1000000;
}

/* The message of the next line, if its form is known. */
static struct kernel_message *know(struct kernel_lines *lines)
{
	const char *at = lines->at;
	int place = at == lines->line_start
			    ? kernel_forms_find(&lines->forms, at, lines->end)
			    : -1;
	if (place < 0 || at + lines->known[place].hit >= lines->stop)
		return NULL;
	struct kernel_known *known = &lines->known[place];
	known->message.seconds = seconds_of(known, at);
	known->message.line = lines->line;
	lines->at += lines->forms.form[place].size;
	lines->line += known->feeds;
	lines->line_start = lines->counted = lines->at;
	lines->behind = known->message.kind == KERNEL_FAILURE ? lines->at : NULL;
	return lines->given = &known->message;
}

static size_t count_digits(struct span span)
{
	size_t n = 0;
	while (n < span_size(span) && isdigit((unsigned char)span.start[n]))
		n++;
	return n;
}

/* A message that says when by digits in its stamps alone; from the first line, whose own it
 * is, to the end of the one in which it ends. */
static void remember(struct kernel_lines *lines, const char *hit, const char *end)
{
	const struct kernel_message *message = &lines->message;
	struct span text = { lines->line_start, end }, stamp = message->stamp;
	if (!message->own || span_size(message->block) || span_find(text, last_repeated))
		return;
	struct kernel_known known = {
		.message = *message,
		.hit = (size_t)(hit - text.start),
		.feeds = kernel_scan_feeds(text.start, text.end),
	};
	if (message->seconds >= 0) {
		known.stamp = (size_t)(stamp.start - text.start);
		known.digits = count_digits(stamp);
		stamp.start += known.digits;
		if (!known.digits || known.digits > SCAN_DIGITS_MAX ||
		    !span_cut_start(&stamp, ".") || count_digits(stamp) != STAMP_PLACES)
			return;
	}
	int place = kernel_forms_add(&lines->forms, text, message->own);
	if (place >= 0)
		lines->known[place] = known;
}

/* What a message that was read tells of those behind it. */
static struct kernel_message *give(struct kernel_lines *lines, const char *hit,
				   bool first)
{
	struct span rest = span_line(lines->at, lines->end);
	lines->given = &lines->message;
	/* A line may hold several messages, as when a page lost its line ends. */
	if (kernel_scan_dxg(rest.start, rest.end))
		return lines->given;
	if (lines->message.kind == KERNEL_FAILURE)
		lines->behind = rest.end + 1;
	if (rest.end == lines->end || *rest.end != '\n')
		return lines->given;
	if (first)
		remember(lines, hit, rest.end + 1);
	lines->at = rest.end + 1;
	move_to(lines, lines->at);
	return lines->given;
}

static void reset(struct kernel_message *message, size_t line)
{
	message->kind = KERNEL_FAILURE;
	message->mention = false;
	message->handler[0] = message->text[0] = '\0';
	message->error = 0;
	message->times = 1;
	message->block = (struct span){ NULL, NULL };
	message->seconds = -1;
	message->line = line;
	message->own = NULL;
	message->place = 0;
}

/* Reads the message that a line holds from `at` on, where it says "dxg". */
static struct kernel_message *read_line(struct kernel_lines *lines, const char *hit,
					bool first)
{
	const char *begin = lines->at;
	struct span line = span_line(hit, lines->end);
	struct span words = find_words(line, lines->end);
	bool found;
	reset(&lines->message, lines->line);
	if (span_size(words)) {
		found = read_failure(begin, words, lines->end, &lines->message,
				     &lines->at);
	} else {
		lines->at = line.end;
		found = first && read_other(lines, (struct span){ begin, line.end },
					    &lines->message);
	}
	return found ? give(lines, hit, first) : NULL;
}

struct kernel_message *kernel_lines_next(struct kernel_lines *lines)
{
	struct kernel_message *message = know(lines);
	if (!message)
		message = repeat(lines);
	while (!message && lines->at < lines->stop) {
		const char *hit = kernel_scan_dxg(lines->at, lines->end);
		if (!hit || hit >= lines->stop)
			break;
		move_to(lines, hit);
		bool first = lines->at <= lines->line_start;
		if (first)
			lines->at = lines->line_start;
		message = know(lines);
		if (message)
			break;
		message = read_line(lines, hit, first);
	}
	if (!message && lines->at < lines->stop)
		lines->at = lines->stop;
	return message;
}

size_t kernel_lines_settle(struct kernel_lines *lines)
{
	move_to(lines, lines->at);
	const char *keep = lines->at - lines->begin > KERNEL_LINES_BEHIND
				   ? lines->at - KERNEL_LINES_BEHIND
				   : lines->begin;
	return (size_t)(keep - lines->begin);
}

static const char *shifted(const char *at, const char *begin, size_t bytes)
{
	return (size_t)(at - begin) > bytes ? at - bytes : begin;
}

void kernel_lines_shift(struct kernel_lines *lines, size_t bytes)
{
	const char *begin = lines->begin;
	lines->at -= bytes;
	lines->end -= bytes;
	lines->stop -= bytes;
	lines->line_start = shifted(lines->line_start, begin, bytes);
	lines->counted = shifted(lines->counted, begin, bytes);
	lines->looked = shifted(lines->looked, begin, bytes);
	lines->block_end = shifted(lines->block_end, begin, bytes);
}
