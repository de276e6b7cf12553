/*
 * driver_store.h: the Windows drivers that WSL shows the guest, as far as they are for a
 * GPU or NPU.
 *
 * /usr/lib/wsl/drivers is a view of the whole DriverStore\FileRepository of Windows:
 * printers and audio too, and the folders of drivers that were replaced. A folder is named
 * <inf>_<architecture>_<16 hexadecimal digits>, the digits change with the content
 * (microsoft/WSL#10547, #41654). Which of several is in use only the driver itself can
 * tell, never "the newest".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "runner/inf.h"
#include "util/arena.h"

#define DRIVER_STORE_PATH "/usr/lib/wsl/drivers"

struct driver_folder {
	const char *name; /* "iigd_dch.inf_amd64_0123456789abcdef" */
	const char *inf;  /* "iigd_dch.inf" */
	struct inf says;
	bool for_wsl; /* it holds a library for Linux; without one there is no GPU in
		       * WSL: Windows 10 drivers to WDDM 2.7 (microsoft/WSL#10085) */
};

struct driver_store {
	bool present;                  /* false: no such folder, or it cannot be read */
	struct driver_folder *folders; /* base drivers of GPUs and NPUs, by name */
	size_t n;
};

/* @param arena  holds what *ret points to */
void driver_store_read(const char *root, struct arena *arena, struct driver_store *ret);

/*
 * Reads one folder, as an adapter named it.
 * @param name  the last part of its path; may come from anywhere
 * @return false where it is no name of such a folder or its INF cannot be read
 */
bool driver_folder_read(const char *root, struct arena *arena, const char *name,
			struct driver_folder *ret);
