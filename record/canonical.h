/*
 * canonical.h: the canonical form of a JSON document, RFC 8785, and pointers into it.
 *
 * Only what a record may hold: no floating-point numbers.
 */
#pragma once

#include <stddef.h>

#include <jansson.h>

#include "util/strbuf.h"

/*
 * Appends the canonical form of value: members sorted by the UTF-16 code units of their
 * names (RFC 8785 §3.2.3), no white space, shortest escapes (§3.2.2.2).
 * @param without  members of the outermost object to leave out; NULL-ended, may be NULL
 */
void canonical_add(struct strbuf *buf, const json_t *value, const char *const *without);

/* Appends a member name to a JSON pointer, escaped (RFC 6901). */
void pointer_add(struct strbuf *pointer, const char *name);

/* @return the value a JSON pointer leads to, or NULL; borrowed from root. */
const json_t *pointer_get(const json_t *root, const char *pointer);

/*
 * The JSON pointer of the value in which byte `offset` of a text lies, as far as the text
 * is JSON up to there: for sentences about a text that could not be parsed.
 */
void pointer_at(const char *text, size_t offset, struct strbuf *pointer);
