/* The writing half of record.h. */
#include "record/record.h"

#include <stdlib.h>

#include "record/canonical.h"
#include "record/failure_json.h"
#include "record/hash.h"
#include "record/key.h"
#include "record/trace_json.h"
#include "record/writer.h"
#include "util/alloc.h"
#include "util/strbuf.h"

/* ---- what several parts hold ---- */

static json_t *findings_value(const struct findings *findings)
{
	json_t *object = json_object();
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding_value *finding = &findings->finding[i];
		switch (finding->kind) {
		case FINDING_STRING:
			write_string(object, finding->name, finding->string);
			break;
		case FINDING_INTEGER: /* also a negative one */
			json_object_set_new(object, finding->name,
					    json_integer(finding->integer));
			break;
		case FINDING_BOOLEAN:
			json_object_set_new(object, finding->name,
					    json_boolean(finding->integer));
			break;
		}
	}
	return object;
}

/* ---- the parts of a record, in the order of the document ---- */

static json_t *source_value(const struct record *record)
{
	json_t *source = json_object();
	bool measured = record->source.kind == SOURCE_MEASURED;
	write_string(source, "kind", measured ? "measured" : "harvested");
	write_string(source, "tool", record->source.tool);
	write_string(source, "trigger", record->source.trigger);
	write_string(source, "url", record->source.url);
	write_string(source, "text", record->source.text);
	write_string(source, "author", record->source.author);
	json_t *skimmed = json_object();
	write_integer(skimmed, "from", record->source.skimmed.from);
	write_integer(skimmed, "to", record->source.skimmed.to);
	write_filled(source, "skimmed", skimmed);
	return source;
}

static json_t *run_value(const struct record *record)
{
	json_t *run = json_object();
	write_integer(run, "n", record->run_n);
	write_integer(run, "boot", record->run_boot);
	return run;
}

static json_t *environment_value(const struct record *record)
{
	json_t *environment = json_object();
	write_string(environment, "kind", environment_names[record->environment.kind]);
	write_filled(environment, "seen", writer_strings(&record->environment.seen));
	write_string(environment, "power", record->environment.power);
	return environment;
}

static json_t *adapter_value(const struct adapter *adapter)
{
	if (!adapter->present)
		return json_null();
	json_t *object = json_object();
	write_string(object, "vendor", adapter->vendor);
	write_string(object, "pci", adapter->pci);
	write_string(object, "revision", adapter->revision);
	write_integer(object, "index", adapter->index);
	write_string(object, "name", adapter->name);
	write_string(object, "class", adapter->class);
	return object;
}

static json_t *driver_value(const struct combination *combination)
{
	json_t *driver = json_object();
	write_string(driver, "version", combination->driver);
	write_string(driver, "date", combination->driver_date);
	write_string(driver, "inf", combination->driver_inf);
	write_string(driver, "public", combination->driver_public);
	return driver;
}

static json_t *guest_value(const struct combination *combination)
{
	json_t *guest = json_object(), *packages = json_object();
	for (size_t i = 0; i < combination->n_packages; i++)
		write_string(packages, combination->packages[i].name,
			     combination->packages[i].version);
	write_string(guest, "distro", combination->distro);
	write_filled(guest, "packages", packages);
	return guest;
}

static json_t *components_value(const struct combination *combination)
{
	json_t *components = json_object();
	write_string(components, "wslg", combination->wslg);
	write_string(components, "msrdc", combination->msrdc);
	write_string(components, "direct3d", combination->direct3d);
	write_string(components, "dxcore", combination->dxcore);
	return components;
}

static json_t *combination_value(const struct combination *combination)
{
	json_t *object = json_object();
	json_object_set_new(object, "adapter", adapter_value(&combination->adapter));
	write_filled(object, "driver", driver_value(combination));
	write_string(object, "wsl", combination->wsl);
	write_string(object, "wsl_installed", combination->wsl_installed);
	write_string(object, "kernel", combination->kernel);
	write_string(object, "windows", combination->windows);
	write_filled(object, "guest", guest_value(combination));
	write_filled(object, "components", components_value(combination));
	return object;
}

static json_t *kernel_log_value(const struct kernel_log *log)
{
	json_t *object = json_object();
	if (!log->present && !log->unread) /* nobody looked */
		return object;
	if (log->present)
		json_object_set_new(object, "failed", failures_value(&log->failed));
	write_filled(object, "boot", failures_value(&log->boot));
	write_filled(object, "idle", failures_value(&log->idle));
	write_filled(object, "other", writer_strings(&log->other));
	write_integer(object, "lost", log->lost);
	write_integer(object, "left_out", log->left_out > 0 ? log->left_out : -1);
	write_string(object, "unread", log->present ? NULL : log->unread);
	return object;
}

static json_t *trace_value(const struct trace *trace)
{
	json_t *object = json_object();
	write_trace(object, trace);
	return object;
}

static json_t *rung_value(const struct rung_result *rung)
{
	json_t *object = json_object(), *tries = json_array();
	for (size_t i = 0; i < rung->n_tries; i++)
		json_array_append_new(tries,
				      json_string(outcome_rows[rung->tries[i]].name));
	write_string(object, "rung", rung_rows[rung->rung].name);
	write_string(object, "outcome", outcome_rows[rung->outcome].name);
	if (rung->reason != REASON_NONE)
		write_string(object, "reason", reason_rows[rung->reason].name);
	if (rung->blocked)
		write_string(object, "by", rung_rows[rung->by].name);
	write_integer(object, "ms", rung->ms);
	write_filled(object, "tries", tries);
	write_string(object, "risk", risk_names[rung->risk]);
	write_filled(object, "findings", findings_value(&rung->findings));
	write_filled(object, "trace", trace_value(&rung->trace));
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
	write_string(object, "interface", result->interface);
	write_string(object, "role", role_names[result->role]);
	if (result->reported) {
		json_object_set_new(object, "reported", json_true());
		write_string(object, "outcome", outcome_rows[result->outcome].name);
	}
	write_filled(object, "device", findings_value(&result->device));
	json_object_set_new(object, "rungs", rungs);
	return object;
}

static json_t *diagnosis_value(const struct diagnosis *diagnosis)
{
	json_t *object = json_object();
	write_integer(object, "layer", diagnosis->layer);
	write_string(object, "rule", diagnosis->rule);
	write_string(object, "certainty", certainty_names[diagnosis->certainty]);
	write_string(object, "says", diagnosis->says);
	write_filled(object, "do", writer_strings(&diagnosis->todo));
	return object;
}

static json_t *evidence_value(const struct record *record)
{
	json_t *object = json_object();
	for (size_t i = 0; i < record->n_evidence; i++) {
		json_t *evidence = json_object();
		write_integer(evidence, "line", record->evidence[i].line);
		write_string(evidence, "text", record->evidence[i].text);
		json_object_set_new(object, record->evidence[i].pointer, evidence);
	}
	return object;
}

static json_t *contradictions_value(const struct record *record)
{
	json_t *array = json_array();
	for (size_t i = 0; i < record->n_contradictions; i++) {
		json_t *contradiction = json_object();
		write_string(contradiction, "pointer", record->contradictions[i].pointer);
		write_filled(contradiction, "values",
			     writer_strings(&record->contradictions[i].values));
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
	write_string(root, "schema", RECORD_SCHEMA);
	json_object_set_new(root, "source", source_value(record));
	write_string(root, "time", record->time);
	write_filled(root, "run", run_value(record));
	write_filled(root, "environment", environment_value(record));
	json_object_set_new(root, "combination", combination_value(&record->combination));
	write_filled(root, "kernel_log", kernel_log_value(&record->kernel_log));
	json_object_set_new(root, "results", results);
	write_filled(root, "diagnosis", diagnoses);
	write_filled(root, "evidence", evidence_value(record));
	write_filled(root, "contradictions", contradictions_value(record));
	return root;
}

static void finish(struct record *record, json_t *root, const struct machine_key *key)
{
	char text[KEY_TEXT_SIZE], signature[SIGNATURE_TEXT_SIZE];
	if (key) {
		key_text(key, text);
		write_string(root, "key", text);
	}
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	canonical_add(&buf, root, NULL); /* no id, no sig yet: the bytes both cover */
	cleanup_free char *id = hash_address(buf.string, buf.length);
	if (key) {
		key_sign(key, buf.string, buf.length, signature);
		write_string(root, "sig", signature);
	}
	write_string(root, "id", id);
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
