#include "runner/driver_store.h"

#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/file.h"

/* [Version] stands at the top, behind a comment at most. */
#define INF_HEAD    ((size_t)256 << 10)
#define FOLDERS_MAX 65536
#define FILES_MAX   65536

/*
 * Which INFs to open at all: the store has thousands of folders, each read a request to
 * Windows. The class inside the INF decides, so a pattern may be too wide: makers of
 * computers have NVIDIA INFs of their own (nv_dispi, nvlti, nvdmi, …), while NVIDIA's
 * audio and USB drivers are of another class. Names from microsoft/WSL#10547, #40842,
 * #41654 and NVIDIA/nvidia-container-toolkit#1890.
 */
static const char *const base_infs[] = {
	"iigd_dch*.inf", "npu.inf",    "nv*.inf",     "u[0-9]*.inf",
	"c[0-9]*.inf",   "amdnpu.inf", "kipudrv.inf", "qcdx*.inf",
};

/* Splits "iigd_dch.inf_amd64_0123456789abcdef". @return the length of the INF's name, or 0 */
static size_t inf_length(const char *name)
{
	const char *inf = strstr(name, ".inf_");
	if (!inf || inf == name || strchr(name, '/'))
		return 0;
	const char *digits = strrchr(name, '_') + 1;
	if (digits <= inf + strlen(".inf_") || strlen(digits) != 16 ||
	    strspn(digits, "0123456789abcdef") != 16)
		return 0;
	size_t length = (size_t)(inf - name) + strlen(".inf");
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("._-", name[i]))
			return 0;
	return length;
}

static bool may_be_base(const char *folder)
{
	size_t length = inf_length(folder);
	cleanup_free char *inf = xstrndup(folder, length);
	for_each_row(pattern, base_infs)
		if (length && fnmatch(*pattern, inf, FNM_CASEFOLD) == 0)
			return true;
	return false;
}

static bool is_library(const char *root, struct arena *arena, const char *folder,
		       const char *file)
{
	char head[4];
	const char *suffix = strstr(file, ".so");
	if (!suffix || (suffix[3] && suffix[3] != '.'))
		return false;
	const char *path = arena_printf(arena, DRIVER_STORE_PATH "/%s/%s", folder, file);
	return root_head(root, path, head, sizeof(head)) == sizeof(head) &&
	       !memcmp(head, "\177ELF", sizeof(head));
}

static bool has_library(const char *root, struct arena *arena, const char *folder)
{
	cleanup_names char **files = NULL;
	const char *path = arena_printf(arena, DRIVER_STORE_PATH "/%s", folder);
	if (!root_list(root, path, FILES_MAX, &files))
		return false;
	for (char **file = files; *file; file++)
		if (is_library(root, arena, folder, *file))
			return true;
	return false;
}

bool driver_folder_read(const char *root, struct arena *arena, const char *name,
			struct driver_folder *ret)
{
	size_t length = inf_length(name);
	if (!length)
		return false;
	struct driver_folder folder = { .name = arena_strdup(arena, name),
					.inf = arena_strndup(arena, name, length) };
	const char *path =
		arena_printf(arena, DRIVER_STORE_PATH "/%s/%s", name, folder.inf);
	cleanup_free char *bytes = xmalloc(INF_HEAD);
	size_t size = root_head(root, path, bytes, INF_HEAD);
	if (!inf_read(bytes, size, &folder.says))
		return false;
	folder.for_wsl = has_library(root, arena, name);
	*ret = folder;
	return true;
}

void driver_store_read(const char *root, struct arena *arena, struct driver_store *ret)
{
	struct driver_store store = { 0 };
	cleanup_names char **names = NULL;
	store.present = root_list(root, DRIVER_STORE_PATH, FOLDERS_MAX, &names);
	for (char **name = names; name && *name; name++) {
		struct driver_folder folder;
		if (may_be_base(*name) &&
		    driver_folder_read(root, arena, *name, &folder) &&
		    folder.says.class != INF_CLASS_OTHER)
			*arena_push(arena, store.folders, store.n) = folder;
	}
	*ret = store;
}
