#include "record/failure_json.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- reading ---- */

struct failures_reader {
	const char *ioctl;
	struct failures *failures;
};

static void read_errno(struct reader *r, const char *name, const json_t *value,
		       void *data)
{
	const struct failures_reader *to = data;
	const json_t *count = reader_typed(r, value, JSON_INTEGER);
	if (!count)
		return;
	if (json_integer_value(count) < 1)
		reader_fault(r, "a count is at least 1");
	/* No row can be there already: names are spelt one way, members stand once. */
	*arena_push(r->arena, to->failures->failure, to->failures->n) = (struct failure){
		.ioctl = to->ioctl,
		.error = (int)strtol(name, NULL, 10),
		.count = json_integer_value(count),
	};
}

static void read_ioctl(struct reader *r, const char *name, const json_t *value,
		       void *data)
{
	struct failures_reader to = { arena_strdup(r->arena, name), data };
	const json_t *counts = reader_typed(r, value, JSON_OBJECT);
	reader_each(r, counts, &shape_errno, read_errno, &to);
}

void read_failures(struct reader *r, const json_t *object, const char *name,
		   struct failures *ret)
{
	read_map(r, object, name, &shape_word, read_ioctl, ret);
	failures_sort(ret);
}

void read_errnos(struct reader *r, const json_t *object, const char *name,
		 const char *ioctl, struct failures *ret)
{
	struct failures_reader to = { ioctl, ret };
	read_map(r, object, name, &shape_errno, read_errno, &to);
	failures_sort(ret);
}

/* ---- writing ---- */

static void write_count(json_t *counts, const struct failure *failure)
{
	char number[16];
	snprintf(number, sizeof(number), "%d", failure->error);
	json_object_set_new(counts, number, json_integer(failure->count));
}

json_t *errnos_value(const struct failures *failures)
{
	json_t *counts = json_object();
	for (size_t i = 0; i < failures->n; i++)
		write_count(counts, &failures->failure[i]);
	return counts;
}

json_t *failures_value(const struct failures *failures)
{
	json_t *object = json_object();
	for (size_t i = 0; i < failures->n; i++) {
		const struct failure *failure = &failures->failure[i];
		json_t *counts = json_object_get(object, failure->ioctl);
		if (!counts) {
			counts = json_object();
			json_object_set_new(object, failure->ioctl, counts);
		}
		write_count(counts, failure);
	}
	return object;
}
