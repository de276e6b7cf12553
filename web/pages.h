/*
 * pages.h: every page of the site, a function of plain data each.
 *
 * A page knows no SQL, no files and no time: what it says is in its arguments, so the
 * same facts give the same bytes. Strings come from outside and are escaped as they are
 * written.
 */
#pragma once

#include "diagnosis/answer.h"
#include "diagnosis/limit.h"
#include "diagnosis/signature.h"
#include "matrix/view.h"
#include "web/html.h"

/*
 * The records that have a page of their own, by id and in ascending order: the others are
 * named without a link.
 */
struct linked_records {
	const struct strings *ids;
};

bool linked_records_has(const struct linked_records *linked, const char *id);

/* index.html: the answers that need no crowd, then the GPUs. */
struct page_index {
	const struct view_counts *counts;
	const struct view_gpus *gpus;
	const struct signature *signatures;
	size_t n_signatures;
	const struct limit *limits;
	size_t n_limits;
};
void page_index(struct html *h, const struct page_index *page);
#define PAGE_INDEX_GPUS 12 /* rows of the front page's table of GPUs */

/* gpu/index.html: all GPUs. */
void page_gpus(struct html *h, const struct view_gpus *gpus);

/* gpu/<address>/index.html */
void page_gpu(struct html *h, const struct view_gpu_page *gpu,
	      const struct linked_records *linked);

/* combination/<address>/index.html */
void page_combination(struct html *h, const struct view_combination_page *combination,
		      const struct linked_records *linked);

/* record/<address>/index.html */
void page_record(struct html *h, const struct record *record,
		 const struct answer *answer);
/* The first twelve digits of a record's id. */
void page_record_address(const char *id, char ret[VIEW_RECORD_ADDRESS_SIZE]);

/* signatures/index.html: "are these lines my problem?" */
void page_signatures(struct html *h, const struct signature *rows, size_t n);

/* about/index.html: what the words mean, how counts become words. */
void page_about(struct html *h);

/* A record that belongs to no GPU's page: of a machine without WSL2, without a GPU. */
struct loose_record {
	const char *address, *date;
	const char *says; /* the first line of its answer */
};

/* data/index.html: what there is for programs, and the records of no GPU. */
struct page_data {
	const struct view_counts *counts;
	const struct loose_record *loose;
	size_t n_loose;
};
void page_data(struct html *h, const struct page_data *page);
