/* cleanup.h: scope exit for what C lacks: cleanup_free, cleanup_close, one per own type. */
#pragma once

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* unused: clang warns of a variable that is there for its end alone. */
#define cleanup_with(function) __attribute__((cleanup(function), unused))

/* DEFINE_CLEANUP(cleanup_x_p, struct x *, x_destroy): the function for one pointer type,
 * to be used as cleanup_with(cleanup_x_p). It must accept NULL. */
#define DEFINE_CLEANUP(name, type, function)                                             \
	static inline void name(type *pointer)                                           \
	{                                                                                \
		if (*pointer)                                                            \
			function(*pointer);                                              \
	}

static inline void cleanup_free_p(void *pointer)
{
	free(*(void **)pointer);
}

static inline void cleanup_close_p(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

DEFINE_CLEANUP(cleanup_fclose_p, FILE *, fclose)
DEFINE_CLEANUP(cleanup_closedir_p, DIR *, closedir)

#define cleanup_free     cleanup_with(cleanup_free_p)
#define cleanup_close    cleanup_with(cleanup_close_p)
#define cleanup_fclose   cleanup_with(cleanup_fclose_p)
#define cleanup_closedir cleanup_with(cleanup_closedir_p)

/* take_ptr(p): the value of p, which becomes NULL: hands ownership out of the scope. */
#define take_ptr(p)                                                                      \
	({                                                                               \
		typeof(p) taken_ = (p);                                                  \
		(p) = NULL;                                                              \
		taken_;                                                                  \
	})

/* take_fd(fd): the same for a descriptor, which becomes -1. */
#define take_fd(fd)                                                                      \
	({                                                                               \
		int taken_ = (fd);                                                       \
		(fd) = -1;                                                               \
		taken_;                                                                  \
	})
