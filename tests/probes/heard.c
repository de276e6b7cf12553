#include "tests/probes/heard.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/testing.h"
#include "util/file.h"

static void note(struct heard *h, const struct packet *packet)
{
	switch (packet->type) {
	case PACKET_RUNG_BEGUN:
		h->rungs[packet->rung].begun = true;
		break;
	case PACKET_FINDING:
		h->findings = xreallocarray(h->findings, h->findings_n + 1,
					    sizeof(*h->findings));
		h->findings[h->findings_n++] = (struct heard_finding){
			.rung = packet->rung,
			.adapter = packet->adapter,
			.kind = packet->kind,
			.name = xstrdup(packet->name),
			.string = xstrdup(packet->string),
			.integer = packet->integer,
		};
		break;
	case PACKET_EXPECTED:
		h->rungs[packet->rung].expected += packet->count;
		break;
	case PACKET_RUNG_ENDED:
		h->rungs[packet->rung].ended = true;
		h->rungs[packet->rung].outcome = packet->outcome;
		h->rungs[packet->rung].reason = packet->reason;
		h->rungs[packet->rung].ms = packet->ms;
		break;
	case PACKET_END:
		h->end = true;
		break;
	}
}

void heard_take(struct heard *h, struct packet_reader *reader, int fd)
{
	char bytes[4096];
	ssize_t n;
	while (!h->bad && (n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0) {
		assert_int_equal(packet_feed(reader, bytes, (size_t)n), n);
		struct packet packet;
		enum packet_read read_;
		while ((read_ = packet_next(reader, &packet)) == PACKET_READ_ONE) {
			note(h, &packet);
			if (packet.type == PACKET_RUNG_BEGUN ||
			    packet.type == PACKET_RUNG_ENDED)
				(void)!write(fd, "g", 1);
		}
		h->bad = read_ == PACKET_READ_BAD;
	}
}

static const char **make_argv(const char *path, const char *const *arguments,
			      const char *fd)
{
	size_t n = 0;
	while (arguments[n])
		n++;
	const char **argv = xcalloc(n + 4, sizeof(*argv));
	argv[0] = path;
	memcpy(argv + 1, arguments, n * sizeof(*argv));
	argv[n + 1] = "--packets";
	argv[n + 2] = fd;
	return argv;
}

static void become(const char *const *argv, const char *const *environment,
		   const char *folder, int output)
{
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	setenv("HOME", folder, 1);
	setenv("XDG_CACHE_HOME", folder, 1);
	for (; *environment; environment++)
		putenv((char *)*environment);
	if (chdir(folder) == 0)
		execv(argv[0], (char *const *)argv);
	_exit(127);
}

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void listen_to(struct heard *h, pid_t pid, int fd, int deadline_ms)
{
	struct packet_reader *reader = xcalloc(1, sizeof(*reader));
	int64_t end_ms = now_ms() + deadline_ms;
	while (waitpid(pid, &h->status, WNOHANG) == 0) {
		struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
		if (poll(&poll_fd, 1, 20) > 0 && poll_fd.revents & POLLIN)
			heard_take(h, reader, fd);
		else if (poll_fd.revents)
			usleep(5000); /* closed; it may still live */
		if (now_ms() < end_ms || h->late)
			continue;
		h->late = true;
		kill(pid, SIGKILL);
	}
	heard_take(h, reader, fd);
	free(reader);
}

struct heard *heard_run(const char *program, const char *const *arguments,
			const char *const *environment, int deadline_ms)
{
	struct heard *h = xcalloc(1, sizeof(*h));
	char *path = binary_path(program), *folder;
	int fds[2];
	assert_ok(file_temporary_folder("dxgmatrix-heard", &folder));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	char *fd = xasprintf("%d", fds[0]);
	const char **argv = make_argv(path, arguments, fd);
	FILE *output = tmpfile();

	pid_t pid = fork();
	if (pid == 0) {
		close(fds[1]);
		become(argv, environment, folder, fileno(output));
	}
	close(fds[0]);
	listen_to(h, pid, fds[1], deadline_ms);
	close(fds[1]);

	h->output = xcalloc(65536, 1);
	rewind(output);
	(void)!fread(h->output, 1, 65535, output);
	fclose(output);
	assert_ok(file_remove_tree(folder));
	free(argv);
	free(fd);
	free(folder);
	free(path);
	return h;
}

void heard_destroy(struct heard *h)
{
	for (size_t i = 0; i < h->findings_n; i++) {
		free(h->findings[i].name);
		free(h->findings[i].string);
	}
	free(h->findings);
	free(h->output);
	free(h);
}

const struct heard_finding *heard_find(const struct heard *h, enum rung rung,
				       enum finding finding)
{
	for (size_t i = 0; i < h->findings_n; i++)
		if (h->findings[i].rung == rung &&
		    !strcmp(h->findings[i].name, finding_rows[finding].name))
			return &h->findings[i];
	return NULL;
}

static void print_heard(const struct heard *h)
{
	for (int i = 0; i < RUNG_COUNT; i++)
		if (h->rungs[i].begun)
			print_message("%s: %s %s\n", rung_rows[i].name,
				      h->rungs[i].ended
					      ? outcome_rows[h->rungs[i].outcome].name
					      : "did not end",
				      reason_rows[h->rungs[i].reason].name);
	for (size_t i = 0; i < h->findings_n; i++)
		print_message("  %s %s = %s %lld\n", rung_rows[h->findings[i].rung].name,
			      h->findings[i].name,
			      h->findings[i].string ? h->findings[i].string : "",
			      (long long)h->findings[i].integer);
	print_message("status %#x%s\n%s\n", (unsigned int)h->status,
		      h->late ? ", late" : "", h->output);
}

void assert_heard(const struct heard *h, enum rung rung, enum outcome outcome,
		  enum reason reason)
{
	if (h->rungs[rung].ended && h->rungs[rung].outcome == outcome &&
	    h->rungs[rung].reason == reason)
		return;
	print_heard(h);
	fail_msg("%s is not %s %s", rung_rows[rung].name, outcome_rows[outcome].name,
		 reason_rows[reason].name);
}

void assert_heard_string(const struct heard *h, enum rung rung, enum finding finding,
			 const char *string)
{
	const struct heard_finding *found = heard_find(h, rung, finding);
	if (found && found->string && !strcmp(found->string, string))
		return;
	print_heard(h);
	fail_msg("%s: %s is '%s', not '%s'", rung_rows[rung].name,
		 finding_rows[finding].name,
		 found && found->string ? found->string : "(absent)", string);
}

void assert_heard_number(const struct heard *h, enum rung rung, enum finding finding,
			 int64_t number)
{
	const struct heard_finding *found = heard_find(h, rung, finding);
	if (found && found->kind != FINDING_STRING && found->integer == number)
		return;
	print_heard(h);
	fail_msg("%s: %s is not %lld", rung_rows[rung].name, finding_rows[finding].name,
		 (long long)number);
}

void assert_heard_all(const struct heard *h)
{
	static const enum rung rungs[] = { RUNG_LOAD, RUNG_ENUMERATE, RUNG_OPEN,
					   RUNG_COPY, RUNG_COMPILE,   RUNG_LAUNCH };
	for_each_row(rung, rungs)
		assert_heard(h, *rung, OUTCOME_PASS, REASON_NONE);
	assert_true(h->end);
	assert_int_equal(h->status, 0);
}
