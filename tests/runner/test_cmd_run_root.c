/* The program itself on recorded machines: what it says, refuses, and leaves behind. */
#include <jansson.h>
#include <unistd.h>

#include "record/record.h"
#include "tests/runner/shell.h"
#include "util/cleanup.h"
#include "util/file.h"

static char *folder;

static int set_up(void **state)
{
	(void)state;
	assert_ok(file_temporary_folder("test-cmd-run-root", &folder));
	setenv("XDG_STATE_HOME", folder, 1);
	setenv("XDG_DATA_HOME", folder, 1);
	cleanup_free char *program = binary_path("dxgmatrix");
	setenv("P", program, 1);
	/* So that the screen names the machine as anybody has it. */
	cleanup_free char *machines = source_path("tests/machines");
	assert_int_equal(chdir(machines), 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_ok(file_remove_tree(folder));
	free(folder);
	return 0;
}

static int shell(const char *line, char **ret)
{
	return shell_run(line, 60000, 1 << 20, ret);
}

static const struct {
	const char *machine;
	int status;
} machines[] = {
	{ "wsl2-b70-recorded", 3 },
	{ "linux", 0 },
	{ "wsl2-npu-windows-driver-without-linux", 3 },
};

static bool is_written(void)
{
	const char *golden = getenv("DXGMATRIX_GOLDEN");
	return golden && !strcmp(golden, "write");
}

static void compare(const char *machine, const char *suffix, const char *text)
{
	cleanup_free char *below = xasprintf("tests/golden/play/%s.%s", machine, suffix);
	cleanup_free char *path = source_path(below), *expected = NULL;
	if (is_written())
		assert_ok(file_write(path, text, strlen(text), 0644, false));
	assert_ok(file_read(path, 1 << 20, &expected, NULL));
	if (strcmp(text, expected) != 0)
		fail_msg("not as in %s:\n%s", below, text);
}

/* The document less what every version changes. */
static char *document_of(const char *line)
{
	char today[DATE_SIZE];
	record_today(today);
	cleanup_record struct record record;
	assert_ok(record_read(line, strcspn(line, "\n"), today, &record));
	json_t *document = json_loads(line, 0, NULL);
	json_object_del(document, "id");
	json_object_del(json_object_get(document, "source"), "tool");
	char *text = json_dumps(document, JSON_INDENT(2) | JSON_SORT_KEYS);
	json_decref(document);
	char *ended = xasprintf("%s\n", text);
	free(text);
	return ended;
}

static void test_screens_and_records(void **state)
{
	(void)state;
	for_each_row(row, machines) {
		cleanup_free char *screen = NULL, *line = NULL;
		cleanup_free char *words =
			xasprintf("\"$P\" run --root %s 2>&1", row->machine);
		cleanup_free char *json =
			xasprintf("\"$P\" run --root %s --json", row->machine);
		assert_int_equal(shell(words, &screen), row->status);
		assert_int_equal(strncmp(screen, "PLAYED BACK from ", 17), 0);
		compare(row->machine, "txt", screen);
		assert_int_equal(shell(json, &line), row->status);
		cleanup_free char *document = document_of(line);
		compare(row->machine, "json", document);
	}
}

static void test_nothing_is_kept(void **state)
{
	(void)state;
	cleanup_free char *output = NULL;
	cleanup_names char **names = NULL;
	shell("\"$P\" run --root wsl2-b70-recorded", &output);
	assert_true(root_list(folder, "/", 100, &names));
	assert_null(names[0]);
}

static void test_detect_asks_the_recording(void **state)
{
	(void)state;
	cleanup_free char *line = NULL;
	char today[DATE_SIZE];
	record_today(today);
	assert_int_equal(shell("\"$P\" detect --root wsl2-b70-recorded --json", &line),
			 0);
	cleanup_record struct record record;
	assert_ok(record_read(line, strcspn(line, "\n"), today, &record));
	const struct combination *combination = &record.combination;
	assert_string_equal(combination->adapter.pci, "8086:e223");
	assert_string_equal(combination->driver, "32.0.101.8801");
	/* From the INF below the root, in the folder that the adapter names. */
	assert_string_equal(combination->driver_inf, "iigd_dch.inf");
	assert_int_equal(record.source.kind, SOURCE_HARVESTED);
	assert_non_null(record.source.text);
}

static void test_a_requirement_is_judged(void **state)
{
	(void)state;
	static const struct {
		const char *require;
		int status;
	} rows[] = { { "dxg:fence", 0 }, { "dxg:address", 3 } };
	for_each_row(row, rows) {
		cleanup_free char *output = NULL;
		cleanup_free char *line = xasprintf(
			"\"$P\" run --root wsl2-b70-recorded --require %s", row->require);
		assert_int_equal(shell(line, &output), row->status);
	}
}

static void test_a_recording_that_ends_early_is_said_to(void **state)
{
	(void)state;
	cleanup_free char *output = NULL;
	assert_int_equal(
		shell("R=$(mktemp -d \"$XDG_STATE_HOME\"/root.XXXXXX) && mkdir $R/dev &&"
		      " awk '/^call create_sync/ {exit} {print}' "
		      "wsl2-b70-recorded/dev/dxg >$R/dev/dxg &&"
		      " \"$P\" run --root $R 2>&1",
		      &output),
		1);
	assert_non_null(strstr(output, "Not told  fence (create_sync_object), address "
				       "(reserve_gpu_va): the recording does not"));
}

static void test_what_makes_no_sense_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		int status;
		const char *says;
	} rows[] = {
		{ "run --root /no/such/folder", 1, "/no/such/folder: No such file" },
		{ "run --root /etc/passwd", 1, "Not a directory" },
		{ "run --root wsl2-debian-nvidia", 1, "nothing was recorded of it" },
		{ "run --root wsl2-b70-recorded opencl", 2, "what opencl needs" },
		{ "run --root wsl2-b70-recorded --db x", 2, "keeps nothing" },
		{ "run --root wsl2-b70-recorded --again", 2, "keeps nothing" },
		{ "run --root", 2, "needs a value" },
		{ "show --root linux", 2, "unknown option" },
		{ "explain --root linux", 2, "unknown option" },
		{ "trace --root linux -- true", 2, "unknown option" },
		{ "ingest --root linux", 2, "unknown option" },
	};
	for_each_row(row, rows) {
		cleanup_free char *output = NULL;
		cleanup_free char *line = xasprintf("\"$P\" %s 2>&1", row->line);
		if (shell(line, &output) != row->status || !strstr(output, row->says) ||
		    strchr(output, '\n') != output + strlen(output) - 1)
			fail_msg("%s: %s", row->line, output);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_screens_and_records),
		cmocka_unit_test(test_nothing_is_kept),
		cmocka_unit_test(test_detect_asks_the_recording),
		cmocka_unit_test(test_a_requirement_is_judged),
		cmocka_unit_test(test_a_recording_that_ends_early_is_said_to),
		cmocka_unit_test(test_what_makes_no_sense_is_refused),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
