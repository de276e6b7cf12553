/*
 * derive.h: the verdicts of GPUs from the rows of their records: d_scope, d_interface,
 * d_rung.
 *
 * A GPU is made anew as a whole, so that what is derived step by step is the same bytes
 * as what is derived at once.
 */
#pragma once

#include "matrix/store.h"
#include "util/error.h"

/* Makes the verdicts of all GPUs anew that temp.touched and temp.touched_text remember
 * (matrix/extract.h). */
struct error *derive_touched(struct store *store) must_check;
