/*
 * reading.h: what a record says of a rung, as the verdict rules count it.
 *
 * Two steps, pure functions: a rung of one record has a reading; the runs of one machine
 * under equal key and guest packages fold into one.
 */
#pragma once

#include <stdbool.h>

#include "record/record.h"

/*
 * X(CONSTANT, letter, what it says)
 * A row of readings is kept as a string, one letter a rung in the order of record/rung.h.
 */
#define READINGS(X)                                                                      \
	X(ABSENT, '.', "the interface has no such rung, or it is not in the record")     \
	X(UNCOUNTED, '-', "blocked, skip, interrupted, error, or the control failed")    \
	X(CPU_ONLY, 'c', "fallback for want of a driver: not counted, but shown")        \
	X(ONCE, 'o', "bad, should have been repeated and was not: shown, not counted")   \
	X(GOOD, 'g', "pass")                                                             \
	X(NOISY, 'n', "pass, with unfamiliar failures in its own trace")                 \
	X(BAD, 'b', "fail, crash, timeout, hung, died, fallback beside a driver")        \
	X(FLAKY, 'f', "now good, now bad")

enum reading {
#define X(constant, letter, what) READING_##constant,
	READINGS(X)
#undef X
		READING_COUNT
};

extern const char reading_letters[READING_COUNT];

/* @return READING_ABSENT for a letter that is none. */
enum reading reading_of_letter(char letter);
/* good and noisy, bad and flaky count; the others leave a machine unmeasured. */
bool reading_is_good(enum reading reading);
bool reading_is_bad(enum reading reading);

/* The reading of one rung of one record.
 * @param control  the same interface on the CPU, or NULL where it was not run */
enum reading reading_of_rung(const struct rung_result *rung,
			     const struct result *control);

/*
 * The door: what a record says of DXG itself.
 * `fence` is good when the rungs of dxg and dxcore are, bad when one of them is, or when
 * a copy is bad whose own trace holds a DXG failure not known to be harmless; `copy` is
 * good when besides a copy passed whose trace holds a submission, bad where fence is.
 */
struct door_reading {
	enum reading fence, copy;
};
struct door_reading reading_of_door(const struct record *record);

/*
 * The runs of one machine under equal conditions: the newest counted run decides; two
 * changes of mind are flaky. All-zero before the first run; runs are added oldest first.
 */
struct reading_fold {
	enum reading newest; /* the newest counted one, else the newest of all */
	bool counted;        /* there was a counted one */
	int changes;         /* from good to bad or back */
};
void reading_fold_add(struct reading_fold *fold, enum reading reading);
enum reading reading_fold_end(const struct reading_fold *fold);
