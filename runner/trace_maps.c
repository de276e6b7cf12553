#include "runner/trace_maps.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/trace_memory.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/file.h"

#define MAPS_SIZE_MAX (16 * 1024 * 1024)
/* Of an ELF file: its header, where its sections lie, and most often its build id. */
#define HEAD_SIZE 1024

static void cut_end(char *text, const char *end)
{
	size_t length = strlen(text), most = strlen(end);
	if (length > most && !strcmp(text + length - most, end))
		text[length - most] = '\0';
}

/* "start-end perms offset dev inode  path" */
static bool read_map(char *line, struct trace_map *ret)
{
	char permissions[5];
	int at = 0;
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %*s %" SCNu64 " %n",
		   &ret->start, &ret->end, permissions, &ret->offset, &ret->inode,
		   &at) != 5 ||
	    !at || ret->end <= ret->start)
		return false;
	ret->executable = permissions[2] == 'x';
	ret->path = line + at;
	cut_end(line + at, " (deleted)");
	return true;
}

bool trace_maps_read(pid_t tid, struct trace_maps *ret)
{
	cleanup_free char *path = xasprintf("/proc/%d/maps", (int)tid);
	*ret = (struct trace_maps){ .tid = tid };
	if (!root_read(NULL, path, MAPS_SIZE_MAX, &ret->text, NULL)) {
		ret->text = NULL;
		return false;
	}
	size_t lines = 0;
	for (const char *c = ret->text; *c; c++)
		lines += *c == '\n';
	ret->maps = xcalloc(lines + 1, sizeof(*ret->maps));
	char *rest = ret->text, *line;
	while ((line = strsep(&rest, "\n")) && ret->n <= lines)
		if (read_map(line, &ret->maps[ret->n]))
			ret->n++;
	return true;
}

void trace_maps_deinit(struct trace_maps *maps)
{
	free(maps->text);
	free(maps->maps);
}

const struct trace_map *maps_after(const struct trace_maps *maps, uint64_t address)
{
	size_t low = 0, high = maps->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (maps->maps[middle].end > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low < maps->n ? &maps->maps[low] : NULL;
}

const struct trace_map *maps_code(const struct trace_maps *maps, uint64_t address)
{
	const struct trace_map *map = maps_after(maps, address);
	return map && address >= map->start && map->executable ? map : NULL;
}

const struct trace_map *maps_head(const struct trace_maps *maps,
				  const struct trace_map *map)
{
	for (const struct trace_map *head = map; head >= maps->maps; head--) {
		if (!map_same_file(head, map))
			continue;
		if (!head->offset || !*map->path)
			return head;
	}
	return NULL;
}

bool map_same_file(const struct trace_map *a, const struct trace_map *b)
{
	return a->inode == b->inode && !strcmp(a->path, b->path);
}

const char *map_name(const struct trace_map *map)
{
	const char *slash = strrchr(map->path, '/');
	if (!*map->path)
		return "generated code";
	return slash ? slash + 1 : map->path;
}

bool map_is_c_library(const struct trace_map *map)
{
	static const char *const names[] = {
		"libc.so",  "libc-2.",  "libc.musl-", "libpthread.so", "libpthread-2.",
		"ld-linux", "ld-musl-", "ld-2.",      "[vdso]"
	};
	for_each_row(name, names)
		if (!strncmp(map_name(map), *name, strlen(*name)))
			return true;
	return false;
}

static int open_file(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Device and inode would not do: overlay file systems show others here than there. */
static bool is_mapped(int fd, const struct trace_maps *maps, const struct trace_map *map)
{
	const struct trace_map *head = maps_head(maps, map);
	uint8_t mapped[HEAD_SIZE], now[HEAD_SIZE];
	if (!head)
		return false;
	size_t size = tracee_read_some(maps->tid, head->start, mapped, sizeof(mapped));
	return size && pread(fd, now, size, 0) == (ssize_t)size &&
	       !memcmp(mapped, now, size);
}

int map_open(const struct trace_maps *maps, const struct trace_map *map)
{
	if (*map->path != '/')
		return -1;
	/* The second is for root alone, and outlives the file's name. */
	char *paths[] = {
		xasprintf("/proc/%d/root%s", (int)maps->tid, map->path),
		xasprintf("/proc/%d/map_files/%" PRIx64 "-%" PRIx64, (int)maps->tid,
			  map->start, map->end),
	};
	int fd = -1;
	for_each_row(path, paths) {
		if (fd < 0)
			fd = open_file(*path);
		if (fd >= 0 && !is_mapped(fd, maps, map)) {
			close(fd);
			fd = -1;
		}
		free(*path);
	}
	return fd;
}
