/*
 * kernel_failure.h: "<handler>: Ioctl failed: <errno>" in the spellings it is found in.
 *
 * The kernel prints one (microsoft/WSL2-Linux-Kernel:drivers/hv/dxgkrnl/ioctl.c). On the way
 * into a paste the name is set in bold or loses its underscores to a backslash, the colon
 * becomes a cell's border, the words are translated or read by a camera ("loctl"), the number
 * is written in hexadecimal, as an unsigned one, by its name, or behind another minus.
 */
#pragma once

#include "runner/kernel_span.h"

#define KERNEL_NAME_MAX    64
#define KERNEL_FURTHER_MAX 4

struct kernel_failure {
	const char *start, *end;       /* from the name to behind the number */
	char handler[KERNEL_NAME_MAX]; /* "dxgkio_escape" */
	int error;                     /* negative */
	/* "-22/-2", "-22 and -2": of no single kind; what follows the first, as far as there is
	 * room. End is behind the last. */
	int further[KERNEL_FURTHER_MAX];
	size_t n_further;
};

/*
 * Finds the first failure of which the name begins in a text without line ends.
 * @param exact  whether the words are the kernel's own: of a text that was put together from
 * parts, others may have come from elsewhere
 */
bool kernel_failure_find(struct span text, bool exact, struct kernel_failure *ret);
/* The same where the name has lost its beginning, which a handler's name tells. */
bool kernel_failure_find_cut(struct span text, struct kernel_failure *ret);
/* Whether a function of the driver prints such lines by this name. */
bool kernel_failure_is_handler(const char *name);
/* The errno at the start of a span, which is cut from it. */
bool kernel_failure_take_errno(struct span *span, int *ret);
