/* Conditions about what an API did on the adapter. */
#include "diagnosis/rule.h"

#include <inttypes.h>
#include <string.h>

#include "diagnosis/gpu.h"
#include "diagnosis/limit.h"
#include "diagnosis/signature.h"
#include "diagnosis/stack.h"
#include "diagnosis/trace_words.h"
#include "util/array.h"
#include "util/strbuf.h"

/* Results that may be judged: an API's, on the adapter, whose control is not bad. A road
 * that carried silences the others: they are remarks, no diagnosis. */
static bool is_judged(const struct view *view, const struct result *result)
{
	return !view->overview.carrier && overview_is_api(result) &&
	       !overview_control_failed(view->record, result->interface) &&
	       !road_is_elsewhere(result, &view->record->combination.adapter);
}

/* The same words wherever they are the remedy, so that it is offered once. */
static const char *newer_packages(const struct view *view, const char *interface)
{
	const struct adapter *adapter = &view->record->combination.adapter;
	bool intel = adapter->vendor && !strcmp(adapter->vendor, "8086");
	if (intel &&
	    (!strcmp(interface, "opencl") || road_kind(interface) == ROAD_COMPILER))
		return "newer Intel packages (intel/compute-runtime, Releases), then: "
		       "dxgmatrix run opencl";
	return arena_printf(
		&view->record->arena,
		"newer packages from the GPU's maker, then: dxgmatrix run%s%s",
		road_kind(interface) == ROAD_API ? " " : "",
		road_kind(interface) == ROAD_API ? interface : "");
}

static void set_rung(struct view *view, const struct result *result,
		     const struct rung_result *rung)
{
	const char *detail = stack_detail(&view->record->arena, rung);
	view_set(view, "road", road_title(result->interface));
	view_set(view, "interface", result->interface);
	view_set(view, "step", rung_rows[rung->rung].name);
	view_set(view, "how", detail ? detail : outcome_rows[rung->outcome].words);
	view_set(view, "packages", newer_packages(view, result->interface));
}

typedef bool rung_test(const struct result *result, const struct rung_result *bad);

/* Finds the first judged road whose lowest bad rung passes the test, and fills it in. */
static const struct rung_result *find_bad(struct view *view, rung_test *test)
{
	const struct record *record = view->record;
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *result = &record->results[i];
		const struct rung_result *bad = road_lowest_bad(result);
		if (!bad || !is_judged(view, result) || !test(result, bad))
			continue;
		set_rung(view, result, bad);
		return bad;
	}
	return NULL;
}

bool when_control_failed(struct view *view)
{
	const struct record *record = view->record;
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *result = &record->results[i];
		if (result->role != ROLE_CONTROL || !road_lowest_bad(result))
			continue;
		set_rung(view, result, road_lowest_bad(result));
		return true;
	}
	return false;
}

/* How a road's driver for this GPU comes into a distro. */
static const struct {
	const char *interface, *vendor, *how;
} installs[] = {
	{ "opencl", "8086",
	  "Intel's packages (intel/compute-runtime, Releases), then: dxgmatrix run "
	  "opencl" },
	{ "opencl", "1002",
	  "ROCm for WSL (ROCm/librocdxg says which cards it knows), then: dxgmatrix "
	  "run" },
	{ "opencl", "10de",
	  "nothing: NVIDIA ships no OpenCL for WSL2 (microsoft/WSL#6951); CUDA works "
	  "there" },
	{ "vulkan", NULL,
	  "a Mesa with dzn (for Ubuntu the kisak PPA), then: dxgmatrix run vulkan" },
	{ "level-zero", "8086",
	  "Intel's packages (intel/compute-runtime, Releases), then: dxgmatrix run" },
};

static const char *how_to_install(const struct view *view, const char *interface)
{
	const struct adapter *adapter = &view->record->combination.adapter;
	for_each_row(row, installs) {
		if (!strcmp(row->interface, interface) &&
		    (!row->vendor ||
		     (adapter->vendor && !strcmp(row->vendor, adapter->vendor))))
			return row->how;
	}
	return "the GPU maker's packages for WSL2, then: dxgmatrix run";
}

bool when_nothing_installed(struct view *view)
{
	const struct overview *o = &view->overview;
	if (o->any_installed || o->door_broken || !o->door_tried)
		return false;
	const struct record *record = view->record;
	cleanup_strbuf struct strbuf missing;
	strbuf_init(&missing);
	const char *first = NULL;
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *result = &record->results[i];
		const struct rung_result *open = road_lowest_open(result);
		if (!overview_is_api(result) || !open ||
		    open->reason != REASON_NOT_INSTALLED)
			continue;
		if (!first)
			first = result->interface;
		strbuf_printf(&missing, "%s%s", missing.length ? ", " : "",
			      road_title(result->interface));
	}
	if (!first)
		return false;
	view_set(view, "missing", missing.string);
	view_set(view, "install", how_to_install(view, first));
	return true;
}

/* How much a refusal says: one that was not met before may be anything. */
static int weight_of(const struct trace_failure *failure)
{
	const struct signature *known = signature_find_trace(failure);
	if (!known)
		return 1;
	switch (known->class) {
	case SIGNATURE_HARMLESS:
		return 0;
	case SIGNATURE_DEPENDS:
		return 1;
	case SIGNATURE_TROUBLE:
		return 2;
	}
	return 0;
}

/* The heaviest refusal in a trace that isn't known to be harmless, the first of several.
 * @param ret  names in it are the trace's */
static bool find_refusal(const struct trace *trace, struct trace_failure *ret)
{
	cleanup_arena struct arena arena = { 0 };
	const struct trace_failures all = trace_failures(trace, &arena);
	int heaviest = 0;
	for (size_t i = 0; i < all.n; i++) {
		int weight = weight_of(&all.failure[i]);
		if (weight <= heaviest)
			continue;
		heaviest = weight;
		*ret = all.failure[i];
	}
	return heaviest > 0;
}

static bool has_refusal(const struct result *result, const struct rung_result *bad)
{
	struct trace_failure refusal;
	(void)result;
	return find_refusal(&bad->trace, &refusal);
}

/* ", 17 ms before the crash", or nothing where that is not known. */
static void set_before(struct view *view, const struct rung_result *bad,
		       const struct trace_failure *refusal)
{
	const struct trace_last *last = trace_find_last(&bad->trace, refusal);
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	if (last && last->before_us >= 0) {
		strbuf_add_string(&buf, ", ");
		trace_add_time(&buf, last->before_us);
		strbuf_printf(&buf, " before %s", trace_end_words(bad->outcome));
	}
	view_set(view, "before", buf.string);
}

/* @return the rung that met a refusal, filled in. */
static const struct rung_result *find_refused(struct view *view)
{
	const struct rung_result *bad = find_bad(view, has_refusal);
	struct trace_failure refusal;
	if (!bad || !find_refusal(&bad->trace, &refusal))
		return NULL;
	cleanup_strbuf struct strbuf call;
	strbuf_init(&call);
	trace_add_call(&call, refusal.ioctl, refusal.has_type, refusal.type);
	view_set(view, "call", call.string);
	view_set_format(view, "errno", "%d", refusal.error);
	if (refusal.count == 1)
		view_set(view, "times", "once");
	else
		view_set_format(view, "times", "%" PRId64 " times", refusal.count);
	set_before(view, bad, &refusal);
	return bad;
}

bool when_refused_below(struct view *view)
{
	return find_refused(view);
}

/* A step of a driver went wrong, and whether it was refused something below nobody saw. */
static bool is_unseen(const struct result *result, const struct rung_result *bad)
{
	(void)result;
	return bad->trace.why && !bad->trace.how && bad->outcome >= OUTCOME_FAIL &&
	       bad->reason != REASON_UNLOADABLE && bad->reason != REASON_SYMBOL_MISSING;
}

bool when_untraced(struct view *view)
{
	const struct rung_result *bad = find_bad(view, is_unseen);
	if (!bad)
		return false;
	view_set(view, "why", bad->trace.why);
	return true;
}

/* Libraries of WSL itself (microsoft/WSL, package Microsoft.DXCore.Linux and
 * Microsoft.Direct3D.Linux), below every API. */
static bool is_wsl_library(const char *library)
{
	static const char *const names[] = { "libdxcore.so", "libd3d12.so",
					     "libd3d12core.so" };
	const char *base = library ? strrchr(library, '/') : NULL;
	base = base ? base + 1 : library;
	for_each_row(name, names)
		if (base && !strncmp(base, *name, strlen(*name)))
			return true;
	return false;
}

static bool crashed_below(const struct result *result, const struct rung_result *bad)
{
	return bad->outcome == OUTCOME_CRASH && strcmp(result->interface, "d3d12") &&
	       is_wsl_library(findings_string(&bad->findings, FIND_IN));
}

bool when_crash_below(struct view *view)
{
	const struct rung_result *bad = find_bad(view, crashed_below);
	if (!bad)
		return false;
	view_set(view, "library", findings_string(&bad->findings, FIND_IN));
	return true;
}

static bool hangs(const struct result *result, const struct rung_result *bad)
{
	(void)result;
	return bad->outcome == OUTCOME_HUNG || bad->outcome == OUTCOME_TIMEOUT ||
	       bad->outcome == OUTCOME_DIED;
}

/* Waits of the kernel's own DXG driver (microsoft/WSL2-Linux-Kernel:drivers/hv/dxgkrnl):
 * Windows does not answer. */
static bool hangs_below(const struct result *result, const struct rung_result *bad)
{
	const char *wchan = findings_string(&bad->findings, FIND_WCHAN);
	(void)result;
	return bad->outcome == OUTCOME_HUNG && wchan && !strncmp(wchan, "dxg", 3);
}

bool when_hung_below(struct view *view)
{
	const struct rung_result *bad = find_bad(view, hangs_below);
	if (!bad)
		return false;
	view_set(view, "wchan", findings_string(&bad->findings, FIND_WCHAN));
	return true;
}

/* The same refusal with a vendor's library and without one. */
bool when_door_mismatch(struct view *view)
{
	return view->overview.door_broken && find_refused(view);
}

bool when_road_hung(struct view *view)
{
	return find_bad(view, hangs);
}

bool when_compiler_alone(struct view *view)
{
	const struct record *record = view->record;
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *result = &record->results[i];
		const struct rung_result *bad = road_lowest_bad(result);
		if (!bad || result->role != ROLE_ADAPTER ||
		    road_kind(result->interface) != ROAD_COMPILER)
			continue;
		set_rung(view, result, bad);
		return true;
	}
	return false;
}

static bool compile_crashes(const struct result *result, const struct rung_result *bad)
{
	(void)result;
	return bad->rung == RUNG_COMPILE && bad->outcome == OUTCOME_CRASH;
}

bool when_compiler_crash(struct view *view)
{
	const struct rung_result *bad = find_bad(view, compile_crashes);
	if (!bad)
		return false;
	view_set(view, "sent",
		 view->overview.door_tried && !view->overview.door_broken
			 ? "; the door below it works"
			 : "");
	return true;
}

static bool compile_fails(const struct result *result, const struct rung_result *bad)
{
	(void)result;
	return bad->rung == RUNG_COMPILE && bad->outcome == OUTCOME_FAIL;
}

bool when_compiler_refuses(struct view *view)
{
	return find_bad(view, compile_fails);
}

static bool is_wrong(const struct result *result, const struct rung_result *bad)
{
	(void)result;
	return bad->reason == REASON_WRONG_RESULT;
}

bool when_wrong_numbers(struct view *view)
{
	return find_bad(view, is_wrong);
}

static bool launch_fails(const struct result *result, const struct rung_result *bad)
{
	return road_layer(result->interface, bad->rung) == LAYER_INFERENCE &&
	       !is_wrong(result, bad);
}

bool when_launch_broken(struct view *view)
{
	return find_bad(view, launch_fails);
}

/* Whether a road's last words, or the line that a paste shows of it, hold these. */
static bool says(const struct view *view, const char *words)
{
	const struct record *record = view->record;
	for (size_t i = 0; i < record->n_evidence; i++)
		if (!strncmp(record->evidence[i].pointer, "/results/", 9) &&
		    record->evidence[i].text && strstr(record->evidence[i].text, words))
			return true;
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *result = &record->results[i];
		const struct rung_result *bad = road_lowest_bad(result);
		const char *last =
			bad && is_judged(view, result)
				? findings_string(&bad->findings, FIND_LAST_WORDS)
				: NULL;
		if (last && strstr(last, words))
			return true;
	}
	return false;
}

/* Both stand where the runtime needs libwsl_compute_helper.so of the driver's folder: the
 * older releases at once, the newer ones at their first use of it. */
bool when_intel_helper_missing(struct view *view)
{
	static const char *const files[] = { "create_um_km_data_translator",
					     "gmm_client_context" };
	for_each_row(file, files) {
		if (!says(view, *file))
			continue;
		view_set(view, "where", *file);
		return true;
	}
	return false;
}

/* The first thing that the runtime asks of the adapter: the folder of its driver. */
bool when_intel_query_refused(struct view *view)
{
	return says(view, "wddm/adapter_info.cpp");
}

bool when_intel_context_refused(struct view *view)
{
	return says(view, "os_context_win.cpp");
}

static bool is_unloadable(const struct result *result, const struct rung_result *bad)
{
	(void)result;
	return bad->reason == REASON_UNLOADABLE;
}

bool when_unloadable(struct view *view)
{
	return find_bad(view, is_unloadable);
}

static bool lacks_symbol(const struct result *result, const struct rung_result *bad)
{
	(void)result;
	return bad->reason == REASON_SYMBOL_MISSING;
}

bool when_symbol_missing(struct view *view)
{
	return find_bad(view, lacks_symbol);
}

static bool is_uninitialised(const struct result *result, const struct rung_result *bad)
{
	const char *code = findings_string(&bad->findings, FIND_CODE);
	return !strcmp(result->interface, "level-zero") && code &&
	       (strstr(code, "78000001") || strstr(code, "UNINITIALIZED"));
}

bool when_level_zero_uninitialised(struct view *view)
{
	if (find_bad(view, is_uninitialised))
		return true;
	const struct result *result =
		record_result(view->record, "level-zero", ROLE_ADAPTER);
	return result && result->reported && outcome_is_bad(result->outcome);
}

/* No driver behind a loader: OpenCL's -1001 (cl_khr_icd), Vulkan's -9. */
static bool lacks_driver(const struct result *result, const struct rung_result *bad)
{
	const char *code = findings_string(&bad->findings, FIND_CODE);
	return bad->reason == REASON_NO_ADAPTER ||
	       (!strcmp(result->interface, "opencl") && code && strstr(code, "-1001")) ||
	       (!strcmp(result->interface, "vulkan") && code &&
		(strstr(code, "INCOMPATIBLE_DRIVER") || !strcmp(code, "-9")));
}

/* A road that found no device of this vendor, as is known of it everywhere. */
bool when_known_limit(struct view *view)
{
	const struct record *record = view->record;
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *result = &record->results[i];
		const struct rung_result *bad = road_lowest_bad(result);
		bool said = result->reported && outcome_is_bad(result->outcome);
		bool climbed =
			bad && bad->rung <= RUNG_ENUMERATE && is_judged(view, result);
		const struct limit *limit =
			result->role == ROLE_ADAPTER && (said || climbed)
				? limit_find(result->interface,
					     record->combination.adapter.vendor)
				: NULL;
		if (!limit)
			continue;
		view_set(view, "why", limit->why);
		view_set(view, "thread", limit->sources[0]);
		return true;
	}
	return false;
}

bool when_own_road_untried(struct view *view)
{
	const char *own = view->overview.untried;
	if (!own)
		return false;
	view_set(view, "road", road_title(own));
	view_set(view, "tool", !strcmp(own, "cuda") ? "nvidia-smi" : "rocminfo");
	return true;
}

bool when_icd_missing(struct view *view)
{
	const struct rung_result *bad = find_bad(view, lacks_driver);
	if (!bad)
		return false;
	for (size_t i = 0; i < view->n_slots; i++)
		if (!strcmp(view->slot[i].name, "interface"))
			view_set(view, "install",
				 how_to_install(view, view->slot[i].value));
	return true;
}

/* Another road went further and broke, or is reported to have: then this one's want of a
 * driver is a remark beside it, and no cause. */
static bool is_side_road(const struct view *view, const struct result *result)
{
	const struct record *record = view->record;
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *other = &record->results[i];
		const struct rung_result *bad = road_lowest_bad(other);
		if (other == result || other->role != ROLE_ADAPTER ||
		    road_kind(other->interface) != ROAD_API)
			continue;
		if (other->reported ? other->outcome >= OUTCOME_FAIL &&
					      other->outcome <= OUTCOME_DIED
				    : bad && bad->outcome != OUTCOME_FALLBACK &&
					      bad->rung > RUNG_ENUMERATE)
			return true;
	}
	return false;
}

/* A CPU device in place of the GPU: climbed, or shown by a pasted tool's output. */
static const struct result *find_fallback(struct view *view, bool vulkan)
{
	const struct record *record = view->record;
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *result = &record->results[i];
		const struct rung_result *bad = road_lowest_bad(result);
		/* Vulkan that finds no driver at all lacks the same thing. */
		bool said =
			result->reported && (result->outcome == OUTCOME_FALLBACK ||
					     (vulkan && result->outcome == OUTCOME_FAIL));
		bool climbed = bad && bad->outcome == OUTCOME_FALLBACK &&
			       is_judged(view, result);
		if ((!said && !climbed) ||
		    vulkan != !strcmp(result->interface, "vulkan") ||
		    road_kind(result->interface) != ROAD_API ||
		    !strcmp(result->interface, "openvino") ||
		    (said && !strcmp(result->interface, "d3d12")) ||
		    is_side_road(view, result))
			continue;
		const char *device = findings_string(
			climbed ? &bad->findings : &result->device, FIND_DEVICE);
		view_set(view, "road", road_title(result->interface));
		view_set_format(view, "device", "%s%s%s", device ? " (" : "",
				device ? device : "", device ? ")" : "");
		view_set(view, "install", how_to_install(view, result->interface));
		return result;
	}
	return NULL;
}

bool when_vulkan_cpu_only(struct view *view)
{
	return find_fallback(view, true);
}

bool when_road_cpu_only(struct view *view)
{
	return find_fallback(view, false);
}

static bool is_refused(const struct result *result, const struct rung_result *bad)
{
	return road_layer(result->interface, bad->rung) == LAYER_LOADER &&
	       (bad->outcome == OUTCOME_FAIL || bad->outcome == OUTCOME_CRASH) &&
	       !is_wrong(result, bad) && !is_unloadable(result, bad) &&
	       !lacks_symbol(result, bad) && !is_uninitialised(result, bad) &&
	       !lacks_driver(result, bad);
}

bool when_road_refused(struct view *view)
{
	return find_bad(view, is_refused);
}
