#include "record/shape.h"

#include "tests/testing.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void test_what_matches(void **state)
{
	(void)state;
	static const struct {
		const struct shape *shape;
		const char *text;
		bool matches;
	} rows[] = {
		{ &shape_text, "x", true },
		{ &shape_text, " ", true },
		{ &shape_text, "", false },

		{ &shape_date, "2026-11-20", true },
		{ &shape_date, "2024-02-29", true },
		{ &shape_date, "2000-02-29", true },
		{ &shape_date, "1900-02-29", false },
		{ &shape_date, "2026-02-29", false },
		{ &shape_date, "2026-02-30", false },
		{ &shape_date, "2026-04-31", false },
		{ &shape_date, "2026-12-31", true },
		{ &shape_date, "2026-13-01", false },
		{ &shape_date, "2026-00-01", false },
		{ &shape_date, "2026-01-00", false },
		{ &shape_date, "2026-1-1", false },
		{ &shape_date, "2026-11-20T00:00:00Z", false },
		{ &shape_date, "2026-11-20 ", false },
		{ &shape_date, "20261120", false },
		{ &shape_date, "2026/11/20", false },
		{ &shape_date, "2026-11", false },
		{ &shape_date, "-026-11-20", false },
		{ &shape_date, "", false },

		{ &shape_month, "2026-11-20", true },
		{ &shape_month, "2026-11", true },
		{ &shape_month, "2026-13", false },
		{ &shape_month, "2026-02-30", false },
		{ &shape_month, "2026-11-", false },
		{ &shape_month, "2026", false },

		{ &shape_pci, "8086:7d51", true },
		{ &shape_pci, "8086:7D51", false },
		{ &shape_pci, "8086-7d51", false },
		{ &shape_pci, "8086:7d5", false },
		{ &shape_pci, "8086:7d511", false },
		{ &shape_pci, "0x8086:7d51", false },
		{ &shape_vendor, "10de", true },
		{ &shape_vendor, "10DE", false },
		{ &shape_vendor, "10d", false },
		{ &shape_vendor, "10de:", false },
		{ &shape_revision, "a1", true },
		{ &shape_revision, "A1", false },
		{ &shape_revision, "1", false },

		{ &shape_four_parts, "32.0.101.6554", true },
		{ &shape_four_parts, "0.0.0.0", true },
		{ &shape_four_parts, "32.0.101.06554", false },
		{ &shape_four_parts, "32.0.101", false },
		{ &shape_four_parts, "32.0.101.6554.1", false },
		{ &shape_four_parts, "32.0.101.4294967295", true },
		{ &shape_four_parts, "32.0.101.4294967296", false },
		{ &shape_windows, "10.0.26100", true },
		{ &shape_windows, "10.0.26100.8246", true },
		{ &shape_windows, "26100.8246", false },
		{ &shape_windows, "10.0.026100", false },
		{ &shape_windows, "10.0", false },

		{ &shape_hash, "sha256:" HEX64, true },
		{ &shape_hash, HEX64, false },
		{ &shape_url, "https://github.com/microsoft/WSL/issues/40715", true },
		{ &shape_url, "http://example.org", true },
		{ &shape_url, "HTTPS://example.org", false },
		{ &shape_url, "javascript:alert(1)//https://", false },
		{ &shape_url, "ftp://example.org", false },
		{ &shape_url, " https://example.org", false },
		{ &shape_url, "", false },

		{ &shape_word, "level-zero", true },
		{ &shape_word, "reserve_gpu_va", true },
		{ &shape_word, "a.b", false },
		{ &shape_word, "a b", false },
		{ &shape_word, "größe", false },
		{ &shape_word, "", false },
		{ &shape_word, HEX64 HEX64, true },
		{ &shape_word, HEX64 HEX64 "0", false },

		{ &shape_number, "0", true },
		{ &shape_number, "57", true },
		{ &shape_number, "4294967295", true },
		{ &shape_number, "4294967296", false },
		{ &shape_number, "99999999999", false },
		{ &shape_number, "00", false },
		{ &shape_number, "057", false }, /* one spelling, one row */
		{ &shape_number, "-1", false },
		{ &shape_number, "+1", false },
		{ &shape_number, " 1", false },
		{ &shape_number, "", false },
		{ &shape_errno, "-22", true },
		{ &shape_errno, "22", true },
		{ &shape_errno, "-2147483648", true },
		{ &shape_errno, "-2147483649", false },
		{ &shape_errno, "2147483647", true },
		{ &shape_errno, "2147483648", false },
		{ &shape_errno, "-99999999999", false },
		{ &shape_errno, "0", false },
		{ &shape_errno, "-0", false },
		{ &shape_errno, "-022", false }, /* one spelling, one row */
		{ &shape_errno, "+22", false },
		{ &shape_errno, "--22", false },
		{ &shape_errno, " -22", false },
		{ &shape_errno, "-22 ", false },
		{ &shape_errno, "-", false },
		{ &shape_errno, "", false },

		{ &shape_pointer, "/combination/wsl", true },
		{ &shape_pointer, "/", true },
		{ &shape_pointer, "combination", false },
		{ &shape_pointer, "", false },

		{ &shape_key, "ed25519:" HEX64, true },
		{ &shape_key, "ed25519:" HEX64 "0", false },
		{ &shape_key, HEX64, false },
		{ &shape_key, "", false },
		{ &shape_signature, HEX64 HEX64, true },
		{ &shape_signature, HEX64, false },
		{ &shape_signature, "", false },
	};
	for_each_row(row, rows)
		if (row->shape->matches(row->text) != row->matches)
			fail_msg("'%s' is %s%s", row->text, row->matches ? "not " : "",
				 row->shape->words);
}

static void test_days(void **state)
{
	(void)state;
	static const struct {
		const char *date;
		long day;
	} rows[] = {
		{ "1970-01-01", 0 },       { "1970-01-02", 1 },
		{ "1969-12-31", -1 },      { "2000-02-29", 11016 },
		{ "2000-03-01", 11017 },   { "2026-11-20", 20777 },
		{ "2026-11", 20758 }, /* its first day */
		{ "1600-03-01", -135080 },
	};
	for_each_row(row, rows)
		assert_int_equal(shape_day(row->date), row->day);
}

/* Each date is one day after the one before it, over four centuries. */
static void test_days_follow_each_other(void **state)
{
	(void)state;
	long expected = shape_day("1900-01-01");
	for (int year = 1900; year < 2300; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= 31; day++) {
				char date[32];
				snprintf(date, sizeof(date), "%04d-%02d-%02d", year,
					 month, day);
				if (shape_date.matches(date))
					assert_int_equal(shape_day(date), expected++);
			}
	assert_int_equal(expected, shape_day("2300-01-01"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_matches),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_days_follow_each_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
