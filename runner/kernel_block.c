#include "runner/kernel_block.h"

#include <ctype.h>
#include <string.h>

#include "util/array.h"

#define CUT_HERE  "[ cut here ]"
#define END_TRACE "---[ end trace"

/* Behind the last block that ends before `at`. */
static const char *behind_last_end(const char *from, const char *at)
{
	for (const char *mark; (mark = span_find((struct span){ from, at }, END_TRACE));)
		from = span_line(mark, at).end;
	return from;
}

struct span kernel_block_bare(struct span line)
{
	const char *kernel = span_find(line, " kernel: ");
	if (kernel)
		line.start = kernel + strlen(" kernel: ");
	line = span_trim_end(line);
	while (span_begins(line, "[")) {
		const char *close = memchr(line.start, ']', span_size(line));
		if (!close || !isdigit((unsigned char)close[-1]))
			break;
		/* a blank behind the stamp; more of them belong to the trace */
		line.start = close + 1;
		span_cut_start(&line, " ");
	}
	return line;
}

/* "cut here" may stand behind anything; what an oops begins with begins its line. */
static bool is_begin(struct span line)
{
	static const char *const marks[] = { "BUG: ", "Oops", "general protection fault",
					     "Internal error: " };
	if (span_find(line, CUT_HERE))
		return true;
	line = kernel_block_bare(line);
	for_each_row(mark, marks)
		if (span_begins(line, *mark))
			return true;
	return false;
}

/* The first line of a block among those from `from` to the one at `to`; or empty. */
static struct span find_begin(const char *from, const char *to, const char *end)
{
	while (from <= to) {
		struct span line = span_line(from, end);
		if (is_begin(line))
			return line;
		from = line.end + 1;
	}
	return (struct span){ to, to };
}

bool kernel_block_around(const char *from, const char *at, const char *end,
			 struct span *ret)
{
	struct span begin = find_begin(behind_last_end(from, at), at, end);
	if (!span_size(begin))
		return false;
	const char *limit = end - begin.start > KERNEL_BLOCK_SPAN
				    ? begin.start + KERNEL_BLOCK_SPAN
				    : end;
	const char *last =
		at < limit ? span_find((struct span){ at, limit }, END_TRACE) : NULL;
	if (!last)
		return false;
	bool marker = span_find(begin, CUT_HERE) && begin.end < at;
	ret->start = marker ? begin.end + 1 : begin.start;
	ret->end = span_line(last, end).end;
	return true;
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
