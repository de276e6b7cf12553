#include "record/finding.h"

#include <string.h>

#include "util/array.h"

const struct finding_row finding_rows[FIND_COUNT] = {
#define X(constant, name, kind, what) { name, FINDING_##kind, what },
	FINDINGS(X)
#undef X
};

bool finding_parse(const char *name, enum finding *ret)
{
	for_each_row(row, finding_rows) {
		if (strcmp(row->name, name))
			continue;
		*ret = (enum finding)(row - finding_rows);
		return true;
	}
	return false;
}
