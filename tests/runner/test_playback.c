#include "runner/playback.h"

#include <sys/stat.h>

#include "record/hash.h"
#include "tests/runner/root_tree.h"

#define HEAD "dxgmatrix-recording 1\n"

static void test_a_recording_is_known_by_its_text(void **state)
{
	(void)state;
	cleanup_playback struct playback playback = { 0 };
	tree_put("/dev/dxg", HEAD "open -9\n");
	assert_ok(playback_open(tree, &playback));
	cleanup_free char *text =
		hash_address(HEAD "open -9\n", strlen(HEAD "open -9\n"));
	assert_true(playback.node);
	assert_string_equal(playback.text, text);
	assert_int_equal(playback.root[0], '/');
}

static void test_a_node_need_not_be_recorded(void **state)
{
	(void)state;
	cleanup_playback struct playback without = { 0 }, empty = { 0 };
	assert_ok(playback_open(tree, &without));
	assert_false(without.node);
	assert_null(without.text);
	tree_put("/dev/dxg", "");
	assert_ok(playback_open(tree, &empty));
	assert_true(empty.node);
	assert_null(empty.text);
}

static void test_what_is_no_recording_is_named(void **state)
{
	(void)state;
	struct playback playback;
	cleanup_free char *node = xasprintf("%s/dev/dxg", tree);
	assert_error(playback_open("/no/such/folder", &playback), "/no/such/folder");
	tree_put("/dev/dxg", HEAD "jump\n");
	assert_error(playback_open(tree, &playback), "/dev/dxg:2: 'jump' begins no line");
	assert_int_equal(unlink(node), 0);
	assert_int_equal(mkfifo(node, 0600), 0);
	assert_error(playback_open(tree, &playback), "/dev/dxg is no recording");
	assert_int_equal(unlink(node), 0);
	/* A link does not lead out to this machine's own. */
	tree_link("/dev/dxg", "/dev/null");
	struct playback inside = { 0 };
	assert_ok(playback_open(tree, &inside));
	assert_false(inside.node);
	playback_deinit(&inside);
}

static void test_a_played_record_is_a_report_of_the_recording(void **state)
{
	(void)state;
	cleanup_playback struct playback playback = { 0 };
	cleanup_record struct record record, read;
	char today[DATE_SIZE];
	record_today(today);
	tree_put("/dev/dxg", HEAD);
	assert_ok(playback_open(tree, &playback));
	record_init(&record);
	record.source.kind = SOURCE_MEASURED;
	record.source.trigger = "manual";
	record.time = today;
	playback_sign(&playback, &record);
	record_write(&record);
	assert_ok(record_read(record.bytes, record.size, today, &read));
	assert_int_equal(read.source.kind, SOURCE_HARVESTED);
	assert_string_equal(read.source.text, playback.text);
	assert_null(read.source.trigger);
	assert_null(read.time);
	assert_null(read.key);
}

static void test_the_log_is_the_recorded_one(void **state)
{
	(void)state;
	static const char lines[] = "[    1.514588] misc dxg: dxgk: "
				    "dxgkio_is_feature_enabled: Ioctl failed: -22\n"
				    "[  300.514588] misc dxg: dxgk: "
				    "dxgkio_make_resident: Ioctl failed: -12\n";
	static const struct {
		const char *name, *argv, *status;
		bool read;
	} rows[] = {
		{ "dmesg", "dmesg\n-T\n", "0\n", true },
		{ "kernel", "journalctl\n-k\n", "0\n", true },
		{ "kernel", "journalctl\n--dmesg\n--boot\n", "0\n", true },
		{ "kernel", "journalctl\n-u\nssh\n", "0\n", false },
		{ "dmesg", "dmesg\n", "1\n", false },
		{ NULL, NULL, NULL, false },
	};
	for_each_row(row, rows) {
		cleanup_playback struct playback playback = { 0 };
		cleanup_record struct record record;
		cleanup_free char *commands = xasprintf("%s/.commands", tree);
		record_init(&record);
		if (row->name)
			tree_put_command(row->name, row->argv, lines, row->status);
		assert_ok(playback_open(tree, &playback));
		playback_read_log(&playback, &record);
		assert_int_equal(record.kernel_log.failed.n, row->read ? 2 : 0);
		assert_int_equal(record.kernel_log.boot.n, row->read ? 1 : 0);
		assert_int_equal(record.kernel_log.unread == NULL, row->read);
		assert_ok(file_remove_tree(commands));
	}
}

static void test_steps_that_were_not_recorded_are_told(void **state)
{
	(void)state;
	struct finding_value call = { .name = "call",
				      .kind = FINDING_STRING,
				      .string = "create_sync_object" };
	struct rung_result rungs[] = {
		{ .rung = RUNG_OPEN, .outcome = OUTCOME_PASS, .ms = 3 },
		{ .rung = RUNG_FENCE,
		  .outcome = OUTCOME_ERROR,
		  .reason = REASON_NOT_RECORDED,
		  .findings = { &call, 1 },
		  .ms = 1 },
		{ .rung = RUNG_ADDRESS,
		  .outcome = OUTCOME_ERROR,
		  .reason = REASON_NOT_RECORDED,
		  .ms = 2 },
	};
	struct result result = { .interface = "dxg", .rungs = rungs, .n_rungs = 1 };
	struct record record = { .results = &result, .n_results = 1 };
	assert_null(playback_untold(&record));
	result.n_rungs = ARRAY_SIZE(rungs);
	cleanup_free char *steps = playback_untold(&record);
	assert_string_equal(steps, "fence (create_sync_object), address");
	playback_forget_times(&record);
	for_each_row(rung, rungs)
		assert_int_equal(rung->ms, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_a_recording_is_known_by_its_text),
		tree_test(test_a_node_need_not_be_recorded),
		tree_test(test_what_is_no_recording_is_named),
		tree_test(test_a_played_record_is_a_report_of_the_recording),
		tree_test(test_the_log_is_the_recorded_one),
		cmocka_unit_test(test_steps_that_were_not_recorded_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
