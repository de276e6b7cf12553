#include "diagnosis/answer_paste.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "diagnosis/road.h"
#include "diagnosis/setup.h"
#include "diagnosis/window.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/strbuf.h"

/* Later than this after the start of the VM, a line has nothing to do with booting. */
#define BOOT_SECONDS 120

static const char *evidence_of(const struct record *record, const char *pointer)
{
	for (size_t i = 0; i < record->n_evidence; i++)
		if (!strcmp(record->evidence[i].pointer, pointer))
			return record->evidence[i].text;
	return NULL;
}

/* When the first line of a kind was printed, where its evidence begins with a stamp. */
static const char *when_of(struct arena *arena, const struct record *record,
			   const struct failure *failure)
{
	cleanup_free char *pointer =
		xasprintf("/kernel_log/failed/%s/%d", failure->ioctl, failure->error);
	const char *text = evidence_of(record, pointer);
	if (!text || text[0] != '[')
		return NULL;
	char *end;
	double seconds = strtod(text + 1, &end);
	if (end == text + 1 || *end != ']' || seconds < 0)
		return NULL;
	return seconds > BOOT_SECONDS
		       ? arena_printf(arena, "at %.1f s, long after boot", seconds)
		       : arena_printf(arena, "at %.1f s, while booting", seconds);
}

/* All lines of a kind were printed while booting, as their stamps tell. */
static bool is_of_boot(const struct record *record, const struct failure *failure)
{
	const struct failures *boot = &record->kernel_log.boot;
	for (size_t i = 0; i < boot->n; i++)
		if (boot->failure[i].error == failure->error &&
		    !strcmp(boot->failure[i].ioctl, failure->ioctl))
			return boot->failure[i].count == failure->count;
	return false;
}

/* How many lines of a kind the traced calls of all rungs account for. */
static int64_t own_lines(const struct record *record, const struct failure *failure)
{
	int64_t own = 0;
	for (size_t i = 0; i < record->n_results; i++)
		for (size_t j = 0; j < record->results[i].n_rungs; j++)
			own = counts_add(
				own, window_ours(&record->results[i].rungs[j], failure));
	return own < failure->count ? own : failure->count;
}

static void add_failure(struct answer *answer, const struct record *record,
			const struct failure *failure)
{
	struct arena *arena = &answer->arena;
	const struct signature *row =
		is_of_boot(record, failure)
			? signature_find_boot(failure->ioctl, failure->error)
			: signature_find(failure->ioctl, failure->error);
	struct answer_line *line = arena_push(arena, answer->lines.line, answer->lines.n);
	line->count = failure->count;
	line->own = own_lines(record, failure);
	line->line = arena_printf(arena, "%s: Ioctl failed: %d", failure->ioctl,
				  failure->error);
	line->met = row;
	if (!row)
		return;
	line->class = row->class;
	line->meaning = row->meaning;
	line->sources = row->sources[0] ? row->sources : NULL;
	if (row->class != SIGNATURE_HARMLESS)
		line->when = when_of(arena, record, failure);
}

static void set_met(struct answer_line *line, enum signature_class class,
		    const char *meaning, const char *const *sources)
{
	line->met = true;
	line->class = class;
	line->meaning = meaning;
	line->sources = sources[0] ? sources : NULL;
}

static void add_message(struct answer *answer, const char *text)
{
	const struct signature_message *row = signature_find_message(text);
	const struct signature *number = row ? NULL : signature_find_short(text);
	struct answer_line *line =
		arena_push(&answer->arena, answer->lines.line, answer->lines.n);
	line->count = 1;
	/* A warning is kept whole; its first line says what it is. */
	line->line = arena_strndup(&answer->arena, text, strcspn(text, "\n"));
	line->met = false;
	if (row)
		set_met(line, row->class, row->meaning, row->sources);
	else if (number)
		set_met(line, number->class, number->meaning, number->sources);
}

/* Trouble, what depends, what nobody has met, harmless; then the rarer first. */
static int weight(const struct answer_line *line)
{
	if (!line->met)
		return 1;
	switch (line->class) {
	case SIGNATURE_TROUBLE:
		return 3;
	case SIGNATURE_DEPENDS:
		return 2;
	case SIGNATURE_HARMLESS:
		break;
	}
	return 0;
}

static int compare_lines(const void *a, const void *b)
{
	const struct answer_line *x = a, *y = b;
	if (weight(x) != weight(y))
		return weight(y) - weight(x);
	if (x->count != y->count)
		return x->count < y->count ? -1 : 1;
	return strcmp(x->line, y->line);
}

void answer_add_lines(struct answer *answer, const struct record *record)
{
	const struct failures *failed = &record->kernel_log.failed;
	for (size_t i = 0; i < failed->n; i++)
		add_failure(answer, record, &failed->failure[i]);
	for (size_t i = 0; i < record->kernel_log.other.n; i++)
		add_message(answer, record->kernel_log.other.string[i]);
	if (answer->lines.n)
		qsort(answer->lines.line, answer->lines.n, sizeof(*answer->lines.line),
		      compare_lines);
}

/* How many kinds and how many lines weigh so much. */
struct tally {
	size_t kinds;
	int64_t lines;
};

static struct tally count(const struct answer *answer, int least, int most)
{
	struct tally tally = { 0 };
	for (size_t i = 0; i < answer->lines.n; i++) {
		const struct answer_line *line = &answer->lines.line[i];
		if (weight(line) < least || weight(line) > most)
			continue;
		tally.kinds++;
		tally.lines = counts_add(tally.lines, line->count);
	}
	return tally;
}

static const char *number(struct arena *arena, size_t n)
{
	static const char *const words[] = {
		"NO", "ONE", "TWO", "THREE", "FOUR", "FIVE"
	};
	return n < ARRAY_SIZE(words) ? words[n] : arena_printf(arena, "%zu", n);
}

static void head_worth(struct answer *answer, struct tally worth, struct tally harmless)
{
	struct arena *arena = &answer->arena;
	const char *verb = count(answer, 3, 3).kinds ? "THAT MATTERS" : "WORTH A TEST";
	const char *what;
	if (worth.lines == 1)
		what = arena_printf(arena, "ONE LINE %s", verb);
	else if (worth.kinds == 1)
		what = arena_printf(arena, "ONE KIND OF LINE %s, %" PRId64 " times", verb,
				    worth.lines);
	else
		what = arena_printf(arena, "%s KINDS OF LINES %s",
				    number(arena, worth.kinds),
				    !strcmp(verb, "THAT MATTERS") ? "THAT MATTER" : verb);
	answer->word = ANSWER_WORTH_A_TEST;
	strings_add(arena, &answer->headline,
		    harmless.lines
			    ? arena_printf(arena, "%s, %" PRId64 " harmless one%s.", what,
					   harmless.lines, harmless.lines == 1 ? "" : "s")
			    : arena_printf(arena, "%s.", what));
}

static void head_reported(struct answer *answer, const struct record *record)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	for (size_t i = 0; i < record->n_results; i++) {
		const struct result *result = &record->results[i];
		if (result->reported)
			strbuf_printf(&buf, "%s%s %s", buf.length ? ", " : "",
				      road_title(result->interface),
				      outcome_rows[result->outcome].words);
	}
	if (buf.length)
		strings_add(&answer->arena, &answer->headline,
			    arena_printf(&answer->arena, "Reported in the text: %s.",
					 buf.string));
}

static bool nothing_found(const struct record *record)
{
	const struct combination *c = &record->combination;
	for (int i = 0; i < COMPONENT_COUNT; i++)
		if (combination_version(c, (enum component)i))
			return false;
	return !c->adapter.present && !c->driver_public && !c->distro && !c->n_packages &&
	       !record->n_contradictions && !record->n_results;
}

/* Something is reported, and all of it works. */
static bool all_pass(const struct record *record)
{
	for (size_t i = 0; i < record->n_results; i++)
		if (!record->results[i].reported ||
		    record->results[i].outcome != OUTCOME_PASS)
			return false;
	return record->n_results;
}

static bool has_likely_cause(const struct record *record)
{
	for (size_t i = 0; i < record->n_diagnoses; i++)
		if (record->diagnoses[i].certainty == CERTAINTY_LIKELY)
			return true;
	return false;
}

static const char *words_without_lines(const struct record *record)
{
	if (nothing_found(record))
		return "NOT KNOWN: nothing in this text is known to us.";
	if (has_likely_cause(record))
		return "NOT KNOWN for sure: there is no DXG line in this text, but a "
		       "likely cause.";
	if (record->n_results)
		return "NOT KNOWN why: there is no DXG line in this text.";
	return "NOT KNOWN: this text has no DXG line, nothing that worked and nothing "
	       "that failed.";
}

static void head_no_lines(struct answer *answer, const struct record *record)
{
	bool works = all_pass(record);
	answer->word = works ? ANSWER_NO_FAULT : ANSWER_NOT_KNOWN;
	strings_add(&answer->arena, &answer->headline,
		    works ? "NO FAULT SHOWN by this text." : words_without_lines(record));
}

/* The lines show none; one that nobody has met, and what is no line, may. */
static void head_no_fault(struct answer *answer, const struct record *record)
{
	const struct tally unmet = count(answer, 1, 1);
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	strbuf_add_string(&buf, "NO FAULT SHOWN by these lines");
	if (unmet.kinds)
		strbuf_printf(&buf, "; %" PRId64 "%s we have not met before", unmet.lines,
			      unmet.kinds == 1 ? " of a kind" : "");
	if (has_likely_cause(record))
		strbuf_add_string(&buf, "; a likely cause stands below");
	strbuf_add_char(&buf, '.');
	answer->word = ANSWER_NO_FAULT;
	strings_add(&answer->arena, &answer->headline, buf.string);
}

static void make_headline(struct answer *answer, const struct record *record)
{
	struct tally worth = count(answer, 2, 3), harmless = count(answer, 0, 0);
	const char *rule = record->n_diagnoses ? record->diagnoses[0].rule : "";
	if (!strcmp(rule, "npu-escape-refused")) {
		answer->word = ANSWER_NO;
		strings_add(&answer->arena, &answer->headline,
			    "NO, as far as is known: this NPU can be seen and opened; "
			    "Windows refuses the next step (WSL#40445).");
	} else if (worth.kinds) {
		head_worth(answer, worth, harmless);
	} else if (answer->lines.n) {
		head_no_fault(answer, record);
	} else {
		head_no_lines(answer, record);
	}
	head_reported(answer, record);
}

static void add_found(struct answer *answer, const struct record *record)
{
	struct arena *arena = &answer->arena;
	const struct combination *c = &record->combination;
	const char *const texts[] = { setup_gpu(arena, c), setup_driver(arena, c),
				      setup_wsl(arena, c), setup_windows(arena, c) };
	for_each_row(text, texts) {
		if (*text)
			strings_add(arena, &answer->found, *text);
	}
	for (size_t i = 0; i < c->n_packages; i++)
		strings_add(arena, &answer->found,
			    arena_printf(arena, "%s %s", c->packages[i].name,
					 c->packages[i].version));
}

static bool is_contradicted(const struct record *record, const char *pointer)
{
	for (size_t i = 0; i < record->n_contradictions; i++)
		if (!strncmp(record->contradictions[i].pointer, pointer, strlen(pointer)))
			return true;
	return false;
}

static void add_missing(struct answer *answer, const struct record *record)
{
	const struct combination *c = &record->combination;
	const struct {
		bool there;
		const char *pointer, *name;
	} rows[] = {
		{ c->adapter.present, "/combination/adapter", "GPU" },
		{ c->driver || c->driver_public, "/combination/driver",
		  "Windows driver" },
		{ c->wsl || c->wsl_installed, "/combination/wsl",
		  "WSL version (wsl --version)" },
		{ c->kernel, "/combination/kernel", "kernel (uname -r)" },
		{ c->windows, "/combination/windows", "Windows build" },
	};
	for_each_row(row, rows) {
		if (!row->there && !is_contradicted(record, row->pointer))
			strings_add(&answer->arena, &answer->missing, row->name);
	}
}

static void add_skimmed(struct answer *answer, const struct record *record)
{
	if (record->source.skimmed.from > 0)
		strings_add(
			&answer->arena, &answer->skimmed,
			arena_printf(&answer->arena,
				     "lines %" PRId64 " to %" PRId64
				     ", for the kernel's lines alone; the text is too "
				     "large for more.",
				     record->source.skimmed.from,
				     record->source.skimmed.to));
	if (record->kernel_log.left_out)
		strings_add(&answer->arena, &answer->skimmed,
			    arena_printf(&answer->arena,
					 "%" PRId64 " DXG message%s of further kinds: "
					 "there was no room for more.",
					 record->kernel_log.left_out,
					 record->kernel_log.left_out == 1 ? "" : "s"));
}

static const char *pointer_title(const char *pointer)
{
	static const char prefix[] = "/combination/";
	if (!strncmp(pointer, "/combination/adapter", 20))
		return "GPU";
#define X(constant, member, path, title)                                                 \
	if (!strcmp(pointer, "/combination/" path))                                      \
		return title;
	COMPONENTS(X)
#undef X
	return strncmp(pointer, prefix, strlen(prefix)) ? pointer
							: pointer + strlen(prefix);
}

static void add_contradictions(struct answer *answer, const struct record *record)
{
	for (size_t i = 0; i < record->n_contradictions; i++) {
		const struct contradiction *contradiction = &record->contradictions[i];
		cleanup_strbuf struct strbuf buf;
		strbuf_init(&buf);
		strbuf_printf(&buf, "%s: the text names ",
			      pointer_title(contradiction->pointer));
		for (size_t j = 0; j < contradiction->values.n; j++)
			strbuf_printf(&buf, "%s%s", j ? " and " : "",
				      contradiction->values.string[j]);
		strbuf_add_string(&buf, "; left out.");
		strings_add(&answer->arena, &answer->not_known, buf.string);
	}
}

void answer_read_paste(struct answer *answer, const struct record *record)
{
	make_headline(answer, record);
	add_found(answer, record);
	add_missing(answer, record);
	add_skimmed(answer, record);
	add_contradictions(answer, record);
}
