/* The symbols of whatever a program has mapped. */
#include <sys/mman.h>
#include <unistd.h>

#include "runner/trace_elf.h"
#include "tests/fuzz/fuzz.h"
#include "util/cleanup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_close int fd = memfd_create("elf", MFD_CLOEXEC);
	require(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	for (uint64_t offset = 0; offset <= size; offset += 1 + size / 16) {
		char name[64];
		require(!elf_symbol(fd, offset, name, sizeof(name)) || *name);
	}
	uint64_t address, length;
	if (elf_section(fd, ".eh_frame", &address, &length))
		require(size >= 64);
	return 0;
}
