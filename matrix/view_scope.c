#include "matrix/view_scope.h"

#include <string.h>

struct verdict view_verdict(struct stmt *stmt)
{
	struct verdict verdict = {
		.votes = { .good = stmt_int(stmt, "good", 0),
			   .bad = stmt_int(stmt, "bad", 0),
			   .noisy = stmt_int(stmt, "noisy", 0),
			   .flaky = stmt_int(stmt, "flaky", 0),
			   .once = stmt_int(stmt, "once", 0),
			   .cpu = stmt_int(stmt, "cpu", 0) },
		.exceptions = stmt_int(stmt, "exceptions", 0),
	};
	verdict_parse(stmt_text(stmt, "verdict"), &verdict.word);
	return verdict;
}

bool view_door_to_fence(struct stmt *stmt)
{
	return stmt_int(stmt, "good", 0) > 0 && stmt_int(stmt, "copy", 0) == 0;
}

const char *view_text(struct arena *arena, struct stmt *stmt, const char *column)
{
	return arena_strdup(arena, stmt_text(stmt, column));
}

static void bind_scope(struct stmt *stmt, const char *gpu, const struct scope *scope)
{
	stmt_bind_text(stmt, "gpu", gpu);
	stmt_bind_text(stmt, "level", level_names[scope->level]);
	stmt_bind_text(stmt, "driver", scope->driver);
	stmt_bind_text(stmt, "wsl", scope->wsl);
	stmt_bind_text(stmt, "kernel", scope->kernel);
	stmt_bind_text(stmt, "windows", scope->windows);
}

static enum rung rung_of(struct stmt *stmt, const char *column)
{
	enum rung rung = RUNG_COUNT;
	const char *name = stmt_text(stmt, column);
	if (name)
		rung_parse(name, &rung);
	return rung;
}

static struct error *load_interfaces(struct store *store, struct arena *arena,
				     const char *gpu, const struct scope *scope,
				     struct view_scope *ret)
{
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_VIEW_INTERFACES);
	bind_scope(&stmt, gpu, scope);
	struct error *err;
	while (!(err = stmt_step(&stmt, &row)) && row)
		*arena_push(arena, ret->interfaces, ret->n_interfaces) =
			(struct view_interface){
				.interface = view_text(arena, &stmt, "interface"),
				.height = rung_of(&stmt, "height"),
				.conflict = rung_of(&stmt, "conflict"),
				.broken = rung_of(&stmt, "broken"),
				.machines = stmt_int(&stmt, "machines", 0),
				.working = stmt_int(&stmt, "working", 0),
				.failing = stmt_int(&stmt, "failing", 0),
				.cpu_only = stmt_int(&stmt, "cpu_only", 0),
			};
	return err;
}

/* Both statements are ordered by interface, so one walk pairs them. */
static struct error *load_rungs(struct store *store, const char *gpu,
				const struct scope *scope, struct view_scope *ret)
{
	bool row = false;
	size_t at = 0;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_VIEW_RUNGS);
	bind_scope(&stmt, gpu, scope);
	struct error *err;
	while (!(err = stmt_step(&stmt, &row)) && row) {
		const char *interface = stmt_text(&stmt, "interface");
		enum rung rung = rung_of(&stmt, "rung");
		while (at < ret->n_interfaces &&
		       strcmp(ret->interfaces[at].interface, interface))
			at++;
		if (at == ret->n_interfaces || rung == RUNG_COUNT)
			continue;
		ret->interfaces[at].has |= rung_bit(rung);
		ret->interfaces[at].rungs[rung] = view_verdict(&stmt);
	}
	return err;
}

struct error *view_load_scope(struct store *store, struct arena *arena, const char *gpu,
			      const struct scope *scope, struct view_scope *ret)
{
	*ret = (struct view_scope){ 0 };
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_VIEW_SCOPE);
	bind_scope(&stmt, gpu, scope);
	struct error *err = stmt_step(&stmt, &row);
	if (err || !row)
		return err;
	*ret = (struct view_scope){
		.door = view_verdict(&stmt),
		.door_to_fence = view_door_to_fence(&stmt),
		.machines = stmt_int(&stmt, "machines", 0),
		.witnesses = stmt_int(&stmt, "witnesses", 0),
		.reports = stmt_int(&stmt, "reports", 0),
		.reports_working = stmt_int(&stmt, "working", 0),
		.reports_failing = stmt_int(&stmt, "failing", 0),
		.reports_cpu_only = stmt_int(&stmt, "cpu_only", 0),
		.first = view_text(arena, &stmt, "first"),
		.newest = view_text(arena, &stmt, "newest"),
		.newest_report = view_text(arena, &stmt, "newest_report"),
	};
	err = load_interfaces(store, arena, gpu, scope, ret);
	return err ? err : load_rungs(store, gpu, scope, ret);
}

static void take_name(struct arena *arena, struct stmt *stmt, struct view_gpu *ret)
{
	const char *name = view_text(arena, stmt, "name");
	if (!ret->vendor)
		ret->vendor = view_text(arena, stmt, "vendor");
	if (!ret->pci)
		ret->pci = view_text(arena, stmt, "pci");
	if (name && ret->name)
		strings_add(arena, &ret->names, name);
	else if (name)
		ret->name = name;
}

struct error *view_load_gpu(struct store *store, struct arena *arena, const char *address,
			    struct view_gpu *ret)
{
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_VIEW_NAMES);
	stmt_bind_text(&stmt, "gpu", address);
	ret->address = arena_strdup(arena, address);
	struct error *err;
	while (!(err = stmt_step(&stmt, &row)) && row)
		take_name(arena, &stmt, ret);
	return err;
}
