#include "util/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/testing.h"

/* Every test works in a fresh folder, which is also the working folder. */
static int enter_folder(void **state)
{
	char *folder;
	assert_ok(file_temporary_folder("test_file", &folder));
	assert_int_equal(chdir(folder), 0);
	*state = folder;
	return 0;
}

static int leave_folder(void **state)
{
	assert_int_equal(chdir("/"), 0);
	assert_ok(file_remove_tree(*state));
	assert_int_equal(access(*state, F_OK), -1);
	free(*state);
	return 0;
}

static void put(const char *path, const char *text)
{
	assert_ok(file_make_parent(path));
	assert_ok(file_write(path, text, strlen(text), 0644, false));
}

static size_t names_in(const char *path)
{
	cleanup_closedir DIR *folder = opendir(path);
	assert_non_null(folder);
	size_t n = 0;
	while (readdir(folder))
		n++;
	return n - 2;
}

static void test_read_gives_every_byte_and_a_NUL(void **state)
{
	(void)state;
	assert_ok(file_write("f", "a\0b", 3, 0644, false));
	cleanup_free char *bytes = NULL;
	size_t size;
	assert_ok(file_read("f", 100, &bytes, &size));
	assert_int_equal(size, 3);
	assert_memory_equal(bytes, "a\0b", 4);
}

static void test_a_head_is_no_more_than_asked_for(void **state)
{
	(void)state;
	static const size_t sizes[] = { 0, 1, 4, 5, 6, 100000 };
	put("f", "12345");
	for_each_row(most, sizes) {
		cleanup_close int fd = -1;
		assert_ok(file_open("f", &fd));
		cleanup_free char *head = NULL;
		size_t size;
		assert_ok(file_read_head(fd, "f", *most, &head, &size));
		assert_int_equal(size, *most < 5 ? *most : 5);
		assert_int_equal(strlen(head), size);
		/* What follows is still there to be read. */
		char rest[8];
		assert_int_equal(read(fd, rest, sizeof(rest)), 5 - size);
	}
}

static void test_read_stops_at_the_limit(void **state)
{
	(void)state;
	put("f", "12345");
	put("empty", "");
	static const struct {
		const char *path;
		size_t limit;
		const char *error;
	} rows[] = {
		{ "f", 5, NULL },
		{ "f", 4, "f: over 4 bytes" },
		{ "f", 0, "f: over 0 bytes" },
		{ "empty", 0, NULL },
		{ "absent", 5, "absent: No such file or directory" },
		{ ".", 5, ".: Is a directory" },
		{ "/dev/zero", 100000, "/dev/zero: over 100000 bytes" }, /* has no end */
	};
	for_each_row(row, rows) {
		char *bytes = NULL;
		struct error *err = file_read(row->path, row->limit, &bytes, NULL);
		if (row->error) {
			assert_error(err, row->error);
			assert_null(bytes); /* written only on success */
		} else {
			assert_ok(err);
			free(bytes);
		}
	}
}

static void test_read_of_files_without_a_size(void **state)
{
	(void)state;
	cleanup_free char *bytes = NULL;
	size_t size;
	assert_ok(file_read("/proc/self/status", 100000, &bytes, &size));
	assert_true(size > 0);
	assert_non_null(strstr(bytes, "Pid:"));
}

static void test_write_replaces_and_leaves_nothing_beside(void **state)
{
	(void)state;
	umask(022);
	assert_ok(file_write("f", "old", 3, 0644, false));
	assert_ok(file_write("f", "new", 3, 0600, true));
	cleanup_free char *bytes = NULL;
	assert_ok(file_read("f", 10, &bytes, NULL));
	assert_string_equal(bytes, "new");
	struct stat st;
	assert_int_equal(stat("f", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(names_in("."), 1);
}

static void test_write_that_fails_leaves_the_old_one(void **state)
{
	(void)state;
	/* A folder that is not empty cannot be replaced by a file. */
	put("f/keep", "old");
	assert_error(file_write("f", "new", 3, 0644, false), "f: ");
	assert_error(file_write("absent/f", "new", 3, 0644, false), "absent/f");
	assert_int_equal(names_in("."), 1);
	assert_int_equal(names_in("f"), 1);
}

/* While another process replaces it, a reader sees one or the other, whole. */
static void test_write_is_never_seen_half(void **state)
{
	(void)state;
	enum { SIZE = 200000 };
	cleanup_free char *as = xmalloc(SIZE), *bs = xmalloc(SIZE);
	memset(as, 'a', SIZE);
	memset(bs, 'b', SIZE);
	assert_ok(file_write("f", as, SIZE, 0644, false));
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		for (int i = 0; i < 200; i++)
			if (file_write("f", i % 2 ? as : bs, SIZE, 0644, false))
				_exit(1);
		_exit(0);
	}
	int status;
	while (waitpid(pid, &status, WNOHANG) == 0) {
		cleanup_free char *bytes = NULL;
		size_t size;
		assert_ok(file_read("f", SIZE, &bytes, &size));
		assert_int_equal(size, SIZE);
		assert_memory_equal(bytes, bytes[0] == 'a' ? as : bs, SIZE);
	}
	assert_int_equal(status, 0);
}

static void test_write_follows_no_link_at_its_place(void **state)
{
	(void)state;
	put("victim", "untouched");
	assert_int_equal(symlink("victim", "f"), 0);
	assert_ok(file_write("f", "new", 3, 0644, false));
	cleanup_free char *victim = NULL;
	assert_ok(file_read("victim", 100, &victim, NULL));
	assert_string_equal(victim, "untouched");
}

static void test_create_keeps_what_is_there(void **state)
{
	(void)state;
	assert_ok(file_create("f", "first", 5, 0600));
	assert_ok(file_create("f", "second", 6, 0600));
	cleanup_free char *bytes = NULL;
	assert_ok(file_read("f", 100, &bytes, NULL));
	assert_string_equal(bytes, "first");
	struct stat st;
	assert_int_equal(stat("f", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_nlink, 1);
	assert_int_equal(names_in("."), 1);
	assert_error(file_create("absent/f", "x", 1, 0600), "absent/f");
}

static void test_folders_are_made_with_what_is_above(void **state)
{
	(void)state;
	put("file", "");
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	static const struct {
		const char *path, *error;
	} rows[] = {
		{ "a/b/c", NULL },
		{ "a/b/c", NULL }, /* again */
		{ "d/e/", NULL },
		{ ".", NULL },
		{ "/", NULL },
		{ "file", "file: Not a directory" },
		{ "file/below", "file/below: Not a directory" },
		{ "dangling", "dangling: Not a directory" },
		{ "", "No such file or directory" },
	};
	for_each_row(row, rows) {
		struct error *err = file_make_folder(row->path);
		if (row->error)
			assert_error(err, row->error);
		else
			assert_ok(err);
	}
	struct stat st;
	assert_int_equal(stat("a/b/c", &st), 0);
	assert_int_equal(stat("d/e", &st), 0);
	assert_ok(file_make_parent("x/y/file"));
	assert_int_equal(stat("x/y", &st), 0);
	assert_int_equal(stat("x/y/file", &st), -1);
	assert_ok(file_make_parent("here"));
	assert_ok(file_make_parent("/top"));
}

static void test_remove_tree_follows_no_links(void **state)
{
	(void)state;
	put("keep/file", "x");
	put("tree/a/b/file", "x");
	assert_int_equal(symlink("../keep", "tree/link"), 0);
	assert_int_equal(symlink("/", "tree/a/root"), 0);
	assert_int_equal(mkfifo("tree/fifo", 0600), 0);
	assert_ok(file_remove_tree("tree"));
	assert_ok(file_remove_tree("tree")); /* not there: no error */
	assert_int_equal(access("tree", F_OK), -1);
	assert_int_equal(access("keep/file", F_OK), 0);

	assert_int_equal(symlink("keep", "link"), 0);
	assert_ok(file_remove_tree("link"));
	assert_int_equal(access("keep/file", F_OK), 0);
}

static void test_temporary_folders_are_private(void **state)
{
	setenv("TMPDIR", *state, 1);
	char *a, *b;
	assert_ok(file_temporary_folder("x", &a));
	assert_ok(file_temporary_folder("x", &b));
	setenv("TMPDIR", "", 1);
	char *c;
	assert_ok(file_temporary_folder("x", &c));
	unsetenv("TMPDIR");
	assert_string_not_equal(a, b);
	assert_memory_equal(a, *state, strlen(*state));
	assert_memory_equal(c, "/tmp/x.", 7);
	struct stat st;
	assert_int_equal(stat(a, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_ok(file_remove_tree(c));
	free(a);
	free(b);
	free(c);
}

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void test_xdg_folder(void **state)
{
	(void)state;
	static const struct {
		const char *variable, *home, *expected; /* NULL: an error */
	} rows[] = {
		{ "/state", "/home/a", "/state/dxgmatrix" },
		{ "/state", NULL, "/state/dxgmatrix" },
		{ NULL, "/home/a", "/home/a/.local/state/dxgmatrix" },
		{ "", "/home/a", "/home/a/.local/state/dxgmatrix" },
		/* "If an implementation encounters a relative path … consider the path
		 * invalid and ignore it." */
		{ "state", "/home/a", "/home/a/.local/state/dxgmatrix" },
		{ "./state", "/home/a", "/home/a/.local/state/dxgmatrix" },
		{ NULL, NULL, NULL },
		{ NULL, "", NULL },
		{ "state", "home", NULL },
	};
	cleanup_free char *home = xstrdup(getenv("HOME"));
	for_each_row(row, rows) {
		set("XDG_STATE_HOME", row->variable);
		set("HOME", row->home);
		char *folder = NULL;
		struct error *err =
			file_xdg_folder("XDG_STATE_HOME", ".local/state", &folder);
		if (!row->expected) {
			assert_error(err, "neither XDG_STATE_HOME nor HOME");
			continue;
		}
		assert_ok(err);
		assert_string_equal(folder, row->expected);
		free(folder);
	}
	set("HOME", home);
	unsetenv("XDG_STATE_HOME");
}

static void test_nothing_leads_out_of_a_root(void **state)
{
	(void)state;
	put("secret", "outside");
	put("root/etc/file", "inside");
	put("root/etc/large", "0123456789");
	put("root/secret", "the root's own");
	assert_ok(file_make_folder("root/dev"));
	assert_int_equal(mkfifo("root/dev/fifo", 0644), 0);
	const struct {
		const char *target, *link;
	} links[] = {
		{ "file", "root/etc/near" },
		{ "/etc/file", "root/etc/absolute" },
		{ "../../../../../../secret", "root/etc/climbing" },
		{ "../..", "root/etc/up" },
		{ "/", "root/etc/top" },
		{ "loop", "root/etc/loop" },
		{ "/proc/self/fd/0", "root/etc/magic" },
		{ "/dev/null", "root/etc/device" },
		{ "absent", "root/etc/dangling" },
	};
	for_each_row(row, links)
		assert_int_equal(symlink(row->target, row->link), 0);

	static const struct {
		const char *path, *text; /* NULL: not readable */
		bool exists;
	} rows[] = {
		{ "/etc/file", "inside", true },
		{ "/etc/near", "inside", true },
		/* as a chroot would: the root's own file, never this machine's */
		{ "/etc/absolute", "inside", true },
		{ "/etc/climbing", "the root's own", true },
		{ "/etc/up/secret", "the root's own", true },
		{ "/etc/top/etc/file", "inside", true },
		{ "/../secret", "the root's own", true },
		{ "/etc/../../secret", "the root's own", true },
		{ "/etc/large", NULL, true },
		{ "/etc/loop", NULL, false },
		{ "/etc/magic", NULL, false },
		{ "/etc/device", NULL, false },
		{ "/etc/dangling", NULL, false },
		{ "/etc/absent", NULL, false },
		{ "/etc/file/below", NULL, false },
		{ "/etc", NULL, true },
		{ "/dev/fifo", NULL, true },
	};
	for_each_row(row, rows) {
		cleanup_free char *text = NULL;
		size_t size = 0;
		/* "inside" and "outside" would fit, "0123456789" does not */
		bool read =
			root_read("root", row->path, row->text ? 14 : 7, &text, &size);
		if (read != (row->text != NULL) || (read && strcmp(text, row->text)))
			fail_msg("%s: '%s'", row->path, read ? text : "not readable");
		if (read)
			assert_int_equal(size, strlen(row->text));
		if (root_exists("root", row->path) != row->exists)
			fail_msg("%s: exists is not %d", row->path, row->exists);
	}
	char *text = NULL;
	assert_false(root_read("absent", "/etc/file", 100, &text, NULL));
	assert_false(root_read("secret", "/", 100, &text, NULL));
	assert_false(root_exists("absent", "/"));
	assert_null(text);
}

static void test_a_device_below_a_root_is_not_opened(void **state)
{
	(void)state;
	assert_ok(file_make_folder("root"));
	if (mknod("root/zero", S_IFCHR | 0666, (1 << 8) | 5) < 0) {
		print_message("making a device file: %s\n", strerror(errno));
		skip();
	}
	char *text = NULL;
	assert_false(root_read("root", "/zero", 100, &text, NULL));
	assert_true(root_exists("root", "/zero"));
}

static void test_names_of_a_folder_are_sorted(void **state)
{
	(void)state;
	put("root/d/b", "");
	put("root/d/a", "");
	put("root/d/.hidden", "");
	put("root/d/sub/file", "");
	put("outside/x", "");
	assert_int_equal(symlink("../../outside", "root/d/out"), 0);
	assert_ok(file_make_folder("root/empty"));
	cleanup_names char **names = NULL;
	assert_true(root_list("root", "/d", 5, &names));
	static const char *const expected[] = { ".hidden", "a", "b", "out", "sub" };
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		assert_string_equal(names[i], expected[i]);
	assert_null(names[5]);
	cleanup_names char **empty = NULL;
	assert_true(root_list("root", "/empty", 0, &empty));
	assert_null(empty[0]);
	char **none = NULL;
	assert_false(root_list("root", "/d", 4, &none));
	assert_false(root_list("root", "/d/a", 9, &none));
	assert_false(root_list("root", "/d/out", 9, &none));
	assert_false(root_list("root", "/absent", 9, &none));
	assert_false(root_list("absent", "/", 9, &none));
	assert_null(none);
	names_free(NULL);
}

static void test_the_head_of_a_file(void **state)
{
	(void)state;
	put("root/f", "0123456789");
	assert_int_equal(mkfifo("root/fifo", 0644), 0);
	static const struct {
		const char *path;
		size_t size, got;
	} rows[] = {
		{ "/f", 4, 4 },      { "/f", 10, 10 },  { "/f", 16, 10 }, { "/f", 0, 0 },
		{ "/absent", 4, 0 }, { "/fifo", 4, 0 }, { "/", 4, 0 },
	};
	for_each_row(row, rows) {
		char head[17] = { 0 };
		assert_int_equal(root_head("root", row->path, head, row->size), row->got);
		assert_memory_equal(head, "0123456789", row->got);
		assert_int_equal(head[row->got], 0);
	}
}

static void test_without_a_root_it_is_this_machine(void **state)
{
	cleanup_free char *path = xasprintf("%s/f", (const char *)*state);
	put(path, "text");
	cleanup_free char *text = NULL;
	assert_true(root_read(NULL, path, 4, &text, NULL));
	assert_string_equal(text, "text");
	char *none = NULL;
	assert_false(root_read(NULL, path, 3, &none, NULL));
	assert_false(root_read(NULL, *state, 100, &none, NULL));
	assert_false(root_read(NULL, "/dev/zero", 100, &none, NULL));
	assert_int_equal(mkfifo("fifo", 0644), 0);
	cleanup_free char *fifo = xasprintf("%s/fifo", (const char *)*state);
	assert_false(root_read(NULL, fifo, 100, &none, NULL));
	assert_null(none);
	assert_true(root_exists(NULL, path));
	assert_false(root_exists(NULL, "/no/such/file"));
}

static void test_names_in_a_folder_below_a_root(void **state)
{
	(void)state;
	put("root/folder/b", "");
	put("root/folder/a/x", "");
	put("root/folder/.c", "");
	put("secret/d", "");
	assert_int_equal(symlink("../secret", "root/out"), 0);
	cleanup_names char **names = NULL;
	assert_true(root_list("root", "/folder", 3, &names));
	assert_string_equal(names[0], ".c");
	assert_string_equal(names[1], "a");
	assert_string_equal(names[2], "b");
	assert_null(names[3]);
	char **none = NULL;
	assert_false(root_list("root", "/folder", 2, &none));
	assert_false(root_list("root", "/folder/b", 9, &none));
	assert_false(root_list("root", "/out", 9, &none));
	assert_false(root_list("root", "/../secret", 9, &none));
	assert_false(root_list("absent", "/", 9, &none));
	assert_null(none);
	cleanup_names char **empty = NULL;
	assert_int_equal(mkdir("root/empty", 0755), 0);
	assert_true(root_list(NULL, "root/empty", 9, &empty));
	assert_null(empty[0]);
}

static void test_head_of_a_file(void **state)
{
	(void)state;
	char head[4] = "";
	put("root/f", "12345");
	put("secret", "12345");
	assert_int_equal(symlink("../secret", "root/out"), 0);
	assert_int_equal(mkfifo("root/pipe", 0644), 0);
	assert_int_equal(root_head("root", "/f", head, 4), 4);
	assert_memory_equal(head, "1234", 4);
	assert_int_equal(root_head(NULL, "root/f", head, 4), 4);
	put("root/f", "12");
	assert_int_equal(root_head("root", "/f", head, 4), 2);
	assert_int_equal(root_head("root", "/absent", head, 4), 0);
	assert_int_equal(root_head("root", "/out", head, 4), 0);
	assert_int_equal(root_head("root", "/pipe", head, 4), 0);
	assert_int_equal(root_head("root", "/", head, 4), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)
	static const struct CMUnitTest tests[] = {
		TEST(test_read_gives_every_byte_and_a_NUL),
		TEST(test_a_head_is_no_more_than_asked_for),
		TEST(test_read_stops_at_the_limit),
		TEST(test_read_of_files_without_a_size),
		TEST(test_write_replaces_and_leaves_nothing_beside),
		TEST(test_write_that_fails_leaves_the_old_one),
		TEST(test_write_is_never_seen_half),
		TEST(test_write_follows_no_link_at_its_place),
		TEST(test_create_keeps_what_is_there),
		TEST(test_folders_are_made_with_what_is_above),
		TEST(test_remove_tree_follows_no_links),
		TEST(test_temporary_folders_are_private),
		TEST(test_xdg_folder),
		TEST(test_nothing_leads_out_of_a_root),
		TEST(test_a_device_below_a_root_is_not_opened),
		TEST(test_names_of_a_folder_are_sorted),
		TEST(test_the_head_of_a_file),
		TEST(test_without_a_root_it_is_this_machine),
		TEST(test_names_in_a_folder_below_a_root),
		TEST(test_head_of_a_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
