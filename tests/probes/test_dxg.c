/* The unmodified probe program on simulated machines, read as the runner reads it. */
#include "tests/dxgsim/simulate.h"

#include <sys/socket.h>

#include "probes/packet.h"
#include "util/strbuf.h"

/* What a packet says, as a line: "open: fail refused", "query: budget_mib 7366",
 * "enumerate: 0 pci 10de:1bb1". */
static void add_line(struct strbuf *lines, struct strbuf *expectations,
		     const struct packet *packet)
{
	const char *rung = rung_rows[packet->rung].name;
	switch (packet->type) {
	case PACKET_RUNG_BEGUN:
		break;
	case PACKET_FINDING:
		strbuf_printf(lines, "%s: ", rung);
		if (packet->adapter != PACKET_NO_ADAPTER)
			strbuf_printf(lines, "%u ", packet->adapter);
		if (packet->kind == FINDING_STRING)
			strbuf_printf(lines, "%s %s\n", packet->name, packet->string);
		else
			strbuf_printf(lines, "%s %lld\n", packet->name,
				      (long long)packet->integer);
		break;
	case PACKET_EXPECTED:
		strbuf_printf(expectations, "%s: %u of %#x", rung, packet->count,
			      packet->nr);
		if (packet->query_type != PACKET_ANY_TYPE)
			strbuf_printf(expectations, " type %d", packet->query_type);
		strbuf_add_string(expectations, "\n");
		break;
	case PACKET_RUNG_ENDED:
		strbuf_printf(
			lines, "%s: %s%s%s\n", rung, outcome_rows[packet->outcome].name,
			packet->reason ? " " : "", reason_rows[packet->reason].name);
		break;
	case PACKET_END:
		strbuf_add_string(lines, "end\n");
		break;
	}
}

static void read_packets(int fd, struct strbuf *lines, struct strbuf *expectations)
{
	struct packet_reader reader = { 0 };
	char bytes[4096];
	ssize_t size;
	while ((size = read(fd, bytes, sizeof(bytes))) > 0) {
		for (size_t fed = 0; fed < (size_t)size;) {
			fed += packet_feed(&reader, bytes + fed, (size_t)size - fed);
			struct packet packet;
			enum packet_read read;
			while ((read = packet_next(&reader, &packet)) ==
			       PACKET_READ_ONE) {
				add_line(lines, expectations, &packet);
				if (packet.type == PACKET_RUNG_BEGUN ||
				    packet.type == PACKET_RUNG_ENDED)
					assert_int_equal(
						write(fd, &(char){ PACKET_GO }, 1), 1);
			}
			assert_int_equal(read, PACKET_READ_MORE);
		}
	}
	assert_false(packet_is_partial(&reader));
}

#define ALL "load,enumerate,open,query,paging,fence,address,escape"

/* How dxg is climbed; what is NULL is left out. */
struct way {
	const char *adapter;
	const char *record; /* file for a recording of the climb */
	const char *root;   /* of a recorded machine */
};

static void add_all(const char **argv, size_t *n, const char *const *more, size_t n_more)
{
	for (size_t i = 0; i < n_more; i++)
		argv[(*n)++] = more[i];
}

/* Climbs all of dxg. @param ret_expectations one a line, or NULL; the caller's to free, as
 * what is returned. */
static char *climb_by(const struct way *way, const char *scenario,
		      char **ret_expectations)
{
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	cleanup_free char *probe = binary_path("dxgmatrix-probe");
	/* The copy is not closed on exec: the simulator and the probe inherit it. */
	int inherited = dup(pair[1]);
	cleanup_free char *number = xasprintf("%d", inherited);
	cleanup_free char *tracer = binary_path("dxgmatrix");
	const char *const trace[] = { tracer, "trace",     "--record", way->record,
				      "-o",   "/dev/null", "--" };
	const char *const climb[] = { probe, "dxg", "--packets", number, "--rungs", ALL };
	const char *const adapter[] = { "--adapter", way->adapter };
	const char *const root[] = { "--root", way->root };
	const char *argv[20] = { NULL };
	size_t n = 0;
	add_all(argv, &n, trace, way->record ? ARRAY_SIZE(trace) : 0);
	add_all(argv, &n, climb, ARRAY_SIZE(climb));
	add_all(argv, &n, adapter, way->adapter ? 2 : 0);
	add_all(argv, &n, root, way->root ? 2 : 0);
	pid_t pid = simulate_start(scenario, argv, STDOUT_FILENO);
	close(pair[1]);
	close(inherited);
	cleanup_strbuf struct strbuf lines;
	strbuf_init(&lines);
	cleanup_strbuf struct strbuf expectations;
	strbuf_init(&expectations);
	read_packets(pair[0], &lines, &expectations);
	close(pair[0]);
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	strbuf_printf(&lines, "status %d\n", status);
	if (ret_expectations)
		*ret_expectations = strbuf_take(&expectations);
	return strbuf_take(&lines);
}

static char *climb(const char *scenario, const char *adapter, char **ret_expectations)
{
	return climb_by(&(struct way){ .adapter = adapter }, scenario, ret_expectations);
}

/* A line begins with the text; where the text ends in a newline it is the whole line. */
static bool has_line(const char *lines, const char *text)
{
	for (const char *line = lines; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, text, strlen(text)))
			return true;
	}
	return false;
}

#define CARD                                                                             \
	"pci = 10de:1bb1\ntype = render_supported hybrid_discrete\n"                     \
	"description = NVIDIA Quadro P4000\nkmd = 31.0.15.5286\nwddm = 3100\n"
#define GPU "[adapter]\nluid = 00000000:0000000a\n" CARD
#define NPU                                                                              \
	"[adapter]\nluid = 00000000:0000000b\npci = 8086:643e\ntype = compute_only\n"    \
	"description = Intel(R) AI Boost\nwddm = 3200\n"
#define WARP                                                                             \
	"[adapter]\nluid = 00000000:0000000c\npci = 1414:008c\n"                         \
	"type = render_supported software_device\n"                                      \
	"description = Microsoft Basic Render Driver\nwddm = 3200\n"

struct row {
	const char *what;
	const char *scenario;
	const char *adapter;
	const char *lines[12];  /* stand there */
	const char *missing[4]; /* do not */
	bool untold;            /* shows in the GPU's memory alone, and in no recording */
};

static const struct row rows[] = {
	{ "no node",
	  "node = absent\n",
	  NULL,
	  { "load: skip no-device-node\n", "end\n", "status 0\n" },
	  { "enumerate" } },
	{ "a node that is kept from us",
	  "open = EACCES\n",
	  NULL,
	  { "load: errno -13\n", "load: call open\n", "load: code EACCES\n",
	    "load: fail refused\n" },
	  { "enumerate" } },
	{ "a channel without adapters",
	  "node = present\n",
	  NULL,
	  { "load: pass\n", "enumerate: adapters 0\n", "enumerate: fail no-adapter\n" },
	  { "open", "query" } },
	{ "software alone",
	  WARP,
	  NULL,
	  { "enumerate: 0 adapter_class software\n", "enumerate: fallback cpu-only\n" },
	  { "open" } },
	{ "software first",
	  WARP GPU,
	  NULL,
	  { "enumerate: adapters 2\n", "enumerate: 0 adapter_class software\n",
	    "enumerate: 1 adapter_class gpu\n", "enumerate: pass\n", "open: pass\n",
	    "query: pass\n", "fence: pass\n" },
	  { NULL } },
	{ "software asked for",
	  WARP GPU,
	  "0",
	  { "enumerate: 0 adapter_class software\n", "enumerate: fallback cpu-only\n" },
	  { "enumerate: 1", "open" } },
	{ "the second of two",
	  GPU NPU,
	  "1",
	  { "enumerate: adapters 2\n", "enumerate: 1 adapter_class npu\n",
	    "enumerate: 1 pci 8086:643e\n", "open: pass\n", "fence: pass\n" },
	  { "enumerate: 0" } },
	{ "one that is not there",
	  GPU,
	  "1",
	  { "enumerate: adapters 1\n", "enumerate: fail no-adapter\n" },
	  { "enumerate: 0", "open" } },
	{ "a driver without the newer listing does not show the NPU",
	  GPU NPU "[refuse]\nenum_adapters3 = ENOTTY\n",
	  NULL,
	  { "enumerate: adapters 1\n", "enumerate: 0 adapter_class gpu\n",
	    "enumerate: pass\n" },
	  { "enumerate: 1" } },
	{ "listing refused",
	  GPU "[refuse]\nenum_adapters3 = EINVAL\n",
	  NULL,
	  { "enumerate: errno -22\n", "enumerate: call enum_adapters3\n",
	    "enumerate: fail refused\n" },
	  { "open" } },
	{ "opening refused",
	  GPU "[refuse]\nopen_adapter_from_luid = ENODEV\n",
	  NULL,
	  { "enumerate: pass\n", "open: errno -19\n", "open: code ENODEV\n",
	    "open: fail refused\n", "query: pass\n" },
	  { "paging", "fence" } },
	{ "a device that Windows refuses looks like success",
	  GPU "[refuse]\ncreate_device = STATUS_UNSUCCESSFUL\n",
	  NULL,
	  { "open: call create_device\n", "open: fail refused\n" },
	  { "open: errno", "fence" } },
	{ "no page for a paging queue is no word on fences",
	  GPU "[refuse]\ncreate_paging_queue = STATUS_UNSUCCESSFUL\n",
	  NULL,
	  { "paging: errno -12\n", "paging: call create_paging_queue\n",
	    "paging: fail refused\n", "fence: pass\n" },
	  { NULL } },
	{ "a fence that cannot be made",
	  GPU "[refuse]\ncreate_sync_object = STATUS_NO_MEMORY\n",
	  NULL,
	  { "paging: pass\n", "fence: errno -12\n", "fence: fail refused\n" },
	  { NULL } },
	{ "a wait that is refused",
	  GPU "[refuse]\nwait_sync_object_cpu = EINVAL\n",
	  NULL,
	  { "fence: call wait_sync_object_cpu\n", "fence: fail refused\n" },
	  { "fence: fence_us" } },
	{ "a signal that never comes",
	  GPU "[refuse]\nsignal_sync_object_cpu = STATUS_UNSUCCESSFUL\n",
	  NULL,
	  { "fence: fail deadline\n", "end\n" },
	  { "fence: fence_us" } },
	{ "a fence page that shows nothing",
	  "fences = frozen\n" GPU,
	  NULL,
	  { "paging: pass\n", "fence: fence_us ", "fence: fail wrong-result\n" },
	  { NULL },
	  true },
	{ "success that is pending",
	  GPU "[refuse]\nwait_sync_object_cpu = STATUS_PENDING\n"
	      "destroy_sync_object = STATUS_PENDING\nfree_gpu_va = STATUS_PENDING\n",
	  NULL,
	  { "open: pass\n", "fence: fence_us ", "fence: pass\n", "address: pass\n" },
	  { NULL } },
	{ "a core question refused",
	  GPU "query 31 = STATUS_INVALID_PARAMETER\n",
	  NULL,
	  { "enumerate: pass\n", "enumerate: 0 description NVIDIA Quadro P4000\n",
	    "query: refused_types 31:-22 18:-22 48:-2 3:-22 34:-22 70:-22\n",
	    "query: call query_adapter_info type 31\n", "query: errno -22\n",
	    "query: fail refused\n", "fence: pass\n" },
	  { "enumerate: 0 pci" } },
	{ "the older form of a core question",
	  GPU "query 66 = STATUS_NOT_SUPPORTED\nquery 57 = STATUS_NOT_SUPPORTED\n"
	      "query 56 = STATUS_NOT_SUPPORTED\n",
	  NULL,
	  { "enumerate: 0 description NVIDIA Quadro P4000\n",
	    "enumerate: 0 adapter_class gpu\n", "enumerate: 0 wddm_version 3100\n",
	    "query: refused_types 57:-1 56:-1 66:-1 18:-22 48:-2 3:-22 34:-22 70:-22\n",
	    "query: pass\n" },
	  { NULL } },
	{ "no features, no budgets, no kernel that could ask",
	  GPU "[refuse]\nis_feature_enabled = ENOTTY\nquery_vidmem_info = EINVAL\n",
	  NULL,
	  { "query: refused_calls query_vidmem_info/0:-22 query_vidmem_info/1:-22 "
	    "is_feature_enabled/0:-25 is_feature_enabled/32:-25 "
	    "is_feature_enabled/33:-25 "
	    "query_statistics/0:-22\n",
	    "query: pass\n" },
	  { "query: features", "query: budget", "query: shared", "query: dedicated" } },
	{ "a name that is no text",
	  GPU "query 66 = hex 3dd84100\nquery 65 = hex 3dd84100\n",
	  NULL,
	  { "enumerate: 0 pci 10de:1bb1\n", "enumerate: pass\n", "query: pass\n" },
	  { "enumerate: 0 description" } },
	{ "a name that moves the cursor",
	  GPU "query 66 = hex 41001b005b003200 4a00\n",
	  NULL,
	  { "enumerate: 0 pci 10de:1bb1\n" },
	  { "enumerate: 0 description" } },
	{ "a name in other letters",
	  "[adapter]\nluid = 00000000:0000000a\npci = 10de:1bb1\ntype = "
	  "render_supported\n"
	  "description = Größe 漢字 😀\nwddm = 3100\n",
	  NULL,
	  { "enumerate: 0 description Größe 漢字 😀\n" },
	  { NULL } },
	{ "ids of which some are none",
	  GPU "query 31 = hex 00000000 de100000 b11b0000 00000100 a3110000 00010000 "
	      "00000000\n",
	  NULL,
	  { "enumerate: 0 pci 10de:1bb1\n", "query: pass\n" },
	  { "enumerate: 0 revision", "enumerate: 0 subsystem" } },
	{ "ids that are none",
	  GPU "query 31 = hex 00000000 00000100 b11b0000 00000000 00000000 00000000 "
	      "00000000\n"
	      "query 49 = hex 0000000000000000\nquery 56 = hex 00000000\n",
	  NULL,
	  { "enumerate: pass\n", "query: pass\n" },
	  { "enumerate: 0 pci", "enumerate: 0 kmd_version",
	    "enumerate: 0 wddm_version" } },
	{ "what may be known besides",
	  GPU "nodes = 5\ntdrs = 2\nfeature 0 = on\nfeature 32 = off\n"
	      "query 34 = hex 00000000 00000000 30000000\nquery 70 = hex 03000000\n",
	  NULL,
	  { "query: address_bits 48\n", "query: hardware_scheduling on\n",
	    "query: tdrs 2\n",
	    "query: features hardware_scheduling:on page_based_memory_manager:off\n",
	    "query: refused_types 18:-22 48:-2 3:-22\n", "query: pass\n" },
	  { NULL } },
	{ "scheduling that could be switched on",
	  GPU "query 34 = hex 00000000 00000000 ffff0000\nquery 70 = hex 01000000\n",
	  NULL,
	  { "query: hardware_scheduling off\n" },
	  { "query: address_bits", "query: tdrs" } },
	{ "scheduling that is not there",
	  GPU "query 70 = hex 00000000\n",
	  NULL,
	  { "query: hardware_scheduling unsupported\n" },
	  { NULL } },
	{ "addresses that end early",
	  GPU "address_limit_mib = 256\n",
	  NULL,
	  { "fence: pass\n", "address: largest_mib 256\n", "address: errno -75\n",
	    "address: call reserve_gpu_va\n", "address: code EOVERFLOW\n",
	    "address: device_state active\n", "address: fail refused\n",
	    "escape: skip not-applicable\n" },
	  { NULL } },
	{ "addresses that end at no power of two",
	  GPU "address_limit_mib = 320\n",
	  NULL,
	  { "address: largest_mib 256\n", "address: fail refused\n" },
	  { NULL } },
	{ "addresses just enough, each size given back before the next",
	  GPU "address_limit_mib = 8192\n",
	  NULL,
	  { "address: largest_mib 8192\n", "address: device_state active\n",
	    "address: pass\n" },
	  { "address: errno", "address: call" } },
	{ "not one address",
	  GPU "[refuse]\nreserve_gpu_va = ENODEV\n",
	  NULL,
	  { "address: largest_mib 0\n", "address: code ENODEV\n",
	    "address: fail refused\n" },
	  { NULL } },
	{ "a host that wants a bound",
	  GPU "[refuse]\nreserve_gpu_va call 1 = EINVAL\n",
	  NULL,
	  { "address: largest_mib 8192\n", "address: pass\n" },
	  { "address: errno" } },
	{ "addresses that are not taken back",
	  GPU "[refuse]\nfree_gpu_va call 3 = EINVAL\n",
	  NULL,
	  { "address: largest_mib 2\n", "address: call free_gpu_va\n",
	    "address: errno -22\n", "address: fail refused\n" },
	  { NULL } },
	{ "an NPU whose driver hears nothing",
	  NPU,
	  NULL,
	  { "open: pass\n", "address: pass\n", "escape: errno -75\n",
	    "escape: call escape\n", "escape: code EOVERFLOW\n",
	    "escape: escape_bytes 64\n", "escape: device_state active\n",
	    "escape: fail refused\n" },
	  { NULL } },
	{ "an NPU that refuses even nothing",
	  NPU "[refuse]\nescape = EACCES\n",
	  NULL,
	  { "escape: code EACCES\n", "escape: escape_bytes 0\n",
	    "escape: fail refused\n" },
	  { NULL } },
	{ "no message to a GPU",
	  GPU "[event]\nescape = dies\n",
	  NULL,
	  { "escape: skip not-applicable\n" },
	  { "escape: device_state" } },
	{ "no message to what Windows does not call an NPU",
	  NPU "query 57 = EINVAL\nquery 15 = EINVAL\n",
	  NULL,
	  { "address: pass\n", "escape: skip not-applicable\n" },
	  { NULL } },
	{ "a GPU that hangs under its fence",
	  GPU "page_fault = 7f0000\n[event]\nsignal_sync_object_cpu = state hung\n",
	  NULL,
	  { "paging: device_state active\n", "paging: pass\n",
	    "fence: device_state hung\n", "fence: page_fault read\n",
	    "fence: fail device-lost\n", "address: fail device-lost\n" },
	  { NULL } },
	{ "a device of which Windows tells nothing",
	  GPU "[refuse]\nget_device_state = STATUS_NOT_SUPPORTED\n",
	  NULL,
	  { "paging: device_state active\n", "paging: pass\n" },
	  { "paging: desktop_switched", "fence: desktop_switched" } },
	{ "a device whose state is not told",
	  GPU "[refuse]\nget_device_state = EINVAL\n",
	  NULL,
	  { "paging: pass\n", "fence: pass\n", "address: pass\n" },
	  { "paging: device_state", "paging: desktop_switched", "fence: device_state" } },
	{ "an adapter that goes away",
	  GPU "[event]\ncreate_sync_object = removed\n",
	  NULL,
	  { "paging: pass\n", "fence: errno -19\n", "fence: code ENODEV\n",
	    "fence: fail device-lost\n", "address: code ENODEV\n", "end\n", "status 0\n" },
	  { "fence: device_state" } },
};

static void check_lines(const struct row *row, const char *lines)
{
	for_each_row(line, row->lines)
		if (*line && !has_line(lines, *line))
			fail_msg("%s: lacks '%s':\n%s", row->what, *line, lines);
	for_each_row(line, row->missing)
		if (*line && has_line(lines, *line))
			fail_msg("%s: has '%s':\n%s", row->what, *line, lines);
}

static void test_dxg_climbs_as_far_as_the_machine_lets_it(void **state)
{
	(void)state;
	for_each_row(row, rows) {
		cleanup_free char *scenario = scenario_write(row->scenario);
		cleanup_free char *lines = climb(scenario, row->adapter, NULL);
		unlink(scenario);
		check_lines(row, lines);
	}
}

static void remove_line(char *lines, const char *text)
{
	char *line = strstr(lines, text);
	if (line)
		memmove(line, strchr(line, '\n') + 1, strlen(strchr(line, '\n') + 1) + 1);
}

/* What was recorded of it is the machine again, on one that has no /dev/dxg: all but the
 * time of its fence. */
static void test_dxg_climbs_a_recording_as_it_climbed_the_machine(void **state)
{
	(void)state;
	cleanup_free char *root = NULL, *nothing = scenario_write("node = absent\n");
	assert_ok(file_temporary_folder("test-dxg", &root));
	cleanup_free char *file = xasprintf("%s/dev/dxg", root);
	assert_ok(file_make_parent(file));
	for_each_row(row, rows) {
		cleanup_free char *scenario = scenario_write(row->scenario);
		const struct way live = { row->adapter, .record = file };
		const struct way played = { row->adapter, .root = root };
		cleanup_free char *lines = climb_by(&live, scenario, NULL);
		cleanup_free char *again = climb_by(&played, nothing, NULL);
		unlink(scenario);
		check_lines(row, lines);
		remove_line(lines, "fence: fence_us");
		if (!strcmp(lines, again) == row->untold)
			fail_msg("%s: of\n%scame\n%s", row->what, lines, again);
	}
	unlink(nothing);
	assert_ok(file_remove_tree(root));
}

static void test_dxg_passes_on_a_clean_machine(void **state)
{
	(void)state;
	cleanup_free char *scenario = scenario_path("nvidia-clean");
	cleanup_free char *lines = climb(scenario, NULL, NULL);
	/* All of it but the time, so that nothing is sent that nobody expects. */
	static const char before[] =
		"load: pass\n"
		"enumerate: adapters 1\n"
		"enumerate: 0 adapter_class gpu\n"
		"enumerate: 0 pci 10de:1bb1\n"
		"enumerate: 0 revision a1\n"
		"enumerate: 0 subsystem 10de:11a3\n"
		"enumerate: 0 wddm_version 3100\n"
		"enumerate: 0 description NVIDIA Quadro P4000\n"
		"enumerate: 0 kmd_version 31.0.15.5286\n"
		"enumerate: 0 umd_version 31.0.15.5286\n"
		"enumerate: 0 driver_store nv_dispwi.inf_amd64_3c1b6f0d2a9e8475\n"
		"enumerate: pass\n"
		"open: pass\n"
		"query: dedicated_mib 8192\n"
		"query: shared_mib 16280\n"
		"query: budget_mib 7366\n"
		"query: shared_budget_mib 15512\n"
		"query: features hardware_scheduling:off\n"
		"query: refused_calls is_feature_enabled/32:-22 "
		"is_feature_enabled/33:-22 "
		"query_statistics/0:-22\n"
		"query: refused_types 34:-22 70:-22\n"
		"query: pass\n"
		"paging: device_state active\n"
		"paging: desktop_switched 0\n"
		"paging: pass\n"
		"fence: fence_us ";
	static const char after[] = "\nfence: device_state active\n"
				    "fence: desktop_switched 0\n"
				    "fence: pass\n"
				    "address: largest_mib 8192\n"
				    "address: device_state active\n"
				    "address: desktop_switched 0\n"
				    "address: pass\n"
				    "escape: skip not-applicable\n"
				    "end\n"
				    "status 0\n";
	assert_true(strlen(lines) > strlen(before) + strlen(after));
	assert_memory_equal(lines, before, strlen(before));
	assert_string_equal(lines + strlen(lines) - strlen(after), after);
	long long us = atoll(lines + strlen(before));
	assert_true(us > 0 && us < 5000000);
}

/* Announced is every call that may be refused without harm, and no other: not the core
 * questions in the rung that judges them, not the calls a rung is there for. */
static void test_dxg_announces_refusals_that_are_answers(void **state)
{
	(void)state;
	cleanup_free char *scenario =
		scenario_write(GPU "query 31 = EINVAL\nquery 57 = EINVAL\n"
				   "[refuse]\nreserve_gpu_va = ENOMEM\n");
	cleanup_free char *expectations = NULL;
	cleanup_free char *lines = climb(scenario, NULL, &expectations);
	unlink(scenario);
	assert_string_equal(expectations, "enumerate: 1 of 0x9 type 57\n"
					  "enumerate: 1 of 0x9 type 15\n"
					  "enumerate: 1 of 0x9 type 31\n"
					  "enumerate: 1 of 0x9 type 56\n"
					  "enumerate: 1 of 0x9 type 66\n"
					  "enumerate: 1 of 0x9 type 49\n"
					  "enumerate: 1 of 0x9 type 18\n"
					  "enumerate: 1 of 0x9 type 48\n"
					  "query: 1 of 0x9 type 57\n"
					  "query: 1 of 0x9 type 56\n"
					  "query: 1 of 0x9 type 66\n"
					  "query: 1 of 0x9 type 49\n"
					  "query: 1 of 0x9 type 18\n"
					  "query: 1 of 0x9 type 48\n"
					  "query: 1 of 0x9 type 3\n"
					  "query: 1 of 0x9 type 34\n"
					  "query: 1 of 0x9 type 70\n"
					  "query: 1 of 0xa\n"
					  "query: 1 of 0xa\n"
					  "query: 1 of 0x49\n"
					  "query: 1 of 0x49\n"
					  "query: 1 of 0x49\n"
					  "query: 1 of 0x43\n"
					  "paging: 1 of 0xe\n"
					  "paging: 1 of 0xe\n"
					  "paging: 1 of 0xe\n"
					  "fence: 1 of 0xe\n"
					  "fence: 1 of 0xe\n"
					  "fence: 1 of 0xe\n"
					  "address: 1 of 0xe\n"
					  "address: 1 of 0xe\n"
					  "address: 1 of 0xe\n");
}

/* The shipped machines; `scenario` is the name. */
static const struct row shipped[] = {
	{ "capped",
	  "b70-capped",
	  NULL,
	  { "fence: pass\n", "address: largest_mib 256\n", "address: code EOVERFLOW\n",
	    "address: fail refused\n", "escape: skip not-applicable\n" },
	  { NULL } },
	{ "an NPU",
	  "npu-core-ultra",
	  NULL,
	  { "enumerate: 0 adapter_class npu\n", "open: pass\n", "address: pass\n",
	    "escape: errno -75\n", "escape: escape_bytes 64\n",
	    "escape: fail refused\n" },
	  { NULL } },
	{ "no memory to share is no lack of addresses",
	  "shared-memory-exhausted",
	  NULL,
	  { "address: largest_mib 8192\n", "address: pass\n" },
	  { NULL } },
	{ "a kernel that cannot ask for features",
	  "old-kernel",
	  NULL,
	  { "query: pass\n", "address: pass\n" },
	  { "query: features", "query: tdrs" } },
	{ "the broken one of two",
	  "two-adapters",
	  "1",
	  { "open: pass\n", "paging: code ENOMEM\n", "fence: code ENOMEM\n",
	    "address: pass\n" },
	  { NULL } },
	{ "the working one of two",
	  "two-adapters",
	  "0",
	  { "paging: pass\n", "fence: pass\n", "address: pass\n" },
	  { NULL } },
	{ "gone after query",
	  "adapter-removed",
	  NULL,
	  { "query: pass\n", "paging: code ENODEV\n", "fence: code ENODEV\n",
	    "address: largest_mib 0\n", "address: code ENODEV\n", "end\n" },
	  { "paging: device_state" } },
};

static void test_dxg_meets_the_known_machines(void **state)
{
	(void)state;
	for_each_row(row, shipped) {
		cleanup_free char *scenario = scenario_path(row->scenario);
		cleanup_free char *lines = climb(scenario, row->adapter, NULL);
		check_lines(row, lines);
	}
}

/* By hand, without --rungs: what may upset Windows is tried by name alone. */
static void test_dxg_sends_no_message_unasked(void **state)
{
	(void)state;
	cleanup_free char *probe = binary_path("dxgmatrix-probe");
	cleanup_free char *scenario = scenario_write(NPU);
	const char *argv[] = { probe, "dxg", NULL, NULL, NULL };
	struct simulated unasked = simulate(scenario, argv);
	assert_non_null(strstr(unasked.output, "\naddress\n"));
	assert_null(strstr(unasked.output, "\nescape\n"));
	free(unasked.output);
	argv[2] = "--rungs";
	argv[3] = "escape";
	struct simulated asked = simulate(scenario, argv);
	assert_non_null(strstr(asked.output, "\nescape\n"));
	free(asked.output);
	unlink(scenario);
}

static void test_dxg_ends_at_the_door_without_adapter(void **state)
{
	(void)state;
	cleanup_free char *scenario = scenario_path("no-adapter");
	cleanup_free char *lines = climb(scenario, NULL, NULL);
	assert_string_equal(
		lines, "load: errno -9\nload: fail no-host-channel\nend\nstatus 0\n");
}

int main(void)
{
	simulate_require();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dxg_climbs_as_far_as_the_machine_lets_it),
		cmocka_unit_test(test_dxg_climbs_a_recording_as_it_climbed_the_machine),
		cmocka_unit_test(test_dxg_passes_on_a_clean_machine),
		cmocka_unit_test(test_dxg_announces_refusals_that_are_answers),
		cmocka_unit_test(test_dxg_meets_the_known_machines),
		cmocka_unit_test(test_dxg_sends_no_message_unasked),
		cmocka_unit_test(test_dxg_ends_at_the_door_without_adapter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
