/* Questions about adapters, and messages to their drivers. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "tests/dxgsim/call.h"
#include "tests/dxgsim/memory.h"
#include "tests/dxgsim/query.h"
#include "util/alloc.h"
#include "util/cleanup.h"

/* Of commands that carry data, what stands before it (dxgvmbus.h). */
#define QUERY_COMMAND  39
#define ESCAPE_COMMAND 55

int call_query_adapter_info(struct call *call, void *argument)
{
	static const char function[] = "dxgvmb_send_query_adapter_info";
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
		call_print_in(call, function, "Faled to copy private data");
		return -EFAULT;
	}
	if (call_check_packet(call, QUERY_COMMAND + size))
		return -EINVAL;
	struct verdict verdict;
	if (!query_answer(adapter, query->type, data, size, &verdict))
		return verdict.by_host ? -status_errno(verdict.status) : -verdict.number;
	if (memory_write(call->thread, query->private_data, data, size))
		return 0;
	call_print_in(call, function, "Faled to copy private data to user");
	return -EFAULT;
}

int call_query_vidmem_info(struct call *call, void *argument)
{
	struct d3dkmt_queryvideomemoryinfo *info = argument;
	if (info->process) {
		call_print(call, "query vidmem info from another process");
		return -EINVAL;
	}
	const struct sim_adapter *adapter = call_find_adapter(call, info->adapter);
	if (!adapter)
		return -EINVAL;
	/* No status comes back: what Windows does not know looks like zeros. */
	info->budget = info->current_usage = info->current_reservation =
		info->available_for_reservation = 0;
	if (info->memory_segment_group > _D3DKMT_MEMORY_SEGMENT_GROUP_NON_LOCAL)
		return 0;
	bool local = info->memory_segment_group == _D3DKMT_MEMORY_SEGMENT_GROUP_LOCAL;
	/* Memory lent by the process is shared memory. */
	uint64_t used = local ? 0 : call_sum_sizes(call, adapter, true);
	info->budget = local ? adapter->local_budget : adapter->nonlocal_budget;
	info->current_usage = used;
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
	if (!adapter)
		return 0;
	query->process = 0;
	return adapter->node_count ? answer_statistics(adapter, query->type, argument)
				   : -EINVAL;
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

/* @return how many processes use it, or -EFAULT; writes them to `to` unless that is 0. */
static int64_t list_processes(struct call *call, const struct sim_adapter *adapter,
			      uint64_t to)
{
	int64_t count = 0;
	for (const struct guest *guest = call->sim->guests; guest; guest = guest->next) {
		uint32_t pid = (uint32_t)guest->pid;
		if (!uses(guest, adapter))
			continue;
		if (to && !memory_write(call->thread, to + (uint64_t)count * 4, &pid, 4))
			return -EFAULT;
		count++;
	}
	return count;
}

/* The number comes back however it ends, its low half alone. */
int call_enum_processes(struct call *call, void *argument)
{
	const struct d3dkmt_enumprocesses *list = argument;
	const struct sim_adapter *adapter = call_find_luid(call, list->adapter_luid);
	uint32_t count = 0;
	int result = 0;
	if (!adapter) {
		result = call_refuse(call, -EINVAL, "Failed to find dxgadapter");
	} else {
		count = (uint32_t)list_processes(call, adapter, 0);
		if (count > list->buffer_count || !list->buffer)
			result = -EOVERFLOW;
		else if (list_processes(call, adapter, list->buffer) < 0)
			result =
				call_refuse(call, -EFAULT, "failed to copy data to user");
	}
	if (memory_write(call->thread,
			 call->argument +
				 offsetof(struct d3dkmt_enumprocesses, buffer_count),
			 &count, sizeof(count)))
		return result;
	return call_refuse(call, -EFAULT, "failed to copy buffer count to user");
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

/* A message the driver itself reads the start of (ioctl.c, driver_known_escape).
 * @return CALL_LATER: it is passed on as any other */
static int answer_known_escape(struct call *call, const struct d3dkmt_escape *escape)
{
	static const char known[] = "driver_known_escape";
	static const char build[] = "build_test_command_buffer";
	struct d3dddi_buildtestcommandbuffer command;
	uint32_t kind;
	if (escape->priv_drv_data_size < sizeof(kind)) {
		call_print_in(call, known, "Invalid private data size");
		return -EINVAL;
	}
	if (!memory_read(call->thread, escape->priv_drv_data, &kind, sizeof(kind))) {
		call_print_in(call, known, "Failed to read escape type");
		return -EFAULT;
	}
	/* Handles are the same ones in the host. */
	if (kind == _D3DDDI_DRIVERESCAPETYPE_TRANSLATEALLOCATIONHANDLE ||
	    kind == _D3DDDI_DRIVERESCAPETYPE_TRANSLATERESOURCEHANDLE)
		return 0;
	if (kind != _D3DDDI_DRIVERESCAPETYPE_BUILDTESTCOMMANDBUFFER)
		return CALL_LATER;
	if (escape->priv_drv_data_size < sizeof(command)) {
		call_print_in(call, build, "Invalid private data size");
		return -EINVAL;
	}
	if (!memory_read(call->thread, escape->priv_drv_data, &command,
			 sizeof(command))) {
		call_print_in(call, build, "Failed to copy private data");
		return -EFAULT;
	}
	if (command.dma_buffer_size < sizeof(uint32_t) ||
	    command.dma_buffer_size > D3DDDI_MAXTESTBUFFERSIZE ||
	    command.dma_buffer_priv_data_size >
		    D3DDDI_MAXTESTBUFFERPRIVATEDRIVERDATASIZE) {
		call_print_in(call, build, "Invalid DMA buffer or private data size");
		return -EINVAL;
	}
	call_print_in(call, build, "Host failed escape");
	return -EOVERFLOW;
}

/* Nothing said to a driver here means anything to it. The empty message is let through, as
 * on the NPU of microsoft/WSL#40445: no reply is too short for it. Of the rest each is. */
int call_escape(struct call *call, void *argument)
{
	const struct d3dkmt_escape *escape = argument;
	size_t size = escape->priv_drv_data_size;
	if (!call_find_adapter(call, escape->adapter))
		return -EINVAL;
	if (escape->type == _D3DKMT_ESCAPE_DRIVERPRIVATE &&
	    escape->flags.driver_known_escape) {
		int result = answer_known_escape(call, escape);
		if (result != CALL_LATER)
			return result;
	}
	if (size > DXG_PRIVATE_DATA_MAX)
		return -EINVAL;
	if (!size)
		return 0;
	cleanup_free void *data = call_read_array(call, escape->priv_drv_data, size, 1);
	if (!data) {
		call_print_in(call, "dxgvmb_send_escape", "failed to copy priv data");
		return -EFAULT;
	}
	return call_check_packet(call, ESCAPE_COMMAND + size) ? -EINVAL : -EOVERFLOW;
}
