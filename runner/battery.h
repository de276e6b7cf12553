/*
 * battery.h: every probe in order of need, on every adapter, and what came of it.
 *
 * First DXG is asked which adapters there are; then each climbs every interface, bottom
 * layer first, a fresh process per interface and try; then the controls, once, on the
 * CPU. One record per adapter, or one without.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diagnosis/window.h"
#include "record/record.h"
#include "runner/child.h"
#include "runner/interfaces.h"
#include "runner/journal.h"

/* The interface that asks the kernel module alone, and knows the adapters. */
#define BATTERY_DOOR "dxg"

/* Where the battery stands, for who watches. */
struct battery_step {
	const struct interface_row *interface;
	enum role role;
	enum rung rung;
};

struct battery_watch {
	void *context;
	void (*begun)(void *context, const struct battery_step *step);
	/* Each second that a step lasts; it may last limit_ms.
	 * @param nth  of how many tries at most this is which: 1 to TRIES_MAX */
	void (*waits)(void *context, const struct battery_step *step, int64_t limit_ms,
		      size_t nth);
	void (*ended)(void *context, const struct battery_step *step,
		      const struct rung_result *result);
	/* The interface is done on this adapter. */
	void (*done)(void *context, const struct battery_step *step);
};

/* The kernel log, where it can be read. */
struct battery_log {
	void *context;
	void (*mark)(void *context);
	/* What came since the mark. @return false where that can't be told */
	bool (*take)(void *context, struct arena *arena, struct failures *ret);
};

struct battery_order {
	const char *program; /* dxgmatrix-probe */
	const struct interfaces *interfaces;
	const char *const *names; /* interfaces that are asked for; none: all */
	size_t n_names;
	enum risk risk;
	bool has_door; /* /dev/dxg is there */
	struct child_limits limits;
	int64_t budget_ms;             /* for all together */
	struct journal *journal;       /* NULL: nothing is kept, nothing left out */
	struct battery_watch watch;    /* functions may be NULL */
	const struct battery_log *log; /* NULL: cannot be read */
	const char *root; /* of a recorded machine, absolute; NULL: this one */
	int stop;         /* descriptor that becomes readable when we shall stop, or -1 */
};

struct battery {
	struct arena arena; /* holds the results of all records */
	struct record *records;
	size_t n_records;
	bool stopped; /* by the stop descriptor */
	bool late;    /* the budget was used up */
	/* The kernel lines that came while rungs were climbed, of all tries; and those of
	 * them that say nothing: of refusals that are answers, and all of our own in a rung
	 * of the door that passed. */
	struct window lines;
	struct failures expected_lines;
	const char *control_failed; /* interface whose control did not pass, or NULL */

	/* The rest is battery.c's. */
	const struct battery_order *order;
	int64_t begin_ms;
	bool wedged; /* no GPU probe is started any more */
	enum rung wedged_by;
	enum reason wedged_reason;
};

/*
 * Runs the battery.
 * @param base  environment, combination and source; copied into each record
 * @param ret   the caller's to battery_deinit, also after an error
 * @return an error where a probe could not be started or the journal not be written: the
 * records hold what was seen before
 */
struct error *battery_run(const struct battery_order *order, struct record *base,
			  struct battery *ret) must_check;
void battery_deinit(struct battery *battery);
#define cleanup_battery cleanup_with(battery_deinit)

/* ---- its decisions, pure ---- */

/* @return whether an interface is to be climbed; with no names, all are. */
bool battery_is_asked(const struct battery_order *order, const char *interface);
/*
 * What a missing /dev/dxg means: nothing on an ordinary machine, a fault of the Windows
 * driver's layer where the door belongs. Changes outcome and reason of such a rung.
 */
void battery_judge_door(bool is_inside, struct rung_result *rung);
/* @return whether a control says that our own check is not to be trusted. */
bool battery_control_fails(const struct result *control);
