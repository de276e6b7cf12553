/*
 * traced: makes known calls of DXG, or dies in a known place, for the tests of the tracer.
 *
 *     traced MODE
 *
 * On a machine without /dev/dxg its calls go to /dev/null, which refuses them all (ENOTTY).
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probes/dxg_abi.h"

#define THREADS 4
#define ROUNDS  25

static const char *self;

static int open_node(void)
{
	int fd = open(DXG_NODE, O_RDONLY | O_CLOEXEC);
	return fd >= 0 ? fd : open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static struct d3dkmthandle enumerate(int fd)
{
	struct d3dkmt_adapterinfo adapters[D3DKMT_ADAPTERS_MAX] = { 0 };
	struct d3dkmt_enumadapters3 all = {
		.adapter_count = D3DKMT_ADAPTERS_MAX,
		.adapters = (uintptr_t)adapters,
	};
	ioctl(fd, LX_DXENUMADAPTERS3, &all);
	return adapters[0].adapter_handle;
}

static void query(int fd, struct d3dkmthandle adapter, uint32_t type, uint32_t size)
{
	uint8_t bytes[64] = { 0 };
	struct d3dkmt_queryadapterinfo query = {
		.adapter = adapter,
		.type = type,
		.private_data = (uintptr_t)bytes,
		.private_data_size = size,
	};
	ioctl(fd, LX_DXQUERYADAPTERINFO, &query);
}

/* One enumeration, three queries of type 31, two of type 60 (refused), one call that the
 * interface lacks; and an ioctl that is none of it. */
static void make_calls(void)
{
	int fd = open_node();
	struct d3dkmthandle adapter = enumerate(fd);
	for (int i = 0; i < 3; i++)
		query(fd, adapter, 31, 28);
	for (int i = 0; i < 2; i++)
		query(fd, adapter, 60, 64);
	syscall(SYS_ioctl, fd, DXG_IOCTL(0x4b, 4), &adapter);
	ioctl(fd, 0x5401 /* TCGETS */, NULL);
	close(fd);
}

static void *make_rounds(void *fd)
{
	for (int i = 0; i < ROUNDS; i++)
		enumerate(*(int *)fd);
	return NULL;
}

static void make_threads(void)
{
	int fd = open_node();
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, make_rounds, &fd);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

/* The parent's calls, the child's, and those of a child that outlives its parent. */
static void make_children(void)
{
	pid_t child = fork();
	if (child == 0) {
		if (fork() == 0) {
			usleep(20000);
			make_calls();
			_exit(0);
		}
		make_calls();
		_exit(0);
	}
	waitpid(child, NULL, 0);
	make_calls();
}

static void *exec_plain(void *unused)
{
	execl(self, self, "plain", (char *)NULL);
	return unused;
}

/* Also by a thread that is not the first: the others vanish, the process stays. */
static void exec_in_thread(void)
{
	pthread_t thread;
	make_calls();
	pthread_create(&thread, NULL, exec_plain, NULL);
	pause();
}

static void do_nothing(int number)
{
	(void)number;
}

/* Signals all the time: none of its calls is lost or seen twice. */
static void make_calls_among_signals(void)
{
	const struct itimerval often = { { 0, 500 }, { 0, 500 } };
	struct sigaction action = { .sa_handler = do_nothing, .sa_flags = SA_RESTART };
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	int fd = open_node();
	for (int i = 0; i < 4 * ROUNDS; i++) {
		enumerate(fd);
		usleep(100);
	}
}

static sigjmp_buf back;

static void jump_back(int number)
{
	(void)number;
	siglongjmp(back, 1);
}

static void end_at_once(int number)
{
	_exit(number);
}

static void catch_segv(void (*handler)(int))
{
	static char stack[65536];
	const stack_t other = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_ONSTACK };
	sigaltstack(&other, NULL);
	sigaction(SIGSEGV, &action, NULL);
}

/* @return a function of libtraced_a.so, beside us. */
static void (*find_function(const char *name))(void)
{
#ifdef TRACED_STATIC
	(void)name;
	return make_calls;
#else
	char path[4096];
	const char *slash = strrchr(self, '/');
	snprintf(path, sizeof(path), "%.*s/libtraced_a.so", (int)(slash - self), self);
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
	void (*function)(void) = NULL;
	if (library)
		*(void **)&function = dlsym(library, name);
	if (!function) {
		fprintf(stderr, "%s\n", dlerror());
		exit(99);
	}
	return function;
#endif
}

static void call_it(const char *name)
{
	make_calls();
	find_function(name)();
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	self = argv[0];
	if (!strcmp(mode, "plain"))
		make_calls();
	else if (!strcmp(mode, "nothing"))
		return 7;
	else if (!strcmp(mode, "threads"))
		make_threads();
	else if (!strcmp(mode, "fork"))
		make_children();
	else if (!strcmp(mode, "exec"))
		exec_in_thread();
	else if (!strcmp(mode, "signals"))
		make_calls_among_signals();
	else if (!strcmp(mode, "deepbind"))
		find_function("a_calls")();
	else if (!strcmp(mode, "crash"))
		call_it("a_crash");
	else if (!strcmp(mode, "copy"))
		call_it("a_copy");
	else if (!strcmp(mode, "jump"))
		call_it("a_jump");
	else if (!strcmp(mode, "abort"))
		call_it("a_abort");
	else if (!strcmp(mode, "overflow"))
		call_it("a_overflow");
	else if (!strcmp(mode, "caught-overflow")) {
		catch_segv(end_at_once);
		call_it("a_overflow");
	} else if (!strcmp(mode, "exit"))
		call_it("a_exit");
	else if (!strcmp(mode, "caught")) {
		catch_segv(jump_back);
		if (!sigsetjmp(back, 1))
			call_it("a_crash");
	} else {
		return 2;
	}
	return 0;
}
