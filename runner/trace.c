#include "runner/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include "probes/dxg_abi.h"
#include "probes/packet.h"
#include "runner/trace_arch.h"
#include "runner/trace_gate.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/file.h"

const char *const trace_how_names[] = {
	[TRACE_NONE] = NULL,
	[TRACE_FILTER] = "ptrace+seccomp",
	[TRACE_EVERY_CALL] = "ptrace, every call",
};

/* Results by which the kernel says to itself that a call is to be repeated after a signal
 * (include/linux/errno.h). */
#define RESTART_FIRST 512
#define RESTART_LAST  516

#define OPTIONS                                                                          \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |              \
	 PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT |                 \
	 PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL)

struct thread {
	pid_t tid;
	struct thread *next;
	bool in_call;     /* of /dev/dxg */
	bool interrupted; /* between a signal and the repetition of that call */
	int64_t begun_ns;
	struct dxg_call call;
};

#define BUCKETS 256

struct tracer {
	const struct trace_watch *watch;
	pid_t first;
	enum trace_how how;
	bool proven;
	int status;
	struct thread *buckets[BUCKETS];
};

static int64_t clock_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ---- threads ---- */

static struct thread **find_slot(struct tracer *tracer, pid_t tid)
{
	struct thread **slot = &tracer->buckets[(unsigned int)tid % BUCKETS];
	while (*slot && (*slot)->tid != tid)
		slot = &(*slot)->next;
	return slot;
}

static struct thread *get_thread(struct tracer *tracer, pid_t tid)
{
	struct thread **slot = find_slot(tracer, tid);
	if (!*slot) {
		*slot = xcalloc(1, sizeof(**slot));
		(*slot)->tid = tid;
	}
	return *slot;
}

static void end_call(struct tracer *tracer, struct thread *thread, int64_t result)
{
	thread->in_call = thread->interrupted = false;
	thread->call.result = result;
	if (tracer->watch->ended)
		tracer->watch->ended(tracer->watch->context, &thread->call);
}

static void forget_thread(struct tracer *tracer, pid_t tid)
{
	struct thread **slot = find_slot(tracer, tid);
	struct thread *thread = *slot;
	if (!thread)
		return;
	if (thread->in_call) {
		thread->call.ns = -1;
		end_call(tracer, thread, DXG_CALL_UNFINISHED);
	}
	*slot = thread->next;
	free(thread);
}

static void forget_all(struct tracer *tracer)
{
	for_each_row(bucket, tracer->buckets)
		while (*bucket)
			forget_thread(tracer, (*bucket)->tid);
}

/* ---- calls ---- */

static size_t read_memory(pid_t tid, uint64_t address, void *ret, size_t size)
{
	struct iovec local = { ret, size };
	struct iovec remote = { (void *)(uintptr_t)address, size };
	ssize_t n = size ? process_vm_readv(tid, &local, 1, &remote, 1, 0) : 0;
	return n > 0 ? (size_t)n : 0;
}

static bool is_ioctl(uint32_t arch, uint64_t number)
{
#define X(arch_, ioctl_, seccomp_)                                                       \
	if (arch == (arch_) && number == (ioctl_))                                       \
		return true;
	TRACE_ARCHES(X)
#undef X
	return false;
}

static bool is_mark(const uint64_t args[6])
{
	return (int)args[0] == PACKET_MARK_FD && (uint32_t)args[1] == PACKET_MARK_REQUEST;
}

/* The first one, before the program is executed, proves the filter. */
static void take_mark(struct tracer *tracer)
{
	if (tracer->how == TRACE_NONE)
		tracer->proven = true;
	else if (tracer->watch->marked)
		tracer->watch->marked(tracer->watch->context);
}

static void read_query_type(struct dxg_call *call)
{
	struct d3dkmt_queryadapterinfo query;
	call->has_query_type = false;
	if (_IOC_NR(call->request) != _IOC_NR(LX_DXQUERYADAPTERINFO))
		return;
	const size_t size = offsetof(struct d3dkmt_queryadapterinfo, private_data);
	if (read_memory(call->tid, call->argument, &query, size) != size)
		return;
	call->has_query_type = true;
	call->query_type = query.type;
}

static bool continues_call(const struct thread *thread, const uint64_t args[6])
{
	return thread->interrupted && thread->call.request == (uint32_t)args[1] &&
	       thread->call.argument == args[2];
}

static void begin_call(struct tracer *tracer, struct thread *thread,
		       const uint64_t args[6])
{
	if (continues_call(thread, args)) {
		thread->interrupted = false;
		return;
	}
	if (thread->interrupted) /* a handler came in between, and it was not repeated */
		end_call(tracer, thread, -EINTR);
	if (thread->in_call) /* told twice: at entry and by the filter */
		return;
	struct dxg_call *call = &thread->call;
	call->tid = thread->tid;
	call->fd = (int)args[0];
	call->request = (uint32_t)args[1];
	call->argument = args[2];
	call->ns = -1;
	call->result = 0;
	call->after_size = call->before_size = 0;
	if (tracer->watch->bytes)
		call->before_size = read_memory(thread->tid, call->argument, call->before,
						dxg_call_size(call->request));
	read_query_type(call);
	if (tracer->watch->begun)
		tracer->watch->begun(tracer->watch->context, call);
	thread->in_call = true;
	thread->begun_ns = clock_ns();
}

static void leave_call(struct tracer *tracer, struct thread *thread, int64_t now_ns,
		       int64_t result)
{
	if (!thread->in_call || thread->interrupted)
		return;
	if (result <= -RESTART_FIRST && result >= -RESTART_LAST) {
		thread->interrupted = true;
		return;
	}
	struct dxg_call *call = &thread->call;
	call->ns = now_ns - thread->begun_ns;
	if (tracer->watch->bytes)
		call->after_size = read_memory(thread->tid, call->argument, call->after,
					       dxg_call_size(call->request));
	end_call(tracer, thread, result);
}

static void see_by(struct tracer *tracer, enum trace_how how)
{
	tracer->how = how;
	if (tracer->watch->seen_by)
		tracer->watch->seen_by(tracer->watch->context, how);
}

/* At its entry or exit, by whichever stop. */
static void look_at_call(struct tracer *tracer, struct thread *thread, int64_t now_ns)
{
	struct __ptrace_syscall_info info = { 0 };
	long n = ptrace(PTRACE_GET_SYSCALL_INFO, thread->tid, sizeof(info), &info);
	if (n <= 0)
		return;
	switch (info.op) {
	case PTRACE_SYSCALL_INFO_ENTRY:
	case PTRACE_SYSCALL_INFO_SECCOMP:
		/* Both begin alike: nr, then args. */
		if (!is_ioctl(info.arch, info.entry.nr)) {
			if (info.op == PTRACE_SYSCALL_INFO_SECCOMP)
				see_by(tracer, TRACE_EVERY_CALL);
			return;
		}
		if (!dxg_call_is(info.entry.args[1]))
			return;
		if (is_mark(info.entry.args))
			take_mark(tracer);
		else
			begin_call(tracer, thread, info.entry.args);
		return;
	case PTRACE_SYSCALL_INFO_EXIT:
		leave_call(tracer, thread, now_ns, info.exit.rval);
		return;
	default:
		return;
	}
}

/* ---- signals ---- */

/* A mask of /proc/PID/status, such as "SigCgt:\t0000000000000440". */
static uint64_t read_mask(const char *status, const char *name)
{
	const char *line = strstr(status, name);
	uint64_t mask;
	return line && sscanf(line + strlen(name), " %" SCNx64, &mask) == 1 ? mask : 0;
}

/* Whether a handler will get it: what the kernel forces on a thread that blocks it, kills. */
static void read_masks(struct crash *ret)
{
	cleanup_free char *path = xasprintf("/proc/%d/status", (int)ret->tid);
	cleanup_free char *status = NULL;
	if (!root_read(NULL, path, 1 << 16, &status, NULL))
		return;
	ret->blocked = read_mask(status, "\nSigBlk:");
	if (ret->signal)
		ret->caught = (read_mask(status, "\nSigCgt:") & ~ret->blocked) >>
				      (ret->signal - 1) &
			      1;
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

/* The kernel's doing, or the program's own (abort, raise): not what another process sent. */
static bool is_own(const siginfo_t *info)
{
	return info->si_code > 0 || info->si_code == SI_TKILL;
}

static void look_at_signal(struct tracer *tracer, struct thread *thread, int number)
{
	siginfo_t info;
	if (!tracer->watch->struck || !is_fatal(number) ||
	    ptrace(PTRACE_GETSIGINFO, thread->tid, 0, &info) < 0 || !is_own(&info))
		return;
	struct crash crash = { .tid = thread->tid, .signal = number };
	read_masks(&crash);
	crash_locate(thread->tid, info.si_code == SI_TKILL, &crash);
	tracer->watch->struck(tracer->watch->context, &crash);
}

/* Of the threads that end together one has called exit_group; the others are killed. */
static bool has_called_exit(pid_t tid)
{
	trace_registers registers;
	struct iovec iov = { &registers, sizeof(registers) };
	return ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &iov) == 0 &&
	       TRACE_SYSCALL(&registers) == TRACE_EXIT_GROUP;
}

static bool belongs_to(pid_t tid, pid_t process)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", (int)process, (int)tid);
	return tid == process || root_exists(NULL, path);
}

static void look_at_exit(struct tracer *tracer, struct thread *thread)
{
	unsigned long status;
	if (!tracer->watch->exits || !belongs_to(thread->tid, tracer->first) ||
	    ptrace(PTRACE_GETEVENTMSG, thread->tid, 0, &status) < 0 ||
	    !WIFEXITED(status) || !has_called_exit(thread->tid))
		return;
	struct crash place = { .tid = thread->tid, .status = WEXITSTATUS(status) };
	read_masks(&place);
	crash_locate(thread->tid, true, &place);
	tracer->watch->exits(tracer->watch->context, &place);
}

/* ---- stops ---- */

static void look_at_exec(struct tracer *tracer, struct thread *thread)
{
	unsigned long former;
	if (ptrace(PTRACE_GETEVENTMSG, thread->tid, 0, &former) == 0 &&
	    (pid_t)former != thread->tid)
		forget_thread(tracer, (pid_t)former);
	/* Linux 5.3: an older kernel tells nothing, and nobody shall think it saw nothing. */
	struct __ptrace_syscall_info info;
	bool tells =
		ptrace(PTRACE_GET_SYSCALL_INFO, thread->tid, sizeof(info), &info) > 0;
	if (tracer->how == TRACE_NONE && tells)
		see_by(tracer, tracer->proven ? TRACE_FILTER : TRACE_EVERY_CALL);
}

static void resume(const struct tracer *tracer, const struct thread *thread, int signal)
{
	bool to_exit = thread->in_call && !thread->interrupted;
	bool each = tracer->how == TRACE_EVERY_CALL || to_exit;
	/* Who was killed meanwhile tells it by waitpid. */
	ptrace(each ? PTRACE_SYSCALL : PTRACE_CONT, thread->tid, 0,
	       (void *)(uintptr_t)signal);
}

/* The stop that stops all threads of a process (ptrace(2), "Group-stop"): it shall last. */
static bool is_group_stop(int event, int signal)
{
	return event == PTRACE_EVENT_STOP && (signal == SIGSTOP || signal == SIGTSTP ||
					      signal == SIGTTIN || signal == SIGTTOU);
}

static void take_stop(struct tracer *tracer, pid_t tid, int status)
{
	int64_t now_ns = clock_ns();
	struct thread *thread = get_thread(tracer, tid);
	int event = status >> 16, signal = WSTOPSIG(status), deliver = 0;
	if (is_group_stop(event, signal)) {
		ptrace(PTRACE_LISTEN, tid, 0, 0);
		return;
	}
	switch (event) {
	case 0:
		if (signal == (SIGTRAP | 0x80)) {
			look_at_call(tracer, thread, now_ns);
		} else {
			look_at_signal(tracer, thread, signal);
			deliver = signal;
		}
		break;
	case PTRACE_EVENT_SECCOMP:
		look_at_call(tracer, thread, now_ns);
		break;
	case PTRACE_EVENT_EXEC:
		look_at_exec(tracer, thread);
		break;
	case PTRACE_EVENT_EXIT:
		look_at_exit(tracer, thread);
		break;
	default: /* a new thread or process: it tells of itself */
		break;
	}
	resume(tracer, thread, deliver);
}

static void take_all(struct tracer *tracer)
{
	for (;;) {
		int status;
		pid_t tid = waitpid(-1, &status, __WALL);
		if (tid < 0 && errno == EINTR)
			continue;
		if (tid < 0)
			return;
		if (WIFSTOPPED(status)) {
			take_stop(tracer, tid, status);
			continue;
		}
		forget_thread(tracer, tid);
		if (tid == tracer->first)
			tracer->status = status;
	}
}

struct error *trace_follow(int gate, const struct trace_watch *watch, int *ret_status)
{
	struct tracer tracer = { .watch = watch, .first = trace_gate_await(gate) };
	if (!tracer.first)
		return error_create("the program ended before it could be traced");
	if (ptrace(PTRACE_SEIZE, tracer.first, 0, OPTIONS) < 0) {
		struct error *err = error_errno("ptrace");
		trace_gate_answer(gate, false);
		return err;
	}
	trace_gate_answer(gate, true);
	take_all(&tracer);
	forget_all(&tracer);
	*ret_status = tracer.status;
	return NULL;
}
