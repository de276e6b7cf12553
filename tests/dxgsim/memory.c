#include "tests/dxgsim/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/file.h"

#define ENVIRONMENT_MAX (8u << 20)

bool memory_read(pid_t thread, uint64_t address, void *to, size_t size)
{
	struct iovec local = { to, size };
	struct iovec remote = { (void *)(uintptr_t)address, size };
	return process_vm_readv(thread, &local, 1, &remote, 1, 0) == (ssize_t)size;
}

bool memory_write(pid_t thread, uint64_t address, const void *from, size_t size)
{
	struct iovec local = { (void *)(uintptr_t)from, size };
	struct iovec remote = { (void *)(uintptr_t)address, size };
	return process_vm_writev(thread, &local, 1, &remote, 1, 0) == (ssize_t)size;
}

bool memory_read_string(pid_t thread, uint64_t address, char *to, size_t size)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	for (size_t have = 0; have < size;) {
		size_t part = page - (address + have) % page;
		if (part > size - have)
			part = size - have;
		if (!memory_read(thread, address + have, to + have, part))
			return false;
		if (memchr(to + have, '\0', part))
			return true;
		have += part;
	}
	return false;
}

pid_t process_of(pid_t thread)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/status", thread);
	cleanup_free char *text = NULL;
	cleanup_error struct error *err = file_read(path, 65536, &text, NULL);
	if (err)
		return 0;
	const char *line = strstr(text, "\nTgid:");
	return line ? (pid_t)strtol(line + strlen("\nTgid:"), NULL, 10) : 0;
}

/* env_start and env_end, fields 50 and 51 of stat (proc(5)). */
static bool find_environment(pid_t process, uint64_t *ret_start, uint64_t *ret_end)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/stat", process);
	cleanup_free char *text = NULL;
	cleanup_error struct error *err = file_read(path, 65536, &text, NULL);
	/* The name, field 2, may hold anything; the last bracket ends it. */
	char *rest = err ? NULL : strrchr(text, ')');
	if (!rest)
		return false;
	uint64_t fields[52] = { 0 };
	int field = 3;
	char *state;
	for (char *word = strtok_r(rest + 1, " \n", &state); word && field < 52;
	     word = strtok_r(NULL, " \n", &state))
		fields[field++] = strtoull(word, NULL, 10);
	*ret_start = fields[50];
	*ret_end = fields[51];
	return *ret_start && *ret_end > *ret_start &&
	       *ret_end - *ret_start < ENVIRONMENT_MAX;
}

uint64_t memory_find_pages(pid_t process, size_t *ret_size)
{
	static const char name[] = PAGES_VARIABLE "=";
	uint64_t start, end;
	if (!find_environment(process, &start, &end))
		return 0;
	size_t size = (size_t)(end - start);
	cleanup_free char *bytes = xmalloc(size);
	if (!memory_read(process, start, bytes, size))
		return 0;
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	/* What the pages hold meanwhile may look like the end of a string, or its start. */
	for (size_t at = 0; at + sizeof(name) + PAGES_SIZE <= size; at++) {
		if ((at && bytes[at - 1]) || memcmp(bytes + at, name, sizeof(name) - 1))
			continue;
		if (memcmp(bytes + at + sizeof(name) - 1 + PAGES_SIZE - strlen(PAGES_END),
			   PAGES_END, sizeof(PAGES_END)))
			return 0;
		uint64_t first = start + at + sizeof(name) - 1;
		uint64_t aligned = (first + page - 1) / page * page;
		*ret_size = (size_t)((first + PAGES_SIZE - strlen(PAGES_END) - aligned) /
				     page * page);
		return aligned;
	}
	return 0;
}
