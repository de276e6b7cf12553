#include "util/alloc.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/testing.h"

static void test_zero_bytes_are_memory_too(void **state)
{
	(void)state;
	cleanup_free void *a = xmalloc(0);
	cleanup_free void *b = xcalloc(0, 8);
	cleanup_free void *c = xreallocarray(NULL, 8, 0);
	assert_true(a && b && c);
}

static void test_calloc_zeroes(void **state)
{
	(void)state;
	static const char zero[4000];
	cleanup_free char *memory = xcalloc(1000, 4);
	assert_memory_equal(memory, zero, sizeof(zero));
}

static void test_reallocarray_keeps_what_is_there(void **state)
{
	(void)state;
	char *memory = xstrdup("abc");
	memory = xreallocarray(memory, 100000, 1);
	assert_string_equal(memory, "abc");
	free(memory);
}

static void test_strings_are_copies(void **state)
{
	(void)state;
	assert_null(xstrdup(NULL));
	static const struct {
		const char *text;
		size_t length;
		const char *expected;
	} rows[] = {
		{ "", 0, "" },       { "abc", 0, "" },      { "abc", 2, "ab" },
		{ "abc", 3, "abc" }, { "abc", 100, "abc" }, /* it ends before */
	};
	for_each_row(row, rows) {
		cleanup_free char *copy = xstrndup(row->text, row->length);
		assert_string_equal(copy, row->expected);
		assert_ptr_not_equal(copy, row->text);
	}
}

static void test_asprintf(void **state)
{
	(void)state;
	cleanup_free char *text = xasprintf("%s-%d", "a", 7);
	assert_string_equal(text, "a-7");
	cleanup_free char *empty = xasprintf("%s", "");
	assert_string_equal(empty, "");
}

/* How a child that asks for too much ends. */
static int status_of(void (*ask)(void))
{
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
		signal(SIGABRT, SIG_DFL);
		close(STDERR_FILENO);
		ask();
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void ask_overflowing_array(void)
{
	free(xreallocarray(NULL, SIZE_MAX / 2, 4));
}

static void ask_overflowing_calloc(void)
{
	free(xcalloc(SIZE_MAX / 2, 4));
}

static void test_a_size_that_overflows_ends_the_process(void **state)
{
	(void)state;
	void (*const rows[])(void) = { ask_overflowing_array, ask_overflowing_calloc };
	for_each_row(ask, rows) {
		int status = status_of(*ask);
		/* A sanitizer says so itself and exits with a status of its own. */
		assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zero_bytes_are_memory_too),
		cmocka_unit_test(test_calloc_zeroes),
		cmocka_unit_test(test_reallocarray_keeps_what_is_there),
		cmocka_unit_test(test_strings_are_copies),
		cmocka_unit_test(test_asprintf),
		cmocka_unit_test(test_a_size_that_overflows_ends_the_process),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
