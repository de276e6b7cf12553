/*
 * dxg_pointer.h: which members of the calls' structures are pointers, and how much lies
 * behind them: what a recording holds, and what a replay may write.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `count` elements of `element` bytes each lie there. */
struct dxg_pointer {
	uint32_t request;
	uint16_t offset, count; /* of the members */
	uint16_t element;
};

#define DXG_POINTERS_MAX 4 /* of one call */

/* @param after  NULL: the first. @return the call's next one, or NULL */
const struct dxg_pointer *dxg_pointer_next(uint32_t request,
					   const struct dxg_pointer *after);
/* @return the one that lies at this offset of the structure, or NULL */
const struct dxg_pointer *dxg_pointer_at(uint32_t request, size_t offset);
/*
 * @param structure  of the call, `size` bytes of it, at any address
 * @param ret_size   bytes that lie there; 0 where there is no pointer
 * @return false where the structure is too short to tell
 */
bool dxg_pointer_read(const struct dxg_pointer *pointer, const void *structure,
		      size_t size, uint64_t *ret_address, uint64_t *ret_size);
