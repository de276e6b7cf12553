/*
 * kernel_span.h: a part of a text, and what may be cut from its ends.
 *
 * Nothing here reads beyond a span; blanks are spaces, tabs, carriage returns and the
 * no-break space that web pages make of them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const char *start, *end;
};

/* More than any log holds: a larger number is no count. */
#define SPAN_NUMBER_MAX 1000000000

static inline size_t span_size(struct span span)
{
	return (size_t)(span.end - span.start);
}

/* @return where `what` first stands, or NULL */
const char *span_find(struct span span, const char *what);
/* Inline, since of a literal the compiler makes one comparison. */
static inline bool span_begins(struct span span, const char *what)
{
	size_t length = strlen(what);
	return span_size(span) >= length && !memcmp(span.start, what, length);
}

static inline bool span_ends(struct span span, const char *what)
{
	size_t length = strlen(what);
	return span_size(span) >= length && !memcmp(span.end - length, what, length);
}

struct span span_trim_start(struct span span);
struct span span_trim_end(struct span span);
/* Without the blanks, quotes, emphasis and HTML elements it begins or ends with. */
struct span span_skip_marks(struct span span);
struct span span_skip_marks_end(struct span span);
/* Drops `what` from the end, and blanks before it. @return false where it is not there */
bool span_cut_end(struct span *span, const char *what);
/* Drops `what` from the start. @return false where it is not there */
static inline bool span_cut_start(struct span *span, const char *what)
{
	if (!span_begins(*span, what))
		return false;
	span->start += strlen(what);
	return true;
}

/* @return how many digits it begins with */
size_t span_digits(struct span span);
/* Takes the decimal number at the start, also "1,234". @return -1 where there is none or
 * too large */
int64_t span_take_number(struct span *span);
/* The number that ends the span, which is cut from it. @return -1 where there is none */
int64_t span_cut_number(struct span *span);
/* @return the line at `start`, without its end, cut at SPAN_LINE_MAX */
struct span span_line(const char *start, const char *end);

/* @return the line before the one that begins at `at`; empty at the start of the text */
struct span span_line_before(const char *at, struct span text);

/* No message is nearly as long; a text without line ends costs no more than one with. */
#define SPAN_LINE_MAX 4096

/* A letter of ASCII, a digit, or '_'. */
static inline bool span_is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
	       (c >= 'A' && c <= 'Z');
}
