#include "probes/dxg.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "probes/packet.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/strbuf.h"
#include "util/utf16.h"

/* Room for the value of a registry question, in bytes. */
#define REGISTRY_ROOM 2048

/* @return text worth showing, the caller's; NULL for malformed, empty or unprintable. */
static char *text_of(const void *bytes, size_t size)
{
	cleanup_free char *text = utf16le_decode(bytes, size);
	if (!text || !*text)
		return NULL;
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return NULL;
	return take_ptr(text);
}

static void note_class(struct probe *p, int adapter, const void *answer)
{
	const struct d3dkmt_adaptertype *type = answer;
	const char *class = type->software_device ? "software"
			    : type->compute_only  ? "npu"
						  : "gpu";
	probe_find_of(p, adapter, FIND_ADAPTER_CLASS, class);
}

static void note_ids(struct probe *p, int adapter, const void *answer)
{
	const struct d3dkmt_query_device_ids *ids = answer;
	char text[16];
	if (!ids->vendor_id || ids->vendor_id > 0xffff || ids->device_id > 0xffff)
		return;
	snprintf(text, sizeof(text), "%04x:%04x", ids->vendor_id, ids->device_id);
	probe_find_of(p, adapter, FIND_PCI, text);
	if (ids->revision_id <= 0xff) {
		snprintf(text, sizeof(text), "%02x", ids->revision_id);
		probe_find_of(p, adapter, FIND_REVISION, text);
	}
	if (ids->sub_vendor_id && ids->sub_vendor_id <= 0xffff &&
	    ids->sub_system_id <= 0xffff) {
		snprintf(text, sizeof(text), "%04x:%04x", ids->sub_vendor_id,
			 ids->sub_system_id);
		probe_find_of(p, adapter, FIND_SUBSYSTEM, text);
	}
}

static void note_wddm(struct probe *p, int adapter, const void *answer)
{
	uint32_t version;
	memcpy(&version, answer, sizeof(version));
	if (version)
		probe_find_number_of(p, adapter, FIND_WDDM_VERSION, version);
}

static void note_description(struct probe *p, int adapter, const void *answer)
{
	cleanup_free char *text =
		text_of(answer, sizeof(struct d3dkmt_driver_description));
	probe_find_of(p, adapter, FIND_DESCRIPTION, text);
}

static void note_version(struct probe *p, int adapter, enum finding finding,
			 const void *answer)
{
	uint64_t v;
	memcpy(&v, answer, sizeof(v));
	if (!v)
		return;
	char text[32];
	snprintf(text, sizeof(text), "%u.%u.%u.%u", (unsigned)(v >> 48 & 0xffff),
		 (unsigned)(v >> 32 & 0xffff), (unsigned)(v >> 16 & 0xffff),
		 (unsigned)(v & 0xffff));
	probe_find_of(p, adapter, finding, text);
}

static void note_kmd(struct probe *p, int adapter, const void *answer)
{
	note_version(p, adapter, FIND_KMD_VERSION, answer);
}

static void note_umd(struct probe *p, int adapter, const void *answer)
{
	note_version(p, adapter, FIND_UMD_VERSION, answer);
}

static void prepare_store(void *question)
{
	struct d3dddi_queryregistry_info *info = question;
	info->query_type = D3DDDI_QUERYREGISTRY_DRIVERSTOREPATH;
}

/* The folder's own name is what must lie below /usr/lib/wsl/drivers; the path before it
 * says how Windows is installed and stays here. */
static void note_store(struct probe *p, int adapter, const void *answer)
{
	const struct d3dddi_queryregistry_info *info = answer;
	if (info->status != D3DDDI_QUERYREGISTRY_STATUS_SUCCESS)
		return;
	size_t size = info->output_value_size;
	if (size > sizeof(info->output) + REGISTRY_ROOM)
		return;
	cleanup_free char *path = text_of(info->output, size);
	if (!path)
		return;
	for (size_t length = strlen(path); length && strchr("\\/", path[length - 1]);
	     length--)
		path[length - 1] = '\0';
	const char *name = path;
	for (const char *c = path; *c; c++)
		if (*c == '\\' || *c == '/')
			name = c + 1;
	if (strcmp(name, ".") && strcmp(name, ".."))
		probe_find_of(p, adapter, FIND_DRIVER_STORE, name);
}

static void find_mib(struct probe *p, enum finding finding, uint64_t bytes)
{
	if (bytes >> 20)
		probe_find_number(p, finding, (int64_t)(bytes >> 20));
}

static void note_segments(struct probe *p, int adapter, const void *answer)
{
	(void)adapter;
	const struct d3dkmt_segmentsizeinfo *sizes = answer;
	find_mib(p, FIND_DEDICATED_MIB, sizes->dedicated_video_memory_size);
	find_mib(p, FIND_SHARED_MIB, sizes->shared_system_memory_size);
}

static void note_address_bits(struct probe *p, int adapter, const void *answer)
{
	const struct d3dkmt_query_gpummu_caps *caps = answer;
	if (caps->virtual_address_bit_count && caps->virtual_address_bit_count <= 64)
		probe_find_number_of(p, adapter, FIND_ADDRESS_BITS,
				     caps->virtual_address_bit_count);
}

static void note_scheduling(struct probe *p, int adapter, const void *answer)
{
	const struct d3dkmt_wddm_2_7_caps *caps = answer;
	probe_find_of(p, adapter, FIND_HARDWARE_SCHEDULING,
		      caps->hw_sch_enabled     ? "on"
		      : caps->hw_sch_supported ? "off"
					       : "unsupported");
}

/*
 * What is asked of every adapter. The `core` ones a usable GPU always answers: 57 or 15
 * and 31 and 65 are those that Microsoft's own test of libdxg requires, 56 and 66 what
 * DXCore reads at every start. All else may be refused on a healthy machine
 * (microsoft/WSL#40715 lists twenty refusals at every boot of a working one).
 */
static const struct question {
	uint32_t type;
	uint32_t otherwise; /* asked where type is refused; 0 for none */
	size_t size;
	bool core;
	void (*prepare)(void *question);
	void (*note)(struct probe *p, int adapter, const void *answer);
} questions[] = {
	{ KMTQAITYPE_ADAPTERTYPE_RENDER, KMTQAITYPE_ADAPTERTYPE,
	  sizeof(struct d3dkmt_adaptertype), true, NULL, note_class },
	{ KMTQAITYPE_PHYSICALADAPTERDEVICEIDS, 0, sizeof(struct d3dkmt_query_device_ids),
	  true, NULL, note_ids },
	{ KMTQAITYPE_DRIVERVERSION_RENDER, KMTQAITYPE_DRIVERVERSION, sizeof(uint32_t),
	  true, NULL, note_wddm },
	{ KMTQAITYPE_DRIVER_DESCRIPTION_RENDER, KMTQAITYPE_DRIVER_DESCRIPTION,
	  sizeof(struct d3dkmt_driver_description), true, NULL, note_description },
	{ KMTQAITYPE_KMD_DRIVER_VERSION, 0, sizeof(uint64_t), false, NULL, note_kmd },
	{ KMTQAITYPE_UMD_DRIVER_VERSION, 0, sizeof(uint64_t), false, NULL, note_umd },
	{ KMTQAITYPE_QUERYREGISTRY, 0,
	  sizeof(struct d3dddi_queryregistry_info) + REGISTRY_ROOM, false, prepare_store,
	  note_store },
};

/*
 * What is asked beside that, to be noted once: all of it may be refused.
 */
static const struct question extras[] = {
	{ KMTQAITYPE_GETSEGMENTSIZE, 0, sizeof(struct d3dkmt_segmentsizeinfo), false,
	  NULL, note_segments },
	{ KMTQAITYPE_QUERY_GPUMMU_CAPS, 0, sizeof(struct d3dkmt_query_gpummu_caps), false,
	  NULL, note_address_bits },
	{ KMTQAITYPE_WDDM_2_7_CAPS, 0, sizeof(struct d3dkmt_wddm_2_7_caps), false, NULL,
	  note_scheduling },
};

/*
 * Puts one question, and its second form if the first is refused.
 * @param optional  a refusal says nothing bad; of the first of two forms it never does
 * @param refusals  grows by "TYPE:-ERRNO " for each refusal
 * @return          the answer, the caller's; NULL with errno where both were refused, which
 *                  is REPLAY_UNTOLD where one of them was not put to the machine
 */
static void *put_question(struct probe *p, struct d3dkmthandle adapter,
			  const struct question *question, bool optional,
			  struct strbuf *refusals)
{
	const uint32_t types[] = { question->type, question->otherwise };
	int number = 0;
	for (size_t i = 0; i < ARRAY_SIZE(types) && types[i]; i++) {
		bool last = i == ARRAY_SIZE(types) - 1 || !types[i + 1];
		cleanup_free void *data = xcalloc(1, question->size);
		struct d3dkmt_queryadapterinfo query = {
			.adapter = adapter,
			.type = types[i],
			.private_data = (uintptr_t)data,
			.private_data_size = (uint32_t)question->size,
		};
		if (question->prepare)
			question->prepare(data);
		if (optional || !last ? dxg_try(p, LX_DXQUERYADAPTERINFO, &query)
				      : dxg_call(p->state, LX_DXQUERYADAPTERINFO, &query))
			return take_ptr(data);
		int refused = errno;
		if (number != REPLAY_UNTOLD)
			number = refused;
		if (refused != REPLAY_UNTOLD)
			strbuf_printf(refusals, "%s%" PRIu32 ":-%d",
				      refusals->length ? " " : "", types[i], refused);
	}
	errno = number;
	return NULL;
}

/* Every refusal is an answer here; the query rung judges. */
bool dxg_describe(struct probe *p, uint32_t index)
{
	struct dxg *dxg = p->state;
	struct d3dkmthandle adapter = dxg->adapters[index].adapter_handle;
	bool software = false;
	cleanup_strbuf struct strbuf refusals;
	strbuf_init(&refusals);
	for_each_row(question, questions) {
		cleanup_free void *answer =
			put_question(p, adapter, question, true, &refusals);
		if (!answer)
			continue;
		question->note(p, (int)index, answer);
		if (question->note == note_class) {
			memcpy(&dxg->types[index], answer, sizeof(dxg->types[index]));
			software = dxg->types[index].software_device;
		}
	}
	return software;
}

static void find_budget(struct probe *p, struct d3dkmthandle adapter, uint32_t group,
			enum finding finding, struct strbuf *refusals)
{
	char what[32];
	snprintf(what, sizeof(what), "query_vidmem_info/%" PRIu32, group);
	struct d3dkmt_queryvideomemoryinfo info = {
		.adapter = adapter,
		.memory_segment_group = group,
	};
	/* No status comes with the host's answer: its refusal looks like zeros. */
	if (dxg_try_noting(p, LX_DXQUERYVIDEOMEMORYINFO, &info, what, refusals))
		find_mib(p, finding, info.budget);
}

/* A feature the host does not know, or a kernel that cannot ask, is left out: both are
 * usual (microsoft/WSL#40715). */
static void find_features(struct probe *p, struct d3dkmthandle adapter,
			  struct strbuf *refusals)
{
	static const struct {
		uint32_t id;
		const char *name;
	} features[] = {
#define X(number, title, constant) { number, title },
		DXG_FEATURES(X)
#undef X
	};
	cleanup_strbuf struct strbuf list;
	strbuf_init(&list);
	for_each_row(feature, features) {
		struct d3dkmt_isfeatureenabled query = {
			.adapter = adapter,
			.feature_id = feature->id,
		};
		char what[32];
		snprintf(what, sizeof(what), "is_feature_enabled/%" PRIu32, feature->id);
		if (!dxg_try_noting(p, LX_ISFEATUREENABLED, &query, what, refusals) ||
		    !query.result.known_feature)
			continue;
		strbuf_printf(&list, "%s%s:%s", list.length ? " " : "", feature->name,
			      query.result.enabled ? "on" : "off");
	}
	probe_find(p, FIND_FEATURES, list.string);
}

/* Success with nothing written is a refusal too: a GPU has at least one engine. */
static void find_recoveries(struct probe *p, struct winluid luid, struct strbuf *refusals)
{
	struct d3dkmt_querystatistics query = {
		.type = _D3DKMT_QUERYSTATISTICS_ADAPTER,
		.adapter_luid = luid,
	};
	struct d3dkmt_querystatistics_adapter_information information;
	if (!dxg_try_noting(p, LX_DXQUERYSTATISTICS, &query, "query_statistics/0",
			    refusals))
		return;
	memcpy(&information, &query.result, sizeof(information));
	if (information.node_count)
		probe_find_number(p, FIND_TDRS, information.tdr_detected_count);
}

static void find_extras(struct probe *p, const struct d3dkmt_adapterinfo *info,
			struct strbuf *refusals)
{
	struct d3dkmthandle adapter = info->adapter_handle;
	for_each_row(question, extras) {
		cleanup_free void *answer =
			put_question(p, adapter, question, true, refusals);
		if (answer)
			question->note(p, PACKET_NO_ADAPTER, answer);
	}
	cleanup_strbuf struct strbuf calls;
	strbuf_init(&calls);
	find_budget(p, adapter, _D3DKMT_MEMORY_SEGMENT_GROUP_LOCAL, FIND_BUDGET_MIB,
		    &calls);
	find_budget(p, adapter, _D3DKMT_MEMORY_SEGMENT_GROUP_NON_LOCAL,
		    FIND_SHARED_BUDGET_MIB, &calls);
	find_features(p, adapter, &calls);
	find_recoveries(p, info->adapter_luid, &calls);
	probe_find(p, FIND_REFUSED_CALLS, calls.string);
}

enum outcome dxg_query(struct probe *p)
{
	const struct dxg *dxg = p->state;
	struct d3dkmthandle adapter = dxg->adapters[dxg->chosen].adapter_handle;
	const struct question *unanswered = NULL;
	int number = 0;
	cleanup_strbuf struct strbuf refusals;
	strbuf_init(&refusals);
	for_each_row(question, questions) {
		cleanup_free void *answer =
			put_question(p, adapter, question, !question->core, &refusals);
		if (answer || !question->core ||
		    (unanswered && (number != REPLAY_UNTOLD || errno == REPLAY_UNTOLD)))
			continue;
		unanswered = question;
		number = errno;
	}
	find_extras(p, &dxg->adapters[dxg->chosen], &refusals);
	probe_find(p, FIND_REFUSED_TYPES, refusals.string);
	if (!unanswered)
		return OUTCOME_PASS;
	char call[64];
	snprintf(call, sizeof(call), "query_adapter_info type %" PRIu32,
		 unanswered->type);
	errno = number;
	return dxg_refused(p, call);
}
