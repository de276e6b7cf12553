#include "matrix/ingest.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "matrix/merge.h"
#include "tests/matrix/scene.h"

/* ---- documents of every kind, always the same ---- */

struct document {
	char *bytes;
	size_t size;
	const char *submitter;
};

#define DOCUMENTS 90

static unsigned int next(unsigned int *seed, unsigned int below)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 16) % below;
}

static void measure(struct record *record, unsigned int *seed)
{
	static const char *const drivers[] = { "32.0.101.6554", "32.0.101.8801",
					       "32.0.101.8826", NULL };
	static const char *const wsls[] = { "2.6.3.0", "2.7.9.0", NULL };
	static const char *const gpus[] = { "8086:7d51", "8086:64a0" };
	static const char *const doors[] = { SCENE_DOOR, SCENE_DOOR,
					     "load pass, enumerate fail/fail/fail",
					     "load pass, enumerate fail/pass/pass" };
	static const char *const climbs[] = {
		SCENE_LAUNCH,
		SCENE_LAUNCH,
		("load pass, enumerate pass, open pass, copy pass, "
		 "compile crash/crash/crash, launch blocked"),
		"load pass, enumerate fallback:cpu-only",
		"load skip:not-installed",
	};
	record->combination.driver = drivers[next(seed, 4)];
	record->combination.wsl = wsls[next(seed, 3)];
	record->combination.adapter.pci = gpus[next(seed, 2)];
	record->run_n = 1 + next(seed, 50);
	scene_climb(record, "dxg", ROLE_ADAPTER, doors[next(seed, 4)]);
	scene_climb(record, "opencl", ROLE_ADAPTER, climbs[next(seed, 5)]);
	scene_climb(record, "opencl", ROLE_CONTROL, SCENE_LAUNCH);
	scene_climb(record, "vulkan", ROLE_ADAPTER, climbs[next(seed, 5)]);
}

static void report(struct record *record, unsigned int *seed)
{
	static const char *const texts[] = {
		"sha256:00000000000000000000000000000000000000000000000000000000000000aa",
		"sha256:00000000000000000000000000000000000000000000000000000000000000bb",
		NULL,
	};
	static const char *const times[] = { "2026-10", "2026-09-02", NULL };
	record->source.text = texts[next(seed, 3)];
	record->time = times[next(seed, 3)];
	record->source.url = next(seed, 2) ? "https://example.org/1" : NULL;
	record->combination.driver = next(seed, 2) ? "32.0.101.6554" : NULL;
	record->combination.windows = NULL;
	if (next(seed, 2)) {
		record->combination.adapter.pci = NULL;
		record->combination.adapter.name = "Arc 140T";
	}
	scene_claim(record, "opencl", next(seed, 2) ? OUTCOME_PASS : OUTCOME_CRASH);
	scene_claim(record, "vulkan", next(seed, 2) ? OUTCOME_FALLBACK : OUTCOME_FAIL);
}

static void make_documents(struct document *documents)
{
	unsigned int seed = 7;
	for (int i = 0; i < DOCUMENTS; i++) {
		static const char *const authors[] = { "a", "b", NULL };
		static const char *const submitters[] = { NULL, NULL, "lab", "zoo" };
		struct record record;
		int machine = i % 3 == 2 ? 0 : 1 + (int)next(&seed, 7);
		struct machine_key key = scene_key(machine);
		if (machine) {
			scene_record(&record);
			measure(&record, &seed);
			record_sign(&record, &key);
		} else {
			scene_report(&record, authors[next(&seed, 3)]);
			report(&record, &seed);
			record_write(&record);
		}
		documents[i] = (struct document){ take_ptr(record.bytes), record.size,
						  submitters[next(&seed, 4)] };
		record_deinit(&record);
	}
}

static void free_documents(struct document *documents)
{
	for (int i = 0; i < DOCUMENTS; i++)
		free(documents[i].bytes);
}

static void take(struct ingest *ingest, const struct document *document)
{
	const struct admission admission = { "http", document->submitter };
	enum ingested ingested;
	assert_ok(ingest_document(ingest, document->bytes, document->size, &admission,
				  &ingested, NULL));
}

/* In this order, in batches of this many; the dump of the derived tables. */
static char *dump_of(const struct document *documents, const int *order, int n, int batch)
{
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	for (int i = 0; i < n; i += batch) {
		struct ingest *ingest = NULL;
		assert_ok(ingest_begin(scene.store, &ingest));
		for (int j = i; j < n && j < i + batch; j++)
			take(ingest, &documents[order[j]]);
		assert_ok(ingest_end(ingest));
	}
	return scene_dump(scene.path, "d_%");
}

static void shuffle(int *order, int n, unsigned int *seed)
{
	for (int i = n - 1; i > 0; i--) {
		int j = (int)next(seed, (unsigned int)i + 1), kept = order[i];
		order[i] = order[j];
		order[j] = kept;
	}
}

static void test_the_same_facts_give_the_same_bytes(void **state)
{
	(void)state;
	struct document documents[DOCUMENTS];
	make_documents(documents);
	int order[DOCUMENTS * 2];
	for (int i = 0; i < DOCUMENTS; i++)
		order[i] = i;
	cleanup_free char *expected = dump_of(documents, order, DOCUMENTS, DOCUMENTS);
	assert_non_null(strstr(expected, "conflict"));
	assert_non_null(strstr(expected, "INSERT INTO d_rung"));
	unsigned int seed = 20;
	for (int round = 0; round < 20; round++) {
		/* every one at least once, half of them twice */
		int n = DOCUMENTS + DOCUMENTS / 2;
		for (int i = 0; i < n; i++)
			order[i] = i < DOCUMENTS ? i : (int)next(&seed, DOCUMENTS);
		shuffle(order, n, &seed);
		static const int batches[] = { 40, 7, 1000 };
		cleanup_free char *dump =
			dump_of(documents, order, n, round ? batches[round % 3] : 1);
		if (strcmp(dump, expected))
			fail_msg("shuffle %d gives other bytes", round);
	}
	free_documents(documents);
}

static void take_merged(void *context, const char *id, const char *bytes, size_t size,
			const struct admission *admission)
{
	enum ingested ingested;
	(void)id;
	assert_ok(ingest_document(context, bytes, size, admission, &ingested, NULL));
}

static void test_merged_stores_and_a_rebuild_give_the_same_bytes(void **state)
{
	(void)state;
	struct document documents[DOCUMENTS];
	make_documents(documents);
	int order[DOCUMENTS];
	for (int i = 0; i < DOCUMENTS; i++)
		order[i] = i;
	cleanup_free char *expected = dump_of(documents, order, DOCUMENTS, DOCUMENTS);

	/* two halves that overlap, merged into a third */
	struct scene halves[2] = { { 0 }, { 0 } };
	cleanup_scene struct scene whole = { 0 };
	struct ingest *ingest = NULL;
	for (int half = 0; half < 2; half++) {
		scene_open(&halves[half]);
		assert_ok(ingest_begin(halves[half].store, &ingest));
		for (int i = half * 40; i < (half ? DOCUMENTS : 55); i++)
			take(ingest, &documents[i]);
		assert_ok(ingest_end(ingest));
	}
	scene_open(&whole);
	assert_ok(ingest_begin(whole.store, &ingest));
	for (int half = 2; half-- > 0;)
		assert_ok(merge_each(halves[half].path, take_merged, ingest));
	assert_ok(ingest_end(ingest));
	cleanup_free char *merged = scene_dump(whole.path, "d_%");
	assert_string_equal(merged, expected);

	assert_ok(store_execute(whole.store, "DELETE FROM d_rung; DELETE FROM d_record; "
					     "UPDATE d_scope SET verdict = 'wrong'"));
	assert_ok(ingest_rebuild(whole.store));
	cleanup_free char *rebuilt = scene_dump(whole.path, "d_%");
	assert_string_equal(rebuilt, expected);
	scene_close(&halves[0]);
	scene_close(&halves[1]);
	free_documents(documents);
}

static void test_one_changed_fact_changes_the_bytes(void **state)
{
	(void)state;
	struct document documents[DOCUMENTS];
	make_documents(documents);
	int order[DOCUMENTS];
	for (int i = 0; i < DOCUMENTS; i++)
		order[i] = i;
	cleanup_free char *expected = dump_of(documents, order, DOCUMENTS, DOCUMENTS);
	struct record record;
	assert_ok(record_read(documents[0].bytes, documents[0].size, "2026-11-20",
			      &record));
	record.results[0].rungs[0].outcome = OUTCOME_HUNG;
	struct machine_key key = scene_key(1);
	record_sign(&record, &key);
	free(documents[0].bytes);
	documents[0].bytes = take_ptr(record.bytes);
	documents[0].size = record.size;
	record_deinit(&record);
	cleanup_free char *other = dump_of(documents, order, DOCUMENTS, DOCUMENTS);
	assert_string_not_equal(other, expected);
	/* one fact less, too */
	cleanup_free char *fewer = dump_of(documents, order, DOCUMENTS - 1, DOCUMENTS);
	assert_string_not_equal(fewer, other);
	free_documents(documents);
}

static void test_nothing_of_the_arrival_is_derived(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	static const char tables[] =
		"SELECT count(*) FROM sqlite_schema WHERE type = 'table' "
		"AND name LIKE 'd\\_%' ESCAPE '\\' AND "
		"(sql NOT LIKE '%STRICT, WITHOUT ROWID' OR sql LIKE '% REAL%' "
		" OR sql LIKE '% BLOB%')";
	assert_rows(scene.store, tables, "0\n");
}

/* ---- what is refused ---- */

static const char good_start[] =
	"{\"schema\":\"dxgmatrix-record/1\",\"source\":{\"kind\":"
	"\"harvested\",\"tool\":\"dxgmatrix 0.1.0\"},";

static void check_refused(struct scene *scene, const char *body, size_t size,
			  const char *pointer)
{
	static const struct admission by_file = { .road = "file" };
	cleanup_free char *before = scene_dump(scene->path, "%");
	assert_error(ingest_one(scene->store, body, size, &by_file), pointer);
	/* and among good ones */
	struct ingest *ingest = NULL;
	enum ingested ingested;
	assert_ok(ingest_begin(scene->store, &ingest));
	assert_error(ingest_document(ingest, body, size, &by_file, &ingested, NULL),
		     pointer);
	assert_ok(ingest_end(ingest));
	cleanup_free char *after = scene_dump(scene->path, "%");
	assert_string_equal(before, after);
}

static void test_hostile_documents_leave_the_store_as_it_was(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct record record;
	scene_record(&record);
	scene_climb(&record, "dxg", ROLE_ADAPTER, SCENE_DOOR);
	scene_add(&scene, &record, 1);
	static const struct {
		const char *rest, *sentence;
	} rows[] = {
		{ "\"time\":\"2027-11-20\",\"combination\":{}}", "/time" },
		{ "\"time\":\"2026-11-20\",\"time\":\"2026-11-20\"}", "/time" },
		{ "\"combination\":{\"adapter\":{\"name\":\"\xff\xfe\"}}}",
		  "/combination/adapter/name" },
		{ "\"combination\":{\"adapter\":null},\"results\":[{\"interface\":"
		  "\"opencl\",\"rungs\":[{\"rung\":\"load\","
		  "\"outcome\":\"pass\",\"ms\":1.5}]}]}",
		  "/results/0/rungs/0/ms" },
		{ "\"combination\":{\"adapter\":null},\"results\":[{\"interface\":"
		  "\"opencl\",\"rungs\":[{\"rung\":\"load\","
		  "\"outcome\":\"fine\"}]}]}",
		  "/results/0/rungs/0/outcome" },
		{ "\"x\":\"a\\u0000b\"}", "/x" },
		{ "", "near end of file" },
	};
	for_each_row(row, rows) {
		cleanup_free char *body = xasprintf("%s%s", good_start, row->rest);
		check_refused(&scene, body, strlen(body), row->sentence);
	}
	/* over-long string, 10 MB */
	cleanup_strbuf struct strbuf body;
	strbuf_init(&body);
	strbuf_add_string(&body, good_start);
	strbuf_add_string(&body, "\"combination\":{\"adapter\":{\"name\":\"");
	strbuf_add_repeated(&body, 'x', RECORD_STRING_MAX + 1);
	strbuf_add_string(&body, "\"}}}");
	check_refused(&scene, body.string, body.length, "/combination/adapter/name");
	strbuf_truncate(&body, 0);
	strbuf_add_repeated(&body, ' ', 10 * 1024 * 1024);
	check_refused(&scene, body.string, body.length, "10485760");
}

static void test_an_admission_is_words_or_refused(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	char long_one[SUBMITTER_MAX + 2];
	memset(long_one, 's', sizeof(long_one) - 1);
	long_one[sizeof(long_one) - 1] = '\0';
	const struct {
		struct admission admission;
		const char *sentence; /* NULL: taken */
	} rows[] = {
		{ { "git", "some.body@example.org" }, NULL },
		{ { "merge", long_one + 1 }, NULL },
		{ { "", NULL }, "its road '' is not" },
		{ { "by sea", NULL }, "its road 'by sea' is not" },
		{ { "git", long_one }, "at most 256 bytes" },
		{ { "git", "a\xff" }, "its submitter 'a?' is not" },
		{ { "git", "a\x1b[2J" }, "its submitter 'a?[2J' is not" },
	};
	int machine = 1;
	for_each_row(row, rows) {
		struct record record;
		scene_record(&record);
		struct machine_key key = scene_key(machine++);
		record_sign(&record, &key);
		struct error *err = ingest_one(scene.store, record.bytes, record.size,
					       &row->admission);
		if (row->sentence)
			assert_error(err, row->sentence);
		else
			assert_ok(err);
		record_deinit(&record);
	}
	assert_rows(scene.store, "SELECT count(*) FROM record", "2\n");
	assert_rows(scene.store, "SELECT count(*) FROM admission", "2\n");
}

static void test_a_script_is_text(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct record record;
	scene_record(&record);
	record.combination.adapter.name =
		"<script>alert('x')</script>\"; DROP TABLE record;";
	scene_add(&scene, &record, 1);
	assert_rows(scene.store, "SELECT gpu, name FROM d_record",
		    "8086-7d51|<script>alert('x')</script>\"; DROP TABLE record;\n");
	scene_record(&record);
	record.combination.adapter.pci = NULL;
	record.combination.adapter.name = "../../<script>";
	scene_add(&scene, &record, 1);
	assert_rows(scene.store, "SELECT gpu FROM d_record WHERE pci IS NULL",
		    "8086-script\n");
}

static void test_a_document_is_known_by_its_content(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	static const struct admission by_file = { .road = "file" };
	struct ingest *ingest = NULL;
	enum ingested ingested;
	cleanup_free char *first = NULL, *second = NULL;
	static const char compact[] =
		"{\"combination\":{\"adapter\":null},\"schema\":"
		"\"dxgmatrix-record/1\",\"source\":{\"kind\":"
		"\"measured\",\"tool\":\"t 1\"},\"time\":\"2026-11-20\"}";
	static const char spaced[] =
		"{ \"schema\": \"dxgmatrix-record/1\",\n \"time\": \"2026-11-20\",\n "
		"\"source\": { \"tool\": \"t "
		"1\",\n "
		"\"kind\": \"measured\" }, \"combination\": { \"adapter\": null } }\n";
	assert_ok(ingest_begin(scene.store, &ingest));
	assert_ok(ingest_document(ingest, compact, strlen(compact), &by_file, &ingested,
				  &first));
	assert_int_equal(ingested, INGESTED_NEW);
	assert_ok(ingest_document(ingest, spaced, strlen(spaced), &by_file, &ingested,
				  &second));
	assert_int_equal(ingested, INGESTED_KNOWN);
	assert_string_equal(first, second);
	assert_ok(ingest_end(ingest));
	assert_rows(scene.store, "SELECT count(*) FROM record", "1\n");
	assert_rows(scene.store, "SELECT road, submitter FROM admission", "file|\n");
}

static void test_an_update_makes_verdicts_anew_for_the_reader(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct document documents[DOCUMENTS];
	make_documents(documents);
	struct ingest *ingest = NULL;
	assert_ok(ingest_begin(scene.store, &ingest));
	for (int i = 0; i < DOCUMENTS; i++)
		take(ingest, &documents[i]);
	assert_ok(ingest_end(ingest));
	cleanup_free char *before = scene_dump(scene.path, "d_%");
	assert_ok(store_execute(scene.store, "DELETE FROM d_rung; "
					     "UPDATE d_rules SET stamp = '0-old'"));
	cleanup_store struct store *store = NULL;
	assert_ok(ingest_open(scene.path, &store));
	cleanup_free char *after = scene_dump(scene.path, "d_%");
	assert_string_equal(before, after);
	free_documents(documents);
}

static void test_giving_up_leaves_the_store_as_it_was(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct document documents[DOCUMENTS];
	make_documents(documents);
	cleanup_free char *before = scene_dump(scene.path, "%");
	struct ingest *ingest = NULL;
	assert_ok(ingest_begin(scene.store, &ingest));
	for (int i = 0; i < DOCUMENTS; i++)
		take(ingest, &documents[i]);
	ingest_destroy(ingest);
	cleanup_free char *after = scene_dump(scene.path, "%");
	assert_string_equal(before, after);
	free_documents(documents);
}

static void test_after_an_undone_transaction_nothing_enters(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct document documents[DOCUMENTS];
	make_documents(documents);
	struct ingest *ingest = NULL;
	enum ingested ingested;
	const struct admission admission = { "http", NULL };
	assert_ok(ingest_begin(scene.store, &ingest));
	take(ingest, &documents[0]);
	store_rollback(scene.store); /* as SQLite does when the disk is full */
	assert_error(ingest_document(ingest, documents[1].bytes, documents[1].size,
				     &admission, &ingested, NULL),
		     "undid");
	assert_error(ingest_end(ingest), "undid");
	assert_rows(scene.store, "SELECT count(*) FROM record", "0\n");
	free_documents(documents);
}

/* ---- kill -9 ---- */

static pid_t start_ingest(const char *store, const char *folder)
{
	cleanup_free char *program = binary_path("dxgmatrix");
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);
		dup2(null, STDOUT_FILENO);
		execl(program, "dxgmatrix", "ingest", "--db", store, folder,
		      (char *)NULL);
		_exit(127);
	}
	return pid;
}

static void write_documents(const struct document *documents, const char *folder)
{
	assert_ok(file_make_folder(folder));
	for (int i = 0; i < DOCUMENTS; i++) {
		cleanup_free char *path = xasprintf("%s/%03d.json", folder, i);
		assert_ok(file_write(path, documents[i].bytes, documents[i].size, 0600,
				     false));
	}
}

static void test_kill_in_mid_ingest_leaves_an_intact_store(void **state)
{
	(void)state;
	cleanup_scene struct scene scene = { 0 };
	scene_open(&scene);
	struct document documents[DOCUMENTS];
	make_documents(documents);
	cleanup_free char *folder = xasprintf("%s/records", scene.folder);
	write_documents(documents, folder);
	int killed = 0;
	unsigned int seed = 9;
	for (int round = 0; round < 25; round++) {
		cleanup_free char *path = xasprintf("%s/%d.db", scene.folder, round);
		pid_t pid = start_ingest(path, folder);
		struct timespec wait = { 0, (long)next(&seed, 30) * 4000000 };
		nanosleep(&wait, NULL);
		kill(pid, SIGKILL);
		int status = 0;
		assert_int_equal(waitpid(pid, &status, 0), pid);
		killed += WIFSIGNALED(status);
		cleanup_store struct store *store = NULL;
		assert_ok(store_open(path, STORE_WRITE, &store));
		assert_rows(store, "PRAGMA integrity_check", "ok\n");
		assert_rows(store,
			    "SELECT count(*) = (SELECT count(*) FROM d_record), "
			    "count(*) = 0 OR count(*) > 80 FROM record",
			    "1|1\n");
	}
	assert_true(killed > 0);
	free_documents(documents);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_same_facts_give_the_same_bytes),
		cmocka_unit_test(test_merged_stores_and_a_rebuild_give_the_same_bytes),
		cmocka_unit_test(test_one_changed_fact_changes_the_bytes),
		cmocka_unit_test(test_nothing_of_the_arrival_is_derived),
		cmocka_unit_test(test_hostile_documents_leave_the_store_as_it_was),
		cmocka_unit_test(test_an_admission_is_words_or_refused),
		cmocka_unit_test(test_a_script_is_text),
		cmocka_unit_test(test_a_document_is_known_by_its_content),
		cmocka_unit_test(test_an_update_makes_verdicts_anew_for_the_reader),
		cmocka_unit_test(test_giving_up_leaves_the_store_as_it_was),
		cmocka_unit_test(test_after_an_undone_transaction_nothing_enters),
		cmocka_unit_test(test_kill_in_mid_ingest_leaves_an_intact_store),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
