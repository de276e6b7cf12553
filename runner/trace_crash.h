/*
 * trace_crash.h: where a stopped thread is, in names: library, function, calling library.
 *
 * Found from its registers, /proc/PID/maps and the words of its stack: without unwind
 * tables a return address is a word that points behind a call instruction. It names the
 * nearest library above; a stale word may name a wrong one, which is rare for the first
 * that is called across libraries.
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
	uint64_t blocked; /* signals, as in SigBlk of proc(5) */
	/* "" where not known: */
	char in[CRASH_NAME_SIZE];     /* file name of the library, or of the program */
	char symbol[CRASH_NAME_SIZE]; /* as the library spells it: C++ is mangled */
	char called_from[CRASH_NAME_SIZE]; /* the next other library above */
};

/*
 * Fills in, symbol and called_from of a thread that stands still and is ours by ptrace.
 * @param aborted  of its own will (abort, exit): the C library's own functions are passed
 * over, since who called them is what matters
 */
void crash_locate(pid_t tid, bool aborted, struct crash *ret);
