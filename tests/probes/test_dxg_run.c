/* What a whole run says of a simulated machine that stops at one of dxg's steps. */
#include "tests/dxgsim/simulate.h"

#include "util/file.h"

static char *folder;

static int set_up(void **state)
{
	(void)state;
	assert_ok(file_temporary_folder("test-dxg-run", &folder));
	setenv("XDG_STATE_HOME", folder, 1);
	setenv("XDG_DATA_HOME", folder, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_ok(file_remove_tree(folder));
	free(folder);
	return 0;
}

#define WSL2 "machine = wsl2\nkernel = 6.6.87.2-microsoft-standard-WSL2\n"
#define ARC                                                                              \
	"[adapter]\nluid = 00000000:0000000a\npci = 8086:e223\n"                         \
	"type = render_supported hybrid_discrete\n"                                      \
	"description = Intel(R) Arc(TM) Pro B70 Graphics\nkmd = 32.0.101.8425\n"         \
	"wddm = 3200\n"
#define NPU                                                                              \
	"[adapter]\nluid = 00000000:0000000b\npci = 8086:7d1d\ntype = compute_only\n"    \
	"description = Intel(R) AI Boost\nwddm = 3200\n"

static const struct {
	const char *what;
	const char *scenario;
	const char *risk;
	int status;
	const char *lines[6];   /* stand there */
	const char *missing[4]; /* do not */
} rows[] = {
	{ "a card whose addresses end early",
	  WSL2 ARC "address_limit_mib = 256\n",
	  "medium",
	  3,
	  { "NO inside WSL2.\n", "Broken inside: DXG (layer 1)",
	    "FAIL     GPU addresses end at 256 MiB",
	    "Windows refused our own call for GPU addresses above 256 MiB" },
	  { "escape" } },
	{ "which a gentle run does not find",
	  WSL2 ARC "address_limit_mib = 256\n",
	  "low",
	  0,
	  { "Intel(R) Arc(TM) Pro B70 Graphics (8086:e223)" },
	  { "256 MiB", "FAIL" } },
	{ "an adapter that goes away is no cap: the next try finds none",
	  WSL2 ARC "[event]\ncreate_paging_queue = removed\n",
	  "medium",
	  3,
	  { "NO, not any more: the GPU answered up to query, and then was gone.\n",
	    "Broken inside: the Windows driver",
	    "create_paging_queue was refused (-19, " },
	  { "GPU addresses" } },
	{ "nor a device that Windows stopped",
	  WSL2 ARC "[refuse]\ncreate_paging_queue = STATUS_DEVICE_REMOVED\n"
		   "reserve_gpu_va = STATUS_DEVICE_REMOVED\n",
	  "medium",
	  3,
	  { "Broken inside: DXG (layer 1)",
	    "paging: our call create_paging_queue was refused (-12, " },
	  { "GPU addresses" } },
	{ "nor is a host that grants no address at all",
	  WSL2 ARC "[refuse]\nreserve_gpu_va = ENOMEM\n",
	  "medium",
	  3,
	  { "Broken inside: DXG (layer 1)",
	    "address: our call reserve_gpu_va was refused (-12, " },
	  { "0 MiB" } },
	{ "an NPU",
	  WSL2 NPU,
	  "high",
	  3,
	  { "NO, as far as is known: this NPU can be seen and opened; Windows",
	    "Broken inside: DXG (layer 1)",
	    "FAIL     escape: our call escape was refused (-75, ",
	    "This NPU can be seen and opened; Windows refused our message to its driver",
	    "watch microsoft/WSL#40445" },
	  { NULL } },
	{ "a GPU that hangs under its fence",
	  WSL2 ARC "[event]\nsignal_sync_object_cpu = state hung\n",
	  "low",
	  3,
	  { "NO inside WSL2.\n", "Broken inside: DXG (layer 1)",
	    "fence: the GPU stopped or was reset under it, hung" },
	  { NULL } },
};

static void test_dxg_run_names_the_step_that_stopped(void **state)
{
	(void)state;
	cleanup_free char *program = binary_path("dxgmatrix");
	for_each_row(row, rows) {
		cleanup_free char *scenario = scenario_write(row->scenario);
		const char *argv[] = { program, "run", "dxg", "--risk", row->risk, NULL };
		struct simulated run = simulate(scenario, argv);
		cleanup_free char *output = run.output;
		unlink(scenario);
		if (!WIFEXITED(run.status) || WEXITSTATUS(run.status) != row->status)
			fail_msg("%s: status %#x:\n%s", row->what, run.status, output);
		for_each_row(line, row->lines)
			if (*line && !strstr(output, *line))
				fail_msg("%s: lacks '%s':\n%s", row->what, *line, output);
		for_each_row(line, row->missing)
			if (*line && strstr(output, *line))
				fail_msg("%s: has '%s':\n%s", row->what, *line, output);
	}
}

int main(void)
{
	simulate_require();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dxg_run_names_the_step_that_stopped),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
