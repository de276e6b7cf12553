/* memory.h: the memory and the /proc folder of a program under the simulator. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Whole or not at all. @return false where the kernel would say EFAULT. */
bool memory_read(pid_t thread, uint64_t address, void *to, size_t size);
bool memory_write(pid_t thread, uint64_t address, const void *from, size_t size);
/* Reads a string and its NUL, never a page more than it touches. */
bool memory_read_string(pid_t thread, uint64_t address, char *to, size_t size);

/* @return the thread group of a thread, 0 where it is gone. */
pid_t process_of(pid_t thread);

/*
 * Pages that both sides can use. A supervisor cannot map memory into another process, so
 * the program is started with an environment variable of this many bytes; the page-aligned
 * part of it lies in the program's own writable memory, in static programs too.
 */
#define PAGES_VARIABLE "DXGSIM_PAGES"
#define PAGES_SIZE     12288
/* Ends the value: a process that execs while a fence stands in its pages hands on a value
 * cut at the fence's first zero byte, which must not be taken for the whole. */
#define PAGES_END "[end of pages]"

/* @return where process has them, and *ret_size; 0 where its environment lacks the
 * variable. Asked anew each time: exec moves them. */
uint64_t memory_find_pages(pid_t process, size_t *ret_size);
