#include "runner/kmsg.h"

#include <fcntl.h>
#include <unistd.h>

#include "tests/testing.h"

/* The kernel takes a line per open() and needs its end to show it. */
static bool say(const char *line)
{
	cleanup_close int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	cleanup_free char *text = xasprintf("<4>%s\n", line);
	return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

static int64_t count_of(const struct kernel_log_counts *counts, int error)
{
	int64_t count = 0;
	for (size_t i = 0; i < counts->n_kinds; i++)
		if (counts->kind[i].error == error &&
		    !strcmp(counts->kind[i].handler, "dxgkio_test_window"))
			count += counts->kind[i].count;
	return count;
}

#define LINE(error) "misc dxg: dxgk: dxgkio_test_window: Ioctl failed: " error

static void test_a_window_holds_what_was_printed_in_it(void **state)
{
	(void)state;
	assert_true(say(LINE("-3")));
	cleanup_kmsg struct kmsg kmsg;
	kmsg_open(&kmsg);
	assert_null(kmsg_why(&kmsg));
	assert_true(say(LINE("-4")));
	assert_true(say(LINE("-4")));
	cleanup_free struct kernel_log_counts *counts = xcalloc(1, sizeof(*counts));
	kmsg_window(&kmsg, counts);
	assert_int_equal(count_of(counts, -3), 0);
	assert_int_equal(count_of(counts, -4), 2);
	assert_true(say(LINE("-5")));
	kmsg_window(&kmsg, counts);
	assert_int_equal(count_of(counts, -4), 0);
	assert_int_equal(count_of(counts, -5), 1);
}

static void test_not_being_allowed_tells_the_cure(void **state)
{
	(void)state;
	struct kmsg kmsg = { .fd = -1, .why = "" };
	cleanup_free struct kernel_log_counts *counts = xcalloc(1, sizeof(*counts));
	counts->n_kinds = 5;
	kmsg_window(&kmsg, counts);
	assert_int_equal(counts->n_kinds, 0);
	if (getuid())
		return;
	/* As an ordinary user with dmesg_restrict, or without the device. */
	kmsg_open(&kmsg);
	assert_true(kmsg.fd >= 0 ? !kmsg_why(&kmsg) : kmsg_why(&kmsg)[0] != '\0');
	kmsg_close(&kmsg);
}

int main(void)
{
	struct kmsg kmsg;
	kmsg_open(&kmsg);
	bool readable = kmsg.fd >= 0;
	if (!readable || !say("dxgmatrix: test of the kernel log")) {
		printf("skip: %s\n",
		       readable ? "/dev/kmsg takes no lines" : kmsg_why(&kmsg));
		return 77;
	}
	kmsg_close(&kmsg);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_window_holds_what_was_printed_in_it),
		cmocka_unit_test(test_not_being_allowed_tells_the_cure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
