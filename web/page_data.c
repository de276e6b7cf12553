/* page_data.c: what there is for programs. */
#include "web/pages.h"

#include <inttypes.h>

#include "util/alloc.h"
#include "util/array.h"
#include "web/layout.h"

static void write_loose(struct html *h, const struct page_data *page)
{
	static const char *const titles[] = { "Result", "When", "Says", NULL };
	if (!page->n_loose)
		return;
	html_open(h, "section", NULL);
	html_leaf(h, "h2", "Results of no GPU", NULL);
	layout_table_begin(
		h, "Of machines without WSL2 or without a GPU; they are in no count",
		"stack");
	layout_table_head(h, titles);
	for (size_t i = 0; i < page->n_loose; i++) {
		const struct loose_record *record = &page->loose[i];
		cleanup_free char *url =
			xasprintf("record/%s/index.html", record->address);
		html_open(h, "tr", NULL);
		html_open(h, "th", "scope", "row", NULL);
		layout_link(h, "../", url, record->address);
		html_close(h, "th");
		layout_cell(h, "when", record->date, "version date");
		html_leaf(h, "td", record->says, NULL);
		html_close(h, "tr");
	}
	layout_table_end(h);
	html_close(h, "section");
}

void page_data(struct html *h, const struct page_data *page)
{
	static const struct page frame = {
		.title = "Data",
		.description = "The same facts for programs: JSON beside the pages.",
		.root = "../",
		.section = SECTION_DATA,
	};
	static const struct {
		const char *address, *what;
	} files[] = {
		{ "gpu/index.json", "every GPU: address, ids, names, how much is known" },
		{ "gpu/ADDRESS/data.json", "one GPU: verdicts, set-ups and reports" },
		{ "record/ADDRESS/record.json", "one record as its machine signed it, "
						"byte for byte; a GPU\xE2\x80\x99s and a "
						"set-up\xE2\x80\x99s page link to it" },
	};

	const struct view_counts *counts = page->counts;
	layout_begin(h, &frame);
	html_leaf(h, "h1", "Data", NULL);
	html_leaf(h, "p", "What the pages say, for programs. No key, no sign-up.",
		  "class", "lead", NULL);
	html_open(h, "p", NULL);
	html_printf(h,
		    "%" PRId64 " records of %" PRId64 " GPUs in %" PRId64
		    " set-ups; %" PRId64 " machines measured, %" PRId64 " reports",
		    counts->records, counts->gpus, counts->combinations, counts->machines,
		    counts->reports);
	if (*counts->today)
		html_printf(h, "; the newest is of %s", counts->today);
	html_text(h, ".");
	html_close(h, "p");

	html_open(h, "section", NULL);
	html_leaf(h, "h2", "Files", NULL);
	html_open(h, "dl", "class", "limits", NULL);
	for_each_row(file, files) {
		html_open(h, "div", NULL);
		html_open(h, "dt", NULL);
		html_leaf(h, "code", file->address, NULL);
		html_close(h, "dt");
		html_leaf(h, "dd", file->what, NULL);
		html_close(h, "div");
	}
	html_close(h, "dl");
	html_open(h, "p", NULL);
	layout_link(h, "../", "gpu/index.json", "gpu/index.json");
	html_text(h,
		  " is where to start. Unknown is absent or null, never 0. Numbers are "
		  "counts, or carry their unit in their name.");
	html_close(h, "p");
	html_close(h, "section");
	write_loose(h, page);
	layout_end(h, &frame);
}
