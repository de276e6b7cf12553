#include "util/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <string.h>

#include "util/strbuf.h"

static const struct {
	const char *iconv_name;
	const char *mark;
	size_t mark_size;
	size_t unit; /* bytes to skip over what is invalid */
} encodings[] = {
	[ENCODING_UTF8] = { "UTF-8", "\xef\xbb\xbf", 3, 1 },
	[ENCODING_UTF16LE] = { "UTF-16LE", "\xff\xfe", 2, 2 },
	[ENCODING_UTF16BE] = { "UTF-16BE", "\xfe\xff", 2, 2 },
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

/* @return the bytes of a character that iconv let pass and no text may hold: NUL, and
 * what lies beyond U+10FFFF (glibc decodes it up to U+7FFFFFFF); 0 for any other. */
static size_t forbidden_length(const char *bytes, size_t size)
{
	const unsigned char *at = (const unsigned char *)bytes;
	if (at[0] == '\0')
		return 1;
	if (at[0] < 0xf4 || (at[0] == 0xf4 && size > 1 && at[1] < 0x90))
		return 0;
	size_t n = 1;
	while (n < size && (at[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static void add_decoded(struct strbuf *buf, struct text *text, const char *bytes,
			size_t size, size_t offset)
{
	size_t from = 0;
	for (size_t at = 0; at < size;) {
		size_t n = forbidden_length(bytes + at, size - at);
		if (!n) {
			at++;
			continue;
		}
		strbuf_add(buf, bytes + from, at - from);
		add_bad(buf, text, offset + at);
		from = at += n;
	}
	strbuf_add(buf, bytes + from, size - from);
}

struct error *text_to_utf8(const char *bytes, size_t size, struct text *ret)
{
	struct text text = { .encoding = encoding_guess(bytes, size) };
	iconv_t iconv_handle = iconv_open("UTF-8", encodings[text.encoding].iconv_name);
	if (iconv_handle == (iconv_t)-1)
		return error_errno("iconv from %s", encodings[text.encoding].iconv_name);
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	char *in = (char *)bytes; /* iconv's prototype lacks the const; it only reads */
	size_t left = size;
	if (has_mark(text.encoding, bytes, size)) {
		in += encodings[text.encoding].mark_size;
		left -= encodings[text.encoding].mark_size;
	}
	while (left) {
		char piece[4096], *out = piece;
		size_t room = sizeof(piece), before = (size_t)(in - bytes);
		size_t result = iconv(iconv_handle, &in, &left, &out, &room);
		int number = errno;
		add_decoded(&buf, &text, piece, (size_t)(out - piece), before);
		if (result != (size_t)-1 || number == E2BIG)
			continue;
		size_t skip = encodings[text.encoding].unit;
		if (skip > left)
			skip = left;
		add_bad(&buf, &text, (size_t)(in - bytes));
		in += skip;
		left -= skip;
		iconv(iconv_handle, NULL, NULL, NULL, NULL);
	}
	iconv_close(iconv_handle);
	text.size = buf.length;
	text.utf8 = strbuf_take(&buf);
	*ret = text;
	return NULL;
}
