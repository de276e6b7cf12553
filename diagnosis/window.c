#include "diagnosis/window.h"

#include <string.h>

/* What the driver prints of a call whose process was killed in it: ERESTARTSYS, which no
 * program ever sees (microsoft/WSL2-Linux-Kernel:drivers/hv/dxgkrnl/dxgvmbus.c). */
#define KILLED (-512)

/*
 * Traces name a call as its handler is named in the log, without "dxgkio_" (probes/dxg_abi.h).
 * One handler prints a second line under its helper's name (drivers/hv/dxgkrnl/ioctl.c,
 * dxgkp_enum_adapters).
 */
static bool is_printed_by(const char *handler, const char *call)
{
	static const char prefix[] = "dxgkio_";
	if (!strcmp(handler, "dxgkp_enum_adapters"))
		return !strcmp(call, "enum_adapters3");
	return !strncmp(handler, prefix, strlen(prefix)) &&
	       !strcmp(handler + strlen(prefix), call);
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t count_of(const struct failures *failures, int error)
{
	int64_t count = 0;
	for (size_t i = 0; i < failures->n; i++)
		if (failures->failure[i].error == error)
			count = counts_add(count, failures->failure[i].count);
	return count;
}

int64_t window_ours(const struct rung_result *rung, const struct failure *lines)
{
	int64_t ours = 0;
	for (size_t i = 0; i < rung->trace.n; i++) {
		const struct trace_call *call = &rung->trace.call[i];
		if (!is_printed_by(lines->ioctl, call->ioctl))
			continue;
		ours = counts_add(ours, count_of(&call->failed, lines->error));
		ours = counts_add(ours, count_of(&call->expected, lines->error));
		if (lines->error == KILLED)
			ours = counts_add(ours, call->unfinished);
	}
	return least(ours, lines->count);
}

int64_t window_expected(const struct rung_result *rung, const struct failure *lines)
{
	int64_t expected = 0;
	for (size_t i = 0; i < rung->trace.n; i++)
		if (is_printed_by(lines->ioctl, rung->trace.call[i].ioctl))
			expected = counts_add(
				expected,
				count_of(&rung->trace.call[i].expected, lines->error));
	return least(expected, lines->count);
}

void window_add(struct window *window, const struct rung_result *rung)
{
	if (!rung->trace.how) {
		window->unknown =
			counts_add(window->unknown, failures_total(&rung->kernel_log));
		return;
	}
	for (size_t i = 0; i < rung->kernel_log.n; i++) {
		const struct failure *lines = &rung->kernel_log.failure[i];
		int64_t ours = window_ours(rung, lines);
		window->ours = counts_add(window->ours, ours);
		window->foreign = counts_add(window->foreign, lines->count - ours);
	}
}

struct window window_of_record(const struct record *record)
{
	struct window window = { 0 };
	for (size_t i = 0; i < record->n_results; i++)
		for (size_t j = 0; j < record->results[i].n_rungs; j++)
			window_add(&window, &record->results[i].rungs[j]);
	return window;
}
