/*
 * progress.h: what `run` shows on a terminal while it runs: a line per interface, replaced
 * by the screen at the end.
 *
 *	opencl    load enumerate open copy compile…                 2.1 s
 *
 * A step that lasts says what it waits for, and how long it may:
 *
 *	dxg       enumerate: waits for Windows, 20 s at most, try 2 of 3   27.4 s
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "runner/battery.h"
#include "util/strbuf.h"

struct progress {
	FILE *file; /* a terminal */
	int lines;  /* that are finished */
	int64_t begin_ms;
	struct strbuf steps; /* of the line that is not: those of the present process */
	int last;            /* rung of the newest of them; -1: none */
	int time_at;         /* column */
};

/* @param file  usually stderr */
void progress_init(struct progress *progress, FILE *file);
/* Its functions, for a battery. @return all NULL where file is no terminal,
 * or a dumb one */
struct battery_watch progress_watch(struct progress *progress);
/* Takes the lines off the screen. */
void progress_deinit(struct progress *progress);
#define cleanup_progress cleanup_with(progress_deinit)
