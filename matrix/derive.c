#include "matrix/derive.h"

#include "matrix/rules.h"
#include "matrix/stmt.h"
#include "matrix/tally.h"
#include "util/alloc.h"
#include "util/array.h"

/* Slots of the door's votes and of claims. */
enum { DOOR_FENCE, DOOR_COPY };
enum { CLAIM_WORKING, CLAIM_FAILING, CLAIM_CPU };

static struct error *drop(struct store *store, const char *gpu)
{
	static const enum query queries_of_drop[] = { QUERY_DROP_SCOPES,
						      QUERY_DROP_INTERFACES,
						      QUERY_DROP_RUNGS };
	struct error *err = NULL;
	for_each_row(query, queries_of_drop) {
		cleanup_stmt struct stmt stmt;
		stmt_open(&stmt, store, *query);
		stmt_bind_text(&stmt, "gpu", gpu);
		if (!err)
			err = stmt_run(&stmt);
	}
	return err;
}

static void bind_scope(struct stmt *stmt, const char *gpu, const struct scope *scope)
{
	stmt_bind_text(stmt, "gpu", gpu);
	stmt_bind_text(stmt, "level", level_names[scope->level]);
	stmt_bind_text(stmt, "driver", scope->driver);
	stmt_bind_text(stmt, "wsl", scope->wsl);
	stmt_bind_text(stmt, "kernel", scope->kernel);
	stmt_bind_text(stmt, "windows", scope->windows);
	stmt_bind_int(stmt, "rules", RULES_VERSION);
}

static void bind_verdict(struct stmt *stmt, const struct verdict *verdict)
{
	stmt_bind_text(stmt, "verdict", verdict_rows[verdict->word].name);
	stmt_bind_int(stmt, "good", verdict->votes.good);
	stmt_bind_int(stmt, "bad", verdict->votes.bad);
	stmt_bind_int(stmt, "noisy", verdict->votes.noisy);
	stmt_bind_int(stmt, "flaky", verdict->votes.flaky);
	stmt_bind_int(stmt, "once", verdict->votes.once);
	stmt_bind_int(stmt, "cpu", verdict->votes.cpu);
	stmt_bind_int(stmt, "exceptions", verdict->exceptions);
}

static void bind_claims(struct stmt *stmt, const struct tally *claims)
{
	stmt_bind_int(stmt, "working", claims->votes[CLAIM_WORKING].good);
	stmt_bind_int(stmt, "failing", claims->votes[CLAIM_FAILING].good);
	stmt_bind_int(stmt, "cpu_only", claims->votes[CLAIM_CPU].good);
}

static const char *date_or_null(const char *date)
{
	return *date ? date : NULL;
}

static struct error *add_scope(struct store *store, const char *gpu,
			       const struct scope *scope, const struct tally *measured,
			       const struct tally *claims)
{
	struct verdict verdict = verdict_of(&measured->votes[DOOR_FENCE]);
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_ADD_D_SCOPE);
	bind_scope(&stmt, gpu, scope);
	bind_verdict(&stmt, &verdict);
	stmt_bind_int(&stmt, "copy", measured->votes[DOOR_COPY].good);
	stmt_bind_int(&stmt, "machines", measured->machines);
	stmt_bind_int(&stmt, "witnesses", measured->voters);
	stmt_bind_text(&stmt, "first", date_or_null(measured->first));
	stmt_bind_text(&stmt, "newest", date_or_null(measured->newest));
	stmt_bind_int(&stmt, "reports", claims->voters);
	bind_claims(&stmt, claims);
	stmt_bind_text(&stmt, "newest_report", date_or_null(claims->newest));
	return stmt_run(&stmt);
}

static const char *rung_name(enum rung rung)
{
	return rung == RUNG_COUNT ? NULL : rung_rows[rung].name;
}

static struct error *add_rungs(struct store *store, const char *gpu,
			       const struct scope *scope, const char *interface,
			       const struct verdict *verdicts, uint32_t has)
{
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_ADD_D_RUNG);
	struct error *err = NULL;
	for (int i = 0; !err && i < RUNG_COUNT; i++) {
		if (!(has & rung_bit((enum rung)i)))
			continue;
		bind_scope(&stmt, gpu, scope);
		stmt_bind_text(&stmt, "interface", interface);
		stmt_bind_text(&stmt, "rung", rung_rows[i].name);
		bind_verdict(&stmt, &verdicts[i]);
		err = stmt_run(&stmt);
	}
	return err;
}

static struct error *add_interface(struct store *store, const char *gpu,
				   const struct scope *scope, const char *interface,
				   const struct tally *measured,
				   const struct tally *claims)
{
	struct verdict verdicts[RUNG_COUNT];
	for (int i = 0; i < RUNG_COUNT; i++)
		verdicts[i] = verdict_of(&measured->votes[i]);
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_ADD_D_INTERFACE);
	bind_scope(&stmt, gpu, scope);
	stmt_bind_text(&stmt, "interface", interface);
	stmt_bind_text(&stmt, "height",
		       rung_name(verdict_height(verdicts, measured->has)));
	stmt_bind_text(&stmt, "conflict",
		       rung_name(verdict_lowest(verdicts, VERDICT_CONFLICT)));
	stmt_bind_text(&stmt, "broken",
		       rung_name(verdict_lowest(verdicts, VERDICT_BROKEN)));
	stmt_bind_int(&stmt, "machines", measured->machines);
	bind_claims(&stmt, claims);
	struct error *err = stmt_run(&stmt);
	if (!err)
		err = add_rungs(store, gpu, scope, interface, verdicts, measured->has);
	return err;
}

/* One pass over the votes on a GPU: its scopes, with room for what is counted. */
struct pass {
	struct store *store;
	const char *gpu;
	struct scopes scopes;
	struct tally *measured, *claims; /* one per scope */
};

static struct error *count(struct pass *pass, enum query query, const char *interface,
			   struct tally *ret)
{
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, pass->store, query);
	stmt_bind_text(&stmt, "gpu", pass->gpu);
	if (interface)
		stmt_bind_text(&stmt, "interface", interface);
	return tally_votes(&pass->scopes, &stmt, ret);
}

static struct error *derive_door(struct pass *pass)
{
	struct error *err = count(pass, QUERY_VOTES_ON_DOOR, NULL, pass->measured);
	if (!err)
		err = count(pass, QUERY_CLAIMS_ON_GPU, NULL, pass->claims);
	for (size_t i = 0; !err && i < pass->scopes.n; i++)
		if (pass->measured[i].voters || pass->claims[i].voters)
			err = add_scope(pass->store, pass->gpu, &pass->scopes.scope[i],
					&pass->measured[i], &pass->claims[i]);
	return err;
}

static struct error *derive_interface(struct pass *pass, const char *interface)
{
	struct error *err =
		count(pass, QUERY_VOTES_ON_INTERFACE, interface, pass->measured);
	if (!err)
		err = count(pass, QUERY_CLAIMS_ON_INTERFACE, interface, pass->claims);
	for (size_t i = 0; !err && i < pass->scopes.n; i++)
		if (pass->measured[i].voters || pass->claims[i].voters)
			err = add_interface(pass->store, pass->gpu,
					    &pass->scopes.scope[i], interface,
					    &pass->measured[i], &pass->claims[i]);
	return err;
}

static struct error *derive_interfaces(struct pass *pass)
{
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, pass->store, QUERY_INTERFACES_OF_GPU);
	stmt_bind_text(&stmt, "gpu", pass->gpu);
	struct error *err;
	while (!(err = stmt_step(&stmt, &row)) && row) {
		err = derive_interface(pass, stmt_text(&stmt, "interface"));
		if (err)
			return err;
	}
	return err;
}

static struct error *derive_gpu(struct store *store, const char *gpu)
{
	struct error *err = drop(store, gpu);
	if (err)
		return err;
	struct pass pass = { .store = store, .gpu = gpu };
	err = scopes_load(store, gpu, &pass.scopes);
	if (err)
		return err;
	pass.measured = xcalloc(pass.scopes.n + 1, sizeof(*pass.measured));
	pass.claims = xcalloc(pass.scopes.n + 1, sizeof(*pass.claims));
	if (pass.scopes.n)
		err = derive_door(&pass);
	if (!err && pass.scopes.n)
		err = derive_interfaces(&pass);
	free(pass.measured);
	free(pass.claims);
	scopes_deinit(&pass.scopes);
	return err;
}

static struct error *touch_texts(struct store *store)
{
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_TOUCH_TEXTS);
	return stmt_run(&stmt);
}

struct error *derive_touched(struct store *store)
{
	struct error *err = touch_texts(store);
	bool row = false;
	cleanup_stmt struct stmt stmt;
	stmt_open(&stmt, store, QUERY_TOUCHED);
	while (!err && !(err = stmt_step(&stmt, &row)) && row) {
		err = error_wrap(derive_gpu(store, stmt_text(&stmt, "gpu")), "verdicts");
		if (err)
			return err;
	}
	if (!err)
		err = store_execute(store, "DELETE FROM temp.touched; "
					   "DELETE FROM temp.touched_text");
	return err;
}
