/* testing.h: cmocka and what the tests share. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "util/alloc.h"
#include "util/array.h"
#include "util/error.h"

/* Success, or the error's own words in the failure. */
#define assert_ok(expression)                                                             \
	do {                                                                              \
		struct error *err_ = (expression);                                        \
		if (err_)                                                                 \
			fail_msg("%s: %s", #expression, err_->message);                   \
	} while (0)

/* An error whose message contains `text`. */
#define assert_error(expression, text)                                                    \
	do {                                                                              \
		struct error *err_ = (expression);                                        \
		if (!err_)                                                                \
			fail_msg("%s: no error, expected '%s'", #expression, text);       \
		if (!strstr(err_->message, text))                                         \
			fail_msg("%s: '%s' lacks '%s'", #expression, err_->message, text); \
		error_destroy(err_);                                                      \
	} while (0)

/* A file of the source tree or the build folder; the caller's to free. */
static inline char *source_path(const char *path)
{
	const char *root = getenv("DXGMATRIX_SOURCE_DIR");
	return xasprintf("%s/%s", root ? root : ".", path);
}

static inline char *binary_path(const char *path)
{
	const char *root = getenv("DXGMATRIX_BINARY_DIR");
	return xasprintf("%s/%s", root ? root : ".", path);
}
