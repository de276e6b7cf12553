#include "util/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

struct arena_block {
	struct arena_block *older;
	size_t used, size;
	alignas(max_align_t) unsigned char bytes[];
};

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
	size_t need;
	if (__builtin_mul_overflow(count, size, &need) || need > SIZE_MAX / 2)
		abort();
	need = (need + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	struct arena_block *block = arena->newest;
	if (!block || block->size - block->used < need) {
		size_t room = need > 4096 ? need : 4096;
		block = xcalloc(1, sizeof(*block) + room);
		block->size = room;
		block->older = arena->newest;
		arena->newest = block;
	}
	void *memory = block->bytes + block->used;
	block->used += need;
	return memory;
}

char *arena_strdup(struct arena *arena, const char *string)
{
	return string ? arena_strndup(arena, string, strlen(string)) : NULL;
}

char *arena_strndup(struct arena *arena, const char *string, size_t length)
{
	length = strnlen(string, length);
	char *copy = arena_alloc(arena, length + 1, 1);
	memcpy(copy, string, length);
	return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	cleanup_free char *string = xvasprintf(format, args);
	va_end(args);
	return arena_strdup(arena, string);
}

void *arena_grow(struct arena *arena, void *array, size_t count, size_t size)
{
	if (count && (count & (count - 1)))
		return array;
	void *larger = arena_alloc(arena, count ? count * 2 : 1, size);
	if (count)
		memcpy(larger, array, count * size);
	return larger;
}

void arena_deinit(struct arena *arena)
{
	while (arena->newest) {
		struct arena_block *block = arena->newest;
		arena->newest = block->older;
		free(block);
	}
}
