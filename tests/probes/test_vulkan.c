/* The real probe on lavapipe. */
#include "tests/testing.h"

#include <glob.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/probes/heard.h"
#include "util/cleanup.h"
#include "util/file.h"

static const char *const control[] = { "vulkan", "--control", NULL };
static const char *const adapter[] = { "vulkan", NULL };

static bool exists(const char *pattern)
{
	glob_t found;
	bool is = glob(pattern, 0, NULL, &found) == 0;
	if (is)
		globfree(&found);
	return is;
}

static void test_vulkan_control_climbs_to_launch(void **state)
{
	(void)state;
	/* what the user chose is not the control's driver */
	const char *const other[] = { "VK_DRIVER_FILES=/nowhere/a.json",
				      "VK_ICD_FILENAMES=/nowhere/a.json",
				      "VK_LOADER_DRIVERS_DISABLE=*lvp*",
				      "VK_INSTANCE_LAYERS=VK_LAYER_INTEL_nullhw",
				      "MESA_VK_VERSION_OVERRIDE=0.1",
				      NULL };
	struct heard *h = heard_run("dxgmatrix-probe", control, other, 60000);
	assert_heard_all(h);
	assert_heard_string(h, RUNG_ENUMERATE, FIND_PLATFORM, "llvmpipe");
	assert_heard_string(h, RUNG_ENUMERATE, FIND_DEVICE_TYPE, "cpu");
	assert_heard_number(h, RUNG_COPY, FIND_COMPARED_BYTES, 262144);
	assert_heard_number(h, RUNG_LAUNCH, FIND_CHECKER_CATCHES, 1);
	assert_null(
		heard_find(h, RUNG_ENUMERATE, FIND_VENDOR_ID)); /* lavapipe's is none */
	heard_destroy(h);
}

static void test_vulkan_control_with_a_wrong_expectation_fails(void **state)
{
	(void)state;
	const char *const none[] = { NULL };
	struct heard *h =
		heard_run("tests/fakes/dxgmatrix-probe-wrong", control, none, 60000);
	assert_heard(h, RUNG_COMPILE, OUTCOME_PASS, REASON_NONE);
	assert_heard(h, RUNG_LAUNCH, OUTCOME_FAIL, REASON_WRONG_RESULT);
	assert_heard_number(h, RUNG_LAUNCH, FIND_WRONG_COUNT, 1);
	heard_destroy(h);
}

static void test_vulkan_without_a_gpu_is_a_fallback(void **state)
{
	(void)state;
	if (access("/dev/dri", F_OK) == 0 || access("/dev/dxg", F_OK) == 0)
		skip();
	const char *const none[] = { NULL };
	struct heard *h = heard_run("dxgmatrix-probe", adapter, none, 60000);
	assert_heard(h, RUNG_ENUMERATE, OUTCOME_FALLBACK, REASON_CPU_ONLY);
	assert_heard_string(h, RUNG_ENUMERATE, FIND_PLATFORM, "llvmpipe");
	assert_true(h->end);
	heard_destroy(h);
}

static void test_vulkan_dead_drivers_are_no_adapter(void **state)
{
	(void)state;
	const char *const one[] = { "VK_DRIVER_FILES=/nowhere/a.json:/nowhere/b.json",
				    "VK_ICD_FILENAMES=/nowhere/a.json:/nowhere/b.json",
				    NULL };
	struct heard *h = heard_run("dxgmatrix-probe", adapter, one, 30000);
	assert_heard(h, RUNG_ENUMERATE, OUTCOME_FAIL, REASON_NO_ADAPTER);
	assert_heard_number(h, RUNG_ENUMERATE, FIND_DRIVERS, 2);
	heard_destroy(h);
}

/* A driver whose GPU is not there: no device, and no crash of ours. */
static void test_vulkan_driver_without_its_gpu_is_no_adapter(void **state)
{
	(void)state;
	glob_t found;
	if (access("/dev/dri", F_OK) == 0 ||
	    glob("/usr/share/vulkan/icd.d/intel_icd.*.json", 0, NULL, &found) != 0)
		skip();
	char *files = xasprintf("VK_DRIVER_FILES=%s", found.gl_pathv[0]);
	char *names = xasprintf("VK_ICD_FILENAMES=%s", found.gl_pathv[0]);
	const char *const environment[] = { files, names, NULL };
	struct heard *h = heard_run("dxgmatrix-probe", adapter, environment, 30000);
	assert_heard(h, RUNG_ENUMERATE, OUTCOME_FAIL, REASON_NO_ADAPTER);
	heard_destroy(h);
	free(files);
	free(names);
	globfree(&found);
}

/* Intel's layer for its own driver, on another one: it dereferences what is not its own. */
static void test_vulkan_crash_inside_leaves_the_rung_open(void **state)
{
	(void)state;
	if (!exists("/usr/share/vulkan/*layer.d/VkLayer_INTEL_nullhw.json"))
		skip();
	/* No setting reaches a control; what is installed for all programs does. */
	static const char layer[] =
		"{\"file_format_version\": \"1.1.2\", \"layer\": {"
		"\"name\": \"VK_LAYER_INTEL_nullhw\", \"type\": \"GLOBAL\", "
		"\"library_path\": \"libVkLayer_INTEL_nullhw.so\", "
		"\"api_version\": \"1.1.73\", \"implementation_version\": \"1\", "
		"\"description\": \"\", \"disable_environment\": {\"NO_NULLHW\": \"\"}}}";
	cleanup_free char *folder = NULL;
	assert_ok(file_temporary_folder("test-vulkan", &folder));
	cleanup_free char *path =
		xasprintf("%s/vulkan/implicit_layer.d/nullhw.json", folder);
	assert_ok(file_make_parent(path));
	assert_ok(file_write(path, layer, strlen(layer), 0600, false));
	cleanup_free char *data = xasprintf("XDG_DATA_HOME=%s", folder);
	const char *const environment[] = { data, NULL };
	struct heard *h = heard_run("dxgmatrix-probe", control, environment, 30000);
	assert_ok(file_remove_tree(folder));
	assert_true(WIFSIGNALED(h->status));
	assert_int_equal(WTERMSIG(h->status), SIGSEGV);
	assert_true(h->rungs[RUNG_OPEN].begun);
	assert_false(h->rungs[RUNG_OPEN].ended);
	heard_destroy(h);
}

int main(void)
{
	if (!exists("/usr/share/vulkan/icd.d/lvp_icd*.json") &&
	    !exists("/etc/vulkan/icd.d/lvp_icd*.json")) {
		puts("lavapipe is not installed");
		return 77;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vulkan_control_climbs_to_launch),
		cmocka_unit_test(test_vulkan_control_with_a_wrong_expectation_fails),
		cmocka_unit_test(test_vulkan_without_a_gpu_is_a_fallback),
		cmocka_unit_test(test_vulkan_dead_drivers_are_no_adapter),
		cmocka_unit_test(test_vulkan_driver_without_its_gpu_is_no_adapter),
		cmocka_unit_test(test_vulkan_crash_inside_leaves_the_rung_open),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
