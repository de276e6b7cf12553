#include "probes/dxg_question.h"

#include <errno.h>
#include <string.h>

#include "probes/dxg_pointer.h"

/* While a question is put together. */
struct asking {
	struct question *question;
	const struct objects *objects; /* ours, or NULL */
	const struct names *names;     /* of the recording, or NULL */
};

static uint32_t read_u32(const void *bytes)
{
	uint32_t value;
	memcpy(&value, bytes, sizeof(value));
	return value;
}

/* ---- handles of the recording ---- */

static void add_name(struct names *names, const struct recording_call *call,
		     uint32_t handle, struct winluid luid)
{
	if (handle)
		names->name[names->n++ % NAMES_MAX] =
			(struct name){ call->thread, handle, luid };
}

/* The newest meaning: of the same thread, since processes have handles of their own; else
 * of any. */
static const struct name *find_name(const struct names *names,
				    const struct recording_call *call, uint32_t handle)
{
	size_t n = names->n < NAMES_MAX ? names->n : NAMES_MAX;
	const struct name *other = NULL;
	for (size_t i = 1; i <= n; i++) {
		const struct name *name = &names->name[(names->n - i) % NAMES_MAX];
		if (name->handle != handle)
			continue;
		if (name->thread == call->thread)
			return name;
		other = other ? other : name;
	}
	return other;
}

void names_learn(struct names *names, const struct question *question)
{
	const struct dxg_part *part = NULL;
	const struct recording_call *call = question->call;
	while (call->result >= 0 && (part = dxg_part_next(call->request, part))) {
		if (part->kind == PART_NEW)
			add_name(names, call,
				 read_u32(recorded_answer(call) + part->offset),
				 question->luid);
		if (part->kind != PART_ADAPTERS)
			continue;
		const uint8_t *list;
		uint32_t n = recorded_list(call, part, &list);
		for (uint32_t i = 0; i < n; i++) {
			struct d3dkmt_adapterinfo info;
			memcpy(&info, list + i * sizeof(info), sizeof(info));
			add_name(names, call, info.adapter_handle.v, info.adapter_luid);
		}
	}
}

/* ---- what was recorded ---- */

/* What equals that which went in was not written a second time. */
static const uint8_t *after(const struct recording_bytes *in,
			    const struct recording_bytes *out)
{
	return out->bytes ? out->bytes : in->bytes;
}

const uint8_t *recorded_answer(const struct recording_call *call)
{
	return after(&call->in, &call->out);
}

const struct recording_data *recorded_data(const struct recording_call *call,
					   const struct dxg_part *part)
{
	for (size_t i = 0; i < call->n_data; i++)
		if (call->data[i].offset == part->offset)
			return &call->data[i];
	return NULL;
}

uint32_t recorded_list(const struct recording_call *call, const struct dxg_part *part,
		       const uint8_t **ret)
{
	const struct recording_data *data = recorded_data(call, part);
	const struct dxg_pointer *pointer = dxg_pointer_at(part->request, part->offset);
	if (!data || !data->in.bytes || !pointer || call->result < 0)
		return 0;
	uint32_t n = read_u32(recorded_answer(call) + pointer->count);
	size_t size = data->out.bytes ? data->out.size : data->in.size;
	*ret = after(&data->in, &data->out);
	return n <= size / sizeof(struct d3dkmt_adapterinfo) ? n : 0;
}

/* ---- the question ---- */

uint64_t question_room(const struct question *question, const struct dxg_part *part,
		       void **ret)
{
	uint64_t size = 0, address = 0;
	const struct dxg_pointer *pointer = dxg_pointer_at(part->request, part->offset);
	if (!pointer || !dxg_pointer_read(pointer, question->bytes,
					  _IOC_SIZE(question->request), &address, &size))
		return 0;
	*ret = (void *)(uintptr_t)address;
	return size;
}

static int read_memory(const struct question *question, const struct dxg_part *part,
		       const uint8_t **ret, size_t *ret_size)
{
	void *address = NULL;
	uint64_t size = question_room(question, part, &address);
	*ret = address;
	*ret_size = size;
	if (!size)
		return 0;
	/* As the driver bounds private data. */
	if (size > RECORDING_DATA_MAX)
		return -EINVAL;
	if (!question->call)
		return 0;
	const struct recording_data *data = recorded_data(question->call, part);
	if (!data || !data->in.bytes || data->in.size != size)
		return -EFAULT;
	*ret = data->in.bytes;
	return 0;
}

static int add_handle(struct asking *a, uint32_t handle, uint8_t kinds)
{
	struct question *question = a->question;
	const struct object *object =
		a->objects ? objects_find(a->objects, handle, kinds) : NULL;
	const struct name *name =
		a->names ? find_name(a->names, question->call, handle) : NULL;
	if (!object && !name)
		return -EINVAL;
	question->luid = object ? object->luid : name->luid;
	strbuf_add(&question->text, &question->luid, sizeof(question->luid));
	return 0;
}

static int add_handles(struct asking *a, const struct dxg_part *part)
{
	const uint8_t *bytes;
	size_t size;
	int result = read_memory(a->question, part, &bytes, &size);
	for (size_t at = 0; !result && at + sizeof(uint32_t) <= size;
	     at += sizeof(uint32_t))
		result = add_handle(a, read_u32(bytes + at), part->objects);
	return result;
}

static int add_memory(struct asking *a, const struct dxg_part *part)
{
	const uint8_t *bytes;
	size_t size;
	int result = read_memory(a->question, part, &bytes, &size);
	if (size && !result)
		strbuf_add(&a->question->text, bytes, size);
	return result;
}

/* A list, or how long it is: two questions. One for which there was too little room is
 * neither. */
static int add_list(struct asking *a, const struct dxg_part *part)
{
	const struct recording_call *call = a->question->call;
	const struct dxg_pointer *pointer = dxg_pointer_at(part->request, part->offset);
	const uint8_t *list;
	void *address;
	uint64_t room = question_room(a->question, part, &address);
	strbuf_add_char(&a->question->text, room ? 'L' : 'N');
	if (!call || !room || call->result < 0 || !pointer)
		return 0;
	uint32_t n = read_u32(recorded_answer(call) + pointer->count);
	return recorded_list(call, part, &list) == n ? 0 : -EOVERFLOW;
}

static int add_part(struct asking *a, const struct dxg_part *part)
{
	struct question *question = a->question;
	const uint8_t *bytes = question->bytes + part->offset;
	switch (part->kind) {
	case PART_LUID:
		memcpy(&question->luid, bytes, sizeof(question->luid));
		strbuf_add(&question->text, bytes, part->size);
		return 0;
	case PART_ASKED:
		strbuf_add(&question->text, bytes, part->size);
		return 0;
	case PART_HANDLE_IF_ANY:
		strbuf_add_char(&question->text, read_u32(bytes) ? '+' : '0');
		return read_u32(bytes) ? add_handle(a, read_u32(bytes), part->objects)
				       : 0;
	case PART_HANDLE:
		return add_handle(a, read_u32(bytes), part->objects);
	case PART_HANDLES:
		return add_handles(a, part);
	case PART_MEMORY:
	case PART_MEMORY_ASKED:
		return add_memory(a, part);
	case PART_ADAPTERS:
		return add_list(a, part);
	case PART_ANSWERED:
	case PART_NEW:
	case PART_FENCE:
		break;
	}
	return 0;
}

static int add_parts(struct asking *a)
{
	struct question *question = a->question;
	const struct dxg_part *part = NULL;
	int result = 0;
	question->luid = (struct winluid){ 0 };
	strbuf_init(&question->text);
	strbuf_add(&question->text, &question->request, sizeof(question->request));
	while (!result && (part = dxg_part_next(question->request, part)))
		result = add_part(a, part);
	return result;
}

int question_of_ours(const struct objects *objects, struct question *ret)
{
	return add_parts(&(struct asking){ .question = ret, .objects = objects });
}

int question_recorded(const struct names *names, struct question *ret)
{
	return add_parts(&(struct asking){ .question = ret, .names = names });
}
