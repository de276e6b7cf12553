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
#define SLICE     4096

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

static void add_bad(struct strbuf *buf, struct text *text, size_t offset)
{
	if (!text->bad++)
		text->first_bad = offset;
	strbuf_add_string(buf, "\xef\xbf\xbd");
}

/* Adds characters as they are, but for NUL: valid in every encoding, wrong in every text. */
static void add_utf8(struct strbuf *buf, struct text *text, const char *bytes,
		     size_t size, size_t offset)
{
	size_t from = 0;
	for (size_t at = 0; at < size;) {
		uint32_t c;
		if ((signed char)bytes[at] > 0) { /* ASCII, of which most texts are */
			at++;
			continue;
		}
		size_t n = utf8_decode(bytes + at, size - at, &c);
		if (c == 0 || c > 0x10ffff) {
			strbuf_add(buf, bytes + from, at - from);
			add_bad(buf, text, offset + at);
			from = at + n;
		}
		at += n;
	}
	strbuf_add(buf, bytes + from, size - from);
}

/* Lets iconv decode a slice. @return how many bytes it took */
static size_t add_slice(iconv_t iconv_handle, struct strbuf *buf, struct text *text,
			const char *bytes, size_t size, size_t offset)
{
	char piece[4096], *out = piece;
	char *in = (char *)bytes; /* iconv's prototype lacks the const; it only reads */
	size_t left = size, room = sizeof(piece);
	size_t result = iconv(iconv_handle, &in, &left, &out, &room);
	bool bad = result == (size_t)-1 && errno != E2BIG;
	size_t taken = size - left;
	add_utf8(buf, text, piece, (size_t)(out - piece), offset);
	/* The end of a slice may cut a pair of units: then more was taken before it. */
	if (!bad || (taken && left < UNIT_PAIR))
		return taken;
	add_bad(buf, text, offset + taken);
	iconv(iconv_handle, NULL, NULL, NULL, NULL);
	return taken + (left < UNIT ? left : UNIT);
}

static struct error *add_utf16(struct strbuf *buf, struct text *text, const char *bytes,
			       size_t size, size_t offset)
{
	const char *name = encodings[text->encoding].iconv_name;
	iconv_t iconv_handle = iconv_open("UTF-8", name);
	if (iconv_handle == (iconv_t)-1)
		return error_errno("iconv from %s", name);
	for (size_t at = 0; at < size;) {
		size_t slice = size - at < SLICE ? size - at : SLICE;
		at += add_slice(iconv_handle, buf, text, bytes + at, slice, offset + at);
	}
	iconv_close(iconv_handle);
	return NULL;
}

struct error *text_to_utf8(const char *bytes, size_t size, struct text *ret)
{
	struct text text = { .encoding = encoding_guess(bytes, size) };
	bool marked = has_mark(text.encoding, bytes, size);
	size_t start = marked ? encodings[text.encoding].mark_size : 0;
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	struct error *err = NULL;
	if (text.encoding == ENCODING_UTF8)
		add_utf8(&buf, &text, bytes + start, size - start, start);
	else
		err = add_utf16(&buf, &text, bytes + start, size - start, start);
	if (err)
		return err;
	/* Counted in bytes of UTF-8, of which there may be more than of the original. */
	if (text.bad && text.first_bad >= size)
		text.first_bad = size - 1;
	text.size = buf.length;
	text.utf8 = strbuf_take(&buf);
	*ret = text;
	return NULL;
}
