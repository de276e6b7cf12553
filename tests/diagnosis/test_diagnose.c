#include "diagnosis/answer.h"
#include "diagnosis/diagnose.h"

#include "diagnosis/rule.h"
#include "tests/diagnosis/builder.h"

#define ROWS 6

/* A set-up of results, and the rule that must come first ("" for none). */
struct scenario {
	const char *title;
	bool door; /* good_door stands before the rows */
	struct built_rung row[ROWS];
	const char *rule;
	enum layer layer;
};

static const struct scenario scenarios[] = {
	{ "no node",
	  false,
	  { { "dxg", A, RUNG_LOAD, OUTCOME_FAIL, REASON_NO_DEVICE_NODE } },
	  "no-device-node",
	  LAYER_WINDOWS_DRIVER },
	{ "node does not open",
	  false,
	  { { "dxg", A, RUNG_LOAD, OUTCOME_FAIL, REASON_NO_HOST_CHANNEL } },
	  "no-host-channel",
	  LAYER_WINDOWS_DRIVER },
	{ "no adapter",
	  false,
	  { { "dxg", A, RUNG_LOAD, OUTCOME_PASS },
	    { "dxg", A, RUNG_ENUMERATE, OUTCOME_FAIL, REASON_NO_ADAPTER } },
	  "no-adapter",
	  LAYER_WINDOWS_DRIVER },
	{ "only a software adapter",
	  false,
	  { { "dxg", A, RUNG_LOAD, OUTCOME_PASS },
	    { "dxg", A, RUNG_ENUMERATE, OUTCOME_FALLBACK, REASON_CPU_ONLY } },
	  "software-only",
	  LAYER_WINDOWS_DRIVER },
	{ "a dxg rung is refused",
	  false,
	  { { "dxg", A, RUNG_LOAD, OUTCOME_PASS },
	    { "dxg", A, RUNG_ENUMERATE, OUTCOME_PASS },
	    { "dxg",
	      A,
	      RUNG_OPEN,
	      OUTCOME_FAIL,
	      REASON_REFUSED,
	      { "call", "create_device", "code", "-22" } } },
	  "door-broken",
	  LAYER_DXG },
	{ "a dxg rung hangs",
	  false,
	  { { "dxg", A, RUNG_LOAD, OUTCOME_PASS },
	    { "dxg", A, RUNG_FENCE, OUTCOME_HUNG, REASON_DEADLINE } },
	  "door-hung",
	  LAYER_DXG },
	{ "dxcore alone fails",
	  true,
	  { { "dxcore", A, RUNG_LOAD, OUTCOME_FAIL, REASON_UNLOADABLE } },
	  "dxcore-broken",
	  LAYER_DXG },
	{ "dxcore fails where the door below it does, and stands before it",
	  false,
	  { { "dxcore", A, RUNG_LOAD, OUTCOME_PASS },
	    { "dxcore", A, RUNG_ENUMERATE, OUTCOME_FAIL, REASON_NO_ADAPTER },
	    { "dxg", A, RUNG_LOAD, OUTCOME_PASS },
	    { "dxg",
	      A,
	      RUNG_ENUMERATE,
	      OUTCOME_FAIL,
	      REASON_REFUSED,
	      { "call", "enum_adapters3", "code", "EINVAL" } } },
	  "door-broken",
	  LAYER_DXG },
	{ "dxcore lists other adapters than the door",
	  true,
	  { { "dxcore", A, RUNG_LOAD, OUTCOME_PASS },
	    { "dxcore", A, RUNG_ENUMERATE, OUTCOME_FAIL, REASON_NO_ADAPTER } },
	  "dxcore-blind",
	  LAYER_DXG },
	{ "dxcore lists software where the door has a GPU",
	  true,
	  { { "dxcore", A, RUNG_LOAD, OUTCOME_PASS },
	    { "dxcore", A, RUNG_ENUMERATE, OUTCOME_FALLBACK, REASON_CPU_ONLY } },
	  "dxcore-blind",
	  LAYER_DXG },
	{ "dxcore tells of another adapter",
	  true,
	  { { "dxcore", A, RUNG_LOAD, OUTCOME_PASS },
	    { "dxcore", A, RUNG_ENUMERATE, OUTCOME_PASS },
	    { "dxcore",
	      A,
	      RUNG_QUERY,
	      OUTCOME_FAIL,
	      REASON_WRONG_RESULT,
	      { "disagrees", "pci 1002:73bf, not 8086:7d51" } } },
	  "dxcore-blind",
	  LAYER_DXG },
	{ "the door without its library",
	  true,
	  { { "dxcore", A, RUNG_LOAD, OUTCOME_SKIP, REASON_NOT_INSTALLED },
	    { "opencl", A, RUNG_ENUMERATE, OUTCOME_FAIL, REASON_NO_ADAPTER } },
	  "dxcore-missing",
	  LAYER_DXG },
	{ "the compiler crashes, nothing refused below",
	  true,
	  { { "opencl", A, RUNG_OPEN, OUTCOME_PASS },
	    { "opencl",
	      A,
	      RUNG_COMPILE,
	      OUTCOME_CRASH,
	      REASON_SIGNAL,
	      { "signal", "SIGSEGV", "in", "libigc.so.1" } },
	    { "opencl", C, RUNG_COMPILE, OUTCOME_PASS } },
	  "compiler-crash",
	  LAYER_COMPILER },
	{ "a road hangs where the kernel waits for Windows",
	  true,
	  { { "opencl",
	      A,
	      RUNG_COPY,
	      OUTCOME_HUNG,
	      REASON_DEADLINE,
	      { "wchan", "dxgvmb_send_sync_msg" } } },
	  "hung-below",
	  LAYER_DXG },
	{ "a road hangs elsewhere",
	  true,
	  { { "opencl",
	      A,
	      RUNG_COPY,
	      OUTCOME_HUNG,
	      REASON_DEADLINE,
	      { "wchan", "futex_wait_queue" } } },
	  "road-hung",
	  LAYER_LOADER },
	{ "the compiler crashes after a refused call",
	  true,
	  { { "opencl", A, RUNG_OPEN, OUTCOME_PASS },
	    { "opencl",
	      A,
	      RUNG_COMPILE,
	      OUTCOME_CRASH,
	      REASON_SIGNAL,
	      { "signal", "SIGSEGV", "in", "libigc.so.1" },
	      "reserve_gpu_va",
	      -75 } },
	  "refused-below",
	  LAYER_DXG },
	{ "a harmless refusal moves no suspicion",
	  true,
	  { { "opencl", A, RUNG_OPEN, OUTCOME_PASS },
	    { "opencl",
	      A,
	      RUNG_COMPILE,
	      OUTCOME_CRASH,
	      REASON_SIGNAL,
	      { "signal", "SIGSEGV", "in", "libigc.so.1" },
	      "query_adapter_info",
	      -22 } },
	  "compiler-crash",
	  LAYER_COMPILER },
	{ "a crash in WSL's own library",
	  true,
	  { { "opencl",
	      A,
	      RUNG_OPEN,
	      OUTCOME_CRASH,
	      REASON_SIGNAL,
	      { "signal", "SIGABRT", "in", "/usr/lib/wsl/lib/libdxcore.so" } } },
	  "crash-below",
	  LAYER_DXG },
	{ "wrong numbers",
	  true,
	  { { "opencl", A, RUNG_COMPILE, OUTCOME_PASS },
	    { "opencl", A, RUNG_LAUNCH, OUTCOME_FAIL, REASON_WRONG_RESULT } },
	  "wrong-numbers",
	  LAYER_INFERENCE },
	{ "a library that does not load",
	  true,
	  { { "opencl",
	      A,
	      RUNG_LOAD,
	      OUTCOME_FAIL,
	      REASON_UNLOADABLE,
	      { "loader_says", "libedit.so.2: cannot open shared object file" } } },
	  "unloadable",
	  LAYER_LOADER },
	{ "zeInit knows no device",
	  true,
	  { { "level-zero",
	      A,
	      RUNG_ENUMERATE,
	      OUTCOME_FAIL,
	      REASON_REFUSED,
	      { "call", "zeInit", "code", "0x78000001" } } },
	  "level-zero-uninitialised",
	  LAYER_LOADER },
	{ "an OpenCL loader without a driver",
	  true,
	  { { "opencl",
	      A,
	      RUNG_ENUMERATE,
	      OUTCOME_FAIL,
	      REASON_REFUSED,
	      { "call", "clGetPlatformIDs", "code", "-1001" } } },
	  "icd-missing",
	  LAYER_LOADER },
	{ "a card that ROCm does not list",
	  true,
	  { { "hip", A, RUNG_ENUMERATE, OUTCOME_FAIL, REASON_NO_ADAPTER } },
	  "icd-missing", /* on an Intel GPU; test_a_known_limit has the vendor's */
	  LAYER_LOADER },
	{ "Intel's runtime lacks its helper library",
	  true,
	  { { "opencl",
	      A,
	      RUNG_ENUMERATE,
	      OUTCOME_CRASH,
	      REASON_SIGNAL,
	      { "signal", "SIGABRT", "last_words",
		"./shared/source/os_interface/windows/wddm/"
		"create_um_km_data_translator.cpp" } } },
	  "intel-helper-missing",
	  LAYER_WINDOWS_DRIVER },
	{ "a newer runtime of Intel's lacks it later",
	  true,
	  { { "opencl",
	      A,
	      RUNG_OPEN,
	      OUTCOME_CRASH,
	      REASON_SIGNAL,
	      { "signal", "SIGABRT", "last_words",
		"./shared/source/gmm_helper/client_context/gmm_client_context.cpp" } } },
	  "intel-helper-missing",
	  LAYER_WINDOWS_DRIVER },
	{ "Intel's runtime is not told of the GPU",
	  true,
	  { { "opencl",
	      A,
	      RUNG_ENUMERATE,
	      OUTCOME_CRASH,
	      REASON_SIGNAL,
	      { "signal", "SIGABRT", "last_words",
		"./shared/source/os_interface/windows/wddm/adapter_info.cpp" } } },
	  "intel-query-refused",
	  LAYER_DXG },
	{ "Vulkan on the CPU only",
	  true,
	  { { "vulkan",
	      A,
	      RUNG_ENUMERATE,
	      OUTCOME_FALLBACK,
	      REASON_CPU_ONLY,
	      { "device", "llvmpipe" } } },
	  "mesa-without-dzn",
	  LAYER_LOADER },
	{ "a road that does not come back",
	  true,
	  { { "opencl", A, RUNG_OPEN, OUTCOME_TIMEOUT, REASON_DEADLINE } },
	  "road-hung",
	  LAYER_LOADER },
	{ "nothing is installed",
	  true,
	  { { "opencl", A, RUNG_LOAD, OUTCOME_SKIP, REASON_NOT_INSTALLED },
	    { "vulkan", A, RUNG_LOAD, OUTCOME_SKIP, REASON_NOT_INSTALLED } },
	  "nothing-installed",
	  LAYER_LOADER },
	{ "the control fails too: nothing is said of the GPU",
	  true,
	  { { "opencl", A, RUNG_LAUNCH, OUTCOME_FAIL, REASON_WRONG_RESULT },
	    { "opencl", C, RUNG_LAUNCH, OUTCOME_FAIL, REASON_WRONG_RESULT } },
	  "control-failed",
	  LAYER_UNKNOWN },
	{ "all is well",
	  true,
	  { { "opencl", A, RUNG_COMPILE, OUTCOME_PASS },
	    { "opencl", A, RUNG_COPY, OUTCOME_PASS },
	    { "opencl", A, RUNG_LAUNCH, OUTCOME_PASS } },
	  "",
	  LAYER_UNKNOWN },
};

static void build(struct record *record, const struct scenario *scenario)
{
	build_record(record);
	if (scenario->door)
		for_each_row(row, good_door)
			build_rung(record, row);
	for (size_t i = 0; i < ROWS && scenario->row[i].interface; i++)
		build_rung(record, &scenario->row[i]);
}

static void test_scenario_names_its_rule(void **state)
{
	(void)state;
	for_each_row(scenario, scenarios) {
		cleanup_record struct record record;
		build(&record, scenario);
		diagnose(&record);
		const char *rule = record.n_diagnoses ? record.diagnoses[0].rule : "";
		if (strcmp(rule, scenario->rule))
			fail_msg("%s: '%s', not '%s'", scenario->title, rule,
				 scenario->rule);
		if (*rule)
			assert_int_equal(record.diagnoses[0].layer, scenario->layer);
	}
}

static void test_sentences_have_no_blanks_left(void **state)
{
	(void)state;
	for_each_row(scenario, scenarios) {
		cleanup_record struct record record;
		build(&record, scenario);
		diagnose(&record);
		for (size_t i = 0; i < record.n_diagnoses; i++) {
			const struct diagnosis *diagnosis = &record.diagnoses[i];
			assert_null(strchr(diagnosis->says, '{'));
			assert_true(diagnosis->todo.n <= 2);
			for (size_t j = 0; j < diagnosis->todo.n; j++)
				assert_null(strchr(diagnosis->todo.string[j], '{'));
		}
	}
}

static void test_diagnosing_twice_says_the_same(void **state)
{
	(void)state;
	cleanup_record struct record record;
	build(&record, &scenarios[7]);
	diagnose(&record);
	size_t n = record.n_diagnoses;
	assert_true(n > 0);
	diagnose(&record);
	assert_int_equal(record.n_diagnoses, n);
}

/* Of the diagnosis by a rule; COUNT where it was not said. */
static enum certainty certainty_of(const struct record *record, const char *rule)
{
	for (size_t i = 0; i < record->n_diagnoses; i++)
		if (!strcmp(record->diagnoses[i].rule, rule))
			return record->diagnoses[i].certainty;
	return CERTAINTY_COUNT;
}

static void test_refusal_met_on_both_roads_is_a_misfit(void **state)
{
	(void)state;
	static const struct built_rung rows[] = {
		{ "dxg", A, RUNG_OPEN, OUTCOME_PASS },
		{ "dxg", A, RUNG_FENCE, OUTCOME_FAIL, REASON_REFUSED },
		{ "opencl",
		  A,
		  RUNG_LAUNCH,
		  OUTCOME_CRASH,
		  REASON_SIGNAL,
		  { "signal", "SIGABRT" },
		  "reserve_gpu_va",
		  -75 },
	};
	cleanup_record struct record record;
	build_record(&record);
	for_each_row(row, rows)
		build_rung(&record, row);
	diagnose(&record);
	assert_string_equal(record.diagnoses[0].rule, "door-broken");
	assert_int_equal(certainty_of(&record, "door-mismatch"), CERTAINTY_LIKELY);
	assert_int_equal(certainty_of(&record, "which-driver"), CERTAINTY_UNKNOWN);
}

/* A crash of OpenCL's launch above a clean door. */
static struct rung_result *build_crash(struct record *record)
{
	static const struct built_rung rows[] = {
		{ "dxg", A, RUNG_FENCE, OUTCOME_PASS },
		{ "opencl", A, RUNG_COMPILE, OUTCOME_PASS },
		{ "opencl", A, RUNG_LAUNCH, OUTCOME_CRASH, REASON_SIGNAL },
	};
	build_record(record);
	for_each_row(row, rows)
		build_rung(record, row);
	return (struct rung_result *)result_rung(built_result(record, "opencl", A),
						 RUNG_LAUNCH);
}

static const char *says_of(const struct record *record, const char *rule)
{
	for (size_t i = 0; i < record->n_diagnoses; i++)
		if (!strcmp(record->diagnoses[i].rule, rule))
			return record->diagnoses[i].says;
	return "(not said)";
}

static void test_a_question_refused_is_judged_by_what_was_asked(void **state)
{
	(void)state;
	static const struct {
		uint32_t type;
		const char *says;
	} rows[] = {
		{ 60, "(not said)" },
		{ 57, "DXG refused query_adapter_info type 57 (-22, once) in the "
		      "very step where OpenCL failed (launch)." },
	};
	for_each_row(row, rows) {
		cleanup_record struct record record;
		struct trace *trace = &build_crash(&record)->trace;
		trace->how = "ptrace";
		struct trace_call *call =
			arena_push(&record.arena, trace->call, trace->n);
		call->ioctl = "query_adapter_info";
		failures_add(&record.arena, &call->failed, call->ioctl, -22, 1);
		*arena_push(&record.arena, call->types, call->n_types) =
			(struct trace_type){ row->type, 1, .failed = call->failed };
		diagnose(&record);
		assert_string_equal(says_of(&record, "refused-below"), row->says);
	}
}

static void test_the_heaviest_refusal_is_named_and_when_it_was(void **state)
{
	(void)state;
	static const struct failure failed[] = { { "query_adapter_info", -22, 9 },
						 { "reserve_gpu_va", -75, 3 },
						 { "make_resident", -12, 2 } };
	cleanup_record struct record record;
	struct trace *trace = &build_crash(&record)->trace;
	trace->how = "ptrace";
	for_each_row(row, failed) {
		struct trace_call *call =
			arena_push(&record.arena, trace->call, trace->n);
		call->ioctl = row->ioctl;
		failures_add(&record.arena, &call->failed, row->ioctl, row->error,
			     row->count);
	}
	*arena_push(&record.arena, trace->last, trace->n_last) =
		(struct trace_last){ .ioctl = "make_resident",
				     .returned = true,
				     .result = -12,
				     .before_us = 17400 };
	diagnose(&record);
	assert_string_equal(says_of(&record, "refused-below"),
			    "DXG refused make_resident (-12, 2 times) in the very "
			    "step where OpenCL failed (launch, 17 ms before the crash).");
	assert_string_equal(says_of(&record, "untraced"), "(not said)");
}

static void test_a_crash_that_nobody_traced_leaves_a_question(void **state)
{
	(void)state;
	cleanup_record struct record record;
	struct rung_result *crash = build_crash(&record);
	crash->trace.why = "ptrace is not permitted";
	diagnose(&record);
	assert_string_equal(says_of(&record, "untraced"),
			    "Whether DXG refused something when OpenCL failed "
			    "(launch): its calls were not seen, because ptrace is not "
			    "permitted.");
	assert_int_equal(certainty_of(&record, "untraced"), CERTAINTY_UNKNOWN);
	/* seen all the same, if slower */
	crash->trace.how = "ptrace, every call";
	diagnose(&record);
	assert_string_equal(says_of(&record, "untraced"), "(not said)");
	/* a library that does not load asked nothing */
	crash->trace.how = NULL;
	crash->outcome = OUTCOME_FAIL;
	crash->reason = REASON_UNLOADABLE;
	diagnose(&record);
	assert_string_equal(says_of(&record, "untraced"), "(not said)");
}

static void test_container_is_told_how_to_pass_the_device_in(void **state)
{
	(void)state;
	static const struct built_rung row = { "dxg", A, RUNG_LOAD, OUTCOME_FAIL,
					       REASON_NO_DEVICE_NODE };
	cleanup_record struct record record;
	build_record(&record);
	build_rung(&record, &row);
	record.environment.kind = ENVIRONMENT_CONTAINER;
	diagnose(&record);
	assert_int_equal(record.n_diagnoses, 1);
	assert_string_equal(record.diagnoses[0].rule, "no-device-in-container");
}

static void test_door_is_named_before_a_runtime(void **state)
{
	(void)state;
	cleanup_record struct record record;
	build(&record, &scenarios[4]);
	struct package package = { "intel-opencl-icd", "23.17.26241.33-1" };
	record.combination.packages = &package;
	record.combination.n_packages = 1;
	diagnose(&record);
	assert_true(record.n_diagnoses >= 2);
	assert_string_equal(record.diagnoses[0].rule, "door-broken");
	assert_string_equal(record.diagnoses[1].rule, "runtime-older-than-gpu");
}

struct runtime_row {
	const char *pci, *package, *version;
	bool older;
};

static void test_runtime_is_older_by_its_release(void **state)
{
	(void)state;
	static const struct runtime_row rows[] = {
		{ "8086:7d51", "intel-opencl-icd", "23.43.27642.40-1ubuntu3", true },
		{ "8086:7d51", "intel-opencl-icd", "24.52.32224.5-0", false },
		{ "8086:7d51", "libze-intel-gpu1", "24.05.28454.6", true },
		{ "8086:46a6", "intel-opencl-icd", "23.43.27642.40-1", false },
		{ "8086:46a6", "intel-opencl-icd", "21.30.20482-1", true },
		{ "8086:e20b", "intel-opencl-icd", "24.39.31294.20", false },
		{ "8086:e20b", "intel-opencl-icd", "24.22.29735.27", true },
		{ "8086:7d55", "intel-opencl-icd", "23.43.27642.40", false },
		{ "8086:e20b", "mesa-opencl-icd", "23.2.1", false },
		{ "10de:2684", "intel-opencl-icd", "20.13.16352", false },
		{ "8086:7d51", "intel-opencl-icd", "nonsense", false },
	};
	for_each_row(row, rows) {
		cleanup_record struct record record;
		build_record(&record);
		record.source.kind = SOURCE_HARVESTED;
		record.combination.adapter.pci = row->pci;
		struct package package = { row->package, row->version };
		record.combination.packages = &package;
		record.combination.n_packages = 1;
		diagnose(&record);
		bool said = record.n_diagnoses &&
			    !strcmp(record.diagnoses[0].rule, "runtime-older-than-gpu");
		if (said != row->older)
			fail_msg("%s %s on %s: %d", row->package, row->version, row->pci,
				 said);
	}
}

static void test_harmless_lines_are_no_diagnosis(void **state)
{
	(void)state;
	cleanup_record struct record record;
	build_record(&record);
	record.source.kind = SOURCE_HARVESTED;
	failures_add(&record.arena, &record.kernel_log.failed,
		     "dxgkio_query_adapter_info", -22, 52);
	failures_add(&record.arena, &record.kernel_log.failed,
		     "dxgkio_query_adapter_info", -2, 90);
	failures_add(&record.arena, &record.kernel_log.failed,
		     "dxgkio_is_feature_enabled", -75, 9);
	diagnose(&record);
	assert_int_equal(record.n_diagnoses, 0);
}

/* Of a run those lines count that were there before; they name no layer, and nothing at all
 * where an experiment says more. */
static void test_lines_of_a_run_are_remarks(void **state)
{
	(void)state;
	static const struct built_rung launch = { "cuda", A, RUNG_LAUNCH, OUTCOME_PASS },
				       copy = { "cuda", A, RUNG_COPY, OUTCOME_PASS },
				       compile = { "cuda", A, RUNG_COMPILE,
						   OUTCOME_PASS },
				       address = { "dxg", A, RUNG_ADDRESS, OUTCOME_PASS },
				       paging = { "dxg", A, RUNG_PAGING, OUTCOME_FAIL,
						  REASON_REFUSED };
	static const struct {
		const char *ioctl;
		int error;
		bool before;
		const struct built_rung *more[3];
		const char *rule;
		bool said;
	} rows[] = {
		{ "dxgkio_make_resident", -12, true, { NULL }, "gpu-memory-out", true },
		{ "dxgkio_make_resident", -12, false, { NULL }, "gpu-memory-out", false },
		{ "dxgkio_make_resident",
		  -12,
		  true,
		  { &copy, &compile, &launch },
		  "gpu-memory-out",
		  false },
		{ "dxgkio_make_resident",
		  -12,
		  true,
		  { &paging },
		  "gpu-memory-out",
		  false },
		{ "dxgkio_create_allocation",
		  -12,
		  true,
		  { NULL },
		  "vm-memory-short",
		  true },
		{ "dxgkio_create_allocation", -11, true, { NULL }, "channel-full", true },
		{ "dxgkio_create_allocation",
		  -11,
		  true,
		  { NULL },
		  "allocation-refused",
		  false },
		{ "dxgkio_reserve_gpu_va",
		  -75,
		  true,
		  { NULL },
		  "reserve-gpu-va-refused",
		  true },
		{ "dxgkio_reserve_gpu_va",
		  -75,
		  true,
		  { &address },
		  "reserve-gpu-va-refused",
		  false },
	};
	for_each_row(row, rows) {
		cleanup_record struct record record;
		build_record(&record);
		for_each_row(rung, good_door)
			build_rung(&record, rung);
		for (size_t i = 0; i < 3 && row->more[i]; i++)
			build_rung(&record, row->more[i]);
		failures_add(&record.arena, &record.kernel_log.failed, row->ioctl,
			     row->error, 2);
		if (row->before)
			failures_add(&record.arena, &record.kernel_log.idle, row->ioctl,
				     row->error, 2);
		diagnose(&record);
		bool said = false;
		for (size_t i = 0; i < record.n_diagnoses; i++) {
			if (strcmp(record.diagnoses[i].rule, row->rule) != 0)
				continue;
			said = true;
			assert_int_equal(record.diagnoses[i].layer, LAYER_UNKNOWN);
			assert_non_null(strstr(record.diagnoses[i].says,
					       "2 lines before this run"));
		}
		if (said != row->said)
			fail_msg("%s is %ssaid", row->rule, said ? "" : "not ");
	}
}

/* Another maker's driver that crashes while it looks for its own says nothing of this GPU. */
static void test_a_crash_elsewhere_is_not_this_gpus(void **state)
{
	(void)state;
	static const struct {
		const char *vendor, *class, *library;
		enum rung rung;
		bool elsewhere;
	} rows[] = {
		{ "10de", "gpu", "libigdrcl.so", RUNG_ENUMERATE, true },
		{ "8086", "gpu", "libigdrcl.so", RUNG_ENUMERATE, false },
		{ "8086", "npu", "libigdrcl.so", RUNG_ENUMERATE, true },
		{ "10de", "gpu", "libigdrcl.so", RUNG_OPEN, false },
		{ "10de", "gpu", "libother.so", RUNG_ENUMERATE, false },
		{ "1002", "gpu", "/usr/lib/libcuda.so.1", RUNG_LOAD, true },
	};
	for_each_row(row, rows) {
		cleanup_record struct record record;
		build_record(&record);
		record.combination.adapter.vendor = row->vendor;
		record.combination.adapter.class = row->class;
		record.combination.adapter.pci = record.combination.adapter.name = NULL;
		for_each_row(rung, good_door)
			build_rung(&record, rung);
		build_rung(&record, &(struct built_rung){ "opencl",
							  A,
							  row->rung,
							  OUTCOME_CRASH,
							  REASON_SIGNAL,
							  { "in", row->library } });
		diagnose(&record);
		enum layer layer = LAYER_UNKNOWN;
		for (size_t i = 0; i < record.n_diagnoses && layer < 0; i++)
			layer = record.diagnoses[i].layer;
		if ((layer == LAYER_UNKNOWN) != row->elsewhere)
			fail_msg("%s on %s %s: layer %d, %s", row->library, row->vendor,
				 row->class, (int)layer,
				 record.n_diagnoses ? record.diagnoses[0].rule : "");
	}
}

static void test_a_refused_escape_ends_only_an_npu(void **state)
{
	(void)state;
	for (int npu = 0; npu < 2; npu++) {
		cleanup_record struct record record;
		build_record(&record);
		record.source.kind = SOURCE_HARVESTED;
		record.combination.adapter.class = npu ? "npu" : "gpu";
		failures_add(&record.arena, &record.kernel_log.failed, "dxgkio_escape",
			     -75, 4);
		diagnose(&record);
		assert_int_equal(record.n_diagnoses, 1);
		assert_string_equal(record.diagnoses[0].rule,
				    npu ? "npu-escape-refused" : "escape-refused");
		assert_int_equal(record.diagnoses[0].certainty,
				 npu ? CERTAINTY_LIKELY : CERTAINTY_UNKNOWN);
	}
}

/* A message that the guest's driver turns down says nothing of Windows. */
static void test_an_escape_that_never_left_is_no_refusal(void **state)
{
	(void)state;
	cleanup_record struct record record;
	build_record(&record);
	record.source.kind = SOURCE_HARVESTED;
	failures_add(&record.arena, &record.kernel_log.failed, "dxgkio_escape", -22, 4);
	diagnose(&record);
	for (size_t i = 0; i < record.n_diagnoses; i++)
		assert_string_not_equal(record.diagnoses[i].rule, "escape-refused");
}

static void test_a_refused_address_is_worth_a_test(void **state)
{
	(void)state;
	cleanup_record struct record record;
	build_record(&record);
	record.source.kind = SOURCE_HARVESTED;
	failures_add(&record.arena, &record.kernel_log.failed, "dxgkio_reserve_gpu_va",
		     -75, 1);
	struct package package = { "intel-opencl-icd", "23.43.27642.40-1" };
	record.combination.packages = &package;
	record.combination.n_packages = 1;
	diagnose(&record);
	assert_int_equal(record.n_diagnoses, 3);
	assert_string_equal(record.diagnoses[0].rule, "runtime-older-than-gpu");
	assert_string_equal(record.diagnoses[1].rule, "reserve-gpu-va-refused");
	assert_string_equal(record.diagnoses[2].rule, "two-suspects");
}

static void test_a_known_limit_needs_no_probe(void **state)
{
	(void)state;
	cleanup_record struct record record;
	build_record(&record);
	record.combination.adapter.vendor = "10de";
	record.combination.adapter.pci = "10de:2684";
	for_each_row(row, good_door)
		build_rung(&record, row);
	build_rung(&record, &(struct built_rung){
				    "opencl",
				    A,
				    RUNG_ENUMERATE,
				    OUTCOME_FAIL,
				    REASON_REFUSED,
				    { "call", "clGetPlatformIDs", "code", "-1001" } });
	diagnose(&record);
	assert_int_equal(record.n_diagnoses, 2);
	assert_string_equal(record.diagnoses[1].rule, "known-limit");
	assert_non_null(strstr(record.diagnoses[1].says, "microsoft/WSL#6951"));
}

/* The commonest machine: CUDA works, and no other road was ever there. */
static void test_a_road_nobody_climbed_is_not_broken(void **state)
{
	(void)state;
	static const struct built_rung cpu_only = { "opencl", A, RUNG_ENUMERATE,
						    OUTCOME_FALLBACK, REASON_CPU_ONLY };
	static const struct built_rung crash = { "vulkan", A, RUNG_OPEN, OUTCOME_CRASH,
						 REASON_SIGNAL };
	static const struct built_rung cuda = { "cuda", A, RUNG_LOAD, OUTCOME_FAIL,
						REASON_UNLOADABLE };
	static const struct {
		const char *vendor;
		const struct built_rung *other;
		enum answer_word word;
	} rows[] = {
		{ "10de", NULL, ANSWER_NOT_KNOWN }, { "1002", NULL, ANSWER_NOT_KNOWN },
		{ "8086", NULL, ANSWER_NO },        { "10de", &crash, ANSWER_NO },
		{ "10de", &cuda, ANSWER_NO },
	};
	for_each_row(row, rows) {
		cleanup_record struct record record;
		build_record(&record);
		record.combination.adapter.vendor = row->vendor;
		for_each_row(rung, good_door)
			build_rung(&record, rung);
		build_rung(&record, &cpu_only);
		if (row->other)
			build_rung(&record, row->other);
		diagnose(&record);
		struct answer answer;
		answer_make(&record, &answer);
		assert_int_equal(answer.word, row->word);
		bool untried = !strcmp(record.diagnoses[0].rule, "own-road-untried");
		assert_int_equal(untried, row->word == ANSWER_NOT_KNOWN);
		cleanup_free char *chat = answer_chat_lines(&record);
		assert_int_equal(!!strstr(chat, "lowest broken: not known"), untried);
		answer_deinit(&answer);
	}
}

static void test_rules_have_names_of_their_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_rules; i++) {
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(rules[i].name, rules[j].name);
		for (size_t j = 0; rules[i].unless[j]; j++) {
			/* Only what was asked before can cover a rule. */
			size_t k = 0;
			while (k < i && strcmp(rules[k].name, rules[i].unless[j]))
				k++;
			if (k == i)
				fail_msg("%s: unless %s comes too late", rules[i].name,
					 rules[i].unless[j]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scenario_names_its_rule),
		cmocka_unit_test(test_sentences_have_no_blanks_left),
		cmocka_unit_test(test_diagnosing_twice_says_the_same),
		cmocka_unit_test(test_refusal_met_on_both_roads_is_a_misfit),
		cmocka_unit_test(test_a_question_refused_is_judged_by_what_was_asked),
		cmocka_unit_test(test_the_heaviest_refusal_is_named_and_when_it_was),
		cmocka_unit_test(test_a_crash_that_nobody_traced_leaves_a_question),
		cmocka_unit_test(test_container_is_told_how_to_pass_the_device_in),
		cmocka_unit_test(test_door_is_named_before_a_runtime),
		cmocka_unit_test(test_runtime_is_older_by_its_release),
		cmocka_unit_test(test_harmless_lines_are_no_diagnosis),
		cmocka_unit_test(test_lines_of_a_run_are_remarks),
		cmocka_unit_test(test_a_crash_elsewhere_is_not_this_gpus),
		cmocka_unit_test(test_a_refused_escape_ends_only_an_npu),
		cmocka_unit_test(test_an_escape_that_never_left_is_no_refusal),
		cmocka_unit_test(test_a_refused_address_is_worth_a_test),
		cmocka_unit_test(test_a_known_limit_needs_no_probe),
		cmocka_unit_test(test_a_road_nobody_climbed_is_not_broken),
		cmocka_unit_test(test_rules_have_names_of_their_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
