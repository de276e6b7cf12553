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

/* A text longer than this is no paste. */
#define PASTE_SIZE_MAX (64 * 1024 * 1024)

/*
 * @param bytes  any encoding, any bytes
 * @param ret    initialised by this function; on success the caller's to deinit. Without
 * diagnoses: diagnose() makes them.
 */
struct error *paste_read(const char *bytes, size_t size, struct record *ret) must_check;
