#include "runner/paste_source.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "tests/testing.h"

/* All that a source gives. */
static char *read_all(const char *head, size_t head_size, int fd, size_t *ret_size)
{
	cleanup_paste_source struct paste_source source;
	assert_ok(paste_source_init(&source, head, head_size, fd));
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	const char *piece;
	size_t size;
	for (;;) {
		assert_ok(paste_source_next(&source, &piece, &size));
		if (!size)
			break;
		strbuf_add(&text, piece, size);
	}
	*ret_size = text.length;
	return strbuf_take(&text);
}

/* A file with these bytes, read up to `at`. */
static int file_at(const char *bytes, size_t size, size_t at)
{
	int fd = memfd_create("text", MFD_CLOEXEC);
	assert_int_equal(write(fd, bytes, size), size);
	assert_int_equal(lseek(fd, (off_t)at, SEEK_SET), at);
	return fd;
}

/* Every second byte a NUL, as iconv would. */
static char *widen(const char *text, bool big)
{
	size_t size = strlen(text);
	char *wide = xmalloc(2 * size);
	for (size_t i = 0; i < size; i++) {
		wide[2 * i + big] = text[i];
		wide[2 * i + !big] = '\0';
	}
	return wide;
}

/* Much of it, with characters of several bytes, so that pieces meet within them. */
static char *long_text(const char *line, size_t least)
{
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	while (text.length < least)
		strbuf_add_string(&text, line);
	return strbuf_take(&text);
}

static void test_head_and_rest_are_one_text(void **state)
{
	(void)state;
	cleanup_free char *text = long_text(
		"wsl \xe7\x89\x88\xe6\x9c\xac x\xc2\xa0\xf0\x9f\x98\x80\n", 300000);
	size_t size = strlen(text), length;
	static const size_t heads[] = { 0, 1, 5, 6, 7, 4097, 65535, 65536, 200001 };
	for_each_row(head, heads) {
		cleanup_close int fd = file_at(text, size, *head);
		cleanup_free char *all = read_all(text, *head, fd, &length);
		assert_int_equal(length, size);
		assert_string_equal(all, text);
	}
	cleanup_free char *alone = read_all(text, size, -1, &length);
	assert_int_equal(length, size);
	assert_string_equal(alone, text);
}

static void test_the_head_tells_the_encoding(void **state)
{
	(void)state;
	cleanup_free char *text = long_text("Kernel version: 5.15.167.4-1\r\n", 200000);
	size_t size = strlen(text), length;
	for (int big = 0; big < 2; big++) {
		cleanup_free char *wide = widen(text, big);
		cleanup_close int fd = file_at(wide, 2 * size, 33333);
		cleanup_free char *all = read_all(wide, 33333, fd, &length);
		assert_int_equal(length, size);
		assert_string_equal(all, text);
	}
}

static void test_escaped_nuls_are_dropped_wherever_pieces_meet(void **state)
{
	(void)state;
	cleanup_free char *escaped = long_text(
		"\\u0000W\\u0000S\\u0000L\\u0000:\\u0000 \\u00002\\u0000\\n\\", 150000);
	size_t size = strlen(escaped), length;
	for (size_t shift = 0; shift < 8; shift++) {
		cleanup_free char *shifted =
			xasprintf("%.*s%s", (int)shift, "........", escaped);
		cleanup_close int fd = file_at(shifted, size + shift, 70000 + shift);
		cleanup_free char *all = read_all(shifted, 70000 + shift, fd, &length);
		assert_null(strstr(all, "\\u0000"));
		assert_non_null(strstr(all, "WSL: 2\n\\WSL: 2\n"));
		assert_int_equal(length, strlen(all));
		assert_int_equal(length - shift, size / 51 * 8);
	}
}

/* grep --color puts them into the middle of a word; pages lose their escapes. */
static void test_colours_are_dropped_wherever_pieces_meet(void **state)
{
	(void)state;
	static const char line[] = "\x1b[32m[   12.500000] \x1b[0m\x1b[33mmisc dxg: "
				   "\x1b[01;31m\x1b[Kdxgkio\x1b[m\x1b[K_lock2 &gt; "
				   "[01;31m[Kx[m[K\n";
	static const char bare[] = "[   12.500000] misc dxg: dxgkio_lock2 > x\n";
	cleanup_free char *text = long_text(line, 2000);
	cleanup_free char *expected =
		long_text(bare, strlen(text) / strlen(line) * strlen(bare));
	size_t size = strlen(text), length;
	for (size_t head = 0; head < 2 * strlen(line); head++) {
		cleanup_close int fd = file_at(text, size, head);
		cleanup_free char *all = read_all(text, head, fd, &length);
		assert_string_equal(all, expected);
	}
}

static void test_a_line_without_end_comes_in_parts(void **state)
{
	(void)state;
	cleanup_free char *text = long_text("word \x1b[0m\xe7\x89\x88", 3 * 1024 * 1024);
	cleanup_free char *expected =
		long_text("word \xe7\x89\x88", strlen(text) / 12 * 8);
	size_t size = strlen(text), length;
	cleanup_close int fd = file_at(text, size, 100);
	cleanup_free char *all = read_all(text, 100, fd, &length);
	assert_string_equal(all, expected);
}

static void test_what_is_read_is_hashed(void **state)
{
	(void)state;
	cleanup_close int fd = file_at("abc", 3, 1);
	cleanup_paste_source struct paste_source source;
	assert_ok(paste_source_init(&source, "a", 1, fd));
	const char *piece;
	size_t size;
	do
		assert_ok(paste_source_next(&source, &piece, &size));
	while (size);
	assert_int_equal(source.size, 3);
	cleanup_free char *hash = hash_end(&source.hash),
			  *expected = hash_address("abc", 3);
	assert_string_equal(hash, expected);
}

static void test_what_cannot_be_read_is_an_error(void **state)
{
	(void)state;
	cleanup_close int folder = open("/", O_RDONLY | O_CLOEXEC);
	cleanup_paste_source struct paste_source source;
	assert_ok(paste_source_init(&source, "a", 1, folder));
	const char *piece;
	size_t size;
	cleanup_error struct error *err = paste_source_next(&source, &piece, &size);
	if (!err)
		err = paste_source_next(&source, &piece, &size);
	assert_non_null(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head_and_rest_are_one_text),
		cmocka_unit_test(test_the_head_tells_the_encoding),
		cmocka_unit_test(test_escaped_nuls_are_dropped_wherever_pieces_meet),
		cmocka_unit_test(test_colours_are_dropped_wherever_pieces_meet),
		cmocka_unit_test(test_a_line_without_end_comes_in_parts),
		cmocka_unit_test(test_what_is_read_is_hashed),
		cmocka_unit_test(test_what_cannot_be_read_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
