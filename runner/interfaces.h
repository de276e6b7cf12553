/* interfaces.h: what the probe program can climb: the runner knows no interface itself. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "record/outcome.h"
#include "runner/child.h"
#include "util/arena.h"

/* What `dxgmatrix-probe --list` tells of an interface. */
struct interface_row {
	const char *name;
	enum layer layer;
	const char *title;
	const char *control; /* name of the CPU driver its control runs on, or NULL */
	uint32_t rungs;
};

struct interfaces {
	struct interface_row *row;
	size_t n;
};

/* Asks the program for its interfaces, bottom layer first; in the arena.
 * @param stop  descriptor that becomes readable when we shall stop, or -1 */
struct error *interfaces_ask(const char *program, const struct child_limits *limits,
			     int stop, struct arena *arena,
			     struct interfaces *ret) must_check;
/* The text of that list; an error names the line that is none. */
struct error *interfaces_parse(const char *text, struct arena *arena,
			       struct interfaces *ret) must_check;

/* The probe program: $DXGMATRIX_PROBE, else dxgmatrix-probe beside our own file.
 * @return the caller's to free */
struct error *interfaces_program(char **ret) must_check;
