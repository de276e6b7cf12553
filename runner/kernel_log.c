#include "runner/kernel_log.h"

#include <ctype.h>
#include <string.h>

#include "runner/kernel_seen.h"
#include "util/alloc.h"

/* Up to this many lines a text is a question, not a log. */
#define SHORT_LINES 8

void kernel_log_init(struct kernel_log_counts *counts)
{
	counts->n_kinds = 0;
	counts->n_others = 0;
	counts->n_blocks = 0;
	counts->left_out = 0;
}

static struct kernel_log_kind *get_kind(struct kernel_log_counts *counts,
					const struct kernel_message *message)
{
	for (size_t i = 0; i < counts->n_kinds; i++)
		if (counts->kind[i].error == message->error &&
		    !strcmp(counts->kind[i].handler, message->handler))
			return &counts->kind[i];
	return NULL;
}

static struct kernel_log_kind *find_kind(struct kernel_log_counts *counts,
					 const struct kernel_message *message)
{
	struct kernel_log_kind *kind = get_kind(counts, message);
	if (kind || counts->n_kinds == KERNEL_LOG_KINDS)
		return kind;
	kind = &counts->kind[counts->n_kinds++];
	*kind = (struct kernel_log_kind){ .error = message->error,
					  .boot = -1,
					  .seconds = message->seconds,
					  .line = message->line };
	strcpy(kind->handler, message->handler);
	return kind;
}

static void add_failure(struct kernel_log_counts *counts, struct kernel_message *message)
{
	struct kernel_log_kind *kind = message->place ? &counts->kind[message->place - 1]
						      : find_kind(counts, message);
	if (!kind) {
		counts->left_out += message->times;
		return;
	}
	message->place = (size_t)(kind - counts->kind) + 1;
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

static void add_other(struct kernel_log_counts *counts, struct kernel_message *message)
{
	if (message->place)
		return;
	for (size_t i = 0; i < counts->n_others; i++)
		if (!strcmp(counts->other[i].text, message->text))
			return;
	if (counts->n_others == KERNEL_LOG_OTHERS) {
		counts->left_out++;
		return;
	}
	struct kernel_log_other *other = &counts->other[counts->n_others++];
	message->place = counts->n_others;
	strcpy(other->text, message->text);
	other->line = message->line;
	other->block = -1;
	if (!span_size(message->block) || counts->n_blocks == KERNEL_LOG_BLOCKS)
		return;
	other->block = (int)counts->n_blocks;
	kernel_block_copy(message->block, counts->block[counts->n_blocks++]);
}

void kernel_log_add(struct kernel_log_counts *counts, struct kernel_message *message)
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

/* Counts what is said in a voice, each kind once, and none that was counted before. */
static void add_said(const char *text, size_t size, enum kernel_voice voice,
		     struct kernel_log_counts *ret)
{
	struct kernel_lines lines;
	struct kernel_message *message;
	kernel_lines_start(&lines, text, size);
	while ((message = kernel_lines_next(&lines)))
		if (message->voice == voice &&
		    (message->kind == KERNEL_OTHER || !get_kind(ret, message)))
			kernel_log_add(ret, message);
}

static void add_cut(const char *text, size_t size, struct kernel_log_counts *ret)
{
	struct kernel_lines lines;
	struct kernel_message *message;
	kernel_lines_start(&lines, text, size);
	while ((message = kernel_lines_next_cut(&lines)))
		kernel_log_add(ret, message);
}

/* Counts a text of which people chose what stands in it. */
static void read_paste(const char *text, size_t size, struct kernel_log_counts *ret)
{
	struct kernel_lines lines;
	struct kernel_message *message;
	struct kernel_seen seen = { 0 };
	bool quoted = false;
	kernel_log_init(ret);
	kernel_lines_start(&lines, text, size);
	lines.moments = true;
	while ((message = kernel_lines_next(&lines))) {
		if (message->voice == KERNEL_LINE && !kernel_seen_before(&seen, message))
			kernel_log_add(ret, message);
		quoted |= message->voice == KERNEL_QUOTE;
	}
	kernel_seen_deinit(&seen);
	add_cut(text, size, ret);
	if (quoted)
		add_said(text, size, KERNEL_QUOTE, ret);
	if (!ret->n_kinds && !ret->n_others && is_short(text, size))
		add_said(text, size, KERNEL_NAMED, ret);
}

/* The same in lower case, of a text that speaks of the driver in capitals alone. */
static void read_capitals(const char *text, size_t size, struct kernel_log_counts *ret)
{
	if (!memmem(text, size, "DXGK", 4))
		return;
	cleanup_free char *lower = xmalloc(size);
	for (size_t i = 0; i < size; i++)
		lower[i] = (char)tolower((unsigned char)text[i]);
	read_paste(lower, size, ret);
}

void kernel_log_read(const char *text, size_t size, struct kernel_log_counts *ret)
{
	read_paste(text, size, ret);
	if (!ret->n_kinds && !ret->n_others)
		read_capitals(text, size, ret);
}

/* A piece of this size lies in the processor's cache while it is read. */
#define STREAM_SIZE (256 * 1024)

void kernel_log_stream_init(struct kernel_log_stream *stream,
			    struct kernel_log_counts *counts)
{
	*stream = (struct kernel_log_stream){ .counts = counts };
	stream->buffer = xmalloc(STREAM_SIZE);
	kernel_log_init(counts);
	kernel_lines_start(&stream->lines, stream->buffer, 0);
}

char *kernel_log_stream_room(struct kernel_log_stream *stream, size_t *ret_room)
{
	*ret_room = STREAM_SIZE - stream->size;
	return stream->buffer + stream->size;
}

/* Where the walk over what is there must stop, lest it misses what follows. */
static size_t stop_of(const struct kernel_log_stream *stream)
{
	if (stream->size <= KERNEL_LINES_AHEAD)
		return 0;
	size_t stop = stream->size - KERNEL_LINES_AHEAD;
	const char *feed = memrchr(stream->buffer, '\n', stop);
	/* A line without an end may be cut, but not for ever be waited for. */
	if (feed && (size_t)(feed - stream->buffer) + SPAN_LINE_MAX > stop)
		return (size_t)(feed - stream->buffer) + 1;
	return stop;
}

static void count_until(struct kernel_log_stream *stream, size_t stop)
{
	struct kernel_lines *lines = &stream->lines;
	struct kernel_message *message;
	lines->end = stream->buffer + stream->size;
	lines->stop = stream->buffer + stop;
	while ((message = kernel_lines_next(lines)))
		if (message->voice == KERNEL_LINE)
			kernel_log_add(stream->counts, message);
}

void kernel_log_stream_add(struct kernel_log_stream *stream, size_t size)
{
	stream->size += size;
	/* Small pieces are gathered: each turn moves what is kept. */
	if (stream->size < STREAM_SIZE / 2)
		return;
	size_t stop = stop_of(stream);
	if (stream->buffer + stop <= stream->lines.at)
		return;
	count_until(stream, stop);
	size_t gone = kernel_lines_settle(&stream->lines);
	memmove(stream->buffer, stream->buffer + gone, stream->size - gone);
	stream->size -= gone;
	kernel_lines_shift(&stream->lines, gone);
}

void kernel_log_stream_put(struct kernel_log_stream *stream, const char *text,
			   size_t size)
{
	while (size) {
		size_t room;
		char *to = kernel_log_stream_room(stream, &room);
		size_t n = size < room ? size : room;
		memcpy(to, text, n);
		kernel_log_stream_add(stream, n);
		text += n;
		size -= n;
	}
}

void kernel_log_stream_end(struct kernel_log_stream *stream)
{
	count_until(stream, stream->size);
	free(stream->buffer);
	stream->buffer = NULL;
}

void kernel_log_forget_lines(struct kernel_log_counts *counts)
{
	for (size_t i = 0; i < counts->n_kinds; i++)
		counts->kind[i].line = 0;
	for (size_t i = 0; i < counts->n_others; i++)
		counts->other[i].line = 0;
}

void kernel_log_failures(const struct kernel_log_counts *counts, struct arena *arena,
			 struct failures *ret)
{
	for (size_t i = 0; i < counts->n_kinds; i++)
		failures_add(arena, ret, counts->kind[i].handler, counts->kind[i].error,
			     counts->kind[i].count);
}

static const char *text_of(const struct kernel_log_counts *counts, size_t i)
{
	const struct kernel_log_other *other = &counts->other[i];
	return other->block < 0 ? other->text : counts->block[other->block];
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
		strings_add(&record->arena, &log->other, text_of(counts, i));
	log->left_out = counts->left_out;
}

void kernel_log_record_idle(const struct kernel_log_counts *before, struct record *record)
{
	for (size_t i = 0; i < before->n_kinds; i++) {
		const struct kernel_log_kind *kind = &before->kind[i];
		if (kind->boot >= 0 && kind->count > kind->boot)
			failures_add(&record->arena, &record->kernel_log.idle,
				     kind->handler, kind->error,
				     kind->count - kind->boot);
	}
}
