#include "diagnosis/gpu.h"

#include "tests/testing.h"

static void test_ids_are_normal_and_appear_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_gpus; i++) {
		assert_int_equal(strlen(gpus[i].pci), 9);
		assert_int_equal(strspn(gpus[i].pci, "0123456789abcdef:"), 9);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(gpus[i].pci, gpus[j].pci);
	}
}

static void test_name_finds_its_only_id(void **state)
{
	(void)state;
	static const struct {
		const char *name, *pci;
	} rows[] = {
		{ "Intel(R) Arc(TM) 140T GPU (16GB)", "8086:7d51" },
		{ "intel arc 140t", "8086:7d51" },
		{ "Intel\xc2\xae Arc\xe2\x84\xa2 140V", "8086:64a0" },
		{ "Intel(R) Arc(TM) A380 Graphics", "8086:56a5" },
		{ "AMD Radeon RX 7600", "1002:7480" },
		/* several ids, or a family's name: no id is guessed */
		{ "AMD Radeon 780M", NULL },
		{ "Intel(R) UHD Graphics", NULL },
		{ "Intel(R) UHD Graphics 770", NULL },
		{ "Intel(R) Arc(TM) Graphics", NULL },
		{ "NVIDIA GeForce RTX 4090", NULL },
		{ "Radeon RX 7600 XT", NULL },
		{ "", NULL },
		{ NULL, NULL },
	};
	for_each_row(row, rows) {
		const struct gpu *gpu = gpu_find_name(row->name);
		const char *pci = gpu ? gpu->pci : NULL;
		if (!pci != !row->pci || (pci && strcmp(pci, row->pci)))
			fail_msg("%s: %s", row->name, pci ? pci : "none");
	}
}

static void test_every_row_that_means_an_id_is_found_by_its_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_gpus; i++)
		if (gpus[i].names_id)
			assert_ptr_equal(gpu_find_name(gpus[i].name), &gpus[i]);
}

static void test_vendor_of_a_name(void **state)
{
	(void)state;
	assert_string_equal(gpu_vendor_of_name("GeForce RTX 2070 SUPER"), "10de");
	assert_string_equal(gpu_vendor_of_name("Radeon 8060S"), "1002");
	assert_string_equal(gpu_vendor_of_name("Intel HD Graphics"), "8086");
	assert_null(gpu_vendor_of_name("Qualcomm(R) Adreno(TM) X1-85 GPU"));
	assert_null(gpu_vendor_of_name("monarch")); /* "arc" inside is no word */
	assert_true(gpu_name_is_npu("Intel(R) AI Boost"));
	assert_false(gpu_name_is_npu("Intel Arc A770"));
	assert_string_equal(gpu_find("8086:7D51")->family, "Arrow Lake");
	assert_null(gpu_find(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids_are_normal_and_appear_once),
		cmocka_unit_test(test_name_finds_its_only_id),
		cmocka_unit_test(test_every_row_that_means_an_id_is_found_by_its_name),
		cmocka_unit_test(test_vendor_of_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
