/* requirement.h: when a run counts as good: the exit status of `run`, as pure decisions. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "record/record.h"
#include "util/error.h"

/* A step that must work on a GPU: --require opencl:launch. */
struct requirement {
	char interface[32];
	enum rung rung;
};

/* @param text  "INTERFACE:RUNG"; NULL leaves ret alone. @return a usage error */
struct error *requirement_parse(const char *text, struct requirement *ret) must_check;

/*
 * Whether the records of one run are good enough.
 * @param requirement  this step passed, with all it needs, on an adapter of any record.
 * NULL: some interface reached `launch` on an adapter; where none that was climbed has
 * such a rung, nothing that was climbed is broken; outside WSL2 there is nothing to judge
 */
bool requirement_is_met(const struct requirement *requirement,
			const struct record *records, size_t n);
