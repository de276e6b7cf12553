#include "probes/recording.h"

#include "probes/dxg_abi.h"
#include "tests/testing.h"

#define HEAD "dxgmatrix-recording 1\n"
#define CALL "call query_adapter_info c0184709 1 0 74 1200\n"
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
			     "call 0x4b c004474b 2 -25 - -\n"
			     "call close_adapter c0044715 2 - - 1900\n",
			&arena, &recording));
	assert_int_equal(recording.n, 3);
	const struct recording_call *call = &recording.calls[0];
	assert_int_equal(call->line, 3);
	assert_int_equal(call->request, LX_DXQUERYADAPTERINFO);
	assert_int_equal(call->thread, 1);
	assert_int_equal(call->result, 0);
	assert_int_equal(call->us, 74);
	assert_int_equal(call->begun_us, 1200);
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
	assert_int_equal(call->begun_us, -1);
	assert_null(call->in.bytes);
	assert_int_equal(recording.calls[2].result, DXG_CALL_UNFINISHED);
	assert_false(recording.has_open);
}

static void test_a_program_without_calls_leaves_a_word_on_the_node(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct recording recording;
	assert_ok(parse(HEAD "open -9\n", &arena, &recording));
	assert_true(recording.has_open);
	assert_int_equal(recording.open_errno, 9);
	assert_int_equal(recording.n, 0);
	assert_ok(parse(HEAD "open 0\n", &arena, &recording));
	assert_int_equal(recording.open_errno, 0);
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
		{ HEAD "call lock2 c0184709 1 0 74 0\n",
		  "calls.txt:2: number c0184709 is query_adapter_info, not lock2" },
		{ HEAD "call query_adapter_info c0184809 1 0 74 0\n",
		  "is no call of DXG" },
		{ HEAD "call query_adapter_info C0184709 1 0 74 0\n",
		  "is no number of a call" },
		{ HEAD "call query_adapter_info 184709 1 0 74 0\n", "eight digits" },
		{ HEAD "call query_adapter_info c0184709 0 0 74 0\n",
		  "'0' is no thread" },
		{ HEAD "call query_adapter_info c0184709 1 -2147483649 74 0\n",
		  "is no result" },
		{ HEAD "call query_adapter_info c0184709 1 -0 74 0\n", "is no result" },
		{ HEAD "call query_adapter_info c0184709 1 007 74 0\n", "is no result" },
		{ HEAD "call query_adapter_info c0184709 1 0 74us 0\n",
		  "no microseconds" },
		{ HEAD "call query_adapter_info c0184709 1 0 74 soon\n",
		  "no microseconds" },
		{ HEAD "call query_adapter_info c0184709 1 0 74\n", "expected 'call" },
		{ HEAD "open\n", "expected 'open" },
		{ HEAD "open 9\n", "expected 'open" },
		{ HEAD "open -9\nopen -9\n", "calls.txt:3: 'open' stands alone" },
		{ HEAD "open -9\n" CALL, "calls.txt:3: 'open' stands alone" },
		{ HEAD CALL "open 0\n", "calls.txt:3: 'open' stands alone" },
		{ HEAD "call query_adapter_info c0184709 1 0 74 9 9\n",
		  "too many words" },
		{ HEAD "call  query_adapter_info c0184709 1 0 74 0\n", "one space" },
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_call_is_read_whole),
		cmocka_unit_test(test_a_program_without_calls_leaves_a_word_on_the_node),
		cmocka_unit_test(test_what_is_wrong_is_named_by_its_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
