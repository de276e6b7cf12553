#include "record/finding.h"

#include "record/shape.h"
#include "tests/testing.h"

static void test_names_are_read_back(void **state)
{
	(void)state;
	for (int i = 0; i < FIND_COUNT; i++) {
		enum finding finding = FIND_COUNT;
		assert_true(finding_parse(finding_rows[i].name, &finding));
		assert_int_equal(finding, i);
		assert_true(*finding_rows[i].what);
	}
	enum finding finding;
	assert_false(finding_parse("", &finding));
	assert_false(finding_parse("Library", &finding));
}

static void test_a_document_may_hold_every_name(void **state)
{
	(void)state;
	for_each_row(row, finding_rows)
		assert_true(shape_word.matches(row->name));
}

/* A unit at the end of a name is that of a number. */
static void test_names_with_a_unit_are_integers(void **state)
{
	(void)state;
	static const char *const units[] = { "_us", "_ms", "_mib", "_bytes" };
	for_each_row(row, finding_rows)
		for_each_row(unit, units) {
			size_t length = strlen(row->name), end = strlen(*unit);
			if (length > end && !strcmp(row->name + length - end, *unit))
				assert_int_equal(row->kind, FINDING_INTEGER);
		}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_read_back),
		cmocka_unit_test(test_a_document_may_hold_every_name),
		cmocka_unit_test(test_names_with_a_unit_are_integers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
