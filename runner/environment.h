/*
 * environment.h: is this WSL2, and by what is that known?
 *
 * No single mark decides. /dev/dxg and /usr/lib/wsl are found in Hyper-V machines to which
 * people added them (staralt/dxgkrnl-dkms) and are missing in WSL2 without a GPU;
 * systemd-detect-virt says wsl in a container of WSL2 too, since it looks at the kernel's
 * name only (systemd/systemd:src/basic/virt.c); a kernel of one's own may have any name.
 */
#pragma once

#include <stdbool.h>

#include "record/record.h"

/*
 * Fills record->environment: kind (unknown where nothing can be read), the marks it was
 * recognised by, and what power the machine is on.
 * @param root    NULL for this machine
 * @param record  combination.kernel is already known, if it can be
 */
void environment_read(const char *root, struct record *record);

/* What a person reads: "an ordinary Linux machine", "a container"; "WSL2" where it is. */
const char *environment_title(enum environment environment);

/* @return whether Windows' GPUs belong here, so that a missing /dev/dxg is a fault: WSL2,
 * and a container on its kernel, which has the device only where it was passed in. */
bool environment_is_inside(const struct record *record);
