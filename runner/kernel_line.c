#include "runner/kernel_line.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "runner/kernel_block.h"
#include "runner/kernel_count.h"
#include "runner/kernel_join.h"
#include "runner/kernel_scan.h"
#include "runner/kernel_table.h"
#include "util/array.h"

#define FAILED "Ioctl failed"
/* of a second, in a stamp of printk (Linux:kernel/printk/printk.c, print_time) */
#define STAMP_PLACES 6

/* What stands before a message; of a line that a terminal broke in the middle of its
 * margin, with the line before. */
static struct kernel_margin margin_before(const struct kernel_lines *lines,
					  struct span before)
{
	char joined[512];
	struct kernel_margin margin;
	kernel_margin_before(before, (struct span){ lines->begin, lines->end }, &margin);
	if (margin.seconds >= 0 || margin.dated || margin.times ||
	    margin.voice != KERNEL_LINE)
		return margin;
	size_t size = kernel_join_margin(before, lines->begin, joined, sizeof(joined));
	struct span whole = { joined, joined + size };
	struct kernel_margin wider;
	if (!size)
		return margin;
	kernel_margin_before(whole, whole, &wider);
	/* The line before told. */
	wider.stamps_only = false;
	wider.stamp = margin.stamp;
	return wider.seconds >= 0 ? wider : margin;
}

static struct kernel_margin set_margin(struct kernel_lines *lines, struct span before,
				       struct kernel_message *ret)
{
	const struct kernel_margin margin = margin_before(lines, before);
	ret->voice = margin.voice;
	/* "this and that" are said in one voice */
	if (before.start > lines->line_start && before.start[-1] != 'n' &&
	    (margin.voice == KERNEL_QUOTE || margin.voice == KERNEL_NAMED))
		ret->voice = lines->voice;
	lines->voice = ret->voice;
	ret->times = margin.times ? margin.times : 1;
	ret->seconds = margin.seconds;
	ret->moment = margin.moment;
	ret->stamp = margin.stamp;
	ret->by_form = margin.stamps_only && ret->voice == KERNEL_LINE;
	if (margin.seconds < 0 && !margin.dated) {
		/* What it says may hang on the line before. */
		ret->by_form = false;
		ret->seconds =
			kernel_margin_json_seconds(span_line(before.start, lines->end));
	}
	return margin;
}

/* The end of a line, also of one that is spelt out: "\\n" in a string of JSON. */
static const char *unit_end(const char *at, const char *end)
{
	struct span line = span_line(at, end);
	const char *feed = span_find(line, "\\n");
	if (feed)
		line.end = feed;
	if (feed && span_ends(line, "\\r"))
		line.end -= 2;
	return line.end;
}

/*
 * What may hold one message: a line, or what lies between the ones before and after it in
 * the same line, as when a page lost its line ends.
 */
static struct span unit_around(const struct kernel_lines *lines, const char *hit)
{
	struct span unit = { lines->at > lines->line_start ? lines->at
							   : lines->line_start,
			     unit_end(hit, lines->end) };
	for (const char *feed;
	     (feed = span_find((struct span){ unit.start, hit }, "\\n")) != NULL;)
		unit.start = feed + strlen("\\n");
	const char *next =
		span_find((struct span){ hit + strlen("dxg"), unit.end }, "misc dxg: ");
	if (next)
		unit.end = next;
	return unit;
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
	span = kernel_margin_cut_stamp(span_trim_end(span));
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

/* "-22 (x3), -2 (x1)": a failure with its count may be followed by the next errno. */
static void expect_listed(struct kernel_lines *lines, const struct kernel_message *last)
{
	struct span rest = { lines->at, unit_end(lines->at, lines->end) };
	int error;
	while (span_size(rest) && strchr(")],;/& ", *rest.start))
		rest.start++;
	span_cut_start(&rest, "and ");
	rest = span_skip_marks(rest);
	if (!kernel_failure_take_errno(&rest, &error))
		return;
	int64_t times = kernel_count_after(&rest);
	if (!times)
		return;
	lines->at = rest.start;
	lines->listed = true;
	lines->next = *last;
	lines->next.error = error;
	lines->next.times = times;
	lines->next.place = 0;
}

/* The same of a line that a terminal may have broken. */
static void copy_whole(const struct kernel_lines *lines, struct kernel_message *message,
		       struct span span)
{
	char joined[1024];
	struct span line = { lines->line_start, span.end };
	size_t size =
		kernel_join_other(line, lines->begin, lines->end, joined, sizeof(joined));
	struct span whole = { joined + (span.start - line.start), joined + size };
	if (size)
		message->by_form = false; /* the lines around told */
	copy_text(message, size ? whole : span);
}

/* How often a failure was printed, by what stands in its line; and whose words it is. */
static void set_times(struct kernel_lines *lines, const struct kernel_failure *failure,
		      bool own_line, struct kernel_message *ret)
{
	struct span text = { lines->begin, lines->end };
	struct span own = { failure->start, failure->end };
	struct span line = span_line(lines->line_start, lines->end);
	struct span after = { failure->end, unit_end(failure->end, lines->end) };
	bool row = own.end <= line.end && kernel_table_is_row(line);
	int64_t times = row ? kernel_table_count(line, own, text) : -1;
	if (row)
		ret->by_form = false; /* the heading tells */
	if (times < 0 && (times = kernel_count_after(&after)) == 0)
		times = -1;
	if (times >= 0) {
		ret->times = times;
		lines->at = after.start;
		expect_listed(lines, ret);
		if (lines->listed)
			ret->by_form = false;
	} else if (own_line && kernel_margin_goes_on(after)) {
		ret->voice = KERNEL_QUOTE;
	}
}

static void set_failure(struct kernel_lines *lines, const char *begin,
			const struct kernel_failure *found, struct kernel_message *ret)
{
	struct kernel_failure failure = *found;
	const struct kernel_margin margin =
		set_margin(lines, (struct span){ begin, failure.start }, ret);
	failure.end = kernel_join_number((struct span){ lines->line_start, lines->end },
					 lines->begin, failure.end, &failure.error);
	lines->at = failure.end;
	if (failure.end != found->end)
		ret->by_form = false; /* the lines around told */
	ret->kind = KERNEL_FAILURE;
	ret->error = failure.error;
	strcpy(ret->handler, failure.handler);
	set_times(lines, &failure,
		  margin.voice == KERNEL_LINE && !margin.times && ret->seconds < 0, ret);
}

/* "<handler>: Ioctl failed: -22/-2" is of no single kind. */
static void set_several(const struct kernel_failure *failure, struct kernel_message *ret)
{
	ret->kind = KERNEL_OTHER;
	int n = snprintf(ret->text, sizeof(ret->text), "%s: " FAILED ": %d",
			 failure->handler, failure->error);
	for (size_t i = 0; i < failure->n_further; i++)
		n += snprintf(ret->text + n, sizeof(ret->text) - (size_t)n, "/%d",
			      failure->further[i]);
}

/* Reads the failure that begins in a unit. @return false where none does */
static bool read_failure(struct kernel_lines *lines, struct span unit, const char *hit,
			 struct kernel_message *ret)
{
	struct kernel_failure failure;
	struct span rest = { hit, lines->end };
	if (!kernel_failure_find((struct span){ hit, unit.end }, false, &failure) &&
	    (unit.end >= lines->end || *unit.end != '\n' ||
	     !kernel_join_find(rest, &failure)))
		return false;
	if (!failure.n_further) {
		set_failure(lines, unit.start, &failure, ret);
		return true;
	}
	lines->at = failure.end;
	set_margin(lines, (struct span){ unit.start, failure.start }, ret);
	set_several(&failure, ret);
	return true;
}

/* Whether the text behind a name is "Ioctl failed", in whatever words, or as much of it as
 * a cut line has. */
static bool is_of_failure(struct span text)
{
	static const char words[] = ": " FAILED;
	size_t n = span_size(text) < strlen(words) ? span_size(text) : strlen(words);
	if (!memcmp(text.start, words, n))
		return true;
	span_cut_start(&text, ":");
	text = span_trim_start(text);
	return span_begins(text, "Ioctl") || span_begins(text, "loctl") ||
	       span_begins(text, "ioctl failed");
}

/* "function: text" behind one of the driver's tags. */
static bool read_tagged(struct kernel_lines *lines, struct span line,
			struct kernel_message *ret)
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
		    is_of_failure((struct span){ name.end, text.end }))
			return false;
		set_margin(lines, (struct span){ line.start, text.start }, ret);
		copy_whole(lines, ret, old ? (struct span){ at, line.end } : text);
		return *ret->text;
	}
	return false;
}

/* "<handler>: -75", as people shorten it. */
static bool read_shortened(struct kernel_lines *lines, struct span line,
			   struct kernel_message *ret)
{
	const char *at = span_find(line, "dxgkio_");
	if (!at)
		return false;
	struct span rest = { at, line.end };
	while (span_size(rest) && span_is_word(*rest.start))
		rest.start++;
	int error;
	if (!span_cut_start(&rest, ": ") || !span_begins(rest, "-") ||
	    !kernel_failure_take_errno(&rest, &error))
		return false;
	set_margin(lines, (struct span){ line.start, at }, ret);
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
		struct span margin = { line.start, at };
		kernel_margin_before(margin, margin, &before);
		if (before.voice != KERNEL_LINE)
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
	set_margin(lines, (struct span){ first.start, bare.start }, ret);
	ret->voice = KERNEL_LINE;
	copy_text(ret, bare);
	lines->block_end = ret->block.end;
	return *ret->text;
}

static bool read_other(struct kernel_lines *lines, struct span line, bool first,
		       struct kernel_message *ret)
{
	ret->kind = KERNEL_OTHER;
	if (read_tagged(lines, line, ret) || read_shortened(lines, line, ret))
		return true;
	if (!first || line.start < lines->block_end)
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

/* A failure that ends its line may be repeated in the next. dmesg, of which each line
 * begins with a stamp in brackets, knows no such thing. */
static struct kernel_message *repeat(struct kernel_lines *lines)
{
	const char *at = lines->behind;
	lines->behind = NULL;
	if (!at || at >= lines->end || *at == '[')
		return NULL;
	struct span line = span_line(at, lines->end);
	int64_t times = kernel_count_of_last(line);
	if (!times)
		return NULL;
	lines->message = *lines->given;
	lines->message.times = times;
	lines->message.line++;
	/* It may quote what it repeats. */
	if (lines->at < line.end)
		lines->at = line.end;
	return &lines->message;
}

/* The next of several in one line. */
static struct kernel_message *list(struct kernel_lines *lines)
{
	if (!lines->listed)
		return NULL;
	lines->listed = false;
	lines->message = lines->next;
	expect_listed(lines, &lines->message);
	return lines->given = &lines->message;
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

/* Whether what stands behind a line may be the rest of it, which its form does not tell. */
static bool may_go_on(const struct kernel_lines *lines,
		      const struct kernel_message *message, struct span line)
{
	if (line.end == lines->end)
		return false;
	return message->kind == KERNEL_FAILURE
		       ? isdigit((unsigned char)*line.end)
		       : !kernel_join_begins_alike(line.start, line.end, lines->end);
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
	struct span line = { at, at + lines->forms.form[place].size };
	if (may_go_on(lines, &known->message, line))
		return NULL;
	known->message.seconds = seconds_of(known, at);
	if (lines->moments)
		known->message.moment = kernel_margin_moment(
			known->message.seconds, (struct span){ at, line.end });
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

/* Keeps a message, and the form of its lines to the end of the last one. Digits before the
 * first "dxg" are those of stamps. */
static void remember(struct kernel_lines *lines, const char *hit, const char *end)
{
	const struct kernel_message *message = &lines->message;
	struct span text = { lines->line_start, end }, stamp = message->stamp;
	if (!message->by_form || span_size(message->block) ||
	    kernel_count_is_of_last(text))
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
	int place = kernel_forms_add(&lines->forms, text, hit);
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
	message->voice = KERNEL_LINE;
	message->moment = 0;
	message->handler[0] = message->text[0] = '\0';
	message->error = 0;
	message->times = 1;
	message->block = (struct span){ NULL, NULL };
	message->seconds = -1;
	message->line = line;
	message->by_form = false;
	message->place = 0;
}

/* Reads the message that a line holds from `at` on, where it says "dxg". */
static struct kernel_message *read_line(struct kernel_lines *lines, const char *hit,
					bool first)
{
	struct span unit = unit_around(lines, hit);
	struct kernel_message *message = &lines->message;
	reset(message, lines->line);
	bool found = read_failure(lines, unit, hit, message);
	if (!found) {
		lines->at = unit.end;
		found = read_other(lines, unit, unit.start == lines->line_start, message);
	}
	if (!found || !message->times || message->voice == KERNEL_DENIED)
		return NULL;
	return give(lines, hit, first);
}

struct kernel_message *kernel_lines_next(struct kernel_lines *lines)
{
	struct kernel_message *message = list(lines);
	if (!message)
		message = know(lines);
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

static struct span word_at(const char *at, const char *end)
{
	struct span word = { at, at };
	while (word.end < end && span_is_word(*word.end))
		word.end++;
	return word;
}

struct kernel_message *kernel_lines_next_cut(struct kernel_lines *lines)
{
	static const char words[] = "octl failed";
	for (const char *hit;
	     (hit = span_find((struct span){ lines->at, lines->stop }, words)) != NULL;) {
		struct kernel_failure failure;
		move_to(lines, hit);
		reset(&lines->message, lines->line);
		struct span unit = unit_around(lines, hit);
		lines->at = hit + strlen(words);
		if (!kernel_failure_find_cut(unit, &failure) || failure.n_further)
			continue;
		/* The rest of a word that a terminal broke is read with its start. */
		if (failure.start == lines->line_start &&
		    kernel_join_has_start(word_at(failure.start, lines->stop),
					  lines->begin))
			continue;
		set_failure(lines, unit.start, &failure, &lines->message);
		if (lines->message.times && lines->message.voice == KERNEL_LINE)
			return &lines->message;
	}
	return NULL;
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
