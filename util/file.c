#include "util/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "util/alloc.h"

struct error *file_open(const char *path, int *ret)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return error_errno("%s", path);
	struct stat st;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return error_errno("%s", path);
	}
	*ret = take_fd(fd);
	return NULL;
}

struct error *file_read_head(int fd, const char *name, size_t most, char **ret,
			     size_t *ret_size)
{
	size_t size = 0, capacity = most < 16384 ? most : 16384;
	cleanup_free char *bytes = xmalloc(capacity + 1);
	while (size < most) {
		if (size == capacity) {
			capacity = capacity > most / 2 ? most : capacity * 2;
			bytes = xreallocarray(bytes, capacity + 1, 1);
		}
		ssize_t n = read(fd, bytes + size, capacity - size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno("%s", name);
		if (n == 0)
			break;
		size += (size_t)n;
	}
	bytes[size] = '\0';
	*ret = take_ptr(bytes);
	*ret_size = size;
	return NULL;
}

struct error *file_read_fd(int fd, const char *name, size_t limit, char **ret,
			   size_t *ret_size)
{
	cleanup_free char *bytes = NULL;
	size_t size;
	struct error *err = file_read_head(fd, name, limit + 1, &bytes, &size);
	if (err)
		return err;
	if (size > limit)
		return error_create("%s: over %zu bytes", name, limit);
	*ret = take_ptr(bytes);
	if (ret_size)
		*ret_size = size;
	return NULL;
}

struct error *file_read(const char *path, size_t limit, char **ret, size_t *ret_size)
{
	cleanup_close int fd = -1;
	struct error *err = file_open(path, &fd);
	return err ? err : file_read_fd(fd, path, limit, ret, ret_size);
}

static char *parent_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return xstrdup(".");
	return slash == path ? xstrdup("/") : xstrndup(path, (size_t)(slash - path));
}

static struct error *write_all(int fd, const char *path, const char *bytes, size_t size)
{
	while (size) {
		ssize_t n = write(fd, bytes, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno("%s", path);
		bytes += n;
		size -= (size_t)n;
	}
	return NULL;
}

static struct error *sync_folder_of(const char *path)
{
	cleanup_free char *parent = parent_of(path);
	cleanup_close int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		return error_errno("%s", parent);
	return NULL;
}

/* A whole temporary file beside path, or none. @param ret  its name */
static struct error *write_temporary(const char *path, const void *bytes, size_t size,
				     int mode, bool durable, char **ret)
{
	/* Never a file that is there: it may be another's, or a link to elsewhere. */
	unsigned int suffix;
	if (getrandom(&suffix, sizeof(suffix), 0) != sizeof(suffix))
		return error_errno("random number");
	cleanup_free char *temporary = xasprintf("%s.%08x.tmp", path, suffix);
	cleanup_close int fd =
		open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return error_errno("%s", temporary);
	struct error *err = write_all(fd, temporary, bytes, size);
	if (!err && durable && fsync(fd) < 0)
		err = error_errno("%s", temporary);
	if (err)
		unlink(temporary);
	else
		*ret = take_ptr(temporary);
	return err;
}

struct error *file_write(const char *path, const void *bytes, size_t size, int mode,
			 bool durable)
{
	cleanup_free char *temporary = NULL;
	struct error *err = write_temporary(path, bytes, size, mode, durable, &temporary);
	if (err)
		return err;
	if (rename(temporary, path) < 0) {
		err = error_errno("%s", path);
		unlink(temporary);
		return err;
	}
	return durable ? sync_folder_of(path) : NULL;
}

struct error *file_create(const char *path, const void *bytes, size_t size, int mode)
{
	cleanup_free char *temporary = NULL;
	struct error *err = write_temporary(path, bytes, size, mode, true, &temporary);
	if (err)
		return err;
	/* Unlike rename, link does not replace: of several processes the first one wins. */
	if (link(temporary, path) < 0 && errno != EEXIST)
		err = error_errno("%s", path);
	unlink(temporary);
	return err ? err : sync_folder_of(path);
}

struct error *file_make_folder(const char *path)
{
	if (mkdir(path, 0777) == 0 || errno == EEXIST) {
		struct stat st;
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
			return NULL;
		errno = ENOTDIR;
		return error_errno("%s", path);
	}
	if (errno != ENOENT)
		return error_errno("%s", path);
	struct error *err = file_make_parent(path);
	if (err)
		return err;
	if (mkdir(path, 0777) < 0 && errno != EEXIST)
		return error_errno("%s", path);
	return NULL;
}

struct error *file_make_parent(const char *path)
{
	cleanup_free char *parent = parent_of(path);
	return file_make_folder(parent);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

struct error *file_remove_tree(const char *path)
{
	if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) < 0 && errno != ENOENT)
		return error_errno("remove %s", path);
	return NULL;
}

struct error *file_temporary_folder(const char *prefix, char **ret)
{
	const char *parent = getenv("TMPDIR");
	cleanup_free char *path =
		xasprintf("%s/%s.XXXXXX", parent && *parent ? parent : "/tmp", prefix);
	if (!mkdtemp(path))
		return error_errno("%s", path);
	*ret = take_ptr(path);
	return NULL;
}

struct error *file_xdg_folder(const char *variable, const char *fallback, char **ret)
{
	const char *base = getenv(variable), *home = getenv("HOME");
	/* "All paths … must be absolute. If … relative … consider the path invalid." */
	if (base && base[0] == '/') {
		*ret = xasprintf("%s/dxgmatrix", base);
		return NULL;
	}
	if (!home || home[0] != '/')
		return error_create("neither %s nor HOME names a folder", variable);
	*ret = xasprintf("%s/%s/dxgmatrix", home, fallback);
	return NULL;
}

/* @param root  NULL for this machine. */
static int open_in_root(const char *root, const char *path, int flags)
{
	flags |= O_CLOEXEC;
	if (!(flags & O_PATH)) /* with which openat2 refuses these */
		flags |= O_NONBLOCK | O_NOCTTY;
	if (!root)
		return open(path, flags);
	cleanup_close int folder = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return -1;
	/* IN_ROOT resolves absolute links below the root, as a chroot would (Linux 5.6).
	 */
	struct open_how how = { .flags = (uint64_t)flags,
				.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
	return (int)syscall(SYS_openat2, folder, path, &how, sizeof(how));
}

static bool is_regular(int fd)
{
	struct stat st;
	return fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* Below a root it is looked at before it is opened: to open a device can do something. */
static int open_below(const char *root, const char *path)
{
	cleanup_close int fd = open_in_root(root, path, root ? O_PATH : O_RDONLY);
	if (!is_regular(fd))
		return -1;
	if (!root)
		return take_fd(fd);
	char link[32];
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	return open(link, O_RDONLY | O_CLOEXEC);
}

bool root_read(const char *root, const char *path, size_t limit, char **ret,
	       size_t *ret_size)
{
	cleanup_close int fd = open_below(root, path);
	if (fd < 0)
		return false;
	cleanup_error struct error *err = file_read_fd(fd, path, limit, ret, ret_size);
	return !err;
}

bool root_exists(const char *root, const char *path)
{
	if (!root)
		return access(path, F_OK) == 0;
	cleanup_close int fd = open_in_root(root, path, O_PATH);
	return fd >= 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool root_list(const char *root, const char *path, size_t limit, char ***ret)
{
	cleanup_close int fd = open_in_root(root, path, O_RDONLY | O_DIRECTORY);
	cleanup_closedir DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	if (!folder)
		return false;
	fd = -1; /* the stream closes it */
	size_t n = 0;
	cleanup_names char **names = xcalloc(1, sizeof(*names));
	for (const struct dirent *entry; (entry = readdir(folder));) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (n == limit)
			return false;
		names = xreallocarray(names, n + 2, sizeof(*names));
		names[n++] = xstrdup(entry->d_name);
		names[n] = NULL;
	}
	qsort(names, n, sizeof(*names), compare_names);
	*ret = take_ptr(names);
	return true;
}

void names_free(char **names)
{
	for (char **name = names; name && *name; name++)
		free(*name);
	free(names);
}

size_t root_head(const char *root, const char *path, void *ret, size_t size)
{
	cleanup_close int fd = open_below(root, path);
	size_t got = 0;
	while (fd >= 0 && got < size) {
		ssize_t n = read(fd, (char *)ret + got, size - got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	return got;
}
