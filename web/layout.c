#include "web/layout.h"

#include "util/alloc.h"
#include "util/array.h"
#include "web/names.h"

static const struct {
	const char *address;
	const char *words;
} sections[SECTION_COUNT] = {
#define X(constant, address, words) { address, words },
	SECTIONS(X)
#undef X
};

/* file: for those who open the pages from a folder, where 'self' names no host. */
static const char policy[] = "default-src 'none'; style-src 'self' file:; "
			     "img-src 'self' file:; base-uri 'none'; form-action 'none'";

void layout_link(struct html *h, const char *root, const char *address, const char *text)
{
	cleanup_free char *url = xasprintf("%s%s", root, address);
	html_href(h, url, text);
}

static void write_head(struct html *h, const struct page *page)
{
	cleanup_free char *style = xasprintf("%sstyle.css", page->root);
	cleanup_free char *icon = xasprintf("%sicon.svg", page->root);
	cleanup_free char *title =
		page->title ? xasprintf("%s \xC2\xB7 dxgmatrix", page->title)
			    : xstrdup("dxgmatrix: does my GPU work in WSL2?");

	html_open(h, "head", NULL);
	html_open(h, "meta", "charset", "utf-8", NULL);
	html_open(h, "meta", "http-equiv", "Content-Security-Policy", "content", policy,
		  NULL);
	html_open(h, "meta", "name", "viewport", "content",
		  "width=device-width, initial-scale=1", NULL);
	html_leaf(h, "title", title, NULL);
	html_open(h, "meta", "name", "description", "content", page->description, NULL);
	html_open(h, "meta", "name", "referrer", "content", "no-referrer", NULL);
	html_open(h, "meta", "name", "color-scheme", "content", "light dark", NULL);
	html_open(h, "link", "rel", "stylesheet", "href", style, NULL);
	html_open(h, "link", "rel", "icon", "type", "image/svg+xml", "href", icon, NULL);
	html_close(h, "head");
}

static void write_header(struct html *h, const struct page *page)
{
	cleanup_free char *home = xasprintf("%sindex.html", page->root);
	cleanup_free char *icon = xasprintf("%sicon.svg", page->root);

	html_open(h, "header", "class", "top", NULL);
	html_open(h, "div", "class", "bar", NULL);
	html_open(h, "a", "class", "brand", "href", home, NULL);
	html_open(h, "img", "src", icon, "alt", "", "width", "22", "height", "22", NULL);
	html_leaf(h, "span", "dxgmatrix", NULL);
	html_close(h, "a");
	html_open(h, "nav", "aria-label", "Site", NULL);
	html_open(h, "ul", NULL);
	for_each_row(section, sections) {
		bool here = section - sections == page->section;
		cleanup_free char *url = xasprintf("%s%s", page->root, section->address);
		html_open(h, "li", NULL);
		html_leaf(h, "a", section->words, "href", url, "aria-current",
			  here ? "page" : NULL, NULL);
		html_close(h, "li");
	}
	html_close(h, "ul");
	html_close(h, "nav");
	html_close(h, "div");
	html_close(h, "header");
}

void layout_begin(struct html *h, const struct page *page)
{
	html_open(h, "html", "lang", "en", NULL);
	write_head(h, page);
	html_open(h, "body", NULL);
	html_leaf(h, "a", "Skip to the answer", "class", "skip", "href", "#main", NULL);
	write_header(h, page);
	html_open(h, "main", "id", "main", NULL);
}

void layout_end(struct html *h, const struct page *page)
{
	html_close(h, "main");
	html_open(h, "footer", NULL);
	html_open(h, "p", NULL);
	html_text(h, "Counts, never per cent; dates, not ages. A report is "
		     "somebody\xE2\x80\x99s "
		     "word; a measured machine ran the same steps as all others. ");
	layout_link(h, page->root, "about/index.html", "What the words mean");
	html_close(h, "p");
	html_leaf(h, "p", "dxgmatrix " DXGMATRIX_VERSION, "class", "made", NULL);
	html_close(h, "footer");
	html_close(h, "body");
	html_close(h, "html");
}

void layout_table_begin(struct html *h, const char *caption, const char *css)
{
	/* Reachable by keyboard, since it may scroll. */
	html_open(h, "div", "class", "scroll", "role", "region", "tabindex", "0",
		  "aria-label", caption, NULL);
	html_open(h, "table", "class", css, NULL);
	html_leaf(h, "caption", caption, NULL);
}

void layout_table_end(struct html *h)
{
	html_close(h, "tbody");
	html_close(h, "table");
	html_close(h, "div");
}

void layout_table_head(struct html *h, const char *const *titles)
{
	html_open(h, "thead", NULL);
	html_open(h, "tr", NULL);
	for (; *titles; titles++)
		html_leaf(h, "th", *titles, "scope", "col", NULL);
	html_close(h, "tr");
	html_close(h, "thead");
	html_open(h, "tbody", NULL);
}

char *layout_count(long count, const char *one, const char *many)
{
	return xasprintf("%ld %s", count, count == 1 ? one : many);
}

void layout_crumbs(struct html *h, const char *root, const struct crumb *crumbs)
{
	html_open(h, "nav", "class", "crumbs", "aria-label", "Where this is", NULL);
	html_open(h, "ol", NULL);
	for (; crumbs->words; crumbs++) {
		html_open(h, "li", NULL);
		if (crumbs->address)
			layout_link(h, root, crumbs->address, crumbs->words);
		else
			html_leaf(h, "span", crumbs->words, "aria-current", "page", NULL);
		html_close(h, "li");
	}
	html_close(h, "ol");
	html_close(h, "nav");
}

void layout_cell(struct html *h, const char *label, const char *text, const char *css)
{
	html_leaf(h, "td", or_dash(text), "data-label", label, "class",
		  text ? css : "dash", NULL);
}
