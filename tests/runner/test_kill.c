/*
 * The runner killed at 200 random moments: the next start reads the journal right, the
 * store is whole, and nobody and nothing is left behind.
 */
#include "tests/testing.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runner/journal.h"
#include "runner/leftover.h"
#include "util/file.h"

#define KILLS 200

static char *folder, *program, *db;

static int set_up(void **state)
{
	(void)state;
	/* A process that is killed loses nothing the kernel has: no disk is needed. */
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 1);
	assert_ok(file_temporary_folder("test-kill", &folder));
	cleanup_free char *probe = binary_path("tests/fakes/dxgmatrix-probe-misbehaves");
	setenv("XDG_STATE_HOME", folder, 1);
	setenv("TMPDIR", folder, 1);
	setenv("DXGMATRIX_PROBE", probe, 1);
	program = binary_path("dxgmatrix");
	db = xasprintf("%s/matrix.db", folder);
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* whoever is left becomes our child */
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_ok(file_remove_tree(folder));
	free(folder);
	free(program);
	free(db);
	return 0;
}

static pid_t start(void)
{
	pid_t pid = fork();
	if (pid)
		return pid;
	int null = open("/dev/null", O_RDWR);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	execl(program, "dxgmatrix", "run", "opencl", "--db", db, (char *)NULL);
	_exit(127);
}

static int64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Whoever the runner had started dies with it, or within the moment. */
static void assert_nobody_is_left(void)
{
	for (int i = 0; i < 200; i++) {
		if (waitpid(-1, NULL, WNOHANG) < 0)
			return;
		usleep(10000);
	}
	fail_msg("a process outlived its runner by two seconds");
}

static int take_word(void *ret, int n, char **values, char **names)
{
	(void)n;
	(void)names;
	snprintf(ret, 64, "%s", values[0]);
	return 0;
}

/* @return how many records it holds. */
static int assert_store_is_whole(void)
{
	char word[64] = "", count[64] = "0";
	sqlite3 *store;
	if (access(db, F_OK) < 0)
		return 0;
	assert_int_equal(sqlite3_open(db, &store), SQLITE_OK);
	sqlite3_busy_timeout(store, 5000);
	assert_int_equal(
		sqlite3_exec(store, "PRAGMA integrity_check", take_word, word, NULL),
		SQLITE_OK);
	assert_string_equal(word, "ok");
	/* Killed before the first migration was committed, it has no tables yet. */
	sqlite3_exec(store, "SELECT count(*) FROM record", take_word, count, NULL);
	sqlite3_close(store);
	return atoi(count);
}

struct seen {
	int64_t runs;
	int own_deaths, nothing;
};

/* The next start. */
static void assert_journal_is_right(struct seen *seen)
{
	struct journal *journal;
	assert_ok(journal_open(false, &journal));
	const struct journal_found *found = journal_found(journal);
	assert_null(found->corrupt);
	assert_int_equal(journal_boot(journal), 1);
	/* This start, and the run before it if it came as far as the journal. */
	assert_in_range(journal_run(journal) - seen->runs, 1, 2);
	seen->runs = journal_run(journal);
	if (found->outcome == OUTCOME_ERROR) {
		seen->own_deaths++;
		assert_true(!strcmp(found->spot.interface, "opencl") ||
			    !strcmp(found->spot.interface, "dxg"));
	} else {
		assert_int_equal(found->outcome, OUTCOME_PASS);
		seen->nothing++;
	}
	assert_ok(journal_close(journal, false));
	journal_destroy(journal);
}

static void assert_folder_is_clean(void)
{
	leftover_remove();
	DIR *entries = opendir(folder);
	struct dirent *entry;
	while ((entry = readdir(entries)))
		if (!strncmp(entry->d_name, "dxgmatrix-", 10) &&
		    isdigit((unsigned char)entry->d_name[10]))
			fail_msg("%s was left behind", entry->d_name);
	closedir(entries);
}

/* The moments of an undisturbed run, after its start. */
struct course {
	int64_t first_us, last_us; /* first step, and when it came to its end */
};

static bool has_begun(void)
{
	cleanup_free char *path = xasprintf("%s/dxgmatrix/journal", folder);
	cleanup_free char *text = NULL;
	return root_read(NULL, path, 1 << 20, &text, NULL) && strstr(text, "\nbegin ");
}

static struct course watch_run(void)
{
	struct course course = { 0 };
	int64_t begin = now_us();
	pid_t pid = start();
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		if (!course.first_us && has_begun())
			course.first_us = now_us() - begin;
		usleep(500);
	}
	course.last_us = now_us() - begin;
	return course;
}

/* One half of the moments from all of a run, the other from its steps. */
static useconds_t choose_moment(const struct course *course, int i, unsigned int *seed)
{
	int64_t from = i % 2 ? course->first_us : 0;
	int64_t span = course->last_us - from;
	return (useconds_t)(from + rand_r(seed) % (i % 2 ? span : span * 6 / 5));
}

static void test_killed_at_random_moments(void **state)
{
	(void)state;
	unsigned int seed = (unsigned int)time(NULL);
	print_message("seed %u\n", seed);
	watch_run(); /* the first makes the key and the store */
	struct course course = watch_run();
	assert_in_range(course.first_us, 1, course.last_us - 1);
	assert_int_equal(assert_store_is_whole(), 2);
	struct seen seen = { .runs = 2 };
	int records = 2, whole = 0;
	for (int i = 0; i < KILLS; i++) {
		int status;
		pid_t pid = start();
		usleep(choose_moment(&course, i, &seed));
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		whole += WIFEXITED(status);
		assert_nobody_is_left();
		assert_journal_is_right(&seen);
		int now = assert_store_is_whole();
		assert_in_range(now - records, 0, 1);
		records = now;
		assert_folder_is_clean();
	}
	print_message("%d killed in a step, %d elsewhere, %d came to their end\n",
		      seen.own_deaths, seen.nothing - whole, whole);
	assert_in_range(seen.own_deaths, 1, KILLS);
	/* After all that the machine's run goes as the first one did. */
	int status;
	pid_t pid = start();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_killed_at_random_moments, set_up,
						tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
