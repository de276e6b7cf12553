/* The GPU half of view.h. */
#include "matrix/view.h"

#include <string.h>

#include "matrix/view_scope.h"
#include "record/version.h"
#include "util/alloc.h"

static const struct scope whole_gpu = { LEVEL_GPU, "", "", "", "" };

static struct error *load_whole(struct store *store, struct arena *arena,
				const char *address, struct view_gpu *ret)
{
	struct error *err = view_load_gpu(store, arena, address, ret);
	if (!err)
		err = view_load_scope(store, arena, address, &whole_gpu, &ret->scope);
	return err;
}

struct error *view_gpus(struct store *store, struct view_gpus *ret)
{
	struct view_gpus gpus = { 0 };
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_VIEW_GPUS);
	struct error *err;
	while (!(err = stmt_step(&stmt, &row)) && row) {
		err = load_whole(store, &gpus.arena, stmt_text(&stmt, "gpu"),
				 arena_push(&gpus.arena, gpus.gpu, gpus.n));
		if (err)
			break;
	}
	if (err)
		view_gpus_deinit(&gpus);
	else
		*ret = gpus;
	return err;
}

void view_gpus_deinit(struct view_gpus *gpus)
{
	arena_deinit(&gpus->arena);
	*gpus = (struct view_gpus){ 0 };
}

/* ---- reports ---- */

/* A report is the posts of one reporter; parts are the newest post's that states them. */
struct keyed_report {
	const char *reporter;
	struct view_report report;
};

struct reports {
	struct arena *arena;
	struct keyed_report *keyed; /* by reporter */
	size_t n;
};

static void take_part(struct arena *arena, struct stmt *stmt, const char *column,
		      const char **ret)
{
	if (!*ret)
		*ret = view_text(arena, stmt, column);
}

static void take_post(struct reports *reports, struct stmt *stmt)
{
	struct arena *arena = reports->arena;
	const char *reporter = stmt_text(stmt, "reporter");
	struct keyed_report *keyed = reports->n ? &reports->keyed[reports->n - 1] : NULL;
	if (!keyed || strcmp(keyed->reporter, reporter)) {
		keyed = arena_push(arena, reports->keyed, reports->n);
		keyed->reporter = arena_strdup(arena, reporter);
		keyed->report.measured = true;
	}
	struct view_report *report = &keyed->report;
	report->measured &= stmt_int(stmt, "from_tool", 0) != 0;
	take_part(arena, stmt, "driver", &report->driver);
	take_part(arena, stmt, "driver_public", &report->driver_public);
	take_part(arena, stmt, "wsl", &report->wsl);
	take_part(arena, stmt, "kernel", &report->kernel);
	take_part(arena, stmt, "windows", &report->windows);
	take_part(arena, stmt, "distro", &report->distro);
	take_part(arena, stmt, "date", &report->date);
	*arena_push(arena, report->posts, report->n_posts) =
		(struct view_post){ .id = view_text(arena, stmt, "id"),
				    .url = view_text(arena, stmt, "url"),
				    .date = view_text(arena, stmt, "date") };
}

static void take_claim(struct reports *reports, struct stmt *stmt, size_t *at)
{
	const char *reporter = stmt_text(stmt, "reporter");
	const char *interface = stmt_text(stmt, "interface");
	while (*at < reports->n && strcmp(reports->keyed[*at].reporter, reporter))
		(*at)++;
	if (*at == reports->n)
		return;
	enum outcome outcome = OUTCOME_ERROR;
	outcome_parse(stmt_text(stmt, "outcome"), &outcome);
	struct view_report *report = &reports->keyed[*at].report;
	struct view_claim *claim =
		report->n_claims ? &report->claims[report->n_claims - 1] : NULL;
	if (!claim || strcmp(claim->interface, interface)) {
		claim = arena_push(reports->arena, report->claims, report->n_claims);
		claim->interface = arena_strdup(reports->arena, interface);
		claim->outcome = outcome;
	}
	claim->working |= stmt_int(stmt, "working", 0) != 0;
	claim->failing |= stmt_int(stmt, "failing", 0) != 0;
	claim->outcome =
		claim->working ? OUTCOME_PASS : outcome_worse(claim->outcome, outcome);
}

static int compare_dates(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* Newest first; of one date by reporter, which the facts fix. */
static int compare_reports(const void *a, const void *b)
{
	const struct keyed_report *x = a, *y = b;
	int order = compare_dates(y->report.date, x->report.date);
	return order ? order : strcmp(x->reporter, y->reporter);
}

static struct error *load_reports(struct store *store, const char *address,
				  struct view_gpu_page *ret)
{
	struct reports reports = { .arena = &ret->arena };
	bool row = false;
	size_t at = 0;
	cleanup_stmt struct stmt posts, claims;
	stmt_open(&posts, store, QUERY_VIEW_POSTS);
	stmt_open(&claims, store, QUERY_VIEW_CLAIMS);
	stmt_bind_text(&posts, "gpu", address);
	stmt_bind_text(&claims, "gpu", address);
	struct error *err;
	while (!(err = stmt_step(&posts, &row)) && row)
		take_post(&reports, &posts);
	while (!err && !(err = stmt_step(&claims, &row)) && row)
		take_claim(&reports, &claims, &at);
	if (err || !reports.n)
		return err;
	qsort(reports.keyed, reports.n, sizeof(*reports.keyed), compare_reports);
	for (size_t i = 0; i < reports.n; i++)
		*arena_push(&ret->arena, ret->reports, ret->n_reports) =
			reports.keyed[i].report;
	return NULL;
}

/* ---- versions in their order ---- */

static uint16_t vendor_number(const struct view_gpu *gpu)
{
	return gpu->vendor ? (uint16_t)strtoul(gpu->vendor, NULL, 16) : 0;
}

/* Unknown before known; what is spelt strangely by its text. */
static int compare_versions(uint16_t vendor, const char *a, const char *b)
{
	struct version x, y;
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	int order = 0;
	if (version_parse(a, &x) && version_parse(b, &y))
		order = version_compare_driver(vendor, &x, &y);
	return order ? order : strcmp(a, b);
}

struct ordered {
	uint16_t vendor;
	const char *text;
};

static int compare_ordered(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;
	return compare_versions(x->vendor, x->text, y->text);
}

/* Sorts strings as versions; a vendor of 0 compares by all parts. */
static void sort_versions(struct strings *strings, uint16_t vendor, bool newest_first)
{
	size_t n = strings->n;
	cleanup_free struct ordered *ordered = xcalloc(n + 1, sizeof(*ordered));
	for (size_t i = 0; i < n; i++)
		ordered[i] = (struct ordered){ vendor, strings->string[i] };
	qsort(ordered, n, sizeof(*ordered), compare_ordered);
	for (size_t i = 0; i < n; i++)
		strings->string[i] = ordered[newest_first ? n - 1 - i : i].text;
}

/* ---- combinations ---- */

struct keyed_combination {
	uint16_t vendor;
	struct view_combination combination;
};

/* Newest driver first, then newest WSL, kernel, Windows; unknown last. */
static int compare_combinations(const void *a, const void *b)
{
	const struct keyed_combination *x = a, *y = b;
	const struct view_combination *p = &x->combination, *q = &y->combination;
	int order = compare_versions(x->vendor, q->driver, p->driver);
	if (!order)
		order = compare_versions(0, q->wsl, p->wsl);
	if (!order)
		order = compare_versions(0, q->kernel, p->kernel);
	if (!order)
		order = compare_versions(0, q->windows, p->windows);
	return order ? order : strcmp(p->address, q->address);
}

static struct error *load_door(struct store *store, struct arena *arena, const char *gpu,
			       struct view_combination *ret)
{
	struct view_scope scope;
	const struct scope exact = { LEVEL_EXACT, ret->driver, ret->wsl, ret->kernel,
				     ret->windows };
	struct error *err = view_load_scope(store, arena, gpu, &exact, &scope);
	if (err)
		return err;
	ret->door = scope.door;
	ret->door_to_fence = scope.door_to_fence;
	return NULL;
}

static struct view_combination combination_of(struct arena *arena, struct stmt *stmt)
{
	return (struct view_combination){
		.address = view_text(arena, stmt, "combination"),
		.driver = view_text(arena, stmt, "driver"),
		.wsl = view_text(arena, stmt, "wsl"),
		.kernel = view_text(arena, stmt, "kernel"),
		.windows = view_text(arena, stmt, "windows"),
		.full = stmt_int(stmt, "is_full", 0) != 0,
		.machines = stmt_int(stmt, "machines", 0),
		.reports = stmt_int(stmt, "reports", 0),
		.records = stmt_int(stmt, "records", 0),
		.newest = view_text(arena, stmt, "newest"),
	};
}

struct error *view_load_combinations(struct store *store, struct arena *arena,
				     const struct view_gpu *gpu, const char *address,
				     struct view_combination **ret, size_t *ret_n)
{
	struct keyed_combination *keyed = NULL;
	size_t n = 0;
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_VIEW_COMBINATIONS);
	stmt_bind_text(&stmt, "gpu", gpu->address);
	stmt_bind_text(&stmt, "combination", address);
	struct error *err;
	while (!(err = stmt_step(&stmt, &row)) && row)
		*arena_push(arena, keyed, n) =
			(struct keyed_combination){ vendor_number(gpu),
						    combination_of(arena, &stmt) };
	for (size_t i = 0; !err && i < n; i++)
		if (keyed[i].combination.full)
			err = load_door(store, arena, gpu->address,
					&keyed[i].combination);
	if (err)
		return err;
	if (n)
		qsort(keyed, n, sizeof(*keyed), compare_combinations);
	*ret = arena_alloc(arena, n + 1, sizeof(**ret));
	for (size_t i = 0; i < n; i++)
		(*ret)[i] = keyed[i].combination;
	*ret_n = n;
	return NULL;
}

/* ---- the grid driver × WSL ---- */

static size_t find(const struct strings *strings, const char *string)
{
	size_t i = 0;
	while (i < strings->n && strcmp(strings->string[i], string))
		i++;
	return i;
}

static void add_once(struct arena *arena, struct strings *strings, const char *string)
{
	if (find(strings, string) == strings->n)
		strings_add(arena, strings, string);
}

static struct view_cell cell_of(struct stmt *stmt)
{
	return (struct view_cell){
		.present = true,
		.door = view_verdict(stmt),
		.door_to_fence = view_door_to_fence(stmt),
		.machines = stmt_int(stmt, "machines", 0),
		.reports = stmt_int(stmt, "reports", 0),
	};
}

/* The axes first: each driver of the drivers' scopes, each WSL of the cells'. */
static struct error *load_axis(struct store *store, struct view_gpu_page *ret,
			       enum level level, const char *column, struct strings *axis)
{
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_VIEW_CELLS);
	stmt_bind_text(&stmt, "gpu", ret->gpu.address);
	stmt_bind_text(&stmt, "level", level_names[level]);
	struct error *err;
	while (!(err = stmt_step(&stmt, &row)) && row)
		add_once(&ret->arena, axis, stmt_text(&stmt, column));
	return err;
}

static struct error *load_cells(struct store *store, struct view_gpu_page *ret,
				enum level level)
{
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_VIEW_CELLS);
	stmt_bind_text(&stmt, "gpu", ret->gpu.address);
	stmt_bind_text(&stmt, "level", level_names[level]);
	struct error *err;
	while (!(err = stmt_step(&stmt, &row)) && row) {
		size_t d = find(&ret->drivers, stmt_text(&stmt, "driver"));
		size_t w = find(&ret->wsls, stmt_text(&stmt, "wsl"));
		if (d < ret->drivers.n && level == LEVEL_DRIVER)
			ret->driver_cells[d] = cell_of(&stmt);
		else if (d < ret->drivers.n && w < ret->wsls.n)
			ret->cells[d * ret->wsls.n + w] = cell_of(&stmt);
	}
	return err;
}

static struct error *load_grid(struct store *store, struct view_gpu_page *ret)
{
	struct error *err = load_axis(store, ret, LEVEL_DRIVER, "driver", &ret->drivers);
	if (!err)
		err = load_axis(store, ret, LEVEL_CELL, "wsl", &ret->wsls);
	if (err)
		return err;
	sort_versions(&ret->drivers, vendor_number(&ret->gpu), true);
	sort_versions(&ret->wsls, 0, false);
	ret->cells = arena_alloc(&ret->arena, ret->drivers.n * ret->wsls.n + 1,
				 sizeof(*ret->cells));
	ret->driver_cells =
		arena_alloc(&ret->arena, ret->drivers.n + 1, sizeof(*ret->driver_cells));
	err = load_cells(store, ret, LEVEL_DRIVER);
	return err ? err : load_cells(store, ret, LEVEL_CELL);
}

struct error *view_gpu_page(struct store *store, const char *address,
			    struct view_gpu_page *ret)
{
	struct view_gpu_page page = { 0 };
	struct error *err = load_whole(store, &page.arena, address, &page.gpu);
	if (!err && !page.gpu.scope.machines && !page.gpu.scope.reports)
		err = error_create("no record of a GPU '%.80s'", address);
	if (!err)
		err = load_reports(store, address, &page);
	if (!err)
		err = view_load_combinations(store, &page.arena, &page.gpu, NULL,
					     &page.combinations, &page.n_combinations);
	if (!err)
		err = load_grid(store, &page);
	if (err)
		view_gpu_page_deinit(&page);
	else
		*ret = page;
	return err;
}

void view_gpu_page_deinit(struct view_gpu_page *page)
{
	arena_deinit(&page->arena);
	*page = (struct view_gpu_page){ 0 };
}
