/*
 * dxg_objects.h: the handles that a replay gives out, what each stands for, and the fences
 * among them: values in memory of our own, and who waits for them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "probes/dxg_abi.h"
#include "probes/dxg_part.h"
#include "util/arena.h"

#define WAITS_MAX 64

struct object {
	int kind;            /* of enum dxg_object; 0: destroyed */
	struct winluid luid; /* of its adapter */
	uint64_t *fence;     /* its value, or NULL */
};

/* A wait that Windows took. */
struct wait {
	int event; /* a descriptor of our own; -1: over */
	bool any;
	uint32_t n;
	uint32_t objects[D3DDDI_MAX_OBJECT_WAITED_ON];
	uint64_t values[D3DDDI_MAX_OBJECT_WAITED_ON];
};

struct objects {
	struct arena arena;
	struct object *object;
	size_t n;
	struct wait waits[WAITS_MAX];
};

void objects_init(struct objects *objects);
/* Fence values are gone then; waits are given up. */
void objects_deinit(struct objects *objects);

/* @return its handle; 0 where there are too many */
uint32_t objects_add(struct objects *objects, enum dxg_object kind, struct winluid luid);
/* @param kinds  a set of enum dxg_object. @return NULL for one that is none of them */
const struct object *objects_find(const struct objects *objects, uint32_t handle,
				  uint8_t kinds);
void objects_remove(struct objects *objects, uint32_t handle);

/* Gives the newest object, where it is a fence, its value. @return 8 readable bytes behind
 * each of the next 8 addresses */
uint64_t *objects_add_fence(struct objects *objects, uint64_t initial);
bool objects_are_waited_for(const struct objects *objects);
/* As the call of the same name, both lists readable. @return 0 or a negative errno */
int objects_wait(struct objects *objects,
		 const struct d3dkmt_waitforsynchronizationobjectfromcpu *call);
void objects_signal(struct objects *objects,
		    const struct d3dkmt_signalsynchronizationobjectfromcpu *call);
