#include "web/markdown.h"

#include <string.h>

#include "util/alloc.h"
#include "util/array.h"
#include "util/strbuf.h"

static void add_lines(struct strbuf *out, const char *title, const struct strings *lines)
{
	for (size_t i = 0; i < lines->n; i++)
		strbuf_printf(out, "%-9s  %s\n", i ? "" : title, lines->string[i]);
}

static void add_steps(struct strbuf *out, const struct answer_steps *steps)
{
	for (size_t i = 0; i < steps->n; i++) {
		const struct answer_step *step = &steps->step[i];
		if (step->layer != LAYER_UNKNOWN)
			strbuf_printf(out, "%d ", (int)step->layer);
		strbuf_printf(out, "%-14s %-12s %-11s %s\n", step->step ? step->step : "",
			      step->road ? step->road : "", step->word ? step->word : "",
			      step->detail ? step->detail : "");
	}
}

/* A fence longer than any run of backticks in the text. */
static size_t fence_length(const char *text)
{
	size_t longest = 2;
	for (; *text; text++) {
		size_t run = strspn(text, "`");
		if (run > longest)
			longest = run;
		if (run)
			text += run - 1;
	}
	return longest + 1;
}

char *markdown_of_record(const struct record *record, const struct answer *answer)
{
	cleanup_strbuf struct strbuf body;
	strbuf_init(&body);
	for (size_t i = 0; i < answer->headline.n; i++)
		strbuf_printf(&body, "%s\n", answer->headline.string[i]);
	for (size_t i = 0; i < answer->setup.n; i++)
		strbuf_printf(&body, "%s\n", answer->setup.string[i]);
	strbuf_add_char(&body, '\n');
	add_steps(&body, &answer->stack);
	add_steps(&body, &answer->roads);
	add_lines(&body, "Tested", &answer->tested);
	add_lines(&body, "Likely", &answer->likely);
	add_lines(&body, "Not known", &answer->not_known);
	add_lines(&body, "Not it", &answer->not_it);
	if (record->id)
		strbuf_printf(&body, "record     %s\n", record->id);

	cleanup_strbuf struct strbuf out;
	strbuf_init(&out);
	size_t fence = fence_length(body.string);
	strbuf_add_repeated(&out, '`', fence);
	strbuf_add_string(&out, "text\n");
	strbuf_add_string(&out, body.string);
	strbuf_add_repeated(&out, '`', fence);
	strbuf_add_char(&out, '\n');
	return strbuf_take(&out);
}
