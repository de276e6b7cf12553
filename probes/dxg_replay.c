#include "probes/dxg_replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "probes/dxg_question.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/file.h"

/* A recorded call that can answer, and what it asked. */
struct turn {
	const struct recording_call *call;
	const char *text;
	size_t size;
};

struct replay {
	struct arena arena;
	struct recording recording;
	int64_t fence_us;
	struct turn *turns;
	size_t n_turns, next; /* next: behind the last that answered in its turn */
	struct objects objects;
};

/* ---- reading the recording ---- */

static void learn_call(struct replay *replay, struct names *names,
		       const struct recording_call *call)
{
	struct question question = { .request = call->request,
				     .bytes = call->in.bytes,
				     .call = call };
	if (!call->in.bytes || call->in.size != _IOC_SIZE(call->request) ||
	    !dxg_part_next(call->request, NULL))
		return;
	if (!question_recorded(names, &question)) {
		size_t size = question.text.length;
		char *text = arena_alloc(&replay->arena, size, 1);
		memcpy(text, question.text.string, size);
		*arena_push(&replay->arena, replay->turns, replay->n_turns) =
			(struct turn){ call, text, size };
		names_learn(names, &question);
	}
	strbuf_deinit(&question.text);
}

struct error *replay_create(const char *name, const char *bytes, size_t size,
			    int fence_ms, struct replay **ret)
{
	struct replay *replay = xcalloc(1, sizeof(*replay));
	cleanup_free struct names *names = xcalloc(1, sizeof(*names));
	objects_init(&replay->objects);
	replay->fence_us = fence_ms * INT64_C(1000);
	struct error *err =
		recording_parse(name, bytes, size, &replay->arena, &replay->recording);
	if (err) {
		replay_destroy(replay);
		return err;
	}
	for (size_t i = 0; i < replay->recording.n; i++)
		learn_call(replay, names, &replay->recording.calls[i]);
	*ret = replay;
	return NULL;
}

struct error *replay_read(const char *root, int fence_ms, struct replay **ret)
{
	static const char absent[] = "dxgmatrix-recording 1\nopen -2\n"; /* ENOENT */
	cleanup_free char *name = xasprintf("%s" DXG_NODE, root), *bytes = NULL;
	size_t size;
	if (root_read(root, DXG_NODE, RECORDING_SIZE_MAX, &bytes, &size))
		return replay_create(name, bytes, size, fence_ms, ret);
	if (root_exists(root, DXG_NODE))
		return error_create("%s: is no recording", name);
	return replay_create(name, absent, sizeof(absent) - 1, fence_ms, ret);
}

void replay_destroy(struct replay *replay)
{
	if (!replay)
		return;
	objects_deinit(&replay->objects);
	arena_deinit(&replay->arena);
	free(replay);
}

int replay_open(const struct replay *replay)
{
	if (replay->recording.has_open)
		return replay->recording.open_errno;
	/* Whoever called had opened it. */
	return replay->recording.n ? 0 : REPLAY_UNTOLD;
}

/* ---- answers ---- */

static bool asks_the_same(const struct turn *turn, const struct strbuf *text)
{
	return turn->size == text->length &&
	       !memcmp(turn->text, text->string, turn->size);
}

static const struct recording_call *find_turn(struct replay *replay,
					      const struct strbuf *text)
{
	for (size_t i = replay->next; i < replay->n_turns; i++) {
		if (!asks_the_same(&replay->turns[i], text))
			continue;
		replay->next = i + 1;
		return replay->turns[i].call;
	}
	for (size_t i = replay->next; i--;)
		if (asks_the_same(&replay->turns[i], text))
			return replay->turns[i].call;
	return NULL;
}

/* While a call of ours is answered by a recorded one. */
struct answering {
	struct replay *replay;
	const struct question *question;
	const struct recording_call *call;
	uint8_t *ret; /* our structure */
};

/* A refused call that left its structure as it was has written nothing. */
static void answer_bytes(const struct answering *a, const struct dxg_part *part)
{
	const uint8_t *written =
		a->call->result < 0 ? a->call->out.bytes : recorded_answer(a->call);
	if (written)
		memcpy(a->ret + part->offset, written + part->offset, part->size);
}

static void answer_memory(const struct answering *a, const struct dxg_part *part)
{
	void *address = NULL;
	uint64_t room = question_room(a->question, part, &address);
	const struct recording_data *data = recorded_data(a->call, part);
	if (data && data->out.bytes && room)
		memcpy(address, data->out.bytes,
		       data->out.size < room ? data->out.size : room);
}

/* Where there is too little room the driver copies nothing (struct d3dkmt_enumadapters3). */
static void answer_list(const struct answering *a, const struct dxg_part *part)
{
	void *address = NULL;
	const uint8_t *list = NULL;
	uint64_t room = question_room(a->question, part, &address);
	uint32_t n = recorded_list(a->call, part, &list);
	if (n > room / sizeof(struct d3dkmt_adapterinfo))
		return;
	for (uint32_t i = 0; i < n; i++) {
		struct d3dkmt_adapterinfo info;
		memcpy(&info, list + i * sizeof(info), sizeof(info));
		if (info.adapter_handle.v)
			info.adapter_handle.v = objects_add(
				&a->replay->objects, OBJECT_ADAPTER, info.adapter_luid);
		memcpy((uint8_t *)address + i * sizeof(info), &info, sizeof(info));
	}
}

/* Windows that refuses leaves the handle as it was. */
static void answer_handle(const struct answering *a, const struct dxg_part *part)
{
	uint32_t before, after;
	memcpy(&before, a->call->in.bytes + part->offset, sizeof(before));
	memcpy(&after, recorded_answer(a->call) + part->offset, sizeof(after));
	if (a->call->result < 0 || after == before)
		return;
	if (after)
		after = objects_add(&a->replay->objects, (enum dxg_object)part->objects,
				    a->question->luid);
	memcpy(a->ret + part->offset, &after, sizeof(after));
}

static uint64_t initial_value(const struct question *question)
{
	struct d3dkmt_createsynchronizationobject2 create;
	if (question->request != LX_DXCREATESYNCHRONIZATIONOBJECT)
		return 0;
	memcpy(&create, question->bytes, sizeof(create));
	return create.info.monitored_fence.initial_fence_value;
}

/* An address of our own; one that no fence can have stays such. */
static void answer_fence(const struct answering *a, const struct dxg_part *part)
{
	uint64_t address;
	if (a->call->result < 0)
		return;
	memcpy(&address, recorded_answer(a->call) + part->offset, sizeof(address));
	if (address)
		address = (uintptr_t)objects_add_fence(&a->replay->objects,
						       initial_value(a->question)) +
			  address % sizeof(uint64_t);
	memcpy(a->ret + part->offset, &address, sizeof(address));
}

static void answer_part(const struct answering *a, const struct dxg_part *part)
{
	switch (part->kind) {
	case PART_ANSWERED:
		answer_bytes(a, part);
		break;
	case PART_NEW:
		answer_handle(a, part);
		break;
	case PART_FENCE:
		answer_fence(a, part);
		break;
	case PART_MEMORY:
		answer_memory(a, part);
		break;
	case PART_ADAPTERS:
		answer_list(a, part);
		break;
	case PART_ASKED:
	case PART_LUID:
	case PART_HANDLE:
	case PART_HANDLE_IF_ANY:
	case PART_MEMORY_ASKED:
	case PART_HANDLES:
		break;
	}
}

/* ---- what a granted call does beside its answer ---- */

/* When its thread called again. @return microseconds since this call began; -1 unknown */
static int64_t went_on_after(const struct replay *replay,
			     const struct recording_call *call)
{
	const struct recording_call *end = replay->recording.calls + replay->recording.n;
	for (const struct recording_call *next = call + 1; next < end; next++)
		if (next->thread == call->thread)
			return call->begun_us < 0 || next->begun_us < call->begun_us
				       ? -1
				       : next->begun_us - call->begun_us;
	return -1;
}

static int64_t do_wait(const struct answering *a)
{
	const struct d3dkmt_waitforsynchronizationobjectfromcpu *wait =
		(const void *)a->ret;
	/* 0: it blocked, and came back. */
	int result = wait->async_event ? objects_wait(&a->replay->objects, wait) : 0;
	return result ? result : a->call->result;
}

static int64_t do_signal(const struct answering *a)
{
	struct objects *objects = &a->replay->objects;
	int64_t us = went_on_after(a->replay, a->call);
	if (us < 0 && objects_are_waited_for(objects))
		return -REPLAY_UNTOLD;
	if (us < a->replay->fence_us)
		objects_signal(objects, (const void *)a->ret);
	return a->call->result;
}

static int64_t take_effect(const struct answering *a)
{
	uint32_t handle;
	memcpy(&handle, a->ret, sizeof(handle)); /* the one member of what destroys */
	switch (a->call->request) {
	case LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU:
		return do_wait(a);
	case LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU:
		return do_signal(a);
	case LX_DXCLOSEADAPTER:
	case LX_DXDESTROYDEVICE:
	case LX_DXDESTROYPAGINGQUEUE:
	case LX_DXDESTROYSYNCHRONIZATIONOBJECT:
		objects_remove(&a->replay->objects, handle);
		break;
	}
	return a->call->result;
}

/* ---- calls ---- */

static int check_list(uint32_t count, uint32_t most, uint64_t objects, uint64_t values)
{
	if (!count || count > most)
		return -EINVAL;
	return objects && values ? 0 : -EFAULT;
}

/* What the driver refuses before it reads the lists of objects and values. */
static int check_lists(uint32_t request, const void *argument)
{
	const struct d3dkmt_waitforsynchronizationobjectfromcpu *wait = argument;
	const struct d3dkmt_signalsynchronizationobjectfromcpu *signal = argument;
	if (request == LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU)
		return check_list(wait->object_count, D3DDDI_MAX_OBJECT_WAITED_ON,
				  wait->objects, wait->fence_values);
	if (request == LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU)
		return check_list(signal->object_count, D3DDDI_MAX_OBJECT_SIGNALED,
				  signal->objects, signal->fence_values);
	return 0;
}

static int64_t answer(struct replay *replay, const struct question *question,
		      void *argument)
{
	const struct answering a = {
		.replay = replay,
		.question = question,
		.call = find_turn(replay, &question->text),
		.ret = argument,
	};
	const struct dxg_part *part = NULL;
	if (!a.call)
		return -REPLAY_UNTOLD;
	if (a.call->result == DXG_CALL_UNFINISHED)
		return a.call->result;
	while ((part = dxg_part_next(a.call->request, part)))
		answer_part(&a, part);
	return a.call->result < 0 ? a.call->result : take_effect(&a);
}

int64_t replay_call(struct replay *replay, uint32_t request, void *argument)
{
	if (!dxg_call_exists(request))
		return -ENOTTY;
	int64_t result = check_lists(request, argument);
	if (result)
		return result;
	/* What is written must not change what was asked. */
	uint8_t before[DXG_CALL_BYTES];
	memcpy(before, argument, dxg_call_size(request));
	struct question question = { .request = request, .bytes = before };
	result = question_of_ours(&replay->objects, &question);
	if (!result)
		result = answer(replay, &question, argument);
	strbuf_deinit(&question.text);
	return result;
}
