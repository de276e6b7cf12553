#include "runner/trace_tally.h"

#include <string.h>
#include <sys/ioctl.h>

#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"

void tally_begin(struct tally *tally, const struct dxg_call *call)
{
	tally->calls[_IOC_NR(call->request)].calls++;
	tally->last[tally->n_begun++ % TALLY_LAST] = (struct tally_last){
		.tid = call->tid,
		.request = call->request,
		.has_type = call->has_query_type,
		.type = call->has_query_type ? call->query_type : 0,
		.ns = -1,
	};
}

/* The newest of this thread: one that is overwritten is not missed. */
static void end_last(struct tally *tally, const struct dxg_call *call)
{
	for (size_t back = 1; back <= TALLY_LAST && back <= tally->n_begun; back++) {
		struct tally_last *last =
			&tally->last[(tally->n_begun - back) % TALLY_LAST];
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

size_t tally_get_last(const struct tally *tally, struct tally_last ret[TALLY_LAST])
{
	uint64_t total = tally->n_begun;
	size_t n = total < TALLY_LAST ? (size_t)total : TALLY_LAST;
	for (size_t i = 0; i < n; i++)
		ret[i] = tally->last[(total - n + i) % TALLY_LAST];
	return n;
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

static void add_failures(const struct tally *tally, uint8_t nr,
			 struct tally_expected *expected, size_t n_expected,
			 struct arena *arena, struct trace_call *ret)
{
	for (uint32_t i = 0; i < tally->n_rows && i < TALLY_ROWS; i++) {
		const struct tally_row *row = &tally->rows[i];
		if (row->nr != nr || row->error >= 0)
			continue;
		int64_t taken = take_expected(expected, n_expected, row);
		if (taken)
			failures_add(arena, &ret->expected, ret->ioctl, row->error,
				     taken);
		if (row->count > taken)
			failures_add(arena, &ret->failed, ret->ioctl, row->error,
				     row->count - taken);
	}
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
			.max_us = sum->timed ? sum->max_ns / 1000 : -1,
		};
		add_failures(tally, (uint8_t)nr, left, n_expected, arena, call);
	}
}
