/*
 * machine.h: the commands of this machine, or of one that was recorded below a root.
 *
 * A recorded command lies in DIR/.commands/NAME.argv (its arguments, one per line or
 * NUL-separated), NAME.out (what it printed) and NAME.status (its exit status in decimal;
 * 0 where the file is missing). NAME is free; without NAME.argv it is the program's name.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct machine_command {
	const char *program; /* "wslinfo": by this a recording is found, ".exe" aside */
	const char
		*key; /* an argument it must have been recorded with; NULL: any will do */
	const char *const *argv;
	int timeout_ms;
};

/*
 * @param root  NULL: runs it on this machine, found in $PATH
 * @param ret   what it printed, with a NUL behind it; the caller's to free
 * @return whether it was there and exited with 0
 */
bool machine_command(const char *root, const struct machine_command *command, char **ret,
		     size_t *ret_size);

/* The same for a recording alone. */
bool machine_recorded(const char *root, const char *program, const char *key, char **ret,
		      size_t *ret_size);
