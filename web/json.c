#include "web/json.h"

#include "record/writer.h"
#include "util/alloc.h"

static json_t *verdict_json(const struct verdict *verdict)
{
	json_t *object = json_object();
	write_string(object, "verdict", verdict_rows[verdict->word].name);
	write_integer(object, "good", verdict->votes.good);
	write_integer(object, "bad", verdict->votes.bad);
	if (verdict->votes.cpu)
		write_integer(object, "cpu_only", verdict->votes.cpu);
	if (verdict->votes.once)
		write_integer(object, "once", verdict->votes.once);
	if (verdict->exceptions)
		write_integer(object, "exceptions", verdict->exceptions);
	return object;
}

static json_t *door_json(const struct verdict *door, bool to_fence)
{
	json_t *object = verdict_json(door);
	if (to_fence)
		json_object_set_new(object, "to_fence_only", json_true());
	return object;
}

static json_t *interface_json(const struct view_interface *interface)
{
	json_t *object = json_object();
	write_string(object, "interface", interface->interface);
	write_integer(object, "machines", interface->machines);
	write_integer(object, "reported_working", interface->working);
	write_integer(object, "reported_failing", interface->failing);
	if (interface->height < RUNG_COUNT)
		write_string(object, "height", rung_rows[interface->height].name);
	json_t *rungs = json_object();
	for (int rung = 0; rung < RUNG_COUNT; rung++)
		if (interface->has & rung_bit((enum rung)rung))
			json_object_set_new(rungs, rung_rows[rung].name,
					    verdict_json(&interface->rungs[rung]));
	json_object_set_new(object, "rungs", rungs);
	return object;
}

static void set_scope(json_t *object, const struct view_scope *scope)
{
	write_integer(object, "machines", scope->machines);
	write_integer(object, "witnesses", scope->witnesses);
	write_integer(object, "reports", scope->reports);
	write_integer(object, "reported_working", scope->reports_working);
	write_integer(object, "reported_failing", scope->reports_failing);
	write_string(object, "first", scope->first);
	write_string(object, "newest", scope->newest);
	write_string(object, "newest_report", scope->newest_report);
	json_object_set_new(object, "dxg", door_json(&scope->door, scope->door_to_fence));
	json_t *interfaces = json_array();
	for (size_t i = 0; i < scope->n_interfaces; i++)
		json_array_append_new(interfaces, interface_json(&scope->interfaces[i]));
	json_object_set_new(object, "interfaces", interfaces);
}

static json_t *gpu_json(const struct view_gpu *gpu)
{
	json_t *object = json_object();
	write_string(object, "address", gpu->address);
	write_string(object, "vendor", gpu->vendor);
	write_string(object, "pci", gpu->pci);
	write_string(object, "name", gpu->name);
	json_object_set_new(object, "names", writer_strings(&gpu->names));
	set_scope(object, &gpu->scope);
	return object;
}

static json_t *report_json(const struct view_report *report)
{
	json_t *object = json_object();
	write_string(object, "driver", report->driver);
	write_string(object, "driver_as_written", report->driver_public);
	write_string(object, "wsl", report->wsl);
	write_string(object, "kernel", report->kernel);
	write_string(object, "windows", report->windows);
	write_string(object, "distro", report->distro);
	write_string(object, "date", report->date);
	json_t *claims = json_array();
	for (size_t i = 0; i < report->n_claims; i++) {
		json_t *claim = json_object();
		write_string(claim, "interface", report->claims[i].interface);
		write_string(claim, "outcome",
			     outcome_rows[report->claims[i].outcome].name);
		json_array_append_new(claims, claim);
	}
	json_object_set_new(object, "claims", claims);
	json_t *posts = json_array();
	for (size_t i = 0; i < report->n_posts; i++) {
		json_t *post = json_object();
		write_string(post, "record", report->posts[i].id);
		write_string(post, "url", report->posts[i].url);
		write_string(post, "date", report->posts[i].date);
		json_array_append_new(posts, post);
	}
	json_object_set_new(object, "posts", posts);
	return object;
}

static json_t *combination_json(const struct view_combination *combination)
{
	json_t *object = json_object();
	write_string(object, "address", combination->address);
	write_string(object, "driver", combination->driver);
	write_string(object, "wsl", combination->wsl);
	write_string(object, "kernel", combination->kernel);
	write_string(object, "windows", combination->windows);
	write_integer(object, "machines", combination->machines);
	write_integer(object, "reports", combination->reports);
	write_string(object, "newest", combination->newest);
	if (combination->full)
		json_object_set_new(
			object, "dxg",
			door_json(&combination->door, combination->door_to_fence));
	return object;
}

static json_t *cells_json(const struct view_gpu_page *page)
{
	json_t *cells = json_array();
	for (size_t d = 0; d < page->drivers.n; d++) {
		for (size_t w = 0; w < page->wsls.n; w++) {
			const struct view_cell *cell = &page->cells[d * page->wsls.n + w];
			if (!cell->present)
				continue;
			json_t *object = json_object();
			write_string(object, "driver", page->drivers.string[d]);
			write_string(object, "wsl", page->wsls.string[w]);
			write_integer(object, "machines", cell->machines);
			write_integer(object, "reports", cell->reports);
			json_object_set_new(object, "dxg",
					    door_json(&cell->door, cell->door_to_fence));
			json_array_append_new(cells, object);
		}
	}
	return cells;
}

/* Ends the value. */
static char *print(json_t *value)
{
	cleanup_free char *text = json_dumps(value, JSON_INDENT(1));
	json_decref(value);
	return xasprintf("%s\n", text ? text : "null");
}

char *json_of_gpus(const struct view_gpus *gpus)
{
	json_t *array = json_array();
	for (size_t i = 0; i < gpus->n; i++)
		json_array_append_new(array, gpu_json(&gpus->gpu[i]));
	return print(json_pack("{s:s,s:o}", "schema", "dxgmatrix-gpus/1", "gpus", array));
}

char *json_of_gpu(const struct view_gpu_page *page)
{
	json_t *object = json_pack("{s:s}", "schema", "dxgmatrix-gpu/1");
	json_object_set_new(object, "gpu", gpu_json(&page->gpu));
	json_object_set_new(object, "cells", cells_json(page));
	json_t *combinations = json_array();
	for (size_t i = 0; i < page->n_combinations; i++)
		json_array_append_new(combinations,
				      combination_json(&page->combinations[i]));
	json_object_set_new(object, "combinations", combinations);
	json_t *reports = json_array();
	for (size_t i = 0; i < page->n_reports; i++)
		json_array_append_new(reports, report_json(&page->reports[i]));
	json_object_set_new(object, "reports", reports);
	return print(object);
}
