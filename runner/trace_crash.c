#include "runner/trace_crash.h"

#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "runner/trace_arch.h"
#include "runner/trace_elf.h"
#include "runner/trace_memory.h"
#include "runner/trace_site.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/file.h"

#define MAPS_SIZE_MAX (16 * 1024 * 1024)
/* A recursion that overflows has 8 MiB of itself above it, ulimit -s. */
#define STACK_MAX  (16 * 1024 * 1024)
#define STACK_STEP 65536
/* How far below its stack a thread may fault that has used it up. */
#define BELOW_STACK_MAX (1024 * 1024)

struct map {
	uint64_t start, end, offset;
	bool executable;
	const char *path; /* into the text; "" for none */
};

struct place {
	pid_t tid;
	char *text;
	struct map *maps;
	size_t n;
};

static void place_deinit(struct place *place)
{
	free(place->text);
	free(place->maps);
}

static void cut_end(char *text, const char *end)
{
	size_t length = strlen(text), most = strlen(end);
	if (length > most && !strcmp(text + length - most, end))
		text[length - most] = '\0';
}

/* proc(5): "start-end perms offset dev inode  path". */
static bool read_map(char *line, struct map *ret)
{
	char permissions[5];
	int at = 0;
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %*s %*s %n",
		   &ret->start, &ret->end, permissions, &ret->offset, &at) != 4 ||
	    !at || ret->end <= ret->start)
		return false;
	ret->executable = permissions[2] == 'x';
	ret->path = line + at;
	cut_end(line + at, " (deleted)");
	return true;
}

static bool read_maps(pid_t tid, struct place *ret)
{
	cleanup_free char *path = xasprintf("/proc/%d/maps", (int)tid);
	*ret = (struct place){ .tid = tid };
	if (!root_read(NULL, path, MAPS_SIZE_MAX, &ret->text, NULL)) {
		ret->text = NULL;
		return false;
	}
	size_t lines = 0;
	for (const char *c = ret->text; *c; c++)
		lines += *c == '\n';
	ret->maps = xcalloc(lines + 1, sizeof(*ret->maps));
	char *rest = ret->text, *line;
	while ((line = strsep(&rest, "\n")) && ret->n <= lines)
		if (read_map(line, &ret->maps[ret->n]))
			ret->n++;
	return true;
}

/* @return the first mapping that ends behind the address: the kernel lists them in order. */
static const struct map *map_after(const struct place *place, uint64_t address)
{
	size_t low = 0, high = place->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (place->maps[middle].end > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low < place->n ? &place->maps[low] : NULL;
}

static const struct map *code_at(const struct place *place, uint64_t address)
{
	const struct map *map = map_after(place, address);
	return map && address >= map->start && map->executable ? map : NULL;
}

static const char *base_name(const struct map *map)
{
	const char *slash = strrchr(map->path, '/');
	if (!*map->path)
		return "generated code";
	return slash ? slash + 1 : map->path;
}

static bool same_file(const struct map *a, const struct map *b)
{
	return !strcmp(a->path, b->path);
}

/* The C library's parts and the dynamic loader, glibc's and musl's. */
static bool is_c_library(const struct map *map)
{
	static const char *const names[] = { "libc.so",  "libc-",   "libpthread",
					     "ld-linux", "ld-musl", "libc.musl",
					     "ld-2",     "[vdso]" };
	for_each_row(name, names)
		if (!strncmp(base_name(map), *name, strlen(*name)))
			return true;
	return false;
}

/* The search up the stack for the next library. */
struct search {
	const struct place *place;
	const struct map *from; /* code we are above of */
	bool past_c_library;    /* its own frames are not what is looked for */
	uint64_t within;        /* the first return address of a call within a library */
	uint64_t
		start; /* the last that is also where a function begins: see is_function */
	uint64_t found;
	uint64_t sp; /* behind the word that held it */
};

/* Whether what was called lies in the code we are above of; of a stale word it mostly does
 * not. */
static bool may_have_called(const struct search *search, const struct call_site *site)
{
	const struct map *target = code_at(search->place, site->target);
	if (!site->target)
		return true;
	if (search->from)
		return target && same_file(target, search->from);
	return search->past_c_library ? target && is_c_library(target) : true;
}

/* What the thread has mapped, whatever lies at that path now. */
static int open_mapped(const struct place *place, const struct map *map)
{
	cleanup_free char *path =
		xasprintf("/proc/%d/root%s", (int)place->tid, map->path);
	struct stat st;
	int fd = *map->path == '/' ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool symbol_at(const struct place *place, const struct map *map, uint64_t address,
		      char ret[CRASH_NAME_SIZE], bool *ret_first)
{
	cleanup_close int fd = open_mapped(place, map);
	return fd >= 0 && elf_symbol(fd, address - map->start + map->offset, ret,
				     CRASH_NAME_SIZE, ret_first);
}

/*
 * A pointer to a function, kept in a register and saved on the stack, looks like a return
 * address where the function before it ends in a call that never returns; and the return
 * address of such a call looks like a pointer. The latter lies higher; a word behind them
 * that is surely the return address sought beats both.
 */
static bool is_function(const struct place *place, const struct map *map, uint64_t word)
{
	char symbol[CRASH_NAME_SIZE];
	bool first = false;
	return symbol_at(place, map, word, symbol, &first) && first;
}

/* @return whether the search is over */
static bool try_word(struct search *search, uint64_t word, uint64_t at)
{
	const struct map *map = code_at(search->place, word);
	struct call_site site;
	if (!map || (search->from && same_file(map, search->from)) ||
	    (search->past_c_library && is_c_library(map)) ||
	    !find_call(search->place->tid, word, &site))
		return false;
	if (!site.across && !search->within)
		search->within = word; /* of a function that jumped, if not stale */
	if (!site.across || !may_have_called(search, &site))
		return false;
	if (is_function(search->place, map, word)) {
		search->start = word;
		return false;
	}
	search->found = search->start && !site.target ? search->start : word;
	search->sp = at + sizeof(word);
	return true;
}

static bool search_stack(struct search *search)
{
	const struct map *stack = map_after(search->place, search->sp);
	if (!stack ||
	    (stack->start > search->sp && stack->start - search->sp > BELOW_STACK_MAX))
		return false;
	uint64_t at = search->sp > stack->start ? search->sp : stack->start;
	at = (at + 7) & ~UINT64_C(7);
	uint64_t end = stack->end - at > STACK_MAX ? at + STACK_MAX : stack->end;
	cleanup_free uint64_t *words = xmalloc(STACK_STEP);
	while (at < end) {
		size_t size = end - at < STACK_STEP ? end - at : STACK_STEP;
		if (!tracee_read(search->place->tid, at, words, size))
			break;
		for (size_t i = 0; i < size / sizeof(*words); i++)
			if (try_word(search, words[i], at + i * sizeof(*words)))
				return true;
		at += size;
	}
	search->found = search->start ? search->start : search->within;
	return search->found != 0;
}

/* gcc puts the rare part of a function elsewhere, under a name of its own. */
static void strip_part(char *symbol)
{
	char *cold = strstr(symbol, ".cold");
	if (cold && cold > symbol)
		*cold = '\0';
}

static void name_place(const struct place *place, uint64_t address, struct crash *ret)
{
	const struct map *map = code_at(place, address);
	if (!map)
		return;
	snprintf(ret->in, sizeof(ret->in), "%s", base_name(map));
	bool first;
	if (symbol_at(place, map, address, ret->symbol, &first))
		strip_part(ret->symbol);
}

/* The place that counts: where it is, or where it came from when that is no code (a call
 * through a wild pointer) or the C library that was asked to end it. */
static uint64_t find_culprit(struct search *search, uint64_t pc, uint64_t link,
			     bool aborted)
{
	const struct map *map = code_at(search->place, pc);
	search->past_c_library = aborted;
	if (map && !(aborted && is_c_library(map)))
		return pc;
	if (!try_word(search, link, search->sp - sizeof(link)) && !search_stack(search))
		return pc;
	return search->found - 1; /* a return address: the call lies before it */
}

/* The C library calls what runs as a thread, at the start and at the end: it is passed. */
static uint64_t find_caller(struct search *search, uint64_t culprit, uint64_t link)
{
	search->from = code_at(search->place, culprit);
	search->past_c_library = true;
	search->found = search->within = search->start = 0;
	if (!search->from || try_word(search, link, search->sp - sizeof(link)))
		return search->found;
	return search_stack(search) ? search->found : 0;
}

void crash_locate(pid_t tid, bool aborted, struct crash *ret)
{
	cleanup_with(place_deinit) struct place place = { 0 };
	trace_registers registers;
	if (!trace_read_registers(tid, &registers) || !read_maps(tid, &place))
		return;
	uint64_t link = TRACE_LINK(&registers);
	struct search search = { .place = &place, .sp = TRACE_SP(&registers) };
	uint64_t culprit = find_culprit(&search, TRACE_PC(&registers), link, aborted);
	name_place(&place, culprit, ret);
	const struct map *caller = code_at(&place, find_caller(&search, culprit, link));
	if (caller)
		snprintf(ret->called_from, sizeof(ret->called_from), "%s",
			 base_name(caller));
}
