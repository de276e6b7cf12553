#include "util/encoding.h"

#include "tests/testing.h"
#include "util/strbuf.h"

#define REPLACED "\xef\xbf\xbd"

/* clang-format off */
#define ROW(why, bytes, encoding, text, bad, first) \
	{ why, bytes, sizeof(bytes) - 1, encoding, text, bad, first }
/* clang-format on */

static void test_text_to_utf8(void **state)
{
	(void)state;
	static const struct {
		const char *why, *bytes;
		size_t size;
		enum encoding encoding;
		const char *text;
		size_t bad, first_bad;
	} rows[] = {
		ROW("empty", "", ENCODING_UTF8, "", 0, 0),
		ROW("plain", "abc\n", ENCODING_UTF8, "abc\n", 0, 0),
		ROW("UTF-8 mark",
		    "\xef\xbb\xbf"
		    "a",
		    ENCODING_UTF8, "a", 0, 0),
		ROW("only a mark", "\xff\xfe", ENCODING_UTF16LE, "", 0, 0),
		ROW("UTF-16LE, mark",
		    "\xff\xfe"
		    "a\0\xe4\0",
		    ENCODING_UTF16LE, "aä", 0, 0),
		ROW("UTF-16LE, no mark", "1\0.\0\n\0", ENCODING_UTF16LE, "1.\n", 0, 0),
		ROW("UTF-16BE, mark", "\xfe\xff\0a", ENCODING_UTF16BE, "a", 0, 0),
		ROW("UTF-16BE, no mark", "\0a\0b", ENCODING_UTF16BE, "ab", 0, 0),
		/* "内核版本: 6" has two ASCII characters of seven and no NUL before them */
		ROW("UTF-16LE, Chinese", "\x85\x51\x38\x68\x48\x72\x2c\x67:\0 \0006\0",
		    ENCODING_UTF16LE, "内核版本: 6", 0, 0),
		ROW("surrogate pair", "\xff\xfe\x3d\xd8\x00\xde", ENCODING_UTF16LE,
		    "\xf0\x9f\x98\x80", 0, 0),
		ROW("lone surrogate",
		    "\xff\xfe"
		    "a\0\x3d\xd8"
		    "b\0",
		    ENCODING_UTF16LE, "a" REPLACED "b", 1, 4),
		ROW("half a unit",
		    "\xff\xfe"
		    "a\0b",
		    ENCODING_UTF16LE, "a" REPLACED, 1, 4),
		ROW("invalid byte",
		    "a\xff"
		    "b",
		    ENCODING_UTF8, "a" REPLACED "b", 1, 1),
		ROW("cut character", "a\xc3", ENCODING_UTF8, "a" REPLACED, 1, 1),
		ROW("overlong", "\xc0\xaf", ENCODING_UTF8, REPLACED REPLACED, 2, 0),
		ROW("surrogate in UTF-8", "\xed\xa0\x80", ENCODING_UTF8,
		    REPLACED REPLACED REPLACED, 3, 0),
		ROW("beyond Unicode", "\xf4\x90\x80\x80", ENCODING_UTF8,
		    REPLACED REPLACED REPLACED REPLACED, 4, 0),
		ROW("a stray NUL in a long line",
		    "a line of a log, well over thirty-two bytes, with one\0in it",
		    ENCODING_UTF8,
		    "a line of a log, well over thirty-two bytes, with one" REPLACED
		    "in it",
		    1, 53),
	};
	for_each_row(row, rows) {
		struct text text;
		assert_ok(text_to_utf8(row->bytes, row->size, &text));
		cleanup_free char *owned = text.utf8;
		if (text.encoding != row->encoding || strcmp(text.utf8, row->text) != 0 ||
		    text.bad != row->bad || text.first_bad != row->first_bad)
			fail_msg("%s: encoding %d, '%s', %zu bad from %zu", row->why,
				 text.encoding, text.utf8, text.bad, text.first_bad);
		assert_int_equal(text.size, strlen(row->text));
	}
}

/* Slices meet in the middle of a pair of units. */
static void test_long_utf16(void **state)
{
	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		size_t n = 20000, size = 2 + 2 * shift + 4 * n;
		cleanup_free char *bytes = xmalloc(size);
		memcpy(bytes, "\xff\xfe", 2);
		for (size_t i = 0; i < shift; i++)
			memcpy(bytes + 2 + 2 * i, "x\0", 2);
		for (size_t i = 0; i < n; i++)
			memcpy(bytes + 2 + 2 * shift + 4 * i, "\x3d\xd8\x00\xde", 4);
		struct text text;
		assert_ok(text_to_utf8(bytes, size, &text));
		cleanup_free char *owned = text.utf8;
		assert_int_equal(text.bad, 0);
		assert_int_equal(text.size, shift + 4 * n);
		assert_string_equal(text.utf8 + text.size - 4, "\xf0\x9f\x98\x80");
	}
}

/* Pieces meet at any byte of a character. */
static void test_long_text(void **state)
{
	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		size_t n = 20000, size = shift + 3 * n;
		cleanup_free char *bytes = xmalloc(size + 1);
		memset(bytes, 'x', shift);
		for (size_t i = 0; i < n; i++)
			memcpy(bytes + shift + 3 * i, "版", 3);
		bytes[size] = '\0';
		struct text text;
		assert_ok(text_to_utf8(bytes, size, &text));
		cleanup_free char *owned = text.utf8;
		assert_int_equal(text.bad, 0);
		assert_int_equal(text.size, size);
		assert_string_equal(text.utf8, bytes);
	}
}

/* Decodes a text in pieces of `piece` bytes, of which what is left comes again. */
static char *decode_pieces(const char *bytes, size_t size, size_t piece)
{
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	cleanup_decoder struct decoder decoder;
	assert_ok(decoder_init(encoding_guess(bytes, size), &decoder));
	size_t at = 0;
	for (size_t end = 0; end < size;) {
		end = size - end < piece ? size : end + piece;
		at += decoder_add(&decoder, bytes + at, end - at, end == size, &text);
		assert_true(end - at < DECODER_REST_MAX);
	}
	assert_int_equal(at, size);
	assert_int_equal(decoder.offset, size);
	return strbuf_take(&text);
}

static void test_pieces_decode_like_the_whole(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"\xef\xbb\xbfversion \xe7\x89\x88 \xf0\x9f\x98",
		"\xff\xfev\0e\0\x3d\xd8\x00\xde\x3d\xd8x\0",
		"\xfe\xff\0v\0e\xd8\x3d\xde\x00\0\n"
	};
	static const size_t sizes[] = { 18, 14, 12 };
	static const size_t pieces[] = { 1, 3, 4095, 4096, 4097, 5000, 65536 };
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		size_t size = sizes[i] * 3000;
		cleanup_free char *bytes = xmalloc(size);
		for (size_t n = 0; n < 3000; n++)
			memcpy(bytes + n * sizes[i], texts[i], sizes[i]);
		struct text whole;
		assert_ok(text_to_utf8(bytes, size, &whole));
		cleanup_free char *owned = whole.utf8;
		for_each_row(piece, pieces) {
			cleanup_free char *text = decode_pieces(bytes, size, *piece);
			assert_string_equal(text, whole.utf8);
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_to_utf8),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_long_utf16),
		cmocka_unit_test(test_pieces_decode_like_the_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
