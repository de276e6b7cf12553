/* hash.h: SHA-256 and hexadecimal digits (libsodium). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define HASH_HEX_SIZE 65 /* 64 digits and a NUL */

/* The SHA-256 of the bytes in lower-case hexadecimal digits. */
void hash_hex(const void *bytes, size_t size, char ret[HASH_HEX_SIZE]);
/* "sha256:" and the digits. @return the caller's to free */
char *hash_address(const void *bytes, size_t size);
/* @return whether text is "sha256:" and 64 lower-case hexadecimal digits. */
bool hash_is_address(const char *text);
