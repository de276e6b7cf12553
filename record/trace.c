#include "record/trace.h"

static const struct failures *part_of(const struct trace_type *type, bool expected)
{
	return expected ? &type->expected : &type->failed;
}

/* Of all types, in order; pairs may stand there several times. */
static struct failures of_types(const struct trace_call *call, bool expected,
				struct arena *arena)
{
	struct failures all = { 0 };
	for (size_t i = 0; i < call->n_types; i++) {
		const struct failures *part = part_of(&call->types[i], expected);
		for (size_t j = 0; j < part->n; j++)
			*arena_push(arena, all.failure, all.n) = part->failure[j];
	}
	failures_sort(&all);
	return all;
}

bool trace_call_untyped(const struct trace_call *call, bool expected, struct arena *arena,
			struct failures *ret)
{
	const struct failures typed = of_types(call, expected, arena);
	const struct failures *all = expected ? &call->expected : &call->failed;
	size_t at = 0;
	*ret = (struct failures){ 0 };
	for (size_t i = 0; i < all->n; i++) {
		struct failure rest = all->failure[i];
		for (; at < typed.n && typed.failure[at].error == rest.error; at++) {
			if (typed.failure[at].count > rest.count)
				return false;
			rest.count -= typed.failure[at].count;
		}
		if (rest.count)
			*arena_push(arena, ret->failure, ret->n) = rest;
	}
	return at == typed.n;
}

static void add(struct trace_failures *to, const struct failures *from,
		const struct trace_type *type, struct arena *arena)
{
	for (size_t i = 0; i < from->n; i++)
		*arena_push(arena, to->failure, to->n) = (struct trace_failure){
			.ioctl = from->failure[i].ioctl,
			.has_type = type != NULL,
			.type = type ? type->type : 0,
			.error = from->failure[i].error,
			.count = from->failure[i].count,
		};
}

struct trace_failures trace_failures(const struct trace *trace, struct arena *arena)
{
	struct trace_failures all = { 0 };
	for (size_t i = 0; i < trace->n; i++) {
		const struct trace_call *call = &trace->call[i];
		struct failures untyped;
		for (size_t j = 0; j < call->n_types; j++)
			add(&all, &call->types[j].failed, &call->types[j], arena);
		if (trace_call_untyped(call, false, arena, &untyped))
			add(&all, &untyped, NULL, arena);
	}
	return all;
}
