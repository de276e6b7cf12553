#include "runner/trace_tally.h"

#include <string.h>
#include <sys/ioctl.h>

#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"

static void forget_oldest(struct tally *tally)
{
	size_t at = 0;
	while (at < TALLY_LAST && !tally->last[at].returned)
		at++;
	if (at == TALLY_LAST)
		at = 0;
	tally->n_last--;
	memmove(&tally->last[at], &tally->last[at + 1],
		(tally->n_last - at) * sizeof(*tally->last));
}

void tally_begin(struct tally *tally, const struct dxg_call *call)
{
	tally->calls[_IOC_NR(call->request)].calls++;
	if (tally->n_last == TALLY_LAST)
		forget_oldest(tally);
	tally->last[tally->n_last++] = (struct tally_last){
		.tid = call->tid,
		.request = call->request,
		.has_type = call->has_query_type,
		.type = call->has_query_type ? call->query_type : 0,
		.begun_ns = call->begun_ns,
		.ns = -1,
	};
}

/* The newest of this thread: one that is forgotten is not missed. */
static void end_last(struct tally *tally, const struct dxg_call *call)
{
	for (size_t i = tally->n_last; i-- > 0;) {
		struct tally_last *last = &tally->last[i];
		if (last->tid != call->tid || last->returned)
			continue;
		last->returned = true;
		last->result = call->result;
		last->ns = call->ns;
		return;
	}
}

static void add_row(struct tally *tally, const struct dxg_call *call, int32_t error)
{
	const struct tally_row row = {
		.nr = _IOC_NR(call->request),
		.has_type = call->has_query_type,
		.type = call->has_query_type ? call->query_type : 0,
		.error = error,
		.count = 1,
	};
	for (uint32_t i = 0; i < tally->n_rows; i++) {
		struct tally_row *known = &tally->rows[i];
		if (known->nr == row.nr && known->has_type == row.has_type &&
		    known->type == row.type && known->error == row.error) {
			known->count++;
			return;
		}
	}
	if (tally->n_rows < TALLY_ROWS)
		tally->rows[tally->n_rows++] = row;
	else
		tally->unlisted++;
}

static size_t bucket_of(int64_t ns)
{
	size_t bucket = 0;
	for (int64_t us = ns / 1000; us > 1 && bucket < TALLY_BUCKETS - 1; us /= 2)
		bucket++;
	return bucket;
}

void tally_end(struct tally *tally, const struct dxg_call *call)
{
	struct tally_call *sum = &tally->calls[_IOC_NR(call->request)];
	if (call->result == DXG_CALL_UNFINISHED) {
		sum->unfinished++;
		return;
	}
	end_last(tally, call);
	sum->failed += call->result < 0;
	add_row(tally, call, call->result < 0 ? (int32_t)call->result : 0);
	if (call->ns < 0)
		return;
	sum->timed++;
	sum->sum_ns += call->ns;
	if (call->ns > sum->max_ns)
		sum->max_ns = call->ns;
	sum->histogram[bucket_of(call->ns)]++;
}

/* Takes up to row->count of what is expected of such calls. */
static int64_t take_expected(struct tally_expected *expected, size_t n,
			     const struct tally_row *row)
{
	int64_t taken = 0;
	for (size_t i = 0; i < n && taken < row->count; i++) {
		bool any = expected[i].query_type < 0;
		if (expected[i].nr != row->nr ||
		    (!any &&
		     (!row->has_type || (uint32_t)expected[i].query_type != row->type)))
			continue;
		int64_t some = row->count - taken;
		if (some > expected[i].count)
			some = expected[i].count;
		expected[i].count -= some;
		taken += some;
	}
	return taken;
}

/* Of a call and, where that is known, of its type. */
static void add_row_to(struct failures *to, struct failures *of_type, const char *ioctl,
		       int error, int64_t count, struct arena *arena)
{
	if (!count)
		return;
	failures_add(arena, to, ioctl, error, count);
	if (of_type)
		failures_add(arena, of_type, ioctl, error, count);
}

/* In their order. */
static struct trace_type *get_type(struct trace_call *call, uint32_t number,
				   struct arena *arena)
{
	size_t place = 0;
	while (place < call->n_types && call->types[place].type < number)
		place++;
	if (place < call->n_types && call->types[place].type == number)
		return &call->types[place];
	(void)arena_push(arena, call->types, call->n_types);
	struct trace_type *type = &call->types[place];
	memmove(type + 1, type, (call->n_types - 1 - place) * sizeof(*type));
	*type = (struct trace_type){ .type = number };
	return type;
}

static void add_ends(const struct tally *tally, uint8_t nr,
		     struct tally_expected *expected, size_t n_expected,
		     struct arena *arena, struct trace_call *ret)
{
	for (uint32_t i = 0; i < tally->n_rows && i < TALLY_ROWS; i++) {
		const struct tally_row *row = &tally->rows[i];
		if (row->nr != nr)
			continue;
		struct trace_type *type =
			row->has_type ? get_type(ret, row->type, arena) : NULL;
		if (type)
			type->calls += row->count;
		if (row->error >= 0)
			continue;
		int64_t taken = take_expected(expected, n_expected, row);
		add_row_to(&ret->expected, type ? &type->expected : NULL, ret->ioctl,
			   row->error, taken, arena);
		add_row_to(&ret->failed, type ? &type->failed : NULL, ret->ioctl,
			   row->error, row->count - taken, arena);
	}
}

/* Of one call alone its time says all. */
static void add_buckets(const struct tally_call *sum, struct arena *arena,
			struct trace_call *ret)
{
	for (size_t i = 0; i < TALLY_BUCKETS && sum->timed > 1; i++)
		if (sum->histogram[i])
			*arena_push(arena, ret->buckets, ret->n_buckets) =
				(struct trace_bucket){ i ? INT64_C(1) << i : 0,
						       sum->histogram[i] };
}

void tally_to_trace(const struct tally *tally, const char *how,
		    const struct tally_expected *expected, size_t n_expected,
		    struct arena *arena, struct trace *ret)
{
	cleanup_free struct tally_expected *left = xcalloc(n_expected + 1, sizeof(*left));
	if (n_expected)
		memcpy(left, expected, n_expected * sizeof(*left));
	*ret = (struct trace){ .how = how };
	for (unsigned int nr = 0; nr < ARRAY_SIZE(tally->calls); nr++) {
		const struct tally_call *sum = &tally->calls[nr];
		if (!sum->calls)
			continue;
		char room[DXG_NAME_SIZE];
		const char *name = dxg_call_name(_IO(0, nr), room);
		struct trace_call *call = arena_push(arena, ret->call, ret->n);
		*call = (struct trace_call){
			.ioctl = arena_strdup(arena, name),
			.calls = sum->calls,
			.unfinished = sum->unfinished,
			.sum_us = sum->timed ? sum->sum_ns / 1000 : -1,
			.max_us = sum->timed ? sum->max_ns / 1000 : -1,
		};
		add_ends(tally, (uint8_t)nr, left, n_expected, arena, call);
		add_buckets(sum, arena, call);
	}
}

void tally_add_last(const struct tally *tally, int64_t end_ns, struct arena *arena,
		    struct trace *trace)
{
	for (size_t i = 0; i < tally->n_last; i++) {
		const struct tally_last *last = &tally->last[i];
		char room[DXG_NAME_SIZE];
		if (last->begun_ns > end_ns)
			continue;
		int64_t ended_ns = last->begun_ns + (last->ns > 0 ? last->ns : 0);
		bool returned = last->returned && ended_ns <= end_ns;
		*arena_push(arena, trace->last, trace->n_last) = (struct trace_last){
			.ioctl = arena_strdup(arena, dxg_call_name(last->request, room)),
			.has_type = last->has_type,
			.type = last->type,
			.returned = returned,
			.result = returned ? last->result : 0,
			.us = returned && last->ns >= 0 ? last->ns / 1000 : -1,
			.before_us =
				(end_ns - (returned ? ended_ns : last->begun_ns)) / 1000,
			.thread = last->tid,
		};
	}
}

void tally_number_threads(struct trace *trace)
{
	int64_t tids[TRACE_LAST_MAX], threads = 0;
	for (size_t i = 0; i < trace->n_last; i++) {
		int64_t at = 0, tid = trace->last[i].thread;
		while (at < threads && tids[at] != tid)
			at++;
		if (at == threads)
			tids[threads++] = tid;
		trace->last[i].thread = at + 1;
	}
	for (size_t i = 0; i < trace->n_last && threads == 1; i++)
		trace->last[i].thread = 0;
}
