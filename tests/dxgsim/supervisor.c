#include "tests/dxgsim/supervisor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/dxgsim/calls.h"
#include "tests/dxgsim/memory.h"
#include "tests/dxgsim/paths.h"
#include "tests/dxgsim/sim.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/file.h"

/* Linux 6.6, not yet in older headers: the answer wakes the asker on this CPU, which makes
 * a call four times as fast. */
#define NOTIF_SET_FLAGS   SECCOMP_IOW(4, __u64)
#define NOTIF_SYNC_WAKEUP 1

struct supervisor {
	struct sim sim;
	pid_t child;
	int signals; /* signalfd */
	bool ended;
	int status;
	/* The kernel's structures may be larger than our header's (seccomp(2)). */
	struct seccomp_notif *notification;
	size_t notification_size;
	struct seccomp_notif_resp *response;
	size_t response_size;
};

/* Opened by this very file? A name could be anybody's, the inode is not. */
const struct opening *sim_find_opening(const struct sim *sim, pid_t thread, int fd)
{
	char path[64];
	struct stat st;
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", thread, fd);
	if (!sim->opening_count || stat(path, &st))
		return NULL;
	for (size_t i = 0; i < sim->opening_count; i++)
		if (sim->openings[i].inode == st.st_ino &&
		    sim->openings[i].device == st.st_dev)
			return &sim->openings[i];
	return NULL;
}

struct guest *sim_find_guest(const struct sim *sim, pid_t pid)
{
	struct guest *guest = sim->guests;
	while (guest && guest->pid != pid)
		guest = guest->next;
	return guest;
}

static void send_response(const struct sim *sim,
			  const struct seccomp_notif_resp *response)
{
	/* ENOENT: it was killed meanwhile. */
	ioctl(sim->listener, SECCOMP_IOCTL_NOTIF_SEND, response);
}

void sim_answer_late(const struct sim *sim, uint64_t id, int64_t value)
{
	struct seccomp_notif_resp response = { .id = id };
	if (value < 0)
		response.error = (int32_t)value;
	else
		response.val = value;
	send_response(sim, &response);
}

struct adapter_now *sim_adapter_now(const struct sim *sim,
				    const struct sim_adapter *adapter)
{
	return &sim->adapters[adapter - sim->scenario->adapters];
}

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

void sim_delay(struct sim *sim, const struct question *question, pid_t pid, uint32_t ms)
{
	struct delay *delay = xcalloc(1, sizeof(*delay));
	delay->due_ms = now_ms() + ms;
	delay->pid = pid;
	delay->question = *question;
	delay->question.delayed = true;
	delay->next = sim->delays;
	sim->delays = delay;
}

void sim_end_log_waits(struct sim *sim)
{
	struct log_ended_wait wait;
	while (log_end_wait(&sim->log, &wait))
		sim_answer_late(sim, wait.notification, wait.result);
}

bool sim_has_open_node(const struct sim *sim, pid_t pid)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	cleanup_closedir DIR *folder = opendir(path);
	struct dirent *entry;
	while (folder && (entry = readdir(folder))) {
		const struct opening *opening =
			*entry->d_name == '.'
				? NULL
				: sim_find_opening(sim, pid, atoi(entry->d_name));
		/* An inherited one is another process's. */
		if (opening && opening->pid == pid)
			return true;
	}
	return false;
}

/* State for the process of an opening that is about to be handed over. The close of its
 * last descriptor told us nothing, so it is noticed now. */
static bool enlist(struct sim *sim, pid_t pid)
{
	struct guest *guest = sim_find_guest(sim, pid);
	if (guest) {
		if (!sim_has_open_node(sim, pid))
			guest_reset(guest);
		return true;
	}
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0)
		return false;
	guest = guest_create(pid, pidfd);
	guest->next = sim->guests;
	sim->guests = guest;
	return true;
}

static void dismiss(struct sim *sim, struct guest *gone)
{
	struct guest **at = &sim->guests;
	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
	/* What it asked and will not be told. */
	for (struct delay **late = &sim->delays; *late;) {
		struct delay *delay = *late;
		if (delay->pid != gone->pid) {
			late = &delay->next;
			continue;
		}
		*late = delay->next;
		guest_hang(gone, (uint32_t)delay->question.args[1]);
		free(delay);
	}
	calls_print_killed(sim, gone);
	guest_destroy(gone);
}

/* A read of /dev/kmsg, or a search in it; of other files the kernel's own. */
static struct reply answer_log(struct sim *sim, const struct question *question)
{
	const uint64_t *args = question->args;
	pid_t thread = question->thread;
	struct log_reader *reader = log_find_reader(&sim->log, thread, (int)args[0]);
	if (!reader)
		return (struct reply){ .kind = ANSWER_CONTINUE };
	if (question->nr == SYS_lseek)
		return reply_result(
			log_seek(&sim->log, reader, (off_t)args[1], (int)args[2]));
	ssize_t result = log_read(&sim->log, reader, thread, args[1], args[2]);
	if (result != -EAGAIN || log_is_nonblocking(thread, (int)args[0]))
		return reply_result(result);
	log_wait(reader, question->id, thread, args[1], args[2]);
	return (struct reply){ .kind = ANSWER_LATER };
}

static struct reply answer_syslog(const struct sim *sim, const struct question *question)
{
	if (sim->scenario->log_kept)
		return reply_result(-EPERM);
	return reply_result(log_answer_syslog(&sim->log, question->thread,
					      (int)question->args[0], question->args[1],
					      question->args[2]));
}

static struct reply answer(struct sim *sim, const struct question *question)
{
	if (paths_know(question->nr))
		return paths_answer(sim, question);
	if (question->nr == SYS_uname)
		return paths_answer_uname(sim, question);
	if (question->nr == SYS_read || question->nr == SYS_lseek)
		return answer_log(sim, question);
	if (question->nr == SYS_syslog)
		return answer_syslog(sim, question);
	/* Not ours: the kernel's own EBADF or ENOTTY. */
	const struct opening *opening =
		sim_find_opening(sim, question->thread, (int)question->args[0]);
	if (!opening)
		return (struct reply){ .kind = ANSWER_CONTINUE };
	return calls_answer(sim, question, opening);
}

static void install_file(struct sim *sim, const struct question *question,
			 const struct reply *reply)
{
	struct seccomp_notif_addfd add = {
		.id = question->id,
		.flags = SECCOMP_ADDFD_FLAG_SEND |
			 (reply->number ? SECCOMP_ADDFD_FLAG_SETFD : 0),
		.srcfd = (uint32_t)reply->file,
		.newfd = (uint32_t)reply->number,
		.newfd_flags = reply->close_on_exec ? O_CLOEXEC : 0,
	};
	/* EMFILE and the like are the program's own limits: hand them on. */
	if (ioctl(sim->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add) < 0 && errno != ENOENT)
		sim_answer_late(sim, question->id, -errno);
}

static void respond(struct supervisor *s, const struct question *question,
		    const struct reply *reply)
{
	memset(s->response, 0, s->response_size);
	s->response->id = question->id;
	switch (reply->kind) {
	case ANSWER_CONTINUE:
		s->response->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		break;
	case ANSWER_RESULT:
		if (reply->value < 0)
			s->response->error = (int32_t)reply->value;
		else
			s->response->val = reply->value;
		break;
	case ANSWER_FILE:
		if (enlist(&s->sim, process_of(question->thread)))
			install_file(&s->sim, question, reply);
		close(reply->file);
		return;
	case ANSWER_LATER:
		return;
	}
	send_response(&s->sim, s->response);
}

static void serve(struct supervisor *s)
{
	memset(s->notification, 0, s->notification_size);
	if (ioctl(s->sim.listener, SECCOMP_IOCTL_NOTIF_RECV, s->notification))
		return; /* killed before we could read it */
	struct question question = {
		.id = s->notification->id,
		.thread = (pid_t)s->notification->pid,
		.nr = s->notification->data.nr,
	};
	for (int i = 0; i < 6; i++)
		question.args[i] = s->notification->data.args[i];
	struct reply reply = answer(&s->sim, &question);
	respond(s, &question, &reply);
	sim_end_log_waits(&s->sim);
}

/* @return ms until the next of the delayed calls is due, -1: there is none. */
static int time_to_delay(const struct supervisor *s)
{
	int64_t least = -1, now = now_ms();
	for (const struct delay *delay = s->sim.delays; delay; delay = delay->next) {
		int64_t left = delay->due_ms > now ? delay->due_ms - now : 0;
		if (least < 0 || left < least)
			least = left;
	}
	return (int)least;
}

static void end_delays(struct supervisor *s)
{
	int64_t now = now_ms();
	for (struct delay **at = &s->sim.delays; *at;) {
		struct delay *delay = *at;
		if (delay->due_ms > now) {
			at = &delay->next;
			continue;
		}
		*at = delay->next;
		struct reply reply = answer(&s->sim, &delay->question);
		respond(s, &delay->question, &reply);
		free(delay);
	}
	sim_end_log_waits(&s->sim);
}

static void reap(struct supervisor *s)
{
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != s->child)
			continue;
		s->ended = true;
		s->status = status;
	}
}

static void take_signal(struct supervisor *s)
{
	struct signalfd_siginfo info;
	if (read(s->signals, &info, sizeof(info)) != sizeof(info))
		return;
	switch (info.ssi_signo) {
	case SIGTERM:
	case SIGHUP:
		kill(s->child, (int)info.ssi_signo);
		break;
	case SIGINT:
	case SIGQUIT:
		/* From the terminal the child has it too. */
		if (info.ssi_code == SI_USER)
			kill(s->child, (int)info.ssi_signo);
		break;
	}
	reap(s);
}

/* One round: a question, a signal, or the end of a process that had opened the node. */
static void turn(struct supervisor *s)
{
	size_t count = 2;
	for (struct guest *guest = s->sim.guests; guest; guest = guest->next)
		count++;
	cleanup_free struct pollfd *fds = xcalloc(count, sizeof(*fds));
	fds[0] = (struct pollfd){ .fd = s->signals, .events = POLLIN };
	/* Hung up when nobody is left who could ask. */
	fds[1] = (struct pollfd){ .fd = s->sim.listener, .events = POLLIN };
	size_t n = 2;
	for (struct guest *guest = s->sim.guests; guest; guest = guest->next)
		fds[n++] = (struct pollfd){ .fd = guest->pidfd, .events = POLLIN };
	if (poll(fds, count, time_to_delay(s)) < 0)
		return;
	end_delays(s);
	n = 2;
	for (struct guest *guest = s->sim.guests, *next; guest; guest = next) {
		next = guest->next;
		if (fds[n++].revents)
			dismiss(&s->sim, guest);
	}
	if (fds[0].revents)
		take_signal(s);
	if (fds[1].revents & POLLIN)
		serve(s);
	else if (fds[1].revents)
		waitpid(s->child, &s->status, 0), s->ended = true;
}

/* Kills the children we have; theirs become ours, as we are their subreaper. */
static bool kill_children(void)
{
	bool any = false;
	cleanup_closedir DIR *proc = opendir("/proc");
	struct dirent *entry;
	while (proc && (entry = readdir(proc))) {
		pid_t pid = atoi(entry->d_name);
		char path[64];
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		cleanup_free char *text = NULL;
		if (pid <= 0 || !root_read(NULL, path, 65536, &text, NULL))
			continue;
		const char *rest = strrchr(text, ')');
		char state;
		int parent;
		if (!rest || sscanf(rest + 1, " %c %d", &state, &parent) != 2 ||
		    parent != getpid())
			continue;
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		any = true;
	}
	return any;
}

static struct error *allocate(struct supervisor *s)
{
	struct seccomp_notif_sizes sizes;
	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes))
		return error_errno("seccomp notification sizes");
	s->notification_size = sizes.seccomp_notif > sizeof(*s->notification)
				       ? sizes.seccomp_notif
				       : sizeof(*s->notification);
	s->response_size = sizes.seccomp_notif_resp > sizeof(*s->response)
				   ? sizes.seccomp_notif_resp
				   : sizeof(*s->response);
	s->notification = xcalloc(1, s->notification_size);
	s->response = xcalloc(1, s->response_size);
	return NULL;
}

static struct error *watch_signals(struct supervisor *s)
{
	static const int handled[] = { SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT };
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(handled) / sizeof(*handled); i++)
		sigaddset(&set, handled[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return error_errno("sigprocmask");
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->signals < 0)
		return error_errno("signalfd");
	return NULL;
}

static void init(struct supervisor *s)
{
	const struct scenario *scenario = s->sim.scenario;
	log_init(&s->sim.log, scenario);
	s->sim.adapters = xcalloc(scenario->adapter_count + 1, sizeof(*s->sim.adapters));
	for (size_t i = 0; i < scenario->adapter_count; i++)
		s->sim.adapters[i].state = scenario->adapters[i].state;
}

static void deinit(struct supervisor *s)
{
	while (s->sim.guests)
		dismiss(&s->sim, s->sim.guests);
	while (s->sim.delays) {
		struct delay *delay = s->sim.delays;
		s->sim.delays = delay->next;
		free(delay);
	}
	log_deinit(&s->sim.log);
	free(s->sim.adapters);
	free(s->sim.openings);
	free(s->notification);
	free(s->response);
	if (s->signals >= 0)
		close(s->signals);
}

struct error *supervise(struct scenario *scenario, pid_t child, int listener,
			int *ret_status)
{
	struct supervisor s = {
		.sim = { .scenario = scenario, .listener = listener },
		.child = child,
		.signals = -1,
	};
	init(&s);
	struct error *err = allocate(&s);
	if (!err)
		err = watch_signals(&s);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	ioctl(listener, NOTIF_SET_FLAGS, (unsigned long)NOTIF_SYNC_WAKEUP);
	if (!err)
		reap(&s); /* it may have ended before its signal was watched */
	while (!err && !s.ended)
		turn(&s);
	while (kill_children())
		continue;
	deinit(&s);
	if (!err)
		*ret_status = s.status;
	return err;
}
