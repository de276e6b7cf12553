#include "runner/exec.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "tests/testing.h"

static struct exec_answer answer;

static void sh(const char *script, int timeout_ms, size_t limit)
{
	const char *const programs[] = { "/bin/sh", NULL };
	const char *const argv[] = { "sh", "-c", script, NULL };
	const struct exec_request request = { .programs = programs,
					      .argv = argv,
					      .timeout_ms = timeout_ms,
					      .limit = limit };
	free(answer.output);
	answer.output = NULL;
	assert_ok(exec_run(&request, &answer));
}

static int free_output(void **state)
{
	(void)state;
	free(answer.output);
	answer.output = NULL;
	return 0;
}

static void test_output_and_status(void **state)
{
	(void)state;
	sh("echo out; echo err >&2; exit 3", 10000, 100);
	assert_string_equal(answer.output, "out\n");
	assert_int_equal(answer.size, 4);
	assert_int_equal(answer.status, 3);
	assert_false(answer.late);
	assert_false(answer.floods);
	sh("kill -SEGV $$", 10000, 100);
	assert_int_equal(answer.status, 128 + SIGSEGV);
}

static void test_no_input_and_no_group_of_ours(void **state)
{
	(void)state;
	sh("cat; ps -o pgid= -p $$ 2>/dev/null || cut -d' ' -f5 /proc/$$/stat", 10000,
	   100);
	assert_int_equal(answer.status, 0);
	assert_int_not_equal(atoi(answer.output), getpgrp());
}

static void test_first_program_that_starts(void **state)
{
	(void)state;
	const char *const programs[] = { "/nowhere/sh", "/etc/passwd", "/bin/sh", NULL };
	const char *const argv[] = { "sh", "-c", "echo \"$WORD $(pwd)\"", NULL };
	const char *const environment[] = { "WORD=told", NULL };
	struct exec_request request = { .programs = programs,
					.argv = argv,
					.environment = environment,
					.folder = "/",
					.timeout_ms = 10000,
					.limit = 100 };
	free_output(NULL);
	assert_ok(exec_run(&request, &answer));
	assert_string_equal(answer.output, "told /\n");
	const char *const none[] = { "no-such-program-anywhere", NULL };
	request.programs = none;
	free_output(NULL);
	assert_ok(exec_run(&request, &answer));
	assert_int_equal(answer.status, 127);
	assert_int_equal(answer.size, 0);
}

static void test_a_hanging_command_is_ended(void **state)
{
	(void)state;
	static const struct {
		const char *script;
		int status;
	} rows[] = {
		{ "echo early; sleep 60", 128 + SIGTERM },
		{ "echo early; trap '' TERM; while :; do sleep 1; done", 128 + SIGKILL },
		{ "echo early; exec >&-; sleep 60", 128 + SIGTERM },
	};
	for_each_row(row, rows) {
		struct timespec start, end;
		clock_gettime(CLOCK_MONOTONIC, &start);
		sh(row->script, 300, 100);
		clock_gettime(CLOCK_MONOTONIC, &end);
		assert_true(answer.late);
		assert_int_equal(answer.status, row->status);
		assert_string_equal(answer.output, "early\n");
		assert_true(end.tv_sec - start.tv_sec < 10);
	}
}

/* Its output is not waited for, and it does not live on. */
static void test_what_it_leaves_behind_is_ended(void **state)
{
	(void)state;
	sh("sleep 60 & echo $!", 10000, 100);
	assert_int_equal(answer.status, 0);
	assert_false(answer.late);
	pid_t pid = (pid_t)atoi(answer.output);
	assert_true(pid > 1);
	for (int i = 0; i < 200; i++) {
		char path[64], line[256] = "";
		snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
		FILE *file = fopen(path, "re");
		if (!file)
			return;
		char *read = fgets(line, sizeof(line), file);
		fclose(file);
		if (read && strstr(line, ") Z ")) /* nobody buries it here */
			return;
		usleep(10000);
	}
	fail_msg("process %d lives on", (int)pid);
}

static void test_a_flood_is_cut(void **state)
{
	(void)state;
	sh("while :; do echo 0123456789; done", 30000, 1000);
	assert_true(answer.floods);
	assert_false(answer.late);
	assert_int_equal(answer.size, 1000);
	sh("head -c 1000 /dev/zero", 30000, 1000);
	assert_false(answer.floods);
	assert_int_equal(answer.size, 1000);
	sh("head -c 1001 /dev/zero", 30000, 1000);
	assert_true(answer.floods);
	assert_int_equal(answer.size, 1000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_output_and_status, free_output),
		cmocka_unit_test_teardown(test_no_input_and_no_group_of_ours,
					  free_output),
		cmocka_unit_test_teardown(test_first_program_that_starts, free_output),
		cmocka_unit_test_teardown(test_a_hanging_command_is_ended, free_output),
		cmocka_unit_test_teardown(test_what_it_leaves_behind_is_ended,
					  free_output),
		cmocka_unit_test_teardown(test_a_flood_is_cut, free_output),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
