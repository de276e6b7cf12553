/* page_combination.c: one set-up: the GPU with its versions, a line per machine. */
#include "web/pages.h"

#include <inttypes.h>

#include "util/alloc.h"
#include "util/array.h"
#include "web/ladder.h"
#include "web/layout.h"
#include "web/names.h"
#include "web/scope_answer.h"
#include "web/thread_link.h"

static const char root[] = "../../";

static void write_title(struct html *h, const struct view_combination_page *page)
{
	const struct view_combination *combination = &page->combination;
	cleanup_free char *gpu = xasprintf("gpu/%s/index.html", page->gpu.address);
	const struct crumb crumbs[] = {
		{ "gpu/index.html", "GPUs" },
		{ gpu, gpu_name(&page->gpu) },
		{ NULL, "Set-up" },
		{ NULL, NULL },
	};
	const struct {
		const char *title, *version;
	} parts[] = {
		{ "Windows driver", combination->driver },
		{ "WSL", combination->wsl },
		{ "Kernel", combination->kernel },
		{ "Windows", combination->windows },
	};

	layout_crumbs(h, root, page->gpu.address ? crumbs : crumbs + 2);
	html_open(h, "h1", NULL);
	html_text(h, gpu_name(&page->gpu));
	if (combination->driver) {
		html_text(h, " ");
		html_leaf(h, "span", combination->driver, "class", "version", NULL);
	}
	html_close(h, "h1");
	html_open(h, "dl", "class", "facts", NULL);
	for_each_row(part, parts) {
		html_open(h, "div", NULL);
		html_leaf(h, "dt", part->title, NULL);
		html_leaf(h, "dd", part->version ? part->version : "not known", "class",
			  part->version ? "version" : "soft", NULL);
		html_close(h, "div");
	}
	html_close(h, "dl");
}

static void write_answer(struct html *h, const struct view_combination_page *page)
{
	const struct view_combination *combination = &page->combination;
	if (combination->full) {
		scope_answer_write(h, &page->scope, "Does this set-up work in WSL2?");
		return;
	}
	cleanup_free char *machines = layout_count(
		(long)combination->machines, "machine measured", "machines measured");
	cleanup_free char *reports =
		layout_count((long)combination->reports, "report", "reports");
	html_open(h, "div", "class", "answer none", NULL);
	html_leaf(h, "p", "Does this set-up work in WSL2?", "class", "question", NULL);
	html_leaf(h, "p", "NOT KNOWN as a whole.", "class", "verdict", NULL);
	html_open(h, "p", NULL);
	html_printf(h,
		    "%s, %s. Parts of this set-up were not named, so it speaks for the "
		    "parts that were, and for nothing narrower.",
		    machines, reports);
	html_close(h, "p");
	html_close(h, "div");
}

static void write_row(struct html *h, const struct view_record_row *row,
		      const struct linked_records *linked)
{
	html_open(h, "tr", NULL);
	html_open(h, "th", "scope", "row", NULL);
	if (row->measured)
		html_printf(h, "Machine %" PRId64, row->machine);
	else
		html_text(h, "Report");
	html_close(h, "th");
	layout_cell(h, "when", row->date, "version date");
	html_open(h, "td", "data-label", "how far", NULL);
	html_open(h, "span", NULL);
	html_text(h, row->summary && *row->summary ? row->summary : "no results");
	if (row->superseded)
		html_leaf(h, "span", "replaced by a newer reading of the same text",
			  "class", "meaning", NULL);
	if (!row->in_table)
		html_leaf(h, "span", "not WSL2: stays out of the table", "class",
			  "meaning", NULL);
	html_close(h, "span");
	html_close(h, "td");
	html_open(h, "td", "data-label", "in full", NULL);
	html_open(h, "span", NULL);
	if (linked_records_has(linked, row->id)) {
		cleanup_free char *url =
			xasprintf("%srecord/%s/index.html", root, row->address);
		html_href(h, url, row->address);
	} else {
		html_leaf(h, "code", row->address, NULL);
	}
	if (row->url) {
		html_text(h, " \xC2\xB7 ");
		thread_write(h, row->url);
	}
	html_close(h, "span");
	html_close(h, "td");
	html_close(h, "tr");
}

/* For each row whether a newer one of the same machine stands above it. The caller's to
 * free. */
static bool *find_earlier(const struct view_combination_page *page)
{
	int64_t machines = 0;
	for (size_t i = 0; i < page->n_records; i++)
		if (page->records[i].machine > machines)
			machines = page->records[i].machine;
	cleanup_free bool *seen = xcalloc((size_t)machines + 1, sizeof(*seen));
	bool *earlier = xcalloc(page->n_records + 1, sizeof(*earlier));
	for (size_t i = 0; i < page->n_records; i++) {
		const struct view_record_row *row = &page->records[i];
		if (!row->measured || row->machine < 0)
			continue;
		earlier[i] = seen[row->machine];
		seen[row->machine] = true;
	}
	return earlier;
}

/* The rows that are earlier ones, or are not. */
static void write_rows(struct html *h, const struct view_combination_page *page,
		       const struct linked_records *linked, const bool *earlier,
		       bool which, const char *caption)
{
	static const char *const titles[] = { "From", "When", "How far", "In full",
					      NULL };
	layout_table_begin(h, caption, "stack");
	layout_table_head(h, titles);
	for (size_t i = 0; i < page->n_records; i++)
		if (earlier[i] == which)
			write_row(h, &page->records[i], linked);
	layout_table_end(h);
}

static void write_records(struct html *h, const struct view_combination_page *page,
			  const struct linked_records *linked)
{
	if (!page->n_records)
		return;
	cleanup_free bool *earlier = find_earlier(page);
	bool any = false;
	for (size_t i = 0; i < page->n_records; i++)
		any |= earlier[i];
	html_open(h, "section", NULL);
	html_leaf(h, "h2", "One line per machine", NULL);
	write_rows(h, page, linked, earlier, false,
		   "The newest result of each machine, then the reports");
	if (any) {
		html_open(h, "details", NULL);
		html_leaf(h, "summary", "Earlier results of these machines", NULL);
		write_rows(h, page, linked, earlier, true, "Earlier results");
		html_close(h, "details");
	}
	html_close(h, "section");
}

void page_combination(struct html *h, const struct view_combination_page *page,
		      const struct linked_records *linked)
{
	const struct view_combination *combination = &page->combination;
	cleanup_free char *title =
		xasprintf("%s, driver %s, WSL %s", gpu_name(&page->gpu),
			  combination->driver ? combination->driver : "not known",
			  combination->wsl ? combination->wsl : "not known");
	cleanup_free char *description = xasprintf(
		"%s in WSL2 with one set of versions: %" PRId64
		" machines measured, %" PRId64 " reports.",
		gpu_name(&page->gpu), combination->machines, combination->reports);
	const struct page frame = {
		.title = title,
		.description = description,
		.root = root,
		.section = SECTION_NONE,
	};
	layout_begin(h, &frame);
	write_title(h, page);
	write_answer(h, page);
	ladder_write(h, &page->scope, "The stack, step by step");
	write_records(h, page, linked);
	layout_end(h, &frame);
}
