/* Where a program crashed, in names; what cannot be known is absent. */
#include <signal.h>
#include <sys/stat.h>

#include "tests/runner/told.h"

#define A "libtraced_a.so"
#define B "libtraced_b.so"

/* A function that libtraced_a.so calls in libtraced_b.so, and how it ends. */
static const struct row {
	const char *function;
	int signal; /* of the crash */
	const char *in, *symbol, *called_from;
	bool survived;
} rows[] = {
	{ "crash", SIGSEGV, B, "b_crash", A },
	{ "jump", SIGSEGV, B, "b_jump", A },
	{ "wild", SIGSEGV, B, "b_wild", A },
	{ "overflow", SIGSEGV, B, "b_deeper", A },
	{ "abort", SIGABRT, B, "b_abort", A },
	{ "assert", SIGABRT, B, "b_assert", A },
	{ "free", SIGABRT, B, "b_free", A },
	{ "divide", SIGFPE, B, "b_divide", A },
	{ "trap", SIGILL, B, "b_trap", A },
	{ "truncated", SIGBUS, B, "b_truncated", A },
	{ "raise", SIGSEGV, B, "b_raise", A },
	{ "kill", SIGSEGV, B, "b_kill", A },
	{ "sort", SIGSEGV, B, "compare", A },
	{ "back", SIGSEGV, A, "crash_here", B },
	/* The library that jumped away is not on the stack. */
	{ "tail", SIGSEGV, B, "b_crash", "traced" },
	/* Nobody called it: the C library did. */
	{ "thread", SIGSEGV, B, "crash_in_thread", "(absent)" },
	/* It can't be known any more. */
	{ "smash", SIGABRT, B, "b_smash", "(absent)" },
	{ "vfork", SIGSEGV, B, "b_vfork", A, .survived = true },
};

static void assert_crash(const struct told *told, size_t skip, const struct row *row)
{
	cleanup_free char *name = xasprintf("SIG%s", sigabbrev_np(row->signal));
	assert_string_equal(told_crash(told, skip, "signal"), name);
	assert_string_equal(told_crash(told, skip, "in"), row->in);
	assert_string_equal(told_crash(told, skip, "symbol"), row->symbol);
	assert_string_equal(told_crash(told, skip, "called_from"), row->called_from);
}

static void test_a_crash_has_its_place_and_leaves_the_trace(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
		bool simulated = i >= ARRAY_SIZE(rows);
		const struct row *row = &rows[i % ARRAY_SIZE(rows)];
		struct told told = trace(simulated, "traced", row->function);
		print_message("%s\n", row->function);
		assert_crash(&told, 0, row);
		assert_how(&told, simulated);
		assert_int_equal(json_array_size(json_object_get(told.report, "last")),
				 7);
		if (row->survived)
			assert_int_equal(told.status, 0);
		else
			assert_int_equal(WTERMSIG(told.status), row->signal);
		json_decref(told.report);
	}
}

/* What handlers of SIGSEGV do: on a stack of their own, or on that of the program. */
static const struct {
	const char *function, *handler;
	bool own_stack;
	size_t n_crashes; /* the first is caught, the second is not */
	int signal;       /* 0: it ends by itself */
	const char *last_symbol;
} handler_rows[] = {
	{ "crash", "jump", true, 1, 0, "b_crash" },
	{ "crash", "exit", false, 1, 0, "b_crash" },
	{ "crash", "raise", false, 2, SIGSEGV, "b_crash" },
	{ "crash", "kill", true, 2, SIGSEGV, "b_crash" },
	{ "crash", "give-up", false, 2, SIGSEGV, "b_crash" },
	{ "crash", "abort", true, 2, SIGABRT, "abort_" },
	{ "overflow", "jump", true, 1, 0, "b_deeper" },
	{ "overflow", "exit", true, 1, 0, "b_deeper" },
	{ "overflow", "kill", true, 2, SIGSEGV, "b_deeper" },
	/* No room for the handler: it never runs. */
	{ "overflow", "jump", false, 2, SIGSEGV, "b_deeper" },
	{ "overflow", "exit", false, 2, SIGSEGV, "b_deeper" },
};

static void test_a_fault_that_a_handler_gets_has_its_place(void **state)
{
	(void)state;
	cleanup_free char *path = traced_path("traced");
	for_each_row(row, handler_rows) {
		const char *const argv[] = {
			dxgmatrix,    "trace",
			"--json",     "-o",
			report_path,  "--",
			path,         row->function,
			row->handler, row->own_stack ? "stack" : NULL,
			NULL
		};
		print_message("%s, %s\n", row->function, row->handler);
		int status = run_it(false, argv);
		struct told told = { .report = json_load_file(report_path, 0, NULL) };
		json_t *crashes = json_object_get(told.report, "crashes");
		size_t last = row->n_crashes - 1;
		assert_int_equal(json_array_size(crashes), row->n_crashes);
		assert_true(json_is_true(
			json_object_get(json_array_get(crashes, 0), "caught")));
		assert_string_equal(told_crash(&told, 0, "in"), B);
		assert_string_equal(told_crash(&told, 0, "called_from"), A);
		assert_string_equal(told_crash(&told, last, "symbol"), row->last_symbol);
		assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : 0, row->signal);
		json_decref(told.report);
	}
}

static void test_a_crash_in_the_c_library_names_who_called_it(void **state)
{
	(void)state;
	struct told told = trace(false, "traced", "copy");
	assert_non_null(strstr(told_crash(&told, 0, "in"), "libc"));
	assert_string_equal(told_crash(&told, 0, "called_from"), B);
	json_decref(told.report);
}

static void copy_to(const char *folder, const char *name, const char *as)
{
	cleanup_free char *from = traced_path(name);
	cleanup_free char *to = xasprintf("%s/%s", folder, as), *bytes = NULL;
	size_t size;
	assert_ok(file_read(from, 1 << 24, &bytes, &size));
	FILE *file = fopen(to, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(to, 0755), 0);
}

/* Libraries in a folder whose name is made to mislead. */
static void test_names_may_hold_anything(void **state)
{
	(void)state;
	cleanup_free char *root = NULL;
	assert_ok(file_temporary_folder("trace-test-", &root));
	cleanup_free char *folder = xasprintf("%s/a (deleted) b\n\xff\x1b[31m", root);
	cleanup_free char *program = xasprintf("%s/a \x1b\"\xff\n", folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	copy_to(folder, "traced", "a \x1b\"\xff\n");
	copy_to(folder, "libtraced_a.so", "libtraced_a.so");
	copy_to(folder, "libtraced_b.so", "libtraced_b.so");
	const char *const json[] = { dxgmatrix, "trace", "--json", "-o", report_path,
				     "--",      program, "tail",   NULL };
	assert_int_equal(WTERMSIG(run_it(false, json)), SIGSEGV);
	json_t *report = json_load_file(report_path, 0, NULL);
	assert_non_null(report); /* strictly JSON, and UTF-8 */
	const struct told told = { .report = report };
	assert_string_equal(told_crash(&told, 0, "in"), B);
	/* the kernel writes the end of line so; U+FFFD is what was no UTF-8 */
	assert_string_equal(told_crash(&told, 0, "called_from"),
			    "a \x1b\"\xef\xbf\xbd\\012");
	json_decref(report);
	const char *const text[] = { dxgmatrix, "trace", "-o",   report_path,
				     "--",      program, "tail", NULL };
	cleanup_free char *lines = NULL;
	run_it(false, text);
	assert_ok(file_read(report_path, 1 << 20, &lines, NULL));
	assert_non_null(strstr(lines, "SIGSEGV in libtraced_b.so"));
	assert_null(strchr(lines, '\x1b')); /* nothing a terminal would obey */
	assert_ok(file_remove_tree(root));
}

/* A library that was replaced while in use: its symbols are those of another file. */
static void test_a_file_that_was_replaced_names_nothing(void **state)
{
	(void)state;
	cleanup_free char *folder = NULL;
	assert_ok(file_temporary_folder("trace-test-", &folder));
	copy_to(folder, "traced", "traced");
	copy_to(folder, "libtraced_a.so", "libtraced_a.so");
	copy_to(folder, "libtraced_b.so", "libtraced_b.so");
	copy_to(folder, "libtraced_a.so", "another");
	cleanup_free char *script = xasprintf(
		"cd '%s' && LD_LIBRARY_PATH=. exec ./traced replace-and-crash", folder);
	const char *const argv[] = { dxgmatrix, "trace",   "--json", "-o",   report_path,
				     "--",      "/bin/sh", "-c",     script, NULL };
	assert_int_equal(WTERMSIG(run_it(false, argv)), SIGSEGV);
	const struct told told = { .report = json_load_file(report_path, 0, NULL) };
	assert_string_equal(told_crash(&told, 0, "in"), B);
	/* root still reaches the file that is mapped */
	assert_string_equal(told_crash(&told, 0, "symbol"),
			    geteuid() ? "(absent)" : "b_crash");
	assert_string_equal(told_crash(&told, 0, "called_from"), A);
	json_decref(told.report);
	assert_ok(file_remove_tree(folder));
}

static void test_a_static_program_names_who_aborted(void **state)
{
	(void)state;
#ifdef HAVE_STATIC_LIBC
	struct told told = trace(false, "traced_static", "abort");
	assert_string_equal(told_crash(&told, 0, "in"), "traced_static");
	assert_string_equal(told_crash(&told, 0, "symbol"), "die");
	json_decref(told.report);
#else
	skip();
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_crash_has_its_place_and_leaves_the_trace),
		cmocka_unit_test(test_a_fault_that_a_handler_gets_has_its_place),
		cmocka_unit_test(test_a_crash_in_the_c_library_names_who_called_it),
		cmocka_unit_test(test_names_may_hold_anything),
		cmocka_unit_test(test_a_file_that_was_replaced_names_nothing),
		cmocka_unit_test(test_a_static_program_names_who_aborted),
	};
	return run_traces(tests);
}
