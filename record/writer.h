/*
 * writer.h: the members of a JSON document, one by one; what is unknown is left out.
 *
 * The other half of reader.h, for all that this project says in JSON.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

struct strings; /* record/record.h */

/* Of the member `name` of an object: */

/* NULL and "" are left out. Text from libraries and logs may be no UTF-8 and of any length:
 * what is no UTF-8 becomes U+FFFD, what is longer than RECORD_STRING_MAX is cut. */
void write_string(json_t *object, const char *name, const char *string);
/* A negative number is left out. */
void write_integer(json_t *object, const char *name, int64_t integer);
/* Takes the value; an empty object or array is left out. */
void write_filled(json_t *object, const char *name, json_t *value);

/* An array of what write_string() makes of each; the caller's. */
json_t *writer_strings(const struct strings *strings);

/* Takes the value, prints it on a line and flushes. */
void write_line(FILE *file, json_t *value);
