/*
 * layout.h: what all pages share: head, header, footer, and the few parts that many use.
 *
 * All addresses within the site are relative to the page, so it works from any folder of
 * a server and from file://. Nothing is loaded from another host, and a policy in the
 * head forbids it (Content Security Policy Level 3, "default-src").
 */
#pragma once

#include "web/html.h"

/* The pages that the header links to: X(CONSTANT, address, words) */
#define SECTIONS(X)                                                                      \
	X(GPUS, "gpu/index.html", "GPUs")                                                \
	X(SIGNATURES, "signatures/index.html", "Log lines")                              \
	X(ABOUT, "about/index.html", "About")                                            \
	X(DATA, "data/index.html", "Data")

enum section {
#define X(constant, address, words) SECTION_##constant,
	SECTIONS(X)
#undef X
		SECTION_COUNT,
	SECTION_NONE = -1,
};

struct page {
	const char *title;       /* without the site's name; NULL on the front page */
	const char *description; /* a sentence for search engines and chats */
	const char *root;        /* from the page to the site: "", "../" or "../../" */
	enum section section;    /* the header's current one */
};

/* Everything up to the open <main>. */
void layout_begin(struct html *h, const struct page *page);
/* Closes <main>, writes the footer, closes the document. */
void layout_end(struct html *h, const struct page *page);

/* A link within the site: root and address put together. */
void layout_link(struct html *h, const char *root, const char *address, const char *text);

/* Where the page stands: the way to it, as links; an address of NULL is the page itself.
 * Ended by a row without words. */
struct crumb {
	const char *address, *words;
};
void layout_crumbs(struct html *h, const char *root, const struct crumb *crumbs);

/*
 * A table that scrolls by itself where it is too wide, with a caption.
 * @param css  class of the table, or NULL: "stack" turns rows into blocks on a phone;
 *             their cells take their labels from data-label
 */
void layout_table_begin(struct html *h, const char *caption, const char *css);
void layout_table_end(struct html *h);
/* A cell of a "stack" table: text, or an en dash for NULL, and what it is called on a
 * phone. */
void layout_cell(struct html *h, const char *label, const char *text, const char *css);
/* Its head: the columns' titles, NULL-ended. */
void layout_table_head(struct html *h, const char *const *titles);

/* "1 machine", "2 machines". @return the caller's to free */
char *layout_count(long count, const char *one, const char *many);
