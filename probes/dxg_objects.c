#include "probes/dxg_objects.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "util/array.h"

#define OBJECTS_MAX 4096

void objects_init(struct objects *objects)
{
	*objects = (struct objects){ 0 };
	for_each_row(wait, objects->waits)
		wait->event = -1;
}

static void end_wait(struct wait *wait)
{
	if (wait->event >= 0)
		close(wait->event);
	wait->event = -1;
}

void objects_deinit(struct objects *objects)
{
	for_each_row(wait, objects->waits)
		end_wait(wait);
	arena_deinit(&objects->arena);
}

/* As the driver's look. */
static uint32_t handle_of(size_t index)
{
	const struct d3dkmthandle handle = { .index = (uint32_t)index + 1, .unique = 1 };
	return handle.v;
}

uint32_t objects_add(struct objects *objects, enum dxg_object kind, struct winluid luid)
{
	if (objects->n == OBJECTS_MAX)
		return 0;
	*arena_push(&objects->arena, objects->object, objects->n) =
		(struct object){ .kind = (int)kind, .luid = luid };
	return handle_of(objects->n - 1);
}

static struct object *find_object(const struct objects *objects, uint32_t value,
				  uint8_t kinds)
{
	const struct d3dkmthandle handle = { .v = value };
	size_t index = handle.index - 1u;
	if (!handle.index || index >= objects->n || handle_of(index) != value ||
	    !(objects->object[index].kind & kinds))
		return NULL;
	return &objects->object[index];
}

const struct object *objects_find(const struct objects *objects, uint32_t handle,
				  uint8_t kinds)
{
	return find_object(objects, handle, kinds);
}

void objects_remove(struct objects *objects, uint32_t handle)
{
	struct object *object = find_object(objects, handle, UINT8_MAX);
	if (object)
		object->kind = 0;
}

uint64_t *objects_add_fence(struct objects *objects, uint64_t initial)
{
	uint64_t *fence = arena_alloc(&objects->arena, 2, sizeof(*fence));
	struct object *newest = objects->n ? &objects->object[objects->n - 1] : NULL;
	*fence = initial;
	if (newest && newest->kind == OBJECT_FENCE && !newest->fence)
		newest->fence = fence;
	return fence;
}

static bool is_reached(const struct objects *objects, const struct wait *wait)
{
	uint32_t reached = 0;
	for (uint32_t i = 0; i < wait->n; i++) {
		const struct object *object =
			find_object(objects, wait->objects[i], OBJECT_FENCE);
		reached += object && object->fence && *object->fence >= wait->values[i];
	}
	return wait->any ? reached > 0 : reached == wait->n;
}

static void end_waits(struct objects *objects)
{
	for_each_row(wait, objects->waits) {
		if (wait->event < 0 || !is_reached(objects, wait))
			continue;
		eventfd_write(wait->event, 1);
		end_wait(wait);
	}
}

bool objects_are_waited_for(const struct objects *objects)
{
	for_each_row(wait, objects->waits)
		if (wait->event >= 0)
			return true;
	return false;
}

int objects_wait(struct objects *objects,
		 const struct d3dkmt_waitforsynchronizationobjectfromcpu *call)
{
	struct wait *wait = objects->waits, *end = wait + WAITS_MAX;
	while (wait < end && wait->event >= 0)
		wait++;
	if (wait == end)
		return -ENOMEM;
	/* The driver holds on to the event itself, whatever becomes of the number. */
	wait->event = fcntl((int)call->async_event, F_DUPFD_CLOEXEC, 3);
	if (wait->event < 0)
		return -EINVAL;
	wait->any = call->flags.wait_any;
	wait->n = call->object_count;
	memcpy(wait->objects, (const void *)(uintptr_t)call->objects,
	       wait->n * sizeof(*wait->objects));
	memcpy(wait->values, (const void *)(uintptr_t)call->fence_values,
	       wait->n * sizeof(*wait->values));
	end_waits(objects);
	return 0;
}

void objects_signal(struct objects *objects,
		    const struct d3dkmt_signalsynchronizationobjectfromcpu *call)
{
	const uint32_t *handles = (const uint32_t *)(uintptr_t)call->objects;
	const uint64_t *values = (const uint64_t *)(uintptr_t)call->fence_values;
	for (uint32_t i = 0; i < call->object_count; i++) {
		struct object *object = find_object(objects, handles[i], OBJECT_FENCE);
		if (object && object->fence)
			*object->fence = values[i];
	}
	end_waits(objects);
}
