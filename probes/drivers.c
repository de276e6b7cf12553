#include "probes/drivers.h"

#include <stdbool.h>
#include <string.h>

#include "util/alloc.h"
#include "util/cleanup.h"

static bool ends_with(const char *name, const char *suffix)
{
	size_t length = strlen(name), tail = strlen(suffix);
	return length > tail && !strcmp(name + length - tail, suffix);
}

int drivers_count(const char *const *folders, const char *suffix)
{
	int count = 0;
	for (; *folders; folders++) {
		cleanup_closedir DIR *folder = opendir(*folders);
		struct dirent *entry;
		while (folder && (entry = readdir(folder)))
			count += ends_with(entry->d_name, suffix);
	}
	return count;
}

static char *find_in(const char *path, const char *prefix, const char *suffix)
{
	cleanup_closedir DIR *folder = opendir(path);
	char *first = NULL;
	struct dirent *entry;
	while (folder && (entry = readdir(folder))) {
		if (strncmp(entry->d_name, prefix, strlen(prefix)) ||
		    !ends_with(entry->d_name, suffix) ||
		    (first && strcmp(first, entry->d_name) < 0))
			continue;
		free(first);
		first = xstrdup(entry->d_name);
	}
	char *found = first ? xasprintf("%s/%s", path, first) : NULL;
	free(first);
	return found;
}

char *drivers_find(const char *const *folders, const char *prefix, const char *suffix)
{
	for (; *folders; folders++) {
		char *found = find_in(*folders, prefix, suffix);
		if (found)
			return found;
	}
	return NULL;
}
