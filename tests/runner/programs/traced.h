/* traced.h: the functions of libtraced_b.so, by what happens in them. */
#pragma once

void b_calls(int seed);
void b_crash(int seed); /* SIGSEGV */
void b_copy(int seed);  /* SIGSEGV in memcpy */
void b_jump(int seed);  /* through a pointer that is NULL */
void b_abort(int seed);
int b_deeper(int seed);
void b_overflow(int seed); /* of the stack */
void b_exit(int seed);     /* status 3 */

void a_calls(void);
void a_crash(void);
void a_copy(void);
void a_jump(void);
void a_abort(void);
void a_overflow(void);
void a_exit(void);
