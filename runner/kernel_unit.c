#include "runner/kernel_unit.h"

#include <stdio.h>
#include <string.h>

#include "runner/kernel_block.h"
#include "runner/kernel_count.h"
#include "runner/kernel_join.h"
#include "runner/kernel_table.h"
#include "util/array.h"

#define FAILED "Ioctl failed"

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

struct span kernel_unit_around(const struct kernel_lines *lines, const char *hit)
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

void kernel_unit_expect_listed(struct kernel_lines *lines,
			       const struct kernel_message *last)
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
	if (!size) {
		copy_text(message, span);
		return;
	}
	message->by_form = false; /* the lines around told */
	copy_text(message, (struct span){ joined + (span.start - line.start),
					  joined + size });
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
		kernel_unit_expect_listed(lines, ret);
		if (lines->listed)
			ret->by_form = false;
	} else if (own_line && kernel_margin_goes_on(after)) {
		ret->voice = KERNEL_QUOTE;
	}
}

void kernel_unit_set_failure(struct kernel_lines *lines, const char *begin,
			     const struct kernel_failure *found,
			     struct kernel_message *ret)
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
		kernel_unit_set_failure(lines, unit.start, &failure, ret);
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

bool kernel_unit_read(struct kernel_lines *lines, struct span unit, const char *hit,
		      struct kernel_message *ret)
{
	if (!read_failure(lines, unit, hit, ret)) {
		lines->at = unit.end;
		if (!read_other(lines, unit, unit.start == lines->line_start, ret))
			return false;
	}
	return ret->times && ret->voice != KERNEL_DENIED;
}
