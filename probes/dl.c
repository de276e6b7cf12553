#include "probes/dl.h"

#include <dlfcn.h>
#include <link.h>
#include <stdarg.h>
#include <string.h>

/* glibc's dlerror(3) is "OBJECT: what: why", where OBJECT is what could not be opened: the
 * library itself by the name it was asked for, or a dependency (elf/dl-load.c,
 * elf/dl-exception.c). There is no other way to tell the two: both are one NULL. */
static bool is_not_there(const char *library, const char *says)
{
	static const char not_there[] =
		": cannot open shared object file: No such file or directory";
	size_t length = strlen(library);
	return !strncmp(says, library, length) && !strcmp(says + length, not_there);
}

static enum outcome bind(struct probe *p, void *handle, va_list args)
{
	const char *name;
	while ((name = va_arg(args, const char *))) {
		void **address = va_arg(args, void **);
		bool optional = *name == '?';
		*address = dlsym(handle, name + optional);
		if (*address || optional)
			continue;
		probe_find(p, FIND_MISSING_SYMBOL, name);
		return probe_fail(p, REASON_SYMBOL_MISSING);
	}
	return OUTCOME_PASS;
}

enum outcome dl_open(struct probe *p, const char *library, ...)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	if (!handle) {
		const char *says = dlerror();
		if (is_not_there(library, says))
			return probe_skip(p, REASON_NOT_INSTALLED);
		probe_find(p, FIND_LOADER_SAYS, says);
		return probe_fail(p, REASON_UNLOADABLE);
	}
	struct link_map *map = NULL;
	if (dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0)
		probe_find(p, FIND_LIBRARY, map->l_name);

	va_list args;
	va_start(args, library);
	enum outcome outcome = bind(p, handle, args);
	va_end(args);
	return outcome;
}
