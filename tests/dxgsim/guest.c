#include "tests/dxgsim/guest.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/dxgsim/memory.h"
#include "util/alloc.h"

/* Bytes of a page given to each fence: nothing else on its cache line. */
#define FENCE_ROOM 64

struct guest *guest_create(pid_t pid, int pidfd)
{
	struct guest *guest = xcalloc(1, sizeof(*guest));
	guest->pid = pid;
	guest->pidfd = pidfd;
	return guest;
}

void guest_destroy(struct guest *guest)
{
	if (!guest)
		return;
	guest_reset(guest);
	close(guest->pidfd);
	free(guest->hung);
	free(guest);
}

void guest_hang(struct guest *guest, uint32_t request)
{
	guest->hung = xreallocarray(guest->hung, guest->hung_count + 1, 1);
	guest->hung[guest->hung_count++] = (uint8_t)_IOC_NR(request);
}

static void table_deinit(struct table *table)
{
	free(table->objects);
	*table = (struct table){ 0 };
}

/* Gives the process its bytes back: an environment with zeros in it would be cut by an exec.
 * A process that is gone needs nothing. */
static void blank_fence(const struct guest *guest, const struct object *fence)
{
	char blank[sizeof(fence->value)];
	memset(blank, '-', sizeof(blank));
	memory_write(guest->pid, fence->address, blank, sizeof(blank));
}

void guest_destroy_object(struct guest *guest, struct object *object)
{
	struct d3dkmthandle handle = table_handle(&guest->objects, object);
	for (size_t i = 0; i < guest->objects.count; i++) {
		struct object *below = &guest->objects.objects[i];
		if (below->type != OBJECT_NONE && handle_equals(below->parent, handle))
			guest_destroy_object(guest, below);
	}
	if (object->type == OBJECT_FENCE)
		blank_fence(guest, object);
	object->type = OBJECT_NONE;
	for (struct work **at = &guest->work; *at;) {
		struct work *work = *at;
		if (!handle_equals(work->queue, handle)) {
			at = &work->next;
			continue;
		}
		*at = work->next;
		work_destroy(work);
	}
}

void guest_reset(struct guest *guest)
{
	for (size_t i = 0; i < guest->objects.count; i++)
		if (guest->objects.objects[i].type == OBJECT_FENCE)
			blank_fence(guest, &guest->objects.objects[i]);
	table_deinit(&guest->adapters);
	table_deinit(&guest->objects);
	free(guest->ranges);
	guest->ranges = NULL;
	guest->range_count = 0;
	while (guest->waits) {
		struct wait *wait = guest->waits;
		guest->waits = wait->next;
		wait_destroy(wait);
	}
	while (guest->work) {
		struct work *work = guest->work;
		guest->work = work->next;
		work_destroy(work);
	}
}

struct d3dkmthandle table_handle(const struct table *table, const struct object *object)
{
	return (struct d3dkmthandle){ .index = (uint32_t)(object - table->objects),
				      .unique = object->unique };
}

struct d3dkmthandle table_add(struct table *table, enum object_type type,
			      struct object **ret)
{
	size_t i = 0;
	while (i < table->count && table->objects[i].type != OBJECT_NONE)
		i++;
	if (i == table->count) {
		table->objects = xreallocarray(table->objects, ++table->count,
					       sizeof(*table->objects));
		table->objects[i] = (struct object){ 0 };
	}
	uint32_t unique = table->objects[i].unique % 3 + 1;
	table->objects[i] = (struct object){ .type = type, .unique = unique };
	*ret = &table->objects[i];
	return table_handle(table, *ret);
}

struct object *table_find(const struct table *table, struct d3dkmthandle handle,
			  enum object_type type)
{
	if (handle.index >= table->count)
		return NULL;
	struct object *object = &table->objects[handle.index];
	return object->type == type && handle_equals(table_handle(table, object), handle)
		       ? object
		       : NULL;
}

void guest_close_adapter(struct guest *guest, struct object *adapter)
{
	const struct sim_adapter *of = adapter->adapter;
	adapter->type = OBJECT_NONE;
	for (size_t i = 0; i < guest->adapters.count; i++)
		if (guest->adapters.objects[i].type == OBJECT_ADAPTER &&
		    guest->adapters.objects[i].adapter == of)
			return;
	for (size_t i = 0; i < guest->objects.count; i++) {
		struct object *object = &guest->objects.objects[i];
		if (object->type == OBJECT_DEVICE && object->adapter == of)
			guest_destroy_object(guest, object);
	}
	size_t kept = 0;
	for (size_t i = 0; i < guest->range_count; i++)
		if (guest->ranges[i].adapter != of)
			guest->ranges[kept++] = guest->ranges[i];
	guest->range_count = kept;
}

static bool is_taken(const struct guest *guest, uint64_t address)
{
	for (size_t i = 0; i < guest->objects.count; i++) {
		const struct object *object = &guest->objects.objects[i];
		if (object->type == OBJECT_FENCE && object->address == address)
			return true;
	}
	return false;
}

bool guest_map_fence(struct guest *guest, struct object *fence, uint64_t value)
{
	size_t size = 0;
	uint64_t pages = memory_find_pages(guest->pid, &size);
	for (uint64_t address = pages; address && address + FENCE_ROOM <= pages + size;
	     address += FENCE_ROOM) {
		if (is_taken(guest, address))
			continue;
		fence->address = address;
		fence->value = value;
		return guest_show_fence(guest, fence);
	}
	return false;
}

bool guest_show_fence(const struct guest *guest, const struct object *fence)
{
	return memory_write(guest->pid, fence->address, &fence->value,
			    sizeof(fence->value));
}

bool guest_wait_is_over(const struct guest *guest, const struct wait *wait)
{
	uint32_t reached = 0;
	for (uint32_t i = 0; i < wait->count; i++) {
		const struct object *fence =
			table_find(&guest->objects, wait->objects[i], OBJECT_FENCE);
		reached += fence && fence->value >= wait->values[i];
	}
	return wait->any ? reached > 0 : reached == wait->count;
}

void wait_destroy(struct wait *wait)
{
	if (!wait)
		return;
	if (wait->event >= 0)
		close(wait->event);
	free(wait->objects);
	free(wait->values);
	free(wait);
}

void work_destroy(struct work *work)
{
	if (!work)
		return;
	if (work->event >= 0)
		close(work->event);
	wait_destroy(work->set);
	free(work);
}
