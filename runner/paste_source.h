/*
 * paste_source.h: the bytes of a pasted text as UTF-8, some lines at a time.
 *
 * What encoding they are in, and whether it is UTF-16 that a program wrote into JSON as
 * "\u0000" between the characters, the head of the text tells; there is no other way with
 * a pipe. Colours, and what HTML spelt out (util/spelt.h), are made what they stand for.
 */
#pragma once

#include "record/hash.h"
#include "util/encoding.h"
#include "util/strbuf.h"

struct paste_source {
	const char *head;
	size_t head_size;
	int fd; /* for what comes behind it; -1: nothing does */
	struct hash hash;
	uint64_t size; /* how many bytes were read */
	struct decoder decoder;
	bool escaped; /* "\u0000" stands between the characters */
	char *raw;    /* bytes that are not yet decoded */
	size_t raw_size;
	struct strbuf text; /* the piece that was given, and what comes behind it: */
	size_t given;
	size_t rest; /* bytes of a line that has not ended, before others that may be cut */
};

/* @param head  must stay
 * @param fd    stays open; -1 where the head is all */
struct error *paste_source_init(struct paste_source *source, const char *head,
				size_t head_size, int fd) must_check;
void paste_source_deinit(struct paste_source *source);
#define cleanup_paste_source cleanup_with(paste_source_deinit)
/*
 * @param ret       the next lines, or the start of one that is very long, without NUL inside;
 * valid until the next call
 * @param ret_size  0 at the end
 * @return an error where read(2) fails
 */
struct error *paste_source_next(struct paste_source *source, const char **ret,
				size_t *ret_size) must_check;
