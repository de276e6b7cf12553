#include "util/command.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/testing.h"
#include "util/file.h"

static const struct command command = {
	.name = "feed",
	.arguments = "FILE…",
	.summary = "feed the cat",
	.help = "It is always hungry.",
};

#define ARGUMENTS_MAX 8

/* What a command line leaves behind. */
struct outcome {
	bool json;
	const char *db;
	struct error *error;
	int argc, first;
	char *argv[ARGUMENTS_MAX];
};

static struct outcome parse(const char *const *line)
{
	struct outcome ret = { .db = "default", .first = -1 };
	while (line[ret.argc]) {
		ret.argv[ret.argc] = (char *)line[ret.argc];
		ret.argc++;
	}
	const struct command_option options[] = {
		{ "json", NULL, &ret.json, "one object per line" },
		{ "db", "FILE", &ret.db, "the store", .letter = 'd' },
		{ NULL },
	};
	ret.error = command_parse(&command, options, ret.argc, ret.argv, &ret.first);
	return ret;
}

static void test_options_and_operands(void **state)
{
	(void)state;
	static const struct {
		const char *line[ARGUMENTS_MAX];
		bool json;
		const char *db, *operands;
	} rows[] = {
		{ { "feed" }, false, "default", "" },
		{ { "feed", "--json" }, true, "default", "" },
		{ { "feed", "--db", "x" }, false, "x", "" },
		{ { "feed", "--db=x" }, false, "x", "" },
		{ { "feed", "-d", "x" }, false, "x", "" },
		{ { "feed", "a", "-dx", "--json" }, true, "x", "a " },
		{ { "feed", "--db=" }, false, "", "" },
		{ { "feed", "--db", "a", "--db", "b" }, false, "b", "" },
		{ { "feed", "--db", "--json" }, false, "--json", "" },
		{ { "feed", "a", "b" }, false, "default", "a b " },
		{ { "feed", "a", "--json", "b", "--db", "x", "c" }, true, "x", "a b c " },
		{ { "feed", "--", "--json" }, false, "default", "--json " },
		{ { "feed", "a", "--", "--json" }, false, "default", "a --json " },
		{ { "feed", "-" }, false, "default", "- " },
		{ { "feed", "" }, false, "default", " " },
	};
	for_each_row(row, rows) {
		struct outcome got = parse(row->line);
		assert_ok(got.error);
		assert_int_equal(got.json, row->json);
		assert_string_equal(got.db, row->db);
		char operands[64] = "";
		for (int i = got.first; i < got.argc; i++)
			strcat(strcat(operands, got.argv[i]), " ");
		assert_string_equal(operands, row->operands);
	}
}

static void test_what_is_wrong_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *line[ARGUMENTS_MAX];
		const char *says;
	} rows[] = {
		{ { "feed", "--cat" }, "unknown option '--cat'" },
		{ { "feed", "a", "--cat", "b" }, "unknown option '--cat'" },
		{ { "feed", "--cat=dog" }, "unknown option '--cat=dog'" },
		{ { "feed", "-j" }, "unknown option '-j'" },
		{ { "feed", "--json", "-xy" }, "unknown option '-x'" },
		{ { "feed", "a", "-xy", "b" }, "unknown option '-x'" },
		{ { "feed", "-\x1b" }, "unknown option '-?'" },
		{ { "feed", "--json=yes" }, "'--json=yes' takes no value" },
		{ { "feed", "--db" }, "--db needs a value" },
		{ { "feed", "a", "--db" }, "--db needs a value" },
	};
	for_each_row(row, rows) {
		struct outcome got = parse(row->line);
		assert_non_null(got.error);
		assert_true(got.error->usage);
		assert_non_null(strstr(got.error->message, "see dxgmatrix feed --help"));
		assert_error(got.error, row->says);
	}
}

static void test_every_parse_starts_anew(void **state)
{
	(void)state;
	test_what_is_wrong_is_named(state);
	test_options_and_operands(state);
}

/* @return what the child prints; the caller's to free. */
static char *printed(const char *const *line, int *ret_status)
{
	int pipe_fd[2];
	assert_int_equal(pipe2(pipe_fd, O_CLOEXEC), 0);
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(pipe_fd[1], STDOUT_FILENO);
		parse(line);
		_exit(99); /* --help must not return */
	}
	close(pipe_fd[1]);
	char *text;
	assert_ok(file_read_fd(pipe_fd[0], "pipe", 65536, &text, NULL));
	close(pipe_fd[0]);
	assert_int_equal(waitpid(pid, ret_status, 0), pid);
	return text;
}

static void test_help_comes_from_the_same_rows(void **state)
{
	(void)state;
	static const char *const lines[][ARGUMENTS_MAX] = {
		{ "feed", "--help" },
		{ "feed", "a", "--json", "--help" },
	};
	for_each_row(line, lines) {
		int status;
		cleanup_free char *text = printed(*line, &status);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
		static const char *const parts[] = {
			"usage: dxgmatrix feed [options] FILE…\n",
			"feed the cat.\n",
			"It is always hungry.\n",
			"  --json                  one object per line\n",
			"  -d, --db FILE           the store\n",
			"  --help                  print this and end\n",
		};
		for_each_row(part, parts)
			if (!strstr(text, *part))
				fail_msg("'%s' is not in: %s", *part, text);
	}
}

static void test_every_command_tells_the_version(void **state)
{
	(void)state;
	int status;
	cleanup_free char *text = printed(
		(const char *const[ARGUMENTS_MAX]){ "feed", "--version" }, &status);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_string_equal(text, "dxgmatrix " DXGMATRIX_VERSION "\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options_and_operands),
		cmocka_unit_test(test_what_is_wrong_is_named),
		cmocka_unit_test(test_every_parse_starts_anew),
		cmocka_unit_test(test_help_comes_from_the_same_rows),
		cmocka_unit_test(test_every_command_tells_the_version),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
