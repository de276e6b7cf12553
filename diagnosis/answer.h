/*
 * answer.h: a record as a person reads it: the picture that the terminal and the record
 * page both print. Plain data; whoever prints it adds colour, columns and escaping.
 *
 * Lines are in the order of the screen: the answer, the set-up, the stack from inference
 * down to the Windows driver, other roads, what is tested, likely and not known, what
 * this is not, at most two things to do, what to leave alone.
 */
#pragma once

#include "diagnosis/signature.h"
#include "record/record.h"

enum answer_word {
	ANSWER_YES,
	ANSWER_NO,
	ANSWER_NOT_KNOWN,
	ANSWER_NOT_WSL2,     /* an ordinary Linux machine: nothing to judge */
	ANSWER_NO_FAULT,     /* pasted lines that show no fault */
	ANSWER_WORTH_A_TEST, /* a pasted line that decides nothing but matters */
};

/* One line of the stack, or of the other roads. */
struct answer_step {
	enum layer layer;
	const char
		*step; /* layer title ("compiler"), or the rung's name on a second line of
			* the same layer, or the road's title among the other roads */
	const char *road; /* "OpenCL", or NULL */
	enum outcome outcome;
	const char *word;   /* "ok", "CRASH", "not reached", "CPU only" … */
	const char *detail; /* "SIGSEGV in libigc.so.1, 3 tries of 3", or NULL */
};

struct answer_steps {
	struct answer_step *step;
	size_t n;
};

/* Kernel lines of one kind: of a paste, or foreign ones of a run. */
struct answer_line {
	int64_t count, own; /* own: of them those that this run's own calls caused */
	const char *line;   /* "dxgkio_reserve_gpu_va: Ioctl failed: -75" */
	const char *when;   /* "at 78509.8 s, long after boot", or NULL */
	bool met;           /* the shipped table has it; else class is not set */
	enum signature_class class;
	const char *meaning;        /* plain words, or NULL where it was not met before */
	const char *const *sources; /* NULL-ended, of the shipped table; NULL: none */
};

struct answer_lines {
	struct answer_line *line;
	size_t n;
};

struct answer {
	struct arena arena;
	enum answer_word word;
	bool npu; /* else people call it a GPU */
	struct strings headline; /* one or two lines; the first begins with the word */
	struct strings setup; /* "Intel Arc 140T (8086:7d51)", "Windows driver …", … */
	struct answer_steps stack; /* layer 4 first; empty where nothing was climbed */
	struct answer_steps roads, controls;
	struct strings tested, likely, not_known; /* a sentence each */
	struct strings not_it, todo, leave;
	struct answer_lines lines;     /* what matters first, then by count */
	struct strings found, missing; /* of a paste: "kernel 6.6.114.1"; "GPU" */
	struct strings skimmed; /* of a large one: what was not read or had no room */
};

/* Reads a record, whose diagnoses have been made. Nothing of ret points into it. */
void answer_make(const struct record *record, struct answer *ret);
void answer_deinit(struct answer *answer);

/*
 * The three lines for a chat: set-up, roads, lowest broken layer.
 * @return the caller's to free, each line ended
 */
char *answer_chat_lines(const struct record *record);
