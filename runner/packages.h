/*
 * packages.h: the guest's packages that have to do with a GPU, and which distribution.
 *
 * Kept are those whose name holds a word that Intel's issue form asks for (intel/
 * compute-runtime:.github/ISSUE_TEMPLATE) or that names a GPU library of another maker.
 * Everything else that is installed is nobody's business.
 */
#pragma once

#include "record/combination.h"
#include "util/arena.h"

/*
 * Fills packages and n_packages, sorted by name, from the package manager's own files
 * (dpkg, apk) or its command (rpm, pacman). None where there is no package manager.
 * @param root  NULL for this machine
 */
void packages_read(const char *root, struct arena *arena,
		   struct combination *combination);

/* @return "ubuntu-24.04" of os-release(5), the ID alone where there is no VERSION_ID;
 * NULL where not known */
const char *distro_read(const char *root, struct arena *arena);
