/* page_index.c: the front page. */
#include "web/pages.h"

#include <inttypes.h>

#include "util/alloc.h"
#include "util/array.h"
#include "web/gpu_table.h"
#include "web/layout.h"
#include "web/signature_table.h"
#include "web/thread_link.h"

/* So many rows of each class: the harmless ones are what most people meet. */
static const size_t shown_of_class[] = {
	[SIGNATURE_HARMLESS] = 3,
	[SIGNATURE_DEPENDS] = 1,
	[SIGNATURE_TROUBLE] = 1,
};
#define SIGNATURES_SHOWN 5

static size_t choose_signatures(const struct page_index *page,
				struct signature ret[SIGNATURES_SHOWN])
{
	size_t of_class[ARRAY_SIZE(shown_of_class)] = { 0 };
	size_t n = 0;
	for (size_t i = 0; i < page->n_signatures && n < SIGNATURES_SHOWN; i++) {
		enum signature_class class = page->signatures[i].class;
		if (of_class[class]++ < shown_of_class[class])
			ret[n++] = page->signatures[i];
	}
	return n;
}

static void write_counts(struct html *h, const struct view_counts *counts, bool measured)
{
	cleanup_free char *machines =
		layout_count(counts->machines, "machine measured", "machines measured");
	cleanup_free char *reports = layout_count(counts->reports, "public report read",
						  "public reports read");
	html_open(h, "p", "class", "lead", NULL);
	html_open(h, "strong", NULL);
	html_printf(h, "%s%s. %s.", machines, counts->machines ? "" : " so far", reports);
	html_close(h, "strong");
	if (!measured)
		html_text(h, " That is too little to say which driver to install. It is "
			     "enough for the answers below.");
	html_close(h, "p");
}

static void write_hero(struct html *h, const struct page_index *page, bool measured)
{
	html_leaf(h, "h1", "Does my GPU work in WSL2?", NULL);
	html_open(h, "div", "class", "hero", NULL);
	html_open(h, "div", NULL);
	write_counts(h, page->counts, measured);
	html_leaf(h, "p",
		  "WSL2 gives Linux one narrow door to the Windows GPU. When it sticks, "
		  "the "
		  "error appears three floors up. dxgmatrix climbs the stack from the "
		  "bottom and names the lowest broken floor.",
		  "class", "soft", NULL);
	html_close(h, "div");
	html_open(h, "div", NULL);
	html_leaf(h, "p", "Run it on yours: two commands, seconds, nothing is sent.",
		  NULL);
	html_leaf(h, "pre", "./quickstart.sh\nbuild/release/dxgmatrix run", NULL);
	html_leaf(h, "p",
		  "The first builds it, the second can be repeated after every update.",
		  "class", "note", NULL);
	html_close(h, "div");
	html_close(h, "div");
}

static void write_signatures(struct html *h, const struct page_index *page)
{
	if (!page->n_signatures)
		return;
	html_open(h, "section", NULL);
	html_leaf(h, "h2", "Are these kernel lines my problem?", NULL);
	struct signature shown[SIGNATURES_SHOWN];
	size_t n = choose_signatures(page, shown);
	signature_table_write(h, shown, n,
			      "Lines of dmesg, and what each says by itself");
	html_open(h, "p", NULL);
	cleanup_free char *all = xasprintf("All %zu lines", page->n_signatures);
	layout_link(h, "", "signatures/index.html", all);
	html_close(h, "p");
	html_close(h, "section");
}

static void write_limit(struct html *h, const struct limit *limit)
{
	html_open(h, "div", NULL);
	html_leaf(h, "dt", limit->what, NULL);
	html_open(h, "dd", NULL);
	html_text(h, limit->why);
	for (size_t i = 0; i < ARRAY_SIZE(limit->sources) && limit->sources[i]; i++) {
		html_text(h, i ? ", " : " ");
		thread_write(h, limit->sources[i]);
	}
	html_close(h, "dd");
	html_close(h, "div");
}

static void write_limits(struct html *h, const struct page_index *page)
{
	static const char *const titles[LIMIT_KIND_COUNT] = {
		[LIMIT_TODAY] = "Can\xE2\x80\x99t work today, whatever you install",
		[LIMIT_MENDED] = "Often mended in minutes",
	};
	if (!page->n_limits)
		return;
	html_open(h, "div", "class", "pair", NULL);
	for (int kind = 0; kind < LIMIT_KIND_COUNT; kind++) {
		html_open(h, "section", NULL);
		html_leaf(h, "h2", titles[kind], NULL);
		html_open(h, "dl", "class", "limits", NULL);
		for (size_t i = 0; i < page->n_limits; i++)
			if (page->limits[i].kind == (enum limit_kind)kind)
				write_limit(h, &page->limits[i]);
		html_close(h, "dl");
		html_close(h, "section");
	}
	html_close(h, "div");
	html_leaf(h, "p", "As of " LIMITS_DATE ".", "class", "note", NULL);
}

static void write_all_link(struct html *h, const struct view_gpus *gpus)
{
	cleanup_free char *all = xasprintf("All %zu GPUs", gpus->n);
	layout_link(h, "", "gpu/index.html", all);
}

static void write_measured(struct html *h, const struct view_gpus *gpus)
{
	html_open(h, "section", NULL);
	html_leaf(h, "h2", "What works, by GPU", NULL);
	gpu_table_write_measured(h, gpus->gpu, gpus->n, PAGE_INDEX_GPUS, "");
	html_open(h, "p", NULL);
	write_all_link(h, gpus);
	html_close(h, "p");
	html_close(h, "section");
}

static void write_reports(struct html *h, const struct page_index *page)
{
	if (!page->counts->reports)
		return;
	html_open(h, "section", NULL);
	html_leaf(h, "h2", "Reports by GPU", NULL);
	gpu_table_write_reports(h, page->gpus->gpu, page->gpus->n, PAGE_INDEX_GPUS, "");
	html_open(h, "p", "class", "note", NULL);
	html_text(h, "People report failures more than successes. These are not odds. ");
	write_all_link(h, page->gpus);
	html_close(h, "p");
	html_close(h, "section");
}

void page_index(struct html *h, const struct page_index *page)
{
	static const struct page frame = {
		.description =
			"Which GPUs and NPUs work inside WSL2, with which Windows "
			"driver and WSL version, on what evidence; and which kernel "
			"log lines mean nothing.",
		.root = "",
		.section = SECTION_NONE,
	};
	bool measured = gpu_table_is_measured(page->gpus->gpu, page->gpus->n);

	layout_begin(h, &frame);
	write_hero(h, page, measured);
	if (measured)
		write_measured(h, page->gpus);
	write_signatures(h, page);
	write_limits(h, page);
	write_reports(h, page);
	layout_end(h, &frame);
}
