/*
 * trace_why.h: why the calls of a program are not seen, or not by the filter.
 *
 * X(REASON, "words"): reason and, where there is one, cure, as records hold them (trace.why)
 * and dxgmatrix-record(5) lists them.
 */
#pragma once

#include <sys/types.h>

/* clang-format off */
#define TRACE_WHYS(X)                                                                      \
	X(OFF, "the trace is switched off (DXGMATRIX_TRACE=off)")                          \
	X(NOT_STARTED, "the tracer could not be started")                                  \
	X(ENDED, "the program ended before it could be traced")                            \
	X(TRACED, "ptrace is not permitted: another program (strace, a debugger) traces "  \
		  "this one")                                                              \
	X(ADMIN_ONLY, "ptrace is not permitted (Yama ptrace_scope 2); as root: sysctl "    \
		      "kernel.yama.ptrace_scope=1")                                        \
	X(NOBODY, "ptrace is not permitted (Yama ptrace_scope 3); that stays until "       \
		  "wsl --shutdown, and may be set in /etc/sysctl.d")                       \
	X(REFUSED, "ptrace is not permitted; in a container: --cap-add SYS_PTRACE")        \
	X(OLD_KERNEL, "the kernel does not tell a tracer of calls, which Linux 5.3 and "   \
		      "newer do; in Windows: wsl --update")                                \
	X(UNHEARD, "the tracer's filter is not heard: it is forbidden here, or another "   \
		   "one (of a sandbox, a container) stands above it")
/* clang-format on */

enum trace_why {
	TRACE_WHY_NONE,
#define X(reason, words) TRACE_WHY_##reason,
	TRACE_WHYS(X)
#undef X
		TRACE_WHY_COUNT
};

/* NULL for TRACE_WHY_NONE. */
extern const char *const trace_why_words[TRACE_WHY_COUNT];

/*
 * Why ptrace(2) does not hold a process.
 * @param root  of /proc; NULL: this machine's
 * @param number  the errno it ended with
 */
enum trace_why trace_why_refused(const char *root, pid_t pid, int number);
