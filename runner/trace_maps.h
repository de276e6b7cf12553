/*
 * trace_maps.h: what a process has mapped, as /proc/PID/maps told it once (proc(5)).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct trace_map {
	uint64_t start, end, offset;
	uint64_t inode; /* 0: of no file */
	bool executable;
	const char *path; /* into the text; "" for none */
};

struct trace_maps {
	pid_t tid;
	char *text;
	struct trace_map *maps; /* in order of address */
	size_t n;
};

/* @return false where it is not ours to read */
bool trace_maps_read(pid_t tid, struct trace_maps *ret);
void trace_maps_deinit(struct trace_maps *maps);

/* @return the first mapping that ends behind the address, or NULL */
const struct trace_map *maps_after(const struct trace_maps *maps, uint64_t address);
/* @return the mapping it is in, if that is code */
const struct trace_map *maps_code(const struct trace_maps *maps, uint64_t address);
/* @return the mapping of the beginning of the same file, where the loader put it: at or below
 * this one; or NULL */
const struct trace_map *maps_head(const struct trace_maps *maps,
				  const struct trace_map *map);

bool map_same_file(const struct trace_map *a, const struct trace_map *b);
/* @return the last part of its path, or "generated code" where it has none */
const char *map_name(const struct trace_map *map);
/* @return whether it is a part of the C library, glibc's or musl's, or the dynamic loader */
bool map_is_c_library(const struct trace_map *map);

/* Opens the file of a mapping. @return -1 where that cannot be had; what lies at its path now
 * may be another one, which is refused */
int map_open(const struct trace_maps *maps, const struct trace_map *map);
