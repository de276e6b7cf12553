/*
 * bench_kernel_log FILE: reads a kernel log as `dxgmatrix explain` does and prints seconds,
 * counted failures and peak memory. bench_kernel_log --make MIB SHARE: writes a log to
 * standard output, of whose lines one in SHARE is dxgkrnl's. bench_kernel_log.sh compares
 * with grep.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "runner/kernel_log.h"
#include "util/alloc.h"
#include "util/array.h"

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

static int make(uint64_t mib, uint32_t share)
{
	uint64_t written = 0;
	uint32_t random = 1;
	for (uint64_t line = 0; written < mib << 20; line++) {
		random = random * 1664525 + 1013904223;
		const char *text =
			random / 65536 % share
				? strangers[random / 256 % ARRAY_SIZE(strangers)]
				: own[random / 256 % ARRAY_SIZE(own)];
		int n = printf("[%5" PRIu64 ".%06" PRIu64 "] %s\n", line / 50,
			       line % 50 * 20000, text);
		if (n < 0)
			return 1;
		written += (uint64_t)n;
	}
	return 0;
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int measure(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		perror(path);
		return 1;
	}
	struct kernel_log_counts *counts = xcalloc(1, sizeof(*counts));
	double start = now();
	struct error *err = kernel_log_read_fd(fd, counts);
	double seconds = now() - start;
	close(fd);
	if (err) {
		fprintf(stderr, "bench_kernel_log: %s\n", err->message);
		return 1;
	}
	int64_t failures = 0;
	for (size_t i = 0; i < counts->n_kinds; i++)
		failures += counts->kind[i].count;
	free(counts);
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	printf("%.3f s, %" PRId64 " failures, %ld KiB\n", seconds, failures,
	       usage.ru_maxrss);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "--make") && atoi(argv[3]) > 0)
		return make(strtoull(argv[2], NULL, 10), (uint32_t)atoi(argv[3]));
	if (argc == 2)
		return measure(argv[1]);
	fprintf(stderr, "usage: bench_kernel_log FILE\n"
			"       bench_kernel_log --make MIB SHARE\n");
	return 2;
}
