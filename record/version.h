/*
 * version.h: vendors' version spellings, their normal forms and their order.
 *
 * Normal forms: a driver is four dotted parts; Windows is 10.0.BUILD.UBR; WSL has four
 * parts (2.6.3 = 2.6.3.0); a kernel is kept as read, its base is what stands before the
 * first '-'.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct version {
	uint32_t part[4]; /* missing ones are 0 */
	int count;        /* parts that were there, 1 to 4 */
};

/*
 * Parses "A", "A.B", "A.B.C" or "A.B.C.D" of decimal numbers; all of text must match.
 * Leading zeros are accepted ("27.21.0014.5541"), a part over 2^32-1 is not.
 */
bool version_parse(const char *text, struct version *ret);

/* The longest run of 2 to 4 dotted decimal parts at the start of text.
 * @return its length, 0 where there is none */
size_t version_prefix(const char *text, struct version *ret);

/*
 * The normal form of a spelling, written into ret. Each returns false, ret untouched,
 * where the spelling is not of that kind: nothing is converted by guessing.
 *   driver   exactly four parts, no leading zeros kept: 27.21.0014.5541 = 27.21.14.5541
 *   wsl      two to four parts, filled up to four
 *   windows  10.0.BUILD or 10.0.BUILD.UBR
 */
#define VERSION_MAX 64
bool version_driver(const char *text, char ret[VERSION_MAX]);
bool version_wsl(const char *text, char ret[VERSION_MAX]);
bool version_windows(const char *text, char ret[VERSION_MAX]);

/* The part of a kernel release before the first '-': "6.6.87.2" of
 * "6.6.87.2-microsoft-standard-WSL2". @return its length */
size_t version_kernel_base(const char *release);

/* By parts, as numbers; of equal parts the shorter one is less. @return <0, 0, >0 */
int version_compare(const struct version *a, const struct version *b);

/*
 * Orders two driver versions of one vendor. vendor is its PCI id.
 * Intel (8086): by the last two fields, since the first names the WDDM model and packages
 * with a lower one can be newer (Intel support article 000005654). NVIDIA (10de): by the
 * last five digits of fields three and four, the public number. Others: by all four.
 */
int version_compare_driver(uint16_t vendor, const struct version *a,
			   const struct version *b);

/* NVIDIA's public number of a Windows version: 32.0.15.6094 is 560.94, 27.21.14.5671 is
 * 456.71. @return false where the shape is not theirs */
bool version_nvidia_public(const struct version *version, char ret[VERSION_MAX]);
