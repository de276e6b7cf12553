#include "web/scope_answer.h"

#include "tests/testing.h"

static struct view_interface row_of(const char *name, enum rung height, enum rung broken)
{
	return (struct view_interface){
		.interface = name,
		.height = height,
		.conflict = RUNG_COUNT,
		.broken = broken,
	};
}

static void assert_answer(const struct view_scope *scope, const char *css,
			  const char *words)
{
	cleanup_scope_answer struct scope_answer answer;
	scope_answer_make(scope, &answer);
	assert_string_equal(answer.words.string, words);
	assert_string_equal(answer.css, css);
}

static void test_reports_alone_decide_nothing(void **state)
{
	struct view_interface rows[] = { row_of("cuda", RUNG_COUNT, RUNG_COUNT) };
	rows[0].working = 40;
	const struct view_scope scope = { .interfaces = rows,
					  .n_interfaces = 1,
					  .reports = 40,
					  .reports_working = 40,
					  .newest_report = "2026-03" };
	(void)state;
	assert_answer(&scope, "none", "NOT KNOWN.");
	cleanup_scope_answer struct scope_answer answer;
	scope_answer_make(&scope, &answer);
	assert_string_equal(answer.counts.string,
			    "0 machines measured; 40 reports (40 working, 0 failing), "
			    "newest 2026-03.");
}

static void test_yes_names_the_roads_and_what_is_none(void **state)
{
	struct view_interface rows[] = {
		row_of("dxg", RUNG_FENCE, RUNG_COUNT),
		row_of("cuda", RUNG_LAUNCH, RUNG_COUNT),
		row_of("opencl", RUNG_OPEN, RUNG_COMPILE),
		row_of("vulkan", RUNG_INFER, RUNG_COUNT),
	};
	struct view_scope scope = { .interfaces = rows,
				    .n_interfaces = ARRAY_SIZE(rows),
				    .machines = 2,
				    .witnesses = 1 };
	(void)state;
	assert_answer(&scope, "good",
		      "YES, through CUDA and Vulkan; not through OpenCL.");
	scope.machines = 1;
	assert_answer(&scope, "good",
		      "YES on one machine, through CUDA and Vulkan; not through OpenCL.");
}

static void test_no_names_the_door_first(void **state)
{
	struct view_interface rows[] = { row_of("opencl", RUNG_OPEN, RUNG_COMPILE) };
	struct view_scope scope = { .interfaces = rows,
				    .n_interfaces = 1,
				    .machines = 3,
				    .door = { VERDICT_CLEAN, { .good = 3 }, 0 } };
	(void)state;
	assert_answer(&scope, "bad", "NO: fails through OpenCL.");
	scope.door = (struct verdict){ VERDICT_BROKEN, { .bad = 3 }, 0 };
	assert_answer(&scope, "bad", "NO: DXG itself fails, the door to Windows.");
}

static void test_the_rest(void **state)
{
	struct view_interface rows[] = { row_of("vulkan", RUNG_LOAD, RUNG_COUNT) };
	struct view_scope scope = { .interfaces = rows,
				    .n_interfaces = 1,
				    .machines = 2 };
	(void)state;
	rows[0].rungs[RUNG_ENUMERATE].votes.cpu = 2;
	assert_answer(&scope, "cpu", "CPU ONLY: Vulkan found no driver for this GPU.");
	rows[0].conflict = RUNG_COPY;
	assert_answer(&scope, "split", "MACHINES DISAGREE, through Vulkan.");
	scope.n_interfaces = 0;
	scope.door = (struct verdict){ VERDICT_CLEAN, { .good = 2 }, 0 };
	assert_answer(&scope, "none",
		      "NOT KNOWN. DXG, the door to Windows, answers; no API above it was "
		      "measured.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reports_alone_decide_nothing),
		cmocka_unit_test(test_yes_names_the_roads_and_what_is_none),
		cmocka_unit_test(test_no_names_the_door_first),
		cmocka_unit_test(test_the_rest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
