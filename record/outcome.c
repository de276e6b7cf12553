#include "record/outcome.h"

#include <string.h>

#include "util/array.h"

const struct outcome_row outcome_rows[OUTCOME_COUNT] = {
#define X(constant, name, words, css, sign) { name, words, css, sign },
	OUTCOMES(X)
#undef X
};

const struct reason_row reason_rows[REASON_COUNT] = {
#define X(constant, name, words) { name, words },
	REASONS(X)
#undef X
};

const char *const layer_titles[LAYER_COUNT] = {
#define X(constant, number, title) title,
	LAYERS(X)
#undef X
};

bool outcome_parse(const char *name, enum outcome *ret)
{
	for_each_row(row, outcome_rows) {
		if (strcmp(row->name, name))
			continue;
		*ret = (enum outcome)(row - outcome_rows);
		return true;
	}
	return false;
}

bool reason_parse(const char *name, enum reason *ret)
{
	for_each_row(row, reason_rows) {
		if (!*row->name || strcmp(row->name, name))
			continue;
		*ret = (enum reason)(row - reason_rows);
		return true;
	}
	return false;
}

bool outcome_is_bad(enum outcome outcome)
{
	return outcome >= OUTCOME_FALLBACK && outcome <= OUTCOME_DIED;
}

bool outcome_is_retried(enum outcome outcome)
{
	return outcome == OUTCOME_FAIL || outcome == OUTCOME_CRASH ||
	       outcome == OUTCOME_TIMEOUT;
}

enum outcome outcome_worse(enum outcome a, enum outcome b)
{
	if (a > OUTCOME_DIED)
		return b;
	if (b > OUTCOME_DIED)
		return a;
	return a > b ? a : b;
}
