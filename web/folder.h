/*
 * folder.h: the folder that holds the site: only what changed is written, only what is
 * ours is deleted.
 *
 * A list of our files lies in the folder (".dxgmatrix-site"). A folder that holds
 * anything and has no such list is refused; a file that is not in the list is never
 * touched. The list is written before the files, so a run that was ended in the middle
 * leaves a folder that the next one accepts and finishes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "record/record.h"
#include "util/error.h"

struct folder;

struct folder_counts {
	size_t files, written, deleted;
};

/*
 * Opens the folder, makes it where it is missing, reads its list.
 * @param paths  all files that the site will have, relative, in any order; borrowed until
 *               folder_close
 */
struct error *folder_open(const char *path, const struct strings *paths,
			  struct folder **ret) must_check;
/* Writes one of the paths, where its bytes differ from those that lie there. */
struct error *folder_write(struct folder *folder, const char *path, const void *bytes,
			   size_t size) must_check;
/* Deletes what the last run wrote and this one did not name; writes the final list. */
struct error *folder_finish(struct folder *folder, struct folder_counts *ret) must_check;
void folder_close(struct folder *folder);

DEFINE_CLEANUP(cleanup_folder_p, struct folder *, folder_close)
#define cleanup_folder cleanup_with(cleanup_folder_p)
