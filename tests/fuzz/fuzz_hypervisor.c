/* The line of the kernel's log that names the build of Windows. */
#include "record/shape.h"
#include "runner/hypervisor.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char build[VERSION_MAX];
	if (hypervisor_build_of_log((const char *)data, size, build))
		require(shape_four_parts.matches(build));
	return 0;
}
