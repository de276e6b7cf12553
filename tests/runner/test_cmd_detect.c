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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_this_machine_is_a_record_without_results),
		cmocka_unit_test(test_status),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
