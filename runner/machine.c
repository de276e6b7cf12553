#include "runner/machine.h"

#include <string.h>
#include <strings.h>

#include "runner/exec.h"
#include "util/alloc.h"
#include "util/file.h"

#define OUTPUT_MAX   ((size_t)8 << 20)
#define ARGV_MAX     4096
#define COMMANDS_MAX 1000

static bool is_program(const char *word, size_t length, const char *program)
{
	const char *slash = memrchr(word, '/', length);
	if (slash) {
		length -= (size_t)(slash + 1 - word);
		word = slash + 1;
	}
	if (length > 4 && !strncasecmp(word + length - 4, ".exe", 4))
		length -= 4;
	return length == strlen(program) && !strncasecmp(word, program, length);
}

/* Does a recorded argv begin with the program and have the key among its arguments? */
static bool argv_fits(const char *argv, size_t size, const char *program, const char *key)
{
	bool first = true, keyed = !key;
	for (size_t at = 0; at < size;) {
		size_t length = 0;
		while (at + length < size && !memchr("\n\t ", argv[at + length], 4))
			length++; /* the four are newline, tab, blank and NUL */
		if (length && first && !is_program(argv + at, length, program))
			return false;
		if (length && !first && key && length == strlen(key) &&
		    !memcmp(argv + at, key, length))
			keyed = true;
		first = first && !length;
		at += length + 1;
	}
	return !first && keyed;
}

/* The name without ".out", or NULL. */
static char *recording_name(const char *file)
{
	const char *dot = strrchr(file, '.');
	return dot && dot != file && !strcmp(dot, ".out")
		       ? xstrndup(file, (size_t)(dot - file))
		       : NULL;
}

static bool recording_fits(const char *root, const char *name, const char *program,
			   const char *key)
{
	cleanup_free char *path = xasprintf("/.commands/%s.argv", name), *argv = NULL;
	size_t size;
	if (!root_exists(root, path))
		return is_program(name, strlen(name), program);
	return root_read(root, path, ARGV_MAX, &argv, &size) &&
	       argv_fits(argv, size, program, key);
}

static bool exited_well(const char *root, const char *name)
{
	cleanup_free char *path = xasprintf("/.commands/%s.status", name), *status = NULL;
	if (!root_exists(root, path))
		return true;
	return root_read(root, path, ARGV_MAX, &status, NULL) && status[0] == '0' &&
	       status[1 + strspn(status + 1, "\r\n ")] == '\0';
}

bool machine_recorded(const char *root, const char *program, const char *key, char **ret,
		      size_t *ret_size)
{
	cleanup_names char **files = NULL;
	if (!root_list(root, "/.commands", COMMANDS_MAX, &files))
		return false;
	for (char **file = files; *file; file++) {
		cleanup_free char *name = recording_name(*file);
		if (!name || !recording_fits(root, name, program, key))
			continue;
		cleanup_free char *path = xasprintf("/.commands/%s", *file);
		if (exited_well(root, name) &&
		    root_read(root, path, OUTPUT_MAX, ret, ret_size))
			return true;
	}
	return false;
}

bool machine_command(const char *root, const struct machine_command *command, char **ret,
		     size_t *ret_size)
{
	if (root)
		return machine_recorded(root, command->program, command->key, ret,
					ret_size);
	struct exec_request request = {
		.programs = (const char *const[]){ command->argv[0], NULL },
		.argv = command->argv,
		.folder = "/",
		.timeout_ms = command->timeout_ms,
		.limit = OUTPUT_MAX
	};
	struct exec_answer answer;
	cleanup_error struct error *err = exec_run(&request, &answer);
	if (err)
		return false;
	if (answer.status != 0 || answer.late || answer.floods) {
		free(answer.output);
		return false;
	}
	*ret = answer.output;
	*ret_size = answer.size;
	return true;
}
