/*
 * extract.h: the rows d_record and d_result of one record: what it says, before any
 * comparison with others.
 */
#pragma once

#include "matrix/store.h"
#include "record/record.h"
#include "util/error.h"

/*
 * Writes the derived rows of a record that is new, and remembers in temp.touched which
 * GPUs' verdicts it changes. Needs extract_begin on this connection.
 */
struct error *extract_record(struct store *store, const struct record *record) must_check;
/* Notes the submitter behind a machine. */
struct error *extract_submitter(struct store *store, const char *machine,
				const char *submitter) must_check;
/* Makes temp.touched and temp.touched_text, empty. */
struct error *extract_begin(struct store *store) must_check;

/* Counted in verdicts: signed by a machine; else it is a report. */
bool extract_is_measured(const struct record *record);
/* Whether it speaks of a GPU inside WSL2. */
bool extract_is_in_table(const struct record *record);
/*
 * The address of an adapter's GPU: combination_gpu_address(), but a name that means one
 * id in the shipped table (diagnosis/gpu.h) stands on that id's page.
 * @return the caller's to free; NULL without an adapter, id and name
 */
char *extract_gpu_address(const struct adapter *adapter);
