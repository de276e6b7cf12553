/*
 * bench_trace [CALLS]: nanoseconds of a DXG call, traced beside untraced, for 1 and 8
 * threads, and of a system call that is none, which the filter lets through.
 *
 * The calls go to /dev/null, which refuses them at once: what is left is the tracer.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "probes/dxg_abi.h"
#include "runner/trace.h"
#include "runner/trace_gate.h"
#include "runner/trace_tally.h"
#include "util/alloc.h"
#include "util/array.h"

#define THREADS_MAX 64

static const char *self;
static long calls = 20000;

/* ---- the traced program: bench_trace --child THREADS CALLS REQUEST ---- */

struct work {
	long calls;
	bool dxg;
	int fd;
};

static void *work(void *argument)
{
	const struct work *work_ = argument;
	struct d3dkmt_closeadapter none = { .adapter_handle.v = 0 };
	for (long i = 0; i < work_->calls; i++) {
		if (work_->dxg)
			ioctl(work_->fd, LX_DXCLOSEADAPTER, &none);
		else
			syscall(SYS_getppid);
	}
	return NULL;
}

static double now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Prints the wall clock of one call: all threads run at once. */
static int be_child(char **argv)
{
	int n = atoi(argv[0]);
	struct work order = { .calls = atol(argv[1]) / n,
			      .dxg = !strcmp(argv[2], "dxg"),
			      .fd = open("/dev/null", O_RDONLY | O_CLOEXEC) };
	pthread_t threads[THREADS_MAX];
	double begin = now_ns();
	for (int i = 0; i < n && i < THREADS_MAX; i++)
		pthread_create(&threads[i], NULL, work, &order);
	for (int i = 0; i < n && i < THREADS_MAX; i++)
		pthread_join(threads[i], NULL);
	printf("%f\n", (now_ns() - begin) / (double)(order.calls * n));
	return 0;
}

/* ---- the measurement ---- */

static struct tally tally;

static void count_begun(void *context, const struct dxg_call *call)
{
	tally_begin(context, call);
}

static void count_ended(void *context, const struct dxg_call *call)
{
	tally_end(context, call);
}

static _Noreturn void become(struct trace_gate *gate, pid_t tracer, int output,
			     const char *threads, const char *what)
{
	char count[32];
	snprintf(count, sizeof(count), "%ld", calls);
	close(gate->tracer);
	trace_gate_pass(gate->child, tracer);
	dup2(output, STDOUT_FILENO);
	execl("/proc/self/exe", self, "--child", threads, count, what, (char *)NULL);
	_exit(127);
}

static void follow(struct trace_gate *gate, bool traced)
{
	const struct trace_watch watch = { .context = &tally,
					   .begun = count_begun,
					   .ended = count_ended };
	int status;
	if (!traced) {
		trace_gate_await(gate->tracer);
		trace_gate_answer(gate->tracer, false);
		return;
	}
	cleanup_error struct error *err = trace_follow(gate->tracer, &watch, &status);
	if (err) {
		fprintf(stderr, "bench_trace: %s\n", err->message);
		exit(1);
	}
}

/* @return nanoseconds per call */
static double measure(const char *threads, const char *what, bool traced)
{
	struct trace_gate gate;
	int output[2];
	char line[64] = "";
	if (!trace_gate_open(&gate) || pipe2(output, O_CLOEXEC) < 0)
		exit(1);
	memset(&tally, 0, sizeof(tally));
	fflush(stdout);
	pid_t tracer = getpid(), pid = fork();
	if (pid == 0)
		become(&gate, tracer, output[1], threads, what);
	close(take_fd(gate.child));
	close(output[1]);
	follow(&gate, traced);
	trace_gate_close(&gate);
	if (read(output[0], line, sizeof(line) - 1) <= 0)
		exit(1);
	close(output[0]);
	while (waitpid(pid, NULL, 0) > 0)
		;
	long seen = (long)tally.calls[_IOC_NR(LX_DXCLOSEADAPTER)].calls;
	long made = traced && !strcmp(what, "dxg") ? calls / atoi(threads) * atoi(threads)
						   : 0;
	if (seen != made) {
		fprintf(stderr, "bench_trace: %ld of %ld calls were seen\n", seen, made);
		exit(1);
	}
	return atof(line);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *what, *threads, *title;
	} rows[] = {
		{ "dxg", "1", "DXG call, 1 thread" },
		{ "dxg", "8", "DXG call, 8 threads" },
		{ "other", "1", "other call, 1 thread" },
		{ "other", "8", "other call, 8 threads" },
	};
	self = argv[0];
	if (argc == 5 && !strcmp(argv[1], "--child"))
		return be_child(argv + 2);
	if (argc > 1)
		calls = atol(argv[1]);
	printf("%-24s %10s %10s %8s\n", "ns per call", "untraced", "traced", "ratio");
	for_each_row(row, rows) {
		double bare = measure(row->threads, row->what, false);
		double traced = measure(row->threads, row->what, true);
		printf("%-24s %10.0f %10.0f %8.1f\n", row->title, bare, traced,
		       traced / bare);
	}
	return 0;
}
