/* Any bytes as text, attribute and address: they must not leave their place. */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "util/alloc.h"
#include "web/html.h"

/* What the page says between two marks. @return NULL where there is none */
static const char *between(const char *page, const char *before, const char *after,
			   size_t *ret)
{
	const char *start = strstr(page, before);
	if (!start)
		return NULL;
	start += strlen(before);
	const char *end = strstr(start, after);
	if (!end)
		return NULL;
	*ret = (size_t)(end - start);
	return start;
}

static void expect_harmless(const char *page, const char *before, const char *after)
{
	size_t length;
	const char *text = between(page, before, after, &length);
	if (!text)
		abort();
	for (size_t i = 0; i < length; i++)
		if (strchr("<>\"'", text[i]) ||
		    (text[i] > 0 && text[i] < ' ' && text[i] != '\t' && text[i] != '\n'))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = xstrndup((const char *)data, size);
	cleanup_html struct html *h = html_create();
	html_open(h, "p", "title", *text ? text : "x", NULL);
	html_text(h, text);
	html_close(h, "p");
	html_open(h, "div", NULL);
	html_href(h, text, "x");
	html_close(h, "div");
	cleanup_free char *page = html_finish(h, NULL);
	expect_harmless(page, "<p title=\"", "\">");
	expect_harmless(page, "\">", "</p>");
	if (html_url_is_safe(text))
		expect_harmless(page, "<a href=\"", "\"");
	else if (!strstr(page, "<div>x</div>"))
		abort();
	return 0;
}
