#include "record/rung.h"

#include <string.h>

#include "util/array.h"

const char *const risk_names[RISK_COUNT] = { "low", "medium", "high" };

#define BIT(constant) (UINT32_C(1) << RUNG_##constant)
const struct rung_row rung_rows[RUNG_COUNT] = {
#define X(constant, name, needs, risk, deadline_ms)                                      \
	{ name, needs, RISK_##risk, deadline_ms },
	RUNGS(X)
#undef X
};

bool rung_parse(const char *name, enum rung *ret)
{
	for_each_row(row, rung_rows) {
		if (strcmp(row->name, name))
			continue;
		*ret = (enum rung)(row - rung_rows);
		return true;
	}
	return false;
}

bool risk_parse(const char *name, enum risk *ret)
{
	for (int risk = 0; risk < RISK_COUNT; risk++) {
		if (strcmp(risk_names[risk], name))
			continue;
		*ret = (enum risk)risk;
		return true;
	}
	return false;
}

uint32_t rung_closure(uint32_t set, uint32_t has)
{
	/* From the top down, one pass suffices: a rung needs only earlier ones. */
	for (int rung = RUNG_COUNT - 1; rung >= 0; rung--)
		if (set & rung_bit((enum rung)rung))
			set |= rung_rows[rung].needs & has;
	return set;
}
