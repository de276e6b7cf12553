#include "tests/testing.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/child.h"
#include "runner/leftover.h"
#include "util/file.h"

static char *folder;

static int set_up(void **state)
{
	(void)state;
	assert_ok(file_temporary_folder("test-leftover", &folder));
	setenv("TMPDIR", folder, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_ok(file_remove_tree(folder));
	free(folder);
	unsetenv("TMPDIR");
	return 0;
}

static pid_t dead_process(void)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
	return pid;
}

static char *make_folder(pid_t runner, const char *end)
{
	char *path = xasprintf("%s/dxgmatrix-%d%s", folder, (int)runner, end);
	cleanup_free char *inside = xasprintf("%s/home", path);
	assert_ok(file_make_folder(inside));
	return path;
}

static void test_folders_of_dead_runners_are_removed(void **state)
{
	(void)state;
	pid_t dead = dead_process();
	const struct {
		pid_t runner;
		const char *end;
		bool stays;
	} rows[] = {
		{ dead, ".aB3dEf", false },     { dead, ".Zz9Zz9", false },
		{ getpid(), ".aB3dEf", true },  { dead, ".short", true },
		{ dead, ".aB3dEf.more", true },
	};
	for_each_row(row, rows)
		free(make_folder(row->runner, row->end));
	leftover_remove();
	for_each_row(row, rows) {
		cleanup_free char *path = xasprintf("%s/dxgmatrix-%d%s", folder,
						    (int)row->runner, row->end);
		assert_int_equal(access(path, F_OK) == 0, row->stays);
	}
}

static void test_what_they_started_is_ended(void **state)
{
	(void)state;
	cleanup_free char *path = make_folder(dead_process(), ".aB3dEf");
	cleanup_free char *home = xasprintf("HOME=%s/home", path);
	cleanup_free char *other = xasprintf("HOME=%s/homes", path);
	char *const argv[] = { "sleep", "100", NULL };
	char *const theirs[] = { "A=b", home, NULL }, *const foreign[] = { other, NULL };
	pid_t left = fork();
	if (left == 0)
		execve("/bin/sleep", argv, theirs);
	pid_t stranger = fork();
	if (stranger == 0)
		execve("/bin/sleep", argv, foreign);
	usleep(100000);
	leftover_remove();
	int status;
	assert_int_equal(waitpid(left, &status, 0), left);
	assert_int_equal(WTERMSIG(status), SIGKILL);
	assert_int_equal(waitpid(stranger, &status, WNOHANG), 0);
	kill(stranger, SIGKILL);
	waitpid(stranger, &status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_folders_of_dead_runners_are_removed,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_they_started_is_ended, set_up,
						tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
