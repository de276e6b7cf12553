#include "runner/climb_findings.h"

#include "tests/testing.h"
#include "util/cleanup.h"

static void test_the_later_word_stands(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct findings findings = { 0 };
	findings_note_text(&arena, &findings, FIND_IN, "first");
	findings_note_number(&arena, &findings, FIND_EXIT_STATUS, 7);
	findings_note_text(&arena, &findings, FIND_IN, "the\x1bsecond");
	findings_note_string(&arena, &findings, FIND_IN, NULL);
	assert_int_equal(findings.n, 2);
	assert_string_equal(findings_string(&findings, FIND_IN), "the second");
	assert_int_equal(findings.finding[1].integer, 7);
}

static void test_what_a_probe_may_not_say_is_left_out(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		enum finding_kind kind;
		int64_t integer;
		const char *string;
		bool noted;
	} rows[] = {
		{ "exit_status", FINDING_INTEGER, INT64_C(1) << 53, NULL, true },
		{ "exit_status", FINDING_INTEGER, (INT64_C(1) << 53) + 1, NULL, false },
		{ "exit_status", FINDING_INTEGER, INT64_MIN, NULL, false },
		{ "exit_status", FINDING_STRING, 0, "7", false },
		{ "no_such_finding", FINDING_INTEGER, 7, NULL, false },
		{ "symbol", FINDING_STRING, 0, "main", true },
		{ "symbol", FINDING_STRING, 0, "", false },
	};
	for_each_row(row, rows) {
		cleanup_arena struct arena arena = { 0 };
		struct findings findings = { 0 };
		const struct packet packet = { .type = PACKET_FINDING,
					       .kind = row->kind,
					       .name = row->name,
					       .integer = row->integer,
					       .string = row->string };
		findings_note_packet(&arena, &findings, &packet);
		assert_int_equal(findings.n, row->noted);
	}
}

static void test_a_flood_fills_no_memory(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct findings findings = { 0 };
	for (int i = 0; i < 3 * FIND_COUNT; i++)
		findings_note_number(&arena, &findings, (enum finding)(i % FIND_COUNT),
				     i);
	assert_int_equal(findings.n, FIND_COUNT);
	assert_int_equal(findings.finding[0].integer, 2 * FIND_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_later_word_stands),
		cmocka_unit_test(test_what_a_probe_may_not_say_is_left_out),
		cmocka_unit_test(test_a_flood_fills_no_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
