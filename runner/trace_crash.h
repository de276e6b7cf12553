/*
 * trace_crash.h: where a stopped thread is, in names: library, function, calling library.
 *
 * By its registers, /proc/PID/maps, the symbol tables of the files mapped there, and a walk
 * up its stack (trace_unwind.h). What cannot be known so is absent: a wrong name is worse
 * than none.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define CRASH_NAME_SIZE 192

struct crash {
	pid_t tid;
	int64_t ns; /* when, by trace_clock_ns() */
	int signal; /* 0: it ends by exit */
	int status; /* of that exit */
	bool caught;
	bool asked;       /* the program asked to be ended: abort, exit */
	uint64_t blocked; /* signals, as in SigBlk of proc(5) */
	/* "" where not known: */
	char in[CRASH_NAME_SIZE];     /* file name of the library, or of the program */
	char symbol[CRASH_NAME_SIZE]; /* as the library spells it, without version: C++ is
				       * mangled */
	char called_from[CRASH_NAME_SIZE]; /* the next other library above */
};

/*
 * Fills in, symbol and called_from of crash->tid, which stands still and is ours by ptrace.
 * That costs about a millisecond, and of a program that makes it slow some two seconds. Where
 * the program asked to be ended, the C library's own functions are passed over, since who
 * called them is what matters.
 */
void crash_locate(struct crash *crash);
