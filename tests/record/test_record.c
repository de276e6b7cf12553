#include "tests/record/documents.h"

#include <time.h>

static void test_findings_by_name(void **state)
{
	(void)state;
	static struct finding_value values[] = {
		{ "device", FINDING_STRING, "Arc", 0 },
		{ "errno", FINDING_INTEGER, NULL, -75 },
		{ "library", FINDING_INTEGER, NULL, 7 }, /* not the kind it should be */
	};
	const struct findings findings = { values, ARRAY_SIZE(values) };
	assert_ptr_equal(findings_get(&findings, FIND_ERRNO), &values[1]);
	assert_null(findings_get(&findings, FIND_SIGNAL));
	assert_string_equal(findings_string(&findings, FIND_DEVICE), "Arc");
	assert_null(findings_string(&findings, FIND_ERRNO));
	assert_null(findings_string(&findings, FIND_LIBRARY));
	assert_null(findings_string(&findings, FIND_SIGNAL));
	const struct findings none = { 0 };
	assert_null(findings_get(&none, FIND_DEVICE));
}

static void test_results_by_interface_and_role(void **state)
{
	(void)state;
	struct record record;
	assert_ok(read_text(DOCUMENT("'results':[{'interface':'opencl','role':'control'},"
				     "{'interface':'opencl','rungs':[{'rung':'load',"
				     "'outcome':'fail'}]},{'interface':'vulkan'}]"),
			    &record));
	assert_ptr_equal(record_result(&record, "opencl", ROLE_CONTROL),
			 &record.results[0]);
	assert_ptr_equal(record_result(&record, "opencl", ROLE_ADAPTER),
			 &record.results[1]);
	assert_ptr_equal(record_result(&record, "vulkan", ROLE_ADAPTER),
			 &record.results[2]);
	assert_null(record_result(&record, "vulkan", ROLE_CONTROL));
	assert_null(record_result(&record, "open", ROLE_ADAPTER));
	const struct rung_result *rung = result_rung(&record.results[1], RUNG_LOAD);
	assert_int_equal(rung->outcome, OUTCOME_FAIL);
	assert_null(result_rung(&record.results[1], RUNG_OPEN));
	assert_null(result_rung(&record.results[2], RUNG_LOAD));
	record_deinit(&record);
}

static void test_height_is_the_highest_rung_that_works_with_its_needs(void **state)
{
	(void)state;
#define P(constant)                                                                      \
	{                                                                                \
		.rung = RUNG_##constant, .outcome = OUTCOME_PASS                         \
	}
#define F(constant)                                                                      \
	{                                                                                \
		.rung = RUNG_##constant, .outcome = OUTCOME_FAIL                         \
	}
	static const struct {
		struct rung_result rungs[8];
		size_t n;
		enum rung height;
	} rows[] = {
		{ { { 0 } }, 0, RUNG_COUNT },
		{ { F(LOAD) }, 1, RUNG_COUNT },
		{ { P(LOAD) }, 1, RUNG_LOAD },
		{ { P(LOAD), P(ENUMERATE), F(OPEN) }, 3, RUNG_ENUMERATE },
		{ { P(LOAD), P(ENUMERATE), P(OPEN), P(COPY), P(COMPILE), P(LAUNCH) },
		  6,
		  RUNG_LAUNCH },
		/* the experiments are independent: a launch without its copy counts not */
		{ { P(LOAD), P(ENUMERATE), P(OPEN), F(COPY), P(COMPILE), P(LAUNCH) },
		  6,
		  RUNG_COMPILE },
		/* a rung that is absent is nobody's need */
		{ { P(LOAD), P(ENUMERATE), P(OPEN), P(COMPILE), P(LAUNCH) },
		  5,
		  RUNG_LAUNCH },
		{ { F(LOAD), P(ENUMERATE) }, 2, RUNG_COUNT },
		{ { P(REACH), P(IDENTIFY), F(GENERATE) }, 3, RUNG_IDENTIFY },
		{ { { .rung = RUNG_LOAD, .outcome = OUTCOME_FALLBACK } }, 1, RUNG_COUNT },
	};
	for_each_row(row, rows) {
		const struct result result = { .rungs = (struct rung_result *)row->rungs,
					       .n_rungs = row->n };
		assert_int_equal(result_height(&result), row->height);
	}
}

static void test_today(void **state)
{
	(void)state;
	char today[DATE_SIZE];
	static const struct {
		const char *variable;
		bool believed;
	} rows[] = {
		{ "2026-11-20", true },  { "2024-02-29", true },
		{ "", false },           { "2026-02-30", false },
		{ "abcdefghij", false }, { "2026-11-20T", false },
	};
	time_t now = time(NULL);
	char before[DATE_SIZE], after[DATE_SIZE];
	strftime(before, DATE_SIZE, "%Y-%m-%d", gmtime(&now));
	for_each_row(row, rows) {
		setenv("DXGMATRIX_TODAY", row->variable, 1);
		record_today(today);
		now = time(NULL);
		strftime(after, DATE_SIZE, "%Y-%m-%d", gmtime(&now));
		if (row->believed)
			assert_string_equal(today, row->variable);
		else
			assert_true(!strcmp(today, before) || !strcmp(today, after));
	}
	unsetenv("DXGMATRIX_TODAY");
	record_today(today);
	assert_true(!strcmp(today, before) || !strcmp(today, after));
}

static void test_words_of_documents(void **state)
{
	(void)state;
	assert_null(environment_names[ENVIRONMENT_UNKNOWN]);
	for (int i = ENVIRONMENT_UNKNOWN + 1; i < ENVIRONMENT_COUNT; i++)
		assert_true(*environment_names[i]);
	for_each_row(name, role_names)
		assert_true(**name);
	for_each_row(name, certainty_names)
		assert_true(**name);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_findings_by_name),
		cmocka_unit_test(test_results_by_interface_and_role),
		cmocka_unit_test(
			test_height_is_the_highest_rung_that_works_with_its_needs),
		cmocka_unit_test(test_today),
		cmocka_unit_test(test_words_of_documents),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
