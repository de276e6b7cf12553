/* libtraced_b.so: where it ends. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probes/dxg_abi.h"
#include "tests/runner/programs/traced.h"

static volatile int *volatile nowhere = (volatile int *)8;

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
