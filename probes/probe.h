/*
 * probe.h: what climbs one interface on one adapter.
 *
 * An interface is one file: a const struct interface in a linker section (INTERFACE()),
 * whose rungs are functions. dxgmatrix-probe walks the section in order of layer; the
 * runner learns the list from `dxgmatrix-probe --list` and knows no interface by itself.
 *
 *     dxgmatrix-probe --list
 *         a line per interface, bottom layer first, tab-separated:
 *         NAME  LAYER  TITLE  CONTROL (its name, or -)  RUNG,RUNG,…
 *     dxgmatrix-probe NAME [--control] [--adapter INDEX] [--pci VVVV:DDDD]
 *                     [--rungs RUNG,…] [--root DIR] [--packets FD]
 *         climbs NAME. --control: on the CPU driver that stands beside it. --adapter: the
 *         INDEX-th adapter as DXG lists them (interfaces below an API); --pci: the device
 *         with this identity (APIs, and DXCore where it does not let the number be told);
 *         without either: the first hardware device, and DXG's enumerate describes all.
 *         --rungs: these and those they need; without it all but those of high risk.
 *         --root: on a recorded machine, DIR/dev/dxg is a recording that answers; only
 *         where the interface replays.
 *         --packets: talk to the runner (packet.h); without it readable lines on stdout.
 *
 * This program is libc and libdl only, and never sanitised: vendor libraries abort under
 * sanitizers. It knows neither JSON nor the store.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "record/finding.h"
#include "record/outcome.h"
#include "record/rung.h"

/* One climb. Rungs read the public part; probe.c writes it. */
struct probe {
	const struct interface *interface;
	bool control;    /* on the CPU stand-in: a CPU device is right */
	int adapter;     /* index as DXG lists them, or -1 */
	uint16_t vendor; /* PCI ids asked for, 0 where not */
	uint16_t device;
	struct replay *replay; /* what answers in place of /dev/dxg (dxg_replay.h), or NULL */
	void *state; /* the interface's own, made by its first rung, freed never: the
		      * process ends after the climb */
	enum reason reason; /* set by probe_fail() and friends */
	enum rung rung;     /* being climbed */
	int fd;             /* packets, or -1 */
	const char
		*folder; /* of a control: private, for its caches; gone after the climb */
};

struct interface {
	const char *name;  /* as in documents: "opencl" */
	const char *title; /* as on screens: "OpenCL" */
	enum layer layer;  /* of its lower rungs: LAYER_DXG, LAYER_LOADER … */
	int order; /* within the layer: one that is built on another comes after it */
	const char
		*control; /* name of the CPU driver its control runs on; NULL: has none */
	/* Points the API's loader at that driver alone, before the first rung. @return false where
	 * it is not installed. NULL exactly where control is. */
	bool (*prepare_control)(struct probe *p);
	/* NULL: this interface has no such rung. A rung is entered only after all it
	 * needs has passed in this process. */
	enum outcome (*rungs[RUNG_COUNT])(struct probe *p);
	/* Gives back in order what the rungs left open; called once, after the climb is told,
	 * so that it belongs to no rung. NULL: the end of the process does it. */
	void (*close)(struct probe *p);
	/* Asks /dev/dxg alone and no library, so that a recording can answer it. */
	bool replays;
};

/* INTERFACE(opencl) = { … }; at the end of opencl.c. */
#define INTERFACE(symbol)                                                                \
	static const struct interface interface_##symbol;                                \
	static const struct interface *const interface_##symbol##_entry                  \
		__attribute__((used, retain, section("interfaces"))) =                   \
			&interface_##symbol;                                             \
	static const struct interface interface_##symbol

/* The section's ends, made by the linker. */
extern const struct interface *const __start_interfaces[];
extern const struct interface *const __stop_interfaces[];

/* What a rung returns when it did not pass: note the reason, return the outcome. */
enum outcome probe_fail(struct probe *p, enum reason reason);
enum outcome probe_skip(struct probe *p, enum reason reason);
enum outcome probe_fallback(struct probe *p, enum reason reason);
/* We could not tell: nothing is said of the interface. */
enum outcome probe_error(struct probe *p, enum reason reason);
/* fail(refused) with the findings `call` and `code`. */
enum outcome probe_refused(struct probe *p, const char *call, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Facts. A string is cut to what a packet holds; NULL and "" are not sent. */
void probe_find(struct probe *p, enum finding finding, const char *string);
void probe_find_format(struct probe *p, enum finding finding, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void probe_find_number(struct probe *p, enum finding finding, int64_t number);
void probe_find_flag(struct probe *p, enum finding finding, bool flag);
/* The same about one of several adapters (DXG's enumerate). */
void probe_find_of(struct probe *p, int adapter, enum finding finding,
		   const char *string);
void probe_find_number_of(struct probe *p, int adapter, enum finding finding,
			  int64_t number);

/*
 * Says beforehand that refusals of a /dev/dxg call are answers in this rung and no symptoms
 * (packet.h, PACKET_EXPECTED).
 * @param request     a LX_DX… number (dxg_abi.h)
 * @param query_type  of query_adapter_info, or PACKET_ANY_TYPE
 * @param count       how many, at least 1
 */
void probe_expect(struct probe *p, uint32_t request, int32_t query_type, uint32_t count);

/* @return the set of rungs the interface has. */
uint32_t probe_rungs(const struct interface *interface);

/*
 * Climbs p->interface: every rung of `wanted` whose needs passed, in order; a rung whose
 * need did not pass is left to the runner to call blocked.
 */
void probe_climb(struct probe *p, uint32_t wanted);
