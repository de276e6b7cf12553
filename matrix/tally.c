#include "matrix/tally.h"

#include <string.h>

#include "matrix/reading.h"
#include "util/alloc.h"

const char *const level_names[LEVEL_COUNT] = {
#define X(constant, name) name,
	LEVELS(X)
#undef X
};

#define NO_SCOPE SIZE_MAX

/* A combination and the scopes whose parts it knows. */
struct place {
	char address[COMBINATION_ADDRESS_SIZE];
	size_t scopes[LEVEL_COUNT];
};

/* ---- scopes ---- */

static bool knows(const struct scope *parts, bool full, enum level level)
{
	switch (level) {
	case LEVEL_GPU:
		return true;
	case LEVEL_DRIVER:
		return *parts->driver;
	case LEVEL_CELL:
		return *parts->driver && *parts->wsl;
	case LEVEL_EXACT:
		return full && *parts->driver && *parts->wsl && *parts->kernel &&
		       *parts->windows;
	case LEVEL_COUNT:
		break;
	}
	return false;
}

static struct scope cut(const struct scope *parts, enum level level)
{
	return (struct scope){
		.level = level,
		.driver = level >= LEVEL_DRIVER ? parts->driver : "",
		.wsl = level >= LEVEL_CELL ? parts->wsl : "",
		.kernel = level >= LEVEL_EXACT ? parts->kernel : "",
		.windows = level >= LEVEL_EXACT ? parts->windows : "",
	};
}

static bool same_scope(const struct scope *a, const struct scope *b)
{
	return !strcmp(a->driver, b->driver) && !strcmp(a->wsl, b->wsl) &&
	       !strcmp(a->kernel, b->kernel) && !strcmp(a->windows, b->windows);
}

/* Combinations come ordered by their parts, so a scope is either the newest of its level
 * or not there yet. */
static void add_place(struct scopes *scopes, const char *address,
		      const struct scope *parts, bool full, size_t newest[LEVEL_COUNT])
{
	struct place *place =
		arena_push(&scopes->arena, scopes->places, scopes->n_places);
	memcpy(place->address, address, strnlen(address, sizeof(place->address) - 1));
	for (int i = 0; i < LEVEL_COUNT; i++) {
		enum level level = (enum level)i;
		struct scope scope = cut(parts, level);
		place->scopes[level] = NO_SCOPE;
		if (!knows(parts, full, level))
			continue;
		if (newest[level] == NO_SCOPE ||
		    !same_scope(&scopes->scope[newest[level]], &scope)) {
			newest[level] = scopes->n;
			*arena_push(&scopes->arena, scopes->scope, scopes->n) = scope;
		}
		place->scopes[level] = newest[level];
	}
}

static const char *part(struct scopes *scopes, struct stmt *stmt, const char *column)
{
	const char *text = stmt_text(stmt, column);
	return text ? arena_strdup(&scopes->arena, text) : "";
}

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	return strcmp(x->address, y->address);
}

struct error *scopes_load(struct store *store, const char *gpu, struct scopes *ret)
{
	struct scopes scopes = { 0 };
	size_t newest[LEVEL_COUNT] = { NO_SCOPE, NO_SCOPE, NO_SCOPE, NO_SCOPE };
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_COMBINATIONS_OF_GPU);
	stmt_bind_text(&stmt, "gpu", gpu);
	struct error *err;
	while (!(err = stmt_step(&stmt, &row)) && row) {
		struct scope parts = {
			.driver = part(&scopes, &stmt, "driver"),
			.wsl = part(&scopes, &stmt, "wsl"),
			.kernel = part(&scopes, &stmt, "kernel"),
			.windows = part(&scopes, &stmt, "windows"),
		};
		add_place(&scopes, stmt_text(&stmt, "combination"), &parts,
			  stmt_text(&stmt, "pci") != NULL, newest);
	}
	if (err) {
		scopes_deinit(&scopes);
		return err;
	}
	if (scopes.n_places)
		qsort(scopes.places, scopes.n_places, sizeof(*scopes.places),
		      compare_places);
	*ret = scopes;
	return NULL;
}

void scopes_deinit(struct scopes *scopes)
{
	arena_deinit(&scopes->arena);
	*scopes = (struct scopes){ 0 };
}

/* ---- counting ---- */

/* What one voter has shown in one slot of one scope so far. */
enum mark {
	MARK_QUIET = 1, /* good without unfamiliar failures */
	MARK_NOISY = 2, /* good with them */
	MARK_BAD = 4,   /* not only flaky */
	MARK_FLAKY = 8,
	MARK_ONCE = 16,
	MARK_CPU = 32,
};

struct ballot {
	uint8_t marks[RUNG_COUNT];
	bool touched;         /* by the voter */
	bool machine_touched; /* by the present machine */
};

struct counter {
	const struct scopes *scopes;
	struct tally *tallies;
	struct ballot *ballots; /* one per scope */
	size_t *touched;        /* scopes with a ballot of the present voter */
	size_t n_touched;
	/* the present group: runs of one machine under equal conditions */
	char *voter, *machine, *combination, *conditions;
	const struct place *place;
	struct reading_fold folds[RUNG_COUNT];
	uint32_t has;
	bool tried;
};

static uint8_t mark_of(enum reading reading)
{
	switch (reading) {
	case READING_GOOD:
		return MARK_QUIET;
	case READING_NOISY:
		return MARK_NOISY;
	case READING_BAD:
		return MARK_BAD;
	case READING_FLAKY:
		return MARK_FLAKY;
	case READING_ONCE:
		return MARK_ONCE;
	case READING_CPU_ONLY:
		return MARK_CPU;
	case READING_ABSENT:
	case READING_UNCOUNTED:
	case READING_COUNT:
		break;
	}
	return 0;
}

static void count_marks(struct votes *votes, uint8_t marks)
{
	bool good = marks & (MARK_QUIET | MARK_NOISY);
	bool bad = marks & (MARK_BAD | MARK_FLAKY);
	votes->good += good;
	votes->bad += bad;
	votes->noisy += good && !(marks & MARK_QUIET);
	votes->flaky += bad && !(marks & MARK_BAD);
	votes->once += !good && !bad && marks & MARK_ONCE;
	votes->cpu += !good && !bad && marks & MARK_CPU;
}

static void end_group(struct counter *c)
{
	for (int level = 0; c->place && level < LEVEL_COUNT; level++) {
		size_t at = c->place->scopes[level];
		if (at == NO_SCOPE)
			continue;
		struct ballot *ballot = &c->ballots[at];
		if (!ballot->touched)
			c->touched[c->n_touched++] = at;
		ballot->touched = true;
		ballot->machine_touched |= c->tried;
		c->tallies[at].has |= c->has;
		for (size_t slot = 0; slot < TALLY_SLOTS; slot++)
			ballot->marks[slot] |= mark_of(reading_fold_end(&c->folds[slot]));
	}
	memset(c->folds, 0, sizeof(c->folds));
	c->has = 0;
	c->tried = false;
}

static void end_machine(struct counter *c)
{
	for (size_t i = 0; i < c->n_touched; i++) {
		struct ballot *ballot = &c->ballots[c->touched[i]];
		c->tallies[c->touched[i]].machines += ballot->machine_touched;
		ballot->machine_touched = false;
	}
}

static void end_voter(struct counter *c)
{
	for (size_t i = 0; i < c->n_touched; i++) {
		struct ballot *ballot = &c->ballots[c->touched[i]];
		struct tally *tally = &c->tallies[c->touched[i]];
		for (size_t slot = 0; slot < TALLY_SLOTS; slot++)
			count_marks(&tally->votes[slot], ballot->marks[slot]);
		tally->voters++;
		*ballot = (struct ballot){ 0 };
	}
	c->n_touched = 0;
}

/* @return whether the text differs from what was kept, which it replaces. */
static bool changed(char **kept, const char *text)
{
	if (*kept && !strcmp(*kept, text))
		return false;
	free(*kept);
	*kept = xstrdup(text);
	return true;
}

static void begin_row(struct counter *c, struct stmt *votes)
{
	/* All four are compared each time: what ends a voter ends all below it. */
	bool voter = changed(&c->voter, stmt_text(votes, "voter"));
	bool machine = changed(&c->machine, stmt_text(votes, "machine")) || voter;
	bool combination = changed(&c->combination, stmt_text(votes, "combination"));
	bool group = changed(&c->conditions, stmt_text(votes, "conditions")) ||
		     combination || machine;
	if (group)
		end_group(c);
	if (machine)
		end_machine(c);
	if (voter)
		end_voter(c);
	if (!combination && c->place)
		return;
	struct place key = { 0 };
	memcpy(key.address, c->combination,
	       strnlen(c->combination, sizeof(key.address) - 1));
	c->place = bsearch(&key, c->scopes->places, c->scopes->n_places, sizeof(key),
			   compare_places);
}

static void note_date(struct tally *tally, const char *date)
{
	if (!date || !*date || strlen(date) >= DATE_SIZE)
		return;
	if (!*tally->first || strcmp(date, tally->first) < 0)
		strcpy(tally->first, date);
	if (strcmp(date, tally->newest) > 0)
		strcpy(tally->newest, date);
}

static void count_row(struct counter *c, struct stmt *votes)
{
	const char *readings = stmt_text(votes, "readings");
	const char *date = stmt_text(votes, "date");
	for (size_t slot = 0; slot < TALLY_SLOTS && readings[slot]; slot++) {
		enum reading reading = reading_of_letter(readings[slot]);
		reading_fold_add(&c->folds[slot], reading);
		if (reading == READING_ABSENT)
			continue;
		c->has |= rung_bit((enum rung)slot);
		c->tried |= reading != READING_UNCOUNTED;
	}
	for (int level = 0; c->place && level < LEVEL_COUNT; level++)
		if (c->place->scopes[level] != NO_SCOPE)
			note_date(&c->tallies[c->place->scopes[level]], date);
}

struct error *tally_votes(const struct scopes *scopes, struct stmt *votes,
			  struct tally *ret)
{
	struct counter c = {
		.scopes = scopes,
		.tallies = ret,
		.ballots = xcalloc(scopes->n + 1, sizeof(*c.ballots)),
		.touched = xcalloc(scopes->n + 1, sizeof(*c.touched)),
	};
	memset(ret, 0, scopes->n * sizeof(*ret));
	bool row = false;
	struct error *err;
	while (!(err = stmt_step(votes, &row)) && row) {
		begin_row(&c, votes);
		count_row(&c, votes);
	}
	end_group(&c);
	end_machine(&c);
	end_voter(&c);
	free(c.ballots);
	free(c.touched);
	free(c.voter);
	free(c.machine);
	free(c.combination);
	free(c.conditions);
	return err;
}
