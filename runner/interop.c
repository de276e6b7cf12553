#include "runner/interop.h"

#include <fnmatch.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>

#include "runner/exec.h"
#include "runner/machine.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/encoding.h"
#include "util/file.h"

#define TIMEOUT_MS   10000
#define OUTPUT_MAX   65536
#define CONFIG_MAX   65536
#define SOCKETS_MAX  1000
#define ATTEMPTS_MAX 6
#define DRIVES       24 /* c to z */

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool read_block(const char *bytes, size_t size, struct wsl_version *ret)
{
	struct text text;
	cleanup_error struct error *err = text_to_utf8(bytes, size, &text);
	if (err)
		return false;
	bool found = wsl_version_read(text.utf8, text.size, ret);
	free(text.utf8);
	return found;
}

/* Where drives are mounted: /etc/wsl.conf, [automount] root = /mnt/ (learn.microsoft.com,
 * "Advanced settings configuration in WSL"). @return the caller's to free, with a '/' */
static char *automount_root(void)
{
	cleanup_free char *config = NULL;
	char *state, section[32] = "", value[256];
	if (!root_read(NULL, "/etc/wsl.conf", CONFIG_MAX, &config, NULL))
		return xstrdup("/mnt/");
	for (char *line = strtok_r(config, "\r\n", &state); line;
	     line = strtok_r(NULL, "\r\n", &state)) {
		if (sscanf(line, " [%31[^]]", section) == 1 ||
		    strcasecmp(section, "automount") != 0 ||
		    (sscanf(line, " root = \"%255[^\"]", value) != 1 &&
		     sscanf(line, " root = %255s", value) != 1))
			continue;
		if (value[0] == '/')
			return xasprintf("%s%s", value,
					 value[strlen(value) - 1] == '/' ? "" : "/");
	}
	return xstrdup("/mnt/");
}

/* The sockets in the order in which they are worth trying. */
struct sockets {
	char *path[ATTEMPTS_MAX];
	size_t n;
};

static void sockets_add(struct sockets *sockets, const char *path)
{
	struct stat st;
	for (size_t i = 0; i < sockets->n; i++)
		if (!strcmp(sockets->path[i], path))
			return;
	if (sockets->n < ATTEMPTS_MAX && path[0] == '/' && stat(path, &st) == 0 &&
	    S_ISSOCK(st.st_mode))
		sockets->path[sockets->n++] = xstrdup(path);
}

static void sockets_deinit(struct sockets *sockets)
{
	for (size_t i = 0; i < sockets->n; i++)
		free(sockets->path[i]);
}

/* A socket of another session goes with that session: the youngest lives longest. */
static int compare_age(const void *a, const void *b)
{
	struct stat first = { 0 }, second = { 0 };
	stat(*(char *const *)a, &first);
	stat(*(char *const *)b, &second);
	if (first.st_mtim.tv_sec != second.st_mtim.tv_sec)
		return first.st_mtim.tv_sec > second.st_mtim.tv_sec ? -1 : 1;
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sockets_add_others(struct sockets *sockets)
{
	cleanup_names char **names = NULL;
	size_t n = 0;
	if (!root_list(NULL, "/run/WSL", SOCKETS_MAX, &names))
		return;
	for (; names[n]; n++) {
		char *path = xasprintf("/run/WSL/%s", names[n]);
		free(names[n]);
		names[n] = path;
	}
	qsort(names, n, sizeof(*names), compare_age);
	for (size_t i = 0; i < n; i++)
		if (fnmatch("*_interop", names[i], 0) == 0)
			sockets_add(sockets, names[i]);
}

static void sockets_find(struct sockets *sockets)
{
	const char *inherited = getenv("WSL_INTEROP");
	if (inherited)
		sockets_add(sockets, inherited);
	sockets_add(sockets, "/run/WSL/1_interop");
	sockets_add(sockets, "/run/WSL/2_interop");
	sockets_add_others(sockets);
}

static bool ask(const char *const *programs, const char *socket, int timeout_ms,
		struct wsl_version *ret)
{
	static const char *const argv[] = { "wsl.exe", "--version", NULL };
	const char *shared = getenv("WSLENV");
	cleanup_free char *interop = xasprintf("WSL_INTEROP=%s", socket);
	cleanup_free char *wslenv = xasprintf("WSLENV=%s%sWSL_UTF8", shared ? shared : "",
					      shared && *shared ? ":" : "");
	const char *const environment[] = { interop, wslenv, "WSL_UTF8=1", NULL };
	struct exec_request request = { .programs = programs,
					.argv = argv,
					.environment = environment,
					.folder = "/",
					.timeout_ms = timeout_ms,
					.limit = OUTPUT_MAX };
	struct exec_answer answer;
	cleanup_error struct error *err = exec_run(&request, &answer);
	if (err)
		return false;
	bool found = answer.status == 0 && !answer.late &&
		     read_block(answer.output, answer.size, ret);
	free(answer.output);
	return found;
}

bool interop_wsl_version(const char *root, struct wsl_version *ret)
{
	if (root) {
		cleanup_free char *output = NULL;
		size_t size;
		return machine_recorded(root, "wsl", "--version", &output, &size) &&
		       read_block(output, size, ret);
	}
	cleanup_with(sockets_deinit) struct sockets sockets = { 0 };
	sockets_find(&sockets);
	cleanup_free char *mounts = automount_root();
	char path[DRIVES][512];
	const char *programs[DRIVES + 1] = { NULL };
	for (size_t i = 0; i < DRIVES; i++) {
		snprintf(path[i], sizeof(path[i]), "%s%c/Windows/System32/wsl.exe",
			 mounts, (char)('c' + i));
		programs[i] = path[i];
	}
	int64_t end = now_ms() + TIMEOUT_MS;
	for (size_t i = 0; i < sockets.n && now_ms() < end; i++)
		if (ask(programs, sockets.path[i], (int)(end - now_ms()), ret))
			return true;
	return false;
}
