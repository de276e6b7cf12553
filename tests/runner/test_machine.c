#include "runner/machine.h"

#include "tests/runner/root_tree.h"

static void check(const char *program, const char *key, const char *expected)
{
	const char *const argv[] = { program, key, NULL };
	const struct machine_command command = { program, key, argv, 5000 };
	cleanup_free char *output = NULL;
	size_t size;
	bool found = machine_command(tree, &command, &output, &size);
	if (found != (expected != NULL))
		fail_msg("%s %s: found %d", program, key ? key : "", found);
	if (expected) {
		assert_string_equal(output, expected);
		assert_int_equal(size, strlen(expected));
	}
}

static void test_recordings_are_told_apart_by_their_arguments(void **state)
{
	(void)state;
	tree_put_command("a", "wslinfo\n--networking-mode\n", "nat\n", "0\n");
	tree_put_command("b", "/usr/bin/wslinfo --version -n", "2.6.3.0", "0");
	tree_put_bytes("/.commands/c.argv", "WSL.EXE\0--version", 17);
	tree_put("/.commands/c.out", "seven lines");
	tree_put_command("uname", NULL, "6.6\n", NULL);
	tree_put_command("d", "/mnt/c/Windows/System32/cmd.exe\n/c\nver\n", "10", "0");
	check("wslinfo", "--networking-mode", "nat\n");
	check("wslinfo", "--version", "2.6.3.0");
	check("wslinfo", "--wsl-version", NULL);
	check("wslinfo", "--v", NULL);
	check("wsl", "--version", "seven lines");
	check("uname", "-r", "6.6\n");
	check("cmd", "ver", "10");
	check("cmd", "cmd", NULL);
	check("info", "--version", NULL);
}

static void test_a_failed_command_says_nothing(void **state)
{
	(void)state;
	static const char *const statuses[] = {
		"1", "127\n", "", "-1", "00", "0x", "0 1"
	};
	for_each_row(status, statuses) {
		tree_put_command("a", "wslinfo\n--version\n", "2.6.3.0\n", *status);
		check("wslinfo", "--version", NULL);
	}
	tree_put_command("b", "wslinfo\n--version\n", "2.7.0.0\n", "0");
	check("wslinfo", "--version", "2.7.0.0\n");
}

static void test_a_recording_is_a_regular_file_below_the_root(void **state)
{
	(void)state;
	tree_link("/.commands/uname.out", "/etc/hostname");
	check("uname", "-r", NULL);
	tree_link("/.commands/dmesg.out", "../../../../../../etc/hostname");
	check("dmesg", NULL, NULL);
	tree_put("/.commands/rpm.out/file", "");
	check("rpm", NULL, NULL);
	tree_put_command("pacman", "", "", "0");
	check("pacman", NULL, NULL);
}

static void test_without_a_root_it_is_run(void **state)
{
	(void)state;
	static const char *const argv[] = { "sh", "-c", "echo here", NULL };
	static const char *const fails[] = { "sh", "-c", "echo here; exit 1", NULL };
	struct machine_command command = { "sh", NULL, argv, 10000 };
	cleanup_free char *output = NULL;
	size_t size;
	assert_true(machine_command(NULL, &command, &output, &size));
	assert_string_equal(output, "here\n");
	command.argv = fails;
	assert_false(machine_command(NULL, &command, &output, &size));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		tree_test(test_recordings_are_told_apart_by_their_arguments),
		tree_test(test_a_failed_command_says_nothing),
		tree_test(test_a_recording_is_a_regular_file_below_the_root),
		tree_test(test_without_a_root_it_is_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
