/*
 * dxgsim: runs a program on a machine that a scenario describes, /dev/dxg included.
 *
 *     dxgsim SCENARIO -- COMMAND [ARGUMENT…]
 *         SCENARIO is a file, or the name of a shipped one: nvidia-clean
 *         ends as the command does, by its signal too; 125 where the simulator cannot work
 *         here, 2 for a wrong command line or scenario
 *     dxgsim --check
 *         0 where it can work, else 77 and the reason on stderr
 */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/dxgsim/replay.h"
#include "tests/dxgsim/sandbox.h"
#include "tests/dxgsim/scenario.h"
#include "tests/dxgsim/supervisor.h"
#include "tests/dxgsim/tree.h"

static int fail(const struct error *err, int status)
{
	fprintf(stderr, "dxgsim: %s\n", err->message);
	return status;
}

static int end_as(int status)
{
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	/* A core of ours would hide that of the program. */
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	int number = WTERMSIG(status);
	signal(number, SIG_DFL);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
	return 128 + number;
}

/* Injected files that are relative lie in the build, as we do: tests/dxgsim/dxgsim. */
static void find_sources(struct arena *arena, struct scenario *scenario)
{
	char folder[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", folder, sizeof(folder) - 1);
	folder[length > 0 ? length : 0] = '\0';
	for (int up = 0; up < 3; up++) {
		char *slash = strrchr(folder, '/');
		if (slash)
			*slash = '\0';
	}
	for (size_t i = 0; i < scenario->file_count; i++) {
		struct sim_file *file = &scenario->files[i];
		if (file->source && *file->source != '/')
			file->source = arena_printf(arena, "%s/%s", folder, file->source);
	}
}

/* A recording that is relative lies beside its scenario. */
static struct error *learn(const char *path, struct arena *arena,
			   struct scenario *scenario)
{
	const char *recording = scenario->recording;
	if (!recording)
		return NULL;
	const char *slash = strrchr(path, '/');
	if (slash && *recording != '/')
		recording = arena_printf(arena, "%.*s%s", (int)(slash + 1 - path), path,
					 recording);
	return replay_learn(recording, arena, scenario);
}

/* A name of letters alone is one of ours, unless there is such a file. */
static const char *find_scenario(const char *name, struct arena *arena)
{
	if (strpbrk(name, "/.") || !access(name, F_OK))
		return name;
	return arena_printf(arena, "%s/%s.scenario", DXGSIM_SCENARIOS, name);
}

static int run(const char *name, char **argv)
{
	cleanup_arena struct arena arena = { 0 };
	struct scenario scenario;
	const char *path = find_scenario(name, &arena);
	cleanup_error struct error *err = scenario_read(path, &arena, &scenario);
	if (!err)
		err = learn(path, &arena, &scenario);
	if (err)
		return fail(err, 2);
	find_sources(&arena, &scenario);
	cleanup_tree char *tree = NULL;
	err = tree_create(&scenario, &tree);
	if (err)
		return fail(err, 125);
	scenario.tree = tree;
	pid_t child;
	int listener;
	err = sandbox_start(argv, scenario.kernel != NULL, &child, &listener);
	if (err)
		return fail(err, 125);
	int status;
	err = supervise(&scenario, child, listener, &status);
	close(listener);
	return err ? fail(err, 125) : end_as(status);
}

static int check(void)
{
	cleanup_error struct error *err = sandbox_check();
	return err ? fail(err, 77) : 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--check"))
		return check();
	if (argc >= 4 && !strcmp(argv[2], "--"))
		return run(argv[1], argv + 3);
	fprintf(stderr, "usage: dxgsim SCENARIO -- COMMAND [ARGUMENT…]\n"
			"       dxgsim --check\n");
	return 2;
}
