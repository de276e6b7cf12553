#include <inttypes.h>
#include <string.h>

#include "probes/dxg_abi.h"
#include "runner/recording.h"
#include "runner/trace_memory.h"
#include "util/alloc.h"
#include "util/array.h"

/* A pointer in a structure, and how much lies behind it: `count` elements of `element`
 * bytes. */
struct pointer {
	uint32_t request;
	uint16_t offset, count; /* of the members */
	uint16_t element;
};

/* clang-format off */
#define POINTER(request, type, member, count, element)                                     \
	{ request, offsetof(struct type, member), offsetof(struct type, count), element }
#define HANDLE sizeof(struct d3dkmthandle)
static const struct pointer pointers[] = {
	POINTER(LX_DXENUMADAPTERS2, d3dkmt_enumadapters2, adapters, num_adapters, sizeof(struct d3dkmt_adapterinfo)),
	POINTER(LX_DXENUMADAPTERS3, d3dkmt_enumadapters3, adapters, adapter_count, sizeof(struct d3dkmt_adapterinfo)),
	POINTER(LX_DXQUERYADAPTERINFO, d3dkmt_queryadapterinfo, private_data, private_data_size, 1),
	POINTER(LX_DXESCAPE, d3dkmt_escape, priv_drv_data, priv_drv_data_size, 1),
	POINTER(LX_DXCREATECONTEXTVIRTUAL, d3dkmt_createcontextvirtual, priv_drv_data, priv_drv_data_size, 1),
	POINTER(LX_DXCREATEHWQUEUE, d3dkmt_createhwqueue, priv_drv_data, priv_drv_data_size, 1),
	POINTER(LX_DXCREATEALLOCATION, d3dkmt_createallocation, private_runtime_data, private_runtime_data_size, 1),
	POINTER(LX_DXCREATEALLOCATION, d3dkmt_createallocation, priv_drv_data, priv_drv_data_size, 1),
	POINTER(LX_DXCREATEALLOCATION, d3dkmt_createallocation, allocation_info, alloc_count, sizeof(struct d3dddi_allocationinfo2)),
	POINTER(LX_DXDESTROYALLOCATION2, d3dkmt_destroyallocation2, allocations, alloc_count, HANDLE),
	POINTER(LX_DXMAKERESIDENT, d3dddi_makeresident, allocation_list, alloc_count, HANDLE),
	POINTER(LX_DXEVICT, d3dkmt_evict, allocations, alloc_count, HANDLE),
	POINTER(LX_DXSUBMITCOMMAND, d3dkmt_submitcommand, priv_drv_data, priv_drv_data_size, 1),
	POINTER(LX_DXSUBMITCOMMANDTOHWQUEUE, d3dkmt_submitcommandtohwqueue, priv_drv_data, priv_drv_data_size, 1),
	POINTER(LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, d3dkmt_signalsynchronizationobjectfromcpu, objects, object_count, HANDLE),
	POINTER(LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, d3dkmt_signalsynchronizationobjectfromcpu, fence_values, object_count, 8),
	POINTER(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, d3dkmt_waitforsynchronizationobjectfromcpu, objects, object_count, HANDLE),
	POINTER(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, d3dkmt_waitforsynchronizationobjectfromcpu, fence_values, object_count, 8),
	POINTER(LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE, d3dkmt_submitwaitforsyncobjectstohwqueue, objects, object_count, HANDLE),
	POINTER(LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE, d3dkmt_submitwaitforsyncobjectstohwqueue, fence_values, object_count, 8),
	POINTER(LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE, d3dkmt_submitsignalsyncobjectstohwqueue, hwqueues, hwqueue_count, HANDLE),
	POINTER(LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE, d3dkmt_submitsignalsyncobjectstohwqueue, objects, object_count, HANDLE),
	POINTER(LX_DXUPDATEGPUVIRTUALADDRESS, d3dkmt_updategpuvirtualaddress, operations, num_operations, sizeof(struct d3dddi_updategpuvirtualaddress_operation)),
	POINTER(LX_DXQUERYALLOCATIONRESIDENCY, d3dkmt_queryallocationresidency, allocations, allocation_count, HANDLE),
	POINTER(LX_DXQUERYALLOCATIONRESIDENCY, d3dkmt_queryallocationresidency, residency_status, allocation_count, 4),
	POINTER(LX_DXGETALLOCATIONPRIORITY, d3dkmt_getallocationpriority, priorities, allocation_count, 4),
};
/* clang-format on */
#undef POINTER
#undef HANDLE

#define POINTERS_MAX 4 /* of one call */

/* A call that has not returned: what its pointers led to before. */
struct pending {
	pid_t tid;
	uint8_t *bytes[POINTERS_MAX];
	size_t sizes[POINTERS_MAX];
	struct pending *next;
};

struct recorder {
	FILE *file;
	struct pending *pending;
	pid_t *threads; /* in the order of their first calls */
	size_t n_threads;
};

struct recorder *recorder_create(FILE *file)
{
	struct recorder *recorder = xcalloc(1, sizeof(*recorder));
	recorder->file = file;
	fputs("dxgmatrix-recording 1\n", file);
	return recorder;
}

static void pending_destroy(struct pending *pending)
{
	for_each_row(bytes, pending->bytes)
		free(*bytes);
	free(pending);
}

void recorder_destroy(struct recorder *recorder)
{
	while (recorder->pending) {
		struct pending *pending = recorder->pending;
		recorder->pending = pending->next;
		pending_destroy(pending);
	}
	free(recorder->threads);
	free(recorder);
}

static size_t number_of(struct recorder *recorder, pid_t tid)
{
	size_t i = 0;
	while (i < recorder->n_threads && recorder->threads[i] != tid)
		i++;
	if (i == recorder->n_threads) {
		recorder->threads = xreallocarray(recorder->threads, i + 1,
						  sizeof(*recorder->threads));
		recorder->threads[recorder->n_threads++] = tid;
	}
	return i + 1;
}

/* What a pointer led to as the structure went in; what came out never holds more. */
static void read_data(const struct dxg_call *call, const struct pointer *pointer,
		      uint8_t **ret, size_t *ret_size)
{
	uint64_t address;
	uint32_t count;
	*ret = NULL;
	*ret_size = 0;
	if (pointer->offset + sizeof(address) > call->before_size ||
	    pointer->count + sizeof(count) > call->before_size)
		return;
	memcpy(&address, call->before + pointer->offset, sizeof(address));
	memcpy(&count, call->before + pointer->count, sizeof(count));
	uint64_t size = (uint64_t)count * pointer->element;
	if (!address || !size)
		return;
	if (size > RECORDING_DATA_MAX)
		size = RECORDING_DATA_MAX;
	uint8_t *bytes = xmalloc(size);
	if (tracee_read(call->tid, address, bytes, size)) {
		*ret = bytes;
		*ret_size = size;
	} else {
		free(bytes);
	}
}

static struct pending *take_pending(struct recorder *recorder, pid_t tid)
{
	struct pending **slot = &recorder->pending;
	while (*slot && (*slot)->tid != tid)
		slot = &(*slot)->next;
	struct pending *pending = *slot;
	if (pending)
		*slot = pending->next;
	return pending;
}

void recorder_begun(struct recorder *recorder, const struct dxg_call *call)
{
	struct pending *pending = xcalloc(1, sizeof(*pending));
	size_t n = 0;
	pending->tid = call->tid;
	for_each_row(pointer, pointers) {
		if (pointer->request != call->request || n == POINTERS_MAX)
			continue;
		read_data(call, pointer, &pending->bytes[n], &pending->sizes[n]);
		n++;
	}
	pending->next = recorder->pending;
	recorder->pending = pending;
}

static void write_bytes(FILE *file, const char *head, const uint8_t *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	fputs(head, file);
	for (size_t i = 0; i < size; i++) {
		fputc(digits[bytes[i] >> 4], file);
		fputc(digits[bytes[i] & 15], file);
	}
	fputc('\n', file);
}

static void write_data(FILE *file, const struct dxg_call *call,
		       const struct pending *pending)
{
	size_t n = 0;
	for_each_row(pointer, pointers) {
		char head[32];
		uint8_t *after;
		size_t size;
		if (pointer->request != call->request || n == POINTERS_MAX)
			continue;
		size_t i = n++;
		if (!pending->bytes[i])
			continue;
		snprintf(head, sizeof(head), "at %u in ", pointer->offset);
		write_bytes(file, head, pending->bytes[i], pending->sizes[i]);
		if (call->result == DXG_CALL_UNFINISHED)
			continue;
		read_data(call, pointer, &after, &size);
		snprintf(head, sizeof(head), "at %u out ", pointer->offset);
		if (after && memcmp(after, pending->bytes[i], size) != 0)
			write_bytes(file, head, after, size);
		free(after);
	}
}

static void write_number(FILE *file, bool known, int64_t number)
{
	if (known)
		fprintf(file, " %" PRId64, number);
	else
		fputs(" -", file);
}

void recorder_ended(struct recorder *recorder, const struct dxg_call *call)
{
	char room[DXG_NAME_SIZE];
	struct pending *pending = take_pending(recorder, call->tid);
	FILE *file = recorder->file;
	fprintf(file, "call %s %08x %zu", dxg_call_name(call->request, room),
		call->request, number_of(recorder, call->tid));
	write_number(file, call->result != DXG_CALL_UNFINISHED, call->result);
	write_number(file, call->ns >= 0, call->ns / 1000);
	fputc('\n', file);
	if (call->before_size)
		write_bytes(file, "in ", call->before, call->before_size);
	if (call->before_size && call->after_size == call->before_size &&
	    memcmp(call->before, call->after, call->after_size) != 0)
		write_bytes(file, "out ", call->after, call->after_size);
	if (pending) {
		write_data(file, call, pending);
		pending_destroy(pending);
	}
	fflush(file); /* what was seen stays, whatever happens to us */
}
