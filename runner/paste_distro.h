/*
 * paste_distro.h: the distro in a text, as os-release(5) would give it: ID-VERSION_ID.
 */
#pragma once

#include "runner/claims.h"
#include "runner/paste_text.h"

void paste_read_distro(const struct paste_text *text, struct claims *claims);
