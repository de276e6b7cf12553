/* dxgmatrix validate as a process. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "record/key.h"
#include "tests/record/documents.h"
#include "util/file.h"
#include "util/strbuf.h"

/* Every test works in a fresh folder, which is also the working folder. */
static int enter_folder(void **state)
{
	char *folder;
	assert_ok(file_temporary_folder("test_cmd_validate", &folder));
	assert_int_equal(chdir(folder), 0);
	setenv("XDG_STATE_HOME", folder, 1);
	*state = folder;
	return 0;
}

static int leave_folder(void **state)
{
	assert_int_equal(chdir("/"), 0);
	assert_ok(file_remove_tree(*state));
	free(*state);
	return 0;
}

static void put(const char *path, const char *text)
{
	cleanup_free char *json = json_text(text);
	assert_ok(file_write(path, json, strlen(json), 0644, false));
}

struct ended {
	int status;
	char *out, *err;
};

static void ended_deinit(struct ended *ended)
{
	free(ended->out);
	free(ended->err);
}
#define cleanup_ended cleanup_with(ended_deinit)

#define ARGUMENTS_MAX 8

static struct ended validate(const char *const *arguments)
{
	cleanup_free char *program = binary_path("dxgmatrix");
	char *argv[ARGUMENTS_MAX + 3] = { program, (char *)"validate" };
	for (int i = 0; arguments[i]; i++)
		argv[i + 2] = (char *)arguments[i];
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		int out = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
		int err = open("err", O_WRONLY | O_CREAT | O_TRUNC, 0600);
		dup2(out, STDOUT_FILENO);
		dup2(err, STDERR_FILENO);
		setenv("DXGMATRIX_TODAY", TODAY, 1);
		execv(program, argv);
		_exit(127);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	struct ended ended = { .status = WEXITSTATUS(status) };
	assert_ok(file_read("out", 1 << 20, &ended.out, NULL));
	assert_ok(file_read("err", 1 << 20, &ended.err, NULL));
	return ended;
}

#define RUN(...) validate((const char *const[]){ __VA_ARGS__, NULL })

static void test_a_report_and_a_signed_record(void **state)
{
	(void)state;
	put("report.json", "{" SMALLEST ",'combination':{}}");
	struct machine_key key;
	assert_ok(key_open(&key));
	struct record record;
	record_init(&record);
	record.source.tool = "t";
	record.time = TODAY;
	record_sign(&record, &key);
	assert_ok(file_write("signed.json", record.bytes, record.size, 0644, false));
	cleanup_ended struct ended ended = RUN("report.json", "signed.json");
	cleanup_free char *id = xstrdup(record.id);
	record_deinit(&record);
	assert_ok(read_text("{" SMALLEST ",'combination':{}}", &record));
	cleanup_free char *expected = xasprintf(
		"report.json: unsigned, a report, %s\nsigned.json: signed, %s\n",
		record.id, id);
	record_deinit(&record);
	assert_string_equal(ended.out, expected);
	assert_string_equal(ended.err, "");
	assert_int_equal(ended.status, 0);
}

static void test_one_sentence_for_each_that_is_none(void **state)
{
	(void)state;
	put("good.json", "{" SMALLEST ",'combination':{}}");
	put("bad.json", COMBINATION("'wsl':'2.6.3'"));
	put("worse.json", "{");
	cleanup_ended struct ended ended =
		RUN("bad.json", "good.json", "absent.json", "worse.json", ".");
	assert_int_equal(ended.status, 1);
	assert_memory_equal(ended.out, "good.json: unsigned", 19);
	static const char *const sentences[] = {
		"dxgmatrix validate: bad.json: /combination/wsl: '2.6.3' is not four",
		"dxgmatrix validate: absent.json: No such file or directory",
		"dxgmatrix validate: worse.json: (document): ",
		"dxgmatrix validate: .: Is a directory",
	};
	const char *line = ended.err;
	for_each_row(sentence, sentences) {
		if (strncmp(line, *sentence, strlen(*sentence)))
			fail_msg("'%s' does not begin with '%s'", line, *sentence);
		line = strchr(line, '\n') + 1;
	}
	assert_string_equal(line, "");
}

static void test_json_is_an_object_per_file(void **state)
{
	(void)state;
	put("good.json", "{" SMALLEST ",'combination':{}}");
	put("bad\xff.json", "[]");
	cleanup_ended struct ended ended = RUN("--json", "good.json", "bad\xff.json");
	assert_int_equal(ended.status, 1);
	assert_string_equal(ended.err, "");
	char *second = strchr(ended.out, '\n') + 1;
	json_t *good = json_loadb(ended.out, (size_t)(second - ended.out), 0, NULL);
	json_t *bad = json_loads(second, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(good, "file")),
			    "good.json");
	assert_true(json_is_true(json_object_get(good, "ok")));
	assert_memory_equal(json_string_value(json_object_get(good, "id")), "sha256:", 7);
	assert_null(json_object_get(good, "error"));
	/* a name that is no text is shown as well as can be */
	assert_string_equal(json_string_value(json_object_get(bad, "file")),
			    "bad\xef\xbf\xbd.json");
	assert_true(json_is_false(json_object_get(bad, "ok")));
	assert_null(json_object_get(bad, "id"));
	const char *error = json_string_value(json_object_get(bad, "error"));
	assert_non_null(strstr(error, ": (document): is an array, expected an object"));
	json_decref(good);
	json_decref(bad);
}

static void test_ten_megabytes_are_one_sentence(void **state)
{
	(void)state;
	size_t size = 10 * 1000 * 1000;
	cleanup_free char *bytes = xmalloc(size);
	memset(bytes, '[', size);
	assert_ok(file_write("large.json", bytes, size, 0644, false));
	cleanup_ended struct ended ended = RUN("large.json");
	assert_int_equal(ended.status, 1);
	assert_string_equal(ended.err, "dxgmatrix validate: large.json: (document): "
				       "10000000 bytes, more than 1048576\n");
	cleanup_ended struct ended endless = RUN("/dev/zero");
	assert_int_equal(endless.status, 1);
	assert_memory_equal(endless.err, "dxgmatrix validate: /dev/zero: over ", 36);
}

static void test_names_cannot_steer_the_terminal(void **state)
{
	(void)state;
	put("\x1b[2J\n.json", "[]");
	put("good\x1b[2J.json", "{" SMALLEST ",'combination':{}}");
	cleanup_ended struct ended ended = RUN("\x1b[2J\n.json", "good\x1b[2J.json");
	assert_int_equal(ended.status, 1);
	assert_null(strchr(ended.err, '\x1b'));
	assert_null(strchr(ended.out, '\x1b'));
	assert_ptr_equal(strchr(ended.err, '\n'), ended.err + strlen(ended.err) - 1);
}

static void test_the_schema_is_printed_as_it_is(void **state)
{
	(void)state;
	cleanup_ended struct ended ended = RUN("--schema");
	assert_int_equal(ended.status, 0);
	cleanup_free char *path = source_path("record/schema.json"), *schema = NULL;
	assert_ok(file_read(path, 1 << 20, &schema, NULL));
	assert_string_equal(ended.out, schema);
}

static void test_a_wrong_command_line_is_status_2(void **state)
{
	(void)state;
	static const struct {
		const char *argument, *says;
	} rows[] = {
		{ NULL, "dxgmatrix validate: name at least one file" },
		{ "--jsno", "dxgmatrix validate: unknown option '--jsno'" },
		{ "--", "dxgmatrix validate: name at least one file" },
	};
	for_each_row(row, rows) {
		cleanup_ended struct ended ended =
			validate((const char *const[]){ row->argument, NULL });
		assert_int_equal(ended.status, 2);
		assert_string_equal(ended.out, "");
		assert_memory_equal(ended.err, row->says, strlen(row->says));
	}
	cleanup_ended struct ended help = RUN("--help");
	assert_int_equal(help.status, 0);
	assert_memory_equal(help.out, "usage: dxgmatrix validate [options] FILE…", 42);
}

static void test_a_full_disk_is_no_success(void **state)
{
	(void)state;
	put("good.json", "{" SMALLEST ",'combination':{}}");
	cleanup_free char *program = binary_path("dxgmatrix");
	cleanup_free char *line =
		xasprintf("'%s' validate good.json >/dev/full 2>/dev/null", program);
	int status = system(line);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)
	static const struct CMUnitTest tests[] = {
		TEST(test_a_report_and_a_signed_record),
		TEST(test_one_sentence_for_each_that_is_none),
		TEST(test_json_is_an_object_per_file),
		TEST(test_ten_megabytes_are_one_sentence),
		TEST(test_names_cannot_steer_the_terminal),
		TEST(test_the_schema_is_printed_as_it_is),
		TEST(test_a_wrong_command_line_is_status_2),
		TEST(test_a_full_disk_is_no_success),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
