/*
 * limit.h: what no probe is needed for: the shipped, dated table of what cannot work in
 * WSL2 today whatever is installed, and of what mostly looks like that and is mended in
 * minutes.
 *
 * A row names its public thread, so that whoever doubts it can read, and whoever hopes
 * can watch. Rows were looked at on LIMITS_DATE; when a thread is closed its row goes.
 */
#pragma once

#include <stddef.h>

#define LIMITS_DATE "2026-11-20"

enum limit_kind {
	LIMIT_TODAY,  /* whatever you install */
	LIMIT_MENDED, /* often, in minutes */
	LIMIT_KIND_COUNT
};

struct limit {
	enum limit_kind kind;
	const char *what;       /* as people name it: "NPU in WSL2" */
	const char *why;        /* a sentence: what is known; what mends it */
	const char *sources[4]; /* "microsoft/WSL#40445" …, NULL-ended */
	/* The result it explains by itself: an interface on a vendor's GPU; else NULL. */
	const char *interface;
	const char *vendor;
};

extern const struct limit limits[];
extern const size_t n_limits;

/* @return the row by which an interface can't work on a vendor's GPU, or NULL; vendor may
 * be NULL: not known. */
const struct limit *limit_find(const char *interface, const char *vendor);
