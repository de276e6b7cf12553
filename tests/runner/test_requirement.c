#include "tests/testing.h"

#include "runner/requirement.h"

static void test_text_is_read_or_refused(void **state)
{
	(void)state;
	struct requirement requirement;
	assert_ok(requirement_parse("opencl:launch", &requirement));
	assert_string_equal(requirement.interface, "opencl");
	assert_int_equal(requirement.rung, RUNG_LAUNCH);
	static const char *const texts[] = {
		"opencl",
		"opencl:",
		":launch",
		"opencl:fly",
		"opencl:launch:x",
		"",
		"an-interface-with-a-name-far-too-long-for-one:launch",
	};
	for_each_row(text, texts) {
		struct error *err = requirement_parse(*text, &requirement);
		assert_non_null(err);
		assert_true(err->usage);
		error_destroy(err);
	}
}

#define ROWS_MAX 4
struct run {
	enum environment environment;
	const char *kernel, *interface;
	enum role role;
	struct {
		enum rung rung;
		enum outcome outcome;
	} rungs[ROWS_MAX];
	const char *require; /* NULL: nothing in particular */
	bool met;
};

#define WSL2 ENVIRONMENT_WSL2, "6.6.87.2-microsoft-standard-WSL2"
#define HERE ENVIRONMENT_LINUX, "6.1.0"
#define A    ROLE_ADAPTER
#define C    ROLE_CONTROL

static bool is_met(const struct run *run)
{
	struct rung_result rungs[ROWS_MAX];
	struct result result = { .interface = run->interface,
				 .role = run->role,
				 .rungs = rungs };
	for (; result.n_rungs < ROWS_MAX && run->rungs[result.n_rungs].rung;
	     result.n_rungs++)
		rungs[result.n_rungs] = (struct rung_result){
			.rung = run->rungs[result.n_rungs].rung,
			.outcome = run->rungs[result.n_rungs].outcome,
		};
	cleanup_record struct record record;
	record_init(&record);
	record.environment.kind = run->environment;
	record.combination.kernel = run->kernel;
	record.results = &result;
	record.n_results = 1;
	struct requirement requirement;
	assert_ok(requirement_parse(run->require, &requirement));
	return requirement_is_met(run->require ? &requirement : NULL, &record, 1);
}

static void test_run_is_good_or_not(void **state)
{
	(void)state;
	static const struct run rows[] = {
		/* a GPU reaches launch, with all it needs */
		{ WSL2,
		  "opencl",
		  A,
		  { { RUNG_COPY, OUTCOME_PASS }, { RUNG_LAUNCH, OUTCOME_PASS } },
		  NULL,
		  true },
		{ WSL2,
		  "opencl",
		  A,
		  { { RUNG_COPY, OUTCOME_FAIL }, { RUNG_LAUNCH, OUTCOME_PASS } },
		  NULL,
		  false },
		{ WSL2,
		  "opencl",
		  A,
		  { { RUNG_COPY, OUTCOME_PASS }, { RUNG_LAUNCH, OUTCOME_CRASH } },
		  NULL,
		  false },
		/* the CPU proves nothing */
		{ WSL2, "opencl", C, { { RUNG_LAUNCH, OUTCOME_PASS } }, NULL, true },
		{ WSL2,
		  "opencl",
		  A,
		  { { RUNG_ENUMERATE, OUTCOME_FALLBACK },
		    { RUNG_LAUNCH, OUTCOME_BLOCKED } },
		  NULL,
		  false },
		/* the door alone has no launch: it is good unless broken */
		{ WSL2, "dxg", A, { { RUNG_FENCE, OUTCOME_PASS } }, NULL, true },
		{ WSL2, "dxg", A, { { RUNG_FENCE, OUTCOME_TIMEOUT } }, NULL, false },
		/* elsewhere there is nothing to judge, unless it is asked for */
		{ HERE, "opencl", A, { { RUNG_LAUNCH, OUTCOME_CRASH } }, NULL, true },
		{ HERE,
		  "opencl",
		  A,
		  { { RUNG_LAUNCH, OUTCOME_CRASH } },
		  "opencl:launch",
		  false },
		{ HERE,
		  "opencl",
		  A,
		  { { RUNG_LAUNCH, OUTCOME_PASS } },
		  "opencl:launch",
		  true },
		{ HERE,
		  "opencl",
		  C,
		  { { RUNG_LAUNCH, OUTCOME_PASS } },
		  "opencl:launch",
		  false },
		{ WSL2,
		  "vulkan",
		  A,
		  { { RUNG_LAUNCH, OUTCOME_PASS } },
		  "opencl:launch",
		  false },
		{ WSL2,
		  "opencl",
		  A,
		  { { RUNG_COPY, OUTCOME_PASS } },
		  "opencl:launch",
		  false },
		/* a container on WSL's kernel is judged, another is not */
		{ ENVIRONMENT_CONTAINER,
		  "6.6.87.2-microsoft-standard-WSL2",
		  "opencl",
		  A,
		  { { RUNG_LAUNCH, OUTCOME_FAIL } },
		  NULL,
		  false },
		{ ENVIRONMENT_CONTAINER,
		  "6.1.0",
		  "opencl",
		  A,
		  { { RUNG_LAUNCH, OUTCOME_FAIL } },
		  NULL,
		  true },
	};
	for_each_row(row, rows)
		if (is_met(row) != row->met)
			fail_msg("row %d", (int)(row - rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_is_read_or_refused),
		cmocka_unit_test(test_run_is_good_or_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
