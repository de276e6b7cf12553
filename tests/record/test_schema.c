/* The words of the published schema are those of the tables. */
#include <jansson.h>

#include "embed/record_record_file.h"
#include "record/canonical.h"
#include "record/record.h"
#include "tests/testing.h"
#include "util/file.h"

static json_t *schema;

static int read_schema(void **state)
{
	(void)state;
	schema = json_loadb(record_file_schema_json.bytes, record_file_schema_json.size,
			    JSON_REJECT_DUPLICATES, NULL);
	return schema ? 0 : -1;
}

static int drop_schema(void **state)
{
	(void)state;
	json_decref(schema);
	return 0;
}

/* An enumeration of the schema is the table's words, in its order, then perhaps null. */
static void check_words(const char *pointer, const char *const *words, size_t n)
{
	const json_t *enumeration = pointer_get(schema, pointer);
	if (!json_is_array(enumeration))
		fail_msg("%s: no enumeration", pointer);
	size_t count = json_array_size(enumeration);
	if (count && json_is_null(json_array_get(enumeration, count - 1)))
		count--;
	if (count != n)
		fail_msg("%s: %zu words, the table has %zu", pointer, count, n);
	for (size_t i = 0; i < n; i++) {
		const char *word = json_string_value(json_array_get(enumeration, i));
		if (!word || strcmp(word, words[i]))
			fail_msg("%s: '%s', the table has '%s'", pointer,
				 word ? word : "null", words[i]);
	}
}

static void test_outcomes(void **state)
{
	(void)state;
	const char *words[OUTCOME_COUNT];
	for (int i = 0; i < OUTCOME_COUNT; i++)
		words[i] = outcome_rows[i].name;
	check_words("/$defs/outcome/enum", words, OUTCOME_COUNT);
}

static void test_reasons(void **state)
{
	(void)state;
	const char *words[REASON_COUNT];
	for (int i = REASON_NONE + 1; i < REASON_COUNT; i++)
		words[i - 1] = reason_rows[i].name;
	check_words("/$defs/rung/properties/reason/enum", words, REASON_COUNT - 1);
}

static void test_rungs(void **state)
{
	(void)state;
	const char *words[RUNG_COUNT];
	for (int i = 0; i < RUNG_COUNT; i++)
		words[i] = rung_rows[i].name;
	check_words("/$defs/rungname/enum", words, RUNG_COUNT);
}

static void test_other_words(void **state)
{
	(void)state;
	check_words("/properties/environment/properties/kind/enum", environment_names + 1,
		    ENVIRONMENT_COUNT - 1);
	check_words("/$defs/result/properties/role/enum", role_names, ROLE_COUNT);
	check_words("/$defs/rung/properties/risk/enum", risk_names, RISK_COUNT);
	check_words("/properties/diagnosis/items/properties/certainty/enum",
		    certainty_names, CERTAINTY_COUNT);
}

static void test_limits(void **state)
{
	(void)state;
	static const struct {
		const char *pointer;
		int64_t value;
	} rows[] = {
		{ "/$defs/text/maxLength", RECORD_STRING_MAX },
		{ "/$defs/text_or_null/maxLength", RECORD_STRING_MAX },
		{ "/$defs/findings/additionalProperties/maxLength", RECORD_STRING_MAX },
		{ "/$defs/rung/properties/tries/maxItems", TRIES_MAX },
		{ "/properties/diagnosis/items/properties/layer/maximum",
		  LAYER_COUNT - 1 },
	};
	for_each_row(row, rows)
		assert_int_equal(json_integer_value(pointer_get(schema, row->pointer)),
				 row->value);
	assert_string_equal(
		json_string_value(pointer_get(schema, "/properties/schema/const")),
		RECORD_SCHEMA);
}

/* A member of a component lies where component.h says. */
static void test_components(void **state)
{
	(void)state;
	static const char *const pointers[] = {
#define X(constant, member, pointer, title) pointer,
		COMPONENTS(X)
#undef X
	};
	for_each_row(pointer, pointers) {
		const char *slash = strchr(*pointer, '/');
		cleanup_free char *place =
			slash ? xasprintf("/properties/combination/properties/%.*s/"
					  "properties/%s",
					  (int)(slash - *pointer), *pointer, slash + 1)
			      : xasprintf("/properties/combination/properties/%s",
					  *pointer);
		if (!pointer_get(schema, place))
			fail_msg("%s is not in the schema", *pointer);
	}
}

static void check_described(const char *manual, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = manual; (at = strstr(at, word)); at += length)
		if (at > manual && strchr(" \n", at[-1]) && strchr(" \n,;", at[length]))
			return;
	fail_msg("dxgmatrix-record.5 does not say '%s'", word);
}

static void test_the_manual_names_every_word(void **state)
{
	(void)state;
	cleanup_free char *path = source_path("record/dxgmatrix-record.5"),
			  *manual = NULL;
	assert_ok(file_read(path, 1 << 20, &manual, NULL));
	for_each_row(row, outcome_rows)
		check_described(manual, row->name);
	for_each_row(row, rung_rows)
		check_described(manual, row->name);
	for (int i = REASON_NONE + 1; i < REASON_COUNT; i++)
		check_described(manual, reason_rows[i].name);
	for (int i = ENVIRONMENT_UNKNOWN + 1; i < ENVIRONMENT_COUNT; i++)
		check_described(manual, environment_names[i]);
	for_each_row(word, certainty_names)
		check_described(manual, *word);
	for_each_row(word, risk_names)
		check_described(manual, *word);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_rungs),
		cmocka_unit_test(test_other_words),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_components),
		cmocka_unit_test(test_the_manual_names_every_word),
	};
	return cmocka_run_group_tests(tests, read_schema, drop_schema);
}
