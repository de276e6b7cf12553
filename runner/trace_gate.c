#include "runner/trace_gate.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probes/dxg_abi.h"
#include "probes/packet.h"
#include "runner/trace_arch.h"

#define LOAD(member)                                                                     \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
/* Skips the next `count` instructions unless the loaded word is `value`. */
#define UNLESS_SKIP(value, count)                                                        \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), 0, (count))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))

/*
 * The low half of a 64-bit argument: both architectures are little-endian.
 *
 * A program below us that filters its own calls would be missed from then on: what its
 * filter refuses, or hands to a supervisor, never reaches ours (seccomp(2), "the action
 * value used is the highest-precedence one"). That it does so is told as well.
 */
static struct sock_filter code[] = {
#define X(arch_, ioctl_, seccomp_, prctl_)                                               \
	LOAD(arch), UNLESS_SKIP(arch_, 14), LOAD(nr), UNLESS_SKIP(ioctl_, 4),            \
		LOAD(args[1]), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff00),              \
		UNLESS_SKIP(DXG_IOCTL_TYPE << 8, 9), RETURN(SECCOMP_RET_TRACE),          \
		UNLESS_SKIP(seccomp_, 3), LOAD(args[0]),                                 \
		UNLESS_SKIP(SECCOMP_SET_MODE_FILTER, 5), RETURN(SECCOMP_RET_TRACE),      \
		UNLESS_SKIP(prctl_, 3), LOAD(args[0]), UNLESS_SKIP(PR_SET_SECCOMP, 1),   \
		RETURN(SECCOMP_RET_TRACE),
	TRACE_ARCHES(X)
#undef X
		RETURN(SECCOMP_RET_ALLOW),
};

/* Without the flag (Linux 4.17) a kernel before 5.16 slows down whoever has a filter, by its
 * cure for speculative store bypass. */
static bool install_code(void)
{
	const struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };
	return !syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) ||
	       (errno == EINVAL &&
		!syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
}

/* Root may without giving up what set-user-ID programs gain. */
static void install_filter(void)
{
	if (!install_code() && errno == EACCES &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		install_code();
}

_Static_assert(PACKET_MARK_REQUEST == _IO(DXG_IOCTL_TYPE, 0), "the filter must see it");

bool trace_gate_open(struct trace_gate *ret)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	*ret = (struct trace_gate){ .child = ends[0], .tracer = ends[1] };
	return true;
}

void trace_gate_close(struct trace_gate *gate)
{
	if (gate->child >= 0)
		close(gate->child);
	if (gate->tracer >= 0)
		close(gate->tracer);
	*gate = (struct trace_gate){ -1, -1 };
}

static bool transfer(int gate, void *bytes, size_t size, bool send_it)
{
	for (;;) {
		ssize_t n = send_it ? send(gate, bytes, size, MSG_NOSIGNAL)
				    : recv(gate, bytes, size, MSG_WAITALL);
		if (n >= 0 || errno != EINTR)
			return n == (ssize_t)size;
	}
}

bool trace_gate_pass(int gate, pid_t tracer)
{
	pid_t self = (pid_t)syscall(SYS_getpid);
	bool traced = false;
	/* Where only a parent may trace (Yama, ptrace_scope 1) and it is none. */
	prctl(PR_SET_PTRACER, tracer, 0, 0, 0);
	if (!transfer(gate, &self, sizeof(self), true) ||
	    !transfer(gate, &traced, sizeof(traced), false) || !traced)
		return false;
	install_filter();
	syscall(SYS_ioctl, PACKET_MARK_FD, PACKET_MARK_REQUEST, NULL);
	return true;
}

bool trace_gate_answer(int gate, bool traced)
{
	return transfer(gate, &traced, sizeof(traced), true);
}

pid_t trace_gate_await(int gate)
{
	pid_t pid;
	return transfer(gate, &pid, sizeof(pid), false) ? pid : 0;
}
