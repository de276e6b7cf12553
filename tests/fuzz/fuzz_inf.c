/* A driver's INF file. */
#include <string.h>

#include "record/shape.h"
#include "runner/inf.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct inf inf;
	if (!inf_read((const char *)data, size, &inf))
		return 0;
	/* What goes into a record is what its reader takes. */
	require(!*inf.version || shape_four_parts.matches(inf.version));
	require(!*inf.date || shape_date.matches(inf.date));
	return 0;
}
