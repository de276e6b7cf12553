/* The simulator seen from the programs below it, all of them unmodified. */
#include "tests/dxgsim/simulate.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>

#include "probes/dxg_abi.h"

static const char *folder_of_tests;

/* Runs `calls MODE`, whose own lines say what came out otherwise. */
static void run_calls(const char *program, const char *mode)
{
	cleanup_free char *path = xasprintf("%s/%s", folder_of_tests, program);
	cleanup_free char *scenario = scenario_path("nvidia-clean");
	struct simulated result =
		simulate(scenario, (const char *const[]){ path, mode, NULL });
	cleanup_free char *output = result.output;
	if (result.status || *output)
		fail_msg("%s %s: status %d\n%s", program, mode, result.status, output);
}

static void test_wrong_calls_are_refused_as_the_driver_does(void **state)
{
	(void)state;
	run_calls("calls", "table");
}

static void test_node_is_a_device_by_any_spelling(void **state)
{
	(void)state;
	run_calls("calls", "node");
}

static void test_inherited_descriptor_is_the_wrong_process(void **state)
{
	(void)state;
	run_calls("calls", "fork");
}

static void test_threads_share_one_state(void **state)
{
	(void)state;
	run_calls("calls", "threads");
}

static void test_blocked_wait_is_answered_later(void **state)
{
	(void)state;
	run_calls("calls", "blocking");
}

static void test_descriptors_belong_to_their_process(void **state)
{
	(void)state;
	run_calls("calls", "descriptors");
}

static void test_many_processes_do_not_disturb_each_other(void **state)
{
	(void)state;
	run_calls("calls", "crowd");
}

static void test_static_program_is_served(void **state)
{
	(void)state;
#ifdef HAVE_STATIC_LIBC
	static const char *const modes[] = { "table",    "node",        "fork", "threads",
					     "blocking", "descriptors", "crowd" };
	for_each_row(mode, modes)
		run_calls("calls_static", *mode);
#else
	skip();
#endif
}

#define MEMORY_ADAPTER                                                                   \
	"[adapter]\nluid = 00000000:00000001\nnodes = 2\ntdrs = 3\nclock_hz = "          \
	"19200000\n"                                                                     \
	"state = hung\npage_fault = b00\n"

/* A program below a machine of its own, in one of its modes; its lines say what came out
 * otherwise. */
struct program_row {
	const char *program, *mode;
	const char *scenario;
};

static void run_programs(const struct program_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		cleanup_free char *path =
			xasprintf("%s/%s", folder_of_tests, rows[i].program);
		cleanup_free char *scenario = scenario_write(rows[i].scenario);
		const char *const argv[] = { path, rows[i].mode, NULL };
		struct simulated result = simulate(scenario, argv);
		cleanup_free char *output = result.output;
		unlink(scenario);
		if (result.status || *output)
			fail_msg("%s %s: status %d\n%s", rows[i].program, rows[i].mode,
				 result.status, output);
	}
}

static const struct program_row memory_rows[] = {
	{ "memory_calls", "table", MEMORY_ADAPTER },
	{ "memory_calls", "limits",
	  MEMORY_ADAPTER "address_limit_mib = 300\nresident_limit_mib = 1\n"
			 "pin_limit_mib = 2\n" },
	{ "memory_calls", "gone",
	  MEMORY_ADAPTER "[event]\ncreate_device call 2 = dies\n" },
	{ "memory_calls", "room",
	  MEMORY_ADAPTER "[adapter]\nluid = 00000000:00000002\n"
			 "type = compute_only\n" },
	{ "memory_calls", "slow", MEMORY_ADAPTER "[event]\ncreate_device = delay 200\n" },
};

static void test_memory_is_kept_as_windows_keeps_it(void **state)
{
	(void)state;
	run_programs(memory_rows, ARRAY_SIZE(memory_rows));
}

static const struct program_row wrong_rows[] = {
	/* Each wrong call there is. */
	{ "wrong_calls", "all", MEMORY_ADAPTER },
	/* Right ones that Windows refuses. */
	{ "wrong_calls", "refused",
	  MEMORY_ADAPTER
	  "[refuse]\nopen_adapter_from_luid = STATUS_DEVICE_REMOVED\n"
	  "enum_adapters = STATUS_UNSUCCESSFUL\nclose_adapter = STATUS_UNSUCCESSFUL\n"
	  "create_allocation from 3 = STATUS_NO_MEMORY\nescape = STATUS_ACCESS_DENIED\n"
	  "get_device_state = STATUS_NOT_SUPPORTED\n"
	  "get_context_scheduling_priority = STATUS_PENDING\n"
	  "set_context_scheduling_priority = STATUS_PENDING\n"
	  "destroy_hwqueue = STATUS_INVALID_HANDLE\n"
	  "destroy_context = STATUS_NO_MEMORY\n"
	  "destroy_sync_object = STATUS_ACCESS_DENIED\n"
	  "destroy_paging_queue = STATUS_UNSUCCESSFUL\n"
	  "destroy_device = STATUS_UNSUCCESSFUL\n" },
	{ "wrong_calls", "gone",
	  MEMORY_ADAPTER "[event]\nflush_heap_transitions = removed\n" },
};

/* What each call returns, and what the kernel prints of it. */
static void test_wrong_calls_end_as_in_the_driver(void **state)
{
	(void)state;
	run_programs(wrong_rows, ARRAY_SIZE(wrong_rows));
}

static const struct {
	const char *event;
	const char *program;
	uint32_t request; /* in which it hangs, the first time it makes it */
	const char *lines;
} killed_rows[] = {
	{ "[event]\nreserve_gpu_va = silent\n", "memory_calls table",
	  LX_DXRESERVEGPUVIRTUALADDRESS,
	  "dxgvmb_send_sync_msg: wait_for_completion failed: fffffe00\n"
	  "dxgkio_reserve_gpu_va: Ioctl failed: -512\n" },
	{ "[event]\nreserve_gpu_va = delay 60000\n", "memory_calls table",
	  LX_DXRESERVEGPUVIRTUALADDRESS,
	  "dxgvmb_send_sync_msg: wait_for_completion failed: fffffe00\n"
	  "dxgkio_reserve_gpu_va: Ioctl failed: -512\n" },
	/* Its handler does not hear of it. */
	{ "[event]\ncreate_device = silent\n", "memory_calls slow", LX_DXCREATEDEVICE,
	  "dxgvmb_send_sync_msg: wait_for_completion failed: fffffe00\n" },
	{ "[event]\ncreate_paging_queue = silent\n", "memory_calls table",
	  LX_DXCREATEPAGINGQUEUE,
	  "dxgvmb_send_sync_msg: wait_for_completion failed: fffffe00\n"
	  "dxgvmb_send_create_paging_queue: send_create_paging_queue failed fffffe00\n"
	  "dxgkio_create_paging_queue: Ioctl failed: -512\n" },
	{ "[event]\ncreate_context_virtual = silent\n", "wrong_calls",
	  LX_DXCREATECONTEXTVIRTUAL,
	  "dxgvmb_send_sync_msg: wait_for_completion failed: fffffe00\n"
	  "dxgkio_create_context_virtual: invalid host handle\n"
	  "dxgkio_create_context_virtual: Ioctl failed: -22\n" },
	/* This one does not wait for Windows, but for a fence. */
	{ "", "calls stuck", LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU,
	  "stuck\n"
	  "dxgkio_wait_sync_object_cpu: wait_completion_interruptible: -512\n"
	  "dxgkio_wait_sync_object_cpu: Ioctl failed: -512\n" },
};

/* What the kernel says when a program is killed in that call. When the last sleep, which
 * opens files, is served, the call has been too: the simulator takes one after the other. */
static const char kill_in_call[] =
	"\"$0/\"%s & p=$!;"
	" for i in $(seq 500); do"
	"  read -r nr fd request rest </proc/$p/syscall;"
	"  test \"$request\" = 0x%" PRIx32 " && break; sleep 0.01;"
	" done; sleep 0; kill -KILL $p; { wait $p; } 2>/dev/null;"
	" dmesg -t | sed 's/^misc dxg: dxgk: //'";

static void test_process_killed_in_a_call_leaves_its_lines(void **state)
{
	(void)state;
	for_each_row(row, killed_rows) {
		cleanup_free char *text = xasprintf(MEMORY_ADAPTER "%s", row->event);
		cleanup_free char *scenario = scenario_write(text);
		cleanup_free char *command =
			xasprintf(kill_in_call, row->program, row->request);
		const char *const argv[] = { "sh", "-c", command, folder_of_tests, NULL };
		struct simulated result = simulate(scenario, argv);
		cleanup_free char *output = result.output;
		unlink(scenario);
		assert_string_equal(output, row->lines);
	}
}

static struct simulated run_shell(const char *text, const char *command)
{
	cleanup_free char *scenario = scenario_write(text);
	struct simulated result =
		simulate(scenario, (const char *const[]){ "sh", "-c", command, NULL });
	unlink(scenario);
	return result;
}

struct shell_row {
	const char *scenario;
	const char *command;
	const char *output;
	int status; /* of exit */
};

static const struct shell_row shell_rows[] = {
	{ "kernel = 6.6.87.2-microsoft-standard-WSL2", "uname -r",
	  "6.6.87.2-microsoft-standard-WSL2\n", 0 },
	{ "kernel = 6.6.87.2-microsoft-standard-WSL2", "cat /proc/sys/kernel/osrelease",
	  "6.6.87.2-microsoft-standard-WSL2\n", 0 },
	{ "kernel = 6.6.87.2-microsoft-standard-WSL2",
	  "cut -d' ' -f1-3 /proc/version; cat /proc/../proc/sys/kernel/./osrelease",
	  "Linux version "
	  "6.6.87.2-microsoft-standard-WSL2\n6.6.87.2-microsoft-standard-WSL2\n",
	  0 },
	{ "file /proc/sys/kernel/random/boot_id = 01234567-89ab-cdef-0123-456789abcdef",
	  "cat /proc/sys/kernel/random/boot_id; cd /proc/sys; cat kernel/random/boot_id",
	  "01234567-89ab-cdef-0123-456789abcdef\n01234567-89ab-cdef-0123-456789abcdef\n",
	  0 },
	{ "file /etc/made-up = text", "test -f /etc/made-up && cat /etc/made-up",
	  "text\n", 0 },
	{ "file /etc/made-up = text",
	  "echo 2>/dev/null >/etc/made-up; test -s /etc/made-up", "", 0 },
	{ "machine = wsl2\nfile /proc/cmdline = mine",
	  "head -n1 /proc/sys/fs/binfmt_misc/WSLInterop; cat /proc/cmdline;"
	  "test -e /.dockerenv || test -e /sys/class/dmi/id/sys_vendor || echo bare",
	  "enabled\nmine\nbare\n", 0 },
	{ "absent = /proc/version", "test -e /proc/version || echo gone", "gone\n", 0 },
	{ "node = absent", "test -e /dev/dxg || echo gone; exit 3", "gone\n", 3 },
	{ "node = present", "test -c /dev/dxg && test -r /dev/dxg && echo there",
	  "there\n", 0 },
	{ "open = EACCES", "test -c /dev/dxg; cat /dev/dxg 2>/dev/null || echo no",
	  "no\n", 0 },
	{ "inject /usr/lib/wsl/lib/libmade-up.so = tests/dxgsim/dxgsim",
	  "cmp /usr/lib/wsl/lib/libmade-up.so $DXGMATRIX_BINARY_DIR/tests/dxgsim/dxgsim "
	  "&&"
	  "test -s /usr/lib/wsl/lib/libmade-up.so && echo same",
	  "same\n", 0 },
	{ "file /usr/lib/made-up/drivers/b.inf_1/b.inf = b\n"
	  "file /usr/lib/made-up/drivers/a.inf_1/a.inf = a\n"
	  "inject /usr/lib/made-up/lib/libx.so = tests/dxgsim/dxgsim",
	  "cd /; ls usr/lib/made-up /usr/lib/made-up/drivers;"
	  "cat /usr/lib/made-up/drivers/*/*.inf; test -d "
	  "/usr/lib/made-up/drivers/a.inf_1 &&"
	  "! test -d /usr/lib/made-up/none && find /usr/lib/made-up -name '*.so'",
	  "/usr/lib/made-up/drivers:\na.inf_1\nb.inf_1\n\nusr/lib/"
	  "made-up:\ndrivers\nlib\n"
	  "a\nb\n/usr/lib/made-up/lib/libx.so\n",
	  0 },
	{ "inject /etc/made-up = /no/such/file",
	  "cat /etc/made-up 2>/dev/null || echo none", "none\n", 0 },
	{ "boot 1.265648 = a line\nboot 1.265649 = misc dxg: dxgk: f: x",
	  "dmesg --kernel; dmesg -S --raw",
	  "[    1.265648] a line\n[    1.265649] misc dxg: dxgk: f: x\n"
	  "<6>[    1.265648] a line\n<3>[    1.265649] misc dxg: dxgk: f: x\n",
	  0 },
	{ "kernel_log = kept", "dmesg 2>/dev/null; dmesg -S 2>/dev/null || echo kept",
	  "kept\n", 0 },
	{ "node = present", "exit 42", "", 42 },
	{ "node = present", "exec /no/such/program 2>/dev/null", "", 127 },
};

static void test_machine_looks_as_the_scenario_says(void **state)
{
	(void)state;
	for_each_row(row, shell_rows) {
		struct simulated result = run_shell(row->scenario, row->command);
		cleanup_free char *output = result.output;
		if (strcmp(output, row->output) || !WIFEXITED(result.status) ||
		    WEXITSTATUS(result.status) != row->status)
			fail_msg("%s: %s: status %d, '%s'", row->scenario, row->command,
				 result.status, output);
	}
}

static void test_shipped_scenario_is_found_by_name(void **state)
{
	(void)state;
	const char *const argv[] = { "/bin/uname", "-r", NULL };
	struct simulated result = simulate("nvidia-clean", argv);
	cleanup_free char *output = result.output;
	assert_int_equal(result.status, 0);
	assert_string_equal(output, "6.6.114.1-microsoft-standard-WSL2\n");
	result = simulate("no-such-machine", argv);
	free(result.output);
	assert_int_equal(WEXITSTATUS(result.status), 2);
}

static void test_death_by_signal_is_passed_on(void **state)
{
	(void)state;
	static const int signals[] = { SIGSEGV, SIGABRT, SIGKILL, SIGTERM };
	for_each_row(number, signals) {
		cleanup_free char *command = xasprintf("kill -%d $$", *number);
		struct simulated result = run_shell("node = present", command);
		free(result.output);
		assert_true(WIFSIGNALED(result.status));
		assert_int_equal(WTERMSIG(result.status), *number);
	}
}

static void test_nobody_is_left_behind(void **state)
{
	(void)state;
	/* One that only left its parent, one that left the session as well. */
	struct simulated result =
		run_shell("node = present", "sleep 1000 >/dev/null & echo $!; setsid sh "
					    "-c 'sleep 1000 >/dev/null & echo $!'");
	cleanup_free char *output = result.output;
	assert_int_equal(result.status, 0);
	int first, second;
	assert_int_equal(sscanf(output, "%d %d", &first, &second), 2);
	assert_int_equal(kill(first, 0), -1);
	assert_int_equal(errno, ESRCH);
	assert_int_equal(kill(second, 0), -1);
	assert_int_equal(errno, ESRCH);
}

static void test_termination_reaches_the_program(void **state)
{
	(void)state;
	cleanup_free char *scenario = scenario_write("node = present\n");
	int pipe_fds[2];
	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	pid_t pid = simulate_start(scenario,
				   (const char *const[]){ "sh", "-c",
							  "trap 'echo got; exit 5' TERM;"
							  "echo ready; sleep 1000 & wait",
							  NULL },
				   pipe_fds[1]);
	close(pipe_fds[1]);
	char line[8] = "";
	assert_int_equal(read(pipe_fds[0], line, 6), 6);
	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(read(pipe_fds[0], line, 4), 4);
	assert_memory_equal(line, "got\n", 4);
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 5);
	close(pipe_fds[0]);
	unlink(scenario);
}

int main(void)
{
	simulate_require();
	folder_of_tests = binary_path("tests/dxgsim");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong_calls_are_refused_as_the_driver_does),
		cmocka_unit_test(test_node_is_a_device_by_any_spelling),
		cmocka_unit_test(test_inherited_descriptor_is_the_wrong_process),
		cmocka_unit_test(test_threads_share_one_state),
		cmocka_unit_test(test_blocked_wait_is_answered_later),
		cmocka_unit_test(test_descriptors_belong_to_their_process),
		cmocka_unit_test(test_many_processes_do_not_disturb_each_other),
		cmocka_unit_test(test_static_program_is_served),
		cmocka_unit_test(test_memory_is_kept_as_windows_keeps_it),
		cmocka_unit_test(test_wrong_calls_end_as_in_the_driver),
		cmocka_unit_test(test_process_killed_in_a_call_leaves_its_lines),
		cmocka_unit_test(test_machine_looks_as_the_scenario_says),
		cmocka_unit_test(test_shipped_scenario_is_found_by_name),
		cmocka_unit_test(test_death_by_signal_is_passed_on),
		cmocka_unit_test(test_nobody_is_left_behind),
		cmocka_unit_test(test_termination_reaches_the_program),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
