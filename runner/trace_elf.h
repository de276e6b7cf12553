/*
 * trace_elf.h: the function at a place in an ELF file (64-bit, little-endian), by its
 * symbol tables. The file is whatever a program has mapped: every offset and size in it is
 * checked, and tables are looked at up to a bound.
 *
 * Source: System V ABI, chapters "Object Files" and "Program Loading"; elf(5).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * @param fd      of the file; any position
 * @param offset  in the file, as /proc/PID/maps gives it
 * @param ret     the name, cut to size; written only on success. Any bytes but NUL
 * @return false where no sized function covers the place
 */
bool elf_symbol(int fd, uint64_t offset, char *ret, size_t size);

/* @param ret_address  of the section of this name, as the file was linked */
bool elf_section(int fd, const char *name, uint64_t *ret_address, uint64_t *ret_size);
