#include "runner/family.h"

#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "util/alloc.h"
#include "util/cleanup.h"

struct process {
	pid_t pid, parent;
	bool dead; /* a zombie: counts no more, but is not buried */
};

struct processes {
	struct process *process;
	size_t n, capacity;
};

static void processes_deinit(struct processes *processes)
{
	free(processes->process);
}

#define cleanup_processes cleanup_with(processes_deinit)

/* A file of /proc of one process; they are small and have no size. */
static bool read_proc(pid_t pid, const char *name, char *ret, size_t size)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, ret, size - 1);
	if (n <= 0)
		return false;
	ret[n] = '\0';
	return true;
}

/* proc(5): "pid (name) state ppid …", and the name may hold anything, also ')'. */
static bool read_process(pid_t pid, struct process *ret)
{
	char line[512];
	if (!read_proc(pid, "stat", line, sizeof(line)))
		return false;
	const char *close = strrchr(line, ')');
	char state;
	int parent;
	if (!close || sscanf(close + 1, " %c %d", &state, &parent) != 2)
		return false;
	*ret = (struct process){ pid, parent, state == 'Z' || state == 'X' };
	return true;
}

static void add_process(struct processes *processes, struct process process)
{
	if (processes->n == processes->capacity) {
		processes->capacity = processes->capacity ? 2 * processes->capacity : 64;
		processes->process = xreallocarray(processes->process,
						   processes->capacity, sizeof(process));
	}
	processes->process[processes->n++] = process;
}

static void read_processes(struct processes *ret)
{
	cleanup_closedir DIR *folder = opendir("/proc");
	struct dirent *entry;
	while (folder && (entry = readdir(folder))) {
		struct process process;
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    read_process((pid_t)atoi(entry->d_name), &process))
			add_process(ret, process);
	}
}

static bool is_stranger(const struct family *family, pid_t pid)
{
	for (size_t i = 0; i < family->n_strangers; i++)
		if (family->strangers[i] == pid)
			return true;
	return false;
}

static bool holds(const struct processes *processes, pid_t pid)
{
	for (size_t i = 0; i < processes->n; i++)
		if (processes->process[i].pid == pid)
			return true;
	return false;
}

/* Our new children, their children, and so on until a pass finds nobody new. */
static void find_members(const struct family *family, struct processes *ret)
{
	cleanup_processes struct processes all = { 0 };
	read_processes(&all);
	size_t found;
	do {
		found = ret->n;
		for (size_t i = 0; i < all.n; i++) {
			struct process *process = &all.process[i];
			bool ours = process->parent == getpid() &&
				    !is_stranger(family, process->pid);
			if ((ours || holds(ret, process->parent)) &&
			    !holds(ret, process->pid))
				add_process(ret, *process);
		}
	} while (ret->n > found);
}

void family_begin(struct family *family)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	cleanup_processes struct processes all = { 0 };
	*family = (struct family){ 0 };
	read_processes(&all);
	family->strangers = xcalloc(all.n + 1, sizeof(*family->strangers));
	for (size_t i = 0; i < all.n; i++)
		if (all.process[i].parent == getpid())
			family->strangers[family->n_strangers++] = all.process[i].pid;
}

void family_deinit(struct family *family)
{
	free(family->strangers);
}

size_t family_signal(const struct family *family, int signal)
{
	cleanup_processes struct processes members = { 0 };
	find_members(family, &members);
	size_t n = 0;
	for (size_t i = 0; i < members.n; i++)
		if (!members.process[i].dead && kill(members.process[i].pid, signal) == 0)
			n++;
	return n;
}

static int64_t resident_pages(pid_t pid)
{
	char line[128];
	long long size, resident = 0;
	if (read_proc(pid, "statm", line, sizeof(line)) &&
	    sscanf(line, "%lld %lld", &size, &resident) != 2)
		return 0;
	return resident;
}

int64_t family_resident_mib(const struct family *family)
{
	cleanup_processes struct processes members = { 0 };
	find_members(family, &members);
	int64_t pages = 0;
	for (size_t i = 0; i < members.n; i++)
		pages += resident_pages(members.process[i].pid);
	return pages * sysconf(_SC_PAGESIZE) / (1024 * 1024);
}

bool family_reap(const struct family *family, pid_t spare)
{
	cleanup_processes struct processes members = { 0 };
	find_members(family, &members);
	bool left = false;
	for (size_t i = 0; i < members.n; i++) {
		pid_t pid = members.process[i].pid;
		if (pid == spare)
			continue;
		pid_t buried = waitpid(pid, NULL, WNOHANG | __WALL);
		/* Not ours to bury, but dead: its parent is a member and has not done so. */
		bool harmless = buried < 0 && members.process[i].dead;
		left = left || (buried != pid && !harmless);
	}
	return left;
}
