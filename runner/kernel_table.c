#include "runner/kernel_table.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "runner/kernel_count.h"
#include "util/array.h"

/* How far back a table's heading is looked for. */
#define TABLE_MAX 4096
/* No table has more columns; of a line with more bars nothing is a count. */
#define COLUMNS_MAX 32

static bool is_one_of(struct span span, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_size(span) == strlen(words[i]) &&
		    !strncasecmp(span.start, words[i], strlen(words[i])))
			return true;
	return false;
}

static size_t bar_at(const char *at, const char *end)
{
	if ((unsigned char)*at < 0x80)
		return *at == '|';
	return span_begins((struct span){ at, end }, "\xe2\x94\x82") ? 3 : 0;
}

/* The n-th cell of a row, counted from what stands before its first bar. */
static bool get_cell(struct span row, size_t n, struct span *ret)
{
	const char *start = row.start;
	for (const char *at = row.start;; at++) {
		size_t bar = at < row.end ? bar_at(at, row.end) : 1;
		if (!bar)
			continue;
		if (!n--) {
			*ret = span_skip_marks_end(
				span_skip_marks((struct span){ start, at }));
			return true;
		}
		if (at >= row.end)
			return false;
		start = at + bar;
	}
}

static size_t cell_of(struct span row, const char *where)
{
	size_t n = 0;
	for (const char *at = row.start; at < where; at++)
		n += bar_at(at, row.end) != 0;
	return n;
}

/* A cell that holds a count and nothing else. */
static int64_t count_of_cell(struct span cell)
{
	bool sign = span_cut_start(&cell, "x") || span_cut_start(&cell, TIMES_SIGN);
	int64_t times = span_take_number(&cell);
	cell = span_trim_start(cell);
	if (!sign && span_size(cell))
		kernel_count_take_word(&cell);
	return span_size(span_skip_marks(cell)) ? -1 : times;
}

/* "|---|:--:|": the line under a table's heading. */
static bool is_rule(struct span line)
{
	bool bar = false, dash = false;
	for (; line.start < line.end; line.start++) {
		if (!strchr(" |-:+=\r>", *line.start))
			return false;
		bar |= *line.start == '|' || *line.start == '+';
		dash |= *line.start == '-' || *line.start == '=';
	}
	return bar && dash;
}

/* The heading of the table in which a row stands; empty without. */
static struct span heading_of(struct span row, struct span text)
{
	const char *limit =
		row.start - text.start > TABLE_MAX ? row.start - TABLE_MAX : text.start;
	struct span line = span_line_before(row.start, text);
	while (line.start > limit && memchr(line.start, '|', span_size(line))) {
		struct span above = span_line_before(line.start, text);
		if (is_rule(line))
			return above;
		line = above;
	}
	return (struct span){ row.start, row.start };
}

/* Columns of numbers that are no counts. */
static bool is_index_title(struct span title)
{
	static const char *const words[] = {
		"#",    "no",    "no.",  "nr",    "nr.",  "line",      "id",    "index",
		"idx",  "row",   "time", "stamp", "ts",   "timestamp", "pid",   "tid",
		"cpu",  "errno", "err",  "error", "code", "ret",       "exit",  "seq",
		"zeit", "zeile", "step", "sec",   "s",    "seconds",   "issue", "uptime",
	};
	const char *end = title.start;
	while (end < title.end && *end != ' ' && *end != '(')
		end++;
	return is_one_of((struct span){ title.start, end }, words, ARRAY_SIZE(words));
}

/* "+8": what was added, of which nobody says to what */
static bool is_change(struct span row, size_t n)
{
	struct span cell;
	return get_cell(row, n, &cell) && span_size(cell) > 1 && *cell.start == '+' &&
	       isdigit((unsigned char)cell.start[1]);
}

static int64_t count_of_column(struct span row, struct span heading, size_t n)
{
	struct span cell, title;
	if (!get_cell(row, n, &cell))
		return -1;
	if (span_size(heading) && get_cell(heading, n, &title) && is_index_title(title))
		return -1;
	return count_of_cell(cell);
}

/* Whether the rows around one have 3, 4, 5 in a column. */
static bool is_index_column(struct span row, size_t n, struct span text, int64_t number)
{
	struct span cell, before = span_line_before(row.start, text);
	struct span next = row.end < text.end ? span_line(row.end + 1, text.end)
					      : (struct span){ text.end, text.end };
	int64_t above = get_cell(before, n, &cell) ? count_of_cell(cell) : -1;
	int64_t below = get_cell(next, n, &cell) ? count_of_cell(cell) : -1;
	if (number == 1)
		return above < 0 && below == 2;
	return above == number - 1 && (below < 0 || below == number + 1);
}

bool kernel_table_is_row(struct span line)
{
	return memchr(line.start, '|', span_size(line)) ||
	       span_find(line, "\xe2\x94\x82");
}

int64_t kernel_table_count(struct span row, struct span message, struct span text)
{
	size_t own = cell_of(row, message.start), last = cell_of(row, row.end);
	if (!last || last > COLUMNS_MAX)
		return -1;
	struct span heading = heading_of(row, text);
	for (size_t n = cell_of(row, message.end) + 1; n <= last; n++) {
		int64_t times = count_of_column(row, heading, n);
		if (times >= 0 || is_change(row, n))
			return times;
	}
	for (size_t n = own; n-- > 0;) {
		int64_t times = count_of_column(row, heading, n);
		if (times >= 0 && !is_index_column(row, n, text, times))
			return times;
	}
	return -1;
}
