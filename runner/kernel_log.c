#include "runner/kernel_log.h"

#include <string.h>

/* Up to this many lines a text is a question, not a log. */
#define SHORT_LINES 8

void kernel_log_init(struct kernel_log_counts *counts)
{
	counts->n_kinds = 0;
	counts->n_others = 0;
	counts->left_out = 0;
}

static struct kernel_log_kind *find_kind(struct kernel_log_counts *counts,
					 const struct kernel_message *message)
{
	for (size_t i = 0; i < counts->n_kinds; i++) {
		struct kernel_log_kind *kind = &counts->kind[i];
		if (kind->error == message->error &&
		    !strcmp(kind->handler, message->handler))
			return kind;
	}
	if (counts->n_kinds == KERNEL_LOG_KINDS)
		return NULL;
	struct kernel_log_kind *kind = &counts->kind[counts->n_kinds++];
	*kind = (struct kernel_log_kind){ .error = message->error,
					  .boot = -1,
					  .seconds = message->seconds,
					  .line = message->line };
	strcpy(kind->handler, message->handler);
	return kind;
}

static void add_failure(struct kernel_log_counts *counts,
			const struct kernel_message *message)
{
	struct kernel_log_kind *kind = find_kind(counts, message);
	if (!kind) {
		counts->left_out += message->times;
		return;
	}
	/* Two counts of 2^31 lines each do not overflow; a text of such is no log. */
	if (kind->count < INT64_MAX / 2)
		kind->count += message->times;
	if (message->seconds < 0)
		return;
	if (kind->boot < 0)
		kind->boot = 0;
	if (message->seconds <= KERNEL_LOG_BOOT_SECONDS)
		kind->boot += message->times;
}

static void add_other(struct kernel_log_counts *counts,
		      const struct kernel_message *message)
{
	for (size_t i = 0; i < counts->n_others; i++)
		if (!strcmp(counts->other[i].text, message->text))
			return;
	if (counts->n_others == KERNEL_LOG_OTHERS) {
		counts->left_out++;
		return;
	}
	struct kernel_log_other *other = &counts->other[counts->n_others++];
	strcpy(other->text, message->text);
	other->line = message->line;
}

void kernel_log_add(struct kernel_log_counts *counts,
		    const struct kernel_message *message)
{
	switch (message->kind) {
	case KERNEL_FAILURE:
		add_failure(counts, message);
		break;
	case KERNEL_OTHER:
		add_other(counts, message);
		break;
	}
}

static bool is_short(const char *text, size_t size)
{
	size_t lines = 0;
	for (size_t i = 0; i < size && lines <= SHORT_LINES; i++)
		lines += text[i] == '\n';
	return lines <= SHORT_LINES;
}

void kernel_log_read(const char *text, size_t size, struct kernel_log_counts *ret)
{
	struct kernel_lines lines;
	struct kernel_message message;
	kernel_log_init(ret);
	kernel_lines_start(&lines, text, size);
	while (kernel_lines_next(&lines, &message))
		if (!message.mention)
			kernel_log_add(ret, &message);
	if (ret->n_kinds || ret->n_others || !is_short(text, size))
		return;
	kernel_lines_start(&lines, text, size);
	while (kernel_lines_next(&lines, &message))
		kernel_log_add(ret, &message);
}

void kernel_log_failures(const struct kernel_log_counts *counts, struct arena *arena,
			 struct failures *ret)
{
	for (size_t i = 0; i < counts->n_kinds; i++)
		failures_add(arena, ret, counts->kind[i].handler, counts->kind[i].error,
			     counts->kind[i].count);
}

void kernel_log_record(const struct kernel_log_counts *counts, struct record *record)
{
	struct kernel_log *log = &record->kernel_log;
	log->present = true;
	kernel_log_failures(counts, &record->arena, &log->failed);
	for (size_t i = 0; i < counts->n_kinds; i++)
		if (counts->kind[i].boot > 0)
			failures_add(&record->arena, &log->boot, counts->kind[i].handler,
				     counts->kind[i].error, counts->kind[i].boot);
	for (size_t i = 0; i < counts->n_others; i++)
		strings_add(&record->arena, &log->other, counts->other[i].text);
}
