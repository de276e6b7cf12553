#include "util/spelt.h"

#include "tests/testing.h"

struct row {
	const char *text, *result;
};

static void check(const struct row *row, size_t (*change)(char *, size_t))
{
	size_t size = strlen(row->text);
	cleanup_free char *text = xmalloc(size);
	memcpy(text, row->text, size);
	size = change(text, size);
	if (size != strlen(row->result) || memcmp(text, row->result, size) != 0)
		fail_msg("'%s' became '%.*s'", row->text, (int)size, text);
}

static void test_references(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "", "" },
		{ "a &lt;b&gt; &amp;lt; &quot;", "a <b> &lt; \"" },
		{ "&nbsp;&#8722;22 &#x2212;22", "\xc2\xa0\xe2\x88\x92"
						"22 \xe2\x88\x92"
						"22" },
		{ "PCI\\VEN_8086&DEV_7DD5&SUBSYS_1; &",
		  "PCI\\VEN_8086&DEV_7DD5&SUBSYS_1; &" },
		{ "&unknown; &#; &#x; &#xd800; &#x110000; &#7; &lt",
		  "&unknown; &#; &#x; "
		  "&#xd800; &#x110000; "
		  "&#7; &lt" },
		{ "&#128512;", "\xf0\x9f\x98\x80" },
	};
	for_each_row(row, rows)
		check(row, spelt_references);
}

static void test_colours(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "", "" },
		{ "x [01;31m[Kdxg[m[K y", "x dxg y" },
		{ "^[[33mmisc^[[0m", "misc" },
		{ "\\x1b[31mred\\x1b[0m \\033[1mbold\\033[m", "red bold" },
		{ "\xe2\x90\x9b[31mred\xe2\x90\x9b[0m", "red" },
		{ "rate(x[5m]) [misc] [m] [K] a[0] [",
		  "rate(x[5m]) [misc] [m] [K] a[0] [" },
	};
	for_each_row(row, rows)
		check(row, spelt_colours);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_colours),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
