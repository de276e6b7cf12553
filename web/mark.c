#include "web/mark.h"

#include "util/alloc.h"
#include "util/array.h"

const struct mark_row mark_rows[MARK_COUNT] = {
#define X(constant, css, letter, words) { css, letter, words },
	MARKS(X)
#undef X
};

enum mark mark_of_outcome(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_PASS:
		return MARK_WORKS;
	case OUTCOME_FALLBACK:
		return MARK_CPU;
	case OUTCOME_FAIL:
	case OUTCOME_CRASH:
	case OUTCOME_TIMEOUT:
	case OUTCOME_HUNG:
	case OUTCOME_DIED:
		return MARK_FAILS;
	case OUTCOME_BLOCKED:
	case OUTCOME_SKIP:
		return MARK_ABSENT;
	case OUTCOME_INTERRUPTED:
	case OUTCOME_ERROR:
	case OUTCOME_COUNT:
		break;
	}
	return MARK_UNKNOWN;
}

static void write_sign(struct html *h, enum mark mark, bool reported, bool hidden)
{
	cleanup_free char *css =
		xasprintf("sign %s%s", mark_rows[mark].css, reported ? " reported" : "");
	html_leaf(h, "span", mark_rows[mark].letter, "class", css, "aria-hidden",
		  hidden ? "true" : NULL, NULL);
}

void mark_write(struct html *h, enum mark mark, bool reported, const char *words)
{
	html_open(h, "span", "class", "mark", NULL);
	write_sign(h, mark, reported, true);
	html_text(h, " ");
	html_text(h, words ? words : mark_rows[mark].words);
	html_close(h, "span");
}

void mark_write_sign(struct html *h, enum mark mark, bool reported)
{
	write_sign(h, mark, reported, true);
	html_leaf(h, "span", mark_rows[mark].words, "class", "unseen", NULL);
}

void mark_write_key(struct html *h)
{
	html_open(h, "ul", "class", "key", NULL);
	for_each_row(row, mark_rows) {
		html_open(h, "li", NULL);
		mark_write(h, (enum mark)(row - mark_rows), false, NULL);
		html_close(h, "li");
	}
	html_open(h, "li", NULL);
	mark_write(h, MARK_WORKS, true, "dotted: only reported");
	html_close(h, "li");
	html_close(h, "ul");
}
