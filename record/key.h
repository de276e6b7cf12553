/*
 * key.h: the Ed25519 key of this machine (libsodium).
 *
 * A machine is its key: made by the first run, kept in $XDG_STATE_HOME/dxgmatrix/key with
 * mode 0600. A signature proves that two records come from one machine, not that they are
 * true.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

struct machine_key {
	unsigned char public_key[32];
	unsigned char secret_key[64];
};

/* "ed25519:" and 64 hexadecimal digits, and a NUL. */
#define KEY_TEXT_SIZE 73
/* 128 hexadecimal digits and a NUL. */
#define SIGNATURE_TEXT_SIZE 129

/* Reads the key of this machine, or makes it. Refuses a key file others can read. */
struct error *key_open(struct machine_key *ret) must_check;
void key_text(const struct machine_key *key, char ret[KEY_TEXT_SIZE]);
void key_sign(const struct machine_key *key, const void *bytes, size_t size,
	      char ret[SIGNATURE_TEXT_SIZE]);
/* @return whether key and signature have their shape and the signature is right. */
bool key_verify(const char *key, const char *signature, const void *bytes, size_t size);
