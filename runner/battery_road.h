/*
 * battery_road.h: one interface on one adapter while the battery climbs it, and what it came
 * to. Private to the battery.
 */
#pragma once

#include "runner/battery.h"
#include "runner/climb.h"
#include "runner/plan.h"

/* One interface on one adapter, while it is climbed. */
struct road {
	struct battery *battery;
	const struct interface_row *interface;
	enum role role;
	int adapter;     /* as DXG lists them; -1 */
	const char *pci; /* NULL: none named */
	const struct record *record;
	char fingerprint[COMBINATION_ADDRESS_SIZE];
	struct plan plan;
	struct rung_result rungs[RUNG_COUNT]; /* the worst try of each */
	struct climb_adapter *adapters;       /* that its rungs described */
	size_t n_adapters;
	bool broke; /* a process of it died or was killed */
};

/*
 * The result of a road that is not climbed any further: its tries, and of each step no process
 * came to why not. A step that was stopped before it began is absent.
 */
void road_finish(struct road *road, struct result *ret);
