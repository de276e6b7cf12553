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
	char hex[HASH_HEX_SIZE];
	hash_hex(bytes, size, hex);
	return xasprintf("sha256:%s", hex);
}

bool hash_is_address(const char *text)
{
	return strncmp(text, "sha256:", 7) == 0 &&
	       strlen(text) == 7 + HASH_HEX_SIZE - 1 &&
	       strspn(text + 7, "0123456789abcdef") == HASH_HEX_SIZE - 1;
}
