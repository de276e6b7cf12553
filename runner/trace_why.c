#include "runner/trace_why.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/file.h"

const char *const trace_why_words[TRACE_WHY_COUNT] = {
#define X(reason, words) [TRACE_WHY_##reason] = words,
	TRACE_WHYS(X)
#undef X
};

/* @return the number behind a title in a file of /proc, or -1. */
static long read_number(const char *root, const char *path, const char *title)
{
	cleanup_free char *text = NULL;
	long number;
	if (!root_read(root, path, 1 << 16, &text, NULL))
		return -1;
	const char *at = strstr(text, title);
	return at && sscanf(at + strlen(title), "%ld", &number) == 1 ? number : -1;
}

enum trace_why trace_why_refused(const char *root, pid_t pid, int number)
{
	if (number == ESRCH)
		return TRACE_WHY_ENDED;
	cleanup_free char *status = xasprintf("/proc/%d/status", (int)pid);
	if (read_number(root, status, "TracerPid:") > 0)
		return TRACE_WHY_TRACED;
	/* Documentation/admin-guide/LSM/Yama.rst: 1 allows who was named by PR_SET_PTRACER,
	 * as ours is; 2 only CAP_SYS_PTRACE; 3 nobody, and it cannot be changed. */
	switch (read_number(root, "/proc/sys/kernel/yama/ptrace_scope", "")) {
	case 2:
		return TRACE_WHY_ADMIN_ONLY;
	case 3:
		return TRACE_WHY_NOBODY;
	default:
		return TRACE_WHY_REFUSED;
	}
}
