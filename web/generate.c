#include "web/generate.h"

#include <string.h>

#include "diagnosis/diagnose.h"
#include "embed/web_asset.h"
#include "util/alloc.h"
#include "util/array.h"
#include "web/json.h"
#include "web/pages.h"

/* What a run knows. */
struct site {
	struct store *store;
	struct folder *folder;
	struct arena arena;
	struct strings paths; /* every file */
	struct view_addresses addresses;
	struct strings records; /* ids of those with a page, ascending */
	struct linked_records linked;
	struct view_counts counts;
	struct view_gpus gpus;
	struct loose_record *loose; /* found while the records are written */
	size_t n_loose;
};

static void site_deinit(struct site *site)
{
	folder_close(site->folder);
	view_gpus_deinit(&site->gpus);
	view_addresses_deinit(&site->addresses);
	arena_deinit(&site->arena);
}

/* The pages there is one of. */
static void write_index(struct html *h, const struct site *site)
{
	const struct page_index page = {
		.counts = &site->counts,
		.gpus = &site->gpus,
		.signatures = signatures,
		.n_signatures = n_signatures,
		.limits = limits,
		.n_limits = n_limits,
	};
	page_index(h, &page);
}

static void write_gpus(struct html *h, const struct site *site)
{
	page_gpus(h, &site->gpus);
}

static void write_signatures(struct html *h, const struct site *site)
{
	(void)site;
	page_signatures(h, signatures, n_signatures);
}

static void write_about(struct html *h, const struct site *site)
{
	(void)site;
	page_about(h);
}

static void write_data(struct html *h, const struct site *site)
{
	const struct page_data page = {
		.counts = &site->counts,
		.loose = site->loose,
		.n_loose = site->n_loose,
	};
	page_data(h, &page);
}

static const struct {
	const char *path;
	void (*write)(struct html *h, const struct site *site);
} single_pages[] = {
	{ "index.html", write_index },
	{ "gpu/index.html", write_gpus },
	{ "signatures/index.html", write_signatures },
	{ "about/index.html", write_about },
	{ "data/index.html", write_data },
};

static const struct embedded *const assets[] = { &asset_style_css, &asset_icon_svg };

/* Ends the document and writes it. */
static struct error *write_page(struct site *site, struct html *h, const char *path)
{
	size_t size;
	cleanup_free char *bytes = html_finish(h, &size);
	return folder_write(site->folder, path, bytes, size);
}

static struct error *write_text(struct site *site, const char *text, const char *path)
{
	return folder_write(site->folder, path, text, strlen(text));
}

static struct error *write_singles(struct site *site)
{
	cleanup_html struct html *h = html_create();
	struct error *err = NULL;
	for (size_t i = 0; !err && i < ARRAY_SIZE(single_pages); i++) {
		single_pages[i].write(h, site);
		err = write_page(site, h, single_pages[i].path);
	}
	for (size_t i = 0; !err && i < ARRAY_SIZE(assets); i++)
		err = folder_write(site->folder, assets[i]->name, assets[i]->bytes,
				   assets[i]->size);
	if (err)
		return err;
	cleanup_free char *json = json_of_gpus(&site->gpus);
	return write_text(site, json, "gpu/index.json");
}

static struct error *write_gpu(struct site *site, const char *address)
{
	struct view_gpu_page page;
	struct error *err = view_gpu_page(site->store, address, &page);
	if (err)
		return err;
	cleanup_html struct html *h = html_create();
	cleanup_free char *html_path = xasprintf("gpu/%s/index.html", address);
	cleanup_free char *json_path = xasprintf("gpu/%s/data.json", address);
	cleanup_free char *json = json_of_gpu(&page);
	page_gpu(h, &page, &site->linked);
	view_gpu_page_deinit(&page);
	err = write_page(site, h, html_path);
	return err ? err : write_text(site, json, json_path);
}

static struct error *write_combination(struct site *site, const char *address)
{
	struct view_combination_page page;
	struct error *err = view_combination_page(site->store, address, &page);
	if (err)
		return err;
	cleanup_html struct html *h = html_create();
	cleanup_free char *path = xasprintf("combination/%s/index.html", address);
	page_combination(h, &page, &site->linked);
	view_combination_page_deinit(&page);
	return write_page(site, h, path);
}

static void add_loose(struct site *site, const char *address, const struct record *record,
		      const struct answer *answer)
{
	struct arena *arena = &site->arena;
	*arena_push(arena, site->loose, site->n_loose) = (struct loose_record){
		.address = arena_strdup(arena, address),
		.date = arena_strdup(arena, record->time),
		.says = answer->headline.n
				? arena_strdup(arena, answer->headline.string[0])
				: NULL,
	};
}

static struct error *write_record(struct site *site, const char *id)
{
	char address[VIEW_RECORD_ADDRESS_SIZE];
	page_record_address(id, address);
	cleanup_free char *html_path = xasprintf("record/%s/index.html", address);
	cleanup_free char *json_path = xasprintf("record/%s/record.json", address);

	cleanup_free char *bytes = NULL;
	size_t size;
	struct error *err = view_record_bytes(site->store, id, &bytes, &size);
	if (!err)
		err = folder_write(site->folder, json_path, bytes, size);
	if (err)
		return err;

	cleanup_record struct record record;
	err = view_record(site->store, id, &record);
	if (err) {
		record_init(&record);
		return err;
	}
	/* What this version makes of it, not what the tool said then. */
	diagnose(&record);
	struct answer answer;
	answer_make(&record, &answer);
	cleanup_free char *gpu = view_gpu_address(&record);
	if (!gpu)
		add_loose(site, address, &record, &answer);
	cleanup_html struct html *h = html_create();
	page_record(h, &record, &answer);
	answer_deinit(&answer);
	return write_page(site, h, html_path);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_path(struct site *site, const char *folder, const char *address,
		     const char *name)
{
	strings_add(&site->arena, &site->paths,
		    arena_printf(&site->arena, "%s/%s/%s", folder, address, name));
}

/* Every file there will be, and which records can be linked. */
static void name_files(struct site *site)
{
	const struct view_addresses *addresses = &site->addresses;
	for_each_row(page, single_pages)
		strings_add(&site->arena, &site->paths, page->path);
	for_each_row(asset, assets)
		strings_add(&site->arena, &site->paths, (*asset)->name);
	strings_add(&site->arena, &site->paths, "gpu/index.json");
	for (size_t i = 0; i < addresses->gpus.n; i++) {
		add_path(site, "gpu", addresses->gpus.string[i], "index.html");
		add_path(site, "gpu", addresses->gpus.string[i], "data.json");
	}
	for (size_t i = 0; i < addresses->combinations.n; i++)
		add_path(site, "combination", addresses->combinations.string[i],
			 "index.html");
	for (size_t i = 0; i < addresses->records.n; i++) {
		char address[VIEW_RECORD_ADDRESS_SIZE];
		page_record_address(addresses->records.string[i], address);
		add_path(site, "record", address, "index.html");
		add_path(site, "record", address, "record.json");
		strings_add(&site->arena, &site->records, addresses->records.string[i]);
	}
	if (site->records.n)
		qsort(site->records.string, site->records.n, sizeof(const char *),
		      compare);
	site->linked.ids = &site->records;
}

static struct error *read_store(struct site *site)
{
	struct error *err = view_counts(site->store, &site->counts);
	if (!err)
		err = view_gpus(site->store, &site->gpus);
	if (!err)
		err = view_addresses(site->store, &site->addresses);
	return err;
}

static struct error *write_all(struct site *site)
{
	const struct {
		const struct strings *addresses;
		struct error *(*write)(struct site *site, const char *address);
	} kinds[] = {
		{ &site->addresses.gpus, write_gpu },
		{ &site->addresses.combinations, write_combination },
		{ &site->addresses.records, write_record },
	};
	struct error *err = NULL;
	for_each_row(kind, kinds)
		for (size_t i = 0; !err && i < kind->addresses->n; i++)
			err = kind->write(site, kind->addresses->string[i]);
	/* Last: they name what the others found. */
	return err ? err : write_singles(site);
}

struct error *generate(struct store *store, const char *folder, struct folder_counts *ret)
{
	cleanup_with(site_deinit) struct site site = { .store = store };
	struct error *err = read_store(&site);
	if (err)
		return err;
	name_files(&site);
	err = folder_open(folder, &site.paths, &site.folder);
	if (!err)
		err = write_all(&site);
	return err ? err : folder_finish(site.folder, ret);
}
