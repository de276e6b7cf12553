/*
 * trace_fault.h: whether a stopped thread is about to end by its own doing, and where.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "runner/trace_crash.h"

/*
 * Without its place (trace_crash.h).
 * @param tid     stands before the delivery of this signal
 * @return whether it is one that ends programs and is its own: the kernel's answer to what
 * it did, or sent by itself (abort, raise). Not what another process sent, nor what another
 * of its threads may have
 */
bool fault_find(pid_t tid, int signal, struct crash *ret);

/*
 * Without its place.
 * @param tid    stands before its end (ptrace(2), PTRACE_EVENT_EXIT)
 * @return whether it ends this process by exit(2)
 */
bool exit_find(pid_t tid, pid_t process, struct crash *ret);

/* @return whether it is a thread of this process */
bool thread_belongs_to(pid_t tid, pid_t process);
