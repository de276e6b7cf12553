#include "tests/dxgsim/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probes/dxg_abi.h"
#include "tests/dxgsim/log.h"
#include "tests/dxgsim/memory.h"
#include "util/alloc.h"
#include "util/array.h"

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#else
#error "the simulator knows x86-64 and arm64"
#endif

/* Linux 5.19; without it a signal makes one ioctl arrive more than once. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

static const int path_calls[] = {
	SYS_openat, SYS_newfstatat, SYS_statx, SYS_faccessat, SYS_faccessat2,
#ifdef SYS_open
	SYS_open,   SYS_stat,       SYS_lstat, SYS_access,
#endif
};

#define LOAD(member)                                                                     \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
/* Skips the next instruction unless the loaded word is `value`. */
#define UNLESS_SKIP(value) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, 1)
#define RETURN(action)     BPF_STMT(BPF_RET | BPF_K, (action))

static int install_filter(bool with_uname)
{
	struct sock_filter code[64];
	unsigned short n = 0;
#define EMIT(...) code[n++] = (struct sock_filter)__VA_ARGS__
	EMIT(LOAD(arch));
	EMIT(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 1, 0));
	EMIT(RETURN(SECCOMP_RET_ALLOW));
	EMIT(LOAD(nr));
	for_each_row(nr, path_calls) {
		EMIT(UNLESS_SKIP((uint32_t)*nr));
		EMIT(RETURN(SECCOMP_RET_USER_NOTIF));
	}
	EMIT(UNLESS_SKIP(SYS_syslog));
	EMIT(RETURN(SECCOMP_RET_USER_NOTIF));
	if (with_uname) {
		EMIT(UNLESS_SKIP(SYS_uname));
		EMIT(RETURN(SECCOMP_RET_USER_NOTIF));
	}
	/* Of descriptors that can be the kernel log's. */
	EMIT(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_read, 1, 0));
	EMIT(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_lseek, 0, 4));
	EMIT(LOAD(args[0]));
	EMIT(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, LOG_FD_FIRST + LOG_FD_COUNT, 1, 0));
	EMIT(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, LOG_FD_FIRST, 2, 0));
	EMIT(RETURN(SECCOMP_RET_ALLOW));
	EMIT(BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0));
	EMIT(RETURN(SECCOMP_RET_USER_NOTIF));
	EMIT(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 1, 0));
	EMIT(RETURN(SECCOMP_RET_ALLOW));
	/* The low half: both architectures are little-endian. */
	EMIT(LOAD(args[1]));
	EMIT(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff00));
	EMIT(UNLESS_SKIP(DXG_IOCTL_TYPE << 8));
	EMIT(RETURN(SECCOMP_RET_USER_NOTIF));
	EMIT(RETURN(SECCOMP_RET_ALLOW));
#undef EMIT
	struct sock_fprog program = { .len = n, .filter = code };
	long fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			  SECCOMP_FILTER_FLAG_NEW_LISTENER |
				  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
			  &program);
	if (fd < 0 && errno == EINVAL)
		fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			     SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	return (int)fd;
}

/* One message: an errno, and the listener where it is 0. */
union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static bool send_listener(int socket, int listener, int number)
{
	union control control = { 0 };
	struct iovec body = { &number, sizeof(number) };
	struct msghdr message = { .msg_iov = &body, .msg_iovlen = 1 };
	if (listener >= 0) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(header), &listener, sizeof(listener));
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL) == sizeof(number);
}

/* @return the listener, or -1 with the child's errno. */
static int receive_listener(int socket)
{
	union control control = { 0 };
	int number = EPIPE;
	struct iovec body = { &number, sizeof(number) };
	struct msghdr message = {
		.msg_iov = &body,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != sizeof(number))
		number = EPIPE;
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (number || !header || header->cmsg_type != SCM_RIGHTS) {
		errno = number ? number : EPROTO;
		return -1;
	}
	int listener;
	memcpy(&listener, CMSG_DATA(header), sizeof(listener));
	return listener;
}

/* The child's side: from here on nothing may be opened before the listener is away. */
static void enter(int socket, bool with_uname)
{
	int listener = -1, number = 0;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    (listener = install_filter(with_uname)) < 0)
		number = errno;
	bool sent = send_listener(socket, listener, number);
	if (!sent || number)
		_exit(125);
	close(listener);
	close(socket);
}

/* @return in the parent alone; a NULL argv ends the child at once, well. */
static struct error *start(char **argv, bool with_uname, pid_t *ret_pid,
			   int *ret_listener)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return error_errno("socketpair");
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid < 0) {
		close(pair[0]);
		close(pair[1]);
		return error_errno("fork");
	}
	if (pid == 0) {
		close(pair[0]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(125);
		enter(pair[1], with_uname);
		if (!argv)
			_exit(0);
		execvp(argv[0], argv);
		int status = errno == ENOENT ? 127 : 126;
		fprintf(stderr, "dxgsim: %s: %s\n", argv[0], strerror(errno));
		_exit(status);
	}
	close(pair[1]);
	int listener = receive_listener(pair[0]);
	int number = errno;
	close(pair[0]);
	if (listener < 0) {
		waitpid(pid, NULL, 0);
		errno = number;
		return error_errno("seccomp user notification");
	}
	*ret_pid = pid;
	*ret_listener = listener;
	return NULL;
}

struct error *sandbox_start(char **argv, bool with_uname, pid_t *ret_pid,
			    int *ret_listener)
{
	cleanup_free char *pages = xmalloc(PAGES_SIZE + 1);
	memset(pages, '-', PAGES_SIZE);
	memcpy(pages + PAGES_SIZE - strlen(PAGES_END), PAGES_END, sizeof(PAGES_END));
	if (setenv(PAGES_VARIABLE, pages, true))
		return error_errno("setenv");
	return start(argv, with_uname, ret_pid, ret_listener);
}

struct error *sandbox_check(void)
{
	pid_t pid;
	int listener;
	struct error *err = start(NULL, false, &pid, &listener);
	if (err)
		return err;
	close(listener);
	waitpid(pid, NULL, 0);
	return NULL;
}
