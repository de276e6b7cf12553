/*
 * command.h: a subcommand of dxgmatrix and the options it takes.
 *
 * cmd_x.c ends with `const struct command command_x = { … }`; main.c holds the array.
 * The same rows that parse the options print --help, so the two cannot differ.
 */
#pragma once

#include <stdbool.h>

#include "util/error.h"

struct command_option {
	const char *name;     /* long form without dashes: "json" */
	const char *argument; /* NULL for a flag, else what the help calls its value:
				 "FILE" */
	void *value; /* bool * for a flag, const char ** else; both keep their default */
	const char *help; /* one line */
	char letter;      /* short form: 'o' for -o; 0: none */
};

struct command {
	const char *name;
	const char *arguments; /* "FILE…", or "" */
	const char *summary;   /* one line, for the list of commands */
	const char *help; /* what it does, what it prints, its exit status; may be NULL */
	/* @param ret_status  exit status where no error is returned; 0 before the call */
	struct error *(*run)(const struct command *command, int argc, char **argv,
			     int *ret_status);
};

/*
 * Parses argv[1]… by the rows of options, ended by a row without a name. What is left are
 * the operands, moved to argv[*ret_first]…argv[argc - 1].
 * @return a usage error for an unknown option or a missing value
 * `--help` and `--version` print to stdout and end the process with status 0.
 */
struct error *command_parse(const struct command *command,
			    const struct command_option *options, int argc, char **argv,
			    int *ret_first) must_check;
