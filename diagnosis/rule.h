/*
 * rule.h: a rule of the diagnosis as a row, and what its condition may look at.
 *
 * A condition tells whether a rule holds and fills in the blanks of its sentences:
 * "{gpu}" in says or todo is replaced by the slot "gpu". A row whose slots a condition
 * left empty is a mistake that a test finds.
 */
#pragma once

#include "diagnosis/overview.h"

#define RULE_SLOTS 12

struct view {
	struct record *record;
	struct overview overview;
	struct {
		const char *name, *value;
	} slot[RULE_SLOTS];
	size_t n_slots;
};

struct rule {
	const char *name;
	enum layer layer;
	enum certainty certainty;
	int weight; /* likelier first */
	bool (*when)(struct view *view);
	const char *says;    /* one or two sentences */
	const char *todo[2]; /* easiest and most reversible first */
	/* Not said where this rule spoke: its explanation covers it. NULL-ended. */
	const char *unless[10];
	const char *sources[4]; /* public threads or documents, NULL-ended */
	/* It rests on kernel lines alone. They are of the whole VM, so in a run they name no
	 * layer: its own experiments do. */
	bool of_lines;
};

extern const struct rule rules[];
extern const size_t n_rules;

/* Sets a blank; the value is copied into the record's arena. */
void view_set(struct view *view, const char *name, const char *value);
void view_set_format(struct view *view, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The conditions, each in the file of its kind. X(name) */
#define DOOR_CONDITIONS(X)                                                               \
	X(no_device_node)                                                                \
	X(no_device_in_container)                                                        \
	X(no_host_channel)                                                               \
	X(no_adapter)                                                                    \
	X(adapter_gone)                                                                  \
	X(software_only)                                                                 \
	X(door_hung)                                                                     \
	X(address_capped)                                                                \
	X(npu_escape_tested)                                                             \
	X(dxcore_broken)                                                                 \
	X(dxcore_blind)                                                                  \
	X(dxcore_missing)                                                                \
	X(door_broken)

#define ROAD_CONDITIONS(X)                                                               \
	X(control_failed)                                                                \
	X(nothing_installed)                                                             \
	X(own_road_untried)                                                              \
	X(refused_below)                                                                 \
	X(untraced)                                                                      \
	X(crash_below)                                                                   \
	X(hung_below)                                                                    \
	X(door_mismatch)                                                                 \
	X(road_hung)                                                                     \
	X(compiler_alone)                                                                \
	X(compiler_crash)                                                                \
	X(compiler_refuses)                                                              \
	X(wrong_numbers)                                                                 \
	X(launch_broken)                                                                 \
	X(intel_helper_missing)                                                          \
	X(intel_query_refused)                                                           \
	X(intel_context_refused)                                                         \
	X(unloadable)                                                                    \
	X(symbol_missing)                                                                \
	X(level_zero_uninitialised)                                                      \
	X(known_limit)                                                                   \
	X(icd_missing)                                                                   \
	X(vulkan_cpu_only)                                                               \
	X(road_cpu_only)                                                                 \
	X(road_refused)

#define STACK_CONDITIONS(X)                                                              \
	X(runtime_older)                                                                 \
	X(runtime_unknown)                                                               \
	X(driver_before_gpu)

#define LOG_CONDITIONS(X)                                                                \
	X(npu_escape)                                                                    \
	X(escape_refused)                                                                \
	X(reserve_refused)                                                               \
	X(memory_ran_out)                                                                \
	X(memory_not_pinned)                                                             \
	X(allocation_refused)                                                            \
	X(channel_full)                                                                  \
	X(adapter_stopped)                                                               \
	X(process_refused)                                                               \
	X(nvml_blocked)                                                                  \
	X(opengl_cpu_only)                                                               \
	X(npu_unproved)                                                                  \
	X(npu_untested)                                                                  \
	X(two_suspects)                                                                  \
	X(name_against_id)

#define X(name) bool when_##name(struct view *view);
DOOR_CONDITIONS(X)
ROAD_CONDITIONS(X)
STACK_CONDITIONS(X)
LOG_CONDITIONS(X)
#undef X
