#include "runner/packages.h"

#include <ctype.h>
#include <string.h>

#include "runner/machine.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/file.h"

#define DATABASE_MAX ((size_t)64 << 20)
#define RELEASE_MAX  16384
#define NAME_MAX_    128
#define WORD_MAX     64
#define PACKAGES_MAX 500
#define COMMAND_MS   20000

/* clang-format off */
static const char *const words[] = {
	"igc", "igdfcl", "gmm", "opencl", "level-zero", "level_zero", "ocloc", "libze",
	"intel-compute-runtime", "intel-graphics-compiler", "mesa", "vulkan", "rocm", "hsa",
	"rocdxg", "cuda", "openvino", "directml",
};
/* clang-format on */

static bool is_wanted(const char *name)
{
	for_each_row(word, words)
		if (strstr(name, *word))
			return true;
	return false;
}

/* A name or version as all package managers write them; keeps anything else out of the
 * record. */
static bool is_plain(const char *text)
{
	size_t n = 0;
	for (; text[n]; n++)
		if (!isalnum((unsigned char)text[n]) && !strchr(".+-_~:@^", text[n]))
			return false;
	return n > 0 && n <= NAME_MAX_;
}

static void add(struct arena *arena, struct combination *combination, const char *name,
		const char *version)
{
	if (combination->n_packages == PACKAGES_MAX || !is_plain(name) ||
	    !is_plain(version) || !is_wanted(name))
		return;
	/* A second architecture of the same package. */
	for (size_t i = 0; i < combination->n_packages; i++)
		if (!strcmp(combination->packages[i].name, name))
			return;
	*arena_push(arena, combination->packages, combination->n_packages) =
		(struct package){ arena_strdup(arena, name),
				  arena_strdup(arena, version) };
}

/* Paragraphs of "Field: value", ended by an empty line: dpkg's status and apk's installed
 * have the same form and differ in the names. */
struct paragraph_form {
	const char *path;
	const char *name, *version;
	const char *status; /* NULL: all in the file are installed */
};

static const struct paragraph_form forms[] = {
	{ "/var/lib/dpkg/status", "Package: ", "Version: ", "Status: " },
	{ "/lib/apk/db/installed", "P:", "V:", NULL },
};

static const char *value_of(const char *line, const char *field)
{
	size_t length = strlen(field);
	return strncmp(line, field, length) == 0 ? line + length : NULL;
}

static bool ends_in_installed(const char *status)
{
	const char *last = strrchr(status, ' ');
	return last && !strcmp(last + 1, "installed");
}

static bool read_paragraphs(const char *root, const struct paragraph_form *form,
			    struct arena *arena, struct combination *combination)
{
	cleanup_free char *text = NULL;
	if (!root_read(root, form->path, DATABASE_MAX, &text, NULL))
		return false;
	const char *name = NULL, *version = NULL, *value;
	bool installed = !form->status;
	for (char *line = text, *next; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if ((value = value_of(line, form->name)))
			name = value;
		else if ((value = value_of(line, form->version)))
			version = value;
		else if (form->status && (value = value_of(line, form->status)))
			installed = ends_in_installed(value);
		if (next && *line)
			continue;
		if (name && version && installed)
			add(arena, combination, name, version);
		name = version = NULL;
		installed = !form->status;
	}
	return true;
}

static const char *const dpkg_argv[] = { "dpkg-query", "-W", NULL };
static const char *const rpm_argv[] = { "rpm", "-qa", "--qf",
					"%{NAME}\t%{VERSION}-%{RELEASE}\n", NULL };
static const char *const pacman_argv[] = { "pacman", "-Q", NULL };

/* Each prints a name, a blank and a version on a line. The first has files of its own and
 * is asked only where a recording left them out. */
static const struct machine_command commands[] = {
	{ "dpkg-query", NULL, dpkg_argv, COMMAND_MS },
	{ "rpm", NULL, rpm_argv, COMMAND_MS },
	{ "pacman", NULL, pacman_argv, COMMAND_MS },
};

static bool read_command(const char *root, const struct machine_command *command,
			 struct arena *arena, struct combination *combination)
{
	cleanup_free char *output = NULL;
	size_t size;
	if (!machine_command(root, command, &output, &size))
		return false;
	char *state;
	for (char *line = strtok_r(output, "\r\n", &state); line;
	     line = strtok_r(NULL, "\r\n", &state)) {
		size_t n = strcspn(line, "\t ");
		if (!line[n])
			continue;
		line[n] = '\0';
		char *version = line + n + 1 + strspn(line + n + 1, "\t ");
		version[strcspn(version, "\t ")] = '\0';
		line[strcspn(line, ":")] = '\0'; /* dpkg: name:architecture */
		add(arena, combination, line, version);
	}
	return true;
}

static int compare_packages(const void *a, const void *b)
{
	return strcmp(((const struct package *)a)->name,
		      ((const struct package *)b)->name);
}

static void read_any(const char *root, struct arena *arena,
		     struct combination *combination)
{
	for_each_row(form, forms)
		if (read_paragraphs(root, form, arena, combination))
			return;
	for_each_row(command, commands)
		if (read_command(root, command, arena, combination))
			return;
}

void packages_read(const char *root, struct arena *arena, struct combination *combination)
{
	read_any(root, arena, combination);
	if (combination->n_packages)
		qsort(combination->packages, combination->n_packages,
		      sizeof(*combination->packages), compare_packages);
}

/* os-release(5): like a shell's assignments; the words we want need no escapes. */
static bool read_word(const char *value, char ret[WORD_MAX])
{
	char quote = *value == '"' || *value == '\'' ? *value : '\0';
	value += quote != '\0';
	size_t n = 0;
	while (isalnum((unsigned char)value[n]) || (value[n] && strchr("._-", value[n])))
		n++;
	const char *end = value + n;
	if (quote && *end++ != quote)
		return false;
	if (n == 0 || n >= WORD_MAX || end[strspn(end, " \t\r")])
		return false;
	memcpy(ret, value, n);
	ret[n] = '\0';
	return true;
}

const char *distro_read(const char *root, struct arena *arena)
{
	cleanup_free char *text = NULL;
	char id[WORD_MAX] = "", version[WORD_MAX] = "", *state;
	if (!root_read(root, "/etc/os-release", RELEASE_MAX, &text, NULL) &&
	    !root_read(root, "/usr/lib/os-release", RELEASE_MAX, &text, NULL))
		return NULL;
	for (char *line = strtok_r(text, "\n", &state); line;
	     line = strtok_r(NULL, "\n", &state)) {
		const char *value;
		if ((value = value_of(line, "ID=")))
			read_word(value, id);
		else if ((value = value_of(line, "VERSION_ID=")))
			read_word(value, version);
	}
	if (!id[0])
		return NULL;
	return arena_printf(arena, "%s%s%s", id, version[0] ? "-" : "", version);
}
