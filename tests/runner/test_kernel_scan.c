#include "runner/kernel_scan.h"

#include "tests/testing.h"

/* At every distance from the start and from the end of what is read sixteen bytes at a
 * time; on the heap, so that a read beyond is found. */
static void test_the_three_letters_are_found_anywhere(void **state)
{
	(void)state;
	for (size_t size = 0; size < 200; size++) {
		cleanup_free char *text = xmalloc(size);
		memset(text, 'd', size);
		assert_null(kernel_scan_dxg(text, text + size));
		for (size_t at = 0; at + 3 <= size; at++) {
			memset(text, 'x', size);
			memcpy(text + at, "dxg", 3);
			assert_ptr_equal(kernel_scan_dxg(text, text + size), text + at);
			assert_null(kernel_scan_dxg(text + at + 1, text + size));
			assert_null(kernel_scan_dxg(text, text + at + 2));
		}
	}
}

static void test_line_feeds_are_counted(void **state)
{
	(void)state;
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 4079, 4080, 4081, 9000 };
	for_each_row(size, sizes) {
		cleanup_free char *text = xmalloc(*size);
		memset(text, '\n', *size);
		assert_int_equal(kernel_scan_feeds(text, text + *size), *size);
		size_t expected = *size;
		for (size_t i = 0; i < *size; i += 3, expected--)
			text[i] = ' ';
		assert_int_equal(kernel_scan_feeds(text, text + *size), expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_three_letters_are_found_anywhere),
		cmocka_unit_test(test_line_feeds_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
