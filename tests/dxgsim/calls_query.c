/* Questions about adapters, and messages to their drivers. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "tests/dxgsim/call.h"
#include "tests/dxgsim/memory.h"
#include "tests/dxgsim/query.h"
#include "util/alloc.h"
#include "util/cleanup.h"

int call_query_adapter_info(struct call *call, void *argument)
{
	struct d3dkmt_queryadapterinfo *query = argument;
	size_t size = query->private_data_size;
	if (!size || size > DXG_PRIVATE_DATA_MAX) {
		call_print(call, "invalid private data size");
		return -EINVAL;
	}
	const struct sim_adapter *adapter = call_find_adapter(call, query->adapter);
	if (!adapter)
		return -EINVAL;
	cleanup_free uint8_t *data = xmalloc(size);
	if (!memory_read(call->thread, query->private_data, data, size)) {
		log_print(&call->sim->log, "dxgvmb_send_query_adapter_info",
			  "Faled to copy private data");
		return -EFAULT;
	}
	struct verdict verdict;
	if (!query_answer(adapter, query->type, data, size, &verdict))
		return verdict.by_host ? -status_errno(verdict.status) : -verdict.number;
	if (memory_write(call->thread, query->private_data, data, size))
		return 0;
	log_print(&call->sim->log, "dxgvmb_send_query_adapter_info",
		  "Faled to copy private data to user");
	return -EFAULT;
}

/* What this process has resident on an adapter, bytes. */
static uint64_t resident_bytes(const struct call *call, const struct sim_adapter *adapter)
{
	uint64_t sum = 0;
	const struct table *objects = &call->guest->objects;
	for (size_t i = 0; i < objects->count; i++) {
		const struct object *object = &objects->objects[i];
		if (object->type == OBJECT_ALLOCATION && object->resident &&
		    call_adapter_of(call, object) == adapter)
			sum += object->size;
	}
	return sum;
}

int call_query_vidmem_info(struct call *call, void *argument)
{
	struct d3dkmt_queryvideomemoryinfo *info = argument;
	if (info->process) {
		call_print(call, "query vidmem info from another process");
		return -EINVAL;
	}
	const struct sim_adapter *adapter = call_find_adapter(call, info->adapter);
	if (!adapter ||
	    info->memory_segment_group > _D3DKMT_MEMORY_SEGMENT_GROUP_NON_LOCAL)
		return -EINVAL;
	bool local = info->memory_segment_group == _D3DKMT_MEMORY_SEGMENT_GROUP_LOCAL;
	/* Memory lent by the process is shared memory. */
	uint64_t used = local ? 0 : resident_bytes(call, adapter);
	info->budget = local ? adapter->local_budget : adapter->nonlocal_budget;
	info->current_usage = used;
	info->current_reservation = 0;
	info->available_for_reservation = info->budget / 2;
	return 0;
}

/* Layouts are Windows' own (d3dkmthk.h of its SDK, D3DKMT_QUERYSTATISTICS). The input of
 * segments and nodes is their index, behind the results. */
#define STATISTICS_INDEX_AT 800
#define STATISTICS_AT       24

static int answer_statistics(const struct sim_adapter *adapter, uint32_t type,
			     uint8_t *bytes)
{
	uint8_t *result = bytes + STATISTICS_AT;
	uint32_t index;
	memcpy(&index, bytes + STATISTICS_INDEX_AT, sizeof(index));
	switch (type) {
	case _D3DKMT_QUERYSTATISTICS_ADAPTER: {
		const uint32_t counts[] = { 2, adapter->node_count, 0, 0,
					    adapter->tdr_count };
		memcpy(result, counts, sizeof(counts));
		return 0;
	}
	case _D3DKMT_QUERYSTATISTICS_SEGMENT: {
		if (index > 1)
			return -EINVAL;
		const uint64_t sizes[] = { index ? adapter->shared : adapter->dedicated,
					   0, 0 };
		memcpy(result, sizes, sizeof(sizes));
		memcpy(result + 40, &index, sizeof(index)); /* aperture */
		return 0;
	}
	case _D3DKMT_QUERYSTATISTICS_NODE:
		if (index >= adapter->node_count)
			return -EINVAL;
		memset(result, 0, sizeof(uint64_t)); /* nothing has run */
		return 0;
	default:
		return -EINVAL;
	}
}

int call_query_statistics(struct call *call, void *argument)
{
	struct d3dkmt_querystatistics *query = argument;
	uint64_t process = query->process;
	if (process &&
	    (process > INT_MAX || !sim_find_guest(call->sim, (pid_t)process))) {
		call_print(call, "Invalid process ID is specified: %lld",
			   (long long)process);
		return -EINVAL;
	}
	/* An unknown LUID is granted, and nothing is written. */
	const struct sim_adapter *adapter = call_find_luid(call, query->adapter_luid);
	return adapter && adapter->node_count
		       ? answer_statistics(adapter, query->type, argument)
	       : adapter ? -EINVAL
			 : 0;
}

int call_query_clock_calibration(struct call *call, void *argument)
{
	struct d3dkmt_queryclockcalibration *query = argument;
	const struct sim_adapter *adapter = call_find_adapter(call, query->adapter);
	if (!adapter || !adapter->clock_hz || query->node_ordinal >= adapter->node_count)
		return -EINVAL;
	struct timespec now;
	clock_gettime(CLOCK_BOOTTIME, &now);
	/* Windows' performance counter ticks at 10 MHz. */
	uint64_t ticks = (uint64_t)now.tv_sec * 10000000 + (uint64_t)now.tv_nsec / 100;
	query->clock_data.gpu_frequency = adapter->clock_hz;
	query->clock_data.gpu_clock_counter =
		(uint64_t)((double)ticks * (double)adapter->clock_hz / 1e7);
	query->clock_data.cpu_clock_counter = ticks;
	query->clock_data.flags.value = 0;
	return 0;
}

static bool uses(const struct guest *guest, const struct sim_adapter *adapter)
{
	for (size_t i = 0; i < guest->adapters.count; i++)
		if (guest->adapters.objects[i].type == OBJECT_ADAPTER &&
		    guest->adapters.objects[i].adapter == adapter)
			return true;
	return false;
}

int call_enum_processes(struct call *call, void *argument)
{
	struct d3dkmt_enumprocesses *list = argument;
	const struct sim_adapter *adapter = call_find_luid(call, list->adapter_luid);
	if (!adapter) {
		call_print(call, "Failed to find dxgadapter");
		return -EINVAL;
	}
	uint64_t room = list->buffer ? list->buffer_count : 0;
	uint32_t count = 0;
	int result = 0;
	for (const struct guest *guest = call->sim->guests; guest; guest = guest->next) {
		uint32_t pid = (uint32_t)guest->pid;
		if (!uses(guest, adapter))
			continue;
		if (count++ >= room)
			result = -EOVERFLOW;
		else if (!memory_write(call->thread, list->buffer + (count - 1) * 4, &pid,
				       sizeof(pid)))
			result = -EFAULT;
	}
	if (result == -EFAULT)
		call_print(call, "failed to copy data to user");
	/* The low half alone is written, also where the room was too small. */
	memcpy(&list->buffer_count, &count, sizeof(count));
	return result;
}

int call_is_feature_enabled(struct call *call, void *argument)
{
	struct d3dkmt_isfeatureenabled *query = argument;
	const struct sim_adapter *adapter = call_find_adapter(call, query->adapter);
	for (size_t i = 0; adapter && i < adapter->feature_count; i++) {
		if (adapter->features[i].id != query->feature_id)
			continue;
		query->result.version = adapter->features[i].version;
		query->result.value = adapter->features[i].value;
		return 0;
	}
	return -EINVAL;
}

/* Nothing said to a driver here means anything to it. The empty message is let through, as
 * on the NPU of microsoft/WSL#40445; of the rest the reply is too short. */
int call_escape(struct call *call, void *argument)
{
	const struct d3dkmt_escape *escape = argument;
	size_t size = escape->priv_drv_data_size;
	if (!call_find_adapter(call, escape->adapter) || size > DXG_PRIVATE_DATA_MAX ||
	    (escape->device.v && !call_find_object(call, escape->device, OBJECT_DEVICE)))
		return -EINVAL;
	if (!size)
		return 0;
	cleanup_free uint8_t *data = xmalloc(size);
	if (!memory_read(call->thread, escape->priv_drv_data, data, size)) {
		log_print(&call->sim->log, "dxgvmb_send_escape",
			  "failed to copy priv data");
		return -EFAULT;
	}
	return -EOVERFLOW;
}
