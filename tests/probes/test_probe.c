#include "tests/testing.h"

#include <sys/socket.h>
#include <unistd.h>

#include "probes/dxg_abi.h"
#include "probes/probe.h"
#include "tests/probes/heard.h"

static char order[256];

static void climbed(const struct probe *p)
{
	strcat(order, rung_rows[p->rung].name);
	strcat(order, " ");
}

static enum outcome passes(struct probe *p)
{
	climbed(p);
	return OUTCOME_PASS;
}

static enum outcome fails(struct probe *p)
{
	climbed(p);
	return probe_fail(p, REASON_WRONG_RESULT);
}

static enum outcome fallback(struct probe *p)
{
	climbed(p);
	return probe_fallback(p, REASON_CPU_ONLY);
}

static enum outcome find_all(struct probe *p)
{
	probe_find(p, FIND_DEVICE, "Arc");
	probe_find(p, FIND_PLATFORM, "");
	probe_find(p, FIND_DRIVER_VERSION, NULL);
	probe_find_of(p, 2, FIND_PCI, "8086:7d51");
	probe_find_format(p, FIND_VENDOR_ID, "%04x", 0x10de);
	probe_find_number(p, FIND_DEVICES, 0);
	probe_find_flag(p, FIND_CHECKER_CATCHES, false);
	usleep(30000);
	return probe_refused(p, "clFinish", "code %d", -5);
}

static enum outcome cannot_tell(struct probe *p)
{
	return probe_error(p, REASON_CONTROL_FAILED);
}

static bool is_installed(struct probe *p)
{
	strcat(order, p->folder);
	strcat(order, " ");
	return true;
}

static bool is_not_installed(struct probe *p)
{
	(void)p;
	return false;
}

/* All rungs pass but for `rung`, which is climbed by `function`. */
static struct interface make_interface(enum rung rung,
				       enum outcome (*function)(struct probe *))
{
	struct interface interface = {
		.name = "test",
		.title = "Test",
		.layer = LAYER_LOADER,
		.rungs = {
			[RUNG_LOAD] = passes,
			[RUNG_ENUMERATE] = passes,
			[RUNG_OPEN] = passes,
			[RUNG_COPY] = passes,
			[RUNG_COMPILE] = passes,
			[RUNG_LAUNCH] = passes,
		},
	};
	interface.rungs[rung] = function;
	return interface;
}

static struct heard *climb(const struct interface *interface, bool control,
			   uint32_t wanted)
{
	struct heard *h = xcalloc(1, sizeof(*h));
	struct packet_reader *reader = xcalloc(1, sizeof(*reader));
	int fds[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	/* The runner's answers, in advance. */
	assert_int_equal(write(fds[1], "gggggggggggggggg", 16), 16);
	struct probe p = {
		.interface = interface,
		.control = control,
		.fd = fds[0],
		.folder = "folder",
	};
	*order = '\0';
	probe_climb(&p, wanted);
	heard_take(h, reader, fds[1]);
	close(fds[0]);
	close(fds[1]);
	free(reader);
	return h;
}

static void test_probe_climbs_what_is_not_blocked(void **state)
{
	(void)state;
	const struct {
		enum rung rung;
		enum outcome (*function)(struct probe *);
		uint32_t wanted;
		const char *order;
	} rows[] = {
		{ RUNG_LOAD, passes, UINT32_MAX,
		  "load enumerate open copy compile launch " },
		{ RUNG_LOAD, fails, UINT32_MAX, "load " },
		{ RUNG_ENUMERATE, fallback, UINT32_MAX, "load enumerate " },
		{ RUNG_OPEN, fails, UINT32_MAX, "load enumerate open " },
		{ RUNG_COPY, fails, UINT32_MAX, "load enumerate open copy compile " },
		{ RUNG_COMPILE, fails, UINT32_MAX, "load enumerate open copy compile " },
		/* absent is nobody's need */
		{ RUNG_OPEN, NULL, UINT32_MAX, "load enumerate copy compile launch " },
		/* not wanted is not passed */
		{ RUNG_LOAD, passes, 1 << RUNG_LOAD | 1 << RUNG_OPEN, "load " },
		{ RUNG_LOAD, passes, 0, "" },
	};
	for_each_row(row, rows) {
		const struct interface interface =
			make_interface(row->rung, row->function);
		struct heard *h = climb(&interface, false, row->wanted);
		assert_string_equal(order, row->order);
		assert_true(h->end);
		heard_destroy(h);
	}
}

static void test_probe_tells_how_a_rung_ended(void **state)
{
	(void)state;
	const struct interface interface = make_interface(RUNG_ENUMERATE, find_all);
	struct heard *h = climb(&interface, false, UINT32_MAX);
	assert_heard(h, RUNG_LOAD, OUTCOME_PASS, REASON_NONE);
	assert_heard(h, RUNG_ENUMERATE, OUTCOME_FAIL, REASON_REFUSED);
	assert_in_range(h->rungs[RUNG_ENUMERATE].ms, 30, 20000);
	assert_heard_string(h, RUNG_ENUMERATE, FIND_CALL, "clFinish");
	assert_heard_string(h, RUNG_ENUMERATE, FIND_CODE, "code -5");
	heard_destroy(h);

	const struct interface unclear = make_interface(RUNG_LAUNCH, cannot_tell);
	h = climb(&unclear, false, UINT32_MAX);
	assert_heard(h, RUNG_COMPILE, OUTCOME_PASS, REASON_NONE); /* no reason is left */
	assert_heard(h, RUNG_LAUNCH, OUTCOME_ERROR, REASON_CONTROL_FAILED);
	heard_destroy(h);
}

static void test_probe_sends_facts_and_nothing_for_unknown(void **state)
{
	(void)state;
	const struct interface interface = make_interface(RUNG_ENUMERATE, find_all);
	struct heard *h = climb(&interface, false, UINT32_MAX);
	assert_heard_string(h, RUNG_ENUMERATE, FIND_DEVICE, "Arc");
	assert_heard_string(h, RUNG_ENUMERATE, FIND_VENDOR_ID, "10de");
	assert_heard_number(h, RUNG_ENUMERATE, FIND_DEVICES, 0);
	assert_heard_number(h, RUNG_ENUMERATE, FIND_CHECKER_CATCHES, 0);
	assert_int_equal(heard_find(h, RUNG_ENUMERATE, FIND_CHECKER_CATCHES)->kind,
			 FINDING_BOOLEAN);
	assert_int_equal(heard_find(h, RUNG_ENUMERATE, FIND_PCI)->adapter, 2);
	assert_int_equal(heard_find(h, RUNG_ENUMERATE, FIND_DEVICE)->adapter,
			 PACKET_NO_ADAPTER);
	assert_null(heard_find(h, RUNG_ENUMERATE, FIND_PLATFORM));
	assert_null(heard_find(h, RUNG_ENUMERATE, FIND_DRIVER_VERSION));
	heard_destroy(h);
}

static enum outcome expects(struct probe *p)
{
	probe_expect(p, LX_DXQUERYADAPTERINFO, 70, 2);
	probe_expect(p, LX_ISFEATUREENABLED, PACKET_ANY_TYPE, 3);
	return OUTCOME_PASS;
}

static void say_closed(struct probe *p)
{
	(void)p;
	packet_write_string(p->fd, RUNG_LOAD, PACKET_NO_ADAPTER, "closed", "x");
}

static void test_probe_expects_refusals_and_closes_after_the_end(void **state)
{
	(void)state;
	struct interface interface = make_interface(RUNG_ENUMERATE, expects);
	interface.close = say_closed;
	struct heard *h = climb(&interface, false, UINT32_MAX);
	assert_int_equal(h->rungs[RUNG_ENUMERATE].expected, 5);
	assert_int_equal(h->rungs[RUNG_LOAD].expected, 0);
	assert_true(h->end);
	assert_int_equal(h->findings_n, 1);
	assert_string_equal(h->findings[0].name, "closed");
	heard_destroy(h);
}

static void test_probe_prepares_a_control_before_its_first_rung(void **state)
{
	(void)state;
	struct interface interface = make_interface(RUNG_LOAD, passes);
	interface.control = "PoCL";
	interface.prepare_control = is_installed;
	struct heard *h = climb(&interface, true, 1 << RUNG_LOAD | 1 << RUNG_ENUMERATE);
	assert_string_equal(order, "folder load enumerate ");
	heard_destroy(h);

	h = climb(&interface, false, 1 << RUNG_LOAD);
	assert_string_equal(order, "load ");
	heard_destroy(h);

	interface.prepare_control = is_not_installed;
	h = climb(&interface, true, UINT32_MAX);
	assert_string_equal(order, "");
	assert_heard(h, RUNG_LOAD, OUTCOME_SKIP, REASON_NOT_INSTALLED);
	assert_false(h->rungs[RUNG_ENUMERATE].begun);
	assert_true(h->end);
	heard_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_probe_climbs_what_is_not_blocked),
		cmocka_unit_test(test_probe_tells_how_a_rung_ended),
		cmocka_unit_test(test_probe_sends_facts_and_nothing_for_unknown),
		cmocka_unit_test(test_probe_expects_refusals_and_closes_after_the_end),
		cmocka_unit_test(test_probe_prepares_a_control_before_its_first_rung),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
