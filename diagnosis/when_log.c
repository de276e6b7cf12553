/* Conditions about kernel lines and reported facts: what they may and may not decide. */
#include "diagnosis/rule.h"

#include <inttypes.h>
#include <string.h>

#include "diagnosis/gpu.h"

static int64_t count_in(const struct failures *failed, const char *ioctl, int error)
{
	int64_t count = 0;
	for (size_t i = 0; i < failed->n; i++)
		if (failed->failure[i].error == error &&
		    (!ioctl || !strcmp(failed->failure[i].ioctl, ioctl)))
			count = counts_add(count, failed->failure[i].count);
	return count;
}

static int64_t count_failed(const struct view *view, const char *ioctl, int error)
{
	return count_in(&view->record->kernel_log.failed, ioctl, error);
}

static bool set_count(struct view *view, int64_t count)
{
	view_set_format(view, "count", "%" PRId64 "%s", count,
			view->record->source.kind == SOURCE_HARVESTED ? ""
								      : " in the log");
	return count > 0;
}

/* The kernel log is shared by all programs of the VM, so a run's own experiments decide
 * and its foreign lines are remarks: rules on lines are for text alone. */
static bool is_text(const struct view *view)
{
	return view->record->source.kind == SOURCE_HARVESTED;
}

static bool is_npu(const struct view *view)
{
	const char *class = view->record->combination.adapter.class;
	return class && !strcmp(class, "npu");
}

bool when_npu_escape(struct view *view)
{
	return is_text(view) && is_npu(view) &&
	       set_count(view, count_failed(view, "dxgkio_escape", -75));
}

bool when_escape_refused(struct view *view)
{
	/* -22 is the guest's own (diagnosis/signature.c). */
	return is_text(view) && set_count(view, count_failed(view, "dxgkio_escape", -75));
}

bool when_reserve_refused(struct view *view)
{
	int64_t count = count_failed(view, "dxgkio_reserve_gpu_va", -75);
	view_set_format(view, "count", "%" PRId64 " line%s", count,
			count == 1 ? "" : "s");
	return is_text(view) && count > 0;
}

bool when_memory_ran_out(struct view *view)
{
	return is_text(view) &&
	       set_count(view, count_failed(view, "dxgkio_make_resident", -12));
}

bool when_allocation_refused(struct view *view)
{
	static const int errors[] = { -75, -12, -11 };
	for (size_t i = 0; i < 3 && is_text(view); i++) {
		int64_t count = count_failed(view, "dxgkio_create_allocation", errors[i]);
		if (!count)
			continue;
		view_set_format(view, "errno", "%d", errors[i]);
		return set_count(view, count);
	}
	return false;
}

bool when_adapter_stopped(struct view *view)
{
	/* While booting an adapter is not there yet (diagnosis/signature.c). */
	int64_t boot = count_in(&view->record->kernel_log.boot, NULL, -19);
	return is_text(view) && set_count(view, count_failed(view, NULL, -19) - boot);
}

bool when_process_refused(struct view *view)
{
	const struct strings *other = &view->record->kernel_log.other;
	for (size_t i = 0; i < other->n && is_text(view); i++) {
		if (!strstr(other->string[i], "create_process failed") &&
		    !strstr(other->string[i], "create_process returned 0"))
			continue;
		view_set(view, "what", other->string[i]);
		return true;
	}
	return false;
}

static bool is_said(const struct view *view, const char *rule)
{
	for (size_t i = 0; i < view->record->n_diagnoses; i++)
		if (!strcmp(view->record->diagnoses[i].rule, rule))
			return true;
	return false;
}

static bool is_reported(const struct view *view, const char *interface,
			enum outcome outcome)
{
	const struct result *result =
		record_result(view->record, interface, ROLE_ADAPTER);
	return result && result->reported && result->outcome == outcome;
}

bool when_nvml_blocked(struct view *view)
{
	const struct record *record = view->record;
	if (!is_text(view) || !is_reported(view, "cuda", OUTCOME_FAIL))
		return false;
	for (size_t i = 0; i < record->n_evidence; i++)
		if (!strncmp(record->evidence[i].pointer, "/results/", 9) &&
		    strstr(record->evidence[i].text, "blocked by the operating system"))
			return true;
	return false;
}

bool when_opengl_cpu_only(struct view *view)
{
	return is_text(view) && is_reported(view, "d3d12", OUTCOME_FALLBACK);
}

bool when_npu_unproved(struct view *view)
{
	return is_text(view) && is_npu(view);
}

bool when_two_suspects(struct view *view)
{
	return is_said(view, "reserve-gpu-va-refused") &&
	       (is_said(view, "runtime-older-than-gpu") ||
		is_said(view, "runtime-may-be-older"));
}

bool when_name_against_id(struct view *view)
{
	const struct adapter *adapter = &view->record->combination.adapter;
	const struct gpu *row = adapter->pci ? gpu_find(adapter->pci) : NULL;
	const struct gpu *named = gpu_find_name(adapter->name);
	bool other_class =
		row && row->class == GPU_CLASS_GPU && gpu_name_is_npu(adapter->name);
	if (!is_text(view) || !row || row == named || (!named && !other_class))
		return false;
	view_set(view, "name", adapter->name);
	view_set(view, "pci", adapter->pci);
	view_set(view, "sold", row->name);
	return true;
}
