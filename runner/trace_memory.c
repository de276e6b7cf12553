#include "runner/trace_memory.h"

#include <sys/uio.h>

size_t tracee_read_some(pid_t tid, uint64_t address, void *ret, size_t size)
{
	struct iovec local = { ret, size };
	struct iovec remote = { (void *)(uintptr_t)address, size };
	ssize_t n = size ? process_vm_readv(tid, &local, 1, &remote, 1, 0) : 0;
	return n > 0 ? (size_t)n : 0;
}

bool tracee_read(pid_t tid, uint64_t address, void *ret, size_t size)
{
	return tracee_read_some(tid, address, ret, size) == size;
}
