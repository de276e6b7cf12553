#include "runner/trace.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "probes/dxg_abi.h"
#include "probes/packet.h"
#include "runner/trace_arch.h"
#include "runner/trace_fault.h"
#include "runner/trace_gate.h"
#include "runner/trace_thread.h"
#include "util/array.h"

const char *const trace_how_names[] = {
	[TRACE_NONE] = NULL,
	[TRACE_FILTER] = "ptrace+seccomp",
	[TRACE_EVERY_CALL] = "ptrace, every call",
};

#define OPTIONS                                                                          \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |              \
	 PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT |                 \
	 PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL)

/* Ends of waits that are looked at in their turn: see collect_stops. */
#define STOPS_MAX 64

struct stop {
	pid_t tid;
	int status;
};

struct tracer {
	const struct trace_watch *watch;
	struct trace_threads threads;
	pid_t first;
	bool first_ended;
	int status;
	enum trace_how how;
	bool proven;
	bool any_filters; /* some thread has its own */
	size_t n_caught;
};

/* ---- calls ---- */

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

static void see_by(struct tracer *tracer, enum trace_how how, enum trace_why why)
{
	tracer->how = how;
	if (tracer->watch->seen_by)
		tracer->watch->seen_by(tracer->watch->context, how, why);
}

struct arch {
	uint32_t arch;
	uint64_t ioctl, seccomp, prctl;
};

static const struct arch arches[] = {
#define X(arch, ioctl, seccomp, prctl) { arch, ioctl, seccomp, prctl },
	TRACE_ARCHES(X)
#undef X
};

/* x32 has the architecture of x86-64, and its numbers carry a bit of their own. */
static const struct arch *find_arch(uint32_t number, uint64_t call)
{
	for_each_row(arch, arches)
		if (arch->arch == number &&
		    (call == arch->ioctl || call == arch->seccomp || call == arch->prctl))
			return arch;
	return NULL;
}

/*
 * From here on it stops at every call; with SECCOMP_FILTER_FLAG_TSYNC so do the other
 * threads of its process, once they have stopped for it.
 */
static void expect_filters(struct tracer *tracer, struct trace_thread *thread,
			   bool for_all)
{
	tracer->any_filters = true;
	thread->has_filters = true;
	if (!for_all)
		return;
	for (struct trace_thread *other = threads_next(&tracer->threads, NULL); other;
	     other = threads_next(&tracer->threads, other)) {
		if (other->has_filters || !thread_belongs_to(other->tid, thread->tid))
			continue;
		other->has_filters = true;
		ptrace(PTRACE_INTERRUPT, other->tid, 0, 0);
	}
}

static void enter_call(struct tracer *tracer, struct trace_thread *thread, uint32_t arch_,
		       uint64_t number, const uint64_t args[6])
{
	const struct arch *arch = find_arch(arch_, number);
	if (!arch)
		return;
	if (number == arch->ioctl && is_mark(args))
		take_mark(tracer);
	else if (number == arch->ioctl && dxg_call_is(args[1]))
		thread_begin_call(thread, tracer->watch, args);
	else if (number == arch->seccomp && args[0] == SECCOMP_SET_MODE_FILTER)
		expect_filters(tracer, thread, args[1] & SECCOMP_FILTER_FLAG_TSYNC);
	else if (number == arch->prctl && args[0] == PR_SET_SECCOMP)
		expect_filters(tracer, thread, false);
}

/* At its entry or exit, by whichever stop. */
static void look_at_call(struct tracer *tracer, struct trace_thread *thread,
			 int64_t now_ns)
{
	struct __ptrace_syscall_info info = { 0 };
	long n = ptrace(PTRACE_GET_SYSCALL_INFO, thread->tid, sizeof(info), &info);
	if (n <= 0)
		return;
	switch (info.op) {
	case PTRACE_SYSCALL_INFO_ENTRY:
	case PTRACE_SYSCALL_INFO_SECCOMP:
		/* Both begin alike: nr, then args. */
		enter_call(tracer, thread, info.arch, info.entry.nr, info.entry.args);
		return;
	case PTRACE_SYSCALL_INFO_EXIT:
		thread_leave_call(thread, tracer->watch, now_ns, info.exit.rval);
		return;
	default:
		return;
	}
}

/* ---- stops ---- */

static void look_at_signal(struct tracer *tracer, const struct trace_thread *thread,
			   int signal)
{
	struct crash crash;
	if (!tracer->watch->struck || !fault_find(thread->tid, signal, &crash))
		return;
	if (!crash.caught || tracer->n_caught++ < TRACE_CAUGHT_MAX)
		crash_locate(&crash);
	tracer->watch->struck(tracer->watch->context, &crash);
}

static void look_at_exit(const struct tracer *tracer, const struct trace_thread *thread)
{
	struct crash place;
	if (!tracer->watch->exits || !exit_find(thread->tid, tracer->first, &place))
		return;
	crash_locate(&place);
	tracer->watch->exits(tracer->watch->context, &place);
}

/*
 * Of its process the thread alone is left. It may have been another, which took over the
 * number of the first (ptrace(2), "execve(2) under ptrace").
 * @return the thread as it goes on
 */
static struct trace_thread *look_at_exec(struct tracer *tracer,
					 struct trace_thread *thread)
{
	unsigned long number;
	pid_t tid = thread->tid;
	ptrace(PTRACE_GETEVENTMSG, tid, 0, &number);
	struct trace_thread *former = threads_find(&tracer->threads, (pid_t)number);
	if (former && former != thread) {
		bool has_filters = former->has_filters;
		threads_forget(&tracer->threads, tracer->watch, former, true);
		threads_forget(&tracer->threads, tracer->watch, thread, false);
		thread = threads_get(&tracer->threads, tid);
		thread->has_filters = has_filters;
		thread->adopted = true;
	}
	/* Linux 5.3: an older kernel tells nothing, and nobody shall think it saw nothing. */
	struct __ptrace_syscall_info info;
	bool tells = ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof(info), &info) > 0;
	if (tracer->how != TRACE_NONE)
		return thread;
	if (!tells)
		see_by(tracer, TRACE_NONE, TRACE_WHY_OLD_KERNEL);
	else if (tracer->proven)
		see_by(tracer, TRACE_FILTER, TRACE_WHY_NONE);
	else
		see_by(tracer, TRACE_EVERY_CALL, TRACE_WHY_UNHEARD);
	return thread;
}

/* What a thread makes has its filters, and may have told of itself before. */
static void look_at_birth(struct tracer *tracer, const struct trace_thread *maker)
{
	unsigned long number;
	if (ptrace(PTRACE_GETEVENTMSG, maker->tid, 0, &number) < 0)
		return;
	struct trace_thread *made = threads_get(&tracer->threads, (pid_t)number);
	made->has_filters |= maker->has_filters;
	made->adopted = true;
}

static void resume(const struct tracer *tracer, const struct trace_thread *thread,
		   int signal)
{
	bool to_exit = thread->in_call && !thread->interrupted;
	bool may_hide = thread->has_filters || (tracer->any_filters && !thread->adopted);
	bool each = tracer->how == TRACE_EVERY_CALL || may_hide || to_exit;
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

static void take_stop(struct tracer *tracer, pid_t tid, int status, int64_t now_ns)
{
	struct trace_thread *thread = threads_get(&tracer->threads, tid);
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
		thread = look_at_exec(tracer, thread);
		break;
	case PTRACE_EVENT_EXIT:
		look_at_exit(tracer, thread);
		break;
	case PTRACE_EVENT_CLONE:
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
		look_at_birth(tracer, thread);
		break;
	default: /* the first stop of a new one */
		break;
	}
	resume(tracer, thread, deliver);
}

static void take_end(struct tracer *tracer, pid_t tid, int status)
{
	struct trace_thread *thread = threads_find(&tracer->threads, tid);
	if (thread)
		threads_forget(&tracer->threads, tracer->watch, thread,
			       WIFEXITED(status));
	if (tid != tracer->first)
		return;
	tracer->first_ended = true;
	tracer->status = status;
}

/* A signal may have come together with a stop: it is asked after either. */
static bool is_enough(struct tracer *tracer)
{
	const struct trace_watch *watch = tracer->watch;
	const struct trace_thread *left = threads_next(&tracer->threads, NULL);
	return tracer->first_ended && left && watch->left &&
	       !watch->left(watch->context, left->tid);
}

/*
 * All that stand still, before any goes on: waitpid has no turns, and a thread that calls
 * at once again would be served before one that has waited for long.
 * @param n_threads  that are known: with one alone there is nothing to ask for twice, without
 * any nothing to wait for. Who executed us may have left us children, which are none of them
 * @return how many; 0 when none of the family is left, or at a signal (errno)
 */
static size_t collect_stops(size_t n_threads, struct stop stops[STOPS_MAX])
{
	size_t n = 0;
	while (n < STOPS_MAX && (!n || n < n_threads)) {
		struct stop *stop = &stops[n];
		int look = n || !n_threads ? WNOHANG : 0;
		errno = 0;
		stop->tid = waitpid(-1, &stop->status, __WALL | look);
		if (stop->tid <= 0)
			break;
		n++;
	}
	return n;
}

static void take_all(struct tracer *tracer)
{
	struct stop stops[STOPS_MAX];
	for (;;) {
		size_t n = collect_stops(tracer->threads.n, stops);
		if (!n && errno != EINTR)
			return;
		int64_t now_ns = trace_clock_ns();
		for (size_t i = 0; i < n; i++) {
			if (WIFSTOPPED(stops[i].status))
				take_stop(tracer, stops[i].tid, stops[i].status, now_ns);
			else
				take_end(tracer, stops[i].tid, stops[i].status);
		}
		if (is_enough(tracer))
			return;
	}
}

struct error *trace_follow(int gate, const struct trace_watch *watch, int *ret_status)
{
	struct tracer tracer = { .watch = watch, .first = trace_gate_await(gate) };
	enum trace_why why = TRACE_WHY_NONE;
	if (!tracer.first)
		why = TRACE_WHY_ENDED;
	else if (ptrace(PTRACE_SEIZE, tracer.first, 0, OPTIONS) < 0)
		why = trace_why_refused(NULL, tracer.first, errno);
	if (why) /* told before it goes on */
		see_by(&tracer, TRACE_NONE, why);
	if (tracer.first)
		trace_gate_answer(gate, !why);
	if (why)
		return error_create("%s", trace_why_words[why]);
	threads_get(&tracer.threads, tracer.first)->adopted = true;
	take_all(&tracer);
	struct trace_thread *thread;
	while ((thread = threads_next(&tracer.threads, NULL)))
		threads_forget(&tracer.threads, watch, thread, false);
	*ret_status = tracer.status;
	return NULL;
}
