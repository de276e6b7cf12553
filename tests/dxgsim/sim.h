/* sim.h: the simulated machine at work; what its parts share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tests/dxgsim/guest.h"
#include "tests/dxgsim/log.h"
#include "tests/dxgsim/scenario.h"

/* An open of /dev/dxg: the file that stands for it, and whose it is. Kept for good: a
 * descriptor may outlive the process that opened it. */
struct opening {
	dev_t device;
	ino_t inode;
	pid_t pid;
};

/* A system call that waits for its answer. */
struct question {
	uint64_t id;
	pid_t thread;
	int nr;
	uint64_t args[6];
	bool delayed; /* it has been put off once, as the scenario says */
};

/* A question whose time has not come. */
struct delay {
	struct delay *next;
	int64_t due_ms; /* of CLOCK_MONOTONIC */
	pid_t pid;
	struct question question;
};

/* What becomes of an adapter in the course of a run. */
struct adapter_now {
	bool removed;
	uint32_t state; /* enum d3dkmt_deviceexecution_state of its devices */
};

struct sim {
	struct scenario *scenario;
	int listener;
	struct log log;
	bool dead;                    /* Windows is gone */
	struct adapter_now *adapters; /* as many as the scenario has */
	struct guest *guests;
	struct opening *openings;
	size_t opening_count;
	struct delay *delays;
};

enum answer_kind {
	ANSWER_CONTINUE, /* the kernel does it */
	ANSWER_RESULT,   /* value, or -errno */
	ANSWER_FILE,     /* file, installed in the program, is the result */
	ANSWER_LATER,    /* somebody holds its id */
};

struct reply {
	enum answer_kind kind;
	int64_t value;
	int file;   /* closed by the receiver */
	int number; /* the descriptor it becomes; 0: any */
	bool close_on_exec;
};

static inline struct reply reply_result(int64_t value)
{
	return (struct reply){ .kind = ANSWER_RESULT, .value = value };
}

/* @return the opening that descriptor fd of the thread refers to, or NULL. */
const struct opening *sim_find_opening(const struct sim *sim, pid_t thread, int fd);
/* @return whether a process has a descriptor of the node that it opened itself. */
bool sim_has_open_node(const struct sim *sim, pid_t pid);
/* @return the state of a process that has opened the node, or NULL. */
struct guest *sim_find_guest(const struct sim *sim, pid_t pid);
/* Sends an answer to one that was put off. A program that is gone gets none. */
void sim_answer_late(const struct sim *sim, uint64_t id, int64_t value);
/* @return what has become of an adapter of the scenario. */
struct adapter_now *sim_adapter_now(const struct sim *sim,
				    const struct sim_adapter *adapter);
/* Asks the question of a process anew after so many ms; its answer is put off. */
void sim_delay(struct sim *sim, const struct question *question, pid_t pid, uint32_t ms);
/* Ends reads of the kernel log that have something to read now. */
void sim_end_log_waits(struct sim *sim);
