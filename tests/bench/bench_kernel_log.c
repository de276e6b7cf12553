/*
 * bench_kernel_log [MIB [RUNS]]: the kernel log's reader beside `grep -c dxgkio` on the same
 * log, in CPU time of a process each, in turn: the least and the median of all runs, their
 * ratios, and the reader's peak memory. Ends with 1 where the two count differently.
 *
 *   cmake --preset release && ninja -C build/release bench_kernel_log &&
 *   build/release/tests/bench/bench_kernel_log 1024
 *
 * The logs lie in memory, one after the other. Budget: ratios of at most 1.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/kernel_log.h"
#include "util/alloc.h"
#include "util/array.h"

#define RUNS_MAX 99

static const char *const strangers[] = {
	"hv_balloon: Max. dynamic memory size: 15872 MB",
	"EXT4-fs (sdc): mounted filesystem with ordered data mode. Quota mode: none.",
	"IPv6: ADDRCONF(NETDEV_CHANGE): veth0d3a: link becomes ready",
	"docker0: port 3(vethc0ffee1) entered blocking state",
	"audit: type=1400 audit(1700000000.123:45): apparmor: DENIED",
	"systemd[1]: Started Journal Service.",
	"WSL (1) ERROR: CheckConnection: connect() failed: 101",
	"clocksource: timekeeping watchdog on CPU3: Marking clocksource as unstable",
};
static const char *const own[] = {
	"misc dxg: dxgk: dxgkio_query_adapter_info: Ioctl failed: -22",
	"misc dxg: dxgk: dxgkio_query_adapter_info: Ioctl failed: -2",
	"misc dxg: dxgk: dxgkio_is_feature_enabled: Ioctl failed: -22",
	"misc dxg: dxgk: dxgkio_escape: Ioctl failed: -75",
	"misc dxg: dxgk: dxgvmb_send_sync_msg: wait_for_completion failed: fffffe00",
};

enum stamp { STAMP_DMESG, STAMP_RSYSLOG, STAMP_ISO, STAMP_JOURNAL };

static const struct shape {
	const char *name;
	enum stamp stamp;
	unsigned int share;  /* one line in so many is the driver's */
	const char *line[2]; /* if there: in turn; else one of `own` by chance */
} shapes[] = {
	{ "one line in 100", STAMP_DMESG, 100, { NULL } },
	{ "one line in 2", STAMP_DMESG, 2, { NULL } },
	{ "each line", STAMP_DMESG, 1, { NULL } },
	/* what is printed while a program spins, as dmesg, rsyslog and the journal have it */
	{ "flood, dmesg",
	  STAMP_DMESG,
	  1,
	  { "misc dxg: dxgk: dxgkio_reserve_gpu_va: Ioctl failed: -75" } },
	{ "flood, kern.log",
	  STAMP_RSYSLOG,
	  1,
	  { "misc dxg: dxgk: dxgkio_reserve_gpu_va: Ioctl failed: -75" } },
	{ "flood, kern.log, ISO",
	  STAMP_ISO,
	  1,
	  { "misc dxg: dxgk: dxgkio_reserve_gpu_va: Ioctl failed: -75" } },
	{ "flood, journalctl",
	  STAMP_JOURNAL,
	  1,
	  { "misc dxg: dxgk: dxgkio_reserve_gpu_va: Ioctl failed: -75" } },
	{ "flood of two lines",
	  STAMP_DMESG,
	  1,
	  { "misc dxg: dxgk: dxgvmb_send_create_allocation: send_create_allocation "
	    "failed ffffffb5",
	    "misc dxg: dxgk: dxgkio_create_allocation: Ioctl failed: -75" } },
	{ "flood, wrapped",
	  STAMP_DMESG,
	  1,
	  { "misc dxg: dxgk: dxgkio_reserve_gpu_va: Ioctl failed:\n-75" } },
};

static int print_stamp(FILE *file, enum stamp stamp, uint64_t line)
{
	uint64_t s = line / 50, us = line % 50 * 20000;
	switch (stamp) {
	case STAMP_DMESG:
		return fprintf(file, "[%5" PRIu64 ".%06" PRIu64 "] ", s, us);
	case STAMP_RSYSLOG:
		return fprintf(file,
			       "Feb  3 %02" PRIu64 ":%02" PRIu64 ":%02" PRIu64
			       " laptop kernel: [%5" PRIu64 ".%06" PRIu64 "] ",
			       s / 3600 % 24, s / 60 % 60, s % 60, s, us);
	case STAMP_ISO:
		return fprintf(file,
			       "2026-02-03T%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64
			       ".%06" PRIu64 "+00:00 laptop kernel: ",
			       s / 3600 % 24, s / 60 % 60, s % 60, us);
	case STAMP_JOURNAL:
		return fprintf(file,
			       "Feb 03 %02" PRIu64 ":%02" PRIu64 ":%02" PRIu64
			       " laptop kernel: ",
			       s / 3600 % 24, s / 60 % 60, s % 60);
	}
	return 0;
}

static void make(FILE *file, const struct shape *shape, uint64_t size)
{
	uint32_t random = 1;
	uint64_t written = 0;
	for (uint64_t line = 0; written < size; line++) {
		random = random * 1664525 + 1013904223;
		bool stranger = random / 65536 % shape->share;
		const char *text =
			stranger ? strangers[random / 256 % ARRAY_SIZE(strangers)]
			: !shape->line[0] ? own[random / 256 % ARRAY_SIZE(own)]
			: shape->line[1]  ? shape->line[line % 2]
					  : shape->line[0];
		int n = print_stamp(file, shape->stamp, line);
		n += fprintf(file, "%s\n", text);
		written += (uint64_t)n;
	}
	if (fflush(file)) {
		perror("bench_kernel_log: the log");
		exit(1);
	}
}

/* The other side: counts standard input. */
static int count(void)
{
	struct kernel_log_counts *counts = xcalloc(1, sizeof(*counts));
	struct kernel_log_stream stream;
	kernel_log_stream_init(&stream, counts);
	for (;;) {
		size_t room;
		char *to = kernel_log_stream_room(&stream, &room);
		ssize_t n = read(STDIN_FILENO, to, room);
		if (n < 0)
			return 1;
		if (n == 0)
			break;
		kernel_log_stream_add(&stream, (size_t)n);
	}
	kernel_log_stream_end(&stream);
	int64_t failures = 0;
	for (size_t i = 0; i < counts->n_kinds; i++)
		failures += counts->kind[i].count;
	printf("%" PRId64 "\n", failures);
	free(counts);
	return 0;
}

struct taken {
	double seconds[RUNS_MAX];
	long kib; /* of the run that took most */
	int64_t counted;
};

static void be_child(int log, int output, const char *const *argv)
{
	if (lseek(log, 0, SEEK_SET) < 0 || dup2(log, STDIN_FILENO) < 0 ||
	    dup2(output, STDOUT_FILENO) < 0)
		_exit(1);
	execvp(argv[0], (char **)argv);
	_exit(1);
}

static void run(int log, const char *const *argv, int i, struct taken *taken)
{
	int ends[2], status;
	char answer[32] = "";
	struct rusage usage;
	if (pipe2(ends, O_CLOEXEC) < 0)
		exit(1);
	pid_t child = fork();
	if (!child)
		be_child(log, ends[1], argv);
	close(ends[1]);
	if (child < 0 || read(ends[0], answer, sizeof(answer) - 1) <= 0 ||
	    wait4(child, &status, 0, &usage) != child || status) {
		fprintf(stderr, "bench_kernel_log: %s failed\n", argv[0]);
		exit(1);
	}
	close(ends[0]);
	taken->seconds[i] =
		(double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	if (usage.ru_maxrss > taken->kib)
		taken->kib = usage.ru_maxrss;
	taken->counted = strtoll(answer, NULL, 10);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static bool measure(const struct shape *shape, uint64_t size, int runs)
{
	static const char *const reader[] = { "/proc/self/exe", "--count", NULL };
	static const char *const grep[] = { "grep", "-c", "dxgkio", NULL };
	struct taken ours = { .kib = 0 }, theirs = { .kib = 0 };
	int log = memfd_create("log", MFD_CLOEXEC);
	FILE *file = fdopen(log, "w");
	if (!file) {
		perror("bench_kernel_log");
		exit(1);
	}
	make(file, shape, size);
	for (int i = 0; i < runs; i++) {
		run(log, reader, i, &ours);
		run(log, grep, i, &theirs);
	}
	fclose(file);
	qsort(ours.seconds, (size_t)runs, sizeof(double), compare);
	qsort(theirs.seconds, (size_t)runs, sizeof(double), compare);
	double a = ours.seconds[runs / 2], b = theirs.seconds[runs / 2];
	printf("%-20s %6.3f %6.3f   %6.3f %6.3f   %5.2f %5.2f  %6ld  %9" PRId64 "\n",
	       shape->name, ours.seconds[0], a, theirs.seconds[0], b,
	       ours.seconds[0] / theirs.seconds[0], a / b, ours.kib, ours.counted);
	fflush(stdout);
	if (ours.counted == theirs.counted)
		return true;
	fprintf(stderr, "bench_kernel_log: grep counted %" PRId64 "\n", theirs.counted);
	return false;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--count"))
		return count();
	int mib = argc > 1 ? atoi(argv[1]) : 256, runs = argc > 2 ? atoi(argv[2]) : 7;
	if (argc > 3 || mib < 1 || runs < 1 || runs > RUNS_MAX) {
		fprintf(stderr, "usage: bench_kernel_log [MIB [RUNS]]\n");
		return 2;
	}
	setenv("LC_ALL", "C", 1);
	printf("%d MiB, %d runs     reader, s       grep -c, s      ratio        peak    "
	       "  "
	       "counted\n%-20s    min median      min median     min median   KiB\n",
	       mib, runs, "dxgkrnl's");
	bool equal = true;
	for_each_row(shape, shapes)
		equal &= measure(shape, (uint64_t)mib << 20, runs);
	return !equal;
}
