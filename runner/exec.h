/*
 * exec.h: an ordinary command of this machine, its output and its end, within a time.
 *
 * For commands that answer and end, such as wslinfo; what may crash or hang for long
 * belongs to child.h. The command has its own process group, no terminal and no input;
 * its messages are dropped. It dies with us.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

struct exec_request {
	/* Tried in order until one can be started, ended by NULL: paths, or names that
	 * are looked for in $PATH. Looked for by the child, so that a dead network drive
	 * in a path stops nobody else. */
	const char *const *programs;
	const char *const *argv;        /* ended by NULL */
	const char *const *environment; /* "NAME=value", added; ended by NULL, or NULL */
	const char *folder;             /* to run in; NULL: where we are */
	int timeout_ms;                 /* then SIGTERM; SIGKILL half a second later */
	size_t limit;                   /* bytes of output; then the same */
};

struct exec_answer {
	char *output; /* with a NUL behind it; the caller's to free */
	size_t size;
	bool late, floods; /* it was ended by us, for this */
	int status;        /* exit status; 128 + signal; 127: could not be started */
};

/* @return an error only where no process can be made */
struct error *exec_run(const struct exec_request *request,
		       struct exec_answer *ret) must_check;
