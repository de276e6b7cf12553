#include "runner/kernel_live.h"

#include <stdio.h>
#include <string.h>
#include <sys/klog.h>

#include "runner/exec.h"
#include "runner/kmsg.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/colours.h"

/* syslog(2): the names stand in the kernel's own headers alone. */
#define SYSLOG_ACTION_READ_ALL    3
#define SYSLOG_ACTION_SIZE_BUFFER 10

/* The largest ring a kernel can be told to have is larger; WSL's is 128 KiB. */
#define RING_MAX         (16 * 1024 * 1024)
#define JOURNAL_MS       5000
#define JOURNAL_LINES    "100000"
#define JOURNAL_SIZE_MAX (32 * 1024 * 1024)

/* @param text  written to: journalctl(1) prints colours where its environment wants them */
static void count_text(char *text, size_t size, struct kernel_log_counts *counts)
{
	struct kernel_log_stream stream;
	kernel_log_stream_init(&stream, counts);
	kernel_log_stream_put(&stream, text, colours_drop(text, size));
	kernel_log_stream_end(&stream);
	kernel_log_forget_lines(counts);
}

bool kernel_live_syslog(struct kernel_log_counts *counts)
{
	int size = klogctl(SYSLOG_ACTION_SIZE_BUFFER, NULL, 0);
	if (size <= 0)
		return false;
	if (size > RING_MAX)
		size = RING_MAX;
	cleanup_free char *text = xmalloc((size_t)size);
	size = klogctl(SYSLOG_ACTION_READ_ALL, text, size);
	if (size <= 0)
		return false;
	count_text(text, (size_t)size, counts);
	return true;
}

bool kernel_live_journal(struct kernel_log_counts *counts)
{
	static const char *const programs[] = { "journalctl", NULL };
	static const char *const argv[] = { "journalctl",
					    "--dmesg",
					    "--boot",
					    "--no-pager",
					    "--quiet",
					    "--output=short-monotonic",
					    "--lines=" JOURNAL_LINES,
					    NULL };
	const struct exec_request request = { .programs = programs,
					      .argv = argv,
					      .timeout_ms = JOURNAL_MS,
					      .limit = JOURNAL_SIZE_MAX };
	struct exec_answer answer;
	cleanup_error struct error *err = exec_run(&request, &answer);
	if (err)
		return false;
	cleanup_free char *output = answer.output;
	/* Who may not see the kernel's lines is shown none, as a success; a kernel that
	 * printed nothing since it started does not exist. */
	if (answer.status || answer.late || answer.floods ||
	    !memchr(output, '[', answer.size))
		return false;
	count_text(output, answer.size, counts);
	return true;
}

struct kernel_live kernel_live_read(struct kernel_log_counts *counts)
{
	struct kernel_live live = { .lost = -1 };
	cleanup_kmsg struct kmsg kmsg;
	kmsg_open_all(&kmsg);
	kmsg_window(&kmsg, counts);
	const char *why = kmsg_why(&kmsg);
	if (!why)
		live.lost = kmsg.first;
	else if (!kernel_live_syslog(counts) && !kernel_live_journal(counts))
		snprintf(live.why, sizeof(live.why), "%s", why);
	return live;
}
