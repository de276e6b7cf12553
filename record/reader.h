/*
 * reader.h: the members of a JSON document, one by one, until the first fault.
 *
 * The reader knows the JSON pointer of where it stands. The first fault is kept with its
 * pointer; every later step does nothing, so callers need not look in between. Absent and
 * null are the same everywhere but in arrays: unknown.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "record/shape.h"
#include "util/arena.h"
#include "util/error.h"
#include "util/strbuf.h"
#include "util/utf8.h"

struct reader {
	struct arena *arena; /* of all strings it returns */
	struct strbuf pointer;
	struct error *error; /* the first fault */
};

void reader_init(struct reader *r, struct arena *arena);
void reader_deinit(struct reader *r);

/* The first fault: "POINTER: what"; the document itself is written "(document)". */
void reader_fault(struct reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What a fault quotes of a string from outside, for "%.*s". */
#define READER_QUOTE(text) (int)utf8_cut((text), 80), (text)

/*
 * Parses a document: strictly JSON, at most RECORD_SIZE_MAX bytes, no member twice, no NUL,
 * and, known members or not: no floating-point number, no integer beyond 2^53 - 1 (which
 * not every reader keeps exact, RFC 7493 §2.2), at most RECORD_DEPTH_MAX objects and
 * arrays in each other, names and strings of at most RECORD_STRING_MAX bytes.
 * @return NULL after a fault, else the caller's to json_decref
 */
json_t *reader_parse(struct reader *r, const char *bytes, size_t size);

/* Into a member and out again: size_t here = reader_enter(r, name); … reader_leave(r, here). */
size_t reader_enter(struct reader *r, const char *name);
size_t reader_enter_index(struct reader *r, size_t index);
void reader_leave(struct reader *r, size_t length);

/* @return the value where it is of the type (JSON_TRUE: a boolean), else NULL; a fault
 * unless absent or null. */
const json_t *reader_typed(struct reader *r, const json_t *value, json_type type);
/* @return a copy of a string of the shape, or NULL. */
const char *reader_text(struct reader *r, const json_t *value, const struct shape *shape);

/* Of the member `name` of an object, which may be NULL: */

/* A fault where it is absent. */
void read_required(struct reader *r, const json_t *object, const char *name);
/* Enters the member. @return the object, or NULL; either way leave with *ret_here. */
const json_t *read_object(struct reader *r, const json_t *object, const char *name,
			  size_t *ret_here);
const char *read_string(struct reader *r, const json_t *object, const char *name,
			const struct shape *shape);
/* @return the integer, at least `least` and at most `most`, or -1 where it is absent. */
int64_t read_integer(struct reader *r, const json_t *object, const char *name,
		     int64_t least, int64_t most);
bool read_boolean(struct reader *r, const json_t *object, const char *name);
/* @return its place in a table of words (NULL is none), or -1 where it is absent. */
int read_word(struct reader *r, const json_t *object, const char *name,
	      const char *const *words, int count);

typedef void read_item(struct reader *r, const json_t *item, void *data);
/* Calls function for each item of an array, the pointer standing there. */
void read_array(struct reader *r, const json_t *object, const char *name,
		read_item *function, void *data);

typedef void read_named(struct reader *r, const char *name, const json_t *value,
			void *data);
/* Calls function for each member of an object that is not null, the pointer standing
 * there; all names have the shape. */
void read_map(struct reader *r, const json_t *object, const char *name,
	      const struct shape *names, read_named *function, void *data);
/* The same of the object at which the pointer stands; it may be NULL. */
void reader_each(struct reader *r, const json_t *map, const struct shape *names,
		 read_named *function, void *data);
