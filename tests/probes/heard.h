/* heard.h: what a climb told through its packets, as a runner hears it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probes/packet.h"

struct heard_finding {
	enum rung rung;
	uint8_t adapter;
	enum finding_kind kind;
	char *name, *string;
	int64_t integer;
};

struct heard {
	struct {
		bool begun, ended;
		enum outcome outcome;
		enum reason reason;
		uint32_t ms;
		uint32_t expected; /* refusals of DXG calls that are answers */
	} rungs[RUNG_COUNT];
	struct heard_finding *findings;
	size_t findings_n;
	bool end;     /* the end marker came */
	bool bad;     /* what came was no packet */
	bool late;    /* killed at the deadline */
	int status;   /* of the process, as waitpid gives it */
	char *output; /* its stdout and stderr */
};

/* Takes what lies in fd and answers each rung that began or ended. */
void heard_take(struct heard *h, struct packet_reader *reader, int fd);
/*
 * Runs a program of the build folder with `--packets`, in a fresh folder with its own HOME.
 * @param arguments    after the program's name, ended by NULL
 * @param environment  "NAME=value", ended by NULL; these are set, all else is inherited
 */
struct heard *heard_run(const char *program, const char *const *arguments,
			const char *const *environment, int deadline_ms);
void heard_destroy(struct heard *h);

/* @return the first such finding of the rung, or NULL */
const struct heard_finding *heard_find(const struct heard *h, enum rung rung,
				       enum finding finding);

/* The rung ended so, or the test fails with all that was heard. */
void assert_heard(const struct heard *h, enum rung rung, enum outcome outcome,
		  enum reason reason);
void assert_heard_string(const struct heard *h, enum rung rung, enum finding finding,
			 const char *string);
void assert_heard_number(const struct heard *h, enum rung rung, enum finding finding,
			 int64_t number);
/* It climbed from load to launch and ended as it should. */
void assert_heard_all(const struct heard *h);
