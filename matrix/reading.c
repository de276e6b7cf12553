#include "matrix/reading.h"

#include <string.h>

#include "diagnosis/signature.h"
#include "matrix/rules.h"
#include "util/alloc.h"
#include "util/array.h"

const char reading_letters[READING_COUNT] = {
#define X(constant, letter, what) letter,
	READINGS(X)
#undef X
};

enum reading reading_of_letter(char letter)
{
	for_each_row(row, reading_letters)
		if (*row == letter)
			return (enum reading)(row - reading_letters);
	return READING_ABSENT;
}

bool reading_is_good(enum reading reading)
{
	return reading == READING_GOOD || reading == READING_NOISY;
}

bool reading_is_bad(enum reading reading)
{
	return reading == READING_BAD || reading == READING_FLAKY;
}

/* On a CPU that was asked for, all that is not pass is our fault or the guest's; what was
 * not run says nothing. */
static bool control_failed(const struct result *control, enum rung rung)
{
	uint32_t below = rung_closure(rung_bit(rung), UINT32_MAX);
	for (size_t i = 0; control && i < control->n_rungs; i++) {
		enum outcome outcome = control->rungs[i].outcome;
		if (below & rung_bit(control->rungs[i].rung) &&
		    (outcome_is_bad(outcome) || outcome == OUTCOME_ERROR))
			return true;
	}
	return false;
}

/* Of a failure in a rung's own trace. NULL: it is in no row of the shipped table. */
typedef bool signature_test(const struct signature *known);

static bool is_unfamiliar(const struct signature *known)
{
	return !known;
}

static bool is_suspect(const struct signature *known)
{
	return !known || known->class != SIGNATURE_HARMLESS;
}

static bool trace_has(const struct trace *trace, signature_test *test)
{
	cleanup_arena struct arena arena = { 0 };
	const struct trace_failures all = trace_failures(trace, &arena);
	for (size_t i = 0; i < all.n; i++)
		if (test(signature_find_trace(&all.failure[i])))
			return true;
	return false;
}

/* Reasons of a fallback that tell of a driver that is installed: it was met, and it
 * failed. */
static bool driver_is_there(enum reason reason)
{
	return reason == REASON_UNLOADABLE || reason == REASON_SYMBOL_MISSING ||
	       reason == REASON_REFUSED;
}

/* fail, crash, timeout: bad only after all tries, for a single one proves little. */
static enum reading reading_of_tries(const struct rung_result *rung)
{
	size_t good = 0, bad = 0;
	bool hung = false;
	for (size_t i = 0; i < rung->n_tries; i++) {
		good += rung->tries[i] == OUTCOME_PASS;
		bad += outcome_is_bad(rung->tries[i]);
		hung |= rung->tries[i] == OUTCOME_HUNG;
	}
	if (good && bad)
		return READING_FLAKY;
	return bad == TRIES_MAX || hung ? READING_BAD : READING_ONCE;
}

static enum reading reading_of_pass(const struct rung_result *rung)
{
	for (size_t i = 0; i < rung->n_tries; i++)
		if (outcome_is_bad(rung->tries[i]))
			return READING_FLAKY;
	return trace_has(&rung->trace, is_unfamiliar) ? READING_NOISY : READING_GOOD;
}

enum reading reading_of_rung(const struct rung_result *rung, const struct result *control)
{
	if (control_failed(control, rung->rung))
		return READING_UNCOUNTED;
	switch (rung->outcome) {
	case OUTCOME_PASS:
		return reading_of_pass(rung);
	case OUTCOME_FALLBACK:
		return driver_is_there(rung->reason) ? READING_BAD : READING_CPU_ONLY;
	case OUTCOME_FAIL:
	case OUTCOME_CRASH:
	case OUTCOME_TIMEOUT:
		return reading_of_tries(rung);
	case OUTCOME_HUNG:
	case OUTCOME_DIED:
		return READING_BAD;
	case OUTCOME_BLOCKED:
	case OUTCOME_SKIP:
	case OUTCOME_INTERRUPTED:
	case OUTCOME_ERROR:
	case OUTCOME_COUNT:
		break;
	}
	return READING_UNCOUNTED;
}

/* ---- the door ---- */

static bool is_door(const struct result *result)
{
	return result->role == ROLE_ADAPTER && (!strcmp(result->interface, "dxg") ||
						!strcmp(result->interface, "dxcore"));
}

/* What decides for the door, worst first: one bad rung is enough. */
static enum reading worse_of(enum reading a, enum reading b)
{
	static const enum reading order[] = { READING_BAD,   READING_FLAKY,
					      READING_ONCE,  READING_CPU_ONLY,
					      READING_NOISY, READING_GOOD };
	for_each_row(row, order)
		if (a == *row || b == *row)
			return *row;
	return a;
}

/* The rungs of dxg and dxcore together. Without a fence nothing proves that Windows'
 * scheduler answers. */
static enum reading reading_of_door_rungs(const struct record *record)
{
	enum reading all = READING_UNCOUNTED;
	bool fence = false, open = false;
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *result = &record->results[i];
		for (size_t j = 0; is_door(result) && j < result->n_rungs; j++) {
			const struct rung_result *rung = &result->rungs[j];
			enum reading reading = reading_of_rung(rung, NULL);
			all = worse_of(all, reading);
			fence |= rung->rung == RUNG_FENCE && reading_is_good(reading);
			open |= rung->outcome == OUTCOME_ERROR ||
				rung->outcome == OUTCOME_INTERRUPTED;
		}
	}
	return reading_is_good(all) && (!fence || open) ? READING_UNCOUNTED : all;
}

/* The calls that hand work to the GPU, as upstream names their handlers
 * (drivers/hv/dxgkrnl/ioctl.c: LX_DXSUBMITCOMMAND, LX_DXSUBMITCOMMANDTOHWQUEUE). */
static bool has_submission(const struct trace *trace)
{
	static const char *const names[] = { "submit_command",
					     "submit_command_to_hwqueue" };
	for (size_t i = 0; i < trace->n; i++)
		for_each_row(name, names)
			if (!strcmp(trace->call[i].ioctl, *name) &&
			    trace->call[i].calls > failures_total(&trace->call[i].failed))
				return true;
	return false;
}

enum copy {
	COPY_NONE,
	COPY_UNJUDGED,
	COPY_GOOD,
	COPY_BAD_ABOVE,
	COPY_FLAKY_DOOR,
	COPY_BAD_DOOR,
	COPY_COUNT
};

static enum copy judge_copy(const struct record *record, const struct result *result)
{
	const struct rung_result *rung = result_rung(result, RUNG_COPY);
	if (!rung || result->role != ROLE_ADAPTER)
		return COPY_NONE;
	const struct result *control =
		record_result(record, result->interface, ROLE_CONTROL);
	enum reading reading = reading_of_rung(rung, control);
	if (reading_is_good(reading))
		return has_submission(&rung->trace) ? COPY_GOOD : COPY_UNJUDGED;
	if (!reading_is_bad(reading))
		return COPY_UNJUDGED;
	const struct rung_result *proof =
		control ? result_rung(control, RUNG_COPY) : NULL;
	if (proof && proof->outcome == OUTCOME_PASS &&
	    trace_has(&rung->trace, is_suspect))
		return reading == READING_FLAKY ? COPY_FLAKY_DOOR : COPY_BAD_DOOR;
	return COPY_BAD_ABOVE;
}

struct door_reading reading_of_door(const struct record *record)
{
	struct door_reading door = { reading_of_door_rungs(record), READING_UNCOUNTED };
	bool seen[COPY_COUNT] = { false };
	for (size_t i = 0; i < record->n_results; i++)
		seen[judge_copy(record, &record->results[i])] = true;
	if (!reading_is_bad(door.fence) && seen[COPY_BAD_DOOR])
		door.fence = READING_BAD;
	else if (!reading_is_bad(door.fence) && seen[COPY_FLAKY_DOOR])
		door.fence = READING_FLAKY;
	/* A door that is bad now proves no copy, whatever an earlier run did. */
	if (reading_is_bad(door.fence))
		door.copy = door.fence;
	else if (reading_is_good(door.fence) && seen[COPY_GOOD])
		door.copy = READING_GOOD;
	else if (reading_is_good(door.fence) && seen[COPY_BAD_ABOVE])
		door.fence = READING_UNCOUNTED; /* unclear: a matter of layer 2 */
	return door;
}

/* ---- the runs of one machine ---- */

void reading_fold_add(struct reading_fold *fold, enum reading reading)
{
	bool counted = reading_is_good(reading) || reading_is_bad(reading);
	if (fold->counted && !counted)
		return;
	if (fold->counted && reading_is_good(fold->newest) != reading_is_good(reading))
		fold->changes++;
	if (counted || reading != READING_ABSENT)
		fold->newest = reading;
	fold->counted |= counted;
}

enum reading reading_fold_end(const struct reading_fold *fold)
{
	return fold->changes >= RULES_FLAKY_CHANGES ? READING_FLAKY : fold->newest;
}
