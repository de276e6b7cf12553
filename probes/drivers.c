#include "probes/drivers.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static bool begins_with_any(const char *string, const char *const *prefixes)
{
	for (; *prefixes; prefixes++)
		if (!strncmp(string, *prefixes, strlen(*prefixes)))
			return true;
	return false;
}

void drivers_forget_settings(const char *const *prefixes)
{
	for (char **entry = environ; entry && *entry;) {
		const char *end = strchr(*entry, '=');
		if (!end || end == *entry || !begins_with_any(*entry, prefixes)) {
			entry++;
			continue;
		}
		cleanup_free char *name = xstrndup(*entry, (size_t)(end - *entry));
		if (unsetenv(name) < 0) /* what follows has moved here */
			entry++;
	}
}
