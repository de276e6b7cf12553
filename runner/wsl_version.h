/*
 * wsl_version.h: what `wsl.exe --version` prints, in any language of Windows.
 *
 * The program prints seven lines "label: version" in a fixed order; the labels are
 * translated and change between releases, the order does not (microsoft/WSL:
 * localization/strings/<locale>/Resources.resw, MessagePackageVersions). So lines are
 * told apart by position and by the shape of their version, never by a word.
 *
 * Lines 1 to 6 are constants of the installed package: line 2 is not the running kernel
 * where .wslconfig names another one or a restart is pending.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "record/version.h"

struct wsl_version_line {
	char version[VERSION_MAX];
	size_t line; /* 1-based, in the text that was read */
};

/* X(member, what it is), in the order of the lines */
#define WSL_VERSION_LINES(X)                                                             \
	X(wsl, "the installed package, normal form: four parts")                         \
	X(kernel, "\"6.6.87.2-1\": the packaged kernel and its revision")                \
	X(wslg, "\"1.0.71\"")                                                            \
	X(msrdc, "\"1.2.6353\"")                                                         \
	X(direct3d, "\"1.611.1-81528511\"")                                              \
	X(dxcore, "\"10.0.26100.1-240331-1435.ge-release\"")                             \
	X(windows, "\"10.0.26100.8246\", normal form")

struct wsl_version {
#define X(member, what) struct wsl_version_line member;
	WSL_VERSION_LINES(X)
#undef X
};

/*
 * Finds the first such block in a text, which may hold anything before and after it.
 * Blank lines inside are passed over: old builds doubled the carriage return
 * (microsoft/WSL#4456). Accepts ':' and the full-width colon, NBSP and ideographic space
 * around it (tailscale/tailscale#3170).
 * @param utf8  from text_to_utf8(); need not end with NUL
 * @return false where there is none: the WSL that came with Windows prints its usage
 * instead, and a block cut short cannot be told by position
 */
bool wsl_version_read(const char *utf8, size_t size, struct wsl_version *ret);
