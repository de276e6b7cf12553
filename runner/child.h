/*
 * child.h: one program in one process that may do anything: start, watch, limit, bury.
 *
 * The child has its own session, home, cache, temporary and working folder (all removed
 * with it), bounded files, output and resident memory, and one stream socket to us. It
 * dies with us. Nothing here waits longer than it was told: a child that outlives SIGKILL
 * is reported as hung and left behind.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "record/outcome.h"
#include "runner/family.h"
#include "runner/trace_process.h"
#include "util/error.h"

/* The child's own folder is $TMPDIR/dxgmatrix-<our process id>.<six characters>; its home
 * is CHILD_HOME below it. */
#define CHILD_FOLDER_PREFIX "dxgmatrix-"
#define CHILD_HOME          "home"

/* Where the child finds its socket. */
#define CHILD_PACKETS_FD      3
#define CHILD_PACKETS_FD_TEXT "3"

struct child_limits {
	int64_t output_bytes; /* stdout and stderr together; of packets as much again */
	int64_t file_bytes;   /* RLIMIT_FSIZE */
	int64_t open_files;   /* RLIMIT_NOFILE */
	int64_t resident_mib; /* of all its processes; never RLIMIT_AS: Intel's driver
				* maps 25 GB of address space at 84 MB resident */
	int64_t term_ms;      /* from SIGTERM to SIGKILL */
	int64_t kill_ms;      /* from SIGKILL to "hung" */
	int64_t exit_ms;      /* from its end marker, or its closed socket, to its end */
	int deadline_percent; /* of the deadlines in rung_rows; 100 */
	bool traced; /* its DXG calls and its crash are seen (trace.h), where that is
			       * permitted; false */
};

/* For this machine: less memory where little is free. */
struct child_limits child_limits_default(void);

enum child_phase {
	CHILD_RUNS,
	CHILD_TERMED, /* SIGTERM was sent */
	CHILD_KILLED, /* SIGKILL was sent */
	CHILD_GONE,
};

enum child_event {
	CHILD_READABLE, /* there are bytes in child->packets */
	CHILD_CLOSED,   /* nobody can send any more; told once */
	CHILD_LATE,     /* child->deadline_ms has passed; told once */
	CHILD_FLOODS,   /* more output than allowed */
	CHILD_HOGS,     /* more memory than allowed; child->resident_mib says how much */
	CHILD_STOPPED,  /* stop_fd became readable; told once */
	CHILD_ENDED,    /* status is final, all its processes are gone */
	CHILD_HUNG,     /* it, or one it started, outlived SIGKILL */
};

/* As much of the end of its output as is kept. */
#define CHILD_TAIL_SIZE 8192

struct child {
	pid_t pid;
	int packets;         /* our end of the socket, non-blocking */
	int64_t deadline_ms; /* child_clock() at which it is late; INT64_MAX: never */
	int64_t resident_mib;
	int status;            /* as waitpid gives it */
	char hung_in[64];      /* kernel function, or "" */
	char *hung_stack;      /* the kernel's lines, or NULL */
	enum reason condemned; /* why we end it; REASON_NONE */
	struct trace_process trace;

	/* The rest is child.c's. */
	const struct child_limits *limits;
	struct family family;
	char *folder;
	int pidfd, output, started, stop;
	enum child_phase phase;
	int64_t phase_ms, memory_ms; /* begin of the phase; next look at memory */
	int64_t output_total;
	size_t tail_length;
	char tail[CHILD_TAIL_SIZE];
	bool is_closed, is_stopped, is_late, floods, hogs;
};

/* Milliseconds that do not run while the machine sleeps. */
int64_t child_clock(void);

/*
 * Starts argv[0]. @param stop  a descriptor that becomes readable when we shall stop, or
 * -1. @param limits  must outlive the child
 * @return an error only where nothing was started; then ret needs no deinit. That the
 * program cannot be executed is told by child_start_error().
 */
struct error *child_start(const char *const *argv, const struct child_limits *limits,
			  int stop, struct child *ret) must_check;
/* Waits for what comes first. After CHILD_ENDED or CHILD_HUNG there is nothing more. */
enum child_event child_next(struct child *child);
/* A new deadline, at which it is told again that it is late. */
void child_set_deadline(struct child *child, int64_t deadline_ms);
/* Ends it: gently by SIGTERM first, else by SIGKILL. The first reason stays. */
void child_condemn(struct child *child, enum reason reason, bool gently);
/* After CHILD_ENDED: why the program could not be executed, or NULL. */
struct error *child_start_error(struct child *child) must_check;
/* Kills what is left, removes its folders, closes everything. */
void child_deinit(struct child *child);
#define cleanup_child cleanup_with(child_deinit)

/* What is due at `now_ms`: a pure function of what was done so far. */
enum child_step { CHILD_STEP_WAIT, CHILD_STEP_TERM_TO_KILL, CHILD_STEP_GIVE_UP };
enum child_step child_due(enum child_phase phase, int64_t phase_ms, int64_t now_ms,
			  const struct child_limits *limits);
