#include "tests/web/fixtures.h"

#include <stdarg.h>
#include <string.h>

#include "util/alloc.h"
#include "util/array.h"

#define HOSTILE                                                                          \
	"<script>alert(1)</script>\"'&amp; \xE2\x80\xAE gnp \x01\xFF"                    \
	"AVeryLongNameWithoutAnyPlaceToBreakItSoThatAPhoneMustFindOne"

static struct verdict verdict(enum verdict_word word, int64_t good, int64_t bad)
{
	return (struct verdict){ word, { .good = good, .bad = bad }, 0 };
}

static void add(struct arena *arena, struct strings *strings, ...)
{
	va_list args;
	const char *string;
	va_start(args, strings);
	while ((string = va_arg(args, const char *)))
		strings_add(arena, strings, string);
	va_end(args);
}

static struct view_interface *add_interface(struct arena *arena, struct view_scope *scope,
					    const char *name)
{
	struct view_interface *interface =
		arena_push(arena, scope->interfaces, scope->n_interfaces);
	interface->interface = name;
	interface->height = interface->conflict = interface->broken = RUNG_COUNT;
	return interface;
}

static void report_of(struct arena *arena, struct view_scope *scope, const char *name,
		      int64_t working, int64_t failing)
{
	struct view_interface *interface = add_interface(arena, scope, name);
	interface->working = working;
	interface->failing = failing;
}

/* Works up to a rung on so many machines; the next one is what word says. */
static struct view_interface *measure(struct arena *arena, struct view_scope *scope,
				      const char *name, enum rung height, int64_t good,
				      enum verdict_word next, int64_t bad)
{
	static const enum rung api[] = { RUNG_LOAD, RUNG_ENUMERATE, RUNG_OPEN,
					 RUNG_COPY, RUNG_COMPILE,   RUNG_LAUNCH };
	static const enum rung dxg[] = { RUNG_LOAD,  RUNG_ENUMERATE, RUNG_OPEN,
					 RUNG_QUERY, RUNG_PAGING,    RUNG_FENCE };
	const enum rung *rungs = strcmp(name, "dxg") ? api : dxg;
	struct view_interface *interface = add_interface(arena, scope, name);
	bool above = false;

	interface->machines = good + bad;
	for (size_t i = 0; i < ARRAY_SIZE(api); i++) {
		enum rung rung = rungs[i];
		interface->has |= rung_bit(rung);
		if (above)
			continue;
		above = rung > height;
		if (!above) {
			interface->rungs[rung] = verdict(
				VERDICT_CLEAN, good + (rung < height ? bad : 0), 0);
			interface->height = rung;
			continue;
		}
		interface->rungs[rung] =
			verdict(next, next == VERDICT_CONFLICT ? good : 0, bad);
		if (next == VERDICT_CONFLICT)
			interface->conflict = rung;
		if (next == VERDICT_BROKEN)
			interface->broken = rung;
	}
	return interface;
}

static void fall_back(struct arena *arena, struct view_scope *scope, const char *name,
		      int64_t machines)
{
	struct view_interface *interface =
		measure(arena, scope, name, RUNG_LOAD, machines, VERDICT_UNKNOWN, 0);
	interface->rungs[RUNG_ENUMERATE].votes.cpu = machines;
}

static void name_gpu(struct view_gpu *gpu, const char *address, const char *vendor,
		     const char *pci, const char *name)
{
	gpu->address = address;
	gpu->vendor = vendor;
	gpu->pci = pci;
	gpu->name = name;
}

static struct view_gpu *add_gpu(struct view_gpus *gpus, const char *address,
				const char *vendor, const char *pci, const char *name)
{
	struct view_gpu *gpu = arena_push(&gpus->arena, gpus->gpu, gpus->n);
	name_gpu(gpu, address, vendor, pci, name);
	return gpu;
}

static void count_reports(struct view_scope *scope, int64_t working, int64_t failing,
			  const char *newest)
{
	scope->reports = working + failing;
	scope->reports_working = working;
	scope->reports_failing = failing;
	scope->newest_report = newest;
}

void fixture_gpus_reported(struct view_gpus *ret)
{
	*ret = (struct view_gpus){ 0 };
	struct arena *arena = &ret->arena;
	struct view_gpu *gpu =
		add_gpu(ret, "8086-7d51", "8086", "8086:7d51", "Intel Arc 140T");
	count_reports(&gpu->scope, 1, 1, "2026-03");
	report_of(arena, &gpu->scope, "opencl", 0, 1);
	report_of(arena, &gpu->scope, "vulkan", 1, 0);
	gpu = add_gpu(ret, "10de-geforce-rtx-4090", "10de", NULL,
		      "NVIDIA GeForce RTX 4090");
	count_reports(&gpu->scope, 2, 1, "2025-11-02");
	report_of(arena, &gpu->scope, "cuda", 2, 1);
	gpu = add_gpu(ret, "1002-1900", "1002", "1002:1900", "AMD Radeon 780M");
	count_reports(&gpu->scope, 1, 0, "2026-01");
	report_of(arena, &gpu->scope, "vulkan", 1, 0);
	gpu = add_gpu(ret, "1002-7480", "1002", "1002:7480", "AMD Radeon RX 7600");
	count_reports(&gpu->scope, 0, 1, NULL);
	report_of(arena, &gpu->scope, "hip", 0, 1);
	gpu = add_gpu(ret, "8086-46b3", "8086", "8086:46b3", NULL);
	count_reports(&gpu->scope, 0, 0, NULL);
	gpu->scope.reports = 1;
	gpu = add_gpu(ret, "unknown-script", NULL, NULL, HOSTILE);
	count_reports(&gpu->scope, 0, 1, NULL);
	report_of(arena, &gpu->scope, "<b>api</b>", 0, 1);
}

void fixture_gpus_measured(struct view_gpus *ret)
{
	*ret = (struct view_gpus){ 0 };
	struct arena *arena = &ret->arena;
	struct view_gpu *gpu =
		add_gpu(ret, "10de-2684", "10de", "10de:2684", "NVIDIA GeForce RTX 4090");
	gpu->scope.machines = 44;
	gpu->scope.witnesses = 41;
	gpu->scope.door = verdict(VERDICT_CLEAN, 41, 0);
	measure(arena, &gpu->scope, "cuda", RUNG_LAUNCH, 41, VERDICT_UNKNOWN, 0);
	measure(arena, &gpu->scope, "opencl", RUNG_ENUMERATE, 2, VERDICT_BROKEN, 2);
	measure(arena, &gpu->scope, "vulkan", RUNG_COMPILE, 3, VERDICT_CONFLICT, 2);
	gpu = add_gpu(ret, "8086-7d51", "8086", "8086:7d51", "Intel Arc 140T");
	gpu->scope.machines = 7;
	gpu->scope.witnesses = 6;
	gpu->scope.door = verdict(VERDICT_NOISY, 6, 0);
	measure(arena, &gpu->scope, "opencl", RUNG_LAUNCH, 6, VERDICT_UNKNOWN, 0);
	measure(arena, &gpu->scope, "vulkan", RUNG_LAUNCH, 4, VERDICT_UNKNOWN, 0);
	gpu = add_gpu(ret, "1002-7480", "1002", "1002:7480", "AMD Radeon RX 7600");
	gpu->scope.machines = gpu->scope.witnesses = 3;
	gpu->scope.door = verdict(VERDICT_CLEAN, 3, 0);
	gpu->scope.door_to_fence = true;
	fall_back(arena, &gpu->scope, "vulkan", 3);
	report_of(arena, &gpu->scope, "opencl", 1, 0);
	add_gpu(ret, "1002-1900", "1002", "1002:1900", "AMD Radeon 780M");
}

static void add_post(struct arena *arena, struct view_report *report, const char *id,
		     const char *url, const char *date)
{
	*arena_push(arena, report->posts, report->n_posts) =
		(struct view_post){ id, url, date };
}

static void add_claim(struct arena *arena, struct view_report *report, const char *name,
		      enum outcome outcome)
{
	*arena_push(arena, report->claims, report->n_claims) = (struct view_claim){
		name,
		outcome == OUTCOME_PASS,
		outcome > OUTCOME_FALLBACK,
		outcome,
	};
}

#define ID_A "sha256:1111111111aa0000000000000000000000000000000000000000000000000000"
#define ID_B "sha256:2222222222bb0000000000000000000000000000000000000000000000000000"
#define ID_C "sha256:3333333333cc0000000000000000000000000000000000000000000000000000"

static void add_reports(struct view_gpu_page *page)
{
	struct arena *arena = &page->arena;
	struct view_report *report = arena_push(arena, page->reports, page->n_reports);
	report->kernel = "6.6.87.2-microsoft-standard-WSL2";
	report->date = "2026-03";
	add_claim(arena, report, "vulkan", OUTCOME_PASS);
	add_post(arena, report, ID_A, "https://github.com/ollama/ollama/issues/14854",
		 "2026-03");
	report = arena_push(arena, page->reports, page->n_reports);
	report->driver = "32.0.101.6554";
	report->kernel = "6.6.87.2-microsoft-standard-WSL2";
	report->windows = "10.0.27982.1";
	add_claim(arena, report, "opencl", OUTCOME_CRASH);
	add_claim(arena, report, "vulkan", OUTCOME_FALLBACK);
	add_post(arena, report, ID_B, "https://example.org/blog/arc-140t/part-1", NULL);
	add_post(arena, report, ID_C, "https://example.org/blog/arc-140t/part-2", NULL);
}

static struct view_combination *add_combination(struct view_gpu_page *page,
						const char *address, const char *driver,
						const char *wsl, const char *kernel,
						const char *windows)
{
	struct view_combination *combination =
		arena_push(&page->arena, page->combinations, page->n_combinations);
	*combination = (struct view_combination){
		.address = address,
		.driver = driver,
		.wsl = wsl,
		.kernel = kernel,
		.windows = windows,
		.full = driver && wsl && kernel && windows,
	};
	return combination;
}

void fixture_gpu_reported(struct view_gpu_page *ret)
{
	*ret = (struct view_gpu_page){ 0 };
	struct view_gpu *gpu = &ret->gpu;
	name_gpu(gpu, "8086-7d51", "8086", "8086:7d51", "Intel Arc 140T");
	add(&ret->arena, &gpu->names, "Intel(R) Graphics [0x7d51]", NULL);
	count_reports(&gpu->scope, 1, 1, "2026-03");
	report_of(&ret->arena, &gpu->scope, "opencl", 0, 1);
	report_of(&ret->arena, &gpu->scope, "vulkan", 1, 0);
	add_reports(ret);
	add(&ret->arena, &ret->drivers, "32.0.101.6554", NULL);
	struct view_combination *combination = add_combination(
		ret, "0a1b2c3d4e5f", "32.0.101.6554", NULL, "6.6.87.2", "10.0.27982.1");
	combination->reports = 1;
	combination = add_combination(ret, "6a7b8c9d0e1f", NULL, NULL, "6.6.87.2", NULL);
	combination->reports = 1;
	combination->newest = "2026-03";
}

void fixture_gpu_measured(struct view_gpu_page *ret)
{
	fixture_gpu_reported(ret);
	struct arena *arena = &ret->arena;
	struct view_scope *scope = &ret->gpu.scope;
	scope->n_interfaces = 0;
	scope->interfaces = NULL;
	scope->machines = 7;
	scope->witnesses = 6;
	scope->first = "2026-08-02";
	scope->newest = "2026-11-20";
	scope->door = verdict(VERDICT_CONFLICT, 6, 3);
	measure(arena, scope, "dxg", RUNG_FENCE, 7, VERDICT_UNKNOWN, 0);
	measure(arena, scope, "level-zero", RUNG_COMPILE, 2, VERDICT_CONFLICT, 3);
	measure(arena, scope, "opencl", RUNG_LAUNCH, 6, VERDICT_UNKNOWN, 0);
	fall_back(arena, scope, "vulkan", 3);

	ret->drivers = ret->wsls = (struct strings){ 0 };
	add(arena, &ret->drivers, "32.0.101.8830", "32.0.101.8826", "32.0.101.8801",
	    "32.0.101.6554", NULL);
	add(arena, &ret->wsls, "2.6.3.0", "2.7.9.0", "2.7.14.0", "3.0.1.0", NULL);
	ret->cells = arena_alloc(arena, 16, sizeof(*ret->cells));
	ret->driver_cells = arena_alloc(arena, 4, sizeof(*ret->cells));
	ret->cells[2] =
		(struct view_cell){ true, verdict(VERDICT_CLEAN, 2, 0), false, 2, 0 };
	ret->cells[3] =
		(struct view_cell){ true, verdict(VERDICT_NOISY, 1, 0), false, 1, 0 };
	ret->cells[6] =
		(struct view_cell){ true, verdict(VERDICT_CONFLICT, 2, 3), false, 5, 0 };
	ret->cells[9] =
		(struct view_cell){ true, verdict(VERDICT_BROKEN, 0, 2), false, 2, 0 };
	ret->cells[10] =
		(struct view_cell){ true, verdict(VERDICT_CLEAN, 4, 0), false, 4, 1 };
	ret->cells[12] =
		(struct view_cell){ true, verdict(VERDICT_CLEAN, 1, 0), true, 1, 0 };
	ret->cells[13] = (struct view_cell){ true, { 0 }, false, 0, 2 };
	struct view_combination *combination =
		add_combination(ret, "abcdefabcdef", "32.0.101.8830", "2.7.14.0",
				"6.18.33.2", "10.0.26100.9168");
	combination->machines = 2;
	combination->newest = "2026-11-20";
}

void fixture_combination(struct view_combination_page *ret)
{
	*ret = (struct view_combination_page){ 0 };
	struct arena *arena = &ret->arena;
	name_gpu(&ret->gpu, "8086-7d51", "8086", "8086:7d51", "Intel Arc 140T");
	ret->combination = (struct view_combination){
		.address = "abcdefabcdef",
		.driver = "32.0.101.8826",
		.wsl = "2.7.14.0",
		.kernel = "6.18.33.2",
		.windows = "10.0.26100.9168",
		.full = true,
		.machines = 2,
		.reports = 1,
		.records = 4,
		.newest = "2026-11-20",
	};
	struct view_scope *scope = &ret->scope;
	scope->machines = scope->witnesses = 2;
	scope->reports = scope->reports_failing = 1;
	scope->first = "2026-11-12";
	scope->newest = "2026-11-20";
	scope->door = verdict(VERDICT_CONFLICT, 1, 1);
	measure(arena, scope, "dxg", RUNG_PAGING, 2, VERDICT_CONFLICT, 1);
	measure(arena, scope, "opencl", RUNG_COMPILE, 1, VERDICT_BROKEN, 2);
	const struct view_record_row rows[] = {
		{ ID_A, "1111111111aa", "2026-11-20", NULL, true, true, false, 1, 17,
		  "dxg fence \xC2\xB7 opencl launch crash" },
		{ ID_B, "2222222222bb", "2026-11-12", NULL, true, true, false, 2, 3,
		  "dxg fence fail \xC2\xB7 opencl launch crash" },
		{ ID_B, "2222222222bb", "2026-11-11", NULL, true, true, false, 1, 16,
		  "dxg fence" },
		{ ID_C, "3333333333cc", NULL, "javascript:alert(1)", false, false, true,
		  0, -1, "opencl reported crash " HOSTILE },
	};
	ret->records = arena_alloc(arena, ARRAY_SIZE(rows), sizeof(*ret->records));
	memcpy(ret->records, rows, sizeof(rows));
	ret->n_records = ARRAY_SIZE(rows);
}

void fixture_gpu_hostile(struct view_gpu_page *ret)
{
	*ret = (struct view_gpu_page){ 0 };
	struct arena *arena = &ret->arena;
	name_gpu(&ret->gpu, "unknown-script", NULL, NULL, HOSTILE);
	add(arena, &ret->gpu.names, HOSTILE, "'\"><img src=x onerror=alert(1)>", NULL);
	count_reports(&ret->gpu.scope, 1, 0, HOSTILE);
	report_of(arena, &ret->gpu.scope, HOSTILE, 1, 0);
	struct view_report *report = arena_push(arena, ret->reports, ret->n_reports);
	report->driver = report->wsl = report->kernel = report->windows = report->date =
		HOSTILE;
	add_claim(arena, report, HOSTILE, OUTCOME_PASS);
	add_post(arena, report, ID_A, "javascript:alert(1)", HOSTILE);
	add_post(arena, report, ID_B, "https://example.org/\"onmouseover='alert(1)'",
		 NULL);
	add(arena, &ret->drivers, HOSTILE, NULL);
	add_combination(ret, "0a1b2c3d4e5f", HOSTILE, HOSTILE, HOSTILE, HOSTILE);
}

static void name_adapter(struct record *record, const char *vendor, const char *pci,
			 const char *name)
{
	struct adapter *adapter = &record->combination.adapter;
	adapter->present = true;
	adapter->vendor = vendor;
	adapter->pci = pci;
	adapter->name = name;
	adapter->class = "gpu";
}

static void add_rung(struct record *record, struct result *result, enum rung rung,
		     enum outcome outcome, enum reason reason, int64_t ms)
{
	struct rung_result *row =
		arena_push(&record->arena, result->rungs, result->n_rungs);
	row->rung = rung;
	row->outcome = outcome;
	row->reason = reason;
	row->ms = ms;
	if (outcome == OUTCOME_CRASH) {
		row->n_tries = TRIES_MAX;
		for (int i = 0; i < TRIES_MAX; i++)
			row->tries[i] = outcome;
		*arena_push(&record->arena, row->findings.finding, row->findings.n) =
			(struct finding_value){ "in", FINDING_STRING, "libigc.so.1", 0 };
	}
	if (outcome == OUTCOME_BLOCKED) {
		row->blocked = true;
		row->by = RUNG_COMPILE;
	}
}

/* What the compiler asked before it crashed. */
static void add_trace(struct record *record, struct rung_result *rung)
{
	struct arena *arena = &record->arena;
	struct trace *trace = &rung->trace;
	struct trace_call *query = arena_push(arena, trace->call, trace->n);
	trace->how = "ptrace+seccomp";
	*query = (struct trace_call){ "query_adapter_info", 9, .sum_us = 240,
				      .max_us = 41 };
	failures_add(arena, &query->failed, query->ioctl, -22, 2);
	failures_add(arena, &query->failed, query->ioctl, -5, 1);
	*arena_push(arena, query->types, query->n_types) =
		(struct trace_type){ .type = 60, .calls = 8 };
	failures_add(arena, &query->types[0].failed, query->ioctl, -22, 2);
	*arena_push(arena, trace->last, trace->n_last) = (struct trace_last){
		"query_adapter_info", true, true, 60, -22, 41, 17400, 1
	};
	*arena_push(arena, trace->last, trace->n_last) =
		(struct trace_last){ "wait_sync_object_cpu", .us = -1, .before_us = 9000,
				     .thread = 2 };
}

static void add_step(struct answer *answer, struct answer_steps *steps, enum layer layer,
		     const char *step, const char *road, enum outcome outcome,
		     const char *detail)
{
	*arena_push(&answer->arena, steps->step, steps->n) = (struct answer_step){
		layer, step, road, outcome, outcome_rows[outcome].words, detail
	};
}

void fixture_record_measured(struct record *record, struct answer *answer)
{
	record_init(record);
	*answer = (struct answer){ .word = ANSWER_NO };
	struct combination *combination = &record->combination;
	name_adapter(record, "8086", "8086:7d51", "Intel Arc 140T");
	record->source.kind = SOURCE_MEASURED;
	record->source.tool = "dxgmatrix 0.1.0";
	record->source.trigger = "manual";
	record->time = "2026-11-20";
	record->run_n = 17;
	record->run_boot = 3;
	record->environment.kind = ENVIRONMENT_WSL2;
	combination->driver = "32.0.101.6554";
	combination->driver_date = "2025-01-15";
	combination->wsl = "2.6.3.0";
	combination->kernel = "6.6.87.2-microsoft-standard-WSL2";
	combination->windows = "10.0.27982.1";
	combination->distro = "ubuntu-24.04";
	*arena_push(&record->arena, combination->packages, combination->n_packages) =
		(struct package){ "intel-opencl-icd", "23.43.27642.40-1ubuntu3" };
	record->kernel_log.present = true;
	failures_add(&record->arena, &record->kernel_log.failed,
		     "dxgkio_query_adapter_info", -22, 87);
	failures_add(&record->arena, &record->kernel_log.failed,
		     "dxgkio_query_adapter_info", -2, 17);
	struct result *result =
		arena_push(&record->arena, record->results, record->n_results);
	result->interface = "opencl";
	add_rung(record, result, RUNG_LOAD, OUTCOME_PASS, REASON_NONE, 41);
	add_rung(record, result, RUNG_ENUMERATE, OUTCOME_PASS, REASON_NONE, 30);
	add_rung(record, result, RUNG_OPEN, OUTCOME_PASS, REASON_NONE, 12);
	add_rung(record, result, RUNG_COMPILE, OUTCOME_CRASH, REASON_SIGNAL, 812);
	add_trace(record, &result->rungs[result->n_rungs - 1]);
	result->rungs[0].trace.why = "ptrace is not permitted";
	add_rung(record, result, RUNG_LAUNCH, OUTCOME_BLOCKED, REASON_NONE, -1);
	record_write(record);

	struct arena *arena = &answer->arena;
	add(arena, &answer->headline,
	    "NO inside WSL2; YES through Windows: Ollama there answers at 17.4 tokens/s.",
	    "Broken inside: the OpenCL compiler (layer 3). The door to Windows works, "
	    "tested "
	    "with D3D12.",
	    NULL);
	add(arena, &answer->setup, "Intel Arc 140T (8086:7d51)",
	    "Windows driver 32.0.101.6554, 2025-01-15", "WSL 2.6.3.0, kernel 6.6.87.2",
	    "Windows 10.0.27982.1 (Insider), Ubuntu 24.04", NULL);
	add_step(answer, &answer->stack, LAYER_INFERENCE, "inference", NULL,
		 OUTCOME_BLOCKED, NULL);
	add_step(answer, &answer->stack, LAYER_COMPILER, "compiler", "OpenCL",
		 OUTCOME_CRASH,
		 "SIGSEGV in libigc.so.1, 3 tries of 3; nothing went to the GPU");
	add_step(answer, &answer->stack, LAYER_LOADER, "API", "OpenCL", OUTCOME_PASS,
		 "Intel(R) Graphics [0x7d51] found and opened");
	add_step(answer, &answer->stack, LAYER_DXG, "DXG", NULL, OUTCOME_PASS,
		 "7 of 7 steps; D3D12: 64 MiB to the GPU and back, equal");
	add_step(answer, &answer->stack, LAYER_WINDOWS_DRIVER, "Windows driver", NULL,
		 OUTCOME_PASS, "comes with its WSL part");
	add_step(answer, &answer->roads, LAYER_UNKNOWN, "Vulkan", NULL, OUTCOME_FALLBACK,
		 "this Mesa has no dzn driver; only llvmpipe answers");
	add_step(answer, &answer->roads, LAYER_UNKNOWN, "Level Zero", NULL, OUTCOME_SKIP,
		 "not installed");
	add_step(answer, &answer->controls, LAYER_UNKNOWN, "OpenCL", "PoCL", OUTCOME_PASS,
		 "6 of 6 steps");
	add(arena, &answer->tested,
	    "The compiler crashes alone too, without the GPU (ocloc): a fault of its "
	    "own.",
	    NULL);
	add(arena, &answer->likely,
	    "intel-opencl-icd 23.43 (2023) is older than this GPU (2024).", NULL);
	add(arena, &answer->not_it,
	    "104 kernel lines \"dxgkio_\xE2\x80\xA6 Ioctl failed: -22 / -2\": machines "
	    "that "
	    "work print them too.",
	    "No /dev/dri, nothing in lspci: normal in WSL2.", NULL);
	add(arena, &answer->todo,
	    "now, nothing to install: export OLLAMA_HOST=http://172.29.96.1:11434",
	    "newer Intel packages (intel/compute-runtime, Releases), then: dxgmatrix run "
	    "opencl",
	    NULL);
	add(arena, &answer->leave,
	    "WSL, kernel, Windows driver: nothing here points at them.", NULL);
}

void fixture_record_harvested(struct record *record, struct answer *answer)
{
	record_init(record);
	*answer = (struct answer){ .word = ANSWER_NOT_KNOWN };
	name_adapter(record, "8086", NULL, "Arc <script>alert(1)</script> \"140T'");
	record->source.kind = SOURCE_HARVESTED;
	record->source.tool = "dxgmatrix 0.1.0";
	record->source.url = "https://example.org/posts/?a=1&b=<2>";
	record->time = "2026-03";
	record->combination.driver = "32.0.101.6554";
	record->kernel_log.present = true;
	failures_add(&record->arena, &record->kernel_log.failed, "dxgkio_reserve_gpu_va",
		     -75, 1);
	failures_add(&record->arena, &record->kernel_log.failed, "dxgkio_unheard_of", -5,
		     2);
	add(&record->arena, &record->kernel_log.other, "dxgk: <i>something</i> else",
	    NULL);
	struct result *result =
		arena_push(&record->arena, record->results, record->n_results);
	result->interface = "opencl";
	result->reported = true;
	result->outcome = OUTCOME_CRASH;
	*arena_push(&record->arena, record->evidence, record->n_evidence) =
		(struct evidence){
			"/combination/driver/version", 12,
			"Driver </td><script>alert(1)</script> 32.0.101.6554"
		};
	struct contradiction *contradiction = arena_push(
		&record->arena, record->contradictions, record->n_contradictions);
	contradiction->pointer = "/combination/wsl";
	add(&record->arena, &contradiction->values, "2.6.3.0", "2.7.\"1'4", NULL);
	record_write(record);

	struct arena *arena = &answer->arena;
	add(arena, &answer->headline,
	    "NOT KNOWN: a report of OpenCL crashing, nothing was measured.", NULL);
	add(arena, &answer->setup, "Arc <script>alert(1)</script> \"140T'",
	    "Windows driver 32.0.101.6554", NULL);
	add(arena, &answer->not_known, "```\n\nwhether @everybody sees this", NULL);
	add(arena, &answer->missing, "WSL version (wsl --version)", NULL);
}
