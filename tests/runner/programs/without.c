/*
 * without: runs a command as where the kernel, or a container's rules, refuse something.
 *
 *     without WHAT COMMAND [ARGUMENT…]
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ANY UINT32_MAX

static const struct {
	const char *what;
	int call;
	uint32_t first_argument, error;
} rows[] = {
	{ "ptrace", SYS_ptrace, ANY, EPERM },
	/* before Linux 5.3 */
	{ "syscall-info", SYS_ptrace, PTRACE_GET_SYSCALL_INFO, EIO },
	{ "memory", SYS_process_vm_readv, ANY, EPERM },
	{ "seccomp", SYS_seccomp, ANY, EINVAL },
};

static int refuse(int call, uint32_t first_argument, uint32_t error)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, first_argument, 0,
			 first_argument == ANY ? 0 : 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 2 && i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].what, argv[1]))
			continue;
		if (!refuse(rows[i].call, rows[i].first_argument, rows[i].error))
			execvp(argv[2], argv + 2);
		return 126;
	}
	return 2;
}
