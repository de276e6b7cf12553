#include "runner/trace_crash.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runner/trace_elf.h"
#include "runner/trace_maps.h"
#include "runner/trace_unwind.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"

struct search {
	const struct trace_maps *maps;
	struct unwinder *unwinder;
	struct unwind_frame frame;
};

static const struct trace_map *code_of(const struct search *search)
{
	return maps_code(search->maps, unwind_place(&search->frame));
}

/* Compilers add to names what says how they treated a part or a copy of a function, the symbol
 * table which version it has. */
static void strip(char *symbol)
{
	static const char *const ends[] = { ".cold",  ".isra.", ".constprop.",
					    ".part.", ".llvm.", ".lto_priv.",
					    "@" };
	for_each_row(end, ends) {
		char *found = strstr(symbol, *end);
		if (found && found > symbol)
			*found = '\0';
	}
}

static void name_symbol(const struct search *search, char ret[CRASH_NAME_SIZE])
{
	const struct trace_map *map = code_of(search);
	cleanup_close int fd = map ? map_open(search->maps, map) : -1;
	uint64_t offset =
		map ? unwind_place(&search->frame) - map->start + map->offset : 0;
	*ret = '\0';
	if (fd >= 0 && elf_symbol(fd, offset, ret, CRASH_NAME_SIZE))
		strip(ret);
}

/* Where the C library is a part of the program: what stands between a wish to end and the end,
 * by glibc's names and musl's. */
static bool ends_programs(const char *symbol)
{
	/* clang-format off */
	static const char *const names[] = {
		"abort", "raise", "gsignal", "kill", "pthread_kill", "__pthread_kill",
		"__pthread_kill_implementation", "__pthread_kill_internal",
		"__libc_message", "__libc_message_impl", "__restore_sigs",
		"__assert_fail", "__assert_fail_base", "__assert_perror_fail",
		"__fortify_fail", "__stack_chk_fail", "__stack_chk_fail_local",
		"malloc_printerr", "_int_free", "__libc_free", "__free", "free",
		"exit", "__run_exit_handlers", "_exit", "_Exit",
	};
	/* clang-format on */
	for_each_row(name, names)
		if (!strcmp(symbol, *name))
			return true;
	return false;
}

/* @return whether the frame is but a way of the program to end itself */
static bool is_means(const struct search *search)
{
	char symbol[CRASH_NAME_SIZE];
	const struct trace_map *map = code_of(search);
	if (!map || map_is_c_library(map))
		return map != NULL;
	name_symbol(search, symbol);
	return ends_programs(symbol);
}

/*
 * The place that counts: where it is, or where it came from when that is no code (a call
 * through a wild pointer) or the C library that was asked to end it.
 */
static void find_culprit(struct search *search, bool asked)
{
	struct unwind_frame first = search->frame;
	if (!code_of(search)) {
		unwind_up(search->unwinder, &search->frame);
		return;
	}
	while (asked && is_means(search)) {
		if (unwind_up(search->unwinder, &search->frame) && !search->frame.exact)
			continue;
		search->frame = first;
		return;
	}
}

/* A handler was not called by what its signal interrupted. The C library calls what runs as a
 * thread, at the start and at the end, and compares what others sort: it is passed. */
static const struct trace_map *find_caller(struct search *search)
{
	const struct trace_map *from = code_of(search);
	while (from && unwind_up(search->unwinder, &search->frame) &&
	       !search->frame.exact) {
		const struct trace_map *map = code_of(search);
		if (!map)
			return NULL;
		if (!map_same_file(map, from) && !map_is_c_library(map))
			return map;
	}
	return NULL;
}

void crash_locate(struct crash *crash)
{
	cleanup_with(trace_maps_deinit) struct trace_maps maps = { 0 };
	trace_registers registers;
	if (!trace_read_registers(crash->tid, &registers) ||
	    !trace_maps_read(crash->tid, &maps))
		return;
	struct search search = { .maps = &maps,
				 .unwinder = unwinder_create(&maps),
				 .frame = unwind_begin(&registers) };
	find_culprit(&search, crash->asked);
	const struct trace_map *map = code_of(&search);
	if (map)
		snprintf(crash->in, sizeof(crash->in), "%s", map_name(map));
	name_symbol(&search, crash->symbol);
	const struct trace_map *caller = find_caller(&search);
	if (caller)
		snprintf(crash->called_from, sizeof(crash->called_from), "%s",
			 map_name(caller));
	unwinder_destroy(search.unwinder);
}
