#include "runner/trace_call.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "probes/dxg_abi.h"
#include "util/array.h"

static const struct {
	int64_t status;
	const char *name;
} statuses[] = {
#define X(value, constant, number) { value, #constant },
	DXG_STATUSES(X)
#undef X
};

/* ---- arguments ---- */

enum way { IN, OUT };
enum look { HEX, DECIMAL, SIGNED, QUERY_TYPE };

/* A member of a structure: where it lies, which way it goes, how it is written. */
struct member {
	uint32_t request;
	enum way way;
	enum look look;
	uint16_t offset, size;
	const char *name;
};

/* clang-format off */
#define MEMBER(request, way, look, type, member)                                           \
	{ request, way, look, offsetof(struct type, member),                               \
	  sizeof(((struct type *)0)->member), #member }
static const struct member members[] = {
	MEMBER(LX_DXOPENADAPTERFROMLUID, IN, HEX, d3dkmt_openadapterfromluid, adapter_luid.b),
	MEMBER(LX_DXOPENADAPTERFROMLUID, IN, HEX, d3dkmt_openadapterfromluid, adapter_luid.a),
	MEMBER(LX_DXOPENADAPTERFROMLUID, OUT, HEX, d3dkmt_openadapterfromluid, adapter_handle),
	MEMBER(LX_DXCLOSEADAPTER, IN, HEX, d3dkmt_closeadapter, adapter_handle),
	MEMBER(LX_DXENUMADAPTERS2, IN, DECIMAL, d3dkmt_enumadapters2, num_adapters),
	MEMBER(LX_DXENUMADAPTERS2, IN, HEX, d3dkmt_enumadapters2, adapters),
	MEMBER(LX_DXENUMADAPTERS2, OUT, DECIMAL, d3dkmt_enumadapters2, num_adapters),
	MEMBER(LX_DXENUMADAPTERS3, IN, HEX, d3dkmt_enumadapters3, filter),
	MEMBER(LX_DXENUMADAPTERS3, IN, DECIMAL, d3dkmt_enumadapters3, adapter_count),
	MEMBER(LX_DXENUMADAPTERS3, IN, HEX, d3dkmt_enumadapters3, adapters),
	MEMBER(LX_DXENUMADAPTERS3, OUT, DECIMAL, d3dkmt_enumadapters3, adapter_count),
	MEMBER(LX_DXQUERYADAPTERINFO, IN, HEX, d3dkmt_queryadapterinfo, adapter),
	MEMBER(LX_DXQUERYADAPTERINFO, IN, QUERY_TYPE, d3dkmt_queryadapterinfo, type),
	MEMBER(LX_DXQUERYADAPTERINFO, IN, DECIMAL, d3dkmt_queryadapterinfo, private_data_size),
	MEMBER(LX_DXQUERYVIDEOMEMORYINFO, IN, HEX, d3dkmt_queryvideomemoryinfo, adapter),
	MEMBER(LX_DXQUERYVIDEOMEMORYINFO, IN, DECIMAL, d3dkmt_queryvideomemoryinfo, memory_segment_group),
	MEMBER(LX_DXQUERYVIDEOMEMORYINFO, OUT, DECIMAL, d3dkmt_queryvideomemoryinfo, budget),
	MEMBER(LX_DXQUERYVIDEOMEMORYINFO, OUT, DECIMAL, d3dkmt_queryvideomemoryinfo, current_usage),
	MEMBER(LX_ISFEATUREENABLED, IN, HEX, d3dkmt_isfeatureenabled, adapter),
	MEMBER(LX_ISFEATUREENABLED, IN, DECIMAL, d3dkmt_isfeatureenabled, feature_id),
	MEMBER(LX_ISFEATUREENABLED, OUT, HEX, d3dkmt_isfeatureenabled, result.value),
	MEMBER(LX_DXCREATEDEVICE, IN, HEX, d3dkmt_createdevice, adapter),
	MEMBER(LX_DXCREATEDEVICE, IN, HEX, d3dkmt_createdevice, flags),
	MEMBER(LX_DXCREATEDEVICE, OUT, HEX, d3dkmt_createdevice, device),
	MEMBER(LX_DXDESTROYDEVICE, IN, HEX, d3dkmt_destroydevice, device),
	MEMBER(LX_DXGETDEVICESTATE, IN, HEX, d3dkmt_getdevicestate, device),
	MEMBER(LX_DXGETDEVICESTATE, IN, DECIMAL, d3dkmt_getdevicestate, state_type),
	MEMBER(LX_DXGETDEVICESTATE, OUT, DECIMAL, d3dkmt_getdevicestate, execution_state),
	MEMBER(LX_DXCREATEPAGINGQUEUE, IN, HEX, d3dkmt_createpagingqueue, device),
	MEMBER(LX_DXCREATEPAGINGQUEUE, IN, SIGNED, d3dkmt_createpagingqueue, priority),
	MEMBER(LX_DXCREATEPAGINGQUEUE, OUT, HEX, d3dkmt_createpagingqueue, paging_queue),
	MEMBER(LX_DXCREATEPAGINGQUEUE, OUT, HEX, d3dkmt_createpagingqueue, sync_object),
	MEMBER(LX_DXDESTROYPAGINGQUEUE, IN, HEX, d3dddi_destroypagingqueue, paging_queue),
	MEMBER(LX_DXCREATESYNCHRONIZATIONOBJECT, IN, HEX, d3dkmt_createsynchronizationobject2, device),
	MEMBER(LX_DXCREATESYNCHRONIZATIONOBJECT, IN, DECIMAL, d3dkmt_createsynchronizationobject2, info.type),
	MEMBER(LX_DXCREATESYNCHRONIZATIONOBJECT, IN, HEX, d3dkmt_createsynchronizationobject2, info.flags),
	MEMBER(LX_DXCREATESYNCHRONIZATIONOBJECT, OUT, HEX, d3dkmt_createsynchronizationobject2, sync_object),
	MEMBER(LX_DXDESTROYSYNCHRONIZATIONOBJECT, IN, HEX, d3dkmt_destroysynchronizationobject, sync_object),
	MEMBER(LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, IN, HEX, d3dkmt_signalsynchronizationobjectfromcpu, device),
	MEMBER(LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, IN, DECIMAL, d3dkmt_signalsynchronizationobjectfromcpu, object_count),
	MEMBER(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, IN, HEX, d3dkmt_waitforsynchronizationobjectfromcpu, device),
	MEMBER(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, IN, DECIMAL, d3dkmt_waitforsynchronizationobjectfromcpu, object_count),
	MEMBER(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, IN, DECIMAL, d3dkmt_waitforsynchronizationobjectfromcpu, async_event),
};
/* clang-format on */

/* Little-endian, as both architectures are; what was not read is "?". */
static bool read_number(const uint8_t *bytes, size_t size, const struct member *member,
			uint64_t *ret)
{
	*ret = 0;
	if (member->size > sizeof(*ret) || member->offset + member->size > size)
		return false;
	memcpy(ret, bytes + member->offset, member->size);
	return true;
}

static void add_number(struct strbuf *buf, enum look look, uint64_t number)
{
	switch (look) {
	case HEX:
		strbuf_printf(buf, "0x%" PRIx64, number);
		return;
	case DECIMAL:
		strbuf_printf(buf, "%" PRIu64, number);
		return;
	case SIGNED:
		strbuf_printf(buf, "%" PRId32, (int32_t)number);
		return;
	case QUERY_TYPE:
		strbuf_printf(buf, "%" PRIu64, number);
		const char *name = dxg_query_type_name((uint32_t)number);
		if (name)
			strbuf_printf(buf, " %s", name);
		return;
	}
}

/* @return how many members there were */
static size_t add_members(const struct dxg_call *call, enum way way, struct strbuf *buf)
{
	const uint8_t *bytes = way == IN ? call->before : call->after;
	size_t size = way == IN ? call->before_size : call->after_size, n = 0;
	for_each_row(member, members) {
		if (member->request != call->request || member->way != way)
			continue;
		strbuf_printf(buf, "%s%s=", n++ ? ", " : "", member->name);
		uint64_t number;
		if (read_number(bytes, size, member, &number))
			add_number(buf, member->look, number);
		else
			strbuf_add_char(buf, '?');
	}
	return n;
}

static void add_bytes(const struct dxg_call *call, struct strbuf *buf)
{
	const size_t most = 32;
	for (size_t i = 0; i < call->before_size && i < most; i++)
		strbuf_printf(buf, "%s%02x", i ? " " : "", call->before[i]);
	if (call->before_size > most)
		strbuf_printf(buf, " and %zu more", call->before_size - most);
}

void dxg_call_describe(const struct dxg_call *call, struct strbuf *buf)
{
	if (!add_members(call, IN, buf)) {
		add_bytes(call, buf);
		return;
	}
	if (call->result < 0 || !call->after_size)
		return;
	size_t length = buf->length;
	strbuf_add_string(buf, " -> ");
	if (!add_members(call, OUT, buf))
		strbuf_truncate(buf, length);
}

void dxg_call_describe_result(const struct dxg_call *call, struct strbuf *buf)
{
	if (call->result == DXG_CALL_UNFINISHED) {
		strbuf_add_string(buf, "did not return");
		return;
	}
	strbuf_printf(buf, "%" PRId64, call->result);
	if (call->result < 0) {
		const char *name = strerrorname_np((int)-call->result);
		if (name)
			strbuf_printf(buf, " %s", name);
	} else if (call->result) {
		for_each_row(row, statuses)
			if (row->status == call->result)
				strbuf_printf(buf, " (%s)", row->name);
	}
}
