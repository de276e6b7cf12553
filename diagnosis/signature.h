/*
 * signature.h: kernel log lines of dxgkrnl that are known: the shipped table.
 *
 * Every class is a claim and names its public evidence: "harmless" machines that work and
 * print the line, or whose trouble was found elsewhere, or the driver's source where it says
 * the line is about its caller alone; "depends" machines on either side, or the driver's
 * source where it says no more than who refused; "trouble" machines that failed at it, or
 * the driver's source where it prints the line only when something ran out or was gone. No
 * class fails a layer; only experiments do.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/trace.h"

enum signature_class {
	SIGNATURE_HARMLESS, /* also printed on machines that work */
	SIGNATURE_DEPENDS,  /* harmless on some, fatal on others: worth a test */
	SIGNATURE_TROUBLE,  /* something was refused or ran out */
};

/* When a line was printed, which only a stamp tells (runner/kernel_log.h). */
enum signature_phase {
	SIGNATURE_ANY_PHASE,
	SIGNATURE_BOOT, /* while booting */
};

struct signature {
	/* handler as the log names it: "dxgkio_query_adapter_info"; "*": any */
	const char *ioctl;
	int error; /* -22; 0: any */
	enum signature_class class;
	const char *meaning; /* plain words, for "an unknown person at midnight" */
	/* "microsoft/WSL#40715" or an address, NULL-ended; never empty */
	const char *sources[8];
	/* Of query_adapter_info: what is asked (enum kmtqueryadapterinfotype), which the log
	 * does not tell but a trace does; 0: whatever it is */
	uint32_t query_type;
	enum signature_phase phase;
};

extern const struct signature signatures[];
extern const size_t n_signatures;

/* @return the row for this failure, the most exact one, or NULL: not met before. */
const struct signature *signature_find(const char *ioctl, int error);

/* The same for a failure that was printed while booting: some mean another thing then. */
const struct signature *signature_find_boot(const char *ioctl, int error);

/*
 * The same where it is known what query_adapter_info asked: a row of that type, else one of
 * any type. Some answers a usable GPU must give, of others the refusal is ordinary.
 */
const struct signature *signature_find_query(uint32_t query_type, int error);

/* The same for a failure in a trace, which names a handler without the log's "dxgkio_", and
 * knows what was asked. */
const struct signature *signature_find_trace(const struct trace_failure *failure);

/*
 * The row for a message that names a handler and its numbers in another form than the
 * driver's, "dxgkio_escape: -75" or "dxgkio_escape: Ioctl failed: -22/-75": of several
 * numbers the one of the heaviest class; NULL where any of them was not met before.
 */
const struct signature *signature_find_short(const char *text);

/* The same for dxgkrnl's lines that are not "Ioctl failed": found by what they contain. */
struct signature_message {
	const char *contains;
	enum signature_class class;
	const char *meaning;
	const char *sources[8]; /* as above */
};

extern const struct signature_message signature_messages[];
extern const size_t n_signature_messages;

/* @param text  a line, or a whole warning or oops: then a harmless row must be in its first
 * line, another anywhere */
const struct signature_message *signature_find_message(const char *text);
/* @return "Harmless by itself", "It depends: test it", … */
const char *signature_class_words(enum signature_class class);
/* @return how many sources a row names. */
size_t signature_source_count(const struct signature *signature);
