/*
 * kernel_line.h: one message of dxgkrnl in a text, in whatever way people paste it.
 *
 * The kernel prints "misc dxg: dxgk: <handler>: Ioctl failed: <errno>" (decimal, negative;
 * microsoft/WSL2-Linux-Kernel:drivers/hv/dxgkrnl/dxgkrnl.h, ioctl.c). What is pasted has
 * it behind stamps of dmesg, dmesg -T, journalctl or rsyslog, behind grep's file names,
 * in lists, quotes and tables, with counts before or behind it, broken over two lines, or
 * cut. A line cut before its errno is no message.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kernel_message_kind {
	KERNEL_FAILURE, /* "Ioctl failed": handler and errno */
	KERNEL_OTHER,   /* any other message of the driver, and warnings about it */
};

#define KERNEL_NAME_MAX 64
#define KERNEL_TEXT_MAX 192

struct kernel_message {
	enum kernel_message_kind kind;
	/* The name stands in the middle of a sentence: somebody's word, no line. */
	bool mention;
	char handler[KERNEL_NAME_MAX]; /* of a failure: "dxgkio_escape" */
	int error;                     /* of a failure: negative errno */
	int64_t times;                 /* 1, or what a count beside it says */
	char text[KERNEL_TEXT_MAX];    /* of another message: "<function>: <text>" */
	double seconds;                /* since boot, of dmesg's stamp; -1 without */
	size_t line;                   /* 1-based */
};

/* A walk over a text, which need not end with NUL and may hold any bytes. */
struct kernel_lines {
	const char *at, *end;
	const char *line_start;
	const char *counted; /* line ends before this one are */
	size_t line;
};

void kernel_lines_start(struct kernel_lines *lines, const char *text, size_t size);
/* @return false at the end of the text. */
bool kernel_lines_next(struct kernel_lines *lines, struct kernel_message *ret);
