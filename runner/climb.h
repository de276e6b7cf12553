/*
 * climb.h: what one probe process tells of one climb, checked, and how it ended.
 *
 * The probe program is trusted no more than the vendor libraries in it: whatever it
 * sends, every rung that began has exactly one outcome afterwards.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/record.h"
#include "runner/child.h"

struct climb_order {
	const char *program;   /* dxgmatrix-probe */
	const char *interface; /* "opencl" */
	bool control;
	int adapter;      /* index as DXG lists them; -1: none named */
	const char *pci;  /* "8086:7d51", or NULL */
	uint32_t rungs;   /* not empty; with all they need */
	const char *root; /* of a recorded machine, absolute; NULL: this one */
};

/* Who wants to know while it runs. All may be NULL. */
struct climb_watch {
	void *context;
	/* Before the rung starts; it starts only after NULL was returned. An error ends
	 * the climb and is its error. */
	struct error *(*begun)(void *context, enum rung rung);
	/* Each second that it lasts, of `limit_ms` at most. */
	void (*waits)(void *context, enum rung rung, int64_t limit_ms);
	/* After it ended, however; may add to it. */
	void (*ended)(void *context, struct rung_result *rung);
	int stop; /* descriptor that becomes readable when we shall stop, or -1 */
};

/* One of several adapters that a rung described. */
struct climb_adapter {
	int index;
	struct findings findings;
};

struct climb {
	struct rung_result *rungs; /* those that began, in that order */
	size_t n_rungs;
	struct climb_adapter *adapters;
	size_t n_adapters;
	bool broke;   /* crashed or had to be killed */
	bool hung;    /* outlived SIGKILL */
	bool stopped; /* by the stop descriptor */
};

/*
 * Climbs in a fresh process.
 * @param arena  owns what ret points to
 * @return an error only where no process could be started, or from watch->begun
 */
struct error *climb(const struct climb_order *order, const struct child_limits *limits,
		    const struct climb_watch *watch, struct arena *arena,
		    struct climb *ret) must_check;

/* How a process that ended without its end marker is told: a pure function. */
struct climb_end {
	enum reason condemned; /* why we ended it, or REASON_NONE */
	bool hung;
	bool partial; /* it left half a packet */
	int status;   /* as waitpid gives it */
};
enum outcome climb_outcome(const struct climb_end *end, enum reason *ret);
