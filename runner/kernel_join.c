#include "runner/kernel_join.h"

#include <ctype.h>
#include <string.h>

/* Of each line so much is looked at: more than any message has. */
#define PART_MAX 256

/* Parts of lines one behind the other, and where each comes from. */
struct joined {
	char text[KERNEL_JOIN_LINES * (PART_MAX + 1)];
	size_t size;
	size_t start[KERNEL_JOIN_LINES];       /* of each part in text */
	const char *origin[KERNEL_JOIN_LINES]; /* and in the text they come from */
	size_t parts;
};

static void add_part(struct joined *joined, struct span part)
{
	size_t n = span_size(part) < PART_MAX ? span_size(part) : PART_MAX;
	joined->start[joined->parts] = joined->size;
	joined->origin[joined->parts++] = part.start;
	memcpy(joined->text + joined->size, part.start, n);
	joined->size += n;
}

static const char *origin_of(const struct joined *joined, const char *at)
{
	size_t offset = (size_t)(at - joined->text);
	size_t part = joined->parts - 1;
	while (part && joined->start[part] >= offset)
		part--;
	return joined->origin[part] + (offset - joined->start[part]);
}

/* What a quote or an indentation put before the words that go on. */
static struct span bare(struct span line)
{
	for (;;) {
		line = span_trim_start(line);
		if (!span_size(line) || !strchr(">|", *line.start))
			return line;
		line.start++;
	}
}

static struct span without_return(struct span line)
{
	while (span_ends(line, "\r"))
		line.end--;
	return line;
}

/* A date or a time of day, which no line that goes on begins with. */
static bool begins_with_stamp(struct span line)
{
	const char *at = line.start;
	while (at < line.end && isdigit((unsigned char)*at))
		at++;
	return at > line.start && line.end - at > 1 && strchr("-:./", *at) &&
	       isdigit((unsigned char)at[1]);
}

/* @param soft  whether lines were broken at blanks */
static bool find_joined(struct span text, size_t lines, bool soft,
			struct kernel_failure *ret)
{
	struct joined joined = { 0 };
	struct span line = span_line(text.start, text.end);
	struct span part = without_return(line);
	if (span_size(part) > PART_MAX)
		part.start = part.end - PART_MAX;
	add_part(&joined, soft ? span_trim_end(part) : part);
	for (size_t i = 1; i < lines; i++) {
		if (line.end >= text.end || *line.end != '\n')
			return false;
		line = span_line(line.end + 1, text.end);
		if (span_begins(bare(line), "```") || begins_with_stamp(bare(line)))
			return false;
		if (soft)
			joined.text[joined.size++] = ' ';
		part = without_return(line);
		add_part(&joined, soft ? bare(part) : part);
	}
	struct span whole = { joined.text, joined.text + joined.size };
	if (!kernel_failure_find(whole, true, ret) ||
	    ret->start - joined.text >= (ptrdiff_t)joined.start[1] ||
	    ret->end - joined.text <= (ptrdiff_t)joined.start[lines - 1])
		return false;
	ret->start = origin_of(&joined, ret->start);
	ret->end = origin_of(&joined, ret->end);
	return true;
}

bool kernel_join_find(struct span text, struct kernel_failure *ret)
{
	for (size_t lines = 2; lines <= KERNEL_JOIN_LINES; lines++)
		if (find_joined(text, lines, false, ret) ||
		    find_joined(text, lines, true, ret))
			return true;
	return false;
}

/* The longest of the lines around a place, which is the width of a terminal where it broke
 * them. */
static size_t widest_around(const char *begin, const char *at, const char *end)
{
	enum { AROUND = 1024 };
	const char *from = at - begin > AROUND ? at - AROUND : begin;
	const char *to = end - at > AROUND ? at + AROUND : end;
	size_t widest = 0;
	while (from < to) {
		struct span line = span_line(from, end);
		if (span_size(without_return(line)) > widest)
			widest = span_size(without_return(line));
		from = line.end + 1;
	}
	return widest;
}

/* No errno that Linux has and the driver gives has more. */
#define ERRNO_MAX 531

/* How many digits a line begins with that may be the rest of an errno: alone in it. */
static size_t rest_of_number(const char *start, const char *end)
{
	size_t digits = 0;
	while (digits < 3 && end - start > (ptrdiff_t)digits &&
	       isdigit((unsigned char)start[digits]))
		digits++;
	if (!digits || digits > 2)
		return 0;
	struct span rest = span_line(start + digits, end);
	return span_size(span_trim_start(rest)) ? 0 : digits;
}

bool kernel_join_is_number(const char *start, const char *end)
{
	return rest_of_number(start, end);
}

const char *kernel_join_number(struct span text, const char *begin,
			       const char *number_end, int *error)
{
	enum { NARROWEST = 40 };
	struct span first = span_line(text.start, text.end);
	struct span line = without_return(first);
	if (number_end != line.end || first.end >= text.end ||
	    !isdigit((unsigned char)number_end[-1]) || *error <= -100)
		return number_end;
	const char *next = first.end + 1;
	size_t digits = rest_of_number(next, text.end);
	int value = *error;
	for (size_t i = 0; i < digits; i++)
		value = value * 10 - (next[i] - '0');
	if (!digits || value < -ERRNO_MAX || span_size(line) < NARROWEST ||
	    span_size(line) < widest_around(begin, line.start, text.end))
		return number_end;
	*error = value;
	return next + digits;
}

/* The line before the one at `start`, as much of its end as a message may have. */
static struct span end_before(const char *start, const char *begin)
{
	if (start <= begin || start[-1] != '\n')
		return (struct span){ start, start };
	const char *end = start - 1;
	const char *limit = end - begin > PART_MAX ? end - PART_MAX : begin;
	const char *feed =
		end > limit ? memrchr(limit, '\n', (size_t)(end - limit)) : NULL;
	return without_return((struct span){ feed ? feed + 1 : limit, end });
}

bool kernel_join_has_start(struct span name, const char *begin)
{
	struct span before = end_before(name.start, begin);
	struct span word = { before.end, before.end };
	char joined[2 * KERNEL_NAME_MAX];
	while (word.start > before.start && span_is_word(word.start[-1]))
		word.start--;
	if (!span_size(word) || span_size(word) + span_size(name) >= sizeof(joined))
		return false;
	memcpy(joined, word.start, span_size(word));
	memcpy(joined + span_size(word), name.start, span_size(name));
	joined[span_size(word) + span_size(name)] = '\0';
	return kernel_failure_is_handler(joined);
}

size_t kernel_join_margin(struct span before, const char *begin, char ret[],
			  size_t ret_size)
{
	struct span last = end_before(before.start, begin);
	if (!span_size(last) || span_size(last) >= ret_size / 2 ||
	    span_size(before) >= ret_size / 2)
		return 0;
	before = bare(before);
	memcpy(ret, last.start, span_size(last));
	memcpy(ret + span_size(last), before.start, span_size(before));
	return span_size(last) + span_size(before);
}

bool kernel_join_begins_alike(const char *line, const char *next, const char *end)
{
	enum { SAME = 3 };
	/* as most do */
	if (next < end && *line == '[' && *next == '[')
		return true;
	struct span behind = span_trim_start(span_line(next, end));
	return span_size(behind) < SAME || !memcmp(line, next, SAME);
}

/* Whether a line is as wide as others, and the next one does not begin as it does. */
static bool is_full(struct span line, size_t width, const char *end)
{
	struct span bare_line = without_return(line);
	return span_size(bare_line) == width && line.end < end &&
	       !kernel_join_begins_alike(line.start, line.end + 1, end);
}

size_t kernel_join_other(struct span unit, const char *begin, const char *end, char ret[],
			 size_t ret_size)
{
	enum { NARROWEST = 60, AROUND = 2048 };
	const char *from = unit.start - begin > AROUND ? unit.start - AROUND : begin;
	const char *to = end - unit.end > AROUND ? unit.end + AROUND : end;
	struct span own = without_return(unit);
	size_t width = span_size(own), full = 0;
	if (width < NARROWEST || unit.end >= end || *unit.end != '\n' ||
	    !is_full(unit, width, end))
		return 0;
	while (from < to) {
		struct span line = span_line(from, end);
		if (span_size(without_return(line)) > width)
			return 0;
		full += is_full(line, width, end);
		from = line.end + 1;
	}
	struct span next = without_return(span_line(unit.end + 1, end));
	if (full < 2 || width + span_size(next) > ret_size)
		return 0;
	memcpy(ret, own.start, width);
	memcpy(ret + width, next.start, span_size(next));
	return width + span_size(next);
}
