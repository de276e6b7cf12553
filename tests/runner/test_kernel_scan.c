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

static void test_a_text_is_found_anywhere(void **state)
{
	(void)state;
	static const char *const words[] = { "x", "xy", "Ioctl failed",
					     "last message repeated " };
	for_each_row(word, words) {
		size_t length = strlen(*word);
		for (size_t size = 0; size < 90; size++) {
			cleanup_free char *text = xmalloc(size);
			for (size_t i = 0; i < size; i++)
				text[i] = (*word)[i % 2 ? 0 : length - 1];
			if (length > 2)
				assert_null(kernel_scan_text(text, text + size, *word,
							     length));
			for (size_t at = 0; at + length <= size; at++) {
				memset(text, '.', size);
				memcpy(text + at, *word, length);
				assert_ptr_equal(kernel_scan_text(text, text + size,
								  *word, length),
						 text + at);
				assert_null(kernel_scan_text(text + at + 1, text + size,
							     *word, length));
				assert_null(kernel_scan_text(text, text + at + length - 1,
							     *word, length));
			}
		}
	}
}

static void test_digits_are_a_number(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t digits;
		uint32_t number;
	} numbers[] = {
		{ "7.654321", 1, 7 },        { "65432100", 6, 654321 },
		{ "00000000", 8, 0 },        { "99999999", 8, 99999999 },
		{ "12345678", 8, 12345678 }, { "120 \n\x01\x02\xff", 3, 120 },
		{ "0456]\n..", 4, 456 },
	};
	for_each_row(row, numbers)
		assert_int_equal(kernel_scan_number(row->text, row->digits), row->number);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_three_letters_are_found_anywhere),
		cmocka_unit_test(test_line_feeds_are_counted),
		cmocka_unit_test(test_a_text_is_found_anywhere),
		cmocka_unit_test(test_digits_are_a_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
