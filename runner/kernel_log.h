/*
 * kernel_log.h: how often dxgkrnl printed what: messages counted, in memory of fixed size.
 *
 * No line fails a layer (diagnosis/signature.h); counts are evidence beside experiments.
 */
#pragma once

#include "record/record.h"
#include "runner/kernel_block.h"
#include "runner/kernel_line.h"

/* More kinds than the driver has handlers times errnos on any machine that was seen. */
#define KERNEL_LOG_KINDS  256
#define KERNEL_LOG_OTHERS 32
#define KERNEL_LOG_BLOCKS 4

/* A line printed before this many seconds since boot belongs to booting. */
#define KERNEL_LOG_BOOT_SECONDS 120

struct kernel_log_kind {
	char handler[KERNEL_NAME_MAX];
	int error;
	int64_t count;
	int64_t boot;   /* of these, stamped while booting; -1: none has a stamp */
	double seconds; /* stamp of the first, -1 without */
	size_t line;    /* of the first; 0 for the live log */
};

struct kernel_log_other {
	char text[KERNEL_TEXT_MAX];
	int block; /* which of the blocks it begins; -1: none */
	size_t line;
};

struct kernel_log_counts {
	struct kernel_log_kind kind[KERNEL_LOG_KINDS];
	size_t n_kinds;
	struct kernel_log_other other[KERNEL_LOG_OTHERS]; /* each text once */
	size_t n_others;
	char block[KERNEL_LOG_BLOCKS][KERNEL_BLOCK_MAX]; /* warnings and oopses, whole */
	size_t n_blocks;
	int64_t left_out; /* messages of further kinds, for which there was no room */
};

void kernel_log_init(struct kernel_log_counts *counts);
/* @param message  of a walk whose messages go to these counts alone */
void kernel_log_add(struct kernel_log_counts *counts, struct kernel_message *message);

/*
 * Counts a text that people put together into counts. A line that stands there twice, as its
 * stamp tells, counts once. One that a sentence quotes counts once, and only where no line of
 * its kind stands in the text; a failure that a sentence only names is not counted, except in
 * a short question of which it is all there is.
 */
void kernel_log_read(const char *text, size_t size, struct kernel_log_counts *ret);

/* A log that comes in pieces of any size, read in memory of fixed size: each line counts, no
 * sentence does. Neither this nor the above knows a terminal's colours (util/colours.h). */
struct kernel_log_stream {
	struct kernel_log_counts *counts;
	char *buffer;
	size_t size; /* bytes in the buffer */
	struct kernel_lines lines;
};

/* @param counts  emptied, and filled until the end of the stream */
void kernel_log_stream_init(struct kernel_log_stream *stream,
			    struct kernel_log_counts *counts);
/* @return where the next piece may be put, of at most *ret_room bytes, never 0 */
char *kernel_log_stream_room(struct kernel_log_stream *stream, size_t *ret_room);
/* Counts a piece of `size` bytes that was put there. */
void kernel_log_stream_add(struct kernel_log_stream *stream, size_t size);
/* Copies a piece of any size into it, and counts it. */
void kernel_log_stream_put(struct kernel_log_stream *stream, const char *text,
			   size_t size);
/* Counts what waited for more, and frees the buffer. */
void kernel_log_stream_end(struct kernel_log_stream *stream);

/* For a log that is no file: its lines have no numbers. */
void kernel_log_forget_lines(struct kernel_log_counts *counts);
/* Adds the counts to failures, in the arena. */
void kernel_log_failures(const struct kernel_log_counts *counts, struct arena *arena,
			 struct failures *ret);
/*
 * Writes the counts into record->kernel_log: all, those of booting where stamps tell, and
 * the other messages.
 */
void kernel_log_record(const struct kernel_log_counts *counts, struct record *record);
/* Writes those that were stamped after booting, as of an idle machine.
 * @param before  what was printed before anything was tried */
void kernel_log_record_idle(const struct kernel_log_counts *before,
			    struct record *record);
