#include "runner/trace_fault.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "runner/trace.h"
#include "runner/trace_arch.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/file.h"

/* What is asked of /proc/PID/status. */
struct state {
	pid_t process; /* as it knows itself: in its own namespace of processes */
	bool alone;    /* it has no other thread */
	uint64_t blocked, caught;
};

/* A line such as "SigCgt:\t0000000000000440"; of several numbers the last. */
static uint64_t read_number(const char *status, const char *name, int base)
{
	const char *line = strstr(status, name);
	if (!line)
		return 0;
	line += strlen(name);
	const char *last = line + strcspn(line, "\n");
	while (last > line && last[-1] != '\t')
		last--;
	return strtoull(last, NULL, base);
}

static bool read_state(pid_t tid, struct state *ret)
{
	cleanup_free char *path = xasprintf("/proc/%d/status", (int)tid);
	cleanup_free char *status = NULL;
	if (!root_read(NULL, path, 1 << 16, &status, NULL))
		return false;
	ret->process = (pid_t)read_number(status, "\nNStgid:", 10);
	ret->alone = read_number(status, "\nThreads:", 10) == 1;
	ret->blocked = read_number(status, "\nSigBlk:", 16);
	ret->caught = read_number(status, "\nSigCgt:", 16);
	return true;
}

static bool is_fatal(int number)
{
	switch (number) {
	case SIGSEGV:
	case SIGBUS:
	case SIGILL:
	case SIGFPE:
	case SIGABRT:
	case SIGSYS:
	case SIGTRAP:
		return true;
	default:
		return false;
	}
}

/* A 32-bit process has registers of another layout, and no place that we could name. */
static int64_t read_call(pid_t tid)
{
	trace_registers registers;
	return trace_read_registers(tid, &registers) ? TRACE_SYSCALL(&registers) : -1;
}

/* kill(2) may reach another thread than the one that called it. */
static bool is_own(pid_t tid, const siginfo_t *info, const struct state *state)
{
	if (info->si_code > 0)
		return true;
	if (info->si_pid != state->process)
		return false;
	return info->si_code == SI_TKILL ||
	       (info->si_code == SI_USER &&
		(state->alone || read_call(tid) == TRACE_KILL));
}

/* Whether a handler will get it: what the kernel forces on a thread that blocks it, kills. */
static bool is_caught(int number, const struct state *state)
{
	return (state->caught & ~state->blocked) >> (number - 1) & 1;
}

bool fault_find(pid_t tid, int signal, struct crash *ret)
{
	siginfo_t info;
	struct state state;
	if (!is_fatal(signal) || ptrace(PTRACE_GETSIGINFO, tid, 0, &info) < 0 ||
	    !read_state(tid, &state) || !is_own(tid, &info, &state))
		return false;
	*ret = (struct crash){ .tid = tid,
			       .ns = trace_clock_ns(),
			       .signal = signal,
			       .caught = is_caught(signal, &state),
			       .asked = info.si_code <= 0,
			       .blocked = state.blocked };
	return true;
}

bool thread_belongs_to(pid_t tid, pid_t process)
{
	cleanup_free char *path =
		xasprintf("/proc/%d/task/%d/stat", (int)process, (int)tid);
	return tid == process || root_exists(NULL, path);
}

/* Of the threads that end together one has called exit_group; the others are killed. */
bool exit_find(pid_t tid, pid_t process, struct crash *ret)
{
	unsigned long status;
	struct state state;
	if (!thread_belongs_to(tid, process) ||
	    ptrace(PTRACE_GETEVENTMSG, tid, 0, &status) < 0 || !WIFEXITED(status) ||
	    read_call(tid) != TRACE_EXIT_GROUP || !read_state(tid, &state))
		return false;
	*ret = (struct crash){ .tid = tid,
			       .ns = trace_clock_ns(),
			       .status = WEXITSTATUS(status),
			       .asked = true,
			       .blocked = state.blocked };
	return true;
}
