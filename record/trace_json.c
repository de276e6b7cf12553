#include "record/trace_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "record/failure_json.h"
#include "record/writer.h"

/* ---- reading ---- */

static void read_bucket(struct reader *r, const char *name, const json_t *value,
			void *data)
{
	struct trace_call *call = data;
	const json_t *count = reader_typed(r, value, JSON_INTEGER);
	if (!count)
		return;
	if (json_integer_value(count) < 1)
		reader_fault(r, "a count is at least 1");
	*arena_push(r->arena, call->buckets, call->n_buckets) =
		(struct trace_bucket){ strtoll(name, NULL, 10),
				       json_integer_value(count) };
}

static int compare_buckets(const void *a, const void *b)
{
	const struct trace_bucket *x = a, *y = b;
	return (x->from_us > y->from_us) - (x->from_us < y->from_us);
}

static void read_buckets(struct reader *r, const json_t *object, struct trace_call *ret)
{
	read_map(r, object, "from_us", &shape_number, read_bucket, ret);
	if (ret->n_buckets)
		qsort(ret->buckets, ret->n_buckets, sizeof(*ret->buckets),
		      compare_buckets);
}

static void read_type(struct reader *r, const char *name, const json_t *value, void *data)
{
	struct trace_call *call = data;
	const json_t *counts = reader_typed(r, value, JSON_OBJECT);
	struct trace_type type = { .type = (uint32_t)strtoul(name, NULL, 10) };
	read_required(r, counts, "calls");
	type.calls = read_integer(r, counts, "calls", 1, INT64_MAX);
	read_errnos(r, counts, "failed", call->ioctl, &type.failed);
	read_errnos(r, counts, "expected", call->ioctl, &type.expected);
	*arena_push(r->arena, call->types, call->n_types) = type;
}

static int compare_types(const void *a, const void *b)
{
	const struct trace_type *x = a, *y = b;
	return (x->type > y->type) - (x->type < y->type);
}

static void check_types(struct reader *r, const struct trace_call *call)
{
	static const char *const parts[] = { "failed", "expected" };
	size_t here = reader_enter(r, "types");
	for (int expected = 0; expected < 2 && !r->error; expected++) {
		struct failures rest;
		if (!trace_call_untyped(call, expected, r->arena, &rest))
			reader_fault(r, "hold more under '%s' than the call itself",
				     parts[expected]);
	}
	reader_leave(r, here);
}

static void read_types(struct reader *r, const json_t *object, struct trace_call *ret)
{
	read_map(r, object, "types", &shape_number, read_type, ret);
	if (!ret->n_types)
		return;
	qsort(ret->types, ret->n_types, sizeof(*ret->types), compare_types);
	check_types(r, ret);
}

/* @return 0 where it is absent. */
static int64_t read_ordinal(struct reader *r, const json_t *object, const char *name)
{
	int64_t integer = read_integer(r, object, name, 1, INT64_MAX);
	return integer > 0 ? integer : 0;
}

static void read_call(struct reader *r, const char *name, const json_t *value, void *data)
{
	struct trace *trace = data;
	const json_t *counts = reader_typed(r, value, JSON_OBJECT);
	struct trace_call call = { .ioctl = arena_strdup(r->arena, name) };
	read_required(r, counts, "calls");
	call.calls = read_integer(r, counts, "calls", 1, INT64_MAX);
	call.unfinished = read_ordinal(r, counts, "unfinished");
	call.sum_us = read_integer(r, counts, "sum_us", 0, INT64_MAX);
	call.max_us = read_integer(r, counts, "max_us", 0, INT64_MAX);
	read_buckets(r, counts, &call);
	read_errnos(r, counts, "failed", call.ioctl, &call.failed);
	read_errnos(r, counts, "expected", call.ioctl, &call.expected);
	read_types(r, counts, &call);
	*arena_push(r->arena, trace->call, trace->n) = call;
}

static void read_last(struct reader *r, const json_t *item, void *data)
{
	struct trace *trace = data;
	const json_t *last = reader_typed(r, item, JSON_OBJECT);
	if (trace->n_last == TRACE_LAST_MAX) {
		reader_fault(r, "more than %d calls", TRACE_LAST_MAX);
		return;
	}
	read_required(r, last, "call");
	struct trace_last *ret = arena_push(r->arena, trace->last, trace->n_last);
	ret->ioctl = read_string(r, last, "call", &shape_word);
	int64_t type = read_integer(r, last, "type", 0, UINT32_MAX);
	ret->has_type = type >= 0;
	ret->type = type >= 0 ? (uint32_t)type : 0;
	ret->returned = json_is_integer(json_object_get(last, "result"));
	ret->result = read_integer(r, last, "result", INT64_MIN, INT64_MAX);
	ret->us = read_integer(r, last, "us", 0, INT64_MAX);
	ret->before_us = read_integer(r, last, "before_us", 0, INT64_MAX);
	ret->thread = read_ordinal(r, last, "thread");
}

void read_trace(struct reader *r, const json_t *rung, struct trace *ret)
{
	size_t here;
	const json_t *trace = read_object(r, rung, "trace", &here);
	ret->how = read_string(r, trace, "how", &shape_text);
	ret->why = read_string(r, trace, "why", &shape_text);
	read_map(r, trace, "calls", &shape_word, read_call, ret);
	read_array(r, trace, "last", read_last, ret);
	/* Who says that there are none, or names some, says how they were seen. */
	if (trace &&
	    (!ret->why || json_is_object(json_object_get(trace, "calls")) || ret->n_last))
		read_required(r, trace, "how");
	reader_leave(r, here);
}

/* ---- writing ---- */

static json_t *buckets_value(const struct trace_call *call)
{
	json_t *object = json_object();
	for (size_t i = 0; i < call->n_buckets; i++) {
		char name[24];
		snprintf(name, sizeof(name), "%" PRId64, call->buckets[i].from_us);
		write_integer(object, name, call->buckets[i].count);
	}
	return object;
}

static json_t *types_value(const struct trace_call *call)
{
	json_t *object = json_object();
	for (size_t i = 0; i < call->n_types; i++) {
		const struct trace_type *type = &call->types[i];
		char name[16];
		snprintf(name, sizeof(name), "%" PRIu32, type->type);
		json_t *counts = json_object();
		write_integer(counts, "calls", type->calls);
		write_filled(counts, "failed", errnos_value(&type->failed));
		write_filled(counts, "expected", errnos_value(&type->expected));
		json_object_set_new(object, name, counts);
	}
	return object;
}

static json_t *call_value(const struct trace_call *call)
{
	json_t *object = json_object();
	write_integer(object, "calls", call->calls);
	if (call->unfinished)
		write_integer(object, "unfinished", call->unfinished);
	write_filled(object, "failed", errnos_value(&call->failed));
	write_filled(object, "expected", errnos_value(&call->expected));
	write_filled(object, "types", types_value(call));
	write_integer(object, "sum_us", call->sum_us);
	write_integer(object, "max_us", call->max_us);
	write_filled(object, "from_us", buckets_value(call));
	return object;
}

static json_t *last_value(const struct trace *trace)
{
	json_t *array = json_array();
	for (size_t i = 0; i < trace->n_last; i++) {
		const struct trace_last *last = &trace->last[i];
		json_t *object = json_object();
		write_string(object, "call", last->ioctl);
		if (last->has_type)
			write_integer(object, "type", last->type);
		if (last->returned)
			json_object_set_new(object, "result", json_integer(last->result));
		write_integer(object, "us", last->us);
		write_integer(object, "before_us", last->before_us);
		if (last->thread)
			write_integer(object, "thread", last->thread);
		json_array_append_new(array, object);
	}
	return array;
}

void write_trace(json_t *object, const struct trace *trace)
{
	write_string(object, "how", trace->how);
	write_string(object, "why", trace->why);
	if (!trace->how)
		return;
	json_t *calls = json_object();
	for (size_t i = 0; i < trace->n; i++)
		json_object_set_new(calls, trace->call[i].ioctl,
				    call_value(&trace->call[i]));
	json_object_set_new(object, "calls", calls);
	write_filled(object, "last", last_value(trace));
}
