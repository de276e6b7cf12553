/* gpu_table.h: GPUs as rows, on the front page and in the list of all. */
#pragma once

#include "matrix/view.h"
#include "web/html.h"

/*
 * What people reported of each: working, failing, and how many machines are measured.
 * GPUs with machines and no report are left out.
 * @param most  rows at most
 * @param root  from the page to the site
 */
void gpu_table_write_reports(struct html *h, const struct view_gpu *rows, size_t n,
			     size_t most, const char *root);

/* What machines measured, an API a column. Only GPUs with machines are shown. */
void gpu_table_write_measured(struct html *h, const struct view_gpu *rows, size_t n,
			      size_t most, const char *root);

/* @return whether two independent machines have measured one of them */
bool gpu_table_is_measured(const struct view_gpu *rows, size_t n);

/* A row's head: the GPU's name as a link, its id below. */
void gpu_table_write_name(struct html *h, const struct view_gpu *gpu, const char *root);
