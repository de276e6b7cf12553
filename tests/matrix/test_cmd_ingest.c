/* dxgmatrix ingest as a user runs it. */
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/matrix/scene.h"

static void write_record(const char *folder, const char *name, int machine)
{
	struct record record;
	scene_record(&record);
	scene_climb(&record, "dxg", ROLE_ADAPTER, SCENE_DOOR);
	struct machine_key key = scene_key(machine);
	record_sign(&record, &key);
	cleanup_free char *path = xasprintf("%s/%s", folder, name);
	assert_ok(file_make_parent(path));
	assert_ok(file_write(path, record.bytes, record.size, 0600, false));
	record_deinit(&record);
}

/* Runs it with these arguments in the scene's folder.
 * @return what it printed, both streams, the caller's to free */
static char *ingest(const struct scene *scene, const char *arguments, int *ret_status)
{
	cleanup_free char *program = binary_path("dxgmatrix");
	cleanup_free char *command = xasprintf("cd '%s' && '%s' ingest %s 2>&1",
					       scene->folder, program, arguments);
	FILE *pipe = popen(command, "r");
	assert_non_null(pipe);
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	char block[4096];
	size_t n;
	while ((n = fread(block, 1, sizeof(block), pipe)))
		strbuf_add(&buf, block, n);
	int status = pclose(pipe);
	assert_true(WIFEXITED(status));
	*ret_status = WEXITSTATUS(status);
	return strbuf_take(&buf);
}

static void check(const struct scene *scene, const char *arguments, int status,
		  const char *expected)
{
	int ended = -1;
	cleanup_free char *printed = ingest(scene, arguments, &ended);
	assert_string_equal(printed, expected);
	assert_int_equal(ended, status);
}

static void test_files_folders_and_stores(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	write_record(scene.folder, "one.json", 1);
	write_record(scene.folder, "in/b/two.json", 2);
	write_record(scene.folder, "in/three.json", 3);
	write_record(scene.folder, "in/not-a-record.txt", 4);
	write_record(scene.folder, "else/four.json", 4);
	cleanup_free char *link = xasprintf("%s/in/link", scene.folder);
	cleanup_free char *target = xasprintf("%s/else", scene.folder);
	assert_int_equal(symlink(target, link), 0);
	check(&scene, "--db a.db one.json in", 0,
	      "3 records read: 3 new, 0 already there, 0 refused.\n");
	/* named, a link is followed; met on the way, not */
	check(&scene, "--db d.db in/link", 0,
	      "1 record read: 1 new, 0 already there, 0 refused.\n");
	check(&scene, "--db a.db in one.json", 0,
	      "3 records read: 0 new, 3 already there, 0 refused.\n");
	check(&scene, "--db b.db else a.db", 0,
	      "4 records read: 4 new, 0 already there, 0 refused.\n");
	check(&scene, "--db b.db else/four.json", 0,
	      "1 record read: 0 new, 1 already there, 0 refused.\n");
	check(&scene, "--db c.db b.db one.json --rebuild", 0,
	      "5 records read: 4 new, 1 already there, 0 refused.\n");
	cleanup_free char *b = xasprintf("%s/b.db", scene.folder);
	cleanup_free char *c = xasprintf("%s/c.db", scene.folder);
	cleanup_free char *dump_b = scene_dump(b, "d_%");
	cleanup_free char *dump_c = scene_dump(c, "d_%");
	assert_string_equal(dump_b, dump_c);
}

static void test_each_bad_one_gets_its_sentence(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	write_record(scene.folder, "in/a.json", 1);
	write_record(scene.folder, "in/c.json", 2);
	cleanup_free char *bad = xasprintf("%s/in/b.json", scene.folder);
	assert_ok(file_write(bad, "{\"schema\":1}", 12, 0600, false));
	check(&scene, "--db a.db in gone.json", 1,
	      "dxgmatrix ingest: in/b.json: /schema: is an integer, expected a string\n"
	      "dxgmatrix ingest: gone.json: No such file or directory\n"
	      "4 records read: 2 new, 0 already there, 2 refused.\n");
	check(&scene, "--db a.db in/b.json", 1,
	      "dxgmatrix ingest: in/b.json: /schema: is an integer, expected a string\n"
	      "1 record read: 0 new, 0 already there, 1 refused.\n");
	cleanup_free char *fifo = xasprintf("%s/pipe.json", scene.folder);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	check(&scene, "--db a.db pipe.json", 1,
	      "dxgmatrix ingest: pipe.json: neither a file nor a folder\n"
	      "1 record read: 0 new, 0 already there, 1 refused.\n");
	check(&scene, "--db in/c.json in", 1,
	      "dxgmatrix ingest: in/c.json: not a matrix of dxgmatrix (not a "
	      "database)\n");
}

static void test_json_is_an_object_per_document(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	write_record(scene.folder, "a.json", 1);
	cleanup_free char *bad = xasprintf("%s/b.json", scene.folder);
	assert_ok(file_write(bad, "[]", 2, 0600, false));
	int status = -1;
	cleanup_free char *printed =
		ingest(&scene, "--json --db a.db a.json a.json b.json", &status);
	assert_int_equal(status, 1);
	int lines = 0;
	for (const char *at = printed; (at = strstr(at, "{\"file\":")); at++)
		lines++;
	assert_int_equal(lines, 3);
	assert_non_null(strstr(printed, "{\"file\":\"a.json\",\"id\":\"sha256:"));
	assert_non_null(strstr(printed, "\"result\":\"new\"}\n"));
	assert_non_null(strstr(printed, "\"result\":\"known\"}\n"));
	/* a name that is no text is told all the same */
	cleanup_free char *odd =
		ingest(&scene, "--json --db a.db $(printf 'c\\377.json')", &status);
	assert_non_null(strstr(odd, "{\"file\":\"c\uFFFD.json\",\"result\":\"refused\""));
	assert_non_null(strstr(printed, "{\"file\":\"b.json\",\"result\":\"refused\","
					"\"error\":\"b.json: (document): is an array, "));
}

/* Records of nearly the largest size, more of them than the page cache holds. */
static void write_bulk(const char *folder, int n)
{
	static char text[RECORD_STRING_MAX];
	memset(text, 'x', sizeof(text) - 1);
	for (int i = 0; i < n; i++) {
		struct record record;
		scene_record(&record);
		record.run_n = i + 1;
		for (int j = 0; j < 15; j++)
			strings_add(&record.arena, &record.environment.seen, text);
		record_write(&record);
		cleanup_free char *path = xasprintf("%s/%02d.json", folder, i);
		assert_ok(file_write(path, record.bytes, record.size, 0600, false));
		record_deinit(&record);
	}
}

static void test_a_full_disk_is_one_sentence_and_an_untouched_store(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	write_record(scene.folder, "first.json", 1);
	check(&scene, "--db a.db first.json", 0,
	      "1 record read: 1 new, 0 already there, 0 refused.\n");
	cleanup_free char *folder = xasprintf("%s/bulk", scene.folder);
	assert_ok(file_make_folder(folder));
	write_bulk(folder, 80);
	cleanup_free char *program = binary_path("dxgmatrix");
	/* A limit on the size of files is met as a full disk is. */
	cleanup_free char *command =
		xasprintf("cd '%s' && trap '' XFSZ && ulimit -f 20000 && "
			  "{ '%s' ingest --db a.db bulk >out 2>err; test $? = 1; } && "
			  "test ! -s out && "
			  "test $(wc -l <err) = 1 && grep -q 'nothing was taken: "
			  "bulk/..\\.json: ' err",
			  scene.folder, program);
	assert_int_equal(system(command), 0);
	cleanup_free char *path = xasprintf("%s/a.db", scene.folder);
	cleanup_store struct store *store = NULL;
	assert_ok(store_open(path, STORE_READ, &store));
	assert_rows(store, "SELECT count(*) FROM record", "1\n");
}

static void test_usage(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	int status = -1;
	cleanup_free char *nothing = ingest(&scene, "--db a.db", &status);
	assert_int_equal(status, 2);
	assert_non_null(strstr(nothing, "at least one file"));
	cleanup_free char *unknown = ingest(&scene, "--backwards x", &status);
	assert_int_equal(status, 2);
	cleanup_free char *help = ingest(&scene, "--help", &status);
	assert_int_equal(status, 0);
	assert_non_null(strstr(help, "--rebuild"));
	cleanup_free char *rebuilt = ingest(&scene, "--db a.db --rebuild", &status);
	assert_int_equal(status, 0);
	assert_string_equal(rebuilt, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_folders_and_stores),
		cmocka_unit_test(test_each_bad_one_gets_its_sentence),
		cmocka_unit_test(test_json_is_an_object_per_document),
		cmocka_unit_test(test_a_full_disk_is_one_sentence_and_an_untouched_store),
		cmocka_unit_test(test_usage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
