/*
 * html.h: a writer of HTML that knows which elements are open and escapes by context.
 *
 * Everything a page says comes through here, and most of it was written by strangers: a
 * GPU's name, a post's address, a log line. Text and attribute values are escaped where
 * they are written; addresses pass a gate of their own; what HTML forbids or what only
 * serves to deceive the eye becomes U+FFFD:
 *   - bytes that are not UTF-8, noncharacters, controls other than tab and newline
 *   - marks that turn or hide text: bidirectional controls (Unicode UAX #9, section 2),
 *     zero-width space, line separators, byte order marks, tag characters
 *
 * Memory only, so nothing fails. A wrong nesting is a fault of the caller: it asserts.
 * Tags and attribute names are literals of the caller, never outside strings.
 *
 * The syntax is that of the HTML Living Standard, "The HTML syntax"; elements other than
 * those within a line begin on a new one, so that pages can be read and compared.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "util/cleanup.h"
#include "util/embedded.h"

struct html;

/* @return an empty document: "<!doctype html>" and nothing open */
struct html *html_create(void);
void html_destroy(struct html *h);
DEFINE_CLEANUP(cleanup_html_p, struct html *, html_destroy)
#define cleanup_html cleanup_with(cleanup_html_p)

/*
 * Opens an element: html_open(h, "td", "class", css, NULL).
 * Pairs of attribute name and value follow; a value of NULL leaves its attribute out, ""
 * makes it a flag. href and src are asserted to be safe: those of outside go to
 * html_href. Void elements (br, meta, …) are complete at once and are not closed.
 */
void html_open(struct html *h, const char *tag, ...) __attribute__((sentinel));
/* Closes the innermost element, which must be this one. */
void html_close(struct html *h, const char *tag);
/* An element with nothing but text: html_leaf(h, "td", text, "class", css, NULL). */
void html_leaf(struct html *h, const char *tag, const char *text, ...)
	__attribute__((sentinel));

/* Text in the innermost element; NULL is no text. Never in script or style. */
void html_text(struct html *h, const char *text);
void html_printf(struct html *h, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A link. Where url is not safe (below) or NULL, the text alone. */
void html_href(struct html *h, const char *url, const char *text);

/*
 * Whether an address may stand in href or src: http and https, or relative ("x/y",
 * "../", "#a", "?q"). Nothing that a browser could read as another scheme, no host
 * without a scheme ("//host"), no controls, blanks or backslashes: browsers drop or turn
 * these before they look (WHATWG URL, "basic URL parser").
 */
bool html_url_is_safe(const char *url);

/* A file of web/assets, as it is: the only way in for markup. */
void html_prose(struct html *h, const struct embedded *file);

/*
 * Ends the document; all elements must be closed.
 * @param ret_size  may be NULL
 * @return its bytes, NUL-terminated, the caller's to free; h is an empty document again
 */
char *html_finish(struct html *h, size_t *ret_size);
