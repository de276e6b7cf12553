#include "util/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "util/strbuf.h"
#include "util/utf8.h"

/* Bytes of UTF-16. A slice is what iconv gets at once. */
#define UNIT      2
#define UNIT_PAIR 4
#define SLICE     DECODER_REST_MAX

#define UTF8_LENGTH_MAX 4

static const struct {
	const char *iconv_name;
	const char *mark;
	size_t mark_size;
} encodings[] = {
	[ENCODING_UTF8] = { "UTF-8", "\xef\xbb\xbf", 3 },
	[ENCODING_UTF16LE] = { "UTF-16LE", "\xff\xfe", 2 },
	[ENCODING_UTF16BE] = { "UTF-16BE", "\xfe\xff", 2 },
};

static bool has_mark(enum encoding encoding, const char *bytes, size_t size)
{
	return size >= encodings[encoding].mark_size &&
	       !memcmp(bytes, encodings[encoding].mark, encodings[encoding].mark_size);
}

/* An ASCII character as the low byte of a unit whose high byte is NUL. */
static bool is_ascii_unit(char low, char high)
{
	return high == '\0' &&
	       ((low >= ' ' && low <= '~') || (low >= '\t' && low <= '\r'));
}

enum encoding encoding_guess(const char *bytes, size_t size)
{
	for (enum encoding i = ENCODING_UTF8; i <= ENCODING_UTF16BE; i++)
		if (has_mark(i, bytes, size))
			return i;
	if (!memchr(bytes, '\0', size))
		return ENCODING_UTF8;
	size_t little = 0, big = 0, units = size / 2;
	for (size_t i = 0; i < units; i++) {
		little += is_ascii_unit(bytes[2 * i], bytes[2 * i + 1]);
		big += is_ascii_unit(bytes[2 * i + 1], bytes[2 * i]);
	}
	if (little >= big && little && little * 16 >= units)
		return ENCODING_UTF16LE;
	if (big && big * 16 >= units)
		return ENCODING_UTF16BE;
	return ENCODING_UTF8;
}

struct error *decoder_init(enum encoding encoding, struct decoder *ret)
{
	*ret = (struct decoder){ .encoding = encoding };
	if (encoding == ENCODING_UTF8)
		return NULL;
	const char *name = encodings[encoding].iconv_name;
	iconv_t handle = iconv_open("UTF-8", name);
	if (handle == (iconv_t)-1)
		return error_errno("iconv from %s", name);
	ret->iconv = handle;
	return NULL;
}

void decoder_deinit(struct decoder *decoder)
{
	if (decoder->iconv)
		iconv_close(decoder->iconv);
	decoder->iconv = NULL;
}

static void add_bad(struct decoder *decoder, size_t offset, struct strbuf *into)
{
	if (!decoder->bad++)
		decoder->first_bad = offset;
	strbuf_add_string(into, "\xef\xbf\xbd");
}

/* Whether eight bytes are ASCII and none is NUL: as most are. */
static bool is_plain(const char *at)
{
	const uint64_t ones = 0x0101010101010101;
	uint64_t word;
	memcpy(&word, at, sizeof(word));
	return !((word | (word - ones)) & ones << 7);
}

/* Adds characters as they are, but for NUL: valid in every encoding, wrong in every text.
 * @param last  the text ends with them; else one that may be cut is left. @return taken */
static size_t add_utf8(struct decoder *decoder, const char *bytes, size_t size,
		       size_t offset, bool last, struct strbuf *into)
{
	size_t from = 0, at = 0;
	while (at < size) {
		uint32_t c;
		if (size - at >= sizeof(uint64_t) && is_plain(bytes + at)) {
			at += sizeof(uint64_t);
			continue;
		}
		if ((signed char)bytes[at] > 0) {
			at++;
			continue;
		}
		if (!last && size - at < UTF8_LENGTH_MAX)
			break;
		size_t n = utf8_decode(bytes + at, size - at, &c);
		if (c == 0 || c > 0x10ffff) {
			strbuf_add(into, bytes + from, at - from);
			add_bad(decoder, offset + at, into);
			from = at + n;
		}
		at += n;
	}
	strbuf_add(into, bytes + from, at - from);
	return at;
}

/* Lets iconv decode a slice. @return how many bytes it took */
static size_t add_slice(struct decoder *decoder, const char *bytes, size_t size,
			struct strbuf *into)
{
	char piece[4096], *out = piece;
	char *in = (char *)bytes; /* iconv's prototype lacks the const; it only reads */
	size_t left = size, room = sizeof(piece), offset = decoder->offset;
	size_t result = iconv(decoder->iconv, &in, &left, &out, &room);
	bool bad = result == (size_t)-1 && errno != E2BIG;
	size_t taken = size - left;
	add_utf8(decoder, piece, (size_t)(out - piece), offset, true, into);
	/* The end of a slice may cut a pair of units: then more was taken before it. */
	if (!bad || (taken && left < UNIT_PAIR))
		return taken;
	add_bad(decoder, offset + taken, into);
	iconv(decoder->iconv, NULL, NULL, NULL, NULL);
	return taken + (left < UNIT ? left : UNIT);
}

static size_t add_utf16(struct decoder *decoder, const char *bytes, size_t size,
			bool last, struct strbuf *into)
{
	size_t at = 0;
	while (at < size && (last || size - at >= SLICE)) {
		size_t slice = size - at < SLICE ? size - at : SLICE;
		size_t taken = add_slice(decoder, bytes + at, slice, into);
		decoder->offset += taken;
		at += taken;
	}
	return at;
}

size_t decoder_add(struct decoder *decoder, const char *bytes, size_t size, bool last,
		   struct strbuf *into)
{
	size_t start = 0;
	if (!decoder->offset && !last && size < SLICE)
		return 0;
	if (!decoder->offset && has_mark(decoder->encoding, bytes, size))
		start = decoder->offset = encodings[decoder->encoding].mark_size;
	bytes += start;
	size -= start;
	if (decoder->encoding != ENCODING_UTF8)
		return start + add_utf16(decoder, bytes, size, last, into);
	size_t taken = add_utf8(decoder, bytes, size, decoder->offset, last, into);
	decoder->offset += taken;
	return start + taken;
}

struct error *text_to_utf8(const char *bytes, size_t size, struct text *ret)
{
	cleanup_decoder struct decoder decoder;
	struct error *err = decoder_init(encoding_guess(bytes, size), &decoder);
	if (err)
		return err;
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	decoder_add(&decoder, bytes, size, true, &buf);
	*ret = (struct text){ .encoding = decoder.encoding,
			      .bad = decoder.bad,
			      .first_bad = decoder.first_bad,
			      .size = buf.length };
	/* Counted in bytes of UTF-8, of which there may be more than of the original. */
	if (ret->bad && ret->first_bad >= size)
		ret->first_bad = size - 1;
	ret->utf8 = strbuf_take(&buf);
	return NULL;
}
