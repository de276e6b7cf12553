/* recorded.h: recordings written call by call, for tests. Header only. */
#pragma once

#include <inttypes.h>

#include "probes/dxg_abi.h"
#include "probes/dxg_name.h"
#include "probes/dxg_pointer.h"
#include "util/strbuf.h"

struct recorded {
	struct strbuf text;
	uint32_t thread;  /* of the next call */
	int64_t begun_us; /* likewise; each call takes 10 µs */
};

static inline void recorded_init(struct recorded *recorded)
{
	*recorded = (struct recorded){ .thread = 1 };
	strbuf_init(&recorded->text);
	strbuf_add_string(&recorded->text, "dxgmatrix-recording 1\n");
}

static inline void recorded_bytes(struct recorded *recorded, const char *head,
				  const void *bytes, size_t size)
{
	strbuf_add_string(&recorded->text, head);
	for (size_t i = 0; i < size; i++)
		strbuf_printf(&recorded->text, "%02x", ((const uint8_t *)bytes)[i]);
	strbuf_add_char(&recorded->text, '\n');
}

/* A call with its structure as it went in and came out. */
static inline void recorded_call(struct recorded *recorded, uint32_t request,
				 int64_t result, const void *in, const void *out)
{
	char room[DXG_NAME_SIZE];
	strbuf_printf(&recorded->text, "call %s %08x %" PRIu32,
		      dxg_call_name(request, room), request, recorded->thread);
	if (result == DXG_CALL_UNFINISHED)
		strbuf_add_string(&recorded->text, " - -");
	else
		strbuf_printf(&recorded->text, " %" PRId64 " 10", result);
	strbuf_printf(&recorded->text, " %" PRId64 "\n", recorded->begun_us);
	recorded->begun_us += 10;
	recorded_bytes(recorded, "in ", in, dxg_call_size(request));
	if (out)
		recorded_bytes(recorded, "out ", out, dxg_call_size(request));
}

/* The memory behind the pointer at this offset of the last call. */
static inline void recorded_memory(struct recorded *recorded, size_t offset,
				   const void *in, const void *out, size_t size)
{
	char head[32];
	snprintf(head, sizeof(head), "at %zu in ", offset);
	recorded_bytes(recorded, head, in, size);
	snprintf(head, sizeof(head), "at %zu out ", offset);
	if (out)
		recorded_bytes(recorded, head, out, size);
}
