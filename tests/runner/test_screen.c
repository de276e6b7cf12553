/* Records in, screens out: tests/golden/run, a line per case in its README. */
#include "tests/testing.h"

#include <glob.h>

#include "diagnosis/diagnose.h"
#include "runner/screen.h"
#include "util/cleanup.h"
#include "util/file.h"

static void read_case(const char *path, struct record *ret)
{
	cleanup_free char *bytes = NULL;
	size_t size;
	assert_ok(file_read(path, RECORD_SIZE_MAX, &bytes, &size));
	struct error *err = record_read(bytes, size, "2026-11-20", ret);
	if (err)
		fail_msg("%s: %s", path, err->message);
	diagnose(ret);
}

typedef void print_screen(const struct screen *screen, const struct answer *answer,
			  const struct record *record);

static void print_result(const struct screen *screen, const struct answer *answer,
			 const struct record *record)
{
	(void)record;
	screen_result(screen, answer);
}

static void print_all(const struct screen *screen, const struct answer *answer,
		      const struct record *record)
{
	screen_answer(screen, answer);
	screen_details(screen, answer, record);
}

/* @return the caller's to free */
static char *print(const char *path, int width, bool colour, print_screen *printer)
{
	cleanup_record struct record record;
	struct answer answer;
	char *text = NULL;
	size_t size;
	read_case(path, &record);
	answer_make(&record, &answer);
	const struct screen screen = { open_memstream(&text, &size), width, colour };
	printer(&screen, &answer, &record);
	fclose(screen.file);
	answer_deinit(&answer);
	return text;
}

static void for_each_case(void (*check)(const char *path))
{
	cleanup_free char *pattern = source_path("tests/golden/run/*.json");
	glob_t found;
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		check(found.gl_pathv[i]);
	globfree(&found);
}

/* To write them anew after a look at each: DXGMATRIX_GOLDEN=write */
static void check_golden(const char *path)
{
	cleanup_free char *golden =
		xasprintf("%.*s.txt", (int)(strlen(path) - strlen(".json")), path);
	cleanup_free char *screen = print(path, 100, false, print_result);
	cleanup_free char *expected = NULL;
	if (getenv("DXGMATRIX_GOLDEN"))
		assert_ok(file_write(golden, screen, strlen(screen), 0666, false));
	assert_ok(file_read(golden, 1 << 20, &expected, NULL));
	if (strcmp(screen, expected))
		fail_msg("%s differs:\n%s", golden, screen);
}

static void test_screens_are_as_the_golden_ones(void **state)
{
	(void)state;
	for_each_case(check_golden);
}

static int longest_line(const char *text)
{
	int longest = 0, columns = 0;
	for (; *text; text++) {
		columns = *text == '\n'
				  ? 0
				  : columns + (((unsigned char)*text & 0xc0) != 0x80);
		longest = columns > longest ? columns : longest;
	}
	return longest;
}

static void check_width(const char *path)
{
	static const int widths[] = { 60, 80, 100 };
	for_each_row(width, widths) {
		cleanup_free char *screen = print(path, *width, false, print_all);
		if (longest_line(screen) > *width)
			fail_msg("%s has %d columns of %d:\n%s", path,
				 longest_line(screen), *width, screen);
	}
}

static void test_no_line_is_wider_than_the_terminal(void **state)
{
	(void)state;
	for_each_case(check_width);
}

/* The text without ECMA-48 sequences. */
static char *without_colour(const char *text)
{
	char *plain = xstrdup(text), *to = plain;
	while (*text) {
		if (*text == '\033')
			text += strcspn(text, "m") + 1;
		else
			*to++ = *text++;
	}
	*to = '\0';
	return plain;
}

static void check_colour(const char *path)
{
	cleanup_free char *plain = print(path, 100, false, print_all);
	cleanup_free char *coloured = print(path, 100, true, print_all);
	cleanup_free char *stripped = without_colour(coloured);
	assert_null(strchr(plain, '\033'));
	assert_non_null(strchr(coloured, '\033'));
	assert_string_equal(stripped, plain);
}

static void test_colour_is_never_the_only_sign(void **state)
{
	(void)state;
	for_each_case(check_colour);
}

static void test_a_hostile_record_moves_no_terminal(void **state)
{
	(void)state;
	static const char document[] =
		"{\"schema\":\"dxgmatrix-record/1\",\"source\":{\"kind\":\"measured\","
		"\"tool\":\"t\",\"trigger\":\"manual\"},\"time\":\"2026-11-20\","
		"\"environment\":{\"kind\":"
		"\"wsl2\"},\"combination\":{\"adapter\":{\"name\":\"A\\u001b[2J\\u009b2J"
		"\\u202eB\"}},\"results\":[{\"interface\":\"opencl\",\"role\":"
		"\"adapter\",\"device\":{\"device\":\"\\u001b]0;x\\u0007\"},\"rungs\":"
		"[{\"rung\":\"load\",\"outcome\":\"crash\",\"reason\":\"signal\","
		"\"findings\":{\"signal\":\"\\u001b[31mX\",\"last_words\":\"\\r\\n"
		"owned\"}}]}]}";
	cleanup_record struct record record;
	struct answer answer;
	char *text = NULL;
	size_t size;
	assert_ok(record_read(document, strlen(document), "2026-11-20", &record));
	diagnose(&record);
	answer_make(&record, &answer);
	const struct screen screen = { open_memstream(&text, &size), 80, false };
	print_all(&screen, &answer, &record);
	fclose(screen.file);
	for (const char *c = text; *c; c++)
		assert_true(*c == '\n' || (unsigned char)*c >= 0x20);
	assert_null(strstr(text, "\xc2\x9b"));
	assert_null(strstr(text, "\xe2\x80\xae"));
	answer_deinit(&answer);
	free(text);
}

static void assert_details(const char *name, const char *const *lines, size_t n)
{
	cleanup_free char *below = xasprintf("tests/golden/run/%s.json", name);
	cleanup_free char *path = source_path(below);
	cleanup_free char *text = print(path, 100, false, print_all);
	for (size_t i = 0; i < n; i++)
		if (!strstr(text, lines[i]))
			fail_msg("no '%s' in:\n%s", lines[i], text);
}

static void test_details_hold_the_calls_that_led_to_an_end(void **state)
{
	(void)state;
	static const char *const crash[] = {
		"  DXG refused query_adapter_info type 60 (-22), 2 times: a question "
		"this host",
		"  DXG refused reserve_gpu_va (-75), 1 time: Windows refused GPU "
		"addresses",
		"  the last DXG calls before the crash:\n",
		"    21 ms  query_adapter_info type 31 granted\n",
		"    17 ms  reserve_gpu_va refused (-75)\n",
		"    16 ms  free_gpu_va granted\n",
	};
	static const char *const unseen[] = {
		"     its DXG calls were not seen: ptrace is not permitted (Yama "
		"ptrace_scope 2); as root:",
	};
	assert_details("broken-door", crash, ARRAY_SIZE(crash));
	assert_details("calls-not-seen", unseen, ARRAY_SIZE(unseen));
}

static void test_a_pipe_gets_no_colour(void **state)
{
	(void)state;
	FILE *file = tmpfile();
	const struct screen screen = screen_for(file);
	assert_false(screen.colour);
	assert_int_equal(screen.width, 100);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_screens_are_as_the_golden_ones),
		cmocka_unit_test(test_no_line_is_wider_than_the_terminal),
		cmocka_unit_test(test_colour_is_never_the_only_sign),
		cmocka_unit_test(test_a_hostile_record_moves_no_terminal),
		cmocka_unit_test(test_details_hold_the_calls_that_led_to_an_end),
		cmocka_unit_test(test_a_pipe_gets_no_colour),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
