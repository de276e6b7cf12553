/* The real probe on PoCL, alone and behind a stand-in that says it is a GPU. */
#include "tests/testing.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/probes/heard.h"
#include "util/cleanup.h"
#include "util/file.h"

#define PROBE "dxgmatrix-probe"
#define POCL  "OCL_ICD_VENDORS=/etc/OpenCL/vendors/pocl.icd"
#define GPU   "DXGMATRIX_FAKE_OPENCL_GPU=8086:7d51"

static const char *const control[] = { "opencl", "--control", NULL };
static const char *const adapter[] = { "opencl", NULL };
static const char *const asked[] = { "opencl", "--pci", "8086:7d51", NULL };

static char *stand_in(const char *name)
{
	cleanup_free char *path = binary_path("tests/fakes");
	return xasprintf("LD_LIBRARY_PATH=%s/%s", path, name);
}

/* The GPU stand-in, told to do `deed`. */
static struct heard *run_gpu(const char *const *arguments, const char *deed,
			     int deadline_ms)
{
	cleanup_free char *library = stand_in("opencl");
	cleanup_free char *deeds = xasprintf("DXGMATRIX_FAKE_OPENCL=%s", deed);
	const char *const environment[] = { library, POCL, GPU, deeds, NULL };
	return heard_run(PROBE, arguments, environment, deadline_ms);
}

static void test_opencl_control_climbs_to_launch(void **state)
{
	(void)state;
	/* what the user chose is not the control's driver */
	const char *const other[] = { "OCL_ICD_VENDORS=/nowhere",
				      "OCL_ICD_FILENAMES=/nowhere/libdead.so",
				      "POCL_DEVICES=nothing",
				      "POCL_MAX_WORK_GROUP_SIZE=1", NULL };
	struct heard *h = heard_run(PROBE, control, other, 60000);
	assert_heard_all(h);
	assert_heard_string(h, RUNG_ENUMERATE, FIND_DEVICE_TYPE, "cpu");
	assert_heard_string(h, RUNG_ENUMERATE, FIND_PLATFORM,
			    "Portable Computing Language");
	assert_heard_number(h, RUNG_COPY, FIND_COMPARED_BYTES, 262144);
	assert_heard_number(h, RUNG_LAUNCH, FIND_CHECKER_CATCHES, 1);
	/* a CPU has no PCI identity, whatever the driver says */
	assert_null(heard_find(h, RUNG_ENUMERATE, FIND_VENDOR_ID));
	heard_destroy(h);
}

static void test_opencl_control_with_a_wrong_expectation_fails(void **state)
{
	(void)state;
	const char *const none[] = { NULL };
	struct heard *h =
		heard_run("tests/fakes/dxgmatrix-probe-wrong", control, none, 60000);
	assert_heard(h, RUNG_COPY, OUTCOME_PASS, REASON_NONE);
	assert_heard(h, RUNG_LAUNCH, OUTCOME_FAIL, REASON_WRONG_RESULT);
	assert_heard_number(h, RUNG_LAUNCH, FIND_WRONG_COUNT, 1);
	heard_destroy(h);
}

static void test_opencl_cpu_alone_is_a_fallback(void **state)
{
	(void)state;
	const char *const environment[] = { POCL, "POCL_DEVICES=pthread basic", NULL };
	struct heard *h = heard_run(PROBE, adapter, environment, 30000);
	assert_heard(h, RUNG_ENUMERATE, OUTCOME_FALLBACK, REASON_CPU_ONLY);
	assert_heard_number(h, RUNG_ENUMERATE, FIND_DEVICES, 2);
	assert_false(h->rungs[RUNG_OPEN].begun);
	assert_true(h->end);
	heard_destroy(h);
}

static void test_opencl_without_drivers_is_not_installed(void **state)
{
	(void)state;
	cleanup_free char *folder = NULL;
	assert_ok(file_temporary_folder("dxgmatrix-icd", &folder));
	cleanup_free char *vendors = xasprintf("OCL_ICD_VENDORS=%s/", folder);
	const char *const environment[] = { vendors, NULL };
	struct heard *h = heard_run(PROBE, adapter, environment, 30000);
	assert_heard(h, RUNG_LOAD, OUTCOME_PASS, REASON_NONE);
	assert_heard(h, RUNG_ENUMERATE, OUTCOME_SKIP, REASON_NOT_INSTALLED);
	assert_heard_number(h, RUNG_ENUMERATE, FIND_DRIVERS, 0);
	heard_destroy(h);

	/* one is registered, and is not there */
	cleanup_free char *icd = xasprintf("%s/dead.icd", folder);
	assert_ok(file_write(icd, "/nowhere/libdead.so\n", 20, 0644, false));
	h = heard_run(PROBE, adapter, environment, 30000);
	assert_heard(h, RUNG_ENUMERATE, OUTCOME_FAIL, REASON_NO_ADAPTER);
	assert_heard_number(h, RUNG_ENUMERATE, FIND_DRIVERS, 1);
	heard_destroy(h);
	assert_ok(file_remove_tree(folder));
}

static void test_opencl_gpu_climbs_to_launch(void **state)
{
	(void)state;
	struct heard *h = run_gpu(asked, "", 60000);
	assert_heard_all(h);
	assert_heard_string(h, RUNG_ENUMERATE, FIND_DEVICE_TYPE, "gpu");
	assert_heard_string(h, RUNG_ENUMERATE, FIND_VENDOR_ID, "8086");
	assert_heard_string(h, RUNG_ENUMERATE, FIND_DEVICE_ID, "7d51");
	heard_destroy(h);
}

static void test_opencl_another_gpu_is_not_the_one(void **state)
{
	(void)state;
	const char *const pcis[] = { "10de:28a0", "8086:56a0" };
	for_each_row(pci, pcis) {
		const char *const arguments[] = { "opencl", "--pci", *pci, NULL };
		struct heard *h = run_gpu(arguments, "", 30000);
		assert_heard(h, RUNG_ENUMERATE, OUTCOME_FAIL, REASON_NO_ADAPTER);
		assert_heard_number(h, RUNG_ENUMERATE, FIND_DEVICES, 1);
		heard_destroy(h);
	}
}

static void test_opencl_each_refusal_is_named(void **state)
{
	(void)state;
	const struct {
		const char *call;
		int code;
		enum rung rung;
		const char *name;
	} rows[] = {
		{ "clGetPlatformIDs", -6, RUNG_ENUMERATE, "CL_OUT_OF_HOST_MEMORY" },
		{ "clGetDeviceIDs", -2, RUNG_ENUMERATE, "CL_DEVICE_NOT_AVAILABLE" },
		{ "clCreateContext", -5, RUNG_OPEN, "CL_OUT_OF_RESOURCES" },
		{ "clCreateCommandQueue", -36, RUNG_OPEN, "CL_INVALID_COMMAND_QUEUE" },
		{ "clCreateBuffer", -4, RUNG_COPY, "CL_MEM_OBJECT_ALLOCATION_FAILURE" },
		{ "clEnqueueCopyBuffer", -9999, RUNG_COPY, "code -9999" },
		{ "clFinish", -14, RUNG_COPY,
		  "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST" },
		{ "clBuildProgram", -3, RUNG_COMPILE, "CL_COMPILER_NOT_AVAILABLE" },
		{ "clCreateKernel", -46, RUNG_COMPILE, "CL_INVALID_KERNEL_NAME" },
		{ "clEnqueueNDRangeKernel", -54, RUNG_LAUNCH,
		  "CL_INVALID_WORK_GROUP_SIZE" },
	};
	for_each_row(row, rows) {
		cleanup_free char *deed = xasprintf("%s=%d", row->call, row->code);
		const char *const arguments[] = { "opencl", "--rungs",
						  rung_rows[row->rung].name, NULL };
		struct heard *h = run_gpu(arguments, deed, 60000);
		assert_heard(h, row->rung, OUTCOME_FAIL, REASON_REFUSED);
		assert_heard_string(h, row->rung, FIND_CALL, row->call);
		assert_heard_string(h, row->rung, FIND_CODE, row->name);
		assert_true(h->end);
		heard_destroy(h);
	}
}

static void test_opencl_broken_compiler_leaves_its_log(void **state)
{
	(void)state;
	struct heard *h = run_gpu(adapter, "clBuildProgram=-11", 30000);
	assert_heard(h, RUNG_COPY, OUTCOME_PASS, REASON_NONE);
	assert_heard(h, RUNG_COMPILE, OUTCOME_FAIL, REASON_BUILD_FAILED);
	assert_heard_string(h, RUNG_COMPILE, FIND_LOG,
			    "1:1: error: the stand-in was told to refuse this");
	assert_false(h->rungs[RUNG_LAUNCH].begun);
	heard_destroy(h);
}

static void test_opencl_wrong_numbers_are_seen(void **state)
{
	(void)state;
	struct heard *h = run_gpu(adapter, "clEnqueueReadBuffer=wrong", 60000);
	assert_heard(h, RUNG_COPY, OUTCOME_FAIL, REASON_WRONG_RESULT);
	assert_heard_number(h, RUNG_COPY, FIND_WRONG_AT, 32768);
	assert_heard_number(h, RUNG_COPY, FIND_WRONG_COUNT, 1);
	assert_heard(h, RUNG_COMPILE, OUTCOME_PASS, REASON_NONE);
	assert_false(h->rungs[RUNG_LAUNCH].begun);
	heard_destroy(h);

	h = run_gpu(adapter, "clEnqueueReadBuffer=blank", 60000);
	assert_heard(h, RUNG_COPY, OUTCOME_FAIL, REASON_WRONG_RESULT);
	assert_heard_number(h, RUNG_COPY, FIND_WRONG_COUNT, 65536);
	heard_destroy(h);
}

static void test_opencl_what_ends_the_process_leaves_the_rung_open(void **state)
{
	(void)state;
	const struct {
		const char *deed;
		enum rung rung;
		int signal; /* or 0: exit status 1 */
	} rows[] = {
		{ "load=SIGSEGV", RUNG_LOAD, SIGSEGV },
		{ "clGetPlatformIDs=SIGABRT", RUNG_ENUMERATE, SIGABRT },
		{ "clCreateContext=exit", RUNG_OPEN, 0 },
		{ "clBuildProgram=SIGSEGV", RUNG_COMPILE, SIGSEGV },
		{ "clGetDeviceIDs=hang", RUNG_ENUMERATE, SIGKILL }, /* ours */
	};
	for_each_row(row, rows) {
		struct heard *h = run_gpu(adapter, row->deed,
					  row->signal == SIGKILL ? 1000 : 30000);
		assert_true(h->rungs[row->rung].begun);
		assert_false(h->rungs[row->rung].ended);
		assert_false(h->end);
		assert_int_equal(h->late, row->signal == SIGKILL);
		if (row->signal)
			assert_true(WIFSIGNALED(h->status) &&
				    WTERMSIG(h->status) == row->signal);
		else
			assert_true(WIFEXITED(h->status) && WEXITSTATUS(h->status) == 1);
		heard_destroy(h);
	}
}

static void test_opencl_loader_faults_are_told_apart(void **state)
{
	(void)state;
	const struct {
		const char *library;
		enum reason reason;
		enum finding finding;
		const char *says;
	} rows[] = {
		{ "opencl-without-symbol", REASON_SYMBOL_MISSING, FIND_MISSING_SYMBOL,
		  "clSetKernelArg" },
		{ "opencl-missing-dependency", REASON_UNLOADABLE, FIND_LOADER_SAYS,
		  "libdxgmatrix-absent.so" },
		{ "opencl-undefined-symbol", REASON_UNLOADABLE, FIND_LOADER_SAYS,
		  "dxgmatrix_defined_nowhere" },
		{ "opencl-garbage", REASON_UNLOADABLE, FIND_LOADER_SAYS,
		  "file too short" },
	};
	for_each_row(row, rows) {
		cleanup_free char *library = stand_in(row->library);
		const char *const environment[] = { library, NULL };
		struct heard *h = heard_run(PROBE, adapter, environment, 30000);
		assert_heard(h, RUNG_LOAD, OUTCOME_FAIL, row->reason);
		const struct heard_finding *says = heard_find(h, RUNG_LOAD, row->finding);
		assert_non_null(says);
		assert_non_null(strstr(says->string, row->says));
		assert_false(h->rungs[RUNG_ENUMERATE].begun);
		heard_destroy(h);
	}
}

int main(void)
{
	if (access("/etc/OpenCL/vendors/pocl.icd", R_OK) != 0) {
		puts("PoCL is not installed");
		return 77;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opencl_control_climbs_to_launch),
		cmocka_unit_test(test_opencl_control_with_a_wrong_expectation_fails),
		cmocka_unit_test(test_opencl_cpu_alone_is_a_fallback),
		cmocka_unit_test(test_opencl_without_drivers_is_not_installed),
		cmocka_unit_test(test_opencl_gpu_climbs_to_launch),
		cmocka_unit_test(test_opencl_another_gpu_is_not_the_one),
		cmocka_unit_test(test_opencl_each_refusal_is_named),
		cmocka_unit_test(test_opencl_broken_compiler_leaves_its_log),
		cmocka_unit_test(test_opencl_wrong_numbers_are_seen),
		cmocka_unit_test(test_opencl_what_ends_the_process_leaves_the_rung_open),
		cmocka_unit_test(test_opencl_loader_faults_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
