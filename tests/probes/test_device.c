#include "tests/testing.h"

#include "probes/device.h"

static void test_device_choose_and_missing(void **state)
{
	(void)state;
	const struct {
		const char *what;
		bool control;
		uint16_t vendor, device; /* asked for */
		struct device devices[4];
		int count, chosen;
		enum outcome outcome; /* where none was chosen */
		int cpu;
	} rows[] = {
		{ "nothing", false, 0, 0, { { 0 } }, 0, -1, OUTCOME_FAIL, -1 },
		{ "the first GPU",
		  false,
		  0,
		  0,
		  { { DEVICE_CPU }, { DEVICE_GPU, 0x8086 }, { DEVICE_GPU, 0x10de } },
		  3,
		  1 },
		{ "an NPU is hardware",
		  false,
		  0,
		  0,
		  { { DEVICE_CPU }, { DEVICE_ACCELERATOR, 0x8086 } },
		  2,
		  1 },
		{ "only a CPU",
		  false,
		  0,
		  0,
		  { { DEVICE_CPU, 0x8086 } },
		  1,
		  -1,
		  OUTCOME_FALLBACK,
		  0 },
		{ "only a CPU, asked for a GPU of its maker",
		  false,
		  0x8086,
		  0x7d51,
		  { { DEVICE_CPU, 0x8086, 0x7d51 } },
		  1,
		  -1,
		  OUTCOME_FALLBACK,
		  0 },
		{ "something else is no GPU",
		  false,
		  0,
		  0,
		  { { DEVICE_OTHER, 0x8086 } },
		  1,
		  -1,
		  OUTCOME_FAIL,
		  -1 },
		{ "the other maker's",
		  false,
		  0x10de,
		  0x28a0,
		  { { DEVICE_GPU, 0x8086, 0x7d51 }, { DEVICE_CPU } },
		  2,
		  -1,
		  OUTCOME_FAIL,
		  1 },
		{ "the known device before the unknown",
		  false,
		  0x8086,
		  0x7d51,
		  { { DEVICE_GPU, 0x8086, 0 }, { DEVICE_GPU, 0x8086, 0x7d51 } },
		  2,
		  1 },
		{ "the unknown one if nothing speaks against it",
		  false,
		  0x8086,
		  0x7d51,
		  { { DEVICE_GPU, 0x8086, 0x56a0 }, { DEVICE_GPU, 0x8086, 0 } },
		  2,
		  1 },
		{ "another device of the maker",
		  false,
		  0x8086,
		  0x7d51,
		  { { DEVICE_GPU, 0x8086, 0x56a0 } },
		  1,
		  -1,
		  OUTCOME_FAIL,
		  -1 },
		{ "a control wants the CPU",
		  true,
		  0,
		  0,
		  { { DEVICE_GPU, 0x8086, 0x7d51 }, { DEVICE_CPU } },
		  2,
		  1 },
		{ "a control without a CPU",
		  true,
		  0,
		  0,
		  { { DEVICE_GPU } },
		  1,
		  -1,
		  OUTCOME_FAIL,
		  -1 },
	};
	for_each_row(row, rows) {
		struct probe p = { .control = row->control,
				   .vendor = row->vendor,
				   .device = row->device,
				   .fd = -1 };
		int chosen = device_choose(&p, row->devices, row->count), cpu = 99;
		if (chosen != row->chosen)
			fail_msg("%s: %d", row->what, chosen);
		if (chosen >= 0)
			continue;
		enum outcome outcome = device_missing(&p, row->devices, row->count, &cpu);
		if (outcome != row->outcome || cpu != row->cpu)
			fail_msg("%s: %s, cpu %d", row->what, outcome_rows[outcome].name,
				 cpu);
	}
}

static void test_device_windows_software_renderer_is_a_cpu(void **state)
{
	(void)state;
	assert_int_equal(device_kind_of(DEVICE_GPU, 0x1414), DEVICE_CPU);
	assert_int_equal(device_kind_of(DEVICE_GPU, 0x8086), DEVICE_GPU);
	assert_int_equal(device_kind_of(DEVICE_OTHER, 0), DEVICE_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_device_choose_and_missing),
		cmocka_unit_test(test_device_windows_software_renderer_is_a_cpu),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
