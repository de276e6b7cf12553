/*
 * view.h: what the pages and `show` read from the store, as plain data.
 *
 * Every function fills a struct that owns its strings (an arena) and belongs to the
 * caller, who ends it with its _deinit. Strings come from outside: whoever prints them
 * escapes them. NULL is unknown. Dates are YYYY-MM-DD or YYYY-MM. Interfaces and rungs
 * are the words of documents. Order is fixed by the facts alone, so that the same facts
 * give the same pages.
 *
 * measured: a signed record of a machine. report: somebody's word (harvested or
 * unsigned); the posts of one author about one GPU are one report.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "matrix/store.h"
#include "matrix/verdict.h"
#include "record/record.h"
#include "util/arena.h"

/* The first hexadecimal digits of a record's id: the address of its page. */
#define VIEW_RECORD_ADDRESS_SIZE 13

/* ---- the whole store ---------------------------------------------------------- */

struct view_counts {
	int64_t records;  /* all that are stored */
	int64_t machines; /* measured, of GPUs in the table */
	int64_t witnesses;
	int64_t reports; /* of GPUs in the table */
	int64_t gpus;
	int64_t combinations;
	char today[DATE_SIZE]; /* the newest record date; "" in an empty store */
};
struct error *view_counts(struct store *store, struct view_counts *ret) must_check;

/* ---- one scope ---------------------------------------------------------------- */

/* The verdict on one interface. */
struct view_interface {
	const char *interface;
	enum rung height; /* RUNG_COUNT: none */
	/* The lowest rung above the height on which machines disagree; RUNG_COUNT: none. */
	enum rung conflict;
	/* The lowest rung that is broken; RUNG_COUNT: none. */
	enum rung broken;
	uint32_t has; /* rungs that some record holds, as rung_bit() */
	struct verdict rungs[RUNG_COUNT];
	int64_t machines;         /* that tried it, counted or not */
	int64_t working, failing; /* reports */
	int64_t cpu_only;         /* reports that only the CPU answers */
};

struct view_scope {
	struct verdict door; /* DXG */
	bool door_to_fence;  /* clean only as far as Windows' scheduler */
	int64_t machines, witnesses, reports;
	int64_t reports_working, reports_failing;
	const char *first, *newest; /* dates of its measured records; NULL: none */
	const char *newest_report;
	struct view_interface *interfaces; /* by name */
	size_t n_interfaces;
	int64_t reports_cpu_only;
};

/* ---- GPUs --------------------------------------------------------------------- */

struct view_gpu {
	const char *address; /* "8086-7d51": combination_gpu_address() */
	const char *vendor, *pci;
	const char *name;     /* the one most records use; NULL: only the id is known */
	struct strings names; /* the others */
	struct view_scope scope;
};

struct view_gpus {
	struct arena arena;
	struct view_gpu
		*gpu; /* most measured machines first, then most reports, address */
	size_t n;
};
struct error *view_gpus(struct store *store, struct view_gpus *ret) must_check;
void view_gpus_deinit(struct view_gpus *gpus);

/* What one report says of one interface. Working and failing both: of one author's posts
 * one says this, one that (mended, or broken since). */
struct view_claim {
	const char *interface;
	bool working, failing; /* both false: CPU only, or nothing that decides */
	enum outcome outcome; /* the best that is claimed where working, else the worst */
};

struct view_post {
	const char *id;  /* of the record: "sha256:…" */
	const char *url; /* NULL: not public */
	const char *date;
};

/* One report: all posts of one author about one GPU. Parts are the newest post's that
 * states them. */
struct view_report {
	const char *driver, *driver_public, *wsl, *kernel, *windows, *distro, *date;
	struct view_claim *claims; /* by interface */
	size_t n_claims;
	struct view_post *posts; /* newest first */
	size_t n_posts;
	bool measured; /* an unsigned record of this tool, nobody's text */
};

/* One cell of the grid driver × WSL. */
struct view_cell {
	bool present; /* some record has this driver and this WSL */
	struct verdict door;
	bool door_to_fence;
	int64_t machines, reports;
};

/* A combination that records of this GPU have. Unknown parts are NULL. */
struct view_combination {
	const char *address; /* of its page: combination_address() */
	const char *driver, *wsl, *kernel, *windows; /* the kernel's base */
	bool full; /* all five parts are known: it has an exact scope */
	int64_t machines, reports, records;
	const char *newest;
	struct verdict door; /* unknown unless full */
	bool door_to_fence;
};

struct view_gpu_page {
	struct arena arena;
	struct view_gpu gpu;
	struct view_report *reports; /* newest first; without a date last */
	size_t n_reports;
	struct view_combination *combinations; /* newest driver and WSL first */
	size_t n_combinations;
	/* The grid: drivers newest first by the vendor's order, WSL oldest first.
	 * cells[d * n_wsls + w]; driver_cells[d] is the driver over all WSL versions. */
	struct strings drivers, wsls;
	struct view_cell *cells, *driver_cells;
};
/* An error where no GPU has this address. */
struct error *view_gpu_page(struct store *store, const char *address,
			    struct view_gpu_page *ret) must_check;
void view_gpu_page_deinit(struct view_gpu_page *page);

/* ---- combinations ------------------------------------------------------------- */

struct view_record_row {
	const char *id;      /* "sha256:…" */
	const char *address; /* the first twelve digits of it */
	const char *date, *url;
	bool measured;       /* else a report */
	bool in_table;       /* false: no adapter, or an ordinary Linux machine */
	bool superseded;     /* a newer extraction of the same text is there */
	int64_t machine;     /* 1, 2, … within this page; 0 for reports */
	int64_t run_n;       /* of that machine; -1 unknown */
	const char *summary; /* "DXG fence · OpenCL compile CRASH": heights and ends */
};

#define VIEW_ROWS_PER_COMBINATION 200

struct view_combination_page {
	struct arena arena;
	struct view_gpu gpu; /* address and names; its scope is empty */
	struct view_combination combination;
	struct view_scope scope;         /* the exact one; all unknown unless full */
	struct view_record_row *records; /* newest first, measured before reports; of
					  * combination.records at most so many */
	size_t n_records;
};
struct error *view_combination_page(struct store *store, const char *address,
				    struct view_combination_page *ret) must_check;
void view_combination_page_deinit(struct view_combination_page *page);

/* ---- records ------------------------------------------------------------------ */

struct view_addresses {
	struct arena arena;
	struct strings gpus, combinations;
	struct strings records; /* ids of those with a page: the newest per combination */
};
#define VIEW_RECORDS_PER_COMBINATION 5

/* Every page there is to make, in a fixed order. */
struct error *view_addresses(struct store *store, struct view_addresses *ret) must_check;
void view_addresses_deinit(struct view_addresses *addresses);

/*
 * The bytes of one record, canonical with id and signature.
 * @param id   "sha256:" and digits or digits alone, any unique beginning of six or more
 * @param ret  the caller's to free
 */
struct error *view_record_bytes(struct store *store, const char *id, char **ret,
				size_t *ret_size) must_check;
/* The same, read; the caller's to record_deinit. */
struct error *view_record(struct store *store, const char *id,
			  struct record *ret) must_check;
/*
 * The records of this machine's last run, one for each adapter: those of the highest run.n
 * under its key, those with an adapter first, then as they came in.
 * @param key  "ed25519:…", or NULL: the last measured record that came in
 * @param ret  ids, in the arena; none where there is none
 */
struct error *view_last(struct store *store, const char *key, struct arena *arena,
			struct strings *ret) must_check;
/*
 * The address of the GPU page on which a record stands.
 * @return the caller's to free; NULL where it stands on none: no adapter, not WSL2
 */
char *view_gpu_address(const struct record *record);
/* Calls each with every record's id and bytes, oldest insertion first. */
struct error *view_each_record(struct store *store,
			       struct error *(*each)(void *context, const char *id,
						     const char *bytes, size_t size),
			       void *context) must_check;
