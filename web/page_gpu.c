/* page_gpu.c: one GPU: what machines measured, what people reported, what to try. */
#include "web/pages.h"

#include <inttypes.h>
#include <string.h>

#include "diagnosis/gpu.h"
#include "diagnosis/road.h"
#include "util/alloc.h"
#include "util/array.h"
#include "web/ladder.h"
#include "web/layout.h"
#include "web/names.h"
#include "web/scope_answer.h"
#include "web/thread_link.h"
#include "web/verdict_mark.h"

static const char root[] = "../../";

static void write_title(struct html *h, const struct view_gpu *gpu)
{
	const struct crumb crumbs[] = {
		{ "gpu/index.html", "GPUs" },
		{ NULL, gpu_name(gpu) },
		{ NULL, NULL },
	};
	layout_crumbs(h, root, crumbs);
	html_open(h, "h1", NULL);
	html_text(h, gpu_name(gpu));
	if (gpu->pci && gpu->name) {
		html_text(h, " ");
		html_leaf(h, "span", gpu->pci, "class", "version", NULL);
	}
	html_close(h, "h1");

	const char *vendor = gpu_vendor_title(gpu->vendor);
	html_open(h, "ul", "class", "setup", NULL);
	if (vendor)
		html_leaf(h, "li", vendor, NULL);
	if (!gpu->pci)
		html_leaf(h, "li", "known by name only, no id was given", NULL);
	for (size_t i = 0; i < gpu->names.n; i++) {
		html_open(h, "li", NULL);
		html_printf(h, "also called %s", gpu->names.string[i]);
		html_close(h, "li");
	}
	if (!vendor && gpu->pci && !gpu->names.n)
		html_leaf(h, "li", "a vendor we have no name for", NULL);
	html_close(h, "ul");
}

/* "A", "B", … "Z", "AA". */
static void report_letter(size_t index, char ret[4])
{
	char *out = ret;
	if (index >= 26)
		*out++ = (char)('A' + (index / 26 - 1) % 26);
	*out++ = (char)('A' + index % 26);
	*out = '\0';
}

static enum mark mark_of_claim(const struct view_claim *claim)
{
	if (claim->working)
		return MARK_WORKS;
	if (claim->failing)
		return MARK_FAILS;
	return claim->outcome == OUTCOME_FALLBACK ? MARK_CPU : MARK_UNKNOWN;
}

static void write_claims(struct html *h, const struct view_report *report)
{
	html_open(h, "td", NULL);
	if (!report->n_claims)
		html_leaf(h, "span", "nothing that decides", "class", "soft", NULL);
	else
		html_open(h, "ul", "class", "plain", NULL);
	for (size_t i = 0; i < report->n_claims; i++) {
		const struct view_claim *claim = &report->claims[i];
		enum mark mark = mark_of_claim(claim);
		cleanup_free char *words =
			xasprintf("%s: %s", road_title(claim->interface),
				  mark == MARK_FAILS ? outcome_rows[claim->outcome].words
						     : mark_rows[mark].words);
		html_open(h, "li", NULL);
		mark_write(h, mark, true, words);
		html_close(h, "li");
	}
	if (report->n_claims)
		html_close(h, "ul");
	html_close(h, "td");
}

static void write_posts(struct html *h, const struct view_report *report,
			const struct linked_records *linked)
{
	html_open(h, "td", "data-label", "source", NULL);
	html_open(h, "ul", "class", "plain", NULL);
	for (size_t i = 0; i < report->n_posts; i++) {
		const struct view_post *post = &report->posts[i];
		char address[VIEW_RECORD_ADDRESS_SIZE];
		page_record_address(post->id, address);
		html_open(h, "li", NULL);
		if (post->url)
			thread_write(h, post->url);
		else
			html_text(h, "not public");
		if (linked_records_has(linked, post->id)) {
			cleanup_free char *page =
				xasprintf("%srecord/%s/index.html", root, address);
			cleanup_free char *label =
				xasprintf("what was read, %s", address);
			html_text(h, " \xC2\xB7 ");
			html_leaf(h, "a", "what was read", "href", page, "aria-label",
				  label, NULL);
		}
		html_close(h, "li");
	}
	html_close(h, "ul");
	html_close(h, "td");
}

static void write_report(struct html *h, const struct view_report *report, size_t index,
			 const struct linked_records *linked)
{
	char letter[4];
	report_letter(index, letter);
	html_open(h, "tr", NULL);
	html_leaf(h, "th", letter, "scope", "row", NULL);
	write_claims(h, report);
	layout_cell(h, "driver", report->driver ? report->driver : report->driver_public,
		    "version");
	layout_cell(h, "WSL", report->wsl, "version");
	layout_cell(h, "kernel", report->kernel, "version");
	layout_cell(h, "when", report->date, "version date");
	write_posts(h, report, linked);
	html_close(h, "tr");
}

static void write_reports(struct html *h, const struct view_gpu_page *page,
			  const struct linked_records *linked)
{
	static const char *const titles[] = { "Report", "What", "Driver", "WSL",
					      "Kernel", "When", "Source", NULL };
	if (!page->n_reports)
		return;
	html_open(h, "section", NULL);
	html_leaf(h, "h2", "What is reported", NULL);
	layout_table_begin(h,
			   "A report is somebody\xE2\x80\x99s word, one line per author",
			   "stack");
	layout_table_head(h, titles);
	for (size_t i = 0; i < page->n_reports; i++)
		write_report(h, &page->reports[i], i, linked);
	layout_table_end(h);
	html_leaf(h, "p",
		  "Two reports need not contradict each other: another API, another "
		  "driver, "
		  "other packages. A dash is what the author did not say.",
		  "class", "note", NULL);
	html_close(h, "section");
}

static void write_grid(struct html *h, const struct view_gpu_page *page)
{
	size_t n_wsls = page->wsls.n;
	if (!page->drivers.n || !n_wsls)
		return;
	const char **titles = xcalloc(n_wsls + 2, sizeof(*titles));
	titles[0] = "Driver \\ WSL";
	memcpy(titles + 1, page->wsls.string, n_wsls * sizeof(*titles));

	html_open(h, "section", NULL);
	html_leaf(h, "h2", "DXG, by driver and WSL", NULL);
	layout_table_begin(
		h,
		"Windows driver (down) and WSL (across): sign and machines; works "
		": fails where they disagree; (reports alone)",
		"grid");
	layout_table_head(h, titles);
	for (size_t d = 0; d < page->drivers.n; d++) {
		html_open(h, "tr", NULL);
		html_leaf(h, "th", page->drivers.string[d], "scope", "row", NULL);
		for (size_t w = 0; w < n_wsls; w++) {
			const struct view_cell *cell = &page->cells[d * n_wsls + w];
			html_open(h, "td", NULL);
			if (cell->present)
				verdict_write_cell(
					h, mark_of_door(&cell->door, cell->door_to_fence),
					&cell->door, cell->reports);
			else
				mark_write_sign(h, MARK_UNKNOWN, false);
			html_close(h, "td");
		}
		html_close(h, "tr");
	}
	layout_table_end(h);
	html_close(h, "section");
	free(titles);
}

static void write_try(struct html *h, const struct view_scope *scope)
{
	bool any = false;
	for (size_t i = 0; i < scope->n_interfaces; i++)
		any |= scope->interfaces[i].working > 0 ||
		       mark_of_interface(&scope->interfaces[i]) == MARK_WORKS;
	if (!any)
		return;
	html_open(h, "section", NULL);
	html_leaf(h, "h2", "What to try, best supported first", NULL);
	html_open(h, "ol", NULL);
	for (int measured = 1; measured >= 0; measured--) {
		for (size_t i = 0; i < scope->n_interfaces; i++) {
			const struct view_interface *interface = &scope->interfaces[i];
			bool works = mark_of_interface(interface) == MARK_WORKS;
			if (works != measured || (!works && !interface->working))
				continue;
			html_open(h, "li", NULL);
			html_leaf(h, "strong", road_title(interface->interface), NULL);
			if (works)
				html_printf(h,
					    ": measured working on %" PRId64
					    " of %" PRId64 " machines that tried it",
					    interface->rungs[RUNG_LAUNCH].votes.good,
					    interface->machines);
			else
				html_printf(
					h,
					": reported working on this GPU (%" PRId64 " %s)",
					interface->working,
					interface->working == 1 ? "report" : "reports");
			html_close(h, "li");
		}
	}
	html_close(h, "ol");
	html_close(h, "section");
}

static void write_driver(struct html *h, const struct view_gpu_page *page)
{
	html_open(h, "section", NULL);
	html_leaf(h, "h2", "Which driver?", NULL);
	if (page->gpu.scope.machines) {
		html_leaf(h, "p",
			  "What was measured stands in the table above. A driver that is "
			  "not in it is not known, neither good nor bad.",
			  NULL);
	} else if (page->drivers.n) {
		html_open(h, "p", NULL);
		html_text(
			h,
			"Not known: nobody has measured one. Newest named in a report: ");
		html_leaf(h, "span", page->drivers.string[0], "class", "version", NULL);
		html_text(h, "; every later one is unmeasured.");
		html_close(h, "p");
	} else {
		html_leaf(h, "p",
			  "Not known: nobody has measured one, and no report names one.",
			  NULL);
	}
	html_leaf(h, "p", "The run that would help most: any driver, on this GPU.", NULL);
	html_leaf(h, "pre", "dxgmatrix run", NULL);
	html_close(h, "section");
}

/* A driver, with a link to the set-up's page. */
static void write_combination(struct html *h, const struct view_combination *combination)
{
	cleanup_free char *address =
		xasprintf("combination/%s/index.html", combination->address);
	cleanup_free char *machines = xasprintf("%" PRId64, combination->machines);
	cleanup_free char *reports = xasprintf("%" PRId64, combination->reports);
	html_open(h, "tr", NULL);
	html_open(h, "th", "scope", "row", "class", "version", NULL);
	layout_link(h, root, address,
		    combination->driver ? combination->driver : "driver not known");
	html_close(h, "th");
	layout_cell(h, "WSL", combination->wsl, "version");
	layout_cell(h, "kernel", combination->kernel, "version");
	layout_cell(h, "Windows", combination->windows, "version");
	layout_cell(h, "machines", machines, NULL);
	layout_cell(h, "reports", reports, NULL);
	layout_cell(h, "newest", combination->newest, "version date");
	html_close(h, "tr");
}

static void write_combinations(struct html *h, const struct view_gpu_page *page)
{
	static const char *const titles[] = { "Driver",   "WSL",     "Kernel", "Windows",
					      "Machines", "Reports", "Newest", NULL };
	if (!page->n_combinations)
		return;
	html_open(h, "section", NULL);
	html_leaf(h, "h2", "Set-ups", NULL);
	layout_table_begin(h, "Every combination of versions that was named", "stack");
	layout_table_head(h, titles);
	for (size_t i = 0; i < page->n_combinations; i++)
		write_combination(h, &page->combinations[i]);
	layout_table_end(h);
	html_close(h, "section");
}

void page_gpu(struct html *h, const struct view_gpu_page *page,
	      const struct linked_records *linked)
{
	const struct view_gpu *gpu = &page->gpu;
	cleanup_free char *title = xasprintf("%s in WSL2", gpu_name(gpu));
	cleanup_free char *description =
		xasprintf("Does %s work in WSL2? %" PRId64 " machines measured, %" PRId64
			  " reports, by driver and WSL version.",
			  gpu_name(gpu), gpu->scope.machines, gpu->scope.reports);
	const struct page frame = {
		.title = title,
		.description = description,
		.root = root,
		.section = SECTION_NONE,
	};
	layout_begin(h, &frame);
	write_title(h, gpu);
	scope_answer_write(h, &gpu->scope, "Does it work in WSL2?");
	if (gpu->scope.machines)
		write_grid(h, page);
	ladder_write(h, &gpu->scope, "How far each API climbs");
	write_reports(h, page, linked);
	write_try(h, &gpu->scope);
	write_driver(h, page);
	write_combinations(h, page);
	html_open(h, "ul", "class", "links", NULL);
	html_open(h, "li", NULL);
	html_href(h, "data.json", "This page as JSON");
	html_close(h, "li");
	html_close(h, "ul");
	layout_end(h, &frame);
}
