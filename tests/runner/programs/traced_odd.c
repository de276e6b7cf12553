/*
 * traced_odd: makes a known number of DXG calls (close_adapter) from processes and threads of
 * unusual kinds, for the tests of the tracer.
 *
 *     traced_odd MODE [ARGUMENT]
 *
 * On a machine without /dev/dxg its calls go to /dev/null, which refuses them all (ENOTTY).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probes/dxg_abi.h"

#define THREADS 16
#define ROUNDS  100

static const char *self, *argument;
static int node;

static void make_calls(int n)
{
	struct d3dkmt_closeadapter none = { .adapter_handle.v = 0 };
	while (n--)
		ioctl(node, LX_DXCLOSEADAPTER, &none);
}

static void wait_for(pid_t pid)
{
	int status;
	if (waitpid(pid, &status, __WALL) != pid || status)
		exit(50);
}

/* `count N`: what the others execute. */
static void count(void)
{
	make_calls(atoi(argument));
}

/* ---- threads ---- */

static pthread_barrier_t barrier;

static void *call_at_once(void *unused)
{
	pthread_barrier_wait(&barrier);
	make_calls(ROUNDS);
	return unused;
}

static void start_threads(pthread_t threads[THREADS], void *(*function)(void *))
{
	pthread_barrier_init(&barrier, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, function, NULL))
			exit(51);
}

static void at_once(void)
{
	pthread_t threads[THREADS];
	start_threads(threads, call_at_once);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

/* One of many executes another program while the others call and end. How many calls are
 * made is chance: they are counted in memory that outlives the program. */
struct counts {
	atomic_int begun, ended, turn;
};

static struct counts *counts;

static void *call_or_execute(void *unused)
{
	pthread_barrier_wait(&barrier);
	int turn = atomic_fetch_add(&counts->turn, 1);
	for (int i = 0; turn != THREADS / 2 || i < ROUNDS / 10; i++) {
		atomic_fetch_add(&counts->begun, 1);
		make_calls(1);
		atomic_fetch_add(&counts->ended, 1);
		if (turn % 3 == 0 && i == turn)
			return unused;
	}
	execl(self, self, "count", "1", (char *)NULL);
	exit(52);
}

static void map_counts(void)
{
	int fd = open(argument, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (ftruncate(fd, sizeof(*counts)) < 0)
		exit(53);
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (counts == MAP_FAILED)
		exit(53);
	close(fd);
}

static void exec_storm(void)
{
	pthread_t threads[THREADS];
	map_counts();
	start_threads(threads, call_or_execute);
	pthread_exit(NULL); /* the first thread ends before the others */
}

/* Threads that call as fast as they can: which of them has its turn is for the tracer. */
static atomic_int progress[THREADS];
static atomic_bool enough;

static void *call_all_the_time(void *mine)
{
	pthread_barrier_wait(&barrier);
	while (!enough) {
		make_calls(1);
		atomic_fetch_add((atomic_int *)mine, 1);
	}
	return NULL;
}

static void compete(void)
{
	pthread_t threads[THREADS];
	int least = 0, most = 0;
	pthread_barrier_init(&barrier, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, call_all_the_time, &progress[i]))
			exit(51);
	sleep(1);
	enough = true;
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		if (!i || progress[i] < least)
			least = progress[i];
		if (progress[i] > most)
			most = progress[i];
	}
	/* The scheduler is not fair to all in a second either; a tracer that is not serves
	 * one of thousands. */
	if (least * 100 < most)
		exit(58);
}

/* ---- processes ---- */

static void vfork_(void)
{
	make_calls(1);
	pid_t pid = vfork();
	if (pid == 0) {
		make_calls(2);
		_exit(0);
	}
	wait_for(pid);
	make_calls(1);
}

static void spawn(void)
{
	extern char **environ;
	char *argv[] = { (char *)self, (char *)"count", (char *)"3", NULL };
	pid_t pid;
	if (posix_spawn(&pid, self, NULL, NULL, argv, environ))
		exit(54);
	make_calls(2);
	wait_for(pid);
}

static int be_clone(void *unused)
{
	(void)unused;
	make_calls(2);
	return 0;
}

/* A process in the memory of another: neither thread nor fork. */
static void share_memory(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	make_calls(1);
	wait_for(clone(be_clone, stack + sizeof(stack),
		       CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD, NULL));
	/* One that tells its parent nothing as it ends. */
	wait_for(clone(be_clone, stack + sizeof(stack), CLONE_VM | CLONE_SIGHAND, NULL));
}

static void clone3_(void)
{
	struct clone_args args = { .flags = CLONE_FS | CLONE_CLEAR_SIGHAND,
				   .exit_signal = SIGUSR1 };
	signal(SIGUSR1, SIG_IGN);
	long pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid == 0) {
		make_calls(2);
		_exit(0);
	}
	make_calls(1);
	while (waitpid((pid_t)pid, NULL, __WALL) > 0)
		;
}

/* Stopped and continued by its parent, which must see both. */
static void stop(void)
{
	int status, go[2];
	char byte;
	if (pipe2(go, O_CLOEXEC) < 0)
		exit(55);
	pid_t pid = fork();
	if (pid == 0) {
		make_calls(1);
		raise(SIGSTOP);
		make_calls(1);
		_exit(read(go[0], &byte, 1) != 1); /* an end would hide that it went on */
	}
	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		exit(55);
	kill(pid, SIGCONT);
	if (waitpid(pid, &status, WCONTINUED) != pid || !WIFCONTINUED(status))
		exit(56);
	if (write(go[1], "", 1) != 1)
		exit(55);
	wait_for(pid);
	make_calls(1);
}

static void hide(void)
{
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	make_calls(3);
}

static void be_traced(void)
{
	make_calls(1);
	pid_t pid = fork();
	if (pid == 0) {
		bool refused = ptrace(PTRACE_TRACEME, 0, 0, 0) < 0;
		make_calls(1);
		_exit(!refused);
	}
	wait_for(pid);
}

static void daemon_(void)
{
	make_calls(1);
	if (fork())
		return;
	setsid();
	if (fork())
		_exit(0);
	usleep(100000);
	make_calls(3);
	pause(); /* until it is ended with its tracer */
}

/* ---- filters of its own ---- */

static void filter(uint32_t action, unsigned int flags)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	long result =
		flags ? syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program)
		      : prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
	if (result)
		exit(57);
}

static void refuse(void)
{
	make_calls(2);
	filter(SECCOMP_RET_ERRNO | EACCES, 0);
	make_calls(3);
	pid_t pid = fork(); /* it has them too */
	if (pid == 0) {
		make_calls(2);
		_exit(0);
	}
	wait_for(pid);
}

static void *refuse_all(void *unused)
{
	filter(SECCOMP_RET_ERRNO | EACCES, SECCOMP_FILTER_FLAG_TSYNC);
	return unused;
}

/* One thread's filter is every thread's. */
static void refuse_together(void)
{
	pthread_t thread;
	make_calls(2);
	if (pthread_create(&thread, NULL, refuse_all, NULL))
		exit(51);
	pthread_join(thread, NULL);
	make_calls(5);
}

static void do_nothing(int number)
{
	(void)number;
}

static void trap(void)
{
	signal(SIGSYS, do_nothing);
	make_calls(2);
	filter(SECCOMP_RET_TRAP, 0);
	make_calls(3);
}

static void kill_(void)
{
	make_calls(2);
	filter(SECCOMP_RET_KILL_PROCESS, 0);
	make_calls(1);
}

static int listener;

static void *answer(void *unused)
{
	struct seccomp_notif asked;
	for (;;) {
		memset(&asked, 0, sizeof(asked));
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) < 0)
			return unused;
		struct seccomp_notif_resp told = { .id = asked.id, .error = -EBUSY };
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &told);
	}
}

static void *ask(void *unused)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
				SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	pthread_barrier_wait(&barrier);
	make_calls(3);
	return unused;
}

/* A supervisor of its own, as the simulator is one. */
static void supervise(void)
{
	pthread_t asker, answerer;
	make_calls(2);
	pthread_barrier_init(&barrier, NULL, 2);
	if (pthread_create(&asker, NULL, ask, NULL))
		exit(51);
	pthread_barrier_wait(&barrier);
	if (pthread_create(&answerer, NULL, answer, NULL))
		exit(51);
	pthread_join(asker, NULL);
}

/* ---- other ways into the kernel ---- */

#if defined(__x86_64__)
/* The call of 32-bit programs, from a program of 64. The structure lies low. */
static void call_32(void)
{
	uint32_t *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	int result;
	make_calls(1);
	for (int i = 0; i < 2; i++)
		__asm__ volatile("int $0x80"
				 : "=a"(result)
				 : "a"(54), "b"(node), "c"((int)LX_DXCLOSEADAPTER),
				   "d"((int)(intptr_t)low)
				 : "memory", "r8", "r9", "r10", "r11");
	if (result == -ENOSYS)
		exit(77); /* this kernel runs none of them */
}
#endif

static const struct {
	const char *name;
	void (*run)(void);
} modes[] = {
	{ "count", count },
	{ "at-once", at_once },
	{ "exec-storm", exec_storm },
	{ "compete", compete },
	{ "vfork", vfork_ },
	{ "spawn", spawn },
	{ "share-memory", share_memory },
	{ "clone3", clone3_ },
	{ "stop", stop },
	{ "hide", hide },
	{ "be-traced", be_traced },
	{ "daemon", daemon_ },
	{ "refuse", refuse },
	{ "refuse-together", refuse_together },
	{ "trap", trap },
	{ "kill", kill_ },
	{ "supervise", supervise },
#if defined(__x86_64__)
	{ "call-32", call_32 },
#endif
};

int main(int argc, char **argv)
{
	self = argv[0];
	argument = argc > 2 ? argv[2] : "0";
	node = open(DXG_NODE, O_RDONLY | O_CLOEXEC);
	if (node < 0)
		node = open("/dev/null", O_RDONLY | O_CLOEXEC);
	for (size_t i = 0; argc > 1 && i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(modes[i].name, argv[1]))
			continue;
		modes[i].run();
		return 0;
	}
	return 2;
}
