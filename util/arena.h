/* arena.h: many small things that live and die together; the record's memory. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "util/cleanup.h"

struct arena {
	struct arena_block *newest; /* NULL while empty: an all-zero arena is valid */
};

/* @return zeroed memory, aligned for any type, valid until arena_deinit. */
void *arena_alloc(struct arena *arena, size_t count, size_t size)
	__attribute__((returns_nonnull));
/* @return a copy, or NULL for NULL. */
char *arena_strdup(struct arena *arena, const char *string);
char *arena_strndup(struct arena *arena, const char *string, size_t length)
	__attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));
/* Frees everything; the arena is empty and usable again. */
void arena_deinit(struct arena *arena);

#define cleanup_arena cleanup_with(arena_deinit)

/* arena_push(arena, array, n): room for one more, zeroed, in a plain array whose members
 * lie in the arena. `array` is a T * and `n` its count; both are updated.
 * @return the address of the new member. Older addresses become stale. */
#define arena_push(arena, array, n)                                                      \
	({                                                                               \
		(array) = arena_grow((arena), (array), (n), sizeof(*(array)));           \
		&(array)[(n)++];                                                         \
	})
/* The function behind arena_push: doubles at powers of two. */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t size)
	__attribute__((returns_nonnull));
