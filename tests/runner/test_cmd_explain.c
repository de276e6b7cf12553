/* The program itself, on texts written anew from facts: tests/golden/explain/README. */
#include <dirent.h>
#include <unistd.h>

#include "record/record.h"
#include "runner/exec.h"
#include "tests/testing.h"
#include "util/file.h"

/* Runs a line of the shell, in which $P is the program and $D the folder of the texts. */
static void shell(const char *line, struct exec_answer *ret)
{
	cleanup_free char *program = binary_path("dxgmatrix");
	cleanup_free char *folder = source_path("tests/golden/explain");
	cleanup_free char *p = xasprintf("P=%s", program);
	cleanup_free char *d = xasprintf("D=%s", folder);
	const char *const programs[] = { "/bin/sh", NULL };
	const char *const argv[] = { "sh", "-c", line, NULL };
	const char *const environment[] = { p, d, "TERM=dumb", NULL };
	const struct exec_request request = { .programs = programs,
					      .argv = argv,
					      .environment = environment,
					      .timeout_ms = 60000,
					      .limit = 1 << 20 };
	assert_ok(exec_run(&request, ret));
	assert_false(ret->late || ret->floods);
}

typedef void check_case(const char *name, const char *text);

static void each_case(check_case *check)
{
	cleanup_free char *folder = source_path("tests/golden/explain");
	cleanup_closedir DIR *dir = opendir(folder);
	assert_non_null(dir);
	size_t cases = 0;
	for (struct dirent *entry; (entry = readdir(dir));) {
		size_t length = strlen(entry->d_name);
		if (length < 5 || strcmp(entry->d_name + length - 4, ".txt"))
			continue;
		cleanup_free char *name = xstrndup(entry->d_name, length - 4);
		check(name, entry->d_name);
		cases++;
	}
	assert_true(cases >= 10);
}

static void check_screen(const char *name, const char *text)
{
	cleanup_free char *line = xasprintf("$P explain $D/%s 2>&1", text);
	cleanup_free char *relative = xasprintf("tests/golden/explain/%s.out", name);
	cleanup_free char *path = source_path(relative), *expected = NULL;
	assert_ok(file_read(path, 1 << 20, &expected, NULL));
	struct exec_answer answer;
	shell(line, &answer);
	cleanup_free char *output = answer.output;
	assert_int_equal(answer.status, 0);
	if (strcmp(output, expected) != 0)
		fail_msg("%s: not as in %s:\n%s", name, relative, output);
}

static void test_screens_are_as_written(void **state)
{
	(void)state;
	each_case(check_screen);
}

static void check_document(const char *name, const char *text)
{
	cleanup_free char *line = xasprintf("$P explain --json $D/%s", text);
	struct exec_answer answer;
	shell(line, &answer);
	cleanup_free char *output = answer.output;
	assert_int_equal(answer.status, 0);
	assert_int_equal(output[answer.size - 1], '\n');
	assert_ptr_equal(strchr(output, '\n'), output + answer.size - 1);
	cleanup_record struct record record;
	record_init(&record);
	struct error *err = record_read(output, answer.size - 1, "2026-11-20", &record);
	if (err)
		fail_msg("%s: %s", name, err->message);
	assert_int_equal(record.source.kind, SOURCE_HARVESTED);
}

static void test_documents_are_records_one_a_line(void **state)
{
	(void)state;
	each_case(check_document);
}

static void test_a_record_is_explained_like_its_text(void **state)
{
	(void)state;
	struct exec_answer of_text, of_record;
	shell("$P explain $D/older-runtime-and-address.txt", &of_text);
	shell("$P explain --json $D/older-runtime-and-address.txt | $P explain",
	      &of_record);
	assert_string_equal(of_text.output, of_record.output);
	free(of_text.output);
	free(of_record.output);
}

static void test_each_file_is_one_machine(void **state)
{
	(void)state;
	struct exec_answer answer;
	shell("$P explain --json $D/npu-refused.txt $D/benign-boot.txt | wc -l", &answer);
	assert_int_equal(atoi(answer.output), 2);
	free(answer.output);
	shell("$P explain $D/npu-refused.txt $D/benign-boot.txt | grep -c '^== '",
	      &answer);
	assert_int_equal(atoi(answer.output), 2);
	free(answer.output);
}

/* Over 64 MiB of one line, and what stands before and behind it, from a pipe. */
#define FLOOD                                                                            \
	"(echo 'WSL version: 2.4.13.0'; yes '%s' | head -n 1200000; "                    \
	"echo 'Windows driver version 31.0.101.4502') | $P explain %s"

static char *explain_flood(const char *line, const char *options)
{
	cleanup_free char *command = xasprintf(FLOOD, line, options);
	struct exec_answer answer;
	shell(command, &answer);
	assert_int_equal(answer.status, 0);
	return answer.output;
}

static void test_a_log_may_have_any_size(void **state)
{
	(void)state;
	cleanup_free char *json = explain_flood(
		"[   12.345678] misc dxg: dxgk: dxgkio_reserve_gpu_va: Ioctl failed: -75",
		"--json -");
	assert_non_null(strstr(json, "\"dxgkio_reserve_gpu_va\":{\"-75\":1200000}"));
	assert_non_null(strstr(
		json, "\"line\":1200002,\"text\":\"driver version 31.0.101.4502\""));
	assert_non_null(strstr(json, "\"wsl\":\"2.4.13.0\""));
	assert_null(strstr(json, "skimmed"));
}

/* Lines without a stamp may say anything: there are more than are read. The record tells. */
static void test_what_of_a_log_was_not_read_is_told(void **state)
{
	(void)state;
	cleanup_free char *screen = explain_flood(
		"some words; misc dxg: dxgk: dxgkio_reserve_gpu_va: Ioctl failed: -75",
		"--json | $P explain -");
	assert_non_null(
		strstr(screen, "  1200000 dxgkio_reserve_gpu_va: Ioctl failed: -75"));
	assert_non_null(strstr(screen, "Windows driver 31.0.101.4502; WSL 2.4.13"));
	assert_non_null(strstr(screen, "\nSkimmed    lines 6"));
}

struct ending {
	const char *line;
	int status;
	const char *says;
};

static void test_status_and_sentence(void **state)
{
	(void)state;
	static const struct ending endings[] = {
		{ "$P explain $D/no-such-file 2>&1", 1, "no-such-file" },
		{ "$P explain --nonsense 2>&1", 2, "unknown option" },
		{ "$P explain --help", 0, "usage: dxgmatrix explain" },
		{ "echo '{\"schema\": \"dxgmatrix-record/1\", \"x\": 1.5}' | $P explain "
		  "2>&1",
		  1, "/x" },
		/* a file that can't be read leaves the others */
		{ "$P explain $D/no-such-file $D/npu-refused.txt 2>&1", 1, "WSL#40445" },
		{ "$P explain </dev/null", 0, "NOT KNOWN" },
	};
	for_each_row(ending, endings) {
		struct exec_answer answer;
		shell(ending->line, &answer);
		if (answer.status != ending->status ||
		    !strstr(answer.output, ending->says))
			fail_msg("%s: %d\n%s", ending->line, answer.status,
				 answer.output);
		free(answer.output);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_screens_are_as_written),
		cmocka_unit_test(test_documents_are_records_one_a_line),
		cmocka_unit_test(test_a_record_is_explained_like_its_text),
		cmocka_unit_test(test_each_file_is_one_machine),
		cmocka_unit_test(test_a_log_may_have_any_size),
		cmocka_unit_test(test_what_of_a_log_was_not_read_is_told),
		cmocka_unit_test(test_status_and_sentence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
