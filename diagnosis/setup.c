#include "diagnosis/setup.h"

#include <ctype.h>
#include <string.h>

#include "diagnosis/gpu.h"
#include "record/version.h"

const char *setup_gpu(struct arena *arena, const struct combination *combination)
{
	const struct adapter *adapter = &combination->adapter;
	if (!adapter->present)
		return NULL;
	const char *noun =
		adapter->class && !strcmp(adapter->class, "npu") ? "NPU" : "GPU";
	const char *maker = gpu_vendor_title(adapter->vendor);
	if (adapter->name && adapter->pci)
		return arena_printf(arena, "%s (%s)", adapter->name, adapter->pci);
	if (adapter->name)
		return arena_strdup(arena, adapter->name);
	if (adapter->pci)
		return arena_printf(arena, "%s %s", noun, adapter->pci);
	if (maker)
		return arena_printf(arena, "%s %s", maker, noun);
	return adapter->vendor
		       ? arena_printf(arena, "%s of vendor %s", noun, adapter->vendor)
		       : NULL;
}

const char *setup_driver(struct arena *arena, const struct combination *combination)
{
	const char *version =
		combination->driver ? combination->driver : combination->driver_public;
	if (!version)
		return NULL;
	const char *date = combination->driver_date;
	return arena_printf(arena, "Windows driver %s%s%s", version, date ? ", " : "",
			    date ? date : "");
}

const char *setup_wsl(struct arena *arena, const struct combination *combination)
{
	const char *kernel = combination->kernel;
	int base = kernel ? (int)version_kernel_base(kernel) : 0;
	if (combination->wsl && kernel)
		return arena_printf(arena, "WSL %s, kernel %.*s", combination->wsl, base,
				    kernel);
	if (combination->wsl)
		return arena_printf(arena, "WSL %s", combination->wsl);
	return kernel ? arena_printf(arena, "kernel %.*s", base, kernel) : NULL;
}

/* Builds of the Canary channel begin with 27; released ones never did. */
static bool is_insider(const char *windows)
{
	struct version version;
	return version_parse(windows, &version) && version.part[2] / 1000 == 27;
}

const char *setup_distro(struct arena *arena, const struct combination *combination)
{
	if (!combination->distro)
		return NULL;
	char *distro = arena_strdup(arena, combination->distro);
	distro[0] = (char)toupper((unsigned char)distro[0]);
	char *dash = strrchr(distro, '-');
	if (dash)
		*dash = ' ';
	return distro;
}

const char *setup_windows(struct arena *arena, const struct combination *combination)
{
	const char *windows = combination->windows;
	const char *distro = setup_distro(arena, combination);
	if (!windows)
		return distro;
	return arena_printf(arena, "Windows %s%s%s%s", windows,
			    is_insider(windows) ? " (Insider)" : "", distro ? ", " : "",
			    distro ? distro : "");
}
