/* The combination half of view.h. */
#include "matrix/view.h"

#include <string.h>

#include "diagnosis/road.h"
#include "matrix/reading.h"
#include "matrix/view_scope.h"
#include "util/alloc.h"
#include "util/strbuf.h"

/* ---- one line per record ---- */

/* What the readings of an interface come to: how far, and where it ends. */
static void add_climb(struct strbuf *buf, const char *readings, const char *outcome)
{
	enum rung height = RUNG_COUNT, end = RUNG_COUNT;
	for (int rung = 0; rung < RUNG_COUNT && readings[rung]; rung++) {
		enum reading reading = reading_of_letter(readings[rung]);
		if (reading_is_good(reading))
			height = (enum rung)rung;
		else if (reading != READING_ABSENT && reading != READING_UNCOUNTED &&
			 end == RUNG_COUNT)
			end = (enum rung)rung;
	}
	if (end != RUNG_COUNT)
		strbuf_printf(buf, " %s", rung_rows[end].name);
	else if (height != RUNG_COUNT)
		strbuf_printf(buf, " %s", rung_rows[height].name);
	if (end != RUNG_COUNT || height == RUNG_COUNT)
		strbuf_printf(buf, " %s", outcome);
}

static void add_words(struct strbuf *buf, struct stmt *stmt)
{
	enum outcome outcome = OUTCOME_ERROR;
	const char *readings = stmt_text(stmt, "readings");
	outcome_parse(stmt_text(stmt, "outcome"), &outcome);
	if (buf->length)
		strbuf_add_string(buf, " · ");
	strbuf_add_string(buf, road_title(stmt_text(stmt, "interface")));
	if (*readings)
		add_climb(buf, readings, outcome_rows[outcome].words);
	else
		strbuf_printf(buf, " reported %s", outcome_rows[outcome].words);
}

static struct error *summarise(struct store *store, struct arena *arena, const char *gpu,
			       const char *id, const char **ret)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_VIEW_RESULTS);
	stmt_bind_text(&stmt, "gpu", gpu);
	stmt_bind_text(&stmt, "record", id);
	struct error *err;
	while (!(err = stmt_step(&stmt, &row)) && row)
		add_words(&buf, &stmt);
	*ret = arena_strdup(arena, buf.string);
	return err;
}

/* ---- rows ---- */

static const char *address_of(struct arena *arena, const char *id)
{
	const char *digits = strchr(id, ':');
	digits = digits ? digits + 1 : id;
	return arena_strndup(arena, digits, VIEW_RECORD_ADDRESS_SIZE - 1);
}

/* Machines are numbered as they first appear in the list; 0 without one. */
static int64_t machine_number(struct arena *arena, struct strings *machines,
			      const char *machine)
{
	if (!machine)
		return 0;
	for (size_t i = 0; i < machines->n; i++)
		if (!strcmp(machines->string[i], machine))
			return (int64_t)i + 1;
	strings_add(arena, machines, machine);
	return (int64_t)machines->n;
}

static struct error *load_records(struct store *store, const char *address,
				  struct view_combination_page *ret)
{
	struct arena *arena = &ret->arena;
	struct strings machines = { 0 };
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_VIEW_RECORDS);
	stmt_bind_text(&stmt, "gpu", ret->gpu.address);
	stmt_bind_text(&stmt, "combination", address);
	stmt_bind_int(&stmt, "limit", VIEW_ROWS_PER_COMBINATION);
	struct error *err;
	while (!(err = stmt_step(&stmt, &row)) && row) {
		const char *id = view_text(arena, &stmt, "id");
		struct view_record_row *record =
			arena_push(arena, ret->records, ret->n_records);
		*record = (struct view_record_row){
			.id = id,
			.address = address_of(arena, id),
			.date = view_text(arena, &stmt, "date"),
			.url = view_text(arena, &stmt, "url"),
			.measured = stmt_int(&stmt, "measured", 0) != 0,
			.in_table = stmt_int(&stmt, "in_table", 0) != 0,
			.superseded = stmt_int(&stmt, "superseded", 0) != 0,
			.machine = machine_number(arena, &machines,
						  stmt_text(&stmt, "machine")),
			.run_n = stmt_int(&stmt, "run_n", -1),
		};
		err = summarise(store, arena, ret->gpu.address, id, &record->summary);
		if (err)
			return err;
	}
	return err;
}

/* ---- the page ---- */

static struct error *find_gpu(struct store *store, const char *address,
			      struct view_combination_page *ret)
{
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_VIEW_GPU_OF);
	stmt_bind_text(&stmt, "combination", address);
	struct error *err = stmt_step(&stmt, &row);
	if (!err && !row)
		err = error_create("no record of a combination '%.80s'", address);
	if (err)
		return err;
	return view_load_gpu(store, &ret->arena, stmt_text(&stmt, "gpu"), &ret->gpu);
}

static struct error *load_combination(struct store *store, const char *address,
				      struct view_combination_page *ret)
{
	struct view_combination *found = NULL;
	size_t n = 0;
	struct error *err = view_load_combinations(store, &ret->arena, &ret->gpu, address,
						   &found, &n);
	if (err || !n)
		return err;
	ret->combination = found[0];
	if (!ret->combination.full)
		return NULL;
	const struct scope exact = { LEVEL_EXACT, found[0].driver, found[0].wsl,
				     found[0].kernel, found[0].windows };
	return view_load_scope(store, &ret->arena, ret->gpu.address, &exact, &ret->scope);
}

struct error *view_combination_page(struct store *store, const char *address,
				    struct view_combination_page *ret)
{
	struct view_combination_page page = { 0 };
	struct error *err = find_gpu(store, address, &page);
	if (!err)
		err = load_combination(store, address, &page);
	if (!err)
		err = load_records(store, address, &page);
	if (err)
		view_combination_page_deinit(&page);
	else
		*ret = page;
	return err;
}

void view_combination_page_deinit(struct view_combination_page *page)
{
	arena_deinit(&page->arena);
	*page = (struct view_combination_page){ 0 };
}
