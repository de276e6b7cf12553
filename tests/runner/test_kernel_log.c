#include "runner/kernel_log.h"

#include "tests/testing.h"
#include "util/array.h"
#include "util/strbuf.h"

static struct kernel_log_counts *read_text(const char *text)
{
	struct kernel_log_counts *counts = xcalloc(1, sizeof(*counts));
	kernel_log_read(text, strlen(text), counts);
	return counts;
}

static int64_t count_of(const struct kernel_log_counts *counts, const char *handler,
			int error)
{
	for (size_t i = 0; i < counts->n_kinds; i++)
		if (counts->kind[i].error == error &&
		    !strcmp(counts->kind[i].handler, handler))
			return counts->kind[i].count;
	return 0;
}

static void test_lines_and_repeats_add_up(void **state)
{
	(void)state;
	cleanup_free struct kernel_log_counts *counts =
		read_text("h kernel: misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -22\n"
			  "h kernel: message repeated 3 times: [ misc dxg: dxgk: "
			  "dxgkio_lock2: Ioctl "
			  "failed: -22]\n"
			  "h kernel: misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -2\n"
			  "5x dxgkio_lock2: Ioctl failed: -22\n");
	assert_int_equal(count_of(counts, "dxgkio_lock2", -22), 9);
	assert_int_equal(count_of(counts, "dxgkio_lock2", -2), 1);
	assert_int_equal(counts->n_kinds, 2);
}

static void test_a_named_line_counts_only_as_the_whole_question(void **state)
{
	(void)state;
	static const char sentence[] =
		"My log has this one dxgkio_make_resident: Ioctl failed: -12 in it\n";
	static const char filler[] = "\n\n\n\n\n\n\n\n\n\n";
	cleanup_free struct kernel_log_counts *alone = read_text(sentence);
	assert_int_equal(count_of(alone, "dxgkio_make_resident", -12), 1);
	cleanup_free char *report = xasprintf("%s%s", sentence, filler);
	cleanup_free struct kernel_log_counts *in_report = read_text(report);
	assert_int_equal(in_report->n_kinds, 0);
	cleanup_free char *beside =
		xasprintf("%sdxgkio_lock2: Ioctl failed: -22\n", sentence);
	cleanup_free struct kernel_log_counts *with_line = read_text(beside);
	assert_int_equal(count_of(with_line, "dxgkio_make_resident", -12), 0);
	assert_int_equal(count_of(with_line, "dxgkio_lock2", -22), 1);
}

static void test_a_line_that_stands_twice_counts_once(void **state)
{
	(void)state;
	static const char line[] =
		"[    1.500000] misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -22\n";
	static const char later[] =
		"[    1.500001] misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -22\n";
	static const char second[] = "Feb  3 04:05:06 h kernel: misc dxg: dxgk: "
				     "dxgkio_lock2: Ioctl failed: -22\n";
	cleanup_free char *twice =
		xasprintf("%s%sonce more, quoted:\n> %s", line, later, line);
	cleanup_free struct kernel_log_counts *stamped = read_text(twice);
	assert_int_equal(count_of(stamped, "dxgkio_lock2", -22), 2);
	/* Many lines share a second. */
	cleanup_free char *seconds = xasprintf("%s%s", second, second);
	cleanup_free struct kernel_log_counts *dated = read_text(seconds);
	assert_int_equal(count_of(dated, "dxgkio_lock2", -22), 2);
}

static void test_a_quoted_line_counts_where_no_other_does(void **state)
{
	(void)state;
	static const char text[] =
		"I always get misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -22 here,\n"
		"and misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -22 there, too;\n"
		"also misc dxg: dxgk: dxgkio_evict: Ioctl failed: -1 at times.\n"
		"[    1.500000] misc dxg: dxgk: dxgkio_evict: Ioctl failed: -1\n";
	cleanup_free struct kernel_log_counts *counts = read_text(text);
	assert_int_equal(count_of(counts, "dxgkio_lock2", -22), 1);
	assert_int_equal(count_of(counts, "dxgkio_evict", -1), 1);
}

static void test_a_name_without_its_beginning_is_known_by_its_end(void **state)
{
	(void)state;
	static const char text[] = "io_update_alloc_property: Ioctl failed: -22\n"
				   "unlock2: Ioctl failed: -1\n"
				   "device: Ioctl failed: -22\n"
				   "nvme0: Ioctl failed: -22\n";
	cleanup_free struct kernel_log_counts *counts = read_text(text);
	assert_int_equal(count_of(counts, "dxgkio_update_alloc_property", -22), 1);
	assert_int_equal(count_of(counts, "dxgkio_unlock2", -1), 1);
	assert_int_equal(counts->n_kinds, 2);
	cleanup_free struct kernel_log_counts *capitals =
		read_text("MISC DXG: DXGK: DXGKIO_LOCK2: IOCTL FAILED: -22\n");
	assert_int_equal(count_of(capitals, "dxgkio_lock2", -22), 1);
}

static void test_a_terminal_breaks_other_messages_too(void **state)
{
	(void)state;
	static const char text[] = "Feb  3 04:05:06 a-host kernel: misc dxg: dxgk: "
				   "create_existing_sysmem: vm\n"
				   "ap failed\n"
				   "Feb  3 04:05:06 a-host kernel: misc dxg: dxgk: "
				   "dxgkio_create_allocation: \n"
				   "Ioctl failed: -12\n"
				   "Feb  3 04:05:07 a-host kernel: eth0: up\n";
	cleanup_free struct kernel_log_counts *counts = read_text(text);
	assert_int_equal(counts->n_others, 1);
	assert_string_equal(counts->other[0].text, "create_existing_sysmem: vmap failed");
	assert_int_equal(count_of(counts, "dxgkio_create_allocation", -12), 1);
}

static void test_phases_are_told_by_stamps_alone(void **state)
{
	(void)state;
	cleanup_free struct kernel_log_counts *counts =
		read_text("[    3.1] misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -22\n"
			  "[ 4000.1] misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -22\n"
			  "misc dxg: dxgk: dxgkio_evict: Ioctl failed: -1\n");
	cleanup_record struct record record;
	record_init(&record);
	kernel_log_record(counts, &record);
	assert_true(record.kernel_log.present);
	assert_int_equal(record.kernel_log.failed.n, 2);
	assert_int_equal(failures_total(&record.kernel_log.failed), 3);
	assert_int_equal(record.kernel_log.boot.n, 1);
	assert_int_equal(record.kernel_log.boot.failure[0].count, 1);
}

static void test_memory_is_bounded_whatever_is_printed(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	for (int i = 1; i <= 2 * KERNEL_LOG_KINDS; i++)
		strbuf_printf(&text, "misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -%d\n",
			      i);
	for (int i = 0; i < 2 * KERNEL_LOG_OTHERS; i++)
		strbuf_printf(&text,
			      "misc dxg: dxgk: dxgkio_lock2: invalid host handle %d\n",
			      i);
	cleanup_free struct kernel_log_counts *counts = read_text(text.string);
	assert_int_equal(counts->n_kinds, KERNEL_LOG_KINDS);
	assert_int_equal(counts->n_others, KERNEL_LOG_OTHERS);
	assert_int_equal(counts->left_out, KERNEL_LOG_KINDS + KERNEL_LOG_OTHERS);
	cleanup_record struct record record;
	record_init(&record);
	kernel_log_record(counts, &record);
	assert_int_equal(record.kernel_log.left_out, counts->left_out);
}

static void test_other_messages_stand_once(void **state)
{
	(void)state;
	cleanup_free struct kernel_log_counts *counts =
		read_text("misc dxg: dxgk: create_existing_sysmem: vmap failed\n"
			  "misc dxg: dxgk: create_existing_sysmem: vmap failed\n");
	assert_int_equal(counts->n_others, 1);
	assert_string_equal(counts->other[0].text, "create_existing_sysmem: vmap failed");
}

/* Reads a text in pieces of `piece` bytes. */
static struct kernel_log_counts *read_pieces(const char *text, size_t size, size_t piece)
{
	struct kernel_log_counts *counts = xcalloc(1, sizeof(*counts));
	struct kernel_log_stream stream;
	kernel_log_stream_init(&stream, counts);
	for (size_t at = 0; at < size;) {
		size_t n = size - at < piece ? size - at : piece;
		kernel_log_stream_put(&stream, text + at, n);
		at += n;
	}
	kernel_log_stream_end(&stream);
	return counts;
}

static void assert_same(const struct kernel_log_counts *a,
			const struct kernel_log_counts *b)
{
	assert_int_equal(a->n_kinds, b->n_kinds);
	for (size_t i = 0; i < a->n_kinds; i++) {
		assert_string_equal(a->kind[i].handler, b->kind[i].handler);
		assert_int_equal(a->kind[i].error, b->kind[i].error);
		assert_int_equal(a->kind[i].count, b->kind[i].count);
		assert_int_equal(a->kind[i].boot, b->kind[i].boot);
		assert_int_equal(a->kind[i].line, b->kind[i].line);
	}
	assert_int_equal(a->n_others, b->n_others);
	for (size_t i = 0; i < a->n_others; i++) {
		assert_string_equal(a->other[i].text, b->other[i].text);
		assert_int_equal(a->other[i].line, b->other[i].line);
	}
	assert_int_equal(a->n_blocks, b->n_blocks);
	for (size_t i = 0; i < a->n_blocks; i++)
		assert_string_equal(a->block[i], b->block[i]);
}

static const char warning[] =
	"[  77.000000] ------------[ cut here ]------------\n"
	"[  77.000001] memcpy: detected field-spanning write (size 4) of single field "
	"\"current_pos\" at drivers/hv/dxgkrnl/dxgvmbus.c:1 (size 0)\n"
	"[  77.000002] WARNING: CPU: 1 PID: 2 at drivers/hv/dxgkrnl/dxgvmbus.c:1 "
	"dxgvmb_send_wait_sync_object_gpu+0x1/0x2\n"
	"[  77.000003] Call Trace:\n"
	"[  77.000004]  <TASK>\n"
	"[  77.000005] misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -22\n"
	"[  77.000006]  dxgk_ioctl+0x1/0x2\n"
	"[  77.000007]  </TASK>\n"
	"[  77.000008] ---[ end trace 0000000000000000 ]---\n";

static const char oops[] =
	"Feb 03 04:05:06 some-host kernel: BUG: kernel NULL pointer dereference, "
	"address: "
	"0000000000000008\n"
	"Feb 03 04:05:06 some-host kernel: Oops: 0000 [#1] PREEMPT SMP\n"
	"Feb 03 04:05:06 some-host kernel: RIP: 0010:hmgrtable_free_handle+0x1/0x2\n"
	"Feb 03 04:05:06 some-host kernel:  dxgkio_destroy_allocation+0x1/0x2\n"
	"Feb 03 04:05:06 some-host kernel: ---[ end trace 0000000000000000 ]---\n";

static const char other_oops[] =
	"[ 1.0] BUG: kernel NULL pointer dereference, address: 0000000000000008\n"
	"[ 1.0]  ext4_writepages+0x1/0x2\n[ 1.0] ---[ end trace 0000000000000000 ]---\n";

static void test_warnings_and_oopses_are_kept_whole(void **state)
{
	(void)state;
	cleanup_free char *text = xasprintf("%s%s%s", other_oops, warning, oops);
	cleanup_free struct kernel_log_counts *counts = read_text(text);
	assert_int_equal(counts->n_others, 2);
	assert_int_equal(counts->n_blocks, 2);
	assert_int_equal(counts->other[0].line, 5);
	assert_int_equal(strncmp(counts->other[0].text, "memcpy: detected", 16), 0);
	assert_string_equal(counts->other[1].text,
			    "BUG: kernel NULL pointer dereference, address: "
			    "0000000000000008");
	assert_string_equal(counts->block[1],
			    "BUG: kernel NULL pointer dereference, address: "
			    "0000000000000008\nOops: 0000 [#1] PREEMPT SMP\n"
			    "RIP: 0010:hmgrtable_free_handle+0x1/0x2\n"
			    " dxgkio_destroy_allocation+0x1/0x2\n"
			    "---[ end trace 0000000000000000 ]---");
	assert_non_null(strstr(counts->block[0], "\n </TASK>\n---[ end trace"));
	/* What another processor printed in between is counted all the same. */
	assert_int_equal(count_of(counts, "dxgkio_lock2", -22), 1);
}

static const char stall[] =
	"> kern  :err   : [  245.000000] INFO: task python3:123 blocked for more than "
	"122 "
	"seconds.\n"
	"> kern  :info  : [  245.000001] task:python3  state:D stack:0 pid:123\n"
	"> kern  :info  : [  245.000002]  <TASK>\n"
	"> kern  :info  : [  245.000003]  dxgvmb_send_sync_msg+0x1/0x2\n"
	"> kern  :info  : [  245.000004]  </TASK>\n"
	"> kern  :info  : [  246.000000] eth0: up\n";

static void test_a_stall_is_kept_whole_without_its_margin(void **state)
{
	(void)state;
	cleanup_free struct kernel_log_counts *counts = read_text(stall);
	assert_int_equal(counts->n_blocks, 1);
	assert_string_equal(counts->block[0],
			    "INFO: task python3:123 blocked for more than 122 seconds.\n"
			    "task:python3  state:D stack:0 pid:123\n <TASK>\n"
			    " dxgvmb_send_sync_msg+0x1/0x2\n </TASK>");
	assert_string_equal(counts->other[0].text,
			    "INFO: task python3:123 blocked for more than 122 seconds.");
}

static void test_block_without_its_end_is_none(void **state)
{
	(void)state;
	cleanup_free char *cut = xstrndup(warning, sizeof(warning) - 60);
	cleanup_free struct kernel_log_counts *counts = read_text(cut);
	assert_int_equal(counts->n_blocks, 0);
	assert_int_equal(counts->n_others, 2);
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	strbuf_add_string(&text, cut);
	for (int i = 0; i < 1000; i++)
		strbuf_add_string(&text, "[  78.000000] something else entirely\n");
	strbuf_add_string(&text, "[  79.000000] ---[ end trace 0000000000000000 ]---\n");
	cleanup_free struct kernel_log_counts *far = read_text(text.string);
	assert_int_equal(far->n_blocks, 0);
}

/* Larger than the stream's buffer and than what is read as a paste, with blocks and repeats at every place of it. */
static void test_pieces_read_like_the_whole(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	for (int i = 0; text.length <= 1024 * 1024; i++) {
		strbuf_printf(&text, "[%5d.000000] eth0: link is up, number %d\n", i, i);
		if (i % 7 == 0)
			strbuf_printf(&text,
				      "[%5d.000000] misc dxg: dxgk: dxgkio_lock%d: Ioctl "
				      "failed: -22\n",
				      i, i % 3);
		if (i % 31 == 0)
			strbuf_add_string(&text,
					  "dxgkio_evict: Ioctl failed:\n-1\nh last "
					  "message repeated 4 times\n");
		if (i % 997 == 0)
			strbuf_add_string(&text, i % 2 ? warning : oops);
		if (i % 1499 == 0)
			strbuf_printf(&text, "misc dxg: dxgk: some_function: text %d\n",
				      i);
	}
	cleanup_free struct kernel_log_counts *whole =
		read_pieces(text.string, text.length, SIZE_MAX);
	cleanup_free struct kernel_log_counts *memory =
		xcalloc(1, sizeof(struct kernel_log_counts));
	struct kernel_lines lines;
	kernel_lines_start(&lines, text.string, text.length);
	for (struct kernel_message *message; (message = kernel_lines_next(&lines));)
		kernel_log_add(memory, message);
	assert_same(memory, whole);
	assert_true(count_of(whole, "dxgkio_evict", -1) > 0);
	static const size_t pieces[] = { 97, 4096, 65521 };
	for_each_row(piece, pieces) {
		cleanup_free struct kernel_log_counts *counts =
			read_pieces(text.string, text.length, *piece);
		assert_same(whole, counts);
	}
}

static void test_lines_without_end_are_read_too(void **state)
{
	(void)state;
	static const char line[] = "misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -22 ";
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	while (text.length < 600 * 1024)
		strbuf_add_string(&text, line);
	cleanup_free struct kernel_log_counts *whole = read_text(text.string);
	cleanup_free struct kernel_log_counts *pieces =
		read_pieces(text.string, text.length, 8192);
	assert_same(whole, pieces);
	assert_int_equal(count_of(whole, "dxgkio_lock2", -22),
			 text.length / strlen(line));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_and_repeats_add_up),
		cmocka_unit_test(test_a_named_line_counts_only_as_the_whole_question),
		cmocka_unit_test(test_a_line_that_stands_twice_counts_once),
		cmocka_unit_test(test_a_quoted_line_counts_where_no_other_does),
		cmocka_unit_test(test_a_name_without_its_beginning_is_known_by_its_end),
		cmocka_unit_test(test_a_terminal_breaks_other_messages_too),
		cmocka_unit_test(test_phases_are_told_by_stamps_alone),
		cmocka_unit_test(test_memory_is_bounded_whatever_is_printed),
		cmocka_unit_test(test_other_messages_stand_once),
		cmocka_unit_test(test_warnings_and_oopses_are_kept_whole),
		cmocka_unit_test(test_a_stall_is_kept_whole_without_its_margin),
		cmocka_unit_test(test_block_without_its_end_is_none),
		cmocka_unit_test(test_pieces_read_like_the_whole),
		cmocka_unit_test(test_lines_without_end_are_read_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
