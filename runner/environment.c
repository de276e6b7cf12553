#include "runner/environment.h"

#include <ctype.h>
#include <string.h>

#include "runner/hypervisor.h"
#include "runner/machine.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/file.h"

#define FILE_MAX      65536
#define SUPPLIES_MAX  64
#define WSLINFO_MS    5000
#define KERNEL_LOG_MS 5000

enum family {
	FAMILY_NAME,      /* the kernel is named as WSL's are; anyone may name it so */
	FAMILY_WSL,       /* only WSL's own virtual machine has this */
	FAMILY_CONTAINER, /* of any kind */
	FAMILY_HYPER_V,   /* an ordinary virtual machine of Hyper-V */
	FAMILY_NOTE,      /* worth telling, proves nothing */
	FAMILY_COUNT
};

/* A file that exists, or that contains a text (ASCII, any case); without a path, the name
 * of the kernel. */
static const struct mark {
	enum family family;
	const char *path, *contains, *words;
} marks[] = {
	{ FAMILY_NAME, NULL, "microsoft", "osrelease contains microsoft" },
	{ FAMILY_NAME, NULL, "wsl", "osrelease contains WSL" },
	{ FAMILY_WSL, "/run/WSL", NULL, "/run/WSL exists" },
	/* microsoft/WSL:src/shared/inc/lxinitshared.h */
	{ FAMILY_WSL, "/proc/cmdline", "WSL_ROOT_INIT=1",
	  "the kernel's command line names WSL's init" },
	{ FAMILY_CONTAINER, "/proc/cmdline", "WSLC_ROOT_INIT",
	  "the kernel's command line names a WSL container" },
	/* microsoft/WSL#13449: the second name on distributions with systemd */
	{ FAMILY_WSL, "/proc/sys/fs/binfmt_misc/WSLInterop", NULL,
	  "Windows programs are registered (WSLInterop)" },
	{ FAMILY_WSL, "/proc/sys/fs/binfmt_misc/WSLInterop-late", NULL,
	  "Windows programs are registered (WSLInterop-late)" },
	{ FAMILY_CONTAINER, "/.dockerenv", NULL, "/.dockerenv exists" },
	{ FAMILY_CONTAINER, "/run/.containerenv", NULL, "/run/.containerenv exists" },
	{ FAMILY_CONTAINER, "/proc/1/cgroup", "docker",
	  "the first process is in a cgroup of docker" },
	{ FAMILY_CONTAINER, "/proc/1/cgroup", "kubepods",
	  "the first process is in a cgroup of kubepods" },
	{ FAMILY_CONTAINER, "/proc/1/cgroup", "libpod",
	  "the first process is in a cgroup of libpod" },
	{ FAMILY_CONTAINER, "/proc/1/environ", "container=docker",
	  "the first process says container=docker" },
	{ FAMILY_CONTAINER, "/proc/1/environ", "container=podman",
	  "the first process says container=podman" },
	{ FAMILY_CONTAINER, "/proc/1/environ", "container=oci",
	  "the first process says container=oci" },
	{ FAMILY_CONTAINER, "/proc/1/environ", "container=lxc",
	  "the first process says container=lxc" },
	{ FAMILY_CONTAINER, "/proc/1/environ", "container=systemd-nspawn",
	  "the first process says container=systemd-nspawn" },
	/* WSL's machine has no firmware tables: "DMI not present or invalid." */
	{ FAMILY_HYPER_V, "/sys/class/dmi/id/product_name", "virtual machine",
	  "the firmware says Virtual Machine" },
	{ FAMILY_NOTE, "/dev/dxg", NULL, "/dev/dxg exists" },
	{ FAMILY_NOTE, "/usr/lib/wsl", NULL, "/usr/lib/wsl exists" },
};

static bool contains_word(const char *text, size_t size, const char *word)
{
	size_t length = strlen(word);
	for (size_t i = 0; i + length <= size; i++) {
		size_t n = 0;
		while (n < length && tolower((unsigned char)text[i + n]) ==
					     tolower((unsigned char)word[n]))
			n++;
		if (n == length)
			return true;
	}
	return false;
}

static bool mark_seen(const char *root, const char *kernel, const struct mark *mark)
{
	if (!mark->path)
		return kernel && contains_word(kernel, strlen(kernel), mark->contains);
	if (!mark->contains)
		return root_exists(root, mark->path);
	cleanup_free char *text = NULL;
	size_t size;
	return root_read(root, mark->path, FILE_MAX, &text, &size) &&
	       contains_word(text, size, mark->contains);
}

/* What decides, beside the words. */
struct marks_seen {
	size_t of[FAMILY_COUNT];
	bool inside_distro; /* wslinfo answers: containers have none */
	bool wsl1;
	bool foreign_firmware, hypervisor;
};

static void note(struct record *record, const char *words)
{
	strings_add(&record->arena, &record->environment.seen, words);
}

/*
 * wslinfo is WSL's /init under another name and needs no way to Windows. Its words are
 * not translated (microsoft/WSL:src/linux/init/wslinfo.cpp).
 */
static void see_wslinfo(const char *root, struct record *record, struct marks_seen *seen)
{
	static const char *const modes[] = { "nat",         "mirrored", "bridged",
					     "virtioproxy", "none",     "wsl1" };
	static const char *const argv[] = { "wslinfo", "--networking-mode", NULL };
	const struct machine_command command = { "wslinfo", argv[1], argv, WSLINFO_MS };
	cleanup_free char *output = NULL;
	size_t size;
	if (!machine_command(root, &command, &output, &size))
		return;
	output[strcspn(output, "\r\n")] = '\0';
	for_each_row(mode, modes) {
		if (strcmp(output, *mode) != 0)
			continue;
		note(record, arena_printf(&record->arena, "wslinfo says %s", *mode));
		seen->inside_distro = true;
		seen->wsl1 |= !strcmp(*mode, "wsl1");
	}
}

static void see_kernel(struct record *record, struct marks_seen *seen)
{
	static const char wsl1[] = "-Microsoft";
	const char *kernel = record->combination.kernel;
	size_t length = kernel ? strlen(kernel) : 0, n = strlen(wsl1);
	if (length > n && !strncmp(kernel, "4.4.", 4) &&
	    !strcmp(kernel + length - n, wsl1)) {
		seen->wsl1 = true;
		note(record, "osrelease has the form of WSL1's");
	}
}

static void see_firmware(const char *root, struct record *record, struct marks_seen *seen)
{
	cleanup_free char *vendor = NULL;
	size_t size;
	if (!root_read(root, "/sys/class/dmi/id/sys_vendor", FILE_MAX, &vendor, &size) ||
	    contains_word(vendor, size, "microsoft corporation"))
		return;
	/* Anybody's virtual machine may be called Virtual Machine. */
	seen->of[FAMILY_HYPER_V] = 0;
	seen->foreign_firmware = true;
	note(record, "the firmware is not Microsoft's");
}

/* The hypervisor's build is not that of Windows: an enablement package raises the second
 * alone. So it is told here and is no component. */
static void see_hypervisor(const char *root, struct record *record,
			   struct marks_seen *seen)
{
	static const char detected[] = "Hypervisor detected: Microsoft Hyper-V";
	char build[VERSION_MAX];
	if (root) {
		cleanup_free char *log = NULL;
		size_t size;
		if (!machine_recorded(root, "dmesg", NULL, &log, &size))
			return;
		seen->hypervisor = memmem(log, size, detected, strlen(detected)) != NULL;
		if (!hypervisor_build_of_log(log, size, build))
			return;
	} else {
		seen->hypervisor = hypervisor_is_microsoft();
		if (!seen->hypervisor || !hypervisor_build_of_cpu(build))
			return;
	}
	note(record,
	     arena_printf(&record->arena,
			  "the hypervisor is Microsoft's, build %s (not Windows' own)",
			  build));
}

const char *environment_title(enum environment environment)
{
	static const char *const titles[ENVIRONMENT_COUNT] = {
		[ENVIRONMENT_UNKNOWN] = "a machine that does not say what it is",
		[ENVIRONMENT_WSL2] = "WSL2",
		[ENVIRONMENT_WSL1] = "WSL1, which has no GPU",
		[ENVIRONMENT_CONTAINER] = "a container",
		[ENVIRONMENT_HYPER_V] = "an ordinary virtual machine of Hyper-V",
		[ENVIRONMENT_LINUX] = "an ordinary Linux machine",
	};
	return titles[environment];
}

static enum environment decide(const struct marks_seen *seen, const char *kernel)
{
	bool hyper_v = seen->of[FAMILY_HYPER_V] > 0;
	bool wsl = seen->inside_distro || seen->of[FAMILY_WSL] > 0 ||
		   (seen->of[FAMILY_NAME] > 0 && !hyper_v);
	/* A distribution made from `docker export`, as Microsoft's own manual does it,
	 * keeps /.dockerenv. */
	if (seen->of[FAMILY_CONTAINER] > 0 && !seen->inside_distro)
		return ENVIRONMENT_CONTAINER;
	if (seen->wsl1)
		return ENVIRONMENT_WSL1;
	if (wsl)
		return ENVIRONMENT_WSL2;
	if (hyper_v || (seen->hypervisor && !seen->foreign_firmware))
		return ENVIRONMENT_HYPER_V;
	return kernel ? ENVIRONMENT_LINUX : ENVIRONMENT_UNKNOWN;
}

/* The first line of a file in a power supply's folder, or NULL. */
static char *read_supply(const char *root, const char *name, const char *file)
{
	cleanup_free char *path = xasprintf("/sys/class/power_supply/%s/%s", name, file);
	char *text;
	if (!root_read(root, path, FILE_MAX, &text, NULL))
		return NULL;
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static bool supply_says(const char *root, const char *name, const char *file,
			const char *what)
{
	cleanup_free char *text = read_supply(root, name, file);
	return text && !strcmp(text, what);
}

/* Linux: Documentation/ABI/testing/sysfs-class-power. */
static const char *power(const char *root)
{
	cleanup_names char **names = NULL;
	bool discharging = false;
	if (!root_list(root, "/sys/class/power_supply", SUPPLIES_MAX, &names))
		return NULL;
	for (char **name = names; *name; name++) {
		if (supply_says(root, *name, "scope", "Device"))
			continue; /* of a mouse */
		if (supply_says(root, *name, "online", "1") &&
		    !supply_says(root, *name, "type", "Battery"))
			return "ac";
		discharging |= supply_says(root, *name, "status", "Discharging");
	}
	return discharging ? "battery" : NULL;
}

void environment_read(const char *root, struct record *record)
{
	struct marks_seen seen = { 0 };
	see_wslinfo(root, record, &seen);
	see_kernel(record, &seen);
	for_each_row(mark, marks) {
		if (!mark_seen(root, record->combination.kernel, mark))
			continue;
		seen.of[mark->family]++;
		note(record, mark->words);
	}
	if (record->combination.kernel && !seen.of[FAMILY_NAME])
		note(record, "osrelease contains neither microsoft nor WSL");
	see_firmware(root, record, &seen);
	see_hypervisor(root, record, &seen);
	record->environment.kind = decide(&seen, record->combination.kernel);
	record->environment.power = power(root);
}

bool environment_is_inside(const struct record *record)
{
	const char *kernel = record->combination.kernel;
	return record->environment.kind == ENVIRONMENT_WSL2 ||
	       (record->environment.kind == ENVIRONMENT_CONTAINER && kernel &&
		strstr(kernel, "-WSL2"));
}
