#include "runner/kernel_line.h"

#include <string.h>

#include "runner/kernel_count.h"
#include "runner/kernel_join.h"
#include "runner/kernel_scan.h"
#include "runner/kernel_unit.h"

/* of a second, in a stamp of printk (Linux:kernel/printk/printk.c, print_time) */
#define STAMP_PLACES 6

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
	kernel_unit_expect_listed(lines, &lines->message);
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
		       ? kernel_join_is_number(line.end, lines->end)
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
	lines->voice = KERNEL_LINE; /* what stands before others has no form */
	return lines->given = &known->message;
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
	/* A failure that was cut may go on in the next line. */
	if (message->kind == KERNEL_OTHER && span_find(text, "octl"))
		return;
	struct kernel_known known = {
		.message = *message,
		.hit = (size_t)(hit - text.start),
		.feeds = kernel_scan_feeds(text.start, text.end),
	};
	if (message->seconds >= 0) {
		known.stamp = (size_t)(stamp.start - text.start);
		known.digits = span_digits(stamp);
		stamp.start += known.digits;
		if (!known.digits || known.digits > SCAN_DIGITS_MAX ||
		    !span_cut_start(&stamp, ".") || span_digits(stamp) != STAMP_PLACES)
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
	struct span unit = kernel_unit_around(lines, hit);
	reset(&lines->message, lines->line);
	return kernel_unit_read(lines, unit, hit, &lines->message)
		       ? give(lines, hit, first)
		       : NULL;
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
		struct span unit = kernel_unit_around(lines, hit);
		/* Where none of the words of a unit has a name, none is looked at again. */
		lines->at =
			unit.end > hit + strlen(words) ? unit.end : hit + strlen(words);
		if (!kernel_failure_find_cut(unit, &failure))
			continue;
		lines->at = failure.end;
		if (failure.n_further)
			continue;
		/* The rest of a word that a terminal broke is read with its start. */
		if (failure.start == lines->line_start &&
		    kernel_join_has_start(word_at(failure.start, lines->stop),
					  lines->begin))
			continue;
		kernel_unit_set_failure(lines, unit.start, &failure, &lines->message);
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
