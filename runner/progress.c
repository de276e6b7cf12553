#include "runner/progress.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "runner/child.h"

/* Where the time stands in a wide terminal, and how much of a line it takes. */
#define TIME_AT    70
#define TIME_WIDTH 9

void progress_init(struct progress *progress, FILE *file)
{
	*progress =
		(struct progress){ .file = file, .begin_ms = child_clock(), .last = -1 };
	strbuf_init(&progress->steps);
	struct winsize size;
	progress->time_at = TIME_AT;
	if (ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_col > TIME_WIDTH &&
	    size.ws_col < TIME_AT + TIME_WIDTH)
		progress->time_at = size.ws_col - TIME_WIDTH;
}

static const char *name_of(const struct battery_step *step)
{
	return step->role == ROLE_CONTROL ? step->interface->control
					  : step->interface->name;
}

/* ECMA-48: EL erases to the end of the line. */
static void show(struct progress *progress, const struct battery_step *step,
		 const char *what, const char *end)
{
	double seconds = (double)(child_clock() - progress->begin_ms) / 1000;
	char line[256];
	snprintf(line, sizeof(line), "%-9s %s%s", name_of(step), what, end);
	fprintf(progress->file, "\r%-*.*s %5.1f s\033[K", progress->time_at,
		progress->time_at, line, seconds);
	fflush(progress->file);
}

static void on_begun(void *context, const struct battery_step *step)
{
	struct progress *progress = context;
	const char *name = rung_rows[step->rung].name;
	/* Rungs are climbed in order: one that comes again is a fresh process's. */
	if ((int)step->rung <= progress->last)
		strbuf_truncate(&progress->steps, 0);
	progress->last = (int)step->rung;
	strbuf_printf(&progress->steps, "%s%s", progress->steps.length ? " " : "", name);
	show(progress, step, progress->steps.string, "...");
}

/* What takes so long, for how long it may, and how often. */
static void on_waits(void *context, const struct battery_step *step, int64_t limit_ms,
		     size_t nth)
{
	struct progress *progress = context;
	bool door = step->role == ROLE_ADAPTER && step->interface->layer <= LAYER_DXG;
	char end[64], what[128];
	snprintf(end, sizeof(end), ", %" PRId64 " s at most, try %zu of %d",
		 limit_ms / 1000, nth, TRIES_MAX);
	snprintf(what, sizeof(what), "%s: %s", rung_rows[step->rung].name,
		 door ? "waits for Windows" : "still runs");
	show(progress, step, what, end);
}

static void on_ended(void *context, const struct battery_step *step,
		     const struct rung_result *result)
{
	struct progress *progress = context;
	if (result->outcome != OUTCOME_PASS)
		strbuf_printf(&progress->steps, " %s",
			      outcome_rows[result->outcome].words);
	show(progress, step, progress->steps.string, "");
}

static void on_done(void *context, const struct battery_step *step)
{
	struct progress *progress = context;
	if (!progress->steps.length)
		return;
	show(progress, step, progress->steps.string, "");
	fputc('\n', progress->file);
	progress->lines++;
	progress->begin_ms = child_clock();
	progress->last = -1;
	strbuf_truncate(&progress->steps, 0);
}

struct battery_watch progress_watch(struct progress *progress)
{
	const char *term = getenv("TERM");
	if (!isatty(fileno(progress->file)) || (term && !strcmp(term, "dumb")))
		return (struct battery_watch){ 0 };
	return (struct battery_watch){ progress, on_begun, on_waits, on_ended, on_done };
}

void progress_deinit(struct progress *progress)
{
	/* CPL to the first line, ED to the end of the screen. */
	if (progress->lines)
		fprintf(progress->file, "\r\033[%dF\033[J", progress->lines);
	else if (progress->steps.length)
		fputs("\r\033[K", progress->file);
	fflush(progress->file);
	strbuf_deinit(&progress->steps);
}
