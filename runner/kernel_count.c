#include "runner/kernel_count.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "util/array.h"

#define BULLET "\xe2\x80\xa2"

/* "times" in the languages that reports come in. */
bool kernel_count_take_word(struct span *span)
{
	static const char *const words[] = {
		"times",
		"time",
		"x",
		"X",
		TIMES_SIGN,
		"occurrences",
		"occurrence",
		"occurences",
		"hits",
		"lines",
		"mal",
		"Mal",
		"fois",
		"veces",
		"vezes",
		"volte",
		"razy",
		"keer",
		"\xd1\x80\xd0\xb0\xd0\xb7", /* raz */
		"\xe6\xac\xa1",             /* Chinese */
		"\xe5\x9b\x9e",             /* Japanese */
		"\xed\x9a\x8c",             /* Korean */
		"\xeb\xb2\x88",
	};
	for_each_row(word, words) {
		struct span rest = *span;
		if (!span_cut_start(&rest, *word) ||
		    (isalpha((unsigned char)**word) && span_size(rest) &&
		     span_is_word(*rest.start)))
			continue;
		*span = rest;
		return true;
	}
	return false;
}

static bool cut_times_word(struct span *span)
{
	static const char *const words[] = { "times", "x", "X", TIMES_SIGN };
	for_each_row(word, words)
		if (span_cut_end(span, *word))
			return true;
	return false;
}

/* The number that a line begins with, behind blanks; -1 without. */
static int64_t number_of_line(struct span line)
{
	line = span_trim_start(line);
	return span_take_number(&line);
}

/* Whether the lines around one are numbered 3, 4, 5: then its number is no count. */
static bool is_numbering(const char *line_start, struct span text, int64_t number)
{
	int64_t around[5];
	struct span line = span_line(line_start, text.end);
	struct span next = line.end < text.end ? span_line(line.end + 1, text.end)
					       : (struct span){ text.end, text.end };
	struct span last = next.end < text.end ? span_line(next.end + 1, text.end)
					       : (struct span){ text.end, text.end };
	struct span before = span_line_before(line_start, text);
	around[0] = number_of_line(span_line_before(before.start, text));
	around[1] = number_of_line(before);
	around[2] = number;
	around[3] = number_of_line(next);
	around[4] = number_of_line(last);
	for (size_t i = 0; i + 2 < ARRAY_SIZE(around); i++)
		if (around[i] >= 0 && around[i] + 1 == around[i + 1] &&
		    around[i] + 2 == around[i + 2])
			return true;
	return false;
}

/* "     7\t" of cat -n and nl; blanks behind the number are cut already. */
static bool is_cat_number(struct span before, struct span text)
{
	return span_size(before) == 6 && before.end < text.end && *before.end == '\t';
}

/* What may stand before a count: the start of a line, a list or a quote. */
static bool begins_there(struct span left)
{
	struct span index = left;
	if ((span_cut_end(&index, ".") || span_cut_end(&index, ")")) &&
	    span_cut_number(&index) >= 0)
		left = index;
	return !span_size(left) || strchr("-*+>:", left.end[-1]) ||
	       span_ends(left, BULLET);
}

static int64_t cut_sign_first(struct span *before)
{
	/* "x5 ", "(x5) " */
	struct span rest = span_skip_marks_end(*before);
	if (span_cut_end(&rest, ")") || span_cut_end(&rest, "]") ||
	    span_cut_end(&rest, ":"))
		rest = span_trim_end(rest);
	int64_t times = span_cut_number(&rest);
	if (times < 1 || !cut_times_word(&rest))
		return 0;
	rest = span_skip_marks_end(rest);
	if (!begins_there(rest))
		return 0;
	*before = rest;
	return times;
}

/* "5x ", "(5x) ", "5 times: ", "134 " of uniq -c */
static int64_t cut_number_first(struct span *before, struct span text)
{
	struct span rest = span_skip_marks_end(*before);
	bool closed = span_cut_end(&rest, ")") || span_cut_end(&rest, "]");
	bool colon = span_cut_end(&rest, ":");
	rest = span_skip_marks_end(rest);
	bool word = cut_times_word(&rest);
	rest = span_skip_marks_end(rest);
	if ((closed || colon) && !word)
		return 0;
	int64_t times = span_cut_number(&rest);
	if (times < 1)
		return 0;
	struct span left = span_skip_marks_end(rest);
	if (!begins_there(left) || (!word && (is_cat_number(*before, text) ||
					      (span_size(left) && left.end[-1] == ':') ||
					      is_numbering(before->start, text, times))))
		return 0;
	*before = left;
	return times;
}

/* A date and a time of day, as of dmesg -T, journalctl and syslog, which many lines of one
 * second share. */
static size_t date_at_end(struct span before)
{
	size_t near = span_size(before) < 96 ? span_size(before) : 96;
	const char *from = before.end - near;
	for (const char *at = from; before.end - at >= 8; at++) {
		if (!isdigit((unsigned char)at[0]) || !isdigit((unsigned char)at[1]) ||
		    at[2] != ':' || !isdigit((unsigned char)at[3]) || at[5] != ':' ||
		    !isdigit((unsigned char)at[6]))
			continue;
		return (size_t)(before.end - at);
	}
	return 0;
}

/* "      3 Feb  3 10:11:12 host kernel:": uniq -c of a log with dates. */
static int64_t times_before_date(struct span before, struct span text)
{
	struct span rest = before;
	if (!date_at_end(before) || span_size(before) < 9 || *before.start != ' ' ||
	    before.start[7] != ' ' || !isdigit((unsigned char)before.start[6]))
		return 0;
	rest = span_trim_start(rest);
	int64_t times = span_take_number(&rest);
	if (times < 1 || !span_begins(rest, " ") ||
	    is_numbering(before.start, text, times))
		return 0;
	return times;
}

/* rsyslog: "message repeated 3 times: [ <the message>]" stands for three more. */
static int64_t cut_repeated(struct span *span)
{
	struct span rest = *span;
	if (!span_cut_end(&rest, "[") || !span_cut_end(&rest, "times:"))
		return 0;
	int64_t times = span_cut_number(&rest);
	if (times < 1 || !span_cut_end(&rest, "repeated"))
		return 0;
	*span = rest;
	return times;
}

/* The same where the repeated message has a stamp of its own. */
static int64_t cut_repeated_stamped(struct span *span)
{
	struct span rest = *span;
	if (!span_cut_end(&rest, "]"))
		return 0;
	const char *open = memrchr(rest.start, '[', span_size(rest));
	if (!open)
		return 0;
	rest = span_trim_end((struct span){ rest.start, open });
	int64_t times = cut_repeated(&rest);
	if (times)
		*span = rest;
	return times;
}

int64_t kernel_count_before(struct span *before, struct span text)
{
	*before = span_trim_end(*before);
	int64_t times = cut_repeated(before);
	if (!times)
		times = cut_repeated_stamped(before);
	if (!times)
		times = cut_sign_first(before);
	if (!times)
		times = cut_number_first(before, text);
	return times ? times : times_before_date(*before, text);
}

/* "(EINVAL)", "= EINVAL", closing quotes: what may stand between a number and its count. */
static struct span skip_name(struct span span)
{
	for (;;) {
		size_t before = span_size(span);
		span = span_skip_marks(span);
		if (span_begins(span, "]"))
			span.start++;
		const char *close = span_begins(span, "(E") || span_begins(span, "(-") ||
						    span_begins(span, "(0x")
					    ? span_find(span, ")")
					    : NULL;
		if (close)
			span.start = close + 1;
		if (span_begins(span, "= E"))
			span.start += 2;
		if (span_size(span) > 2 && *span.start == 'E' &&
		    isupper((unsigned char)span.start[1]))
			while (span_size(span) && span_is_word(*span.start))
				span.start++;
		if (span_size(span) == before)
			return span;
	}
}

static bool take_word(struct span *span, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct span rest = *span;
		if (span_size(rest) < strlen(words[i]) ||
		    strncasecmp(rest.start, words[i], strlen(words[i])) != 0)
			continue;
		rest.start += strlen(words[i]);
		if (span_size(rest) && span_is_word(*rest.start) &&
		    !isdigit((unsigned char)*rest.start))
			continue;
		*span = span_trim_start(rest);
		return true;
	}
	return false;
}

/* A number that a separator joins to the message: "-75: 134" at the end of the line,
 * "…-75": 134,' and "…-75",134' behind a closing quote. */
static int64_t take_joined(struct span *span)
{
	static const char *const joints[] = { ":", "=>", "=", "->", "\xe2\x86\x92" };
	struct span rest = *span;
	bool joint = span_begins(rest, "\t");
	rest = span_skip_marks(rest);
	bool quoted = rest.start > span->start && strchr("\"'`", rest.start[-1]);
	if (span_begins(rest, ",") && span_size(rest) > 1 &&
	    isdigit((unsigned char)rest.start[1])) {
		rest.start++;
		joint = true;
		quoted = false;
	}
	for (size_t i = 0; i < ARRAY_SIZE(joints) && !joint; i++)
		joint = span_cut_start(&rest, joints[i]);
	rest = span_trim_start(rest);
	int64_t times = joint ? span_take_number(&rest) : -1;
	struct span behind = span_skip_marks(rest);
	bool ends = !span_size(behind) || (quoted && strchr(",}])", *behind.start));
	if (times < 1 || !ends)
		return 0;
	*span = rest;
	return times;
}

/* "</td><td>17</td>" */
static int64_t take_html_cell(struct span *span)
{
	struct span rest = *span;
	const char *cell = span_find(rest, "</td>");
	if (!cell || span_size(span_skip_marks((struct span){ rest.start, cell })))
		return 0;
	rest.start = cell + strlen("</td>");
	rest = span_skip_marks(rest);
	int64_t times = span_take_number(&rest);
	if (times < 1 || !span_begins(rest, "<"))
		return 0;
	*span = rest;
	return times;
}

/* "x5", "5 times", "n=5" and the like */
static int64_t take_said(struct span *after)
{
	static const char *const verbs[] = { "repeated", "occurred", "occurs", "appeared",
					     "appears",  "seen",     "logged", "printed",
					     "and",      "total" };
	static const char *const names[] = { "count", "counts", "n", "total" };
	struct span span = skip_name(*after);
	while (span_size(span) && strchr("([{,;:-", *span.start))
		span = span_skip_marks((struct span){ span.start + 1, span.end });
	if (span_begins(span, "\xe2\x80\x94") || span_begins(span, "\xe2\x80\x93"))
		span = span_skip_marks((struct span){ span.start + 3, span.end });
	bool named = take_word(&span, names, ARRAY_SIZE(names));
	if (named && !span_cut_start(&span, ":") && !span_cut_start(&span, "="))
		named = false;
	while (take_word(&span, verbs, ARRAY_SIZE(verbs)))
		continue;
	bool sign = span_cut_start(&span, "x") || span_cut_start(&span, "X") ||
		    span_cut_start(&span, TIMES_SIGN);
	span = span_skip_marks(span);
	int64_t times = span_take_number(&span);
	/* "12abc", "12.5", "12%" are other things */
	if (times < 1 || (sign && span_size(span) &&
			  (span_is_word(*span.start) || strchr("%+", *span.start))))
		return 0;
	span = span_skip_marks(span);
	if (!kernel_count_take_word(&span) && !sign && !named)
		return 0;
	*after = span;
	return times;
}

int64_t kernel_count_after(struct span *after)
{
	if (!span_size(*after) || *after->start == '\r')
		return 0;
	int64_t times = take_joined(after);
	if (!times)
		times = take_html_cell(after);
	return times ? times : take_said(after);
}

static const char last_message[] = "ast message ";

bool kernel_count_is_of_last(struct span line)
{
	return span_find(line, last_message);
}

int64_t kernel_count_of_last(struct span line)
{
	const char *at = span_find(line, last_message);
	if (!at)
		return 0;
	struct span rest = { at + strlen(last_message), line.end };
	/* syslog-ng quotes the beginning of it */
	const char *close = span_begins(rest, "'")
				    ? memrchr(rest.start, '\'', span_size(rest))
				    : NULL;
	if (close)
		rest = span_trim_start((struct span){ close + 1, rest.end });
	if (!span_cut_start(&rest, "repeated "))
		return 0;
	int64_t times = span_take_number(&rest);
	return times > 0 && span_begins(rest, " time") ? times : 0;
}
