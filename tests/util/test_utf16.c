#include "tests/testing.h"

#include "util/utf16.h"

struct row {
	const char *what;
	const char *bytes;
	size_t size;
	const char *text; /* NULL: refused */
};

#define ROW(what, bytes, text)                                                           \
	{                                                                                \
		what, bytes, sizeof(bytes) - 1, text                                     \
	}

static const struct row rows[] = {
	ROW("nothing", "", ""),
	ROW("ends at NUL", "a\0b\0\0\0c\0", "ab"),
	ROW("what follows NUL is not looked at", "a\0\0\0\0\xd8", "a"),
	ROW("ends without NUL", "a\0b\0", "ab"),
	ROW("two bytes", "\xe9\0", "\xc3\xa9"),
	ROW("three bytes", "\xac\x20", "\xe2\x82\xac"),
	ROW("a pair", "\x3d\xd8\x00\xde", "\xf0\x9f\x98\x80"),
	ROW("the last character", "\xff\xdb\xff\xdf", "\xf4\x8f\xbf\xbf"),
	ROW("beside the surrogates", "\xff\xd7\x00\xe0", "\xed\x9f\xbf\xee\x80\x80"),
	ROW("a high half at the end", "a\0\x3d\xd8", NULL),
	ROW("a high half before a letter",
	    "\x3d\xd8"
	    "a\0",
	    NULL),
	ROW("a high half before NUL", "\x3d\xd8\0\0", NULL),
	ROW("a low half alone",
	    "\x00\xde"
	    "a\0",
	    NULL),
	ROW("two high halves", "\x3d\xd8\x3d\xd8", NULL),
	ROW("a byte left over", "a\0b", NULL),
};

static void test_utf16_decodes_or_refuses(void **state)
{
	(void)state;
	for_each_row(row, rows)
	{
		/* An exact copy, so that the sanitizer sees a step beyond the end. */
		cleanup_free void *bytes = xmalloc(row->size);
		memcpy(bytes, row->bytes, row->size);
		cleanup_free char *text = utf16le_decode(bytes, row->size);
		if (!row->text != !text || (text && strcmp(row->text, text)))
			fail_msg("%s: '%s', expected '%s'", row->what,
				 text ? text : "(refused)",
				 row->text ? row->text : "(refused)");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(
		test_utf16_decodes_or_refuses) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
