#include "runner/child.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "runner/child_environment.h"
#include "runner/trace_gate.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/file.h"

/* Between two looks at its memory: short enough that a child that fills memory at 4 GiB/s
 * is caught with half a GiB more than it may have. */
#define MEMORY_LOOK_MS 100
/* Where the kernel gives no pidfd (before Linux 5.3): between two looks at its end. */
#define BLIND_LOOK_MS 20

int64_t child_clock(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t available_mib(void)
{
	cleanup_free char *text = NULL;
	if (!root_read(NULL, "/proc/meminfo", 1 << 16, &text, NULL))
		return INT64_MAX;
	const char *line = strstr(text, "MemAvailable:");
	int64_t kib;
	if (!line || sscanf(line, "MemAvailable: %" SCNd64, &kib) != 1)
		return INT64_MAX;
	return kib / 1024;
}

struct child_limits child_limits_default(void)
{
	int64_t share = available_mib() / 4 * 3;
	return (struct child_limits){
		.output_bytes = 4 * 1024 * 1024,
		.file_bytes = INT64_C(1) << 30,
		.open_files = 1024,
		.resident_mib = share < 4096 ? share : 4096,
		.term_ms = 1000,
		.kill_ms = 5000,
		.exit_ms = 3000,
		.deadline_percent = 100,
	};
}

/* In the child, between fork and exec: system calls alone. */

static void limit(int resource, int64_t value)
{
	struct rlimit old, new = { (rlim_t)value, (rlim_t)value };
	if (getrlimit(resource, &old) < 0 || old.rlim_max < new.rlim_max)
		new.rlim_cur = new.rlim_max = old.rlim_max;
	setrlimit(resource, &new);
}

static void prefer_for_oom_killer(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && write(fd, "1000", 4) < 0)
		errno = 0; /* then the kernel decides by size */
	if (fd >= 0)
		close(fd);
}

static void reset_signals(void)
{
	sigset_t none;
	sigemptyset(&none);
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void become(const char *const *argv, char *const *environment,
			     const struct child_limits *limits, pid_t runner,
			     const int fds[3], int started,
			     const struct trace_process *trace)
{
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != runner) /* it died before the line above */
		_exit(1);
	reset_signals();
	prefer_for_oom_killer();
	/* First out of the way of where they belong. */
	int input = fcntl(fds[0], F_DUPFD, 10), output = fcntl(fds[1], F_DUPFD, 10);
	int packets = fcntl(fds[2], F_DUPFD, 10);
	started = fcntl(started, F_DUPFD, 10);
	int gate = trace->gate < 0 ? -1 : fcntl(trace->gate, F_DUPFD, 10);
	dup2(input, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	dup2(packets, CHILD_PACKETS_FD);
	syscall(SYS_close_range, CHILD_PACKETS_FD + 1, ~0u, 4 /* CLOSE_RANGE_CLOEXEC */);
	for (int fd = CHILD_PACKETS_FD + 1; fd < 256; fd++) /* before Linux 5.11 */
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, limits->file_bytes);
	limit(RLIMIT_NOFILE, limits->open_files);
	if (gate >= 0)
		trace_gate_pass(gate, trace->pid);
	execve(argv[0], (char *const *)argv, environment);
	int number = errno;
	if (write(started, &number, sizeof(number)) < 0)
		_exit(126);
	_exit(127);
}

static struct error *make_folders(char **ret)
{
	cleanup_free char *prefix = xasprintf(CHILD_FOLDER_PREFIX "%d", (int)getpid());
	struct error *err = file_temporary_folder(prefix, ret);
	for_each_row(name, child_folders) {
		if (err)
			return err;
		cleanup_free char *path = xasprintf("%s/%s", *ret, *name);
		if (mkdir(path, 0700) < 0)
			err = error_errno("%s", path);
	}
	return err;
}

static void set_nonblocking(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/* @param theirs  input, output, packets of the child; @param started  both ends */
static struct error *open_channels(struct child *child, int theirs[3], int *started)
{
	int output[2], start[2], packets[2];
	theirs[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (theirs[0] < 0)
		return error_errno("/dev/null");
	if (pipe2(output, O_CLOEXEC) < 0)
		return error_errno("pipe");
	child->output = output[0];
	theirs[1] = output[1];
	if (pipe2(start, O_CLOEXEC) < 0)
		return error_errno("pipe");
	child->started = start[0];
	*started = start[1];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, packets) < 0)
		return error_errno("socket pair");
	child->packets = packets[0];
	theirs[2] = packets[1];
	set_nonblocking(child->output);
	set_nonblocking(child->started);
	set_nonblocking(child->packets);
	return NULL;
}

static struct error *start(struct child *child, const char *const *argv, int theirs[3],
			   int *started)
{
	struct error *err = make_folders(&child->folder);
	if (!err)
		err = open_channels(child, theirs, started);
	if (err)
		return err;
	cleanup_with(child_environment_deinit) char **environment =
		child_environment(child->folder);
	cleanup_free char *work = xasprintf("%s/work", child->folder);
	pid_t runner = getpid();
	child->pid = fork();
	if (child->pid < 0)
		return error_errno("fork");
	if (child->pid == 0) {
		if (chdir(work) < 0)
			_exit(126);
		become(argv, environment, child->limits, runner, theirs, *started,
		       &child->trace);
	}
	trace_process_forked(&child->trace);
	child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
	return NULL;
}

struct error *child_start(const char *const *argv, const struct child_limits *limits,
			  int stop, struct child *ret)
{
	cleanup_close int input = -1, output = -1, packets = -1, started = -1;
	*ret = (struct child){ .packets = -1,
			       .deadline_ms = INT64_MAX,
			       .limits = limits,
			       .trace = { .gate = -1 },
			       .pidfd = -1,
			       .output = -1,
			       .started = -1,
			       .stop = stop };
	if (limits->traced)
		trace_process_start(&ret->trace);
	family_begin(&ret->family); /* the tracer is none of it */
	int theirs[3] = { -1, -1, -1 };
	struct error *err = start(ret, argv, theirs, &started);
	input = theirs[0];
	output = theirs[1];
	packets = theirs[2];
	ret->phase_ms = child_clock();
	ret->memory_ms = ret->phase_ms + MEMORY_LOOK_MS;
	if (err)
		child_deinit(ret);
	return error_wrap(err, "start %s", argv[0]);
}

enum child_step child_due(enum child_phase phase, int64_t phase_ms, int64_t now_ms,
			  const struct child_limits *limits)
{
	switch (phase) {
	case CHILD_RUNS:
	case CHILD_GONE:
		return CHILD_STEP_WAIT;
	case CHILD_TERMED:
		return now_ms - phase_ms < limits->term_ms ? CHILD_STEP_WAIT
							   : CHILD_STEP_TERM_TO_KILL;
	case CHILD_KILLED:
		return now_ms - phase_ms < limits->kill_ms ? CHILD_STEP_WAIT
							   : CHILD_STEP_GIVE_UP;
	}
	return CHILD_STEP_WAIT;
}

static void enter(struct child *child, enum child_phase phase)
{
	child->phase = phase;
	child->phase_ms = child_clock();
}

static void kill_all(struct child *child)
{
	if (child->phase != CHILD_KILLED)
		enter(child, CHILD_KILLED);
	family_signal(&child->family, SIGKILL);
}

void child_condemn(struct child *child, enum reason reason, bool gently)
{
	if (child->condemned == REASON_NONE)
		child->condemned = reason;
	if (child->phase == CHILD_GONE || child->phase == CHILD_KILLED ||
	    (gently && child->phase == CHILD_TERMED))
		return;
	if (!gently) {
		kill_all(child);
		return;
	}
	family_signal(&child->family, SIGTERM);
	enter(child, CHILD_TERMED);
}

static void keep_tail(struct child *child, const char *bytes, size_t size)
{
	child->output_total += (int64_t)size;
	if (size > CHILD_TAIL_SIZE) {
		bytes += size - CHILD_TAIL_SIZE;
		size = CHILD_TAIL_SIZE;
	}
	size_t kept = CHILD_TAIL_SIZE - size;
	if (child->tail_length > kept) {
		memmove(child->tail, child->tail + child->tail_length - kept, kept);
		child->tail_length = kept;
	}
	memcpy(child->tail + child->tail_length, bytes, size);
	child->tail_length += size;
}

static void read_output(struct child *child)
{
	char bytes[16384];
	ssize_t n;
	/* A flood is read on, so that an end in mid-flood is still noticed, but never
	 * longer than one pipe at a time. */
	for (int i = 0; i < 8 && child->output >= 0; i++) {
		n = read(child->output, bytes, sizeof(bytes));
		if (n < 0)
			return;
		if (n == 0) {
			close(take_fd(child->output));
			return;
		}
		keep_tail(child, bytes, (size_t)n);
	}
}

/* @return whether the first process has ended; its status is kept. */
static bool bury(struct child *child)
{
	if (child->phase == CHILD_GONE)
		return true;
	pid_t pid = waitpid(child->pid, &child->status, WNOHANG | __WALL);
	if (pid == 0)
		return false;
	enter(child, CHILD_GONE);
	return true;
}

/* What the first process started shall not outlive it. @return whether all are gone. */
static bool bury_family(struct child *child)
{
	if (!family_reap(&child->family, child->pid))
		return true;
	family_signal(&child->family, SIGKILL);
	return false;
}

static bool is_due_for_memory(struct child *child)
{
	int64_t now = child_clock();
	if (child->hogs || now < child->memory_ms)
		return false;
	child->memory_ms = now + MEMORY_LOOK_MS;
	child->resident_mib = family_resident_mib(&child->family);
	child->hogs = child->resident_mib > child->limits->resident_mib;
	return child->hogs;
}

/* What the last look at the descriptors and the clock has to tell, most urgent first. */
static bool has_news(struct child *child, bool stop, enum child_event *ret)
{
	if (stop && !child->is_stopped) {
		child->is_stopped = true;
		*ret = CHILD_STOPPED;
	} else if (!child->floods && child->output_total > child->limits->output_bytes) {
		child->floods = true;
		*ret = CHILD_FLOODS;
	} else if (child->phase == CHILD_RUNS && is_due_for_memory(child)) {
		*ret = CHILD_HOGS;
	} else if (!child->is_late && child_clock() >= child->deadline_ms) {
		child->is_late = true;
		*ret = CHILD_LATE;
	} else {
		return false;
	}
	return true;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int wait_ms(const struct child *child)
{
	int64_t now = child_clock(), until = now + 1000;
	if (!child->is_late)
		until = least(until, child->deadline_ms);
	if (child->phase == CHILD_RUNS)
		until = least(until, child->memory_ms);
	if (child->phase == CHILD_TERMED)
		until = least(until, child->phase_ms + child->limits->term_ms);
	if (child->phase == CHILD_KILLED)
		until = least(until, child->phase_ms + child->limits->kill_ms);
	if (child->pidfd < 0 || child->phase == CHILD_GONE)
		until = least(until, now + BLIND_LOOK_MS);
	return until > now ? (int)(until - now) : 0;
}

/* proc(5): wchan and stack of the thread that does not die. A dead first thread has none,
 * so the one in a wait that no signal ends is looked for. */
static void look_at_hung(struct child *child)
{
	if (*child->hung_in)
		return;
	glob_t found = { 0 };
	cleanup_free char *pattern = xasprintf("/proc/%d/task/*/wchan", (int)child->pid);
	glob(pattern, 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc && !*child->hung_in; i++) {
		cleanup_free char *wchan = NULL;
		if (!root_read(NULL, found.gl_pathv[i], 4096, &wchan, NULL) ||
		    !strcmp(wchan, "0") || !*wchan)
			continue;
		snprintf(child->hung_in, sizeof(child->hung_in), "%s", wchan);
		cleanup_free char *stack = xasprintf(
			"%.*sstack", (int)(strlen(found.gl_pathv[i]) - strlen("wchan")),
			found.gl_pathv[i]);
		if (!root_read(NULL, stack, 1 << 16, &child->hung_stack, NULL))
			child->hung_stack = NULL;
	}
	globfree(&found);
}

/* Its family gets as long to die as it had itself. */
static bool outlives_us(struct child *child)
{
	enum child_phase phase = child->phase == CHILD_GONE ? CHILD_KILLED : child->phase;
	switch (child_due(phase, child->phase_ms, child_clock(), child->limits)) {
	case CHILD_STEP_WAIT:
		return false;
	case CHILD_STEP_TERM_TO_KILL:
		kill_all(child);
		return false;
	case CHILD_STEP_GIVE_UP:
		return true;
	}
	return false;
}

static bool has_bytes(const struct child *child)
{
	char byte;
	return !child->is_closed &&
	       recv(child->packets, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/* What is known of the child itself. @return whether there is something to tell */
static bool has_moved(struct child *child, bool hung_up, enum child_event *ret)
{
	bool all_gone = bury(child) && bury_family(child);
	if (!all_gone && outlives_us(child)) {
		look_at_hung(child);
		*ret = CHILD_HUNG;
	} else if (has_bytes(child)) {
		*ret = CHILD_READABLE; /* all it said comes before its end */
	} else if (all_gone) {
		read_output(child);
		*ret = CHILD_ENDED;
	} else if (hung_up && !child->is_closed) {
		child->is_closed = true;
		*ret = CHILD_CLOSED;
	} else {
		return false;
	}
	return true;
}

enum child_event child_next(struct child *child)
{
	for (;;) {
		bool gone = child->phase == CHILD_GONE;
		struct pollfd fds[] = {
			{ .fd = gone ? -1 : child->pidfd, .events = POLLIN },
			{ .fd = gone || child->is_closed ? -1 : child->packets,
			  .events = POLLIN },
			{ .fd = child->output, .events = POLLIN },
			{ .fd = child->is_stopped ? -1 : child->stop, .events = POLLIN },
		};
		if (poll(fds, ARRAY_SIZE(fds), wait_ms(child)) < 0 && errno != EINTR)
			abort(); /* the four descriptors are ours */
		if (fds[2].revents)
			read_output(child);
		enum child_event event;
		if (has_news(child, fds[3].revents != 0, &event) ||
		    has_moved(child, fds[1].revents != 0, &event))
			return event;
	}
}

void child_set_deadline(struct child *child, int64_t deadline_ms)
{
	child->deadline_ms = deadline_ms;
	child->is_late = false;
}

struct error *child_start_error(struct child *child)
{
	int number;
	if (read(child->started, &number, sizeof(number)) != sizeof(number))
		return NULL;
	errno = number;
	return error_errno("cannot be executed");
}

static void end_now(struct child *child)
{
	enum child_event event;
	child->is_closed = child->is_stopped = true; /* nobody listens any more */
	child_condemn(child, REASON_STOPPED, false);
	do
		event = child_next(child);
	while (event != CHILD_ENDED && event != CHILD_HUNG);
}

void child_deinit(struct child *child)
{
	if (child->pid > 0)
		end_now(child);
	trace_process_deinit(&child->trace);
	family_deinit(&child->family);
	const int fds[] = { child->pidfd, child->output, child->started, child->packets };
	for_each_row(fd, fds)
		if (*fd >= 0)
			close(*fd);
	if (child->folder) {
		/* What resists removal stays: it is in the folder for such things. */
		cleanup_error struct error *err = file_remove_tree(child->folder);
	}
	free(child->folder);
	free(child->hung_stack);
	*child = (struct child){ .packets = -1,
				 .trace = { .gate = -1 },
				 .pidfd = -1,
				 .output = -1,
				 .started = -1 };
}
