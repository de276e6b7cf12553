/*
 * spelling.h: what a version of each component looks like in a text.
 *
 * Each tells whether a spelling is one of its component, and writes its normal form
 * (record/version.h) into ret; the shapes are told apart so that a version beside the
 * wrong word is not taken for another component's.
 */
#pragma once

#include <stdbool.h>

#include "record/version.h"

typedef bool spelling(const char *text, char ret[VERSION_MAX]);

/* A Windows driver's four parts; not those of Intel's Linux runtime. */
bool spelling_driver(const char *text, char ret[VERSION_MAX]);
/* Its public names: NVIDIA's 560.94 and 610.43.02, Intel's 101.6913, AMD's 24.10.1. */
bool spelling_public(const char *text, char ret[VERSION_MAX]);
bool spelling_wsl(const char *text, char ret[VERSION_MAX]);
bool spelling_kernel(const char *text, char ret[VERSION_MAX]);
/* 10.0.BUILD.UBR, BUILD.UBR or a build alone: Windows 10 and 11 have five digits. */
bool spelling_windows(const char *text, char ret[VERSION_MAX]);
/* Intel's compute runtime: year, week, build ("23.17.26241.33"), or a year ("24.x"). */
bool spelling_runtime(const char *text, char ret[VERSION_MAX]);
/* Whatever begins with a dotted number; whatever begins with a digit; nothing at all. */
bool spelling_as_read(const char *text, char ret[VERSION_MAX]);
bool spelling_package(const char *text, char ret[VERSION_MAX]);
bool spelling_never(const char *text, char ret[VERSION_MAX]);
