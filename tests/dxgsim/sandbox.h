/*
 * sandbox.h: starts a program below a seccomp filter that asks the simulator.
 *
 * Asked of are calls that name a path and ioctls of type 0x47; all else runs untouched.
 * Needs no privilege: the program runs with no_new_privs, so sudo does not work in it.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "util/error.h"

/*
 * @param argv       program and arguments, ended by NULL
 * @param with_uname whether uname(2) is asked of as well
 * @param ret_pid    the child; it dies with the calling process
 * @param ret_listener  where its questions arrive
 * @return an error where seccomp user notification cannot be had here; a program that
 *         cannot be executed ends with status 126 or 127 instead, as in a shell
 */
struct error *sandbox_start(char **argv, bool with_uname, pid_t *ret_pid,
			    int *ret_listener) must_check;

/* @return NULL where sandbox_start could work, else why not. */
struct error *sandbox_check(void) must_check;
