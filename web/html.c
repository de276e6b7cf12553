#include "web/html.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "util/alloc.h"
#include "util/array.h"
#include "util/strbuf.h"
#include "util/utf8.h"

#define DEPTH_MAX   64
#define REPLACEMENT "\xEF\xBF\xBD"

static const char doctype[] = "<!doctype html>";

struct html {
	struct strbuf out;
	const char *open[DEPTH_MAX];
	size_t depth;
};

struct range {
	uint32_t first, last;
};

/* What no page shows: see the head of html.h. */
static const struct range refused[] = {
	{ 0x0000, 0x0008 },       { 0x000B, 0x001F }, { 0x007F, 0x009F },
	{ 0x061C, 0x061C },       { 0x180E, 0x180E }, { 0x200B, 0x200B },
	{ 0x200E, 0x200F },       { 0x2028, 0x202E }, { 0x2060, 0x206F },
	{ 0xD800, 0xDFFF },       { 0xFDD0, 0xFDEF }, { 0xFEFF, 0xFEFF },
	{ 0xFFF9, 0xFFFB },       { 0xFFFE, 0xFFFF }, { 0xE0000, 0xE007F },
	{ 0x110000, UINT32_MAX },
};

static const char *const void_elements[] = { "br",    "col",  "hr",   "img",
					     "input", "link", "meta", "wbr" };

/* Elements within a line; all others begin on a new one. */
static const char *const inline_elements[] = { "a",    "abbr",   "b",    "bdi",
					       "br",   "code",   "em",   "i",
					       "kbd",  "q",      "samp", "small",
					       "span", "strong", "time", "wbr" };

static bool is_one_of(const char *tag, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i], tag))
			return true;
	return false;
}

static bool is_refused(uint32_t point)
{
	if ((point & 0xFFFE) == 0xFFFE)
		return true;
	for_each_row(range, refused) {
		if (point < range->first)
			return false;
		if (point <= range->last)
			return true;
	}
	return false;
}

/* The character at s, which ends with a NUL: none reaches past it. */
static size_t decode(const char *s, uint32_t *ret)
{
	return utf8_decode(s, 4, ret);
}

/* The replacement of one character; NULL: it stays. */
static const char *escape(uint32_t point)
{
	switch (point) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return is_refused(point) ? REPLACEMENT : NULL;
	}
}

/* The same escapes serve text and quoted attribute values; other contexts are refused. */
static void write_escaped(struct strbuf *out, const char *text)
{
	const char *s = text, *kept = text;
	while (*s) {
		uint32_t point;
		size_t length = decode(s, &point);
		const char *instead = escape(point);
		if (instead) {
			strbuf_add(out, kept, (size_t)(s - kept));
			strbuf_add_string(out, instead);
			kept = s + length;
		}
		s += length;
	}
	strbuf_add(out, kept, (size_t)(s - kept));
}

struct html *html_create(void)
{
	struct html *h = xcalloc(1, sizeof(*h));
	strbuf_init(&h->out);
	strbuf_add_string(&h->out, doctype);
	return h;
}

void html_destroy(struct html *h)
{
	if (!h)
		return;
	strbuf_deinit(&h->out);
	free(h);
}

static void write_attributes(struct html *h, va_list args)
{
	const char *name;
	while ((name = va_arg(args, const char *))) {
		const char *value = va_arg(args, const char *);
		if (!value)
			continue;
		bool address = !strcmp(name, "href") || !strcmp(name, "src");
		assert(!address || html_url_is_safe(value));
		if (address && !html_url_is_safe(value))
			continue;
		/* What runs or is styled in an attribute would need other escapes. */
		assert(strncmp(name, "on", 2) && strcmp(name, "style"));
		strbuf_add_char(&h->out, ' ');
		strbuf_add_string(&h->out, name);
		if (!*value)
			continue;
		strbuf_add_string(&h->out, "=\"");
		write_escaped(&h->out, value);
		strbuf_add_char(&h->out, '"');
	}
}

static void open_element(struct html *h, const char *tag, va_list args)
{
	if (!is_one_of(tag, inline_elements, ARRAY_SIZE(inline_elements)))
		strbuf_add_char(&h->out, '\n');
	strbuf_add_char(&h->out, '<');
	strbuf_add_string(&h->out, tag);
	write_attributes(h, args);
	strbuf_add_char(&h->out, '>');
	if (is_one_of(tag, void_elements, ARRAY_SIZE(void_elements)))
		return;
	assert(h->depth < DEPTH_MAX);
	h->open[h->depth++] = tag;
}

void html_open(struct html *h, const char *tag, ...)
{
	va_list args;
	va_start(args, tag);
	open_element(h, tag, args);
	va_end(args);
}

void html_close(struct html *h, const char *tag)
{
	assert(h->depth > 0 && !strcmp(h->open[h->depth - 1], tag));
	h->depth--;
	strbuf_add_string(&h->out, "</");
	strbuf_add_string(&h->out, tag);
	strbuf_add_char(&h->out, '>');
}

void html_leaf(struct html *h, const char *tag, const char *text, ...)
{
	va_list args;
	va_start(args, text);
	open_element(h, tag, args);
	va_end(args);
	html_text(h, text);
	html_close(h, tag);
}

void html_text(struct html *h, const char *text)
{
	if (!text)
		return;
	assert(h->depth > 0 && strcmp(h->open[h->depth - 1], "script") &&
	       strcmp(h->open[h->depth - 1], "style"));
	write_escaped(&h->out, text);
}

void html_printf(struct html *h, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	cleanup_free char *text = xvasprintf(format, args);
	va_end(args);
	html_text(h, text);
}

static bool has_scheme(const char *url, const char *scheme)
{
	size_t length = strlen(scheme);
	return !strncasecmp(url, scheme, length) && url[length] && url[length] != '/';
}

bool html_url_is_safe(const char *url)
{
	if (!*url)
		return false;
	for (const char *s = url; *s;) {
		uint32_t point;
		s += decode(s, &point);
		if (point <= ' ' || point == '\\' || is_refused(point))
			return false;
	}
	if (has_scheme(url, "https://") || has_scheme(url, "http://"))
		return true;
	if (url[0] == '/' && url[1] == '/')
		return false;
	/* Relative: no colon before the first slash, question mark or number sign. */
	return url[strcspn(url, ":/?#")] != ':';
}

void html_href(struct html *h, const char *url, const char *text)
{
	if (!url || !html_url_is_safe(url)) {
		html_text(h, text);
		return;
	}
	bool outside = has_scheme(url, "https://") || has_scheme(url, "http://");
	html_leaf(h, "a", text, "href", url, "rel", outside ? "nofollow noopener" : NULL,
		  NULL);
}

void html_prose(struct html *h, const struct embedded *file)
{
	strbuf_add_char(&h->out, '\n');
	strbuf_add(&h->out, file->bytes, file->size);
}

char *html_finish(struct html *h, size_t *ret_size)
{
	assert(h->depth == 0);
	strbuf_add_char(&h->out, '\n');
	if (ret_size)
		*ret_size = h->out.length;
	char *bytes = strbuf_take(&h->out);
	strbuf_add_string(&h->out, doctype);
	return bytes;
}
