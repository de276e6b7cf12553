#include "web/ladder.h"

#include "diagnosis/road.h"
#include "web/layout.h"
#include "web/verdict_mark.h"

static bool is_measured(const struct view_interface *interface)
{
	return interface->has && interface->machines;
}

/* Nobody could try it: a step it needs is broken. */
static bool is_blocked(const struct view_interface *interface, enum rung rung)
{
	return interface->broken < RUNG_COUNT &&
	       interface->rungs[rung].word == VERDICT_UNKNOWN &&
	       rung_closure(rung_bit(rung), interface->has) & rung_bit(interface->broken);
}

static void write_row(struct html *h, const struct view_interface *interface,
		      uint32_t has)
{
	html_open(h, "tr", NULL);
	html_leaf(h, "th", road_title(interface->interface), "scope", "row", "class",
		  "title", NULL);
	for (int rung = 0; rung < RUNG_COUNT; rung++) {
		if (!(has & rung_bit((enum rung)rung)))
			continue;
		html_open(h, "td", NULL);
		if (!(interface->has & rung_bit((enum rung)rung)))
			html_leaf(h, "span", "there is no such step", "class", "unseen",
				  NULL);
		else if (is_blocked(interface, (enum rung)rung))
			mark_write_sign(h, MARK_ABSENT, false);
		else
			verdict_write_cell(h, mark_of_verdict(&interface->rungs[rung]),
					   &interface->rungs[rung], 0);
		html_close(h, "td");
	}
	html_close(h, "tr");
}

static void write_ladder(struct html *h, const struct view_scope *scope,
			 const char *caption, bool door)
{
	const char *titles[RUNG_COUNT + 2] = { "" };
	size_t n = 0;
	uint32_t has = 0;
	for (size_t i = 0; i < scope->n_interfaces; i++) {
		const struct view_interface *interface = &scope->interfaces[i];
		if ((road_kind(interface->interface) == ROAD_DOOR) == door &&
		    is_measured(interface))
			has |= interface->has;
	}
	if (!has)
		return;
	titles[n++] = door ? "Door" : "API";
	for (int rung = 0; rung < RUNG_COUNT; rung++)
		if (has & rung_bit((enum rung)rung))
			titles[n++] = rung_rows[rung].name;

	layout_table_begin(h, caption, "grid ladder");
	layout_table_head(h, titles);
	for (size_t i = 0; i < scope->n_interfaces; i++) {
		const struct view_interface *interface = &scope->interfaces[i];
		if ((road_kind(interface->interface) == ROAD_DOOR) == door &&
		    is_measured(interface))
			write_row(h, interface, has);
	}
	layout_table_end(h);
}

void ladder_write(struct html *h, const struct view_scope *scope, const char *caption)
{
	bool any = false;
	for (size_t i = 0; i < scope->n_interfaces; i++)
		any |= is_measured(&scope->interfaces[i]);
	if (!any)
		return;
	html_open(h, "section", NULL);
	html_leaf(h, "h2", caption, NULL);
	write_ladder(h, scope, "DXG, the door to Windows: its steps, left to right",
		     true);
	write_ladder(h, scope, "Through each API: the steps, left to right", false);
	mark_write_key(h);
	html_close(h, "section");
}
