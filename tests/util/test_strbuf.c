#include "util/strbuf.h"

#include "tests/testing.h"

static void test_an_empty_one_is_a_string(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	assert_string_equal(buf.string, "");
	assert_int_equal(buf.length, 0);
}

static void test_what_is_added_stands_in_order(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	strbuf_add_string(&buf, "ab");
	strbuf_add_char(&buf, 'c');
	strbuf_add_repeated(&buf, '-', 3);
	strbuf_printf(&buf, "%s%d", "x", 7);
	strbuf_add(&buf, "yz!", 2);
	strbuf_add(&buf, NULL, 0);
	strbuf_add_repeated(&buf, '-', 0);
	strbuf_printf(&buf, "%s", "");
	assert_string_equal(buf.string, "abc---x7yz");
	assert_int_equal(buf.length, 10);
}

static void test_it_holds_any_byte(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	strbuf_add(&buf, "a\0b", 3);
	strbuf_add_char(&buf, '\0');
	assert_int_equal(buf.length, 4);
	assert_memory_equal(buf.string, "a\0b\0", 5);
}

/* Every length around the sizes at which it grows, by every way of adding. */
static void test_it_ends_with_NUL_at_every_length(void **state)
{
	(void)state;
	for (size_t n = 0; n < 300; n++) {
		cleanup_strbuf struct strbuf one, many, printed;
		strbuf_init(&one);
		strbuf_init(&many);
		strbuf_init(&printed);
		for (size_t i = 0; i < n; i++)
			strbuf_add_char(&one, 'x');
		strbuf_add_repeated(&many, 'x', n);
		strbuf_printf(&printed, "%s", one.string);
		assert_int_equal(strlen(one.string), n);
		assert_string_equal(one.string, many.string);
		assert_string_equal(one.string, printed.string);
	}
}

static void test_truncate(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	strbuf_add_string(&buf, "abcdef");
	strbuf_truncate(&buf, 6);
	assert_string_equal(buf.string, "abcdef");
	strbuf_truncate(&buf, 2);
	assert_string_equal(buf.string, "ab");
	strbuf_add_char(&buf, 'z');
	assert_string_equal(buf.string, "abz");
	strbuf_truncate(&buf, 0);
	assert_string_equal(buf.string, "");
}

static void test_take_leaves_it_empty_and_usable(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	strbuf_add_string(&buf, "first");
	cleanup_free char *first = strbuf_take(&buf);
	assert_string_equal(buf.string, "");
	strbuf_add_string(&buf, "second");
	assert_string_equal(first, "first");
	assert_string_equal(buf.string, "second");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_empty_one_is_a_string),
		cmocka_unit_test(test_what_is_added_stands_in_order),
		cmocka_unit_test(test_it_holds_any_byte),
		cmocka_unit_test(test_it_ends_with_NUL_at_every_length),
		cmocka_unit_test(test_truncate),
		cmocka_unit_test(test_take_leaves_it_empty_and_usable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
