/* file.h: whole files, folders, and files below a root folder. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

/*
 * Reads a whole file.
 * @param limit  the most bytes accepted; a longer file is an error that says so
 * @param ret    bytes with a NUL behind them, the caller's to free
 * @param ret_size  may be NULL
 */
struct error *file_read(const char *path, size_t limit, char **ret,
			size_t *ret_size) must_check;
/* Opens a file, or whatever can be read but a folder. @param ret  the caller's to close */
struct error *file_open(const char *path, int *ret) must_check;
/*
 * Reads from an open descriptor, which stays open, to its end or `most` bytes.
 * @param name  for the message
 * @param ret   as of file_read
 */
struct error *file_read_head(int fd, const char *name, size_t most, char **ret,
			     size_t *ret_size) must_check;
/* Reads all of it, as file_read. */
struct error *file_read_fd(int fd, const char *name, size_t limit, char **ret,
			   size_t *ret_size) must_check;
/*
 * Writes a whole file so that at any moment the old or the new one is there: a temporary
 * file beside it, then rename.
 * @param mode     permission bits
 * @param durable  also fsync file and folder before returning
 */
struct error *file_write(const char *path, const void *bytes, size_t size, int mode,
			 bool durable) must_check;
/*
 * The same, but a file that is there stays as it is, which is no error: of several
 * processes that create it at once, all find the first one's. Always durable.
 */
struct error *file_create(const char *path, const void *bytes, size_t size,
			  int mode) must_check;
/* Makes the folder and what is missing above it, mode 0777 less the umask. */
struct error *file_make_folder(const char *path) must_check;
/* Makes the folder in which path would lie. */
struct error *file_make_parent(const char *path) must_check;
/* Deletes a folder and all below it; what is not there is no error. Follows no links. */
struct error *file_remove_tree(const char *path) must_check;
/* @return a fresh private folder below $TMPDIR or /tmp, the caller's to free and delete. */
struct error *file_temporary_folder(const char *prefix, char **ret) must_check;
/*
 * The place of an XDG base folder of this program: "$variable/dxgmatrix", else
 * "$HOME/fallback/dxgmatrix" (XDG Base Directory Specification 0.8).
 * @param variable  "XDG_STATE_HOME"
 * @param fallback  ".local/state"
 * @param ret       the caller's to free; the folder need not exist
 */
struct error *file_xdg_folder(const char *variable, const char *fallback,
			      char **ret) must_check;

/*
 * A file of a recorded machine: `path` (absolute) below the folder `root`, or of this
 * machine when root is NULL. Below a root no link leads out and nothing but a regular
 * file is opened: the root came from outside.
 * @return false where there is no such readable regular file of at most limit bytes
 * (for this machine: of at most limit bytes as read; files in /proc have no size)
 */
bool root_read(const char *root, const char *path, size_t limit, char **ret,
	       size_t *ret_size);
bool root_exists(const char *root, const char *path);
/*
 * The names in a folder of such a machine, sorted, without "." and "..".
 * @param limit  a folder with more names is treated as unreadable
 * @param ret    ended by NULL; the caller's, for names_free
 */
bool root_list(const char *root, const char *path, size_t limit, char ***ret);
void names_free(char **names);
DEFINE_CLEANUP(cleanup_names_p, char **, names_free)
#define cleanup_names cleanup_with(cleanup_names_p)
/* @return how many bytes from the start of such a regular file were put into ret, at most
 * size; 0 where it cannot be read. */
size_t root_head(const char *root, const char *path, void *ret, size_t size);
