#include "runner/trace_report.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "diagnosis/signature.h"
#include "record/trace_json.h"
#include "record/writer.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/utf8.h"

/* Names come from the files of any program. */
static void add_clean(struct strbuf *buf, const char *text)
{
	cleanup_free char *clean = utf8_printable(text);
	strbuf_add_string(buf, clean);
}

static void add_time(struct strbuf *buf, int64_t ns)
{
	if (ns < 0)
		strbuf_printf(buf, "%8s   ", "");
	else if (ns < 10 * 1000 * 1000)
		strbuf_printf(buf, "%8" PRId64 " us", ns / 1000);
	else
		strbuf_printf(buf, "%8" PRId64 " ms", ns / (1000 * 1000));
}

static void add_signal(struct strbuf *buf, int number)
{
	const char *name = sigabbrev_np(number);
	if (name)
		strbuf_printf(buf, "SIG%s", name);
	else
		strbuf_printf(buf, "signal %d", number);
}

static void add_error(struct strbuf *buf, int32_t error)
{
	const char *name = error == INT32_MIN ? NULL : strerrorname_np(-error);
	strbuf_printf(buf, "%" PRId32, error);
	if (name)
		strbuf_printf(buf, " %s", name);
}

/* ---- the table ---- */

/* What is known of a refusal, and of the question where that was seen. */
static void add_known(const struct tally_row *row, struct strbuf *buf)
{
	char room[DXG_NAME_SIZE];
	const struct trace_failure failure = {
		.ioctl = dxg_call_name(_IO(0, row->nr), room),
		.has_type = row->has_type,
		.type = row->type,
		.error = row->error,
	};
	const struct signature *known =
		row->error ? signature_find_trace(&failure) : NULL;
	if (known)
		strbuf_printf(buf, "  %s", signature_class_words(known->class));
}

static void add_rows(const struct tally *tally, uint8_t nr, struct strbuf *buf)
{
	for (uint32_t i = 0; i < tally->n_rows; i++) {
		const struct tally_row *row = &tally->rows[i];
		if (row->nr != nr || (!row->has_type && row->error == 0))
			continue;
		strbuf_printf(buf, "%53s", "");
		if (row->has_type) {
			const char *name = dxg_query_type_name(row->type);
			strbuf_printf(buf, "type %" PRIu32, row->type);
			if (name)
				strbuf_printf(buf, " %s", name);
			strbuf_add_string(buf, ": ");
		}
		if (row->error)
			add_error(buf, row->error);
		else
			strbuf_add_string(buf, "granted");
		strbuf_printf(buf, " x %" PRId64, row->count);
		add_known(row, buf);
		strbuf_add_char(buf, '\n');
	}
}

static void add_line(const struct tally_call *sum, const char *name, struct strbuf *buf)
{
	strbuf_printf(buf, "%8" PRId64 " %8" PRId64 " ", sum->calls, sum->failed);
	add_time(buf, sum->sum_ns);
	add_time(buf, sum->timed ? sum->sum_ns / sum->timed : -1);
	add_time(buf, sum->timed ? sum->max_ns : -1);
	strbuf_printf(buf, "  %s", name);
	if (sum->unfinished)
		strbuf_printf(buf, ", %" PRId64 " did not return", sum->unfinished);
	strbuf_add_char(buf, '\n');
}

static void add_table(const struct tally *tally, struct strbuf *buf)
{
	bool any = false;
	for (unsigned int nr = 0; nr < ARRAY_SIZE(tally->calls); nr++) {
		const struct tally_call *sum = &tally->calls[nr];
		char room[DXG_NAME_SIZE];
		if (!sum->calls)
			continue;
		if (!any)
			strbuf_printf(buf, "%8s %8s %11s%11s%11s  %s\n", "calls",
				      "failed", "total", "mean", "longest", "DXG call");
		any = true;
		add_line(sum, dxg_call_name(_IO(0, nr), room), buf);
		add_rows(tally, (uint8_t)nr, buf);
	}
	if (!any)
		strbuf_add_string(buf, "No DXG call was made.\n");
}

/* ---- the end ---- */

static bool is_same_place(const struct crash *a, const struct crash *b)
{
	return a->signal == b->signal && a->caught == b->caught &&
	       !strcmp(a->in, b->in) && !strcmp(a->symbol, b->symbol) &&
	       !strcmp(a->called_from, b->called_from);
}

void crash_list_add(struct crash_list *list, const struct crash *crash)
{
	if (list->n && is_same_place(&list->rows[list->n - 1].crash, crash)) {
		list->rows[list->n - 1].times++;
		return;
	}
	if (crash->caught && !*crash->in) { /* as of many only the first have a place */
		list->more++;
		return;
	}
	if (list->n == CRASH_ROWS)
		list->more += list->rows[--list->n].times;
	list->rows[list->n++] = (struct crash_row){ .crash = *crash, .times = 1 };
}

static void add_crash(const struct crash_row *row, struct strbuf *buf)
{
	const struct crash *crash = &row->crash;
	strbuf_printf(buf, "[%d] ", (int)crash->tid);
	add_signal(buf, crash->signal);
	strbuf_add_string(buf, crash->caught ? " (caught by the program)" : "");
	strbuf_add_string(buf, " in ");
	add_clean(buf, *crash->in ? crash->in : "an unknown place");
	if (*crash->symbol) {
		strbuf_add_string(buf, ", ");
		add_clean(buf, crash->symbol);
	}
	if (*crash->called_from) {
		strbuf_add_string(buf, ", called from ");
		add_clean(buf, crash->called_from);
	}
	if (row->times > 1)
		strbuf_printf(buf, ", %" PRId64 " times", row->times);
	strbuf_add_char(buf, '\n');
}

static void add_last(const struct tally *tally, struct strbuf *buf)
{
	if (tally->n_last)
		strbuf_add_string(buf, "The last DXG calls:\n");
	for (size_t i = 0; i < tally->n_last; i++) {
		const struct tally_last *last = &tally->last[i];
		char room[DXG_NAME_SIZE];
		struct dxg_call call = {
			.request = last->request,
			.result = last->returned ? last->result : DXG_CALL_UNFINISHED,
		};
		strbuf_printf(buf, "  [%d] %s", last->tid,
			      dxg_call_name(last->request, room));
		if (last->has_type)
			strbuf_printf(buf, " type %" PRIu32, last->type);
		strbuf_add_string(buf, " = ");
		dxg_call_describe_result(&call, buf);
		strbuf_add_char(buf, '\n');
	}
}

static void add_why_not(const struct trace_report *report, struct strbuf *buf)
{
	const char *why = trace_why_words[report->why];
	strbuf_printf(buf, "No call could be seen: %s.\n",
		      report->started && why ? why : "the command did not start");
}

void trace_report_text(const struct trace_report *report, struct strbuf *buf)
{
	const char *how = trace_how_names[report->how];
	if (how)
		add_table(report->tally, buf);
	else
		add_why_not(report, buf);
	if (report->tally->unlisted)
		strbuf_printf(buf,
			      "%" PRId64 " more ends of calls were not told apart.\n",
			      report->tally->unlisted);
	for (size_t i = 0; i < report->crashes->n; i++)
		add_crash(&report->crashes->rows[i], buf);
	if (report->crashes->more)
		strbuf_printf(buf, "%" PRId64 " more faults are not listed.\n",
			      report->crashes->more);
	if (WIFSIGNALED(report->status)) {
		add_last(report->tally, buf);
		strbuf_add_string(buf, "The command was ended by ");
		add_signal(buf, WTERMSIG(report->status));
		strbuf_add_string(buf, ".\n");
	}
	const char *why = trace_why_words[report->why];
	if (how)
		strbuf_printf(buf, "Seen by %s%s%s.\n", how, why ? ": " : "",
			      why ? why : "");
}

void trace_call_text(const struct dxg_call *call, struct strbuf *buf)
{
	char room[DXG_NAME_SIZE];
	strbuf_printf(buf, "[%d] %s(", (int)call->tid,
		      dxg_call_name(call->request, room));
	dxg_call_describe(call, buf);
	strbuf_add_string(buf, ") = ");
	dxg_call_describe_result(call, buf);
	if (call->ns >= 0)
		strbuf_printf(buf, " <%" PRId64 " us>", call->ns / 1000);
	strbuf_add_char(buf, '\n');
}

/* ---- for programs ---- */

static json_t *crash_value(const struct crash_row *row)
{
	const struct crash *crash = &row->crash;
	json_t *object = json_object();
	cleanup_strbuf struct strbuf signal;
	strbuf_init(&signal);
	add_signal(&signal, crash->signal);
	write_string(object, "signal", signal.string);
	write_integer(object, "thread", crash->tid);
	json_object_set_new(object, "caught", json_boolean(crash->caught));
	write_string(object, "in", crash->in);
	write_string(object, "symbol", crash->symbol);
	write_string(object, "called_from", crash->called_from);
	write_integer(object, "times", row->times);
	return object;
}

/* As in a record, but for the threads, by which crashes and calls are told too. */
static void add_trace(json_t *object, const struct trace_report *report)
{
	cleanup_arena struct arena arena = { 0 };
	struct trace trace;
	tally_to_trace(report->tally, trace_how_names[report->how], NULL, 0, &arena,
		       &trace);
	tally_add_last(report->tally, report->end_ns, &arena, &trace);
	trace.why = trace_why_words[report->why];
	write_trace(object, &trace);
}

json_t *trace_report_json(const struct trace_report *report)
{
	json_t *object = json_object(), *crashes = json_array();
	add_trace(object, report);
	if (report->tally->unlisted)
		write_integer(object, "unlisted", report->tally->unlisted);
	for (size_t i = 0; i < report->crashes->n; i++)
		json_array_append_new(crashes, crash_value(&report->crashes->rows[i]));
	json_object_set_new(object, "crashes", crashes);
	if (report->crashes->more)
		write_integer(object, "more_crashes", report->crashes->more);
	if (WIFSIGNALED(report->status)) {
		cleanup_strbuf struct strbuf signal;
		strbuf_init(&signal);
		add_signal(&signal, WTERMSIG(report->status));
		write_string(object, "signal", signal.string);
	} else {
		write_integer(object, "status", WEXITSTATUS(report->status));
	}
	return object;
}

json_t *trace_call_json(const struct dxg_call *call)
{
	char room[DXG_NAME_SIZE];
	json_t *object = json_object();
	cleanup_strbuf struct strbuf arguments;
	strbuf_init(&arguments);
	dxg_call_describe(call, &arguments);
	write_string(object, "call", dxg_call_name(call->request, room));
	write_integer(object, "thread", call->tid);
	if (call->has_query_type)
		write_integer(object, "type", call->query_type);
	write_string(object, "arguments", arguments.string);
	if (call->result != DXG_CALL_UNFINISHED)
		json_object_set_new(object, "result", json_integer(call->result));
	if (call->ns >= 0)
		write_integer(object, "us", call->ns / 1000);
	return object;
}
