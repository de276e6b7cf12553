/*
 * traced: makes known calls of DXG, or dies in a known place, for the tests of the tracer.
 *
 *     traced MODE
 *     traced FUNCTION [HANDLER [stack]]
 *
 * The latter makes its calls and then one into libtraced_a.so, with a handler of SIGSEGV, on
 * a stack of its own.
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

static void raise_again(int number)
{
	signal(number, SIG_DFL);
	raise(number);
}

static void kill_again(int number)
{
	signal(number, SIG_DFL);
	kill(getpid(), number);
}

/* The instruction is tried again, without a handler. */
static void give_up(int number)
{
	signal(number, SIG_DFL);
}

static void abort_(int number)
{
	(void)number;
	abort();
}

static const struct {
	const char *name;
	void (*function)(int);
} handlers[] = {
	{ "jump", jump_back },  { "exit", end_at_once }, { "raise", raise_again },
	{ "kill", kill_again }, { "give-up", give_up },  { "abort", abort_ },
};

static void catch_segv(const char *name, int on_own_stack)
{
	static char stack[65536];
	const stack_t other = { .ss_sp = stack, .ss_size = sizeof(stack) };
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
		if (strcmp(handlers[i].name, name))
			continue;
		struct sigaction action = { .sa_handler = handlers[i].function,
					    .sa_flags = SA_ONSTACK };
		if (on_own_stack)
			sigaltstack(&other, NULL);
		sigaction(SIGSEGV, &action, NULL);
		return;
	}
	exit(98);
}

#ifdef TRACED_STATIC
static void die(void)
{
	if (self)
		abort();
}
#endif

/* @return a function of libtraced_a.so, beside us. */
static void (*find_function(const char *name))(void)
{
#ifdef TRACED_STATIC
	(void)name;
	return die;
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

static void call_deeply_bound(void)
{
	find_function("a_calls")();
}

/* Another file takes the place of the library that is about to crash. */
static void replace_and_crash(void)
{
	void (*function)(void) = find_function("a_crash");
	if (rename("another", "libtraced_b.so"))
		exit(97);
	function();
}

static void do_not_call(void)
{
	exit(7);
}

static const struct {
	const char *name;
	void (*run)(void);
} modes[] = {
	{ "plain", make_calls },           { "nothing", do_not_call },
	{ "threads", make_threads },       { "fork", make_children },
	{ "exec", exec_in_thread },        { "signals", make_calls_among_signals },
	{ "deepbind", call_deeply_bound }, { "replace-and-crash", replace_and_crash },
};

int main(int argc, char **argv)
{
	char name[64];
	if (argc < 2)
		return 2;
	self = argv[0];
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(modes[i].name, argv[1]))
			continue;
		modes[i].run();
		return 0;
	}
	if (argc > 2)
		catch_segv(argv[2], argc > 3);
	make_calls();
	snprintf(name, sizeof(name), "a_%s", argv[1]);
	void (*function)(void) = find_function(name);
	if (!sigsetjmp(back, 1))
		function();
	return 0;
}
