#include "tests/dxgsim/simulate.h"

#include <errno.h>

#include "tests/dxgsim/scenario.h"

static const struct {
	const char *text;
	const char *says;
} bad_rows[] = {
	{ "kernels = 6.6\n", ":1: there is no key 'kernels'" },
	{ "\n# comment\n  kernel  6.6\n", ":3: expected 'key = value'" },
	{ "kernel =\n", ":1: nothing stands behind the =" },
	{ "= 6.6\n", ":1: nothing stands before the =" },
	{ "kernel = 6\nkernel = 7\n", ":2: kernel stands here twice" },
	{ "kernel 6 = 7\n", ":1: expected 'kernel  = …'" },
	{ "node = maybe\n", ":1: node: 'maybe' is not present or absent" },
	{ "machine = wsl\n", ":1: machine: 'wsl' is not wsl2 or real" },
	{ "fences = cold\n", ":1: fences: 'cold' is not frozen or live" },
	{ "open = EWHAT\n", ":1: open: 'EWHAT' is not silent or the name" },
	{ "newest_call = open\n", ":1: newest_call: 'open' is not the name of a call" },
	{ "kernel_log = shut\n", ":1: kernel_log: 'shut' is not kept or open" },
	{ "boot 1.5 = x\n", ":1: boot: '1.5' is not seconds" },
	{ "boot -1.500000 = x\n", ":1: boot: '-1.500000' is not seconds" },
	{ "boot 1.000001 = x\nboot 1.000000 = y\n", "boot line 2 is older" },
	{ "inject usr/x = y\n", ":1: inject: 'usr/x' is not an absolute path" },
	{ "file = x\n", ":1: expected 'file PATH = …'" },
	{ "file etc/x = x\n", ":1: file: 'etc/x' is not an absolute path" },
	{ "[adaptor]\n", ":1: there is no section '[adaptor]'" },
	{ "[adapter]\nkernel = 6\n", ":2: there is no key 'kernel' in [adapter]" },
	{ "[adapter]\n", "adapter 0 has no luid" },
	{ "[adapter]\nluid = 0:1\n", ":2: luid: '0:1' is not high:low" },
	{ "[adapter]\nluid = 00000000:00000000\n", ":2: luid" },
	{ "[adapter]\nluid = 00000000:00000001\n[adapter]\nluid = 00000000:00000001\n",
	  "adapters 0 and 1 share a luid" },
	{ "[adapter]\npci = 10de:1bb\n", ":2: pci: '10de:1bb' is not vvvv:dddd" },
	{ "[adapter]\npci = 10de:1xb1\n", ":2: pci" },
	{ "[adapter]\npci = -0de:1bb1\n", ":2: pci" },
	{ "[adapter]\nrevision = 100\n", ":2: revision" },
	{ "[adapter]\ntype = render_supported fast\n",
	  ":2: type: there is no bit 'fast'" },
	{ "[adapter]\nkmd = 31.0.15\n", ":2: kmd" },
	{ "[adapter]\nkmd = 31.0.15.5286.1\n", ":2: kmd" },
	{ "[adapter]\numd = 31.0.15.65536\n", ":2: umd" },
	{ "[adapter]\nwddm = 3.1\n", ":2: wddm" },
	{ "[adapter]\ndedicated_mib = 17592186044416\n", ":2: dedicated_mib" },
	{ "[adapter]\nquery x = EINVAL\n", ":2: query: 'x' is not a number" },
	{ "[adapter]\nquery 31 = hex 0\n", ":2: query" },
	{ "[adapter]\nquery 31 = hex\n", ":2: query" },
	{ "[adapter]\nquery 31 = STATUS_WHAT\n", ":2: query" },
	{ "[adapter]\nfeature 0 = yes\n", ":2: feature: 'yes' is not on or off" },
	{ "[refuse]\ncreate_devise = EINVAL\n", ":2: there is no call 'create_devise'" },
	{ "[refuse]\ncreate_device = no\n", ":2: create_device: 'no' is not" },
	{ "[refuse]\ncreate_device type 3 = EINVAL\n",
	  ":2: create_device: 'type 3' says" },
	{ "[refuse]\ncreate_device call 0 = EINVAL\n",
	  ":2: create_device: 'call 0' says" },
	{ "[refuse]\ncreate_device call = EINVAL\n", ":2: 'call' wants a number" },
	{ "[refuse]\ncreate_device call 1 call 2 call 3 call 4 = EINVAL\n",
	  ":2: expected" },
	{ "[adapter]\naddress_limit_mib = -1\n", ":2: address_limit_mib" },
	{ "[adapter]\nnodes = 65\n", ":2: nodes: '65' is not a number" },
	{ "[adapter]\nstate = tired\n", ":2: state: there is no state 'tired'" },
	{ "[adapter]\npage_fault = nowhere\n", ":2: page_fault" },
	{ "[event]\ncreate_device = ENOMEM\n", ":2: create_device: 'ENOMEM' is not" },
	{ "[event]\ncreate_device = delay\n", ":2: create_device: 'delay' is not" },
	{ "[event]\ncreate_device = delay 600001\n", ":2: create_device" },
	{ "[event]\ncreate_device = state 9\n", "there is no state '9'" },
	{ "[event]\nany type 3 = dies\n", ":2: any: 'type 3' says nothing" },
};

static void test_scenario_refuses_what_it_does_not_know(void **state)
{
	(void)state;
	for_each_row(row, bad_rows) {
		cleanup_arena struct arena arena = { 0 };
		cleanup_free char *path = scenario_write(row->text);
		struct scenario scenario;
		cleanup_error struct error *err = scenario_read(path, &arena, &scenario);
		unlink(path);
		if (!err || !strstr(err->message, row->says) ||
		    !strstr(err->message, path))
			fail_msg("'%s': '%s', expected '%s'", row->text,
				 err ? err->message : "(accepted)", row->says);
	}
}

static void test_scenario_refuses_a_nul_byte(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	cleanup_free char *path = scenario_write("kernel = 6\n");
	assert_int_equal(truncate(path, 20), 0);
	struct scenario scenario;
	assert_error(scenario_read(path, &arena, &scenario), "a NUL byte");
	unlink(path);
}

static void test_scenario_reads_every_key(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	cleanup_free char *path =
		scenario_write("kernel = 6.6.87.2\nnode = present\nopen = EBADF\n"
			       "file /etc/a b = never\n");
	struct scenario scenario;
	assert_error(scenario_read(path, &arena, &scenario), ":4: expected 'file PATH");
	unlink(path);
	free(path);
	path = scenario_write(
		"kernel = 6.6.87.2\nnode = present\nopen = EBADF\n"
		"file /etc/a = some = text\nabsent = /etc/b\n"
		"inject /etc/c = /etc/d e\nnewest_call = share_objects\n"
		"recording = a b\n"
		"kernel_log = kept\nboot 1.500000 = x: y\nboot 1.500000 = z\n"
		"[adapter]\nluid = 00000002:00000001\npci = 8086:7d51\nrevision = 3\n"
		"subsystem = 17aa:3815\ntype = render_supported compute_only\n"
		"description = A name\nkmd = 32.0.101.6554\numd = 1.2.3.4\nwddm = 3200\n"
		"driver_store = C:\\x\ndedicated_mib = 1\nshared_mib = 2\n"
		"local_budget_mib = 3\nnonlocal_budget_mib = 4\n"
		"address_limit_mib = 5\nresident_limit_mib = 6\npin_limit_mib = 7\n"
		"nodes = 8\ntdrs = 9\nclock_hz = 10\nstate = hung\npage_fault = b0\n"
		"query 24 = hex 01 0aff\nquery 70 = STATUS_NOT_SUPPORTED\nfeature 32 = "
		"on\n"
		"[adapter]\nluid = 00000000:00000009\n"
		"[refuse]\nquery_adapter_info call 2 type 31 = ENODEV\n"
		"create_device = STATUS_PENDING\n"
		"[event]\nany from 4 adapter 1 = removed\nescape = delay 12\n");
	assert_ok(scenario_read(path, &arena, &scenario));
	unlink(path);
	assert_string_equal(scenario.kernel, "6.6.87.2");
	assert_true(scenario.node);
	assert_int_equal(scenario.open_errno, EBADF);
	assert_int_equal(scenario.newest_call, 0x3f);
	assert_string_equal(scenario.recording, "a b");
	assert_true(scenario.log_kept);
	assert_int_equal(scenario.boot_count, 2);
	assert_int_equal(scenario.boot[0].us, 1500000);
	assert_string_equal(scenario.boot[0].text, "x: y");
	assert_int_equal(scenario.file_count, 3);
	assert_string_equal(scenario.files[2].source, "/etc/d e");
	assert_string_equal(scenario.files[0].text, "some = text\n");
	assert_null(scenario.files[1].text);
	assert_int_equal(scenario.adapter_count, 2);
	const struct sim_adapter *adapter = &scenario.adapters[0];
	assert_int_equal(adapter->luid.a, 1);
	assert_int_equal(adapter->luid.b, 2);
	assert_int_equal(adapter->ids.vendor_id, 0x8086);
	assert_int_equal(adapter->ids.device_id, 0x7d51);
	assert_int_equal(adapter->ids.revision_id, 3);
	assert_int_equal(adapter->ids.sub_vendor_id, 0x17aa);
	assert_int_equal(adapter->ids.sub_system_id, 0x3815);
	assert_int_equal(adapter->type.value, 0x801);
	assert_string_equal(adapter->description, "A name");
	assert_int_equal(adapter->kmd, UINT64_C(0x002000000065199a));
	assert_int_equal(adapter->umd, UINT64_C(0x0001000200030004));
	assert_int_equal(adapter->wddm, 3200);
	assert_string_equal(adapter->driver_store, "C:\\x");
	assert_int_equal(adapter->dedicated, 1 << 20);
	assert_int_equal(adapter->shared, 2 << 20);
	assert_int_equal(adapter->local_budget, 3 << 20);
	assert_int_equal(adapter->nonlocal_budget, 4 << 20);
	assert_int_equal(adapter->address_limit, 5 << 20);
	assert_int_equal(adapter->resident_limit, 6 << 20);
	assert_int_equal(adapter->pin_limit, 7 << 20);
	assert_int_equal(adapter->node_count, 8);
	assert_int_equal(adapter->tdr_count, 9);
	assert_int_equal(adapter->clock_hz, 10);
	assert_int_equal(adapter->state, _D3DKMT_DEVICEEXECUTION_HUNG);
	assert_int_equal(adapter->page_fault, 0xb0);
	assert_int_equal(scenario.adapters[1].state, _D3DKMT_DEVICEEXECUTION_ACTIVE);
	assert_int_equal(adapter->answer_count, 2);
	assert_int_equal(adapter->answers[0].size, 3);
	assert_memory_equal(adapter->answers[0].bytes, "\x01\x0a\xff", 3);
	assert_null(adapter->answers[1].bytes);
	assert_int_equal(adapter->answers[1].verdict.status, STATUS_NOT_SUPPORTED);
	assert_int_equal(adapter->feature_count, 1);
	assert_int_equal(adapter->features[0].id, 32);
	assert_int_equal(scenario.refusal_count, 2);
	assert_int_equal(scenario.event_count, 2);
	assert_int_equal(scenario.events[0].kind, EVENT_REMOVED);
	assert_int_equal(scenario.events[0].selector.first, 4);
	assert_int_equal(scenario.events[0].selector.adapter, 1);
	assert_int_equal(scenario.events[1].kind, EVENT_DELAY);
	assert_int_equal(scenario.events[1].value, 12);
}

static const struct verdict *ask(struct scenario *scenario, uint8_t nr, uint32_t type)
{
	const struct occasion occasion = { .nr = nr, .type = type, .adapter = -1 };
	return scenario_refusal(scenario, &occasion);
}

static void test_refusal_counts_matching_calls_alone(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	cleanup_free char *path =
		scenario_write("[refuse]\nquery_adapter_info type 31 call 2 = ENODEV\n"
			       "create_device = STATUS_UNSUCCESSFUL\n");
	struct scenario scenario;
	assert_ok(scenario_read(path, &arena, &scenario));
	unlink(path);
	assert_null(ask(&scenario, 0x09, 31));
	assert_null(ask(&scenario, 0x09, 49));
	const struct verdict *second = ask(&scenario, 0x09, 31);
	assert_non_null(second);
	assert_false(second->by_host);
	assert_int_equal(second->number, ENODEV);
	assert_null(ask(&scenario, 0x09, 31));
	for (int i = 0; i < 2; i++) {
		const struct verdict *each = ask(&scenario, 0x02, 0);
		assert_non_null(each);
		assert_true(each->by_host);
	}
}

static void test_event_befalls_its_adapter_from_its_call_on(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	cleanup_free char *path =
		scenario_write("[event]\nany adapter 1 from 3 = removed\n");
	struct scenario scenario;
	assert_ok(scenario_read(path, &arena, &scenario));
	unlink(path);
	const struct occasion other = { .nr = 9, .adapter = 0 };
	const struct occasion nobody = { .nr = 9, .adapter = -1 };
	for (int i = 1; i < 6; i++) {
		const struct occasion one = { .nr = (uint8_t)i, .adapter = 1 };
		assert_null(scenario_event(&scenario, &other));
		assert_null(scenario_event(&scenario, &nobody));
		const struct event *event = scenario_event(&scenario, &one);
		assert_int_equal(event != NULL, i >= 3);
	}
}

static void test_shipped_scenarios_are_read(void **state)
{
	(void)state;
	static const char *const names[] = {
		"nvidia-clean",
		"arc-140t",
		"npu-core-ultra",
		"b70-capped",
		"shared-memory-exhausted",
		"host-silent",
		"no-adapter",
		"old-kernel",
		"two-adapters",
		"adapter-removed",
	};
	for_each_row(name, names) {
		cleanup_arena struct arena arena = { 0 };
		cleanup_free char *path = scenario_path(*name);
		struct scenario scenario;
		assert_ok(scenario_read(path, &arena, &scenario));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scenario_refuses_what_it_does_not_know),
		cmocka_unit_test(test_scenario_refuses_a_nul_byte),
		cmocka_unit_test(test_scenario_reads_every_key),
		cmocka_unit_test(test_refusal_counts_matching_calls_alone),
		cmocka_unit_test(test_event_befalls_its_adapter_from_its_call_on),
		cmocka_unit_test(test_shipped_scenarios_are_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
