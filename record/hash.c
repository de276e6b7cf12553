#include "record/hash.h"

#include <string.h>

#include <sodium.h>

#include "util/alloc.h"

void hash_hex(const void *bytes, size_t size, char ret[HASH_HEX_SIZE])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256(hash, bytes, size);
	sodium_bin2hex(ret, HASH_HEX_SIZE, hash, sizeof(hash));
}

char *hash_address(const void *bytes, size_t size)
{
	struct hash hash;
	hash_init(&hash);
	hash_add(&hash, bytes, size);
	return hash_end(&hash);
}

void hash_init(struct hash *hash)
{
	crypto_hash_sha256_init(&hash->state);
}

void hash_add(struct hash *hash, const void *bytes, size_t size)
{
	crypto_hash_sha256_update(&hash->state, bytes, size);
}

char *hash_end(struct hash *hash)
{
	unsigned char bytes[crypto_hash_sha256_BYTES];
	char hex[HASH_HEX_SIZE];
	crypto_hash_sha256_final(&hash->state, bytes);
	sodium_bin2hex(hex, sizeof(hex), bytes, sizeof(bytes));
	return xasprintf("sha256:%s", hex);
}

bool hash_is_address(const char *text)
{
	return strncmp(text, "sha256:", 7) == 0 &&
	       strlen(text) == 7 + HASH_HEX_SIZE - 1 &&
	       strspn(text + 7, "0123456789abcdef") == HASH_HEX_SIZE - 1;
}
