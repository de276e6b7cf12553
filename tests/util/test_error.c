#include "util/error.h"

#include <errno.h>

#include "tests/testing.h"

static void test_messages_are_one_line_of_valid_text(void **state)
{
	(void)state;
	static const struct {
		const char *why, *text, *expected;
	} rows[] = {
		{ "plain", "no such file", "no such file" },
		{ "more than ASCII", "Größe 内核 \xf0\x9f\x98\x80",
		  "Größe 内核 \xf0\x9f\x98\x80" },
		{ "newline", "a\nb\r", "a?b?" },
		{ "escape sequence", "\x1b[31mred", "?[31mred" },
		{ "delete", "a\x7f", "a?" },
		{ "C1 in UTF-8",
		  "a\xc2\x9b"
		  "b",
		  "a?b" },
		{ "C1 as a byte",
		  "a\x9b"
		  "b",
		  "a?b" },
		{ "no-break space stays",
		  "a\xc2\xa0"
		  "b",
		  "a\xc2\xa0"
		  "b" },
		{ "right-to-left override",
		  "a\xe2\x80\xae"
		  "b",
		  "a?b" },
		{ "isolate",
		  "a\xe2\x81\xa6"
		  "b",
		  "a?b" },
		{ "line separator",
		  "a\xe2\x80\xa8"
		  "b",
		  "a?b" },
		{ "cut character", "a\xe5\x86", "a?" },
		{ "overlong", "\xc0\xaf", "??" },
		{ "surrogate", "\xed\xa0\x80", "???" },
		{ "a lead without its rest",
		  "\xf0\x9f"
		  "b",
		  "?b" },
	};
	for_each_row(row, rows) {
		cleanup_error struct error *err = error_create("%s", row->text);
		if (strcmp(err->message, row->expected))
			fail_msg("%s: '%s'", row->why, err->message);
		cleanup_error struct error *wrapped =
			error_wrap(error_create("x"), "%s", row->text);
		cleanup_free char *expected = xasprintf("%s: x", row->expected);
		if (strcmp(wrapped->message, expected))
			fail_msg("%s, wrapped: '%s'", row->why, wrapped->message);
	}
}

static void test_wrap_puts_its_words_before(void **state)
{
	(void)state;
	cleanup_error struct error *err =
		error_wrap(error_wrap(error_create("third"), "second %d", 2), "first");
	assert_string_equal(err->message, "first: second 2: third");
	assert_false(err->usage);
}

static void test_wrapping_success_is_success(void **state)
{
	(void)state;
	assert_null(error_wrap(NULL, "never %s", "seen"));
}

static void test_errno_is_that_of_the_call(void **state)
{
	(void)state;
	errno = ENOENT;
	/* Formatting may change errno; the message must not follow. */
	cleanup_error struct error *err = error_errno("file '%s'", "a");
	assert_string_equal(err->message, "file 'a': No such file or directory");
}

static void test_usage_survives_wrapping(void **state)
{
	(void)state;
	cleanup_error struct error *err = error_wrap(error_usage("no file"), "ingest");
	assert_true(err->usage);
	assert_string_equal(err->message, "ingest: no file");
}

static void test_destroying_nothing_is_allowed(void **state)
{
	(void)state;
	error_destroy(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages_are_one_line_of_valid_text),
		cmocka_unit_test(test_wrap_puts_its_words_before),
		cmocka_unit_test(test_wrapping_success_is_success),
		cmocka_unit_test(test_errno_is_that_of_the_call),
		cmocka_unit_test(test_usage_survives_wrapping),
		cmocka_unit_test(test_destroying_nothing_is_allowed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
