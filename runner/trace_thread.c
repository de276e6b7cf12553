#include "runner/trace_thread.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <time.h>

#include "probes/dxg_abi.h"
#include "runner/trace_memory.h"
#include "util/alloc.h"

/* Results by which the kernel says to itself that a call is to be repeated after a signal
 * (include/linux/errno.h). */
#define RESTART_FIRST 512
#define RESTART_LAST  516

/* si_code of a SIGSYS by seccomp (asm-generic/siginfo.h: SYS_SECCOMP, not in every libc) */
#define BY_SECCOMP 1

static unsigned int bucket_of(pid_t tid)
{
	return (unsigned int)tid % TRACE_BUCKETS;
}

struct trace_thread *threads_find(const struct trace_threads *threads, pid_t tid)
{
	struct trace_thread *thread = threads->buckets[bucket_of(tid)];
	while (thread && thread->tid != tid)
		thread = thread->next;
	return thread;
}

struct trace_thread *threads_get(struct trace_threads *threads, pid_t tid)
{
	struct trace_thread *thread = threads_find(threads, tid);
	if (thread)
		return thread;
	struct trace_thread **bucket = &threads->buckets[bucket_of(tid)];
	thread = xcalloc(1, sizeof(*thread));
	thread->tid = tid;
	thread->next = *bucket;
	*bucket = thread;
	threads->n++;
	return thread;
}

static void remove_thread(struct trace_threads *threads, struct trace_thread *thread)
{
	struct trace_thread **slot = &threads->buckets[bucket_of(thread->tid)];
	while (*slot != thread)
		slot = &(*slot)->next;
	*slot = thread->next;
	threads->n--;
	free(thread);
}

struct trace_thread *threads_next(const struct trace_threads *threads,
				  const struct trace_thread *thread)
{
	if (thread && thread->next)
		return thread->next;
	unsigned int i = thread ? bucket_of(thread->tid) + 1 : 0;
	while (i < TRACE_BUCKETS && !threads->buckets[i])
		i++;
	return i < TRACE_BUCKETS ? threads->buckets[i] : NULL;
}

/* ---- their calls ---- */

int64_t trace_clock_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void end_call(struct trace_thread *thread, const struct trace_watch *watch,
		     int64_t result)
{
	thread->in_call = thread->interrupted = false;
	thread->call.result = result;
	if (watch->ended)
		watch->ended(watch->context, &thread->call);
}

static void read_query_type(struct dxg_call *call)
{
	struct d3dkmt_queryadapterinfo query;
	call->has_query_type = false;
	if (_IOC_NR(call->request) != _IOC_NR(LX_DXQUERYADAPTERINFO))
		return;
	const size_t size = offsetof(struct d3dkmt_queryadapterinfo, private_data);
	if (!tracee_read(call->tid, call->argument, &query, size))
		return;
	call->has_query_type = true;
	call->query_type = query.type;
}

static bool continues_call(const struct trace_thread *thread, const uint64_t args[6])
{
	return thread->interrupted && thread->call.request == (uint32_t)args[1] &&
	       thread->call.argument == args[2];
}

void thread_begin_call(struct trace_thread *thread, const struct trace_watch *watch,
		       const uint64_t args[6])
{
	if (continues_call(thread, args)) {
		thread->interrupted = false;
		return;
	}
	if (thread->interrupted) /* a handler came in between, and it was not repeated */
		end_call(thread, watch, -EINTR);
	if (thread->in_call) /* told twice: at entry and by the filter */
		return;
	struct dxg_call *call = &thread->call;
	call->tid = thread->tid;
	call->fd = (int)args[0];
	call->request = (uint32_t)args[1];
	call->argument = args[2];
	call->begun_ns = trace_clock_ns();
	call->ns = -1;
	call->result = 0;
	call->after_size = call->before_size = 0;
	if (watch->bytes)
		call->before_size =
			tracee_read_some(thread->tid, call->argument, call->before,
					 dxg_call_size(call->request));
	read_query_type(call);
	if (watch->begun)
		watch->begun(watch->context, call);
	thread->in_call = true;
	thread->begun_ns = trace_clock_ns();
}

/*
 * A filter of the program's own turned the call into a signal (SECCOMP_RET_TRAP), whose
 * handler may do in its place what it likes: it has no result that we know.
 */
static bool is_trapped(pid_t tid, int64_t result)
{
	const struct __ptrace_peeksiginfo_args first = { .nr = 1 };
	siginfo_t info;
	return result >= 0 && ptrace(PTRACE_PEEKSIGINFO, tid, &first, &info) == 1 &&
	       info.si_signo == SIGSYS && info.si_code == BY_SECCOMP;
}

void thread_leave_call(struct trace_thread *thread, const struct trace_watch *watch,
		       int64_t now_ns, int64_t result)
{
	if (!thread->in_call || thread->interrupted)
		return;
	if (result <= -RESTART_FIRST && result >= -RESTART_LAST) {
		thread->interrupted = true;
		return;
	}
	struct dxg_call *call = &thread->call;
	if (thread->has_filters && is_trapped(thread->tid, result)) {
		end_call(thread, watch, DXG_CALL_UNFINISHED);
		return;
	}
	call->ns = now_ns - thread->begun_ns;
	if (watch->bytes)
		call->after_size =
			tracee_read_some(thread->tid, call->argument, call->after,
					 dxg_call_size(call->request));
	end_call(thread, watch, result);
}

void threads_forget(struct trace_threads *threads, const struct trace_watch *watch,
		    struct trace_thread *thread, bool went_on)
{
	if (thread->in_call) {
		thread->call.ns = -1;
		end_call(thread, watch,
			 went_on && thread->interrupted ? -EINTR : DXG_CALL_UNFINISHED);
	}
	remove_thread(threads, thread);
}
