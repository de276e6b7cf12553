#include "record/record.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "record/shape.h"

const char *const environment_names[ENVIRONMENT_COUNT] = {
	[ENVIRONMENT_WSL2] = "wsl2",           [ENVIRONMENT_WSL1] = "wsl1",
	[ENVIRONMENT_CONTAINER] = "container", [ENVIRONMENT_HYPER_V] = "hyper-v",
	[ENVIRONMENT_LINUX] = "linux",
};
const char *const role_names[ROLE_COUNT] = { "adapter", "control" };
const char *const certainty_names[CERTAINTY_COUNT] = { "tested", "likely", "unknown" };

void record_init(struct record *record)
{
	*record = (struct record){ .run_n = -1,
				   .run_boot = -1,
				   .kernel_log = { .lost = -1 },
				   .combination = { .adapter = { .index = -1 } } };
}

void record_deinit(struct record *record)
{
	arena_deinit(&record->arena);
	free(record->bytes);
	record_init(record);
}

const struct finding_value *findings_get(const struct findings *findings,
					 enum finding what)
{
	for (size_t i = 0; i < findings->n; i++)
		if (!strcmp(findings->finding[i].name, finding_rows[what].name))
			return &findings->finding[i];
	return NULL;
}

const char *findings_string(const struct findings *findings, enum finding what)
{
	const struct finding_value *finding = findings_get(findings, what);
	return finding && finding->kind == FINDING_STRING ? finding->string : NULL;
}

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

void strings_add(struct arena *arena, struct strings *strings, const char *string)
{
	*arena_push(arena, strings->string, strings->n) = arena_strdup(arena, string);
}

const struct result *record_result(const struct record *record, const char *interface,
				   enum role role)
{
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *result = &record->results[i];
		if (result->role == role && !strcmp(result->interface, interface))
			return result;
	}
	return NULL;
}

const struct rung_result *result_rung(const struct result *result, enum rung rung)
{
	for (size_t i = 0; i < result->n_rungs; i++)
		if (result->rungs[i].rung == rung)
			return &result->rungs[i];
	return NULL;
}

enum rung result_height(const struct result *result)
{
	uint32_t has = 0, passed = 0;
	for (size_t i = 0; i < result->n_rungs; i++) {
		has |= rung_bit(result->rungs[i].rung);
		if (result->rungs[i].outcome == OUTCOME_PASS)
			passed |= rung_bit(result->rungs[i].rung);
	}
	for (int rung = RUNG_COUNT - 1; rung >= 0; rung--) {
		uint32_t all = rung_closure(rung_bit((enum rung)rung) & has, has);
		if (all && (all & ~passed) == 0)
			return (enum rung)rung;
	}
	return RUNG_COUNT;
}

void record_today(char ret[DATE_SIZE])
{
	const char *fixed = getenv("DXGMATRIX_TODAY");
	if (fixed && shape_date.matches(fixed)) {
		memcpy(ret, fixed, DATE_SIZE);
		return;
	}
	time_t now = time(NULL);
	struct tm tm;
	gmtime_r(&now, &tm);
	strftime(ret, DATE_SIZE, "%Y-%m-%d", &tm);
}
