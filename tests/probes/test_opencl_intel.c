/* The real probe on Intel's real driver, which without hardware fails in real ways. */
#include "tests/testing.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/probes/heard.h"

#define ICD "/etc/OpenCL/vendors/intel.icd"

static const char *const adapter[] = { "opencl", NULL };

/* A command receiver that takes all and executes nothing. */
static struct heard *run(const char *product, const char *device, const char *receiver,
			 int deadline_ms)
{
	const char *const environment[] = {
		"NEOReadDebugKeys=1",   product, device, receiver,
		"OCL_ICD_VENDORS=" ICD, NULL
	};
	return heard_run("dxgmatrix-probe", adapter, environment, deadline_ms);
}

static void test_intel_executing_nothing_gives_wrong_numbers(void **state)
{
	(void)state;
	const struct {
		const char *product, *device, *id;
	} rows[] = {
		{ "ProductFamilyOverride=tgllp", "ForceDeviceId=0x9a49", "9a49" },
		{ "ProductFamilyOverride=skl", "ForceDeviceId=0x1912", "1912" },
		{ "ProductFamilyOverride=dg2", "ForceDeviceId=0x5690", "5690" },
	};
	for_each_row(row, rows) {
		struct heard *h = run(row->product, row->device,
				      "SetCommandStreamReceiver=1", 60000);
		assert_heard(h, RUNG_ENUMERATE, OUTCOME_PASS, REASON_NONE);
		assert_heard_string(h, RUNG_ENUMERATE, FIND_VENDOR_ID, "8086");
		assert_heard_string(h, RUNG_ENUMERATE, FIND_DEVICE_ID, row->id);
		assert_heard_string(h, RUNG_ENUMERATE, FIND_DEVICE_TYPE, "gpu");
		assert_heard(h, RUNG_OPEN, OUTCOME_PASS, REASON_NONE);
		/* every call returned success, and the host's own copy would be right */
		assert_heard(h, RUNG_COPY, OUTCOME_FAIL, REASON_WRONG_RESULT);
		assert_heard(h, RUNG_COMPILE, OUTCOME_PASS, REASON_NONE);
		assert_false(h->rungs[RUNG_LAUNCH].begun);
		assert_true(h->end);
		heard_destroy(h);
	}
}

static void test_intel_submission_that_never_returns(void **state)
{
	(void)state;
	struct heard *h = run("ProductFamilyOverride=pvc", "ForceDeviceId=0x0bd5",
			      "SetCommandStreamReceiver=1", 3000);
	assert_true(h->late);
	assert_true(h->rungs[RUNG_COPY].begun);
	assert_false(h->rungs[RUNG_COPY].ended);
	heard_destroy(h);
}

static void test_intel_dies_of_a_closed_pipe_of_its_own(void **state)
{
	(void)state;
	struct heard *h = run("ProductFamilyOverride=tgllp", "ForceDeviceId=0x9a49",
			      "SetCommandStreamReceiver=2", 30000);
	assert_true(WIFSIGNALED(h->status));
	assert_int_equal(WTERMSIG(h->status), SIGPIPE);
	assert_false(h->end);
	heard_destroy(h);
}

static void test_intel_without_hardware_finds_no_adapter(void **state)
{
	(void)state;
	if (access("/dev/dri", F_OK) == 0 || access("/dev/dxg", F_OK) == 0)
		skip();
	const char *const environment[] = { "OCL_ICD_VENDORS=" ICD, NULL };
	struct heard *h = heard_run("dxgmatrix-probe", adapter, environment, 30000);
	assert_heard(h, RUNG_ENUMERATE, OUTCOME_FAIL, REASON_NO_ADAPTER);
	heard_destroy(h);
}

int main(void)
{
	if (access(ICD, R_OK) != 0) {
		puts("Intel's OpenCL driver is not installed");
		return 77;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_intel_executing_nothing_gives_wrong_numbers),
		cmocka_unit_test(test_intel_submission_that_never_returns),
		cmocka_unit_test(test_intel_dies_of_a_closed_pipe_of_its_own),
		cmocka_unit_test(test_intel_without_hardware_finds_no_adapter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
