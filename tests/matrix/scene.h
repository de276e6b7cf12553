/* scene.h: stores and records for the tests of matrix/, a line a thing. */
#pragma once

#include <sodium.h>
#include <sqlite3.h>

#include "matrix/ingest.h"
#include "matrix/store.h"
#include "record/hash.h"
#include "record/key.h"
#include "record/record.h"
#include "tests/testing.h"
#include "util/file.h"
#include "util/strbuf.h"

/* A folder of the test's own, gone at its end. */
struct scene {
	char *folder;
	char *path; /* of the store */
	struct store *store;
};

static inline void scene_open(struct scene *scene)
{
	setenv("DXGMATRIX_TODAY", "2026-11-20", 1);
	assert_ok(file_temporary_folder("dxgmatrix-test", &scene->folder));
	scene->path = xasprintf("%s/matrix.db", scene->folder);
	assert_ok(store_open(scene->path, STORE_WRITE, &scene->store));
}

static inline void scene_close(struct scene *scene)
{
	store_close(scene->store);
	assert_ok(file_remove_tree(scene->folder));
	free(scene->folder);
	free(scene->path);
	*scene = (struct scene){ 0 };
}

static inline void scene_close_p(struct scene *scene)
{
	if (scene->folder)
		scene_close(scene);
}
#define cleanup_scene cleanup_with(scene_close_p)

/* ---- records ---- */

/* The key of machine number n: always the same. */
static inline struct machine_key scene_key(int n)
{
	struct machine_key key;
	unsigned char seed[crypto_sign_SEEDBYTES] = { 0 };
	memcpy(seed, &n, sizeof(n));
	crypto_sign_seed_keypair(key.public_key, key.secret_key, seed);
	return key;
}

/* A measured record of a full combination, without results. */
static inline void scene_record(struct record *record)
{
	record_init(record);
	record->source.kind = SOURCE_MEASURED;
	record->source.tool = "dxgmatrix 0.1.0";
	record->source.trigger = "manual";
	record->time = "2026-11-20";
	record->run_n = 1;
	record->environment.kind = ENVIRONMENT_WSL2;
	record->combination = (struct combination){
		.adapter = { .present = true,
			     .vendor = "8086",
			     .pci = "8086:7d51",
			     .name = "Intel Arc 140T",
			     .class = "gpu",
			     .index = 0 },
		.driver = "32.0.101.8801",
		.wsl = "2.7.9.0",
		.kernel = "6.18.33.2-microsoft-standard-WSL2",
		.windows = "10.0.26100.9168",
	};
}

/* What a public text says, without claims. */
static inline void scene_report(struct record *record, const char *author)
{
	scene_record(record);
	record->source.kind = SOURCE_HARVESTED;
	record->source.trigger = NULL;
	record->run_n = -1;
	if (author) {
		cleanup_free char *hash = hash_address(author, strlen(author));
		record->source.author = arena_strdup(&record->arena, hash);
	}
}

static inline void scene_claim(struct record *record, const char *interface,
			       enum outcome outcome)
{
	*arena_push(&record->arena, record->results, record->n_results) = (struct result){
		.interface = interface, .reported = true, .outcome = outcome
	};
}

/* "crash/crash/pass": the tries, whose worst is the outcome. */
static inline void scene_tries(struct rung_result *rung, char *words)
{
	char *save = NULL;
	enum outcome all[TRIES_MAX];
	size_t n = 0;
	rung->outcome = OUTCOME_SKIP;
	for (char *word = strtok_r(words, "/", &save); word;
	     word = strtok_r(NULL, "/", &save)) {
		assert_true(n < TRIES_MAX);
		assert_true(outcome_parse(word, &all[n]));
		rung->outcome = n ? outcome_worse(rung->outcome, all[n]) : all[n];
		n++;
	}
	if (n < 2)
		return;
	memcpy(rung->tries, all, sizeof(all));
	rung->n_tries = n;
}

/* climb: "load pass, launch crash/crash/crash, copy fallback:refused" */
static inline struct result *scene_climb(struct record *record, const char *interface,
					 enum role role, const char *climb)
{
	struct result *result =
		arena_push(&record->arena, record->results, record->n_results);
	*result = (struct result){ .interface = interface, .role = role };
	cleanup_free char *copy = xstrdup(climb);
	char *save = NULL;
	for (char *step = strtok_r(copy, ",", &save); step;
	     step = strtok_r(NULL, ",", &save)) {
		char name[32], words[96], reason[32] = "";
		int n = sscanf(step, " %31s %95[^:]:%31s", name, words, reason);
		assert_true(n >= 2);
		struct rung_result *rung =
			arena_push(&record->arena, result->rungs, result->n_rungs);
		rung->ms = -1;
		assert_true(rung_parse(name, &rung->rung));
		scene_tries(rung, words);
		if (*reason)
			assert_true(reason_parse(reason, &rung->reason));
	}
	return result;
}

#define SCENE_DOOR                                                                       \
	"load pass, enumerate pass, open pass, query pass, paging pass, fence pass"
#define SCENE_LAUNCH                                                                     \
	"load pass, enumerate pass, open pass, copy pass, compile pass, launch pass"

/* A call of a rung's own trace. error 0: it never failed. */
static inline void scene_call(struct record *record, struct rung_result *rung,
			      const char *ioctl, int error)
{
	rung->trace.how = "ptrace";
	struct trace_call *call =
		arena_push(&record->arena, rung->trace.call, rung->trace.n);
	*call = (struct trace_call){
		.ioctl = ioctl, .calls = 3, .sum_us = -1, .max_us = -1
	};
	if (error)
		failures_add(&record->arena, &call->failed, ioctl, error, 1);
}

/* A refused question of that type. */
static inline void scene_query(struct record *record, struct rung_result *rung,
			       uint32_t type, int error)
{
	scene_call(record, rung, "query_adapter_info", error);
	struct trace_call *call = &rung->trace.call[rung->trace.n - 1];
	*arena_push(&record->arena, call->types, call->n_types) =
		(struct trace_type){ .type = type, .calls = 1, .failed = call->failed };
}

static inline struct rung_result *scene_rung(struct result *result, enum rung rung)
{
	return (struct rung_result *)result_rung(result, rung);
}

/* ---- into the store ---- */

static inline void scene_take(struct scene *scene, struct record *record)
{
	static const struct admission by_file = { .road = "file" };
	assert_ok(ingest_one(scene->store, record->bytes, record->size, &by_file));
}

/* Signs it as machine n, or leaves it unsigned for 0; takes it; ends the record. */
static inline void scene_add(struct scene *scene, struct record *record, int machine)
{
	struct machine_key key = scene_key(machine);
	if (machine)
		record_sign(record, &key);
	else
		record_write(record);
	scene_take(scene, record);
	record_deinit(record);
}

/* ---- what the store holds ---- */

static inline int scene_append(void *context, int n, char **values, char **names)
{
	struct strbuf *buf = context;
	(void)names;
	for (int i = 0; i < n; i++)
		strbuf_printf(buf, "%s%s", i ? "|" : "", values[i] ? values[i] : "-");
	strbuf_add_char(buf, '\n');
	return 0;
}

/* The rows of a statement as lines, columns parted by '|'; the caller's to free. */
static inline char *scene_sql(struct store *store, const char *sql)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	char *message = NULL;
	if (sqlite3_exec(store_database(store), sql, scene_append, &buf, &message))
		fail_msg("%s: %s", sql, message);
	return strbuf_take(&buf);
}

#define assert_rows(store, sql, expected)                                                \
	do {                                                                             \
		cleanup_free char *rows_ = scene_sql(store, sql);                        \
		assert_string_equal(rows_, expected);                                    \
	} while (0)

/* The bytes of `sqlite3 FILE .dump PATTERN`; the caller's to free. */
static inline char *scene_dump(const char *path, const char *pattern)
{
	cleanup_free char *command =
		xasprintf("sqlite3 '%s' \".dump '%s'\"", path, pattern);
	FILE *pipe = popen(command, "r");
	assert_non_null(pipe);
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	char block[4096];
	size_t n;
	while ((n = fread(block, 1, sizeof(block), pipe)))
		strbuf_add(&buf, block, n);
	assert_int_equal(pclose(pipe), 0);
	return strbuf_take(&buf);
}
