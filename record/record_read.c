/* The reading half of record.h: strict, with the JSON pointer of the first fault. */
#include "record/record.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include <jansson.h>

#include "record/canonical.h"
#include "record/failure_json.h"
#include "record/hash.h"
#include "record/key.h"
#include "record/reader.h"
#include "record/shape.h"
#include "record/trace_json.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/strbuf.h"

/* ---- what several parts hold ---- */

static void read_strings_item(struct reader *r, const json_t *item, void *data)
{
	const char *string = reader_text(r, item, &shape_text);
	if (string)
		strings_add(r->arena, data, string);
}

static void read_strings(struct reader *r, const json_t *object, const char *name,
			 struct strings *ret)
{
	read_array(r, object, name, read_strings_item, ret);
}

static void read_finding(struct reader *r, const char *name, const json_t *value,
			 void *data)
{
	struct findings *findings = data;
	struct finding_value finding = { .name = arena_strdup(r->arena, name) };
	if (json_is_string(value)) {
		finding.kind = FINDING_STRING;
		finding.string = reader_text(r, value, &shape_text);
	} else if (json_is_integer(value)) {
		finding.kind = FINDING_INTEGER;
		finding.integer = json_integer_value(value);
	} else if (json_is_boolean(value)) {
		finding.kind = FINDING_BOOLEAN;
		finding.integer = json_is_true(value);
	} else {
		reader_fault(r, "is neither a string nor an integer nor true or false");
	}
	*arena_push(r->arena, findings->finding, findings->n) = finding;
}

static void read_findings(struct reader *r, const json_t *object, const char *member,
			  struct findings *ret)
{
	read_map(r, object, member, &shape_word, read_finding, ret);
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

static void read_skimmed(struct reader *r, const json_t *source, struct record *ret)
{
	size_t here;
	const json_t *skimmed = read_object(r, source, "skimmed", &here);
	if (skimmed) {
		read_required(r, skimmed, "from");
		read_required(r, skimmed, "to");
	}
	int64_t from = read_integer(r, skimmed, "from", 1, INT64_MAX);
	ret->source.skimmed.from = from;
	ret->source.skimmed.to = read_integer(r, skimmed, "to", from, INT64_MAX);
	reader_leave(r, here);
}

static void read_source(struct reader *r, const json_t *root, struct record *ret)
{
	read_required(r, root, "source");
	size_t here;
	const json_t *source = read_object(r, root, "source", &here);
	read_required(r, source, "kind");
	read_required(r, source, "tool");
	int kind = read_word(r, source, "kind", source_names, ARRAY_SIZE(source_names));
	ret->source.kind = kind == SOURCE_HARVESTED ? SOURCE_HARVESTED : SOURCE_MEASURED;
	ret->source.tool = read_string(r, source, "tool", &shape_text);
	ret->source.trigger =
		word_or_null(trigger_names, read_word(r, source, "trigger", trigger_names,
						      ARRAY_SIZE(trigger_names)));
	ret->source.url = read_string(r, source, "url", &shape_url);
	ret->source.text = read_string(r, source, "text", &shape_hash);
	ret->source.author = read_string(r, source, "author", &shape_hash);
	read_skimmed(r, source, ret);
	reader_leave(r, here);
}

static void read_time(struct reader *r, const json_t *root, const char *today,
		      struct record *ret)
{
	bool measured = ret->source.kind == SOURCE_MEASURED;
	if (measured)
		read_required(r, root, "time");
	ret->time = read_string(r, root, "time", measured ? &shape_date : &shape_month);
	size_t here = reader_enter(r, "time");
	/* A day of slack: clocks and time zones differ. */
	if (ret->time && shape_day(ret->time) > shape_day(today) + 1)
		reader_fault(r, "'%s' lies in the future", ret->time);
	reader_leave(r, here);
}

static void read_run(struct reader *r, const json_t *root, struct record *ret)
{
	size_t here;
	const json_t *run = read_object(r, root, "run", &here);
	ret->run_n = read_integer(r, run, "n", 1, INT64_MAX);
	ret->run_boot = read_integer(r, run, "boot", 1, INT64_MAX);
	reader_leave(r, here);
}

static void read_environment(struct reader *r, const json_t *root, struct record *ret)
{
	size_t here;
	const json_t *environment = read_object(r, root, "environment", &here);
	int kind =
		read_word(r, environment, "kind", environment_names, ENVIRONMENT_COUNT);
	ret->environment.kind = kind < 0 ? ENVIRONMENT_UNKNOWN : (enum environment)kind;
	read_strings(r, environment, "seen", &ret->environment.seen);
	ret->environment.power =
		word_or_null(power_names, read_word(r, environment, "power", power_names,
						    ARRAY_SIZE(power_names)));
	reader_leave(r, here);
}

static void read_adapter(struct reader *r, const json_t *combination, struct adapter *ret)
{
	size_t here;
	const json_t *adapter = read_object(r, combination, "adapter", &here);
	ret->present = adapter != NULL;
	ret->vendor = read_string(r, adapter, "vendor", &shape_vendor);
	ret->pci = read_string(r, adapter, "pci", &shape_pci);
	ret->revision = read_string(r, adapter, "revision", &shape_revision);
	ret->name = read_string(r, adapter, "name", &shape_text);
	ret->class = word_or_null(class_names, read_word(r, adapter, "class", class_names,
							 ARRAY_SIZE(class_names)));
	ret->index = (int)read_integer(r, adapter, "index", 0, INT_MAX);
	if (ret->pci && ret->vendor && strncmp(ret->pci, ret->vendor, 4)) {
		size_t there = reader_enter(r, "vendor");
		reader_fault(r, "'%s' is not the vendor of %s", ret->vendor, ret->pci);
		reader_leave(r, there);
	}
	if (ret->pci && !ret->vendor)
		ret->vendor = arena_strndup(r->arena, ret->pci, 4);
	reader_leave(r, here);
}

static void read_driver(struct reader *r, const json_t *combination,
			struct combination *ret)
{
	size_t here;
	const json_t *driver = read_object(r, combination, "driver", &here);
	ret->driver = read_string(r, driver, "version", &shape_four_parts);
	ret->driver_date = read_string(r, driver, "date", &shape_date);
	ret->driver_inf = read_string(r, driver, "inf", &shape_text);
	ret->driver_public = read_string(r, driver, "public", &shape_text);
	reader_leave(r, here);
}

static void read_package(struct reader *r, const char *name, const json_t *value,
			 void *data)
{
	struct combination *combination = data;
	const char *version = reader_text(r, value, &shape_text);
	if (version)
		*arena_push(r->arena, combination->packages, combination->n_packages) =
			(struct package){ arena_strdup(r->arena, name), version };
}

static void read_guest(struct reader *r, const json_t *combination,
		       struct combination *ret)
{
	size_t here;
	const json_t *guest = read_object(r, combination, "guest", &here);
	ret->distro = read_string(r, guest, "distro", &shape_text);
	read_map(r, guest, "packages", &shape_text, read_package, ret);
	reader_leave(r, here);
}

static void read_combination(struct reader *r, const json_t *root,
			     struct combination *ret)
{
	read_required(r, root, "combination");
	size_t here;
	const json_t *combination = read_object(r, root, "combination", &here);
	read_adapter(r, combination, &ret->adapter);
	read_driver(r, combination, ret);
	ret->wsl = read_string(r, combination, "wsl", &shape_four_parts);
	ret->wsl_installed =
		read_string(r, combination, "wsl_installed", &shape_four_parts);
	ret->kernel = read_string(r, combination, "kernel", &shape_text);
	ret->windows = read_string(r, combination, "windows", &shape_windows);
	read_guest(r, combination, ret);
	size_t there;
	const json_t *components = read_object(r, combination, "components", &there);
	ret->wslg = read_string(r, components, "wslg", &shape_text);
	ret->msrdc = read_string(r, components, "msrdc", &shape_text);
	ret->direct3d = read_string(r, components, "direct3d", &shape_text);
	ret->dxcore = read_string(r, components, "dxcore", &shape_text);
	reader_leave(r, there);
	reader_leave(r, here);
}

static void read_kernel_log(struct reader *r, const json_t *root, struct kernel_log *ret)
{
	size_t here;
	const json_t *log = read_object(r, root, "kernel_log", &here);
	ret->lost = read_integer(r, log, "lost", 0, INT64_MAX);
	int64_t left_out = read_integer(r, log, "left_out", 1, INT64_MAX);
	ret->left_out = left_out > 0 ? left_out : 0;
	ret->unread = read_string(r, log, "unread", &shape_text);
	ret->present = log && !ret->unread;
	if (ret->present)
		read_required(r, log, "failed");
	read_failures(r, log, "failed", &ret->failed);
	read_failures(r, log, "boot", &ret->boot);
	read_failures(r, log, "idle", &ret->idle);
	read_strings(r, log, "other", &ret->other);
	reader_leave(r, here);
}

static enum outcome outcome_of(struct reader *r, const json_t *value)
{
	enum outcome outcome = OUTCOME_ERROR;
	const char *name = reader_text(r, value, &shape_text);
	if (name && !outcome_parse(name, &outcome))
		reader_fault(r, "there is no outcome '%.*s'", READER_QUOTE(name));
	return outcome;
}

static enum outcome read_outcome(struct reader *r, const json_t *object)
{
	size_t here = reader_enter(r, "outcome");
	enum outcome outcome = outcome_of(r, json_object_get(object, "outcome"));
	reader_leave(r, here);
	return outcome;
}

static bool read_rung_name(struct reader *r, const json_t *object, const char *member,
			   enum rung *ret)
{
	size_t here = reader_enter(r, member);
	const char *name = reader_text(r, json_object_get(object, member), &shape_text);
	if (name && !rung_parse(name, ret))
		reader_fault(r, "there is no rung '%.*s'", READER_QUOTE(name));
	reader_leave(r, here);
	return name != NULL;
}

static enum reason read_reason(struct reader *r, const json_t *rung)
{
	enum reason reason = REASON_NONE;
	size_t here = reader_enter(r, "reason");
	const char *name = reader_text(r, json_object_get(rung, "reason"), &shape_text);
	if (name && !reason_parse(name, &reason))
		reader_fault(r, "there is no reason '%.*s'", READER_QUOTE(name));
	reader_leave(r, here);
	return reason;
}

static void read_try(struct reader *r, const json_t *item, void *data)
{
	struct rung_result *ret = data;
	enum outcome outcome = outcome_of(r, item);
	if (ret->n_tries == TRIES_MAX)
		reader_fault(r, "more than %d tries", TRIES_MAX);
	else
		ret->tries[ret->n_tries++] = outcome;
}

static void read_rung(struct reader *r, const json_t *item, void *data)
{
	struct result *result = data;
	const json_t *rung = reader_typed(r, item, JSON_OBJECT);
	struct rung_result ret = { 0 };
	read_required(r, rung, "rung");
	read_rung_name(r, rung, "rung", &ret.rung);
	read_required(r, rung, "outcome");
	ret.outcome = read_outcome(r, rung);
	ret.reason = read_reason(r, rung);
	ret.blocked = read_rung_name(r, rung, "by", &ret.by);
	ret.ms = read_integer(r, rung, "ms", 0, INT64_MAX);
	read_array(r, rung, "tries", read_try, &ret);
	int risk = read_word(r, rung, "risk", risk_names, RISK_COUNT);
	ret.risk = risk < 0 ? rung_rows[ret.rung].risk : (enum risk)risk;
	read_findings(r, rung, "findings", &ret.findings);
	read_trace(r, rung, &ret.trace);
	ret.has_kernel_log = json_is_object(json_object_get(rung, "kernel_log"));
	read_failures(r, rung, "kernel_log", &ret.kernel_log);
	if (!r->error && result_rung(result, ret.rung))
		reader_fault(r, "a second rung '%s'", rung_rows[ret.rung].name);
	*arena_push(r->arena, result->rungs, result->n_rungs) = ret;
}

static void read_result(struct reader *r, const json_t *item, void *data)
{
	struct record *record = data;
	const json_t *result = reader_typed(r, item, JSON_OBJECT);
	struct result ret = { 0 };
	read_required(r, result, "interface");
	ret.interface = read_string(r, result, "interface", &shape_word);
	int role = read_word(r, result, "role", role_names, ROLE_COUNT);
	ret.role = role < 0 ? ROLE_ADAPTER : (enum role)role;
	ret.reported = read_boolean(r, result, "reported");
	if (ret.reported)
		read_required(r, result, "outcome");
	ret.outcome = read_outcome(r, result);
	read_findings(r, result, "device", &ret.device);
	read_array(r, result, "rungs", read_rung, &ret);
	*arena_push(r->arena, record->results, record->n_results) = ret;
}

static void read_diagnosis(struct reader *r, const json_t *item, void *data)
{
	struct record *record = data;
	const json_t *diagnosis = reader_typed(r, item, JSON_OBJECT);
	struct diagnosis ret = { 0 };
	ret.layer = (enum layer)read_integer(r, diagnosis, "layer", 0, LAYER_COUNT - 1);
	read_required(r, diagnosis, "rule");
	read_required(r, diagnosis, "certainty");
	read_required(r, diagnosis, "says");
	ret.rule = read_string(r, diagnosis, "rule", &shape_word);
	int certainty =
		read_word(r, diagnosis, "certainty", certainty_names, CERTAINTY_COUNT);
	ret.certainty = certainty < 0 ? CERTAINTY_UNKNOWN : (enum certainty)certainty;
	ret.says = read_string(r, diagnosis, "says", &shape_text);
	read_strings(r, diagnosis, "do", &ret.todo);
	*arena_push(r->arena, record->diagnoses, record->n_diagnoses) = ret;
}

static void read_evidence(struct reader *r, const char *name, const json_t *value,
			  void *data)
{
	struct record *record = data;
	const json_t *evidence = reader_typed(r, value, JSON_OBJECT);
	*arena_push(r->arena, record->evidence, record->n_evidence) = (struct evidence){
		.pointer = arena_strdup(r->arena, name),
		.line = read_integer(r, evidence, "line", 1, INT64_MAX),
		.text = read_string(r, evidence, "text", &shape_text),
	};
}

struct contradiction_reader {
	const json_t *root;
	struct record *record;
};

static void read_contradiction(struct reader *r, const json_t *item, void *data)
{
	struct contradiction_reader *to = data;
	const json_t *contradiction = reader_typed(r, item, JSON_OBJECT);
	struct contradiction ret = { 0 };
	read_required(r, contradiction, "pointer");
	read_required(r, contradiction, "values");
	ret.pointer = read_string(r, contradiction, "pointer", &shape_pointer);
	read_strings(r, contradiction, "values", &ret.values);
	if (ret.values.n < 2)
		reader_fault(r, "a contradiction has at least two values");
	const json_t *value = ret.pointer ? pointer_get(to->root, ret.pointer) : NULL;
	if (value && !json_is_null(value))
		reader_fault(r, "%.*s is contradicted, so it must be left out",
			     READER_QUOTE(ret.pointer));
	/* It is added to what is kept, which then would contradict itself. */
	if (ret.pointer && !strcmp(ret.pointer, "/id"))
		reader_fault(r, "the id is the document's own");
	*arena_push(r->arena, to->record->contradictions, to->record->n_contradictions) =
		ret;
}

static void read_schema(struct reader *r, const json_t *root)
{
	read_required(r, root, "schema");
	size_t here = reader_enter(r, "schema");
	const json_t *schema =
		reader_typed(r, json_object_get(root, "schema"), JSON_STRING);
	if (schema && strcmp(json_string_value(schema), RECORD_SCHEMA))
		reader_fault(r, "is '%.*s', expected '%s'",
			     READER_QUOTE(json_string_value(schema)), RECORD_SCHEMA);
	reader_leave(r, here);
}

static void read_members(struct reader *r, const json_t *root, const char *today,
			 struct record *ret)
{
	if (!reader_typed(r, root, JSON_OBJECT))
		return;
	read_schema(r, root);
	read_source(r, root, ret);
	read_time(r, root, today, ret);
	read_run(r, root, ret);
	read_environment(r, root, ret);
	read_combination(r, root, &ret->combination);
	read_kernel_log(r, root, &ret->kernel_log);
	read_array(r, root, "results", read_result, ret);
	read_array(r, root, "diagnosis", read_diagnosis, ret);
	read_map(r, root, "evidence", &shape_pointer, read_evidence, ret);
	struct contradiction_reader contradictions = { root, ret };
	read_array(r, root, "contradictions", read_contradiction, &contradictions);
}

/* ---- the document as a whole ---- */

static const char *const unsigned_members[] = { "id", "sig", NULL };

static void check_id(struct reader *r, const json_t *root, const char *body, size_t size,
		     struct record *ret)
{
	cleanup_free char *id = hash_address(body, size);
	const char *claimed = read_string(r, root, "id", &shape_hash);
	size_t here = reader_enter(r, "id");
	if (claimed && strcmp(claimed, id))
		reader_fault(r, "is not the document's own, %s", id);
	reader_leave(r, here);
	ret->id = arena_strdup(r->arena, id);
}

static void check_signature(struct reader *r, const json_t *root, const char *body,
			    size_t size, struct record *ret)
{
	ret->key = read_string(r, root, "key", &shape_key);
	const char *signature = read_string(r, root, "sig", &shape_signature);
	size_t here = reader_enter(r, "sig");
	if (ret->key && !signature)
		reader_fault(r, "is missing beside key");
	else if (signature && !ret->key)
		reader_fault(r, "stands without key");
	else if (signature && !key_verify(ret->key, signature, body, size))
		reader_fault(r, "is not the signature of this document by its key");
	reader_leave(r, here);
}

static void read_root(struct reader *r, json_t *root, const char *today,
		      struct record *ret)
{
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
	/* One id, one sequence of bytes: an absent sig and one that is null are the same. */
	if (!ret->key)
		json_object_del(root, "sig");
	json_object_set_new(root, "id", json_string(ret->id));
	strbuf_truncate(&body, 0);
	canonical_add(&body, root, NULL);
	ret->size = body.length;
	ret->bytes = strbuf_take(&body);
}

struct error *record_read(const char *bytes, size_t size, const char *today,
			  struct record *ret)
{
	record_init(ret);
	struct reader reader;
	reader_init(&reader, &ret->arena);
	json_t *root = reader_parse(&reader, bytes, size);
	if (root)
		read_root(&reader, root, today, ret);
	json_decref(root);
	struct error *err = take_ptr(reader.error);
	reader_deinit(&reader);
	if (err)
		record_deinit(ret);
	return err;
}
