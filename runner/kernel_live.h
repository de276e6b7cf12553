/*
 * kernel_live.h: all that this machine's kernel log still holds, by the first road that is
 * open: /dev/kmsg, syslog(2), `journalctl -k`.
 *
 * With kernel.dmesg_restrict 1 the first two want CAP_SYSLOG
 * (Linux:Documentation/admin-guide/sysctl/kernel.rst); the journal shows the kernel's lines
 * to the groups adm and systemd-journal (systemd-journald.service(8)). Containers may lack
 * /dev/kmsg and still have syslog(2).
 */
#pragma once

#include "runner/kernel_log.h"

#define KERNEL_LIVE_WHY_MAX 320

struct kernel_live {
	int64_t lost; /* records that the kernel overwrote before; -1 where no road tells */
	char why[KERNEL_LIVE_WHY_MAX]; /* reason and cure where no road is open, else "" */
};

/* Reads it; takes a few seconds at most, and takes nothing away.
 * @param counts  emptied first */
struct kernel_live kernel_live_read(struct kernel_log_counts *counts);

/* One road each. @return false where it is closed; counts are then not to be used */
bool kernel_live_syslog(struct kernel_log_counts *counts);
bool kernel_live_journal(struct kernel_log_counts *counts);
