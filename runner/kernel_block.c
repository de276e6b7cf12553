#include "runner/kernel_block.h"

#include <ctype.h>
#include <string.h>

#include "util/array.h"

#define CUT_HERE "[ cut here ]"

/* What ends a block: of one that the kernel survives without a mark, its trace. */
enum block_end { END_MARK, END_OF_TASK, BLOCK_ENDS };
static const char *const ends[BLOCK_ENDS] = {
	[END_MARK] = "---[ end trace",
	[END_OF_TASK] = "</TASK>",
};

/* Behind the last `what` before `at`, as far as its line goes. */
static const char *behind_last(const char *from, const char *at, const char *what)
{
	for (const char *mark; (mark = span_find((struct span){ from, at }, what));)
		from = span_line(mark, at).end;
	return from;
}

static size_t count_of(struct span line, const char *what)
{
	size_t n = 0;
	while (n < span_size(line) && strchr(what, line.start[n]))
		n++;
	return n;
}

/* "[   77.123456] ", "[Mon Mar  3 10:11:12 2025] ", "[  T12] ": brackets that end in a digit.
 * One blank goes with them; more belong to the trace. @return how many bytes */
static size_t stamp_size(struct span line)
{
	const char *close =
		span_begins(line, "[") ? memchr(line.start, ']', span_size(line)) : NULL;
	if (!close || !isdigit((unsigned char)close[-1]))
		return 0;
	size_t n = (size_t)(close - line.start) + 1;
	return n + (n < span_size(line) && line.start[n] == ' ');
}

/* "4,700,77123456,-;" of /dev/kmsg, "<4>", "2025-02-03T04:05:06,123456+01:00 " */
static size_t prefix_size(struct span line)
{
	size_t digits = count_of(line, "0123456789");
	size_t kmsg = digits ? count_of(line, "0123456789,-c") : 0;
	if (kmsg > digits && kmsg < span_size(line) && line.start[kmsg] == ';')
		return kmsg + 1;
	if (span_size(line) > 3 && *line.start == '<' && line.start[2] == '>' &&
	    isdigit((unsigned char)line.start[1]))
		return 3;
	size_t date = digits == 4 ? count_of(line, "0123456789-T:.,+Z") : 0;
	return date >= 19 && line.start[10] == 'T' && date < span_size(line) &&
			       line.start[date] == ' '
		       ? date + 1
		       : 0;
}

/* Marks of quotes and differences, numbers of grep -n and the names of dmesg -x: what stands
 * before a stamp. @return how many bytes */
static size_t mark_size(struct span line)
{
	if (span_begins(line, ">"))
		return 1 + (span_size(line) > 1 && line.start[1] == ' ');
	size_t n = count_of(line, " \t+-");
	n += count_of((struct span){ line.start + n, line.end }, "0123456789:");
	if (span_begins(line, "kern"))
		n = count_of(line, "kernwaigotcdubmlfp :");
	struct span rest = { line.start + n, line.end };
	return stamp_size(rest) || prefix_size(rest) ? n : 0;
}

struct span kernel_block_bare(struct span line)
{
	const char *kernel = span_find(line, " kernel: ");
	if (kernel)
		line.start = kernel + strlen(" kernel: ");
	line = span_trim_end(line);
	for (size_t n = 1; n;) {
		n = stamp_size(line);
		if (!n)
			n = prefix_size(line);
		if (!n)
			n = mark_size(line);
		line.start += n;
	}
	return line;
}

/* "cut here" may stand behind anything; what an oops or a stall begins with begins its
 * line. @return whether a line begins a block; *ret is what ends it */
static bool is_begin(struct span line, enum block_end *ret)
{
	static const struct {
		const char *words;
		enum block_end end;
	} marks[] = {
		{ "BUG: ", END_MARK },
		{ "Oops", END_MARK },
		{ "general protection fault", END_MARK },
		{ "Internal error: ", END_MARK },
		{ "UBSAN: ", END_MARK },
		{ "INFO: task ", END_OF_TASK },
		{ "watchdog: BUG: ", END_OF_TASK },
		{ "rcu: INFO: ", END_OF_TASK },
	};
	*ret = END_MARK;
	if (span_find(line, CUT_HERE))
		return true;
	line = kernel_block_bare(line);
	for_each_row(mark, marks) {
		*ret = mark->end;
		if (span_begins(line, mark->words))
			return true;
	}
	return false;
}

bool kernel_block_around(const char *from, const char *at, const char *end,
			 struct span *ret)
{
	const char *behind[BLOCK_ENDS];
	struct span rest = { at, end - at > KERNEL_BLOCK_SPAN ? at + KERNEL_BLOCK_SPAN
							      : end };
	for (size_t i = 0; i < BLOCK_ENDS; i++)
		behind[i] = behind_last(from, at, ends[i]);
	while (from <= at) {
		struct span line = span_line(from, end);
		enum block_end kind;
		from = line.end + 1;
		if (!is_begin(line, &kind) || line.start < behind[kind])
			continue;
		const char *last = span_find(rest, ends[kind]);
		if (!last || last - line.start > KERNEL_BLOCK_SPAN)
			continue;
		bool marker = span_find(line, CUT_HERE) && line.end < at;
		ret->start = marker ? line.end + 1 : line.start;
		ret->end = span_line(last, end).end;
		return true;
	}
	return false;
}

void kernel_block_copy(struct span block, char ret[KERNEL_BLOCK_MAX])
{
	size_t n = 0;
	while (block.start < block.end) {
		struct span line = span_line(block.start, block.end);
		struct span kept = kernel_block_bare(line);
		if (n + span_size(kept) + 2 > KERNEL_BLOCK_MAX)
			break;
		if (n)
			ret[n++] = '\n';
		memcpy(ret + n, kept.start, span_size(kept));
		n += span_size(kept);
		block.start = line.end + (line.end < block.end && *line.end == '\n');
	}
	ret[n] = '\0';
}
