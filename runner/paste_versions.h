/*
 * paste_versions.h: versions in a text, each beside the name of its component.
 *
 * A version belongs to the name that stands before it with nothing but connecting words
 * between ("Windows driver (32.0.101.6913)", "Driver Version: 546.80", a cell of a table
 * under its heading), and only if it has the shape of that component's versions. What
 * stands beside a name we do not keep ("CUDA Version: 12.2") belongs to that one.
 */
#pragma once

#include "runner/claims.h"
#include "runner/paste_text.h"

void paste_read_versions(const struct paste_text *text, struct claims *claims);
