/* Conditions about kernel lines and reported facts: what they may and may not decide. */
#include "diagnosis/rule.h"

#include <inttypes.h>
#include <string.h>

#include "diagnosis/gpu.h"
#include "util/array.h"

static int64_t count_in(const struct failures *failed, const char *ioctl, int error)
{
	int64_t count = 0;
	for (size_t i = 0; i < failed->n; i++)
		if (failed->failure[i].error == error &&
		    (!ioctl || !strcmp(failed->failure[i].ioctl, ioctl)))
			count = counts_add(count, failed->failure[i].count);
	return count;
}

/* The lines that are put to us by a text, and nothing else is. */
static bool is_text(const struct view *view)
{
	return view->record->source.kind == SOURCE_HARVESTED;
}

/*
 * Of a text all lines; of a run those that were there before it began: what is printed
 * meanwhile may be anybody's, and of our own calls their outcome says more.
 */
static int64_t count_failed(const struct view *view, const char *ioctl, int error)
{
	const struct kernel_log *log = &view->record->kernel_log;
	return is_text(view) ? count_in(&log->failed, ioctl, error)
			     : counts_add(count_in(&log->boot, ioctl, error),
					  count_in(&log->idle, ioctl, error));
}

/* A program that ran on the GPU, or a door that is broken, makes a line no suspect. */
static bool is_open(const struct view *view)
{
	return is_text(view) || (!view->overview.carrier && !view->overview.door_broken);
}

static bool set_count(struct view *view, int64_t count)
{
	view_set_format(view, "count", "%" PRId64 " line%s%s", count,
			count == 1 ? "" : "s", is_text(view) ? "" : " before this run");
	return count > 0;
}

/* How our own step ended that tries what a line is about. */
static enum outcome tested(const struct view *view, enum rung rung)
{
	const struct result *dxg = record_result(view->record, "dxg", ROLE_ADAPTER);
	const struct rung_result *step = dxg ? result_rung(dxg, rung) : NULL;
	return step ? step->outcome : OUTCOME_SKIP;
}

static bool is_npu(const struct view *view)
{
	const char *class = view->record->combination.adapter.class;
	return class && !strcmp(class, "npu");
}

/* The step that tells, as one has to ask for it. */
#define ASK_NPU "dxgmatrix run dxg --risk high: sends this NPU the message that decides"

bool when_npu_escape(struct view *view)
{
	view_set(view, "test",
		 is_text(view) ? "watch the thread: microsoft/WSL#40445" : ASK_NPU);
	return is_open(view) && is_npu(view) &&
	       tested(view, RUNG_ESCAPE) != OUTCOME_PASS &&
	       set_count(view, count_failed(view, "dxgkio_escape", -75));
}

bool when_npu_untested(struct view *view)
{
	view_set(view, "test", ASK_NPU);
	return !is_text(view) && is_npu(view) && view->overview.door_tried &&
	       !view->overview.carrier && !view->overview.door_broken &&
	       tested(view, RUNG_ESCAPE) == OUTCOME_SKIP;
}

bool when_escape_refused(struct view *view)
{
	/* -22 is the guest's own (diagnosis/signature.c). */
	return is_open(view) && tested(view, RUNG_ESCAPE) != OUTCOME_PASS &&
	       set_count(view, count_failed(view, "dxgkio_escape", -75));
}

bool when_reserve_refused(struct view *view)
{
	view_set(view, "test",
		 is_text(view) ? "dxgmatrix run" : "dxgmatrix run dxg --risk medium");
	return is_open(view) && tested(view, RUNG_ADDRESS) != OUTCOME_PASS &&
	       set_count(view, count_failed(view, "dxgkio_reserve_gpu_va", -75));
}

bool when_memory_ran_out(struct view *view)
{
	return is_open(view) &&
	       set_count(view, count_failed(view, "dxgkio_make_resident", -12));
}

bool when_memory_not_pinned(struct view *view)
{
	return is_open(view) &&
	       set_count(view, count_failed(view, "dxgkio_create_allocation", -12));
}

bool when_allocation_refused(struct view *view)
{
	return is_open(view) &&
	       set_count(view, count_failed(view, "dxgkio_create_allocation", -75));
}

bool when_channel_full(struct view *view)
{
	return is_open(view) &&
	       set_count(view, count_failed(view, "dxgkio_create_allocation", -11));
}

bool when_adapter_stopped(struct view *view)
{
	/* While booting an adapter is not there yet (diagnosis/signature.c). */
	int64_t boot = count_in(&view->record->kernel_log.boot, NULL, -19);
	bool works = view->overview.carrier || view->overview.door_passed;
	return (is_text(view) || !works || view->overview.door_broken) &&
	       set_count(view, count_failed(view, NULL, -19) - boot);
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
