/*
 * error.h: why something could not be done, as one sentence.
 *
 * What can fail returns struct error *, NULL for success; a result goes to a last
 * parameter `ret`, written only on success. Callers add what they know with error_wrap();
 * main prints once. An error is our inability: a broken GPU layer is a result, no error.
 */
#pragma once

#include <stdbool.h>

#include "util/cleanup.h"

struct error {
	/* One line of valid UTF-8 without control characters, full stop, program name: what
	 * a message quotes from outside is made so, '?' for what is not. */
	char *message;
	bool usage; /* the command line was wrong: exit status 2 */
};

#define must_check __attribute__((warn_unused_result))

struct error *error_create(const char *format, ...)
	__attribute__((format(printf, 1, 2), returns_nonnull)) must_check;
/* The same, for a wrong command line. */
struct error *error_usage(const char *format, ...)
	__attribute__((format(printf, 1, 2), returns_nonnull)) must_check;
/* The message, then ": " and the text of errno as it was at the call. */
struct error *error_errno(const char *format, ...)
	__attribute__((format(printf, 1, 2), returns_nonnull)) must_check;
/* Puts the message and ": " before err's own; NULL stays NULL. @return err. */
struct error *error_wrap(struct error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3))) must_check;
void error_destroy(struct error *err);

DEFINE_CLEANUP(cleanup_error_p, struct error *, error_destroy)
#define cleanup_error cleanup_with(cleanup_error_p)
