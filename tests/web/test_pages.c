/*
 * Every page from facts, compared with tests/golden/site/NAME.html.
 *
 * DXGMATRIX_GOLDEN=write writes the golden pages anew instead (read the diff).
 * With a folder as argument all pages are written there as a small site, for a browser,
 * and the records of the fixtures into its folder records/, two of them signed.
 */
#include "web/pages.h"

#include "embed/web_asset.h"
#include "tests/matrix/scene.h"
#include "tests/web/fixtures.h"

#define GOLDEN_MAX (1024 * 1024)

static const char *const linked_ids[] = {
	"sha256:1111111111aa0000000000000000000000000000000000000000000000000000",
	"sha256:2222222222bb0000000000000000000000000000000000000000000000000000",
};
static const struct strings linked_strings = { (const char **)linked_ids, 2 };
static const struct linked_records linked = { &linked_strings };

/* Rows of our own: the words of the shipped table change with it. */
static const struct signature lines[] = {
	{ "dxgkio_query_adapter_info",
	  -22,
	  SIGNATURE_HARMLESS,
	  "a question not answered",
	  { "microsoft/WSL#40715", "microsoft/wslg#1163" } },
	{ "dxgkio_reserve_gpu_va",
	  -75,
	  SIGNATURE_DEPENDS,
	  "<b>Windows</b> refused GPU addresses",
	  { NULL } },
	{ "*", -19, SIGNATURE_TROUBLE, "the adapter stopped", { "microsoft/WSL#9029" } },
};

static const struct limit some_limits[] = {
	{ LIMIT_TODAY, "NPU in WSL2", "Windows refuses.", { "microsoft/WSL#40445" } },
	{ LIMIT_MENDED, "Only llvmpipe", "A Mesa with <dzn>.", { "a/b#1", "c/d#2" } },
	{ LIMIT_TODAY, "/dev/dri", "Not a fault.", { NULL } },
};

static void write_index(struct html *h, const struct view_gpus *gpus,
			const struct view_counts *counts)
{
	const struct page_index page = {
		.counts = counts,
		.gpus = gpus,
		.signatures = lines,
		.n_signatures = ARRAY_SIZE(lines),
		.limits = some_limits,
		.n_limits = ARRAY_SIZE(some_limits),
	};
	page_index(h, &page);
}

static void write_index_reported(struct html *h)
{
	struct view_gpus gpus;
	fixture_gpus_reported(&gpus);
	const struct view_counts counts = { .records = 8, .reports = 7, .gpus = 6 };
	write_index(h, &gpus, &counts);
	arena_deinit(&gpus.arena);
}

static void write_index_measured(struct html *h)
{
	struct view_gpus gpus;
	fixture_gpus_measured(&gpus);
	const struct view_counts counts = {
		.records = 180, .machines = 54, .witnesses = 50, .reports = 40, .gpus = 4
	};
	write_index(h, &gpus, &counts);
	arena_deinit(&gpus.arena);
}

static void write_index_empty(struct html *h)
{
	const struct view_gpus gpus = { 0 };
	const struct view_counts counts = { 0 };
	write_index(h, &gpus, &counts);
}

static void write_gpus(struct html *h)
{
	struct view_gpus gpus;
	fixture_gpus_measured(&gpus);
	page_gpus(h, &gpus);
	arena_deinit(&gpus.arena);
}

static void write_gpu(struct html *h, void (*fixture)(struct view_gpu_page *))
{
	struct view_gpu_page page;
	fixture(&page);
	page_gpu(h, &page, &linked);
	arena_deinit(&page.arena);
}

static void write_gpu_reported(struct html *h)
{
	write_gpu(h, fixture_gpu_reported);
}

static void write_gpu_measured(struct html *h)
{
	write_gpu(h, fixture_gpu_measured);
}

static void write_gpu_hostile(struct html *h)
{
	write_gpu(h, fixture_gpu_hostile);
}

static void write_combination(struct html *h)
{
	struct view_combination_page page;
	fixture_combination(&page);
	page_combination(h, &page, &linked);
	arena_deinit(&page.arena);
}

static void write_combination_partial(struct html *h)
{
	struct view_combination_page page;
	fixture_combination(&page);
	page.combination.driver = page.combination.windows = NULL;
	page.combination.full = false;
	page.scope = (struct view_scope){ 0 };
	page_combination(h, &page, &linked);
	arena_deinit(&page.arena);
}

static void write_record(struct html *h,
			 void (*fixture)(struct record *, struct answer *))
{
	struct record record;
	struct answer answer;
	fixture(&record, &answer);
	page_record(h, &record, &answer);
	arena_deinit(&answer.arena);
	record_deinit(&record);
}

static void write_record_measured(struct html *h)
{
	write_record(h, fixture_record_measured);
}

static void write_record_harvested(struct html *h)
{
	write_record(h, fixture_record_harvested);
}

static void write_signatures(struct html *h)
{
	page_signatures(h, signatures, n_signatures);
}

static void write_data(struct html *h)
{
	static const struct view_counts counts = { .records = 180,
						   .machines = 54,
						   .reports = 40,
						   .gpus = 4,
						   .combinations = 61,
						   .today = "2026-11-20" };
	static const struct loose_record loose[] = {
		{ "1111111111aa", "2026-11-20", "NOT WSL2: an <b>ordinary</b> machine" },
		{ "2222222222bb", NULL, NULL },
	};
	const struct page_data page = { &counts, loose, ARRAY_SIZE(loose) };
	page_data(h, &page);
}

/* Shipped tables and prose are not golden: their words change with their own folders. */
static const struct {
	const char *golden; /* NULL: none */
	const char *path;   /* in the site for browsers */
	void (*write)(struct html *h);
} pages[] = {
	{ "index-empty", "empty.html", write_index_empty },
	{ "index-reported", "index.html", write_index_reported },
	{ "index-measured", "measured.html", write_index_measured },
	{ "gpus", "gpu/index.html", write_gpus },
	{ "gpu-reported", "gpu/8086-7d51/index.html", write_gpu_reported },
	{ "gpu-measured", "gpu/10de-2684/index.html", write_gpu_measured },
	{ "gpu-hostile", "gpu/unknown-script/index.html", write_gpu_hostile },
	{ "combination", "combination/abcdefabcdef/index.html", write_combination },
	{ "combination-partial", "combination/0a1b2c3d4e5f/index.html",
	  write_combination_partial },
	{ "record-measured", "record/1111111111aa/index.html", write_record_measured },
	{ "record-harvested", "record/2222222222bb/index.html", write_record_harvested },
	{ "data", "data/index.html", write_data },
	{ NULL, "signatures/index.html", write_signatures },
	{ NULL, "about/index.html", page_about },
};

static char *page_bytes(void (*write)(struct html *h), size_t *ret_size)
{
	cleanup_html struct html *h = html_create();
	write(h);
	return html_finish(h, ret_size);
}

static void test_pages_are_as_agreed(void **state)
{
	(void)state;
	const char *mode = getenv("DXGMATRIX_GOLDEN");
	for_each_row(page, pages) {
		if (!page->golden)
			continue;
		cleanup_free char *path =
			xasprintf("%s/tests/golden/site/%s.html",
				  getenv("DXGMATRIX_SOURCE_DIR"), page->golden);
		size_t size;
		cleanup_free char *bytes = page_bytes(page->write, &size);
		if (mode && !strcmp(mode, "write")) {
			assert_ok(file_make_parent(path));
			assert_ok(file_write(path, bytes, size, 0644, false));
			continue;
		}
		cleanup_free char *golden = NULL;
		assert_ok(file_read(path, GOLDEN_MAX, &golden, NULL));
		assert_string_equal(bytes, golden);
	}
}

static void test_same_facts_same_bytes(void **state)
{
	(void)state;
	for_each_row(page, pages) {
		cleanup_free char *first = page_bytes(page->write, NULL);
		cleanup_free char *second = page_bytes(page->write, NULL);
		assert_string_equal(first, second);
	}
}

static void test_nothing_from_outside_becomes_markup(void **state)
{
	static const char *const never[] = {
		"<script",           "<img src=x",   "<b>",  "<i>",
		"href=\"javascript", "\xE2\x80\xAE", "\x01", "alert(1)\""
	};
	(void)state;
	for_each_row(page, pages) {
		cleanup_free char *bytes = page_bytes(page->write, NULL);
		for_each_row(word, never)
			if (strstr(bytes, *word))
				fail_msg("%s holds '%s'", page->path, *word);
	}
}

static void test_nothing_is_said_in_per_cent(void **state)
{
	(void)state;
	for_each_row(page, pages) {
		cleanup_free char *bytes = page_bytes(page->write, NULL);
		assert_null(strchr(bytes, '%'));
	}
}

static struct error *write_file(const char *folder, const char *name, const char *bytes,
				size_t size)
{
	cleanup_free char *path = xasprintf("%s/%s", folder, name);
	struct error *err = file_make_parent(path);
	return err ? err : file_write(path, bytes, size, 0644, false);
}

static struct error *write_record_file(const char *folder, int machine,
				       void (*fixture)(struct record *, struct answer *))
{
	struct record record;
	struct answer answer;
	fixture(&record, &answer);
	if (machine) {
		const struct machine_key key = scene_key(machine);
		record_sign(&record, &key);
	}
	cleanup_free char *name =
		xasprintf("records/%.12s.json", strchr(record.id, ':') + 1);
	struct error *err = write_file(folder, name, record.bytes, record.size);
	arena_deinit(&answer.arena);
	record_deinit(&record);
	return err;
}

static int write_site(const char *folder)
{
	cleanup_error struct error *err = NULL;
	for_each_row(page, pages) {
		size_t size;
		cleanup_free char *bytes = page_bytes(page->write, &size);
		if (!err)
			err = write_file(folder, page->path, bytes, size);
	}
	static const struct embedded *const assets[] = { &asset_style_css,
							 &asset_icon_svg };
	for_each_row(asset, assets)
		if (!err)
			err = write_file(folder, (*asset)->name, (*asset)->bytes,
					 (*asset)->size);
	if (!err)
		err = write_record_file(folder, 0, fixture_record_harvested);
	for (int machine = 1; !err && machine <= 2; machine++)
		err = write_record_file(folder, machine, fixture_record_measured);
	if (err)
		fprintf(stderr, "%s\n", err->message);
	return err ? 1 : 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages_are_as_agreed),
		cmocka_unit_test(test_same_facts_same_bytes),
		cmocka_unit_test(test_nothing_from_outside_becomes_markup),
		cmocka_unit_test(test_nothing_is_said_in_per_cent),
	};
	if (argc > 1)
		return write_site(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
