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
		{ "dxgkio_create_allocation", -11, true, SIGNATURE_TROUBLE },
		{ "dxgkio_make_resident", -11, true, SIGNATURE_DEPENDS },
		{ "dxgkio_create_device", -22, false, 0 },
		{ "", 0, false, 0 },
	};
	for_each_row(row, rows) {
		const struct signature *found = signature_find(row->ioctl, row->error);
		if (!found != !row->met || (found && found->class != row->class))
			fail_msg("%s %d", row->ioctl, row->error);
	}
}

static void assert_sources(const char *const *sources)
{
	assert_non_null(sources[0]);
	for (; *sources; sources++)
		assert_true(!strncmp(*sources, "https://", 8) || strchr(*sources, '#'));
}

static void test_every_class_names_its_evidence(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_signatures; i++) {
		assert_non_null(signatures[i].meaning);
		assert_sources(signatures[i].sources);
		assert_true(signature_source_count(&signatures[i]) < 8);
		assert_true(*signature_class_words(signatures[i].class));
	}
	for (size_t i = 0; i < n_signature_messages; i++) {
		assert_non_null(signature_messages[i].meaning);
		assert_sources(signature_messages[i].sources);
	}
}

static void test_a_trace_names_calls_without_their_prefix(void **state)
{
	(void)state;
	static const struct {
		struct trace_failure failure;
		bool met;
		enum signature_class class;
	} rows[] = {
		{ { "reserve_gpu_va", false, 0, -75, 1 }, true, SIGNATURE_DEPENDS },
		{ { "query_adapter_info", false, 0, -22, 1 }, true, SIGNATURE_HARMLESS },
		{ { "query_adapter_info", true, 60, -22, 1 }, true, SIGNATURE_HARMLESS },
		{ { "query_adapter_info", true, 57, -22, 1 }, true, SIGNATURE_TROUBLE },
		{ { "query_adapter_info", true, 70, -1, 1 }, true, SIGNATURE_HARMLESS },
		/* a type is that of a query alone */
		{ { "escape", true, 57, -75, 1 }, true, SIGNATURE_DEPENDS },
		{ { "make_coffee", false, 0, -5, 1 }, false, 0 },
		{ { "dxgkio_reserve_gpu_va", false, 0, -75, 1 }, false, 0 },
	};
	for_each_row(row, rows) {
		const struct signature *found = signature_find_trace(&row->failure);
		if (!found != !row->met || (found && found->class != row->class))
			fail_msg("%s %u %d", row->failure.ioctl, row->failure.type,
				 row->failure.error);
	}
}

static void test_the_question_tells_more_than_its_errno(void **state)
{
	(void)state;
	static const struct {
		uint32_t type;
		int error;
		enum signature_class class;
	} rows[] = {
		{ 57, -22, SIGNATURE_TROUBLE },  { 31, -2, SIGNATURE_TROUBLE },
		{ 70, -22, SIGNATURE_HARMLESS }, { 48, -22, SIGNATURE_HARMLESS },
		{ 70, -19, SIGNATURE_TROUBLE }, /* gone: not about the question */
	};
	for_each_row(row, rows)
		assert_int_equal(signature_find_query(row->type, row->error)->class,
				 row->class);
	assert_null(signature_find_query(48, -14));
	/* What the log does not tell is not guessed. */
	assert_int_equal(signature_find("dxgkio_query_adapter_info", -22)->query_type, 0);
}

static void test_a_line_of_booting_may_mean_another_thing(void **state)
{
	(void)state;
	assert_int_equal(signature_find_boot("dxgkio_escape", -19)->class,
			 SIGNATURE_DEPENDS);
	assert_int_equal(signature_find("dxgkio_escape", -19)->class, SIGNATURE_TROUBLE);
	assert_ptr_equal(signature_find_boot("dxgkio_make_resident", -12),
			 signature_find("dxgkio_make_resident", -12));
	assert_null(signature_find_boot("dxgkio_create_device", -22));
}

static void test_shortened_lines_are_looked_up(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool met;
		enum signature_class class;
	} rows[] = {
		{ "dxgkio_escape: -75", true, SIGNATURE_DEPENDS },
		{ "dxgkio_query_adapter_info: Ioctl failed: -22/-2", true,
		  SIGNATURE_HARMLESS },
		{ "dxgkio_query_adapter_info: Ioctl failed: -22/-19", true,
		  SIGNATURE_TROUBLE },
		{ "dxgkio_query_adapter_info: Ioctl failed: -22/-14", false, 0 },
		{ "dxgkio_query_adapter_info: -22 and more", false, 0 },
		{ "dxgkio_query_adapter_info: failed to copy", false, 0 },
		{ "dxgkio_query_adapter_info", false, 0 },
		{ "create_existing_sysmem: vmap failed -12", false, 0 },
		{ "dxgkio_escape: -99999999999999999999", false, 0 },
		{ "", false, 0 },
	};
	for_each_row(row, rows) {
		const struct signature *found = signature_find_short(row->text);
		if (!found != !row->met || (found && found->class != row->class))
			fail_msg("%s", row->text);
	}
}

static void test_messages_are_found_by_what_they_contain(void **state)
{
	(void)state;
	assert_int_equal(
		signature_find_message("memcpy: detected field-spanning write (size 4)")
			->class,
		SIGNATURE_HARMLESS);
	assert_int_equal(
		signature_find_message("dxgadapter_set_vmbus: Failed to set vmbus: "
				       "-22")
			->class,
		SIGNATURE_TROUBLE);
	assert_int_equal(
		signature_find_message("dxg_drv_init: misc_register failed: -16")->class,
		SIGNATURE_TROUBLE);
	assert_int_equal(
		signature_find_message("dxgk:err: dxg_drv_init Version: 1")->class,
		SIGNATURE_HARMLESS);
	assert_int_equal(signature_find_message("dxgvmb_send_create_process: "
						"create_process failed -75")
				 ->class,
			 SIGNATURE_TROUBLE);
	assert_int_equal(
		signature_find_message("hmgrtable_free_handle: Invalid handle to "
				       "free: 3 400000c0")
			->class,
		SIGNATURE_DEPENDS);
	assert_int_equal(signature_find_message("BUG: kernel NULL pointer dereference\n"
						"RIP: 0010:hmgrtable_free_handle+0x1/0x2")
				 ->class,
			 SIGNATURE_TROUBLE);
	assert_null(signature_find_message("dxgkio_lock2: failed to copy input args"));
	/* An oops is none of the harmless things that its trace names. */
	assert_int_equal(
		signature_find_message("BUG: kernel NULL pointer dereference\n"
				       " dxgvmb_send_wait_sync_object_gpu+0x1/0x2")
			->class,
		SIGNATURE_TROUBLE);
	assert_int_equal(signature_find_message(
				 "memcpy: detected field-spanning write\n"
				 "WARNING: dxgvmb_send_wait_sync_object_gpu+0x1/0x2")
				 ->class,
			 SIGNATURE_HARMLESS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_most_exact_row_is_found),
		cmocka_unit_test(test_every_class_names_its_evidence),
		cmocka_unit_test(test_a_trace_names_calls_without_their_prefix),
		cmocka_unit_test(test_the_question_tells_more_than_its_errno),
		cmocka_unit_test(test_a_line_of_booting_may_mean_another_thing),
		cmocka_unit_test(test_shortened_lines_are_looked_up),
		cmocka_unit_test(test_messages_are_found_by_what_they_contain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
