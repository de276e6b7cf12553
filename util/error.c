#include "util/error.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "util/alloc.h"
#include "util/utf8.h"

static struct error *error_vcreate(const char *format, va_list args)
	__attribute__((format(printf, 1, 0)));
static struct error *error_vcreate(const char *format, va_list args)
{
	struct error *err = xcalloc(1, sizeof(*err));
	cleanup_free char *message = xvasprintf(format, args);
	err->message = utf8_printable(message);
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
	err->message = utf8_printable(message);
	return err;
}

void error_destroy(struct error *err)
{
	if (!err)
		return;
	free(err->message);
	free(err);
}
