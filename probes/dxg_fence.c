#include "probes/dxg.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "util/cleanup.h"

/* @return whether the driver's answer can be a uint64_t in this process. */
static bool is_fence_address(uint64_t address)
{
	return address && address == (uintptr_t)address &&
	       address % sizeof(uint64_t) == 0;
}

static uint64_t read_fence(uint64_t address)
{
	return *(const volatile uint64_t *)(uintptr_t)address;
}

static enum outcome make_queue(struct probe *p)
{
	const struct dxg *dxg = p->state;
	struct d3dkmt_createpagingqueue create = { .device = dxg->device };
	if (!dxg_call(dxg, LX_DXCREATEPAGINGQUEUE, &create))
		return dxg_refused(p, "create_paging_queue");
	if (!create.paging_queue.v || !is_fence_address(create.fence_cpu_virtual_address))
		return dxg_empty_handed(p, "create_paging_queue");
	/* The page is the host's memory: a mapping that does not work ends us here, by a
	 * signal, and that is the result. Its value is any. */
	read_fence(create.fence_cpu_virtual_address);
	struct d3dddi_destroypagingqueue destroy = { create.paging_queue };
	if (!dxg_call(dxg, LX_DXDESTROYPAGINGQUEUE, &destroy))
		return dxg_refused(p, "destroy_paging_queue");
	return OUTCOME_PASS;
}

enum outcome dxg_paging(struct probe *p)
{
	return dxg_end(p, make_queue(p));
}

static int64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

/* @return an eventfd; never descriptor 0, which would mean a wait without end. */
static int create_event(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (fd != 0)
		return fd;
	int other = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	close(fd);
	return other;
}

static bool wait_readable(int fd, int timeout_ms)
{
	int64_t end = now_us() + timeout_ms * INT64_C(1000);
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	for (;;) {
		int64_t left_us = end - now_us();
		int n = poll(&poll_fd, 1, left_us > 0 ? (int)(left_us / 1000) + 1 : 0);
		if (n > 0)
			return true;
		if (n < 0 ? errno != EINTR : left_us <= 0)
			return false;
	}
}

/* Signals from the CPU, waits until Windows' scheduler says so, reads what it wrote. */
static enum outcome round_trip(struct probe *p, const struct dxg *dxg,
			       const struct d3dkmt_createsynchronizationobject2 *fence,
			       int event)
{
	struct d3dkmthandle object = fence->sync_object;
	uint64_t value = 1;
	struct d3dkmt_waitforsynchronizationobjectfromcpu wait = {
		.device = dxg->device,
		.object_count = 1,
		.objects = (uintptr_t)&object,
		.fence_values = (uintptr_t)&value,
		.async_event = (uint64_t)event,
	};
	if (!dxg_call(dxg, LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, &wait))
		return dxg_refused(p, "wait_sync_object_cpu");
	struct d3dkmt_signalsynchronizationobjectfromcpu signal = {
		.device = dxg->device,
		.object_count = 1,
		.objects = (uintptr_t)&object,
		.fence_values = (uintptr_t)&value,
	};
	int64_t start = now_us();
	if (!dxg_call(dxg, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, &signal))
		return dxg_refused(p, "signal_sync_object_cpu");
	/* A replay has ended the wait by now, or does not; its time is no machine's. */
	if (!wait_readable(event, dxg->replay ? 0 : DXG_FENCE_TIMEOUT_MS))
		return probe_fail(p, REASON_DEADLINE);
	if (!dxg->replay)
		probe_find_number(p, FIND_FENCE_US, now_us() - start);
	if (read_fence(fence->info.monitored_fence.fence_cpu_virtual_address) != value)
		return probe_fail(p, REASON_WRONG_RESULT);
	return OUTCOME_PASS;
}

static enum outcome make_fence(struct probe *p, int event)
{
	const struct dxg *dxg = p->state;
	struct d3dkmt_createsynchronizationobject2 fence = {
		.device = dxg->device,
		.info = { .type = _D3DDDI_MONITORED_FENCE,
			  .monitored_fence.engine_affinity = 1 },
	};
	if (!dxg_call(dxg, LX_DXCREATESYNCHRONIZATIONOBJECT, &fence))
		return dxg_refused(p, "create_sync_object");
	if (!fence.sync_object.v ||
	    !is_fence_address(fence.info.monitored_fence.fence_cpu_virtual_address))
		return dxg_empty_handed(p, "create_sync_object");
	enum outcome outcome = round_trip(p, dxg, &fence, event);
	struct d3dkmt_destroysynchronizationobject destroy = { fence.sync_object };
	if (!dxg_call(dxg, LX_DXDESTROYSYNCHRONIZATIONOBJECT, &destroy) &&
	    outcome == OUTCOME_PASS)
		return dxg_refused(p, "destroy_sync_object");
	return outcome;
}

enum outcome dxg_fence(struct probe *p)
{
	cleanup_close int event = create_event();
	if (event < 0)
		return OUTCOME_ERROR;
	return dxg_end(p, make_fence(p, event));
}
