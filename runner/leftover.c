#include "runner/leftover.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "runner/child.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/file.h"

/* An environment longer than this is cut by us, not by the kernel. */
#define ENVIRONMENT_MAX (256 * 1024)

/* @return whether the folder is ours and the runner that it names is no more. */
static bool is_leftover(const char *path)
{
	struct stat st;
	const char *name = strrchr(path, '/') + 1 + strlen(CHILD_FOLDER_PREFIX);
	char *end;
	long runner = strtol(name, &end, 10);
	return isdigit((unsigned char)*name) && *end == '.' && strlen(end) == 7 &&
	       runner > 0 && lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
	       st.st_uid == geteuid() && kill((pid_t)runner, 0) < 0 && errno == ESRCH;
}

/* @return whether a process lives in the folder: by the home it was given. */
static bool lives_in(const char *pid, const char *folder)
{
	cleanup_free char *path = xasprintf("/proc/%s/environ", pid);
	cleanup_free char *home = xasprintf("HOME=%s/" CHILD_HOME, folder);
	cleanup_free char *environment = NULL;
	size_t size, length = strlen(home) + 1;
	if (!root_read(NULL, path, ENVIRONMENT_MAX, &environment, &size))
		return false;
	const char *at = environment;
	while ((at = memmem(at, size - (size_t)(at - environment), home, length))) {
		if (at == environment || at[-1] == '\0')
			return true;
		at += length;
	}
	return false;
}

static void end_processes(const char *folder)
{
	cleanup_closedir DIR *proc = opendir("/proc");
	struct dirent *entry;
	while (proc && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    lives_in(entry->d_name, folder))
			kill((pid_t)atoi(entry->d_name), SIGKILL);
}

void leftover_remove(void)
{
	const char *parent = getenv("TMPDIR");
	cleanup_free char *pattern = xasprintf("%s/" CHILD_FOLDER_PREFIX "*.*",
					       parent && *parent ? parent : "/tmp");
	glob_t found = { 0 };
	glob(pattern, GLOB_NOSORT, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		if (!is_leftover(found.gl_pathv[i]))
			continue;
		end_processes(found.gl_pathv[i]);
		/* What resists stays for the next time. */
		cleanup_error struct error *err = file_remove_tree(found.gl_pathv[i]);
	}
	globfree(&found);
}
