/*
 * simulate.h: runs programs below the simulator, for tests. Header only.
 *
 * A test program calls simulate_require() first in main: where the kernel has no seccomp
 * user notification it ends with status 77 and the simulator's own reason.
 */
#pragma once

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/testing.h"
#include "util/cleanup.h"
#include "util/file.h"

/* A program's output and its status as of waitpid. */
struct simulated {
	char *output;
	int status;
};

static inline void simulate_require(void)
{
	cleanup_free char *simulator = binary_path("tests/dxgsim/dxgsim");
	cleanup_free char *command = xasprintf("'%s' --check", simulator);
	int status = system(command);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		puts("skip: seccomp user notification is not available");
		exit(77);
	}
	if (status) {
		puts("the simulator does not run");
		exit(1);
	}
}

/* @return the path of a shipped scenario, the caller's to free. */
static inline char *scenario_path(const char *name)
{
	cleanup_free char *below = xasprintf("tests/dxgsim/scenarios/%s.scenario", name);
	return source_path(below);
}

/* @return the path of a scenario of this text, the caller's to free and unlink. */
static inline char *scenario_write(const char *text)
{
	const char *folder = getenv("TMPDIR");
	char *path = xasprintf("%s/scenario-XXXXXX", folder ? folder : "/tmp");
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	return path;
}

/* Starts `dxgsim scenario -- argv…`; its standard output goes to fd. */
static inline pid_t simulate_start(const char *scenario, const char *const *argv, int fd)
{
	cleanup_free char *simulator = binary_path("tests/dxgsim/dxgsim");
	const char *all[32] = { simulator, scenario, "--" };
	size_t n = 3;
	while (*argv && n < ARRAY_SIZE(all) - 1)
		all[n++] = *argv++;
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(fd, STDOUT_FILENO);
		execv(simulator, (char *const *)all);
		_exit(125);
	}
	return pid;
}

static inline struct simulated simulate(const char *scenario, const char *const *argv)
{
	int pipe_fds[2];
	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	pid_t pid = simulate_start(scenario, argv, pipe_fds[1]);
	close(pipe_fds[1]);
	struct simulated result = { 0 };
	assert_ok(file_read_fd(pipe_fds[0], "pipe", 1 << 20, &result.output, NULL));
	close(pipe_fds[0]);
	assert_int_equal(waitpid(pid, &result.status, 0), pid);
	return result;
}
