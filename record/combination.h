/*
 * combination.h: the adapter and the versions on one machine, and their identity.
 *
 * A NULL string, or an adapter.index of -1, is unknown: absent in the document, never "".
 * Strings are borrowed, mostly from a record's arena.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "record/component.h"

struct adapter {
	bool present;         /* false: "adapter": null, what belongs to no adapter */
	const char *vendor;   /* "8086"; alone where only that is known */
	const char *pci;      /* "8086:7d51" */
	const char *revision; /* "03" */
	const char *name;
	const char *class; /* "gpu", "npu", "software" */
	int index;         /* as DXG lists them; -1 unknown */
};

struct package {
	const char *name;
	const char *version;
};

struct combination {
	struct adapter adapter;
	const char *driver;        /* four dotted parts */
	const char *driver_date;   /* YYYY-MM-DD */
	const char *driver_inf;    /* "iigd_dch.inf" */
	const char *driver_public; /* another spelling, where only that was read */
	const char *wsl;           /* of the running VM */
	const char *wsl_installed;
	const char *kernel; /* as uname -r prints it */
	const char *windows;
	const char *wslg, *msrdc, *direct3d, *dxcore;
	const char *distro; /* ID-VERSION_ID */
	struct package *packages;
	size_t n_packages;
};

extern const char *const component_titles[COMPONENT_COUNT];

/* @return the version of a component, or NULL where unknown. */
const char *combination_version(const struct combination *combination,
				enum component component);

/*
 * The key of a combination: pci, driver, WSL, kernel base, Windows build, one per line,
 * "-" for an unknown part. A GPU known by its name alone is in it by its page's address, so
 * that two of them are not one. Two records belong to one combination if and only if their
 * keys are equal. @return the caller's to free
 */
char *combination_key(const struct combination *combination);

/* @return whether all five parts of the key are known. */
bool combination_is_full(const struct combination *combination);

/*
 * The address of a combination's page: the first 12 hexadecimal digits of the SHA-256 of
 * its key.
 */
#define COMBINATION_ADDRESS_SIZE 13
void combination_address(const struct combination *combination,
			 char ret[COMBINATION_ADDRESS_SIZE]);

#define NAME_ADDRESS_MAX 64

/*
 * The address of a GPU's page: "8086-7d51" once the id is known, else
 * "<vendor>-<name>" with all but letters and digits as single '-'
 * ("10de-geforce-rtx-4090"), vendor "unknown" where not known. Of a name longer than
 * NAME_ADDRESS_MAX, or without any letter or digit, eight digits of its SHA-256 are
 * added, so that it can be a folder and is not another's. @return the caller's to free;
 * NULL without an adapter or where neither id nor name is known
 */
char *combination_gpu_address(const struct adapter *adapter);
