/* libtraced_b.so: where it ends. */
#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probes/dxg_abi.h"
#include "tests/runner/programs/traced.h"

static volatile int *volatile nowhere = (volatile int *)8;

static volatile int zero;
static const volatile int one = 1, *volatile endless = &one;

void b_calls(int seed)
{
	(void)seed;
	struct d3dkmt_closeadapter none = { .adapter_handle.v = 0 };
	int fd = open(DXG_NODE, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	for (int i = 0; i < 5; i++)
		ioctl(fd, LX_DXCLOSEADAPTER, &none);
}

void b_crash(int seed)
{
	volatile char room[1024];
	room[seed & 1023] = 1;
	*nowhere = seed;
	*nowhere = room[0];
}

void b_copy(int seed)
{
	char *volatile bytes = malloc(1 << 20);
	memset(bytes, seed, 1 << 20);
	memcpy((char *)nowhere, bytes, (size_t)(1 << 20) - (seed & 1));
	bytes[0] = 1;
}

void b_jump(int seed)
{
	void (*volatile function)(int) = NULL;
	function(seed);
	nowhere = NULL;
}

void b_abort(int seed)
{
	volatile char room[256];
	room[seed & 255] = 1;
	if (room[seed & 255] == 1)
		abort();
}

int b_deeper(int seed)
{
	volatile char room[256];
	room[seed & 255] = (char)seed;
	return *endless ? b_deeper(seed + 1) + room[seed & 255] : 0;
}

void b_overflow(int seed)
{
	b_deeper(seed);
	nowhere = NULL;
}

void b_exit(int seed)
{
	(void)seed;
	exit(3);
}

/* Nothing of these ends a function with a call: their frames stay. */

void b_wild(int seed)
{
	void (*volatile function)(int) = (void (*)(int))(uintptr_t)0x1234567;
	function(seed);
	nowhere = NULL;
}

void b_divide(int seed)
{
	zero = seed / zero;
}

void b_trap(int seed)
{
	if (seed != -1)
		__builtin_trap();
}

void b_truncated(int seed)
{
	int fd = memfd_create("truncated", MFD_CLOEXEC);
	if (ftruncate(fd, 4096) < 0)
		return;
	volatile char *bytes = mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, fd, 0);
	if (ftruncate(fd, 0) < 0)
		return;
	bytes[seed & 15] = 1;
}

/* The return address is gone: who called it cannot be known. */
void b_smash(int seed)
{
	volatile char room[16];
	for (volatile int i = 0; i < 64 + (seed & 1); i++)
		room[i] = 0x41;
	zero = room[seed & 15];
}

void b_assert(int seed)
{
	assert(seed == 12345678);
}

void b_free(int seed)
{
	char *bytes = malloc(64);
	char *volatile inside = bytes + 8;
	free(inside);
	nowhere = (volatile int *)(intptr_t)seed;
}

static int compare(const void *a, const void *b)
{
	*nowhere = 1;
	return *(const int *)a - *(const int *)b;
}

void b_sort(int seed)
{
	int numbers[16] = { seed };
	qsort(numbers, 16, sizeof(*numbers), compare);
	zero = numbers[3];
}

void b_raise(int seed)
{
	raise(seed ? SIGSEGV : SIGBUS);
	nowhere = NULL;
}

void b_kill(int seed)
{
	kill(getpid(), seed ? SIGSEGV : SIGBUS);
	nowhere = NULL;
}

static void *crash_in_thread(void *unused)
{
	*nowhere = 1;
	return unused;
}

void b_thread(int seed)
{
	pthread_t thread;
	if (!pthread_create(&thread, NULL, crash_in_thread, &seed))
		pthread_join(thread, NULL);
}

void b_vfork(int seed)
{
	int status;
	pid_t pid = vfork();
	if (pid == 0) {
		*nowhere = seed;
		_exit(0);
	}
	waitpid(pid, &status, 0);
}

void b_back(void (*function)(int))
{
	function(1);
	nowhere = NULL;
}
