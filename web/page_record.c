/* page_record.c: one record: the picture of it, then everything that it holds. */
#include "web/pages.h"

#include <inttypes.h>
#include <string.h>

#include "diagnosis/road.h"
#include "util/alloc.h"
#include "util/array.h"
#include "web/layout.h"
#include "web/markdown.h"
#include "web/names.h"
#include "web/picture.h"
#include "web/signature_table.h"
#include "web/thread_link.h"
#include "web/trace_table.h"

static const char root[] = "../../";

void page_record_address(const char *id, char ret[VIEW_RECORD_ADDRESS_SIZE])
{
	const char *colon = strchr(id, ':');
	snprintf(ret, VIEW_RECORD_ADDRESS_SIZE, "%s", colon ? colon + 1 : id);
}

static const char *kind_words(const struct record *record)
{
	if (record->source.kind == SOURCE_HARVESTED)
		return "Report";
	return record->key ? "Result" : "Unsigned result";
}

static void write_title(struct html *h, const struct record *record)
{
	const struct adapter *adapter = &record->combination.adapter;
	char address[COMBINATION_ADDRESS_SIZE];
	combination_address(&record->combination, address);
	cleanup_free char *gpu = view_gpu_address(record);
	cleanup_free char *gpu_page = gpu ? xasprintf("gpu/%s/index.html", gpu) : NULL;
	cleanup_free char *combination = xasprintf("combination/%s/index.html", address);
	const struct crumb crumbs[] = {
		{ "gpu/index.html", "GPUs" },
		{ gpu_page, adapter_name(adapter) },
		{ gpu_page ? combination : NULL, "Set-up" },
		{ NULL, kind_words(record) },
		{ NULL, NULL },
	};
	layout_crumbs(h, root, gpu_page ? crumbs : crumbs + 3);
	html_open(h, "h1", NULL);
	html_text(h, adapter_name(adapter));
	if (record->time) {
		html_text(h, " ");
		html_leaf(h, "span", record->time, "class", "version", NULL);
	}
	html_close(h, "h1");
}

/* Where it comes from and what that is worth. */
static void write_source(struct html *h, const struct record *record)
{
	html_open(h, "p", "class", "soft", NULL);
	if (record->source.kind == SOURCE_HARVESTED) {
		html_text(h, "A report: read from ");
		if (record->source.url)
			thread_write(h, record->source.url);
		else
			html_text(h, "a text that is not public");
		html_text(h,
			  ". Nobody measured it; what the text does not say is absent.");
	} else if (record->key) {
		html_text(h, "Measured, and signed by the machine ");
		html_open(h, "code", NULL);
		html_printf(h, "%.24s", record->key);
		html_text(h, "\xE2\x80\xA6");
		html_close(h, "code");
		if (record->run_n >= 0)
			html_printf(h, ", its run %" PRId64, record->run_n);
		html_text(h,
			  ". The signature is good: two results under it come from one "
			  "machine.");
	} else {
		html_text(h, "Measured, but not signed: it counts as a report.");
	}
	html_close(h, "p");
}

static void write_log(struct html *h, const struct record *record)
{
	static const char *const titles[] = { "Line", "By itself", "Times", NULL };
	const struct kernel_log *log = &record->kernel_log;
	if (!log->failed.n && !log->other.n && !log->unread)
		return;
	html_open(h, "section", NULL);
	html_leaf(h, "h2", "Kernel lines of dxg", NULL);
	if (log->unread)
		html_leaf(h, "p", log->unread, NULL);
	if (log->failed.n) {
		layout_table_begin(h,
				   "What the log held, and what each line says by itself",
				   "stack");
		layout_table_head(h, titles);
	}
	for (size_t i = 0; i < log->failed.n; i++) {
		const struct failure *failure = &log->failed.failure[i];
		const struct signature *known =
			signature_find(failure->ioctl, failure->error);
		cleanup_free char *count = xasprintf("%" PRId64, failure->count);
		html_open(h, "tr", NULL);
		html_open(h, "th", "scope", "row", NULL);
		signature_write_line(h, failure->ioctl, failure->error);
		if (known)
			html_leaf(h, "span", known->meaning, "class", "meaning", NULL);
		html_close(h, "th");
		html_open(h, "td", NULL);
		if (known)
			signature_write_class(h, known->class);
		else
			html_leaf(h, "span", "not met before", "class", "soft", NULL);
		html_close(h, "td");
		layout_cell(h, "times", count, NULL);
		html_close(h, "tr");
	}
	if (log->failed.n)
		layout_table_end(h);
	if (log->other.n) {
		html_leaf(h, "h3", "Other lines", NULL);
		html_open(h, "pre", "tabindex", "0", NULL);
		for (size_t i = 0; i < log->other.n; i++)
			html_printf(h, "%s%s", i ? "\n" : "", log->other.string[i]);
		html_close(h, "pre");
	}
	html_close(h, "section");
}

static void write_fact(struct html *h, const char *title, const char *value)
{
	if (!value)
		return;
	html_open(h, "div", NULL);
	html_leaf(h, "dt", title, NULL);
	html_leaf(h, "dd", value, "class", "version", NULL);
	html_close(h, "div");
}

static void write_packages(struct html *h, const struct combination *combination)
{
	if (!combination->n_packages)
		return;
	cleanup_free char *title =
		layout_count((long)combination->n_packages, "package of the distribution",
			     "packages of the distribution");
	html_open(h, "details", "open", combination->n_packages <= 6 ? "" : NULL, NULL);
	html_leaf(h, "summary", title, NULL);
	html_open(h, "dl", "class", "facts", NULL);
	for (size_t i = 0; i < combination->n_packages; i++)
		write_fact(h, combination->packages[i].name,
			   combination->packages[i].version);
	html_close(h, "dl");
	html_close(h, "details");
}

static void write_setup(struct html *h, const struct record *record)
{
	const struct combination *combination = &record->combination;
	html_open(h, "section", NULL);
	html_leaf(h, "h2", "Set-up", NULL);
	html_open(h, "dl", "class", "facts", NULL);
	write_fact(h, "Adapter", combination->adapter.name);
	write_fact(h, "PCI id", combination->adapter.pci);
	write_fact(h, "Windows driver", combination->driver);
	write_fact(h, "Windows driver, as written", combination->driver_public);
	write_fact(h, "Driver date", combination->driver_date);
	write_fact(h, "Driver INF", combination->driver_inf);
	for (int component = 0; component < COMPONENT_COUNT; component++)
		if (component != COMPONENT_DRIVER)
			write_fact(h, component_titles[component],
				   combination_version(combination,
						       (enum component)component));
	write_fact(h, "Distribution", combination->distro);
	write_fact(h, "Environment", environment_names[record->environment.kind]);
	html_close(h, "dl");
	write_packages(h, combination);
	html_close(h, "section");
}

static void write_rung(struct html *h, const struct result *result,
		       const struct rung_result *rung)
{
	cleanup_free char *ms =
		rung->ms >= 0 ? xasprintf("%" PRId64 " ms", rung->ms) : NULL;
	html_open(h, "tr", "class", outcome_rows[rung->outcome].css, NULL);
	html_open(h, "th", "scope", "row", "class", "floor", NULL);
	html_printf(h, "%s %s", road_title(result->interface),
		    rung_rows[rung->rung].name);
	if (result->role == ROLE_CONTROL)
		html_leaf(h, "span", " our own check", "class", "meaning", NULL);
	html_close(h, "th");
	html_leaf(h, "td", outcome_rows[rung->outcome].words, "class", "word", NULL);
	layout_cell(h, "time", ms, "version");
	html_open(h, "td", "class", "detail", NULL);
	if (rung->blocked)
		html_printf(h, "needs %s. ", rung_rows[rung->by].name);
	if (*reason_rows[rung->reason].words)
		html_printf(h, "%s. ", reason_rows[rung->reason].words);
	if (rung->n_tries > 1)
		html_printf(h, "%zu tries. ", rung->n_tries);
	for (size_t i = 0; i < rung->findings.n; i++) {
		const struct finding_value *finding = &rung->findings.finding[i];
		html_open(h, "span", "class", "finding", NULL);
		html_printf(h, "%s ", finding->name);
		html_open(h, "code", NULL);
		if (finding->kind == FINDING_STRING)
			html_text(h, finding->string);
		else
			html_printf(h, "%" PRId64, finding->integer);
		html_close(h, "code");
		html_close(h, "span");
		html_text(h, " ");
	}
	html_close(h, "td");
	html_close(h, "tr");
}

static void write_rungs(struct html *h, const struct record *record)
{
	static const char *const titles[] = { "Step", "How it went", "Time", "Seen",
					      NULL };
	size_t n = 0;
	for (size_t i = 0; i < record->n_results; i++)
		n += record->results[i].n_rungs;
	if (!n)
		return;
	html_open(h, "details", NULL);
	cleanup_free char *title = xasprintf("Every step (%zu)", n);
	html_leaf(h, "summary", title, NULL);
	layout_table_begin(h, "Every step in the order it was climbed", "floors stack");
	layout_table_head(h, titles);
	for (size_t i = 0; i < record->n_results; i++)
		for (size_t k = 0; k < record->results[i].n_rungs; k++)
			write_rung(h, &record->results[i], &record->results[i].rungs[k]);
	layout_table_end(h);
	html_close(h, "details");
}

/* A member of the record in plain words, where it is one people know. */
static void write_pointer(struct html *h, const struct record *record,
			  const char *pointer)
{
	static const char results[] = "/results/", parts[] = "/combination/";
	static const char *const components[COMPONENT_COUNT] = {
#define X(constant, member, below, title) below,
		COMPONENTS(X)
#undef X
	};
	if (!strncmp(pointer, results, strlen(results))) {
		char *end;
		unsigned long i = strtoul(pointer + strlen(results), &end, 10);
		if (i < record->n_results && (!*end || *end == '/')) {
			html_text(h, road_title(record->results[i].interface));
			return;
		}
	}
	if (!strncmp(pointer, parts, strlen(parts))) {
		for (int i = 0; i < COMPONENT_COUNT; i++) {
			if (strcmp(pointer + strlen(parts), components[i]))
				continue;
			html_text(h, component_titles[i]);
			return;
		}
	}
	html_leaf(h, "code", pointer, NULL);
}

static void write_evidence(struct html *h, const struct record *record)
{
	static const char *const titles[] = { "Says", "Line", "The text", NULL };
	if (!record->n_evidence)
		return;
	html_open(h, "section", NULL);
	html_leaf(h, "h2", "Evidence", NULL);
	layout_table_begin(h, "Where the text says it", "stack");
	layout_table_head(h, titles);
	for (size_t i = 0; i < record->n_evidence; i++) {
		const struct evidence *evidence = &record->evidence[i];
		cleanup_free char *line = evidence->line >= 0
						  ? xasprintf("%" PRId64, evidence->line)
						  : NULL;
		html_open(h, "tr", NULL);
		html_open(h, "th", "scope", "row", NULL);
		write_pointer(h, record, evidence->pointer);
		html_close(h, "th");
		layout_cell(h, "line", line, "version");
		html_open(h, "td", NULL);
		html_leaf(h, "q", evidence->text, NULL);
		html_close(h, "td");
		html_close(h, "tr");
	}
	layout_table_end(h);
	html_close(h, "section");
}

static void write_contradictions(struct html *h, const struct record *record)
{
	if (!record->n_contradictions)
		return;
	html_open(h, "section", NULL);
	html_leaf(h, "h2", "Contradictions", NULL);
	html_leaf(h, "p", "The text says two things; neither was taken.", NULL);
	html_open(h, "dl", "class", "limits", NULL);
	for (size_t i = 0; i < record->n_contradictions; i++) {
		const struct contradiction *contradiction = &record->contradictions[i];
		html_open(h, "div", NULL);
		html_open(h, "dt", NULL);
		write_pointer(h, record, contradiction->pointer);
		html_close(h, "dt");
		html_open(h, "dd", NULL);
		for (size_t k = 0; k < contradiction->values.n; k++) {
			html_text(h, k ? " or " : "");
			html_leaf(h, "q", contradiction->values.string[k], NULL);
		}
		html_close(h, "dd");
		html_close(h, "div");
	}
	html_close(h, "dl");
	html_close(h, "section");
}

static void write_copies(struct html *h, const struct record *record,
			 const struct answer *answer)
{
	cleanup_free char *markdown = markdown_of_record(record, answer);
	html_open(h, "details", NULL);
	html_leaf(h, "summary", "Copy as Markdown", NULL);
	html_leaf(h, "pre", markdown, "tabindex", "0", NULL);
	html_close(h, "details");
	html_open(h, "ul", "class", "links", NULL);
	html_open(h, "li", NULL);
	html_href(h, "record.json", "The record as JSON");
	html_close(h, "li");
	html_open(h, "li", "class", "soft", NULL);
	html_leaf(h, "code", record->id, NULL);
	html_close(h, "li");
	html_close(h, "ul");
}

void page_record(struct html *h, const struct record *record, const struct answer *answer)
{
	const char *name = adapter_name(&record->combination.adapter);
	cleanup_free char *title =
		xasprintf("%s: %s%s%s", kind_words(record), name,
			  record->time ? ", " : "", record->time ? record->time : "");
	cleanup_free char *description =
		xasprintf("%s on %s in WSL2: %s", kind_words(record), name,
			  answer->headline.n ? answer->headline.string[0] : "");
	const struct page frame = {
		.title = title,
		.description = description,
		.root = root,
		.section = SECTION_NONE,
	};
	layout_begin(h, &frame);
	write_title(h, record);
	write_source(h, record);
	picture_write_answer(h, answer);
	picture_write_body(h, answer, record->source.kind == SOURCE_HARVESTED);
	write_log(h, record);
	trace_tables_write(h, record);
	write_contradictions(h, record);
	write_evidence(h, record);
	write_setup(h, record);
	write_rungs(h, record);
	write_copies(h, record, answer);
	layout_end(h, &frame);
}
