#include "record/failure.h"

#include <stdlib.h>
#include <string.h>

static int compare_failures(const void *a, const void *b)
{
	const struct failure *x = a, *y = b;
	int order = strcmp(x->ioctl, y->ioctl);
	return order ? order : (x->error > y->error) - (x->error < y->error);
}

void failures_sort(struct failures *failures)
{
	if (failures->n)
		qsort(failures->failure, failures->n, sizeof(*failures->failure),
		      compare_failures);
}

int64_t counts_add(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

void failures_add(struct arena *arena, struct failures *failures, const char *ioctl,
		  int error, int64_t count)
{
	struct failure added = { ioctl, error, count };
	size_t first = 0, end = failures->n;
	while (first < end) {
		size_t middle = first + (end - first) / 2;
		int order = compare_failures(&failures->failure[middle], &added);
		if (order == 0) {
			int64_t *there = &failures->failure[middle].count;
			*there = counts_add(*there, count);
			return;
		}
		if (order < 0)
			first = middle + 1;
		else
			end = middle;
	}
	added.ioctl = arena_strdup(arena, ioctl);
	(void)arena_push(arena, failures->failure, failures->n);
	struct failure *place = &failures->failure[first];
	memmove(place + 1, place, (failures->n - 1 - first) * sizeof(*place));
	*place = added;
}

int64_t failures_total(const struct failures *failures)
{
	int64_t total = 0;
	for (size_t i = 0; i < failures->n; i++)
		total = counts_add(total, failures->failure[i].count);
	return total;
}
