/* dxgmatrix: one table of commands. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/array.h"
#include "util/command.h"

#define COMMANDS(X)                                                                      \
	X(run)                                                                           \
	X(show)                                                                          \
	X(explain)                                                                       \
	X(detect)                                                                        \
	X(trace)                                                                         \
	X(ingest)                                                                        \
	X(site)                                                                          \
	X(validate)

#define X(name) extern const struct command command_##name;
COMMANDS(X)
#undef X

static const struct command *const commands[] = {
#define X(name) &command_##name,
	COMMANDS(X)
#undef X
};

static void print_help(FILE *file)
{
	fputs("usage: dxgmatrix COMMAND [options] [arguments]\n\n"
	      "Does the GPU work inside WSL2, and which layer is broken if not?\n\n",
	      file);
	for_each_row(command, commands)
		fprintf(file, "  %-10s  %s\n", (*command)->name, (*command)->summary);
	fputs("\ndxgmatrix COMMAND --help tells more. dxgmatrix --version prints the "
	      "version.\n",
	      file);
}

/* Where a caller closed one of the first three, the next file of ours would take its place
 * and get what is meant for a reader. Writing to what is open for reading fails, so that it
 * is still told. */
static void hold_standard_descriptors(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", O_RDONLY) < 0)
			_exit(1);
}

/* @return the exit status, once all is written. */
static int end(const char *name, int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "dxgmatrix%s%s: standard output: write failed\n",
		*name ? " " : "", name);
	return 1;
}

static int run(const struct command *command, int argc, char **argv)
{
	int status = 0;
	cleanup_error struct error *err = command->run(command, argc, argv, &status);
	if (!err)
		return end(command->name, status);
	fprintf(stderr, "dxgmatrix %s: %s\n", command->name, err->message);
	return err->usage ? 2 : 1;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	hold_standard_descriptors();
	if (!strcmp(name, "--version")) {
		puts("dxgmatrix " DXGMATRIX_VERSION);
		return end("", 0);
	}
	if (!strcmp(name, "--help") || !strcmp(name, "help")) {
		print_help(stdout);
		return end("", 0);
	}
	for_each_row(command, commands)
		if (!strcmp((*command)->name, name))
			return run(*command, argc - 1, argv + 1);
	if (*name)
		fprintf(stderr, "dxgmatrix: there is no command '%s'\n\n", name);
	print_help(stderr);
	return 2;
}
