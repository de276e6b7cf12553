#include "tests/dxgsim/query.h"

#include <errno.h>
#include <string.h>

#include "util/array.h"

/* An answer of the type, or what the host says instead. */
typedef uint32_t question(const struct sim_adapter *adapter, uint8_t *data, size_t size);

/* Fixed sizes only: another one is a parameter error, a smaller one too small a buffer. */
static uint32_t put(uint8_t *data, size_t size, const void *answer, size_t answer_size)
{
	if (size < answer_size)
		return STATUS_BUFFER_TOO_SMALL;
	if (size > answer_size)
		return STATUS_INVALID_PARAMETER;
	memcpy(data, answer, answer_size);
	return STATUS_SUCCESS;
}

/* UTF-8, which the scenario file is, to UTF-16LE. What is no UTF-8 ends the text. */
static size_t to_utf16(const char *text, uint8_t *to, size_t size)
{
	size_t used = 0;
	const unsigned char *c = (const unsigned char *)text;
	while (*c) {
		int more = *c < 0x80    ? 0
			   : *c >= 0xf0 ? 3
			   : *c >= 0xe0 ? 2
			   : *c >= 0xc0 ? 1
					: -1;
		if (more < 0)
			break;
		uint32_t code = more ? *c & (0x3fu >> more) : *c;
		for (c++; more && (*c & 0xc0) == 0x80; more--)
			code = code << 6 | (*c++ & 0x3f);
		uint16_t units[2] = { (uint16_t)code, 0 };
		size_t count = 1;
		if (code > 0xffff) {
			units[0] = (uint16_t)(0xd7c0 + (code >> 10));
			units[1] = (uint16_t)(0xdc00 + (code & 0x3ff));
			count = 2;
		}
		if (more || used + count * 2 > size)
			break;
		memcpy(to + used, units, count * 2);
		used += count * 2;
	}
	return used;
}

static uint32_t answer_type(const struct sim_adapter *adapter, uint8_t *data, size_t size)
{
	if (!adapter->has_type)
		return STATUS_INVALID_PARAMETER;
	/* What the guest's driver forces, whatever the host said (dxgvmbus.c). */
	struct d3dkmt_adaptertype type = adapter->type;
	type.paravirtualized = 1;
	type.display_supported = 0;
	type.post_device = 0;
	type.indirect_display_device = 0;
	type.acg_supported = 0;
	type.support_set_timings_from_vidpn = 0;
	return put(data, size, &type, sizeof(type));
}

static uint32_t answer_ids(const struct sim_adapter *adapter, uint8_t *data, size_t size)
{
	uint32_t index = 0;
	if (size >= sizeof(index))
		memcpy(&index, data, sizeof(index));
	if (!adapter->ids.vendor_id || index)
		return STATUS_INVALID_PARAMETER;
	return put(data, size, &adapter->ids, sizeof(adapter->ids));
}

static uint32_t answer_wddm(const struct sim_adapter *adapter, uint8_t *data, size_t size)
{
	if (!adapter->wddm)
		return STATUS_INVALID_PARAMETER;
	return put(data, size, &adapter->wddm, sizeof(adapter->wddm));
}

static uint32_t answer_kmd(const struct sim_adapter *adapter, uint8_t *data, size_t size)
{
	if (!adapter->kmd)
		return STATUS_INVALID_PARAMETER;
	return put(data, size, &adapter->kmd, sizeof(adapter->kmd));
}

static uint32_t answer_umd(const struct sim_adapter *adapter, uint8_t *data, size_t size)
{
	if (!adapter->umd)
		return STATUS_INVALID_PARAMETER;
	return put(data, size, &adapter->umd, sizeof(adapter->umd));
}

static uint32_t answer_description(const struct sim_adapter *adapter, uint8_t *data,
				   size_t size)
{
	if (!adapter->description)
		return STATUS_INVALID_PARAMETER;
	struct d3dkmt_driver_description description = { 0 };
	to_utf16(adapter->description, (uint8_t *)&description, sizeof(description) - 2);
	return put(data, size, &description, sizeof(description));
}

static uint32_t answer_segments(const struct sim_adapter *adapter, uint8_t *data,
				size_t size)
{
	if (!adapter->dedicated && !adapter->shared)
		return STATUS_INVALID_PARAMETER;
	struct d3dkmt_segmentsizeinfo sizes = {
		.dedicated_video_memory_size = adapter->dedicated,
		.shared_system_memory_size = adapter->shared,
	};
	return put(data, size, &sizes, sizeof(sizes));
}

/* The only type of variable size: how much there is stands in the answer. */
static uint32_t answer_registry(const struct sim_adapter *adapter, uint8_t *data,
				size_t size)
{
	struct d3dddi_queryregistry_info info;
	if (size < sizeof(info))
		return STATUS_BUFFER_TOO_SMALL;
	memcpy(&info, data, sizeof(info));
	if (info.query_type != D3DDDI_QUERYREGISTRY_DRIVERSTOREPATH ||
	    !adapter->driver_store)
		return STATUS_OBJECT_NAME_NOT_FOUND;
	uint8_t value[520 + 2] = { 0 };
	info.output_value_size =
		(uint32_t)to_utf16(adapter->driver_store, value, sizeof(value) - 2) + 2;
	info.value_type = 1;
	size_t at = offsetof(struct d3dddi_queryregistry_info, output);
	bool fits = info.output_value_size <= size - at;
	info.status = fits ? D3DDDI_QUERYREGISTRY_STATUS_SUCCESS
			   : D3DDDI_QUERYREGISTRY_STATUS_BUFFER_OVERFLOW;
	memcpy(data, &info, at);
	if (fits)
		memcpy(data + at, value, info.output_value_size);
	return STATUS_SUCCESS;
}

static const struct {
	uint32_t type;
	question *answer;
} questions[] = {
	{ KMTQAITYPE_GETSEGMENTSIZE, answer_segments },
	{ KMTQAITYPE_DRIVERVERSION, answer_wddm },
	{ KMTQAITYPE_DRIVERVERSION_RENDER, answer_wddm },
	{ KMTQAITYPE_ADAPTERTYPE, answer_type },
	{ KMTQAITYPE_ADAPTERTYPE_RENDER, answer_type },
	{ KMTQAITYPE_UMD_DRIVER_VERSION, answer_umd },
	{ KMTQAITYPE_KMD_DRIVER_VERSION, answer_kmd },
	{ KMTQAITYPE_PHYSICALADAPTERDEVICEIDS, answer_ids },
	{ KMTQAITYPE_QUERYREGISTRY, answer_registry },
	{ KMTQAITYPE_DRIVER_DESCRIPTION, answer_description },
	{ KMTQAITYPE_DRIVER_DESCRIPTION_RENDER, answer_description },
};

static bool say(uint32_t status, struct verdict *ret)
{
	if (status == STATUS_SUCCESS)
		return true;
	*ret = (struct verdict){ .by_host = true, .status = status };
	return false;
}

bool query_answer(const struct sim_adapter *adapter, uint32_t type, uint8_t *data,
		  size_t size, struct verdict *ret)
{
	for (size_t i = 0; i < adapter->answer_count; i++) {
		const struct answer *answer = &adapter->answers[i];
		if (answer->type != type ||
		    (answer->question && (size != answer->question_size ||
					  memcmp(data, answer->question, size))))
			continue;
		if (!answer->bytes) {
			*ret = answer->verdict;
			return false;
		}
		if (size < answer->size)
			return say(STATUS_BUFFER_TOO_SMALL, ret);
		memcpy(data, answer->bytes, answer->size);
		return true;
	}
	for_each_row(row, questions)
		if (row->type == type)
			return say(row->answer(adapter, data, size), ret);
	return say(STATUS_INVALID_PARAMETER, ret);
}
