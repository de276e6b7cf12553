/* root_tree.h: the files of a machine, made for one test and removed after it. */
#pragma once

#include <unistd.h>

#include "tests/testing.h"
#include "util/file.h"

static char *tree; /* the root folder, of the running test */

static inline int tree_setup(void **state)
{
	(void)state;
	assert_ok(file_temporary_folder("dxgmatrix-test", &tree));
	return 0;
}

static inline int tree_teardown(void **state)
{
	(void)state;
	assert_ok(file_remove_tree(tree));
	free(tree);
	return 0;
}

#define tree_test(name) cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

/* Makes "/etc/name" below the root, with the folders above it. */
static inline void tree_put_bytes(const char *path, const void *bytes, size_t size)
{
	cleanup_free char *whole = xasprintf("%s%s", tree, path);
	assert_ok(file_make_parent(whole));
	assert_ok(file_write(whole, bytes, size, 0644, false));
}

static inline void tree_put(const char *path, const char *text)
{
	tree_put_bytes(path, text, strlen(text));
}

static inline void tree_link(const char *path, const char *target)
{
	cleanup_free char *whole = xasprintf("%s%s", tree, path);
	assert_ok(file_make_parent(whole));
	assert_int_equal(symlink(target, whole), 0);
}

/* A recorded command; argv with one argument per line. */
static inline void tree_put_command(const char *name, const char *argv, const char *out,
				    const char *status)
{
	static const char *const suffixes[] = { "argv", "out", "status" };
	const char *const texts[] = { argv, out, status };
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		cleanup_free char *path =
			xasprintf("/.commands/%s.%s", name, suffixes[i]);
		if (texts[i])
			tree_put(path, texts[i]);
	}
}
