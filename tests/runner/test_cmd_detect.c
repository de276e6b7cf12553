/* The program itself, on the recorded machines and on this one. */
#include <sys/stat.h>

#include "record/record.h"
#include "runner/exec.h"
#include "tests/runner/root_tree.h"

static void detect(const char *option, const char *root, struct exec_answer *ret)
{
	cleanup_free char *program = binary_path("dxgmatrix");
	const char *const programs[] = { program, NULL };
	const char *const argv[] = { "dxgmatrix", "detect", option, root, NULL };
	/* Without an option there is no root. */
	const struct exec_request request = {
		.programs = programs, .argv = argv, .timeout_ms = 60000, .limit = 1 << 20
	};
	assert_ok(exec_run(&request, ret));
	assert_false(ret->late);
}

static void test_words(void **state)
{
	(void)state;
	cleanup_free char *machines = source_path("tests/machines");
	cleanup_names char **names = NULL;
	assert_true(root_list(machines, "/", 1000, &names));
	for (char **name = names; *name; name++) {
		cleanup_free char *root = xasprintf("%s/%s", machines, *name);
		struct stat st;
		if (stat(root, &st) < 0 || !S_ISDIR(st.st_mode))
			continue;
		cleanup_free char *relative =
			xasprintf("tests/golden/detect/%s.txt", *name);
		cleanup_free char *path = source_path(relative), *expected = NULL;
		assert_ok(file_read(path, 1 << 20, &expected, NULL));
		struct exec_answer answer;
		detect("--root", root, &answer);
		assert_int_equal(answer.status, 0);
		if (strcmp(answer.output, expected) != 0)
			fail_msg("%s: not as in %s:\n%s", *name, relative, answer.output);
		free(answer.output);
	}
}

static void test_this_machine_is_a_record_without_results(void **state)
{
	(void)state;
	struct exec_answer answer;
	detect("--json", NULL, &answer);
	cleanup_free char *output = answer.output;
	assert_int_equal(answer.status, 0);
	assert_int_equal(answer.output[answer.size - 1], '\n');
	char today[DATE_SIZE];
	record_today(today);
	cleanup_record struct record record;
	assert_ok(record_read(answer.output, answer.size - 1, today, &record));
	assert_int_equal(record.source.kind, SOURCE_MEASURED);
	assert_string_equal(record.source.tool, "dxgmatrix " DXGMATRIX_VERSION);
	assert_string_equal(record.source.trigger, "manual");
	assert_int_equal(record.n_results, 0);
	assert_null(record.key);
	assert_false(record.combination.adapter.present);
	assert_non_null(record.combination.kernel);
}

static void test_status(void **state)
{
	(void)state;
	static const struct {
		const char *option, *root;
		int status;
	} rows[] = {
		{ "--root", "/no/such/folder", 1 },
		{ "--root", "/etc/passwd", 1 },
		{ "--root", NULL, 2 },
		{ "--no-such-option", NULL, 2 },
		{ "operand", NULL, 2 },
		{ "--help", NULL, 0 },
	};
	for_each_row(row, rows) {
		struct exec_answer answer;
		detect(row->option, row->root, &answer);
		if (answer.status != row->status)
			fail_msg("%s: status %d", row->option, answer.status);
		free(answer.output);
	}
}

/* One line of JSON each, Windows' software renderer left out. */
static const char scenario[] = "kernel = 6.6.87.2-microsoft-standard-WSL2\n"
			       "absent = /.dockerenv\n"
			       "absent = /proc/1/cgroup\n"
			       "[adapter]\n"
			       "luid = 00000000:00000001\n"
			       "pci = 8086:7d51\n"
			       "revision = 3\n"
			       "type = render_supported paravirtualized\n"
			       "description = Intel(R) Arc(TM) 140T GPU (16GB)\n"
			       "kmd = 32.0.101.6554\n"
			       "[adapter]\n"
			       "luid = 00000000:00000002\n"
			       "pci = 1414:008c\n"
			       "type = render_supported software_device\n"
			       "[adapter]\n"
			       "luid = 00000000:00000003\n"
			       "pci = 8086:ad1d\n"
			       "type = compute_only\n"
			       "kmd = 32.0.100.4023\n";

static void run_simulated(const char *option, struct exec_answer *ret)
{
	cleanup_free char *simulator = binary_path("tests/dxgsim/dxgsim");
	cleanup_free char *program = binary_path("dxgmatrix");
	cleanup_free char *path = xasprintf("%s/scenario", tree);
	const char *const programs[] = { simulator, NULL };
	const char *const argv[] = {
		"dxgsim", path, "--", program, "detect", option, NULL
	};
	const char *const check[] = { "dxgsim", "--check", NULL };
	struct exec_request request = {
		.programs = programs, .argv = check, .timeout_ms = 60000, .limit = 1 << 20
	};
	assert_ok(exec_run(&request, ret));
	free(ret->output);
	if (ret->status == 77)
		skip();
	tree_put("/scenario", scenario);
	request.argv = argv;
	assert_ok(exec_run(&request, ret));
	assert_int_equal(ret->status, 0);
}

static void check_record(const char *line, size_t size, const char *pci, int index,
			 const char *class, const char *driver)
{
	char today[DATE_SIZE];
	record_today(today);
	cleanup_record struct record record;
	assert_ok(record_read(line, size, today, &record));
	const struct combination *combination = &record.combination;
	assert_true(combination->adapter.present);
	assert_string_equal(combination->adapter.pci, pci);
	assert_string_equal(combination->adapter.class, class);
	assert_int_equal(combination->adapter.index, index);
	assert_string_equal(combination->driver, driver);
	assert_string_equal(combination->kernel, "6.6.87.2-microsoft-standard-WSL2");
}

static void test_each_adapter_is_a_record(void **state)
{
	(void)state;
	struct exec_answer answer;
	run_simulated("--json", &answer);
	cleanup_free char *output = answer.output;
	char *feed = strchr(output, '\n');
	assert_non_null(feed);
	check_record(output, (size_t)(feed - output), "8086:7d51", 0, "gpu",
		     "32.0.101.6554");
	char *second = feed + 1, *end = strchr(second, '\n');
	assert_non_null(end);
	check_record(second, (size_t)(end - second), "8086:ad1d", 2, "npu",
		     "32.0.100.4023");
	assert_int_equal(end[1], '\0');
}

static void test_adapters_in_words(void **state)
{
	(void)state;
	struct exec_answer answer;
	run_simulated(NULL, &answer);
	cleanup_free char *output = answer.output;
	static const char lines[] =
		"  GPU             Intel(R) Arc(TM) 140T GPU (16GB) (8086:7d51)\n"
		"  Windows driver  32.0.101.6554\n"
		"  NPU             name not known (8086:ad1d)\n"
		"  Windows driver  32.0.100.4023\n"
		"  kernel          6.6.87.2-microsoft-standard-WSL2\n";
	if (!strstr(output, lines))
		fail_msg("%s", output);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_this_machine_is_a_record_without_results),
		cmocka_unit_test(test_status),
		tree_test(test_each_adapter_is_a_record),
		tree_test(test_adapters_in_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
