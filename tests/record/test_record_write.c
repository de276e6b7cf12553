#include "tests/record/documents.h"

#include "record/hash.h"
#include "record/key.h"
#include "util/strbuf.h"

/* ---- a record with every field ---- */

static struct failures failures_of(struct arena *arena, const char *ioctl, int error,
				   int64_t count)
{
	struct failures failures = { 0 };
	failures_add(arena, &failures, ioctl, error, count);
	failures_add(arena, &failures, "dxgkio_open_adapter", -2, 1);
	failures_add(arena, &failures, ioctl, error - 1, 7);
	return failures;
}

static void add_finding(struct arena *arena, struct findings *findings,
			struct finding_value finding)
{
	*arena_push(arena, findings->finding, findings->n) = finding;
}

static struct findings findings_all_kinds(struct arena *arena)
{
	struct findings findings = { 0 };
	add_finding(
		arena, &findings,
		(struct finding_value){ "library", FINDING_STRING, "libOpenCL.so.1", 0 });
	add_finding(
		arena, &findings,
		(struct finding_value){ "compared_bytes", FINDING_INTEGER, NULL, 4096 });
	add_finding(
		arena, &findings,
		(struct finding_value){ "checker_catches", FINDING_BOOLEAN, NULL, 1 });
	add_finding(arena, &findings,
		    (struct finding_value){ "not_known_yet", FINDING_BOOLEAN, NULL, 0 });
	add_finding(arena, &findings,
		    (struct finding_value){ "errno", FINDING_INTEGER, NULL, -75 });
	return findings;
}

static void add_rungs(struct arena *arena, struct result *result)
{
	struct trace_call call = { .ioctl = "reserve_gpu_va",
				   .calls = 4,
				   .unfinished = 1,
				   .sum_us = 433,
				   .max_us = 410 };
	failures_add(arena, &call.failed, "reserve_gpu_va", -75, 1);
	failures_add(arena, &call.expected, "reserve_gpu_va", -22, 2);
	*arena_push(arena, call.buckets, call.n_buckets) = (struct trace_bucket){ 8, 2 };
	*arena_push(arena, call.types, call.n_types) =
		(struct trace_type){ .type = 57, .calls = 2, .failed = call.failed };
	struct trace_call bare = {
		.ioctl = "enum_adapters3", .calls = 1, .sum_us = -1, .max_us = -1
	};
	struct rung_result launch = {
		.rung = RUNG_LAUNCH,
		.outcome = OUTCOME_CRASH,
		.reason = REASON_SIGNAL,
		.ms = 812,
		.tries = { OUTCOME_CRASH, OUTCOME_PASS, OUTCOME_CRASH },
		.n_tries = 3,
		.risk = RISK_LOW,
		.findings = findings_all_kinds(arena),
		.trace = { .how = "ptrace", .why = "the filter was not heard" },
		.has_kernel_log = true,
		.kernel_log = failures_of(arena, "dxgkio_reserve_gpu_va", -75, 1),
	};
	*arena_push(arena, launch.trace.call, launch.trace.n) = bare;
	*arena_push(arena, launch.trace.call, launch.trace.n) = call;
	*arena_push(arena, launch.trace.last, launch.trace.n_last) =
		(struct trace_last){ .ioctl = "reserve_gpu_va",
				     .returned = true,
				     .result = -75,
				     .us = 41,
				     .before_us = 17000 };
	struct rung_result memory = {
		.rung = RUNG_MEMORY,
		.outcome = OUTCOME_BLOCKED,
		.blocked = true,
		.by = RUNG_LAUNCH,
		.ms = -1,
		.risk = RISK_MEDIUM,
		.has_kernel_log = true, /* read, and it said nothing */
	};
	*arena_push(arena, result->rungs, result->n_rungs) = launch;
	*arena_push(arena, result->rungs, result->n_rungs) = memory;
}

static void fill(struct record *record)
{
	record_init(record);
	struct arena *arena = &record->arena;
	record->source.tool = "dxgmatrix 0.1.0";
	record->source.trigger = "repeat";
	record->source.skimmed.from = 77;
	record->source.skimmed.to = 7777777777;
	record->time = "2026-11-20";
	record->run_n = 17;
	record->run_boot = 3;
	record->environment.kind = ENVIRONMENT_WSL2;
	strings_add(arena, &record->environment.seen, "kernel");
	strings_add(arena, &record->environment.seen, "/dev/dxg");
	record->environment.power = "battery";
	struct combination *c = &record->combination;
	c->adapter = (struct adapter){ true,
				       "8086",
				       "8086:7d51",
				       "03",
				       "Intel(R) Arc(TM) 140T GPU \"16GB\"\n<b>",
				       "gpu",
				       0 };
	c->driver = "32.0.101.6554";
	c->driver_date = "2025-01-15";
	c->driver_inf = "iigd_dch.inf";
	c->driver_public = "101.6554";
	c->wsl = "2.6.3.0";
	c->wsl_installed = "2.7.14.0";
	c->kernel = "6.6.87.2-microsoft-standard-WSL2";
	c->windows = "10.0.26100.8246";
	c->wslg = "1.0.71";
	c->msrdc = "1.2.6353";
	c->direct3d = "1.611.1-81528511";
	c->dxcore = "10.0.26100.1-240331-1435.ge-release";
	c->distro = "ubuntu-24.04";
	*arena_push(arena, c->packages, c->n_packages) =
		(struct package){ "intel-opencl-icd", "23.43.27642.40-1" };
	*arena_push(arena, c->packages, c->n_packages) =
		(struct package){ "mesa-vulkan-drivers", "24.0" };
	record->kernel_log = (struct kernel_log){
		.present = true,
		.failed = failures_of(arena, "dxgkio_query_adapter_info", -22, 3),
		.boot = failures_of(arena, "dxgkio_query_adapter_info", -22, 2),
		.idle = failures_of(arena, "dxgkio_query_adapter_info", -22, 1),
		.lost = 0,
		.left_out = 7,
	};
	strings_add(arena, &record->kernel_log.other, "dxgk: invalid cross adapter");
	struct result adapter = { .interface = "opencl",
				  .role = ROLE_ADAPTER,
				  .device = findings_all_kinds(arena) };
	add_rungs(arena, &adapter);
	struct result control = { .interface = "opencl", .role = ROLE_CONTROL };
	struct result reported = { .interface = "cuda",
				   .reported = true,
				   .outcome = OUTCOME_FALLBACK };
	*arena_push(arena, record->results, record->n_results) = adapter;
	*arena_push(arena, record->results, record->n_results) = control;
	*arena_push(arena, record->results, record->n_results) = reported;
	struct diagnosis tested = { LAYER_COMPILER,
				    "compiler-crash",
				    CERTAINTY_TESTED,
				    "The compiler ends.",
				    { 0 } };
	strings_add(arena, &tested.todo, "Update it.");
	strings_add(arena, &tested.todo, "Wait.");
	struct diagnosis unknown = {
		LAYER_UNKNOWN, "none", CERTAINTY_UNKNOWN, "Not known.", { 0 }
	};
	*arena_push(arena, record->diagnoses, record->n_diagnoses) = tested;
	*arena_push(arena, record->diagnoses, record->n_diagnoses) = unknown;
	*arena_push(arena, record->evidence, record->n_evidence) =
		(struct evidence){ "/combination/wsl", 12, "WSL version: 2.6.3.0" };
	*arena_push(arena, record->evidence, record->n_evidence) =
		(struct evidence){ "/time", -1, NULL };
	struct contradiction contradiction = { "/combination/guest/kernel", { 0 } };
	strings_add(arena, &contradiction.values, "a");
	strings_add(arena, &contradiction.values, "b");
	*arena_push(arena, record->contradictions, record->n_contradictions) =
		contradiction;
}

/* ---- field by field ---- */

#define SAME_STRING(field)                                                               \
	do {                                                                             \
		if (!a->field != !b->field || (a->field && strcmp(a->field, b->field)))  \
			fail_msg(#field ": '%s', '%s'", a->field, b->field);             \
	} while (0)
#define SAME(field) assert_int_equal(a->field, b->field)

static void same_strings(const struct strings *a, const struct strings *b)
{
	SAME(n);
	for (size_t i = 0; i < a->n; i++)
		SAME_STRING(string[i]);
}

static void same_failures(const struct failures *a, const struct failures *b)
{
	SAME(n);
	for (size_t i = 0; i < a->n; i++) {
		SAME_STRING(failure[i].ioctl);
		SAME(failure[i].error);
		SAME(failure[i].count);
	}
}

/* Members of a JSON object have no order. */
static void same_findings(const struct findings *as, const struct findings *bs)
{
	assert_int_equal(as->n, bs->n);
	for (size_t i = 0; i < as->n; i++) {
		const struct finding_value *a = &as->finding[i], *b = NULL;
		for (size_t k = 0; k < bs->n; k++)
			if (!strcmp(bs->finding[k].name, a->name))
				b = &bs->finding[k];
		assert_non_null(b);
		SAME(kind);
		SAME_STRING(string);
		SAME(integer);
	}
}

static void same_traces(const struct trace *as, const struct trace *bs)
{
	assert_int_equal(as->n, bs->n);
	for (size_t i = 0; i < as->n; i++) {
		const struct trace_call *a = &as->call[i], *b = &bs->call[i];
		SAME_STRING(ioctl);
		SAME(calls);
		SAME(unfinished);
		SAME(sum_us);
		SAME(max_us);
		same_failures(&a->failed, &b->failed);
		same_failures(&a->expected, &b->expected);
		SAME(n_buckets);
		SAME(n_types);
		for (size_t k = 0; k < a->n_types; k++)
			same_failures(&a->types[k].failed, &b->types[k].failed);
	}
	const struct trace *a = as, *b = bs;
	SAME_STRING(how);
	SAME_STRING(why);
	SAME(n_last);
	for (size_t i = 0; i < a->n_last; i++) {
		SAME_STRING(last[i].ioctl);
		SAME(last[i].result);
		SAME(last[i].before_us);
	}
}

static void same_rungs(const struct rung_result *a, const struct rung_result *b)
{
	SAME(rung);
	SAME(outcome);
	SAME(reason);
	SAME(blocked);
	if (a->blocked)
		SAME(by);
	SAME(ms);
	SAME(n_tries);
	for (size_t i = 0; i < a->n_tries; i++)
		SAME(tries[i]);
	SAME(risk);
	same_findings(&a->findings, &b->findings);
	same_traces(&a->trace, &b->trace);
	SAME(has_kernel_log);
	same_failures(&a->kernel_log, &b->kernel_log);
}

static void same_results(const struct result *a, const struct result *b)
{
	SAME_STRING(interface);
	SAME(role);
	SAME(reported);
	if (a->reported)
		SAME(outcome);
	same_findings(&a->device, &b->device);
	SAME(n_rungs);
	for (size_t i = 0; i < a->n_rungs; i++)
		same_rungs(&a->rungs[i], &b->rungs[i]);
}

static void same_combinations(const struct combination *a, const struct combination *b)
{
	SAME(adapter.present);
	SAME_STRING(adapter.vendor);
	SAME_STRING(adapter.pci);
	SAME_STRING(adapter.revision);
	SAME_STRING(adapter.name);
	SAME_STRING(adapter.class);
	SAME(adapter.index);
	SAME_STRING(driver);
	SAME_STRING(driver_date);
	SAME_STRING(driver_inf);
	SAME_STRING(driver_public);
	SAME_STRING(wsl);
	SAME_STRING(wsl_installed);
	SAME_STRING(kernel);
	SAME_STRING(windows);
	SAME_STRING(wslg);
	SAME_STRING(msrdc);
	SAME_STRING(direct3d);
	SAME_STRING(dxcore);
	SAME_STRING(distro);
	SAME(n_packages);
	for (size_t i = 0; i < a->n_packages; i++) {
		SAME_STRING(packages[i].name);
		SAME_STRING(packages[i].version);
	}
}

static void same_records(const struct record *a, const struct record *b)
{
	SAME_STRING(id);
	SAME_STRING(key);
	SAME(source.kind);
	SAME_STRING(source.tool);
	SAME_STRING(source.trigger);
	SAME_STRING(source.url);
	SAME_STRING(source.text);
	SAME_STRING(source.author);
	SAME(source.skimmed.from);
	SAME(source.skimmed.to);
	SAME_STRING(time);
	SAME(run_n);
	SAME(run_boot);
	SAME(environment.kind);
	same_strings(&a->environment.seen, &b->environment.seen);
	SAME_STRING(environment.power);
	same_combinations(&a->combination, &b->combination);
	SAME(kernel_log.present);
	SAME_STRING(kernel_log.unread);
	same_failures(&a->kernel_log.failed, &b->kernel_log.failed);
	same_failures(&a->kernel_log.boot, &b->kernel_log.boot);
	same_failures(&a->kernel_log.idle, &b->kernel_log.idle);
	same_strings(&a->kernel_log.other, &b->kernel_log.other);
	SAME(kernel_log.lost);
	SAME(kernel_log.left_out);
	SAME(n_results);
	for (size_t i = 0; i < a->n_results; i++)
		same_results(&a->results[i], &b->results[i]);
	SAME(n_diagnoses);
	for (size_t i = 0; i < a->n_diagnoses; i++) {
		SAME(diagnoses[i].layer);
		SAME_STRING(diagnoses[i].rule);
		SAME(diagnoses[i].certainty);
		SAME_STRING(diagnoses[i].says);
		same_strings(&a->diagnoses[i].todo, &b->diagnoses[i].todo);
	}
	SAME(n_evidence);
	for (size_t i = 0; i < a->n_evidence; i++) {
		SAME_STRING(evidence[i].pointer);
		SAME(evidence[i].line);
		SAME_STRING(evidence[i].text);
	}
	SAME(n_contradictions);
	for (size_t i = 0; i < a->n_contradictions; i++) {
		SAME_STRING(contradictions[i].pointer);
		same_strings(&a->contradictions[i].values, &b->contradictions[i].values);
	}
	SAME(size);
	assert_memory_equal(a->bytes, b->bytes, a->size);
}

static void read_back(const struct record *record, struct record *ret)
{
	assert_ok(record_read(record->bytes, record->size, TODAY, ret));
}

/* ---- tests ---- */

static void test_a_full_record_reads_back_field_by_field(void **state)
{
	(void)state;
	struct record record, again;
	fill(&record);
	record_write(&record);
	assert_null(record.key);
	read_back(&record, &again);
	same_records(&record, &again);
	/* and what was read is written the same */
	cleanup_free char *bytes = xstrndup(again.bytes, again.size);
	record_write(&again);
	assert_string_equal(again.bytes, bytes);
	record_deinit(&record);
	record_deinit(&again);
}

static void test_a_harvested_record_reads_back(void **state)
{
	(void)state;
	struct record record, again;
	record_init(&record);
	record.source.kind = SOURCE_HARVESTED;
	record.source.tool = "dxgmatrix 0.1.0";
	record.source.url = "https://github.com/microsoft/WSL/issues/40715";
	cleanup_free char *text = hash_address("text", 4), *author = hash_address("x", 1);
	record.source.text = text;
	record.source.author = author;
	record.time = "2026-11";
	record.combination.adapter = (struct adapter){
		.present = true, .vendor = "10de", .name = "GeForce RTX 4090", .index = -1
	};
	record.kernel_log.unread = "not allowed; sudo sysctl kernel.dmesg_restrict=0";
	record_write(&record);
	read_back(&record, &again);
	same_records(&record, &again);
	record_deinit(&record);
	record_deinit(&again);
}

static void test_unknown_is_left_out(void **state)
{
	(void)state;
	struct record record;
	record_init(&record);
	record.source.kind = SOURCE_HARVESTED;
	record.source.tool = "t";
	record_write(&record);
	cleanup_free char *expected = xasprintf(
		"{\"combination\":{\"adapter\":null},\"id\":\"%s\",\"results\":[],"
		"\"schema\":\"dxgmatrix-record/1\",\"source\":{\"kind\":\"harvested\","
		"\"tool\":\"t\"}}",
		record.id);
	assert_string_equal(record.bytes, expected);
	record_deinit(&record);
}

static void test_the_id_is_the_hash_of_all_but_id_and_sig(void **state)
{
	(void)state;
	struct record record;
	record_init(&record);
	record.source.kind = SOURCE_HARVESTED;
	record.source.tool = "t";
	record_write(&record);
	/* printf %s '{…}' | sha256sum of the bytes above without "id" */
	static const char body[] =
		"{\"combination\":{\"adapter\":null},\"results\":[],\"schema\":"
		"\"dxgmatrix-record/"
		"1\",\"source\":{\"kind\":\"harvested\",\"tool\":\"t\"}}";
	cleanup_free char *id = hash_address(body, sizeof(body) - 1);
	assert_string_equal(record.id, id);
	record_deinit(&record);
}

static void test_text_from_anywhere_makes_a_document_its_reader_takes(void **state)
{
	(void)state;
	struct record record, again;
	record_init(&record);
	record.source.tool = "t";
	record.time = TODAY;
	record.combination.adapter.present = true;
	record.combination.adapter.name = "Arc\xff \xe5\x86";
	record.combination.kernel = "";
	cleanup_strbuf struct strbuf large;
	strbuf_init(&large);
	strbuf_add_char(&large, 'a');
	for (int i = 0; i < RECORD_STRING_MAX / 3 + 1; i++)
		strbuf_add_string(&large, "核");
	record.kernel_log.present = true;
	strings_add(&record.arena, &record.kernel_log.other, large.string);
	strings_add(&record.arena, &record.kernel_log.other, "");
	strings_add(&record.arena, &record.kernel_log.other, "\x80");
	struct result result = { .interface = "opencl" };
	add_finding(&record.arena, &result.device,
		    (struct finding_value){ "log", FINDING_STRING, "\xc0\xaf", 0 });
	add_finding(&record.arena, &result.device,
		    (struct finding_value){ "code", FINDING_STRING, "", 0 });
	*arena_push(&record.arena, record.results, record.n_results) = result;
	record_write(&record);
	read_back(&record, &again);
	assert_string_equal(again.combination.adapter.name,
			    "Arc\xef\xbf\xbd \xef\xbf\xbd");
	assert_null(again.combination.kernel);
	assert_int_equal(again.kernel_log.other.n, 2);
	assert_int_equal(strlen(again.kernel_log.other.string[0]), RECORD_STRING_MAX);
	assert_string_equal(again.kernel_log.other.string[1], "\xef\xbf\xbd");
	assert_int_equal(again.results[0].device.n, 1);
	record_deinit(&record);
	record_deinit(&again);
}

static void test_a_log_that_nobody_read_is_absent(void **state)
{
	(void)state;
	struct record record, again;
	record_init(&record);
	record.source.tool = "t";
	record.time = TODAY;
	record.kernel_log.lost = 3;
	record_write(&record);
	read_back(&record, &again);
	assert_false(again.kernel_log.present);
	assert_null(again.kernel_log.unread);
	record_deinit(&record);
	record_deinit(&again);
}

/* ---- signatures ---- */

static struct machine_key machine(int n)
{
	cleanup_free char *folder = xasprintf("%s/tests/record/machine-%d",
					      getenv("DXGMATRIX_BINARY_DIR"), n);
	setenv("XDG_STATE_HOME", folder, 1);
	struct machine_key key;
	assert_ok(key_open(&key));
	return key;
}

static void test_a_signed_record_reads_back(void **state)
{
	(void)state;
	struct machine_key key = machine(1);
	struct record record, again;
	fill(&record);
	record_sign(&record, &key);
	char text[KEY_TEXT_SIZE];
	key_text(&key, text);
	assert_string_equal(record.key, text);
	read_back(&record, &again);
	same_records(&record, &again);
	/* the same machine signs the same record the same */
	cleanup_free char *bytes = xstrndup(again.bytes, again.size);
	record_sign(&again, &key);
	assert_string_equal(again.bytes, bytes);
	record_deinit(&record);
	record_deinit(&again);
}

/* @return bytes with the first `from` replaced; the caller's to free. */
static char *replaced(const char *bytes, const char *from, const char *to)
{
	const char *at = strstr(bytes, from);
	assert_non_null(at);
	return xasprintf("%.*s%s%s", (int)(at - bytes), bytes, to, at + strlen(from));
}

/* The member "name":"…", and the comma behind it where there is one. */
static char *without(const char *bytes, const char *name)
{
	cleanup_free char *start = xasprintf("\"%s\":\"", name);
	const char *at = strstr(bytes, start);
	assert_non_null(at);
	const char *end = strchr(at + strlen(start), '"') + 1;
	return xasprintf("%.*s%s", (int)(at - bytes), bytes, end + (*end == ','));
}

static void test_a_changed_signed_record_is_refused(void **state)
{
	(void)state;
	struct machine_key key = machine(1), other = machine(2);
	struct record record, forged;
	fill(&record);
	record_sign(&record, &key);
	fill(&forged);
	record_sign(&forged, &other);
	cleanup_free char *no_id = without(record.bytes, "id");
	const char *sig = strstr(record.bytes, "\"sig\":\"") + 7;
	const char *other_sig = strstr(forged.bytes, "\"sig\":\"") + 7;
	cleanup_free char *old_sig = xstrndup(sig, 128),
			  *new_sig = xstrndup(other_sig, 128);
	char *rows[] = {
		replaced(record.bytes, "\"outcome\":\"crash\"", "\"outcome\":\"pass\""),
		replaced(no_id, "\"outcome\":\"crash\"", "\"outcome\":\"pass\""),
		replaced(no_id, "{", "{\"added\":1,"),
		replaced(no_id, old_sig, new_sig),
		replaced(no_id, record.key, forged.key),
		without(no_id, "sig"),
		without(no_id, "key"),
	};
	static const char *const faults[] = {
		"/id: is not the document's own",
		"/sig: is not the signature of this document by its key",
		"/sig: is not the signature of this document by its key",
		"/sig: is not the signature of this document by its key",
		"/sig: is not the signature of this document by its key",
		"/sig: is missing beside key",
		"/sig: stands without key",
	};
	struct record again;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_error(record_read(rows[i], strlen(rows[i]), TODAY, &again),
			     faults[i]);
		free(rows[i]);
	}
	assert_ok(record_read(no_id, strlen(no_id), TODAY, &again)); /* it is optional */
	assert_string_equal(again.id, record.id);
	record_deinit(&again);
	record_deinit(&record);
	record_deinit(&forged);
}

static void test_what_was_signed_stays_signed_in_any_spelling(void **state)
{
	(void)state;
	struct machine_key key = machine(1);
	struct record record, again;
	fill(&record);
	record_sign(&record, &key);
	cleanup_free char *spelt = replaced(record.bytes, "\"time\":\"2026-11-20\"",
					    " \"ti\\u006de\" : \"\\u0032026-11-20\"\n");
	assert_ok(record_read(spelt, strlen(spelt), TODAY, &again));
	assert_string_equal(again.bytes, record.bytes);
	record_deinit(&again);
	record_deinit(&record);
}

/* Every changed byte is a fault, or leaves what is said as it was (none does here). */
static void test_every_flipped_byte_is_noticed(void **state)
{
	(void)state;
	struct machine_key key = machine(1);
	struct record record, again;
	record_init(&record);
	record.source.tool = "t";
	record.time = TODAY;
	record_sign(&record, &key);
	cleanup_free char *bytes = xstrndup(record.bytes, record.size);
	for (size_t i = 0; i < record.size; i++) {
		bytes[i] ^= 0x01;
		struct error *err = record_read(bytes, record.size, TODAY, &again);
		if (!err)
			fail_msg("byte %zu: %s", i, bytes);
		error_destroy(err);
		bytes[i] ^= 0x01;
	}
	record_deinit(&record);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_full_record_reads_back_field_by_field),
		cmocka_unit_test(test_a_harvested_record_reads_back),
		cmocka_unit_test(test_unknown_is_left_out),
		cmocka_unit_test(test_the_id_is_the_hash_of_all_but_id_and_sig),
		cmocka_unit_test(
			test_text_from_anywhere_makes_a_document_its_reader_takes),
		cmocka_unit_test(test_a_log_that_nobody_read_is_absent),
		cmocka_unit_test(test_a_signed_record_reads_back),
		cmocka_unit_test(test_a_changed_signed_record_is_refused),
		cmocka_unit_test(test_what_was_signed_stays_signed_in_any_spelling),
		cmocka_unit_test(test_every_flipped_byte_is_noticed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
