/* The writing half of record.h. */
#include "record/record.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "record/canonical.h"
#include "record/hash.h"
#include "record/key.h"
#include "util/alloc.h"
#include "util/strbuf.h"
#include "util/utf8.h"

/* ---- what is unknown is left out ---- */

/*
 * Text from libraries and logs may be no UTF-8 and of any length; a document that its own
 * reader refuses would lose all the rest with it. @return NULL where there is no text
 */
static json_t *text_value(const char *text)
{
	if (!text || !*text)
		return NULL;
	json_t *value = json_stringn(text, utf8_cut(text, RECORD_STRING_MAX));
	if (value)
		return value;
	cleanup_free char *clean = utf8_clean(text, strlen(text));
	return json_stringn(clean, utf8_cut(clean, RECORD_STRING_MAX));
}

static void put_string(json_t *object, const char *name, const char *string)
{
	json_t *value = text_value(string);
	if (value)
		json_object_set_new(object, name, value);
}

static void put_integer(json_t *object, const char *name, int64_t integer)
{
	if (integer >= 0)
		json_object_set_new(object, name, json_integer(integer));
}

/* Takes the value; an empty container is left out. */
static void put_filled(json_t *object, const char *name, json_t *value)
{
	if (json_object_size(value) || json_array_size(value))
		json_object_set(object, name, value);
	json_decref(value);
}

static json_t *strings_value(const struct strings *strings)
{
	json_t *array = json_array();
	for (size_t i = 0; i < strings->n; i++) {
		json_t *value = text_value(strings->string[i]);
		if (value)
			json_array_append_new(array, value);
	}
	return array;
}

static void put_count(json_t *counts, const struct failure *failure)
{
	char number[16];
	snprintf(number, sizeof(number), "%d", failure->error);
	json_object_set_new(counts, number, json_integer(failure->count));
}

static json_t *errnos_value(const struct failures *failures)
{
	json_t *counts = json_object();
	for (size_t i = 0; i < failures->n; i++)
		put_count(counts, &failures->failure[i]);
	return counts;
}

static json_t *failures_value(const struct failures *failures)
{
	json_t *object = json_object();
	for (size_t i = 0; i < failures->n; i++) {
		const struct failure *failure = &failures->failure[i];
		json_t *counts = json_object_get(object, failure->ioctl);
		if (!counts) {
			counts = json_object();
			json_object_set_new(object, failure->ioctl, counts);
		}
		put_count(counts, failure);
	}
	return object;
}

static json_t *findings_value(const struct findings *findings)
{
	json_t *object = json_object();
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding_value *finding = &findings->finding[i];
		json_t *value = NULL;
		switch (finding->kind) {
		case FINDING_STRING:
			value = text_value(finding->string);
			break;
		case FINDING_INTEGER:
			value = json_integer(finding->integer);
			break;
		case FINDING_BOOLEAN:
			value = json_boolean(finding->integer);
			break;
		}
		if (value)
			json_object_set_new(object, finding->name, value);
	}
	return object;
}

/* ---- the parts of a record, in the order of the document ---- */

static json_t *source_value(const struct record *record)
{
	json_t *source = json_object();
	bool measured = record->source.kind == SOURCE_MEASURED;
	put_string(source, "kind", measured ? "measured" : "harvested");
	put_string(source, "tool", record->source.tool);
	put_string(source, "trigger", record->source.trigger);
	put_string(source, "url", record->source.url);
	put_string(source, "text", record->source.text);
	put_string(source, "author", record->source.author);
	return source;
}

static json_t *run_value(const struct record *record)
{
	json_t *run = json_object();
	put_integer(run, "n", record->run_n);
	put_integer(run, "boot", record->run_boot);
	return run;
}

static json_t *environment_value(const struct record *record)
{
	json_t *environment = json_object();
	put_string(environment, "kind", environment_names[record->environment.kind]);
	put_filled(environment, "seen", strings_value(&record->environment.seen));
	put_string(environment, "power", record->environment.power);
	return environment;
}

static json_t *adapter_value(const struct adapter *adapter)
{
	if (!adapter->present)
		return json_null();
	json_t *object = json_object();
	put_string(object, "vendor", adapter->vendor);
	put_string(object, "pci", adapter->pci);
	put_string(object, "revision", adapter->revision);
	put_integer(object, "index", adapter->index);
	put_string(object, "name", adapter->name);
	put_string(object, "class", adapter->class);
	return object;
}

static json_t *driver_value(const struct combination *combination)
{
	json_t *driver = json_object();
	put_string(driver, "version", combination->driver);
	put_string(driver, "date", combination->driver_date);
	put_string(driver, "inf", combination->driver_inf);
	put_string(driver, "public", combination->driver_public);
	return driver;
}

static json_t *guest_value(const struct combination *combination)
{
	json_t *guest = json_object(), *packages = json_object();
	for (size_t i = 0; i < combination->n_packages; i++)
		put_string(packages, combination->packages[i].name,
			   combination->packages[i].version);
	put_string(guest, "distro", combination->distro);
	put_filled(guest, "packages", packages);
	return guest;
}

static json_t *components_value(const struct combination *combination)
{
	json_t *components = json_object();
	put_string(components, "wslg", combination->wslg);
	put_string(components, "msrdc", combination->msrdc);
	put_string(components, "direct3d", combination->direct3d);
	put_string(components, "dxcore", combination->dxcore);
	return components;
}

static json_t *combination_value(const struct combination *combination)
{
	json_t *object = json_object();
	json_object_set_new(object, "adapter", adapter_value(&combination->adapter));
	put_filled(object, "driver", driver_value(combination));
	put_string(object, "wsl", combination->wsl);
	put_string(object, "wsl_installed", combination->wsl_installed);
	put_string(object, "kernel", combination->kernel);
	put_string(object, "windows", combination->windows);
	put_filled(object, "guest", guest_value(combination));
	put_filled(object, "components", components_value(combination));
	return object;
}

static json_t *kernel_log_value(const struct kernel_log *log)
{
	json_t *object = json_object();
	if (!log->present && !log->unread) /* nobody looked */
		return object;
	if (log->present)
		json_object_set_new(object, "failed", failures_value(&log->failed));
	put_filled(object, "boot", failures_value(&log->boot));
	put_filled(object, "idle", failures_value(&log->idle));
	put_filled(object, "other", strings_value(&log->other));
	put_integer(object, "lost", log->lost);
	put_string(object, "unread", log->present ? NULL : log->unread);
	return object;
}

static json_t *trace_value(const struct trace *trace)
{
	json_t *object = json_object(), *calls = json_object();
	put_string(object, "how", trace->how);
	for (size_t i = 0; i < trace->n; i++) {
		const struct trace_call *call = &trace->call[i];
		json_t *counts = json_object();
		put_integer(counts, "calls", call->calls);
		put_filled(counts, "failed", errnos_value(&call->failed));
		put_filled(counts, "expected", errnos_value(&call->expected));
		put_integer(counts, "max_us", call->max_us);
		json_object_set_new(calls, call->ioctl, counts);
	}
	if (trace->how)
		json_object_set(object, "calls", calls);
	json_decref(calls);
	return object;
}

static json_t *rung_value(const struct rung_result *rung)
{
	json_t *object = json_object(), *tries = json_array();
	for (size_t i = 0; i < rung->n_tries; i++)
		json_array_append_new(tries,
				      json_string(outcome_rows[rung->tries[i]].name));
	put_string(object, "rung", rung_rows[rung->rung].name);
	put_string(object, "outcome", outcome_rows[rung->outcome].name);
	if (rung->reason != REASON_NONE)
		put_string(object, "reason", reason_rows[rung->reason].name);
	if (rung->blocked)
		put_string(object, "by", rung_rows[rung->by].name);
	put_integer(object, "ms", rung->ms);
	put_filled(object, "tries", tries);
	put_string(object, "risk", risk_names[rung->risk]);
	put_filled(object, "findings", findings_value(&rung->findings));
	put_filled(object, "trace", trace_value(&rung->trace));
	if (rung->has_kernel_log)
		json_object_set_new(object, "kernel_log",
				    failures_value(&rung->kernel_log));
	return object;
}

static json_t *result_value(const struct result *result)
{
	json_t *object = json_object(), *rungs = json_array();
	for (size_t i = 0; i < result->n_rungs; i++)
		json_array_append_new(rungs, rung_value(&result->rungs[i]));
	put_string(object, "interface", result->interface);
	put_string(object, "role", role_names[result->role]);
	if (result->reported) {
		json_object_set_new(object, "reported", json_true());
		put_string(object, "outcome", outcome_rows[result->outcome].name);
	}
	put_filled(object, "device", findings_value(&result->device));
	json_object_set_new(object, "rungs", rungs);
	return object;
}

static json_t *diagnosis_value(const struct diagnosis *diagnosis)
{
	json_t *object = json_object();
	put_integer(object, "layer", diagnosis->layer);
	put_string(object, "rule", diagnosis->rule);
	put_string(object, "certainty", certainty_names[diagnosis->certainty]);
	put_string(object, "says", diagnosis->says);
	put_filled(object, "do", strings_value(&diagnosis->todo));
	return object;
}

static json_t *evidence_value(const struct record *record)
{
	json_t *object = json_object();
	for (size_t i = 0; i < record->n_evidence; i++) {
		json_t *evidence = json_object();
		put_integer(evidence, "line", record->evidence[i].line);
		put_string(evidence, "text", record->evidence[i].text);
		json_object_set_new(object, record->evidence[i].pointer, evidence);
	}
	return object;
}

static json_t *contradictions_value(const struct record *record)
{
	json_t *array = json_array();
	for (size_t i = 0; i < record->n_contradictions; i++) {
		json_t *contradiction = json_object();
		put_string(contradiction, "pointer", record->contradictions[i].pointer);
		put_filled(contradiction, "values",
			   strings_value(&record->contradictions[i].values));
		json_array_append_new(array, contradiction);
	}
	return array;
}

static json_t *document(const struct record *record)
{
	json_t *root = json_object(), *results = json_array(), *diagnoses = json_array();
	for (size_t i = 0; i < record->n_results; i++)
		json_array_append_new(results, result_value(&record->results[i]));
	for (size_t i = 0; i < record->n_diagnoses; i++)
		json_array_append_new(diagnoses, diagnosis_value(&record->diagnoses[i]));
	put_string(root, "schema", RECORD_SCHEMA);
	json_object_set_new(root, "source", source_value(record));
	put_string(root, "time", record->time);
	put_filled(root, "run", run_value(record));
	put_filled(root, "environment", environment_value(record));
	json_object_set_new(root, "combination", combination_value(&record->combination));
	put_filled(root, "kernel_log", kernel_log_value(&record->kernel_log));
	json_object_set_new(root, "results", results);
	put_filled(root, "diagnosis", diagnoses);
	put_filled(root, "evidence", evidence_value(record));
	put_filled(root, "contradictions", contradictions_value(record));
	return root;
}

static void finish(struct record *record, json_t *root, const struct machine_key *key)
{
	char text[KEY_TEXT_SIZE], signature[SIGNATURE_TEXT_SIZE];
	if (key) {
		key_text(key, text);
		put_string(root, "key", text);
	}
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	canonical_add(&buf, root, NULL); /* no id, no sig yet: the bytes both cover */
	cleanup_free char *id = hash_address(buf.string, buf.length);
	if (key) {
		key_sign(key, buf.string, buf.length, signature);
		put_string(root, "sig", signature);
	}
	put_string(root, "id", id);
	strbuf_truncate(&buf, 0);
	canonical_add(&buf, root, NULL);
	record->id = arena_strdup(&record->arena, id);
	record->key = key ? arena_strdup(&record->arena, text) : NULL;
	free(record->bytes);
	record->size = buf.length;
	record->bytes = strbuf_take(&buf);
}

void record_write(struct record *record)
{
	record_sign(record, NULL);
}

void record_sign(struct record *record, const struct machine_key *key)
{
	json_t *root = document(record);
	finish(record, root, key);
	json_decref(root);
}
