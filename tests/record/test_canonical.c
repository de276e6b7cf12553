#include "record/canonical.h"

#include "tests/testing.h"

static char *canonical(const char *text, const char *const *without)
{
	json_error_t error;
	json_t *value = json_loads(text, JSON_DECODE_ANY, &error);
	if (!value)
		fail_msg("%s: %s", text, error.text);
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	canonical_add(&buf, value, without);
	json_decref(value);
	return strbuf_take(&buf);
}

static void test_canonical_form(void **state)
{
	(void)state;
	static const struct {
		const char *why, *text, *expected;
	} rows[] = {
		{ "empty", "{}", "{}" },
		{ "no white space", " { \"a\" : [ 1 , 2 ] } \n", "{\"a\":[1,2]}" },
		{ "literals", "[null,true,false]", "[null,true,false]" },
		{ "integers", "[0,-0,-1,9007199254740991,-9007199254740991]",
		  "[0,0,-1,9007199254740991,-9007199254740991]" },
		{ "arrays keep their order", "[3,1,2]", "[3,1,2]" },
		{ "members sorted, at every depth",
		  "{\"b\":{\"d\":1,\"c\":2},\"a\":[{\"f\":1,\"e\":2}]}",
		  "{\"a\":[{\"e\":2,\"f\":1}],\"b\":{\"c\":2,\"d\":1}}" },
		{ "a name before its longer ones", "{\"ab\":1,\"a\":2,\"\":3,\"abc\":4}",
		  "{\"\":3,\"a\":2,\"ab\":1,\"abc\":4}" },
		{ "upper case before lower, digits before both",
		  "{\"a\":1,\"A\":2,\"1\":3,\"10\":4,\"2\":5}",
		  "{\"1\":3,\"10\":4,\"2\":5,\"A\":2,\"a\":1}" },
		/* RFC 8785 §3.2.3, its own example */
		{ "by UTF-16 code units",
		  "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\","
		  "\"\\ufb33\":\"Hebrew Letter Dalet With Dagesh\",\"1\":\"One\","
		  "\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
		  "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
		  "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
		  "\"ö\":\"Latin Small Letter O With Diaeresis\","
		  "\"€\":\"Euro Sign\",\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\","
		  "\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}" },
		{ "surrogates stand before U+E000 and after U+D7FF",
		  "{\"\\ue000\":1,\"\\ud800\\udc00\":2,\"\\udbff\\udfff\":3,\"\\ud7ff\":"
		  "4,"
		  "\"\\uffff\":5}",
		  "{\"\xed\x9f\xbf\":4,\"\xf0\x90\x80\x80\":2,\"\xf4\x8f\xbf\xbf\":3,"
		  "\"\xee\x80\x80\":1,\"\xef\xbf\xbf\":5}" },
		{ "also after a common start",
		  "{\"x\\uffee\":1,\"x\\ud83d\\ude00\":2,\"x\":3}",
		  "{\"x\":3,\"x\xf0\x9f\x98\x80\":2,\"x\xef\xbf\xae\":1}" },
		/* RFC 8785 §3.2.2.2, its own example */
		{ "strings",
		  "\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"",
		  "\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"" },
		{ "short escapes", "\"\\u0008\\u0009\\u000a\\u000c\\u000d\"",
		  "\"\\b\\t\\n\\f\\r\"" },
		{ "other controls in lower-case digits", "\"\\u0001\\u001F\\u000B\"",
		  "\"\\u0001\\u001f\\u000b\"" },
		{ "all else as it is", "\"\\u007f\\u0080\\u2028<>&bnftr/\"",
		  "\"\x7f\xc2\x80\xe2\x80\xa8<>&bnftr/\"" },
		{ "names are escaped too", "{\"a\\\"\\n\":1}", "{\"a\\\"\\n\":1}" },
	};
	for_each_row(row, rows) {
		cleanup_free char *got = canonical(row->text, NULL);
		if (strcmp(got, row->expected))
			fail_msg("%s: %s", row->why, got);
		/* it is its own canonical form */
		cleanup_free char *again = canonical(got, NULL);
		assert_string_equal(again, got);
	}
}

static void test_members_left_out(void **state)
{
	(void)state;
	static const char *const without[] = { "id", "sig", NULL };
	cleanup_free char *got = canonical(
		"{\"sig\":1,\"a\":{\"id\":2,\"sig\":3},\"id\":4,\"identity\":5}",
		without);
	assert_string_equal(got, "{\"a\":{\"id\":2,\"sig\":3},\"identity\":5}");
	static const char *const all[] = { "a", NULL };
	cleanup_free char *none = canonical("{\"a\":1}", all);
	assert_string_equal(none, "{}");
}

static void test_pointer_names_are_escaped(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf pointer;
	strbuf_init(&pointer);
	static const char *const names[] = { "a/b", "m~n", "", "~1" };
	for_each_row(name, names)
		pointer_add(&pointer, *name);
	assert_string_equal(pointer.string, "/a~1b/m~0n//~01");
}

/* RFC 6901 §5, and what leads nowhere. */
static void test_pointer_get(void **state)
{
	(void)state;
	static const struct {
		const char *pointer, *value; /* NULL: nowhere */
	} rows[] = {
		{ "/foo/0", "\"bar\"" },
		{ "/foo/1", "\"baz\"" },
		{ "/", "0" },
		{ "/a~1b", "1" },
		{ "/c%d", "2" },
		{ "/e^f", "3" },
		{ "/ ", "7" },
		{ "/m~0n", "8" },
		{ "/~01", "9" },
		{ "/deep/a/b", "null" },
		{ "/foo/2", NULL },
		{ "/foo/-", NULL },
		{ "/foo/01", NULL },
		{ "/foo/", NULL },
		{ "/foo/0x", NULL },
		{ "/foo/99999999999999999999", NULL },
		{ "/foo/0/x", NULL },
		{ "/absent", NULL },
		{ "/deep/a/b/c", NULL },
		{ "/~1", NULL },
		{ "foo", NULL },
	};
	json_t *root = json_loads("{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,"
				  "\"c%d\":2,\"e^f\":3,\" \":7,\"m~n\":8,\"~1\":9,"
				  "\"deep\":{\"a\":{\"b\":null}}}",
				  0, NULL);
	assert_ptr_equal(pointer_get(root, ""), root);
	for_each_row(row, rows) {
		const json_t *value = pointer_get(root, row->pointer);
		cleanup_free char *text =
			value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
		if (!text != !row->value || (text && strcmp(text, row->value)))
			fail_msg("%s: %s", row->pointer, text ? text : "nowhere");
	}
	json_decref(root);
}

/* The place is marked with ^ in a text that need not be JSON behind it. */
static void test_pointer_at(void **state)
{
	(void)state;
	static const struct {
		const char *text, *pointer;
	} rows[] = {
		{ "^", "" },
		{ "{^", "" },
		{ "{\"a\":^", "/a" },
		{ "{\"a^", "/a" },
		{ "{\"a\":1,^", "" },
		{ "{\"a\":1,\"b\":^", "/b" },
		{ "{\"a\":{\"b\":[1,2,^", "/a/b/2" },
		{ "[^", "/0" },
		{ "[[],[^", "/1/0" },
		{ "[{\"a\":1},{\"b\":^", "/1/b" },
		{ "[1]^", "" },
		{ "{\"a\":[]}^", "" },
		{ "{\"a\":[],^", "" },
		{ "{\"a/b\":{\"~\":^", "/a~1b/~0" },
		{ "{\"a\":\"],}\\\"{[,\",\"b\":^", "/b" }, /* in a string they are text */
		{ "{\"a\":\"\\\\\",\"b\":^", "/b" },
		{ "{\"\\u0061\\n\":^", "/a\n" }, /* the name as a reader knows it */
		{ "]]]^", "" },
		{ "}{\"a\":^", "" },
		{ "\"text^", "" },
	};
	for_each_row(row, rows) {
		cleanup_strbuf struct strbuf pointer;
		strbuf_init(&pointer);
		pointer_at(row->text, strcspn(row->text, "^"), &pointer);
		if (strcmp(pointer.string, row->pointer))
			fail_msg("%s: %s", row->text, pointer.string);
	}
}

static void test_pointer_at_any_depth(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf text, pointer;
	strbuf_init(&text);
	strbuf_init(&pointer);
	strbuf_add_repeated(&text, '[', 100000);
	pointer_at(text.string, text.length, &pointer);
	assert_memory_equal(pointer.string, "/0/0/0", 6);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonical_form),
		cmocka_unit_test(test_members_left_out),
		cmocka_unit_test(test_pointer_names_are_escaped),
		cmocka_unit_test(test_pointer_get),
		cmocka_unit_test(test_pointer_at),
		cmocka_unit_test(test_pointer_at_any_depth),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
