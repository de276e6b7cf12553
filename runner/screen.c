#include "runner/screen.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "diagnosis/road.h"
#include "diagnosis/signature.h"
#include "diagnosis/trace_words.h"
#include "util/alloc.h"
#include "util/strbuf.h"
#include "util/utf8.h"

/* Columns of the stack: "  3  compiler     OpenCL    CRASH    SIGSEGV in …" */
#define STEP_AT        5
#define ROAD_AT        18
#define WORD_AT        28
#define DETAIL_AT      37
#define ROAD_DETAIL_AT 43 /* of the other roads, whose words are longer */
#define LABEL_WIDTH    9
#define SETUP_RIGHT_AT 45
#define BELOW_RUNG_AT  17

struct screen screen_for(FILE *file)
{
	struct screen screen = { .file = file, .width = 100 };
	int fd = fileno(file);
	struct winsize size;
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	if (fd < 0 || !isatty(fd))
		return screen;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col)
		screen.width = size.ws_col;
	if (screen.width > 100)
		screen.width = 100;
	if (screen.width < 60)
		screen.width = 60;
	screen.colour = !(no_color && *no_color) && !(term && !strcmp(term, "dumb"));
	return screen;
}

/* Columns of UTF-8 text: one per character; what is wider is rare here. */
static int columns(const char *text, size_t size)
{
	int n = 0;
	for (size_t i = 0; i < size; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

static int columns_of(const char *text)
{
	return columns(text, strlen(text));
}

static void put(const struct screen *screen, const char *text)
{
	fputs(text, screen->file);
}

static void put_blanks(const struct screen *screen, int n)
{
	fprintf(screen->file, "%*s", n > 0 ? n : 0, "");
}

/* A stretch at the start of a text that stands out. */
struct accent {
	size_t left; /* bytes of it that are still to come */
	const char *sequence;
};

/* A record may come from anywhere: what a terminal would obey does not reach it. */
static void put_text(const struct screen *screen, const char *text, size_t size)
{
	for (size_t i = 0; i < size;) {
		uint32_t c;
		size_t n = utf8_decode(text + i, size - i, &c);
		if (c > 0x10ffff || utf8_is_control(c))
			put(screen, "?");
		else
			fwrite(text + i, 1, n, screen->file);
		i += n;
	}
}

static void put_bytes(const struct screen *screen, const char *bytes, size_t size,
		      struct accent *accent)
{
	size_t n = accent->left < size ? accent->left : size;
	bool coloured = n && screen->colour && *accent->sequence;
	if (coloured)
		put(screen, accent->sequence);
	put_text(screen, bytes, n);
	if (coloured)
		put(screen, "\033[0m");
	put_text(screen, bytes + n, size - n);
	accent->left -= n;
}

/* What has no blank to be broken at is broken where the line ends. */
static size_t cut_to(const char *text, size_t size, int room)
{
	while (size > 1 && columns(text, size) > room)
		size--;
	while (size > 1 && ((unsigned char)text[size] & 0xc0) == 0x80)
		size--;
	return size;
}

/* Text from column `at` on, continued below the same column; ends the line. */
static void put_accented(const struct screen *screen, int at, const char *text,
			 struct accent accent)
{
	int column = at;
	for (bool first = true; *text; first = false) {
		/* Several blanks stay where the line goes on: they may align. */
		size_t blanks = strspn(text, " ");
		size_t size = blanks + strcspn(text + blanks, " ");
		if (!first && column + columns(text, size) > screen->width) {
			put(screen, "\n");
			put_blanks(screen, at);
			column = at;
			text += blanks;
			size -= blanks;
		}
		size = cut_to(text, size, screen->width - column);
		put_bytes(screen, text, size, &accent);
		column += columns(text, size);
		text += size;
	}
	put(screen, "\n");
}

static void put_wrapped(const struct screen *screen, int at, const char *text)
{
	put_accented(screen, at, text, (struct accent){ 0, "" });
}

void screen_paragraph(const struct screen *screen, const char *label, int indent,
		      const char *text)
{
	put(screen, label);
	put_blanks(screen, indent - columns_of(label));
	put_wrapped(screen, indent, text);
}

struct colour_row {
	const char *css; /* of outcome_rows */
	const char *sequence;
};

/* ECMA-48 SGR: 32 green, 33 yellow, 31 red, 1 bold. */
static const char *colour_of(enum outcome outcome)
{
	static const struct colour_row rows[] = {
		{ "good", "\033[32m" },
		{ "cpu", "\033[33m" },
		{ "bad", "\033[1;31m" },
		{ "none", "" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(rows[i].css, outcome_rows[outcome].css))
			return rows[i].sequence;
	return "";
}

static const char *answer_colour(enum answer_word word)
{
	switch (word) {
	case ANSWER_YES:
		return "\033[1;32m";
	case ANSWER_NO:
		return "\033[1;31m";
	case ANSWER_NO_FAULT:
	case ANSWER_NOT_KNOWN:
	case ANSWER_NOT_WSL2:
	case ANSWER_WORTH_A_TEST:
		return "\033[1m";
	}
	return "";
}

/* The first word, or two or three in capitals, is the answer: it may be coloured. */
static size_t answer_size(const char *line)
{
	size_t size = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ2 ");
	while (size && line[size] != ':' && line[size - 1] != ' ')
		size--;
	while (size && line[size - 1] == ' ')
		size--;
	return size;
}

void screen_headline(const struct screen *screen, const struct answer *answer)
{
	for (size_t i = 0; i < answer->headline.n; i++) {
		const char *line = answer->headline.string[i];
		const struct accent accent = { i ? 0 : answer_size(line),
					       answer_colour(answer->word) };
		put_accented(screen, 0, line, accent);
	}
}

/* In two columns where both fit. */
static void put_setup(const struct screen *screen, const struct strings *setup)
{
	for (size_t i = 0; i < setup->n; i++) {
		const char *left = setup->string[i];
		const char *right = i + 1 < setup->n ? setup->string[i + 1] : NULL;
		if (!right || columns_of(left) + 2 > SETUP_RIGHT_AT ||
		    SETUP_RIGHT_AT + columns_of(right) > screen->width) {
			put_wrapped(screen, 0, left);
			continue;
		}
		put_text(screen, left, strlen(left));
		put_blanks(screen, SETUP_RIGHT_AT - columns_of(left));
		put_wrapped(screen, SETUP_RIGHT_AT, right);
		i++;
	}
}

/* The word, and the detail behind it; ends the line. */
static void put_outcome(const struct screen *screen, const struct answer_step *step,
			int detail_at)
{
	struct accent accent = { strlen(step->word), colour_of(step->outcome) };
	put_bytes(screen, step->word, strlen(step->word), &accent);
	if (!step->detail) {
		put(screen, "\n");
		return;
	}
	int column = WORD_AT + columns_of(step->word);
	if (column + 2 > detail_at)
		detail_at = column + 2;
	put_blanks(screen, detail_at - column);
	put_wrapped(screen, detail_at, step->detail);
}

static void put_floor(const struct screen *screen, const struct answer_step *step,
		      bool new_layer)
{
	if (new_layer)
		fprintf(screen->file, "  %d  ", (int)step->layer);
	else
		put_blanks(screen, STEP_AT);
	int column = STEP_AT + columns_of(step->step);
	put_text(screen, step->step, strlen(step->step));
	if (step->road) {
		int at = column < ROAD_AT ? ROAD_AT : column + 1;
		put_blanks(screen, at - column);
		put_text(screen, step->road, strlen(step->road));
		column = at + columns_of(step->road);
	}
	put_blanks(screen, column < WORD_AT ? WORD_AT - column : 1);
	put_outcome(screen, step, DETAIL_AT);
}

static void put_stack(const struct screen *screen, const struct answer_steps *steps)
{
	enum layer last = LAYER_UNKNOWN;
	for (size_t i = 0; i < steps->n; i++) {
		const struct answer_step *step = &steps->step[i];
		put_floor(screen, step, step->layer != last);
		last = step->layer;
	}
}

static void put_roads(const struct screen *screen, const char *title,
		      const struct answer_steps *steps)
{
	if (!steps->n)
		return;
	fprintf(screen->file, "\n  %s\n", title);
	for (size_t i = 0; i < steps->n; i++) {
		const struct answer_step *step = &steps->step[i];
		int column = STEP_AT + columns_of(step->step);
		put_blanks(screen, STEP_AT);
		put_text(screen, step->step, strlen(step->step));
		put_blanks(screen, column < WORD_AT ? WORD_AT - column : 1);
		put_outcome(screen, step, ROAD_DETAIL_AT);
	}
}

static void put_labelled(const struct screen *screen, const char *label,
			 const struct strings *strings)
{
	int indent = columns_of(label) + 2;
	if (indent < LABEL_WIDTH)
		indent = LABEL_WIDTH;
	for (size_t i = 0; i < strings->n; i++)
		screen_paragraph(screen, i ? "" : label, indent, strings->string[i]);
}

static void put_todo(const struct screen *screen, const struct strings *todo)
{
	for (size_t i = 0; i < todo->n; i++) {
		cleanup_free char *label =
			xasprintf("%-*s%zu", LABEL_WIDTH, i ? "" : "Do", i + 1);
		screen_paragraph(screen, label, LABEL_WIDTH + 3, todo->string[i]);
	}
}

static void put_gap(const struct screen *screen, size_t lines)
{
	if (lines)
		put(screen, "\n");
}

static bool all_pass(const struct answer_steps *steps)
{
	for (size_t i = 0; i < steps->n; i++)
		if (steps->step[i].outcome != OUTCOME_PASS)
			return false;
	return true;
}

void screen_answer(const struct screen *screen, const struct answer *answer)
{
	screen_headline(screen, answer);
	put_gap(screen, answer->setup.n);
	put_setup(screen, &answer->setup);
	put_gap(screen, answer->stack.n);
	put_stack(screen, &answer->stack);
	put_roads(screen,
		  !answer->stack.n ? "steps"
		  : answer->npu    ? "other roads"
				   : "other roads to this GPU",
		  &answer->roads);
	if (!answer->stack.n || !all_pass(&answer->controls))
		put_roads(screen, "the same code on the CPU, our own check",
			  &answer->controls);
	put_gap(screen, answer->tested.n + answer->likely.n + answer->not_known.n +
				answer->not_it.n);
	put_labelled(screen, "Tested", &answer->tested);
	put_labelled(screen, "Likely", &answer->likely);
	put_labelled(screen, "Not known", &answer->not_known);
	put_labelled(screen, "Not it", &answer->not_it);
	put_gap(screen, answer->todo.n + answer->leave.n);
	put_todo(screen, &answer->todo);
	put_labelled(screen, "Leave", &answer->leave);
}

/* Under a YES a line nobody has met is a remark, never a colour. */
static void put_unmet(const struct screen *screen, const struct answer *answer)
{
	int64_t unmet = 0;
	for (size_t i = 0; i < answer->lines.n; i++)
		if (!answer->lines.line[i].met)
			unmet = counts_add(unmet, answer->lines.line[i].count -
							  answer->lines.line[i].own);
	if (!unmet)
		return;
	cleanup_free char *text =
		xasprintf("works; %" PRId64 " kernel line%s we have not met before "
			  "(dxgmatrix show last)",
			  unmet, unmet == 1 ? "" : "s");
	screen_paragraph(screen, "Remark", LABEL_WIDTH, text);
}

void screen_result(const struct screen *screen, const struct answer *answer)
{
	if (answer->word != ANSWER_YES || answer->todo.n) {
		screen_answer(screen, answer);
		return;
	}
	screen_headline(screen, answer);
	put_unmet(screen, answer);
}

static void add_value(struct strbuf *buf, const struct finding_value *value)
{
	strbuf_add_string(buf, buf->length ? "; " : "");
	for (const char *c = value->name; *c; c++)
		strbuf_add_char(buf, *c == '_' ? ' ' : *c);
	strbuf_add_char(buf, ' ');
	switch (value->kind) {
	case FINDING_STRING:
		strbuf_add_string(buf, value->string);
		break;
	case FINDING_INTEGER:
		strbuf_printf(buf, "%" PRId64, value->integer);
		break;
	case FINDING_BOOLEAN:
		strbuf_add_string(buf, value->integer ? "yes" : "no");
		break;
	}
}

static void add_findings(struct strbuf *buf, const struct findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		add_value(buf, &findings->finding[i]);
}

static void add_tries(struct strbuf *buf, const struct rung_result *rung)
{
	for (size_t i = 0; i < rung->n_tries; i++)
		strbuf_printf(buf, "%s%s",
			      i             ? ", "
			      : buf->length ? "; tries: "
					    : "tries: ",
			      outcome_rows[rung->tries[i]].words);
}

static void put_rung(const struct screen *screen, const struct rung_result *rung)
{
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	/* What blocks without being needed did so to all that came after it. */
	if (rung->blocked)
		strbuf_printf(&text, "%s %s",
			      rung->by < rung->rung ? "needs" : "after the end at",
			      rung_rows[rung->by].name);
	if (rung->reason != REASON_NONE)
		strbuf_printf(&text, "%s%s", text.length ? ": " : "",
			      reason_rows[rung->reason].words);
	add_findings(&text, &rung->findings);
	add_tries(&text, rung);
	cleanup_free char *ms =
		rung->ms >= 0 ? xasprintf("%" PRId64 " ms", rung->ms) : xstrdup("");
	fprintf(screen->file, "     %-10s  ", rung_rows[rung->rung].name);
	struct accent accent = { SIZE_MAX, colour_of(rung->outcome) };
	const char *word = outcome_rows[rung->outcome].words;
	put_bytes(screen, word, strlen(word), &accent);
	bool more = *ms || text.length;
	put_blanks(screen, more ? 14 - columns_of(word) : 0);
	if (more)
		fprintf(screen->file, "%8s", ms);
	put(screen, text.length ? "  " : "");
	put_wrapped(screen, 41, text.string);
}

/* A line below a rung, in its middle columns. */
static void put_below_rung(const struct screen *screen, const char *text)
{
	put_blanks(screen, BELOW_RUNG_AT);
	put_wrapped(screen, BELOW_RUNG_AT + 2, text);
}

static void put_refusals(const struct screen *screen, const struct trace *trace)
{
	cleanup_arena struct arena arena = { 0 };
	const struct trace_failures all = trace_failures(trace, &arena);
	for (size_t i = 0; i < all.n; i++) {
		const struct trace_failure *failure = &all.failure[i];
		const struct signature *known = signature_find_trace(failure);
		cleanup_strbuf struct strbuf text;
		strbuf_init(&text);
		strbuf_add_string(&text, "DXG refused ");
		trace_add_call(&text, failure->ioctl, failure->has_type, failure->type);
		strbuf_printf(&text, " (%d), %" PRId64 " time%s: %s", failure->error,
			      failure->count, failure->count == 1 ? "" : "s",
			      known ? known->meaning : "not met before");
		put_below_rung(screen, text.string);
	}
}

static void put_last(const struct screen *screen, const struct rung_result *rung)
{
	const struct trace *trace = &rung->trace;
	if (!trace->n_last)
		return;
	cleanup_free char *title = xasprintf("the last DXG calls before %s:",
					     trace_end_words(rung->outcome));
	put_below_rung(screen, title);
	for (size_t i = 0; i < trace->n_last; i++) {
		const struct trace_last *last = &trace->last[i];
		cleanup_strbuf struct strbuf time, text;
		strbuf_init(&time);
		strbuf_init(&text);
		if (last->before_us >= 0)
			trace_add_time(&time, last->before_us);
		if (last->thread)
			strbuf_printf(&text, "thread %" PRId64 ": ", last->thread);
		trace_add_call(&text, last->ioctl, last->has_type, last->type);
		strbuf_add_char(&text, ' ');
		trace_add_end(&text, last);
		put_blanks(screen, BELOW_RUNG_AT + 2);
		fprintf(screen->file, "%7s  ", time.string);
		put_wrapped(screen, BELOW_RUNG_AT + 11, text.string);
	}
}

/* Said once for all its rungs. */
static void put_unseen(const struct screen *screen, const struct result *result)
{
	const char *why = NULL;
	for (size_t i = 0; i < result->n_rungs && !why; i++)
		if (!result->rungs[i].trace.how)
			why = result->rungs[i].trace.why;
	if (!why)
		return;
	cleanup_free char *text = xasprintf("its DXG calls were not seen: %s", why);
	put_blanks(screen, STEP_AT);
	put_wrapped(screen, STEP_AT, text);
}

static void put_result(const struct screen *screen, const struct result *result)
{
	cleanup_strbuf struct strbuf device;
	strbuf_init(&device);
	add_findings(&device, &result->device);
	const char *title = road_title(result->interface);
	put(screen, "\n  ");
	put_text(screen, title, strlen(title));
	put(screen, result->role == ROLE_CONTROL ? ", our own check on the CPU" : "");
	put(screen, result->reported ? ", as the text claims\n" : "\n");
	if (device.length) {
		put_blanks(screen, STEP_AT);
		put_wrapped(screen, STEP_AT, device.string);
	}
	for (size_t i = 0; i < result->n_rungs; i++) {
		put_rung(screen, &result->rungs[i]);
		put_refusals(screen, &result->rungs[i].trace);
		put_last(screen, &result->rungs[i]);
	}
	put_unseen(screen, result);
}

/* What a line means, with the first thread that shows it; or where it came from. */
static void put_meaning(const struct screen *screen, const struct answer_line *line)
{
	const char *source = line->sources ? line->sources[0] : NULL;
	bool thread = source && strncmp(source, "https:", 6) != 0;
	cleanup_free char *text =
		!line->met ? xstrdup(line->own ? "of this run's own steps"
					       : "not met before")
			   : xasprintf("%s%s%s%s", line->meaning, thread ? " (" : "",
				       thread ? source : "", thread ? ")" : "");
	put_blanks(screen, 14);
	put_wrapped(screen, 14, text);
}

static void put_lines(const struct screen *screen, const struct answer *answer,
		      const struct record *record)
{
	if (!answer->lines.n && !record->kernel_log.unread)
		return;
	put(screen, "\n  kernel lines\n");
	if (record->kernel_log.unread) {
		put_blanks(screen, STEP_AT);
		put_wrapped(screen, STEP_AT, record->kernel_log.unread);
	}
	for (size_t i = 0; i < answer->lines.n; i++) {
		const struct answer_line *line = &answer->lines.line[i];
		fprintf(screen->file, "     %7" PRId64 "  ", line->count);
		put_wrapped(screen, 14, line->line);
		put_meaning(screen, line);
	}
}

void screen_details(const struct screen *screen, const struct answer *answer,
		    const struct record *record)
{
	for (size_t i = 0; i < record->n_results; i++)
		put_result(screen, &record->results[i]);
	put_lines(screen, answer, record);
}
