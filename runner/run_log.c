#include "runner/run_log.h"

#include <string.h>

#include "runner/kernel_live.h"
#include "util/alloc.h"

static void mark(void *context)
{
	struct run_log *log = context;
	kmsg_window(&log->kmsg, log->counts);
}

static bool take(void *context, struct arena *arena, struct failures *ret)
{
	struct run_log *log = context;
	int64_t lost = log->kmsg.lost;
	kmsg_window(&log->kmsg, log->counts);
	/* A window of which the ring lost a part holds nobody knows what. */
	if (kmsg_why(&log->kmsg) || log->kmsg.lost > lost)
		return false;
	kernel_log_failures(log->counts, arena, ret);
	return true;
}

void run_log_init(struct run_log *log)
{
	*log = (struct run_log){ .hooks = { log, mark, take } };
	log->counts = xcalloc(1, sizeof(*log->counts));
	log->before = xcalloc(1, sizeof(*log->before));
	kmsg_open_all(&log->kmsg);
	kmsg_window(&log->kmsg, log->before);
}

void run_log_deinit(struct run_log *log)
{
	if (!log->counts)
		return;
	kmsg_close(&log->kmsg);
	free(log->counts);
	free(log->before);
}

const struct battery_log *run_log_hooks(const struct run_log *log)
{
	return kmsg_why(&log->kmsg) ? NULL : &log->hooks;
}

/* Never below nothing: the ring may have lost a line that a window had seen. */
static void subtract(struct failures *failures, const struct failure *less)
{
	size_t kept = 0;
	for (size_t i = 0; i < failures->n; i++) {
		struct failure failure = failures->failure[i];
		if (failure.error == less->error && !strcmp(failure.ioctl, less->ioctl))
			failure.count -= less->count;
		if (failure.count > 0)
			failures->failure[kept++] = failure;
	}
	failures->n = kept;
}

void run_log_record(const struct run_log *log, const struct failures *expected,
		    struct record *record)
{
	cleanup_free struct kernel_log_counts *counts = xcalloc(1, sizeof(*counts));
	const struct kernel_live live = kernel_live_read(counts);
	if (*live.why) {
		record->kernel_log.unread = arena_strdup(&record->arena, live.why);
		return;
	}
	kernel_log_record(counts, record);
	record->kernel_log.lost = live.lost;
	for (size_t i = 0; i < expected->n; i++)
		subtract(&record->kernel_log.failed, &expected->failure[i]);
	if (run_log_hooks(log))
		kernel_log_record_idle(log->before, record);
}
