/*
 * paste.h: text that people paste, read as a harvested record.
 *
 * Reads kernel lines, `wsl --version` in any language, clinfo, vulkaninfo, nvidia-smi,
 * uname, dxdiag, and versions and PCI ids beside their component's name. Every field that
 * is read has evidence (line and text); two values for one field leave it out and stand
 * under contradictions. Opinions of the text ("the driver is too old") are not read.
 */
#pragma once

#include "record/record.h"

/* A head shorter than this is the whole text. */
#define PASTE_HEAD_MAX ((size_t)64 * 1024 * 1024)

/*
 * Reads a text of any size, in memory of fixed size: all its kernel lines, and from the
 * lines that runner/paste_sieve.h keeps of it the rest.
 * @param head  any encoding, any bytes; decides which
 * @param fd    has what comes behind a head of PASTE_HEAD_MAX bytes, else it is not read;
 * stays open
 * @param ret   initialised by this function; on success the caller's to deinit. Without
 * diagnoses: diagnose() makes them.
 * @return an error where the rest can't be read
 */
struct error *paste_read(const char *head, size_t size, int fd,
			 struct record *ret) must_check;
