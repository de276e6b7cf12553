/*
 * encoding.h: text of any origin as UTF-8 (iconv).
 *
 * Windows programs write UTF-16 into pipes and files, with and without a byte order mark
 * (microsoft/WSL#4607); people paste what their terminal made of it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

struct strbuf;

enum encoding { ENCODING_UTF8, ENCODING_UTF16LE, ENCODING_UTF16BE };

struct text {
	char *utf8; /* valid UTF-8 without NUL inside, one NUL behind; the caller's to free */
	size_t size;
	enum encoding encoding; /* what it was */
	size_t bad;             /* characters that became U+FFFD: invalid ones and NUL */
	size_t first_bad;       /* offset of the first of them; in UTF-16 within 4 KiB */
};

/*
 * What bytes are encoded in: by the byte order mark, else by where the NUL bytes of ASCII
 * characters stand. No share of NULs is asked for that Chinese or Japanese text would
 * miss; one stray NUL does not make a log UTF-16.
 */
enum encoding encoding_guess(const char *bytes, size_t size);

/*
 * Decodes, without the byte order mark. What is no valid text becomes U+FFFD and is
 * counted: nothing is dropped silently.
 * @return an error only where this system's iconv lacks the encoding
 */
struct error *text_to_utf8(const char *bytes, size_t size, struct text *ret) must_check;

/* The same for a text that comes in pieces. */
struct decoder {
	enum encoding encoding;
	void *iconv;           /* NULL for UTF-8 */
	size_t offset;         /* how many bytes it took */
	size_t bad, first_bad; /* as in struct text */
};

struct error *decoder_init(enum encoding encoding, struct decoder *ret) must_check;
void decoder_deinit(struct decoder *decoder);
/*
 * Decodes a piece.
 * @param last  it ends the text
 * @param into  what it says is added to it
 * @return how many bytes it took: of the last piece all; of another the others, fewer than
 * DECODER_REST_MAX, come again before the next
 */
#define DECODER_REST_MAX 4096
size_t decoder_add(struct decoder *decoder, const char *bytes, size_t size, bool last,
		   struct strbuf *into);
#define cleanup_decoder cleanup_with(decoder_deinit)
