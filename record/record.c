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
	*record = (struct record){ .source.skimmed = { -1, -1 },
				   .run_n = -1,
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
