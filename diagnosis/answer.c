#include "diagnosis/answer.h"

#include <inttypes.h>
#include <string.h>

#include "diagnosis/answer_paste.h"
#include "diagnosis/overview.h"
#include "diagnosis/setup.h"
#include "diagnosis/stack.h"
#include "diagnosis/window.h"
#include "util/strbuf.h"

#define TODO_MAX 2

static void say(struct answer *answer, struct strings *to, const char *text)
{
	if (text)
		strings_add(&answer->arena, to, text);
}

static void add_setup(struct answer *answer, const struct combination *combination)
{
	struct arena *arena = &answer->arena;
	say(answer, &answer->setup, setup_gpu(arena, combination));
	say(answer, &answer->setup, setup_driver(arena, combination));
	say(answer, &answer->setup, setup_wsl(arena, combination));
	say(answer, &answer->setup, setup_windows(arena, combination));
}

static bool has(const struct strings *strings, const char *text)
{
	for (size_t i = 0; i < strings->n; i++)
		if (!strcmp(strings->string[i], text))
			return true;
	return false;
}

static struct strings *drawer_of(struct answer *answer, enum certainty certainty)
{
	switch (certainty) {
	case CERTAINTY_TESTED:
		return &answer->tested;
	case CERTAINTY_LIKELY:
		return &answer->likely;
	case CERTAINTY_UNKNOWN:
	case CERTAINTY_COUNT:
		break;
	}
	return &answer->not_known;
}

/* Two pieces of advice to run the same thing are one. */
static bool is_same_run(const struct strings *todo, const char *text)
{
	static const char run[] = "dxgmatrix run:";
	for (size_t i = 0; i < todo->n; i++)
		if (!strncmp(todo->string[i], run, strlen(run)) &&
		    !strncmp(text, run, strlen(run)))
			return true;
	return false;
}

static void add_todo(struct answer *answer, const struct diagnosis *diagnosis)
{
	for (size_t i = 0; i < diagnosis->todo.n && answer->todo.n < TODO_MAX; i++) {
		const char *text = diagnosis->todo.string[i];
		if (!has(&answer->todo, text) && !is_same_run(&answer->todo, text))
			say(answer, &answer->todo, text);
	}
}

static void add_diagnoses(struct answer *answer, const struct record *record)
{
	/* What tells suspects apart is easier and more easily undone than any cure. */
	for (size_t i = 0; i < record->n_diagnoses; i++)
		if (!strcmp(record->diagnoses[i].rule, "two-suspects"))
			add_todo(answer, &record->diagnoses[i]);
	for (size_t i = 0; i < record->n_diagnoses; i++) {
		const struct diagnosis *diagnosis = &record->diagnoses[i];
		say(answer, drawer_of(answer, diagnosis->certainty), diagnosis->says);
		add_todo(answer, diagnosis);
	}
}

/* What lies on the far side of the break can't mend it. */
static void add_leave(struct answer *answer, const struct overview *o)
{
	if (!o->suspect || o->suspect->certainty == CERTAINTY_UNKNOWN)
		return;
	const char *text = NULL;
	switch (o->suspect->layer) {
	case LAYER_WINDOWS_DRIVER:
	case LAYER_DXG:
		text = "compiler, OpenCL and Vulkan packages, other distros: they are "
		       "above the break.";
		break;
	case LAYER_LOADER:
	case LAYER_COMPILER:
		text = o->door_tried && !o->door_broken ? "WSL, kernel, Windows driver: "
							  "nothing here points at them."
							: NULL;
		break;
	case LAYER_INFERENCE:
	case LAYER_COUNT:
	case LAYER_UNKNOWN:
		break;
	}
	say(answer, &answer->leave, text);
}

/* "3 query_adapter_info -22" */
static void add_kind(struct strbuf *buf, const struct answer_line *line)
{
	static const char prefix[] = "dxgkio_", words[] = ": Ioctl failed:";
	const char *name = line->line, *error = strstr(name, words);
	if (!error || strncmp(name, prefix, strlen(prefix)))
		return;
	name += strlen(prefix);
	strbuf_printf(buf, "%s%.*s%s", buf->length ? ", " : "", (int)(error - name), name,
		      error + strlen(words));
}

/* What the log got from elsewhere while we climbed, as far as a trace tells. */
static void add_foreign(struct answer *answer, const struct record *record)
{
	const struct window lines = window_of_record(record);
	if (lines.foreign)
		say(answer, &answer->not_it,
		    arena_printf(
			    &answer->arena,
			    "%" PRId64 " kernel line%s came meanwhile from other "
			    "programs (machine-wide: all distros and containers share "
			    "this log).",
			    lines.foreign, lines.foreign == 1 ? "" : "s"));
	if (lines.unknown)
		say(answer, &answer->not_it,
		    arena_printf(
			    &answer->arena,
			    "%" PRId64 " kernel line%s came while our steps ran; "
			    "without a trace ours can't be told from other programs' "
			    "(machine-wide).",
			    lines.unknown, lines.unknown == 1 ? "" : "s"));
}

static void add_not_it(struct answer *answer, const struct overview *o)
{
	cleanup_strbuf struct strbuf kinds;
	strbuf_init(&kinds);
	int64_t harmless = 0;
	for (size_t i = 0; i < answer->lines.n; i++) {
		const struct answer_line *line = &answer->lines.line[i];
		if (!line->met || line->class != SIGNATURE_HARMLESS)
			continue;
		harmless = counts_add(harmless, line->count);
		add_kind(&kinds, line);
	}
	if (harmless)
		say(answer, &answer->not_it,
		    arena_printf(&answer->arena,
				 "%" PRId64
				 " kernel line%s%s%s%s: machines that work print "
				 "%s too.",
				 harmless, harmless == 1 ? "" : "s",
				 kinds.length ? " (" : "", kinds.string,
				 kinds.length ? ")" : "", harmless == 1 ? "it" : "them"));
	add_foreign(answer, o->record);
	if (answer->word == ANSWER_NO && o->record->environment.kind == ENVIRONMENT_WSL2)
		say(answer, &answer->not_it,
		    "No /dev/dri, nothing in lspci: normal in WSL2.");
}

static const char *gpu_name(struct answer *answer, const struct overview *o)
{
	const char *name = o->record->combination.adapter.name;
	if (!name)
		name = setup_gpu(&answer->arena, &o->record->combination);
	return name ? name : "the GPU";
}

static void head_yes(struct answer *answer, const struct overview *o)
{
	const char *road = road_title(o->carrier->interface);
	answer->word = ANSWER_YES;
	say(answer, &answer->headline,
	    result_height(o->carrier) == RUNG_INFER
		    ? arena_printf(&answer->arena,
				   "YES: a small model ran on %s (%s) and gave the right "
				   "answers.",
				   gpu_name(answer, o), road)
		    : arena_printf(
			      &answer->arena,
			      "YES: a small program ran on %s (%s) and its numbers are "
			      "right.",
			      gpu_name(answer, o), road));
}

static const char *floor_words(struct answer *answer, const struct overview *o)
{
	const char *road = o->best ? road_title(o->best->interface) : "API";
	switch (o->suspect->layer) {
	case LAYER_WINDOWS_DRIVER:
		return "the Windows driver or its WSL part (layer 0)";
	case LAYER_DXG:
		return "DXG (layer 1), between WSL and the Windows driver";
	case LAYER_LOADER:
		return arena_printf(&answer->arena,
				    "the %s packages in this distro (layer 2)", road);
	case LAYER_COMPILER:
		return arena_printf(&answer->arena, "the %s compiler (layer 3)", road);
	case LAYER_INFERENCE:
	case LAYER_COUNT:
	case LAYER_UNKNOWN:
		break;
	}
	return arena_printf(&answer->arena, "running on the GPU with %s (layer 4)", road);
}

static bool compiles(const struct overview *o)
{
	const struct rung_result *compile =
		o->best ? result_rung(o->best, RUNG_COMPILE) : NULL;
	return compile && compile->outcome == OUTCOME_PASS;
}

static void head_broken(struct answer *answer, const struct overview *o)
{
	if (!o->suspect)
		return;
	const char *alibi = "";
	bool sure = o->suspect->certainty == CERTAINTY_TESTED;
	if (o->suspect->layer > LAYER_DXG && o->door_tried && !o->door_broken)
		alibi = o->submitted
				? arena_printf(
					  &answer->arena,
					  " The door to Windows works, tested with %s.",
					  road_title(o->submitted->interface))
				: " The door to Windows works, tested.";
	else if (o->suspect->layer <= LAYER_DXG && (sure || compiles(o)))
		alibi = " Not the compiler.";
	say(answer, &answer->headline,
	    arena_printf(&answer->arena, "%s: %s.%s",
			 sure ? "Broken inside" : "Most likely broken inside",
			 floor_words(answer, o), alibi));
}

static enum reason door_reason(const struct overview *o)
{
	const struct rung_result *bad =
		o->door_broken ? road_lowest_bad(o->door_broken) : NULL;
	return bad ? bad->reason : REASON_NONE;
}

static void head_no(struct answer *answer, const struct overview *o)
{
	answer->word = ANSWER_NO;
	const char *rule = o->record->n_diagnoses ? o->record->diagnoses[0].rule : "";
	if (door_reason(o) == REASON_NO_DEVICE_NODE)
		say(answer, &answer->headline,
		    "NO: WSL2 has no GPU here, /dev/dxg is missing: switched off, or a "
		    "driver without its WSL part.");
	else if (door_reason(o) == REASON_NO_HOST_CHANNEL)
		say(answer, &answer->headline,
		    "NO: /dev/dxg is there, but Windows offers this VM no GPU.");
	else if (!strcmp(rule, "npu-escape-refused") ||
		 !strcmp(rule, "npu-escape-tested"))
		say(answer, &answer->headline,
		    "NO, as far as is known: this NPU can be seen and opened; Windows "
		    "refuses the next step (WSL#40445).");
	else if (!o->any_installed && !o->door_broken)
		say(answer, &answer->headline,
		    "NO, not yet: the door to Windows works, but nothing that could use "
		    "the GPU is installed in this distro.");
	else if (!strcmp(rule, "adapter-gone"))
		say(answer, &answer->headline,
		    arena_printf(
			    &answer->arena,
			    "NO, not any more: the GPU answered up to %s, and then "
			    "was gone.",
			    stack_answered(o->door_broken, road_gone(o->door_broken))));
	else if (!strcmp(rule, "door-hung"))
		say(answer, &answer->headline,
		    "NO inside WSL2: Windows does not answer at the door to the GPU.");
	else
		say(answer, &answer->headline, "NO inside WSL2.");
	if (o->any_installed || o->door_broken)
		head_broken(answer, o);
}

static const char *not_wsl2_words(enum environment environment)
{
	switch (environment) {
	case ENVIRONMENT_WSL1:
		return "NOT WSL2: this is WSL1, which has no GPU. In Windows: wsl "
		       "--set-version DISTRO 2";
	case ENVIRONMENT_CONTAINER:
		return "NOT WSL2: a container. The steps run all the same; the result "
		       "stays out of the table.";
	case ENVIRONMENT_HYPER_V:
		return "NOT WSL2: a Hyper-V virtual machine. The steps run all the same; "
		       "the result stays out of the table.";
	case ENVIRONMENT_LINUX:
		return "NOT WSL2: an ordinary Linux machine. The steps run all the same; "
		       "the result stays out of the table.";
	case ENVIRONMENT_UNKNOWN:
	case ENVIRONMENT_WSL2:
	case ENVIRONMENT_COUNT:
		break;
	}
	return NULL;
}

/* @return whether a fault is there whatever the other steps would have come to. */
static bool has_proof(const struct overview *o)
{
	return o->door_broken ||
	       (o->suspect && o->suspect->certainty == CERTAINTY_TESTED);
}

/*
 * "clean to fence": Windows' scheduler answers, the vendor's driver is not proved. What else
 * was climbed stands beside that and is no higher. @return "" where it did not come so far
 */
static const char *door_words(const struct overview *o)
{
	const struct result *dxg = record_result(o->record, "dxg", ROLE_ADAPTER);
	const struct rung_result *fence = dxg ? result_rung(dxg, RUNG_FENCE) : NULL;
	return fence && fence->outcome == OUTCOME_PASS
		       ? "the door to Windows is clean to fence; "
		       : "";
}

static void head_untried(struct answer *answer, const struct overview *o)
{
	answer->word = ANSWER_NOT_KNOWN;
	say(answer, &answer->headline,
	    arena_printf(&answer->arena,
			 "NOT KNOWN: %sthis version does not climb %s, this GPU's own "
			 "road.",
			 door_words(o), road_title(o->untried)));
}

static void head_npu(struct answer *answer, const struct overview *o)
{
	const struct result *dxg = record_result(o->record, "dxg", ROLE_ADAPTER);
	const struct rung_result *escape = dxg ? result_rung(dxg, RUNG_ESCAPE) : NULL;
	bool passed = escape && escape->outcome == OUTCOME_PASS;
	answer->word = ANSWER_NOT_KNOWN;
	say(answer, &answer->headline,
	    passed ? "NOT KNOWN: this NPU can be seen and opened, and Windows passes our "
		     "message to its driver; no step of this version computes on it."
		   : "NOT KNOWN: this NPU can be seen and opened; the step that decides, "
		     "a message to its driver, is taken at --risk high alone.");
}

static void head_measured(struct answer *answer, const struct overview *o)
{
	const char *not_wsl2 = not_wsl2_words(o->record->environment.kind);
	if (o->control_failed) {
		answer->word = ANSWER_NOT_KNOWN;
		say(answer, &answer->headline,
		    "NOT KNOWN: our own check on the CPU failed too, so this says "
		    "nothing of the GPU. Please tell us.");
	} else if (not_wsl2 && (o->ordinary ||
				o->record->environment.kind != ENVIRONMENT_CONTAINER)) {
		answer->word = ANSWER_NOT_WSL2;
		say(answer, &answer->headline, not_wsl2);
	} else if (o->carrier) {
		head_yes(answer, o);
	} else if (!has_proof(o) && o->any_unfinished && (o->best || o->door_tried)) {
		/* The step that would have decided may be the one that was not taken. */
		answer->word = ANSWER_NOT_KNOWN;
		say(answer, &answer->headline,
		    "NOT KNOWN: not all steps came to their end, and none that did "
		    "decides.");
	} else if (o->untried) {
		head_untried(answer, o);
	} else if (o->npu && o->door_tried && !o->door_broken) {
		head_npu(answer, o);
	} else if (o->door_broken || o->best || (o->door_tried && o->any_missing)) {
		head_no(answer, o);
	} else if (not_wsl2) {
		answer->word = ANSWER_NOT_WSL2;
		say(answer, &answer->headline, not_wsl2);
	} else if (o->door_tried) {
		answer->word = ANSWER_NOT_KNOWN;
		say(answer, &answer->headline,
		    arena_printf(&answer->arena,
				 "NOT KNOWN: %sof the roads that use the GPU none was "
				 "tried.",
				 door_words(o)));
	} else {
		answer->word = ANSWER_NOT_KNOWN;
		say(answer, &answer->headline,
		    o->record->n_results
			    ? "NOT KNOWN: no step came to an end that says something."
			    : "NOT KNOWN: nothing was tried yet. In ten seconds: "
			      "dxgmatrix run");
	}
}

void answer_make(const struct record *record, struct answer *ret)
{
	*ret = (struct answer){ 0 };
	struct overview overview;
	overview_make(record, &overview);
	ret->npu = overview.npu;
	add_setup(ret, &record->combination);
	answer_add_lines(ret, record);
	stack_make(&overview, ret);
	if (record->source.kind == SOURCE_HARVESTED)
		answer_read_paste(ret, record);
	else
		head_measured(ret, &overview);
	add_diagnoses(ret, record);
	add_not_it(ret, &overview);
	add_leave(ret, &overview);
}

void answer_deinit(struct answer *answer)
{
	arena_deinit(&answer->arena);
}
