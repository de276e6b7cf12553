#include "probes/dxg_replay.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probes/dxg.h"
#include "tests/probes/heard.h"
#include "tests/probes/recorded.h"
#include "tests/testing.h"
#include "util/cleanup.h"
#include "util/file.h"

#define FENCE_MS 5000
/* Where the recorded program had its memory: nothing of ours lies there. */
#define THERE UINT64_C(0x10)

static const struct winluid luids[] = { { 0xa, 0 }, { 0xb, 0 } };
/* As the recorded program had them. */
static const uint32_t adapters[] = { 0x40000000, 0x40000040 };

static struct replay *play(struct recorded *recorded)
{
	struct replay *replay;
	assert_ok(replay_create("calls", recorded->text.string, recorded->text.length,
				FENCE_MS, &replay));
	strbuf_deinit(&recorded->text);
	return replay;
}

/* Both adapters, in a list that had room for three. */
static void record_list(struct recorded *recorded)
{
	struct d3dkmt_enumadapters3 in = { .adapter_count = 3, .adapters = THERE };
	struct d3dkmt_enumadapters3 out = in;
	struct d3dkmt_adapterinfo before[3] = { 0 }, after[3] = { 0 };
	in.filter.include_compute_only = out.filter.include_compute_only = 1;
	out.adapter_count = 2;
	for (int i = 0; i < 2; i++) {
		after[i].adapter_luid = luids[i];
		after[i].adapter_handle.v = adapters[i];
	}
	recorded_call(recorded, LX_DXENUMADAPTERS3, 0, &in, &out);
	recorded_memory(recorded, offsetof(struct d3dkmt_enumadapters3, adapters), before,
			after, sizeof(after));
}

static int64_t list(struct replay *replay, uint32_t room, struct d3dkmt_adapterinfo *ret,
		    uint32_t *ret_n)
{
	struct d3dkmt_enumadapters3 list = {
		.filter.include_compute_only = 1,
		.adapter_count = room,
		.adapters = (uintptr_t)ret,
	};
	int64_t result = replay_call(replay, LX_DXENUMADAPTERS3, &list);
	*ret_n = list.adapter_count;
	return result;
}

static void record_query(struct recorded *recorded, uint32_t handle, uint32_t type,
			 int64_t result, uint32_t question, uint32_t answer)
{
	const struct d3dkmt_queryadapterinfo query = {
		.adapter.v = handle,
		.type = type,
		.private_data = THERE,
		.private_data_size = sizeof(question),
	};
	recorded_call(recorded, LX_DXQUERYADAPTERINFO, result, &query, NULL);
	recorded_memory(recorded, offsetof(struct d3dkmt_queryadapterinfo, private_data),
			&question, question == answer ? NULL : &answer, sizeof(question));
}

static int64_t query(struct replay *replay, uint32_t handle, uint32_t type,
		     uint32_t *data)
{
	struct d3dkmt_queryadapterinfo query = {
		.adapter.v = handle,
		.type = type,
		.private_data = (uintptr_t)data,
		.private_data_size = sizeof(*data),
	};
	return replay_call(replay, LX_DXQUERYADAPTERINFO, &query);
}

static void test_a_list_is_given_with_handles_of_ours(void **state)
{
	(void)state;
	struct recorded recorded;
	recorded_init(&recorded);
	record_list(&recorded);
	struct replay *replay = play(&recorded);
	struct d3dkmt_adapterinfo infos[4] = { 0 };
	uint32_t n;
	assert_int_equal(list(replay, 4, infos, &n), 0);
	assert_int_equal(n, 2);
	for (int i = 0; i < 2; i++) {
		assert_memory_equal(&infos[i].adapter_luid, &luids[i], sizeof(*luids));
		assert_true(infos[i].adapter_handle.v);
	}
	assert_int_not_equal(infos[0].adapter_handle.v, infos[1].adapter_handle.v);
	assert_int_equal(infos[2].adapter_handle.v, 0);
	/* Too little room: the number, and nothing copied. */
	struct d3dkmt_adapterinfo one[1] = { 0 };
	assert_int_equal(list(replay, 1, one, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(one[0].adapter_handle.v, 0);
	/* The number alone was never asked for. */
	assert_int_equal(list(replay, 0, NULL, &n), -REPLAY_UNTOLD);
	replay_destroy(replay);
}

static void test_a_question_is_known_by_what_it_asks_of_whom(void **state)
{
	(void)state;
	struct recorded recorded;
	recorded_init(&recorded);
	record_list(&recorded);
	record_query(&recorded, adapters[0], 13, 0, 0, 3100);
	record_query(&recorded, adapters[1], 13, 0, 0, 3200);
	record_query(&recorded, adapters[1], 48, -ENOENT, 7, 7);
	record_query(&recorded, adapters[1], 48, 0, 8, 88);
	struct replay *replay = play(&recorded);
	struct d3dkmt_adapterinfo infos[3];
	uint32_t n, data = 0;
	assert_int_equal(list(replay, 3, infos, &n), 0);
	uint32_t first = infos[0].adapter_handle.v, second = infos[1].adapter_handle.v;
	/* In another order than it was asked. */
	assert_int_equal(query(replay, second, 48, (data = 8, &data)), 0);
	assert_int_equal(data, 88);
	assert_int_equal(query(replay, second, 48, (data = 7, &data)), -ENOENT);
	assert_int_equal(data, 7);
	assert_int_equal(query(replay, second, 13, (data = 0, &data)), 0);
	assert_int_equal(data, 3200);
	assert_int_equal(query(replay, first, 13, (data = 0, &data)), 0);
	assert_int_equal(data, 3100);
	/* Never asked: other bytes, another type, another adapter. */
	assert_int_equal(query(replay, second, 48, (data = 9, &data)), -REPLAY_UNTOLD);
	assert_int_equal(data, 9);
	assert_int_equal(query(replay, second, 14, (data = 0, &data)), -REPLAY_UNTOLD);
	assert_int_equal(query(replay, first, 48, (data = 8, &data)), -REPLAY_UNTOLD);
	/* A handle of the recording is none of ours. */
	assert_int_equal(query(replay, adapters[0], 13, &data), -EINVAL);
	assert_int_equal(query(replay, 0, 13, &data), -EINVAL);
	replay_destroy(replay);
}

/* A change that the recording saw is seen again, and its end lasts. */
static void test_the_same_question_is_answered_in_turn(void **state)
{
	(void)state;
	struct recorded recorded;
	recorded_init(&recorded);
	record_list(&recorded);
	for (uint32_t i = 1; i <= 3; i++)
		record_query(&recorded, adapters[0], 13, 0, 0, i);
	struct replay *replay = play(&recorded);
	struct d3dkmt_adapterinfo infos[3];
	uint32_t n, data;
	assert_int_equal(list(replay, 3, infos, &n), 0);
	for (uint32_t i = 1; i <= 4; i++) {
		assert_int_equal(
			query(replay, infos[0].adapter_handle.v, 13, (data = 0, &data)),
			0);
		assert_int_equal(data, i < 4 ? i : 3);
	}
	replay_destroy(replay);
}

/* Handles are a process's own: the same number meant another adapter in each. */
static void test_handles_of_two_processes_are_kept_apart(void **state)
{
	(void)state;
	struct recorded recorded;
	recorded_init(&recorded);
	record_list(&recorded);
	struct d3dkmt_openadapterfromluid in = { .adapter_luid = luids[1] }, out = in;
	out.adapter_handle.v = adapters[0];
	recorded.thread = 2;
	recorded_call(&recorded, LX_DXOPENADAPTERFROMLUID, 0, &in, &out);
	recorded.thread = 1;
	record_query(&recorded, adapters[0], 13, 0, 0, 1);
	recorded.thread = 2;
	record_query(&recorded, adapters[0], 13, 0, 0, 2);
	struct replay *replay = play(&recorded);
	struct d3dkmt_adapterinfo infos[3];
	uint32_t n, data = 0;
	assert_int_equal(list(replay, 3, infos, &n), 0);
	assert_int_equal(query(replay, infos[1].adapter_handle.v, 13, &data), 0);
	assert_int_equal(data, 2);
	assert_int_equal(query(replay, infos[0].adapter_handle.v, 13, (data = 0, &data)),
			 0);
	assert_int_equal(data, 1);
	replay_destroy(replay);
}

/* ---- objects ---- */

#define DEVICE 0x40000080
#define FENCE  0x400000c0

static void record_device(struct recorded *recorded, uint32_t device)
{
	struct d3dkmt_createdevice in = { .adapter.v = adapters[0] }, out = in;
	out.device.v = device;
	recorded_call(recorded, LX_DXCREATEDEVICE, 0, &in, &out);
}

static void record_fence(struct recorded *recorded, uint64_t address)
{
	struct d3dkmt_createsynchronizationobject2 in = {
		.device.v = DEVICE,
		.info = { .type = _D3DDDI_MONITORED_FENCE,
			  .monitored_fence.engine_affinity = 1 },
	};
	struct d3dkmt_createsynchronizationobject2 out = in;
	out.sync_object.v = FENCE;
	out.info.monitored_fence.fence_cpu_virtual_address = address;
	recorded_call(recorded, LX_DXCREATESYNCHRONIZATIONOBJECT, 0, &in, &out);
}

static void record_wait_and_signal(struct recorded *recorded)
{
	const uint32_t object = FENCE;
	const uint64_t value = 1;
	const struct d3dkmt_waitforsynchronizationobjectfromcpu wait = {
		.device.v = DEVICE,
		.object_count = 1,
		.objects = THERE,
		.fence_values = THERE,
		.async_event = 12,
	};
	const struct d3dkmt_signalsynchronizationobjectfromcpu signal = {
		.device.v = DEVICE,
		.object_count = 1,
		.objects = THERE,
		.fence_values = THERE,
	};
	recorded_call(recorded, LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, 0, &wait, NULL);
	recorded_memory(
		recorded,
		offsetof(struct d3dkmt_waitforsynchronizationobjectfromcpu, objects),
		&object, NULL, sizeof(object));
	recorded_memory(
		recorded,
		offsetof(struct d3dkmt_waitforsynchronizationobjectfromcpu, fence_values),
		&value, NULL, sizeof(value));
	recorded_call(recorded, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, 0, &signal,
		      NULL);
	recorded_memory(
		recorded,
		offsetof(struct d3dkmt_signalsynchronizationobjectfromcpu, objects),
		&object, NULL, sizeof(object));
	recorded_memory(
		recorded,
		offsetof(struct d3dkmt_signalsynchronizationobjectfromcpu, fence_values),
		&value, NULL, sizeof(value));
}

static void record_close(struct recorded *recorded, uint32_t request, uint32_t handle)
{
	recorded_call(recorded, request, 0, &handle, NULL);
}

static uint32_t open_device(struct replay *replay)
{
	struct d3dkmt_adapterinfo infos[3];
	uint32_t n;
	assert_int_equal(list(replay, 3, infos, &n), 0);
	struct d3dkmt_createdevice create = { .adapter = infos[0].adapter_handle };
	assert_int_equal(replay_call(replay, LX_DXCREATEDEVICE, &create), 0);
	return create.device.v;
}

static void create_fence(struct replay *replay, uint32_t device,
			 struct d3dkmt_createsynchronizationobject2 *ret)
{
	*ret = (struct d3dkmt_createsynchronizationobject2){
		.device.v = device,
		.info = { .type = _D3DDDI_MONITORED_FENCE,
			  .monitored_fence.engine_affinity = 1 },
	};
	assert_int_equal(replay_call(replay, LX_DXCREATESYNCHRONIZATIONOBJECT, ret), 0);
}

/* @return the result of the signal. */
static int64_t round_trip(struct replay *replay, uint32_t device, uint32_t fence,
			  int event)
{
	const uint64_t value = 1;
	struct d3dkmt_waitforsynchronizationobjectfromcpu wait = {
		.device.v = device,
		.object_count = 1,
		.objects = (uintptr_t)&fence,
		.fence_values = (uintptr_t)&value,
		.async_event = (uint64_t)event,
	};
	struct d3dkmt_signalsynchronizationobjectfromcpu signal = {
		.device.v = device,
		.object_count = 1,
		.objects = (uintptr_t)&fence,
		.fence_values = (uintptr_t)&value,
	};
	assert_int_equal(
		replay_call(replay, LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, &wait), 0);
	return replay_call(replay, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, &signal);
}

/* Of a fence only the clock tells whether Windows ended the wait. */
static void test_a_wait_ends_where_the_recorded_program_went_on(void **state)
{
	(void)state;
	static const struct {
		int64_t later_us; /* -1: nothing came after the signal */
		int64_t result;
		uint64_t value;
	} rows[] = {
		{ 80, 0, 1 },
		{ FENCE_MS * 1000 - 10, 0, 0 },
		{ 60 * 1000 * 1000, 0, 0 },
		{ -1, -REPLAY_UNTOLD, 0 },
	};
	for_each_row(row, rows) {
		struct recorded recorded;
		recorded_init(&recorded);
		record_list(&recorded);
		record_device(&recorded, DEVICE);
		record_fence(&recorded, THERE);
		record_wait_and_signal(&recorded);
		recorded.begun_us += row->later_us;
		if (row->later_us >= 0)
			record_close(&recorded, LX_DXDESTROYSYNCHRONIZATIONOBJECT, FENCE);
		struct replay *replay = play(&recorded);
		uint32_t device = open_device(replay);
		struct d3dkmt_createsynchronizationobject2 fence;
		create_fence(replay, device, &fence);
		const uint64_t *value =
			(const uint64_t *)(uintptr_t)
				fence.info.monitored_fence.fence_cpu_virtual_address;
		cleanup_close int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		eventfd_t count = 0;
		assert_int_equal(*value, 0);
		assert_int_equal(round_trip(replay, device, fence.sync_object.v, event),
				 row->result);
		assert_int_equal(*value, row->value);
		assert_int_equal(eventfd_read(event, &count), row->value ? 0 : -1);
		assert_int_equal(count, row->value);
		replay_destroy(replay);
	}
}

static void test_addresses_of_a_recording_are_never_used(void **state)
{
	(void)state;
	static const struct {
		uint64_t recorded;
		unsigned int low; /* bits of ours; 8: none is given */
	} rows[] = { { THERE, 0 }, { 0xdeadbeef0003, 3 }, { UINT64_MAX, 7 }, { 0, 8 } };
	for_each_row(row, rows) {
		struct recorded recorded;
		recorded_init(&recorded);
		record_list(&recorded);
		record_device(&recorded, DEVICE);
		record_fence(&recorded, row->recorded);
		struct replay *replay = play(&recorded);
		struct d3dkmt_createsynchronizationobject2 fence;
		create_fence(replay, open_device(replay), &fence);
		uint64_t address = fence.info.monitored_fence.fence_cpu_virtual_address;
		if (row->low == 8) {
			assert_int_equal(address, 0);
		} else {
			uint64_t value;
			assert_int_equal(address % 8, row->low);
			memcpy(&value, (const void *)(uintptr_t)address, sizeof(value));
			assert_int_equal(value, 0);
		}
		replay_destroy(replay);
	}
}

static void test_what_is_destroyed_is_gone(void **state)
{
	(void)state;
	struct recorded recorded;
	recorded_init(&recorded);
	record_list(&recorded);
	record_device(&recorded, DEVICE);
	record_close(&recorded, LX_DXDESTROYDEVICE, DEVICE);
	struct replay *replay = play(&recorded);
	uint32_t device = open_device(replay);
	assert_int_equal(replay_call(replay, LX_DXDESTROYDEVICE, &device), 0);
	assert_int_equal(replay_call(replay, LX_DXDESTROYDEVICE, &device), -EINVAL);
	replay_destroy(replay);
}

/* Refused by Windows, and 0 all the same. */
static void test_a_handle_that_did_not_come_stays_as_it_was(void **state)
{
	(void)state;
	struct recorded recorded;
	recorded_init(&recorded);
	record_list(&recorded);
	record_device(&recorded, 0);
	struct replay *replay = play(&recorded);
	assert_int_equal(open_device(replay), 0);
	replay_destroy(replay);
}

/* ---- what the driver checks, and what a hostile recording may say ---- */

static void test_the_driver_is_asked_first(void **state)
{
	(void)state;
	struct recorded recorded;
	recorded_init(&recorded);
	record_list(&recorded);
	record_device(&recorded, DEVICE);
	struct replay *replay = play(&recorded);
	uint32_t device = open_device(replay);
	uint8_t structure[DXG_CALL_BYTES] = { 0 };
	assert_int_equal(replay_call(replay, DXG_IOCTL(0x02, 60), structure), -ENOTTY);
	assert_int_equal(replay_call(replay, DXG_IOCTL(0x4b, 4), structure), -ENOTTY);
	/* A call that no rung makes. */
	assert_int_equal(replay_call(replay, LX_DXLOCK2, structure), -REPLAY_UNTOLD);
	/* A device is no adapter. */
	assert_int_equal(query(replay, device, 13, &device), -EINVAL);
	struct d3dkmt_waitforsynchronizationobjectfromcpu wait = { .object_count = 33 };
	const uint32_t request = LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU;
	assert_int_equal(replay_call(replay, request, &wait), -EINVAL);
	wait.object_count = 0;
	assert_int_equal(replay_call(replay, request, &wait), -EINVAL);
	wait.object_count = 1;
	assert_int_equal(replay_call(replay, request, &wait), -EFAULT);
	struct d3dkmt_queryadapterinfo query = {
		.private_data = THERE,
		.private_data_size = UINT32_MAX,
	};
	struct d3dkmt_adapterinfo infos[3];
	uint32_t n;
	assert_int_equal(list(replay, 3, infos, &n), 0);
	query.adapter = infos[0].adapter_handle;
	assert_int_equal(replay_call(replay, LX_DXQUERYADAPTERINFO, &query), -EINVAL);
	replay_destroy(replay);
}

/* More than there was room for, or than was recorded, answers nothing. */
static void test_an_absurd_list_answers_nothing(void **state)
{
	(void)state;
	static const uint32_t counts[] = { 4, UINT32_MAX };
	for_each_row(count, counts) {
		struct recorded recorded;
		recorded_init(&recorded);
		struct d3dkmt_enumadapters3 in = { .filter.include_compute_only = 1,
						   .adapter_count = 3,
						   .adapters = THERE };
		struct d3dkmt_enumadapters3 out = in;
		struct d3dkmt_adapterinfo nothing[3] = { 0 };
		out.adapter_count = *count;
		recorded_call(&recorded, LX_DXENUMADAPTERS3, 0, &in, &out);
		recorded_memory(&recorded,
				offsetof(struct d3dkmt_enumadapters3, adapters), nothing,
				NULL, sizeof(nothing));
		struct replay *replay = play(&recorded);
		struct d3dkmt_adapterinfo infos[3];
		uint32_t n;
		assert_int_equal(list(replay, 3, infos, &n), -REPLAY_UNTOLD);
		replay_destroy(replay);
	}
}

/* A call about a handle that the recording never gave out cannot be told from others. */
static void test_a_handle_out_of_nowhere_is_no_answer(void **state)
{
	(void)state;
	static const uint32_t handles[] = { 0, 0x40000100, UINT32_MAX };
	for_each_row(handle, handles) {
		struct recorded recorded;
		recorded_init(&recorded);
		record_list(&recorded);
		record_query(&recorded, *handle, 13, 0, 0, 1);
		struct replay *replay = play(&recorded);
		struct d3dkmt_adapterinfo infos[3];
		uint32_t n, data = 0;
		assert_int_equal(list(replay, 3, infos, &n), 0);
		assert_int_equal(query(replay, infos[0].adapter_handle.v, 13, &data),
				 -REPLAY_UNTOLD);
		replay_destroy(replay);
	}
}

static void test_the_end_of_a_call_is_the_recorded_one(void **state)
{
	(void)state;
	static const int64_t results[] = { DXG_CALL_UNFINISHED, -EOVERFLOW, 259,
					   (int32_t)STATUS_INVALID_PARAMETER };
	for_each_row(result, results) {
		struct recorded recorded;
		recorded_init(&recorded);
		record_list(&recorded);
		record_query(&recorded, adapters[0], 13, *result, 0, 0);
		struct replay *replay = play(&recorded);
		struct d3dkmt_adapterinfo infos[3];
		uint32_t n, data = 0;
		assert_int_equal(list(replay, 3, infos, &n), 0);
		assert_true(query(replay, infos[0].adapter_handle.v, 13, &data) ==
			    *result);
		replay_destroy(replay);
	}
}

/* ---- the file, and the interface on it ---- */

static void test_how_the_node_opened_is_recorded(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int number;
	} rows[] = {
		{ "dxgmatrix-recording 1\n", REPLAY_UNTOLD },
		{ "dxgmatrix-recording 1\nopen 0\n", 0 },
		{ "dxgmatrix-recording 1\nopen -9\n", EBADF },
		{ "dxgmatrix-recording 1\ncall lock2 c0184725 1 - - -\n", 0 },
	};
	for_each_row(row, rows) {
		struct replay *replay;
		assert_ok(replay_create("calls", row->text, strlen(row->text), FENCE_MS,
					&replay));
		assert_int_equal(replay_open(replay), row->number);
		replay_destroy(replay);
	}
}

static void test_a_root_is_read(void **state)
{
	(void)state;
	cleanup_free char *root = NULL;
	struct replay *replay;
	assert_ok(file_temporary_folder("test-replay", &root));
	assert_ok(replay_read(root, FENCE_MS, &replay));
	assert_int_equal(replay_open(replay), ENOENT);
	replay_destroy(replay);
	cleanup_free char *node = xasprintf("%s/dev/dxg", root);
	assert_ok(file_make_parent(node));
	assert_int_equal(mkfifo(node, 0600), 0);
	assert_error(replay_read(root, FENCE_MS, &replay), "/dev/dxg: is no recording");
	assert_int_equal(unlink(node), 0);
	assert_ok(file_write(node, "nothing\n", 8, 0600, false));
	assert_error(replay_read(root, FENCE_MS, &replay), "/dev/dxg:1: is no dxgmatrix");
	assert_ok(file_remove_tree(root));
}

static const struct interface *dxg(void)
{
	for (const struct interface *const *at = __start_interfaces;
	     at < __stop_interfaces; at++)
		if (!strcmp((*at)->name, "dxg"))
			return *at;
	return NULL;
}

/* What the recording does not hold is no refusal and no answer. */
static void test_a_step_that_was_not_recorded_is_an_error(void **state)
{
	(void)state;
	struct recorded recorded;
	recorded_init(&recorded);
	record_list(&recorded);
	record_query(&recorded, adapters[0], KMTQAITYPE_DRIVERVERSION_RENDER, 0, 0, 3200);
	/* Of two forms the second alone. */
	record_query(&recorded, adapters[0], KMTQAITYPE_ADAPTERTYPE, -EINVAL, 0, 0);
	struct probe p = { .interface = dxg(), .adapter = -1, .fd = -1 };
	p.replay = play(&recorded);
	FILE *file = tmpfile();
	int out = dup(STDOUT_FILENO);
	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	probe_climb(&p, UINT32_MAX);
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	close(out);
	cleanup_free char *text = NULL;
	rewind(file);
	assert_ok(file_read_fd(fileno(file), "climb", 1 << 20, &text, NULL));
	fclose(file);
	static const char *const lines[] = {
		"adapters: 2\n",
		"wddm_version: 3200\n",
		"open_adapter_from_luid\n",
		"the recording does not tell",
		"query_adapter_info type",
		"refused_types: 15:-22\n",
	};
	for_each_row(line, lines)
		if (!strstr(text, *line))
			fail_msg("lacks '%s':\n%s", *line, text);
	assert_null(strstr(text, "errno"));
	replay_destroy(p.replay);
	free(p.state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_list_is_given_with_handles_of_ours),
		cmocka_unit_test(test_a_question_is_known_by_what_it_asks_of_whom),
		cmocka_unit_test(test_the_same_question_is_answered_in_turn),
		cmocka_unit_test(test_handles_of_two_processes_are_kept_apart),
		cmocka_unit_test(test_a_wait_ends_where_the_recorded_program_went_on),
		cmocka_unit_test(test_addresses_of_a_recording_are_never_used),
		cmocka_unit_test(test_what_is_destroyed_is_gone),
		cmocka_unit_test(test_a_handle_that_did_not_come_stays_as_it_was),
		cmocka_unit_test(test_the_driver_is_asked_first),
		cmocka_unit_test(test_an_absurd_list_answers_nothing),
		cmocka_unit_test(test_a_handle_out_of_nowhere_is_no_answer),
		cmocka_unit_test(test_the_end_of_a_call_is_the_recorded_one),
		cmocka_unit_test(test_how_the_node_opened_is_recorded),
		cmocka_unit_test(test_a_root_is_read),
		cmocka_unit_test(test_a_step_that_was_not_recorded_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
