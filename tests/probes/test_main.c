/* The command line of the real program. */
#include "tests/testing.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/rung.h"
#include "util/cleanup.h"

struct said {
	int status;
	char out[8192], err[8192];
};

static void read_back(FILE *file, char *bytes, size_t size)
{
	rewind(file);
	bytes[fread(bytes, 1, size - 1, file)] = '\0';
	fclose(file);
}

static struct said run(const char *const *arguments)
{
	const char *argv[16] = { "dxgmatrix-probe" };
	struct said said = { 0 };
	cleanup_free char *path = binary_path("dxgmatrix-probe");
	FILE *out = tmpfile(), *err = tmpfile();
	for (int i = 0; arguments[i]; i++)
		argv[i + 1] = arguments[i];
	pid_t pid = fork();
	if (pid == 0) {
		dup2(fileno(out), STDOUT_FILENO);
		dup2(fileno(err), STDERR_FILENO);
		execv(path, (char *const *)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &said.status, 0), pid);
	read_back(out, said.out, sizeof(said.out));
	read_back(err, said.err, sizeof(said.err));
	return said;
}

static void test_main_refuses_in_one_sentence(void **state)
{
	(void)state;
	const char *const rows[][8] = {
		{ NULL },
		{ "nothing-like-this", NULL },
		{ "opencl", "vulkan", NULL },
		{ "opencl", "--unknown", NULL },
		{ "opencl", "--pci", NULL },
		{ "opencl", "--pci", "8086", NULL },
		{ "opencl", "--pci", "8086:7d5", NULL },
		{ "opencl", "--pci", "8086:7d51:", NULL },
		{ "opencl", "--pci", "8086:7g51", NULL },
		{ "opencl", "--adapter", "-1", NULL },
		{ "opencl", "--adapter", "300", NULL },
		{ "opencl", "--adapter", "1x", NULL },
		{ "opencl", "--rungs", "load,paging", NULL },
		{ "opencl", "--rungs", "", NULL },
		{ "opencl", "--packets", "77", NULL },
		{ "opencl", "--packets", "99999999999999999999", NULL },
		{ "dxg", "--control", NULL },
	};
	for_each_row(row, rows) {
		struct said said = run(*row);
		if (!WIFEXITED(said.status) || WEXITSTATUS(said.status) != 2)
			fail_msg("row %td: status %#x", row - rows,
				 (unsigned int)said.status);
		assert_string_equal(said.out, "");
		assert_int_equal(strncmp(said.err, "dxgmatrix-probe: ", 17), 0);
		assert_ptr_equal(strchr(said.err, '\n'), said.err + strlen(said.err) - 1);
	}
}

static void test_main_lists_every_interface_bottom_first(void **state)
{
	(void)state;
	const char *const list[] = { "--list", NULL };
	struct said said = run(list);
	assert_int_equal(said.status, 0);
	int lines = 0, layer_before = 0;
	char *rest = said.out, *line;
	while ((line = strsep(&rest, "\n")) && *line) {
		char *fields[5], *at = line, *rung_name;
		enum rung rung;
		for_each_row(field, fields)
			assert_non_null(*field = strsep(&at, "\t"));
		assert_null(at);
		int layer = atoi(fields[1]);
		assert_true(layer >= layer_before);
		layer_before = layer;
		while ((rung_name = strsep(&fields[4], ",")))
			assert_true(rung_parse(rung_name, &rung));
		lines++;
	}
	assert_true(lines >= 3);
}

static void test_main_prints_help_and_version(void **state)
{
	(void)state;
	const char *const help[] = { "--help", NULL };
	const char *const version[] = { "--version", NULL };
	struct said said = run(help);
	assert_int_equal(said.status, 0);
	assert_non_null(strstr(said.out, "--packets FD"));
	said = run(version);
	assert_int_equal(said.status, 0);
	assert_string_equal(said.out, "dxgmatrix-probe " DXGMATRIX_VERSION "\n");
}

static void test_main_by_hand_prints_readable_lines(void **state)
{
	(void)state;
	const char *const arguments[] = { "opencl", "--rungs", "load", NULL };
	setenv("LD_LIBRARY_PATH", "/nowhere", 1);
	struct said said = run(arguments);
	unsetenv("LD_LIBRARY_PATH");
	assert_int_equal(said.status, 0);
	assert_int_equal(strncmp(said.out, "load\n", 5), 0);
	assert_non_null(strstr(said.out, " ms\n"));
	assert_string_equal(said.err, "");
}

/* libc alone: whatever else it needed would be one more thing that may be broken. */
static void test_main_needs_libc_alone(void **state)
{
	(void)state;
	cleanup_free char *path = binary_path("dxgmatrix-probe");
	cleanup_free char *command =
		xasprintf("LC_ALL=C readelf -d '%s' | grep NEEDED", path);
	FILE *pipe_ = popen(command, "r");
	char line[256];
	int lines = 0;
	while (fgets(line, sizeof(line), pipe_)) {
		lines++;
		if (!strstr(line, "[libc.so.6]") && !strstr(line, "[libdl.so.2]") &&
		    !strstr(line, "[ld-linux"))
			fail_msg("%s", line);
	}
	assert_int_equal(pclose(pipe_), 0);
	assert_true(lines > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_main_refuses_in_one_sentence),
		cmocka_unit_test(test_main_lists_every_interface_bottom_first),
		cmocka_unit_test(test_main_prints_help_and_version),
		cmocka_unit_test(test_main_by_hand_prints_readable_lines),
		cmocka_unit_test(test_main_needs_libc_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
