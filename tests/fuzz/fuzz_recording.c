/* A recording of DXG calls: read, and played to a program that calls as it says. */
#include <string.h>
#include <sys/eventfd.h>

#include "probes/dxg_abi.h"
#include "probes/dxg_part.h"
#include "probes/dxg_pointer.h"
#include "probes/dxg_replay.h"
#include "probes/recording.h"
#include "tests/fuzz/fuzz.h"
#include "util/alloc.h"

#define HANDLES_MAX 64
#define FENCE_MS    5000

/* What the program got; which of them it uses the recording says. */
struct handles {
	uint32_t handle[HANDLES_MAX];
	size_t n;
};

static void take(struct handles *handles, const void *from)
{
	uint32_t handle;
	memcpy(&handle, from, sizeof(handle));
	if (handle)
		handles->handle[handles->n++ % HANDLES_MAX] = handle;
}

static void put(const struct handles *handles, void *to)
{
	uint32_t handle;
	size_t n = handles->n < HANDLES_MAX ? handles->n : HANDLES_MAX;
	memcpy(&handle, to, sizeof(handle));
	if (n)
		memcpy(to, &handles->handle[handle % n], sizeof(handle));
}

/* A call as our program makes it: what pointers lead to is exactly as large as it says. */
struct made {
	const struct recording_call *recorded;
	_Alignas(8) uint8_t structure[DXG_CALL_BYTES];
	uint8_t *memory[DXG_POINTERS_MAX];
	uint64_t sizes[DXG_POINTERS_MAX];
	size_t n;
};

static void lead_to_memory(struct made *made, const struct dxg_pointer *pointer)
{
	uint64_t address, size;
	require(dxg_pointer_read(pointer, made->structure, sizeof(made->structure),
				 &address, &size));
	/* More is refused, or more than any list. */
	if (size > RECORDING_DATA_MAX)
		size = RECORDING_DATA_MAX;
	uint8_t *memory = xcalloc(1, size + !size);
	made->memory[made->n] = memory;
	made->sizes[made->n++] = size;
	address = (uintptr_t)memory;
	if (size)
		memcpy(made->structure + pointer->offset, &address, sizeof(address));
	for (size_t i = 0; i < made->recorded->n_data; i++) {
		const struct recording_data *data = &made->recorded->data[i];
		if (data->offset == pointer->offset && data->in.bytes)
			memcpy(memory, data->in.bytes,
			       data->in.size < size ? data->in.size : size);
	}
}

/* Handles that lie behind a pointer. */
static void put_behind(const struct handles *handles, const struct dxg_part *part,
		       const struct made *made)
{
	uint64_t address = 0, size = 0;
	const struct dxg_pointer *pointer = dxg_pointer_at(part->request, part->offset);
	require(pointer && dxg_pointer_read(pointer, made->structure,
					    sizeof(made->structure), &address, &size));
	for (uint64_t at = 0; at + 4 <= size && at < RECORDING_DATA_MAX; at += 4)
		put(handles, (uint8_t *)(uintptr_t)address + at);
}

/* Never a descriptor that the recording names: it is written to. */
static int event_of_ours(void)
{
	static int event = -1;
	if (event < 0)
		event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	require(event >= 0);
	return event;
}

static void make(struct made *made, const struct handles *handles)
{
	const struct recording_call *recorded = made->recorded;
	const struct dxg_part *part = NULL;
	const struct dxg_pointer *pointer = NULL;
	memcpy(made->structure, recorded->in.bytes, recorded->in.size);
	while ((part = dxg_part_next(recorded->request, part)))
		if (part->kind == PART_HANDLE || part->kind == PART_HANDLE_IF_ANY)
			put(handles, made->structure + part->offset);
	while ((pointer = dxg_pointer_next(recorded->request, pointer)))
		lead_to_memory(made, pointer);
	while ((part = dxg_part_next(recorded->request, part)))
		if (part->kind == PART_HANDLES)
			put_behind(handles, part, made);
	if (recorded->request == LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU)
		((struct d3dkmt_waitforsynchronizationobjectfromcpu *)(void *)
			 made->structure)
			->async_event = (uint64_t)event_of_ours();
}

static void take_handles(const struct made *made, struct handles *handles)
{
	const struct dxg_part *part = NULL;
	while ((part = dxg_part_next(made->recorded->request, part))) {
		if (part->kind == PART_NEW)
			take(handles, made->structure + part->offset);
		if (part->kind == PART_ADAPTERS && made->sizes[0])
			take(handles, made->memory[0]);
	}
}

static void play_call(struct replay *replay, const struct recording_call *recorded,
		      struct handles *handles)
{
	struct made made = { .recorded = recorded };
	if (!recorded->in.bytes || recorded->in.size != dxg_call_size(recorded->request))
		return;
	make(&made, handles);
	if (replay_call(replay, recorded->request, made.structure) == 0)
		take_handles(&made, handles);
	for (size_t i = 0; i < made.n; i++)
		free(made.memory[i]);
}

static void play(const char *bytes, size_t size, const struct recording *recording)
{
	struct replay *replay;
	struct handles handles = { 0 };
	struct error *err = replay_create("recording", bytes, size, FENCE_MS, &replay);
	require(!err);
	require(replay_open(replay) <= REPLAY_UNTOLD);
	for (size_t i = 0; i < recording->n; i++)
		play_call(replay, &recording->calls[i], &handles);
	replay_destroy(replay);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_arena struct arena arena = { 0 };
	struct recording recording;
	cleanup_error struct error *err = recording_parse("recording", (const char *)data,
							  size, &arena, &recording);
	if (err)
		return 0;
	for (size_t i = 0; i < recording.n; i++) {
		const struct recording_call *call = &recording.calls[i];
		require(dxg_call_is(call->request) && call->thread);
		require(!call->out.bytes || call->out.size == call->in.size);
		for (size_t j = 0; j < call->n_data; j++)
			require(call->data[j].offset + sizeof(uint64_t) <= call->in.size);
	}
	play((const char *)data, size, &recording);
	return 0;
}
