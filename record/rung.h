/*
 * rung.h: the steps up an interface, what each needs, what it may cost.
 *
 * Every interface climbs the same rungs, so that cells compare. One that an interface
 * does not have is absent there, and nobody's need.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* X(CONSTANT, name, needs, risk, deadline in ms)
 * In climbing order. Deadlines are generous: a cold compiler on a slow disk takes
 * seconds, and a probe killed in mid-call can wedge the GPU bridge until `wsl --shutdown`
 * (microsoft/WSL#41062). */
#define RUNGS(X)                                                                         \
	X(LOAD, "load", 0, LOW, 20000)                                                   \
	X(ENUMERATE, "enumerate", BIT(LOAD), LOW, 20000)                                 \
	X(OPEN, "open", BIT(ENUMERATE), LOW, 20000)                                      \
	X(QUERY, "query", BIT(ENUMERATE), LOW, 20000)                                    \
	X(PAGING, "paging", BIT(OPEN), LOW, 10000)                                       \
	X(FENCE, "fence", BIT(OPEN), LOW, 10000)                                         \
	X(ADDRESS, "address", BIT(OPEN), MEDIUM, 20000)                                  \
	X(ESCAPE, "escape", BIT(OPEN), HIGH, 10000)                                      \
	X(COPY, "copy", BIT(OPEN), LOW, 30000)                                           \
	X(COMPILE, "compile", BIT(OPEN), LOW, 60000)                                     \
	X(LAUNCH, "launch", BIT(COMPILE) | BIT(COPY), LOW, 30000)                        \
	X(MEMORY, "memory", BIT(LAUNCH), MEDIUM, 60000)                                  \
	X(INFER, "infer", BIT(LAUNCH), MEDIUM, 60000)                                    \
	/* inference servers on the Windows side */                                      \
	X(REACH, "reach", 0, LOW, 5000)                                                  \
	X(IDENTIFY, "identify", BIT(REACH), LOW, 5000)                                   \
	X(GENERATE, "generate", BIT(IDENTIFY), MEDIUM, 60000)                            \
	X(OFFLOAD, "offload", BIT(GENERATE), MEDIUM, 10000)

enum rung {
#define X(constant, name, needs, risk, deadline_ms) RUNG_##constant,
	RUNGS(X)
#undef X
		RUNG_COUNT
};

/* Low: up to a tiny kernel. Medium: also gigabytes of addresses and memory. High: also
 * what may upset Windows. */
enum risk { RISK_LOW, RISK_MEDIUM, RISK_HIGH, RISK_COUNT };

extern const char *const risk_names[RISK_COUNT];

struct rung_row {
	const char *name;
	uint32_t needs; /* a set of rungs, see rung_bit() */
	enum risk risk;
	int deadline_ms;
};

extern const struct rung_row rung_rows[RUNG_COUNT];

static inline uint32_t rung_bit(enum rung rung)
{
	return UINT32_C(1) << rung;
}

bool rung_parse(const char *name, enum rung *ret);
bool risk_parse(const char *name, enum risk *ret);
/* @return the set with all that its members need, directly or not, among those in `has`. */
uint32_t rung_closure(uint32_t set, uint32_t has);
