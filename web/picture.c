#include "web/picture.h"

#include <string.h>

#include "util/alloc.h"
#include "util/array.h"
#include "web/layout.h"
#include "web/mark.h"

const char *picture_css(enum answer_word word)
{
	switch (word) {
	case ANSWER_YES:
		return "good";
	case ANSWER_NO:
		return "bad";
	/* A text proves nothing: harmless lines are no green light. */
	case ANSWER_NO_FAULT:
	case ANSWER_NOT_KNOWN:
	case ANSWER_NOT_WSL2:
	case ANSWER_WORTH_A_TEST:
		break;
	}
	return "none";
}

void picture_write_answer(struct html *h, const struct answer *answer)
{
	cleanup_free char *css = xasprintf("answer %s", picture_css(answer->word));
	html_open(h, "div", "class", css, NULL);
	for (size_t i = 0; i < answer->headline.n; i++)
		html_leaf(h, "p", answer->headline.string[i], "class",
			  i ? "lead" : "verdict", NULL);
	html_close(h, "div");

	if (!answer->setup.n)
		return;
	html_open(h, "ul", "class", "setup", NULL);
	for (size_t i = 0; i < answer->setup.n; i++)
		html_leaf(h, "li", answer->setup.string[i], NULL);
	html_close(h, "ul");
}

static void write_step(struct html *h, const struct answer_step *step, bool new_layer)
{
	html_open(h, "tr", "class", outcome_rows[step->outcome].css, NULL);
	html_open(h, "th", "scope", "row", "class", "floor", NULL);
	if (step->layer != LAYER_UNKNOWN) {
		html_open(h, "span", "class", "level", NULL);
		if (new_layer)
			html_printf(h, "%d", (int)step->layer);
		html_close(h, "span");
	}
	html_text(h, step->step);
	html_close(h, "th");
	html_leaf(h, "td", step->road, "class", "road", NULL);
	html_leaf(h, "td", step->word, "class", "word", NULL);
	html_leaf(h, "td", step->detail, "class", "detail", NULL);
	html_close(h, "tr");
}

static void write_steps(struct html *h, const struct answer_steps *steps)
{
	static const char *const titles[] = { "Layer", "Through", "How it went", "Seen",
					      NULL };
	if (!steps->n)
		return;
	html_open(h, "section", NULL);
	html_leaf(h, "h2", "The stack", NULL);
	layout_table_begin(h, "From inference down to the Windows driver",
			   "floors stack");
	layout_table_head(h, titles);
	for (size_t i = 0; i < steps->n; i++)
		write_step(h, &steps->step[i],
			   i == 0 || steps->step[i].layer != steps->step[i - 1].layer);
	layout_table_end(h);
	html_close(h, "section");
}

/* Roads have no floor: they stand beside the stack. */
static void write_road(struct html *h, const struct answer_step *step, bool reported)
{
	html_open(h, "tr", "class", reported ? NULL : outcome_rows[step->outcome].css,
		  NULL);
	html_open(h, "th", "scope", "row", "class", reported ? NULL : "floor", NULL);
	html_text(h, step->step);
	if (step->road && (!step->step || strcmp(step->road, step->step)))
		html_printf(h, " %s", step->road);
	html_close(h, "th");
	html_open(h, "td", "class", "word", NULL);
	if (reported)
		mark_write(h, mark_of_outcome(step->outcome), true, step->word);
	else
		html_text(h, step->word);
	html_close(h, "td");
	html_leaf(h, "td", step->detail, "class", "detail", NULL);
	html_close(h, "tr");
}

static void write_roads(struct html *h, const struct answer_steps *steps,
			const char *title, const char *caption, bool reported)
{
	static const char *const titles[] = { "Road", "How it went", "Seen", NULL };
	if (!steps->n)
		return;
	html_open(h, "section", NULL);
	html_leaf(h, "h2", title, NULL);
	layout_table_begin(h, caption, reported ? "stack claims" : "floors stack");
	layout_table_head(h, titles);
	for (size_t i = 0; i < steps->n; i++)
		write_road(h, &steps->step[i], reported);
	layout_table_end(h);
	html_close(h, "section");
}

void picture_write_body(struct html *h, const struct answer *answer, bool reported)
{
	write_steps(h, &answer->stack);
	if (reported)
		write_roads(h, &answer->roads, "What is reported",
			    "Somebody\xE2\x80\x99s word, not measured", true);
	else
		write_roads(
			h, &answer->roads,
			answer->stack.n ? "Other roads to this GPU" : "What was tried",
			answer->stack.n ? "Beside the stack" : "How far each road went",
			false);
	write_roads(h, &answer->controls, "Our own check",
		    "The same steps on the CPU of this machine", false);

	const struct {
		const char *title;
		const struct strings *lines;
		const char *list; /* ol: in this order */
	} notes[] = {
		{ "Tested", &answer->tested, "ul" },
		{ "Likely", &answer->likely, "ul" },
		{ "Not known", &answer->not_known, "ul" },
		{ "Not it", &answer->not_it, "ul" },
		{ "Do", &answer->todo, "ol" },
		{ "Leave", &answer->leave, "ul" },
		{ "Missing", &answer->missing, "ul" },
		{ "Skimmed", &answer->skimmed, "ul" },
	};
	bool any = false;
	for_each_row(note, notes)
		any |= note->lines->n > 0;
	if (!any)
		return;
	html_open(h, "section", NULL);
	html_leaf(h, "h2", "What is known, and what to do", NULL);
	html_open(h, "dl", "class", "notes", NULL);
	for_each_row(note, notes) {
		if (!note->lines->n)
			continue;
		html_leaf(h, "dt", note->title, NULL);
		html_open(h, "dd", NULL);
		html_open(h, note->list, NULL);
		for (size_t i = 0; i < note->lines->n; i++)
			html_leaf(h, "li", note->lines->string[i], NULL);
		html_close(h, note->list);
		html_close(h, "dd");
	}
	html_close(h, "dl");
	html_close(h, "section");
}
