#include "diagnosis/signature.h"

#include "tests/testing.h"

static void test_the_most_exact_row_is_found(void **state)
{
	(void)state;
	static const struct {
		const char *ioctl;
		int error;
		bool met;
		enum signature_class class;
	} rows[] = {
		{ "dxgkio_query_adapter_info", -22, true, SIGNATURE_HARMLESS },
		{ "dxgkio_query_adapter_info", -2, true, SIGNATURE_HARMLESS },
		{ "dxgkio_query_adapter_info", -19, true, SIGNATURE_TROUBLE },
		{ "dxgkio_query_adapter_info", -14, false, 0 },
		{ "dxgkio_is_feature_enabled", -75, true, SIGNATURE_HARMLESS },
		{ "dxgkio_is_feature_enabled", -19, true, SIGNATURE_TROUBLE },
		{ "dxgkio_reserve_gpu_va", -75, true, SIGNATURE_DEPENDS },
		{ "dxgkio_escape", -75, true, SIGNATURE_DEPENDS },
		{ "dxgkio_make_resident", -12, true, SIGNATURE_TROUBLE },
		{ "dxgkio_create_device", -22, false, 0 },
		{ "", 0, false, 0 },
	};
	for_each_row(row, rows) {
		const struct signature *found = signature_find(row->ioctl, row->error);
		if (!found != !row->met || (found && found->class != row->class))
			fail_msg("%s %d", row->ioctl, row->error);
	}
}

static void test_harmless_rows_name_their_evidence(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_signatures; i++) {
		assert_non_null(signatures[i].meaning);
		if (signatures[i].class == SIGNATURE_HARMLESS)
			assert_true(signature_source_count(&signatures[i]) > 0);
		assert_true(signature_source_count(&signatures[i]) < 8);
		assert_true(*signature_class_words(signatures[i].class));
	}
}

static void test_messages_are_found_by_what_they_contain(void **state)
{
	(void)state;
	assert_int_equal(
		signature_find_message("memcpy: detected field-spanning write (size 4)")
			->class,
		SIGNATURE_HARMLESS);
	assert_int_equal(signature_find_message("dxgvmb_send_create_process: "
						"create_process failed -75")
				 ->class,
			 SIGNATURE_TROUBLE);
	assert_null(signature_find_message("dxgkio_lock2: failed to copy input args"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_most_exact_row_is_found),
		cmocka_unit_test(test_harmless_rows_name_their_evidence),
		cmocka_unit_test(test_messages_are_found_by_what_they_contain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
