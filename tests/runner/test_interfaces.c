#include "tests/testing.h"

#include <sys/stat.h>

#include "record/rung.h"
#include "runner/interfaces.h"
#include "util/file.h"

static struct arena arena;

static int tear_down(void **state)
{
	(void)state;
	arena_deinit(&arena);
	return 0;
}

static void test_list_is_read(void **state)
{
	(void)state;
	struct interfaces list;
	assert_ok(interfaces_parse("dxg\t1\tDXG\t-\tload,enumerate,fence\n"
				   "opencl\t2\tOpenCL\tPoCL\tload,launch\n",
				   &arena, &list));
	assert_int_equal(list.n, 2);
	assert_string_equal(list.row[0].name, "dxg");
	assert_int_equal(list.row[0].layer, LAYER_DXG);
	assert_null(list.row[0].control);
	assert_int_equal(list.row[0].rungs, rung_bit(RUNG_LOAD) |
						    rung_bit(RUNG_ENUMERATE) |
						    rung_bit(RUNG_FENCE));
	assert_string_equal(list.row[1].title, "OpenCL");
	assert_string_equal(list.row[1].control, "PoCL");
}

static void test_what_is_no_list_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text, *says;
	} rows[] = {
		{ "", "no interface" },
		{ "opencl\n", "line 1" },
		{ "opencl\t2\tOpenCL\tPoCL\n", "line 1" },
		{ "opencl\t2\tOpenCL\tPoCL\tload\tmore\n", "line 1" },
		{ "opencl\t5\tOpenCL\tPoCL\tload\n", "line 1" },
		{ "opencl\t2\tOpenCL\tPoCL\tleap\n", "line 1" },
		{ "open cl\t2\tOpenCL\tPoCL\tload\n", "line 1" },
		{ "opencl\t2\t\tPoCL\tload\n", "line 1" },
		{ "opencl\t2\tOpenCL\t-\tload\n\n", "line 2" },
	};
	for_each_row(row, rows) {
		struct interfaces list;
		assert_error(interfaces_parse(row->text, &arena, &list), row->says);
	}
}

static void test_program_is_asked(void **state)
{
	(void)state;
	static const struct {
		const char *script, *says;
	} rows[] = {
		{ "#!/bin/sh\nprintf 'x\\t2\\tX\\t-\\tload\\n'\n", NULL },
		{ "#!/bin/sh\nexit 1\n", "did not end as it should" },
		{ "#!/bin/sh\nkill -9 $$\n", "did not end as it should" },
		{ "#!/bin/sh\nyes\n", "did not end as it should" },
		{ "#!/nowhere/sh\n", "No such file" },
	};
	struct child_limits limits = child_limits_default();
	cleanup_free char *folder = NULL;
	assert_ok(file_temporary_folder("test-interfaces", &folder));
	cleanup_free char *path = xasprintf("%s/probe", folder);
	for_each_row(row, rows) {
		struct interfaces list;
		assert_ok(
			file_write(path, row->script, strlen(row->script), 0700, false));
		struct error *err = interfaces_ask(path, &limits, -1, &arena, &list);
		if (row->says)
			assert_error(err, row->says);
		else
			assert_ok(err);
	}
	assert_ok(file_remove_tree(folder));
}

static void test_question_ends_when_we_are_stopped(void **state)
{
	(void)state;
	static const char script[] = "#!/bin/sh\nexec sleep 600\n";
	struct child_limits limits = child_limits_default();
	struct interfaces list;
	cleanup_free char *folder = NULL;
	int stop[2];
	assert_int_equal(pipe(stop), 0);
	assert_int_equal(write(stop[1], "!", 1), 1);
	assert_ok(file_temporary_folder("test-interfaces", &folder));
	cleanup_free char *path = xasprintf("%s/probe", folder);
	assert_ok(file_write(path, script, strlen(script), 0700, false));
	assert_error(interfaces_ask(path, &limits, stop[0], &arena, &list), "stopped");
	assert_ok(file_remove_tree(folder));
	close(stop[0]);
	close(stop[1]);
}

static void test_program_is_named_or_beside_us(void **state)
{
	(void)state;
	char *program;
	setenv("DXGMATRIX_PROBE", "/bin/sh", 1);
	assert_ok(interfaces_program(&program));
	assert_string_equal(strrchr(program, '/') + 1, "dash");
	free(program);
	setenv("DXGMATRIX_PROBE", "/nowhere/probe", 1);
	assert_error(interfaces_program(&program), "/nowhere/probe");
	unsetenv("DXGMATRIX_PROBE");
	assert_ok(interfaces_program(&program));
	assert_string_equal(strrchr(program, '/'), "/dxgmatrix-probe");
	free(program);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_list_is_read, tear_down),
		cmocka_unit_test_teardown(test_what_is_no_list_is_refused, tear_down),
		cmocka_unit_test_teardown(test_program_is_asked, tear_down),
		cmocka_unit_test_teardown(test_question_ends_when_we_are_stopped,
					  tear_down),
		cmocka_unit_test_teardown(test_program_is_named_or_beside_us, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
