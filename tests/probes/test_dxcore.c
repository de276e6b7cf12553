/* The unmodified probe program on simulated machines with a stand-in libdxcore, whose
 * tables of functions come from Microsoft's own header. */
#include "tests/dxgsim/simulate.h"

#include <signal.h>

#include "tests/probes/heard.h"

#define GPU                                                                              \
	"[adapter]\nluid = 00000000:0000000a\npci = 8086:7d51\nrevision = 03\n"          \
	"subsystem = 17aa:3a15\ntype = render_supported hybrid_integrated\n"             \
	"description = Intel(R) Arc(TM) 140T GPU\numd = 32.0.101.6554\nwddm = 3200\n"    \
	"shared_mib = 16280\n"
#define NPU                                                                              \
	"[adapter]\nluid = 00000000:0000000b\npci = 8086:643e\ntype = compute_only\n"    \
	"description = Intel(R) AI Boost\nwddm = 3200\n"
#define WARP                                                                             \
	"[adapter]\nluid = 00000000:0000000c\npci = 1414:008c\n"                         \
	"type = render_supported software_device\n"                                      \
	"description = Microsoft Basic Render Driver\nwddm = 3200\n"
/* The same model twice. */
#define TWIN                                                                             \
	"[adapter]\nluid = 00000000:0000000d\npci = 8086:7d51\n"                         \
	"type = render_supported\ndescription = its twin\numd = 32.0.101.6555\n"

static struct heard *run_library(const char *scenario, const char *library,
				 const char *mode, const char *option, const char *value)
{
	cleanup_free char *probe = binary_path("dxgmatrix-probe");
	cleanup_free char *below = xasprintf("tests/fakes/%s", library);
	cleanup_free char *folder = binary_path(below);
	cleanup_free char *path = xasprintf("LD_LIBRARY_PATH=%s", folder);
	cleanup_free char *fake = xasprintf("FAKE_DXCORE=%s", mode);
	const char *const arguments[] = { scenario, "--",  probe, "dxcore",
					  option,   value, NULL };
	const char *const environment[] = { path, fake, NULL };
	return heard_run("tests/dxgsim/dxgsim", arguments, environment, 30000);
}

/* On a machine of this text. */
static struct heard *run(const char *text, const char *mode, const char *option,
			 const char *value)
{
	cleanup_free char *scenario = scenario_write(text);
	struct heard *h = run_library(scenario, "dxcore", mode, option, value);
	unlink(scenario);
	return h;
}

static const char *string_of(const struct heard *h, uint8_t adapter, enum finding finding)
{
	for (size_t i = 0; i < h->findings_n; i++)
		if (h->findings[i].adapter == adapter &&
		    !strcmp(h->findings[i].name, finding_rows[finding].name))
			return h->findings[i].string;
	return "(absent)";
}

static void test_dxcore_says_what_the_door_says(void **state)
{
	(void)state;
	cleanup_free char *scenario = scenario_path("nvidia-clean");
	struct heard *h = run_library(scenario, "dxcore", "", NULL, NULL);
	assert_heard(h, RUNG_LOAD, OUTCOME_PASS, REASON_NONE);
	assert_heard(h, RUNG_ENUMERATE, OUTCOME_PASS, REASON_NONE);
	assert_heard(h, RUNG_QUERY, OUTCOME_PASS, REASON_NONE);
	assert_heard_number(h, RUNG_ENUMERATE, FIND_ADAPTERS, 1);
	assert_string_equal(string_of(h, 0, FIND_ADAPTER_CLASS), "gpu");
	assert_string_equal(string_of(h, 0, FIND_PCI), "10de:1bb1");
	assert_heard_string(h, RUNG_QUERY, FIND_PCI, "10de:1bb1");
	assert_heard_string(h, RUNG_QUERY, FIND_REVISION, "a1");
	assert_heard_string(h, RUNG_QUERY, FIND_SUBSYSTEM, "10de:11a3");
	assert_heard_string(h, RUNG_QUERY, FIND_DESCRIPTION, "NVIDIA Quadro P4000");
	assert_heard_string(h, RUNG_QUERY, FIND_DRIVER_VERSION, "31.0.15.5286");
	assert_heard_string(h, RUNG_QUERY, FIND_ATTRIBUTES,
			    "core_compute graphics d3d11_graphics");
	assert_heard_number(h, RUNG_QUERY, FIND_INTEGRATED, 0);
	assert_heard_number(h, RUNG_QUERY, FIND_DEDICATED_MIB, 8192);
	assert_heard_number(h, RUNG_QUERY, FIND_SHARED_MIB, 16280);
	assert_null(heard_find(h, RUNG_QUERY, FIND_DISAGREES));
	/* what the library asks beside, and is refused on a healthy machine, is no symptom */
	assert_true(h->rungs[RUNG_ENUMERATE].expected > 0);
	assert_true(h->end);
	heard_destroy(h);
}

/* Which of several, whatever order DXCore has them in. */
static void test_dxcore_finds_the_adapter_that_is_meant(void **state)
{
	(void)state;
	static const struct {
		const char *machine, *mode, *option, *value;
		const char *pci, *description;
	} rows[] = {
		{ WARP GPU NPU, "", NULL, NULL, "8086:7d51", NULL },
		{ WARP GPU NPU, "", "--pci", "8086:643e", "8086:643e", NULL },
		{ WARP GPU NPU, "reversed", "--pci", "8086:7d51", "8086:7d51", NULL },
		{ WARP GPU NPU, "old", "--pci", "8086:643e", "8086:643e", NULL },
		{ WARP GPU NPU, "no-luid", "--pci", "8086:643e", "8086:643e", NULL },
		{ WARP GPU NPU, "", "--adapter", "2", "8086:643e", NULL },
		{ WARP GPU NPU, "reversed", "--adapter", "2", "8086:643e", NULL },
		{ GPU TWIN, "", "--adapter", "1", "8086:7d51", "its twin" },
		{ GPU TWIN, "reversed", "--adapter", "1", "8086:7d51", "its twin" },
	};
	for_each_row(row, rows) {
		struct heard *h = run(row->machine, row->mode, row->option, row->value);
		assert_heard(h, RUNG_QUERY, OUTCOME_PASS, REASON_NONE);
		assert_heard_string(h, RUNG_QUERY, FIND_PCI, row->pci);
		if (row->description)
			assert_heard_string(h, RUNG_QUERY, FIND_DESCRIPTION,
					    row->description);
		assert_null(heard_find(h, RUNG_QUERY, FIND_DISAGREES));
		heard_destroy(h);
	}
}

static void test_dxcore_tells_an_npu_from_a_gpu(void **state)
{
	(void)state;
	struct heard *h = run(WARP GPU NPU, "reversed", NULL, NULL);
	assert_heard_number(h, RUNG_ENUMERATE, FIND_ADAPTERS, 3);
	assert_string_equal(string_of(h, 0, FIND_ADAPTER_CLASS), "software");
	assert_string_equal(string_of(h, 1, FIND_ADAPTER_CLASS), "gpu");
	assert_string_equal(string_of(h, 1, FIND_DESCRIPTION),
			    "Intel(R) Arc(TM) 140T GPU");
	assert_string_equal(string_of(h, 2, FIND_ADAPTER_CLASS), "npu");
	heard_destroy(h);
	h = run(NPU, "", NULL, NULL);
	assert_heard_string(h, RUNG_QUERY, FIND_ATTRIBUTES, "core_compute");
	assert_null(heard_find(h, RUNG_QUERY, FIND_DEDICATED_MIB));
	assert_null(heard_find(h, RUNG_QUERY, FIND_DRIVER_VERSION));
	heard_destroy(h);
}

static void test_dxcore_without_the_right_adapter(void **state)
{
	(void)state;
	static const struct {
		const char *machine, *option, *value;
		enum outcome outcome;
		enum reason reason;
	} rows[] = {
		{ WARP, NULL, NULL, OUTCOME_FALLBACK, REASON_CPU_ONLY },
		{ WARP, "--pci", "8086:7d51", OUTCOME_FALLBACK, REASON_CPU_ONLY },
		{ WARP GPU, "--adapter", "0", OUTCOME_FALLBACK, REASON_CPU_ONLY },
		{ WARP GPU, "--adapter", "2", OUTCOME_FAIL, REASON_NO_ADAPTER },
		{ WARP GPU, "--pci", "10de:1bb1", OUTCOME_FAIL, REASON_NO_ADAPTER },
		{ "node = present\n", NULL, NULL, OUTCOME_FAIL, REASON_NO_ADAPTER },
	};
	for_each_row(row, rows) {
		struct heard *h = run(row->machine, "", row->option, row->value);
		assert_heard(h, RUNG_ENUMERATE, row->outcome, row->reason);
		assert_false(h->rungs[RUNG_QUERY].begun);
		assert_true(h->end);
		heard_destroy(h);
	}
}

static void test_dxcore_that_disagrees_with_the_door_is_told(void **state)
{
	(void)state;
	static const struct {
		const char *mode, *says;
		enum outcome outcome;
		enum reason reason;
	} rows[] = {
		{ "other-ids", "pci 1002:73bf, not 8086:7d51", OUTCOME_PASS,
		  REASON_NONE },
		{ "other",
		  "pci 1002:73bf, not 8086:7d51; "
		  "driver 32.0.101.6555, not 32.0.101.6554; "
		  "shared memory 16281 MiB, not 16280 MiB",
		  OUTCOME_FAIL, REASON_WRONG_RESULT },
		{ "other-luid", "an adapter that DXG does not list", OUTCOME_FAIL,
		  REASON_WRONG_RESULT },
	};
	for_each_row(row, rows) {
		struct heard *h = run(GPU, row->mode, NULL, NULL);
		assert_heard(h, RUNG_QUERY, row->outcome, row->reason);
		assert_heard_string(h, RUNG_QUERY, FIND_DISAGREES, row->says);
		heard_destroy(h);
	}
}

static void test_dxcore_without_the_door_s_calls(void **state)
{
	(void)state;
	cleanup_free char *scenario = scenario_write(WARP GPU);
	struct heard *h =
		run_library(scenario, "dxcore-without-door", "", "--pci", "8086:7d51");
	assert_heard(h, RUNG_QUERY, OUTCOME_PASS, REASON_NONE);
	assert_null(heard_find(h, RUNG_QUERY, FIND_DISAGREES));
	heard_destroy(h);
	/* the number is DXG's, and nobody says which adapter that is: the list's own */
	h = run_library(scenario, "dxcore-without-door", "", "--adapter", "1");
	assert_heard_string(h, RUNG_QUERY, FIND_PCI, "8086:7d51");
	heard_destroy(h);
	unlink(scenario);
}

static void test_dxcore_that_misbehaves_is_a_result(void **state)
{
	(void)state;
	static const struct {
		const char *mode, *call, *code;
	} rows[] = {
		{ "factory-refused", "DXCoreCreateAdapterFactory", "E_NOINTERFACE" },
		{ "factory-missing", "DXCoreCreateAdapterFactory",
		  "success without a result" },
		{ "list-refused", "CreateAdapterList", "E_FAIL" },
		{ "list-missing", "CreateAdapterList", "success without a result" },
		{ "list-flood", "GetAdapterCount", "more adapters than DXG can" },
		{ "adapter-refused", "GetAdapter", "E_INVALIDARG" },
		{ "adapter-missing", "GetAdapter", "success without a result" },
		{ "adapter-gone", "IsValid", "the adapter is gone" },
	};
	for_each_row(row, rows) {
		struct heard *h = run(GPU, row->mode, NULL, NULL);
		enum rung rung =
			strcmp(row->mode, "adapter-gone") ? RUNG_ENUMERATE : RUNG_QUERY;
		assert_heard(h, rung, OUTCOME_FAIL, REASON_REFUSED);
		assert_heard_string(h, rung, FIND_CALL, row->call);
		assert_heard_string(h, rung, FIND_CODE, row->code);
		assert_true(h->end);
		heard_destroy(h);
	}
	struct heard *h = run(GPU, "list-empty", NULL, NULL);
	assert_heard(h, RUNG_ENUMERATE, OUTCOME_FAIL, REASON_NO_ADAPTER);
	heard_destroy(h);
	h = run(GPU, "adapter-crash", NULL, NULL);
	assert_true(WIFSIGNALED(h->status));
	assert_int_equal(WTERMSIG(h->status), SIGABRT);
	assert_false(h->rungs[RUNG_ENUMERATE].ended);
	heard_destroy(h);
}

static void test_dxcore_text_moves_no_cursor(void **state)
{
	(void)state;
	struct heard *h = run(GPU, "hostile-text", NULL, NULL);
	assert_heard(h, RUNG_QUERY, OUTCOME_PASS, REASON_NONE);
	assert_heard_string(h, RUNG_QUERY, FIND_DESCRIPTION, "?[2J?? GPU");
	heard_destroy(h);
	static const char *const without[] = { "flood-text", "growing-text",
					       "empty-text" };
	for_each_row(mode, without) {
		h = run(GPU, *mode, NULL, NULL);
		assert_heard(h, RUNG_QUERY, OUTCOME_PASS, REASON_NONE);
		assert_null(heard_find(h, RUNG_QUERY, FIND_DESCRIPTION));
		assert_int_equal(h->status, 0);
		heard_destroy(h);
	}
}

static void test_dxcore_yes_is_any_byte_but_0(void **state)
{
	(void)state;
	struct heard *h = run(GPU, "strange-flags", NULL, NULL);
	assert_heard(h, RUNG_ENUMERATE, OUTCOME_PASS, REASON_NONE);
	assert_heard(h, RUNG_QUERY, OUTCOME_PASS, REASON_NONE);
	const struct heard_finding *integrated =
		heard_find(h, RUNG_QUERY, FIND_INTEGRATED);
	assert_non_null(integrated);
	assert_int_equal(integrated->integer, 1);
	heard_destroy(h);
}

/* The library ends the program when the last object goes, and by a signal where one goes
 * before what it owns, or where an adapter is still open at the door. */
static void test_dxcore_gives_everything_back_in_order(void **state)
{
	(void)state;
	static const char *const machines[] = { GPU, GPU TWIN, GPU NPU TWIN };
	for_each_row(machine, machines) {
		struct heard *h = run(*machine, "count-objects", NULL, NULL);
		assert_heard(h, RUNG_QUERY, OUTCOME_PASS, REASON_NONE);
		assert_true(WIFEXITED(h->status));
		assert_int_equal(WEXITSTATUS(h->status), 77);
		heard_destroy(h);
	}
}

static void test_dxcore_outside_wsl2_is_no_fault(void **state)
{
	(void)state;
	const char *const arguments[] = { "dxcore", NULL };
	const char *const none[] = { NULL };
	struct heard *h = heard_run("dxgmatrix-probe", arguments, none, 30000);
	assert_heard(h, RUNG_LOAD, OUTCOME_SKIP, REASON_NOT_INSTALLED);
	assert_null(heard_find(h, RUNG_LOAD, FIND_LOADER_SAYS));
	heard_destroy(h);
	/* an image for WSL2 on another machine: the library without the door */
	h = run("node = absent\n", "", NULL, NULL);
	assert_heard(h, RUNG_LOAD, OUTCOME_SKIP, REASON_NO_DEVICE_NODE);
	assert_false(h->rungs[RUNG_ENUMERATE].begun);
	heard_destroy(h);
}

int main(void)
{
	simulate_require();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dxcore_says_what_the_door_says),
		cmocka_unit_test(test_dxcore_finds_the_adapter_that_is_meant),
		cmocka_unit_test(test_dxcore_tells_an_npu_from_a_gpu),
		cmocka_unit_test(test_dxcore_without_the_right_adapter),
		cmocka_unit_test(test_dxcore_that_disagrees_with_the_door_is_told),
		cmocka_unit_test(test_dxcore_without_the_door_s_calls),
		cmocka_unit_test(test_dxcore_that_misbehaves_is_a_result),
		cmocka_unit_test(test_dxcore_text_moves_no_cursor),
		cmocka_unit_test(test_dxcore_yes_is_any_byte_but_0),
		cmocka_unit_test(test_dxcore_gives_everything_back_in_order),
		cmocka_unit_test(test_dxcore_outside_wsl2_is_no_fault),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
