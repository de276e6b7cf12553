#include "util/error.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "util/alloc.h"
#include "util/strbuf.h"
#include "util/utf8.h"

/* Messages quote what came from outside; a terminal must not obey it. */
static char *blunt(const char *text)
{
	cleanup_strbuf struct strbuf buf;
	strbuf_init(&buf);
	for (size_t left = strlen(text); left;) {
		uint32_t c;
		size_t n = utf8_decode(text, left, &c);
		if (c > 0x10ffff || utf8_is_control(c))
			strbuf_add_char(&buf, '?');
		else
			strbuf_add(&buf, text, n);
		text += n;
		left -= n;
	}
	return strbuf_take(&buf);
}

static struct error *error_vcreate(const char *format, va_list args)
	__attribute__((format(printf, 1, 0)));
static struct error *error_vcreate(const char *format, va_list args)
{
	struct error *err = xcalloc(1, sizeof(*err));
	cleanup_free char *message = xvasprintf(format, args);
	err->message = blunt(message);
	return err;
}

struct error *error_create(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct error *err = error_vcreate(format, args);
	va_end(args);
	return err;
}

struct error *error_usage(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct error *err = error_vcreate(format, args);
	va_end(args);
	err->usage = true;
	return err;
}

struct error *error_errno(const char *format, ...)
{
	int number = errno;
	va_list args;
	va_start(args, format);
	cleanup_free char *what = xvasprintf(format, args);
	va_end(args);
	return error_create("%s: %s", what, strerror(number));
}

struct error *error_wrap(struct error *err, const char *format, ...)
{
	if (!err)
		return NULL;
	va_list args;
	va_start(args, format);
	cleanup_free char *what = xvasprintf(format, args);
	va_end(args);
	cleanup_free char *message = xasprintf("%s: %s", what, err->message);
	free(err->message);
	err->message = blunt(message);
	return err;
}

void error_destroy(struct error *err)
{
	if (!err)
		return;
	free(err->message);
	free(err);
}
