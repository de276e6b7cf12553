#include "web/html.h"

#include "tests/testing.h"
#include "util/array.h"

#define FFFD "\xEF\xBF\xBD"

static char *body(struct html *h)
{
	char *bytes = html_finish(h, NULL);
	const char *start = strchr(bytes, '\n') + 1;
	char *ret = xstrndup(start, strlen(start) - 1);
	free(bytes);
	return ret;
}

/* Text and attributes share their escapes: what comes out of both. */
static const struct {
	const char *in, *out;
} escapes[] = {
	{ "Arc 140T", "Arc 140T" },
	{ "a\tb\nc", "a\tb\nc" },
	{ "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;" },
	{ "\" onmouseover=\"x", "&quot; onmouseover=&quot;x" },
	{ "' onmouseover='x", "&#39; onmouseover=&#39;x" },
	{ "&lt; & &amp;", "&amp;lt; &amp; &amp;amp;" },
	{ "<!-- -->", "&lt;!-- --&gt;" },
	{ "\x01\x1b[31m\x7f\r", FFFD FFFD "[31m" FFFD FFFD },
	{ "caf\xC3\xA9 \xE6\x97\xA5 \xF0\x9F\x98\x80",
	  "caf\xC3\xA9 \xE6\x97\xA5 \xF0\x9F\x98\x80" },
	/* not UTF-8: alone, overlong, surrogate, above U+10FFFF, cut, C1 */
	{ "a\x80z", "a" FFFD "z" },
	{ "\xC0\xBCscript", FFFD FFFD "script" },
	{ "\xE0\x80\xBC", FFFD FFFD FFFD },
	{ "\xED\xA0\x80", FFFD FFFD FFFD },
	{ "\xF4\x90\x80\x80", FFFD FFFD FFFD FFFD },
	{ "\xF0\x9F\x98", FFFD },
	{ "\xE6\x97<b>", FFFD "&lt;b&gt;" },
	{ "\xFF\xFE", FFFD FFFD },
	{ "\xC2\x85", FFFD },
	/* what deceives the eye: overrides, isolates, marks, zero width, noncharacters */
	{ "gpu\xE2\x80\xAEtxt.exe", "gpu" FFFD "txt.exe" },
	{ "\xE2\x80\xAA\xE2\x81\xA6\xE2\x81\xA9\xE2\x80\x8F\xD8\x9C",
	  FFFD FFFD FFFD FFFD FFFD },
	{ "\xE2\x80\x8B\xEF\xBB\xBF\xE2\x80\xA8", FFFD FFFD FFFD },
	{ "\xEF\xBF\xBE\xF0\x9F\xBF\xBF", FFFD FFFD },
	{ "\xF3\xA0\x81\xA1", FFFD },
};

static void test_text_is_escaped(void **state)
{
	(void)state;
	cleanup_html struct html *h = html_create();
	for_each_row(row, escapes) {
		html_leaf(h, "p", row->in, NULL);
		cleanup_free char *bytes = body(h);
		cleanup_free char *expected = xasprintf("<p>%s</p>", row->out);
		assert_string_equal(bytes, expected);
	}
}

static void test_attributes_are_escaped(void **state)
{
	(void)state;
	cleanup_html struct html *h = html_create();
	for_each_row(row, escapes) {
		html_open(h, "p", "title", row->in, NULL);
		html_close(h, "p");
		cleanup_free char *bytes = body(h);
		cleanup_free char *expected = xasprintf("<p title=\"%s\"></p>", row->out);
		assert_string_equal(bytes, expected);
	}
}

static void test_only_web_and_relative_addresses_are_links(void **state)
{
	static const struct {
		const char *url;
		bool safe;
	} rows[] = {
		{ "https://github.com/microsoft/WSL/issues/40715", true },
		{ "HTTP://example.org/?a=1&b=2", true },
		{ "gpu/8086-7d51/index.html", true },
		{ "../../style.css", true },
		{ "#main", true },
		{ "?q=a:b", true },
		{ "/a:b", true },
		{ "", false },
		{ "https://", false },
		{ "https:///x", false },
		{ "//example.org/", false },
		{ "/\\example.org", false },
		{ "\\\\example.org", false },
		{ "javascript:alert(1)", false },
		{ "JaVaScRiPt:alert(1)", false },
		{ " javascript:alert(1)", false },
		{ "java\nscript:alert(1)", false },
		{ "java\tscript:alert(1)", false },
		{ "\x01javascript:alert(1)", false },
		{ "data:text/html,<script>", false },
		{ "vbscript:x", false },
		{ "file:///etc/passwd", false },
		{ "mailto:a@example.org", false },
		{ "https://example.org/a b", false },
		{ "https://example.org/\xE2\x80\xAE", false },
		{ "https://example.org/\xFF", false },
		{ "x:y", false },
	};
	(void)state;
	for_each_row(row, rows)
		if (html_url_is_safe(row->url) != row->safe)
			fail_msg("'%s' is %s", row->url,
				 row->safe ? "refused" : "let in");
}

static void test_refused_address_leaves_text(void **state)
{
	(void)state;
	cleanup_html struct html *h = html_create();
	html_open(h, "p", NULL);
	html_href(h, "javascript:alert(1)", "a <post>");
	html_href(h, NULL, ", nowhere");
	html_close(h, "p");
	cleanup_free char *bytes = body(h);
	assert_string_equal(bytes, "<p>a &lt;post&gt;, nowhere</p>");
}

static void test_address_is_escaped_in_its_attribute(void **state)
{
	(void)state;
	cleanup_html struct html *h = html_create();
	html_open(h, "p", NULL);
	html_href(h, "https://example.org/?a=\"><script>&b='", "x");
	html_href(h, "../x", "y");
	html_close(h, "p");
	cleanup_free char *bytes = body(h);
	assert_string_equal(
		bytes,
		"<p><a "
		"href=\"https://example.org/?a=&quot;&gt;&lt;script&gt;&amp;b=&#39;\""
		" rel=\"nofollow noopener\">x</a><a href=\"../x\">y</a></p>");
}

static void test_attributes_can_be_absent_or_flags(void **state)
{
	(void)state;
	cleanup_html struct html *h = html_create();
	html_open(h, "details", "class", NULL, "open", "", NULL);
	html_leaf(h, "summary", "s", "class", "x", NULL);
	html_close(h, "details");
	cleanup_free char *bytes = body(h);
	assert_string_equal(bytes,
			    "<details open>\n<summary class=\"x\">s</summary></details>");
}

static void test_void_elements_need_no_end(void **state)
{
	(void)state;
	cleanup_html struct html *h = html_create();
	html_open(h, "p", NULL);
	html_text(h, "a");
	html_open(h, "br", NULL);
	html_printf(h, "%d<", 2);
	html_text(h, NULL);
	html_close(h, "p");
	cleanup_free char *bytes = body(h);
	assert_string_equal(bytes, "<p>a<br>2&lt;</p>");
}

static void test_document_begins_anew(void **state)
{
	(void)state;
	cleanup_html struct html *h = html_create();
	html_leaf(h, "p", "1", NULL);
	free(html_finish(h, NULL));
	html_leaf(h, "p", "2", NULL);
	size_t size;
	cleanup_free char *bytes = html_finish(h, &size);
	assert_string_equal(bytes, "<!doctype html>\n<p>2</p>\n");
	assert_int_equal(size, strlen(bytes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_is_escaped),
		cmocka_unit_test(test_attributes_are_escaped),
		cmocka_unit_test(test_only_web_and_relative_addresses_are_links),
		cmocka_unit_test(test_refused_address_leaves_text),
		cmocka_unit_test(test_address_is_escaped_in_its_attribute),
		cmocka_unit_test(test_attributes_can_be_absent_or_flags),
		cmocka_unit_test(test_void_elements_need_no_end),
		cmocka_unit_test(test_document_begins_anew),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
