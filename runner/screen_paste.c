#include "runner/screen_paste.h"

#include <inttypes.h>
#include <string.h>

#include "diagnosis/thread.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/strbuf.h"

/* Columns: count, line or text, and the labels of the lower half. */
#define COUNT_AT 4
#define LINE_AT  9
#define LABEL_AT 11

static bool is_harmless(const struct answer_line *line)
{
	return line->met && line->class == SIGNATURE_HARMLESS;
}

/* @param width   of the line's text, where others stand below it; 0: it stands alone
 * @param beside  what stands in the same line, or NULL */
static void put_line(const struct screen *screen, const struct answer_line *line,
		     int width, const char *beside)
{
	cleanup_free char *label =
		xasprintf("%*s%3" PRId64 " ", COUNT_AT - 2, "", line->count);
	cleanup_free char *text =
		beside ? xasprintf("%-*s   %s", width, line->line, beside)
		       : xstrdup(line->line);
	screen_paragraph(screen, label, LINE_AT, text);
}

static const char *number(size_t n)
{
	static const char *const words[] = { "no",   "one", "two",   "three", "four",
					     "five", "six", "seven", "eight", "nine" };
	return n < ARRAY_SIZE(words) ? words[n] : "many";
}

/* The lines that matter, each with what it may mean and where that is known from. */
static void put_worth(const struct screen *screen, const struct answer *answer)
{
	for (size_t i = 0; i < answer->lines.n; i++) {
		const struct answer_line *line = &answer->lines.line[i];
		if (is_harmless(line))
			continue;
		put_line(screen, line, 0, line->when);
		screen_paragraph(
			screen, "", LINE_AT,
			line->met ? line->meaning
				  : "Not met before: nobody has said what it means.");
	}
}

static size_t widest(size_t width, const char *text)
{
	size_t size = strlen(text);
	return size > width ? size : width;
}

/* A line with its meaning: in one where all of them have room for both, else below it.
 * @param width  as of put_line; 0: below */
static void put_meant(const struct screen *screen, const struct answer_line *line,
		      int width)
{
	put_line(screen, line, width, width ? line->meaning : NULL);
	if (!width)
		screen_paragraph(screen, "", LINE_AT, line->meaning);
}

/* Whether a list "a, b, c" has it. */
static bool is_in(const char *list, const char *what)
{
	size_t size = strlen(what);
	for (const char *at = list; (at = strstr(at, what)); at += size)
		if ((at == list || at[-1] == ' ') && (!at[size] || at[size] == ','))
			return true;
	return false;
}

/* An address on github.com is longer than a line; its short form tells as much. */
static char *source_name(const char *source)
{
	bool github = !strncmp(source, "https://github.com/", 19);
	return github ? thread_short(source) : xstrdup(source);
}

/* "owner/name:path" */
static bool is_file(const char *name)
{
	return strchr(name, ':') && strncmp(name, "https:", 6) != 0;
}

/* Where harmless lines are known from: threads of people, or files of the driver. */
static void put_sources(const struct screen *screen, const struct answer_lines *lines,
			bool files, const char *title)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	for (size_t i = 0; i < lines->n; i++) {
		const char *const *source =
			is_harmless(&lines->line[i]) ? lines->line[i].sources : NULL;
		for (; source && *source; source++) {
			cleanup_free char *name = source_name(*source);
			if (is_in(buf.string, name) || files != is_file(name))
				continue;
			strbuf_printf(&buf, "%s%s", buf.length ? ", " : "", name);
		}
	}
	if (!buf.length)
		return;
	cleanup_free char *text = xasprintf("%s: %s.", title, buf.string);
	screen_paragraph(screen, "", 2, text);
}

static void put_harmless(const struct screen *screen, const struct answer *answer,
			 bool all)
{
	int64_t lines = 0;
	size_t kinds = 0, width = 0, meaning = 0;
	for (size_t i = 0; i < answer->lines.n; i++) {
		if (!is_harmless(&answer->lines.line[i]))
			continue;
		lines = counts_add(lines, answer->lines.line[i].count);
		kinds++;
		width = widest(width, answer->lines.line[i].line);
		meaning = widest(meaning, answer->lines.line[i].meaning);
	}
	if (!kinds)
		return;
	cleanup_free char *title = xasprintf(
		"%" PRId64 " %sDXG line%s, %s kind%s, %sknown harmless by %s", lines,
		all ? "" : "other ", lines == 1 ? "" : "s", number(kinds),
		kinds == 1 ? "" : "s", all && kinds > 1 ? "all " : "",
		lines == 1 ? "itself" : "themselves");
	fputc('\n', screen->file);
	screen_paragraph(screen, "", 2, title);
	bool beside = LINE_AT + width + strlen("   ") + meaning <= (size_t)screen->width;
	for (size_t i = 0; i < answer->lines.n; i++)
		if (is_harmless(&answer->lines.line[i]))
			put_meant(screen, &answer->lines.line[i],
				  beside ? (int)width : 0);
	fputc('\n', screen->file);
	put_sources(screen, &answer->lines, false,
		    "Seen where the GPU works, or was not the trouble");
	put_sources(screen, &answer->lines, true, "By the driver's own source");
}

static void put_labelled(const struct screen *screen, const char *label,
			 const struct strings *strings)
{
	for (size_t i = 0; i < strings->n; i++)
		screen_paragraph(screen, i ? "" : label, LABEL_AT, strings->string[i]);
}

static void put_reasons(const struct screen *screen, const struct answer *answer)
{
	/* Beside no suspicion, what it is not has been said by the lines themselves. */
	bool suspicion = answer->likely.n + answer->not_known.n + answer->tested.n;
	if (suspicion || answer->roads.n)
		fputc('\n', screen->file);
	put_labelled(screen, "Tested", &answer->tested);
	put_labelled(screen, "Likely", &answer->likely);
	put_labelled(screen, "Not known", &answer->not_known);
	if (suspicion)
		put_labelled(screen, "Not it", &answer->not_it);
	for (size_t i = 0; i < answer->roads.n; i++) {
		const struct answer_step *road = &answer->roads.step[i];
		cleanup_free char *text = xasprintf("%s: %s%s%s", road->step, road->word,
						    road->detail ? ", " : "",
						    road->detail ? road->detail : "");
		screen_paragraph(screen, i ? "" : "Roads", LABEL_AT, text);
	}
}

static void put_todo(const struct screen *screen, const struct answer *answer)
{
	if (answer->todo.n)
		fputc('\n', screen->file);
	for (size_t i = 0; i < answer->todo.n; i++) {
		cleanup_free char *label =
			xasprintf("%-*s%zu", LABEL_AT - 2, i ? "" : "Do", i + 1);
		screen_paragraph(screen, label, LABEL_AT + 1, answer->todo.string[i]);
	}
	put_labelled(screen, "Leave", &answer->leave);
}

static void put_list(const struct screen *screen, const char *label,
		     const struct strings *strings)
{
	if (!strings->n)
		return;
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	for (size_t i = 0; i < strings->n; i++)
		strbuf_printf(&buf, "%s%s", i ? "; " : "", strings->string[i]);
	strbuf_add_char(&buf, '.');
	screen_paragraph(screen, label, LABEL_AT, buf.string);
}

void screen_paste(const struct screen *screen, const struct answer *answer)
{
	bool all_harmless = true;
	for (size_t i = 0; i < answer->lines.n; i++)
		all_harmless &= is_harmless(&answer->lines.line[i]);
	screen_headline(screen, answer);
	put_worth(screen, answer);
	put_harmless(screen, answer, all_harmless);
	put_reasons(screen, answer);
	put_todo(screen, answer);
	fputc('\n', screen->file);
	if (!answer->todo.n)
		screen_paragraph(screen, "", 0,
				 "A text can't show that a GPU works, nor why a program "
				 "failed. In ten seconds: dxgmatrix run");
	put_list(screen, "Found", &answer->found);
	put_list(screen, "Missing", &answer->missing);
	put_labelled(screen, "Skimmed", &answer->skimmed);
}
