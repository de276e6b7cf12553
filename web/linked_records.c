#include <stdlib.h>
#include <string.h>

#include "web/pages.h"

static int compare(const void *key, const void *member)
{
	return strcmp(key, *(const char *const *)member);
}

bool linked_records_has(const struct linked_records *linked, const char *id)
{
	return id && linked->ids->n &&
	       bsearch(id, linked->ids->string, linked->ids->n, sizeof(const char *),
		       compare);
}
