/* libtraced_a.so: what a program calls, and that calls libtraced_b.so. */
#include <string.h>

#include "tests/runner/programs/traced.h"

/* Stale return addresses for a reader of the stack. */
static int __attribute__((noinline)) leave_traces(volatile char *room, int depth)
{
	room[depth] = (char)depth;
	return depth ? leave_traces(room, depth - 1) + room[depth] : 0;
}

#define CALL(name)                                                                       \
	void a_##name(void)                                                              \
	{                                                                                \
		volatile char room[512];                                                 \
		int left = leave_traces(room, 100);                                      \
		b_##name(left);                                                          \
		room[0] = 1; /* no tail call */                                          \
	}

#define X(name) CALL(name)
TRACED_FUNCTIONS(X)
#undef X

/* The last thing it does: it leaves no frame. */
void a_tail(void)
{
	volatile int seed = 1;
	b_crash(seed);
}

static volatile int *volatile nowhere = (volatile int *)8;

static void crash_here(int seed)
{
	*nowhere = seed;
}

/* libtraced_b.so calls back. */
void a_back(void)
{
	b_back(crash_here);
	nowhere = NULL;
}
