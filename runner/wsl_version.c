#include "runner/wsl_version.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "util/array.h"

enum {
#define X(member, what) LINE_##member,
	WSL_VERSION_LINES(X)
#undef X
		LINE_COUNT
};

/* A part of the text; nothing here is NUL-terminated. */
struct span {
	const char *start, *end;
};

static bool ends_with(struct span span, const char *what)
{
	size_t length = strlen(what);
	return (size_t)(span.end - span.start) >= length &&
	       !memcmp(span.end - length, what, length);
}

/* @return the bytes of the blank that ends the span, 0 where none does. */
static size_t blank_at_end(struct span span)
{
	static const char *const blanks[] = { " ", "\t", "\r", "\xc2\xa0",
					      "\xe3\x80\x80" };
	for_each_row(blank, blanks) if (ends_with(span, *blank)) return strlen(*blank);
	return 0;
}

static struct span trim_end(struct span span)
{
	for (size_t n; (n = blank_at_end(span));)
		span.end -= n;
	return span;
}

/* What stands behind the last colon of a line; empty where there is none. */
static struct span after_colon(struct span line)
{
	static const char wide[] = "\xef\xbc\x9a"; /* U+FF1A */
	for (const char *at = line.end; at > line.start; at--) {
		if (at[-1] == ':' || ends_with((struct span){ line.start, at }, wide))
			return (struct span){ at, line.end };
	}
	return (struct span){ line.end, line.end };
}

static size_t count_digits(struct span span)
{
	size_t n = 0;
	while (span.start + n < span.end && isdigit((unsigned char)span.start[n]))
		n++;
	return n;
}

/* The first dotted number and what clings to it. */
static bool find_version(struct span span, char ret[VERSION_MAX])
{
	for (const char *at = span.start; at < span.end; at++) {
		size_t n = count_digits((struct span){ at, span.end });
		if (!n)
			continue;
		const char *dot = at + n;
		if (dot + 1 < span.end && *dot == '.' && isdigit((unsigned char)dot[1])) {
			const char *end = dot;
			/* Letters, digits, '.', '-', '+', '_' as in
			 * 10.0.26100.1-240331-1435.ge-release; a paste may go on with
			 * other signs. */
			while (end < span.end &&
			       (isalnum((unsigned char)*end) || memchr(".-+_", *end, 4)))
				end++;
			while (!isalnum((unsigned char)end[-1])) /* of a sentence */
				end--;
			if ((size_t)(end - at) >= VERSION_MAX)
				return false;
			snprintf(ret, VERSION_MAX, "%.*s", (int)(end - at), at);
			return true;
		}
		at += n - 1;
	}
	return false;
}

/* Puts a WSL or Windows version into its normal form. */
static bool make_normal(bool (*normal)(const char *, char[VERSION_MAX]),
			char version[VERSION_MAX])
{
	char text[VERSION_MAX];
	memcpy(text, version, VERSION_MAX);
	return normal(text, version);
}

static bool has_shape(char version[][VERSION_MAX])
{
	return strchr("456789", version[LINE_kernel][0]) &&
	       !isdigit((unsigned char)version[LINE_kernel][1]) &&
	       !strncmp(version[LINE_dxcore], "10.0.", 5) &&
	       make_normal(version_wsl, version[LINE_wsl]) &&
	       make_normal(version_windows, version[LINE_windows]);
}

/* The lines read so far that could be a block, oldest first. */
struct window {
	struct wsl_version_line line[LINE_COUNT];
	size_t n;
};

static bool window_is_block(const struct window *window, struct wsl_version *ret)
{
	char version[LINE_COUNT][VERSION_MAX];
	if (window->n < LINE_COUNT)
		return false;
	for (size_t i = 0; i < LINE_COUNT; i++)
		memcpy(version[i], window->line[i].version, VERSION_MAX);
	if (!has_shape(version))
		return false;
#define X(member, what)                                                                  \
	memcpy(ret->member.version, version[LINE_##member], VERSION_MAX);                \
	ret->member.line = window->line[LINE_##member].line;
	WSL_VERSION_LINES(X)
#undef X
	return true;
}

static void window_add(struct window *window, const struct wsl_version_line *line)
{
	if (window->n == LINE_COUNT) {
		memmove(window->line, window->line + 1,
			(LINE_COUNT - 1) * sizeof(window->line[0]));
		window->n--;
	}
	window->line[window->n++] = *line;
}

bool wsl_version_read(const char *utf8, size_t size, struct wsl_version *ret)
{
	struct window window = { 0 };
	const char *end = utf8 + size;
	size_t number = 0;
	for (const char *at = utf8; at < end;) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));
		struct span span = { at, feed ? feed : end };
		at = feed ? feed + 1 : end;
		number++;
		span = trim_end(span);
		if (span.start == span.end)
			continue;
		struct wsl_version_line line = { .line = number };
		if (!find_version(after_colon(span), line.version)) {
			window.n = 0;
			continue;
		}
		window_add(&window, &line);
		if (window_is_block(&window, ret))
			return true;
	}
	return false;
}
