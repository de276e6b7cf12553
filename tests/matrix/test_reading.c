#include "matrix/reading.h"

#include "tests/matrix/scene.h"

/* The readings of the adapter's rungs as letters, beside a control. */
static void check_rungs(const char *climb, const char *control, enum rung rung,
			char expected)
{
	cleanup_record struct record record;
	scene_record(&record);
	const struct result *result = NULL, *beside = NULL;
	scene_climb(&record, "opencl", ROLE_ADAPTER, climb);
	if (control)
		scene_climb(&record, "opencl", ROLE_CONTROL, control);
	result = record_result(&record, "opencl", ROLE_ADAPTER);
	beside = record_result(&record, "opencl", ROLE_CONTROL);
	enum reading reading = reading_of_rung(result_rung(result, rung), beside);
	if (reading_letters[reading] != expected)
		fail_msg("%s | %s: %c, expected %c", climb, control ? control : "-",
			 reading_letters[reading], expected);
}

static void test_reading_of_a_rung(void **state)
{
	(void)state;
	static const struct {
		const char *climb, *control;
		char expected;
	} rows[] = {
		{ "launch pass", NULL, 'g' },
		{ "launch pass", SCENE_LAUNCH, 'g' },
		{ "launch fail/fail/fail", NULL, 'b' },
		{ "launch crash/timeout/fail", NULL, 'b' },
		{ "launch crash/pass/pass", NULL, 'f' },
		{ "launch crash/crash/pass", NULL, 'f' },
		{ "launch crash/pass", NULL, 'f' },
		/* should have been repeated and was not */
		{ "launch crash", NULL, 'o' },
		{ "launch fail/fail", NULL, 'o' },
		{ "launch crash/error/crash", NULL, 'o' },
		{ "launch crash/interrupted", NULL, 'o' },
		/* never repeated */
		{ "launch hung", NULL, 'b' },
		{ "launch crash/hung", NULL, 'b' },
		{ "launch died", NULL, 'b' },
		/* CPU only, for want of a driver or beside one */
		{ "launch fallback", NULL, 'c' },
		{ "launch fallback:cpu-only", NULL, 'c' },
		{ "launch fallback:not-installed", NULL, 'c' },
		{ "launch fallback:unloadable", NULL, 'b' },
		{ "launch fallback:refused", NULL, 'b' },
		/* not counted */
		{ "launch blocked", NULL, '-' },
		{ "launch skip:not-installed", NULL, '-' },
		{ "launch interrupted", NULL, '-' },
		{ "launch error", NULL, '-' },
		/* the control failed here, or below */
		{ "launch crash/crash/crash", "launch fail/fail/fail", '-' },
		{ "launch pass", "launch error", '-' },
		{ "launch crash/crash/crash",
		  "load pass, open crash/crash/crash, "
		  "launch blocked",
		  '-' },
		{ "launch pass",
		  "load pass, enumerate pass, open pass, compile error, "
		  "launch blocked",
		  '-' },
		/* a control that fails beside the path to it, or was not run, says nothing */
		{ "launch crash/crash/crash", "launch pass, infer fail/fail/fail", 'b' },
		{ "launch pass", "load skip:not-installed, launch blocked", 'g' },
	};
	for_each_row(row, rows)
		check_rungs(row->climb, row->control, RUNG_LAUNCH, row->expected);
}

static void test_unfamiliar_failures_make_a_pass_noisy(void **state)
{
	(void)state;
	static const struct {
		const char *ioctl;
		int error;
		char expected;
	} rows[] = {
		{ "query_adapter_info", 0, 'g' },
		{ "query_adapter_info", -22, 'g' }, /* in the shipped table */
		{ "reserve_gpu_va", -75, 'g' },     /* there too, though not harmless */
		{ "make_coffee", -5, 'n' },
	};
	for_each_row(row, rows) {
		cleanup_record struct record record;
		scene_record(&record);
		struct result *result =
			scene_climb(&record, "opencl", ROLE_ADAPTER, SCENE_LAUNCH);
		struct rung_result *launch = scene_rung(result, RUNG_LAUNCH);
		scene_call(&record, launch, row->ioctl, row->error);
		assert_int_equal(reading_letters[reading_of_rung(launch, NULL)],
				 row->expected);
	}
}

/* ---- the door ---- */

struct door_row {
	const char *dxg;
	const char *copy;    /* the OpenCL rung, or NULL */
	const char *control; /* its control's, or NULL */
	const char *call;    /* in the copy's trace, or NULL */
	int error;
	const char *expected; /* to fence, to copy */
};

static void check_door(const struct door_row *row)
{
	cleanup_record struct record record;
	scene_record(&record);
	if (row->dxg)
		scene_climb(&record, "dxg", ROLE_ADAPTER, row->dxg);
	if (row->control)
		scene_climb(&record, "opencl", ROLE_CONTROL, row->control);
	if (row->copy) {
		struct result *result =
			scene_climb(&record, "opencl", ROLE_ADAPTER, row->copy);
		if (row->call)
			scene_call(&record, scene_rung(result, RUNG_COPY), row->call,
				   row->error);
	}
	struct door_reading door = reading_of_door(&record);
	char letters[] = { reading_letters[door.fence], reading_letters[door.copy], 0 };
	if (strcmp(letters, row->expected))
		fail_msg("dxg %s, copy %s: %s, expected %s", row->dxg ? row->dxg : "-",
			 row->copy ? row->copy : "-", letters, row->expected);
}

static void test_reading_of_the_door(void **state)
{
	(void)state;
	static const struct door_row rows[] = {
		{ NULL, NULL, NULL, NULL, 0, "--" },
		{ SCENE_DOOR, NULL, NULL, NULL, 0, "g-" },
		{ SCENE_DOOR ", address skip:not-asked", NULL, NULL, NULL, 0, "g-" },
		/* without a fence nothing is proved */
		{ "load pass, enumerate pass, open pass", NULL, NULL, NULL, 0, "--" },
		{ "load pass, enumerate pass, open pass, fence blocked", NULL, NULL, NULL,
		  0, "--" },
		{ SCENE_DOOR ", address error", NULL, NULL, NULL, 0, "--" },
		{ "load fail/fail/fail", NULL, NULL, NULL, 0, "bb" },
		{ SCENE_DOOR ", address fail/fail/fail", NULL, NULL, NULL, 0, "bb" },
		{ SCENE_DOOR ", address fail/pass/pass", NULL, NULL, NULL, 0, "ff" },
		{ SCENE_DOOR ", address fail", NULL, NULL, NULL, 0, "o-" },
		/* a copy speaks for the door if its trace holds a submission */
		{ SCENE_DOOR, "copy pass", "copy pass", "submit_command", 0, "gg" },
		{ SCENE_DOOR, "copy pass", NULL, "submit_command_to_hwqueue", 0, "gg" },
		{ SCENE_DOOR, "copy pass", "copy pass", "query_adapter_info", 0, "g-" },
		{ SCENE_DOOR, "copy pass", "copy pass", NULL, 0, "g-" },
		{ NULL, "copy pass", "copy pass", "submit_command", 0, "--" },
		/* … and against it if there is a DXG failure not known to be harmless */
		{ SCENE_DOOR, "copy fail/fail/fail", "copy pass", "reserve_gpu_va", -75,
		  "bb" },
		{ NULL, "copy fail/fail/fail", "copy pass", "reserve_gpu_va", -75, "bb" },
		{ SCENE_DOOR, "copy fail/fail/fail", "copy pass", "query_adapter_info",
		  -22, "--" },
		{ SCENE_DOOR, "copy fail/fail/fail", NULL, "reserve_gpu_va", -75, "--" },
		{ SCENE_DOOR, "copy fail/pass/fail", "copy pass", "reserve_gpu_va", -75,
		  "ff" },
		/* bad without a DXG failure: unclear, a matter of layer 2 */
		{ SCENE_DOOR, "copy crash/crash/crash", "copy pass", NULL, 0, "--" },
		/* a copy that says nothing */
		{ SCENE_DOOR, "copy crash", "copy pass", "reserve_gpu_va", -75, "g-" },
		{ SCENE_DOOR, "copy fail/fail/fail", "copy fail/fail/fail",
		  "reserve_gpu_va", -75, "g-" },
		{ SCENE_DOOR, "copy blocked", "copy pass", NULL, 0, "g-" },
	};
	for_each_row(row, rows)
		check_door(row);
}

static void test_a_refused_question_is_judged_by_what_was_asked(void **state)
{
	(void)state;
	static const struct {
		uint32_t type;
		int error;
		enum reading fence;
	} rows[] = {
		{ 60, -22, READING_UNCOUNTED }, /* a routine one: a matter of layer 2 */
		{ 57, -22, READING_BAD },       /* one that a usable GPU answers */
		{ 70, -75, READING_UNCOUNTED },
		{ 60, -75, READING_BAD }, /* not met before */
	};
	for_each_row(row, rows) {
		cleanup_record struct record record;
		scene_record(&record);
		scene_climb(&record, "dxg", ROLE_ADAPTER, SCENE_DOOR);
		scene_climb(&record, "opencl", ROLE_CONTROL, "copy pass");
		struct result *result = scene_climb(&record, "opencl", ROLE_ADAPTER,
						    "copy fail/fail/fail");
		scene_query(&record, scene_rung(result, RUNG_COPY), row->type,
			    row->error);
		assert_int_equal(reading_of_door(&record).fence, row->fence);
	}
}

static void test_one_good_copy_outweighs_one_that_fails_above_the_door(void **state)
{
	(void)state;
	cleanup_record struct record record;
	scene_record(&record);
	scene_climb(&record, "dxg", ROLE_ADAPTER, SCENE_DOOR);
	scene_climb(&record, "opencl", ROLE_ADAPTER, "copy crash/crash/crash");
	struct result *vulkan = scene_climb(&record, "vulkan", ROLE_ADAPTER, "copy pass");
	scene_call(&record, scene_rung(vulkan, RUNG_COPY), "submit_command", 0);
	struct door_reading door = reading_of_door(&record);
	assert_int_equal(door.fence, READING_GOOD);
	assert_int_equal(door.copy, READING_GOOD);
}

/* ---- runs of one machine ---- */

static void test_runs_of_one_machine_fold(void **state)
{
	(void)state;
	/* oldest first -> one */
	static const struct {
		const char *runs;
		char expected;
	} rows[] = {
		{ "", '.' },     { "g", 'g' },     { "gb", 'b' },     { "bg", 'g' },
		{ "bbbg", 'g' }, { "gbg", 'f' },   { "bgb", 'f' },    { "gggg", 'g' },
		{ "g-", 'g' },   { "b.", 'b' },    { "-g", 'g' },     { "g--b", 'b' },
		{ "gob", 'b' },  { "o", 'o' },     { "-", '-' },      { "c-", '-' },
		{ "gn", 'n' },   { "ngb-g", 'f' }, { "fg", 'g' },     { "f", 'f' },
		{ "gf", 'f' },   { "gfg", 'f' },   { "bo", 'b' },     { "cg", 'g' },
		{ "bf", 'f' },   { "go", 'g' },    { "gc-o..", 'g' }, { "fb", 'b' },
	};
	for_each_row(row, rows) {
		struct reading_fold fold = { 0 };
		for (const char *run = row->runs; *run; run++)
			reading_fold_add(&fold, reading_of_letter(*run));
		char letter = reading_letters[reading_fold_end(&fold)];
		if (letter != row->expected)
			fail_msg("%s: %c, expected %c", row->runs, letter, row->expected);
	}
}

static void test_letters_are_unique(void **state)
{
	(void)state;
	for (int i = 0; i < READING_COUNT; i++)
		assert_int_equal(reading_of_letter(reading_letters[i]), i);
	assert_int_equal(reading_of_letter('?'), READING_ABSENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading_of_a_rung),
		cmocka_unit_test(test_unfamiliar_failures_make_a_pass_noisy),
		cmocka_unit_test(test_reading_of_the_door),
		cmocka_unit_test(test_a_refused_question_is_judged_by_what_was_asked),
		cmocka_unit_test(
			test_one_good_copy_outweighs_one_that_fails_above_the_door),
		cmocka_unit_test(test_runs_of_one_machine_fold),
		cmocka_unit_test(test_letters_are_unique),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
