#include "record/version.h"

#include "tests/testing.h"

static void test_parse(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int count; /* 0: refused */
		uint32_t part[4];
	} rows[] = {
		{ "1", 1, { 1 } },
		{ "1.2", 2, { 1, 2 } },
		{ "2.6.3", 3, { 2, 6, 3 } },
		{ "32.0.101.6554", 4, { 32, 0, 101, 6554 } },
		{ "27.21.0014.5541", 4, { 27, 21, 14, 5541 } },
		{ "0.0.0.0", 4, { 0, 0, 0, 0 } },
		{ "4294967295", 1, { UINT32_MAX } },
		{ "4294967296", 0, { 0 } },
		{ "99999999999999999999999999", 0, { 0 } },
		{ "", 0, { 0 } },
		{ ".", 0, { 0 } },
		{ ".1", 0, { 0 } },
		{ "1.", 0, { 0 } },
		{ "1..2", 0, { 0 } },
		{ "1.2.3.4.5", 0, { 0 } },
		{ " 1.2", 0, { 0 } },
		{ "1.2 ", 0, { 0 } },
		{ "1.2\n", 0, { 0 } },
		{ "v1.2", 0, { 0 } },
		{ "1,2", 0, { 0 } },
		{ "-1.2", 0, { 0 } },
		{ "+1.2", 0, { 0 } },
		{ "0x1.2", 0, { 0 } },
		{ "1.2a", 0, { 0 } },
	};
	for_each_row(row, rows) {
		struct version version = { .count = 0 };
		bool parsed = version_parse(row->text, &version);
		if (parsed != (row->count != 0) || version.count != row->count)
			fail_msg("'%s': %d parts", row->text, version.count);
		assert_memory_equal(version.part, row->part, sizeof(row->part));
	}
}

static void test_prefix(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t length;
	} rows[] = {
		{ "6.6.87.2-microsoft-standard-WSL2", 8 },
		{ "2.6.3.0\r\n", 7 },
		{ "1.2.3.4.5", 7 },
		{ "1.2.", 3 },
		{ "1.2..3", 3 },
		{ "7", 0 }, /* one number is no version */
		{ "7.", 0 },
		{ "", 0 },
		{ "a1.2", 0 },
		{ "1.99999999999", 0 },
	};
	for_each_row(row, rows) {
		struct version version;
		if (version_prefix(row->text, &version) != row->length)
			fail_msg("'%s'", row->text);
	}
}

static void test_normal_forms(void **state)
{
	(void)state;
	static const struct {
		bool (*function)(const char *text, char ret[VERSION_MAX]);
		const char *text, *normal; /* NULL: not of that kind */
	} rows[] = {
		{ version_driver, "32.0.101.6554", "32.0.101.6554" },
		{ version_driver, "27.21.0014.5541", "27.21.14.5541" },
		{ version_driver, "4294967295.4294967295.4294967295.4294967295",
		  "4294967295.4294967295.4294967295.4294967295" },
		{ version_driver, "560.94",
		  NULL }, /* a public number is never converted */
		{ version_driver, "32.0.101", NULL },
		{ version_driver, "", NULL },
		{ version_wsl, "2.6.3", "2.6.3.0" },
		{ version_wsl, "2.6.3.0", "2.6.3.0" },
		{ version_wsl, "2.6", "2.6.0.0" },
		{ version_wsl, "2", NULL },
		{ version_wsl, "2.6.3-preview", NULL },
		{ version_windows, "10.0.26100.8246", "10.0.26100.8246" },
		{ version_windows, "10.0.26100", "10.0.26100" },
		{ version_windows, "10.0.026100.01", "10.0.26100.1" },
		{ version_windows, "26100.8246", NULL },
		{ version_windows, "11.0.26100", NULL },
		{ version_windows, "10.1.26100", NULL },
		{ version_windows, "10.0", NULL },
	};
	for_each_row(row, rows) {
		char normal[VERSION_MAX] = "untouched";
		bool is = row->function(row->text, normal);
		if (is != (row->normal != NULL) ||
		    strcmp(normal, row->normal ? row->normal : "untouched"))
			fail_msg("'%s': '%s'", row->text, normal);
	}
}

static void test_kernel_base(void **state)
{
	(void)state;
	static const struct {
		const char *release;
		size_t length;
	} rows[] = {
		{ "6.6.87.2-microsoft-standard-WSL2", 8 },
		{ "5.15.167.4-microsoft-standard-WSL2+", 10 },
		{ "6.6.87.2+", 8 },
		{ "6.6.87.2", 8 },
		{ "", 0 },
	};
	for_each_row(row, rows)
		assert_int_equal(version_kernel_base(row->release), row->length);
}

static struct version parsed(const char *text)
{
	struct version version;
	assert_true(version_parse(text, &version));
	return version;
}

static int sign(int order)
{
	return (order > 0) - (order < 0);
}

static void test_compare(void **state)
{
	(void)state;
	static const struct {
		const char *less, *more;
	} rows[] = {
		{ "1.2.3.4", "1.2.3.5" }, { "1.2.3.4", "1.2.4.0" },
		{ "1.9", "1.10" },      /* as numbers */
		{ "2.6.3", "2.6.3.0" }, /* of equal parts the shorter one is less */
		{ "2.6.3.0", "2.6.3.1" }, { "0.4294967295", "1" },
	};
	for_each_row(row, rows) {
		struct version less = parsed(row->less), more = parsed(row->more);
		assert_true(version_compare(&less, &more) < 0);
		assert_true(version_compare(&more, &less) > 0);
		assert_int_equal(version_compare(&less, &less), 0);
	}
}

static void test_compare_by_vendor(void **state)
{
	(void)state;
	static const struct {
		uint16_t vendor;
		const char *a, *b;
		int order;
	} rows[] = {
		/* Intel: a package of a lower WDDM model can be newer */
		{ 0x8086, "31.0.101.5590", "32.0.101.5445", 1 },
		{ 0x8086, "32.0.101.6554", "32.0.101.6556", -1 },
		{ 0x8086, "30.0.100.9999", "27.20.101.1000", -1 },
		{ 0x8086, "31.0.101.5590", "32.0.101.5590", 0 },
		/* NVIDIA: by the public number */
		{ 0x10de, "32.0.15.6094", "31.0.15.6100", -1 },
		{ 0x10de, "27.21.14.5671", "26.21.14.4223", 1 },
		{ 0x10de, "31.0.15.9999", "32.0.16.0001", -1 },
		{ 0x10de, "32.0.15.6094", "31.0.15.6094", 0 },
		/* not NVIDIA's spelling: by all four */
		{ 0x10de, "10.0.26100.1", "32.0.15.6094", -1 },
		/* AMD, others: by all four */
		{ 0x1002, "31.0.24033.1003", "32.0.12033.1030", -1 },
		{ 0x1002, "32.0.12033.1030", "32.0.21010.10", -1 },
		{ 0x1414, "10.0.26100.1", "10.0.26100.1", 0 },
	};
	for_each_row(row, rows) {
		struct version a = parsed(row->a), b = parsed(row->b);
		int order = sign(version_compare_driver(row->vendor, &a, &b));
		if (order != row->order)
			fail_msg("%s, %s: %d", row->a, row->b, order);
		assert_int_equal(sign(version_compare_driver(row->vendor, &b, &a)),
				 -row->order);
	}
}

static void test_nvidia_public_number(void **state)
{
	(void)state;
	static const struct {
		const char *text, *number;
	} rows[] = {
		{ "32.0.15.6094", "560.94" },
		{ "32.0.16.1714", "617.14" },
		{ "31.0.15.3623", "536.23" },
		{ "30.0.14.7168", "471.68" },
		{ "27.21.14.5671", "456.71" },
		{ "32.0.15.8005", "580.05" },
		{ "32.0.15.8180", "581.80" },
		{ "32.0.101.6554", NULL },   /* Intel's */
		{ "32.0.12033.1030", NULL }, /* AMD's */
		{ "32.0.15.60940", NULL },
		{ "32.0.5.6094", NULL },
		{ "560.94", NULL },
		{ "10.0.26100.1", NULL },
	};
	for_each_row(row, rows) {
		struct version version = parsed(row->text);
		char number[VERSION_MAX] = "untouched";
		bool is = version_nvidia_public(&version, number);
		if (is != (row->number != NULL) ||
		    strcmp(number, row->number ? row->number : "untouched"))
			fail_msg("%s: %s", row->text, number);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_normal_forms),
		cmocka_unit_test(test_kernel_base),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_compare_by_vendor),
		cmocka_unit_test(test_nvidia_public_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
