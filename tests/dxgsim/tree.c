#include "tests/dxgsim/tree.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/file.h"

static struct error *add(const char *tree, const char *path)
{
	cleanup_free char *inside = xasprintf("%s%s", tree, path);
	struct error *err = file_make_parent(inside);
	return err ? err : file_write(inside, "", 0, 0444, false);
}

/* A file that is a folder of another one is a scenario's own contradiction. */
struct error *tree_create(const struct scenario *scenario, char **ret)
{
	char *tree;
	struct error *err = file_temporary_folder("dxgsim", &tree);
	if (err)
		return err;
	for (size_t i = 0; !err && i < scenario->file_count; i++) {
		const struct sim_file *file = &scenario->files[i];
		if (!strstr(file->path, "/../") && (file->text || file->source))
			err = add(tree, file->path);
	}
	if (err) {
		tree_destroy(tree);
		return err;
	}
	*ret = tree;
	return NULL;
}

void tree_destroy(char *tree)
{
	if (!tree)
		return;
	/* What cannot be deleted is left in the temporary folder. */
	cleanup_error struct error *err = file_remove_tree(tree);
	free(tree);
}

char *tree_find_folder(const char *tree, const char *path)
{
	cleanup_free char *inside = xasprintf("%s%s", tree, path);
	struct stat st;
	if (!access(path, F_OK) || stat(inside, &st) || !S_ISDIR(st.st_mode))
		return NULL;
	return take_ptr(inside);
}

const char *tree_leave(const char *tree, const char *path)
{
	size_t length = strlen(tree);
	return !strncmp(path, tree, length) && path[length] == '/' ? path + length : path;
}
