/* builder.h: records made by hand, a rung a line. */
#pragma once

#include "record/record.h"
#include "tests/testing.h"

struct built_rung {
	const char *interface;
	enum role role;
	enum rung rung;
	enum outcome outcome;
	enum reason reason;
	/* name and value of up to three findings */
	const char *finding[6];
	/* a call of its trace that failed; NULL: no trace */
	const char *failed_call;
	int error;
};

static inline struct result *built_result(struct record *record, const char *interface,
					  enum role role)
{
	for (size_t i = 0; i < record->n_results; i++)
		if (record->results[i].role == role &&
		    !strcmp(record->results[i].interface, interface))
			return &record->results[i];
	struct result *result =
		arena_push(&record->arena, record->results, record->n_results);
	*result = (struct result){ .interface = interface, .role = role };
	return result;
}

static inline void build_rung(struct record *record, const struct built_rung *row)
{
	struct result *result = built_result(record, row->interface, row->role);
	struct rung_result *rung =
		arena_push(&record->arena, result->rungs, result->n_rungs);
	*rung = (struct rung_result){
		.rung = row->rung, .outcome = row->outcome, .reason = row->reason, .ms = 1
	};
	for (size_t i = 0; i < 6 && row->finding[i]; i += 2)
		*arena_push(&record->arena, rung->findings.finding, rung->findings.n) =
			(struct finding_value){ .name = row->finding[i],
						.kind = FINDING_STRING,
						.string = row->finding[i + 1] };
	if (!row->failed_call)
		return;
	rung->trace.how = "ptrace";
	struct trace_call *call =
		arena_push(&record->arena, rung->trace.call, rung->trace.n);
	*call = (struct trace_call){ .ioctl = row->failed_call,
				     .calls = 1,
				     .max_us = -1 };
	failures_add(&record->arena, &call->failed, row->failed_call, row->error, 1);
}

/* A measured record of WSL2 with an Intel GPU, without results. */
static inline void build_record(struct record *record)
{
	record_init(record);
	record->source.kind = SOURCE_MEASURED;
	record->source.tool = "dxgmatrix 0.1.0";
	record->source.trigger = "manual";
	record->time = "2026-11-20";
	record->environment.kind = ENVIRONMENT_WSL2;
	record->combination.adapter = (struct adapter){ .present = true,
							.vendor = "8086",
							.pci = "8086:7d51",
							.name = "Intel Arc 140T",
							.class = "gpu",
							.index = 0 };
	record->combination.wsl = "2.7.9.0";
	record->combination.kernel = "6.18.33.2-microsoft-standard-WSL2";
}

#define A ROLE_ADAPTER
#define C ROLE_CONTROL
/* A door whose rungs all pass. */
static const struct built_rung good_door[] = {
	{ "dxg", A, RUNG_LOAD, OUTCOME_PASS },
	{ "dxg", A, RUNG_ENUMERATE, OUTCOME_PASS },
	{ "dxg", A, RUNG_OPEN, OUTCOME_PASS },
	{ "dxg", A, RUNG_FENCE, OUTCOME_PASS },
};
