/*
 * claims.h: what a text says of a machine, each with its place, and what comes of it.
 *
 * A field of which the text gives one value is taken; of two, none is: both stand under
 * the record's contradictions (design: a contradicted field is absent). What a tool printed
 * goes before what a sentence says, which may be of another time.
 */
#pragma once

#include "record/record.h"

/* How far the words around a value can be trusted. */
enum claim_strength {
	CLAIM_WEAK, /* beside "newer than", "to", or by its shape alone: taken only where
			 * nothing better stands */
	CLAIM_SENTENCE, /* beside its component's name */
	CLAIM_LABEL,    /* in a tool's own output */
};

enum claim_field {
#define X(constant, member, pointer, title) CLAIM_##constant,
	COMPONENTS(X)
#undef X
		CLAIM_DRIVER_PUBLIC,
	CLAIM_DRIVER_DATE,
	CLAIM_DRIVER_NPU, /* the driver, where the adapter is an NPU */
	CLAIM_DISTRO,
	CLAIM_PCI,
	CLAIM_VENDOR,
	CLAIM_NAME,
	CLAIM_CLASS,
	CLAIM_PACKAGE, /* name says which */
	CLAIM_FIELD_COUNT
};

struct claim {
	enum claim_field field;
	const char *name;  /* of a package, else NULL */
	const char *value; /* normal form */
	enum claim_strength strength;
	int64_t line;
	const char *text; /* what was read, short */
	size_t times;     /* how often the text says it */
};

/* More than a text about one machine can mean; what comes later is not kept. */
#define CLAIMS_MAX 256

struct claims {
	struct arena *arena;
	struct claim claim[CLAIMS_MAX];
	size_t n;
};

/* @param value, text  copied; text is cut to CLAIM_TEXT_MAX */
#define CLAIM_TEXT_MAX 120
void claims_add(struct claims *claims, enum claim_field field, const char *name,
		const char *value, enum claim_strength strength, int64_t line,
		const char *text, size_t text_size);

/* Writes what the claims come to into record->combination, evidence, contradictions. */
void claims_settle(const struct claims *claims, struct record *record);
