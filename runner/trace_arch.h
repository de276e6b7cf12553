/*
 * trace_arch.h: what the tracer must know of each architecture: numbers of system calls,
 * registers, and how a call looks in machine code.
 *
 * Numbers from the kernel's tables (arch/x86/entry/syscalls, include/uapi/asm-generic/unistd.h,
 * arch/arm/tools/syscall.tbl). The two architectures of 32 bits that a 64-bit kernel also
 * runs have rows of their own; so has x32.
 */
#pragma once

#include <elf.h>
#include <linux/audit.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

/* X(architecture, numbers of ioctl, seccomp, prctl) */
#if defined(__x86_64__)
#define TRACE_ARCHES(X)                                                                  \
	X(AUDIT_ARCH_X86_64, 16, 317, 157)                                               \
	X(AUDIT_ARCH_X86_64, 0x40000000 + 514, 0x40000000 + 317, 0x40000000 + 157)       \
	X(AUDIT_ARCH_I386, 54, 354, 172)
#define TRACE_KILL       62
#define TRACE_EXIT_GROUP 231
typedef struct user_regs_struct trace_registers;
#define TRACE_PC(r)      ((uint64_t)(r)->rip)
#define TRACE_SP(r)      ((uint64_t)(r)->rsp)
#define TRACE_SYSCALL(r) ((int64_t)(r)->orig_rax)
/* As DWARF numbers them, and which of them is the stack pointer. */
#define TRACE_DWARF(r)                                                                   \
	(r)->rax, (r)->rdx, (r)->rcx, (r)->rbx, (r)->rsi, (r)->rdi, (r)->rbp, (r)->rsp,  \
		(r)->r8, (r)->r9, (r)->r10, (r)->r11, (r)->r12, (r)->r13, (r)->r14,      \
		(r)->r15, (r)->rip
#define TRACE_DWARF_SP 7
#elif defined(__aarch64__)
#define TRACE_ARCHES(X)                                                                  \
	X(AUDIT_ARCH_AARCH64, 29, 277, 167)                                              \
	X(AUDIT_ARCH_ARM, 54, 383, 172)
#define TRACE_KILL       129
#define TRACE_EXIT_GROUP 94
typedef struct user_regs_struct trace_registers;
#define TRACE_PC(r)      ((uint64_t)(r)->pc)
#define TRACE_SP(r)      ((uint64_t)(r)->sp)
#define TRACE_SYSCALL(r) ((int64_t)(r)->regs[8])
#define TRACE_X(r, n)    (r)->regs[n], (r)->regs[n + 1], (r)->regs[n + 2], (r)->regs[n + 3]
#define TRACE_DWARF(r)                                                                   \
	TRACE_X(r, 0), TRACE_X(r, 4), TRACE_X(r, 8), TRACE_X(r, 12), TRACE_X(r, 16),     \
		TRACE_X(r, 20), TRACE_X(r, 24), (r)->regs[28], (r)->regs[29],            \
		(r)->regs[30], (r)->sp
#define TRACE_DWARF_SP   31
#define TRACE_DWARF_LINK 30
#else
#error "the tracer knows x86-64 and arm64"
#endif

/* Of a stopped thread that is ours. @return false also for one of a 32-bit program */
static inline bool trace_read_registers(pid_t tid, trace_registers *ret)
{
	struct iovec iov = { ret, sizeof(*ret) };
	return ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &iov) == 0 &&
	       iov.iov_len == sizeof(*ret);
}
