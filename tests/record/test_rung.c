#include "record/rung.h"

#include "tests/testing.h"

#define BIT(constant) (UINT32_C(1) << RUNG_##constant)
#define ALL           ((UINT32_C(1) << RUNG_COUNT) - 1)

static void test_names_are_read_back(void **state)
{
	(void)state;
	for (int i = 0; i < RUNG_COUNT; i++) {
		enum rung rung = RUNG_COUNT;
		assert_true(rung_parse(rung_rows[i].name, &rung));
		assert_int_equal(rung, i);
	}
	for (int i = 0; i < RISK_COUNT; i++) {
		enum risk risk = RISK_COUNT;
		assert_true(risk_parse(risk_names[i], &risk));
		assert_int_equal(risk, i);
	}
	enum rung rung;
	enum risk risk;
	assert_false(rung_parse("", &rung));
	assert_false(rung_parse("Load", &rung));
	assert_false(risk_parse("none", &risk));
}

/* rung_closure() goes through them once, from the top. */
static void test_a_rung_needs_only_earlier_ones(void **state)
{
	(void)state;
	for (int i = 0; i < RUNG_COUNT; i++) {
		assert_int_equal(rung_rows[i].needs & ~(rung_bit((enum rung)i) - 1), 0);
		assert_true(rung_rows[i].deadline_ms > 0);
	}
	assert_true(RUNG_COUNT < 32); /* they are bits of a uint32_t */
}

static void test_risks(void **state)
{
	(void)state;
	static const struct {
		enum rung rung;
		enum risk risk;
	} rows[] = {
		{ RUNG_LAUNCH, RISK_LOW },     { RUNG_FENCE, RISK_LOW },
		{ RUNG_ADDRESS, RISK_MEDIUM }, { RUNG_MEMORY, RISK_MEDIUM },
		{ RUNG_INFER, RISK_MEDIUM },   { RUNG_ESCAPE, RISK_HIGH },
	};
	for_each_row(row, rows)
		assert_int_equal(rung_rows[row->rung].risk, row->risk);
}

static void test_closure(void **state)
{
	(void)state;
	static const struct {
		uint32_t set, has, closure;
	} rows[] = {
		{ 0, ALL, 0 },
		{ BIT(LOAD), ALL, BIT(LOAD) },
		{ BIT(LAUNCH), ALL,
		  BIT(LOAD) | BIT(ENUMERATE) | BIT(OPEN) | BIT(COPY) | BIT(COMPILE) |
			  BIT(LAUNCH) },
		{ BIT(QUERY), ALL, BIT(LOAD) | BIT(ENUMERATE) | BIT(QUERY) },
		{ BIT(OFFLOAD), ALL,
		  BIT(REACH) | BIT(IDENTIFY) | BIT(GENERATE) | BIT(OFFLOAD) },
		/* one that an interface does not have is nobody's need */
		{ BIT(LAUNCH), BIT(LOAD) | BIT(OPEN) | BIT(COPY) | BIT(LAUNCH),
		  BIT(OPEN) | BIT(COPY) | BIT(LAUNCH) },
		{ BIT(FENCE), BIT(FENCE), BIT(FENCE) },
	};
	for_each_row(row, rows)
		assert_int_equal(rung_closure(row->set, row->has), row->closure);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_read_back),
		cmocka_unit_test(test_a_rung_needs_only_earlier_ones),
		cmocka_unit_test(test_risks),
		cmocka_unit_test(test_closure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
