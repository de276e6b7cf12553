#include "web/verdict_mark.h"

#include <inttypes.h>

#include "util/alloc.h"
#include "util/array.h"

enum mark mark_of_verdict(const struct verdict *verdict)
{
	switch (verdict->word) {
	case VERDICT_CLEAN:
	case VERDICT_NOISY:
		return MARK_WORKS;
	case VERDICT_BROKEN:
		return MARK_FAILS;
	case VERDICT_CONFLICT:
		return MARK_SPLIT;
	case VERDICT_UNKNOWN:
	case VERDICT_COUNT:
		break;
	}
	return verdict->votes.cpu > 0 ? MARK_CPU : MARK_UNKNOWN;
}

enum mark mark_of_door(const struct verdict *door, bool to_fence)
{
	enum mark mark = mark_of_verdict(door);
	return mark == MARK_WORKS && to_fence ? MARK_ANSWERS : mark;
}

/* The step that decides, and the sign it gives. */
static enum rung decide(const struct view_interface *interface, enum mark *ret)
{
	*ret = MARK_WORKS;
	if (interface->height < RUNG_COUNT && interface->height >= RUNG_LAUNCH)
		return RUNG_LAUNCH;
	*ret = MARK_SPLIT;
	if (interface->conflict <= RUNG_LAUNCH)
		return interface->conflict;
	*ret = MARK_FAILS;
	if (interface->broken <= RUNG_LAUNCH)
		return interface->broken;
	*ret = MARK_CPU;
	for (int rung = 0; rung <= RUNG_LAUNCH; rung++)
		if (interface->rungs[rung].votes.cpu > 0)
			return (enum rung)rung;
	*ret = MARK_UNKNOWN;
	return RUNG_LAUNCH;
}

enum mark mark_of_interface(const struct view_interface *interface)
{
	enum mark mark;
	decide(interface, &mark);
	return mark;
}

const struct verdict *verdict_of_interface(const struct view_interface *interface)
{
	enum mark mark;
	return &interface->rungs[decide(interface, &mark)];
}

char *verdict_count(const struct verdict *verdict)
{
	const struct votes *votes = &verdict->votes;
	if (votes->good && votes->bad)
		return xasprintf("%" PRId64 ":%" PRId64, votes->good, votes->bad);
	if (votes->good || votes->bad)
		return xasprintf("%" PRId64, votes->good + votes->bad);
	return votes->cpu ? xasprintf("%" PRId64, votes->cpu) : xstrdup("");
}

static const char *machines(int64_t n)
{
	return n == 1 ? "machine" : "machines";
}

char *verdict_sentence(const struct verdict *verdict)
{
	const struct votes *votes = &verdict->votes;
	if (votes->good && votes->bad)
		return xasprintf("works on %" PRId64 ", fails on %" PRId64, votes->good,
				 votes->bad);
	if (votes->good)
		return xasprintf("works on %" PRId64 " %s", votes->good,
				 machines(votes->good));
	if (votes->bad)
		return xasprintf("fails on %" PRId64 " %s", votes->bad,
				 machines(votes->bad));
	if (votes->cpu)
		return xasprintf("CPU only on %" PRId64 " %s", votes->cpu,
				 machines(votes->cpu));
	return NULL;
}

void verdict_write_cell(struct html *h, enum mark mark, const struct verdict *verdict,
			int64_t reports)
{
	cleanup_free char *count = verdict_count(verdict);
	if (!*count && reports > 0) {
		html_open(h, "span", "class", "count", NULL);
		html_printf(h, "(%" PRId64 ")", reports);
		html_leaf(h, "span", reports == 1 ? " report only" : " reports only",
			  "class", "unseen", NULL);
		html_close(h, "span");
		return;
	}
	mark_write_sign(h, mark, false);
	if (!*count)
		return;
	cleanup_free char *sentence = verdict_sentence(verdict);
	html_text(h, " ");
	html_leaf(h, "span", count, "class", "count", "aria-hidden", "true", NULL);
	cleanup_free char *aside = xasprintf(", %s", sentence);
	html_leaf(h, "span", aside, "class", "unseen", NULL);
}
