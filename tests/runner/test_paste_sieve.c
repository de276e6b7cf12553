#include "runner/paste_sieve.h"

#include "tests/testing.h"
#include "util/strbuf.h"

/* Sieves a text that comes in pieces of `piece` bytes. */
static void sieve_pieces(const char *text, size_t size, size_t piece,
			 struct paste_text *ret)
{
	cleanup_paste_sieve struct paste_sieve sieve;
	paste_sieve_init(&sieve);
	for (size_t at = 0; at < size;) {
		size_t n = size - at < piece ? size - at : piece;
		paste_sieve_add(&sieve, text + at, n);
		at += n;
	}
	paste_sieve_end(&sieve, ret);
}

/* The number of the line that says `what`, -1 where it was not kept. */
static int64_t line_of(const struct paste_text *text, const char *what)
{
	struct paste_line line = { 0 };
	for (int64_t n = 1; paste_line_next(text, &line); n++)
		if (line.size == strlen(what) && !memcmp(line.text, what, line.size)) {
			assert_int_equal(paste_text_number(text, n), line.number);
			return line.number;
		}
	return -1;
}

static void add_lines(struct strbuf *text, const char *line, int64_t n)
{
	for (int64_t i = 0; i < n; i++)
		strbuf_add_string(text, line);
}

static const char stamped[] = "[   12.345678] eth0: link is up\n";

static void test_a_small_text_is_kept_whole(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	add_lines(&text, stamped, 10);
	strbuf_add_string(&text, "no end");
	for (size_t piece = 1; piece < 40; piece++) {
		cleanup_paste_text struct paste_text kept;
		sieve_pieces(text.string, text.length, piece, &kept);
		assert_int_equal(line_of(&kept, "no end"), 11);
		assert_int_equal(line_of(&kept, "[   12.345678] eth0: link is up"), 1);
		assert_int_equal(kept.size, 10 * strlen(stamped) + strlen("no end"));
		assert_int_equal(kept.skimmed_from, -1);
	}
}

static void test_of_a_log_lines_that_tell_are_kept(void **state)
{
	(void)state;
	static const size_t pieces[] = { 61, 65536, SIZE_MAX };
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	int64_t n = (int64_t)(PASTE_WHOLE_MAX / strlen(stamped));
	strbuf_add_string(&text, "first\n");
	add_lines(&text, stamped, n);
	strbuf_add_string(&text, "[   13.000000] driver 31.0.101.4502\nplain\n");
	add_lines(&text, stamped, 7);
	strbuf_add_string(&text, "last");
	for_each_row(piece, pieces) {
		cleanup_paste_text struct paste_text kept;
		sieve_pieces(text.string, text.length, *piece, &kept);
		assert_int_equal(line_of(&kept, "first"), 1);
		assert_int_equal(line_of(&kept, "[   12.345678] eth0: link is up"), -1);
		assert_int_equal(line_of(&kept, "[   13.000000] driver 31.0.101.4502"),
				 n + 2);
		assert_int_equal(line_of(&kept, "plain"), n + 3);
		assert_int_equal(line_of(&kept, "last"), n + 11);
	}
}

static void test_there_is_room_for_the_beginning_and_the_end(void **state)
{
	(void)state;
	static const char line[] = "a line that tells nothing and has no stamp\n";
	static const char last[] = "the last one, too long for the room that others left";
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	int64_t n = (int64_t)((PASTE_KEPT_MAX + 3 * PASTE_TAIL_MAX) / strlen(line));
	strbuf_add_string(&text, "first\n");
	add_lines(&text, line, n);
	strbuf_add_string(&text, last);
	cleanup_paste_text struct paste_text kept;
	sieve_pieces(text.string, text.length, 65536, &kept);
	assert_int_equal(line_of(&kept, "first"), 1);
	assert_int_equal(line_of(&kept, last), n + 2);
	assert_true(kept.size <= PASTE_KEPT_MAX + 2 * PASTE_TAIL_MAX);
	assert_true(kept.size >= PASTE_KEPT_MAX + PASTE_TAIL_MAX - 2 * sizeof(line));
	/* What is neither in the one nor in the other was lost. */
	int64_t in_head = (int64_t)((PASTE_KEPT_MAX - 6) / strlen(line)) + 1;
	assert_int_equal(kept.skimmed_from, in_head + 1);
	assert_int_equal(kept.n_gaps, 1);
	assert_int_equal(kept.gap[0].number, kept.skimmed_to + 1);
	assert_int_equal(kept.gap[0].line, in_head + 1);
	assert_true(kept.skimmed_to > kept.skimmed_from && kept.skimmed_to < n);
}

/* Also where a short line would find room in the head that a longer one did not. */
static void test_lines_stay_in_order(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	strbuf_add_repeated(&text, '\n', 1000);
	for (size_t i = 0; i < PASTE_KEPT_MAX / 1000; i++) {
		strbuf_add_repeated(&text, 'x', 999);
		strbuf_add_string(&text, "\n");
	}
	strbuf_add_string(&text, "short\n");
	cleanup_paste_text struct paste_text kept;
	sieve_pieces(text.string, text.length, 65536, &kept);
	assert_int_equal(kept.size, text.length);
	assert_string_equal(kept.text, text.string);
	assert_int_equal(kept.n_gaps, 0);
	assert_int_equal(kept.skimmed_from, -1);
}

/* A gap before each line, which needs more room than the line. */
static void test_what_is_noted_of_gaps_has_its_bounds_too(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	add_lines(&text, "{\"\n\n", 2 * 1024 * 1024);
	strbuf_add_string(&text, "the end\n");
	cleanup_paste_text struct paste_text kept;
	sieve_pieces(text.string, text.length, SIZE_MAX, &kept);
	assert_in_range(kept.size + kept.n_gaps * sizeof(*kept.gap), PASTE_KEPT_MAX,
			PASTE_KEPT_MAX + 2 * PASTE_TAIL_MAX + 2 * sizeof(*kept.gap));
	assert_int_equal(line_of(&kept, "the end"), 4 * 1024 * 1024 + 1);
	assert_true(kept.skimmed_from > 0);
}

static void test_a_line_too_long_to_keep_is_still_a_line(void **state)
{
	(void)state;
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	strbuf_add_string(&text, "first\n");
	strbuf_add_repeated(&text, 'x', 5 * PASTE_KEPT_MAX);
	strbuf_add_string(&text, "\nlast\n");
	cleanup_paste_text struct paste_text kept;
	sieve_pieces(text.string, text.length, 65536, &kept);
	assert_int_equal(line_of(&kept, "first"), 1);
	assert_int_equal(line_of(&kept, "last"), 3);
	assert_int_equal(kept.size, strlen("first\nlast\n"));
	assert_int_equal(kept.skimmed_from, 2);
	assert_int_equal(kept.skimmed_to, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_small_text_is_kept_whole),
		cmocka_unit_test(test_of_a_log_lines_that_tell_are_kept),
		cmocka_unit_test(test_there_is_room_for_the_beginning_and_the_end),
		cmocka_unit_test(test_lines_stay_in_order),
		cmocka_unit_test(test_what_is_noted_of_gaps_has_its_bounds_too),
		cmocka_unit_test(test_a_line_too_long_to_keep_is_still_a_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
