/*
 * family.h: a process and all that descend from it, however they leave its group.
 *
 * The runner is their subreaper (prctl(2), PR_SET_CHILD_SUBREAPER): whose parent dies
 * becomes our child, so nobody gets away by setsid and a second fork. What was our child
 * before family_begin() is none of it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct family {
	pid_t *strangers; /* our children before; owned */
	size_t n_strangers;
};

/* Call before the fork. */
void family_begin(struct family *family);
void family_deinit(struct family *family);

/* Sends the signal to every member. @return how many there were */
size_t family_signal(const struct family *family, int signal);
/* Memory in use by all members together. */
int64_t family_resident_mib(const struct family *family);
/*
 * Buries the members that have ended and are our children; never waits.
 * @param spare  is left for the caller to bury
 * @return whether any member but spare is left
 */
bool family_reap(const struct family *family, pid_t spare);
