#include "runner/trace_process.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runner/trace_gate.h"
#include "util/array.h"
#include "util/cleanup.h"

/* A look that meets the tracer in mid-write is repeated; one that meets it always, as when
 * it died there, takes what there is. */
#define LOOKS_MAX 1000
/* A killed tracer is gone at once; if not, it is left to init. */
#define END_MS 1000

struct trace_share {
	atomic_uint epoch; /* the reader's: how often it began anew */
	atomic_uint turn;  /* the tracer's: odd while it writes */
	unsigned int seen_epoch;
	bool paused; /* calls belong to no rung until the next epoch */
	struct trace_seen seen;
};

/* ---- the tracer ---- */

static void begin_write(struct trace_share *share)
{
	atomic_fetch_add(&share->turn, 1);
	unsigned int epoch = atomic_load(&share->epoch);
	if (share->seen_epoch == epoch)
		return;
	share->seen_epoch = epoch;
	share->paused = false;
	share->seen =
		(struct trace_seen){ .how = share->seen.how, .why = share->seen.why };
}

static void end_write(struct trace_share *share)
{
	atomic_fetch_add(&share->turn, 1);
}

static void write_how(void *context, enum trace_how how, enum trace_why why)
{
	struct trace_share *share = context;
	begin_write(share);
	share->seen.how = how;
	share->seen.why = why;
	end_write(share);
}

static void write_begun(void *context, const struct dxg_call *call)
{
	struct trace_share *share = context;
	begin_write(share);
	if (!share->paused)
		tally_begin(&share->seen.tally, call);
	end_write(share);
}

static void write_ended(void *context, const struct dxg_call *call)
{
	struct trace_share *share = context;
	begin_write(share);
	if (!share->paused)
		tally_end(&share->seen.tally, call);
	end_write(share);
}

static void write_mark(void *context)
{
	struct trace_share *share = context;
	begin_write(share);
	share->paused = true;
	end_write(share);
}

static void write_crash(void *context, const struct crash *crash)
{
	struct trace_share *share = context;
	begin_write(share);
	if (!crash->caught)
		share->seen.fatal = *crash;
	else if (!share->seen.caught.signal)
		share->seen.caught = *crash;
	end_write(share);
}

static void write_exit(void *context, const struct crash *place)
{
	struct trace_share *share = context;
	begin_write(share);
	share->seen.exits = *place;
	end_write(share);
}

/* Nothing of ours may stay open longer because a tracer lives. */
static void close_others(int gate)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
	}
	if (gate > STDERR_FILENO + 1)
		syscall(SYS_close_range, STDERR_FILENO + 1, gate - 1, 0);
	syscall(SYS_close_range, gate + 1, ~0u, 0);
}

static _Noreturn void become_tracer(int gate, pid_t runner, struct trace_share *share)
{
	static const int ignored[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGPIPE };
	const struct trace_watch watch = {
		.context = share,
		.seen_by = write_how,
		.begun = write_begun,
		.ended = write_ended,
		.marked = write_mark,
		.struck = write_crash,
		.exits = write_exit,
	};
	int status;
	setsid(); /* keys of the terminal are not for us */
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != runner)
		_exit(1);
	for_each_row(number, ignored)
		signal(*number, SIG_IGN);
	close_others(gate);
	struct error *err = trace_follow(gate, &watch, &status);
	_exit(err ? 1 : 0);
}

/* ---- the runner ---- */

void trace_process_start(struct trace_process *ret)
{
	struct trace_gate gate;
	*ret = (struct trace_process){ .wanted = true, .gate = -1 };
	void *memory = mmap(NULL, sizeof(struct trace_share), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return;
	ret->share = memory;
	if (!trace_gate_open(&gate))
		return;
	pid_t runner = getpid();
	ret->pid = fork();
	if (ret->pid == 0) {
		close(gate.child);
		become_tracer(gate.tracer, runner, ret->share);
	}
	ret->gate = take_fd(gate.child);
	trace_gate_close(&gate);
	if (ret->pid < 0)
		ret->pid = 0; /* nobody at the other end of the gate */
}

void trace_process_forked(struct trace_process *process)
{
	if (process->gate >= 0)
		close(take_fd(process->gate));
}

static void bury(pid_t pid)
{
	const struct timespec pause = { .tv_nsec = 1000 * 1000 };
	for (int ms = 0; ms < END_MS; ms++) {
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return;
		nanosleep(&pause, NULL);
	}
}

void trace_process_deinit(struct trace_process *process)
{
	trace_process_forked(process);
	if (process->pid > 0) {
		kill(process->pid, SIGKILL);
		bury(process->pid);
	}
	if (process->share)
		munmap(process->share, sizeof(*process->share));
	*process = (struct trace_process){ .gate = -1 };
}

void trace_process_begin(struct trace_process *process)
{
	if (process->share)
		atomic_fetch_add(&process->share->epoch, 1);
}

static void read_share(struct trace_share *share, struct trace_seen *ret)
{
	unsigned int seen_epoch = 0;
	for (int i = 0; i < LOOKS_MAX; i++) {
		unsigned int turn = atomic_load(&share->turn);
		memcpy(ret, &share->seen, sizeof(*ret));
		seen_epoch = share->seen_epoch;
		atomic_thread_fence(memory_order_acquire);
		if (turn % 2 == 0 && atomic_load(&share->turn) == turn)
			break;
		sched_yield();
	}
	if (seen_epoch != atomic_load(&share->epoch))
		*ret = (struct trace_seen){ .how = ret->how, .why = ret->why };
}

void trace_process_read(const struct trace_process *process, struct trace_seen *ret)
{
	*ret = (struct trace_seen){ .how = TRACE_NONE };
	if (process->share)
		read_share(process->share, ret);
	if (ret->how == TRACE_NONE && !ret->why)
		ret->why = process->wanted ? TRACE_WHY_NOT_STARTED : TRACE_WHY_OFF;
}

/* While its handler runs, the kernel blocks the signal it is for (sigaction(2)). */
static bool is_in_handler(const struct trace_seen *seen, const struct crash *place)
{
	const struct crash *caught = &seen->caught;
	return caught->signal && caught->tid == place->tid &&
	       place->blocked >> (caught->signal - 1) & 1;
}

const struct crash *trace_seen_place(const struct trace_seen *seen, int signal)
{
	const struct crash *place = signal ? &seen->fatal : &seen->exits;
	if (place->signal != signal || !*place->in)
		return NULL;
	return is_in_handler(seen, place) && *seen->caught.in ? &seen->caught : place;
}
