#include "matrix/extract.h"

#include <string.h>

#include "diagnosis/gpu.h"
#include "matrix/reading.h"
#include "matrix/stmt.h"
#include "record/hash.h"
#include "record/version.h"
#include "util/alloc.h"
#include "util/strbuf.h"

bool extract_is_measured(const struct record *record)
{
	return record->source.kind == SOURCE_MEASURED && record->key;
}

static bool is_wsl2(const struct record *record)
{
	const char *kernel = record->combination.kernel;
	switch (record->environment.kind) {
	case ENVIRONMENT_UNKNOWN: /* of a report: taken at its word */
	case ENVIRONMENT_WSL2:
		return true;
	case ENVIRONMENT_CONTAINER: /* on WSL2's kernel, or on any other */
		return kernel && strstr(kernel, "-WSL2");
	case ENVIRONMENT_WSL1:
	case ENVIRONMENT_HYPER_V:
	case ENVIRONMENT_LINUX:
	case ENVIRONMENT_COUNT:
		break;
	}
	return false;
}

bool extract_is_in_table(const struct record *record)
{
	const struct adapter *adapter = &record->combination.adapter;
	bool software = adapter->class && !strcmp(adapter->class, "software");
	return adapter->present && (adapter->pci || adapter->name) && !software &&
	       is_wsl2(record);
}

char *extract_gpu_address(const struct adapter *adapter)
{
	const struct gpu *known = NULL;
	if (adapter->present && !adapter->pci && adapter->name)
		known = gpu_find_name(adapter->name);
	if (!known)
		return combination_gpu_address(adapter);
	const struct adapter meant = { .present = true, .pci = known->pci };
	return combination_gpu_address(&meant);
}

/* "dxgmatrix 0.1.0" -> 1000; 0 where it is spelt otherwise. */
static int64_t tool_version(const char *tool)
{
	const char *space = tool ? strrchr(tool, ' ') : NULL;
	struct version version;
	if (!space || !version_parse(space + 1, &version))
		return 0;
	int64_t number = 0;
	for (int i = 0; i < 3; i++)
		number = number * 1000 + (version.part[i] < 999 ? version.part[i] : 999);
	return number;
}

/* Only a harvested record has a post behind it: a measured one that names a text must not
 * supersede what was read in it. */
static const char *of_post(const struct record *record, const char *member)
{
	return record->source.kind == SOURCE_HARVESTED ? member : NULL;
}

static const char *reporter(const struct record *record)
{
	if (extract_is_measured(record))
		return NULL;
	const char *names[] = { of_post(record, record->source.author),
				of_post(record, record->source.url),
				of_post(record, record->source.text) };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i])
			return names[i];
	return record->id;
}

/* Equal packages, equal text: the reader keeps the order of the document, which is
 * canonical only in the bytes. */
static int compare_packages(const void *a, const void *b)
{
	const struct package *x = a, *y = b;
	return strcmp(x->name, y->name);
}

static void packages_hash(const struct combination *combination, char ret[HASH_HEX_SIZE])
{
	ret[0] = '\0';
	size_t n = combination->n_packages;
	if (!n)
		return;
	cleanup_free struct package *sorted = xcalloc(n, sizeof(*sorted));
	memcpy(sorted, combination->packages, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), compare_packages);
	cleanup_strbuf struct strbuf text;
	strbuf_init(&text);
	for (size_t i = 0; i < n; i++)
		strbuf_printf(&text, "%s=%s\n", sorted[i].name,
			      sorted[i].version ? sorted[i].version : "");
	hash_hex(text.string, text.length, ret);
	ret[16] = '\0'; /* tells conditions of one machine apart, no more */
}

static struct error *add_record(struct store *store, const struct record *record,
				const char *gpu)
{
	const struct combination *combination = &record->combination;
	bool measured = extract_is_measured(record);
	char address[COMBINATION_ADDRESS_SIZE], packages[HASH_HEX_SIZE];
	combination_address(combination, address);
	packages_hash(combination, packages);
	cleanup_free char *kernel =
		combination->kernel ? xstrndup(combination->kernel,
					       version_kernel_base(combination->kernel))
				    : NULL;
	struct door_reading door = reading_of_door(record);
	char letters[3] = { reading_letters[door.fence], reading_letters[door.copy] };

	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_ADD_D_RECORD);
	stmt_bind_text(&stmt, "gpu", gpu);
	stmt_bind_text(&stmt, "combination", address);
	stmt_bind_text(&stmt, "id", record->id);
	stmt_bind_int(&stmt, "measured", measured);
	stmt_bind_int(&stmt, "in_table", extract_is_in_table(record));
	stmt_bind_text(&stmt, "machine", measured ? record->key : NULL);
	stmt_bind_text(&stmt, "reporter", reporter(record));
	stmt_bind_text(&stmt, "text", of_post(record, record->source.text));
	stmt_bind_int(&stmt, "extraction", tool_version(record->source.tool));
	stmt_bind_text(&stmt, "date", record->time);
	if (record->run_n >= 0)
		stmt_bind_int(&stmt, "run_n", record->run_n);
	stmt_bind_text(&stmt, "vendor", combination->adapter.vendor);
	stmt_bind_text(&stmt, "pci", combination->adapter.pci);
	stmt_bind_text(&stmt, "name", combination->adapter.name);
	stmt_bind_text(&stmt, "driver", combination->driver);
	stmt_bind_text(&stmt, "driver_public", combination->driver_public);
	stmt_bind_text(&stmt, "wsl", combination->wsl);
	stmt_bind_text(&stmt, "kernel", kernel);
	stmt_bind_text(&stmt, "windows", combination->windows);
	stmt_bind_text(&stmt, "distro", combination->distro);
	stmt_bind_text(&stmt, "packages", packages);
	stmt_bind_text(&stmt, "url", of_post(record, record->source.url));
	stmt_bind_text(&stmt, "door", letters);
	return stmt_run(&stmt);
}

/* ---- what it says of an interface ---- */

struct says {
	enum reading readings[RUNG_COUNT];
	bool tried; /* it holds rungs */
	bool working, failing, cpu;
	enum outcome outcome; /* OUTCOME_COUNT: none yet */
};

static enum reading worse_reading(enum reading a, enum reading b)
{
	return a > b ? a : b; /* READINGS stand in this order */
}

static void say_outcome(struct says *says, enum outcome outcome)
{
	says->working |= outcome == OUTCOME_PASS;
	says->cpu |= outcome == OUTCOME_FALLBACK;
	says->failing |= outcome_is_bad(outcome) && outcome != OUTCOME_FALLBACK;
	if (says->outcome == OUTCOME_COUNT)
		says->outcome = outcome;
	else if (says->working)
		says->outcome = OUTCOME_PASS;
	else
		says->outcome = outcome_worse(says->outcome, outcome);
}

/* The rung on which a road is said to work: where a kernel runs, or the last rung of
 * roads without kernels. */
static bool reaches(const struct result *result)
{
	enum rung height = result_height(result);
	if (height == RUNG_COUNT)
		return false;
	if (result_rung(result, RUNG_LAUNCH))
		return rung_closure(rung_bit(height), UINT32_MAX) & rung_bit(RUNG_LAUNCH);
	for (size_t i = 0; i < result->n_rungs; i++)
		if (result->rungs[i].outcome == OUTCOME_BLOCKED ||
		    outcome_is_bad(result->rungs[i].outcome))
			return false;
	return height > RUNG_LOAD;
}

/* The result as a report would put it: one outcome. */
static enum outcome whole_outcome(const struct result *result)
{
	enum outcome worst = OUTCOME_SKIP;
	for (size_t i = 0; i < result->n_rungs; i++)
		worst = outcome_worse(worst, result->rungs[i].outcome);
	return reaches(result)         ? OUTCOME_PASS
	       : worst == OUTCOME_PASS ? OUTCOME_SKIP
				       : worst;
}

static void say_result(struct says *says, const struct result *result,
		       const struct result *control)
{
	if (result->reported) {
		say_outcome(says, result->outcome);
		return;
	}
	for (size_t i = 0; i < result->n_rungs; i++) {
		const struct rung_result *rung = &result->rungs[i];
		enum reading *reading = &says->readings[rung->rung];
		*reading = worse_reading(*reading, reading_of_rung(rung, control));
		says->tried = true;
	}
	if (result->n_rungs)
		say_outcome(says, whole_outcome(result));
}

/* @param results  those of one interface: of the adapter, then the controls */
static struct says say_interface(const struct result *const *results, size_t n)
{
	struct says says = { .outcome = OUTCOME_COUNT };
	const struct result *control = NULL;
	for (size_t i = n; i-- > 0 && results[i]->role == ROLE_CONTROL;)
		control = results[i];
	for (size_t i = 0; i < n && results[i]->role == ROLE_ADAPTER; i++)
		say_result(&says, results[i], control);
	/* In one report what works outweighs: another program on the same road. */
	if (says.working)
		says.failing = says.cpu = false;
	return says;
}

static struct error *add_result(struct store *store, const struct record *record,
				const char *gpu, const char *interface,
				const struct says *says)
{
	char readings[RUNG_COUNT + 1] = "", address[COMBINATION_ADDRESS_SIZE];
	combination_address(&record->combination, address);
	for (int rung = 0; says->tried && rung < RUNG_COUNT; rung++)
		readings[rung] = reading_letters[says->readings[rung]];
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_ADD_D_RESULT);
	stmt_bind_text(&stmt, "gpu", gpu);
	stmt_bind_text(&stmt, "interface", interface);
	stmt_bind_text(&stmt, "record", record->id);
	stmt_bind_text(&stmt, "combination", address);
	stmt_bind_text(&stmt, "readings", readings);
	stmt_bind_int(&stmt, "working", says->working);
	stmt_bind_int(&stmt, "failing", says->failing);
	stmt_bind_int(&stmt, "cpu", says->cpu);
	stmt_bind_text(&stmt, "outcome", outcome_rows[says->outcome].name);
	return stmt_run(&stmt);
}

/* By interface, the adapter's before the controls. */
static int compare_results(const void *a, const void *b)
{
	const struct result *x = *(const struct result *const *)a;
	const struct result *y = *(const struct result *const *)b;
	int order = strcmp(x->interface, y->interface);
	return order ? order : (int)x->role - (int)y->role;
}

static struct error *add_results(struct store *store, const struct record *record,
				 const char *gpu)
{
	size_t n = record->n_results, end;
	cleanup_free const struct result **sorted = xcalloc(n + 1, sizeof(*sorted));
	for (size_t i = 0; i < n; i++)
		sorted[i] = &record->results[i];
	qsort(sorted, n, sizeof(*sorted), compare_results);
	struct error *err = NULL;
	for (size_t i = 0; !err && i < n; i = end) {
		const char *interface = sorted[i]->interface;
		for (end = i + 1; end < n; end++)
			if (strcmp(sorted[end]->interface, interface))
				break;
		struct says says = say_interface(sorted + i, end - i);
		if (says.outcome != OUTCOME_COUNT)
			err = add_result(store, record, gpu, interface, &says);
	}
	return err;
}

/* ---- whose verdicts it changes ---- */

/* Runs a statement with one text parameter. */
static struct error *run_with(struct store *store, enum query query, const char *name,
			      const char *value)
{
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, query);
	stmt_bind_text(&stmt, name, value);
	return stmt_run(&stmt);
}

static struct error *add_machine(struct store *store, const char *machine,
				 const char *gpu)
{
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_ADD_D_MACHINE);
	stmt_bind_text(&stmt, "machine", machine);
	stmt_bind_text(&stmt, "gpu", gpu);
	return stmt_run(&stmt);
}

struct error *extract_record(struct store *store, const struct record *record)
{
	cleanup_free char *address = extract_gpu_address(&record->combination.adapter);
	const char *gpu = address ? address : "";
	struct error *err = add_record(store, record, gpu);
	if (!err)
		err = add_results(store, record, gpu);
	if (!err && extract_is_measured(record))
		err = add_machine(store, record->key, gpu);
	if (!err && *gpu)
		err = run_with(store, QUERY_TOUCH_GPU, "gpu", gpu);
	const char *text = of_post(record, record->source.text);
	if (!err && text)
		err = run_with(store, QUERY_TOUCH_TEXT, "text", text);
	return err;
}

struct error *extract_submitter(struct store *store, const char *machine,
				const char *submitter)
{
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_ADD_D_WITNESS);
	stmt_bind_text(&stmt, "machine", machine);
	stmt_bind_text(&stmt, "witness", submitter);
	struct error *err = stmt_run(&stmt);
	if (!err)
		err = run_with(store, QUERY_TOUCH_MACHINE, "machine", machine);
	return err;
}

struct error *extract_begin(struct store *store)
{
	return store_execute(store, "CREATE TABLE IF NOT EXISTS temp.touched "
				    "(gpu TEXT PRIMARY KEY) WITHOUT ROWID; "
				    "DELETE FROM temp.touched; "
				    "CREATE TABLE IF NOT EXISTS temp.touched_text "
				    "(text TEXT PRIMARY KEY) WITHOUT ROWID; "
				    "DELETE FROM temp.touched_text");
}
