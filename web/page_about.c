/* page_about.c, with its prose in assets/about.html. */
#include "embed/web_asset.h"
#include "web/layout.h"
#include "web/mark.h"
#include "web/pages.h"

void page_about(struct html *h)
{
	static const struct page frame = {
		.title = "About",
		.description =
			"What dxgmatrix is, what its words mean, how counts become "
			"words and what they cannot know.",
		.root = "../",
		.section = SECTION_ABOUT,
	};
	layout_begin(h, &frame);
	html_prose(h, &asset_about_html);
	html_open(h, "section", NULL);
	html_leaf(h, "h2", "The signs", NULL);
	mark_write_key(h);
	html_close(h, "section");
	layout_end(h, &frame);
}
