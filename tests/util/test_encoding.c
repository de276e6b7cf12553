#include "util/encoding.h"

#include "tests/testing.h"

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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_to_utf8),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_long_utf16),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
