#include "runner/claims.h"

#include "tests/testing.h"

struct fixture {
	struct arena arena;
	struct claims *claims;
	struct record record;
};

static void start(struct fixture *f)
{
	*f = (struct fixture){ .claims = xcalloc(1, sizeof(*f->claims)) };
	f->claims->arena = &f->arena;
	record_init(&f->record);
}

static void stop(struct fixture *f)
{
	record_deinit(&f->record);
	free(f->claims);
	arena_deinit(&f->arena);
}

static void claim(struct fixture *f, enum claim_field field, const char *value,
		  enum claim_strength strength, int64_t line)
{
	claims_add(f->claims, field, NULL, value, strength, line, value, strlen(value));
}

static void test_two_values_leave_the_field_out(void **state)
{
	(void)state;
	struct fixture f;
	start(&f);
	claim(&f, CLAIM_WSL, "2.5.9.0", CLAIM_SENTENCE, 1);
	claim(&f, CLAIM_WSL, "2.6.1.0", CLAIM_SENTENCE, 2);
	claim(&f, CLAIM_WSL, "2.5.9.0", CLAIM_SENTENCE, 3);
	claims_settle(f.claims, &f.record);
	assert_null(f.record.combination.wsl);
	assert_int_equal(f.record.n_contradictions, 1);
	assert_string_equal(f.record.contradictions[0].pointer, "/combination/wsl");
	assert_int_equal(f.record.contradictions[0].values.n, 2);
	assert_int_equal(f.record.n_evidence, 0);
	stop(&f);
}

static void test_weak_words_give_way(void **state)
{
	(void)state;
	struct fixture f;
	start(&f);
	claim(&f, CLAIM_DRIVER, "32.0.101.9000", CLAIM_WEAK, 1);
	claim(&f, CLAIM_DRIVER, "32.0.101.6000", CLAIM_SENTENCE, 2);
	claims_settle(f.claims, &f.record);
	assert_string_equal(f.record.combination.driver, "32.0.101.6000");
	assert_int_equal(f.record.evidence[0].line, 2);
	assert_int_equal(f.record.n_contradictions, 0);
	stop(&f);
}

static void test_spellings_of_one_kernel_agree(void **state)
{
	(void)state;
	struct fixture f;
	start(&f);
	claim(&f, CLAIM_KERNEL, "6.6.87.2-1", CLAIM_LABEL, 1);
	claim(&f, CLAIM_KERNEL, "6.6.87.2-microsoft-standard-WSL2", CLAIM_LABEL, 2);
	claim(&f, CLAIM_KERNEL, "6.6.87.2", CLAIM_SENTENCE, 3);
	claims_settle(f.claims, &f.record);
	assert_string_equal(f.record.combination.kernel,
			    "6.6.87.2-microsoft-standard-WSL2");
	stop(&f);
}

static void test_public_spelling_only_where_it_is_all(void **state)
{
	(void)state;
	struct fixture f;
	start(&f);
	claim(&f, CLAIM_DRIVER_PUBLIC, "560.94", CLAIM_SENTENCE, 1);
	claims_settle(f.claims, &f.record);
	assert_null(f.record.combination.driver);
	assert_string_equal(f.record.combination.driver_public, "560.94");
	stop(&f);
	start(&f);
	claim(&f, CLAIM_DRIVER_PUBLIC, "560.94", CLAIM_SENTENCE, 1);
	claim(&f, CLAIM_DRIVER, "32.0.15.6094", CLAIM_SENTENCE, 1);
	claims_settle(f.claims, &f.record);
	assert_string_equal(f.record.combination.driver, "32.0.15.6094");
	assert_null(f.record.combination.driver_public);
	stop(&f);
}

static void test_name_gives_an_id_only_alone(void **state)
{
	(void)state;
	struct fixture f;
	start(&f);
	claim(&f, CLAIM_NAME, "Intel(R) Arc(TM) B580 Graphics", CLAIM_LABEL, 1);
	claims_settle(f.claims, &f.record);
	assert_string_equal(f.record.combination.adapter.pci, "8086:e20b");
	assert_string_equal(f.record.combination.adapter.class, "gpu");
	stop(&f);
	start(&f);
	claim(&f, CLAIM_NAME, "AMD Radeon 780M", CLAIM_LABEL, 1);
	claims_settle(f.claims, &f.record);
	assert_null(f.record.combination.adapter.pci);
	assert_string_equal(f.record.combination.adapter.vendor, "1002");
	stop(&f);
}

static void test_two_adapters_are_a_contradiction(void **state)
{
	(void)state;
	struct fixture f;
	start(&f);
	claim(&f, CLAIM_PCI, "8086:46a6", CLAIM_SENTENCE, 1);
	claim(&f, CLAIM_PCI, "10de:1f11", CLAIM_SENTENCE, 2);
	claims_settle(f.claims, &f.record);
	assert_null(f.record.combination.adapter.pci);
	assert_string_equal(f.record.contradictions[0].pointer,
			    "/combination/adapter/pci");
	stop(&f);
}

static void test_the_name_said_most_often_wins(void **state)
{
	(void)state;
	struct fixture f;
	start(&f);
	claim(&f, CLAIM_NAME, "Intel Arc B570", CLAIM_SENTENCE, 1);
	for (int i = 0; i < 3; i++)
		claim(&f, CLAIM_NAME, "Intel Arc A750", CLAIM_SENTENCE, 2 + i);
	claims_settle(f.claims, &f.record);
	assert_string_equal(f.record.combination.adapter.name, "Intel Arc A750");
	stop(&f);
}

static void test_class_follows_the_id(void **state)
{
	(void)state;
	struct fixture f;
	start(&f);
	claim(&f, CLAIM_PCI, "8086:643e", CLAIM_SENTENCE, 1);
	claims_settle(f.claims, &f.record);
	assert_string_equal(f.record.combination.adapter.class, "npu");
	stop(&f);
	start(&f);
	claim(&f, CLAIM_PCI, "8086:ffee", CLAIM_SENTENCE, 1);
	claim(&f, CLAIM_CLASS, "npu", CLAIM_WEAK, 1);
	claims_settle(f.claims, &f.record);
	assert_string_equal(f.record.combination.adapter.class, "npu");
	stop(&f);
}

static void test_packages_keep_the_fuller_spelling(void **state)
{
	(void)state;
	struct fixture f;
	start(&f);
	for (int i = 0; i < 2; i++) {
		const char *version = i ? "24.39.31294.20-1032~24.04" : "24.39.31294.20";
		claims_add(f.claims, CLAIM_PACKAGE, "intel-opencl-icd", version,
			   CLAIM_SENTENCE, i, version, strlen(version));
	}
	claims_add(f.claims, CLAIM_PACKAGE, "mesa", "25.0.7", CLAIM_SENTENCE, 3, "x", 1);
	claims_settle(f.claims, &f.record);
	assert_int_equal(f.record.combination.n_packages, 2);
	assert_string_equal(f.record.combination.packages[0].version,
			    "24.39.31294.20-1032~24.04");
	stop(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_values_leave_the_field_out),
		cmocka_unit_test(test_weak_words_give_way),
		cmocka_unit_test(test_spellings_of_one_kernel_agree),
		cmocka_unit_test(test_public_spelling_only_where_it_is_all),
		cmocka_unit_test(test_name_gives_an_id_only_alone),
		cmocka_unit_test(test_two_adapters_are_a_contradiction),
		cmocka_unit_test(test_the_name_said_most_often_wins),
		cmocka_unit_test(test_class_follows_the_id),
		cmocka_unit_test(test_packages_keep_the_fuller_spelling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
