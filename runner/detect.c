#include "runner/detect.h"

#include <ctype.h>
#include <fcntl.h>
#include <string.h>

#include "record/shape.h"
#include "record/version.h"
#include "runner/clean.h"
#include "runner/driver_store.h"
#include "runner/environment.h"
#include "runner/interop.h"
#include "runner/machine.h"
#include "runner/packages.h"
#include "util/array.h"
#include "util/file.h"

#define RELEASE_MAX 4096
#define KERNEL_MAX  128
#define NAME_LENGTH 128
#define WSLINFO_MS  5000
#define COMMAND_MS  5000

static const char driver_pointer[] = "/combination/driver/version";

static void cite(struct record *record, const char *pointer, const char *text)
{
	*arena_push(&record->arena, record->evidence, record->n_evidence) =
		(struct evidence){ pointer, -1, arena_strdup(&record->arena, text) };
}

/* As uname -r prints it: one word. */
static const char *kernel_of(struct record *record, char *text)
{
	size_t length = strcspn(text, "\r\n");
	for (size_t i = 0; i < length; i++)
		if (!isgraph((unsigned char)text[i]))
			return NULL;
	if (length == 0 || length > KERNEL_MAX || !isdigit((unsigned char)text[0]))
		return NULL;
	return arena_strndup(&record->arena, text, length);
}

static void detect_kernel(const char *root, struct record *record)
{
	static const char *const argv[] = { "uname", "-r", NULL };
	static const struct machine_command uname = { "uname", "-r", argv, COMMAND_MS };
	cleanup_free char *text = NULL;
	size_t size;
	if (root_read(root, "/proc/sys/kernel/osrelease", RELEASE_MAX, &text, NULL) ||
	    machine_command(root, &uname, &text, &size))
		record->combination.kernel = kernel_of(record, text);
}

static const char *normal(struct record *record, bool (*form)(const char *, char *),
			  const char *text)
{
	char version[VERSION_MAX];
	return form(text, version) ? arena_strdup(&record->arena, version) : NULL;
}

/* The version compiled into the running /init. The second spelling is the older one, of
 * WSL 2.2.3 (microsoft/WSL:src/linux/init/wslinfo.cpp); its usage text is translated, so
 * the shape of the answer decides. */
static void detect_wsl(const char *root, struct record *record)
{
	static const char *const spellings[] = { "--version", "--wsl-version" };
	for_each_row(spelling, spellings) {
		const char *const argv[] = { "wslinfo", *spelling, NULL };
		const struct machine_command wslinfo = { "wslinfo", *spelling, argv,
							 WSLINFO_MS };
		cleanup_free char *text = NULL;
		size_t size;
		if (record->combination.wsl ||
		    !machine_command(root, &wslinfo, &text, &size))
			continue;
		text[strcspn(text, "\r\n")] = '\0';
		record->combination.wsl = normal(record, version_wsl, text);
	}
}

static void detect_windows(const char *root, struct record *record)
{
	struct combination *combination = &record->combination;
	struct wsl_version version;
	if (!interop_wsl_version(root, &version))
		return;
	combination->wsl_installed = arena_strdup(&record->arena, version.wsl.version);
	combination->windows = arena_strdup(&record->arena, version.windows.version);
	combination->wslg = arena_strdup(&record->arena, version.wslg.version);
	combination->msrdc = arena_strdup(&record->arena, version.msrdc.version);
	combination->direct3d = arena_strdup(&record->arena, version.direct3d.version);
	combination->dxcore = arena_strdup(&record->arena, version.dxcore.version);
	if (combination->wsl || record->environment.kind != ENVIRONMENT_WSL2)
		return;
	combination->wsl = combination->wsl_installed;
	cite(record, "/combination/wsl",
	     "wsl.exe --version, the installed package: wslinfo did not answer");
}

static void take_folder(struct record *record, const struct driver_folder *folder)
{
	struct combination *combination = &record->combination;
	if (folder->says.date[0])
		combination->driver_date =
			arena_strdup(&record->arena, folder->says.date);
	combination->driver_inf = folder->inf;
}

static void detect_driver(const char *root, struct record *record)
{
	struct driver_store store;
	const struct driver_folder *only = NULL;
	size_t n = 0;
	driver_store_read(root, &record->arena, &store);
	for (size_t i = 0; i < store.n; i++) {
		if (store.folders[i].says.class != INF_CLASS_DISPLAY)
			continue;
		only = &store.folders[i];
		n++;
	}
	if (n != 1 || !only->says.version[0])
		return;
	record->combination.driver = arena_strdup(&record->arena, only->says.version);
	take_folder(record, only);
	cite(record, driver_pointer,
	     arena_printf(&record->arena,
			  "DriverVer of %s, the only GPU driver in the driver store; "
			  "the adapter was not asked",
			  only->inf));
}

/* Version and power of a Windows machine mean nothing where there is none. */
static bool has_windows(const struct record *record)
{
	switch (record->environment.kind) {
	case ENVIRONMENT_WSL2:
	case ENVIRONMENT_WSL1:
	case ENVIRONMENT_CONTAINER:
	case ENVIRONMENT_UNKNOWN:
		return true;
	case ENVIRONMENT_HYPER_V:
	case ENVIRONMENT_LINUX:
	case ENVIRONMENT_COUNT:
		break;
	}
	return false;
}

static bool is_folder(const char *path)
{
	cleanup_close int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0;
}

struct error *detect(const char *root, struct record *record)
{
	if (root && !is_folder(root))
		return error_errno("%s", root);
	detect_kernel(root, record);
	environment_read(root, record);
	record->combination.distro = distro_read(root, &record->arena);
	packages_read(root, &record->arena, &record->combination);
	if (!has_windows(record))
		return NULL;
	detect_wsl(root, record);
	detect_windows(root, record);
	detect_driver(root, record);
	return NULL;
}

static const char *shaped(const struct findings *findings, enum finding what,
			  const struct shape *shape)
{
	const char *text = findings_string(findings, what);
	return text && shape->matches(text) ? text : NULL;
}

static const char *driver_version(struct record *record, const struct findings *findings,
				  enum finding what)
{
	const char *text = findings_string(findings, what);
	return text ? normal(record, version_driver, text) : NULL;
}

static void forget_driver(struct record *record)
{
	struct combination *combination = &record->combination;
	combination->driver = combination->driver_date = combination->driver_inf = NULL;
	combination->driver_public = NULL;
	size_t kept = 0;
	for (size_t i = 0; i < record->n_evidence; i++)
		if (strcmp(record->evidence[i].pointer, driver_pointer) != 0)
			record->evidence[kept++] = record->evidence[i];
	record->n_evidence = kept;
}

static void contradict(struct record *record, const char *a, const char *b)
{
	struct contradiction *both = arena_push(&record->arena, record->contradictions,
						record->n_contradictions);
	both->pointer = driver_pointer;
	strings_add(&record->arena, &both->values, a);
	strings_add(&record->arena, &both->values, b);
	record->combination.driver = NULL;
}

/* Checks the version against the INF of the folder that the adapter names. */
static void check_folder(struct record *record, const char *name, const char *root)
{
	struct driver_folder folder;
	if (!name || !driver_folder_read(root, &record->arena, name, &folder))
		return;
	take_folder(record, &folder);
	if (!folder.says.version[0])
		return;
	const char *version = arena_strdup(&record->arena, folder.says.version);
	if (!record->combination.driver) {
		record->combination.driver = version;
		cite(record, driver_pointer,
		     arena_printf(&record->arena,
				  "DriverVer of %s, in the folder the adapter names",
				  folder.inf));
	} else if (strcmp(record->combination.driver, version) != 0) {
		contradict(record, record->combination.driver, version);
	}
}

static const char *class_of(const struct findings *identity)
{
	static const char *const classes[] = { "gpu", "npu", "software" };
	const char *text = findings_string(identity, FIND_ADAPTER_CLASS);
	for_each_row(class, classes)
		if (text && !strcmp(text, *class))
			return *class;
	return NULL;
}

void detect_adapter(struct record *record, const struct findings *identity,
		    const char *root)
{
	struct adapter *adapter = &record->combination.adapter;
	const char *pci = shaped(identity, FIND_PCI, &shape_pci);
	const char *revision = shaped(identity, FIND_REVISION, &shape_revision);
	const char *name = findings_string(identity, FIND_DESCRIPTION);
	adapter->present = true;
	adapter->pci = arena_strdup(&record->arena, pci);
	adapter->vendor = pci ? arena_strndup(&record->arena, pci, 4) : NULL;
	adapter->revision = arena_strdup(&record->arena, revision);
	adapter->name =
		name ? clean_text(&record->arena, name, strlen(name), NAME_LENGTH) : NULL;
	adapter->class = class_of(identity);
	forget_driver(record);
	record->combination.driver = driver_version(record, identity, FIND_KMD_VERSION);
	if (!record->combination.driver)
		record->combination.driver =
			driver_version(record, identity, FIND_UMD_VERSION);
	check_folder(record, findings_string(identity, FIND_DRIVER_STORE), root);
}
