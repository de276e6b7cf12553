/*
 * kernel_line.h: one message of dxgkrnl in a text, in whatever way people paste it.
 *
 * The kernel prints "misc dxg: dxgk: <handler>: Ioctl failed: <errno>" (decimal, negative;
 * microsoft/WSL2-Linux-Kernel:drivers/hv/dxgkrnl/dxgkrnl.h, ioctl.c). What is pasted has
 * it behind stamps of dmesg, dmesg -T, journalctl or rsyslog, behind grep's file names,
 * in JSON, lists, quotes and tables, with counts before or behind it, broken over two
 * lines, or cut. A line cut before its errno is no message.
 */
#pragma once

#include "runner/kernel_failure.h"
#include "runner/kernel_form.h"
#include "runner/kernel_margin.h"
#include "runner/kernel_span.h"

enum kernel_message_kind {
	KERNEL_FAILURE, /* "Ioctl failed": handler and errno */
	KERNEL_OTHER,   /* any other message of the driver, and warnings about it */
};

#define KERNEL_TEXT_MAX 192

struct kernel_message {
	enum kernel_message_kind kind;
	enum kernel_voice voice;       /* no KERNEL_DENIED */
	char handler[KERNEL_NAME_MAX]; /* of a failure: "dxgkio_escape" */
	int error;                     /* of a failure: negative errno */
	int64_t times;                 /* 1, or what a count beside it says */
	char text[KERNEL_TEXT_MAX];    /* of another message: "<function>: <text>" */
	/* Another message may be a whole warning or oops (runner/kernel_block.h), of which
	 * text is the first line. Else empty. Lies in the text that is walked. */
	struct span block;
	double seconds; /* since boot, of a stamp that tells; -1 without */
	size_t line;    /* 1-based */
	/* Of a stamp in microseconds, which no other line of the kind has; 0 without. Of a
	 * line that is known by its form only where moments are asked for. */
	uint64_t moment;
	/* The caller's: what it put there into the last message that was the same but for
	 * line and seconds; 0 where that is not known. */
	size_t place;
	/* Other lines of the same form say the same, at another time: nothing around them
	 * tells, and before the message nothing but stamps; and the stamp that tells the
	 * seconds, in the text, as block. */
	bool by_form;
	struct span stamp;
};

/* A message, and where in every text of its form stand: "dxg" for the first time, and the
 * digits of whole seconds in the stamp that tells them, of which there may be none. */
struct kernel_known {
	struct kernel_message message;
	size_t hit, stamp, digits;
	size_t feeds; /* how many lines it is */
};

/*
 * A walk over a text, which need not end with NUL and may hold any bytes but the colours
 * of a terminal (util/colours.h). All pointers lie in the text.
 */
struct kernel_lines {
	const char *begin, *end;
	const char *at;
	const char *stop; /* messages begin before this; they may end behind it */
	const char *line_start;
	const char *counted; /* line ends before this one are */
	size_t line;
	const char *looked;    /* for the first line of a block, up to here */
	const char *block_end; /* of the last one that was given */
	const char *behind;    /* the line behind the last failure, which may repeat it */
	enum kernel_voice voice; /* of the last message */
	bool moments;            /* the caller's: whether it asks for them */
	bool listed;             /* `next` is the next message */
	struct kernel_message next;
	struct kernel_message message; /* of a line whose form was not known */
	struct kernel_message *given;  /* the last one: this or a known one */
	struct kernel_forms forms;
	struct kernel_known known[KERNEL_FORMS]; /* what lines of these forms say */
};

void kernel_lines_start(struct kernel_lines *lines, const char *text, size_t size);
/* @return NULL at the end of the text, or at its stop; else valid until the next call */
struct kernel_message *kernel_lines_next(struct kernel_lines *lines);
/*
 * The same of failures alone whose name has lost its beginning, "kgkio_escape: Ioctl failed:
 * -75": a selection began in the middle of a line, or somebody left out what all have.
 * kernel_lines_next() does not see them.
 */
struct kernel_message *kernel_lines_next_cut(struct kernel_lines *lines);

/*
 * For a text that comes in pieces: what a walk needs behind its stop, and before it.
 * Between two pieces the walk is settled, the text moved to the front of its buffer by at
 * most what that gave, the walk shifted by as much, and end and stop set anew.
 */
#define KERNEL_LINES_AHEAD  (24 * 1024)
#define KERNEL_LINES_BEHIND (20 * 1024)
size_t kernel_lines_settle(struct kernel_lines *lines);
void kernel_lines_shift(struct kernel_lines *lines, size_t bytes);
