/*
 * shape.h: what a string member of the document must look like.
 *
 * A shape is a function and the words for a sentence that refuses. The published schema
 * holds the same as patterns; tests/record compares the two.
 */
#pragma once

#include <stdbool.h>

struct shape {
	const char *words; /* "a date YYYY-MM-DD" */
	bool (*matches)(const char *text);
};

extern const struct shape shape_text;       /* not empty */
extern const struct shape shape_date;       /* YYYY-MM-DD, a day of the calendar */
extern const struct shape shape_month;      /* the same, or YYYY-MM */
extern const struct shape shape_pci;        /* vvvv:dddd, lower case */
extern const struct shape shape_vendor;     /* vvvv */
extern const struct shape shape_revision;   /* two hexadecimal digits */
extern const struct shape shape_four_parts; /* A.B.C.D without leading zeros */
extern const struct shape shape_windows;    /* 10.0.BUILD or 10.0.BUILD.UBR */
extern const struct shape shape_hash;       /* sha256: and 64 digits */
extern const struct shape shape_url;        /* http:// or https:// */
extern const struct shape shape_word;       /* letters, digits, - and _, at most 128 */
extern const struct shape shape_errno;      /* not 0, 32 bits, without leading zeros */
extern const struct shape shape_number;     /* 32 bits, without leading zeros */
extern const struct shape shape_pointer;    /* a JSON pointer: begins with / */
extern const struct shape shape_key;        /* ed25519: and 64 digits */
extern const struct shape shape_signature;  /* 128 digits */

/* @return days since 1970-01-01 of a text of shape_date; of a month, its first day. */
long shape_day(const char *date);
