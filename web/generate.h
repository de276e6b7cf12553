/*
 * generate.h: the store as a site in a folder.
 *
 * The same facts give the same bytes; only what changed is written (see folder.h).
 */
#pragma once

#include "matrix/store.h"
#include "web/folder.h"

struct error *generate(struct store *store, const char *folder,
		       struct folder_counts *ret) must_check;
