/* The reading half of record.h: strict, with the JSON pointer of the first fault. */
#include "record/record.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include <jansson.h>

#include "record/canonical.h"
#include "record/hash.h"
#include "record/key.h"
#include "record/shape.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/strbuf.h"

/* Largest integer that every JSON reader keeps exact (RFC 7493 §2.2). */
#define INTEGER_MAX INT64_C(9007199254740991)

struct reader {
	struct arena *arena;
	struct strbuf pointer;
	struct error *error; /* the first fault; every later step does nothing */
};

static void fault(struct reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void fault(struct reader *r, const char *format, ...)
{
	if (r->error)
		return;
	va_list args;
	va_start(args, format);
	cleanup_free char *what = xvasprintf(format, args);
	va_end(args);
	r->error = error_create(
		"%s: %s", r->pointer.length ? r->pointer.string : "(document)", what);
}

static size_t enter(struct reader *r, const char *name)
{
	size_t length = r->pointer.length;
	pointer_add(&r->pointer, name);
	return length;
}

static size_t enter_index(struct reader *r, size_t index)
{
	size_t length = r->pointer.length;
	strbuf_printf(&r->pointer, "/%zu", index);
	return length;
}

static void leave(struct reader *r, size_t length)
{
	strbuf_truncate(&r->pointer, length);
}

static const char *type_words(json_type type)
{
	switch (type) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
		return "an integer";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	case JSON_REAL:
		return "a number";
	case JSON_NULL:
		return "null";
	}
	return "";
}

/* @return the value where it is of the type; absent and null are NULL without a fault. */
static const json_t *typed(struct reader *r, const json_t *value, json_type type)
{
	if (r->error || !value || json_is_null(value))
		return NULL;
	if (json_typeof(value) == type || (type == JSON_TRUE && json_is_boolean(value)))
		return value;
	fault(r, "is %s, expected %s", type_words(json_typeof(value)), type_words(type));
	return NULL;
}

/* ---- members of an object, by name ---- */

static const char *string_of(struct reader *r, const json_t *value,
			     const struct shape *shape)
{
	value = typed(r, value, JSON_STRING);
	if (!value)
		return NULL;
	const char *text = json_string_value(value);
	if (!shape->matches(text)) {
		fault(r, "'%.80s' is not %s", text, shape->words);
		return NULL;
	}
	return arena_strdup(r->arena, text);
}

static const char *read_string(struct reader *r, const json_t *object, const char *name,
			       const struct shape *shape)
{
	size_t here = enter(r, name);
	const char *string = string_of(r, json_object_get(object, name), shape);
	leave(r, here);
	return string;
}

/* @return the integer, or -1 where it is absent. */
static int64_t read_integer(struct reader *r, const json_t *object, const char *name,
			    int64_t least)
{
	size_t here = enter(r, name);
	const json_t *value = typed(r, json_object_get(object, name), JSON_INTEGER);
	int64_t integer = value ? json_integer_value(value) : -1;
	if (value && integer < least)
		fault(r, "is %" PRId64 ", less than %" PRId64, integer, least);
	leave(r, here);
	return integer;
}

/* @return the place of the string in a table of words, or -1 where it is absent. */
static int read_word(struct reader *r, const json_t *object, const char *name,
		     const char *const *words, int count)
{
	size_t here = enter(r, name);
	const json_t *value = typed(r, json_object_get(object, name), JSON_STRING);
	int found = -1;
	for (int i = 0; value && i < count; i++)
		if (words[i] && !strcmp(words[i], json_string_value(value)))
			found = i;
	if (value && found < 0)
		fault(r, "there is no word '%.80s' here", json_string_value(value));
	leave(r, here);
	return found;
}

static void require(struct reader *r, const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	if (value && !json_is_null(value))
		return;
	size_t here = enter(r, name);
	fault(r, "is missing");
	leave(r, here);
}

/* read_each(r, object, "name", function, data): function for each member of an array. */
typedef void read_item(struct reader *r, const json_t *item, void *data);

static void read_array(struct reader *r, const json_t *object, const char *name,
		       read_item *function, void *data)
{
	size_t here = enter(r, name);
	const json_t *array = typed(r, json_object_get(object, name), JSON_ARRAY);
	for (size_t i = 0; i < json_array_size(array) && !r->error; i++) {
		size_t there = enter_index(r, i);
		const json_t *item = json_array_get(array, i);
		if (json_is_null(item))
			fault(r, "is null");
		function(r, item, data);
		leave(r, there);
	}
	leave(r, here);
}

static void read_strings_item(struct reader *r, const json_t *item, void *data)
{
	const char *string = string_of(r, item, &shape_text);
	if (string)
		strings_add(r->arena, data, string);
}

static void read_strings(struct reader *r, const json_t *object, const char *name,
			 struct strings *ret)
{
	read_array(r, object, name, read_strings_item, ret);
}

static void check_name(struct reader *r, const char *name, const struct shape *shape)
{
	if (!shape->matches(name))
		fault(r, "the name '%.80s' is not %s", name, shape->words);
}

static void read_errnos(struct reader *r, const char *ioctl, const json_t *counts,
			struct failures *ret)
{
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)typed(r, counts, JSON_OBJECT), name, value) {
		size_t here = enter(r, name);
		check_name(r, name, &shape_errno);
		const json_t *count = typed(r, value, JSON_INTEGER);
		if (!count)
			fault(r, "is null");
		else if (json_integer_value(count) < 1)
			fault(r, "a count is at least 1");
		else
			failures_add(r->arena, ret, ioctl, atoi(name),
				     json_integer_value(count));
		leave(r, here);
	}
}

static void read_failures(struct reader *r, const json_t *object, const char *member,
			  struct failures *ret)
{
	size_t there = enter(r, member);
	const char *name;
	json_t *value;
	json_object_foreach(
		(json_t *)typed(r, json_object_get(object, member), JSON_OBJECT), name,
		value) {
		size_t here = enter(r, name);
		check_name(r, name, &shape_word);
		read_errnos(r, name, value, ret);
		leave(r, here);
	}
	leave(r, there);
}

static void read_findings(struct reader *r, const json_t *object, const char *member,
			  struct findings *ret)
{
	size_t there = enter(r, member);
	const char *name;
	json_t *value;
	json_object_foreach(
		(json_t *)typed(r, json_object_get(object, member), JSON_OBJECT), name,
		value) {
		size_t here = enter(r, name);
		check_name(r, name, &shape_word);
		struct finding_value finding = { .name = arena_strdup(r->arena, name) };
		if (json_is_string(value)) {
			finding.kind = FINDING_STRING;
			finding.string = string_of(r, value, &shape_text);
		} else if (json_is_integer(value)) {
			finding.kind = FINDING_INTEGER;
			finding.integer = json_integer_value(value);
		} else if (json_is_boolean(value)) {
			finding.kind = FINDING_BOOLEAN;
			finding.integer = json_is_true(value);
		} else {
			fault(r, "is %s, expected a string, an integer, true or false",
			      type_words(json_typeof(value)));
		}
		*arena_push(r->arena, ret->finding, ret->n) = finding;
		leave(r, here);
	}
	leave(r, there);
}

/* ---- the parts of a record, in the order of the document ---- */

static const char *const source_names[] = { "measured", "harvested" };
static const char *const trigger_names[] = { "manual", "scheduled", "repeat" };
static const char *const power_names[] = { "ac", "battery" };
static const char *const class_names[] = { "gpu", "npu", "software" };

static const char *word_or_null(const char *const *words, int index)
{
	return index < 0 ? NULL : words[index];
}

static void read_source(struct reader *r, const json_t *root, struct record *ret)
{
	require(r, root, "source");
	size_t here = enter(r, "source");
	const json_t *source = typed(r, json_object_get(root, "source"), JSON_OBJECT);
	require(r, source, "kind");
	require(r, source, "tool");
	int kind = read_word(r, source, "kind", source_names, ARRAY_SIZE(source_names));
	ret->source.kind = kind == SOURCE_HARVESTED ? SOURCE_HARVESTED : SOURCE_MEASURED;
	ret->source.tool = read_string(r, source, "tool", &shape_text);
	ret->source.trigger =
		word_or_null(trigger_names, read_word(r, source, "trigger", trigger_names,
						      ARRAY_SIZE(trigger_names)));
	ret->source.url = read_string(r, source, "url", &shape_url);
	ret->source.text = read_string(r, source, "text", &shape_hash);
	ret->source.author = read_string(r, source, "author", &shape_hash);
	leave(r, here);
}

static void read_time(struct reader *r, const json_t *root, const char *today,
		      struct record *ret)
{
	bool measured = ret->source.kind == SOURCE_MEASURED;
	if (measured)
		require(r, root, "time");
	ret->time = read_string(r, root, "time", measured ? &shape_date : &shape_month);
	size_t here = enter(r, "time");
	/* A day of slack: clocks and time zones differ. */
	if (ret->time && shape_day(ret->time) > shape_day(today) + 1)
		fault(r, "'%s' lies in the future", ret->time);
	leave(r, here);
}

static void read_run(struct reader *r, const json_t *root, struct record *ret)
{
	size_t here = enter(r, "run");
	const json_t *run = typed(r, json_object_get(root, "run"), JSON_OBJECT);
	ret->run_n = read_integer(r, run, "n", 1);
	ret->run_boot = read_integer(r, run, "boot", 1);
	leave(r, here);
}

static void read_environment(struct reader *r, const json_t *root, struct record *ret)
{
	size_t here = enter(r, "environment");
	const json_t *environment =
		typed(r, json_object_get(root, "environment"), JSON_OBJECT);
	int kind =
		read_word(r, environment, "kind", environment_names, ENVIRONMENT_COUNT);
	ret->environment.kind = kind < 0 ? ENVIRONMENT_UNKNOWN : (enum environment)kind;
	read_strings(r, environment, "seen", &ret->environment.seen);
	ret->environment.power =
		word_or_null(power_names, read_word(r, environment, "power", power_names,
						    ARRAY_SIZE(power_names)));
	leave(r, here);
}

static void read_adapter(struct reader *r, const json_t *combination, struct adapter *ret)
{
	size_t here = enter(r, "adapter");
	const json_t *adapter =
		typed(r, json_object_get(combination, "adapter"), JSON_OBJECT);
	ret->present = adapter != NULL;
	ret->vendor = read_string(r, adapter, "vendor", &shape_vendor);
	ret->pci = read_string(r, adapter, "pci", &shape_pci);
	ret->revision = read_string(r, adapter, "revision", &shape_revision);
	ret->name = read_string(r, adapter, "name", &shape_text);
	ret->class = word_or_null(class_names, read_word(r, adapter, "class", class_names,
							 ARRAY_SIZE(class_names)));
	ret->index = (int)read_integer(r, adapter, "index", 0);
	if (ret->pci && ret->vendor && strncmp(ret->pci, ret->vendor, 4)) {
		size_t there = enter(r, "vendor");
		fault(r, "'%s' is not the vendor of %s", ret->vendor, ret->pci);
		leave(r, there);
	}
	if (ret->pci && !ret->vendor)
		ret->vendor = arena_strndup(r->arena, ret->pci, 4);
	leave(r, here);
}

static void read_driver(struct reader *r, const json_t *combination,
			struct combination *ret)
{
	size_t here = enter(r, "driver");
	const json_t *driver =
		typed(r, json_object_get(combination, "driver"), JSON_OBJECT);
	ret->driver = read_string(r, driver, "version", &shape_four_parts);
	ret->driver_date = read_string(r, driver, "date", &shape_date);
	ret->driver_inf = read_string(r, driver, "inf", &shape_text);
	ret->driver_public = read_string(r, driver, "public", &shape_text);
	leave(r, here);
}

static void read_guest(struct reader *r, const json_t *combination,
		       struct combination *ret)
{
	size_t here = enter(r, "guest");
	const json_t *guest =
		typed(r, json_object_get(combination, "guest"), JSON_OBJECT);
	ret->distro = read_string(r, guest, "distro", &shape_text);
	size_t there = enter(r, "packages");
	const char *name;
	json_t *value;
	json_object_foreach(
		(json_t *)typed(r, json_object_get(guest, "packages"), JSON_OBJECT), name,
		value) {
		size_t at = enter(r, name);
		const char *version = string_of(r, value, &shape_text);
		if (version)
			*arena_push(r->arena, ret->packages, ret->n_packages) =
				(struct package){ arena_strdup(r->arena, name), version };
		leave(r, at);
	}
	leave(r, there);
	leave(r, here);
}

static void read_combination(struct reader *r, const json_t *root,
			     struct combination *ret)
{
	require(r, root, "combination");
	size_t here = enter(r, "combination");
	const json_t *combination =
		typed(r, json_object_get(root, "combination"), JSON_OBJECT);
	read_adapter(r, combination, &ret->adapter);
	read_driver(r, combination, ret);
	ret->wsl = read_string(r, combination, "wsl", &shape_four_parts);
	ret->wsl_installed =
		read_string(r, combination, "wsl_installed", &shape_four_parts);
	ret->kernel = read_string(r, combination, "kernel", &shape_text);
	ret->windows = read_string(r, combination, "windows", &shape_windows);
	read_guest(r, combination, ret);
	size_t there = enter(r, "components");
	const json_t *components =
		typed(r, json_object_get(combination, "components"), JSON_OBJECT);
	ret->wslg = read_string(r, components, "wslg", &shape_text);
	ret->msrdc = read_string(r, components, "msrdc", &shape_text);
	ret->direct3d = read_string(r, components, "direct3d", &shape_text);
	ret->dxcore = read_string(r, components, "dxcore", &shape_text);
	leave(r, there);
	leave(r, here);
}

static void read_kernel_log(struct reader *r, const json_t *root, struct kernel_log *ret)
{
	size_t here = enter(r, "kernel_log");
	const json_t *log = typed(r, json_object_get(root, "kernel_log"), JSON_OBJECT);
	ret->lost = read_integer(r, log, "lost", 0);
	ret->unread = read_string(r, log, "unread", &shape_text);
	ret->present = log && !ret->unread;
	if (ret->present)
		require(r, log, "failed");
	read_failures(r, log, "failed", &ret->failed);
	read_failures(r, log, "boot", &ret->boot);
	read_failures(r, log, "idle", &ret->idle);
	read_strings(r, log, "other", &ret->other);
	leave(r, here);
}

static void read_call(struct reader *r, const char *name, const json_t *value,
		      struct trace *trace)
{
	const json_t *counts = typed(r, value, JSON_OBJECT);
	struct trace_call call = { .ioctl = arena_strdup(r->arena, name) };
	require(r, counts, "calls");
	call.calls = read_integer(r, counts, "calls", 1);
	call.max_us = read_integer(r, counts, "max_us", 0);
	size_t here = enter(r, "failed");
	read_errnos(r, name, json_object_get(counts, "failed"), &call.failed);
	leave(r, here);
	here = enter(r, "expected");
	read_errnos(r, name, json_object_get(counts, "expected"), &call.expected);
	leave(r, here);
	*arena_push(r->arena, trace->call, trace->n) = call;
}

static void read_trace(struct reader *r, const json_t *rung, struct trace *ret)
{
	size_t here = enter(r, "trace");
	const json_t *trace = typed(r, json_object_get(rung, "trace"), JSON_OBJECT);
	if (trace)
		require(r, trace, "how");
	ret->how = read_string(r, trace, "how", &shape_text);
	size_t there = enter(r, "calls");
	const char *name;
	json_t *value;
	json_object_foreach(
		(json_t *)typed(r, json_object_get(trace, "calls"), JSON_OBJECT), name,
		value) {
		size_t at = enter(r, name);
		check_name(r, name, &shape_word);
		read_call(r, name, value, ret);
		leave(r, at);
	}
	leave(r, there);
	leave(r, here);
}

static enum outcome outcome_of(struct reader *r, const json_t *value)
{
	enum outcome outcome = OUTCOME_ERROR;
	const char *name = string_of(r, value, &shape_text);
	if (name && !outcome_parse(name, &outcome))
		fault(r, "there is no outcome '%.80s'", name);
	return outcome;
}

static enum outcome read_outcome(struct reader *r, const json_t *object)
{
	require(r, object, "outcome");
	size_t here = enter(r, "outcome");
	enum outcome outcome = outcome_of(r, json_object_get(object, "outcome"));
	leave(r, here);
	return outcome;
}

static bool read_rung_name(struct reader *r, const json_t *object, const char *member,
			   enum rung *ret)
{
	size_t here = enter(r, member);
	const char *name = string_of(r, json_object_get(object, member), &shape_text);
	if (name && !rung_parse(name, ret))
		fault(r, "there is no rung '%.80s'", name);
	leave(r, here);
	return name != NULL;
}

static enum reason read_reason(struct reader *r, const json_t *rung)
{
	enum reason reason = REASON_NONE;
	size_t here = enter(r, "reason");
	const char *name = string_of(r, json_object_get(rung, "reason"), &shape_text);
	if (name && !reason_parse(name, &reason))
		fault(r, "there is no reason '%.80s'", name);
	leave(r, here);
	return reason;
}

static void read_try(struct reader *r, const json_t *item, void *data)
{
	struct rung_result *ret = data;
	enum outcome outcome = outcome_of(r, item);
	if (ret->n_tries == TRIES_MAX)
		fault(r, "more than %d tries", TRIES_MAX);
	else
		ret->tries[ret->n_tries++] = outcome;
}

static void read_rung(struct reader *r, const json_t *item, void *data)
{
	struct result *result = data;
	const json_t *rung = typed(r, item, JSON_OBJECT);
	struct rung_result ret = { 0 };
	require(r, rung, "rung");
	read_rung_name(r, rung, "rung", &ret.rung);
	ret.outcome = read_outcome(r, rung);
	ret.reason = read_reason(r, rung);
	ret.blocked = read_rung_name(r, rung, "by", &ret.by);
	ret.ms = read_integer(r, rung, "ms", 0);
	read_array(r, rung, "tries", read_try, &ret);
	int risk = read_word(r, rung, "risk", risk_names, RISK_COUNT);
	ret.risk = risk < 0 ? rung_rows[ret.rung].risk : (enum risk)risk;
	read_findings(r, rung, "findings", &ret.findings);
	read_trace(r, rung, &ret.trace);
	ret.has_kernel_log = json_is_object(json_object_get(rung, "kernel_log"));
	read_failures(r, rung, "kernel_log", &ret.kernel_log);
	if (!r->error && result_rung(result, ret.rung))
		fault(r, "a second rung '%s'", rung_rows[ret.rung].name);
	*arena_push(r->arena, result->rungs, result->n_rungs) = ret;
}

static void read_result(struct reader *r, const json_t *item, void *data)
{
	struct record *record = data;
	const json_t *result = typed(r, item, JSON_OBJECT);
	struct result ret = { 0 };
	require(r, result, "interface");
	ret.interface = read_string(r, result, "interface", &shape_word);
	int role = read_word(r, result, "role", role_names, ROLE_COUNT);
	ret.role = role < 0 ? ROLE_ADAPTER : (enum role)role;
	size_t here = enter(r, "reported");
	const json_t *reported = typed(r, json_object_get(result, "reported"), JSON_TRUE);
	ret.reported = json_is_true(reported);
	leave(r, here);
	if (ret.reported)
		ret.outcome = read_outcome(r, result);
	read_findings(r, result, "device", &ret.device);
	read_array(r, result, "rungs", read_rung, &ret);
	*arena_push(r->arena, record->results, record->n_results) = ret;
}

static void read_diagnosis(struct reader *r, const json_t *item, void *data)
{
	struct record *record = data;
	const json_t *diagnosis = typed(r, item, JSON_OBJECT);
	struct diagnosis ret = { 0 };
	int64_t layer = read_integer(r, diagnosis, "layer", 0);
	size_t here = enter(r, "layer");
	if (layer >= LAYER_COUNT)
		fault(r, "there is no layer %" PRId64, layer);
	leave(r, here);
	ret.layer = (enum layer)layer;
	require(r, diagnosis, "rule");
	require(r, diagnosis, "certainty");
	require(r, diagnosis, "says");
	ret.rule = read_string(r, diagnosis, "rule", &shape_word);
	int certainty =
		read_word(r, diagnosis, "certainty", certainty_names, CERTAINTY_COUNT);
	ret.certainty = certainty < 0 ? CERTAINTY_UNKNOWN : (enum certainty)certainty;
	ret.says = read_string(r, diagnosis, "says", &shape_text);
	read_strings(r, diagnosis, "do", &ret.todo);
	*arena_push(r->arena, record->diagnoses, record->n_diagnoses) = ret;
}

static void read_evidence(struct reader *r, const json_t *root, struct record *ret)
{
	size_t here = enter(r, "evidence");
	const char *pointer;
	json_t *value;
	json_object_foreach(
		(json_t *)typed(r, json_object_get(root, "evidence"), JSON_OBJECT),
		pointer, value) {
		size_t there = enter(r, pointer);
		check_name(r, pointer, &shape_pointer);
		const json_t *evidence = typed(r, value, JSON_OBJECT);
		*arena_push(r->arena, ret->evidence, ret->n_evidence) = (struct evidence){
			.pointer = arena_strdup(r->arena, pointer),
			.line = read_integer(r, evidence, "line", 1),
			.text = read_string(r, evidence, "text", &shape_text),
		};
		leave(r, there);
	}
	leave(r, here);
}

/* @return whether a JSON pointer leads to a value other than null. */
static bool points_somewhere(const json_t *value, const char *pointer)
{
	while (value && *pointer == '/') {
		size_t length = strcspn(pointer + 1, "/");
		cleanup_free char *name = xstrndup(pointer + 1, length);
		value = json_object_get(value, name);
		pointer += 1 + length;
	}
	return value && !json_is_null(value);
}

struct contradiction_reader {
	const json_t *root;
	struct record *record;
};

static void read_contradiction(struct reader *r, const json_t *item, void *data)
{
	struct contradiction_reader *to = data;
	const json_t *contradiction = typed(r, item, JSON_OBJECT);
	struct contradiction ret = { 0 };
	require(r, contradiction, "pointer");
	require(r, contradiction, "values");
	ret.pointer = read_string(r, contradiction, "pointer", &shape_pointer);
	read_strings(r, contradiction, "values", &ret.values);
	if (ret.values.n < 2)
		fault(r, "a contradiction has at least two values");
	if (ret.pointer && points_somewhere(to->root, ret.pointer))
		fault(r, "%.80s is contradicted, so it must be left out", ret.pointer);
	*arena_push(r->arena, to->record->contradictions, to->record->n_contradictions) =
		ret;
}

static void read_schema(struct reader *r, const json_t *root)
{
	require(r, root, "schema");
	size_t here = enter(r, "schema");
	const json_t *schema = typed(r, json_object_get(root, "schema"), JSON_STRING);
	if (schema && strcmp(json_string_value(schema), RECORD_SCHEMA))
		fault(r, "is '%.80s', expected '%s'", json_string_value(schema),
		      RECORD_SCHEMA);
	leave(r, here);
}

static void read_members(struct reader *r, const json_t *root, const char *today,
			 struct record *ret)
{
	if (!json_is_object(root)) {
		fault(r, "is %s, expected an object", type_words(json_typeof(root)));
		return;
	}
	read_schema(r, root);
	read_source(r, root, ret);
	read_time(r, root, today, ret);
	read_run(r, root, ret);
	read_environment(r, root, ret);
	read_combination(r, root, &ret->combination);
	read_kernel_log(r, root, &ret->kernel_log);
	read_array(r, root, "results", read_result, ret);
	read_array(r, root, "diagnosis", read_diagnosis, ret);
	read_evidence(r, root, ret);
	struct contradiction_reader contradictions = { root, ret };
	read_array(r, root, "contradictions", read_contradiction, &contradictions);
}

/* ---- what holds for every value, known member or not ---- */

static void check_length(struct reader *r, size_t length)
{
	if (length > RECORD_STRING_MAX)
		fault(r, "a string of %zu bytes, more than %d", length,
		      RECORD_STRING_MAX);
}

static void check_value(struct reader *r, const json_t *value, int depth)
{
	if (depth > RECORD_DEPTH_MAX)
		fault(r, "nested deeper than %d", RECORD_DEPTH_MAX);
	if (r->error)
		return;
	const char *name;
	json_t *member;
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		json_object_foreach((json_t *)value, name, member) {
			check_length(r, strlen(name));
			if (r->error)
				return;
			size_t here = enter(r, name);
			check_value(r, member, depth + 1);
			leave(r, here);
		}
		break;
	case JSON_ARRAY:
		for (size_t i = 0; i < json_array_size(value); i++) {
			size_t here = enter_index(r, i);
			check_value(r, json_array_get(value, i), depth + 1);
			leave(r, here);
		}
		break;
	case JSON_STRING:
		check_length(r, json_string_length(value));
		break;
	case JSON_INTEGER:
		if (json_integer_value(value) > INTEGER_MAX ||
		    json_integer_value(value) < -INTEGER_MAX)
			fault(r, "an integer beyond 2^53 - 1");
		break;
	case JSON_REAL:
		fault(r, "a floating-point number; numbers are integers with the unit in "
			 "their name");
		break;
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
		break;
	}
}

static const char *const unsigned_members[] = { "id", "sig", NULL };

static void check_id(struct reader *r, const json_t *root, const char *body, size_t size,
		     struct record *ret)
{
	cleanup_free char *id = hash_address(body, size);
	const char *claimed = read_string(r, root, "id", &shape_hash);
	size_t here = enter(r, "id");
	if (claimed && strcmp(claimed, id))
		fault(r, "is not the document's own, %s", id);
	leave(r, here);
	ret->id = arena_strdup(r->arena, id);
}

static void check_signature(struct reader *r, const json_t *root, const char *body,
			    size_t size, struct record *ret)
{
	ret->key = read_string(r, root, "key", &shape_text);
	const char *signature = read_string(r, root, "sig", &shape_text);
	size_t here = enter(r, "sig");
	if (ret->key && !signature)
		fault(r, "is missing beside key");
	else if (signature && !ret->key)
		fault(r, "stands without key");
	else if (signature && !key_verify(ret->key, signature, body, size))
		fault(r, "is not the signature of this document by its key");
	leave(r, here);
}

static void read_root(struct reader *r, json_t *root, const char *today,
		      struct record *ret)
{
	check_value(r, root, 1);
	read_members(r, root, today, ret);
	if (r->error)
		return;
	cleanup_strbuf struct strbuf body;
	strbuf_init(&body);
	canonical_add(&body, root, unsigned_members);
	check_id(r, root, body.string, body.length, ret);
	check_signature(r, root, body.string, body.length, ret);
	if (r->error)
		return;
	json_object_set_new(root, "id", json_string(ret->id));
	strbuf_truncate(&body, 0);
	canonical_add(&body, root, NULL);
	ret->size = body.length;
	ret->bytes = strbuf_take(&body);
}

static json_t *parse(struct reader *r, const char *bytes, size_t size)
{
	if (size > RECORD_SIZE_MAX) {
		fault(r, "%zu bytes, more than %d", size, RECORD_SIZE_MAX);
		return NULL;
	}
	json_error_t error;
	json_t *root = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error);
	if (root)
		return root;
	size_t position = error.position > 0 ? (size_t)error.position : 0;
	pointer_at(bytes, position < size ? position : size, &r->pointer);
	fault(r, "%s (line %d)", error.text, error.line);
	return NULL;
}

struct error *record_read(const char *bytes, size_t size, const char *today,
			  struct record *ret)
{
	record_init(ret);
	struct reader reader = { .arena = &ret->arena };
	strbuf_init(&reader.pointer);
	json_t *root = parse(&reader, bytes, size);
	if (root) {
		read_root(&reader, root, today, ret);
		json_decref(root);
	}
	strbuf_deinit(&reader.pointer);
	if (reader.error)
		record_deinit(ret);
	return reader.error;
}
