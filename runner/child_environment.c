#include "runner/child_environment.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/array.h"

const char *const child_folders[4] = { "home", "cache", "tmp", "work" };

static const struct {
	const char *name;
	const char *folder; /* below the child's own; NULL: fixed is the value */
	const char *fixed;
} set[] = {
	{ "HOME", "home", NULL },
	{ "XDG_CACHE_HOME", "cache", NULL },
	{ "TMPDIR", "tmp", NULL },
	{ "PWD", "work", NULL },
	/* Texts of loaders and compilers in one language. */
	{ "LC_ALL", NULL, "C.UTF-8" },
};

static const char *const dropped[] = {
	/* compiler caches: a kernel that was built yesterday proves no compiler */
	"POCL_CACHE_DIR",
	"POCL_KERNEL_CACHE",
	"NEO_CACHE_DIR",
	"NEO_CACHE_PERSISTENT",
	"cl_cache_dir",
	"CUDA_CACHE_PATH",
	"MESA_SHADER_CACHE_DIR",
	"MESA_GLSL_CACHE_DIR",
	/* the desktop: Vulkan layers ask it which GPU to prefer, and wait for it */
	"DISPLAY",
	"WAYLAND_DISPLAY",
	"XAUTHORITY",
	"DBUS_SESSION_BUS_ADDRESS",
	"SSH_AUTH_SOCK",
	"LANGUAGE",
	"OLDPWD",
};

static bool is_named(const char *entry, const char *name)
{
	size_t length = strlen(name);
	return !strncmp(entry, name, length) && entry[length] == '=';
}

static bool is_passed_on(const char *entry)
{
	for_each_row(name, dropped)
		if (is_named(entry, *name))
			return false;
	for_each_row(row, set)
		if (is_named(entry, row->name))
			return false;
	return true;
}

char **child_environment(const char *folder)
{
	size_t n = 0, kept = 0;
	while (environ[n])
		n++;
	char **ret = xcalloc(n + ARRAY_SIZE(set) + 1, sizeof(*ret));
	for (size_t i = 0; i < n; i++)
		if (is_passed_on(environ[i]))
			ret[kept++] = xstrdup(environ[i]);
	for_each_row(row, set)
		ret[kept++] = row->folder ? xasprintf("%s=%s/%s", row->name, folder,
						      row->folder)
					  : xasprintf("%s=%s", row->name, row->fixed);
	return ret;
}

void child_environment_deinit(char ***environment)
{
	for (char **entry = *environment; entry && *entry; entry++)
		free(*entry);
	free(*environment);
}
