/*
 * interop.h: asking Windows, from inside WSL, which versions are installed.
 *
 * Windows programs are started through a socket of WSL's /init. A session of wsl.exe has
 * it in $WSL_INTEROP; cron and systemd don't (microsoft/WSL#8846), so the sockets in
 * /run/WSL are tried too (microsoft/WSL#10812). The call can hang (microsoft/WSL#41060)
 * and is therefore given ten seconds, all attempts together.
 */
#pragma once

#include <stdbool.h>

#include "runner/wsl_version.h"

/*
 * Runs `wsl.exe --version`, or reads its recording.
 * @param root  NULL for this machine
 * @return false where interop is off or broken, or Windows has only the WSL it came with
 */
bool interop_wsl_version(const char *root, struct wsl_version *ret);
