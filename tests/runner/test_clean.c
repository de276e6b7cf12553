#include "tests/testing.h"

#include "runner/clean.h"

static void test_text_becomes_valid_and_calm(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t limit;
		const char *text;
	} rows[] = {
		{ "plain", 100, "plain" },
		{ "  padded \t ", 100, "padded" },
		{ "a\033[31mred\r\nb", 100, "a [31mred b" },
		{ "caf\xc3\xa9", 100, "caf\xc3\xa9" },
		{ "caf\xc3\xa9", 4, "caf" },
		{ "bad \xff\xc3", 100, "bad \xef\xbf\xbd\xef\xbf\xbd" },
		{ "over\xc0\xaf", 100, "over\xef\xbf\xbd\xef\xbf\xbd" },
		{ "half \xed\xa0\x80", 100, "half \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "c1 \xc2\x9b"
		  "2J",
		  100, "c1 2J" },
		{ "turn \xe2\x80\xae"
		  "end",
		  100, "turn end" },
		{ "", 100, NULL },
		{ " \n\t", 100, NULL },
	};
	struct arena arena = { 0 };
	for_each_row(row, rows) {
		char *text =
			clean_text(&arena, row->bytes, strlen(row->bytes), row->limit);
		if (row->text)
			assert_string_equal(text, row->text);
		else
			assert_null(text);
	}
	arena_deinit(&arena);
}

static void test_last_line_is_the_last_that_says_something(void **state)
{
	(void)state;
	static const struct {
		const char *bytes, *text;
	} rows[] = {
		{ "one\ntwo\n", "two" }, { "one\ntwo", "two" }, { "one\n\n \n", "one" },
		{ "\n\n", NULL },        { "", NULL },
	};
	struct arena arena = { 0 };
	for_each_row(row, rows) {
		char *text = clean_last_line(&arena, row->bytes, strlen(row->bytes), 100);
		if (row->text)
			assert_string_equal(text, row->text);
		else
			assert_null(text);
	}
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_becomes_valid_and_calm),
		cmocka_unit_test(test_last_line_is_the_last_that_says_something),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
