#include "diagnosis/answer.h"

#include <string.h>

#include "diagnosis/overview.h"
#include "record/version.h"
#include "util/strbuf.h"

static void bar(struct strbuf *buf, size_t line_start)
{
	if (buf->length > line_start)
		strbuf_add_string(buf, " | ");
}

static void add_setup(struct strbuf *buf, const struct combination *c)
{
	const struct adapter *adapter = &c->adapter;
	if (adapter->present && (adapter->name || adapter->pci))
		strbuf_printf(buf, "%s%s%s", adapter->name ? adapter->name : "",
			      adapter->name && adapter->pci ? " " : "",
			      adapter->pci ? adapter->pci : "");
	const char *driver = c->driver ? c->driver : c->driver_public;
	if (driver) {
		bar(buf, 0);
		strbuf_printf(buf, "driver %s", driver);
	}
	if (c->wsl || c->kernel) {
		bar(buf, 0);
		if (c->wsl)
			strbuf_printf(buf, "WSL %s", c->wsl);
		if (c->kernel)
			strbuf_printf(buf, "%sk%.*s", c->wsl ? " " : "",
				      (int)version_kernel_base(c->kernel), c->kernel);
	}
	if (c->windows) {
		bar(buf, 0);
		strbuf_printf(buf, "Windows %s",
			      strncmp(c->windows, "10.0.", 5) ? c->windows
							      : c->windows + 5);
	}
	if (!buf->length)
		strbuf_add_string(buf, "set-up not known");
}

static void add_tries(struct strbuf *buf, const struct rung_result *rung)
{
	size_t bad = 0;
	for (size_t i = 0; i < rung->n_tries; i++)
		bad += outcome_is_bad(rung->tries[i]);
	if (rung->n_tries > 1)
		strbuf_printf(buf, " (%zu/%zu)", bad, rung->n_tries);
}

/* "libigc" of "libigc.so.1": a chat line has no room for the rest. */
static void add_library(struct strbuf *buf, const struct rung_result *rung)
{
	const char *in = findings_string(&rung->findings, FIND_IN);
	if (!in)
		return;
	const char *end = strstr(in, ".so");
	strbuf_printf(buf, " %.*s", end ? (int)(end - in) : (int)strlen(in), in);
}

static void add_road(struct strbuf *buf, size_t start, const struct result *result)
{
	const struct rung_result *bad = road_lowest_bad(result), *end = road_end(result);
	enum rung height = result_height(result);
	if (!result->reported && !bad && height == RUNG_COUNT)
		return;
	bar(buf, start);
	strbuf_add_string(buf, road_title(result->interface));
	if (result->reported)
		strbuf_printf(buf, " reported %s", outcome_rows[result->outcome].words);
	else if (bad && bad->outcome == OUTCOME_FALLBACK)
		strbuf_add_string(buf, " CPU only");
	else if (bad)
		strbuf_printf(buf, " %s %s", rung_rows[bad->rung].name,
			      outcome_rows[bad->outcome].words);
	else if (end && end->reason == REASON_NOT_INSTALLED)
		strbuf_printf(buf, " %s", reason_rows[end->reason].words);
	else
		strbuf_printf(buf, " ok to %s", rung_rows[height].name);
	if (bad) {
		add_library(buf, bad);
		add_tries(buf, bad);
	}
}

static void add_roads(struct strbuf *buf, const struct overview *o)
{
	size_t start = buf->length;
	if (o->door_tried && !o->door_broken)
		strbuf_add_string(buf, "DXG ok");
	for (size_t i = 0; i < o->record->n_results; i++) {
		const struct result *result = &o->record->results[i];
		bool door = road_kind(result->interface) == ROAD_DOOR;
		if (road_is_elsewhere(result, &o->record->combination.adapter))
			continue;
		if (result->role == ROLE_ADAPTER && (!door || road_lowest_bad(result)))
			add_road(buf, start, result);
	}
	if (buf->length == start)
		strbuf_add_string(buf, "nothing climbed");
}

static void add_verdict(struct strbuf *buf, const struct overview *o)
{
	size_t start = buf->length;
	if (o->carrier)
		strbuf_printf(buf, "works: %s", road_title(o->carrier->interface));
	else if (o->suspect && !o->untried)
		strbuf_printf(buf, "lowest broken: %d %s (%s)", (int)o->suspect->layer,
			      layer_titles[o->suspect->layer],
			      o->suspect->certainty == CERTAINTY_UNKNOWN
				      ? "not known"
				      : certainty_names[o->suspect->certainty]);
	else
		strbuf_add_string(buf, "lowest broken: not known");
	if (o->record->source.tool) {
		bar(buf, start);
		strbuf_add_string(buf, o->record->source.tool);
	}
	if (o->record->id) {
		bar(buf, start);
		strbuf_printf(buf, "record %.12s",
			      strncmp(o->record->id, "sha256:", 7) ? o->record->id
								   : o->record->id + 7);
	}
}

char *answer_chat_lines(const struct record *record)
{
	struct overview overview;
	overview_make(record, &overview);
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	add_setup(&buf, &record->combination);
	strbuf_add_char(&buf, '\n');
	add_roads(&buf, &overview);
	strbuf_add_char(&buf, '\n');
	add_verdict(&buf, &overview);
	strbuf_add_char(&buf, '\n');
	return strbuf_take(&buf);
}
