/* traced.h: what libtraced_a.so calls in libtraced_b.so. */
#pragma once

#define TRACED_FUNCTIONS(X)                                                              \
	X(calls)                                                                         \
	X(crash)                                                                         \
	X(copy)                                                                          \
	X(jump)                                                                          \
	X(wild)                                                                          \
	X(abort)                                                                         \
	X(overflow)                                                                      \
	X(exit)                                                                          \
	X(divide)                                                                        \
	X(trap)                                                                          \
	X(truncated)                                                                     \
	X(smash)                                                                         \
	X(assert)                                                                        \
	X(free)                                                                          \
	X(sort)                                                                          \
	X(raise)                                                                         \
	X(kill)                                                                          \
	X(thread)                                                                        \
	X(vfork)

#define X(name) void b_##name(int seed);
TRACED_FUNCTIONS(X)
#undef X

int b_deeper(int seed);
void b_back(void (*function)(int));
void a_tail(void);
void a_back(void);
#define X(name) void a_##name(void);
TRACED_FUNCTIONS(X)
#undef X
