/* The trace of a rung, there and back; tests/record/documents holds what is refused. */
#include "record/trace_json.h"

#include "record/writer.h"
#include "tests/record/documents.h"

static struct arena arena;

/* @return the first fault, the caller's. */
static struct error *read_it(const json_t *rung, struct trace *ret)
{
	struct reader reader;
	reader_init(&reader, &arena);
	*ret = (struct trace){ 0 };
	read_trace(&reader, rung, ret);
	struct error *err = take_ptr(reader.error);
	reader_deinit(&reader);
	return err;
}

static struct error *read_words(const char *text, struct trace *ret)
{
	cleanup_free char *json = json_text(text);
	json_t *rung = json_pack("{s:o}", "trace", json_loads(json, 0, NULL));
	struct error *err = read_it(rung, ret);
	json_decref(rung);
	return err;
}

/* What is read from the text, written again; the caller's. */
static char *there_and_back(const char *text)
{
	struct trace trace;
	assert_ok(read_words(text, &trace));
	json_t *object = json_object();
	write_trace(object, &trace);
	char *again = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(object);
	for (char *c = again; (c = strchr(c, '"'));)
		*c = '\'';
	return again;
}

static void test_all_members_come_back(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"{'calls':{},'how':'ptrace+seccomp'}",
		"{'why':'ptrace is not permitted'}",
		"{'calls':{'a':{'calls':1}},'how':'ptrace, every call','why':'w'}",
		"{'calls':{'a':{'calls':9,'expected':{'-22':1},'failed':{'-2':3,'-75':1},"
		"'from_us':{'0':1,'1024':1,'4':6},'max_us':1030,'sum_us':1070,"
		"'types':{'0':{'calls':1},'4294967295':{'calls':1,'expected':{'-22':1}},"
		"'57':{'calls':3,'failed':{'-2':3}}},'unfinished':1}},'how':'h'}",
		"{'calls':{},'how':'h','last':[{'before_us':9,'call':'a','result':-1,"
		"'thread':2,'type':0,'us':0},{'call':'a','result':0,'thread':1},"
		"{'call':'b','result':259},{'call':'c'}]}",
	};
	for_each_row(row, rows) {
		cleanup_free char *again = there_and_back(*row);
		assert_string_equal(again, *row);
	}
}

static void test_what_is_unknown_is_not_zero(void **state)
{
	(void)state;
	struct trace trace;
	assert_ok(read_words(
		"{'how':'h','calls':{'a':{'calls':1}},'last':[{'call':'b'}]}", &trace));
	assert_int_equal(trace.call[0].sum_us, -1);
	assert_int_equal(trace.call[0].max_us, -1);
	assert_int_equal(trace.call[0].unfinished, 0);
	assert_int_equal(trace.call[0].n_types, 0);
	assert_false(trace.last[0].returned);
	assert_false(trace.last[0].has_type);
	assert_int_equal(trace.last[0].us, -1);
	assert_int_equal(trace.last[0].before_us, -1);
	assert_int_equal(trace.last[0].thread, 0);
	assert_null(trace.why);
	json_t *rung = json_object();
	assert_ok(read_it(rung, &trace));
	json_decref(rung);
	assert_null(trace.how);
}

static void test_types_and_times_are_in_order(void **state)
{
	(void)state;
	struct trace trace;
	assert_ok(read_words("{'how':'h','calls':{'a':{'calls':3,'from_us':{'8':1,'0':1,"
			     "'16':1},'types':{'9':{'calls':1},'10':{'calls':1},"
			     "'1':{'calls':1}}}}}",
			     &trace));
	static const int types[] = { 1, 9, 10 }, from_us[] = { 0, 8, 16 };
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(trace.call[0].types[i].type, types[i]);
		assert_int_equal(trace.call[0].buckets[i].from_us, from_us[i]);
	}
}

static void test_who_names_calls_says_how_they_were_seen(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"{}",
		"{'why':'w','calls':{}}",
		"{'why':'w','last':[{'call':'a'}]}",
		"{'calls':{'a':{'calls':1}}}",
	};
	for_each_row(row, rows) {
		struct trace trace;
		assert_error(read_words(*row, &trace), "/trace/how: is missing");
	}
}

static void test_a_type_has_no_more_failures_than_its_call(void **state)
{
	(void)state;
	struct trace trace;
	assert_error(read_words("{'how':'h','calls':{'a':{'calls':3,'failed':{'-2':1},"
				"'types':{'1':{'calls':1,'failed':{'-2':1}},"
				"'2':{'calls':1,'failed':{'-2':1}}}}}}",
				&trace),
		     "/trace/calls/a/types: hold more under 'failed' than the call");
	assert_error(read_words("{'how':'h','calls':{'a':{'calls':3,'failed':{'-2':1},"
				"'types':{'1':{'calls':1,'expected':{'-2':1}}}}}}",
				&trace),
		     "/trace/calls/a/types: hold more under 'expected'");
}

static int clear(void **state)
{
	(void)state;
	arena_deinit(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_members_come_back),
		cmocka_unit_test(test_what_is_unknown_is_not_zero),
		cmocka_unit_test(test_types_and_times_are_in_order),
		cmocka_unit_test(test_who_names_calls_says_how_they_were_seen),
		cmocka_unit_test(test_a_type_has_no_more_failures_than_its_call),
	};
	return cmocka_run_group_tests(tests, NULL, clear);
}
