/*
 * component_name.h: whose version it is, by the words that stand before it.
 *
 * A version belongs to the nearest component's name with nothing but connecting words
 * between the two, if it has that component's spelling. Beside a name we do not keep
 * ("CUDA Version: 12.2") it belongs to that one, and to no name further away. Names are
 * known in the languages of Windows, too.
 */
#pragma once

#include "runner/claims.h"
#include "runner/spelling.h"

enum keep { KEEP_FIELD, KEEP_PACKAGE, KEEP_NOTHING };

struct component_name {
	const char *words; /* of the plain text (paste_text.h) */
	enum keep keep;
	enum claim_field field;
	const char *package; /* NULL where it is none */
	spelling *spelling;
};

/* So many bytes before a version are looked at. */
#define COMPONENT_WINDOW 120

struct component_reading {
	const struct component_name *name;
	char value[VERSION_MAX]; /* normal form */
	const char *start;       /* where the name begins, in the plain text */
	size_t words;            /* how many it has */
	bool weak;               /* beside "updated to", behind an arrow, and the like */
	bool from;               /* "from" stands before the name: "to" may follow */
	bool denied;             /* beside "older than", "needs": another machine's */
};

/*
 * @param start, end  plain text that ends where the version begins
 * @return false where no name stands there
 */
bool component_before(const char *start, const char *end, const char *version,
		      struct component_reading *ret);
