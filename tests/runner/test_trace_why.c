#include "runner/trace_why.h"

#include <errno.h>

#include "tests/testing.h"
#include "util/file.h"

static char *root;

static void write_below(const char *path, const char *text)
{
	cleanup_free char *whole = xasprintf("%s%s", root, path);
	cleanup_free char *command = xasprintf("mkdir -p \"$(dirname '%s')\"", whole);
	assert_int_equal(system(command), 0);
	FILE *file = fopen(whole, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void test_a_refusal_has_its_reason(void **state)
{
	(void)state;
	static const struct {
		const char *scope, *status;
		int number;
		enum trace_why why;
	} rows[] = {
		{ NULL, NULL, EPERM, TRACE_WHY_REFUSED },
		{ "0\n", "TracerPid:\t0\n", EPERM, TRACE_WHY_REFUSED },
		{ "1\n", "TracerPid:\t0\n", EPERM, TRACE_WHY_REFUSED },
		{ "2\n", "TracerPid:\t0\n", EPERM, TRACE_WHY_ADMIN_ONLY },
		{ "3\n", "Name:\tx\nTracerPid:\t0\n", EPERM, TRACE_WHY_NOBODY },
		{ "3\n", "Name:\tx\nTracerPid:\t12\n", EPERM, TRACE_WHY_TRACED },
		{ "no number\n", NULL, EPERM, TRACE_WHY_REFUSED },
		{ NULL, NULL, ENOSYS, TRACE_WHY_REFUSED },
		{ "3\n", NULL, ESRCH, TRACE_WHY_ENDED },
	};
	for_each_row(row, rows) {
		assert_ok(file_temporary_folder("test-trace-why", &root));
		if (row->scope)
			write_below("/proc/sys/kernel/yama/ptrace_scope", row->scope);
		if (row->status)
			write_below("/proc/77/status", row->status);
		assert_int_equal(trace_why_refused(root, 77, row->number), row->why);
		assert_ok(file_remove_tree(root));
		free(root);
	}
}

/* Documents hold these sentences, and the manual says which there are. */
static void test_the_manual_of_records_lists_every_reason(void **state)
{
	(void)state;
	cleanup_free char *path = source_path("record/dxgmatrix-record.5"),
			  *manual = NULL;
	assert_ok(file_read(path, 1 << 20, &manual, NULL));
	/* Words alone: lines are broken elsewhere there, and - is \-. */
	size_t length = 0;
	for (const char *c = manual; *c; c++)
		if (*c != '\\')
			manual[length++] = *c == '\n' ? ' ' : *c;
	manual[length] = '\0';
	assert_null(trace_why_words[TRACE_WHY_NONE]);
	for (int why = TRACE_WHY_NONE + 1; why < TRACE_WHY_COUNT; why++)
		if (!strstr(manual, trace_why_words[why]))
			fail_msg("not in the manual: %s", trace_why_words[why]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_refusal_has_its_reason),
		cmocka_unit_test(test_the_manual_of_records_lists_every_reason),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
