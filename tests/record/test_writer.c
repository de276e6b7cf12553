#include "record/writer.h"

#include "record/record.h"
#include "tests/testing.h"

/* @return the object as canonical text, the caller's; ends the object. */
static char *text_of(json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(object);
	return text;
}

static void test_what_is_unknown_is_left_out(void **state)
{
	(void)state;
	json_t *object = json_object();
	write_string(object, "null", NULL);
	write_string(object, "empty", "");
	write_integer(object, "negative", -1);
	write_filled(object, "no_members", json_object());
	write_filled(object, "no_items", json_array());
	cleanup_free char *text = text_of(object);
	assert_string_equal(text, "{}");
}

static void test_what_is_known_is_written(void **state)
{
	(void)state;
	json_t *object = json_object();
	write_string(object, "string", "a");
	write_integer(object, "zero", 0);
	write_filled(object, "filled", json_pack("[i]", 1));
	write_string(object, "again", "old");
	write_string(object, "again", "new");
	cleanup_free char *text = text_of(object);
	assert_string_equal(
		text, "{\"again\":\"new\",\"filled\":[1],\"string\":\"a\",\"zero\":0}");
}

static void test_text_from_outside_is_one_a_reader_takes(void **state)
{
	(void)state;
	const size_t size = RECORD_STRING_MAX + 3;
	cleanup_free char *large = xcalloc(size + 1, 1);
	memset(large, 'x', size);
	/* A character that the cut would halve goes as a whole. */
	memcpy(large + RECORD_STRING_MAX - 1, "\xc3\xa9", 2);
	const char *const items[] = { "\xff", "", large };
	const struct strings strings = { (const char **)items, ARRAY_SIZE(items) };
	json_t *array = writer_strings(&strings);
	assert_int_equal(json_array_size(array), 2);
	assert_string_equal(json_string_value(json_array_get(array, 0)), "\xef\xbf\xbd");
	const char *cut = json_string_value(json_array_get(array, 1));
	assert_int_equal(strlen(cut), RECORD_STRING_MAX - 1);
	json_decref(array);
}

static void test_a_line_is_one_object(void **state)
{
	(void)state;
	char text[64] = "";
	FILE *file = fmemopen(text, sizeof(text), "w");
	assert_non_null(file);
	write_line(file, json_pack("{s:i, s:[]}", "b", 1, "a"));
	fclose(file);
	assert_string_equal(text, "{\"b\":1,\"a\":[]}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_unknown_is_left_out),
		cmocka_unit_test(test_what_is_known_is_written),
		cmocka_unit_test(test_text_from_outside_is_one_a_reader_takes),
		cmocka_unit_test(test_a_line_is_one_object),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
