#include "runner/driver_store.h"

#include <sys/stat.h>

#include "tests/runner/root_tree.h"

#define STORE "/usr/lib/wsl/drivers/"
#define INF                                                                              \
	"[Version]\nClassGuid={4d36e968-e325-11ce-bfc1-08002be10318}\nDriverVer=01/15/"  \
	"2025,32.0.101.6554\n"

static void test_names_of_folders(void **state)
{
	(void)state;
	static const struct {
		const char *folder, *inf;
	} rows[] = {
		{ "iigd_dch.inf_amd64_0123456789abcdef", "iigd_dch.inf" },
		{ "u0420529.inf_amd64_0123456789abcdef", "u0420529.inf" },
		{ "qcdx8380.inf_arm64_0123456789abcdef", "qcdx8380.inf" },
		{ "anything-else.inf_amd64_0123456789abcdef", "anything-else.inf" },
		{ "iigd_dch.inf_amd64_0123456789abcde", NULL },
		{ "iigd_dch.inf_amd64_0123456789abcdeg", NULL },
		{ "iigd_dch.inf_0123456789abcdef", NULL },
		{ ".inf_amd64_0123456789abcdef", NULL },
		{ "iigd_dch.inf", NULL },
		{ "a b.inf_amd64_0123456789abcdef", NULL },
		{ "../x.inf_amd64_0123456789abcdef", NULL },
		{ "", NULL },
	};
	for_each_row(row, rows) {
		cleanup_arena struct arena arena = { 0 };
		/* Where it would lie if the name were one. */
		const char *end = strstr(row->folder, ".inf");
		cleanup_free char *path =
			xasprintf(STORE "%s/%.*s.inf", row->folder,
				  (int)(end ? end - row->folder : 0), row->folder);
		tree_put(path, INF);
		struct driver_folder folder;
		bool read = driver_folder_read(tree, &arena, row->folder, &folder);
		if (read != (row->inf != NULL))
			fail_msg("'%s': %d", row->folder, read);
		if (read) {
			assert_string_equal(folder.inf, row->inf);
			assert_string_equal(folder.says.version, "32.0.101.6554");
			assert_false(folder.for_wsl);
		}
	}
}

static void test_only_base_drivers(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	struct driver_store store;
	driver_store_read(tree, &arena, &store);
	assert_false(store.present);
	tree_put(STORE "nvlti.inf_amd64_0123456789abcdef/nvlti.inf", INF);
	tree_put(STORE "nvlti.inf_amd64_0123456789abcdef/libcuda.so.1.1", "\177ELF...");
	tree_put(STORE "nvhda.inf_amd64_0123456789abcdef/nvhda.inf",
		 "[Version]\nClassGuid={4d36e96c-e325-11ce-bfc1-08002be10318}\n"
		 "DriverVer=01/15/2025,1.4.2.6\n");
	tree_put(STORE "oem.inf_amd64_0123456789abcdef/oem.inf", INF);
	tree_put(STORE "iigd_dch.inf_amd64_0123456789abcdef/iigd_dch.inf", INF);
	tree_put(STORE "iigd_dch.inf_amd64_0123456789abcdef/a.so.txt", "text");
	tree_put(STORE "iigd_dch.inf_amd64_0123456789abcdef/b.sock", "\177ELF");
	tree_put(STORE "iigd_dch.inf_amd64_0123456789abcdef/c.so", "\177EL");
	tree_put(STORE "iigd_dch.inf_amd64_1123456789abcdef/other.inf", INF);
	tree_put(STORE "npu.inf_amd64_0123456789abcdef", "not a folder");
	driver_store_read(tree, &arena, &store);
	assert_true(store.present);
	assert_int_equal(store.n, 2);
	assert_string_equal(store.folders[0].inf, "iigd_dch.inf");
	assert_false(store.folders[0].for_wsl);
	assert_string_equal(store.folders[1].inf, "nvlti.inf");
	assert_true(store.folders[1].for_wsl);
}

static void test_nothing_leads_out_of_the_store(void **state)
{
	(void)state;
	cleanup_arena struct arena arena = { 0 };
	cleanup_free char *outside = NULL;
	assert_ok(file_temporary_folder("dxgmatrix-test", &outside));
	cleanup_free char *inf = xasprintf("%s/iigd_dch.inf", outside);
	assert_ok(file_write(inf, INF, strlen(INF), 0644, false));
	tree_link(STORE "iigd_dch.inf_amd64_0123456789abcdef", outside);
	tree_link(STORE "iigd_dch.inf_amd64_1123456789abcdef/iigd_dch.inf", inf);
	cleanup_free char *pipe = xasprintf(
		"%s" STORE "iigd_dch.inf_amd64_2123456789abcdef/iigd_dch.inf", tree);
	assert_ok(file_make_parent(pipe));
	assert_int_equal(mkfifo(pipe, 0644), 0);
	struct driver_store store;
	driver_store_read(tree, &arena, &store);
	assert_true(store.present);
	assert_int_equal(store.n, 0);
	assert_ok(file_remove_tree(outside));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		tree_test(test_names_of_folders),
		tree_test(test_only_base_drivers),
		tree_test(test_nothing_leads_out_of_the_store),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
