#include "web/scope_answer.h"

#include <inttypes.h>
#include <string.h>

#include "diagnosis/road.h"
#include "util/alloc.h"
#include "util/array.h"
#include "web/verdict_mark.h"

/* "OpenCL, Vulkan and CUDA": the APIs whose sign this is. @return how many */
static size_t add_roads(struct strbuf *out, const struct view_scope *scope,
			enum mark mark)
{
	size_t n = 0, written = 0;
	for (size_t i = 0; i < scope->n_interfaces; i++)
		n += road_kind(scope->interfaces[i].interface) == ROAD_API &&
		     mark_of_interface(&scope->interfaces[i]) == mark;
	for (size_t i = 0; i < scope->n_interfaces; i++) {
		const struct view_interface *interface = &scope->interfaces[i];
		if (road_kind(interface->interface) != ROAD_API ||
		    mark_of_interface(interface) != mark)
			continue;
		if (written++)
			strbuf_add_string(out, written == n ? " and " : ", ");
		strbuf_add_string(out, road_title(interface->interface));
	}
	return n;
}

static bool has_road(const struct view_scope *scope, enum mark mark)
{
	cleanup_strbuf struct strbuf names;
	strbuf_init(&names);
	return add_roads(&names, scope, mark) > 0;
}

/* " on one machine" and nothing from two on: one is not many. */
static const char *alone(const struct view_scope *scope)
{
	return scope->machines == 1 ? " on one machine" : "";
}

static void answer_words(const struct view_scope *scope, struct scope_answer *ret)
{
	struct strbuf *out = &ret->words;
	if (has_road(scope, MARK_WORKS)) {
		ret->css = "good";
		strbuf_printf(out, "YES%s, through ", alone(scope));
		add_roads(out, scope, MARK_WORKS);
		if (has_road(scope, MARK_FAILS)) {
			strbuf_add_string(out, "; not through ");
			add_roads(out, scope, MARK_FAILS);
		}
		strbuf_add_char(out, '.');
	} else if (has_road(scope, MARK_SPLIT)) {
		ret->css = "split";
		strbuf_add_string(out, "MACHINES DISAGREE, through ");
		add_roads(out, scope, MARK_SPLIT);
		strbuf_add_char(out, '.');
	} else if (mark_of_verdict(&scope->door) == MARK_FAILS) {
		ret->css = "bad";
		strbuf_printf(out, "NO%s: DXG itself fails, the door to Windows.",
			      alone(scope));
	} else if (has_road(scope, MARK_FAILS)) {
		ret->css = "bad";
		strbuf_printf(out, "NO%s: fails through ", alone(scope));
		add_roads(out, scope, MARK_FAILS);
		strbuf_add_char(out, '.');
	} else if (has_road(scope, MARK_CPU)) {
		ret->css = "cpu";
		strbuf_printf(out, "CPU ONLY%s: ", alone(scope));
		add_roads(out, scope, MARK_CPU);
		strbuf_add_string(out, " found no driver for this GPU.");
	} else if (mark_of_verdict(&scope->door) == MARK_WORKS) {
		ret->css = "none";
		strbuf_add_string(out,
				  "NOT KNOWN. DXG, the door to Windows, answers; no API "
				  "above it was measured.");
	} else {
		ret->css = "none";
		strbuf_add_string(out, "NOT KNOWN.");
	}
}

static void answer_counts(const struct view_scope *scope, struct strbuf *out)
{
	strbuf_printf(out, "%" PRId64 " %s measured", scope->machines,
		      scope->machines == 1 ? "machine" : "machines");
	if (scope->witnesses && scope->witnesses != scope->machines)
		strbuf_printf(out, " (%" PRId64 " %s)", scope->witnesses,
			      scope->witnesses == 1 ? "person" : "people");
	if (scope->first && scope->newest && strcmp(scope->first, scope->newest))
		strbuf_printf(out, ", %s to %s", scope->first, scope->newest);
	else if (scope->newest)
		strbuf_printf(out, ", on %s", scope->newest);
	strbuf_printf(out, "; %" PRId64 " %s", scope->reports,
		      scope->reports == 1 ? "report" : "reports");
	if (scope->reports_working || scope->reports_failing)
		strbuf_printf(out, " (%" PRId64 " working, %" PRId64 " failing)",
			      scope->reports_working, scope->reports_failing);
	if (scope->newest_report)
		strbuf_printf(out, ", newest %s", scope->newest_report);
	strbuf_add_char(out, '.');
}

void scope_answer_make(const struct view_scope *scope, struct scope_answer *ret)
{
	strbuf_init(&ret->words);
	strbuf_init(&ret->counts);
	answer_words(scope, ret);
	answer_counts(scope, &ret->counts);
}

void scope_answer_deinit(struct scope_answer *answer)
{
	strbuf_deinit(&answer->words);
	strbuf_deinit(&answer->counts);
}

void scope_answer_write(struct html *h, const struct view_scope *scope,
			const char *question)
{
	cleanup_scope_answer struct scope_answer answer;
	scope_answer_make(scope, &answer);
	cleanup_free char *css = xasprintf("answer %s", answer.css);
	html_open(h, "div", "class", css, NULL);
	html_leaf(h, "p", question, "class", "question", NULL);
	html_leaf(h, "p", answer.words.string, "class", "verdict", NULL);
	html_leaf(h, "p", answer.counts.string, NULL);
	html_close(h, "div");
}
