#include "diagnosis/thread.h"

#include "tests/testing.h"

static void test_thread_url(void **state)
{
	static const struct {
		const char *text, *url;
	} rows[] = {
		{ "microsoft/WSL#40715",
		  "https://github.com/microsoft/WSL/issues/40715" },
		{ "staralt/dxgkrnl-dkms#12",
		  "https://github.com/staralt/dxgkrnl-dkms/issues/12" },
		{ "https://example.org/x", "https://example.org/x" },
		{ "microsoft/WSL", NULL },
		{ "microsoft/WSL#", NULL },
		{ "microsoft/WSL#1x", NULL },
		{ "a/b/c#1", NULL },
		{ "/b#1", NULL },
		{ "a/#1", NULL },
		{ "javascript:alert(1)//a/b#1", NULL },
		{ "", NULL },
	};
	(void)state;
	for_each_row(row, rows) {
		cleanup_free char *url = thread_url(row->text);
		if (row->url)
			assert_string_equal(url, row->url);
		else
			assert_null(url);
	}
}

static void test_thread_short(void **state)
{
	static const struct {
		const char *url, *text;
	} rows[] = {
		{ "https://github.com/ollama/ollama/issues/14854",
		  "ollama/ollama#14854" },
		{ "https://github.com/a/b/pull/7/files?x#y", "a/b#7" },
		{ "https://www.github.com/a/b/discussions/9", "a/b#9" },
		{ "https://github.com/a/b/issues/new", "github.com/a/b/issues/new" },
		{ "https://github.com/a/b/blob/main/c/d.c", "a/b:c/d.c" },
		{ "https://github.com/a/b/blob/main", "github.com/a/b/blob/main" },
		{ "https://example.org/", "example.org" },
		{ "https://www.example.org/a/b", "example.org/a/b" },
		{ "https://example.org/0123456789012345678901234567890123456789",
		  "example.org/012345678901234567890123456789012345\xE2\x80\xA6" },
		{ "", "" },
	};
	(void)state;
	for_each_row(row, rows) {
		cleanup_free char *text = thread_short(row->url);
		assert_string_equal(text, row->text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_thread_url),
		cmocka_unit_test(test_thread_short),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
