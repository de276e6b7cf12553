/* hash.h: SHA-256 and hexadecimal digits (libsodium). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <sodium/crypto_hash_sha256.h>

#define HASH_HEX_SIZE 65 /* 64 digits and a NUL */

/* The SHA-256 of the bytes in lower-case hexadecimal digits. */
void hash_hex(const void *bytes, size_t size, char ret[HASH_HEX_SIZE]);
/* "sha256:" and the digits. @return the caller's to free */
char *hash_address(const void *bytes, size_t size);
/* The same of bytes that come in pieces. */
struct hash {
	crypto_hash_sha256_state state;
};

void hash_init(struct hash *hash);
void hash_add(struct hash *hash, const void *bytes, size_t size);
char *hash_end(struct hash *hash);

/* @return whether text is "sha256:" and 64 lower-case hexadecimal digits. */
bool hash_is_address(const char *text);
