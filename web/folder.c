#include "web/folder.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/array.h"
#include "util/file.h"
#include "util/strbuf.h"

#define LIST_NAME ".dxgmatrix-site"
#define LIST_HEAD "dxgmatrix-site/1\n"
/* 1,000,000 pages of 128 bytes of path. */
#define LIST_MAX (128 * 1024 * 1024)

struct folder {
	char *path;
	struct arena arena;
	struct strings old, paths; /* ascending */
	char *list; /* the bytes of the list as it lies there; NULL: none */
	struct folder_counts counts;
};

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool has(const struct strings *strings, const char *string)
{
	return strings->n &&
	       bsearch(&string, strings->string, strings->n, sizeof(string), compare);
}

static void sort(struct strings *strings)
{
	if (strings->n)
		qsort(strings->string, strings->n, sizeof(*strings->string), compare);
}

/* A path below the folder and nothing else: the list may have been edited. */
static bool is_below(const char *path)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-._/";
	return *path && *path != '/' && path[strspn(path, allowed)] == '\0' &&
	       !strstr(path, "..") && !strstr(path, "//") && !strstr(path, "/.");
}

static struct error *read_list(struct folder *folder)
{
	cleanup_free char *path = xasprintf("%s/" LIST_NAME, folder->path);
	struct error *err = file_read(path, LIST_MAX, &folder->list, NULL);
	if (err)
		return err;
	if (strncmp(folder->list, LIST_HEAD, strlen(LIST_HEAD)))
		return error_create("%s is no list of ours", path);
	char *copy = arena_strdup(&folder->arena, folder->list + strlen(LIST_HEAD));
	for (char *line = strtok(copy, "\n"); line; line = strtok(NULL, "\n"))
		if (is_below(line))
			strings_add(&folder->arena, &folder->old, line);
	sort(&folder->old);
	return NULL;
}

/* @return 1 empty, 0 not, -1 where it is not there or cannot be read (see errno) */
static int is_empty(const char *path)
{
	cleanup_closedir DIR *dir = opendir(path);
	if (!dir)
		return -1;
	struct dirent *entry;
	errno = 0;
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			return 0;
	return errno ? -1 : 1;
}

static struct error *write_list(struct folder *folder, bool with_old)
{
	cleanup_strbuf struct strbuf list;
	strbuf_init(&list);
	strbuf_add_string(&list, LIST_HEAD);
	for (size_t i = 0; i < folder->paths.n; i++)
		strbuf_printf(&list, "%s\n", folder->paths.string[i]);
	for (size_t i = 0; with_old && i < folder->old.n; i++)
		if (!has(&folder->paths, folder->old.string[i]))
			strbuf_printf(&list, "%s\n", folder->old.string[i]);
	if (folder->list && !strcmp(folder->list, list.string))
		return NULL;
	cleanup_free char *path = xasprintf("%s/" LIST_NAME, folder->path);
	struct error *err = file_write(path, list.string, list.length, 0644, false);
	if (err)
		return err;
	free(folder->list);
	folder->list = strbuf_take(&list);
	return NULL;
}

static struct error *open_folder(struct folder *folder)
{
	cleanup_free char *list = xasprintf("%s/" LIST_NAME, folder->path);
	int empty = is_empty(folder->path);
	if (empty < 0 && errno != ENOENT)
		return error_errno("%s", folder->path);
	if (empty < 0)
		return file_make_folder(folder->path);
	if (empty > 0)
		return NULL;
	if (access(list, F_OK))
		return error_create("%s is not empty and was not written by dxgmatrix "
				    "site: name another folder",
				    folder->path);
	return read_list(folder);
}

struct error *folder_open(const char *path, const struct strings *paths,
			  struct folder **ret)
{
	cleanup_folder struct folder *folder = xcalloc(1, sizeof(*folder));
	folder->path = xstrdup(path);
	for (size_t i = 0; i < paths->n; i++) {
		if (!is_below(paths->string[i]))
			return error_create("'%s' cannot be a file of the site",
					    paths->string[i]);
		strings_add(&folder->arena, &folder->paths, paths->string[i]);
	}
	sort(&folder->paths);
	struct error *err = open_folder(folder);
	if (!err)
		err = write_list(folder, true);
	if (err)
		return err;
	*ret = take_ptr(folder);
	return NULL;
}

static bool is_equal(const char *path, const void *bytes, size_t size)
{
	struct stat info;
	if (lstat(path, &info) || !S_ISREG(info.st_mode) || (size_t)info.st_size != size)
		return false;
	cleanup_free char *old = NULL;
	size_t old_size = 0;
	cleanup_error struct error *err = file_read(path, size, &old, &old_size);
	return !err && old_size == size && !memcmp(old, bytes, size);
}

struct error *folder_write(struct folder *folder, const char *path, const void *bytes,
			   size_t size)
{
	if (!has(&folder->paths, path))
		return error_create("'%s' was not announced as a file of the site", path);
	cleanup_free char *full = xasprintf("%s/%s", folder->path, path);
	folder->counts.files++;
	if (is_equal(full, bytes, size))
		return NULL;
	struct error *err = file_make_parent(full);
	if (!err)
		err = file_write(full, bytes, size, 0644, false);
	folder->counts.written += !err;
	return err;
}

/* Folders that this left empty go too, up to ours. */
static void remove_parents(struct folder *folder, const char *path)
{
	cleanup_free char *parent = xstrdup(path);
	for (char *slash; (slash = strrchr(parent, '/'));) {
		*slash = '\0';
		cleanup_free char *full = xasprintf("%s/%s", folder->path, parent);
		if (rmdir(full))
			return;
	}
}

struct error *folder_finish(struct folder *folder, struct folder_counts *ret)
{
	for (size_t i = 0; i < folder->old.n; i++) {
		const char *path = folder->old.string[i];
		if (has(&folder->paths, path))
			continue;
		cleanup_free char *full = xasprintf("%s/%s", folder->path, path);
		if (unlink(full) && errno != ENOENT)
			return error_errno("%s", full);
		folder->counts.deleted++;
		remove_parents(folder, path);
	}
	struct error *err = write_list(folder, false);
	if (!err)
		*ret = folder->counts;
	return err;
}

void folder_close(struct folder *folder)
{
	if (!folder)
		return;
	free(folder->path);
	free(folder->list);
	arena_deinit(&folder->arena);
	free(folder);
}
