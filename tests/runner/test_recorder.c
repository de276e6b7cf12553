#include "runner/recorder.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probes/dxg_abi.h"
#include "probes/recording.h"
#include "tests/testing.h"

/* What the writer writes, the reader reads: of a process that is ourselves. */
static void test_what_is_written_reads_back(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct recording recording;
	struct d3dkmt_query_device_ids ids = { 0 };
	struct d3dkmt_queryadapterinfo query = {
		.type = 31,
		.private_data = (uintptr_t)&ids,
		.private_data_size = sizeof(ids),
	};
	struct dxg_call call = { .tid = getpid(),
				 .request = LX_DXQUERYADAPTERINFO,
				 .begun_ns = 7000000,
				 .ns = 5500,
				 .before_size = sizeof(query),
				 .after_size = sizeof(query) };
	memcpy(call.before, &query, sizeof(query));
	memcpy(call.after, &query, sizeof(query));
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	struct recorder *recorder = recorder_create(file);
	recorder_begun(recorder, &call);
	ids.vendor_id = 0x8086;
	recorder_ended(recorder, &call);
	call.begun_ns += 9999;
	recorder_begun(recorder, &call);
	call.result = DXG_CALL_UNFINISHED;
	call.ns = -1;
	recorder_ended(recorder, &call);
	recorder_destroy(recorder);
	fclose(file);
	assert_ok(recording_parse("memory", text, size, &arena, &recording));
	free(text);
	assert_int_equal(recording.n, 2);
	const struct recording_call *first = &recording.calls[0];
	assert_int_equal(first->us, 5);
	assert_int_equal(first->begun_us, 0);
	assert_int_equal(recording.calls[1].begun_us, 9);
	assert_null(first->out.bytes); /* the same as before */
	assert_int_equal(first->n_data, 1);
	assert_int_equal(first->data[0].offset,
			 offsetof(struct d3dkmt_queryadapterinfo, private_data));
	assert_int_equal(first->data[0].in.size, sizeof(ids));
	assert_memory_equal(first->data[0].out.bytes, &ids, sizeof(ids));
	assert_int_equal(recording.calls[1].result, DXG_CALL_UNFINISHED);
	assert_null(recording.calls[1].data[0].out.bytes);
}

/* A status that looks like no errno is a result as well. */
static void test_a_raw_status_reads_back(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct recording recording;
	struct dxg_call call = { .tid = getpid(),
				 .request = LX_DXCREATEALLOCATION,
				 .result = (int32_t)STATUS_INVALID_PARAMETER };
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	struct recorder *recorder = recorder_create(file);
	recorder_begun(recorder, &call);
	recorder_ended(recorder, &call);
	recorder_finish(recorder); /* there was a call: nothing more to say */
	recorder_destroy(recorder);
	fclose(file);
	assert_ok(recording_parse("memory", text, size, &arena, &recording));
	free(text);
	assert_int_equal(recording.calls[0].result, (int32_t)STATUS_INVALID_PARAMETER);
	assert_false(recording.has_open);
}

/* Of this machine, whatever it is. */
static void test_without_a_call_the_node_is_asked(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct recording recording;
	char *text = NULL;
	size_t size;
	struct stat st;
	FILE *file = open_memstream(&text, &size);
	struct recorder *recorder = recorder_create(file);
	recorder_finish(recorder);
	recorder_destroy(recorder);
	fclose(file);
	assert_ok(recording_parse("memory", text, size, &arena, &recording));
	free(text);
	assert_int_equal(recording.n, 0);
	assert_true(recording.has_open);
	if (stat(DXG_NODE, &st) < 0)
		assert_int_equal(recording.open_errno, ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_written_reads_back),
		cmocka_unit_test(test_a_raw_status_reads_back),
		cmocka_unit_test(test_without_a_call_the_node_is_asked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
