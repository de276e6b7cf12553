#include "runner/kernel_seen.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

static uint64_t mix(uint64_t hash, const void *bytes, size_t size)
{
	/* FNV-1a */
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3;
	return hash;
}

static uint64_t hash_of(const struct kernel_message *message)
{
	uint64_t hash = 0xcbf29ce484222325;
	hash = mix(hash, &message->moment, sizeof(message->moment));
	hash = mix(hash, &message->error, sizeof(message->error));
	hash = mix(hash, &message->times, sizeof(message->times));
	hash = mix(hash, message->handler, strlen(message->handler));
	return hash ? hash : 1;
}

/* Where a hash is, or where it would be. */
static uint64_t *find(struct kernel_seen *seen, uint64_t hash)
{
	size_t at = hash & (seen->slots - 1);
	while (seen->slot[at] && seen->slot[at] != hash)
		at = (at + 1) & (seen->slots - 1);
	return &seen->slot[at];
}

static void grow(struct kernel_seen *seen)
{
	struct kernel_seen wider = { .slots = seen->slots ? 2 * seen->slots : 64,
				     .n = seen->n,
				     .last = seen->last };
	wider.slot = xcalloc(wider.slots, sizeof(*wider.slot));
	for (size_t i = 0; i < seen->slots; i++)
		if (seen->slot[i])
			*find(&wider, seen->slot[i]) = seen->slot[i];
	free(seen->slot);
	*seen = wider;
}

bool kernel_seen_before(struct kernel_seen *seen, const struct kernel_message *message)
{
	if (message->kind != KERNEL_FAILURE || !message->moment)
		return false;
	if (2 * seen->n >= seen->slots)
		grow(seen);
	uint64_t hash = hash_of(message);
	uint64_t *slot = find(seen, hash);
	bool adjacent = message->moment & 1 && seen->last == hash;
	seen->last = hash;
	if (*slot)
		return !adjacent;
	*slot = hash;
	seen->n++;
	return false;
}

void kernel_seen_deinit(struct kernel_seen *seen)
{
	free(seen->slot);
}
