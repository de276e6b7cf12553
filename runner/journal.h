/*
 * journal.h: which step is being taken, on disk before it is taken.
 *
 * $XDG_STATE_HOME/dxgmatrix/journal, lines of words, explained in journal.c. A step that
 * takes the machine down leaves its entry unmatched; the next start reads it, counts it,
 * and leaves that step out until it is asked for. The counters of this machine stand here
 * too. One run at a time holds the journal.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "record/record.h"

/* Where a run stands. Strings are borrowed. */
struct journal_spot {
	const char *interface;
	enum role role;
	enum rung rung;
	const char *adapter; /* "8086:7d51"; NULL where none or not known */
	const char
		*fingerprint; /* 12 hexadecimal digits: what changes with every update */
};

struct journal;

/*
 * Takes the journal, reads it, settles what the last run left, and begins a run.
 * @param again  steps that are left out may be taken in this run
 * Expected failures: another run is in progress, the folder cannot be written.
 */
struct error *journal_open(bool again, struct journal **ret) must_check;
/* Lets it go. Without journal_close() before, the run counts as broken off. */
void journal_destroy(struct journal *journal);
DEFINE_CLEANUP(cleanup_journal_p, struct journal *, journal_destroy)
#define cleanup_journal cleanup_with(cleanup_journal_p)

/* Counters of this machine, this run included; 1 is the first. */
int64_t journal_run(const struct journal *journal);
int64_t journal_boot(const struct journal *journal);

/* What the last run left behind. */
struct journal_found {
	/* OUTCOME_PASS: nothing. ERROR: the run was ended from outside, on a machine that
	 * went on. INTERRUPTED: the machine went down. DIED: at this step, twice. */
	enum outcome outcome;
	struct journal_spot spot;
	pid_t runner;        /* of a run that was broken off, for its leftovers; else 0 */
	const char *corrupt; /* a sentence, where the file made no sense; else NULL */
};
const struct journal_found *journal_found(const struct journal *journal);

/* The functions below accept NULL: then nothing is kept and nothing left out. */

/*
 * Whether a step is to be left out.
 * @return OUTCOME_PASS: it may be taken; INTERRUPTED or DIED: it took the machine down
 * once, or more often, with this fingerprint, and this run is not asked to repeat it
 */
enum outcome journal_verdict(const struct journal *journal,
			     const struct journal_spot *spot);

/* Returns when the entry is on disk. A begun step ends by the next call of any kind. */
struct error *journal_begin(struct journal *journal,
			    const struct journal_spot *spot) must_check;
struct error *journal_end(struct journal *journal, enum outcome outcome) must_check;
/* The end of the run; never NULL. @param interrupted  we were stopped */
struct error *journal_close(struct journal *journal, bool interrupted) must_check;
