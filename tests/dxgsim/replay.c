#include "tests/dxgsim/replay.h"

#include <errno.h>
#include <string.h>

#include "probes/recording.h"
#include "util/alloc.h"
#include "util/array.h"

#define HANDLES_MAX 1024

struct replay {
	struct arena *arena;
	struct scenario *scenario;
	/* Handles of adapters as the recorded program had them. */
	struct {
		uint32_t handle;
		size_t adapter;
	} handles[HANDLES_MAX];
	size_t handle_count;
	uint32_t seen[256]; /* calls so far, by number */
};

static size_t find_or_add(struct replay *replay, struct winluid luid)
{
	struct scenario *s = replay->scenario;
	for (size_t i = 0; i < s->adapter_count; i++)
		if (s->adapters[i].luid.a == luid.a && s->adapters[i].luid.b == luid.b)
			return i;
	struct sim_adapter *adapter =
		arena_push(replay->arena, s->adapters, s->adapter_count);
	adapter->luid = luid;
	adapter->state = _D3DKMT_DEVICEEXECUTION_ACTIVE;
	return s->adapter_count - 1;
}

static void learn_handle(struct replay *replay, struct winluid luid,
			 struct d3dkmthandle handle)
{
	if (!handle.v || (!luid.a && !luid.b) || replay->handle_count == HANDLES_MAX)
		return;
	size_t adapter = find_or_add(replay, luid);
	replay->handles[replay->handle_count].handle = handle.v;
	replay->handles[replay->handle_count++].adapter = adapter;
}

/* The newest meaning of a handle. @return NULL for one that was never given out. */
static struct sim_adapter *find_adapter(const struct replay *replay,
					struct d3dkmthandle handle)
{
	for (size_t i = replay->handle_count; i--;)
		if (replay->handles[i].handle == handle.v)
			return &replay->scenario->adapters[replay->handles[i].adapter];
	return NULL;
}

static void learn_list(struct replay *replay, const struct recording_call *call)
{
	for (size_t i = 0; i < call->n_data; i++) {
		const struct recording_bytes *out = &call->data[i].out;
		struct d3dkmt_adapterinfo info;
		for (size_t at = 0; out->bytes && at + sizeof(info) <= out->size;
		     at += sizeof(info)) {
			memcpy(&info, out->bytes + at, sizeof(info));
			learn_handle(replay, info.adapter_luid, info.adapter_handle);
		}
	}
}

static void learn_open(struct replay *replay, const void *out)
{
	const struct d3dkmt_openadapterfromluid *open = out;
	learn_handle(replay, open->adapter_luid, open->adapter_handle);
}

/* What the list of adapters depends on must be known before anybody asks. */
static void learn_type(struct sim_adapter *adapter, uint32_t type,
		       const struct answer *answer)
{
	if ((type != KMTQAITYPE_ADAPTERTYPE && type != KMTQAITYPE_ADAPTERTYPE_RENDER) ||
	    adapter->has_type || answer->size < sizeof(adapter->type))
		return;
	memcpy(&adapter->type, answer->bytes, sizeof(adapter->type));
	adapter->has_type = true;
}

static void learn_answer(struct replay *replay, const struct recording_call *call,
			 const void *in)
{
	const struct d3dkmt_queryadapterinfo *query = in;
	struct sim_adapter *adapter = find_adapter(replay, query->adapter);
	if (!adapter || !call->n_data || !call->data[0].in.bytes)
		return;
	const struct recording_data *data = &call->data[0];
	struct answer answer = {
		.type = query->type,
		.question = data->in.bytes,
		.question_size = data->in.size,
		.verdict.number = call->result < 0 ? (int)-call->result : 0,
	};
	if (call->result >= 0) {
		/* Where it equals the question it is not written a second time. */
		const struct recording_bytes *out =
			data->out.bytes ? &data->out : &data->in;
		answer.bytes = out->bytes;
		answer.size = out->size;
		learn_type(adapter, query->type, &answer);
	}
	*arena_push(replay->arena, adapter->answers, adapter->answer_count) = answer;
}

static void learn_budget(struct replay *replay, const void *out)
{
	const struct d3dkmt_queryvideomemoryinfo *info = out;
	struct sim_adapter *adapter = find_adapter(replay, info->adapter);
	if (!adapter)
		return;
	if (info->memory_segment_group == _D3DKMT_MEMORY_SEGMENT_GROUP_LOCAL)
		adapter->local_budget = info->budget;
	else
		adapter->nonlocal_budget = info->budget;
}

static void learn_feature(struct replay *replay, const void *out)
{
	const struct d3dkmt_isfeatureenabled *query = out;
	struct sim_adapter *adapter = find_adapter(replay, query->adapter);
	if (!adapter)
		return;
	*arena_push(replay->arena, adapter->features, adapter->feature_count) =
		(struct feature){ .id = query->feature_id,
				  .version = query->result.version,
				  .value = query->result.value };
}

/* The n-th call of a kind ends as the n-th of the recording. */
static void learn_end(struct replay *replay, const struct recording_call *call,
		      const void *out)
{
	struct scenario *s = replay->scenario;
	uint8_t nr = (uint8_t)_IOC_NR(call->request);
	uint32_t n = replay->seen[nr];
	struct selector selector = { .nr = nr, .first = n, .last = n };
	if (call->result == DXG_CALL_UNFINISHED) {
		*arena_push(replay->arena, s->events, s->event_count) =
			(struct event){ .selector = selector, .kind = EVENT_SILENT };
		return;
	}
	struct verdict verdict = { .number = (int)-call->result };
	/* Refused by Windows, and 0 all the same. */
	const struct d3dkmt_createdevice *create = out;
	if (call->request == LX_DXCREATEDEVICE && !call->result && create &&
	    !create->device.v)
		verdict = (struct verdict){ .by_host = true,
					    .status = STATUS_UNSUCCESSFUL };
	else if (call->result >= 0 || call->result < -4095)
		return;
	*arena_push(replay->arena, s->refusals, s->refusal_count) =
		(struct refusal){ .selector = selector, .verdict = verdict };
}

static void learn_call(struct replay *replay, const struct recording_call *call)
{
	size_t size = _IOC_SIZE(call->request);
	const struct recording_bytes *out = call->out.bytes ? &call->out : &call->in;
	if (!call->in.bytes || call->in.size != size || out->size != size)
		return;
	/* The bytes of a line lie anywhere. */
	cleanup_free void *before = xcalloc(1, size + 1);
	cleanup_free void *after = xcalloc(1, size + 1);
	memcpy(before, call->in.bytes, size);
	memcpy(after, out->bytes, size);
	replay->seen[_IOC_NR(call->request)]++;
	if (call->request == LX_DXQUERYADAPTERINFO && call->result > -4096 &&
	    call->result != DXG_CALL_UNFINISHED) {
		learn_answer(replay, call, before);
		return;
	}
	learn_end(replay, call, after);
	if (call->result < 0)
		return;
	switch (call->request) {
	case LX_DXENUMADAPTERS2:
	case LX_DXENUMADAPTERS3:
		learn_list(replay, call);
		break;
	case LX_DXOPENADAPTERFROMLUID:
		learn_open(replay, after);
		break;
	case LX_DXQUERYVIDEOMEMORYINFO:
		learn_budget(replay, after);
		break;
	case LX_ISFEATUREENABLED:
		learn_feature(replay, after);
		break;
	}
}

struct error *replay_learn(const char *path, struct arena *arena,
			   struct scenario *scenario)
{
	struct recording recording;
	struct error *err = recording_read(path, arena, &recording);
	if (err)
		return err;
	cleanup_free struct replay *replay = xcalloc(1, sizeof(*replay));
	replay->arena = arena;
	replay->scenario = scenario;
	if (recording.has_open)
		scenario->open_errno = recording.open_errno;
	for (size_t i = 0; i < recording.n; i++)
		learn_call(replay, &recording.calls[i]);
	return NULL;
}
