/*
 * tree.h: the folders that a scenario's files lie in and the real machine lacks, as real
 * folders of empty files below a temporary one, for programs that list them.
 */
#pragma once

#include "tests/dxgsim/scenario.h"

/* @param ret  the folder that stands for the root, the caller's to destroy */
struct error *tree_create(const struct scenario *scenario, char **ret) must_check;
/* Deletes it. Accepts NULL. */
void tree_destroy(char *tree);
DEFINE_CLEANUP(cleanup_tree_p, char *, tree_destroy)
#define cleanup_tree cleanup_with(cleanup_tree_p)

/* @return the folder that stands for `path`, the caller's; NULL: the real machine has
 * something there, or no file of the scenario lies below it. */
char *tree_find_folder(const char *tree, const char *path);
/* @return the path that one inside the tree stands for; other paths as they are. */
const char *tree_leave(const char *tree, const char *path);
