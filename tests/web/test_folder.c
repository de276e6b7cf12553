#include "web/folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tests/testing.h"
#include "util/file.h"

#define MAX 4096

static char *folder_path;
static char *site_path;

static int setup(void **state)
{
	(void)state;
	assert_ok(file_temporary_folder("dxgmatrix-test", &folder_path));
	site_path = xasprintf("%s/site", folder_path);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_ok(file_remove_tree(folder_path));
	free(folder_path);
	free(site_path);
	return 0;
}

static char *below(const char *name)
{
	return xasprintf("%s/%s", site_path, name);
}

static void put(const char *name, const char *text)
{
	cleanup_free char *path = below(name);
	assert_ok(file_make_parent(path));
	assert_ok(file_write(path, text, strlen(text), 0644, false));
}

static void assert_file(const char *name, const char *text)
{
	cleanup_free char *path = below(name);
	if (!text) {
		assert_int_not_equal(access(path, F_OK), 0);
		return;
	}
	cleanup_free char *bytes = NULL;
	assert_ok(file_read(path, MAX, &bytes, NULL));
	assert_string_equal(bytes, text);
}

/* Writes the named files, each holding its own name and `text`. */
static struct folder_counts write_site(const char **names, size_t n, const char *text)
{
	const struct strings paths = { names, n };
	struct folder_counts counts;
	cleanup_folder struct folder *folder = NULL;
	assert_ok(folder_open(site_path, &paths, &folder));
	for (size_t i = 0; i < n; i++) {
		cleanup_free char *bytes = xasprintf("%s %s", names[i], text);
		assert_ok(folder_write(folder, names[i], bytes, strlen(bytes)));
	}
	assert_ok(folder_finish(folder, &counts));
	return counts;
}

static const char *two[] = { "index.html", "gpu/a/index.html" };
static const char *one[] = { "index.html" };

static void test_only_what_changed_is_written(void **state)
{
	(void)state;
	struct folder_counts counts = write_site(two, 2, "1");
	assert_int_equal(counts.written, 2);
	cleanup_free char *path = below("gpu/a/index.html");
	struct stat before, after;
	assert_int_equal(stat(path, &before), 0);
	counts = write_site(two, 2, "1");
	assert_int_equal(counts.files, 2);
	assert_int_equal(counts.written, 0);
	assert_int_equal(stat(path, &after), 0);
	assert_true(before.st_ino == after.st_ino);
	counts = write_site(two, 2, "2");
	assert_int_equal(counts.written, 2);
	assert_file("gpu/a/index.html", "gpu/a/index.html 2");
}

static void test_what_is_no_longer_named_goes_with_its_folders(void **state)
{
	(void)state;
	write_site(two, 2, "1");
	struct folder_counts counts = write_site(one, 1, "1");
	assert_int_equal(counts.deleted, 1);
	assert_file("gpu/a/index.html", NULL);
	assert_file("gpu", NULL);
	assert_file("index.html", "index.html 1");
}

static void test_files_of_others_stay(void **state)
{
	(void)state;
	write_site(two, 2, "1");
	put("gpu/a/note.txt", "mine");
	put("CNAME", "example.org");
	write_site(one, 1, "1");
	assert_file("gpu/a/index.html", NULL);
	assert_file("gpu/a/note.txt", "mine");
	assert_file("CNAME", "example.org");
}

static void test_folder_of_others_is_refused(void **state)
{
	(void)state;
	const struct strings paths = { one, 1 };
	struct folder *folder = NULL;
	put("thesis.tex", "years of work");
	assert_error(folder_open(site_path, &paths, &folder), "is not empty");
	assert_file("index.html", NULL);
	assert_file(".dxgmatrix-site", NULL);
	assert_file("thesis.tex", "years of work");
}

static void test_empty_folder_is_taken(void **state)
{
	(void)state;
	assert_ok(file_make_folder(site_path));
	assert_int_equal(write_site(one, 1, "1").written, 1);
}

static void test_edited_list_leads_nowhere_else(void **state)
{
	(void)state;
	cleanup_free char *outside = xasprintf("%s/outside", folder_path);
	assert_ok(file_write(outside, "x", 1, 0644, false));
	cleanup_free char *list = xasprintf(
		"dxgmatrix-site/1\n../outside\n%s\ngpu/../../outside\n", outside);
	put(".dxgmatrix-site", list);
	assert_int_equal(write_site(one, 1, "1").deleted, 0);
	assert_int_equal(access(outside, F_OK), 0);
}

static void test_list_of_another_kind_is_refused(void **state)
{
	(void)state;
	const struct strings paths = { one, 1 };
	struct folder *folder = NULL;
	put(".dxgmatrix-site", "dxgmatrix-site/2\n");
	assert_error(folder_open(site_path, &paths, &folder), "no list of ours");
}

static void test_interrupted_run_is_finished_by_the_next(void **state)
{
	(void)state;
	const struct strings paths = { two, 2 };
	struct folder *folder = NULL;
	assert_ok(folder_open(site_path, &paths, &folder));
	assert_ok(folder_write(folder, two[1], "half", 4));
	folder_close(folder);
	/* It died here. Another set of facts needs only one page. */
	struct folder_counts counts = write_site(one, 1, "1");
	assert_int_equal(counts.deleted, 1);
	assert_file(two[1], NULL);
}

static void test_paths_stay_below(void **state)
{
	static const char *names[] = { "/etc/passwd", "../x", "a/../../x", "a//b", "",
				       "a/.hidden",   "A b",  "a\nb" };
	(void)state;
	for_each_row(name, names) {
		const struct strings paths = { name, 1 };
		struct folder *folder = NULL;
		assert_error(folder_open(site_path, &paths, &folder),
			     "cannot be a file of the site");
	}
	const struct strings paths = { one, 1 };
	cleanup_folder struct folder *folder = NULL;
	assert_ok(folder_open(site_path, &paths, &folder));
	assert_error(folder_write(folder, "two.html", "", 0), "was not announced");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_only_what_changed_is_written),
		TEST(test_what_is_no_longer_named_goes_with_its_folders),
		TEST(test_files_of_others_stay),
		TEST(test_folder_of_others_is_refused),
		TEST(test_empty_folder_is_taken),
		TEST(test_edited_list_leads_nowhere_else),
		TEST(test_list_of_another_kind_is_refused),
		TEST(test_interrupted_run_is_finished_by_the_next),
		TEST(test_paths_stay_below),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
