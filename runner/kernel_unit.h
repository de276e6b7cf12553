/*
 * kernel_unit.h: what one line of a text, or a part of it, says of the driver.
 *
 * Called by the walk (runner/kernel_line.h), which these functions move on.
 */
#pragma once

#include "runner/kernel_line.h"

/*
 * What may hold one message: a line, or what lies between the ones before and after it in
 * the same line, as when a page lost its line ends or a program spelt them out.
 */
struct span kernel_unit_around(const struct kernel_lines *lines, const char *hit);
/*
 * Reads the message of a unit, in which the driver's name first stands at `hit`, and moves the
 * walk behind it.
 * @param ret  reset by the caller
 * @return false where there is none, or it says that it never came
 */
bool kernel_unit_read(struct kernel_lines *lines, struct span unit, const char *hit,
		      struct kernel_message *ret);
/* Puts a failure that was found behind `begin` into ret, with what its line says of it. */
void kernel_unit_set_failure(struct kernel_lines *lines, const char *begin,
			     const struct kernel_failure *found,
			     struct kernel_message *ret);
/* "-22 (x3), -2 (x1)": a failure with its count may be followed by the next errno, which then
 * is the walk's next message. */
void kernel_unit_expect_listed(struct kernel_lines *lines,
			       const struct kernel_message *last);
