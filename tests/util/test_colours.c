#include "util/colours.h"

#include "tests/testing.h"

static void test_sequences_are_dropped_and_nothing_else(void **state)
{
	(void)state;
	static const struct {
		const char *text, *left;
	} rows[] = {
		{ "\x1b[31mred\x1b[0m and \x1b[01;31m\x1b[Kmore\x1b[m\x1b[K",
		  "red and more" },
		{ "\x1b[?25lx", "x" },
		{ "no colours", "no colours" },
		{ "\x1b", "\x1b" },
		{ "\x1b[", "\x1b[" },
		{ "\x1b[31", "\x1b[31" },
		{ "\x1b]0;title", "\x1b]0;title" },
		{ "\x1b\x1b[1mx", "\x1bx" },
		{ "\x1b[1111111111111111111111111111111111111111111m",
		  "\x1b[1111111111111111111111111111111111111111111m" },
		{ "", "" },
	};
	for_each_row(row, rows) {
		/* On the heap without a NUL: a read past the end is found. */
		size_t size = strlen(row->text);
		cleanup_free char *text = xmalloc(size);
		memcpy(text, row->text, size);
		size_t left = colours_drop(text, size);
		assert_int_equal(left, strlen(row->left));
		assert_memory_equal(text, row->left, left);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sequences_are_dropped_and_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
