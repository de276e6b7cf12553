#include "tests/testing.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "runner/journal.h"
#include "util/file.h"

#define OTHER_BOOT "00000000-1111-2222-3333-444444444444"

static const struct journal_spot launch = { "opencl", ROLE_ADAPTER, RUNG_LAUNCH,
					    "8086:7d51", "0123456789ab" };
static char *folder, *path;

static int set_up(void **state)
{
	(void)state;
	assert_ok(file_temporary_folder("test-journal", &folder));
	setenv("XDG_STATE_HOME", folder, 1);
	path = xasprintf("%s/dxgmatrix/journal", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_ok(file_remove_tree(folder));
	free(folder);
	free(path);
	return 0;
}

static struct journal *open_journal(bool again)
{
	struct journal *journal = NULL;
	assert_ok(journal_open(again, &journal));
	return journal;
}

static void close_journal(struct journal *journal, bool interrupted)
{
	assert_ok(journal_close(journal, interrupted));
	journal_destroy(journal);
}

/* As after the machine went down: the same lines, of another boot. */
static void pretend_other_boot(void)
{
	char *text, *at;
	assert_ok(file_read(path, 1 << 20, &text, NULL));
	while ((at = strstr(text, "boots ")) &&
	       strncmp(strchr(at + 6, ' ') + 1, OTHER_BOOT, 36))
		memcpy(strchr(at + 6, ' ') + 1, OTHER_BOOT, 36);
	if ((at = strstr(text, "\nrun ")))
		memcpy(at + 5, OTHER_BOOT, 36);
	assert_ok(file_write(path, text, strlen(text), 0600, false));
	free(text);
}

/* A run that goes down at a step, and the start after it. */
static enum outcome go_down(const struct journal_spot *spot, bool again)
{
	struct journal *journal = open_journal(again);
	assert_ok(journal_begin(journal, spot));
	journal_destroy(journal);
	pretend_other_boot();
	journal = open_journal(false);
	enum outcome outcome = journal_found(journal)->outcome;
	assert_string_equal(journal_found(journal)->spot.interface, spot->interface);
	assert_int_equal(journal_found(journal)->spot.rung, spot->rung);
	close_journal(journal, false);
	return outcome;
}

static void test_runs_and_boots_are_counted(void **state)
{
	(void)state;
	struct journal *journal = open_journal(false);
	assert_int_equal(journal_run(journal), 1);
	assert_int_equal(journal_boot(journal), 1);
	close_journal(journal, false);
	journal = open_journal(false);
	assert_int_equal(journal_run(journal), 2);
	assert_int_equal(journal_boot(journal), 1);
	close_journal(journal, false);
	pretend_other_boot();
	journal = open_journal(false);
	assert_int_equal(journal_run(journal), 3);
	assert_int_equal(journal_boot(journal), 2);
	journal_destroy(journal);
}

static void test_run_that_ended_in_order_leaves_nothing(void **state)
{
	(void)state;
	for (int interrupted = 0; interrupted < 2; interrupted++) {
		struct journal *journal = open_journal(false);
		assert_ok(journal_begin(journal, &launch));
		assert_ok(journal_end(journal,
				      interrupted ? OUTCOME_INTERRUPTED : OUTCOME_PASS));
		close_journal(journal, interrupted);
		pretend_other_boot();
		journal = open_journal(false);
		assert_int_equal(journal_found(journal)->outcome, OUTCOME_PASS);
		assert_int_equal(journal_verdict(journal, &launch), OUTCOME_PASS);
		close_journal(journal, false);
	}
}

static void test_own_death_is_an_error_and_holds_nothing_back(void **state)
{
	(void)state;
	struct journal *journal = open_journal(false);
	assert_ok(journal_begin(journal, &launch));
	journal_destroy(journal);
	journal = open_journal(false);
	const struct journal_found *found = journal_found(journal);
	assert_int_equal(found->outcome, OUTCOME_ERROR);
	assert_string_equal(found->spot.adapter, "8086:7d51");
	assert_int_equal(journal_verdict(journal, &launch), OUTCOME_PASS);
	journal_destroy(journal);
}

static void test_step_that_took_the_machine_down_is_left_out(void **state)
{
	(void)state;
	assert_int_equal(go_down(&launch, false), OUTCOME_INTERRUPTED);
	struct journal *journal = open_journal(false);
	assert_int_equal(journal_verdict(journal, &launch), OUTCOME_INTERRUPTED);
	struct journal_spot other = launch;
	other.rung = RUNG_COMPILE;
	assert_int_equal(journal_verdict(journal, &other), OUTCOME_PASS);
	other = launch;
	other.role = ROLE_CONTROL;
	assert_int_equal(journal_verdict(journal, &other), OUTCOME_PASS);
	other = launch;
	other.adapter = NULL;
	assert_int_equal(journal_verdict(journal, &other), OUTCOME_PASS);
	other = launch;
	other.fingerprint = "ba9876543210"; /* something was updated */
	assert_int_equal(journal_verdict(journal, &other), OUTCOME_PASS);
	close_journal(journal, false);

	journal = open_journal(true);
	assert_int_equal(journal_verdict(journal, &launch), OUTCOME_PASS);
	close_journal(journal, false);
}

static void test_down_twice_is_died(void **state)
{
	(void)state;
	assert_int_equal(go_down(&launch, false), OUTCOME_INTERRUPTED);
	assert_int_equal(go_down(&launch, true), OUTCOME_DIED);
	struct journal *journal = open_journal(false);
	assert_int_equal(journal_verdict(journal, &launch), OUTCOME_DIED);
	close_journal(journal, false);
}

static void test_step_that_went_well_when_repeated_is_free_again(void **state)
{
	(void)state;
	static const bool interrupted[] = { false, true };
	for_each_row(row, interrupted) {
		go_down(&launch, true);
		struct journal *journal = open_journal(true);
		assert_ok(journal_begin(journal, &launch));
		assert_ok(journal_end(journal, OUTCOME_CRASH));
		close_journal(journal, *row);
		journal = open_journal(false);
		assert_int_equal(journal_verdict(journal, &launch), OUTCOME_PASS);
		close_journal(journal, false);
	}
}

static void test_stopped_repeat_frees_nothing(void **state)
{
	(void)state;
	go_down(&launch, false);
	struct journal *journal = open_journal(true);
	assert_ok(journal_begin(journal, &launch));
	assert_ok(journal_end(journal, OUTCOME_INTERRUPTED));
	close_journal(journal, true);
	journal = open_journal(false);
	assert_int_equal(journal_verdict(journal, &launch), OUTCOME_INTERRUPTED);
	close_journal(journal, false);
}

static void append(const char *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_APPEND);
	assert_int_equal(write(fd, bytes, size), size);
	close(fd);
}

static void test_half_a_line_had_not_begun(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t size;
	} rows[] = {
		{ "begin opencl adapter lau", 24 },
		{ "b", 1 },
		{ "\0\0\0\0", 4 },
		{ "begin opencl adapter launch - 0123456789ab", 42 },
	};
	for_each_row(row, rows) {
		journal_destroy(open_journal(false));
		append(row->bytes, row->size);
		pretend_other_boot();
		struct journal *journal = open_journal(false);
		assert_null(journal_found(journal)->corrupt);
		assert_int_equal(journal_found(journal)->outcome, OUTCOME_PASS);
		close_journal(journal, false);
	}
}

static void test_nonsense_is_told_and_moved_aside(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"nonsense\n",
		"dxgmatrix-journal 2\n",
		"dxgmatrix-journal 1\nruns many\n",
		"dxgmatrix-journal 1\nruns -1\n",
		"dxgmatrix-journal 1\nruns 99999999999999999999\n",
		"dxgmatrix-journal 1\nend pass\n",
		"dxgmatrix-journal 1\nbegin opencl adapter launch - 0123456789a\n",
		"dxgmatrix-journal 1\nbegin ../x adapter launch - 0123456789ab\n",
		"dxgmatrix-journal 1\nbegin opencl nobody launch - 0123456789ab\n",
		"dxgmatrix-journal 1\nbegin opencl adapter jump - 0123456789ab\n",
		"dxgmatrix-journal 1\nruns  3\n",
		"dxgmatrix-journal 1\n\n",
	};
	cleanup_free char *aside = xasprintf("%s.corrupt", path);
	for_each_row(text, texts) {
		assert_ok(file_make_parent(path));
		assert_ok(file_write(path, *text, strlen(*text), 0600, false));
		struct journal *journal = open_journal(false);
		assert_non_null(journal_found(journal)->corrupt);
		assert_non_null(
			strstr(journal_found(journal)->corrupt, "makes no sense"));
		assert_int_equal(journal_run(journal), 1);
		close_journal(journal, false);
		cleanup_free char *kept = NULL;
		assert_ok(file_read(aside, 1 << 20, &kept, NULL));
		assert_string_equal(kept, *text);
		assert_int_equal(unlink(aside), 0);
	}
}

static void test_two_runs_at_once_are_refused(void **state)
{
	(void)state;
	struct journal *journal = open_journal(false), *second;
	assert_error(journal_open(false, &second), "another run is in progress");
	journal_destroy(journal);
	journal_destroy(open_journal(false));
}

static void test_folder_that_cannot_be_made_is_an_error(void **state)
{
	(void)state;
	cleanup_free char *file = xasprintf("%s/dxgmatrix", folder);
	struct journal *journal;
	assert_ok(file_write(file, "", 0, 0600, false));
	assert_error(journal_open(false, &journal), "Not a directory");
}

/* Killed anywhere between open and close: the next start reads it right. */
static void test_killed_at_any_moment(void **state)
{
	(void)state;
	for (int i = 0; i < 60; i++) {
		pid_t pid = fork();
		if (pid == 0) {
			struct journal *journal = open_journal(false);
			for (;;) {
				assert_ok(journal_begin(journal, &launch));
				assert_ok(journal_end(journal, OUTCOME_PASS));
			}
		}
		usleep((useconds_t)(i * 300));
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		struct journal *journal = open_journal(false);
		assert_null(journal_found(journal)->corrupt);
		enum outcome outcome = journal_found(journal)->outcome;
		assert_true(outcome == OUTCOME_ERROR || outcome == OUTCOME_PASS);
		close_journal(journal, false);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_runs_and_boots_are_counted),
		TEST(test_run_that_ended_in_order_leaves_nothing),
		TEST(test_own_death_is_an_error_and_holds_nothing_back),
		TEST(test_step_that_took_the_machine_down_is_left_out),
		TEST(test_down_twice_is_died),
		TEST(test_step_that_went_well_when_repeated_is_free_again),
		TEST(test_stopped_repeat_frees_nothing),
		TEST(test_half_a_line_had_not_begun),
		TEST(test_nonsense_is_told_and_moved_aside),
		TEST(test_two_runs_at_once_are_refused),
		TEST(test_folder_that_cannot_be_made_is_an_error),
		TEST(test_killed_at_any_moment),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
