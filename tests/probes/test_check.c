#include "tests/testing.h"

#include <math.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probes/check.h"
#include "tests/probes/heard.h"

#define NONCE 0x12345678u

struct fixture {
	struct probe p;
	int runner;
	struct heard *heard;
	struct check_launch launch;
};

/* The formula once more, as the kernels have it. */
static void compute(struct check_launch *launch)
{
	for (size_t i = 0; i < CHECK_ELEMENTS; i++) {
		uint32_t x = launch->input[i];
		for (int round = 0; round < 8; round++) {
			x = (x ^ launch->nonce) * 1664525u + 1013904223u;
			x ^= x >> 15;
		}
		launch->integers[i] = x;
		double f = launch->input[i] & 0xffff;
		launch->floats[i] = (float)((f * f + 2.0) / (f * 0.75 + 3.0));
	}
}

static int setup(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));
	int fds[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	f->p.fd = fds[0];
	f->p.rung = RUNG_LAUNCH;
	f->runner = fds[1];
	f->heard = xcalloc(1, sizeof(*f->heard));
	check_launch_init(&f->launch, NONCE);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	close(f->p.fd);
	close(f->runner);
	heard_destroy(f->heard);
	free(f);
	return 0;
}

static const struct heard *hear(struct fixture *f)
{
	struct packet_reader *reader = xcalloc(1, sizeof(*reader));
	heard_destroy(f->heard);
	f->heard = xcalloc(1, sizeof(*f->heard));
	heard_take(f->heard, reader, f->runner);
	free(reader);
	return f->heard;
}

static void test_check_copy_finds_every_wrong_word(void **state)
{
	struct fixture *f = *state;
	uint32_t words[1000];
	check_fill(words, ARRAY_SIZE(words), 7);
	assert_int_equal(check_copy(&f->p, words, ARRAY_SIZE(words), 7), OUTCOME_PASS);
	assert_heard_number(hear(f), RUNG_LAUNCH, FIND_COMPARED_BYTES, 4000);
	assert_null(heard_find(f->heard, RUNG_LAUNCH, FIND_WRONG_AT));

	words[17] ^= 1;
	words[999] ^= 0x80000000;
	assert_int_equal(check_copy(&f->p, words, ARRAY_SIZE(words), 7), OUTCOME_FAIL);
	assert_int_equal(f->p.reason, REASON_WRONG_RESULT);
	assert_heard_number(hear(f), RUNG_LAUNCH, FIND_WRONG_AT, 17);
	assert_heard_number(f->heard, RUNG_LAUNCH, FIND_WRONG_COUNT, 2);
}

static void test_check_patterns_of_seeds_differ_everywhere(void **state)
{
	(void)state;
	uint32_t a[CHECK_COPY_WORDS / 16], b[ARRAY_SIZE(a)];
	check_fill(a, ARRAY_SIZE(a), 1);
	check_fill(b, ARRAY_SIZE(b), 2);
	size_t equal = 0;
	for (size_t i = 0; i < ARRAY_SIZE(a); i++) {
		equal += a[i] == b[i];
		if (i > 0)
			assert_int_not_equal(a[i], a[i - 1]);
	}
	assert_int_equal(equal, 0);
	assert_int_not_equal(check_nonce(), check_nonce());
}

static void test_check_launch_passes_right_numbers(void **state)
{
	struct fixture *f = *state;
	compute(&f->launch);
	assert_int_equal(check_launch(&f->p, &f->launch), OUTCOME_PASS);
	assert_heard_number(hear(f), RUNG_LAUNCH, FIND_CHECKER_CATCHES, 1);
	/* a device may round otherwise */
	for (size_t i = 0; i < CHECK_ELEMENTS; i++)
		f->launch.floats[i] =
			nextafterf(f->launch.floats[i], i % 2 ? INFINITY : 0);
	assert_int_equal(check_launch(&f->p, &f->launch), OUTCOME_PASS);
}

static void test_check_launch_finds_what_was_not_written(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(check_launch(&f->p, &f->launch), OUTCOME_FAIL);
	assert_heard_number(hear(f), RUNG_LAUNCH, FIND_WRONG_COUNT, CHECK_ELEMENTS);
	compute(&f->launch);
	memset(f->launch.integers, 0, sizeof(f->launch.integers));
	assert_int_equal(check_launch(&f->p, &f->launch), OUTCOME_FAIL);
	assert_int_equal(f->p.reason, REASON_WRONG_RESULT);
	assert_null(heard_find(hear(f), RUNG_LAUNCH, FIND_CHECKER_CATCHES));
}

static void test_check_launch_finds_each_kind_of_wrong_number(void **state)
{
	struct fixture *f = *state;
	const float bad[] = { NAN, INFINITY, -INFINITY, 0.0f, -1.0f, 1e38f };
	compute(&f->launch);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		size_t at = i * 681;
		float right = f->launch.floats[at];
		f->launch.floats[at] = bad[i];
		assert_int_equal(check_launch(&f->p, &f->launch), OUTCOME_FAIL);
		assert_heard_number(hear(f), RUNG_LAUNCH, FIND_WRONG_AT, (int64_t)at);
		assert_heard_number(f->heard, RUNG_LAUNCH, FIND_WRONG_COUNT, 1);
		f->launch.floats[at] = right * 1.0001f;
		assert_int_equal(check_launch(&f->p, &f->launch), OUTCOME_FAIL);
		assert_heard_number(hear(f), RUNG_LAUNCH, FIND_WRONG_AT, (int64_t)at);
		f->launch.floats[at] = right;
	}
	for (int bit = 0; bit < 32; bit++) {
		f->launch.integers[4095] ^= UINT32_C(1) << bit;
		assert_int_equal(check_launch(&f->p, &f->launch), OUTCOME_FAIL);
		f->launch.integers[4095] ^= UINT32_C(1) << bit;
	}
	assert_int_equal(check_launch(&f->p, &f->launch), OUTCOME_PASS);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_check_copy_finds_every_wrong_word),
		TEST(test_check_patterns_of_seeds_differ_everywhere),
		TEST(test_check_launch_passes_right_numbers),
		TEST(test_check_launch_finds_what_was_not_written),
		TEST(test_check_launch_finds_each_kind_of_wrong_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
