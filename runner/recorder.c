#include "runner/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probes/dxg_abi.h"
#include "probes/dxg_pointer.h"
#include "probes/recording.h"
#include "runner/trace_memory.h"
#include "util/alloc.h"
#include "util/array.h"

/* A call that has not returned: what its pointers led to before. */
struct pending {
	pid_t tid;
	uint8_t *bytes[DXG_POINTERS_MAX];
	size_t sizes[DXG_POINTERS_MAX];
	struct pending *next;
};

struct recorder {
	FILE *file;
	struct pending *pending;
	int64_t first_ns; /* begin of the first call; -1 before it */
	pid_t *threads;   /* in the order of their first calls */
	size_t n_threads;
};

struct recorder *recorder_create(FILE *file)
{
	struct recorder *recorder = xcalloc(1, sizeof(*recorder));
	recorder->file = file;
	recorder->first_ns = -1;
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
static void read_data(const struct dxg_call *call, const struct dxg_pointer *pointer,
		      uint8_t **ret, size_t *ret_size)
{
	uint64_t address, size;
	*ret = NULL;
	*ret_size = 0;
	if (!dxg_pointer_read(pointer, call->before, call->before_size, &address,
			      &size) ||
	    !size)
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
	const struct dxg_pointer *pointer = NULL;
	pending->tid = call->tid;
	if (recorder->first_ns < 0)
		recorder->first_ns = call->begun_ns;
	for (size_t n = 0;
	     n < DXG_POINTERS_MAX && (pointer = dxg_pointer_next(call->request, pointer));
	     n++)
		read_data(call, pointer, &pending->bytes[n], &pending->sizes[n]);
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

static void write_behind(FILE *file, const struct dxg_call *call,
			 const struct dxg_pointer *pointer, const uint8_t *before,
			 size_t before_size)
{
	char head[32];
	uint8_t *after;
	size_t size;
	snprintf(head, sizeof(head), "at %u in ", pointer->offset);
	write_bytes(file, head, before, before_size);
	if (call->result == DXG_CALL_UNFINISHED)
		return;
	read_data(call, pointer, &after, &size);
	snprintf(head, sizeof(head), "at %u out ", pointer->offset);
	if (after && memcmp(after, before, size) != 0)
		write_bytes(file, head, after, size);
	free(after);
}

static void write_data(FILE *file, const struct dxg_call *call,
		       const struct pending *pending)
{
	const struct dxg_pointer *pointer = NULL;
	for (size_t n = 0;
	     n < DXG_POINTERS_MAX && (pointer = dxg_pointer_next(call->request, pointer));
	     n++)
		if (pending->bytes[n])
			write_behind(file, call, pointer, pending->bytes[n],
				     pending->sizes[n]);
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
	write_number(file, pending, (call->begun_ns - recorder->first_ns) / 1000);
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

void recorder_finish(struct recorder *recorder)
{
	if (recorder->n_threads)
		return;
	int fd = open(DXG_NODE, O_RDONLY | O_CLOEXEC);
	fprintf(recorder->file, "open %d\n", fd < 0 ? -errno : 0);
	if (fd >= 0)
		close(fd);
}
