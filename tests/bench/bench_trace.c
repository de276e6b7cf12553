/*
 * bench_trace [CALLS]: nanoseconds of a DXG call, traced beside untraced, for 1 and 8
 * threads, and of a system call that is none, which the filter lets through. Once with the
 * tracer on the CPU of the program: elsewhere it depends on where the scheduler puts the two,
 * and on how deep the other CPU sleeps. CPU is what program and tracer use together, the start
 * of the program included.
 *
 * The calls go to /dev/null, which refuses them at once: what is left is the tracer.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
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
/* On a machine that does other things, too, the best of some is what is meant. */
#define TRIES 5

static const char *self;
static long calls = 10000;

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

struct cost {
	double wall, cpu; /* ns per call; cpu: of program and tracer together */
};

static double cpu_ns(int who)
{
	struct rusage usage;
	getrusage(who, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e9 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e3;
}

static struct cost measure(const char *threads, const char *what, bool one_cpu,
			   bool traced)
{
	cpu_set_t all, one;
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_getaffinity(0, sizeof(all), &all);
	if (one_cpu) /* the program inherits it */
		sched_setaffinity(0, sizeof(one), &one);
	struct trace_gate gate;
	int output[2];
	char line[64] = "";
	if (!trace_gate_open(&gate) || pipe2(output, O_CLOEXEC) < 0)
		exit(1);
	memset(&tally, 0, sizeof(tally));
	fflush(stdout);
	double before = cpu_ns(RUSAGE_SELF) + cpu_ns(RUSAGE_CHILDREN);
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
	sched_setaffinity(0, sizeof(all), &all);
	long seen = (long)tally.calls[_IOC_NR(LX_DXCLOSEADAPTER)].calls;
	long made = traced && !strcmp(what, "dxg") ? calls / atoi(threads) * atoi(threads)
						   : 0;
	if (seen != made) {
		fprintf(stderr, "bench_trace: %ld of %ld calls were seen\n", seen, made);
		exit(1);
	}
	double cpu = cpu_ns(RUSAGE_SELF) + cpu_ns(RUSAGE_CHILDREN) - before;
	return (struct cost){ atof(line), cpu / (double)calls };
}

static struct cost best(const char *threads, const char *what, bool one_cpu, bool traced)
{
	struct cost least = { 0 };
	for (int i = 0; i < TRIES; i++) {
		struct cost cost = measure(threads, what, one_cpu, traced);
		if (!i || cost.wall < least.wall)
			least.wall = cost.wall;
		if (!i || cost.cpu < least.cpu)
			least.cpu = cost.cpu;
	}
	return least;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *what, *threads, *title;
		bool one_cpu;
	} rows[] = {
		{ "dxg", "1", "DXG call, 1 thread" },
		{ "dxg", "1", "the same on one CPU", .one_cpu = true },
		{ "dxg", "8", "DXG call, 8 threads" },
		{ "other", "1", "other call, 1 thread" },
		{ "other", "8", "other call, 8 threads" },
	};
	self = argv[0];
	if (argc == 5 && !strcmp(argv[1], "--child"))
		return be_child(argv + 2);
	if (argc > 1)
		calls = atol(argv[1]);
	printf("%-22s %9s %9s %7s %9s %9s\n", "ns per call", "untraced", "traced",
	       "ratio", "CPU", "CPU");
	for_each_row(row, rows) {
		struct cost bare = best(row->threads, row->what, row->one_cpu, false);
		struct cost traced = best(row->threads, row->what, row->one_cpu, true);
		printf("%-22s %9.0f %9.0f %7.1f %9.0f %9.0f\n", row->title, bare.wall,
		       traced.wall, traced.wall / bare.wall, bare.cpu, traced.cpu);
	}
	return 0;
}
