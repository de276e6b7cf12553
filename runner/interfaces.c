#include "runner/interfaces.h"

#include <stdlib.h>
#include <string.h>

#include "record/rung.h"
#include "util/alloc.h"

#define LIST_MS 20000

static bool parse_rungs(char *text, uint32_t *ret)
{
	uint32_t rungs = 0;
	char *name;
	while ((name = strsep(&text, ","))) {
		enum rung rung;
		if (!rung_parse(name, &rung))
			return false;
		rungs |= rung_bit(rung);
	}
	*ret = rungs;
	return rungs != 0;
}

static bool is_name(const char *text)
{
	return *text &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text);
}

/* NAME  LAYER  TITLE  CONTROL  RUNG,RUNG… separated by tabs; see probes/probe.h. */
static bool parse_line(char *line, struct arena *arena, struct interface_row *ret)
{
	char *fields[5];
	for (int i = 0; i < 5; i++)
		if (!(fields[i] = strsep(&line, "\t")))
			return false;
	if (line || !is_name(fields[0]) || strlen(fields[1]) != 1 || fields[1][0] < '0' ||
	    fields[1][0] >= '0' + LAYER_COUNT || !*fields[2] || !*fields[3] ||
	    !parse_rungs(fields[4], &ret->rungs))
		return false;
	ret->name = arena_strdup(arena, fields[0]);
	ret->layer = (enum layer)(fields[1][0] - '0');
	ret->title = arena_strdup(arena, fields[2]);
	ret->control = strcmp(fields[3], "-") ? arena_strdup(arena, fields[3]) : NULL;
	return true;
}

struct error *interfaces_parse(const char *text, struct arena *arena,
			       struct interfaces *ret)
{
	struct interfaces list = { 0 };
	cleanup_free char *copy = xstrdup(text);
	char *rest = copy, *line;
	for (int number = 1; (line = strsep(&rest, "\n")); number++) {
		struct interface_row row;
		if (!*line && !rest)
			break;
		cleanup_free char *said = xstrdup(line);
		if (!parse_line(line, arena, &row))
			return error_create("line %d is no interface: '%.80s'", number,
					    said);
		*arena_push(arena, list.row, list.n) = row;
	}
	if (!list.n)
		return error_create("it lists no interface");
	*ret = list;
	return NULL;
}

static struct error *ask(const char *program, const struct child_limits *limits, int stop,
			 struct arena *arena, struct interfaces *ret)
{
	cleanup_child struct child child;
	const char *const argv[] = { program, "--list", NULL };
	struct error *err = child_start(argv, limits, stop, &child);
	if (err)
		return err;
	child_set_deadline(&child, child_clock() + LIST_MS);
	enum child_event event;
	while ((event = child_next(&child)) != CHILD_ENDED && event != CHILD_HUNG)
		if (event != CHILD_CLOSED)
			child_condemn(&child,
				      event == CHILD_STOPPED ? REASON_STOPPED
							     : REASON_PROTOCOL,
				      false);
	err = child_start_error(&child);
	if (err)
		return err;
	if (child.condemned == REASON_STOPPED)
		return error_create("stopped before it answered");
	if (child.condemned || event == CHILD_HUNG || child.status != 0)
		return error_create("--list did not end as it should");
	cleanup_free char *text = xstrndup(child.tail, child.tail_length);
	return interfaces_parse(text, arena, ret);
}

struct error *interfaces_ask(const char *program, const struct child_limits *limits,
			     int stop, struct arena *arena, struct interfaces *ret)
{
	return error_wrap(ask(program, limits, stop, arena, ret), "probe program %s",
			  program);
}

struct error *interfaces_program(char **ret)
{
	const char *named = getenv("DXGMATRIX_PROBE");
	if (named && *named) {
		*ret = realpath(named, NULL);
		return *ret ? NULL : error_errno("DXGMATRIX_PROBE names %s", named);
	}
	char own[4096];
	ssize_t n = readlink("/proc/self/exe", own, sizeof(own));
	if (n <= 0 || n == sizeof(own))
		return error_errno("/proc/self/exe");
	const char *slash = memrchr(own, '/', (size_t)n);
	int length = slash ? (int)(slash - own) : 0;
	*ret = xasprintf("%.*s/dxgmatrix-probe", length, own);
	return NULL;
}
