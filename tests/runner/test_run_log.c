#include "tests/testing.h"

#include <fcntl.h>
#include <unistd.h>

#include "runner/run_log.h"
#include "util/cleanup.h"

#define HANDLER "dxgkio_test_run_log"

/* The kernel takes a line per open(). @return whether it may be written to */
static bool say(int error)
{
	cleanup_close int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	cleanup_free char *line =
		xasprintf("<4>misc dxg: dxgk: " HANDLER ": Ioctl failed: %d\n", error);
	return fd >= 0 && write(fd, line, strlen(line)) == (ssize_t)strlen(line);
}

static int64_t count_of(const struct failures *failures, int error)
{
	int64_t count = 0;
	for (size_t i = 0; i < failures->n; i++)
		if (failures->failure[i].error == error &&
		    !strcmp(failures->failure[i].ioctl, HANDLER))
			count += failures->failure[i].count;
	return count;
}

/* Each run of this test has lines of its own: the log keeps those of the last one. */
static int fresh_error(void)
{
	return -(10000 + (int)getpid() % 10000);
}

static void test_window_is_of_the_rung_and_expected_lines_leave_the_record(void **state)
{
	(void)state;
	int error = fresh_error();
	cleanup_with(run_log_deinit) struct run_log log = { 0 };
	struct arena arena = { 0 };
	struct failures window = { 0 };
	if (!say(error - 1))
		skip();
	run_log_init(&log);
	const struct battery_log *hooks = run_log_hooks(&log);
	assert_non_null(hooks);
	assert_true(say(error));
	hooks->mark(hooks->context);
	assert_true(say(error));
	assert_true(say(error));
	assert_true(hooks->take(hooks->context, &arena, &window));
	assert_int_equal(count_of(&window, error), 2);

	cleanup_record struct record record;
	record_init(&record);
	run_log_record(&log, &window, &record);
	assert_true(record.kernel_log.present);
	assert_int_equal(count_of(&record.kernel_log.failed, error), 1);
	assert_int_equal(count_of(&record.kernel_log.failed, error - 1), 1);
	assert_true(record.kernel_log.lost >= 0);
	/* Idle is what was there before the run, where booting is over. */
	assert_int_equal(count_of(&record.kernel_log.idle, error), 0);
	assert_int_equal(count_of(&record.kernel_log.idle, error - 1),
			 count_of(&record.kernel_log.boot, error - 1) ? 0 : 1);
	arena_deinit(&arena);
}

static void test_unreadable_log_says_why(void **state)
{
	(void)state;
	if (getuid())
		skip();
	struct run_log log = { 0 };
	assert_int_equal(seteuid(65534), 0);
	run_log_init(&log);
	const struct failures none = { 0 };
	cleanup_record struct record record;
	record_init(&record);
	run_log_record(&log, &none, &record);
	bool readable = run_log_hooks(&log) != NULL;
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(record.kernel_log.present, readable);
	assert_int_equal(record.kernel_log.unread != NULL, !readable);
	run_log_deinit(&log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_window_is_of_the_rung_and_expected_lines_leave_the_record),
		cmocka_unit_test(test_unreadable_log_says_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
