/*
 * failure.h: calls of DXG that were refused, counted by ioctl and errno.
 *
 * Arrays and names lie in an arena.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"

/* ioctl (kernel handler name in logs, upstream name without LX_DX in traces) -> errno ->
 * how often. One row per pair. */
struct failure {
	const char *ioctl;
	int error; /* negative errno as the kernel prints it */
	int64_t count;
};

struct failures {
	struct failure
		*failure; /* ordered by ioctl, then errno; failures_add keeps it so */
	size_t n;
};

void failures_add(struct arena *arena, struct failures *failures, const char *ioctl,
		  int error, int64_t count);
/* Puts rows that were added otherwise into their order. */
void failures_sort(struct failures *failures);
int64_t failures_total(const struct failures *failures);
/* @return the sum of two counts, INT64_MAX at most: each of a document may be 2^53 - 1, and
 * it may hold thousands. */
int64_t counts_add(int64_t a, int64_t b);
