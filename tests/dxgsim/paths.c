#include "tests/dxgsim/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "probes/dxg_abi.h"
#include "tests/dxgsim/memory.h"
#include "tests/dxgsim/tree.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/strbuf.h"

/* A misc device: major 10, a minor that differs between boots. */
#define NODE_MAJOR 10
#define NODE_MINOR 125

/* Linux:Documentation/admin-guide/devices.txt */
#define LOG_NODE  "/dev/kmsg"
#define LOG_MAJOR 1
#define LOG_MINOR 11

#define PATH_LIMIT 4096
#define BUILT_AT   "#1 SMP PREEMPT_DYNAMIC Thu Jan  1 00:00:00 UTC 2026"

enum purpose { TO_OPEN, TO_STAT, TO_STATX, TO_ACCESS };

/* Which argument is what; -1: there is none. */
static const struct path_call {
	int nr;
	enum purpose purpose;
	int folder, path, flags, data; /* data: buffer, or mode of an access */
} path_calls[] = {
	{ SYS_openat, TO_OPEN, 0, 1, 2, -1 },
	{ SYS_newfstatat, TO_STAT, 0, 1, 3, 2 },
	{ SYS_statx, TO_STATX, 0, 1, 2, 4 },
	{ SYS_faccessat, TO_ACCESS, 0, 1, -1, 2 },
	{ SYS_faccessat2, TO_ACCESS, 0, 1, 3, 2 },
#ifdef SYS_open
	{ SYS_open, TO_OPEN, -1, 0, 1, -1 },
	{ SYS_stat, TO_STAT, -1, 0, -1, 1 },
	{ SYS_lstat, TO_STAT, -1, 0, -1, 1 },
	{ SYS_access, TO_ACCESS, -1, 0, -1, 1 },
#endif
};

/* What stands at a path of the scenario's. */
struct entry {
	enum {
		ENTRY_NONE,
		ENTRY_NODE,
		ENTRY_LOG,
		ENTRY_TEXT,
		ENTRY_SOURCE,
		ENTRY_FOLDER,
		ENTRY_ABSENT
	} kind;
	char *text;         /* of ENTRY_TEXT, owned */
	const char *source; /* of ENTRY_SOURCE, a path */
	char *folder;       /* of ENTRY_FOLDER, a path, owned */
	bool sized;         /* stat tells its size; files of /proc have none */
};

static const struct path_call *find_call(int nr)
{
	for_each_row(call, path_calls)
		if (call->nr == nr)
			return call;
	return NULL;
}

bool paths_know(int nr)
{
	return find_call(nr) != NULL;
}

/* Folds //, /. and /.. by their names alone: no link leads to or from these paths. */
static char *normalise(const char *path)
{
	cleanup_strbuf struct strbuf out;
	strbuf_init(&out);
	while (*path) {
		size_t length = strcspn(path, "/");
		if (length == 2 && !strncmp(path, "..", 2)) {
			char *slash = strrchr(out.string, '/');
			strbuf_truncate(&out, slash ? (size_t)(slash - out.string) : 0);
		} else if (length && !(length == 1 && *path == '.')) {
			strbuf_add_char(&out, '/');
			strbuf_add(&out, path, length);
		}
		path += length;
		while (*path == '/')
			path++;
	}
	return strbuf_take(&out);
}

/* @return the absolute path a call names, the caller's; NULL where it cannot be read. */
static char *read_path(const struct question *question, const struct path_call *call,
		       const char *tree)
{
	char path[PATH_LIMIT];
	if (!memory_read_string(question->thread, question->args[call->path], path,
				sizeof(path)))
		return NULL;
	if (*path == '/')
		return normalise(tree_leave(tree, path));
	if (!*path)
		return NULL;
	int folder = call->folder < 0 ? AT_FDCWD : (int)question->args[call->folder];
	char link[64], base[PATH_LIMIT];
	if (folder == AT_FDCWD)
		snprintf(link, sizeof(link), "/proc/%d/cwd", question->thread);
	else
		snprintf(link, sizeof(link), "/proc/%d/fd/%d", question->thread, folder);
	ssize_t length = readlink(link, base, sizeof(base) - 1);
	if (length <= 0 || *base != '/')
		return NULL;
	base[length] = '\0';
	cleanup_free char *joined = xasprintf("%s/%s", tree_leave(tree, base), path);
	return normalise(joined);
}

static char *kernel_text(const struct scenario *scenario, const char *path)
{
	if (!scenario->kernel)
		return NULL;
	if (!strcmp(path, "/proc/sys/kernel/osrelease"))
		return xasprintf("%s\n", scenario->kernel);
	if (!strcmp(path, "/proc/version"))
		return xasprintf("Linux version %s (root@simulated) (gcc (GCC) 11.2.0, "
				 "GNU ld (GNU Binutils) 2.37) %s\n",
				 scenario->kernel, BUILT_AT);
	return NULL;
}

/*
 * By what a machine shows that it is WSL2, and no container or firmware beside it: the
 * registration of Windows programs (microsoft/WSL#13449), the kernel's command line
 * (microsoft/WSL:src/shared/inc/lxinitshared.h), no firmware tables.
 */
static const struct sim_file wsl2_files[] = {
	{ "/proc/sys/fs/binfmt_misc/WSLInterop",
	  "enabled\ninterpreter /init\nflags: PF\noffset 0\nmagic 4d5a\n" },
	{ "/proc/cmdline",
	  "initrd=\\initrd.img WSL_ROOT_INIT=1 panic=-1 console=hvc0\n" },
	{ "/proc/1/cgroup", "0::/init.scope\n" },
	{ "/proc/1/environ", "HOME=/" },
	{ "/.dockerenv", NULL },
	{ "/run/.containerenv", NULL },
	{ "/sys/class/dmi/id/product_name", NULL },
	{ "/sys/class/dmi/id/sys_vendor", NULL },
};

/* The scenario's own files stand before those of its kind of machine. */
static const struct sim_file *find_file(const struct scenario *scenario, const char *path)
{
	for (size_t i = 0; i < scenario->file_count; i++)
		if (!strcmp(scenario->files[i].path, path))
			return &scenario->files[i];
	for_each_row(file, wsl2_files)
		if (scenario->wsl2 && !strcmp(file->path, path))
			return file;
	return NULL;
}

static struct entry find_entry(const struct scenario *scenario, const char *path)
{
	bool sized = strncmp(path, "/proc/", 6) && strncmp(path, "/sys/", 5);
	if (!strcmp(path, DXG_NODE))
		return (struct entry){ .kind = scenario->node ? ENTRY_NODE
							      : ENTRY_ABSENT };
	const struct sim_file *file = find_file(scenario, path);
	if (file && file->source)
		return (struct entry){ .kind = ENTRY_SOURCE, .source = file->source };
	if (file && !file->text)
		return (struct entry){ .kind = ENTRY_ABSENT };
	if (file)
		return (struct entry){ .kind = ENTRY_TEXT,
				       .text = xstrdup(file->text),
				       .sized = sized };
	if (!strcmp(path, LOG_NODE))
		return (struct entry){ .kind = ENTRY_LOG };
	char *folder = tree_find_folder(scenario->tree, path);
	if (folder)
		return (struct entry){ .kind = ENTRY_FOLDER, .folder = folder };
	char *text = kernel_text(scenario, path);
	if (!text)
		return (struct entry){ .kind = ENTRY_NONE };
	return (struct entry){ .kind = ENTRY_TEXT, .text = text, .sized = sized };
}

/* Every open of the node is a file of its own, known again by its inode. */
static struct reply open_node(struct sim *sim, const struct question *question, int flags)
{
	pid_t pid = process_of(question->thread);
	/* Opening it sends Windows a message and waits for the answer. */
	if (sim->scenario->open_silent)
		return (struct reply){ .kind = ANSWER_LATER };
	/* Only the first one of a process. */
	if (sim->dead && !sim_has_open_node(sim, pid))
		return reply_result(-EBADF);
	if (sim->scenario->open_errno)
		return reply_result(-sim->scenario->open_errno);
	int file = memfd_create("dxg", MFD_CLOEXEC);
	struct stat st;
	if (!pid || file < 0 || fstat(file, &st)) {
		if (file >= 0)
			close(file);
		return reply_result(-EBADF);
	}
	sim->openings = xreallocarray(sim->openings, sim->opening_count + 1,
				      sizeof(*sim->openings));
	sim->openings[sim->opening_count++] =
		(struct opening){ .device = st.st_dev, .inode = st.st_ino, .pid = pid };
	return (struct reply){ .kind = ANSWER_FILE,
			       .file = file,
			       .close_on_exec = flags & O_CLOEXEC };
}

static struct reply open_text(const char *text, int flags)
{
	if ((flags & O_ACCMODE) != O_RDONLY)
		return reply_result(-EACCES);
	cleanup_close int file = memfd_create("dxgsim-text", MFD_CLOEXEC);
	size_t length = strlen(text);
	if (file < 0 || write(file, text, length) != (ssize_t)length)
		return reply_result(-EIO);
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	int again = open(path, O_RDONLY | O_CLOEXEC);
	if (again < 0)
		return reply_result(-EIO);
	return (struct reply){ .kind = ANSWER_FILE,
			       .file = again,
			       .close_on_exec = flags & O_CLOEXEC };
}

static struct reply open_source(const char *source, int flags)
{
	if ((flags & O_ACCMODE) != O_RDONLY)
		return reply_result(-EROFS);
	int file = open(source, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return reply_result(-errno);
	return (struct reply){ .kind = ANSWER_FILE,
			       .file = file,
			       .close_on_exec = flags & O_CLOEXEC };
}

/* @return a number that the process does not use, 0 where there is none. */
static int find_number(pid_t thread)
{
	for (int number = LOG_FD_FIRST; number < LOG_FD_FIRST + LOG_FD_COUNT; number++) {
		char path[64];
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", thread, number);
		struct stat st;
		if (lstat(path, &st))
			return number;
	}
	return 0;
}

static struct reply open_log(struct sim *sim, const struct question *question, int flags)
{
	/* As with kernel.dmesg_restrict. */
	if (sim->scenario->log_kept)
		return reply_result(-EPERM);
	if ((flags & O_ACCMODE) != O_RDONLY)
		return reply_result(-EACCES);
	int number = find_number(question->thread);
	if (!number)
		return reply_result(-EMFILE);
	int file = log_open(&sim->log, flags);
	if (file < 0)
		return reply_result(-errno);
	return (struct reply){ .kind = ANSWER_FILE,
			       .file = file,
			       .number = number,
			       .close_on_exec = flags & O_CLOEXEC };
}

static struct reply answer_open(struct sim *sim, const struct question *question,
				const struct path_call *call, const struct entry *entry)
{
	int flags = (int)question->args[call->flags];
	if (flags & O_CREAT && flags & O_EXCL)
		return reply_result(-EEXIST);
	if (flags & O_DIRECTORY && entry->kind != ENTRY_FOLDER)
		return reply_result(-ENOTDIR);
	switch (entry->kind) {
	case ENTRY_NODE:
		return open_node(sim, question, flags);
	case ENTRY_LOG:
		return open_log(sim, question, flags);
	case ENTRY_TEXT:
		return open_text(entry->text, flags);
	case ENTRY_SOURCE:
		return open_source(entry->source, flags);
	case ENTRY_FOLDER:
		return open_source(entry->folder, flags);
	case ENTRY_NONE:
	case ENTRY_ABSENT:
		break;
	}
	return reply_result(-ENOENT);
}

static struct stat stat_entry(const struct entry *entry)
{
	struct stat st = { .st_ino = 1, .st_nlink = 1, .st_blksize = 4096 };
	switch (entry->kind) {
	case ENTRY_NODE:
		st.st_mode = S_IFCHR | 0666;
		st.st_rdev = makedev(NODE_MAJOR, NODE_MINOR);
		break;
	case ENTRY_LOG:
		st.st_mode = S_IFCHR | 0644;
		st.st_rdev = makedev(LOG_MAJOR, LOG_MINOR);
		break;
	case ENTRY_SOURCE:
		if (stat(entry->source, &st))
			st.st_mode = S_IFREG;
		break;
	case ENTRY_FOLDER:
		if (stat(entry->folder, &st))
			st.st_mode = S_IFDIR;
		break;
	case ENTRY_TEXT:
		st.st_mode = S_IFREG | 0444;
		st.st_size = entry->sized ? (off_t)strlen(entry->text) : 0;
		break;
	case ENTRY_NONE:
	case ENTRY_ABSENT:
		break;
	}
	return st;
}

static struct reply answer_stat(const struct question *question,
				const struct path_call *call, const struct entry *entry)
{
	struct stat st = stat_entry(entry);
	bool written;
	if (call->purpose == TO_STAT) {
		written = memory_write(question->thread, question->args[call->data], &st,
				       sizeof(st));
	} else {
		struct statx stx = {
			.stx_mask = STATX_TYPE | STATX_MODE | STATX_NLINK | STATX_SIZE,
			.stx_blksize = 4096,
			.stx_nlink = 1,
			.stx_mode = (uint16_t)st.st_mode,
			.stx_ino = st.st_ino,
			.stx_size = (uint64_t)st.st_size,
			.stx_rdev_major = major(st.st_rdev),
			.stx_rdev_minor = minor(st.st_rdev),
		};
		written = memory_write(question->thread, question->args[call->data], &stx,
				       sizeof(stx));
	}
	return reply_result(written ? 0 : -EFAULT);
}

static struct reply answer_access(const struct question *question,
				  const struct path_call *call, const struct entry *entry)
{
	int mode = (int)question->args[call->data];
	int granted = entry->kind == ENTRY_NODE ? R_OK | W_OK
		      : entry->kind == ENTRY_SOURCE || entry->kind == ENTRY_FOLDER
			      ? R_OK | X_OK
			      : R_OK;
	return reply_result(mode & ~granted ? -EACCES : 0);
}

/* fstat of glibc: no path, but a descriptor that stands for the node. */
static bool is_node_itself(const struct sim *sim, const struct question *question,
			   const struct path_call *call)
{
	char first;
	return call->folder >= 0 && call->flags >= 0 && call->purpose != TO_OPEN &&
	       question->args[call->flags] & AT_EMPTY_PATH &&
	       memory_read(question->thread, question->args[call->path], &first, 1) &&
	       !first &&
	       sim_find_opening(sim, question->thread, (int)question->args[call->folder]);
}

struct reply paths_answer(struct sim *sim, const struct question *question)
{
	const struct path_call *call = find_call(question->nr);
	struct entry entry = { .kind = ENTRY_NONE };
	if (is_node_itself(sim, question, call)) {
		entry.kind = ENTRY_NODE;
	} else {
		cleanup_free char *path = read_path(question, call, sim->scenario->tree);
		if (path)
			entry = find_entry(sim->scenario, path);
	}
	struct reply reply = { .kind = ANSWER_CONTINUE };
	if (entry.kind == ENTRY_ABSENT)
		reply = reply_result(-ENOENT);
	else if (entry.kind != ENTRY_NONE) {
		switch (call->purpose) {
		case TO_OPEN:
			reply = answer_open(sim, question, call, &entry);
			break;
		case TO_STAT:
		case TO_STATX:
			reply = answer_stat(question, call, &entry);
			break;
		case TO_ACCESS:
			reply = answer_access(question, call, &entry);
			break;
		}
	}
	free(entry.text);
	free(entry.folder);
	return reply;
}

struct reply paths_answer_uname(const struct sim *sim, const struct question *question)
{
	struct utsname name;
	if (uname(&name))
		return reply_result(-errno);
	snprintf(name.release, sizeof(name.release), "%s", sim->scenario->kernel);
	snprintf(name.version, sizeof(name.version), "%s", BUILT_AT);
	bool written =
		memory_write(question->thread, question->args[0], &name, sizeof(name));
	return reply_result(written ? 0 : -EFAULT);
}
