/*
 * trace_memory.h: the memory of a process that is ours by ptrace.
 *
 * Where it made itself unreadable (prctl(2), PR_SET_DUMPABLE) only root still reads it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* @return how many bytes could be read, up to the first page that is not there */
size_t tracee_read_some(pid_t tid, uint64_t address, void *ret, size_t size);
/* @return whether all bytes could be read */
bool tracee_read(pid_t tid, uint64_t address, void *ret, size_t size);
