#include "runner/kernel_live.h"

#include <fcntl.h>
#include <sys/klog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/kmsg.h"
#include "tests/testing.h"
#include "util/file.h"

#define HANDLER "dxgkio_test_live"

static int64_t count_of(const struct kernel_log_counts *counts, int error)
{
	for (size_t i = 0; i < counts->n_kinds; i++)
		if (counts->kind[i].error == error &&
		    !strcmp(counts->kind[i].handler, HANDLER))
			return counts->kind[i].count;
	return 0;
}

/* A journalctl that does as told, alone on the path. */
struct journal {
	char *folder, *path, *old_path;
};

static void journal_deinit(struct journal *journal)
{
	setenv("PATH", journal->old_path, 1);
	cleanup_error struct error *err = file_remove_tree(journal->folder);
	free(journal->folder);
	free(journal->path);
	free(journal->old_path);
}
#define cleanup_journal cleanup_with(journal_deinit)

static void journal_init(struct journal *journal, const char *script)
{
	assert_ok(file_temporary_folder("journal", &journal->folder));
	journal->path = xasprintf("%s/journalctl", journal->folder);
	journal->old_path = xstrdup(getenv("PATH"));
	cleanup_free char *text = xasprintf("#!/bin/sh\n%s\n", script);
	assert_ok(file_write(journal->path, text, strlen(text), 0755, false));
	cleanup_free char *path = xasprintf("%s:%s", journal->folder, journal->old_path);
	setenv("PATH", path, 1);
}

static void test_journal_is_read_with_its_phases(void **state)
{
	(void)state;
	cleanup_journal struct journal journal;
	journal_init(
		&journal,
		"case \"$*\" in *--dmesg*--boot*short-monotonic*) ;; *) exit 3;; esac\n"
		"echo '[    1.500000] host kernel: misc dxg: dxgk: " HANDLER
		": Ioctl failed: -22'\n"
		"echo '[ 5000.500000] host kernel: misc dxg: dxgk: " HANDLER
		": Ioctl failed: -22'");
	cleanup_free struct kernel_log_counts *counts = xcalloc(1, sizeof(*counts));
	assert_true(kernel_live_journal(counts));
	assert_int_equal(count_of(counts, -22), 2);
	assert_int_equal(counts->kind[0].boot, 1);
	assert_int_equal(counts->kind[0].line, 0);
}

static void test_a_journal_that_shows_nothing_is_closed(void **state)
{
	(void)state;
	static const char *const scripts[] = {
		"exit 0",
		"echo '[ 1.0] h kernel: misc dxg: x'; exit 1",
		"echo '-- No entries --'",
		"while :; do echo '[ 1.0] flood'; done",
	};
	cleanup_free struct kernel_log_counts *counts = xcalloc(1, sizeof(*counts));
	for_each_row(script, scripts) {
		cleanup_journal struct journal journal;
		journal_init(&journal, *script);
		assert_false(kernel_live_journal(counts));
	}
}

static void test_syslog_holds_what_was_printed(void **state)
{
	(void)state;
	int error = -(10000 + (int)getpid() % 10000);
	cleanup_free char *line =
		xasprintf("<4>misc dxg: dxgk: " HANDLER ": Ioctl failed: %d\n", error);
	cleanup_close int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, line, strlen(line)) != (ssize_t)strlen(line) ||
	    klogctl(10, NULL, 0) <= 0)
		skip();
	cleanup_free struct kernel_log_counts *counts = xcalloc(1, sizeof(*counts));
	assert_true(kernel_live_syslog(counts));
	assert_int_equal(count_of(counts, error), 1);
	const struct kernel_live live = kernel_live_read(counts);
	assert_string_equal(live.why, "");
	assert_int_equal(count_of(counts, error), 1);
}

/* An ordinary user where the kernel's log is restricted, without a journal. */
static void test_no_road_tells_how_to_open_one(void **state)
{
	(void)state;
	if (getuid())
		skip();
	cleanup_journal struct journal journal;
	journal_init(&journal, "exit 1");
	assert_int_equal(chmod(journal.folder, 0755), 0);
	assert_int_equal(seteuid(65534), 0);
	cleanup_free struct kernel_log_counts *counts = xcalloc(1, sizeof(*counts));
	const struct kernel_live live = kernel_live_read(counts);
	bool readable = access("/proc/sys/kernel/dmesg_restrict", F_OK) != 0 ||
			kernel_live_syslog(counts);
	assert_int_equal(seteuid(0), 0);
	if (readable)
		skip();
	assert_non_null(strstr(live.why, "sysctl"));
	assert_int_equal(live.lost, -1);
}

/* Records come one per read(2), as of /dev/kmsg. */
static void test_sequence_numbers_tell_what_was_lost(void **state)
{
	(void)state;
	static const char *const records[] = {
		"3,10,1500000,-;misc dxg: dxgk: " HANDLER ": Ioctl failed: -22\n"
		" SUBSYSTEM=misc\n DEVICE=c10:127\n",
		"3,11,1500001,-;misc dxg: dxgk: " HANDLER ": Ioctl failed: -22\n",
		"3,16,500000000,-;misc dxg: dxgk: " HANDLER ": Ioctl failed: -22\n",
		"no record",
		"3,17,-5,-;misc dxg: dxgk: " HANDLER ": Ioctl failed: -22\n",
	};
	int fds[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, fds), 0);
	for_each_row(record, records)
		assert_true(write(fds[1], *record, strlen(*record)) > 0);
	cleanup_kmsg struct kmsg kmsg = { .fd = fds[0], .first = -1, .next = -1 };
	cleanup_free struct kernel_log_counts *counts = xcalloc(1, sizeof(*counts));
	kmsg_window(&kmsg, counts);
	close(fds[1]);
	assert_int_equal(kmsg.first, 10);
	assert_int_equal(kmsg.lost, 4);
	assert_int_equal(count_of(counts, -22), 3);
	assert_int_equal(counts->kind[0].boot, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_journal_is_read_with_its_phases),
		cmocka_unit_test(test_a_journal_that_shows_nothing_is_closed),
		cmocka_unit_test(test_syslog_holds_what_was_printed),
		cmocka_unit_test(test_no_road_tells_how_to_open_one),
		cmocka_unit_test(test_sequence_numbers_tell_what_was_lost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
