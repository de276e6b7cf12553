#include "runner/run_log.h"

#include <string.h>

#include "util/alloc.h"

static void mark(void *context)
{
	struct run_log *log = context;
	kmsg_window(&log->kmsg, log->counts);
}

static bool take(void *context, struct arena *arena, struct failures *ret)
{
	struct run_log *log = context;
	kmsg_window(&log->kmsg, log->counts);
	if (kmsg_why(&log->kmsg))
		return false;
	kernel_log_failures(log->counts, arena, ret);
	return true;
}

void run_log_init(struct run_log *log)
{
	*log = (struct run_log){ .hooks = { log, mark, take } };
	log->counts = xcalloc(1, sizeof(*log->counts));
	kmsg_open(&log->kmsg);
}

void run_log_deinit(struct run_log *log)
{
	if (!log->counts)
		return;
	kmsg_close(&log->kmsg);
	free(log->counts);
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

void run_log_record(const struct failures *expected, struct record *record)
{
	cleanup_kmsg struct kmsg kmsg;
	cleanup_free struct kernel_log_counts *counts = xcalloc(1, sizeof(*counts));
	kmsg_open_all(&kmsg);
	kmsg_window(&kmsg, counts);
	const char *why = kmsg_why(&kmsg);
	if (why) {
		record->kernel_log.unread = arena_strdup(&record->arena, why);
		return;
	}
	kernel_log_record(counts, record);
	record->kernel_log.lost = kmsg.first;
	for (size_t i = 0; i < expected->n; i++)
		subtract(&record->kernel_log.failed, &expected->failure[i]);
}
