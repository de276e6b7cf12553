/* The description of a simulated machine. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/dxgsim/scenario.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_close int fd = memfd_create("scenario", MFD_CLOEXEC);
	require(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	cleanup_arena struct arena arena = { 0 };
	struct scenario scenario;
	cleanup_error struct error *err = scenario_read(path, &arena, &scenario);
	if (err)
		return 0;
	for (unsigned int nr = 0; nr < 256; nr++)
		for (uint32_t type = 0; type < 80; type++) {
			const struct occasion occasion = {
				.nr = (uint8_t)nr,
				.type = type,
				.adapter = (int64_t)(type % 4) - 1,
			};
			scenario_refusal(&scenario, &occasion);
			scenario_event(&scenario, &occasion);
		}
	return 0;
}
