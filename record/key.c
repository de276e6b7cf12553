#include "record/key.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "util/alloc.h"
#include "util/file.h"

_Static_assert(sizeof(((struct machine_key *)0)->secret_key) ==
		       crypto_sign_SECRETKEYBYTES,
	       "");
_Static_assert(sizeof(((struct machine_key *)0)->public_key) ==
		       crypto_sign_PUBLICKEYBYTES,
	       "");

#define SEED_SIZE crypto_sign_SEEDBYTES

static struct error *read_seed(const char *path, unsigned char seed[SEED_SIZE])
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) < 0)
		return error_errno("%s", path);
	if (!S_ISREG(st.st_mode))
		return error_create("%s: not a regular file", path);
	if (st.st_mode & 077)
		return error_create(
			"%s: others can read this key; chmod 600 it, or delete it "
			"to become a new machine",
			path);
	cleanup_free char *text = NULL;
	struct error *err = file_read_fd(fd, path, 1024, &text, NULL);
	if (err)
		return err;
	size_t size = 0;
	const char *end = NULL;
	if (sodium_hex2bin(seed, SEED_SIZE, text, strcspn(text, "\n"), NULL, &size,
			   &end) ||
	    size != SEED_SIZE)
		return error_create("%s: not a key: 64 hexadecimal digits expected",
				    path);
	return NULL;
}

static struct error *make_seed(const char *path)
{
	unsigned char seed[SEED_SIZE];
	char text[2 * SEED_SIZE + 2];
	randombytes_buf(seed, SEED_SIZE);
	sodium_bin2hex(text, sizeof(text), seed, SEED_SIZE);
	strcat(text, "\n");
	struct error *err = file_make_parent(path);
	if (!err)
		err = file_create(path, text, strlen(text), 0600);
	sodium_memzero(seed, sizeof(seed));
	sodium_memzero(text, sizeof(text));
	return err;
}

struct error *key_open(struct machine_key *ret)
{
	if (sodium_init() < 0)
		return error_create("libsodium does not start");
	cleanup_free char *folder = NULL;
	struct error *err = file_xdg_folder("XDG_STATE_HOME", ".local/state", &folder);
	if (err)
		return err;
	cleanup_free char *path = xasprintf("%s/key", folder);
	/* Always read back: another first run may have made it meanwhile. */
	unsigned char seed[SEED_SIZE];
	if (access(path, F_OK) < 0)
		err = make_seed(path);
	if (!err)
		err = read_seed(path, seed);
	if (err)
		return err;
	crypto_sign_seed_keypair(ret->public_key, ret->secret_key, seed);
	sodium_memzero(seed, sizeof(seed));
	return NULL;
}

void key_text(const struct machine_key *key, char ret[KEY_TEXT_SIZE])
{
	memcpy(ret, "ed25519:", 8);
	sodium_bin2hex(ret + 8, KEY_TEXT_SIZE - 8, key->public_key,
		       sizeof(key->public_key));
}

void key_sign(const struct machine_key *key, const void *bytes, size_t size,
	      char ret[SIGNATURE_TEXT_SIZE])
{
	unsigned char signature[crypto_sign_BYTES];
	crypto_sign_detached(signature, NULL, bytes, size, key->secret_key);
	sodium_bin2hex(ret, SIGNATURE_TEXT_SIZE, signature, sizeof(signature));
}

static bool read_hex(const char *text, unsigned char *ret, size_t size)
{
	size_t length = strlen(text);
	return length == 2 * size && strspn(text, "0123456789abcdef") == length &&
	       sodium_hex2bin(ret, size, text, length, NULL, NULL, NULL) == 0;
}

bool key_verify(const char *key, const char *signature, const void *bytes, size_t size)
{
	unsigned char public_key[crypto_sign_PUBLICKEYBYTES], raw[crypto_sign_BYTES];
	return strncmp(key, "ed25519:", 8) == 0 &&
	       read_hex(key + 8, public_key, sizeof(public_key)) &&
	       read_hex(signature, raw, sizeof(raw)) &&
	       crypto_sign_verify_detached(raw, bytes, size, public_key) == 0;
}
