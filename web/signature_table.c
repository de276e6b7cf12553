#include "web/signature_table.h"

#include <string.h>

#include "util/alloc.h"
#include "util/array.h"
#include "web/layout.h"
#include "web/thread_link.h"

static const struct {
	const char *css;
	const char *sign;
} classes[] = {
	[SIGNATURE_HARMLESS] = { "tag harmless", "\xE2\x9C\x93" },
	[SIGNATURE_DEPENDS] = { "tag depends", "?" },
	[SIGNATURE_TROUBLE] = { "tag trouble", "!" },
};

void signature_write_line(struct html *h, const char *ioctl, int error)
{
	html_open(h, "code", NULL);
	html_text(h, strcmp(ioctl, "*") ? ioctl : "dxgkio_\xE2\x80\xA6");
	html_text(h, ": Ioctl failed");
	if (error)
		html_printf(h, ": %d", error);
	html_close(h, "code");
}

void signature_write_class(struct html *h, enum signature_class class)
{
	html_open(h, "span", "class", classes[class].css, NULL);
	html_leaf(h, "span", classes[class].sign, "class", "glyph", "aria-hidden", "true",
		  NULL);
	html_printf(h, " %s", signature_class_words(class));
	html_close(h, "span");
}

static void write_sources(struct html *h, const struct signature *signature)
{
	size_t count = signature_source_count(signature);
	html_open(h, "td", "data-label", "sources", NULL);
	if (count) {
		cleanup_free char *title = layout_count((long)count, "source", "sources");
		html_open(h, "details", "class", "sources", NULL);
		html_leaf(h, "summary", title, NULL);
		html_open(h, "ul", "class", "plain", NULL);
		for (size_t i = 0; i < count; i++) {
			html_open(h, "li", NULL);
			thread_write(h, signature->sources[i]);
			html_close(h, "li");
		}
		html_close(h, "ul");
		html_close(h, "details");
	} else {
		html_leaf(h, "span", "none public", "class", "soft", NULL);
	}
	html_close(h, "td");
}

void signature_table_write(struct html *h, const struct signature *rows, size_t n,
			   const char *caption)
{
	static const char *const titles[] = { "Line", "By itself", "Sources", NULL };
	layout_table_begin(h, caption, "stack");
	layout_table_head(h, titles);
	for (size_t i = 0; i < n; i++) {
		html_open(h, "tr", NULL);
		html_open(h, "th", "scope", "row", NULL);
		signature_write_line(h, rows[i].ioctl, rows[i].error);
		if (rows[i].query_type)
			html_printf(h, " when asked for type %u", rows[i].query_type);
		if (rows[i].phase == SIGNATURE_BOOT)
			html_text(h, " while booting");
		html_leaf(h, "span", rows[i].meaning, "class", "meaning", NULL);
		html_close(h, "th");
		html_open(h, "td", NULL);
		signature_write_class(h, rows[i].class);
		html_close(h, "td");
		write_sources(h, &rows[i]);
		html_close(h, "tr");
	}
	layout_table_end(h);
}
