/*
 * signature.h: kernel log lines of dxgkrnl that are known: the shipped table.
 *
 * "Harmless" is a claim about the line alone and names its public evidence: machines that
 * work and print it. No class fails a layer; only experiments do.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum signature_class {
	SIGNATURE_HARMLESS, /* also printed on machines that work */
	SIGNATURE_DEPENDS,  /* harmless on some, fatal on others: worth a test */
	SIGNATURE_TROUBLE,  /* something was refused or ran out */
};

struct signature {
	/* handler as the log names it: "dxgkio_query_adapter_info"; "*": any */
	const char *ioctl;
	int error; /* -22; 0: any */
	enum signature_class class;
	const char *meaning;    /* plain words, for "an unknown person at midnight" */
	const char *sources[8]; /* "microsoft/WSL#40715" …, NULL-ended */
};

extern const struct signature signatures[];
extern const size_t n_signatures;

/* @return the row for this failure, the most exact one, or NULL: not met before. */
const struct signature *signature_find(const char *ioctl, int error);

/* The same for dxgkrnl's lines that are not "Ioctl failed": found by what they contain. */
struct signature_message {
	const char *contains;
	enum signature_class class;
	const char *meaning;
	const char *sources[8];
};

extern const struct signature_message signature_messages[];
extern const size_t n_signature_messages;

const struct signature_message *signature_find_message(const char *text);
/* @return "Harmless by itself", "It depends: test it", … */
const char *signature_class_words(enum signature_class class);
/* @return how many sources a row names. */
size_t signature_source_count(const struct signature *signature);
