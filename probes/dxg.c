/*
 * dxg.c: the door itself, without any library and without vendor data: adapters, what
 * Windows says of them, a device, a paging queue, a monitored fence.
 *
 * What the driver does with each call is described in dxg_abi.h. No call here blocks
 * without an end: the only wait is asynchronous, on an eventfd. Nothing is submitted.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>

#include "probes/dxg_abi.h"
#include "probes/probe.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/strbuf.h"
#include "util/utf16.h"

/* Half of the rung's deadline: past it we still destroy in order and say so ourselves. */
#define FENCE_TIMEOUT_MS 5000

/* Room for the value of a registry question, in bytes. */
#define REGISTRY_ROOM 2048

struct dxg {
	int fd;
	uint32_t adapter_count;
	struct d3dkmt_adapterinfo adapters[D3DKMT_ADAPTERS_MAX];
	uint32_t chosen;             /* index in adapters */
	struct d3dkmthandle adapter; /* the chosen one's, as opened by its LUID */
	struct d3dkmthandle device;
};

/* A call of ours. @return whether Windows and the driver granted it; else errno says why. */
static bool dxg_call(const struct dxg *dxg, unsigned long request, void *argument)
{
	int result = ioctl(dxg->fd, request, argument);
	/* Some refusals come back as the raw status, with errno unchanged (ioctl.c,
	 * dxgkio_create_allocation). */
	if (result < -1)
		errno = EINVAL;
	return result >= 0;
}

static enum outcome refused(struct probe *p, const char *call)
{
	int number = errno;
	const char *name = strerrorname_np(number);
	probe_find_number(p, FIND_ERRNO, -number);
	if (name)
		return probe_refused(p, call, "%s", name);
	return probe_refused(p, call, "errno %d", number);
}

/* Granted, and yet what should have come back is missing. */
static enum outcome empty_handed(struct probe *p, const char *call)
{
	return probe_refused(p, call, "success without a result");
}

static enum outcome dxg_load(struct probe *p)
{
	struct dxg *dxg = p->state = xcalloc(1, sizeof(*dxg));
	/* Read-only suffices for every call (microsoft/libdxg:src/d3dkmt-wsl.cpp). */
	dxg->fd = open(DXG_NODE, O_RDONLY | O_CLOEXEC);
	if (dxg->fd >= 0)
		return OUTCOME_PASS;
	switch (errno) {
	case ENOENT:
		return probe_skip(p, REASON_NO_DEVICE_NODE);
	case EBADF:
		/* The driver's open hides every error behind this one
		 * (drivers/hv/dxgkrnl/dxgmodule.c, dxgk_open): no channel to the host, or
		 * the host refused this process (microsoft/WSL#41062). */
		probe_find_number(p, FIND_ERRNO, -EBADF);
		return probe_fail(p, REASON_NO_HOST_CHANNEL);
	default:
		return refused(p, "open");
	}
}

/* One question about an adapter. @return false with errno where it was refused. */
static bool ask(const struct dxg *dxg, struct d3dkmthandle adapter, uint32_t type,
		void *data, size_t size)
{
	struct d3dkmt_queryadapterinfo query = {
		.adapter = adapter,
		.type = type,
		.private_data = (uintptr_t)data,
		.private_data_size = (uint32_t)size,
	};
	return dxg_call(dxg, LX_DXQUERYADAPTERINFO, &query);
}

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
 * Puts one question, and its second form if the first is refused.
 * @param refusals  grows by "TYPE:-ERRNO " for each refusal
 * @return          the answer, the caller's; NULL with errno where both were refused
 */
static void *put_question(const struct dxg *dxg, struct d3dkmthandle adapter,
			  const struct question *question, struct strbuf *refusals)
{
	const uint32_t types[] = { question->type, question->otherwise };
	int number = 0;
	for_each_row(type, types)
	{
		if (!*type)
			break;
		cleanup_free void *data = xcalloc(1, question->size);
		if (question->prepare)
			question->prepare(data);
		if (ask(dxg, adapter, *type, data, question->size))
			return take_ptr(data);
		number = errno;
		strbuf_printf(refusals, "%s%" PRIu32 ":-%d", refusals->length ? " " : "",
			      *type, number);
	}
	errno = number;
	return NULL;
}

/* Writes all that DXG lists to dxg. @return false with errno and *ret_call. */
static bool list_adapters(struct dxg *dxg, const char **ret_call)
{
	*ret_call = "enum_adapters3";
	struct d3dkmt_enumadapters3 three = {
		.filter.include_compute_only = 1,
		.adapter_count = D3DKMT_ADAPTERS_MAX,
		.adapters = (uintptr_t)dxg->adapters,
	};
	bool granted = dxg_call(dxg, LX_DXENUMADAPTERS3, &three);
	if (!granted && errno != ENOTTY)
		return false;
	if (granted && three.adapter_count) {
		dxg->adapter_count = three.adapter_count;
		return true;
	}
	/* Missing in the oldest driver; and where it lists nothing the older call may still
	 * list something (reported of an Adreno on 6.6.87.2). */
	*ret_call = "enum_adapters";
	struct d3dkmt_enumadapters2 two = {
		.num_adapters = D3DKMT_ADAPTERS_MAX,
		.adapters = (uintptr_t)dxg->adapters,
	};
	if (!dxg_call(dxg, LX_DXENUMADAPTERS2, &two))
		return granted;
	dxg->adapter_count = two.num_adapters;
	return true;
}

/* Sends what is known of the adapter. @return whether it is one that computes in software. */
static bool describe(struct probe *p, const struct dxg *dxg, uint32_t index)
{
	struct d3dkmthandle adapter = dxg->adapters[index].adapter_handle;
	bool software = false;
	cleanup_strbuf struct strbuf refusals;
	strbuf_init(&refusals);
	for_each_row(question, questions)
	{
		cleanup_free void *answer =
			put_question(dxg, adapter, question, &refusals);
		if (!answer)
			continue;
		question->note(p, (int)index, answer);
		if (question->note == note_class)
			software = ((struct d3dkmt_adaptertype *)answer)->software_device;
	}
	return software;
}

static enum outcome dxg_enumerate(struct probe *p)
{
	struct dxg *dxg = p->state;
	const char *call;
	if (!list_adapters(dxg, &call))
		return refused(p, call);
	if (dxg->adapter_count > D3DKMT_ADAPTERS_MAX) {
		/* Nothing was copied then; see d3dkmt_enumadapters3. */
		dxg->adapter_count = 0;
		return probe_refused(p, call, "more adapters than room");
	}
	probe_find_number(p, FIND_ADAPTERS, dxg->adapter_count);
	if (p->adapter >= 0) {
		if ((uint32_t)p->adapter >= dxg->adapter_count)
			return probe_fail(p, REASON_NO_ADAPTER);
		dxg->chosen = (uint32_t)p->adapter;
		return describe(p, dxg, dxg->chosen) ? probe_fallback(p, REASON_CPU_ONLY)
						     : OUTCOME_PASS;
	}
	if (!dxg->adapter_count)
		return probe_fail(p, REASON_NO_ADAPTER);
	bool hardware = false;
	for (uint32_t i = 0; i < dxg->adapter_count; i++) {
		bool software = describe(p, dxg, i);
		if (software || hardware)
			continue;
		hardware = true;
		dxg->chosen = i;
	}
	return hardware ? OUTCOME_PASS : probe_fallback(p, REASON_CPU_ONLY);
}

static enum outcome dxg_open(struct probe *p)
{
	struct dxg *dxg = p->state;
	struct d3dkmt_openadapterfromluid open = {
		.adapter_luid = dxg->adapters[dxg->chosen].adapter_luid,
	};
	if (!dxg_call(dxg, LX_DXOPENADAPTERFROMLUID, &open))
		return refused(p, "open_adapter_from_luid");
	if (!open.adapter_handle.v)
		return empty_handed(p, "open_adapter_from_luid");
	dxg->adapter = open.adapter_handle;
	struct d3dkmt_createdevice create = { .adapter = dxg->adapter };
	if (!dxg_call(dxg, LX_DXCREATEDEVICE, &create))
		return refused(p, "create_device");
	if (!create.device.v)
		return empty_handed(p, "create_device");
	/* Device and adapter stay for the rungs above; the end of the process closes the
	 * descriptor, and that releases both on the host. */
	dxg->device = create.device;
	return OUTCOME_PASS;
}

/* Bytes this process may use in one segment group; 0 where it is not told. */
static uint64_t budget(const struct dxg *dxg, struct d3dkmthandle adapter, uint32_t group)
{
	struct d3dkmt_queryvideomemoryinfo info = {
		.adapter = adapter,
		.memory_segment_group = group,
	};
	/* No status comes with the host's answer: its refusal looks like zeros. */
	return dxg_call(dxg, LX_DXQUERYVIDEOMEMORYINFO, &info) ? info.budget : 0;
}

static void find_mib(struct probe *p, enum finding finding, uint64_t bytes)
{
	if (bytes >> 20)
		probe_find_number(p, finding, (int64_t)(bytes >> 20));
}

static void find_memory(struct probe *p, const struct dxg *dxg,
			struct d3dkmthandle adapter, struct strbuf *refusals)
{
	static const struct question segments = {
		.type = KMTQAITYPE_GETSEGMENTSIZE,
		.size = sizeof(struct d3dkmt_segmentsizeinfo),
	};
	cleanup_free struct d3dkmt_segmentsizeinfo *sizes =
		put_question(dxg, adapter, &segments, refusals);
	if (sizes) {
		find_mib(p, FIND_DEDICATED_MIB, sizes->dedicated_video_memory_size);
		find_mib(p, FIND_SHARED_MIB, sizes->shared_system_memory_size);
	}
	find_mib(p, FIND_BUDGET_MIB,
		 budget(dxg, adapter, D3DKMT_MEMORY_SEGMENT_GROUP_LOCAL));
	find_mib(p, FIND_SHARED_BUDGET_MIB,
		 budget(dxg, adapter, D3DKMT_MEMORY_SEGMENT_GROUP_NON_LOCAL));
}

/* A feature the host does not know, or a kernel that cannot ask, is left out: both are
 * usual (microsoft/WSL#40715). */
static void find_features(struct probe *p, const struct dxg *dxg,
			  struct d3dkmthandle adapter)
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
	for_each_row(feature, features)
	{
		struct d3dkmt_isfeatureenabled query = {
			.adapter = adapter,
			.feature_id = feature->id,
		};
		if (!dxg_call(dxg, LX_ISFEATUREENABLED, &query) ||
		    !query.result.known_feature)
			continue;
		strbuf_printf(&list, "%s%s:%s", list.length ? " " : "", feature->name,
			      query.result.enabled ? "on" : "off");
	}
	probe_find(p, FIND_FEATURES, list.string);
}

static enum outcome dxg_query(struct probe *p)
{
	const struct dxg *dxg = p->state;
	struct d3dkmthandle adapter = dxg->adapters[dxg->chosen].adapter_handle;
	const struct question *unanswered = NULL;
	int number = 0;
	cleanup_strbuf struct strbuf refusals;
	strbuf_init(&refusals);
	for_each_row(question, questions)
	{
		cleanup_free void *answer =
			put_question(dxg, adapter, question, &refusals);
		if (answer || !question->core || unanswered)
			continue;
		unanswered = question;
		number = errno;
	}
	find_memory(p, dxg, adapter, &refusals);
	find_features(p, dxg, adapter);
	probe_find(p, FIND_REFUSED_TYPES, refusals.string);
	if (!unanswered)
		return OUTCOME_PASS;
	char call[64];
	snprintf(call, sizeof(call), "query_adapter_info type %" PRIu32,
		 unanswered->type);
	errno = number;
	return refused(p, call);
}

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

static enum outcome dxg_paging(struct probe *p)
{
	const struct dxg *dxg = p->state;
	struct d3dkmt_createpagingqueue create = { .device = dxg->device };
	if (!dxg_call(dxg, LX_DXCREATEPAGINGQUEUE, &create))
		return refused(p, "create_paging_queue");
	if (!create.paging_queue.v || !is_fence_address(create.fence_cpu_virtual_address))
		return empty_handed(p, "create_paging_queue");
	/* The page is the host's memory: a mapping that does not work ends us here, by a
	 * signal, and that is the result. Its value is any. */
	read_fence(create.fence_cpu_virtual_address);
	struct d3dddi_destroypagingqueue destroy = { create.paging_queue };
	if (!dxg_call(dxg, LX_DXDESTROYPAGINGQUEUE, &destroy))
		return refused(p, "destroy_paging_queue");
	return OUTCOME_PASS;
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
		if (left_us < 0)
			return false;
		int n = poll(&poll_fd, 1, (int)(left_us / 1000) + 1);
		if (n > 0)
			return true;
		if (n < 0 && errno != EINTR)
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
		return refused(p, "wait_sync_object_cpu");
	struct d3dkmt_signalsynchronizationobjectfromcpu signal = {
		.device = dxg->device,
		.object_count = 1,
		.objects = (uintptr_t)&object,
		.fence_values = (uintptr_t)&value,
	};
	int64_t start = now_us();
	if (!dxg_call(dxg, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, &signal))
		return refused(p, "signal_sync_object_cpu");
	if (!wait_readable(event, FENCE_TIMEOUT_MS))
		return probe_fail(p, REASON_DEADLINE);
	probe_find_number(p, FIND_FENCE_US, now_us() - start);
	if (read_fence(fence->info.monitored_fence.fence_cpu_virtual_address) != value)
		return probe_fail(p, REASON_WRONG_RESULT);
	return OUTCOME_PASS;
}

static enum outcome dxg_fence(struct probe *p)
{
	const struct dxg *dxg = p->state;
	cleanup_close int event = create_event();
	if (event < 0)
		return OUTCOME_ERROR;
	struct d3dkmt_createsynchronizationobject2 fence = {
		.device = dxg->device,
		.info = { .type = D3DDDI_MONITORED_FENCE,
			  .monitored_fence.engine_affinity = 1 },
	};
	if (!dxg_call(dxg, LX_DXCREATESYNCHRONIZATIONOBJECT, &fence))
		return refused(p, "create_sync_object");
	if (!fence.sync_object.v ||
	    !is_fence_address(fence.info.monitored_fence.fence_cpu_virtual_address))
		return empty_handed(p, "create_sync_object");
	enum outcome outcome = round_trip(p, dxg, &fence, event);
	struct d3dkmt_destroysynchronizationobject destroy = { fence.sync_object };
	if (!dxg_call(dxg, LX_DXDESTROYSYNCHRONIZATIONOBJECT, &destroy) &&
	    outcome == OUTCOME_PASS)
		return refused(p, "destroy_sync_object");
	return outcome;
}

INTERFACE(dxg) = {
	.name = "dxg",
	.title = "DXG",
	.layer = LAYER_DXG,
	.rungs = { [RUNG_LOAD] = dxg_load,
		   [RUNG_ENUMERATE] = dxg_enumerate,
		   [RUNG_OPEN] = dxg_open,
		   [RUNG_QUERY] = dxg_query,
		   [RUNG_PAGING] = dxg_paging,
		   [RUNG_FENCE] = dxg_fence },
};
