#include "probes/dxg_name.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "probes/dxg_abi.h"
#include "util/array.h"

static const struct {
	uint8_t nr;
	uint32_t request;
	const char *name;
} call_rows[] = {
#define X(nr, constant, size, name) { nr, constant, #name },
	DXG_IOCTLS(X)
#undef X
};

static const struct {
	uint32_t number;
	const char *name;
} query_types[] = {
#define X(number, constant) { number, &#constant[sizeof("KMTQAITYPE_") - 1] },
	DXG_ADAPTER_INFO_TYPES(X)
#undef X
};

bool dxg_call_is(uint64_t request)
{
	/* The kernel looks at the low half alone. */
	return _IOC_TYPE((uint32_t)request) == DXG_IOCTL_TYPE;
}

bool dxg_call_exists(uint32_t request)
{
	for_each_row(row, call_rows)
		if (row->request == request)
			return true;
	return false;
}

const char *dxg_call_name(uint32_t request, char room[DXG_NAME_SIZE])
{
	for_each_row(row, call_rows)
		if (row->nr == _IOC_NR(request))
			return row->name;
	snprintf(room, DXG_NAME_SIZE, "0x%02x", _IOC_NR(request));
	return room;
}

bool dxg_call_parse(const char *name, uint8_t *ret_nr)
{
	for_each_row(row, call_rows) {
		if (strcmp(row->name, name))
			continue;
		*ret_nr = row->nr;
		return true;
	}
	char room[DXG_NAME_SIZE];
	for (unsigned int nr = 0; nr < 256; nr++) {
		const char *known = dxg_call_name(DXG_IOCTL(nr, 0), room);
		if (known != room || strcmp(room, name))
			continue;
		*ret_nr = (uint8_t)nr;
		return true;
	}
	return false;
}

const char *dxg_query_type_name(uint32_t type)
{
	for_each_row(row, query_types)
		if (row->number == type)
			return row->name;
	return NULL;
}

size_t dxg_call_size(uint32_t request)
{
	size_t size = _IOC_SIZE(request);
	return size < DXG_CALL_BYTES ? size : DXG_CALL_BYTES;
}
