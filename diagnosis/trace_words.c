#include "diagnosis/trace_words.h"

#include <inttypes.h>
#include <string.h>

void trace_add_call(struct strbuf *buf, const char *ioctl, bool has_type, uint32_t type)
{
	strbuf_add_string(buf, ioctl);
	if (has_type)
		strbuf_printf(buf, " type %" PRIu32, type);
}

void trace_add_time(struct strbuf *buf, int64_t us)
{
	if (us < 1000)
		strbuf_printf(buf, "%" PRId64 " us", us);
	else if (us < 10 * 1000 * 1000)
		strbuf_printf(buf, "%" PRId64 " ms", us / 1000);
	else
		strbuf_printf(buf, "%" PRId64 " s", us / (1000 * 1000));
}

void trace_add_end(struct strbuf *buf, const struct trace_last *last)
{
	if (!last->returned)
		strbuf_add_string(buf, "had not returned");
	else if (last->result < 0)
		strbuf_printf(buf, "refused (%" PRId64 ")", last->result);
	else
		strbuf_add_string(buf, "granted");
}

const char *trace_end_words(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_FAIL:
		return "the failure";
	case OUTCOME_CRASH:
		return "the crash";
	case OUTCOME_TIMEOUT:
	case OUTCOME_HUNG:
		return "the deadline";
	case OUTCOME_PASS:
	case OUTCOME_FALLBACK:
	case OUTCOME_DIED:
	case OUTCOME_BLOCKED:
	case OUTCOME_SKIP:
	case OUTCOME_INTERRUPTED:
	case OUTCOME_ERROR:
	case OUTCOME_COUNT:
		break;
	}
	return "the end";
}

static bool is_of(const struct trace_last *last, const struct trace_failure *failure)
{
	return last->returned && last->result == failure->error &&
	       last->has_type == failure->has_type && last->type == failure->type &&
	       !strcmp(last->ioctl, failure->ioctl);
}

const struct trace_last *trace_find_last(const struct trace *trace,
					 const struct trace_failure *failure)
{
	for (size_t i = trace->n_last; i-- > 0;)
		if (is_of(&trace->last[i], failure))
			return &trace->last[i];
	return NULL;
}
