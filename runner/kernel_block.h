/*
 * kernel_block.h: a warning, an oops or a stall of the kernel, as a whole.
 *
 * A warning begins with "------------[ cut here ]------------", an oops with "BUG:",
 * "Oops", "general protection fault", "Internal error:" or "UBSAN:"; all end with "---[ end
 * trace …" (Linux:kernel/panic.c: oops_exit, print_oops_end_marker; lib/bug.c; arch's
 * die()). A task or processor that hangs is told by "INFO: task", "watchdog: BUG:" or "rcu:
 * INFO:", and its trace ends with "</TASK>" (kernel/hung_task.c, kernel/watchdog.c).
 */
#pragma once

#include "runner/kernel_span.h"

/* A trace of a kernel is a quarter of this. */
#define KERNEL_BLOCK_SPAN (16 * 1024)
#define KERNEL_BLOCK_MAX  (8 * 1024)

/*
 * Finds the block in which a place lies.
 * @param from  where to look back to, at most KERNEL_BLOCK_SPAN before `at`
 * @param ret   from the start of its first line, that of "cut here" left out, to the end
 * of its last one
 * @return false where `at` lies in none, or its end is not within KERNEL_BLOCK_SPAN
 */
bool kernel_block_around(const char *from, const char *at, const char *end,
			 struct span *ret);
/* @return a line without the stamps and the host's name before it, and blanks behind it. */
struct span kernel_block_bare(struct span line);
/*
 * Copies a block without the stamps and host names before its lines, cut at whole lines.
 * @param ret  valid UTF-8 where the text was, ended by NUL
 */
void kernel_block_copy(struct span block, char ret[KERNEL_BLOCK_MAX]);
