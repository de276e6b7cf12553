/*
 * verdict_mark.h: verdicts of matrix/verdict.h as signs, with the counts beside them.
 *
 * The number is machines (witnesses, where the verdict counts them); in brackets it is
 * reports alone; two numbers are works : fails.
 */
#pragma once

#include "matrix/view.h"
#include "web/mark.h"

/* A rung of an interface, or the door. */
enum mark mark_of_verdict(const struct verdict *verdict);
/* The same of the door, which may be proved to the fence only. */
enum mark mark_of_door(const struct verdict *door, bool to_fence);

/*
 * Whether a GPU computes through an interface: the sign of its `launch`, or of what keeps
 * it from there.
 */
enum mark mark_of_interface(const struct view_interface *interface);
/* The verdict that this sign stands for: of the step that decides. */
const struct verdict *verdict_of_interface(const struct view_interface *interface);

/* "2", "2:3" (works : fails), "" where nobody counts. The caller's to free. */
char *verdict_count(const struct verdict *verdict);
/* "2 machines", "works on 2, fails on 3", NULL where nobody counts. The caller's to
 * free. */
char *verdict_sentence(const struct verdict *verdict);

/* Sign and count of one cell of the matrix; reports are in brackets where nothing is
 * measured. */
void verdict_write_cell(struct html *h, enum mark mark, const struct verdict *verdict,
			int64_t reports);
