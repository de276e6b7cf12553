#include "runner/recording.h"

#include "probes/dxg_abi.h"
#include "tests/testing.h"

#define HEAD "dxgmatrix-recording 1\n"
#define CALL "call query_adapter_info c0184709 1 0 74\n"
/* A structure that holds as many bytes as two pointers. */
#define IN "in 00112233445566778899aabbccddeeff\n"

static struct error *parse(const char *text, struct arena *arena, struct recording *ret)
{
	return recording_parse("calls.txt", text, strlen(text), arena, ret);
}

static void test_a_call_is_read_whole(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct recording recording;
	assert_ok(parse(HEAD "# who and when\n" CALL IN
			     "out 00112233445566778899aabbccddeefe\n"
			     "at 8 in 0000\nat 8 out 01ff\nat 0 in 7f\n"
			     "call 0x4b c004474b 2 -25 -\n"
			     "call close_adapter c0044715 2 - -\n",
			&arena, &recording));
	assert_int_equal(recording.n, 3);
	const struct recording_call *call = &recording.calls[0];
	assert_int_equal(call->line, 3);
	assert_int_equal(call->request, LX_DXQUERYADAPTERINFO);
	assert_int_equal(call->thread, 1);
	assert_int_equal(call->result, 0);
	assert_int_equal(call->us, 74);
	assert_int_equal(call->in.size, 16);
	assert_int_equal(call->out.bytes[15], 0xfe);
	assert_int_equal(call->n_data, 2);
	assert_int_equal(call->data[0].offset, 8);
	assert_int_equal(call->data[0].out.bytes[1], 0xff);
	assert_int_equal(call->data[1].in.bytes[0], 0x7f);
	assert_null(call->data[1].out.bytes);
	call = &recording.calls[1];
	assert_int_equal(call->result, -25);
	assert_int_equal(call->us, -1);
	assert_null(call->in.bytes);
	assert_int_equal(recording.calls[2].result, DXG_CALL_UNFINISHED);
}

static void test_what_is_wrong_is_named_by_its_line(void **state)
{
	(void)state;
	static const struct {
		const char *text, *error;
	} rows[] = {
		{ "", "calls.txt:1: is empty" },
		{ "dxgmatrix-recording 2\n", "calls.txt:1: is no dxgmatrix-recording 1" },
		{ HEAD "call", "calls.txt:2: the line does not end" },
		{ HEAD "\n", "calls.txt:2: one space" },
		{ HEAD "jump\n", "calls.txt:2: 'jump' begins no line" },
		{ HEAD IN, "calls.txt:2: no call stands before it" },
		{ HEAD "call lock2 c0184709 1 0 74\n",
		  "calls.txt:2: number c0184709 is query_adapter_info, not lock2" },
		{ HEAD "call query_adapter_info c0184809 1 0 74\n", "is no call of DXG" },
		{ HEAD "call query_adapter_info C0184709 1 0 74\n",
		  "is no number of a call" },
		{ HEAD "call query_adapter_info 184709 1 0 74\n", "eight digits" },
		{ HEAD "call query_adapter_info c0184709 0 0 74\n", "'0' is no thread" },
		{ HEAD "call query_adapter_info c0184709 1 -4096 74\n", "is no result" },
		{ HEAD "call query_adapter_info c0184709 1 -0 74\n", "is no result" },
		{ HEAD "call query_adapter_info c0184709 1 007 74\n", "is no result" },
		{ HEAD "call query_adapter_info c0184709 1 0 74us\n", "no microseconds" },
		{ HEAD "call query_adapter_info c0184709 1 0\n", "expected 'call" },
		{ HEAD "call query_adapter_info c0184709 1 0 74 9\n", "too many words" },
		{ HEAD "call  query_adapter_info c0184709 1 0 74\n", "one space" },
		{ HEAD CALL "in 0\n", "calls.txt:3: bytes have two digits each" },
		{ HEAD CALL "in 0G\n", "'0G' is no byte" },
		{ HEAD CALL "in\n", "expected 'in BYTES'" },
		{ HEAD CALL IN IN, "calls.txt:4: the same bytes stand there twice" },
		{ HEAD CALL "in 00000000000000000000000000000000000000000000000000\n",
		  "25 bytes, 24 at most" },
		{ HEAD CALL IN "out 00\n", "'in' and 'out' differ in length" },
		{ HEAD CALL "out 00\n", "'in' and 'out' differ in length" },
		{ HEAD CALL IN "at 8 in 00\n" IN, "'in' stands after 'at'" },
		{ HEAD CALL IN "at 9 in 00\n", "no pointer lies at '9'" },
		{ HEAD CALL "at 0 in 00\n", "no pointer lies at '0'" },
		{ HEAD CALL IN "at 8 between 00\n", "expected 'at" },
		{ HEAD CALL IN "at 8 in 00\nat 8 in 00\n", "stand there twice" },
		{ HEAD CALL IN "at 8 in 00\nat 8 out 0000\n", "than there was room for" },
	};
	for_each_row(row, rows) {
		cleanup_arena struct arena arena = { 0 };
		struct recording recording;
		assert_error(parse(row->text, &arena, &recording), row->error);
	}
	cleanup_arena struct arena arena = { 0 };
	struct recording recording;
	static const char with_nul[] = HEAD "# \0\n";
	assert_error(recording_parse("calls.txt", with_nul, sizeof(with_nul) - 1, &arena,
				     &recording),
		     "calls.txt:2: a NUL is no text");
}

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
	assert_null(first->out.bytes); /* the same as before */
	assert_int_equal(first->n_data, 1);
	assert_int_equal(first->data[0].offset,
			 offsetof(struct d3dkmt_queryadapterinfo, private_data));
	assert_int_equal(first->data[0].in.size, sizeof(ids));
	assert_memory_equal(first->data[0].out.bytes, &ids, sizeof(ids));
	assert_int_equal(recording.calls[1].result, DXG_CALL_UNFINISHED);
	assert_null(recording.calls[1].data[0].out.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_call_is_read_whole),
		cmocka_unit_test(test_what_is_wrong_is_named_by_its_line),
		cmocka_unit_test(test_what_is_written_reads_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
