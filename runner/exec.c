#include "runner/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "util/strbuf.h"

#define STATUS_NOT_STARTED 127
#define TERM_MS            500
#define KILL_MS            500
#define SLICE_MS           20

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* In the child, between fork and exec. */
static _Noreturn void become(const struct exec_request *request, int output, pid_t parent)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(STATUS_NOT_STARTED);
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	int null = open("/dev/null", O_RDWR);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0 ||
	    dup2(output, STDOUT_FILENO) < 0)
		_exit(STATUS_NOT_STARTED);
	if (request->folder && chdir(request->folder) < 0)
		_exit(STATUS_NOT_STARTED);
	for (const char *const *variable = request->environment; variable && *variable;
	     variable++)
		putenv((char *)*variable); /* kept as it is, until exec */
	for (const char *const *program = request->programs; *program; program++)
		execvp(*program, (char *const *)request->argv);
	_exit(STATUS_NOT_STARTED);
}

struct run {
	const struct exec_request *request;
	pid_t pid;
	int fd;        /* its output; -1 at the end */
	int closed_ms; /* how long to sleep once it is closed */
	struct strbuf output;
	int64_t term_at, kill_at, leave_at; /* leave_at: even SIGKILL did nothing */
	bool ended;
	int status;
};

static void close_output(struct run *run)
{
	if (run->fd >= 0)
		close(run->fd);
	run->fd = -1;
	run->closed_ms = 1;
}

static void read_output(struct run *run)
{
	char piece[4096];
	ssize_t n;
	while (run->fd >= 0 && (n = read(run->fd, piece, sizeof(piece))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0)
			break;
		size_t room = run->request->limit + 1 - run->output.length;
		strbuf_add(&run->output, piece, (size_t)n < room ? (size_t)n : room);
		if (run->output.length > run->request->limit)
			return;
	}
	close_output(run);
}

static void look_for_end(struct run *run)
{
	int status;
	if (run->ended || waitpid(run->pid, &status, WNOHANG) != run->pid)
		return;
	run->ended = true;
	run->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Sends what is due. @return whether it is pointless to wait any longer */
static bool press(struct run *run, struct exec_answer *answer)
{
	int64_t now = now_ms();
	bool floods = run->output.length > run->request->limit;
	if (run->term_at && (floods || now >= run->term_at)) {
		answer->floods = floods;
		answer->late = !floods;
		kill(-run->pid, SIGTERM);
		close_output(run);
		run->term_at = 0;
		run->kill_at = now + TERM_MS;
		run->leave_at = run->kill_at + KILL_MS;
	}
	if (run->kill_at && now >= run->kill_at) {
		kill(-run->pid, SIGKILL);
		run->kill_at = 0;
	}
	return run->leave_at && now >= run->leave_at;
}

/* Sleeps until there is output, or for a short while. */
static void doze(struct run *run)
{
	struct pollfd poll_fd = { run->fd, POLLIN, 0 };
	poll(&poll_fd, 1, run->fd < 0 ? run->closed_ms : SLICE_MS);
	/* A closed output mostly means that the end is a moment away. */
	if (run->fd < 0 && run->closed_ms < SLICE_MS)
		run->closed_ms *= 2;
}

static void watch(struct run *run, struct exec_answer *answer)
{
	do {
		doze(run);
		read_output(run);
		look_for_end(run);
	} while (!run->ended && !press(run, answer));
	read_output(run);
	close_output(run);
	kill(-run->pid, SIGKILL); /* what it started and left behind in its group */
	if (run->output.length > run->request->limit) {
		answer->floods = true;
		strbuf_truncate(&run->output, run->request->limit);
	}
}

struct error *exec_run(const struct exec_request *request, struct exec_answer *ret)
{
	int fds[2];
	if (pipe2(fds, O_CLOEXEC) < 0)
		return error_errno("pipe");
	cleanup_close int in = fds[1];
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	pid_t parent = getpid(), pid = fork();
	if (pid == 0)
		become(request, in, parent);
	if (pid < 0) {
		struct error *err = error_errno("fork");
		close(fds[0]);
		return err;
	}
	setpgid(pid, pid); /* here too: whoever is first */
	close(take_fd(in));
	struct run run = { .request = request,
			   .pid = pid,
			   .fd = fds[0],
			   .term_at = now_ms() + request->timeout_ms,
			   .status = 128 + SIGKILL };
	strbuf_init(&run.output);
	struct exec_answer answer = { 0 };
	watch(&run, &answer);
	answer.status = run.status;
	answer.size = run.output.length;
	answer.output = strbuf_take(&run.output);
	strbuf_deinit(&run.output);
	*ret = answer;
	return NULL;
}
