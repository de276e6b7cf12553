#include "matrix/verdict.h"

#include <math.h>
#include <string.h>

#include "matrix/rules.h"
#include "util/array.h"

const struct verdict_row verdict_rows[VERDICT_COUNT] = {
#define X(constant, name, words, css, sign) { name, words, css, sign },
	VERDICTS(X)
#undef X
};

bool verdict_parse(const char *name, enum verdict_word *ret)
{
	for_each_row(row, verdict_rows) {
		if (strcmp(row->name, name))
			continue;
		*ret = (enum verdict_word)(row - verdict_rows);
		return true;
	}
	return false;
}

/* lo, hi = (x + z²/2 ∓ z·√(x·(n − x)/n + z²/4)) / (n + z²) */
static double wilson(int64_t x, int64_t n, double side)
{
	double z = RULES_WILSON_Z, good = (double)x, all = (double)n;
	double root = sqrt(good * (all - good) / all + z * z / 4);
	double limit = (good + z * z / 2 + side * z * root) / (all + z * z);
	return limit < 0 ? 0 : limit > 1 ? 1 : limit;
}

double wilson_lo(int64_t x, int64_t n)
{
	return wilson(x, n, -1);
}

double wilson_hi(int64_t x, int64_t n)
{
	return wilson(x, n, 1);
}

static enum verdict_word clean_or_noisy(const struct votes *votes)
{
	bool noisy = votes->noisy * RULES_NOISY_DENOMINATOR >
		     votes->good * RULES_NOISY_NUMERATOR;
	return noisy ? VERDICT_NOISY : VERDICT_CLEAN;
}

static enum verdict_word word_of(const struct votes *votes)
{
	int64_t n = votes->good + votes->bad;
	if (n == 0)
		return VERDICT_UNKNOWN;
	if (votes->bad == 0)
		return clean_or_noisy(votes);
	if (votes->good == 0)
		return votes->flaky == votes->bad ? VERDICT_CONFLICT : VERDICT_BROKEN;
	if (wilson_hi(votes->bad, n) <= RULES_EXCEPTION_SHARE)
		return clean_or_noisy(votes);
	if (wilson_hi(votes->good, n) <= RULES_EXCEPTION_SHARE)
		return VERDICT_BROKEN;
	return VERDICT_CONFLICT;
}

struct verdict verdict_of(const struct votes *votes)
{
	struct verdict verdict = { .word = word_of(votes), .votes = *votes };
	switch (verdict.word) {
	case VERDICT_CLEAN:
	case VERDICT_NOISY:
		verdict.exceptions = votes->bad;
		break;
	case VERDICT_BROKEN:
		verdict.exceptions = votes->good;
		break;
	case VERDICT_UNKNOWN:
	case VERDICT_CONFLICT:
	case VERDICT_COUNT:
		break;
	}
	return verdict;
}

bool verdict_is_self(const struct verdict *verdict)
{
	return verdict->word == VERDICT_CONFLICT && verdict->votes.good == 0;
}

const char *verdict_strength(int64_t n)
{
	if (n <= 0)
		return "";
	if (n < RULES_FEW)
		return "one machine";
	if (n < RULES_SEVERAL)
		return "a few";
	return n < RULES_MANY ? "several" : "many";
}

static bool works(const struct verdict *verdict)
{
	return verdict->word == VERDICT_CLEAN || verdict->word == VERDICT_NOISY;
}

enum rung verdict_height(const struct verdict rungs[RUNG_COUNT], uint32_t has)
{
	uint32_t working = 0;
	for (int rung = 0; rung < RUNG_COUNT; rung++)
		if (works(&rungs[rung]))
			working |= rung_bit((enum rung)rung);
	for (int rung = RUNG_COUNT - 1; rung >= 0; rung--) {
		uint32_t all = rung_closure(rung_bit((enum rung)rung) & has, has);
		if (all && (all & ~working) == 0)
			return (enum rung)rung;
	}
	return RUNG_COUNT;
}

enum rung verdict_lowest(const struct verdict rungs[RUNG_COUNT], enum verdict_word word)
{
	for (int rung = 0; rung < RUNG_COUNT; rung++)
		if (rungs[rung].word == word)
			return (enum rung)rung;
	return RUNG_COUNT;
}
