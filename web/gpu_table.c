#include "web/gpu_table.h"

#include <inttypes.h>
#include <string.h>

#include "diagnosis/gpu.h"
#include "diagnosis/road.h"
#include "util/alloc.h"
#include "util/array.h"
#include "web/layout.h"
#include "web/names.h"
#include "web/verdict_mark.h"

#define COLUMNS_MAX 8

void gpu_table_write_name(struct html *h, const struct view_gpu *gpu, const char *root)
{
	cleanup_free char *address = xasprintf("gpu/%s/index.html", gpu->address);
	html_open(h, "th", "scope", "row", "class", "name", NULL);
	layout_link(h, root, address, gpu_name(gpu));
	html_open(h, "span", "class", "meaning", NULL);
	const char *vendor = gpu_vendor_title(gpu->vendor);
	if (gpu->pci && gpu->name)
		html_leaf(h, "code", gpu->pci, NULL);
	else if (gpu->name)
		html_printf(h, "%s%sname only, no id", vendor ? vendor : "",
			    vendor ? ", " : "");
	html_close(h, "span");
	html_close(h, "th");
}

static int64_t side(const struct view_interface *interface, bool working)
{
	return working ? interface->working : interface->failing;
}

/* One side of the reports: "1 Vulkan". */
static void write_side(struct html *h, const struct view_scope *scope, bool working)
{
	int64_t named = 0;
	for (size_t i = 0; i < scope->n_interfaces; i++)
		named += side(&scope->interfaces[i], working);

	html_open(h, "td", "data-label", working ? "working" : "failing", NULL);
	if (!named && working && scope->reports > 0 && !scope->reports_working &&
	    !scope->reports_failing)
		html_leaf(h, "span", "a report that says neither", "class", "soft", NULL);
	else if (!named)
		html_printf(h, "%" PRId64,
			    working ? scope->reports_working : scope->reports_failing);
	else
		html_open(h, "ul", "class", "marks", NULL);
	for (size_t i = 0; i < scope->n_interfaces; i++) {
		const struct view_interface *interface = &scope->interfaces[i];
		int64_t count = side(interface, working);
		if (!count)
			continue;
		cleanup_free char *words = xasprintf("%" PRId64 " %s", count,
						     road_title(interface->interface));
		html_open(h, "li", NULL);
		mark_write(h, working ? MARK_WORKS : MARK_FAILS, true, words);
		html_close(h, "li");
	}
	if (named)
		html_close(h, "ul");
	html_close(h, "td");
}

void gpu_table_write_reports(struct html *h, const struct view_gpu *rows, size_t n,
			     size_t most, const char *root)
{
	static const char *const titles[] = { "GPU", "Reported working",
					      "Reported failing", "Measured", NULL };
	layout_table_begin(h, "What people reported, by GPU", "stack compact");
	layout_table_head(h, titles);
	for (size_t i = 0; i < n && most > 0; i++) {
		const struct view_scope *scope = &rows[i].scope;
		if (!scope->reports && scope->machines)
			continue;
		most--;
		cleanup_free char *machines = xasprintf("%" PRId64, scope->machines);
		html_open(h, "tr", NULL);
		gpu_table_write_name(h, &rows[i], root);
		write_side(h, scope, true);
		write_side(h, scope, false);
		html_leaf(h, "td", machines, "data-label", "measured", NULL);
		html_close(h, "tr");
	}
	layout_table_end(h);
}

static const struct view_interface *find(const struct view_scope *scope, const char *name)
{
	for (size_t i = 0; i < scope->n_interfaces; i++)
		if (!strcmp(scope->interfaces[i].interface, name))
			return &scope->interfaces[i];
	return NULL;
}

/* The APIs that some of these GPUs has been measured on, in the order of road.c. */
static size_t columns(const struct view_gpu *rows, size_t n, const char *ret[COLUMNS_MAX])
{
	size_t count = 0;
	for (size_t row = 0; row < n_road_rows && count < COLUMNS_MAX; row++) {
		const char *name = road_rows[row].interface;
		if (road_rows[row].kind != ROAD_API)
			continue;
		for (size_t i = 0; i < n; i++) {
			const struct view_interface *interface =
				find(&rows[i].scope, name);
			if (!interface || !interface->machines)
				continue;
			ret[count++] = name;
			break;
		}
	}
	return count;
}

bool gpu_table_is_measured(const struct view_gpu *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].scope.witnesses >= 2)
			return true;
	return false;
}

static void write_measured_row(struct html *h, const struct view_gpu *gpu,
			       const char *const *names, size_t n_names, const char *root)
{
	const struct view_scope *scope = &gpu->scope;
	html_open(h, "tr", NULL);
	gpu_table_write_name(h, gpu, root);
	html_open(h, "td", NULL);
	verdict_write_cell(h, mark_of_door(&scope->door, scope->door_to_fence),
			   &scope->door, 0);
	html_close(h, "td");
	for (size_t i = 0; i < n_names; i++) {
		const struct view_interface *interface = find(scope, names[i]);
		html_open(h, "td", NULL);
		if (interface)
			verdict_write_cell(h, mark_of_interface(interface),
					   verdict_of_interface(interface),
					   interface->working + interface->failing);
		else
			mark_write_sign(h, MARK_UNKNOWN, false);
		html_close(h, "td");
	}
	cleanup_free char *machines = xasprintf("%" PRId64, scope->machines);
	html_leaf(h, "td", machines, NULL);
	html_close(h, "tr");
}

void gpu_table_write_measured(struct html *h, const struct view_gpu *rows, size_t n,
			      size_t most, const char *root)
{
	const char *names[COLUMNS_MAX];
	const char *titles[COLUMNS_MAX + 4] = { "GPU", "DXG" };
	size_t n_names = columns(rows, n, names);
	for (size_t i = 0; i < n_names; i++)
		titles[2 + i] = road_title(names[i]);
	titles[2 + n_names] = "Machines";

	layout_table_begin(
		h,
		"Computes on the GPU: a tiny program ran there and its numbers "
		"were right",
		NULL);
	layout_table_head(h, titles);
	for (size_t i = 0; i < n && most > 0; i++) {
		if (!rows[i].scope.machines)
			continue;
		write_measured_row(h, &rows[i], names, n_names, root);
		most--;
	}
	layout_table_end(h);
	mark_write_key(h);
}
