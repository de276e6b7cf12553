/* caller.h: what programs that make calls share. Header only, libc alone. */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "probes/dxg_abi.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define NOWHERE           8 /* an address where no process has memory */

/* Calls that came out otherwise, each told on stdout. */
extern int failures; /* of the file with main() */

static inline void expect_(const char *what, long got, long expected)
{
	if (got == expected)
		return;
	printf("%s: %ld, expected %ld\n", what, got, expected);
	failures++;
}

#define expect(what, got, expected) expect_(what, (long)(got), (long)(expected))

/* @return the result, or -errno; some calls fail with a raw status, which is neither. */
static inline int call(int fd, unsigned long request, const void *argument)
{
	int result = ioctl(fd, request, argument);
	return result == -1 ? -errno : result;
}

static inline int open_node(void)
{
	int fd = open(DXG_NODE, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		perror(DXG_NODE);
		exit(1);
	}
	return fd;
}

static inline struct d3dkmt_adapterinfo first_adapter(int fd)
{
	struct d3dkmt_adapterinfo adapters[D3DKMT_ADAPTERS_MAX] = { 0 };
	struct d3dkmt_enumadapters3 enumerate = {
		.filter.include_compute_only = 1,
		.adapter_count = D3DKMT_ADAPTERS_MAX,
		.adapters = (uintptr_t)adapters,
	};
	expect("enumerate", call(fd, LX_DXENUMADAPTERS3, &enumerate), 0);
	expect("adapters", enumerate.adapter_count, 1);
	return adapters[0];
}

static inline struct d3dkmthandle create_device(int fd, struct d3dkmthandle adapter)
{
	struct d3dkmt_createdevice create = { .adapter = adapter };
	expect("create device", call(fd, LX_DXCREATEDEVICE, &create), 0);
	expect("device", create.device.v != 0, true);
	return create.device;
}
