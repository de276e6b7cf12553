#include "web/trace_table.h"

#include <inttypes.h>

#include "diagnosis/road.h"
#include "diagnosis/signature.h"
#include "diagnosis/trace_words.h"
#include "util/alloc.h"
#include "util/strbuf.h"
#include "web/layout.h"
#include "web/signature_table.h"

/* What concerns a whole record, found in one pass. */
struct refusal {
	const struct result *result;
	const struct rung_result *rung;
	struct trace_failure failure;
};

struct seen {
	struct arena arena;
	struct refusal *refusals;
	size_t n_refusals;
	bool has_last;
	const char *why; /* of the first step of which no call was seen, or NULL */
};

static void look_at(struct seen *seen, const struct result *result,
		    const struct rung_result *rung)
{
	const struct trace *trace = &rung->trace;
	const struct trace_failures all = trace_failures(trace, &seen->arena);
	for (size_t i = 0; i < all.n; i++)
		*arena_push(&seen->arena, seen->refusals, seen->n_refusals) =
			(struct refusal){ result, rung, all.failure[i] };
	seen->has_last |= trace->n_last > 0;
	if (!seen->why && !trace->how)
		seen->why = trace->why;
}

/* @param ret  all-zero; its arena is the caller's to end */
static void look(const struct record *record, struct seen *ret)
{
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *result = &record->results[i];
		for (size_t j = 0; j < result->n_rungs; j++)
			look_at(ret, result, &result->rungs[j]);
	}
}

/* ---- what was refused ---- */

static void write_step(struct html *h, const struct refusal *refusal)
{
	html_open(h, "td", "data-label", "step", NULL);
	html_printf(h, "%s %s", road_title(refusal->result->interface),
		    rung_rows[refusal->rung->rung].name);
	if (refusal->result->role == ROLE_CONTROL)
		html_leaf(h, "span", " our own check", "class", "meaning", NULL);
	html_close(h, "td");
}

static void write_refusal(struct html *h, const struct refusal *refusal)
{
	const struct trace_failure *failure = &refusal->failure;
	const struct signature *known = signature_find_trace(failure);
	cleanup_free char *count = xasprintf("%" PRId64, failure->count);
	cleanup_strbuf struct strbuf call;
	strbuf_init(&call);
	trace_add_call(&call, failure->ioctl, failure->has_type, failure->type);
	strbuf_printf(&call, ": %d", failure->error);
	html_open(h, "tr", NULL);
	html_open(h, "th", "scope", "row", NULL);
	html_leaf(h, "code", call.string, NULL);
	if (known)
		html_leaf(h, "span", known->meaning, "class", "meaning", NULL);
	html_close(h, "th");
	write_step(h, refusal);
	html_open(h, "td", "data-label", "by itself", NULL);
	if (known)
		signature_write_class(h, known->class);
	else
		html_leaf(h, "span", "not met before", "class", "soft", NULL);
	html_close(h, "td");
	layout_cell(h, "times", count, NULL);
	html_close(h, "tr");
}

static void write_refusals(struct html *h, const struct seen *seen)
{
	static const char *const titles[] = { "Call", "Step", "By itself", "Times",
					      NULL };
	if (!seen->n_refusals)
		return;
	layout_table_begin(h, "What DXG refused to these steps themselves", "stack");
	layout_table_head(h, titles);
	for (size_t i = 0; i < seen->n_refusals; i++)
		write_refusal(h, &seen->refusals[i]);
	layout_table_end(h);
}

/* ---- before an end ---- */

static void write_call(struct html *h, const struct trace_last *last)
{
	cleanup_strbuf struct strbuf call, end, before, took;
	strbuf_init(&call);
	strbuf_init(&end);
	strbuf_init(&before);
	strbuf_init(&took);
	trace_add_call(&call, last->ioctl, last->has_type, last->type);
	trace_add_end(&end, last);
	if (last->before_us >= 0)
		trace_add_time(&before, last->before_us);
	if (last->us >= 0)
		trace_add_time(&took, last->us);
	html_open(h, "tr", NULL);
	html_open(h, "th", "scope", "row", NULL);
	html_leaf(h, "code", call.string, NULL);
	if (last->thread)
		html_printf(h, " thread %" PRId64, last->thread);
	html_close(h, "th");
	layout_cell(h, "ended", end.string, NULL);
	layout_cell(h, "took", took.length ? took.string : NULL, "version");
	layout_cell(h, "before", before.length ? before.string : NULL, "version");
	html_close(h, "tr");
}

static void write_last(struct html *h, const struct result *result,
		       const struct rung_result *rung)
{
	const char *const titles[] = { "Call", "Ended", "Took", "Before", NULL };
	const struct trace *trace = &rung->trace;
	if (!trace->n_last)
		return;
	const char *end = trace_end_words(rung->outcome);
	cleanup_free char *summary = xasprintf("The last calls before %s: %s %s (%zu)",
					       end, road_title(result->interface),
					       rung_rows[rung->rung].name, trace->n_last);
	cleanup_free char *caption = xasprintf(
		"The last calls of DXG, and how long before %s each returned or began",
		end);
	html_open(h, "details", NULL);
	html_leaf(h, "summary", summary, NULL);
	layout_table_begin(h, caption, "stack");
	layout_table_head(h, titles);
	for (size_t i = 0; i < trace->n_last; i++)
		write_call(h, &trace->last[i]);
	layout_table_end(h);
	html_close(h, "details");
}

static void write_all_last(struct html *h, const struct record *record)
{
	for (size_t i = 0; i < record->n_results; i++)
		for (size_t j = 0; j < record->results[i].n_rungs; j++)
			write_last(h, &record->results[i], &record->results[i].rungs[j]);
}

void trace_tables_write(struct html *h, const struct record *record)
{
	struct seen seen = { 0 };
	look(record, &seen);
	if (seen.n_refusals || seen.has_last || seen.why) {
		html_open(h, "section", NULL);
		html_leaf(h, "h2", "Calls of DXG", NULL);
		if (seen.why) {
			html_open(h, "p", NULL);
			html_printf(h, "Those of some steps were not seen: %s.",
				    seen.why);
			html_close(h, "p");
		}
		write_refusals(h, &seen);
		write_all_last(h, record);
		html_close(h, "section");
	}
	arena_deinit(&seen.arena);
}
