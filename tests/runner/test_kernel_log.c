#include "runner/kernel_log.h"

#include "tests/testing.h"
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_and_repeats_add_up),
		cmocka_unit_test(test_a_named_line_counts_only_as_the_whole_question),
		cmocka_unit_test(test_phases_are_told_by_stamps_alone),
		cmocka_unit_test(test_memory_is_bounded_whatever_is_printed),
		cmocka_unit_test(test_other_messages_stand_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
