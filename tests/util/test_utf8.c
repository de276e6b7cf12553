#include "util/utf8.h"

#include "tests/testing.h"

#define NONE     UINT32_MAX
#define REPLACED "\xef\xbf\xbd"

static void test_decode(void **state)
{
	(void)state;
	static const struct {
		const char *why, *text;
		size_t size, length;
		uint32_t c;
	} rows[] = {
		{ "NUL", "", 1, 1, 0 },
		{ "ASCII", "a", 1, 1, 'a' },
		{ "least of two bytes", "\xc2\x80", 2, 2, 0x80 },
		{ "two bytes", "\xc3\xa4", 2, 2, 0xe4 },
		{ "least of three bytes", "\xe0\xa0\x80", 3, 3, 0x800 },
		{ "before the surrogates", "\xed\x9f\xbf", 3, 3, 0xd7ff },
		{ "after the surrogates", "\xee\x80\x80", 3, 3, 0xe000 },
		{ "last of three bytes", "\xef\xbf\xbf", 3, 3, 0xffff },
		{ "least of four bytes", "\xf0\x90\x80\x80", 4, 4, 0x10000 },
		{ "last", "\xf4\x8f\xbf\xbf", 4, 4, 0x10ffff },
		{ "lone continuation", "\x80", 1, 1, NONE },
		{ "overlong slash", "\xc0\xaf", 2, 1, NONE },
		{ "overlong in three", "\xe0\x80\xaf", 3, 1, NONE },
		{ "overlong in four", "\xf0\x80\x80\xaf", 4, 1, NONE },
		{ "surrogate", "\xed\xa0\x80", 3, 1, NONE },
		{ "beyond Unicode", "\xf4\x90\x80\x80", 4, 1, NONE },
		{ "never a lead", "\xff", 1, 1, NONE },
		{ "ends after the lead", "\xe5", 1, 1, NONE },
		{ "ends after two of three", "\xe5\x86", 2, 2, NONE },
		{ "size ends it, not the bytes", "\xe5\x86\x85", 2, 2, NONE },
		{ "broken after two of four", "\xf0\x9fx", 3, 2, NONE },
	};
	for_each_row(row, rows) {
		uint32_t c;
		size_t length = utf8_decode(row->text, row->size, &c);
		if (length != row->length || c != row->c)
			fail_msg("%s: %zu bytes, U+%04X", row->why, length, c);
	}
}

static void test_cut_stands_between_two_characters(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t most, length;
	} rows[] = {
		{ "", 0, 0 },
		{ "", 5, 0 },
		{ "abc", 0, 0 },
		{ "abc", 2, 2 },
		{ "abc", 3, 3 },
		{ "abc", 9, 3 },
		{ "a\xc3\xa4", 1, 1 },
		{ "a\xc3\xa4", 2, 1 },
		{ "a\xc3\xa4", 3, 3 },
		{ "\xe5\x86\x85", 1, 0 },
		{ "\xe5\x86\x85", 2, 0 },
		{ "\xe5\x86\x85", 3, 3 },
		{ "a\xf0\x9f\x98\x80", 4, 1 },
		{ "a\xf0\x9f\x98\x80", 5, 5 },
		/* no UTF-8: cut anywhere, never beyond */
		{ "\x80\x80\x80\x80\x80\x80", 5, 5 },
	};
	for_each_row(row, rows)
		assert_int_equal(utf8_cut(row->text, row->most), row->length);
}

static void test_clean_replaces_what_is_no_character(void **state)
{
	(void)state;
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ "", "" },
		{ "内核", "内核" },
		{ "a\xff\xfe"
		  "b",
		  "a" REPLACED REPLACED "b" },
		{ "a\xe5\x86", "a" REPLACED },
		{ "\xef\xbb\xbf"
		  "a",
		  "\xef\xbb\xbf"
		  "a" }, /* a character like any other */
	};
	for_each_row(row, rows) {
		cleanup_free char *clean = utf8_clean(row->text, strlen(row->text));
		assert_string_equal(clean, row->expected);
	}
}

static void test_what_a_terminal_would_obey(void **state)
{
	(void)state;
	static const struct {
		uint32_t c;
		bool is_control;
	} rows[] = {
		{ 0, true },        { '\n', true },    { 0x1b, true },
		{ ' ', false },     { '~', false },    { 0x7f, true },
		{ 0x9b, true },     { 0xa0, false },   { 0x61b, false },
		{ 0x61c, true },    { 0x200d, false }, { 0x200e, true },
		{ 0x2027, false },  { 0x2028, true },  { 0x202e, true },
		{ 0x202f, false },  { 0x2065, false }, { 0x2066, true },
		{ 0x2069, true },   { 0x206a, false }, { 0x5185, false },
		{ 0x1f600, false },
	};
	for_each_row(row, rows)
		if (utf8_is_control(row->c) != row->is_control)
			fail_msg("U+%04X", row->c);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_cut_stands_between_two_characters),
		cmocka_unit_test(test_clean_replaces_what_is_no_character),
		cmocka_unit_test(test_what_a_terminal_would_obey),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
