/*
 * child_environment.h: the variables a probe sees.
 *
 * What the user set is passed on, since it may be what breaks or mends the GPU; taken out
 * is what would let a run depend on an earlier one or reach the desktop.
 */
#pragma once

/* The folders below the child's own; each variable that names one points there. */
extern const char *const child_folders[4];

/* @param folder  the child's own. @return ended by NULL, for child_environment_deinit */
char **child_environment(const char *folder);
void child_environment_deinit(char ***environment);
