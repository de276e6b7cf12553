#include "probes/check.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

#define ROUNDS    8
#define TOLERANCE 1e-5f

/* Tests build the probe once more with an expectation that is wrong, to see it noticed. */
#ifdef DXGMATRIX_WRONG_EXPECTED
static const uint32_t wrong_bit = 1;
#else
static const uint32_t wrong_bit = 0;
#endif

struct difference {
	size_t first;
	size_t count;
};

uint32_t check_nonce(void)
{
	uint32_t nonce;
	if (getrandom(&nonce, sizeof(nonce), GRND_NONBLOCK) == sizeof(nonce))
		return nonce;
	struct timespec now; /* early after boot: unpredictable is not needed, new is */
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint32_t)now.tv_nsec ^ (uint32_t)now.tv_sec << 10;
}

static uint32_t mix(uint32_t x, uint32_t nonce)
{
	x = (x ^ nonce) * 1664525u + 1013904223u;
	return x ^ x >> 15;
}

void check_fill(uint32_t *words, size_t count, uint32_t seed)
{
	for (size_t i = 0; i < count; i++)
		words[i] = mix((uint32_t)i, seed);
}

static void note_difference(struct difference *difference, size_t at)
{
	if (difference->count++ == 0)
		difference->first = at;
}

static enum outcome judge(struct probe *p, struct difference difference)
{
	if (difference.count == 0)
		return OUTCOME_PASS;
	probe_find_number(p, FIND_WRONG_AT, (int64_t)difference.first);
	probe_find_number(p, FIND_WRONG_COUNT, (int64_t)difference.count);
	return probe_fail(p, REASON_WRONG_RESULT);
}

enum outcome check_copy(struct probe *p, const uint32_t *words, size_t count,
			uint32_t seed)
{
	struct difference difference = { 0 };
	for (size_t i = 0; i < count; i++)
		if (words[i] != mix((uint32_t)i, seed))
			note_difference(&difference, i);
	probe_find_number(p, FIND_COMPARED_BYTES, (int64_t)(count * sizeof(*words)));
	return judge(p, difference);
}

static uint32_t expected_integer(const struct check_launch *launch, size_t i)
{
	uint32_t x = launch->input[i];
	for (int round = 0; round < ROUNDS; round++)
		x = mix(x, launch->nonce);
	return i == 0 ? x ^ wrong_bit : x;
}

static float expected_float(const struct check_launch *launch, size_t i)
{
	float f = (float)(launch->input[i] & 0xffff);
	return (f * f + 2.0f) / (f * 0.75f + 3.0f);
}

void check_launch_init(struct check_launch *launch, uint32_t nonce)
{
	launch->nonce = nonce;
	check_fill(launch->input, CHECK_ELEMENTS, nonce);
	for (size_t i = 0; i < CHECK_ELEMENTS; i++) {
		launch->integers[i] = ~expected_integer(launch, i);
		launch->floats[i] = -1.0f;
	}
}

/* @param want  positive, as all expectations are */
static bool is_near(float got, float want)
{
	float off = got - want, most = want * TOLERANCE;
	return off <= most && off >= -most; /* false for NaN */
}

/* @param altered  the element whose expectation is made wrong; CHECK_ELEMENTS for none */
static struct difference compare_launch(const struct check_launch *launch, size_t altered)
{
	struct difference difference = { 0 };
	for (size_t i = 0; i < CHECK_ELEMENTS; i++) {
		uint32_t integer = expected_integer(launch, i);
		float number = expected_float(launch, i);
		if (i == altered) {
			integer ^= UINT32_C(1) << (launch->nonce & 31);
			number *= 1.0f + 4 * TOLERANCE;
		}
		bool right = launch->integers[i] == integer;
		bool near = is_near(launch->floats[i], number);
		/* Both halves must notice, each for itself. */
		if (i == altered ? !right && !near : !right || !near)
			note_difference(&difference, i);
	}
	return difference;
}

enum outcome check_launch(struct probe *p, const struct check_launch *launch)
{
	enum outcome outcome = judge(p, compare_launch(launch, CHECK_ELEMENTS));
	if (outcome != OUTCOME_PASS)
		return outcome;
	size_t altered = launch->nonce % CHECK_ELEMENTS;
	struct difference difference = compare_launch(launch, altered);
	bool catches = difference.count == 1 && difference.first == altered;
	probe_find_flag(p, FIND_CHECKER_CATCHES, catches);
	return catches ? OUTCOME_PASS : probe_error(p, REASON_CONTROL_FAILED);
}
