/* documents.h: small documents for the tests, written with ' for ". */
#pragma once

#include "record/record.h"
#include "tests/testing.h"

#define TODAY "2026-11-20"

/* @return the text with " for each '; the caller's to free. */
static inline char *json_text(const char *text)
{
	char *copy = xstrdup(text);
	for (char *c = copy; (c = strchr(c, '\''));)
		*c = '"';
	return copy;
}

/* The smallest record, and further members of the document or of its combination. */
#define SMALLEST                                                                         \
	"'schema':'dxgmatrix-record/1','source':{'kind':'harvested','tool':'t 1'}"
#define DOCUMENT(members)    "{" SMALLEST ",'combination':{}," members "}"
#define COMBINATION(members) "{" SMALLEST ",'combination':{" members "}}"
#define RUNG(members)                                                                    \
	DOCUMENT("'results':[{'interface':'opencl','rungs':[{'rung':'load','outcome':"   \
		 "'pass'," members "}]}]")

static inline struct error *read_text(const char *text, struct record *ret)
{
	cleanup_free char *json = json_text(text);
	return record_read(json, strlen(json), TODAY, ret);
}
