/*
 * kernel_form.h: the forms of lines that were read, by which the next ones are known.
 *
 * A program that spins prints one line a million times, or a few in turn, with other digits
 * in their stamps. Of bytes that have a known form, all is known but what those digits say.
 */
#pragma once

#include "runner/kernel_span.h"

/* Longer texts have none. A multiple of what is compared at once. */
#define KERNEL_FORM_MAX 256
/* More than a log has in turn; then a new form takes the place of the oldest. */
#define KERNEL_FORMS 8

struct kernel_form {
	size_t size;     /* of the texts that have it */
	size_t compared; /* the same, rounded up */
	/* A byte fits where it is at least `least`, by `range` at most. */
	uint8_t least[KERNEL_FORM_MAX], range[KERNEL_FORM_MAX];
};

/* All zero, it holds none. */
struct kernel_forms {
	size_t n;
	/* Bytes from the middle and the end of their texts, by which they differ; the form
	 * that was added last comes last. */
	struct kernel_form_mark {
		uint64_t middle, end;
		uint16_t middle_at, end_at, place;
	} mark[KERNEL_FORMS];
	struct kernel_form form[KERNEL_FORMS];
};

/*
 * Adds the form of a text: bytes that are equal, but for the digits before `own`, in whose
 * place any digit may stand.
 * @return its place, below KERNEL_FORMS; -1 where the text is too long or too short
 */
int kernel_forms_add(struct kernel_forms *forms, struct span text, const char *own);
/* @return the place of the form that the text at `at` has, or -1; also where fewer than
 * KERNEL_FORM_MAX bytes are there */
int kernel_forms_find(const struct kernel_forms *forms, const char *at, const char *end);
