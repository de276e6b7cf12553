/* What a person sees while a step lasts. */
#include "runner/progress.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/testing.h"
#include "util/cleanup.h"

/* A terminal of this width: what is written to file can be read from fd. */
static FILE *open_terminal(unsigned short width, int *ret_fd)
{
	*ret_fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(*ret_fd >= 0);
	assert_int_equal(grantpt(*ret_fd), 0);
	assert_int_equal(unlockpt(*ret_fd), 0);
	int fd = open(ptsname(*ret_fd), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(fd >= 0);
	const struct winsize size = { .ws_col = width, .ws_row = 24 };
	assert_int_equal(ioctl(fd, TIOCSWINSZ, &size), 0);
	return fdopen(fd, "w");
}

#define SHOWN "\033[K" /* what each line ends with */

/* Reads from the terminal until so many lines were shown: they may come in pieces, and late.
 * @return the text, the caller's */
static char *read_shown(int fd, int lines)
{
	char *text = xcalloc(4096, 1), *from = text;
	struct pollfd news = { .fd = fd, .events = POLLIN };
	for (size_t size = 0; lines;) {
		assert_int_equal(poll(&news, 1, 60000), 1);
		ssize_t n = read(fd, text + size, 4095 - size);
		assert_true(n > 0);
		size += (size_t)n;
		for (char *end; (end = strstr(from, SHOWN)); lines--)
			from = end + strlen(SHOWN);
	}
	return text;
}

static const struct interface_row door = { .name = "dxg", .layer = LAYER_DXG }, api = {
	.name = "opencl", .layer = LAYER_LOADER, .control = "PoCL"
};

static void test_a_step_that_lasts_says_for_what_it_waits(void **state)
{
	(void)state;
	static const struct {
		struct battery_step step;
		int64_t limit_ms;
		size_t nth;
		const char *line;
	} rows[] = {
		{ { &door, ROLE_ADAPTER, RUNG_ENUMERATE },
		  20000,
		  2,
		  "dxg       enumerate: waits for Windows, 20 s at most, try 2 of 3" },
		{ { &api, ROLE_ADAPTER, RUNG_COMPILE },
		  60000,
		  1,
		  "opencl    compile: still runs, 60 s at most, try 1 of 3" },
		{ { &api, ROLE_CONTROL, RUNG_COMPILE },
		  60000,
		  1,
		  "PoCL      compile: still runs, 60 s at most, try 1 of 3" },
	};
	setenv("TERM", "xterm", 1);
	for_each_row(row, rows) {
		int fd;
		FILE *file = open_terminal(80, &fd);
		struct progress progress;
		progress_init(&progress, file);
		const struct battery_watch watch = progress_watch(&progress);
		watch.begun(watch.context, &row->step);
		watch.waits(watch.context, &row->step, row->limit_ms, row->nth);
		cleanup_free char *text = read_shown(fd, 2);
		if (!strstr(text, row->line))
			fail_msg("'%s' lacks '%s'", text, row->line);
		/* the answer comes at last: the steps are back */
		const struct rung_result result = { .outcome = OUTCOME_PASS };
		watch.ended(watch.context, &row->step, &result);
		cleanup_free char *after = read_shown(fd, 1);
		assert_non_null(strstr(after, rung_rows[row->step.rung].name));
		assert_null(strstr(after, "at most"));
		progress_deinit(&progress);
		fclose(file);
		close(fd);
	}
}

static void test_a_pipe_is_told_nothing(void **state)
{
	(void)state;
	FILE *file = tmpfile();
	struct progress progress;
	progress_init(&progress, file);
	const struct battery_watch watch = progress_watch(&progress);
	assert_null(watch.begun);
	assert_null(watch.waits);
	progress_deinit(&progress);
	assert_int_equal(ftell(file), 0);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_step_that_lasts_says_for_what_it_waits),
		cmocka_unit_test(test_a_pipe_is_told_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
