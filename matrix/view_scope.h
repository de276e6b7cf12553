/* view_scope.h: what the view_*.c files share: scopes and GPUs out of the store. */
#pragma once

#include "matrix/stmt.h"
#include "matrix/tally.h"
#include "matrix/view.h"

/* A scope with its interfaces and rungs; all zero where the store has no such scope.
 * Strings lie in the arena. */
struct error *view_load_scope(struct store *store, struct arena *arena, const char *gpu,
			      const struct scope *scope,
			      struct view_scope *ret) must_check;
/* Address and names of a GPU; its scope is left alone. */
struct error *view_load_gpu(struct store *store, struct arena *arena, const char *address,
			    struct view_gpu *ret) must_check;

/*
 * The combinations of a GPU, newest driver and WSL first.
 * @param address  of one combination, or NULL for all
 */
struct error *view_load_combinations(struct store *store, struct arena *arena,
				     const struct view_gpu *gpu, const char *address,
				     struct view_combination **ret,
				     size_t *ret_n) must_check;

/* The verdict in the present row of a d_scope or d_rung statement. */
struct verdict view_verdict(struct stmt *stmt);
/* The verdict on DXG holds only as far as Windows' scheduler: no device copy proved. */
bool view_door_to_fence(struct stmt *stmt);
/* A column's text in the arena, or NULL. */
const char *view_text(struct arena *arena, struct stmt *stmt, const char *column);
