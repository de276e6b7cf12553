#include "diagnosis/diagnose.h"

#include <string.h>

#include "diagnosis/rule.h"
#include "util/strbuf.h"

void view_set(struct view *view, const char *name, const char *value)
{
	for (size_t i = 0; i < view->n_slots; i++)
		if (!strcmp(view->slot[i].name, name)) {
			view->slot[i].value = arena_strdup(&view->record->arena, value);
			return;
		}
	if (view->n_slots == RULE_SLOTS)
		return;
	view->slot[view->n_slots].name = name;
	view->slot[view->n_slots++].value = arena_strdup(&view->record->arena, value);
}

void view_set_format(struct view *view, const char *name, const char *format, ...)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	va_list args;
	va_start(args, format);
	strbuf_vprintf(&buf, format, args);
	va_end(args);
	view_set(view, name, buf.string);
}

static const char *slot(const struct view *view, const char *name, size_t length)
{
	for (size_t i = 0; i < view->n_slots; i++)
		if (strlen(view->slot[i].name) == length &&
		    !memcmp(view->slot[i].name, name, length))
			return view->slot[i].value;
	return NULL;
}

/* A sentence with its blanks filled in; a blank without a value stays as it stands. */
static const char *fill(struct view *view, const char *sentence)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	while (*sentence) {
		size_t plain = strcspn(sentence, "{");
		strbuf_add(&buf, sentence, plain);
		sentence += plain;
		const char *end = *sentence ? strchr(sentence, '}') : NULL;
		if (!end) {
			strbuf_add_string(&buf, sentence);
			break;
		}
		const char *value =
			slot(view, sentence + 1, (size_t)(end - sentence - 1));
		if (value)
			strbuf_add_string(&buf, value);
		else
			strbuf_add(&buf, sentence, (size_t)(end - sentence + 1));
		sentence = end + 1;
	}
	return arena_strdup(&view->record->arena, buf.string);
}

static bool is_said(const struct record *record, const char *rule)
{
	for (size_t i = 0; i < record->n_diagnoses; i++)
		if (!strcmp(record->diagnoses[i].rule, rule))
			return true;
	return false;
}

static bool is_covered(const struct record *record, const struct rule *rule)
{
	for (size_t i = 0; rule->unless[i]; i++)
		if (is_said(record, rule->unless[i]))
			return true;
	return false;
}

static int weight_of(const char *name)
{
	for (size_t i = 0; i < n_rules; i++)
		if (!strcmp(rules[i].name, name))
			return rules[i].weight;
	return 0;
}

/* Behind all that are as likely: rows of equal weight keep the order of the table. */
static struct diagnosis *insert(struct record *record, int weight)
{
	arena_push(&record->arena, record->diagnoses, record->n_diagnoses);
	size_t at = record->n_diagnoses - 1;
	while (at && weight_of(record->diagnoses[at - 1].rule) < weight) {
		record->diagnoses[at] = record->diagnoses[at - 1];
		at--;
	}
	record->diagnoses[at] = (struct diagnosis){ 0 };
	return &record->diagnoses[at];
}

/* Others say how it ended; no step of ours was climbed. */
static bool is_hearsay(const struct record *record)
{
	for (size_t i = 0; i < record->n_results; i++)
		if (!record->results[i].reported)
			return false;
	return true;
}

static void say(struct view *view, const struct rule *rule)
{
	struct record *record = view->record;
	bool remark = rule->of_lines && record->source.kind == SOURCE_MEASURED;
	bool hearsay = rule->certainty == CERTAINTY_TESTED && is_hearsay(record);
	struct diagnosis diagnosis = { .layer = remark ? LAYER_UNKNOWN : rule->layer,
				       .rule = rule->name,
				       .certainty = hearsay ? CERTAINTY_LIKELY
							    : rule->certainty,
				       .says = fill(view, rule->says) };
	for (size_t i = 0; i < 2 && rule->todo[i]; i++)
		strings_add(&record->arena, &diagnosis.todo, fill(view, rule->todo[i]));
	*insert(record, rule->weight) = diagnosis;
}

void diagnose(struct record *record)
{
	record->diagnoses = NULL;
	record->n_diagnoses = 0;
	struct view view = { .record = record };
	overview_make(record, &view.overview);
	for (size_t i = 0; i < n_rules; i++) {
		view.n_slots = 0;
		if (view.overview.ordinary && rules[i].layer != LAYER_UNKNOWN)
			continue;
		if (!is_covered(record, &rules[i]) && rules[i].when(&view))
			say(&view, &rules[i]);
	}
}
