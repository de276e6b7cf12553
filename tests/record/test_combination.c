#include "record/combination.h"

#include "tests/testing.h"

static struct combination full(void)
{
	return (struct combination){
		.adapter = { .present = true,
			     .vendor = "8086",
			     .pci = "8086:7d51",
			     .revision = "03",
			     .name = "Intel(R) Arc(TM) 140T GPU",
			     .index = 0 },
		.driver = "32.0.101.6554",
		.wsl = "2.6.3.0",
		.kernel = "6.6.87.2-microsoft-standard-WSL2",
		.windows = "10.0.26100.8246",
	};
}

static void test_key_holds_what_decides(void **state)
{
	(void)state;
	struct combination c = full();
	cleanup_free char *key = combination_key(&c);
	assert_string_equal(
		key, "8086:7d51\n32.0.101.6554\n2.6.3.0\n6.6.87.2\n10.0.26100.8246\n");
	assert_true(combination_is_full(&c));
	/* all else belongs to the record */
	c.kernel = "6.6.87.2-microsoft-standard-WSL2+";
	c.adapter.revision = "04";
	c.adapter.name = "another";
	c.wsl_installed = "2.7.0.0";
	c.distro = "ubuntu-24.04";
	c.wslg = "1.0.71";
	cleanup_free char *same = combination_key(&c);
	assert_string_equal(same, key);
}

static void test_unknown_parts_make_another_key(void **state)
{
	(void)state;
	struct combination none = { .adapter = { .index = -1 } };
	cleanup_free char *key = combination_key(&none);
	assert_string_equal(key, "-\n-\n-\n-\n-\n");
	assert_false(combination_is_full(&none));

	/* one part at a time, by its place in the structure */
	static const struct {
		size_t offset;
		const char *key;
	} rows[] = {
		{ offsetof(struct combination, adapter.pci),
		  "8086-intel-r-arc-tm-140t-gpu\n32.0.101.6554\n2.6.3.0\n6.6.87.2\n"
		  "10.0.26100.8246\n" }, /* two known by name are two */
		{ offsetof(struct combination, driver),
		  "8086:7d51\n-\n2.6.3.0\n6.6.87.2\n10.0.26100.8246\n" },
		{ offsetof(struct combination, wsl),
		  "8086:7d51\n32.0.101.6554\n-\n6.6.87.2\n10.0.26100.8246\n" },
		{ offsetof(struct combination, kernel),
		  "8086:7d51\n32.0.101.6554\n2.6.3.0\n-\n10.0.26100.8246\n" },
		{ offsetof(struct combination, windows),
		  "8086:7d51\n32.0.101.6554\n2.6.3.0\n6.6.87.2\n-\n" },
	};
	for_each_row(row, rows) {
		struct combination c = full();
		*(const char **)((char *)&c + row->offset) = NULL;
		cleanup_free char *partial = combination_key(&c);
		assert_string_equal(partial, row->key);
		assert_false(combination_is_full(&c));
	}
	struct combination absent = full();
	absent.adapter.present = false; /* its id then counts for nothing */
	cleanup_free char *without = combination_key(&absent);
	assert_string_equal(without,
			    "-\n32.0.101.6554\n2.6.3.0\n6.6.87.2\n10.0.26100.8246\n");
	assert_false(combination_is_full(&absent));
}

static void test_address_is_the_start_of_the_hash_of_the_key(void **state)
{
	(void)state;
	struct combination c = full();
	char address[COMBINATION_ADDRESS_SIZE];
	combination_address(&c, address);
	/* printf '8086:7d51\n32.0.101.6554\n2.6.3.0\n6.6.87.2\n10.0.26100.8246\n' |
	 * sha256sum | cut -c -12 */
	assert_string_equal(address, "233fb5f598e2");
}

static void test_versions_by_component(void **state)
{
	(void)state;
	static const struct combination c = {
		.driver = "DRIVER",
		.wsl = "WSL",
		.wsl_installed = "WSL_INSTALLED",
		.kernel = "KERNEL",
		.windows = "WINDOWS",
		.wslg = "WSLG",
		.msrdc = "MSRDC",
		.direct3d = "DIRECT3D",
		.dxcore = "DXCORE",
	};
	static const struct {
		enum component component;
		const char *name;
	} rows[] = {
#define X(constant, member, pointer, title) { COMPONENT_##constant, #constant },
		COMPONENTS(X)
#undef X
	};
	assert_int_equal(ARRAY_SIZE(rows), COMPONENT_COUNT);
	static const struct combination none;
	for_each_row(row, rows) {
		assert_string_equal(combination_version(&c, row->component), row->name);
		assert_null(combination_version(&none, row->component));
		assert_true(*component_titles[row->component]);
	}
}

/* A letter many times, longer than any file system takes as a name. */
#define LONG                                                                             \
	"LLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLL"   \
	"LLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLL"   \
	"LLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLL"   \
	"LLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLL"

static void test_address_of_a_gpu(void **state)
{
	(void)state;
	static const struct {
		struct adapter adapter;
		const char *address;
	} rows[] = {
		{ { .present = true, .pci = "8086:7d51", .name = "x" }, "8086-7d51" },
		{ { .present = true, .vendor = "10de", .name = "GeForce RTX 4090" },
		  "10de-geforce-rtx-4090" },
		{ { .present = true, .name = "Arc 140T" }, "unknown-arc-140t" },
		{ { .present = true,
		    .vendor = "8086",
		    .name = "  Intel(R) Arc(TM) --  " },
		  "8086-intel-r-arc-tm" },
		{ { .present = true, .vendor = "8086", .name = "../../etc" },
		  "8086-etc" },
		{ { .present = true, .vendor = "8086" }, NULL },
		{ { .present = false, .pci = "8086:7d51" }, NULL },
	};
	for_each_row(row, rows) {
		cleanup_free char *address = combination_gpu_address(&row->adapter);
		if (row->address)
			assert_string_equal(address, row->address);
		else
			assert_null(address);
	}
}

static void test_every_name_has_an_address_of_its_own(void **state)
{
	(void)state;
	static const char *const names[] = {
		"显卡", "グラフィックス", "---", LONG "a", LONG "b", LONG, "\xff", "Arc",
	};
	char *addresses[ARRAY_SIZE(names)];
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct adapter adapter = { .present = true, .name = names[i] };
		addresses[i] = combination_gpu_address(&adapter);
		assert_true(strlen(addresses[i]) <= 120);
		assert_int_equal(
			strspn(addresses[i], "abcdefghijklmnopqrstuvwxyz0123456789-"),
			strlen(addresses[i]));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(addresses[k], addresses[i]);
	}
	for_each_row(address, addresses)
		free(*address);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key_holds_what_decides),
		cmocka_unit_test(test_unknown_parts_make_another_key),
		cmocka_unit_test(test_address_is_the_start_of_the_hash_of_the_key),
		cmocka_unit_test(test_versions_by_component),
		cmocka_unit_test(test_address_of_a_gpu),
		cmocka_unit_test(test_every_name_has_an_address_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
